"""What a reader sees of a document: paragraphs and tables in order, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.verify.facts import Facts
from deliverables.verify.letters import Mark
from deliverables.verify.package import Package
from deliverables.verify.traits import NOTHING, Traits
from deliverables.verify.wording import Tally

_STORIES = {
    "header": say("header"),
    "footer": say("footer"),
    "footnote": say("footnote"),
    "endnote": say("endnote"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the story, the heading above it, and a table's cell or a text.

    Table, row and column count from 1; 0 means that there is none, or that all are meant.
    """

    story: str = "body"
    heading: str = ""
    table: int = 0
    row: int = 0
    column: int = 0
    excerpt: str = ""

    def message(self) -> Message:
        """Return the place in words: heading › table 2, row 3, column 4."""
        spot = self._spot()
        above = _STORIES.get(self.story) or self.heading
        return say("{heading} › {spot}", heading=above, spot=spot) if above else spot

    def at(self, row: int, column: int = 0) -> Place:
        """Return a row or a cell of the table that is meant."""
        return replace(self, row=row, column=column)

    def _spot(self) -> Message:
        if self.column:
            return say(
                "table {table}, row {row}, column {column}",
                table=self.table,
                row=self.row,
                column=self.column,
            )
        if self.row:
            return say("table {table}, row {row}", table=self.table, row=self.row)
        if self.table:
            return say("table {table}", table=self.table)
        return say("“{excerpt}”", excerpt=self.excerpt)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The text of a paragraph with white space folded, what it states, and its figures' marks."""

    text: str
    place: Place
    traits: Traits
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `column` counts grid columns, of which it covers `span`.

    A cell that continues the one above it (a vertical merge) has the text of that one.
    """

    text: str
    place: Place
    span: int = 1
    continued: bool = False

    @property
    def column(self) -> int:
        """The grid column it begins in, counted from 1."""
        return self.place.column


Grid = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Table:
    """The rows of a table; a table inside a cell is a table of its own that comes after it."""

    rows: Grid
    place: Place

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The text of each cell, row by row."""
        return tuple([cell.text for row in self.rows for cell in row])

    @cached_property
    def columns(self) -> Grid:
        """The cells column by column."""
        columns: dict[int, list[Cell]] = {}
        for row in self.rows:
            for cell in row:
                columns.setdefault(cell.column, []).append(cell)
        return tuple(tuple(columns[column]) for column in sorted(columns))

    @cached_property
    def tally(self) -> Tally:
        """How often its cells state something; a merged cell counts once."""
        cells = (cell for row in self.rows for cell in row if not cell.continued)
        return Tally("\n".join(cell.text for cell in cells))

    def header(self, column: int) -> str:
        """Return the text at the top of a grid column, through all rows without a number."""
        texts: list[str] = []
        for row in self.rows:
            if texts and any(_is_numeral(cell.text) for cell in row):
                break
            texts += [cell.text for cell in row if cell.column <= column < cell.column + cell.span]
        return " ".join(dict.fromkeys(texts))


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark and the text of the paragraph it begins in; a figure's mark goes without."""

    name: str
    part: str
    paragraph: str


@dataclass(frozen=True)
class Document:
    """Everything a document says. `paragraphs` holds those of cells, headers and notes too.

    `facts` gives, for each part that holds a story, what stands in it.
    """

    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    insertions: int
    deletions: int
    package: Package
    facts: Mapping[str, Facts]

    @cached_property
    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The bookmarks of all parts."""
        parts = self.facts.items()
        return tuple(
            Bookmark(one.name, part, one.paragraph) for part, facts in parts
            for one in facts.bookmarks
        )  # fmt: skip

    @cached_property
    def text(self) -> str:
        """The whole text, a line for each paragraph."""
        return "\n".join([paragraph.text for paragraph in self.paragraphs])

    @cached_property
    def telling(self) -> tuple[Paragraph, ...]:
        """The paragraphs that state something which rules look for."""
        return tuple([one for one in self.paragraphs if one.traits is not NOTHING])

    @cached_property
    def marked(self) -> tuple[tuple[int, Paragraph], ...]:
        """The paragraphs that hold marks, each with its number."""
        return tuple([one for one in enumerate(self.paragraphs) if one[1].marks])

    @cached_property
    def tally(self) -> Tally:
        """How often the whole text states something."""
        return Tally(self.text)

    @cached_property
    def prose(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the body outside tables."""
        return tuple(p for p in self.paragraphs if p.place.story == "body" and not p.place.table)


def _is_numeral(text: str) -> bool:
    return text[:1].isdigit()
