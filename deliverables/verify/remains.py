"""What stands where marks are gone: in the cell, the row or the sentence that had them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.verify.paper import Cell, Document, Table
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, doubt, fault, misprint
from deliverables.verify.leaves import Leaf, Leaves
from deliverables.verify.marked import Marked, between, unmarked
from deliverables.verify.order import Missing, Order
from deliverables.verify.wording import Tally, fold, states

Tables = Mapping[tuple[str, int], Table]
_SHORT: Final = 2
"""A numeral so short stands in prose for many things."""


def missing(order: Order, document: Document, made: Document) -> Iterator[Finding]:
    """Find figures whose marks are gone and that nobody typed where they stood."""
    if not order.missing:
        return
    taken, elsewhere = Counter[tuple[str, int]](), _Elsewhere(document, made)
    tables, before = _tables(document), _tables(made)
    for gone in order.missing:
        leaf = gone.marked.leaf
        cell = _same_cell(gone.marked, before, tables)
        if cell is not None:
            if not states(cell.text, leaf.text) and leaf.text:
                yield _cell_changed(leaf, cell, ())
            continue
        boards = _boards(gone.marked, before, tables)
        for line in dict.fromkeys(leaf.lines):
            taken[line, gone.line] += 1
            if boards is not None:
                typed = boards[1][line] >= boards[0][line]
            else:
                stood = sum(
                    line in other.marked.leaf.lines
                    for other in order.missing
                    if other.line == gone.line
                )
                typed = _typed(line, taken[line, gone.line] - stood, gone, document, made)
            if not typed:
                sure = boards is not None or gone.alone or not elsewhere.states(line)
                yield _not_printed(gone.marked, sure=sure)
                break


def _typed(line: str, short: int, gone: Missing, document: Document, made: Document) -> bool:
    """Tell whether a text stands between the marks that are left beside where it was.

    It must stand there as often as it was made, other sentences that state it included, but for
    the marks of the same figure still to be looked at (`short` of them, counted below zero).
    """
    if gone.alone:
        wanted = 1 if line.isdigit() and len(line) <= _SHORT else made.tally[line]
        return document.tally[line] >= wanted
    then = Tally("\n".join(between(made, gone.made_before, gone.made_after)))[fold(line)]
    now = Tally("\n".join(between(document, gone.before, gone.after)))[fold(line)]
    return now >= then + short


def _not_printed(gone: Marked, *, sure: bool) -> Finding:
    leaf, where = gone.leaf, gone.paragraph.place.message()
    message = say("{name} {expected} is not printed",
                  name=leaf.figure.name, expected=leaf.text)  # fmt: skip
    if sure:
        return misprint("figure-missing", where, message, leaf, "")
    return doubt("figure-moved", where, message, leaf.text)


def _boards(gone: Marked, before: Tables, tables: Tables) -> tuple[Tally, Tally] | None:
    """Return how often the table of a mark stated things, and does now, if it is still there."""
    old, new = _table(gone, before), _table(gone, tables)
    if len(before) != len(tables) or old is None or new is None:
        return None
    return old.tally, new.tally


def _same_cell(gone: Marked, before: Tables, tables: Tables) -> Cell | None:
    """Return the cell where a figure stood, if the tables still have their rows and columns."""
    if not gone.in_table or len(before) != len(tables):
        return None
    old, new = _table(gone, before), _table(gone, tables)
    if old is None or new is None or len(old.rows) != len(new.rows):
        return None
    row, place = new.rows[gone.paragraph.place.row - 1], gone.paragraph.place
    if len(row) != len(old.rows[place.row - 1]):
        return None
    return next((cell for cell in row if cell.column == place.column), None)


def rows_repeated(order: Order, document: Document, made: Document) -> Iterator[Finding]:
    """Find rows with figures that stand in the document more often than they were made."""
    if len(document.tables) != len(made.tables):
        return
    lines = {
        (marked.paragraph.place.table, marked.paragraph.place.row)
        for marked in (*(pair[0] for pair in order.pairs), *(m.marked for m in order.missing))
        if marked.in_table
    }
    for old, new in zip(made.tables, document.tables, strict=True):
        if len(new.rows) <= len(old.rows):
            continue
        known = Counter(_texts(row) for row in old.rows)
        figures = {
            _texts(row) for n, row in enumerate(old.rows, 1) if (old.place.table, n) in lines
        }
        for row in new.rows:
            known[_texts(row)] -= 1
            if known[_texts(row)] < 0 and _texts(row) in figures:
                shown = " | ".join(_texts(row))
                message = say("the data have no such row: {row}", row=shown)
                where = row[0].place.at(row[0].place.row).message()
                yield fault("row-extra", where, message, found=shown)


def _texts(row: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(cell.text for cell in row)


def _tables(document: Document) -> Tables:
    return {(table.place.story, table.place.table): table for table in document.tables}


class _Elsewhere:
    """Figures typed by hand: what the document states outside marks more often than it did."""

    def __init__(self, document: Document, made: Document) -> None:
        self._now, self._then = (
            Tally("\n".join(map(unmarked, one.paragraphs))) for one in (document, made)
        )

    def states(self, text: str) -> bool:
        """Return whether somebody typed the text, somewhere."""
        return self._now[text] > self._then[text]


def rows_changed(order: Order, document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find figures of long tables that changed beside the mark of their row."""
    if leaves.as_made is None:
        return
    made_tables, tables = _tables(leaves.as_made), _tables(document)
    marked = {pair[0].leaf.key for pair in order.pairs}
    in_rows: dict[str, list[Leaf]] = {}
    for leaf in leaves.figures:
        if leaf.key not in marked and "]" in leaf.key:
            in_rows.setdefault(_row_of(leaf), []).append(leaf)
    for made, found in order.pairs:
        if made.in_table and found.in_table and _row_of(made.leaf) in in_rows:
            row = _Row(_cells(made, made_tables), _cells(found, tables), _table(found, tables))
            yield from row.changed(in_rows[_row_of(made.leaf)])


def _row_of(leaf: Leaf) -> str:
    return leaf.key.removesuffix(leaf.field)


def _table(marked: Marked, tables: Tables) -> Table | None:
    return tables.get((marked.paragraph.place.story, marked.paragraph.place.table))


def _cells(marked: Marked, tables: Tables) -> tuple[Cell, ...]:
    table, row = _table(marked, tables), marked.paragraph.place.row
    return table.rows[row - 1] if table and row <= len(table.rows) else ()


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a long table as it was made and as it stands now."""

    made: tuple[Cell, ...]
    found: tuple[Cell, ...]
    table: Table | None

    def changed(self, leaves: Iterable[Leaf]) -> Iterator[Finding]:
        """Yield a finding for each figure that stood in a cell of the row and stands no more."""
        now = {cell.column: cell for cell in self.found}
        for leaf in leaves:
            for column in self._columns(leaf):
                cell = now.get(column)
                if cell is None or not states(cell.text, leaf.text):
                    yield _cell_changed(leaf, cell, chain(self.found, self.made))
                    break

    def _columns(self, leaf: Leaf) -> list[int]:
        whole = [cell.column for cell in self.made if cell.text == leaf.text]
        if whole or not leaf.text:
            return whole
        return [cell.column for cell in self.made if states(cell.text, leaf.text)][:1]


def _cell_changed(leaf: Leaf, cell: Cell | None, row: Iterable[Cell]) -> Finding:
    place = cell.place if cell else next((c.place.at(c.place.row) for c in row), None)
    found = cell.text if cell else ""
    message = say("{name} is {expected}, the document has {found}",
                  name=leaf.figure.name, expected=leaf.text, found=found or "—")  # fmt: skip
    where = place.message() if place else WHOLE_DOCUMENT
    return misprint("figure-changed", where, message, leaf, found)
