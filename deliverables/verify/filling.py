"""A layout filled with what its paragraphs say: the paragraphs and tables that the rules look at.

Of the document before, which has the same layout and may differ in a few words alone, everything
is taken over but those words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import is_not

from deliverables.lazily import dataclass
from deliverables.verify.paper import Cell, Paragraph, Place, Table
from deliverables.verify.layout import Box, Grid, Layout, Reading, Spot
from deliverables.verify.traits import traits_of
from deliverables.verify.wording import fold


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a layout: the paragraphs that say something, and the tables.

    `places` says for each reading at which place among the paragraphs it stands, or would.
    """

    readings: Sequence[Reading]
    places: Sequence[int]
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]


@dataclass(slots=True)
class Filling:
    """A layout, and what it was filled with last."""

    layout: Layout
    _last: Filled | None = None

    def filled(self, readings: Sequence[Reading]) -> Filled:
        """Return the layout filled with the readings of its paragraphs, in its order."""
        last = self._last  # once: others may fill the same layout at the same time
        changed = None if last is None else _changed(last.readings, readings)
        if last is None or changed is None:
            filled = self._afresh(readings)
        else:
            filled = self._amended(last, readings, changed) if changed else last
        self._last = filled
        return filled

    def _afresh(self, readings: Sequence[Reading]) -> Filled:
        layout, heading = self.layout, ""
        paragraphs: list[Paragraph] = []
        places: list[int] = []
        above: list[str] = []
        for reading, spot in zip(readings, layout.spots, strict=True):
            above.append(heading)
            places.append(len(paragraphs))
            if not reading.text:
                continue
            if reading.heading and not spot.table:
                heading = reading.text
            paragraphs.append(self._paragraph(reading, spot, heading))
        above.append(heading)
        tables = tuple(self._table(grid, readings, above[grid.before]) for grid in layout.grids)
        return Filled(readings, places, tuple(paragraphs), tables)

    def _amended(self, last: Filled, readings: Sequence[Reading], changed: Sequence[int]) -> Filled:
        """Return what was filled in last, with other words in the paragraphs that changed."""
        paragraphs, tables = list(last.paragraphs), list(last.tables)
        for number in changed:
            if readings[number].text:
                at, spot = last.places[number], self.layout.spots[number]
                heading = paragraphs[at].place.heading
                paragraphs[at] = self._paragraph(readings[number], spot, heading)
        rows: dict[int, set[int]] = {}
        for spot in [self.layout.spots[number] for number in changed]:
            rows.setdefault(spot.table, set()).add(spot.row)
        for table in rows.keys() - {0}:
            grid, known = self.layout.grids[table - 1], tables[table - 1]
            if grid.merged:
                tables[table - 1] = self._table(grid, readings, known.place.heading)
            else:
                tables[table - 1] = self._other_rows(grid, readings, known, rows[table])
        return Filled(readings, last.places, tuple(paragraphs), tuple(tables))

    def _paragraph(self, reading: Reading, spot: Spot, heading: str) -> Paragraph:
        here = Place(
            self.layout.name, heading, spot.table, spot.row, spot.column, reading.excerpt
        )  # fmt: skip
        return Paragraph(reading.text, here, traits_of(reading.text), reading.marks)

    def _table(self, grid: Grid, readings: Sequence[Reading], heading: str) -> Table:
        rows: list[tuple[Cell, ...]] = []
        above: Mapping[int, str] = {}
        for boxes in grid.rows:
            cells = tuple(self._cell(box, _text(box, readings, above), heading) for box in boxes)
            above = {cell.column: cell.text for cell in cells}
            rows.append(cells)
        return Table(tuple(rows), Place(self.layout.name, heading, grid.number))

    def _other_rows(
        self, grid: Grid, readings: Sequence[Reading], known: Table, changed: Iterable[int]
    ) -> Table:
        """Return a table without merged cells anew, some of whose rows have changed."""
        rows, heading = list(known.rows), known.place.heading
        for number in changed:
            texts = [_text(box, readings, {}) for box in grid.rows[number - 1]]
            rows[number - 1] = tuple(
                cell if cell.text == text else self._cell(box, text, heading)
                for cell, box, text in zip(
                    rows[number - 1], grid.rows[number - 1], texts, strict=True
                )
            )
        return Table(tuple(rows), known.place)

    def _cell(self, box: Box, text: str, heading: str) -> Cell:
        spot = box.spot
        here = Place(self.layout.name, heading, spot.table, spot.row, spot.column)
        return Cell(text, here, box.span, box.continued)


def _changed(before: Sequence[Reading], now: Sequence[Reading]) -> list[int] | None:
    """Return which readings changed; None where more than words changes with them.

    What has become a heading, or is one no more, changes the places of others, and so does a
    paragraph that says nothing any more.
    """
    if len(before) != len(now):
        return None
    changed = [number for number, other in enumerate(map(is_not, before, now)) if other]
    for number in changed:
        old, new = before[number], now[number]
        if old.heading or new.heading or bool(old.text) != bool(new.text):
            return None
    return changed


def _text(box: Box, readings: Sequence[Reading], above: Mapping[int, str]) -> str:
    """Return what a cell says; one that continues the cell above says what that one does."""
    if box.continued and box.spot.column in above:
        return above[box.spot.column]
    if len(box.paragraphs) == 1:
        return readings[box.paragraphs[0]].text
    return fold(" ".join(readings[number].text for number in box.paragraphs))
