"""Figures read back from their marks: changed, missing, duplicated, moved, each where it stands.

What a person retyped beside a mark, or a program dropped, is left to the rules that go by text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Final

from deliverables.message import Message, say
from deliverables.verify.document import Cell, Document, Table
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, doubt, fault, misprint
from deliverables.verify.leaves import Leaf, Leaves
from deliverables.verify.marked import Marked, Stranger, between, marked_in, unmarked
from deliverables.verify.wording import Tally, fold, states

_EDGE: Final = "\x01"
BODY: Final = "body"


def marks_hold(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find marked figures that were changed, taken away, put in twice or moved elsewhere."""
    found, strange = marked_in(document, leaves)
    yield from map(_unknown, strange)
    wrong = [marked for marked in found if not _says_its_figure(marked)]
    yield from map(_changed, wrong)
    if leaves.as_made is None or leaves.as_made is document or not found:
        return
    made, _ = marked_in(leaves.as_made, leaves)
    order = _Order(_of_body(made), _of_body(found))
    yield from order.moved()
    yield from order.duplicated()
    yield from _missing(order, document, leaves.as_made)
    yield from _rows(order, document, leaves)


def _of_body(marks: Iterable[Marked]) -> list[Marked]:
    """Return the marks of the body: a program may save a header more than once."""
    return [marked for marked in marks if marked.paragraph.place.story == BODY]


def _says_its_figure(marked: Marked) -> bool:
    """Tell whether the mark holds its figure, or the figure was typed over its edges."""
    mark, expected = marked.mark, marked.leaf.text
    if mark.text == expected:
        return True
    text = f"{mark.before}{_EDGE}{mark.text}{_EDGE}{mark.after}"
    letters = (r"\s+" if letter == " " else re.escape(letter) for letter in expected)
    for at in re.finditer(f"{_EDGE}?".join(letters), text):
        if _EDGE in text[max(at.start() - 1, 0) : at.end() + 1]:
            around = text[: at.start()].replace(_EDGE, "")
            whole = fold(f"{around[-2:]}{expected}{text[at.end() :].replace(_EDGE, '')[:2]}")
            if states(whole, expected) and not _holds_another(mark.text, expected):
                return True
    return False


def _holds_another(text: str, expected: str) -> bool:
    """Tell whether a mark holds something that is no part of its figure."""
    return bool(text) and text not in expected and expected not in text


def _changed(marked: Marked) -> Finding:
    leaf, text = marked.leaf, marked.mark.text
    name, where = leaf.figure.name, marked.paragraph.place.message()
    if not text:
        message = say("{name} {expected} is not printed", name=name, expected=leaf.text)
        return misprint("figure-missing", where, message, leaf, "")
    message = say("{name} is {expected}, the document has {found}",
                  name=name, expected=leaf.text, found=text)  # fmt: skip
    return misprint("figure-changed", where, message, leaf, text)


def _unknown(stranger: Stranger) -> Finding:
    name = stranger.mark.alias.rpartition("|")[0] or stranger.mark.bookmark
    message = say("the data have no figure for the mark {name}", name=name)
    where = stranger.paragraph.place.message()
    return fault("figure-unknown", where, message, found=stranger.mark.text)


@dataclass(frozen=True, slots=True)
class _Missing:
    """A mark that the document was made with; `before` and `after` are the marks still beside."""

    marked: Marked
    before: Marked | None
    after: Marked | None


class _Order:
    """The marks of a document beside those it was made with, in order."""

    def __init__(self, made: list[Marked], found: list[Marked]) -> None:
        self.pairs: list[tuple[Marked, Marked]] = []
        self.missing: list[_Missing] = []
        extra: list[Marked] = []
        for a, b, c, d in _opcodes(_keys(made), _keys(found)):
            if b - a == d - c and _keys(made[a:b]) == _keys(found[c:d]):
                self.pairs += zip(made[a:b], found[c:d], strict=True)
                continue
            before = found[c - 1] if c else None
            after = found[d] if d < len(found) else None
            self.missing += [_Missing(marked, before, after) for marked in made[a:b]]
            extra += found[c:d]
        self._strayed, self._surplus = self._sorted(extra)

    def _sorted(self, extra: list[Marked]) -> tuple[list[tuple[Marked, Marked]], list[Marked]]:
        """Tell the marks that stand elsewhere, with where they were made, from those put in."""
        strayed, surplus = [], []
        for marked in extra:
            home = next((m for m in self.missing if m.marked.leaf.key == marked.leaf.key), None)
            if home is None:
                surplus.append(marked)
            else:
                self.missing.remove(home)
                strayed.append((home.marked, marked))
        return strayed, surplus

    def moved(self) -> Iterator[Finding]:
        """Yield a finding for each mark in another place; in prose that is a doubt."""
        for made, found in self._strayed:
            leaf = found.leaf
            message = say("{name} {text} stands in another place than it was made in: {place}",
                          name=leaf.figure.name, text=leaf.text,
                          place=made.paragraph.place.message())  # fmt: skip
            yield _of(found, "figure-moved", message, sure=made.in_table or found.in_table)

    def duplicated(self) -> Iterator[Finding]:
        """Yield a finding for each mark that was put in once more; in prose that is a doubt."""
        for found in self._surplus:
            leaf = found.leaf
            message = say("{name} {text} is printed once more than it was made",
                          name=leaf.figure.name, text=leaf.text)  # fmt: skip
            yield _of(found, "figure-duplicated", message, sure=found.in_table)


def _opcodes(made: list[str], found: list[str]) -> Iterator[tuple[int, int, int, int]]:
    if made == found:
        yield 0, len(made), 0, len(found)
        return
    for _, *ends in SequenceMatcher(None, made, found, autojunk=False).get_opcodes():
        yield ends[0], ends[1], ends[2], ends[3]


def _keys(marks: Iterable[Marked]) -> list[str]:
    return [marked.leaf.key for marked in marks]


def _of(found: Marked, code: str, message: Message, *, sure: bool) -> Finding:
    where = found.paragraph.place.message()
    if sure:
        return misprint(code, where, message, found.leaf, found.mark.text)
    return doubt(code, where, message, found.leaf.text, found.mark.text)


def _missing(order: _Order, document: Document, made: Document) -> Iterator[Finding]:
    """Find figures whose marks are gone and that nobody typed where they stood."""
    if not order.missing:
        return
    taken, elsewhere = Counter[tuple[str, int]](), _Elsewhere(document, made)
    for gone in order.missing:
        leaf = gone.marked.leaf
        window = Tally("\n".join(between(document, gone.before, gone.after)))
        place = gone.before.line if gone.before else -1
        for line in dict.fromkeys(leaf.lines):
            taken[line, place] += 1
            if window[fold(line)] >= taken[line, place]:
                continue
            message = say("{name} {expected} is not printed",
                          name=leaf.figure.name, expected=leaf.text)  # fmt: skip
            where = gone.marked.paragraph.place.message()
            if elsewhere.states(line):
                yield doubt("figure-moved", where, message, leaf.text)
            else:
                yield misprint("figure-missing", where, message, leaf, "")
            break


class _Elsewhere:
    """Figures typed by hand: what the document states outside marks more often than it did."""

    def __init__(self, document: Document, made: Document) -> None:
        self._now, self._then = (
            Tally("\n".join(map(unmarked, one.paragraphs))) for one in (document, made)
        )

    def states(self, text: str) -> bool:
        """Return whether somebody typed the text, somewhere."""
        return self._now[text] > self._then[text]


def _rows(order: _Order, document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find figures of long tables that changed beside the mark of their row."""
    made_tables, tables = (
        {(t.place.story, t.place.table): t for t in one.tables}
        for one in (leaves.as_made, document)
        if one is not None
    )
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


def _table(marked: Marked, tables: dict[tuple[str, int], Table]) -> Table | None:
    return tables.get((marked.paragraph.place.story, marked.paragraph.place.table))


def _cells(marked: Marked, tables: dict[tuple[str, int], Table]) -> tuple[Cell, ...]:
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
