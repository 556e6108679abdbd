"""Where the paragraphs of a story stand: in which table, row and cell, before a word is read.

The words come from elsewhere, a reading for each paragraph, so that a layout which many documents
share is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from operator import is_
from typing import Final

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.verify.document import Cell, Paragraph, Place, Table
from deliverables.verify.letters import Letters, Mark
from deliverables.verify.package import W
from deliverables.verify.wording import excerpt, fold

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
    """The cells of a table; `before` counts the paragraphs that stand before it."""

    number: int
    before: int
    rows: tuple[tuple[Box, ...], ...]


@dataclass(slots=True)
class Layout:
    """The paragraphs of a story in the order they are read, and the tables they stand in."""

    name: str
    paragraphs: list[etree._Element] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    letters: list[Letters | None] = field(default_factory=list)
    _last: dict[int, tuple[Reading, Paragraph]] = field(default_factory=dict)
    _tables: dict[int, tuple[Sequence[Reading], Table]] = field(default_factory=dict)

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

    def filled(self, readings: Sequence[Reading]) -> tuple[list[Paragraph], list[Table]]:
        """Return the paragraphs that say something, and the tables, with the readings given."""
        paragraphs: list[Paragraph] = []
        headings, heading = [""], ""
        for number, reading in enumerate(readings):
            if reading.text:
                if reading.heading and not self.spots[number].table:
                    heading = reading.text
                paragraphs.append(self._filled(number, reading, heading))
            headings.append(heading)
        tables = [self._table(grid, readings, headings[grid.before]) for grid in self.grids]
        return paragraphs, tables

    def _filled(self, number: int, reading: Reading, heading: str) -> Paragraph:
        """Return a paragraph; the one of the document before, if it says the same."""
        last = self._last.get(number)
        if last is not None and last[0] is reading and last[1].place.heading == heading:
            return last[1]
        spot = self.spots[number]
        here = Place(self.name, heading, spot.table, spot.row, spot.column, reading.excerpt)
        paragraph = Paragraph(reading.text, here, reading.marks)
        self._last[number] = reading, paragraph
        return paragraph

    def _table(self, grid: Grid, readings: Sequence[Reading], heading: str) -> Table:
        """Return a table; the one of the document before, if it says the same."""
        said = [readings[number] for row in grid.rows for box in row for number in box.paragraphs]
        last = self._tables.get(grid.number)
        if last is not None and last[1].place.heading == heading and _same(last[0], said):
            return last[1]
        rows: list[tuple[Cell, ...]] = []
        above: Mapping[int, str] = {}
        for boxes in grid.rows:
            cells = tuple(self._cell(box, readings, heading, above) for box in boxes)
            above = {cell.column: cell.text for cell in cells}
            rows.append(cells)
        table = Table(tuple(rows), Place(self.name, heading, grid.number))
        self._tables[grid.number] = said, table
        return table

    def _cell(
        self, box: Box, readings: Sequence[Reading], heading: str, above: Mapping[int, str]
    ) -> Cell:
        spot = box.spot
        here = Place(self.name, heading, spot.table, spot.row, spot.column)
        if box.continued and spot.column in above:
            text = above[spot.column]
        elif len(box.paragraphs) == 1:
            text = readings[box.paragraphs[0]].text
        else:
            text = fold(" ".join(readings[number].text for number in box.paragraphs))
        return Cell(text, here, box.span, box.continued)

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
        self.grids.append(Grid(number, before, ()))  # keeps its number while tables inside are read
        rows: list[tuple[Box, ...]] = []
        for row in _children(table, TR):
            if row.find(f"{W}trPr/{W}del") is None:
                rows.append(tuple(self._boxes(row, number, len(rows) + 1, read=read)))
        self.grids[number - 1] = Grid(number, before, tuple(rows))

    def _boxes(self, row: etree._Element, table: int, number: int, *, read: bool) -> Iterator[Box]:
        column = 1 + _whole(_value(row.find(f"{W}trPr/{W}gridBefore")), 0)
        for cell in _children(row, TC):
            spot = Spot(table, number, column)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            continued = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            span = max(_whole(_value(cell.find(f"{W}tcPr/{W}gridSpan")), 1), 1)
            yield Box(spot, span, continued, tuple(self._blocks(cell, spot, read=read)))
            column += span


def _same(one: Sequence[Reading], other: Sequence[Reading]) -> bool:
    return len(one) == len(other) and all(map(is_, one, other))


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
