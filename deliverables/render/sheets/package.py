"""A workbook as bytes: without the time, the order or the system it was saved in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from deliverables.read.untouched import PROPERTY, digest

_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FONT_ORDER = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset")
"""The order in which Excel writes the children of a font; the schema allows no other."""
_CORE = "docProps/core.xml"
_UNKNOWN = "0" * 64
_IDENTIFIER = re.compile(rb"<dc:identifier[^>]*>([0-9a-f]{64})</dc:identifier>")


def saved(book: Workbook, *, blank: bool) -> bytes:
    """Return the bytes of the workbook; a blank one is marked, so that typing into it shows."""
    content = reproducible(book)
    if not blank:
        return content
    properties = book.custom_doc_props  # type: ignore[attr-defined]  # the stubs lack it
    properties.append(StringProperty(name=PROPERTY, value=digest(content)))
    return reproducible(book)


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


def _digest(data: bytes) -> str:
    digest = sha256()
    with ZipFile(BytesIO(data)) as package:
        for name in sorted(package.namelist()):
            if name != _CORE:
                digest.update(f"{name}\0{sha256(package.read(name)).hexdigest()}\n".encode())
    return digest.hexdigest()
