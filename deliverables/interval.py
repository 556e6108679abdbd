"""Stretches of time in Beijing, half-open, merged and measured exactly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from fractions import Fraction
from functools import cache
from typing import Final

from deliverables.lazily import dataclass
from deliverables.period import Period

_BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The time from `start` up to, but not including, `end`; ValueError if there is none.

    A time without a zone is a Beijing wall clock's, as people type it; every time is kept at
    +08:00, summer time of 1986 to 1991 resolved, so that differences are elapsed time.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _in_beijing(self.start))
        object.__setattr__(self, "end", _in_beijing(self.end))
        if self.end <= self.start:
            raise ValueError(f"an interval cannot end at {self.end}, it starts at {self.start}")

    @property
    def minutes(self) -> Fraction:
        """The exact length in minutes, to the microsecond."""
        return Fraction((self.end - self.start) // _MICROSECOND, _MINUTE // _MICROSECOND)


def wall_clock(moment: datetime) -> datetime:
    """Return a moment of any zone as a clock in Beijing shows it, without a zone."""
    return moment.astimezone(_shanghai()).replace(tzinfo=None)


def whole_days(period: Period) -> Interval:
    """Return the period as an interval, from 00:00 of its first day to 24:00 of its last."""
    return Interval(_midnight(period.first), _midnight(period.last) + timedelta(days=1))


def clip(interval: Interval, within: Interval) -> Interval | None:
    """Return the part of `interval` inside `within`, None if they only touch or lie apart."""
    start, end = max(interval.start, within.start), min(interval.end, within.end)
    return Interval(start, end) if start < end else None


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the union: intervals in order that neither overlap nor touch."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return tuple(merged)


def total_minutes(intervals: Iterable[Interval]) -> Fraction:
    """Return the sum of the lengths in minutes, exact; merge first, or overlaps count twice."""
    return sum((interval.minutes for interval in intervals), Fraction(0))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _in_beijing(moment: datetime) -> datetime:
    local = moment if moment.tzinfo else moment.replace(tzinfo=_shanghai())
    return local.astimezone(_BEIJING)


@cache
def _shanghai() -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # slow to import, and not needed to plan

    return ZoneInfo("Asia/Shanghai")
