"""A workbook of LibreOffice (.ods) looked through before it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from deliverables.read.input_package import DamagedError, TooLargeError
from deliverables.read.reach import letters_of, text_too_long, too_much_text
from deliverables.read.sheet_xml import CellFault, Place, SheetLook
from deliverables.values.limits import LARGEST_TEXT, LONGEST_TEXT

_CELLS: Final = ("table-cell", "covered-table-cell")
_INVISIBLE: Final = ("collapse", "filter")
_HOURS: Final = (":", "时")


def look(pieces: Iterator[bytes]) -> dict[str, tuple[SheetLook, frozenset[Place]]]:
    """Return what each sheet tells, and its cells at midnight that show the hour.

    Raises DamagedError, or TooLargeError where a sheet reaches too far.
    """
    told = _Content()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = told.start
    parser.EndElementHandler = told.end
    parser.CharacterDataHandler = told.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003  # expat's own word for the end
    except (expat.ExpatError, ValueError, OverflowError) as fault:
        raise DamagedError from fault
    return {name: (sheet, frozenset(told.midnights[name])) for name, sheet in told.sheets.items()}


class _Content:
    """Takes the elements of content.xml."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetLook] = {}
        self.midnights: dict[str, set[Place]] = {}
        self._name = ""
        self._sheet = SheetLook()
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._first_column = 1
        self._shown = 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        tag = name.rpartition(" ")[2]
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        repeated = int(plain.get("number-columns-repeated", plain.get("number-rows-repeated", "1")))
        invisible = plain.get("visibility") in _INVISIBLE
        if tag == "table":
            self._name = plain.get("name", "")
            self._sheet = self.sheets[self._name] = SheetLook()
            self.midnights[self._name] = set()
            self._row, self._rows, self._first_column = 0, 1, 1
        elif tag == "table-column":
            if invisible:
                span = (self._first_column, self._first_column + repeated - 1)
                self._sheet.columns.append(span)
            self._first_column += repeated
        elif tag == "table-row":
            self._row += self._rows
            self._rows, self._column, self._columns = repeated, 0, 1
            if invisible:
                self._sheet.rows.append(self._row)
        elif tag in _CELLS:
            self._column += self._columns
            self._columns, self._text = repeated, []
            kind = next((value for key, value in attributes.items()
                         if key.endswith(" value-type") and "calc" in key), "")  # fmt: skip
            self._cell = {**plain, "shown-type": kind}

    def text(self, text: str) -> None:
        """Take text."""
        if self._cell is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        """End an element."""
        if name.rpartition(" ")[2] not in _CELLS or self._cell is None:
            return
        cell, shown = self._cell, "".join(self._text)
        self._cell = None
        if not (cell.get("value-type") or shown):
            return
        reach = self._sheet.reach
        reach.include(self._row + self._rows - 1, self._column + self._columns - 1)
        reach.cells += self._rows * self._columns - 1
        reach.check()
        if len(shown) > LONGEST_TEXT:
            raise TooLargeError(text_too_long())
        self._shown += len(shown) * self._rows * self._columns
        if self._shown > LARGEST_TEXT:
            raise TooLargeError(too_much_text())
        self._look(cell, shown)

    def _look(self, cell: dict[str, str], shown: str) -> None:
        if cell["shown-type"] == "error" or (cell.get("formula") and shown.startswith("Err:")):
            self._sheet.faults.update(dict.fromkeys(self._places(), CellFault(shown or "#ERROR!")))
        elif cell.get("value-type") == "date" and any(one in shown for one in _HOURS):
            self.midnights[self._name].update(self._places())

    def _places(self) -> Iterator[Place]:
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                yield row, letters_of(column)


def _refuse_doctype(*_: object) -> None:
    raise DamagedError
