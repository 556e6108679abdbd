"""The service quarters of the sample contract and the draws that belong to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from chinese_calendar import is_workday

SEED = 20260429
_QUIET = ((date(2027, 1, 1), date(2027, 1, 3)), (date(2027, 2, 5), date(2027, 2, 13)))


@dataclass(frozen=True, slots=True)
class ServiceMonth:
    """A service month, named by the calendar month in which it ends."""

    first: date
    last: date

    @property
    def name(self) -> date:
        """The first day of the calendar month that names it."""
        return self.last.replace(day=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def export_day(self) -> date:
        """The day after, when its figures are exported."""
        return self.last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ServiceQuarter:
    """A service quarter of three service months."""

    number: int
    months: tuple[ServiceMonth, ServiceMonth, ServiceMonth]

    @property
    def first(self) -> date:
        """Its first day."""
        return self.months[0].first

    @property
    def last(self) -> date:
        """Its last day."""
        return self.months[-1].last

    @property
    def days(self) -> Iterator[date]:
        """Its days in order."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def ends(self) -> datetime:
        """The moment after its last minute."""
        return datetime.combine(self.last, time()) + timedelta(days=1)

    def exported(self, report: str, clock: str = "09:00") -> str:
        """Return the evidence of a report exported when the quarter had ended."""
        return exported(report, self.months[-1], clock)


def exported(report: str, month: ServiceMonth, clock: str = "09:00") -> str:
    """Return the evidence of a report exported when the month had ended."""
    return f"{report}（{month.export_day} {clock}导出）"


def is_busy(day: date) -> bool:
    """Return whether people work that day.

    2027, not announced yet, goes by the weekday and a guess that serves nothing but the sample.
    """
    if day.year == 2026:
        return bool(is_workday(day))
    return day.weekday() < 5 and not any(first <= day <= last for first, last in _QUIET)


def draws(subject: str, number: int = 0) -> Random:
    """Return the draws of one subject, so that a change to one leaves the others as they are."""
    return Random(f"{SEED}/{subject}/{number}")


def _months(*bounds: date) -> tuple[ServiceMonth, ...]:
    return tuple(
        ServiceMonth(first, following - timedelta(days=1)) for first, following in pairwise(bounds)
    )


_MONTHS = _months(
    *(date(2026, month, 30) for month in range(4, 13)),
    date(2027, 1, 30),
    date(2027, 2, 28),
    date(2027, 3, 30),
    date(2027, 4, 30),
)
QUARTERS = tuple(
    ServiceQuarter(number, (_MONTHS[start], _MONTHS[start + 1], _MONTHS[start + 2]))
    for number, start in enumerate(range(0, 12, 3), 1)
)
