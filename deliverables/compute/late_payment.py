"""Damages for late payment (Art. 12.7): simple, by the day, and capped over all debts together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from deliverables.lazily import dataclass
from deliverables.money import in_fen, round_down, round_half_up
from deliverables.period import Period

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Debt:
    """An amount that was to be paid by `due`, as it stood from day to day.

    `open_after` gives days in order, each with what was open from the day after it on; the last
    holds for good. No damages run on the `excused` days, evidenced days of fiscal approval.
    """

    due: date
    open_after: tuple[tuple[date, Decimal], ...]
    excused: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the same amount was late, and the damages for them, in yuan."""

    period: Period
    amount: Decimal
    damages: Decimal


@dataclass(frozen=True, slots=True)
class Damages:
    """What one debt costs: `uncapped` is the sum of its stretches, `payable` what can be claimed.

    The exact sum is rounded once, half-up. A stretch has what it adds to the rounded sum, so that
    the stretches always add up.
    """

    stretches: tuple[Stretch, ...]
    uncapped: Decimal
    payable: Decimal

    @property
    def days(self) -> int:
        """The days late less those excused."""
        return sum(stretch.period.days for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Accrual:
    """What all debts cost, in their order.

    `cap_bites_on` is the first day on which the damages together exceed the cap if what is open
    stays unpaid and no more days are excused; None if that is beyond the calendar.
    """

    debts: tuple[Damages, ...]
    cap: Decimal
    cap_bites_on: date | None


def cap_of(base: Decimal, ratio: Decimal) -> Decimal:
    """Return the most that damages come to: base × ratio, rounded down.

    A fen more would exceed it. Raises ValueError for a negative base or ratio.
    """
    if in_fen(base) < 0 or ratio < 0:
        raise ValueError("days, amounts and rates of a late payment cannot be negative")
    return round_down(Fraction(base) * Fraction(ratio))


def accrue(debts: Sequence[Debt], through: date, *, daily_rate: Decimal, cap: Decimal) -> Accrual:
    """Return the damages for the debts up to and with the day `through`.

    Payment on the due day is 0 days late; a day on which money came in is late for what was open
    in its morning. On the day the cap bites what is left of it goes to the debts in their order,
    and nothing is added afterwards. Raises ValueError for negative amounts or rates.
    """
    opened = (in_fen(amount) for debt in debts for _, amount in debt.open_after)
    if daily_rate < 0 or min(opened, default=0) < 0:
        raise ValueError("days, amounts and rates of a late payment cannot be negative")
    bites = _first_day_above(debts, daily_rate, cap)
    found = [_stretches(debt, through, daily_rate) for debt in debts]
    uncapped = [_sum(stretches) for stretches in found]
    payable = uncapped
    if bites and through >= bites:
        payable = _shared_out(
            cap, _totals(debts, bites - _DAY, daily_rate), _totals(debts, bites, daily_rate)
        )
    parts = zip(found, uncapped, payable, strict=True)
    return Accrual(tuple(Damages(*part) for part in parts), cap, bites)


def _shared_out(cap: Decimal, before: list[Decimal], on: list[Decimal]) -> list[Decimal]:
    """Return what the debts come to when the cap is reached on one day."""
    left, shares = cap - sum(before), []
    for old, new in zip(before, on, strict=True):
        share = min(new - old, left)
        left -= share
        shares.append(old + share)
    return shares


def _first_day_above(debts: Sequence[Debt], daily_rate: Decimal, cap: Decimal) -> date | None:
    def above(ordinal: int) -> int:
        return sum(_totals(debts, date.fromordinal(ordinal), daily_rate)) > cap

    days = range(min((debt.due.toordinal() for debt in debts), default=0) + 1, date.max.toordinal())
    found = days.start + bisect_left(days, 1, key=above)  # damages never become less
    return date.fromordinal(found) if above(found) else None


def _totals(debts: Iterable[Debt], through: date, daily_rate: Decimal) -> list[Decimal]:
    return [_sum(_stretches(debt, through, daily_rate)) for debt in debts]


def _sum(stretches: Iterable[Stretch]) -> Decimal:
    return sum((stretch.damages for stretch in stretches), Decimal("0.00"))


def _stretches(debt: Debt, through: date, daily_rate: Decimal) -> tuple[Stretch, ...]:
    exact, rounded, found = Fraction(0), Decimal("0.00"), []
    for period, amount in _late(debt, through):
        exact += Fraction(amount) * Fraction(daily_rate) * period.days
        added = round_half_up(exact) - rounded
        rounded += added
        found.append(Stretch(period, amount, added))
    return tuple(found)


def _late(debt: Debt, through: date) -> Iterator[tuple[Period, Decimal]]:
    """Yield the days that count, in order, with what was open on them."""
    for index, (day, amount) in enumerate(debt.open_after):
        following = debt.open_after[index + 1 :]
        last = min(following[0][0], through) if following else through
        if amount and max(day, debt.due) < last:
            whole = Period(max(day, debt.due) + _DAY, last)
            yield from ((part, amount) for part in _without(whole, debt.excused))


def _without(whole: Period, excused: Iterable[Period]) -> Iterator[Period]:
    """Yield what is left of a period without the excused days."""
    first = whole.first
    for period in sorted(excused, key=lambda period: period.first):
        if period.first > whole.last:
            break
        if period.first > first:
            yield Period(first, period.first - _DAY)
        if period.last >= whole.last:
            return
        first = max(first, period.last + _DAY)
    yield Period(first, whole.last)
