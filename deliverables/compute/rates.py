"""Percentages in reports: of what was planned, weighted, or a simple mean that says so."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from deliverables.lazily import dataclass
from deliverables.money import round_down, round_half_up


class Basis(StrEnum):
    """What a rate is a share of, as printed beside it."""

    PLANNED = "按计划数"
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
    """Return part ÷ whole in percent, cut to two places, so that only all of it shows 100 %.

    None for a whole of nothing: there is nothing to take a share of.
    """
    if not whole:
        return None
    return round_down(Fraction(part) / Fraction(whole) * 100)


def success_over_planned(succeeded: int, planned: int) -> Rate | None:
    """Return successes as a share of what was planned, not of what was attempted.

    Cut to two places, so that only full success shows 100 %. None where nothing was planned:
    there is no evidence of anything. Raises ValueError unless 0 <= succeeded <= planned.
    """
    if not 0 <= succeeded <= planned:
        raise ValueError(f"{succeeded} of {planned} cannot have succeeded")
    percent = share(succeeded, planned)
    return None if percent is None else Rate(percent, Basis.PLANNED)


def weighted_usage(used: Sequence[Decimal], capacity: Sequence[Decimal]) -> Rate | None:
    """Return Σ used ÷ Σ capacity, half-up; None where there is no capacity.

    The two sequences are in the same unit, resource by resource (ValueError otherwise).
    """
    if len(used) != len(capacity):
        raise ValueError(f"{len(used)} uses do not match {len(capacity)} capacities")
    total = sum(map(Fraction, capacity), Fraction(0))
    if not total:
        return None
    return Rate(round_half_up(sum(map(Fraction, used), Fraction(0)) / total * 100), Basis.WEIGHTED)


def simple_mean(percents: Sequence[Decimal]) -> Rate | None:
    """Return the mean of percentages whatever the size of each, half-up; None for no values."""
    if not percents:
        return None
    total = sum(map(Fraction, percents), Fraction(0))
    return Rate(round_half_up(total / len(percents)), Basis.SIMPLE_MEAN)
