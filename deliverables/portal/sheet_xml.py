"""Text cells put into the XML of a sheet; all else in it stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

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
