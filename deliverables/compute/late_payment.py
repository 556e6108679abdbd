"""Damages for late payment (Art. 12.7): simple, by the day, and capped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from deliverables.money import in_fen, round_down, round_half_up

_HALF_A_FEN: Final = Fraction(1, 200)


@dataclass(frozen=True, slots=True)
class LatePayment:
    """What a late payment costs, in yuan.

    `days` are the days late less those excluded, `uncapped` the damages for them, `cap` their
    limit. `cap_bites_on` is the first day on which the damages exceed the cap if the amount
    stays unpaid and no more days are excluded; None if that is beyond the calendar.
    """

    days: int
    uncapped: Decimal
    cap: Decimal
    cap_bites_on: date | None

    @property
    def payable(self) -> Decimal:
        """The damages that can be claimed: never more than the cap."""
        return min(self.uncapped, self.cap)


def accrue(
    late_amount: Decimal,
    due: date,
    paid_or_as_of: date,
    *,
    excluded_days: int,
    daily_rate: Decimal,
    cap_base: Decimal,
    cap_ratio: Decimal,
) -> LatePayment:
    """Return the damages for `late_amount` yuan, due on `due`, paid (or looked at) later.

    Payment on the due day is 0 days late. `excluded_days` are evidenced days of fiscal approval
    (Art. 6.2). The product is rounded once, half-up; the cap, base × ratio, is rounded down,
    for a fen more would exceed it. Raises ValueError for negative days, amounts or rates.
    """
    counts = (excluded_days, in_fen(late_amount), in_fen(cap_base))
    if min(counts) < 0 or min(daily_rate, cap_ratio) < 0:
        raise ValueError("days, amounts and rates of a late payment cannot be negative")
    days = max(0, (paid_or_as_of - due).days - excluded_days)
    a_day = Fraction(late_amount) * Fraction(daily_rate)
    cap = round_down(Fraction(cap_base) * Fraction(cap_ratio))
    return LatePayment(
        days=days,
        uncapped=round_half_up(a_day * days),
        cap=cap,
        cap_bites_on=_first_day_above(cap, a_day, due + timedelta(days=excluded_days)),
    )


def _first_day_above(cap: Decimal, a_day: Fraction, counted_from: date) -> date | None:
    if not a_day:
        return None
    days = ceil((Fraction(cap) + _HALF_A_FEN) / a_day)
    return counted_from + timedelta(days=days) if days <= (date.max - counted_from).days else None
