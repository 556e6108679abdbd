"""What the cells of a workbook do not tell, found before the spreadsheet reader sees it.

Errors, formulas never computed, hidden rows, columns and sheets, the day from which it counts; and
that no sheet needs more memory than what it shows is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from lxml import etree

from deliverables.read.input_package import (
    DamagedError,
    InputPackage,
    TooLargeError,
    is_transparent,
    parsed,
    worksheet_parts,
)
from deliverables.read.reach import text_too_long, too_many_strings, too_much_text
from deliverables.read.sheet_xml import (
    CellFault,
    Place,
    SheetLook,
    look,
    midnights,
    shown_text,
    shows_hours,
)
from deliverables.values.limits import LARGEST_TEXT, LONGEST_TEXT, MOST_STRINGS
from deliverables.values.problem import Message

_OLD_EXCEL: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_CONTENT: Final = "content.xml"
_WORKBOOK: Final = "xl/workbook.xml"
_STYLES: Final = "xl/styles.xml"
_STRINGS: Final = "sharedstrings.xml"
_END_OF_STRING: Final = b"si>"
_EMPTY_STRING: Final = b"si/>"
_LONGEST: Final = 12 * LONGEST_TEXT

Faults = Mapping[Place, CellFault]


def _none() -> frozenset[Place]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What one sheet tells beside its cells.

    `too_large` is why it cannot be loaded, `hidden_columns` are first and last of each group,
    counted from 1. `midnights` finds the cells that are a whole day and show the hour with it.
    """

    faults: Faults = field(default_factory=dict)
    too_large: Message | None = None
    damaged: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    midnights: Callable[[], frozenset[Place]] = _none


@dataclass(frozen=True, slots=True)
class WorkbookFacts:
    """What a workbook tells: its sheets by name, and whether it counts days from 1904."""

    sheets: Mapping[str, SheetFacts]
    from_1904: bool = False


def facts_of(data: bytes) -> WorkbookFacts:
    """Return the facts of a workbook; raises DamagedError or TooLargeError if it is not read."""
    if data.startswith(_OLD_EXCEL):
        return _from_old_excel(data)
    package = InputPackage(data)
    if is_transparent(data):
        return _from_excel(package)
    if _CONTENT in package.namelist():
        return _from_open_document(package)
    raise DamagedError


def _from_excel(package: InputPackage) -> WorkbookFacts:
    try:
        workbook = parsed(package.read(_WORKBOOK))
        parts = worksheet_parts(package)
        styles = _styles_with_hours(package)
    except (etree.XMLSyntaxError, KeyError, ValueError) as fault:
        raise DamagedError from fault
    lengths = [length for name in package.namelist() if name.casefold().endswith(_STRINGS)
               for length in _string_lengths(package.pieces(name))]  # fmt: skip
    sheets = {
        name: _sheet(partial(package.pieces, part), lengths, styles) for name, part in parts.items()
    }
    return WorkbookFacts(sheets, from_1904=_counts_from_1904(workbook))


def _counts_from_1904(workbook: etree._Element) -> bool:
    stated = (
        item.get("date1904", "0") for item in workbook if str(item.tag).endswith("}workbookPr")
    )
    return next(stated, "0") in ("1", "true")


def _sheet(
    pieces: Callable[[], Iterator[bytes]], lengths: list[int], styles: frozenset[str]
) -> SheetFacts:
    try:
        found = look(pieces)
        if lengths and found.reach.cells * max(lengths) > LARGEST_TEXT:
            _refuse_repeated_text(pieces, lengths)
    except TooLargeError as fault:
        return SheetFacts(too_large=fault.message)
    except DamagedError:
        return SheetFacts(damaged=True)
    return _told(found, partial(midnights, pieces, styles))


def _told(found: SheetLook, at_midnight: Callable[[], frozenset[Place]] = _none) -> SheetFacts:
    return SheetFacts(
        faults=found.faults,
        hidden_rows=frozenset(found.rows),
        hidden_columns=tuple(found.columns),
        midnights=at_midnight,
    )


def _refuse_repeated_text(pieces: Callable[[], Iterator[bytes]], lengths: list[int]) -> None:
    if shown_text(pieces, lengths) > LARGEST_TEXT:
        raise TooLargeError(too_much_text())


def _string_lengths(pieces: Iterator[bytes]) -> Iterator[int]:
    """Yield how many bytes each shared text takes in XML, markup and all."""
    rest, count = b"", 0
    for piece in pieces:
        *whole, rest = (rest + piece).split(_END_OF_STRING)
        for one in whole:
            if len(one) > _LONGEST:
                raise TooLargeError(text_too_long())
            count += one.count(_EMPTY_STRING)
            for _ in range(one.count(_EMPTY_STRING)):
                yield 0
            if one[one.rfind(b"<") :].startswith(b"</"):
                count += 1
                yield len(one)
        if len(rest) > _LONGEST:
            raise TooLargeError(text_too_long())
        if count > MOST_STRINGS:
            raise TooLargeError(too_many_strings())


def _styles_with_hours(package: InputPackage) -> frozenset[str]:
    """Return the numbers of the cell styles that show the hour of a moment."""
    if _STYLES not in package.namelist():
        return frozenset()
    root = parsed(package.read(_STYLES))
    codes = {
        item.get("numFmtId", ""): item.get("formatCode", "")
        for item in root.iterfind("{*}numFmts/{*}numFmt")
    }
    return frozenset(
        str(number)
        for number, item in enumerate(root.iterfind("{*}cellXfs/{*}xf"))
        if shows_hours(item.get("numFmtId", "0"), codes.get(item.get("numFmtId", "0"), ""))
    )


def _from_old_excel(data: bytes) -> WorkbookFacts:
    from deliverables.read import old_excel  # noqa: PLC0415  # rarely needed

    found = old_excel.look(data)
    sheets = {
        name: _told(sheet, partial(_held, sheet_midnights))
        for name, (sheet, sheet_midnights) in found.sheets.items()
    }
    return WorkbookFacts(sheets, from_1904=found.from_1904)


def _held(places: frozenset[Place]) -> frozenset[Place]:
    return places


def _from_open_document(package: InputPackage) -> WorkbookFacts:
    from deliverables.read import open_document  # noqa: PLC0415  # rarely needed

    found = open_document.look(package.pieces(_CONTENT))
    return WorkbookFacts(
        {
            name: _told(sheet, partial(_held, at_midnight))
            for name, (sheet, at_midnight) in found.items()
        }
    )
