"""What a workbook's cells do not tell: formulas never computed, error values, lone far cells.

The spreadsheet reader returns an empty cell for both of the first and fails on the last, so the
XML inside an .xlsx is looked at directly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from deliverables.lazily import dataclass

MOST_CELLS = 10_000_000
_MOST_BYTES = 1 << 30
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_ADDRESS = re.compile(rb'\br="([A-Z]+)(\d+)"')
_SUSPECT = re.compile(rb'<(?:\w+:)?f[ />]| t="e"')
_PREFIX = re.compile(rb"<(\w+:)?worksheet[ >]")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s+ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_HEAD = 4000
_TAG = 200
_END_OF_CELL = re.compile(rb"</(?:\w+:)?c>")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_COLUMN = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)\d')


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a usable value: the error shown in it, or an uncached formula."""

    error: str = ""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Faults of one sheet by (row, column letters); `too_large` if it cannot be loaded."""

    faults: Mapping[tuple[int, str], Fault] = field(default_factory=dict)
    too_large: bool = False


def is_transparent(data: bytes) -> bool:
    """Return whether the bytes are an .xlsx, whose formulas can be looked at."""
    return data.startswith(b"PK") and b"xl/workbook.xml" in data


def sheet_facts(data: bytes) -> dict[str, SheetFacts]:
    """Return the facts of every worksheet of an .xlsx by name; nothing for other formats."""
    try:
        with ZipFile(BytesIO(data)) as package:
            return {name: _facts(package, part) for name, part in worksheet_parts(package).items()}
    except (BadZipFile, KeyError, etree.XMLSyntaxError, OSError, EOFError, ValueError):
        return {}


def worksheet_parts(package: ZipFile) -> dict[str, str]:
    """Return the part of every worksheet by the name on its tab."""
    relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), _parser())
    targets = {str(item.get("Id")): str(item.get("Target")) for item in relations}
    workbook = etree.fromstring(package.read("xl/workbook.xml"), _parser())
    listed = [item for item in workbook.iter() if str(item.tag).endswith("}sheet")]
    parts = {}
    for item in listed:
        target = targets.get(str(item.get(_RELATION) or item.get(_STRICT)), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in package.NameToInfo:
            parts[str(item.get("name"))] = part
    return parts


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _facts(package: ZipFile, part: str) -> SheetFacts:
    if package.getinfo(part).file_size > _MOST_BYTES:
        return SheetFacts(too_large=True)
    xml = package.read(part)
    if _cells(xml) > MOST_CELLS:
        return SheetFacts(too_large=True)
    found = _PREFIX.search(xml[:_HEAD])
    prefix = b"<" + ((found and found[1]) or b"")
    suspects = (prefix + b"f>", prefix + b"f ", prefix + b"f/", b' t="e"')
    if not any(suspect in xml for suspect in suspects):
        return SheetFacts()
    return SheetFacts(dict(_faults(xml)))


def _cells(xml: bytes) -> int:
    """Return how many cells the sheet spans; rows that are only formatted do not count."""
    stated = _DIMENSION.search(xml[:_HEAD])
    width = _number(stated[1]) if stated else _last_column(xml)
    height = int(stated[2]) if stated else _last_row(xml)
    return width * height if width * height <= MOST_CELLS else width * _last_row(xml)


def _last_row(xml: bytes) -> int:
    last_value = max(xml.rfind(b"v></c>"), xml.rfind(b"is></c>"), xml.rfind(b"v></x:c>"))
    before = xml[:last_value]
    row = xml[max(before.rfind(b"<row "), before.rfind(b":row "), 0) :][:_TAG]
    found = re.search(rb'\br="(\d+)"', row)
    return int(found[1]) if found else 1


def _last_column(xml: bytes) -> int:
    return max((_number(letters) for letters in set(_COLUMN.findall(xml))), default=1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _faults(xml: bytes) -> Iterator[tuple[tuple[int, str], Fault]]:
    for suspect in _SUSPECT.finditer(xml):
        start = xml.rfind(b"<", 0, suspect.start())
        end = _END_OF_CELL.search(xml, suspect.start())
        cell = xml[start : end.start()] if end else xml[start:]
        address = _ADDRESS.search(cell)
        if address is None:
            continue
        place = (int(address[2]), address[1].decode())
        value = _VALUE.search(cell)
        if b' t="e"' in cell:
            from html import unescape  # noqa: PLC0415  # slow to import, and rarely needed

            yield place, Fault(unescape(value[1].decode()) if value else "#ERROR!")
        elif not (value and (value[1] or b't="str"' in cell)):
            yield place, Fault()
