"""Faults of structure that Word refuses or repairs, and a schema validator does not see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from deliverables.message import Message, say
from deliverables.verify.paper import Document
from deliverables.verify.facts import repeated
from deliverables.verify.finding import Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.story import style_names


def content_controls_are_unique(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find content controls that share an id."""
    ids = list(chain.from_iterable(facts.controls for facts in document.facts.values()))
    for id_, times in repeated(ids):
        yield _shared("sdt-id", id_, times, say("content controls"))


def drawings_are_unique(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find drawings of one part that share an id."""
    for part, facts in document.facts.items():
        for id_, times in facts.repeated_drawings:
            yield _shared("drawing-id", id_, times, say("drawings of {part}", part=part))


def bookmarks_are_unique(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find bookmarks of one part that share an id, and names that are used twice."""
    for part, facts in document.facts.items():
        for id_, times in facts.repeated_bookmarks:
            yield _shared("bookmark-id", id_, times, say("bookmarks of {part}", part=part))
    # LibreOffice saves a header more than once, with the marks of the figures in it.
    names = [mark.name for facts in document.facts.values() for mark in facts.named]
    for name, times in repeated(names):
        yield _shared("bookmark-name", name, times, say("bookmarks"))


def cells_end_with_a_paragraph(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find cells whose last block is no paragraph: Word does not open such a file."""
    for part, facts in document.facts.items():
        for excerpt in facts.unended:
            where = say("{part} › “{excerpt}”", part=part, excerpt=excerpt)
            yield fault("cell-end", where, say("a table cell does not end with a paragraph"))


def styles_exist(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find styles that are used and not defined."""
    package = document.package
    sheets = (style_names(part, package.parts[part]) for part in package.related("styles"))
    defined = frozenset[str]().union(*sheets)
    for part, facts in document.facts.items():
        for name in sorted(facts.styles - defined):
            message = say("the style {name} is not defined", name=name)
            yield fault("style-unknown", say("{part}", part=part), message, found=name)


def _shared(code: str, id_: str, times: int, things: Message) -> Finding:
    message = say("{times} {things} share the id {id}", times=times, things=things, id=id_)
    return fault(code, things, message, found=id_)
