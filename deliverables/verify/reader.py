"""Opens a saved document and says what is in it. Shares no code with what made the document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from deliverables.message import say
from deliverables.verify.document import Bookmark, Document, Paragraph, Table
from deliverables.verify.letters import MARK, text_of
from deliverables.verify.package import (
    Package,
    UnreadableDocumentError,
    W,
    open_package,
)
from deliverables.verify.story import Story, heading_styles

__all__ = ["UnreadableDocumentError", "read_document"]

_PAGES: Final = {"header": "header", "footer": "footer"}
_NOTES: Final = {"footnotes": "footnote", "endnotes": "endnote"}
_CORE: Final = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)
_INSERTED, _DELETED = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")


def read_document(document: Path | bytes) -> Document:
    """Return what a .docx says.

    Raises UnreadableDocumentError for anything that is no document or no longer one.
    """
    package = open_package(document)
    try:
        return _read(package)
    except RecursionError as hostile:
        reason = say("the document is nested deeper than any program writes")
        raise UnreadableDocumentError(reason) from hostile


def _read(package: Package) -> Document:
    main, styles = package.document, _related(package, "styles")
    headings = heading_styles(package.xml(styles[0]) if styles else None)
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    parts = []
    for name, part, root in _stories(package, main):
        story = Story(name, headings)
        story.read(root)
        paragraphs += story.paragraphs
        tables += story.tables
        parts.append(part)
    roots = [(part, package.xml(part)) for part in dict.fromkeys(parts)]
    return Document(
        paragraphs=tuple(paragraphs),
        tables=tuple(tables),
        bookmarks=tuple(found for part, root in roots for found in _bookmarks(part, root)),
        properties=_properties(package),
        insertions=sum(_count(root, _INSERTED) for _, root in roots),
        deletions=sum(_count(root, _DELETED) for _, root in roots),
        package=package,
    )


def _stories(package: Package, main: str) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield the stories in reading order: name, part, and the element that holds the blocks."""
    body = package.xml(main).find(f"{W}body")
    if body is None:
        raise UnreadableDocumentError(say("the document has no body"))
    yield "body", main, body
    for relation, name in _PAGES.items():
        for part in _related(package, relation):
            yield name, part, package.xml(part)
    for relation, name in _NOTES.items():
        for part in _related(package, relation):
            for note in package.xml(part):
                yield name, part, note


def _related(package: Package, type_: str) -> list[str]:
    relations = package.relations(package.document).values()
    return [r.part for r in relations if r.type == type_ and r.part in package.parts]


def _bookmarks(part: str, root: etree._Element) -> Iterator[Bookmark]:
    for start in root.iter(f"{W}bookmarkStart"):
        paragraph = next(start.iterancestors(f"{W}p"), None)
        name = start.get(f"{W}name", "")
        text = "" if paragraph is None or name.startswith(MARK) else text_of(paragraph)
        yield Bookmark(name, part, text)


def _properties(package: Package) -> dict[str, str]:
    for relation in package.relations("").values():
        if relation.type == _CORE and relation.part in package.parts:
            return {
                etree.QName(item).localname: item.text or ""
                for item in package.xml(relation.part).iterchildren(tag=etree.Element)
            }
    return {}


def _count(root: etree._Element, tags: tuple[str, ...]) -> int:
    return sum(1 for _ in root.iter(*tags))
