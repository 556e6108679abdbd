"""How a cell looks and what it holds: text stays text whatever it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.model.record import Declaration
from deliverables.model.values import (
    AMOUNT,
    DAY,
    DECIMAL,
    DIGITS,
    MOMENT,
    MONTH,
    PERCENTAGE,
    RATIO,
    WHOLE,
)

AnyCell = Cell | MergedCell

FIRST_DATA_ROW = 3
NARROWEST, WIDEST, PADDING = 8, 48, 3

FACE = "等线"
INK, GREY, RULE = "1F2937", "7F8A99", "BFC5CD"
BODY = Font(name=FACE, size=11, color=INK)
HEADER = Font(name=FACE, size=11, color=INK, bold=True)
SMALL = Font(name=FACE, size=9, color=GREY)
REQUIRED = PatternFill("solid", fgColor="D6E0EC")
OPTIONAL = PatternFill("solid", fgColor="EEF2F7")
BELOW = Border(bottom=Side("thin", color=RULE))
LEFT = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center", indent=1)
OPEN = Protection(locked=False)
"""What may be typed into although the sheet is protected."""

_SAMPLES = {DAY: "2026-12-31", MOMENT: "2026-12-31 23:59", MONTH: "2026-12"}
"""What a column must have room for before anything is typed into it."""

_NUMBERS = (WHOLE, DECIMAL, AMOUNT, PERCENTAGE, RATIO)
_DATES = (DAY, MOMENT, MONTH)
_LINE_HEIGHT = 16


def write_header(cell: AnyCell, label: str, fill: PatternFill) -> None:
    """Write the header of a column or a table."""
    write_text(cell, label, HEADER, CENTRE)
    cell.fill = fill


def write_text(cell: AnyCell, text: str, font: Font = BODY, alignment: Alignment = LEFT) -> None:
    """Write text that Excel, too, keeps as text: never a formula, a number or an error value."""
    cell.font = font
    cell.alignment = alignment
    if not text:
        return
    cell.value = text
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True


def write_value(cell: AnyCell, declaration: Declaration, value: Any) -> None:
    """Write a value in the format of its column, into a cell that may be changed."""
    if isinstance(value, bool):
        value = declaration.type.show(value)
    if isinstance(value, str):
        write_text(cell, value)
        cell.quotePrefix = cell.quotePrefix or declaration.type is DIGITS
    else:
        cell.value = value
        cell.font = BODY
    cell.alignment = _alignment(declaration)
    cell.number_format = _format(declaration, value)
    cell.protection = OPEN


def column_width(declaration: Declaration, values: Sequence[Any]) -> int:
    """Return the width that shows the header and the values of a column."""
    texts = {_shown(declaration, value) for value in values if value not in (None, "")}
    sample = _SAMPLES.get(declaration.type, "")
    widest = max(map(display_width, {declaration.label, declaration.unit, sample, *texts}))
    return min(max(widest + PADDING, NARROWEST), WIDEST)


def raise_row(sheet: Worksheet, number: int, text: str, width: int) -> None:
    """Make a row high enough for a text of several lines; not every program does so by itself."""
    room = width - PADDING
    lines = sum(max(1, -(-display_width(line) // room)) for line in text.split("\n"))
    if lines > 1:
        row = sheet.row_dimensions[number]
        row.height = max(row.height or 0, lines * _LINE_HEIGHT)


def display_width(text: str) -> int:
    """Return how many half-width columns a text takes: a Chinese character is two."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def set_up_print(sheet: Worksheet, repeated: str | None) -> None:
    """Print on landscape A4, one page wide, with the header rows on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if repeated:
        sheet.print_title_rows = repeated
        sheet.print_options.gridLines = True
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("第 &P 页 共 &N 页")
    )


def _shown(declaration: Declaration, value: Any) -> str:
    """Return a value as it is printed, one that does not fit its column as it is."""
    try:
        return value if isinstance(value, str) else declaration.type.show(value)
    except (AttributeError, TypeError, ValueError):
        return str(value)


def _alignment(declaration: Declaration) -> Alignment:
    if declaration.type in _NUMBERS:
        return RIGHT
    return CENTRE if declaration.type.choices or declaration.type in _DATES else LEFT


def _format(declaration: Declaration, value: Any) -> str:
    """Return the cell format; a whole number in a decimal column shows no dangling point."""
    if declaration.type is DECIMAL and isinstance(value, Decimal | int) and value == int(value):
        return WHOLE.excel_format
    return declaration.type.excel_format
