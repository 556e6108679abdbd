"""A .docx as parts: read, changed, packed to the same bytes; what of a template's file travels."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from lxml import etree

from deliverables.values.limits import (
    LARGEST_TEMPLATE,
    LARGEST_TEMPLATE_PART,
    MEGABYTE,
    MOST_PARTS,
)
from deliverables.values.problem import Message, say

try:  # the optional extra `isal`: the same content, compressed several times as fast
    from isal import isal_zlib
except ImportError:
    isal_zlib = None

_VARYING_LEVEL, _SHARED_LEVEL = 1, 9
_SHORT, _SHORT_RAW, _SHORT_MEMORY = 4096, -12, 5  # clearing more costs more than compressing
_TINY: Final = 1024  # not worth a compressor: that would save some 300 bytes
_VARYING: Final = ("word/document", "word/header", "word/footer", "word/charts/", "docProps/")
_ISAL_LEVEL: Final = 1
_RAW: Final = -zlib.MAX_WBITS
_TOLD: Final = struct.Struct("<5H3IH")
_PLACE: Final = struct.Struct("<4H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_UTF8_NAME: Final = 0x800
_STORED, _DEFLATED = 0, 8
_OWNER: Final = 0o600 << 16
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x21


# A compressor takes a few hundred kilobytes, which glibc hands back to the system each time, to be
# given them again page by page. Once a block of this size was freed, it keeps what is smaller. The
# block is of bytes, which take no page of memory before one is written to.
del (_block := [bytes(31 << 20)])[:]


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class Member:
    """The content of a member, packed, with all that a zip file says of it but its place."""

    __slots__ = ("entry", "local", "packed", "size")

    def __init__(
        self, name: str, crc: int, packed: bytes, size: int, method: int = _DEFLATED
    ) -> None:
        encoded = name.encode()
        flags = 0 if len(encoded) == len(name) else _UTF8_NAME
        told = _TOLD.pack(
            _VERSION,
            flags,
            method,
            _MIDNIGHT,
            _FIRST_OF_1980,
            crc,
            len(packed),
            size,
            len(encoded),
        )
        self.local = b"PK\x03\x04%b\0\0%b" % (told, encoded)
        self.packed = packed
        self.size = len(self.local) + len(packed)
        self.entry = b"PK\x01\x02\x14\0%b" % told, encoded


def pack(name: str, content: bytes) -> Member:
    """Compress a member: quickly what each document has of its own, as far as it goes the rest.

    How depends on name and content alone, so the same document is the same bytes whichever way
    it was made.
    """
    if len(content) < _TINY and name.startswith(_VARYING):
        return Member(name, zlib.crc32(content), content, len(content), _STORED)
    if isal_zlib is not None:
        return _packed(name, content, isal_zlib.compressobj(_ISAL_LEVEL, zlib.DEFLATED, _RAW))
    if not name.startswith(_VARYING):
        return pack_with_zlib(name, content, _SHARED_LEVEL)
    if len(content) >= _SHORT:
        return pack_with_zlib(name, content, _VARYING_LEVEL)
    compressor = zlib.compressobj(_VARYING_LEVEL, zlib.DEFLATED, _SHORT_RAW, _SHORT_MEMORY)
    return _packed(name, content, compressor)


def pack_with_zlib(name: str, content: bytes, level: int) -> Member:
    """Compress a member with zlib, whatever else there is."""
    return _packed(name, content, zlib.compressobj(level, zlib.DEFLATED, _RAW))


def _packed(name: str, content: bytes, compressor: _Compressor) -> Member:
    packed = compressor.compress(content) + compressor.flush()
    return Member(name, zlib.crc32(content), packed, len(content))


@lru_cache(maxsize=512)
def pack_once(name: str, content: bytes) -> Member:
    """Compress a member that many documents share."""
    return pack(name, content)


def archive(members: Iterable[Member]) -> bytes:
    """Return the zip file of the members: fixed times, fixed order."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        pieces += member.local, member.packed
        told, name = member.entry
        directory += told, _PLACE.pack(0, 0, 0, 0, _OWNER, offset), name
        offset += member.size
    listed = b"".join(directory)
    count = len(directory) // 3
    pieces += listed, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), offset, 0)
    return b"".join(pieces)


_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
R: Final = f"{{{RELATIONSHIPS}}}"
_CONTENT_TYPES = "[Content_Types].xml"
_STANDARD_PART = ".xml"


def parse(xml: bytes | str) -> etree._Element:
    """Return the root of `xml`, refusing entities and everything that is not well-formed."""
    source = xml.encode() if isinstance(xml, str) else xml
    return etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))


def serialise(root: etree._Element) -> bytes:
    """Return the part whose root is `root`."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


@dataclass(frozen=True, slots=True)
class Link:
    """What a part calls a link, and the address that it points to."""

    id: str
    target: str


class Package:
    """The parts of one .docx by name (word/document.xml), in the order of the file."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = dict(parts)

    @classmethod
    def read(cls, path: Path) -> Package:
        """Read the file at `path`."""
        return cls.of(path.read_bytes())

    @classmethod
    def of(cls, document: bytes) -> Package:
        """Take a .docx apart."""
        with zipfile.ZipFile(BytesIO(document)) as zipped:
            return cls({item: zipped.read(item) for item in zipped.namelist()})

    @property
    def document(self) -> str:
        """The name of the part that holds the body."""
        return next(self.related("", "officeDocument"))

    def stories(self) -> tuple[str, ...]:
        """Return the parts that hold text: the body, headers, footers and notes, each once."""
        body = self.document
        others = (
            part
            for relation in ("header", "footer", "footnotes", "endnotes")
            for part in self.related(body, relation)
        )
        return tuple(dict.fromkeys((body, *others)))

    def related(self, part: str, relation: str) -> Iterator[str]:
        """Yield the parts that `part` ("" is the package) points to by `relation`."""
        for found in self._relations(part):
            if found.get("Type") == _type(relation) and found.get("TargetMode") != "External":
                yield _resolved(part, found.get("Target", ""))

    def target(self, part: str, relation_id: str) -> str | None:
        """Return the part that `part` calls `relation_id`."""
        for found in self._relations(part):
            if found.get("Id") == relation_id:
                return _resolved(part, found.get("Target", ""))
        return None

    def relate(self, part: str, relation: str, target: str) -> str:
        """Let `part` point to the part `target` and return the relationship's id.

        `relation` is the last word of an Office relationship's type, or a whole type.
        """
        name = next(self.free_relations(part))
        relations = self._relations(part)
        folder = posixpath.dirname(part) or "."
        etree.SubElement(
            relations,
            f"{{{_RELATION}}}Relationship",
            Id=name,
            Type=_type(relation),
            Target=posixpath.relpath(target, folder),
        )
        self.parts[_relations_of(part)] = serialise(relations)
        return name

    def relation(self, part: str, target: str) -> str | None:
        """Return what `part` calls the part `target`, if it points to it."""
        for found in self._relations(part):
            if _resolved(part, found.get("Target", "")) == target:
                return found.get("Id")
        return None

    def links(self, part: str) -> tuple[Link, ...]:
        """Return the links of a part to addresses outside."""
        return tuple(
            Link(found.get("Id", ""), found.get("Target", ""))
            for found in self._relations(part)
            if found.get("TargetMode") == "External" and found.get("Type") == _type("hyperlink")
        )

    def link(self, part: str, relation_id: str, address: str) -> None:
        """Let a link of a part point to another address."""
        relations = self._relations(part)
        for found in relations:
            if found.get("Id") == relation_id:
                found.set("Target", address)
        self.parts[_relations_of(part)] = serialise(relations)

    def relation_ids(self, part: str) -> frozenset[str]:
        """Return the ids of the relationships that `part` has."""
        return frozenset(found.get("Id", "") for found in self._relations(part))

    def free_relations(self, part: str) -> Iterator[str]:
        """Yield the ids that the next relationships of `part` get."""
        taken = {found.get("Id") for found in self._relations(part)}
        return (name for n in count(1) if (name := f"rId{n}") not in taken)

    def add(self, name: str, content: bytes, content_type: str) -> None:
        """Add a part; one that is not XML is declared by its extension."""
        self.parts[name] = content
        types = parse(self.parts[_CONTENT_TYPES])
        if name.endswith(_STANDARD_PART):
            kind, key, value = "Override", "PartName", f"/{name}"
        else:
            kind, key, value = "Default", "Extension", name.rsplit(".", 1)[-1]
        if not any(declared.get(key) == value for declared in types):
            attributes = {key: value, "ContentType": content_type}
            declared = etree.Element(f"{{{_TYPES_NAMESPACE}}}{kind}", attributes)
            types.insert(0 if kind == "Default" else len(types), declared)
        self.parts[_CONTENT_TYPES] = serialise(types)

    def drop(self, name: str) -> None:
        """Remove a part that only the package itself points to, with every mention of it."""
        if self.parts.pop(name, None) is None:
            return
        self._drop_where(_CONTENT_TYPES, "PartName", f"/{name}")
        relations = self._relations("")
        for found in relations:
            if _resolved("", found.get("Target", "")) == name:
                relations.remove(found)
        self.parts[_relations_of("")] = serialise(relations)

    def detach(self, part: str, relation_id: str) -> None:
        """Let `part` no longer point to what it calls `relation_id`; drop that if nobody does."""
        relations = self._relations(part)
        found = next((each for each in relations if each.get("Id") == relation_id), None)
        if found is None:
            return
        relations.remove(found)
        self.parts[_relations_of(part)] = serialise(relations)
        target = _resolved(part, found.get("Target", ""))
        if any(_resolved(part, each.get("Target", "")) == target for each in relations):
            return
        if self.parts.pop(target, None) is not None:
            self.parts.pop(_relations_of(target), None)
            self._drop_where(_CONTENT_TYPES, "PartName", f"/{target}")

    def free_name(self, pattern: str) -> str:
        """Return the first of pattern.format(1), (2) … that no part has."""
        return next(
            name
            for number in range(1, len(self.parts) + 2)
            if (name := pattern.format(number)) not in self.parts
        )

    def to_bytes(self) -> bytes:
        """Return the file: fixed times, fixed order, the list of content types first."""
        return archive(pack(name, self.parts[name]) for name in self.in_order())

    def in_order(self) -> tuple[str, ...]:
        """Return the names of the parts in the order of the file."""
        first = (_CONTENT_TYPES, _relations_of(""))
        return (*first, *(name for name in self.parts if name not in first))

    def _relations(self, part: str) -> etree._Element:
        stored = self.parts.get(_relations_of(part))
        return parse(stored or f'<Relationships xmlns="{_RELATION}"/>')

    def _drop_where(self, part: str, attribute: str, value: str) -> None:
        root = parse(self.parts[part])
        for child in root:
            if child.get(attribute) == value:
                root.remove(child)
        self.parts[part] = serialise(root)


def _type(relation: str) -> str:
    return relation if "://" in relation else f"{RELATIONSHIPS}/{relation}"


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST_EXCERPT = 40


class Inside(StrEnum):
    """What of a paragraph holds something: its text, or what lies behind or beside the text."""

    TEXT = ""
    FIELD = "field"
    EQUATION = "equation"
    DELETED = "deleted"
    DESCRIPTION = "description"
    LINK = "link"
    WORD_ART = "word art"
    MARKUP = "markup"


_INSIDE = {
    Inside.FIELD: say("field code"),
    Inside.EQUATION: say("equation"),
    Inside.DELETED: say("deleted text"),
    Inside.DESCRIPTION: say("alternative text"),
    Inside.LINK: say("address of the link"),
    Inside.WORD_ART: say("WordArt"),
    Inside.MARKUP: say("markup"),
}


@dataclass(frozen=True, slots=True)
class TemplatePlace:
    """A paragraph of a template: its part, and its table cell (counted from 1) if it is in one.

    A place without text and cell is the part as a whole.
    """

    part: str
    text: str
    table: int = 0
    row: int = 0
    cell: int = 0
    inside: Inside = Inside.TEXT

    def __str__(self) -> str:
        return str(self.message)

    @property
    def message(self) -> Message:
        """The place as a phrase: body, table 2, row 3, cell 1."""
        if self.inside:
            around = replace(self, inside=Inside.TEXT).message
            return say("{place}, {inside}", place=around, inside=_INSIDE[self.inside])
        story = _story_of(self.part)
        if self.table:
            return say(
                "{story}, table {table}, row {row}, cell {cell}",
                story=story,
                table=self.table,
                row=self.row,
                cell=self.cell,
            )
        if not self.text:
            return story
        excerpt = self.text if len(self.text) <= _LONGEST_EXCERPT else (
            self.text[:_LONGEST_EXCERPT] + "…"
        )  # fmt: skip
        return say("{story}, paragraph “{text}”", story=story, text=excerpt)


_PARTS = {
    "document": say("body"),
    "footnotes": say("footnotes"),
    "endnotes": say("endnotes"),
    "comments": say("comments"),
    "settings": say("settings"),
    **dict.fromkeys(("core", "app", "custom"), say("document properties")),
}


def _story_of(part: str) -> Message:
    match re.sub(r"\d+$", "", part):
        case "header":
            return say("header ({part})", part=part)
        case "footer":
            return say("footer ({part})", part=part)
        case "chart":
            return say("chart ({part})", part=part)
        case name:
            return _PARTS.get(name) or say("part {part}", part=part)


def label_of(part: str) -> str:
    """Return a part's name without folder and extension, as places show it."""
    return part.rsplit("/", 1)[-1].removesuffix(".xml")


@dataclass(frozen=True)
class Story:
    """A part of a template that holds text, parsed; its tables are counted from 1."""

    part: str
    root: etree._Element
    tables: Mapping[etree._Element, int]

    @property
    def label(self) -> str:
        """The part's name without folder and extension, as places show it."""
        return label_of(self.part)

    @cached_property
    def paragraphs(self) -> tuple[tuple[TemplatePlace, etree._Element], ...]:
        """Every paragraph with its place, in order."""
        return tuple((self.place(found), found) for found in self.root.iter(f"{W}p"))

    def place(self, paragraph: etree._Element) -> TemplatePlace:
        """Return the place of a paragraph of this story."""
        text = own_text(paragraph)
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        row = next(paragraph.iterancestors(f"{W}tr"), None)
        table = None if row is None else next(row.iterancestors(f"{W}tbl"), None)
        if cell is None or row is None or table is None:
            return TemplatePlace(self.label, text)
        at = _position(row, f"{W}tr"), _position(cell, f"{W}tc")
        return TemplatePlace(self.label, text, self.tables[table], *at)

    def nearest(self, element: etree._Element) -> TemplatePlace:
        """Return the place of an element: of the paragraph it stands in, or of its first one."""
        around = next(element.iterancestors(f"{W}p"), None)
        paragraph = around if around is not None else next(element.iter(f"{W}p"), None)
        if paragraph is None and element.getparent() is not None:
            paragraph = next(element.getparent().iter(f"{W}p"), None)  # type: ignore[union-attr]
        return TemplatePlace(self.label, "") if paragraph is None else self.place(paragraph)


def stories(package: Package) -> tuple[Story, ...]:
    """Return every story of a template: the body, headers, footers and notes."""
    return tuple(_story(part, parse(package.parts[part])) for part in package.stories())


def paragraphs(package: Package) -> Iterator[TemplatePlace]:
    """Yield every paragraph of every story of a template, in order."""
    for story in stories(package):
        for place, _ in story.paragraphs:
            yield place


def _story(part: str, root: etree._Element) -> Story:
    tables = {table: number for number, table in enumerate(root.iter(f"{W}tbl"), 1)}
    return Story(part, root, tables)


def own(paragraph: etree._Element, *tags: str) -> list[etree._Element]:
    """Return the elements `tags` of a paragraph without those of paragraphs inside it."""
    return [
        found for found in paragraph.iter(*tags) if next(found.iterancestors(f"{W}p")) is paragraph
    ]


def own_text(paragraph: etree._Element) -> str:
    """Return the text of a paragraph without that of paragraphs inside it (text boxes)."""
    return "".join(text.text or "" for text in own(paragraph, f"{W}t"))


def _position(element: etree._Element, tag: str) -> int:
    return 1 + sum(1 for _ in element.itersiblings(tag, preceding=True))


HYPERLINK: Final = "hyperlink"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SETTINGS = ("attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "recipientData")
_ORDINARY = ("http", "https", "mailto")


@dataclass(frozen=True, slots=True)
class Outside:
    """A relation to something outside: of which part, its id there, its kind and its target."""

    part: str
    id: str
    relation: str
    target: str

    @property
    def is_setting(self) -> bool:
        """Whether it belongs to a setting of the file (template, mail merge), not to its words."""
        return self.relation in _SETTINGS

    @property
    def is_ordinary(self) -> bool:
        """Whether it is a link that a reader may follow, to a page, an e-mail or a tag."""
        if self.relation != HYPERLINK:
            return False
        return is_ordinary_link(self.target)


def is_ordinary_link(target: str) -> bool:
    """Return whether a reader may follow a link to it: a page, an e-mail, a bookmark, or a tag."""
    try:
        scheme = urlsplit(unquote(target).strip()).scheme.lower()
    except ValueError:  # such as http://[
        return False
    return scheme in _ORDINARY or target.startswith("#") or "{{" in unquote(target)


_LEAVING: Final = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")


def leaves(target: str) -> bool:
    """Return whether an address or path leads out of a file by how it is written."""
    return _LEAVING.match(unquote(target)) is not None


def is_outside(relation: etree._Element) -> bool:
    """Return whether a relation points outside; some say that they do not."""
    return relation.get("TargetMode") == "External" or leaves(relation.get("Target", ""))


def outside(package: Package, part: str | None = None) -> tuple[Outside, ...]:
    """Return what a package, or one part of it, points to outside."""
    return tuple(
        Outside(
            owner,
            relation.get("Id", ""),
            relation.get("Type", "").rsplit("/", 1)[-1],
            relation.get("Target", ""),
        )
        for name in package.parts
        if name.endswith(".rels")
        for owner in (_owner(name),)
        if part in (None, owner)
        for relation in parse(package.parts[name]).iter(_RELATIONSHIP)
        if is_outside(relation)
    )


def _owner(relations: str) -> str:
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


_COMPOUND = b"\xd0\xcf\x11\xe0"
_WORD = (
    *("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"),
    *("ms-word.document.macroEnabled.main+xml", "ms-word.template.macroEnabledTemplate.main+xml"),
)
"""How the body of a .docx, .dotx, .docm or .dotm is declared; documents are made as .docx."""
_MACRO_SIGNS = ("macroEnabled", "vbaProject")
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError),
)
"""What reading a damaged or encrypted archive may raise."""

Objection = tuple[Message, Message]
"""What is wrong with a file, and the remedy."""

_SAVE = say("save it as .docx in Word or WPS, without a password")


def read_word_file(template: Path) -> tuple[Package | None, tuple[Objection, ...]]:
    """Return the parts of a template, or why it cannot be one; a missing file raises OSError."""
    if template.stat().st_size > LARGEST_TEMPLATE:
        return None, (
            (say("it is larger than {size} MB", size=LARGEST_TEMPLATE // MEGABYTE), _SAVE),
        )
    content = template.read_bytes()
    if content.startswith(_COMPOUND):
        return None, ((say("this is an old .doc file, or one with a password"), _SAVE),)
    try:
        zipped = zipfile.ZipFile(BytesIO(content))
    except _UNREADABLE:
        return None, ((say("this is no Word document that can be read"), _SAVE),)
    with zipped:
        objection = _of_members(zipped) or _of_parts(Package.of(content))
    return (None, (objection,)) if objection else (Package.of(content), ())


def _of_members(zipped: zipfile.ZipFile) -> Objection | None:
    names = zipped.namelist()
    if odd := next((item.orig_filename for item in zipped.infolist()
                    if "\\" in item.orig_filename), ""):  # fmt: skip
        return say("its parts are named in a way Word does not know: {part}", part=odd), _SAVE
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        return say("it holds {part} twice", part=twice), _SAVE
    if len(names) > MOST_PARTS:
        return say("it has {found} parts, at most {most} are read", found=f"{len(names):,}",
                   most=f"{MOST_PARTS:,}"), _SAVE  # fmt: skip
    return _of_sizes(zipped) or next(
        ((say("the file is damaged: {part} cannot be read", part=name), _SAVE)
         for name in names if not _is_readable(zipped, name)), None)  # fmt: skip


def _is_readable(zipped: zipfile.ZipFile, name: str) -> bool:
    try:
        zipped.read(name)
    except _UNREADABLE:
        return False
    return True


def _of_sizes(zipped: zipfile.ZipFile) -> Objection | None:
    most = LARGEST_TEMPLATE // MEGABYTE
    if sum(item.file_size for item in zipped.infolist()) > LARGEST_TEMPLATE:
        return say("unpacked it would be larger than {size} MB", size=most), _SAVE
    for item in zipped.infolist():
        if item.file_size > LARGEST_TEMPLATE_PART and item.filename.endswith((".xml", ".rels")):
            most = LARGEST_TEMPLATE_PART // MEGABYTE
            return say("{part} inside it would be larger than {size} MB", part=item.filename,
                       size=most), _SAVE  # fmt: skip
    return None


def _of_parts(package: Package) -> Objection | None:
    if "[Content_Types].xml" not in package.parts:
        return say("this is no Word document that can be read"), _SAVE
    for name, content in package.parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                root = parse(content)
            except etree.XMLSyntaxError as fault:
                line = fault.lineno or 1
                return say("the file is damaged: {part}, line {line}", part=name, line=line), _SAVE
            if root.getroottree().docinfo.internalDTD is not None:
                return say(
                    "{part} declares a document type, as no Word file does", part=name
                ), _SAVE
    return _of_kind(package)


def _of_kind(package: Package) -> Objection | None:
    if any(package.related("", _STRICT)):
        strict = say("this is a file in Strict Open XML, which cannot be filled")
        return strict, say("save it as “Word document (*.docx)”, not as Strict Open XML")
    body = next(package.related("", "officeDocument"), "")
    if body not in package.parts:
        return say("this is no Word document that can be read"), _SAVE
    if not any(declared.endswith(_WORD) for declared in _declared(package)):
        return say("this is no Word document that can be read"), _SAVE
    if parse(package.parts[body]).find(f"{W}body") is None:
        return say("the file is damaged: {part} has no text", part=body), _SAVE
    missing = next((part for part in package.stories() if part not in package.parts), "")
    return (say("the file is damaged: {part} is missing", part=missing), _SAVE) if missing else None


def has_macros(package: Package) -> bool:
    """Return whether a file is declared to hold macros, or holds some."""
    return any(word in declared for declared in _declared(package) for word in _MACRO_SIGNS)


def _declared(package: Package) -> Iterator[str]:
    for found in parse(package.parts["[Content_Types].xml"]).iter(etree.Element):
        yield found.get("ContentType", "")


_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STAY: Final = tuple(
    f"{W}{name}"
    for name in ("trackRevisions", "documentProtection", "mailMerge", "attachedTemplate",
                 "writeProtection")
)  # fmt: skip
_MACROS: Final = ("vbaProject", "wordVbaData", "keyMapCustomizations")


def travelling(package: Package) -> Package:
    """Return a copy of a template's package with what its documents may hold."""
    copy = Package(package.parts)
    body = copy.document
    _declare(copy, body)
    for part in copy.related(body, "settings"):
        if part in copy.parts:
            root = parse(copy.parts[part])
            for element in list(root.iter(*_STAY)):
                remove(element)
            copy.parts[part] = serialise(root)
    for relations in [name for name in copy.parts if name.endswith(".rels")]:
        _cut_off(copy, relations)
    return copy


def _declare(package: Package, body: str) -> None:
    """Declare the body as that of an ordinary document, without macros."""
    types = parse(package.parts[_CONTENT_TYPES])
    for declared in types:
        if declared.get("PartName") == f"/{body}":
            declared.set("ContentType", _MAIN)
    package.parts[_CONTENT_TYPES] = serialise(types)


def _cut_off(package: Package, relations: str) -> None:
    """Remove relations to macros, and to what lies outside unless a reader may click on it."""
    part = relations.replace("_rels/", "").removesuffix(".rels")
    gone = set()
    for relation in parse(package.parts[relations]):
        kind = relation.get("Type", "").rpartition("/")[2]
        if kind in _MACROS or (is_outside(relation) and kind != HYPERLINK):
            gone.add(relation.get("Id", ""))
    for relation_id in gone:
        package.detach(part, relation_id)
    if gone and part.endswith(".xml") and part in package.parts:
        story = parse(package.parts[part])
        for element in list(story.iter(etree.Element)):
            for name, value in list(element.attrib.items()):
                if str(name).startswith(R) and value in gone:
                    _release(element, str(name))
        package.parts[part] = serialise(story)


def _release(element: etree._Element, name: str) -> None:
    """Let an element no longer point outside; one that does nothing else goes."""
    if name == f"{R}link":
        del element.attrib[name]
    else:
        remove(element)


def remove(element: etree._Element) -> None:
    """Take an element, and the words that follow it, out of where it stands."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
