"""Cells written into a workbook that is there, as a person would who then saves it.

Hundreds of tests change one cell: an office library would read and write all sheets for it, at
twenty times the cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BUILT_IN_FORMATS: Mapping[type, int] = {date: 14, datetime: 22, time: 21}
"""How Excel shows a day, a moment and an hour; a subclass is asked for by its own type."""


Values = Mapping[tuple[int, int], Any]
"""What is written, by row and column: None empties a cell, a dict is a formula or an error."""


def write_cells(path: Path, sheets: Mapping[str, Values]) -> None:
    """Write values into the named sheets of a workbook."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    styles = etree.fromstring(parts["xl/styles.xml"])
    for sheet, values in sheets.items():
        part = _part_of(parts, sheet)
        root = etree.fromstring(parts[part])
        _write(root, values, styles)
        parts[part] = etree.tostring(root)
    parts["xl/styles.xml"] = etree.tostring(styles)
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _write(root: etree._Element, values: Values, styles: etree._Element) -> None:
    for extent in root.findall(f"{MAIN}dimension"):
        root.remove(extent)
    rows = root.find(f"{MAIN}sheetData")
    assert rows is not None
    for (number, column), value in sorted(values.items()):
        row = _placed(rows, "row", number, str(number), lambda one: int(one.get("r", "")))
        name = f"{get_column_letter(column)}{number}"
        cell = _placed(row, "c", column, name, lambda one: _column(one.get("r", "")))
        _fill(cell, value, styles)


def _part_of(parts: Mapping[str, bytes], sheet: str) -> str:
    listed = etree.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")
    wanted = next(one.get(RELATION) for one in listed if one.get("name") == sheet)
    relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    target = next(one.get("Target", "") for one in relations if one.get("Id") == wanted)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _placed(holder: etree._Element, tag: str, at: int, name: str, place: Any) -> etree._Element:
    """Return the row or cell of that place, put there in order if there is none."""
    for one in holder:
        if place(one) == at:
            return one
    made = etree.Element(f"{MAIN}{tag}", r=name)
    holder.insert(sum(place(one) < at for one in holder), made)
    return made


def _column(name: str) -> int:
    number = 0
    for letter in name.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _fill(cell: etree._Element, value: Any, styles: etree._Element) -> None:
    for held in list(cell):
        cell.remove(held)
    cell.attrib.pop("t", None)
    match value:
        case None:
            pass
        case {"formula": formula}:
            etree.SubElement(cell, f"{MAIN}f").text = formula.removeprefix("=")
        case {"error": code}:
            _hold(cell, "e", code)
        case str():
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            text.text = value
        case bool():
            _hold(cell, "b", str(int(value)))
        case int() | float() | Decimal():
            _hold(cell, "n", str(value))
        case _:
            cell.set("s", _style(styles, BUILT_IN_FORMATS[type(value)]))
            _hold(cell, "n", str(to_excel(value)))


def _hold(cell: etree._Element, kind: str, content: str) -> None:
    cell.set("t", kind)
    etree.SubElement(cell, f"{MAIN}v").text = content


def _style(styles: etree._Element, shown: int) -> str:
    """Return the number of the plain style with a built-in format, added if there is none."""
    cells = styles.find(f"{MAIN}cellXfs")
    assert cells is not None
    for number, one in enumerate(cells):
        if one.get("numFmtId") == str(shown):
            return str(number)
    facts = {"numFmtId": str(shown), "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0"}
    etree.SubElement(cells, f"{MAIN}xf", facts, applyNumberFormat="1")
    cells.set("count", str(len(cells)))
    return str(len(cells) - 1)
