"""A workbook as bytes: without the time, the order or the system it was saved in."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from deliverables.read.untouched import PROPERTY, digest

_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FONT_ORDER = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset")
"""The order in which Excel writes the children of a font; the schema allows no other."""


def saved(book: Workbook, *, blank: bool) -> bytes:
    """Return the bytes of the workbook; a blank one is marked, so that typing into it shows."""
    content = _reproducible(book)
    if not blank:
        return content
    properties = book.custom_doc_props  # type: ignore[attr-defined]  # the stubs lack it
    properties.append(StringProperty(name=PROPERTY, value=digest(content)))
    return _reproducible(book)


def _reproducible(book: Workbook) -> bytes:
    book.properties.creator = ""
    book.properties.created = _EPOCH
    book.properties.language = "zh-CN"
    written, result = BytesIO(), BytesIO()
    book.save(written)
    with ZipFile(written) as source, ZipFile(result, "w") as package:
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
