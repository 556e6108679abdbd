"""Write a workbook by its declarations: a guide, the cover, and a sheet for each kind of row.

The same inputs give the same bytes. What is entered can be typed over; what stands there from the
beginning is locked, without a password.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, get_type_hints

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.files import write_atomically
from deliverables.model.operations import CHAPTERS, Operations
from deliverables.model.record import Declaration, Record, Row, declarations, sheets
from deliverables.model.staff import Roster
from deliverables.model.values import show_day
from deliverables.read import cover as cover_sheet
from deliverables.render.sheets import cells
from deliverables.render.sheets.cells import FIRST_DATA_ROW
from deliverables.render.sheets.entry import (
    SPARE_ROWS,
    guide_entry,
    prompt,
    protect,
    redden,
    validation,
)
from deliverables.render.sheets.guide import subtitle_of, write_guide
from deliverables.render.sheets.objections import FIRST_DAY, LAST_DAY
from deliverables.render.sheets.package import saved

Begun = Mapping[str, Any]
"""What is known of a row before it is filled in, or of a cover: values by the name of the field."""

_PALE = "浅色表头的列可不填"
_NARRATIVE_HINT = "一段一行；同一章有多段时增加同名的行；不写的留空"
_COVER_WIDTHS = (28, 88, 46)


def write_workbook(
    target: Path | BinaryIO | None,
    workbook_type: type,
    cover: Record | Begun | None = None,
    narrative: Iterable[tuple[str, str]] = (),
    rows: Mapping[str, Sequence[Row | Begun]] | None = None,
    *,
    contract: str = "",
    extra: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    blank: bool | None = None,
) -> bytes:
    """Write a workbook of the declared type to a path or buffer and return its bytes.

    `narrative` gives (chapter, paragraph) pairs, `rows` the rows by the name of their field;
    what is only begun may lack values. `extra` sheets follow as they are. Without paragraphs and
    rows, or where `blank` says so, the workbook is marked as one that nobody has filled in yet.
    A roster at a path can be read by its owner only.
    """
    _refuse_unknown("sheet", rows or (), sheets(workbook_type))
    book = Workbook()
    book.remove(book.worksheets[0])
    hints = get_type_hints(workbook_type)
    paragraphs = tuple(narrative) if "narrative" in hints else None
    facts = _values(cover, hints["cover"])
    guide = book.create_sheet(cover_sheet.GUIDE)
    write_guide(guide, workbook_type, subtitle_of(contract, _period(facts)))
    _write_cover(book.create_sheet(cover_sheet.SHEET), hints["cover"], facts, paragraphs)
    in_quarter = workbook_type is Operations
    if in_quarter:
        _name_the_quarter(book, hints["cover"])
    for name, row_type in sheets(workbook_type).items():
        begun = [_values(row, row_type) for row in (rows or {}).get(name, ())]
        _write_rows(book.create_sheet(row_type.sheet), row_type, begun, in_quarter=in_quarter)
    for title, lines in (extra or {}).items():
        _write_extra(book.create_sheet(title), lines)
    if blank is None:
        blank = not (paragraphs or any((rows or {}).values()))
    content = saved(book, blank=blank)
    if isinstance(target, Path):
        write_atomically(target, content, private=workbook_type is Roster)
    elif target is not None:
        target.write(content)
    return content


def _values(record: Record | Begun | None, kind: type[Record]) -> Begun:
    if isinstance(record, Mapping):
        _refuse_unknown("field", record, declarations(kind))
        return record
    return {name: getattr(record, name, None) for name in declarations(kind)}


def _refuse_unknown(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError for what would otherwise be left out in silence."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"no such {kind}: {', '.join(unknown)}")


def _period(cover: Begun) -> str:
    number, first, last = (cover.get(name) for name in ("quarter", "first_day", "last_day"))
    if not number:
        return ""
    days = f"：{show_day(first)}至{show_day(last)}" if first and last else ""
    return f"第{number}服务季度{days}"


def _write_cover(
    sheet: Worksheet,
    cover_type: type[Record],
    facts: Begun,
    paragraphs: Sequence[tuple[str, str]] | None,
) -> None:
    headers = (cover_sheet.ITEM, cover_sheet.CONTENT, cover_sheet.HINT)
    protect(sheet, len(headers))
    for column, (header, width) in enumerate(zip(headers, _COVER_WIDTHS, strict=True), 1):
        cells.write_header(sheet.cell(1, column), header, cells.REQUIRED)
        sheet.column_dimensions[get_column_letter(column)].width = width
    declared = declarations(cover_type)
    for number, (name, declaration) in enumerate(declared.items(), 2):
        cells.write_text(sheet.cell(number, 1), declaration.label, cells.HEADER)
        content = sheet.cell(number, 2)
        cells.write_value(content, declaration, facts.get(name))
        content.alignment = cells.LEFT
        cells.write_text(sheet.cell(number, 3), declaration.advice, cells.SMALL)
        sheet.add_data_validation(validation(declaration, f"B{number}"))
        if not declaration.optional:
            redden(sheet, f"B{number}", f"LEN(TRIM($B${number}))=0")
    for number, (chapter, text) in enumerate(_by_chapter(paragraphs), len(declared) + 2):
        item = sheet.cell(number, 1)
        cells.write_text(item, cover_sheet.NARRATIVE + chapter, cells.HEADER)
        cells.write_text(sheet.cell(number, 2), text)
        cells.raise_row(sheet, number, text, _COVER_WIDTHS[1])
        cells.write_text(sheet.cell(number, 3), _NARRATIVE_HINT, cells.SMALL)
        item.protection = sheet.cell(number, 2).protection = cells.OPEN
    sheet.freeze_panes = "A2"
    cells.set_up_print(sheet, "1:1")


def _name_the_quarter(book: Workbook, cover_type: type[Record]) -> None:
    """Name the cells with the days of the quarter: the limits of other sheets refer to them."""
    rows = {name: number for number, name in enumerate(declarations(cover_type), 2)}
    for name, field in ((FIRST_DAY, "first_day"), (LAST_DAY, "last_day")):
        place = f"'{cover_sheet.SHEET}'!$B${rows[field]}"
        book.defined_names[name] = DefinedName(name, attr_text=place)


def _by_chapter(paragraphs: Sequence[tuple[str, str]] | None) -> list[tuple[str, str]]:
    """Return the paragraphs in the order of the chapters, an empty one where none is written."""
    if paragraphs is None:
        return []
    _refuse_unknown("chapter", (name for name, _ in paragraphs), CHAPTERS)
    return [
        (chapter, text)
        for chapter in CHAPTERS
        for text in [text for name, text in paragraphs if name == chapter] or [""]
    ]


def _write_rows(
    sheet: Worksheet, row_type: type[Row], rows: Sequence[Begun], *, in_quarter: bool
) -> None:
    declared = declarations(row_type)
    last = FIRST_DATA_ROW + len(rows) + SPARE_ROWS
    protect(sheet, len(declared))
    for column, (name, declaration) in enumerate(declared.items(), 1):
        _write_column(sheet, column, declaration, [row.get(name) for row in rows])
    end = get_column_letter(len(declared))
    headers = f"A1:{end}{FIRST_DATA_ROW - 1}"
    sheet.add_data_validation(prompt(row_type.sheet, f"{row_type.purpose}。{_PALE}", headers))
    guide_entry(sheet, row_type, last, in_quarter=in_quarter)
    sheet.auto_filter.ref = f"A{FIRST_DATA_ROW - 1}:{end}{last}"
    sheet.freeze_panes = f"B{FIRST_DATA_ROW}"
    cells.set_up_print(sheet, f"1:{FIRST_DATA_ROW - 1}")


def _write_column(
    sheet: Worksheet, column: int, declaration: Declaration, values: list[Any]
) -> None:
    fill = cells.OPTIONAL if declaration.optional else cells.REQUIRED
    cells.write_header(sheet.cell(1, column), declaration.label, fill)
    unit = sheet.cell(2, column)
    cells.write_text(unit, declaration.unit, cells.SMALL, cells.CENTRE)
    unit.border = cells.BELOW
    for number, value in enumerate(values, FIRST_DATA_ROW):
        cells.write_value(sheet.cell(number, column), declaration, value)
        if isinstance(value, str):
            cells.raise_row(sheet, number, value, cells.WIDEST)
    width = sheet.column_dimensions[get_column_letter(column)]
    width.width = cells.column_width(declaration, values)
    width.number_format = declaration.type.excel_format


def _write_extra(sheet: Worksheet, lines: Sequence[Sequence[Any]]) -> None:
    """Write lines as they are; the first holds the headers."""
    for number, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            cell = sheet.cell(number, column)
            if number == 1:
                cells.write_header(cell, str(value), cells.OPTIONAL)
            elif isinstance(value, str):
                cells.write_text(cell, value)
            else:
                cell.value = value
    sheet.freeze_panes = "A2"
    cells.set_up_print(sheet, "1:1")
