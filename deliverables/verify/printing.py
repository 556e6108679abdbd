"""How a document prints a loop: in which table, row by row or column by column, or in prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from deliverables.verify.alignment import Alignment, Strip, align, strips_of
from deliverables.verify.paper import Cell, Document, Grid, Table
from deliverables.verify.leaves import Element, Leaf, Loop, fields_of
from deliverables.verify.wording import states, times

_MOST_TABLES: Final = 4
_MOST_COLUMNS: Final = 40
_ENOUGH_TO_TRUST_NAMES: Final = 4
_UNIT: Final = re.compile(r"[（(][^）)]*[）)]")


@dataclass(frozen=True)
class Printing:
    """A loop as one table prints it: which fields, and where each element stands."""

    loop: Loop
    table: Table
    strips: tuple[Strip, ...]
    by_row: bool
    fields: frozenset[str]
    alignment: Alignment

    @cached_property
    def perfect(self) -> bool:
        """Whether the table prints every figure of every element, in order."""
        return (
            self.alignment.complete
            and self.fields == frozenset(fields_of(self.loop))
            and not any(self._lacking(*self._pair(*pair)) for pair in self.alignment.partial)
        )

    @cached_property
    def coverage(self) -> float:
        """The share of the loop's figures that the table states in the right row."""
        sought = found = 0
        placed = dict(self.alignment.pairs)
        for index, element in enumerate(self.loop.elements):
            sought += len(element.leaves)
            if index in placed:
                found += self.strips[placed[index]].likeness(leaf.text for leaf in element.leaves)
        return found / max(sought, 1)

    def unstated(self, element: Element, strip: Strip) -> list[Leaf]:
        """Return the figures of the printed fields that have no place in the strip."""
        short = []
        for text, count in self._lacking(element, strip).items():
            leaves = _by_text(element, self.fields)[text]
            gone = [leaf for leaf in leaves if not self._is_in_its_cell(leaf, strip)]
            short += (gone or leaves)[-count:]
        return short

    def cell_of(self, leaf: Leaf, strip: Strip) -> Cell | None:
        """Return the cell of a strip where the figure belongs, going by the other strips."""
        position = self._positions.get(leaf.field)
        return next((cell for cell in strip.cells if self._at(cell) == position), None)

    def misplaced(self) -> Iterator[tuple[Leaf, Cell]]:
        """Yield the figures that stand in another cell of their row than in all other rows."""
        for element, strip in self._whole:
            for leaf in element.leaves:
                cell = self.cell_of(leaf, strip) if leaf.field in self.fields else None
                if cell is not None and leaf.text and not states(cell.text, leaf.text):
                    yield leaf, cell

    @cached_property
    def _whole(self) -> list[tuple[Element, Strip]]:
        """The elements of which a strip states every figure, whatever else it says."""
        pairs = sorted((*self.alignment.whole, *self.alignment.partial))
        both = [self._pair(element, strip) for element, strip in pairs]
        return [pair for pair in both if not self._lacking(*pair)]

    def _lacking(self, element: Element, strip: Strip) -> dict[str, int]:
        wanted = {text: len(leaves) for text, leaves in _by_text(element, self.fields).items()}
        lacking = {text: count - times(strip.text, text) for text, count in wanted.items()}
        return {text: count for text, count in lacking.items() if count > 0}

    def _pair(self, element: int, strip: int) -> tuple[Element, Strip]:
        return self.loop.elements[element], self.strips[strip]

    def _is_in_its_cell(self, leaf: Leaf, strip: Strip) -> bool:
        cell = self.cell_of(leaf, strip)
        return cell is not None and states(cell.text, leaf.text)

    def _at(self, cell: Cell) -> int:
        return cell.column if self.by_row else cell.place.row

    @cached_property
    def _positions(self) -> dict[str, int]:
        """Where in its strip each field stands: the column that nearly all rows agree upon."""
        votes: dict[str, Counter[int]] = {}
        names = {}
        for element, strip in self._whole:
            for leaf in element.leaves:
                names[leaf.field] = leaf.figure.name
                votes.setdefault(leaf.field, Counter()).update(
                    self._at(cell) for cell in strip.cells if _states(cell, leaf.text)
                )
        rows = len(self._whole)
        chosen = {f: self._elected(found, rows, names[f]) for f, found in votes.items()}
        named = {f: self._named(name) for f, name in self._names().items() if f not in chosen}
        return {field: at for field, at in {**chosen, **named}.items() if at}

    def _elected(self, votes: Counter[int], rows: int, name: str) -> int:
        """Return the position of a field; its name in the header settles a tie."""
        likely = [at for at, count in votes.items() if count >= max(min(rows - 1, rows * 0.9), 1)]
        best = max(likely, key=lambda at: (votes[at], -at), default=0)
        if rows < _ENOUGH_TO_TRUST_NAMES or not self.by_row:
            return best
        return next((at for at in sorted(likely) if self._heads(at) == name), best)

    def _heads(self, column: int) -> str:
        """Return the header of a column without its unit."""
        return _UNIT.sub("", self.table.header(column)).strip()

    def _names(self) -> dict[str, str]:
        leaves = (leaf for element in self.loop.elements[:1] for leaf in element.leaves)
        return {leaf.field: leaf.figure.name for leaf in leaves}

    def _named(self, name: str) -> int:
        """Return the only column whose header has the name; 0 if there is none or a choice."""
        columns = {cell.column for cell in self.table.rows[0]} if self.by_row else set()
        found = [column for column in columns if name and name in self.table.header(column)]
        return found[0] if len(found) == 1 else 0


class Board:
    """The tables of a document, laid out so that the one that prints a loop is found at once."""

    def __init__(self, document: Document) -> None:
        self._tables = [_Sheet(table) for table in document.tables if table.rows]
        self._index: dict[str, list[int]] = {}
        for number, sheet in enumerate(self._tables):
            for piece in sheet.pieces:
                self._index.setdefault(piece, []).append(number)

    def printing(self, loop: Loop) -> Printing | None:
        """Return how a table prints the loop: entirely if one does, else the most of it."""
        found: list[Printing] = []
        for by_row in (True, False):
            for sheet in self._likely(loop):
                attempt = sheet.attempt(loop, by_row=by_row)
                if attempt is not None and attempt.perfect:
                    return attempt
                found += [attempt] if attempt is not None else []
        return max(found, key=lambda attempt: attempt.coverage, default=None)

    def _likely(self, loop: Loop) -> list[_Sheet]:
        texts = {leaf.text for element in loop.elements for leaf in element.leaves}
        hits = Counter(number for text in texts for number in self._index.get(text, ()))
        return [self._tables[number] for number, _ in hits.most_common(_MOST_TABLES)]


class _Sheet:
    """A table with its rows and columns as strips."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = strips_of(table.rows)
        self.pieces = frozenset[str]().union(*(strip.pieces for strip in self.rows))
        self._text = "\n".join(strip.text for strip in self.rows)

    @cached_property
    def _columns(self) -> tuple[Strip, ...]:
        columns: Grid = self.table.columns
        return strips_of(columns) if len(columns) <= _MOST_COLUMNS else ()

    def attempt(self, loop: Loop, *, by_row: bool) -> Printing | None:
        """Return how this table would print the loop; None if it has hardly a field of it."""
        strips = self.rows if by_row else self._columns
        printed = frozenset(field for field in fields_of(loop) if self._has(field, loop.elements))
        if not printed or not strips:
            return None
        alignment = align(loop.elements, strips, printed)
        return Printing(loop, self.table, strips, by_row, printed, alignment)

    def _has(self, field: str, elements: Sequence[Element]) -> bool:
        texts = [leaf.text for e in elements for leaf in e.leaves if leaf.field == field]
        found = sum(1 for text in texts if text in self.pieces or text in self._text)
        return 2 * found >= len(texts)


def _by_text(element: Element, fields: frozenset[str]) -> dict[str, list[Leaf]]:
    leaves: dict[str, list[Leaf]] = {}
    for leaf in element.leaves:
        if leaf.text and leaf.field in fields:
            leaves.setdefault(leaf.text, []).append(leaf)
    return leaves


def _states(cell: Cell, text: str) -> bool:
    return cell.text == text or (text in cell.text and states(cell.text, text))
