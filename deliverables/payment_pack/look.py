"""How the sheets of the pack look: faces, boxes, heights, and A4 paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.render.sheets.cells import display_width, write_text

_FACE: Final = "宋体"
_YUAN: Final = "#,##0.00"
_TEXT: Final = "@"
_THIN = Side("thin", color="000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="F2F2F2")
_LEFT = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center", indent=1)
_RED = "C00000"

LINE, ROW = 14, 22
"""The height of a line of text, and of a row with one line."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks."""

    font: Font
    alignment: Alignment
    boxed: bool = True
    shaded: bool = False


TITLE = Look(Font(name=_FACE, size=18, bold=True), _CENTRE, boxed=False)
LINE_BELOW_TITLE = Look(Font(name=_FACE, size=10.5), _CENTRE, boxed=False)
WARNING = Look(Font(name=_FACE, size=10.5, bold=True, color=_RED), _CENTRE, boxed=False)
OPEN = Look(Font(name=_FACE, size=10.5), _LEFT, boxed=False)
LABEL = Look(Font(name=_FACE, size=10.5), _LEFT, shaded=True)
HEADER = Look(Font(name=_FACE, size=10.5), _CENTRE, shaded=True)
TEXT = Look(Font(name=_FACE, size=10.5), _LEFT)
CENTRED = Look(Font(name=_FACE, size=10.5), _CENTRE)
RIGHT = Look(Font(name=_FACE, size=10.5), _RIGHT)
AMOUNT = Look(Font(name=_FACE, size=10.5, bold=True), _RIGHT)
SMALL = Look(Font(name=_FACE, size=9), _LEFT)
GROUP = Look(Font(name=_FACE, size=10.5, bold=True), _LEFT)
LACKING = Look(Font(name=_FACE, size=10.5, bold=True, color=_RED), _CENTRE)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a reader must be told first: sample data, conditions that are not met."""

    sample: bool
    unmet: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """Return the warnings, each a line."""
        sample = ("示例：由示例数据生成，不得据以开票。",) if self.sample else ()
        unmet = (f"付款条件尚未成就：{'；'.join(self.unmet)}。",) if self.unmet else ()
        return (*sample, *unmet)


def put(sheet: Worksheet, row: int, span: tuple[int, int], value: object, look: Look) -> None:
    """Write a value across the columns of a span: an amount as a number, all else as text."""
    first, last = span
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    cell = sheet.cell(row, first)
    if isinstance(value, Figure) and isinstance(value.value, Decimal):
        cell.value, cell.number_format = value.value, _YUAN
        cell.font, cell.alignment = look.font, look.alignment
    else:
        write_text(cell, str(value), look.font, look.alignment)
        cell.number_format = _TEXT
    frame(sheet, row, span, look)


def frame(sheet: Worksheet, row: int, span: tuple[int, int], look: Look) -> None:
    """Give the cells of a span their lines and their ground."""
    for column in range(span[0], span[1] + 1):
        cell = sheet.cell(row, column)
        if look.boxed:
            cell.border = _BOX
        if look.shaded:
            cell.fill = _SHADE


def head(sheet: Worksheet, title: str, columns: int, below: str, marks: Marks) -> int:
    """Write the title, a line below it and the warnings; return the last row that was used."""
    put(sheet, 1, (1, columns), title, TITLE)
    sheet.row_dimensions[1].height = 2 * ROW
    lines = [*([(below, LINE_BELOW_TITLE)] if below else []),
             *((line, WARNING) for line in marks.lines())]  # fmt: skip
    for row, (line, look) in enumerate(lines, start=2):
        put(sheet, row, (1, columns), line, look)
        sheet.row_dimensions[row].height = ROW
    return 1 + len(lines)


def heighten(sheet: Worksheet, row: int, texts: Iterable[tuple[str, int]]) -> None:
    """Make a row high enough for its texts, each with the characters that fit on its line."""
    lines = [
        sum(max(1, -(-display_width(part) // (width - 2))) for part in text.split("\n"))
        for text, width in texts
    ]
    sheet.row_dimensions[row].height = max(ROW, max(lines, default=1) * LINE + 6)


def set_up(sheet: Worksheet, widths: Sequence[int], marks: Marks) -> None:
    """Set the widths, and A4 upright, one page wide, with page numbers and 示例 where it is due."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins = PageMargins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.sheet_view.showGridLines = False
    if marks.sample:
        sheet.HeaderFooter.oddHeader = HeaderFooterItem(right=_HeaderFooterPart("示例"))
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("第 &P 页 共 &N 页"))
