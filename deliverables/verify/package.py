"""The parts of a document as bytes and XML, opened as if a stranger had sent the file."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache, cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from lxml import etree

from deliverables.archive import members
from deliverables.lazily import dataclass
from deliverables.message import Message, say

MOST_PARTS: Final = 5_000
MOST_BYTES: Final = 256 << 20
"""Unpacked. A year's report with its charts has less than a tenth of it."""

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LARGEST_REMEMBERED: Final = 1 << 14
_REMEMBERED: Final = 64
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_READ: Final = (".xml", ".rels", ".xlsx")
_STRICT_HOST: Final = b"purl.oclc.org"
_PICTURES: Final = (".png", ".jpg", ".jpeg")
_STRICT: Final = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": (
        b"http://schemas.openxmlformats.org/drawingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/chart": (
        b"http://schemas.openxmlformats.org/drawingml/2006/chart"
    ),
}
"""Word can save the same elements under other names ("Strict Open XML")."""

_BROKEN: Final = (
    BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError
)  # fmt: skip
"""What cut, damaged, encrypted and exotic archives raise."""


class UnreadableDocumentError(Exception):
    """A file that is no document, or no longer one, or one made to do harm."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another: its type without the common beginning, and the part."""

    type: str
    part: str


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a part by their ids, and the parts they lead to by the links' type."""

    by_id: Mapping[str, Relation]
    by_type: Mapping[str, Sequence[str]]


_NONE: Final = Links({}, {})


@dataclass(frozen=True)
class Package:
    """The XML parts and embedded workbooks of a package by name; pictures if they are wanted."""

    parts: Mapping[str, bytes]
    _trees: dict[str, etree._Element] = field(default_factory=dict, repr=False, compare=False)
    _links: dict[str, Links] = field(default_factory=dict, repr=False, compare=False)

    def xml(self, part: str) -> etree._Element:
        """Return the root of a part, the same element each time."""
        if part not in self._trees:
            self._trees[part] = parsed(part, self.parts[part])
        return self._trees[part]

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the links of a part (of the package itself for "") by their ids."""
        return self._linked(part).by_id

    def related(self, type_: str) -> list[str]:
        """Return the parts that the main part links to by a type, as it lists them."""
        return self._related(self.document, type_)

    @cached_property
    def document(self) -> str:
        """The name of the main part."""
        for part in self._related("", "officeDocument"):
            return part
        raise UnreadableDocumentError(say("the file holds no Word document"))

    def _related(self, part: str, type_: str) -> list[str]:
        return [one for one in self._linked(part).by_type.get(type_, ()) if one in self.parts]

    def _linked(self, part: str) -> Links:
        known = self._links.get(part)
        if known is None:
            folder, name = posixpath.split(part)
            listing = posixpath.join(folder, "_rels", f"{name}.rels")
            content = self.parts.get(listing)
            known = _NONE if content is None else _links(listing, content, folder)
            self._links[part] = known
        return known


def open_package(document: Path | bytes, *, pictures: bool = False) -> Package:
    """Return the parts of a .docx, with its pictures (PNG, JPEG) if they are wanted.

    Raises UnreadableDocumentError if it cannot be read, or if it unpacks to more than any
    honest document does.
    """
    try:
        data = document.read_bytes() if isinstance(document, Path) else document
    except OSError as failure:
        reason = say("the file cannot be opened: {reason}", reason=failure.strerror)
        raise UnreadableDocumentError(reason) from failure
    read = (*_READ, *_PICTURES) if pictures else _READ
    usual = members(data, MOST_BYTES, read)
    if usual is not None and len(usual) <= MOST_PARTS:
        return Package({name: member.content for name, member in usual.items()})
    try:
        with ZipFile(BytesIO(data)) as archive:
            return Package(dict(_unpacked(archive, read)))
    except _BROKEN as broken:
        raise UnreadableDocumentError(say("the file is damaged, or no .docx")) from broken


def _unpacked(archive: ZipFile, read: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    listed = archive.infolist()
    if len(listed) > MOST_PARTS:
        raise UnreadableDocumentError(say("the file has {parts} parts", parts=len(listed)))
    room = MOST_BYTES
    for item in listed:
        if not item.filename.endswith(read):
            continue
        with archive.open(item) as part:
            # The size in the archive's listing is only a claim, so it is not asked.
            content = part.read(room + 1)
        room -= len(content)
        if room < 0:
            raise UnreadableDocumentError(
                say("the file unpacks to more than {size} MB", size=MOST_BYTES >> 20)
            )
        yield item.filename, content


def parsed(part: str, content: bytes) -> etree._Element:
    """Return the root of a part, to be looked at only: it may be that of other documents too.

    Raises UnreadableDocumentError for what is not well-formed, or does harm when it is read.
    """
    small = len(content) <= LARGEST_REMEMBERED
    return _remembered_root(part, content) if small else _parse(part, content)


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _parse(part: str, content: bytes) -> etree._Element:
    if _STRICT_HOST in content:
        for strict, usual in _STRICT.items():
            content = content.replace(strict, usual)
    try:
        root: etree._Element = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as broken:
        raise UnreadableDocumentError(say("{part} is not well-formed", part=part)) from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocumentError(say("{part} declares entities", part=part))
    return root


_remembered_root = lru_cache(_REMEMBERED)(_parse)


@lru_cache(_REMEMBERED)
def _links(listing: str, content: bytes, folder: str) -> Links:
    by_id: dict[str, Relation] = {}
    for item in parsed(listing, content):
        target = item.get("Target", "")
        if item.get("TargetMode") == "External" or not target:
            continue
        part = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        type_ = item.get("Type", "").removeprefix(_RELATIONSHIPS)
        by_id[item.get("Id", "")] = Relation(type_, posixpath.normpath(part))
    by_type: dict[str, list[str]] = {}
    for relation in by_id.values():
        by_type.setdefault(relation.type, []).append(relation.part)
    return Links(by_id, by_type)
