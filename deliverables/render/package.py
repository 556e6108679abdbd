"""A .docx as its parts: read, related to one another, and written as the same bytes each time."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import count
from pathlib import Path

from lxml import etree

from deliverables.render.packing import archive, pack

_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CONTENT_TYPES = "[Content_Types].xml"
_STANDARD_PART = ".xml"


def parse(xml: bytes | str) -> etree._Element:
    """Return the root of `xml`, refusing entities and everything that is not well-formed."""
    source = xml.encode() if isinstance(xml, str) else xml
    return etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))


def serialise(root: etree._Element) -> bytes:
    """Return the part whose root is `root`."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


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
            declared = etree.Element(f"{{{_TYPES}}}{kind}", attributes)
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
    return relation if "://" in relation else OFFICE + relation


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
