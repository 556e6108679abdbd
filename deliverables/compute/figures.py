"""Making figures: a value, its printed text, and the rule and rows it was computed from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar

from deliverables.compute.rates import Rate, share
from deliverables.figure import Cells, Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import Operations
from deliverables.model.record import Row, sheets
from deliverables.model.values import show_number
from deliverables.money import FEN, round_down, round_half_up
from deliverables.source import Cell

NONE_THIS_PERIOD = "—（本期无）"
"""What a rate prints when there was nothing to take a rate of: never 100 %."""

Inputs = Sequence[Figure[Any]]
R = TypeVar("R", bound=Row)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Rows(Generic[R]):
    """Rows that figures are counted among and added up from.

    `sheets` say how many rows there are where; a figure over no rows leads back to them.
    """

    every: Sequence[R]
    sheets: Inputs

    def where(self, chosen: Callable[[R], bool]) -> Rows[R]:
        """Return those rows of which something holds, in their order."""
        return Rows([row for row in self.every if chosen(row)], self.sheets)

    def one_of_each(self, key: Callable[[R], object]) -> Sequence[R]:
        """Return the first row of each key."""
        return [rows[0] for rows in grouped(self.every, key).values()]

    def origin(self, rule: str, rows: Sequence[R], *columns: str, article: str = "") -> Derivation:
        """Return how something follows from the cells of some of these rows in some columns."""
        if not self.every:
            return Derivation(rule, article, self.sheets)
        inputs = Cells(rows, *columns, files=self._files)
        if len(rows) == len(self.every):
            return Derivation(rule, article, inputs)
        return Derivation(rule, article, inputs, Cells(self.every, *columns, files=self._files))

    @property
    def _files(self) -> frozenset[str]:
        return frozenset(
            sheet.origin.file for sheet in self.sheets if isinstance(sheet.origin, Cell)
        )

    def count(self, name: str, rule: str, rows: Sequence[R], *columns: str) -> Figure[Decimal]:
        """Return how many of these rows there are, which the columns show."""
        return _number(name, len(rows), self.origin(rule, rows, *columns))

    def sum(
        self, name: str, rule: str, rows: Sequence[R], column: str, *chosen_by: str
    ) -> Figure[Decimal]:
        """Return the sum of a column over some of these rows, chosen by what other columns say."""
        total = sum((getattr(row, column) or 0 for row in rows), Decimal(0))
        return _number(name, total, self.origin(rule, rows, *chosen_by, column))


def rows_of(quarters: Sequence[Operations], row: type[R]) -> Rows[R]:
    """Return all rows of a type in the workbooks of some quarters."""
    return gathered(((quarter, quarter.file) for quarter in quarters), row)


def gathered(workbooks: Iterable[tuple[Any, str]], row: type[R]) -> Rows[R]:
    """Return all rows of a type in some workbooks, each given with its file."""
    every: list[R] = []
    listed: list[Figure[int]] = []
    for workbook, file in workbooks:
        name = next(name for name, held in sheets(type(workbook)).items() if held is row)
        rows = getattr(workbook, name)
        listed.append(Figure(row.sheet, len(rows), f"{len(rows)} 行", Cell(file, row.sheet)))
        every += rows
    return Rows(every, tuple(listed))


def number(
    name: str, value: int | Decimal, rule: str, inputs: Inputs, article: str = ""
) -> Figure[Decimal]:
    """Return a count or a sum, grouped by thousands, exactly as computed."""
    return _number(name, value, Derivation(rule, article, inputs))


def _number(name: str, value: int | Decimal, origin: Derivation) -> Figure[Decimal]:
    return Figure(name, Decimal(value), show_number(value), origin)


def rate(
    name: str, part: Figure[Decimal], whole: Figure[Decimal | None], rule: str
) -> Figure[Decimal | None]:
    """Return part ÷ whole in percent, cut to two places so that only all of it prints 100.00%.

    An empty whole has no rate and prints —（本期无）.
    """
    percent = share(part.value, whole.value or 0)
    return _percent(name, percent, Derivation(rule, "", (part, whole)))


def usage_rate(name: str, found: Rate | None, origin: Derivation) -> Figure[Decimal | None]:
    """Return a rate of usage; the column it stands in says what it is a mean of."""
    return _percent(name, found.percent if found else None, origin)


def _percent(name: str, value: Decimal | None, origin: Derivation) -> Figure[Decimal | None]:
    return Figure(name, value, NONE_THIS_PERIOD if value is None else f"{value}%", origin)


def two_places(percent: Figure[Decimal]) -> Figure[Decimal]:
    """Return a percentage that was read with at least two decimals, for a column of such."""
    padded = round_half_up(percent.value)
    value = padded if padded == percent.value else percent.value
    return Figure(percent.name, percent.value, f"{value}%", percent.origin)


def time_lost(name: str, minutes: Fraction, origin: Derivation) -> Figure[Decimal]:
    """Return a length of time in minutes with at most two decimals; a part of one counts whole.

    So what is lost never prints as less than it is: 132 min 29 s are 132.49, not 132.48.
    """
    return _number(name, _up(minutes), origin)


def time_left(
    name: str, minutes: Fraction, rule: str, inputs: Inputs, article: str = ""
) -> Figure[Decimal]:
    """Return an allowance in minutes with at most two decimals, cut; below zero if overdrawn."""
    return number(name, -_up(-minutes), rule, inputs, article)


def _up(minutes: Fraction) -> Decimal:
    cut = round_down(minutes)
    return cut + FEN if cut < minutes else cut


def iso_day(day: Figure[Any]) -> Figure[object]:
    """Return a day as tables print it, 2026-07-09, so that it stands on one line; — for none."""
    text = day.value.isoformat() if isinstance(day.value, date) else day.text
    return Figure(day.name, day.value, text, day.origin)


def grouped(rows: Iterable[R], key: Callable[[R], K]) -> dict[K, list[R]]:
    """Return the rows under each key, keys in the order they first occur."""
    groups: dict[K, list[R]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def by_month(
    rows: Iterable[R], moment: Callable[[R], datetime], kind: Callable[[R], str]
) -> dict[date, Counter[str]]:
    """Return how many rows of each kind fall in each calendar month, months in order."""
    months: dict[date, Counter[str]] = {}
    for row in rows:
        months.setdefault(moment(row).date().replace(day=1), Counter())[kind(row)] += 1
    return dict(sorted(months.items()))
