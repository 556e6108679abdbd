"""What a reader sees of a .docx, brought to one form, whichever office program saved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from deliverables.lazily import dataclass
from deliverables.message import Message, say


class UnreadableDocumentError(Exception):
    """A file that is no document, or no longer one, or one made to do harm; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Form(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    ROW = "row"
    CHART = "chart"
    PICTURE = "picture"


_STORIES = {
    "header": say("header"),
    "footer": say("footer"),
    "footnote": say("footnote"),
    "endnote": say("endnote"),
    "comment": say("comment"),
    "box": say("text box"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the story, the heading above it, and a table's cell or a text.

    `story` is body, header, footer, footnote, endnote, comment or box (a text box). Table, row
    and column count from 1; 0 means that there is none, or that all are meant.
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
class Slot:
    """Which letters of which text of a block print a figure: `texts[text][begin:end]` is `key`.

    A key is the path in the context, such as outages[3].started.
    """

    text: int
    begin: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one text), a row (a text per cell), a chart or a picture, as a reader sees it.

    White space is folded. `style` is the name of the paragraph's style, `level` that of a heading
    (0 for none). A row has the grid `columns` its cells begin in, counted from 1; a cell that
    continues the one above has an empty text. `odd` names what is made hard to see, and the words.
    The texts of a chart are its form, title, limits of its axis, categories, and a line for each
    series; the text of a picture is the digest of its bytes. `part` and `at` say which element it
    is: the paragraph (w:p) or row (w:tr) of that number in the part, counted from 0 in the order of
    the XML. `slots` are the figures, which a document read from a file does not know.
    """

    form: Form
    texts: tuple[str, ...]
    place: Place
    style: str = ""
    level: int = 0
    columns: tuple[int, ...] = ()
    odd: tuple[str, ...] = ()
    part: str = ""
    at: int = 0
    slots: tuple[Slot, ...] = ()

    @property
    def key(self) -> tuple[str, Form, tuple[str, ...]]:
        """What two blocks have in common that say the same: story, form and texts."""
        return self.place.story, self.form, self.texts

    @property
    def shown(self) -> str:
        """The whole of it on one line."""
        return " | ".join(self.texts)

    def place_of(self, text: int) -> Place:
        """Return where the text of that number stands: a cell, or the paragraph."""
        if self.form is Form.ROW and text < len(self.columns):
            return self.place.at(self.place.row, self.columns[text])
        return self.place


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Which document a file says it is, in its custom properties (all that begin deliverables.).

    `digest` is that of everything its context says (`digest_of`), `format` the version of what
    this program leaves about documents.
    """

    contract: str
    kind: str
    part: str
    day: date
    digest: str
    format: str = "1"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A fault of the file itself, which Word refuses or repairs: its code, part, and words."""

    code: str
    part: str
    words: str = ""


@dataclass(frozen=True)
class Document:
    """Everything a file says. Headers and footers come once, however many pages repeat them."""

    blocks: tuple[Block, ...]
    identity: Identity | None = None
    insertions: int = 0
    deletions: int = 0
    flaws: tuple[Flaw, ...] = ()


def read_document(document: Path | bytes) -> Document:
    """Return what a .docx says.

    Tracked insertions are taken, deletions are not. Numbers of pages are left out.

    Raises:
        UnreadableDocumentError: It is no document, or no longer one, or made to do harm.
    """
    raise NotImplementedError
