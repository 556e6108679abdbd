"""Where something stands in a template, in the words of the person who opens it in Word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.render.package import Package, parse

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST_EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph of a template: its part, and its table cell (counted from 1) if it is in one."""

    part: str
    text: str
    table: int = 0
    row: int = 0
    cell: int = 0

    def __str__(self) -> str:
        return str(self.message)

    @property
    def message(self) -> Message:
        """The place as a phrase: body, table 2, row 3, cell 1."""
        story = _story_of(self.part)
        if self.table:
            return say(
                "{story}, table {table}, row {row}, cell {cell}",
                story=story,
                table=self.table,
                row=self.row,
                cell=self.cell,
            )
        excerpt = self.text if len(self.text) <= _LONGEST_EXCERPT else (
            self.text[:_LONGEST_EXCERPT] + "…"
        )  # fmt: skip
        return say("{story}, paragraph “{text}”", story=story, text=excerpt)


def _story_of(part: str) -> Message:
    match re.sub(r"\d+$", "", part):
        case "document":
            return say("body")
        case "header":
            return say("header ({part})", part=part)
        case "footer":
            return say("footer ({part})", part=part)
        case "footnotes":
            return say("footnotes")
        case "endnotes":
            return say("endnotes")
        case _:
            return say("part {part}", part=part)


@dataclass(frozen=True)
class Story:
    """A part of a template that holds text, parsed; its tables are counted from 1."""

    part: str
    root: etree._Element
    tables: Mapping[etree._Element, int]

    @property
    def label(self) -> str:
        """The part's name without folder and extension, as places show it."""
        return self.part.rsplit("/", 1)[-1].removesuffix(".xml")

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


def own_text(paragraph: etree._Element) -> str:
    """Return the text of a paragraph without that of paragraphs inside it (text boxes)."""
    return "".join(
        text.text or ""
        for text in paragraph.iter(f"{W}t")
        if next(text.iterancestors(f"{W}p")) is paragraph
    )


def _position(element: etree._Element, tag: str) -> int:
    return 1 + sum(1 for _ in element.itersiblings(tag, preceding=True))
