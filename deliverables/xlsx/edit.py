"""Rows and cells put into an existing .xlsx; every other part stays as it is, byte for byte."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree
from openpyxl.utils import column_index_from_string

from deliverables.model.fields import (
    DATES,
    PERCENTAGE,
    VAT_RATE,
    Row,
    ValueType,
    show_plain,
)
from deliverables.read.input_package import worksheet_parts
from deliverables.read.workbook import FoundColumn

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def with_row(xml: bytes, number: int, texts: Mapping[str, str]) -> bytes:
    """Return the sheet with `texts`, by column letters, written in row `number` as text.

    A cell keeps the format it has, a new one takes that of its column.
    """
    sheet = _Worksheet(xml)
    row = sheet.row(number)
    for letters in sorted(texts, key=column_index_from_string):
        sheet.put_text(sheet.cell(row, number, letters), texts[letters])
    sheet.reach(max(texts, key=column_index_from_string), number)
    return sheet.to_bytes()


def with_rows(
    workbook: bytes, sheet: str, columns: Sequence[FoundColumn], rows: Sequence[Row]
) -> bytes:  # fmt: skip
    """Return the workbook with `rows` below the last row of `sheet` that holds anything.

    They have the look of the row above them; the drop-downs of the sheet reach them.
    """
    return _edited(workbook, sheet, lambda edited, styles: _append(edited, styles, columns, rows))


def with_row_instead(
    workbook: bytes, sheet: str, columns: Sequence[FoundColumn], number: int, row: Row
) -> bytes:  # fmt: skip
    """Return the workbook with the cells of `columns` in row `number` as `row` has them."""

    def exchange(edited: _Worksheet, styles: DateStyles) -> None:
        element = edited.row(number)
        for column in sorted(columns, key=lambda column: column.index):
            cell = edited.cell(element, number, column.letters)
            look = styles.fitting(edited.style(element, column.letters), column.declaration.type)
            if look is not None:
                cell.set("s", look)
            edited.empty(cell)
            _put(edited, cell, column, getattr(row, column.name))

    return _edited(workbook, sheet, exchange)


def _edited(workbook: bytes, sheet: str, change: Callable[[_Worksheet, DateStyles], None]) -> bytes:
    with ZipFile(BytesIO(workbook)) as package:
        part = worksheet_parts(package)[sheet]
        styles, edited = DateStyles(package.read(_STYLES)), _Worksheet(package.read(part))
        change(edited, styles)
        return with_parts(package, {part: edited.to_bytes(), _STYLES: styles.to_bytes()})


def with_parts(package: ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """Return the package with some parts changed and all others as they are, in their order."""
    result = BytesIO()
    with ZipFile(result, "w") as written:
        for item in package.infolist():
            content = changed.get(item.filename)
            written.writestr(item, package.read(item) if content is None else content)
    return result.getvalue()


def _append(
    sheet: _Worksheet, styles: DateStyles, columns: Sequence[FoundColumn], rows: Sequence[Row]
) -> None:
    there = dict(sheet.rows())
    last = max(_HEADER_ROWS, *(number for number, row in there.items() if _holds_anything(row)))
    above = there.get(last) if last > _HEADER_ROWS else None
    looks = {
        column.letters: styles.fitting(sheet.style(above, column.letters), column.declaration.type)
        for column in columns
    }
    for number, row in enumerate(rows, last + 1):
        element = sheet.row(number)
        for column in sorted(columns, key=lambda column: column.index):
            cell = sheet.cell(element, number, column.letters)
            look = looks[column.letters]
            if look is not None:
                cell.set("s", look)
            _put(sheet, cell, column, getattr(row, column.name))
    bottom = last + len(rows)
    sheet.reach(max((column.letters for column in columns), key=column_index_from_string), bottom)
    sheet.stretch_lists(bottom)


def _put(sheet: _Worksheet, cell: etree._Element, column: FoundColumn, value: Any) -> None:
    if value is None or value == "":
        return
    number = _as_number(column, value)
    if number is not None:
        sheet.put_number(cell, number)
    else:
        sheet.put_text(cell, _as_text(column, value))


class _Part:
    """The XML of a part, whatever prefix and namespace (transitional or strict) it uses."""

    def __init__(self, xml: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        self._root = etree.fromstring(xml, parser)
        self._space = etree.QName(self._root).namespace

    def to_bytes(self) -> bytes:
        """Return the part."""
        return bytes(
            etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        )

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


class _Worksheet(_Part):
    """The XML of a sheet."""

    def __init__(self, xml: bytes) -> None:
        super().__init__(xml)
        data = self._root.find(self._tag("sheetData"))
        if data is None:
            raise ValueError("a sheet has sheetData")
        self._data = data
        self._known: dict[int, etree._Element] = {}
        number = 0
        for row in data.iterfind(self._tag("row")):
            number = int(row.get("r", str(number + 1)))
            row.set("r", str(number))
            self._known[number] = row
        self._last = max(self._known, default=0)

    def rows(self) -> Iterator[tuple[int, etree._Element]]:
        """Yield the rows that are there, each with its number."""
        yield from self._known.items()

    def row(self, number: int) -> etree._Element:
        """Return the row of that number, put in its place if it is not there."""
        row = self._known.get(number)
        if row is None:
            row = etree.Element(self._tag("row"), {"r": str(number)})
            before = sum(known < number for known in self._known) if number < self._last else None
            self._data.insert(len(self._data) if before is None else before, row)
            self._known[number] = row
            self._last = max(self._last, number)
        row.attrib.pop("spans", "")  # an optional hint, no longer true
        return row

    def cell(self, row: etree._Element, number: int, letters: str) -> etree._Element:
        """Return the cell of a row, put in its place with the look of its column if need be."""
        wanted, at = column_index_from_string(letters), 0
        for position, cell in enumerate(row):
            here = _column_of(cell) or position + 1
            if here == wanted:
                return cell
            if here < wanted:
                at = position + 1
        made = etree.Element(self._tag("c"), {"r": f"{letters}{number}"})
        style = self._column_style(wanted)
        if style:
            made.set("s", style)
        row.insert(at, made)
        return made

    def style(self, row: etree._Element | None, letters: str) -> str | None:
        """Return the style of a cell: its own, or without one, or a row, that of its column."""
        wanted = column_index_from_string(letters)
        for cell in row if row is not None else ():
            if _column_of(cell) == wanted:
                return cell.get("s")
        return self._column_style(wanted)

    def put_text(self, cell: etree._Element, text: str) -> None:
        """Let a cell hold text, as text whatever it looks like."""
        self.empty(cell)
        cell.set("t", "inlineStr")
        held = etree.SubElement(etree.SubElement(cell, self._tag("is")), self._tag("t"))
        held.text = text
        if text != text.strip():
            held.set(_SPACE, "preserve")

    def put_number(self, cell: etree._Element, number: str) -> None:
        """Let a cell hold a number, which may be the day or the moment that its style shows."""
        self.empty(cell)
        etree.SubElement(cell, self._tag("v")).text = number

    def reach(self, letters: str, bottom: int) -> None:
        """Let the stated range of cells reach a column and a row; a single cell is no range."""
        dimension = self._root.find(self._tag("dimension"))
        if dimension is None:
            return
        first, colon, corner = dimension.get("ref", "").partition(":")
        found = _REFERENCE.fullmatch(corner)
        if not colon or found is None:
            return
        right = max((found[1], letters), key=column_index_from_string)
        dimension.set("ref", f"{first}:{right}{max(int(found[2]), bottom)}")

    def stretch_lists(self, bottom: int) -> None:
        """Let the drop-downs of data rows reach down to a row."""
        for validation in self._root.iter(self._tag("dataValidation")):
            ranges = validation.get("sqref", "").split()
            validation.set("sqref", " ".join(_stretched(one, bottom) for one in ranges))

    def empty(self, cell: etree._Element) -> None:
        """Take out what a cell holds."""
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", "")

    def _column_style(self, column: int) -> str | None:
        for span in self._root.iterfind(f"{self._tag('cols')}/{self._tag('col')}"):
            if int(span.get("min", "0")) <= column <= int(span.get("max", "0")):
                return span.get("style")
        return None


def _column_of(cell: etree._Element) -> int:
    """Return the number of the column that a cell names, 0 where it names none."""
    found = _REFERENCE.match(cell.get("r", ""))
    return column_index_from_string(found[1]) if found else 0


_HEADER_ROWS: Final = 2
_STYLES: Final = "xl/styles.xml"
_EPOCH: Final = datetime(1899, 12, 30)
_SECONDS_A_DAY: Final = 24 * 60 * 60


def _holds_anything(row: etree._Element) -> bool:
    return any(part.text or len(part) for cell in row for part in cell)


_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_FIRST_OWN_FORMAT = 164
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class DateStyles(_Part):
    """The styles of one workbook; asking for a date may add one."""

    def __init__(self, xml: bytes) -> None:
        super().__init__(xml)
        self._added: dict[tuple[str, str], str] = {}

    def fitting(self, style: str | None, type_: ValueType) -> str | None:
        """Return the style, or one like it that shows a date if `type_` is one."""
        if type_ not in DATES or self._shows_dates(style):
            return style
        wanted = (style or "0", type_.excel_format)
        if wanted not in self._added:
            self._added[wanted] = self._like(*wanted)
        return self._added[wanted]

    def _formats(self) -> list[etree._Element]:
        return list(self._root.iterfind(f"{self._tag('numFmts')}/{self._tag('numFmt')}"))

    def _shows_dates(self, style: str | None) -> bool:
        if style is None:
            return False
        number = int(self._cell_styles()[int(style)].get("numFmtId", "0"))
        if number in _BUILT_IN_DATES:
            return True
        codes = {one.get("numFmtId"): one.get("formatCode", "") for one in self._formats()}
        return bool(re.search("[ymdhYMDH]", _LITERAL.sub("", codes.get(str(number), ""))))

    def _cell_styles(self) -> etree._Element:
        found = self._root.find(self._tag("cellXfs"))
        if found is None:
            raise ValueError("a workbook without cell styles")
        return found

    def _like(self, style: str, code: str) -> str:
        styles = self._cell_styles()
        added = copy.deepcopy(styles[int(style)])
        added.set("numFmtId", self._format(code))
        added.set("applyNumberFormat", "1")
        styles.append(added)
        styles.set("count", str(len(styles)))
        return str(len(styles) - 1)

    def _format(self, code: str) -> str:
        for one in self._formats():
            if one.get("formatCode") == code:
                return str(one.get("numFmtId"))
        group = self._root.find(self._tag("numFmts"))
        if group is None:
            group = etree.Element(self._tag("numFmts"))
            self._root.insert(0, group)
        used = [int(one.get("numFmtId", "0")) for one in self._formats()]
        number = str(max([_FIRST_OWN_FORMAT - 1, *used]) + 1)
        etree.SubElement(group, self._tag("numFmt"), numFmtId=number, formatCode=code)
        group.set("count", str(len(group)))
        return number


def _as_number(column: FoundColumn, value: Any) -> str | None:
    """Return what stands in the cell of a number or a date, None for what is written as text."""
    match value:
        case bool() | str():
            return None
        case datetime():
            return _serial(value)
        case date():
            return str((datetime(value.year, value.month, value.day) - _EPOCH).days)
        case Decimal() if _is_written_out(column.declaration.type, value):
            return None
        case Decimal() | int():
            return show_plain(Decimal(value))
        case _:
            return None


def _is_written_out(type_: ValueType, value: Decimal) -> bool:
    """Return whether a number is text in its cell: 0.8% of a hundred, and 免税 for a rate."""
    return (type_ is PERCENTAGE and 0 < value <= 1) or (type_ is VAT_RATE and not value)


def _serial(moment: datetime) -> str:
    passed = moment - _EPOCH
    seconds = Decimal(passed // timedelta(seconds=1))
    return show_plain(seconds / _SECONDS_A_DAY)


def _as_text(column: FoundColumn, value: Any) -> str:
    """Return a text; a percentage of at most 1 carries its sign, or it could be a share."""
    if isinstance(value, Decimal) and column.declaration.type is PERCENTAGE:
        return f"{show_plain(value)}%"
    return str(column.declaration.type.show(value))


def _stretched(reference: str, last: int) -> str:
    """Return a range of data rows as far down as the last row; others stay."""
    first, _, corner = reference.partition(":")
    top, bottom = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(corner)
    if not top or not bottom or int(bottom[2]) <= _HEADER_ROWS or int(bottom[2]) >= last:
        return reference
    return f"{first}:{bottom[1]}{last}"
