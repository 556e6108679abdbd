"""Write a workbook by its declarations: headers, units, formats, drop-downs and hints.

The same inputs give the same bytes, and text stays text whatever it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, get_type_hints
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.files import write_atomically
from deliverables.model.operations import CHAPTERS
from deliverables.model.record import Declaration, Record, Row, declarations, sheets
from deliverables.model.staff import Roster
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
from deliverables.read import cover as cover_sheet

FIRST_DATA_ROW = 3

_PALE = "浅色表头的列可不填"
_NARRATIVE_HINT = "一段一行；同一章有多段时增加同名的行；不写的留空"
_FACE = "等线"
_INK, _GREY, _RULE = "1F2937", "7F8A99", "BFC5CD"
_BODY = Font(name=_FACE, size=11, color=_INK)
_HEADER = Font(name=_FACE, size=11, color=_INK, bold=True)
_SMALL = Font(name=_FACE, size=9, color=_GREY)
_REQUIRED = PatternFill("solid", fgColor="D6E0EC")
_OPTIONAL = PatternFill("solid", fgColor="EEF2F7")
_BELOW = Border(bottom=Side("thin", color=_RULE))
_LEFT = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center", indent=1)
_Cell = Cell | MergedCell
_NUMBERS = (WHOLE, DECIMAL, AMOUNT, PERCENTAGE, RATIO)
_DATES = (DAY, MOMENT, MONTH)

_NARROWEST, _WIDEST, _PADDING = 8, 48, 3
_LINE_HEIGHT = 16
_COVER_WIDTHS = (28, 88, 46)
_SPARE_ROWS = 2000
_LONGEST_PROMPT = 255
_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


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
        _write_header(sheet.cell(1, column), header, _REQUIRED)
        sheet.column_dimensions[get_column_letter(column)].width = width
    declared = declarations(cover_type)
    for number, (name, declaration) in enumerate(declared.items(), 2):
        write_text(sheet.cell(number, 1), declaration.label, _HEADER)
        content = sheet.cell(number, 2)
        _write_value(content, declaration, getattr(cover, name, None))
        content.alignment = _LEFT
        write_text(sheet.cell(number, 3), _hint(declaration), _SMALL)
        if declaration.type.choices:
            sheet.add_data_validation(_validation(declaration, f"B{number}"))
    for number, (chapter, text) in enumerate(_by_chapter(paragraphs), len(declared) + 2):
        write_text(sheet.cell(number, 1), cover_sheet.NARRATIVE + chapter, _HEADER)
        write_text(sheet.cell(number, 2), text, _BODY)
        _raise(sheet, number, text, _COVER_WIDTHS[1])
        write_text(sheet.cell(number, 3), _NARRATIVE_HINT, _SMALL)
    sheet.freeze_panes = "A2"
    _set_up_print(sheet, "1:1")


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
    _set_up_print(sheet, f"1:{FIRST_DATA_ROW - 1}")


def _write_column(
    sheet: Worksheet, column: int, declaration: Declaration, values: Sequence[Any]
) -> None:
    fill = _OPTIONAL if declaration.optional else _REQUIRED
    _write_header(sheet.cell(1, column), declaration.label, fill)
    write_text(sheet.cell(2, column), declaration.unit, _SMALL, _CENTRE)
    sheet.cell(2, column).border = _BELOW
    for number, value in enumerate(values, FIRST_DATA_ROW):
        _write_value(sheet.cell(number, column), declaration, value)
        if isinstance(value, str):
            _raise(sheet, number, value, _WIDEST)
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = _column_width(declaration, values)
    sheet.column_dimensions[letter].number_format = declaration.type.excel_format
    last = FIRST_DATA_ROW + len(values) + _SPARE_ROWS
    sheet.add_data_validation(_validation(declaration, f"{letter}{FIRST_DATA_ROW}:{letter}{last}"))


def _write_header(cell: _Cell, label: str, fill: PatternFill) -> None:
    write_text(cell, label, _HEADER, _CENTRE)
    cell.fill = fill


def write_text(cell: _Cell, text: str, font: Font, alignment: Alignment = _LEFT) -> None:
    """Write text that Excel, too, keeps as text: never a formula, a number or an error value."""
    cell.font = font
    cell.alignment = alignment
    if not text:
        return
    cell.value = text
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True


def _write_value(cell: _Cell, declaration: Declaration, value: Any) -> None:
    if isinstance(value, bool):
        value = declaration.type.show(value)
    if isinstance(value, str):
        write_text(cell, value, _BODY)
        cell.quotePrefix = cell.quotePrefix or declaration.type is DIGITS
    else:
        cell.value = value
        cell.font = _BODY
    cell.alignment = _alignment(declaration)
    cell.number_format = _format(declaration, value)


def _alignment(declaration: Declaration) -> Alignment:
    if declaration.type in _NUMBERS:
        return _RIGHT
    return _CENTRE if declaration.type.choices or declaration.type in _DATES else _LEFT


def _format(declaration: Declaration, value: Any) -> str:
    """Return the cell format; a whole number in a decimal column shows no dangling point."""
    if declaration.type is DECIMAL and isinstance(value, Decimal) and value == int(value):
        return WHOLE.excel_format
    return declaration.type.excel_format


def _column_width(declaration: Declaration, values: Iterable[Any]) -> float:
    texts = {declaration.type.show(value) for value in values if value not in (None, "")}
    widest = max(map(display_width, {declaration.label, declaration.unit, *texts}))
    return min(max(widest + _PADDING, _NARROWEST), _WIDEST)


def _raise(sheet: Worksheet, number: int, text: str, width: int) -> None:
    """Make a row high enough for a text of several lines; not every program does so by itself."""
    lines = -(-display_width(text) // (width - _PADDING))
    if lines > 1:
        row = sheet.row_dimensions[number]
        row.height = max(row.height or 0, lines * _LINE_HEIGHT)


def display_width(text: str) -> int:
    """Return how many half-width characters a text takes."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


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


def _set_up_print(sheet: Worksheet, repeated: str) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = repeated
    sheet.print_options.gridLines = True
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("第 &P 页 共 &N 页")
    )


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FONT_ORDER = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset")
"""The order in which Excel writes the children of a font; the schema allows no other."""


def reproducible(book: Workbook) -> bytes:
    """Save the workbook without the time, the order or the system it was saved in."""
    book.properties.creator = ""
    book.properties.created = _EPOCH
    book.properties.language = "zh-CN"
    saved, result = BytesIO(), BytesIO()
    book.save(saved)
    with ZipFile(saved) as source, ZipFile(result, "w") as package:
        for name in sorted(source.namelist(), key=lambda name: (name[0] != "[", name)):
            entry = ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            package.writestr(entry, _mended(name, source.read(name)))
    return result.getvalue()


def _mended(name: str, content: bytes) -> bytes:
    if name == "docProps/core.xml":
        stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        return _MODIFIED.sub(rb"\g<1>" + stamp, content)
    if name == "xl/styles.xml":
        styles = etree.fromstring(content)
        for font in styles.iterfind("{*}fonts/{*}font"):
            font[:] = sorted(font, key=_place_in_font)
        return etree.tostring(styles, encoding="UTF-8", xml_declaration=True)
    return content


def _place_in_font(child: etree._Element) -> int:
    name = etree.QName(child).localname
    return _FONT_ORDER.index(name) if name in _FONT_ORDER else len(_FONT_ORDER)
