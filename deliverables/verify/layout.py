"""Where the paragraphs of a story stand: in which table, row and cell, before a word is read.

The words come from elsewhere, a reading for each paragraph, so that a layout which many documents
share is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Final

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.verify.letters import Letters, Mark
from deliverables.verify.package import W
from deliverables.verify.wording import excerpt

P, TBL, TR, TC = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_WRAPPERS: Final = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")}
_BODY_TEXT_LEVEL: Final = 9


@dataclass(frozen=True, slots=True)
class Reading:
    """What a paragraph says, wherever it stands."""

    text: str
    marks: tuple[Mark, ...] = ()
    heading: bool = False
    excerpt: str = ""


def reading_of(paragraph: etree._Element, letters: Letters, headings: frozenset[str]) -> Reading:
    """Return what a paragraph says; `headings` are the styles of headings."""
    text = letters.text
    heading = bool(text) and _is_heading(paragraph, headings)
    return Reading(text, letters.marks if text else (), heading, excerpt(text))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a paragraph stands: the table, row and column, or nowhere in particular (0)."""

    table: int = 0
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a table before it is filled: `paragraphs` are those of its own, by number."""

    spot: Spot
    span: int
    continued: bool
    paragraphs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table; `before` counts the paragraphs that stand before it.

    `merged` says that there is a cell which continues the one above it.
    """

    number: int
    before: int
    rows: tuple[tuple[Box, ...], ...]
    merged: bool


_EMPTY: Final = Grid(0, 0, (), merged=False)


@dataclass(slots=True)
class Layout:
    """The paragraphs of a story in the order they are read, and the tables they stand in."""

    name: str
    paragraphs: list[etree._Element] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    letters: list[Letters | None] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, root: etree._Element, *, read: bool = True) -> Layout:
        """Return the layout below `root`; with `read`, its letters too and what its boxes hold."""
        layout = cls(name)
        layout._blocks(root, Spot(), read=read)
        return layout

    def readings(self, headings: frozenset[str]) -> list[Reading]:
        """Return what its paragraphs say."""
        pairs = zip(self.paragraphs, self.letters, strict=True)
        return [reading_of(one, letters or Letters(one), headings) for one, letters in pairs]

    def _blocks(self, parent: etree._Element, spot: Spot, *, read: bool) -> list[int]:
        """Take in the blocks below `parent` and return the numbers of its own paragraphs."""
        own = []
        for block in _children(parent):
            if block.tag == P:
                own.append(len(self.spots))
                self._paragraph(block, spot, read=read)
            elif block.tag == TBL:
                self._grid(block, read=read)
        return own

    def _paragraph(self, paragraph: etree._Element, spot: Spot, *, read: bool) -> None:
        letters = Letters(paragraph) if read else None
        self.paragraphs.append(paragraph)
        self.letters.append(letters)
        self.spots.append(spot)
        for box in letters.boxes if letters else ():
            self._blocks(box, spot, read=read)

    def _grid(self, table: etree._Element, *, read: bool) -> None:
        number, before = len(self.grids) + 1, len(self.spots)
        self.grids.append(_EMPTY)  # keeps its number while tables inside are read
        rows: list[tuple[Box, ...]] = []
        for row in _children(table, TR):
            if row.find(f"{W}trPr/{W}del") is None:
                rows.append(tuple(self._boxes(row, number, len(rows) + 1, read=read)))
        merged = any(box.continued for row in rows for box in row)
        self.grids[number - 1] = Grid(number, before, tuple(rows), merged)

    def _boxes(self, row: etree._Element, table: int, number: int, *, read: bool) -> Iterator[Box]:
        column = 1 + _whole(_value(row.find(f"{W}trPr/{W}gridBefore")), 0)
        for cell in _children(row, TC):
            spot = Spot(table, number, column)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            continued = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            span = max(_whole(_value(cell.find(f"{W}tcPr/{W}gridSpan")), 1), 1)
            yield Box(spot, span, continued, tuple(self._blocks(cell, spot, read=read)))
            column += span


def _is_heading(paragraph: etree._Element, headings: frozenset[str]) -> bool:
    level = _value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
    if level.isdigit():
        return int(level) < _BODY_TEXT_LEVEL
    return _value(paragraph.find(f"{W}pPr/{W}pStyle")) in headings


def _children(parent: etree._Element, tag: str = "") -> Iterator[etree._Element]:
    """Yield the children, looking through content controls and tracked insertions."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _children(child, tag)
        elif child.tag == tag or not tag:
            yield child


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() else default
