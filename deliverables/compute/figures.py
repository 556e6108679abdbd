"""Making figures: a value, its printed text, and the rule and rows it was computed from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache, wraps
from operator import is_
from typing import Any, Final, Generic, ParamSpec, TypeVar

from deliverables.model.contract import Invoicing
from deliverables.model.fields import UNFILLED, Row, sheets, show_number
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.values.calendar import show_day
from deliverables.values.capitals import write_payment_capitals
from deliverables.values.dates import Period
from deliverables.values.figure import Cell, Cells, Derivation, Figure, Statement
from deliverables.values.money import FEN, format_yuan, round_down, round_half_up

BREAKING_COMMA: Final = "、 "
"""Between numbers in a narrow cell: without the space LibreOffice breaks lines inside a number."""

_ALMOST: Final = Decimal("99.99")
"""What a share prints that is not all of it, however little is lacking."""

_AT_ONCE: Final = 16
"""As much is held of what was reckoned from workbooks, of each sort: a year asks for ten."""

_EXACT: Final = Context(prec=1_000, traps=[Inexact])
"""Adds numbers without rounding: the largest and the least that a cell can hold are 617 apart."""


class Basis(StrEnum):
    """What a rate is a share of, as printed beside it."""

    WEIGHTED = "按容量加权"
    SIMPLE_MEAN = "简单平均"


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage with two places and the basis it must be printed with."""

    percent: Decimal
    basis: Basis

    def __str__(self) -> str:
        return f"{self.percent}%（{self.basis}）"


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return part ÷ whole in percent, half-up to two places; only all of it shows 100 %.

    None for a whole of nothing: there is nothing to take a share of.
    """
    if not whole:
        return None
    exact = Fraction(part) / Fraction(whole) * 100
    shown = round_half_up(exact)
    return _ALMOST if exact < 100 <= shown else shown  # noqa: PLR2004  # all of it


def weighted_usage(used: Sequence[Decimal], capacity: Sequence[Decimal]) -> Rate | None:
    """Return Σ used ÷ Σ capacity, half-up; None where there is no capacity.

    The two sequences are in the same unit, resource by resource (ValueError otherwise).
    """
    if len(used) != len(capacity):
        raise ValueError(f"{len(used)} uses do not match {len(capacity)} capacities")
    total = _exact_sum(capacity)
    if not total:
        return None
    return Rate(round_half_up(_exact_sum(used) / total * 100), Basis.WEIGHTED)


def simple_mean(percents: Sequence[Decimal]) -> Rate | None:
    """Return the mean of percentages whatever the size of each, half-up; None for no values."""
    if not percents:
        return None
    return Rate(round_half_up(_exact_sum(percents) / len(percents)), Basis.SIMPLE_MEAN)


def _exact_sum(values: Sequence[Decimal]) -> Fraction:
    """Return the sum without any rounding, sooner than fractions are added."""
    with localcontext(_EXACT):
        return Fraction(sum(values, Decimal(0)))


NONE_THIS_PERIOD = "—（本期无）"
"""What a rate prints when there was nothing to take a rate of: never 100 %."""

MADE_ON = Derivation("出具文件时指定的日期", "")
"""Where the day of a document comes from: whoever made it said so, no file does."""

Inputs = Sequence[Figure[Any]]
R = TypeVar("R", bound=Row)
K = TypeVar("K")
T = TypeVar("T")
P = ParamSpec("P")


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
        files = self._files
        inputs = Cells(rows, *columns, files=files)
        if len(rows) == len(self.every):
            return Derivation(rule, article, inputs)
        return Derivation(rule, article, inputs, Cells(self.every, *columns, files=files))

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


def staff_of(roster: Roster | None) -> Rows[StaffMember]:
    """Return everybody on the roster; nobody without one."""
    if roster is None:
        nobody = Figure(StaffMember.sheet, 0, "无记录", Cell("staff.xlsx"))
        return Rows((), (nobody,))
    return gathered([(roster, roster.file)], StaffMember)


def or_unfilled(row: Row, name: str) -> Figure[Any]:
    """Return a cell; it prints 【待补】 where nobody has filled it in."""
    figure = row.figure(name)
    return figure if figure.value not in (None, "") else replace(figure, text=UNFILLED)


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
    """Return part ÷ whole in percent, half-up to two places; only all of it prints 100.00%.

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
    """Return a length of time in minutes as `minutes_lost` has it."""
    return _number(name, minutes_lost(minutes), origin)


def time_left(
    name: str, minutes: Fraction, rule: str, inputs: Inputs, article: str = ""
) -> Figure[Decimal]:
    """Return an allowance in minutes with at most two decimals, cut; below zero if overdrawn."""
    return number(name, -minutes_lost(-minutes), rule, inputs, article)


def minutes_lost(minutes: Fraction) -> Decimal:
    """Return minutes with at most two decimals; a part of a hundredth counts whole.

    So what is lost never prints as less than it is: 132 min 29 s are 132.49, not 132.48.
    """
    cut = round_down(minutes)
    return cut + FEN if cut < minutes else cut


def iso_day(day: Figure[Any]) -> Figure[object]:
    """Return a day as tables print it, 2026-07-09, so that it stands on one line; — for none."""
    text = day.value.isoformat() if isinstance(day.value, date) else day.text
    return Figure(day.name, day.value, text, day.origin)


def told(
    name: str, pattern: str, article: str, said: Mapping[str, Figure[Any]], *behind: Figure[Any]
) -> Statement:
    """Return a pattern filled with figures that are named in a mapping, as `Statement.of` does."""
    text = pattern.format(**said)
    return Statement(name, text, text, Derivation(pattern, article, (*said.values(), *behind)))


def counted(
    name: str, count: Figure[Decimal], some: str, none: str, **said: Figure[Any]
) -> Statement:
    """Return `some` with the count for n, or `none` where there is nothing to count."""
    if count.value:
        return told(name, some, "", {**said, "n": count})
    return told(name, none, "", said, count)


def made_on(as_of: date) -> Figure[date]:
    """Return the day a document is dated, up to which it tells what is known."""
    return Figure("成文日期", as_of, show_day(as_of), MADE_ON)


def once(work: Callable[P, T]) -> Callable[P, T]:
    """Return what reckons from sequences of workbooks so that it does once for the very same ones.

    Page one, the leading sentences, the table of the year and the answers to duties ask for the
    same sums; to compare thousands of rows would take as long as to add them up.
    """
    reckon: Callable[..., T] = work

    @lru_cache(maxsize=_AT_ONCE)
    def held(*given: _Same) -> T:
        return reckon(*(each.items for each in given))

    @wraps(work)
    def asked(*given: P.args, **named: P.kwargs) -> T:
        return work(*given, **named) if named else held(*map(_Same, given))

    return asked


class _Same:
    """Things that are the same as others if each of them is the very other."""

    __slots__ = ("_hash", "items")

    def __init__(self, items: Any) -> None:
        self.items: Any = tuple(items)
        self._hash = hash(tuple(map(id, self.items)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Same)
            and len(self.items) == len(other.items)
            and all(map(is_, self.items, other.items))
        )


def grouped(rows: Iterable[R], key: Callable[[R], K]) -> dict[K, list[R]]:
    """Return the rows under each key, keys in the order they first occur."""
    groups: dict[K, list[R]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def by_month(
    rows: Iterable[R],
    months: Sequence[tuple[str, Period]],
    moment: Callable[[R], datetime],
    kind: Callable[[R], str],
) -> dict[str, Counter[str]]:
    """Return how many rows of each kind fall in each of the months; `months` name their days."""
    counts: dict[str, Counter[str]] = {label: Counter() for label, _ in months}
    for row in rows:
        day = moment(row).date()
        for label, month in months:
            if month.contains(day):
                counts[label][kind(row)] += 1
    return counts


NOTHING = Decimal("0.00")


def tax_on_invoice(tax: Figure[Decimal], rate: Decimal | str) -> Figure[Decimal]:
    """Return a tax as the invoice prints it: *** where the sale is exempt (税率栏为“免税”)."""
    return tax if rate else replace(tax, text="***")


BY_THE_INVOICE: Final = "以发票为准"
"""Stands for a rate or a part of an amount that is not known before the invoice is issued."""


def by_the_invoice(name: str, terms: Invoicing) -> Figure[Decimal | None]:
    """Return net or tax of what is still to be invoiced where no single rate splits it."""
    rule = "没有约定单一税率，不作拆分"
    origin = Derivation(rule, terms.article, (terms.figure("rate"),))
    return Figure(name, None, BY_THE_INVOICE, origin)


def yuan(name: str, amount: Decimal, rule: str, article: str, inputs: Inputs) -> Figure[Decimal]:
    """Return a computed amount as a figure that prints 1,957,783.48."""
    return Figure(name, amount, format_yuan(amount), Derivation(rule, article, inputs))


def in_words(amount: Figure[Decimal]) -> Figure[str]:
    """Return an amount to be paid in words with 人民币 before them, as a letter prints it.

    Raises CapitalsError, a ValueError, for an amount that nobody can be asked to pay: nothing.
    """
    words = f"人民币{write_payment_capitals(amount.value)}"
    return Figure(f"{amount.name}大写", words, words, Derivation("大写金额", "", (amount,)))


def entered(file: str, row: type[R], rows: Sequence[R]) -> Rows[R]:
    """Return the rows of one sheet of the ledger, which is `file`."""
    nothing = Figure(row.sheet, 0, "无记录", Cell(file, row.sheet))
    return Rows(rows, () if rows else (nothing,))


def rows_added(
    name: str, every: Rows[R], rows: Sequence[R], column: str, *chosen_by: str
) -> Figure[Decimal]:
    """Return the sum of a column over some of the rows, chosen by what other columns say."""
    total = sum((getattr(row, column) for row in rows), NOTHING)
    origin = every.origin("逐笔相加", rows, *chosen_by, column)
    return Figure(name, total, format_yuan(total), origin)


def instalments_added(name: str, parts: Sequence[Figure[Decimal]]) -> Figure[Decimal]:
    """Return the sum of what every instalment comes to."""
    total = sum((part.value for part in parts), NOTHING)
    return yuan(name, total, "各期相加", "", tuple(parts))


def parts_of(said: Any) -> dict[str, Any]:
    """Return the fields of a data class by name, for one that extends it and says more."""
    return {one.name: getattr(said, one.name) for one in fields(said)}
