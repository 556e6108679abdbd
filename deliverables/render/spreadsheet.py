"""Cells, print set-up and bytes of a workbook: what everything that writes one has in common.

The same inputs give the same bytes, and text stays text whatever it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
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
AnyCell = Cell | MergedCell
_NUMBERS = (WHOLE, DECIMAL, AMOUNT, PERCENTAGE, RATIO)
_DATES = (DAY, MOMENT, MONTH)

_NARROWEST, WIDEST, PADDING = 8, 48, 3
_LINE_HEIGHT = 16
_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_header(cell: AnyCell, label: str, fill: PatternFill) -> None:
    """Write the name of a column."""
    write_text(cell, label, HEADER, CENTRE)
    cell.fill = fill


def write_text(cell: AnyCell, text: str, font: Font, alignment: Alignment = LEFT) -> None:
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
    """Write a value in the type, the format and the place in its cell that are declared."""
    if isinstance(value, bool):
        value = declaration.type.show(value)
    if isinstance(value, str):
        write_text(cell, value, BODY)
        cell.quotePrefix = cell.quotePrefix or declaration.type is DIGITS
    else:
        cell.value = value
        cell.font = BODY
    cell.alignment = _alignment(declaration)
    cell.number_format = _format(declaration, value)


def _alignment(declaration: Declaration) -> Alignment:
    if declaration.type in _NUMBERS:
        return RIGHT
    return CENTRE if declaration.type.choices or declaration.type in _DATES else LEFT


def _format(declaration: Declaration, value: Any) -> str:
    """Return the cell format; a whole number in a decimal column shows no dangling point."""
    if declaration.type is DECIMAL and isinstance(value, Decimal) and value == int(value):
        return WHOLE.excel_format
    return declaration.type.excel_format


def column_width(declaration: Declaration, values: Iterable[Any]) -> float:
    """Return how wide a column must be for its name and its values, within limits."""
    texts = {declaration.type.show(value) for value in values if value not in (None, "")}
    widest = max(map(display_width, {declaration.label, declaration.unit, *texts}))
    return min(max(widest + PADDING, _NARROWEST), WIDEST)


def raise_row(sheet: Worksheet, number: int, text: str, width: int) -> None:
    """Make a row high enough for a text of several lines; not every program does so by itself."""
    lines = -(-display_width(text) // (width - PADDING))
    if lines > 1:
        row = sheet.row_dimensions[number]
        row.height = max(row.height or 0, lines * _LINE_HEIGHT)


def display_width(text: str) -> int:
    """Return how wide a text is in Latin letters; a Chinese character is two."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def set_up_print(sheet: Worksheet, repeated: str) -> None:
    """Print on landscape A4 of one width, rows `repeated` on every page, pages numbered."""
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


def unchanged(name: str, content: bytes) -> bytes:
    """Leave a part of the package as it is."""
    return content


def reproducible(book: Workbook, mend: Callable[[str, bytes], bytes] = unchanged) -> bytes:
    """Save the workbook without the time, the order or the system it was saved in.

    `mend` may change what a part of the package, by its name, holds.
    """
    book.properties.creator = ""
    book.properties.created = _EPOCH
    book.properties.language = "zh-CN"
    saved = BytesIO()
    book.save(saved)
    with ZipFile(saved) as source:
        names = sorted(source.namelist(), key=lambda name: (name[0] != "[", name))
        return _packed((name, mend(name, _mended(name, source.read(name)))) for name in names)


def _packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    result = BytesIO()
    with ZipFile(result, "w") as package:
        for name, content in parts:
            entry = ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            package.writestr(entry, content)
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


_CORE = "docProps/core.xml"
_UNKNOWN = "0" * 64
_IDENTIFIER = re.compile(rb"<dc:identifier[^>]*>([0-9a-f]{64})</dc:identifier>")


def vouched_for(book: Workbook, mend: Callable[[str, bytes], bytes] = unchanged) -> bytes:
    """Save the workbook with the digest of its parts, by which `as_made` knows it again."""
    book.properties.identifier = _UNKNOWN
    saved = reproducible(book, mend)
    digest = _digest(saved).encode()
    with ZipFile(BytesIO(saved)) as package:
        return _packed(
            (name, package.read(name).replace(_UNKNOWN.encode(), digest))
            if name == _CORE
            else (name, package.read(name))
            for name in package.namelist()
        )


def as_made(data: bytes) -> bool:
    """Whether a workbook is as `vouched_for` saved it, and nobody has saved it since."""
    try:
        with ZipFile(BytesIO(data)) as package:
            found = _IDENTIFIER.search(package.read(_CORE))
        return found is not None and found[1].decode() == _digest(data)
    except (BadZipFile, KeyError, OSError, EOFError, ValueError):
        return False


def _digest(data: bytes) -> str:
    digest = sha256()
    with ZipFile(BytesIO(data)) as package:
        for name in sorted(package.namelist()):
            if name != _CORE:
                digest.update(f"{name}\0{sha256(package.read(name)).hexdigest()}\n".encode())
    return digest.hexdigest()
