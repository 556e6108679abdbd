"""Opens a saved document and says what is in it. Shares no code with what made the document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from deliverables.message import say
from deliverables.verify.paper import Document
from deliverables.verify.package import Package, UnreadableDocumentError, open_package, parsed
from deliverables.verify.story import Told, body, heading_styles, notes, pages

__all__ = ["UnreadableDocumentError", "read_document"]

_PAGES: Final = {"header": "header", "footer": "footer"}
_NOTES: Final = {"footnotes": "footnote", "endnotes": "endnote"}
_MARKUP: Final = (".xml", ".rels")


def read_document(document: Path | bytes, *, pictures: bool = False) -> Document:
    """Return what a .docx says, with its pictures if they are wanted.

    Raises UnreadableDocumentError for anything that is no document or no longer one, also if it
    is a part without words that is damaged.
    """
    package = open_package(document, pictures=pictures)
    try:
        return _read(package)
    except RecursionError as hostile:
        reason = say("the document is nested deeper than any program writes")
        raise UnreadableDocumentError(reason) from hostile


def _read(package: Package) -> Document:
    main, styles = package.document, package.related("styles")
    headings = heading_styles(styles[0], package.parts[styles[0]]) if styles else frozenset[str]()
    told = list(_stories(package, main, headings))
    facts = {part: story.facts for part, story in told}
    for part, content in package.parts.items():
        if part not in facts and part.endswith(_MARKUP):
            parsed(part, content)
    return Document(
        paragraphs=tuple(chain.from_iterable(story.paragraphs for _, story in told)),
        tables=tuple(chain.from_iterable(story.tables for _, story in told)),
        insertions=sum(here.insertions for here in facts.values()),
        deletions=sum(here.deletions for here in facts.values()),
        package=package,
        facts=facts,
    )


def _stories(package: Package, main: str, headings: frozenset[str]) -> Iterator[tuple[str, Told]]:
    """Yield the parts that hold stories, in reading order, and what each tells."""
    content = body(main, package.parts[main], headings)
    if content is None:
        raise UnreadableDocumentError(say("the document has no body"))
    yield main, content
    for tell, relations in ((pages, _PAGES), (notes, _NOTES)):
        for relation, name in relations.items():
            for part in package.related(relation):
                yield part, tell(name, part, package.parts[part], headings)
