"""Write a workbook by its declarations: headers, units, formats, drop-downs and hints.

The same inputs give the same bytes, and text stays text whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, get_type_hints

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.files import write_atomically
from deliverables.model.operations import CHAPTERS
from deliverables.model.record import Declaration, Record, Row, declarations, sheets
from deliverables.model.staff import Roster
from deliverables.read import cover as cover_sheet
from deliverables.render.spreadsheet import (
    BELOW,
    BODY,
    CENTRE,
    HEADER,
    LEFT,
    OPTIONAL,
    REQUIRED,
    SMALL,
    WIDEST,
    column_width,
    raise_row,
    reproducible,
    set_up_print,
    write_header,
    write_text,
    write_value,
)

FIRST_DATA_ROW = 3

_PALE = "浅色表头的列可不填"
_NARRATIVE_HINT = "一段一行；同一章有多段时增加同名的行；不写的留空"
_COVER_WIDTHS = (28, 88, 46)
_SPARE_ROWS = 2000
_LONGEST_PROMPT = 255


def write_workbook(
    target: Path | BinaryIO | None,
    workbook_type: type,
    cover: Record | None = None,
    narrative: Iterable[tuple[str, str]] = (),
    rows: Mapping[str, Sequence[Row]] | None = None,
) -> bytes:
    """Write a workbook of the declared type to a path or buffer and return its bytes.

    `narrative` gives (chapter, paragraph) pairs, `rows` the rows by the name of their field.
    With none of them the workbook is a blank one, ready to be filled in. A roster at a path can
    be read by its owner only.
    """
    _refuse_unknown("sheet", rows or (), sheets(workbook_type))
    book = Workbook()
    book.remove(book.worksheets[0])
    hints = get_type_hints(workbook_type)
    paragraphs = tuple(narrative) if "narrative" in hints else None
    _write_cover(book.create_sheet(cover_sheet.SHEET), hints["cover"], cover, paragraphs)
    for name, row_type in sheets(workbook_type).items():
        _write_rows(book.create_sheet(row_type.sheet), row_type, (rows or {}).get(name, ()))
    content = reproducible(book)
    if isinstance(target, Path):
        write_atomically(target, content, private=workbook_type is Roster)
    elif target is not None:
        target.write(content)
    return content


def _refuse_unknown(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError for what would otherwise be left out in silence."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"no such {kind}: {', '.join(unknown)}")


def _write_cover(
    sheet: Worksheet,
    cover_type: type,
    cover: Record | None,
    paragraphs: Sequence[tuple[str, str]] | None,
) -> None:
    headers = (cover_sheet.ITEM, cover_sheet.CONTENT, cover_sheet.HINT)
    for column, (header, width) in enumerate(zip(headers, _COVER_WIDTHS, strict=True), 1):
        write_header(sheet.cell(1, column), header, REQUIRED)
        sheet.column_dimensions[get_column_letter(column)].width = width
    declared = declarations(cover_type)
    for number, (name, declaration) in enumerate(declared.items(), 2):
        write_text(sheet.cell(number, 1), declaration.label, HEADER)
        content = sheet.cell(number, 2)
        write_value(content, declaration, getattr(cover, name, None))
        content.alignment = LEFT
        write_text(sheet.cell(number, 3), _hint(declaration), SMALL)
        if declaration.type.choices:
            sheet.add_data_validation(_validation(declaration, f"B{number}"))
    for number, (chapter, text) in enumerate(_by_chapter(paragraphs), len(declared) + 2):
        write_text(sheet.cell(number, 1), cover_sheet.NARRATIVE + chapter, HEADER)
        write_text(sheet.cell(number, 2), text, BODY)
        raise_row(sheet, number, text, _COVER_WIDTHS[1])
        write_text(sheet.cell(number, 3), _NARRATIVE_HINT, SMALL)
    sheet.freeze_panes = "A2"
    set_up_print(sheet, "1:1")


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


def _write_rows(sheet: Worksheet, row_type: type[Row], rows: Sequence[Row]) -> None:
    declared = declarations(row_type)
    for column, (name, declaration) in enumerate(declared.items(), 1):
        _write_column(sheet, column, declaration, [getattr(row, name) for row in rows])
    headers = f"A1:{get_column_letter(len(declared))}{FIRST_DATA_ROW - 1}"
    sheet.add_data_validation(_prompt(row_type.sheet, f"{row_type.purpose}。{_PALE}", headers))
    sheet.freeze_panes = f"B{FIRST_DATA_ROW}"
    set_up_print(sheet, f"1:{FIRST_DATA_ROW - 1}")


def _write_column(
    sheet: Worksheet, column: int, declaration: Declaration, values: Sequence[Any]
) -> None:
    fill = OPTIONAL if declaration.optional else REQUIRED
    write_header(sheet.cell(1, column), declaration.label, fill)
    write_text(sheet.cell(2, column), declaration.unit, SMALL, CENTRE)
    sheet.cell(2, column).border = BELOW
    for number, value in enumerate(values, FIRST_DATA_ROW):
        write_value(sheet.cell(number, column), declaration, value)
        if isinstance(value, str):
            raise_row(sheet, number, value, WIDEST)
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = column_width(declaration, values)
    sheet.column_dimensions[letter].number_format = declaration.type.excel_format
    last = FIRST_DATA_ROW + len(values) + _SPARE_ROWS
    sheet.add_data_validation(_validation(declaration, f"{letter}{FIRST_DATA_ROW}:{letter}{last}"))


def _hint(declaration: Declaration) -> str:
    facts = [declaration.hint] if declaration.hint else []
    if not declaration.type.choices:
        facts.append(
            f"{declaration.type.name}{f'（{declaration.unit}）' if declaration.unit else ''}"
        )
    if declaration.optional:
        facts.append("可不填")
    return "；".join(facts)


def _validation(declaration: Declaration, cells: str) -> DataValidation:
    validation = _prompt(declaration.label, _hint(declaration), cells)
    if declaration.type.choices:
        validation.type = "list"
        validation.formula1 = f'"{",".join(declaration.type.choices)}"'
        validation.showErrorMessage = True
        validation.errorTitle = declaration.label
        validation.error = f"请从下拉列表中选择：{'、'.join(declaration.type.choices)}"
    return validation


def _prompt(title: str, prompt: str, cells: str) -> DataValidation:
    return DataValidation(
        allowBlank=True,
        showInputMessage=bool(prompt),
        promptTitle=title if prompt else None,
        prompt=prompt[:_LONGEST_PROMPT] or None,
        sqref=cells,
    )
