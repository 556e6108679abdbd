"""A worksheet's XML looked through before it is loaded: how far it reaches, what its cells hide.

The spreadsheet reader tells neither errors nor formulas that were never computed, nor what is
hidden, and takes memory for every cell up to the last. Sheets as Excel, WPS and LibreOffice write
them are searched piece by piece; whatever is written otherwise is parsed, which is slower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from deliverables.read.input_package import DamagedError, TooLargeError
from deliverables.read.reach import Reach, letters_of, number_of, text_too_long, too_much_text
from deliverables.values.limits import LONGEST_TEXT

Pieces = Callable[[], Iterator[bytes]]
"""Yields the part from its beginning, as often as it is asked."""

Place = tuple[int, str]
"""A row, counted from 1, and the letters of a column."""

_BUILT_IN_TIMES: Final = {*range(18, 23), *range(45, 48)}
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_HEAD: Final = 4000
_CELL: Final = b"<c "
_CELLS: Final = re.compile(rb'<c r="([A-Z]{1,3})[0-9]')
_ODD_TAG: Final = rb'c(?! r="[A-Z]{1,3}[0-9]+"|[A-Za-z])|[^\s>/]*:|!'
_ODD: Final = re.compile(rb"<(?:" + _ODD_TAG + rb")")
_ODD_OR_FORMULA: Final = re.compile(rb"<(?:" + _ODD_TAG + rb"|f[\s/>])")
_ROWS: Final = re.compile(rb'<c r="[A-Z]+([0-9]+)"')
_SUSPECT: Final = re.compile(rb'<f[ />]| t="e"')
_ADDRESS: Final = re.compile(rb'<c r="([A-Z]+)([0-9]+)"')
_END_OF_CELL: Final = b"</c>"
_VALUE: Final = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</")
_NAMED: Final = re.compile(rb"v(?:\s[^>]*)?>\s*([0-9]+)\s*</")
_LONG_INDEX: Final = 12
_HIDDEN_ROW: Final = re.compile(
    rb'<row (?=[^>]*(?: hidden="(?:1|true)"| ht="0(?:\.0+)?"))(?=[^>]*\br="([0-9]+)")[^>]*[^/]>'
)
_HIDDEN_COLUMN: Final = re.compile(
    rb'<col (?=[^>]*(?: ?hidden="(?:1|true)"| ?width="0(?:\.0+)?"))'
    rb'(?=[^>]*\bmin="([0-9]+)")(?=[^>]*\bmax="([0-9]+)")[^>]*>'
)
_LONGEST: Final = 12 * LONGEST_TEXT
"""Bytes that the longest text may take in XML, where a character may be written &#26684;"""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell without a usable value: the error shown in it, or an uncached formula."""

    error: str = ""


@dataclass(slots=True)
class SheetLook:
    """What a sheet's XML tells: its reach, its faults, its hidden rows and columns.

    `columns` are the first and last of each hidden group, counted from 1.
    """

    reach: Reach = field(default_factory=Reach)
    faults: dict[Place, CellFault] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)


class _OddError(Exception):
    """A sheet that is not written as office programs do."""


def look(pieces: Pieces) -> SheetLook:
    """Return what a sheet tells; raises DamagedError, or TooLargeError where it reaches too far."""
    try:
        found = _searched(pieces())
        found.reach.check()
    except (_OddError, TooLargeError):
        found = _Parser().look(pieces())
        found.reach.check()
    return found


def shows_hours(number: str, code: str) -> bool:
    """Return whether a number format shows the hour, by its code or its built-in number."""
    if code:
        return re.search("h", _LITERAL.sub("", code), re.IGNORECASE) is not None
    return number.isdecimal() and int(number) in _BUILT_IN_TIMES


def midnights(pieces: Pieces, styles: frozenset[str]) -> frozenset[Place]:
    """Return the cells that hold a whole day in one of `styles`, which show the hour."""
    if not styles:
        return frozenset()
    listed = b"|".join(style.encode() for style in sorted(styles))
    cell = re.compile(
        rb'<c r="([A-Z]+)([0-9]+)"(?=[^>]* s="(?:' + listed + rb')")[^>]*>'
        rb"<v>[0-9]+(?:\.0+)?</v>"
    )
    return frozenset(
        (int(row), letters.decode())
        for whole in _whole_cells(pieces())
        for letters, row in cell.findall(whole)
    )


def shown_text(pieces: Pieces, lengths: Sequence[int]) -> int:
    """Return how many bytes of text the cells show at most, given the length of each shared text.

    A number counts as if it named a text: too much is reckoned rather than too little.
    """
    total, last = 0, len(lengths)
    for whole in _whole_cells(pieces()):
        if b"<v>&#" in whole:
            raise TooLargeError(too_much_text())
        named = map(int, (one for one in _NAMED.findall(whole) if len(one) < _LONG_INDEX))
        total += sum(lengths[one] for one in named if one < last)
    return total


def _whole_cells(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the XML cut only where a cell begins, or a tag where none does."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = text.rfind(_CELL)
        if cut <= 0:
            cut = text.rfind(b"<")
        if cut <= 0 and len(text) > _LONGEST:
            raise TooLargeError(text_too_long())
        yield text[: max(cut, 0)]
        rest = text[max(cut, 0) :]
    yield rest


def _searched(pieces: Iterator[bytes]) -> SheetLook:
    found, begun = SheetLook(), False
    for text in _whole_cells(pieces):
        if not begun and text:
            _refuse_odd_root(text[:_HEAD])
            begun = True
        _search(text, found)
    return found


def _refuse_odd_root(head: bytes) -> None:
    if b"\0" in head[:4] or head[:1] not in (b"<", b"\xef"):
        raise DamagedError
    if b"<worksheet" not in head:
        raise _OddError


def _search(text: bytes, found: SheetLook) -> None:
    """Search a piece; each question costs a passage through it, so few are asked."""
    marked = _ODD_OR_FORMULA.search(text)
    if (marked and _ODD.search(text)) or (b"'" in text and b"='" in text):
        raise _OddError
    letters = _CELLS.findall(text)
    reach = found.reach
    if not reach.cells:  # columns are described before the first cell
        found.columns += [(int(a), int(b)) for a, b in _HIDDEN_COLUMN.findall(text)]
    reach.cells += len(letters)
    reach.column = max(reach.column, 0, *(number_of(one.decode()) for one in set(letters)))
    reach.row = max(reach.row, 0, *map(int, set(_ROWS.findall(text))))
    if marked or b' t="e"' in text:
        found.faults.update(_faults(text))
    if b" hidden=" in text or b' ht="0' in text:
        found.rows += map(int, _HIDDEN_ROW.findall(text))


def _faults(text: bytes) -> Iterator[tuple[Place, CellFault]]:
    for suspect in _SUSPECT.finditer(text):
        start = text.rfind(_CELL, 0, suspect.start() + 1)
        end = text.find(_END_OF_CELL, suspect.start())
        cell = text[start:end] if end >= 0 else text[start:]
        address = _ADDRESS.match(cell)
        if start < 0 or address is None:
            continue
        value = _VALUE.search(cell)
        kind = "e" if b' t="e"' in cell else ("str" if b't="str"' in cell else "")
        fault = fault_of(kind, value[1].decode("utf-8", "replace") if value else None)
        if fault:
            yield (int(address[2]), address[1].decode()), fault


def fault_of(kind: str, value: str | None) -> CellFault | None:
    """Return what is wrong with a cell that is an error or has a formula."""
    if kind == "e":
        from html import unescape  # noqa: PLC0415  # slow to import, and rarely needed

        return CellFault(unescape(value) if value else "#ERROR!")
    return None if value or (value is not None and kind == "str") else CellFault()


class _Parser:
    """Looks at a sheet by parsing it: any prefix, any order of attributes, cells without place."""

    def __init__(self) -> None:
        self._found = SheetLook()
        self._path: list[str] = []
        self._row = 0
        self._column = 0
        self._kind = ""
        self._filled = self._formula = False
        self._value: list[str] | None = None

    def look(self, pieces: Iterator[bytes]) -> SheetLook:
        """Return what the sheet tells."""
        from xml.parsers import expat  # noqa: PLC0415  # rarely needed

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for piece in pieces:
                parser.Parse(piece)
            parser.Parse(b"", True)  # noqa: FBT003  # expat's own word for the end
        except (expat.ExpatError, ValueError) as fault:
            raise DamagedError from fault
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if _hides(attributes, "ht"):
                self._found.rows.append(self._row)
        elif tag == "col" and _hides(attributes, "width"):
            span = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self._found.columns.append(span)
        elif tag == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = number_of(letters.upper()) if letters else self._column + 1
            self._row = int(attributes.get("r", "")[len(letters) :] or self._row)
            self._kind = attributes.get("t", "")
            self._filled = self._formula = False
            self._value = None
        elif tag in ("v", "is", "f"):
            self._filled = True
            self._formula |= tag == "f"
            self._value = [] if tag == "v" else self._value

    def _text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name.rpartition(" ")[2] != "c" or not self._filled:
            return
        reach = self._found.reach
        reach.include(self._row, self._column)
        reach.check()
        value = None if self._value is None else "".join(self._value)
        if self._kind == "e" or self._formula:
            fault = fault_of(self._kind, value)
            if fault:
                self._found.faults[self._row, letters_of(self._column)] = fault
        self._value = None


def _hides(attributes: dict[str, str], size: str) -> bool:
    if attributes.get("hidden") in ("1", "true"):
        return True
    return attributes.get(size, "").rstrip("0") in ("0.", "") and size in attributes


def _refuse_doctype(*_: object) -> None:
    raise DamagedError
