"""The stories of a document (body, headers, footers, notes), each read from its beginning.

What documents of one template have in common is read once: whole headers and footers, and of the
body its frame and the paragraphs that do not change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.verify.paper import Paragraph, Table
from deliverables.verify.facts import Facts, facts_of
from deliverables.verify.filling import Filling
from deliverables.verify.layout import Layout
from deliverables.verify.package import LARGEST_REMEMBERED, W, parsed
from deliverables.verify.pieces import cut

_HEADING_NAME: Final = re.compile(r"(?:heading|标题)\s*\d", re.IGNORECASE)
_BODY_TEXT_LEVEL: Final = 9
_REMEMBERED: Final = 64


@dataclass(frozen=True, slots=True)
class Told:
    """The paragraphs and tables of the stories in one part, and what stands in the part."""

    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    facts: Facts


def body(part: str, content: bytes, headings: frozenset[str]) -> Told | None:
    """Return what the body of a document tells; None if it has none."""
    pieces = cut(part, content, headings)
    if pieces is not None:
        return Told(pieces.filled.paragraphs, pieces.filled.tables, pieces.facts)
    root = parsed(part, content)
    found = root.find(f"{W}body")
    return None if found is None else _told("body", [found], root, headings)


def pages(name: str, part: str, content: bytes, headings: frozenset[str]) -> Told:
    """Return what a header or a footer tells."""
    tell = _pages if len(content) > LARGEST_REMEMBERED else _remembered_pages
    return tell(name, part, content, headings)


def notes(name: str, part: str, content: bytes, headings: frozenset[str]) -> Told:
    """Return what footnotes or endnotes tell, each a story of its own."""
    root = parsed(part, content)
    return _told(name, list(root), root, headings)


def _pages(name: str, part: str, content: bytes, headings: frozenset[str]) -> Told:
    root = parsed(part, content)
    return _told(name, [root], root, headings)


_remembered_pages = lru_cache(_REMEMBERED)(_pages)


def _told(
    name: str, stories: list[etree._Element], root: etree._Element, headings: frozenset[str]
) -> Told:
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    for story in stories:
        layout = Layout.of(name, story)
        filled = Filling(layout).filled(layout.readings(headings))
        paragraphs += filled.paragraphs
        tables += filled.tables
    return Told(tuple(paragraphs), tuple(tables), facts_of(root))


@lru_cache(_REMEMBERED)
def heading_styles(part: str, styles: bytes) -> frozenset[str]:
    """Return the ids of the styles that make a paragraph a heading, inherited ones too."""
    listed = dict(_styles(part, styles))
    return frozenset(name for name in listed if _is_heading(name, listed))


@lru_cache(_REMEMBERED)
def style_names(part: str, styles: bytes) -> frozenset[str]:
    """Return the ids of the styles that are defined."""
    return frozenset(name for name, _ in _styles(part, styles))


def _styles(part: str, styles: bytes) -> Iterator[tuple[str, etree._Element]]:
    for style in parsed(part, styles).iter(f"{W}style"):
        yield style.get(f"{W}styleId", ""), style


def _is_heading(name: str, listed: Mapping[str, etree._Element]) -> bool:
    for _ in range(len(listed)):
        style = listed.get(name)
        if style is None:
            return False
        level = _value(style.find(f"{W}pPr/{W}outlineLvl"))
        if level.isdigit():
            return int(level) < _BODY_TEXT_LEVEL
        if _HEADING_NAME.match(_value(style.find(f"{W}name"))):
            return True
        name = _value(style.find(f"{W}basedOn"))
    return False


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))
