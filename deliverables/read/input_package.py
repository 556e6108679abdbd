"""The package that an .xlsx or .ods is: its parts, inflated piece by piece and never beyond bounds.

It is looked at before the spreadsheet reader sees it, which believes what a file claims. Whatever
two programs could read in two ways is refused: parts of one name, anything before or behind.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from deliverables.values.limits import (
    LARGEST_PACKAGE,
    LARGEST_PART,
    LARGEST_SMALL_PART,
    MEGABYTE,
    MOST_PARTS,
)
from deliverables.values.problem import SpokenError, say

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_PIECE = 1 << 20
_LOCAL_HEADER, _NAME_LENGTH = 30, 26
_END_RECORD = 22
_ENCRYPTED = 1
_LARGE_PARTS = ("sheet", "sharedstrings.xml", "content.xml")
_TEXT_PARTS = (".xml", ".rels")


class DamagedError(Exception):
    """A package, or a part of it, that does not hold together."""


class TooLargeError(SpokenError):
    """A file that would need more than is read; `message` tells what, and the bound."""


class Parts(Protocol):
    """The parts of a package by name, as ZipFile has them."""

    def read(self, name: str) -> bytes:
        """Return a part whole."""
        ...

    def namelist(self) -> Collection[str]:
        """Return the names of the parts."""
        ...


class InputPackage:
    """The parts of a package; raises DamagedError and TooLargeError, here and when one is read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            with ZipFile(BytesIO(data)) as package:
                listed = package.infolist()
        except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as fault:
            raise DamagedError from fault
        self._parts = {item.filename: item for item in listed}
        self._check(listed)

    def namelist(self) -> Collection[str]:
        """Return the names of the parts."""
        return self._parts.keys()

    def read(self, name: str) -> bytes:
        """Return a part whole."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece."""
        item = self._parts.get(name)
        if item is None:
            raise DamagedError(name)
        checked = 0
        for piece in self._inflated(item):
            checked = zlib.crc32(piece, checked)
            yield piece
        if checked != item.CRC:
            raise DamagedError(name)

    def _check(self, listed: list[ZipInfo]) -> None:
        known = {item.filename.replace("\\", "/").casefold() for item in listed}
        if len(known) != len(listed) or self._data[-_END_RECORD:][:4] != b"PK\x05\x06":
            raise DamagedError
        if len(listed) > MOST_PARTS:
            raise TooLargeError(
                say("the workbook has {found} parts, at most {most} are read",
                    found=f"{len(listed):,}", most=f"{MOST_PARTS:,}")
            )  # fmt: skip
        for item in listed:
            if item.filename.casefold().endswith(_TEXT_PARTS) and item.file_size > _most(item):
                raise _too_large(item.filename, item.file_size, _most(item))
        total = sum(item.file_size for item in listed)
        if total > LARGEST_PACKAGE:
            raise TooLargeError(
                say("the workbook inflates to {found} MB, at most {most} MB are read",
                    found=f"{-(-total // MEGABYTE):,}", most=LARGEST_PACKAGE // MEGABYTE)
            )  # fmt: skip

    def _inflated(self, item: ZipInfo) -> Iterator[bytes]:
        packed = self._packed(item)
        if item.compress_type == ZIP_STORED:
            if len(packed) != item.file_size:
                raise DamagedError(item.filename)
            yield from (bytes(packed[at : at + _PIECE]) for at in range(0, len(packed), _PIECE))
            return
        inflater, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
        for piece in _pieces(inflater, packed, item.filename):
            size += len(piece)
            if size > item.file_size:
                break
            yield piece
        if size != item.file_size:
            raise DamagedError(item.filename)

    def _packed(self, item: ZipInfo) -> memoryview:
        at = item.header_offset
        header = self._data[at : at + _LOCAL_HEADER]
        usual = item.compress_type in (ZIP_STORED, ZIP_DEFLATED)
        if header[:4] != b"PK\x03\x04" or not usual or item.flag_bits & _ENCRYPTED:
            raise DamagedError(item.filename)
        name, extra = (
            int.from_bytes(header[at : at + 2], "little") for at in (_NAME_LENGTH, _NAME_LENGTH + 2)
        )
        start = at + _LOCAL_HEADER + name + extra
        packed = memoryview(self._data)[start : start + item.compress_size]
        if len(packed) != item.compress_size:
            raise DamagedError(item.filename)
        return packed


def _pieces(inflater: zlib._Decompress, packed: memoryview, name: str) -> Iterator[bytes]:
    """Yield what a stream inflates to, never more than a piece of it at a time."""
    try:
        for at in range(0, len(packed), _PIECE):
            waiting = bytes(packed[at : at + _PIECE])
            while waiting and not inflater.eof:
                piece = inflater.decompress(waiting, _PIECE)
                waiting = inflater.unconsumed_tail
                if piece:
                    yield piece
        while not inflater.eof and (piece := inflater.decompress(b"", _PIECE)):
            yield piece
    except zlib.error as fault:
        raise DamagedError(name) from fault
    if not inflater.eof:
        raise DamagedError(name)


def _most(item: ZipInfo) -> int:
    name = item.filename.casefold()
    return LARGEST_PART if any(one in name for one in _LARGE_PARTS) else LARGEST_SMALL_PART


def _too_large(part: str, found: int, most: int) -> TooLargeError:
    return TooLargeError(
        say("{part} inside it inflates to {found} MB, at most {most} MB are read",
            part=part, found=f"{-(-found // MEGABYTE):,}", most=most // MEGABYTE)
    )  # fmt: skip


def is_transparent(data: bytes) -> bool:
    """Return whether the bytes are an .xlsx, whose formulas can be looked at."""
    return data.startswith(b"PK") and b"xl/workbook.xml" in data


def worksheet_parts(package: Parts) -> dict[str, str]:
    """Return the part of every worksheet by the name on its tab."""
    known = set(package.namelist())
    relations = parsed(package.read("xl/_rels/workbook.xml.rels"))
    targets = {str(item.get("Id")): str(item.get("Target")) for item in relations}
    workbook = parsed(package.read("xl/workbook.xml"))
    listed = [item for item in workbook.iter() if str(item.tag).endswith("}sheet")]
    parts = {}
    for item in listed:
        target = targets.get(str(item.get(_RELATION) or item.get(_STRICT)), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in known:
            parts[str(item.get("name"))] = part
    return parts


def parsed(xml: bytes) -> etree._Element:
    """Return the root of an XML part; nothing outside it is ever fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(xml, parser)
