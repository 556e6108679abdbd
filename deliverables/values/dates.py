"""Periods of days as 民法典 counts them, and stretches of time in Beijing, measured exactly."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Final

from deliverables.values.calendar import Calendar, Deadline

_DAY: Final = timedelta(days=1)
_MINUTES_A_DAY: Final = 24 * 60
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included; ValueError if it would be empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end on {self.last} before it begins on {self.first}")

    @property
    def days(self) -> int:
        """The number of days, both ends counted."""
        return (self.last - self.first).days + 1

    @property
    def minutes(self) -> int:
        """The number of minutes, 1440 a day."""
        return self.days * _MINUTES_A_DAY

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return self.first <= day <= self.last


class Convention(StrEnum):
    """Whether a term of months that runs from a day counts that day."""

    CIVIL_CODE = "civil_code"
    """民法典 201, 202: the day is not counted; 04-29 plus 12 months ends on 04-29."""

    INCLUSIVE = "inclusive"
    """The drafting habit: the day is the first; 04-29 plus 12 months ends on 04-28."""


def add_months(start: date, n: int) -> date:
    """Return the corresponding day `n` months on, or the month's end if it has no such day.

    民法典 202. `n` may be negative.
    """
    year, month = _month_after(start, n)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def service_term(start: date, months: int, convention: Convention) -> Period:
    """Return the term of `months` months that runs from `start` (the signing day)."""
    return divide(start, months, 1, convention)[0]


def divide(start: date, months: int, parts: int, convention: Convention) -> tuple[Period, ...]:
    """Return the term cut into `parts` of equally many months, in order, without gap or overlap.

    Every cut is counted from `start` itself (民法典 202), never from the cut before: chained
    counting would lose days after a short month. Raises ValueError if the months do not divide.
    """
    if parts < 1 or months < 1 or months % parts:
        raise ValueError(f"{months} months cannot be divided into {parts} equal parts of months")
    first = start if convention is Convention.INCLUSIVE else start + _DAY
    periods = []
    for elapsed in range(months // parts, months + 1, months // parts):
        periods.append(Period(first, _last_day(start, elapsed, convention)))
        first = periods[-1].last + _DAY
    return tuple(periods)


def calendar_parts(term: Period, months: int) -> tuple[Period, ...]:
    """Return the term cut where the calendar's months, quarters, half-years or years begin.

    The first and the last part may be shorter. Raises ValueError if so many months do not make up
    a year, or whole years.
    """
    if months < 1 or (_MONTHS_A_YEAR % months and months % _MONTHS_A_YEAR):
        raise ValueError(f"the calendar is not divided into periods of {months} months")
    first = term.first
    periods = []
    while first <= term.last:
        elapsed = (first.month - 1) % months if months < _MONTHS_A_YEAR else first.month - 1
        following = add_months(first.replace(day=1), months - elapsed)
        periods.append(Period(first, min(following - _DAY, term.last)))
        first = following
    return tuple(periods)


def midpoint(start: date, months: int, convention: Convention) -> date:
    """Return the first day on which more than half of the term is over (服务期过半).

    Half of an even number of months is counted in months; of an odd number, where no article
    says what half a month is, in days.
    """
    if months % 2 == 0:
        return divide(start, months, 2, convention)[1].first
    term = service_term(start, months, convention)
    return term.first + (term.days + 1) // 2 * _DAY


def roll_forward(day: date, calendar: Calendar) -> Deadline:
    """Return `day`, or the first working day after it if it is a rest day (民法典 203)."""
    return calendar.add_workdays(day - _DAY, 1)


def days_before(day: date, n: int, calendar: Calendar) -> Deadline:
    """Return the n-th day before `day`, or the last working day before that if it is a rest day.

    民法典 203 extends only deadlines that run forwards: who must act n days ahead acts earlier.
    """
    return calendar.workdays_before(day - (n - 1) * _DAY, 1)


def _last_day(start: date, months: int, convention: Convention) -> date:
    corresponding = add_months(start, months)
    if convention is Convention.CIVIL_CODE or corresponding.day < start.day:
        return corresponding
    return corresponding - _DAY


def _month_after(start: date, n: int) -> tuple[int, int]:
    year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    return year, month + 1


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
