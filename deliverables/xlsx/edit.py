"""Rows and cells put into an existing .xlsx; every other part stays as it is, byte for byte."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from deliverables.model.fields import DAY, MOMENT, MONTH, PERCENTAGE, Row, ValueType, show_plain
from deliverables.read.package import worksheet_parts
from deliverables.read.workbook import Column

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def with_row(xml: bytes, number: int, texts: Mapping[str, str]) -> bytes:
    """Return the sheet with `texts`, by column letters, written in row `number` as text.

    A cell keeps the format it has, a new one takes that of its column.
    """
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    sheet = _Sheet(root)
    row = sheet.row(number)
    row.attrib.pop("spans", "")  # an optional hint, no longer true
    for letters in sorted(texts, key=column_index_from_string):
        sheet.write(row, letters, number, texts[letters])
    sheet.widen(number, max(map(column_index_from_string, texts)))
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


class _Sheet:
    """The XML of a sheet, whatever prefix and namespace (transitional or strict) it uses."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._space = etree.QName(root).namespace
        data = root.find(self._tag("sheetData"))
        if data is None:
            raise ValueError("a sheet has sheetData")
        self._data = data

    def row(self, number: int) -> etree._Element:
        """Return the row of that number, put in its place if it is not there."""
        at = 0
        for position, row in enumerate(self._data):
            here = int(row.get("r", position + 1))
            if here == number:
                return row
            if here < number:
                at = position + 1
        made = etree.Element(self._tag("row"), {"r": str(number)})
        self._data.insert(at, made)
        return made

    def write(self, row: etree._Element, letters: str, number: int, text: str) -> None:
        """Write text in a cell of the row, as text whatever it looks like."""
        cell = self._cell(row, letters, number)
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        held = etree.SubElement(etree.SubElement(cell, self._tag("is")), self._tag("t"))
        held.text = text
        if text != text.strip():
            held.set(_SPACE, "preserve")

    def widen(self, number: int, column: int) -> None:
        """Let a stated range of cells reach the new ones; a single cell is no range."""
        dimension = self._root.find(self._tag("dimension"))
        first, colon, last = (dimension.get("ref", "") if dimension is not None else "").partition(
            ":"
        )
        corner = _REFERENCE.fullmatch(last)
        if dimension is None or not colon or corner is None:
            return
        widest = max(column, column_index_from_string(corner[1]))
        lowest = max(number, int(corner[2]))
        dimension.set("ref", f"{first}:{get_column_letter(widest)}{lowest}")

    def _cell(self, row: etree._Element, letters: str, number: int) -> etree._Element:
        wanted, at = column_index_from_string(letters), 0
        for position, cell in enumerate(row):
            found = _REFERENCE.match(cell.get("r", ""))
            here = column_index_from_string(found[1]) if found else position + 1
            if here == wanted:
                return cell
            if here < wanted:
                at = position + 1
        made = etree.Element(self._tag("c"), {"r": f"{letters}{number}"})
        style = self._style(wanted)
        if style:
            made.set("s", style)
        row.insert(at, made)
        return made

    def _style(self, column: int) -> str:
        """Return the format of a column."""
        for span in self._root.iterfind(f"{self._tag('cols')}/{self._tag('col')}"):
            if int(span.get("min", "0")) <= column <= int(span.get("max", "0")):
                return span.get("style", "")
        return ""

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


_DATES = (DAY, MOMENT, MONTH)
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_FIRST_OWN_FORMAT = 164
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class DateStyles:
    """The styles of one workbook; asking for a date may add one."""

    def __init__(self, xml: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        self._root = etree.fromstring(xml, parser)
        self._space = etree.QName(self._root).namespace
        self._added: dict[tuple[str, str], str] = {}

    def fitting(self, style: str | None, type_: ValueType) -> str | None:
        """Return the style, or one like it that shows a date if `type_` is one."""
        if type_ not in _DATES or self._shows_dates(style):
            return style
        wanted = (style or "0", type_.excel_format)
        if wanted not in self._added:
            self._added[wanted] = self._like(*wanted)
        return self._added[wanted]

    def to_bytes(self) -> bytes:
        """Return the part."""
        return bytes(
            etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        )

    def _named(self, name: str) -> str:
        return f"{{{self._space}}}{name}"

    def _formats(self) -> list[etree._Element]:
        return list(self._root.iterfind(f"{self._named('numFmts')}/{self._named('numFmt')}"))

    def _shows_dates(self, style: str | None) -> bool:
        if style is None:
            return False
        number = int(self._cell_styles()[int(style)].get("numFmtId", "0"))
        if number in _BUILT_IN_DATES:
            return True
        codes = {one.get("numFmtId"): one.get("formatCode", "") for one in self._formats()}
        return bool(re.search("[ymdhYMDH]", _LITERAL.sub("", codes.get(str(number), ""))))

    def _cell_styles(self) -> etree._Element:
        found = self._root.find(self._named("cellXfs"))
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
        group = self._root.find(self._named("numFmts"))
        if group is None:
            group = etree.Element(self._named("numFmts"))
            self._root.insert(0, group)
        used = [int(one.get("numFmtId", "0")) for one in self._formats()]
        number = str(max([_FIRST_OWN_FORMAT - 1, *used]) + 1)
        etree.SubElement(group, self._named("numFmt"), numFmtId=number, formatCode=code)
        group.set("count", str(len(group)))
        return number


_EPOCH = datetime(1899, 12, 30)
_SECONDS_A_DAY = 24 * 60 * 60
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STYLES = "xl/styles.xml"
_DIGITS = "0123456789"
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def with_rows(
    workbook: bytes, sheet: str, columns: Sequence[Column], rows: Sequence[Row]
) -> bytes:  # fmt: skip
    """Return the workbook with `rows` below the last row of `sheet` that holds anything."""
    with ZipFile(BytesIO(workbook)) as package:
        part = worksheet_parts(package)[sheet]
        worksheet = _Worksheet(package.read(part), DateStyles(package.read(_STYLES)))
        worksheet.append(columns, rows)
        replaced = {part: worksheet.to_bytes(), _STYLES: worksheet.styles.to_bytes()}
        return _with_parts(package, replaced)


def _with_parts(package: ZipFile, replaced: Mapping[str, bytes]) -> bytes:
    result = BytesIO()
    with ZipFile(result, "w") as written:
        for item in package.infolist():
            content = replaced.get(item.filename) or package.read(item)
            written.writestr(item, content, compress_type=item.compress_type)
    return result.getvalue()


class _Worksheet:
    def __init__(self, xml: bytes, styles: DateStyles) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        self._root = etree.fromstring(xml, parser)
        self._space = etree.QName(self._root).namespace
        data = self._root.find(self._named("sheetData"))
        if data is None:
            raise ValueError("a worksheet without data")
        self._data = data
        self.styles = styles

    def append(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Add the rows, in the look of the row above them."""
        known = self._rows()
        filled = (number for number, row in known.items() if _holds_anything(row))
        last = max(_HEADER_ROWS, *filled)
        columns = sorted(columns, key=lambda column: column.index)
        looks = self._looks(columns, known.get(last))
        for number, row in enumerate(rows, last + 1):
            element = known.get(number)
            if element is None:
                element = etree.SubElement(self._data, self._named("row"), r=str(number))
            element.attrib.pop("spans", "")
            self._fill(element, number, columns, row, looks)
        self._data[:] = sorted(self._data, key=lambda row: int(row.get("r", "0")))
        self._reach(columns, last + len(rows))

    def to_bytes(self) -> bytes:
        """Return the part."""
        return bytes(
            etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        )

    def _named(self, name: str) -> str:
        return f"{{{self._space}}}{name}"

    def _rows(self) -> dict[int, etree._Element]:
        known: dict[int, etree._Element] = {}
        number = 0
        for row in self._data.iterfind(self._named("row")):
            number = int(row.get("r", str(number + 1)))
            row.set("r", str(number))
            known[number] = row
        return known

    def _looks(
        self, columns: Sequence[Column], above: etree._Element | None
    ) -> dict[str, str | None]:
        """Return the style of each column: that of the row above, else that of the column."""
        looks: dict[str, str | None] = {}
        is_data = above is not None and int(above.get("r", "0")) > _HEADER_ROWS
        for column in columns:
            cell = _cell(above, column.letters) if above is not None and is_data else None
            style = cell.get("s") if cell is not None else self._column_style(column.index + 1)
            looks[column.letters] = self.styles.fitting(style, column.declaration.type)
        return looks

    def _column_style(self, number: int) -> str | None:
        for found in self._root.iterfind(f"{self._named('cols')}/{self._named('col')}"):
            if int(found.get("min", "0")) <= number <= int(found.get("max", "0")):
                return found.get("style")
        return None

    def _fill(
        self,
        element: etree._Element,
        number: int,
        columns: Sequence[Column],
        row: Row,
        looks: Mapping[str, str | None],
    ) -> None:
        is_new = not len(element)
        for column in columns:
            value = getattr(row, column.name)
            cell = None if is_new else _cell(element, column.letters)
            if cell is None:
                address = f"{column.letters}{number}"
                cell = etree.SubElement(element, self._named("c"), r=address)
            if looks[column.letters] is not None:
                cell.set("s", str(looks[column.letters]))
            self._put(cell, column, value)
        if not is_new:
            element[:] = sorted(element, key=_order)

    def _put(self, cell: etree._Element, column: Column, value: Any) -> None:
        if value is None or value == "":
            return
        written = _as_number(column, value)
        if written is not None:
            etree.SubElement(cell, self._named("v")).text = written
            return
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, self._named("is")), self._named("t"))
        text.text = _as_text(column, value)
        text.set(_XML_SPACE, "preserve")

    def _reach(self, columns: Sequence[Column], last: int) -> None:
        """Let the sheet's extent and its drop-downs reach the last row."""
        dimension = self._root.find(self._named("dimension"))
        if dimension is not None:
            rightmost = max((column.letters for column in columns), key=_index)
            dimension.set("ref", _reaching(dimension.get("ref", "A1"), rightmost, last))
        for validation in self._root.iter(self._named("dataValidation")):
            ranges = validation.get("sqref", "").split()
            validation.set("sqref", " ".join(_stretched(one, last) for one in ranges))


_HEADER_ROWS = 2


def _holds_anything(row: etree._Element) -> bool:
    return any(part.text or len(part) for cell in row for part in cell)


def _cell(row: etree._Element | None, letters: str) -> etree._Element | None:
    if row is None:
        return None
    return next((cell for cell in row if cell.get("r", "").rstrip(_DIGITS) == letters), None)


def _order(cell: etree._Element) -> int:
    return _index(cell.get("r", "").rstrip(_DIGITS))


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _as_number(column: Column, value: Any) -> str | None:
    """Return what stands in the cell of a number or a date, None for what is written as text."""
    match value:
        case bool() | str():
            return None
        case datetime():
            return _serial(value)
        case date():
            return str((datetime(value.year, value.month, value.day) - _EPOCH).days)
        case Decimal() if column.declaration.type is PERCENTAGE and 0 < value <= 1:
            return None
        case Decimal() | int():
            return show_plain(Decimal(value))
        case _:
            return None


def _serial(moment: datetime) -> str:
    passed = moment - _EPOCH
    seconds = Decimal(passed // timedelta(seconds=1))
    return show_plain(seconds / _SECONDS_A_DAY)


def _as_text(column: Column, value: Any) -> str:
    """Return a text; a percentage of at most 1 carries its sign, or it could be a share."""
    if isinstance(value, Decimal):
        return f"{show_plain(value)}%"
    return str(column.declaration.type.show(value))


def _reaching(reference: str, letters: str, last: int) -> str:
    first, _, corner = reference.partition(":")
    found = _ADDRESS.fullmatch(corner or first)
    if found is None:
        return reference
    right = max((found[1], letters), key=_index)
    return f"{first}:{right}{max(int(found[2]), last)}"


def _stretched(reference: str, last: int) -> str:
    """Return a range of data rows as far down as the last row; others stay."""
    first, _, corner = reference.partition(":")
    top, bottom = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(corner)
    if not top or not bottom or int(bottom[2]) <= _HEADER_ROWS or int(bottom[2]) >= last:
        return reference
    return f"{first}:{bottom[1]}{last}"
