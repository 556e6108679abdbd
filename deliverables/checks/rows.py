"""What the rules about workbooks share: sheets with their rows, typed columns, names of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from deliverables.lazily import dataclass
from deliverables.message import Listing, Message, listed, say
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Operations
from deliverables.model.record import Row, declarations, sheets
from deliverables.model.staff import Roster
from deliverables.model.values import ValueType, show_moment
from deliverables.source import Cell, Source

R = TypeVar("R", bound=Row)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[R]):
    """One sheet of a workbook: its name in the model, its row type and its rows."""

    name: str
    row: type[R]
    rows: tuple[R, ...]

    @property
    def title(self) -> str:
        """The name on the tab."""
        return self.row.sheet

    def labels(self, *types: ValueType) -> dict[str, str]:
        """Return the columns of the given types: the label by the name of the field."""
        return {
            name: declared.label
            for name, declared in declarations(self.row).items()
            if declared.type in types
        }


def sheets_of(workbook: Operations | Roster | Ledger) -> Iterator[Sheet[Any]]:
    """Return every sheet of the workbook that has rows, in the order of the workbook."""
    for name, row in sheets(type(workbook)).items():
        rows = getattr(workbook, name)
        if rows:
            yield Sheet(name, row, rows)


def label(row: Row, field: str) -> str:
    """Return the header of a column."""
    return declarations(type(row))[field].label


def told(value: object) -> object:
    """Return a value as a message shows it: moments to the minute, anything else as it is."""
    return show_moment(value) if isinstance(value, datetime) else value


def where(source: Source) -> str | Message:
    """Return a place inside a file that the problem already names: sheet and cell, or the line."""
    if isinstance(source, Cell):
        return f"[{source.sheet}]!{source.cell}" if source.cell else f"[{source.sheet}]"
    return say("line {line}", line=source.line)


def grouped(rows: Iterable[R], key: Callable[[R], K]) -> dict[K, list[R]]:
    """Return the rows by key, in the order in which the keys first appear."""
    groups: defaultdict[K, list[R]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def repeated(rows: Iterable[R], key: Callable[[R], K]) -> Iterator[tuple[R, R]]:
    """Return each row whose key an earlier row has, after the first row that has it."""
    first: dict[K, R] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row)
        if earlier is not row:
            yield earlier, row


LISTED = 5
"""How many cells a problem about a whole column names before it only counts the rest."""


def cells(places: Sequence[Source]) -> Listing:
    """Return the first few cells of a sheet, then an ellipsis: D4, D9, D12, …"""
    named = [place.cell for place in places[:LISTED] if isinstance(place, Cell) and place.cell]
    return listed([*named, "…"] if len(places) > len(named) else named)
