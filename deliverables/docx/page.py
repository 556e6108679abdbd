"""A page as a frozen tree: paragraphs, tables, conditions, loops, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from deliverables.docx.style import Layout
from deliverables.values.figure import Line

# --- what a line of text holds


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words of one weight; tags stand in them as written, a tab and a line feed as themselves."""

    words: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """[[name]]: the number of the table or chart of that name."""

    name: str


Text = tuple[TextRun | Reference, ...]


def plain(text: Text) -> str:
    """Return a text without weights; a reference is as it is written."""
    return "".join(each.words if isinstance(each, TextRun) else f"[[{each.name}]]" for each in text)


def joined(*texts: Text) -> Text:
    """Return texts one after the other, neighbouring words of one weight as one run."""
    found: list[TextRun | Reference] = []
    for piece in (piece for text in texts for piece in text):
        last = found[-1] if found else None
        if isinstance(piece, TextRun) and isinstance(last, TextRun) and last.strong == piece.strong:
            found[-1] = TextRun(last.words + piece.words, last.strong)
        else:
            found.append(piece)
    return tuple(found)


# --- what a page holds


class CellSide(Enum):
    """How the cells of a column are set."""

    LEFT = "左"
    CENTRE = "中"
    RIGHT = "右"


@dataclass(frozen=True, slots=True)
class StyledParagraph:
    """A paragraph in the style with the id `style`; `keep` holds it on the page of the next.

    A heading is numbered as a chapter is, or as an `annex` (附1), or not at all.
    """

    source: Line
    style: str
    text: Text = ()
    keep: bool = False
    numbered: bool = True
    annex: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    source: Line


@dataclass(frozen=True, slots=True)
class Branch:
    """What is printed if the value `name` is there, or `negated` if it is not; no name is else."""

    source: Line
    name: str
    negated: bool
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """The first of the cases that holds is printed."""

    source: Line
    cases: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """What is printed once for each of `rows`, which are called `row` inside."""

    source: Line
    row: str
    rows: str
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class TableCaption:
    """The numbered title above a table; `name` is what [[name]] refers to."""

    source: Line
    text: Text
    name: str = ""


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart or picture, with the numbered title below it if it has one."""

    source: Line
    name: str
    caption: Text = ()


@dataclass(frozen=True, slots=True)
class LoopColumn:
    """A column of a looped table: head, width in shares of the page, side, content, total."""

    source: Line
    head: Text
    width: float
    side: CellSide
    content: Text
    total: Text = ()


@dataclass(frozen=True, slots=True)
class LoopedTable:
    """A table with a row for each of `rows`; a `whole` one is not broken across pages."""

    source: Line
    row: str
    rows: str
    columns: tuple[LoopColumn, ...]
    small: bool = False
    whole: bool = False
    has_total: bool = False


@dataclass(frozen=True, slots=True)
class FixedTable:
    """A table of the rows written; the first is its head, the last may be its total."""

    source: Line
    widths: tuple[float, ...]
    sides: tuple[CellSide, ...]
    rows: tuple[tuple[Text, ...], ...]
    has_total: bool = False


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of names and values; the names take `share` of a hundred of the width."""

    source: Line
    rows: tuple[tuple[Text, Text], ...]
    share: float


@dataclass(frozen=True, slots=True)
class Field:
    """A name in a form and what stands in its space, which may be set small."""

    name: Text
    value: Text
    small: bool = False


@dataclass(frozen=True, slots=True)
class FormTable:
    """A form to be filled in by hand: rows of one or two fields."""

    source: Line
    rows: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A row of large values: name, value, what is required of it."""

    source: Line
    figures: tuple[tuple[Text, Text, Text], ...]


@dataclass(frozen=True, slots=True)
class CoverPage:
    """The cover page: title, period, facts, and who signs when at its foot."""

    source: Line
    title: Text
    subtitle: Text
    organisation: Text
    date: Text
    facts: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, on pages of its own."""

    source: Line


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head of the pages from here on, at the left and at the right."""

    source: Line
    left: Text
    right: Text = ()


@dataclass(frozen=True, slots=True)
class Footer:
    """The number of the page at its foot: — 1 — in a letter, 第 1 页　共 9 页 in a report."""

    source: Line


@dataclass(frozen=True, slots=True)
class Turn:
    """The pages from here on lie on their side, or stand upright again."""

    source: Line
    landscape: bool


@dataclass(frozen=True, slots=True)
class SealBlock:
    """Organisation, （盖章处） and date at the end of what is sealed."""

    source: Line
    organisation: Text
    date: Text


@dataclass(frozen=True, slots=True)
class ApprovalTable:
    """The table 编制, 审核, 批准 with room for signatures."""

    source: Line
    prepared: Text
    reviewed: Text
    approved: Text


Block = (
    StyledParagraph | PageBreak | Branches | Loop | TableCaption | ChartBlock | LoopedTable
    | FixedTable | FactTable | FormTable | KeyFigures | CoverPage | Contents | Header | Footer
    | Turn | SealBlock | ApprovalTable
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the two lines --- at the top, as written; `line` is its first line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A text that was understood wholly; blocks of shared chapters have the place they came from.

    `used` are the names of the files it took chapters from, in order.
    """

    file: str
    layout: Layout
    blocks: tuple[Block, ...]
    front: FrontMatter | None = None
    used: tuple[str, ...] = ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield every block, those inside conditions and loops after the one they stand in."""
    for block in blocks:
        yield block
        if isinstance(block, Loop):
            yield from walk(block.body)
        elif isinstance(block, Branches):
            for case in block.cases:
                yield from walk(case.body)


def texts(block: Block) -> Iterator[tuple[Line, Text]]:
    """Yield every text a block prints itself, with its line."""
    at = block.source
    match block:
        case StyledParagraph(text=text) | TableCaption(text=text) | ChartBlock(caption=text):
            yield at, text
        case LoopedTable(columns=columns):
            for each in columns:
                yield from ((each.source, text) for text in (each.head, each.content, each.total))
        case FixedTable(rows=rows) | FactTable(rows=rows) | KeyFigures(figures=rows):
            yield from ((at, text) for row in rows for text in row)
        case FormTable(rows=fields):
            for one in (one for row in fields for one in row):
                yield from ((at, one.name), (at, one.value))
        case CoverPage():
            yield from ((at, text) for text in (block.title, block.subtitle))
            yield from ((at, text) for row in block.facts for text in row)
            yield from ((at, text) for text in (block.organisation, block.date))
        case Header(left=left, right=right) | SealBlock(organisation=left, date=right):
            yield from ((at, left), (at, right))
        case ApprovalTable():
            yield from ((at, text) for text in (block.prepared, block.reviewed, block.approved))
        case _:
            return
