"""Availability of a service over a period, from exact minutes to an exact verdict."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from deliverables.interval import Interval, clip, merge, total_minutes, whole_days
from deliverables.lazily import dataclass
from deliverables.money import round_down
from deliverables.period import Period

_SHOWN_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Availability:
    """Downtime against the time there was; minutes are exact, `threshold` is in percent (99.9).

    Downtime is the union of the outages in scope, clipped to the period. The contract (Art. 3.3)
    gives no window and no least length of an outage: every second counts.
    """

    total_minutes: int
    downtime: Fraction
    threshold: Decimal

    @property
    def meets(self) -> bool:
        """Whether downtime is within the budget, compared exactly; at the budget it is."""
        return self.downtime <= self.budget_minutes

    @property
    def percent(self) -> Decimal:
        """The percentage as printed: cut, never rounded up, to four places.

        A threshold with more places than four is answered with as many, so that the printed
        figure is below the threshold exactly when the service failed it.
        """
        places = max(_SHOWN_PLACES, -int(self.threshold.as_tuple().exponent))
        return round_down((1 - self.downtime / self.total_minutes) * 100, places)

    @property
    def budget_minutes(self) -> Fraction:
        """The downtime that the threshold allows, in minutes."""
        return self.total_minutes * (100 - Fraction(self.threshold)) / 100

    @property
    def budget_left(self) -> Fraction:
        """What is left of the budget, in minutes; negative when it is overdrawn."""
        return self.budget_minutes - self.downtime

    @property
    def budget_used(self) -> Fraction | None:
        """Downtime as a share of the budget (1 is all of it); None where nothing is allowed."""
        return self.downtime / self.budget_minutes if self.budget_minutes else None


def measure(total: Period, outages: Iterable[Interval], threshold: Decimal) -> Availability:
    """Return the availability over `total`; `outages` are those in scope, in any order.

    Overlapping outages count once and only inside the period. Raises ValueError for a
    threshold that is no percentage.
    """
    if not 0 < threshold <= 100:  # noqa: PLR2004
        raise ValueError(f"the threshold {threshold} is not a percentage such as 99.9")
    window = whole_days(total)
    inside = (clip(outage, window) for outage in outages)
    downtime = total_minutes(merge(outage for outage in inside if outage))
    return Availability(total.minutes, downtime, threshold)


def combine(parts: Iterable[Availability]) -> Availability:
    """Return the availability of periods that follow each other: minutes add up, never percents.

    Raises ValueError for no parts or parts with different thresholds.
    """
    measured = tuple(parts)
    thresholds = {part.threshold for part in measured}
    if len(thresholds) != 1:
        raise ValueError(f"parts must share one threshold, not {sorted(thresholds)}")
    return Availability(
        sum(part.total_minutes for part in measured),
        sum((part.downtime for part in measured), Fraction(0)),
        thresholds.pop(),
    )


def weighted_downtime(outages: Iterable[tuple[Fraction | int, int, int]]) -> Fraction:
    """Return Σ minutes × affected hosts ÷ all hosts, for (minutes, affected, total) triples.

    A partial outage weighs by its share of the hosts. It is printed beside the verdict, never
    in its place. Raises ValueError unless 0 <= affected <= total and total is positive.
    """
    weighted = Fraction(0)
    for minutes, affected, total in outages:
        if not 0 <= affected <= total or total == 0:
            raise ValueError(f"{affected} of {total} hosts cannot be affected")
        weighted += Fraction(minutes) * affected / total
    return weighted
