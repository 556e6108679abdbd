"""Making figures: a value, its printed text, and the rule and rows it was computed from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from deliverables.compute.rates import Rate, share
from deliverables.figure import Derivation, Figure
from deliverables.model.operations import Operations
from deliverables.model.record import Row, sheets
from deliverables.model.values import show_number
from deliverables.money import FEN, round_down, round_half_up
from deliverables.source import Cell

NONE_THIS_PERIOD = "—（本期无）"
"""What a rate prints when there was nothing to take a rate of: never 100 %."""

Inputs = tuple[Figure[object], ...]
R = TypeVar("R", bound=Row)
K = TypeVar("K")


def drawn_from(quarters: Sequence[Operations], row: type[Row]) -> Inputs:
    """Return the sheets that a figure over all rows of a type was computed from: how many rows."""
    return tuple(
        Figure(row.sheet, count, f"{count} 行", Cell(quarter.file, row.sheet))
        for quarter in quarters
        for count in [len(_rows(quarter, row))]
    )


def _rows(quarter: Operations, row: type[Row]) -> tuple[Row, ...]:
    """Return the rows of a type in the workbook of a quarter."""
    name = next(name for name, held in sheets(type(quarter)).items() if held is row)
    rows: tuple[Row, ...] = getattr(quarter, name)
    return rows


def number(
    name: str, value: int | Decimal, rule: str, inputs: Inputs, article: str = ""
) -> Figure[Decimal]:
    """Return a count or a sum, grouped by thousands, exactly as computed."""
    return Figure(name, Decimal(value), show_number(value), Derivation(rule, article, inputs))


def rate(
    name: str, part: int | Decimal, whole: int | Decimal, rule: str, inputs: Inputs
) -> Figure[Decimal | None]:
    """Return part ÷ whole in percent, cut to two places so that only all of it prints 100.00%.

    An empty whole has no rate and prints —（本期无）.
    """
    return _percent(name, share(part, whole), Derivation(rule, "", inputs))


def usage_rate(name: str, found: Rate | None, rule: str, inputs: Inputs) -> Figure[Decimal | None]:
    """Return a rate of usage; the column it stands in says what it is a mean of."""
    return _percent(name, found.percent if found else None, Derivation(rule, "", inputs))


def _percent(name: str, value: Decimal | None, origin: Derivation) -> Figure[Decimal | None]:
    return Figure(name, value, NONE_THIS_PERIOD if value is None else f"{value}%", origin)


def two_places(percent: Figure[Decimal]) -> Figure[Decimal]:
    """Return a percentage that was read with at least two decimals, for a column of such."""
    padded = round_half_up(percent.value)
    value = padded if padded == percent.value else percent.value
    return Figure(percent.name, percent.value, f"{value}%", percent.origin)


def time_lost(
    name: str, minutes: Fraction, rule: str, inputs: Inputs, article: str = ""
) -> Figure[Decimal]:
    """Return a length of time in minutes with at most two decimals; a part of one counts whole.

    So what is lost never prints as less than it is: 132 min 29 s are 132.49, not 132.48.
    """
    return number(name, _up(minutes), rule, inputs, article)


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
