"""The parts of a Word document or a workbook, opened as if a stranger had sent the file."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from typing import Final
from zipfile import BadZipFile, ZipFile

from lxml import etree

from deliverables.values.limits import LARGEST_FILE, MEGABYTE
from deliverables.values.problem import SpokenError, say


class UnreadableDocumentError(SpokenError):
    """A file that is no document, or no longer one, or one made to do harm; `message` says why."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A fault of the file itself, which Word refuses or repairs: its code, part, and words."""

    code: str
    part: str
    words: str = ""


MOST_PARTS: Final = 5_000
MOST_BYTES: Final = 256 << 20
"""Unpacked. A year's report with its charts has less than a tenth of it."""

_BROKEN: Final = (
    BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError
)  # fmt: skip
"""What cut, damaged, encrypted and exotic archives raise."""

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = f"{{{_OFFICE}}}"
A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_STRICT_HOST: Final = b"purl.oclc.org"
_STRICT: Final = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _OFFICE.encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": (
        b"http://schemas.openxmlformats.org/drawingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/chart": (
        b"http://schemas.openxmlformats.org/drawingml/2006/chart"
    ),
}
"""Word can save the same elements under other names ("Strict Open XML")."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A link of a part: its type without the common beginning, and where it leads."""

    type: str
    target: str
    outside: bool = False


class OpenedPackage:
    """The parts of a .docx or .xlsx, opened as if a stranger had sent the file."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.names = {item.filename: item for item in archive.infolist()}
        if len(archive.infolist()) > MOST_PARTS:
            raise UnreadableDocumentError(say("the file has {parts} parts", parts=len(self.names)))
        self._room = MOST_BYTES
        self._contents: dict[str, bytes] = {}
        self._relations: dict[str, dict[str, Relation]] = {}

    @classmethod
    def of(cls, document: Path | bytes) -> OpenedPackage:
        """Open a package. Raises UnreadableDocumentError."""
        try:
            data = _content(document) if isinstance(document, Path) else document
        except OSError as failure:
            reason = say("the file cannot be opened: {reason}", reason=failure.strerror)
            raise UnreadableDocumentError(reason) from failure
        try:
            return cls(ZipFile(BytesIO(data)))
        except _BROKEN as broken:
            raise UnreadableDocumentError(say("the file is damaged, or no .docx")) from broken

    def content(self, part: str) -> bytes:
        """Return the bytes of a part, whose checksum holds."""
        if part not in self._contents:
            self._contents[part] = self._unpacked(part)
        return self._contents[part]

    def _unpacked(self, part: str) -> bytes:
        try:
            with self._archive.open(self.names[part]) as packed:
                # The size in the archive's listing is only a claim, so it is not asked.
                content = packed.read(self._room + 1)
        except _BROKEN as broken:
            raise UnreadableDocumentError(say("the file is damaged, or no .docx")) from broken
        self._room -= len(content)
        if self._room < 0:
            raise UnreadableDocumentError(
                say("the file unpacks to more than {size} MB", size=MOST_BYTES >> 20)
            )
        return content

    def xml(self, part: str) -> etree._Element:
        """Return the root of a part."""
        return parsed(part, self.content(part))

    def packed(self, document: bytes, without: frozenset[str]) -> Mapping[str, bytes]:
        """Return the members as they lie in the file, but for some parts and all properties.

        Two members that lie there alike are alike: nothing need be unpacked to know it.
        """
        listed = sorted(self.names.values(), key=lambda item: item.header_offset)
        ends = [item.header_offset for item in listed[1:]]
        ends.append(self._archive.start_dir)
        return {
            item.filename: document[item.header_offset : end]
            for item, end in zip(listed, ends, strict=True)
            if item.filename not in without and not item.filename.startswith("docProps/")
        }

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the links of a part (of the package itself for "") by their ids."""
        known = self._relations.get(part)
        if known is None:
            folder, name = posixpath.split(part)
            listing = posixpath.join(folder, "_rels", f"{name}.rels")
            known = dict(self._links(listing, folder)) if listing in self.names else {}
            self._relations[part] = known
        return known

    def _links(self, listing: str, folder: str) -> Iterator[tuple[str, Relation]]:
        for item in self.xml(listing):
            target = item.get("Target", "")
            kind = item.get("Type", "").rpartition("/")[2]
            if item.get("TargetMode") == "External":
                yield item.get("Id", ""), Relation(kind, target, outside=True)
            elif target:
                part = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                yield item.get("Id", ""), Relation(kind, posixpath.normpath(part))

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts that a part links to by a type, as it lists them."""
        found = self.relations(part).values()
        return [one.target for one in found
                if one.type == kind and not one.outside and one.target in self.names]  # fmt: skip

    @property
    def main(self) -> str:
        """The name of the main part."""
        for part in self.related("", "officeDocument"):
            return part
        raise UnreadableDocumentError(say("the file holds no Word document"))


def _content(document: Path) -> bytes:
    """Return the bytes of a file; what is no file, or beyond all bounds, is not read."""
    state = document.stat()
    if not S_ISREG(state.st_mode):
        raise UnreadableDocumentError(say("this is no file"))
    if state.st_size > LARGEST_FILE:
        raise UnreadableDocumentError(
            say("the file has {found} MB, at most {most} MB are read",
                found=f"{-(-state.st_size // MEGABYTE):,}", most=LARGEST_FILE // MEGABYTE)
        )  # fmt: skip
    return document.read_bytes()


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def parsed(part: str, content: bytes) -> etree._Element:
    """Return the root of a part. Raises UnreadableDocumentError if it is ill-formed or harmful."""
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


_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")


def natural(text: str) -> int:
    """Return a number as markup has it; 0 for what is none, or has no end."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else 0
