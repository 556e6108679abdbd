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

from deliverables.read.package import DamagedError, TooLargeError
from deliverables.read.reach import Reach, number_of, text_too_long, too_much_text
from deliverables.values.limits import LONGEST_TEXT

Pieces = Callable[[], Iterator[bytes]]
"""Yields the part from its beginning, as often as it is asked."""

Place = tuple[int, str]
"""A row, counted from 1, and the letters of a column."""

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
class Fault:
    """A cell without a usable value: the error shown in it, or an uncached formula."""

    error: str = ""


@dataclass(slots=True)
class Look:
    """What a sheet's XML tells: its reach, its faults, its hidden rows and columns.

    `columns` are the first and last of each hidden group, counted from 1.
    """

    reach: Reach = field(default_factory=Reach)
    faults: dict[Place, Fault] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)


class _OddError(Exception):
    """A sheet that is not written as office programs do."""


def look(pieces: Pieces) -> Look:
    """Return what a sheet tells; raises DamagedError, or TooLargeError where it reaches too far."""
    try:
        found = _searched(pieces())
        found.reach.check()
    except (_OddError, TooLargeError):
        from deliverables.read.sheet_parsed import parsed_look  # noqa: PLC0415  # rarely needed

        found = parsed_look(pieces())
        found.reach.check()
    return found


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


def _searched(pieces: Iterator[bytes]) -> Look:
    found, begun = Look(), False
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


def _search(text: bytes, found: Look) -> None:
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


def _faults(text: bytes) -> Iterator[tuple[Place, Fault]]:
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


def fault_of(kind: str, value: str | None) -> Fault | None:
    """Return what is wrong with a cell that is an error or has a formula."""
    if kind == "e":
        from html import unescape  # noqa: PLC0415  # slow to import, and rarely needed

        return Fault(unescape(value) if value else "#ERROR!")
    return None if value or (value is not None and kind == "str") else Fault()
