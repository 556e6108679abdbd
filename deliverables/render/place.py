"""Where something stands in a template, in the words of the person who opens it in Word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.render.package import Package, parse

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
class Place:
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
    def paragraphs(self) -> tuple[tuple[Place, etree._Element], ...]:
        """Every paragraph with its place, in order."""
        return tuple((self.place(found), found) for found in self.root.iter(f"{W}p"))

    def place(self, paragraph: etree._Element) -> Place:
        """Return the place of a paragraph of this story."""
        text = own_text(paragraph)
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        row = next(paragraph.iterancestors(f"{W}tr"), None)
        if cell is None or row is None:
            return Place(self.label, text)
        table = self.tables[next(row.iterancestors(f"{W}tbl"))]
        return Place(
            self.label, text, table, _position(row, f"{W}tr"), _position(cell, f"{W}tc")
        )  # fmt: skip

    def nearest(self, element: etree._Element) -> Place:
        """Return the place of an element: of the paragraph it stands in, or of its first one."""
        around = next(element.iterancestors(f"{W}p"), None)
        paragraph = around if around is not None else next(element.iter(f"{W}p"), None)
        if paragraph is None and element.getparent() is not None:
            paragraph = next(element.getparent().iter(f"{W}p"), None)  # type: ignore[union-attr]
        return Place(self.label, "") if paragraph is None else self.place(paragraph)


def stories(package: Package) -> tuple[Story, ...]:
    """Return every story of a template: the body, headers, footers and notes."""
    return tuple(_story(part, parse(package.parts[part])) for part in package.stories())


def paragraphs(package: Package) -> Iterator[Place]:
    """Yield every paragraph of every story of a template, in order."""
    for story in stories(package):
        for place, _ in story.paragraphs:
            yield place


def _story(part: str, root: etree._Element) -> Story:
    tables = {table: number for number, table in enumerate(root.iter(f"{W}tbl"), 1)}
    return Story(part, root, tables)


def own(paragraph: etree._Element, tag: str) -> list[etree._Element]:
    """Return the elements `tag` of a paragraph without those of paragraphs inside it."""
    return [
        found for found in paragraph.iter(tag) if next(found.iterancestors(f"{W}p")) is paragraph
    ]


def own_text(paragraph: etree._Element) -> str:
    """Return the text of a paragraph without that of paragraphs inside it (text boxes)."""
    return "".join(text.text or "" for text in own(paragraph, f"{W}t"))


def _position(element: etree._Element, tag: str) -> int:
    return 1 + sum(1 for _ in element.itersiblings(tag, preceding=True))
