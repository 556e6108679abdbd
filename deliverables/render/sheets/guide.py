"""The first sheet of a workbook: what each sheet is for, who fills it, and an example of each."""

from __future__ import annotations

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.model.guidance import SHEETS, WORKBOOKS, SheetGuide
from deliverables.model.record import Row, declarations, sheets
from deliverables.read.cover import SHEET
from deliverables.render.sheets.cells import (
    BELOW,
    BODY,
    FACE,
    INK,
    REQUIRED,
    raise_row,
    set_up_print,
    write_header,
    write_text,
)

_TITLE = Font(name=FACE, size=16, color=INK, bold=True)
_LINK = Font(name=FACE, size=11, color="1F4E99", underline="single")
_HEADERS = ("工作表", "填什么", "必填的列", "由谁填", "填了做什么用", "填写示例（虚构）")
_WIDTHS = (14, 30, 34, 12, 28, 60)
_ON_TOP = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)
_NO_GUIDE = SheetGuide("", "", {})


def write_guide(sheet: Worksheet, workbook: type, subtitle: str) -> None:
    """Write the guide of a workbook: its title, the steps of filling it in, and its sheets."""
    guide = WORKBOOKS[workbook]
    whole = sum(_WIDTHS)
    write_text(sheet.cell(1, 1), f"{guide.title}：填写说明", _TITLE)
    write_text(sheet.cell(2, 1), subtitle)
    for number, step in enumerate(guide.steps, 1):
        write_text(sheet.cell(number + 2, 1), f"{number}. {step}")
    header = len(guide.steps) + 4
    for row in range(1, header):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADERS))
        raise_row(sheet, row, str(sheet.cell(row, 1).value or ""), whole)
    for column, (title, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), 1):
        write_header(sheet.cell(header, column), title, REQUIRED)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row_type in enumerate(sheets(workbook).values(), header + 1):
        _write_row(sheet, number, row_type)
    sheet.freeze_panes = f"B{header + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.sheet_view.showGridLines = False
    set_up_print(sheet, None)


def subtitle_of(contract: str, period: str) -> str:
    """Return which contract and which days a workbook is for, as far as that is known."""
    named = f"合同号 {contract}" if contract else ""
    return "　".join(part for part in (named, period, f"从“{SHEET}”表填起。") if part)


def _write_row(sheet: Worksheet, number: int, row_type: type[Row]) -> None:
    guide = SHEETS.get(row_type.sheet, _NO_GUIDE)
    declared = declarations(row_type).values()
    needed = "、".join(item.label for item in declared if not item.optional)
    example = "；".join(
        f"{item.label}：{guide.example[item.label]}"
        for item in declared
        if item.label in guide.example
    )
    texts = (row_type.sheet, f"{row_type.purpose}。", needed, guide.who, guide.use, example)
    for column, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True), 1):
        cell = sheet.cell(number, column)
        write_text(cell, text, BODY, _ON_TOP)
        cell.border = BELOW
        raise_row(sheet, number, text, width)
    first = sheet.cell(number, 1)
    first.font = _LINK
    first.hyperlink = Hyperlink(
        ref=first.coordinate, location=f"'{row_type.sheet}'!A3", display=row_type.sheet
    )
