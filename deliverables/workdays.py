"""Working days by the State Council's calendar, and deadlines counted in them.

A year whose holiday notice is not published has no working days yet: a count that reaches it
gives a `Provisional` range instead of a date, and the two types share no date to print.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Final

from deliverables.festivals import Effect, Holiday, holidays
from deliverables.lazily import dataclass
from deliverables.notices import read_notice
from deliverables.problem import Problem

_DAY: Final = dt.timedelta(days=1)
_SATURDAY: Final = 5


class UnpublishedYearError(ValueError):
    """Whether a day is worked was asked of a year whose notice is not published."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A date that is known; `remark` (Chinese, may be empty) is printed beside it."""

    date: dt.date
    remark: str = ""

    def __str__(self) -> str:
        return in_chinese(self.date) + (f"（{self.remark}）" if self.remark else "")


@dataclass(frozen=True, slots=True)
class Provisional:
    """The range a date must fall in, both ends included, and why it is not known (Chinese)."""

    earliest: dt.date
    latest: dt.date
    reason: str

    def __str__(self) -> str:
        days = in_chinese(self.earliest)
        if self.latest != self.earliest:
            days += f"至{in_chinese(self.latest)}之间"
        return f"{days}（暂定：{self.reason}）"


Deadline = Settled | Provisional


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: weekdays, but for the `exceptions` of the `published` years.

    `exceptions` maps a day to whether it is worked: False for days off, True for weekends
    worked to make up. The unstated 工作日 of a contract is taken to mean this calendar.
    """

    published: frozenset[int]
    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    def is_workday(self, day: dt.date) -> bool:
        """Whether `day` is worked; UnpublishedYearError where nobody can know yet."""
        if day.year not in self.published:
            raise UnpublishedYearError(f"the holiday notice of {day.year} is not published")
        return self._expected(day)

    def add_workdays(self, start: dt.date, n: int) -> Deadline:
        """Return the n-th working day after `start`, which is not counted (民法典 201).

        Raises ValueError for n below 1, and for unpublished years before 2004 or after 2049.
        """
        return self._nth(start, n, _DAY)

    def workdays_before(self, day: dt.date, n: int) -> Deadline:
        """Return the n-th working day before `day`, which is not counted.

        Of a provisional range the earliest day is the safe one. Raises as `add_workdays`.
        """
        return self._nth(day, n, -_DAY)

    def _nth(self, start: dt.date, n: int, step: dt.timedelta) -> Deadline:
        if n < 1:
            raise ValueError(f"{n} working days cannot be counted; the first is 1")
        day, left = start, n
        while left:
            day += step
            if day.year not in self.published:
                return self._bounds(start, n, step)
            left -= self._expected(day)
        return Settled(day, self._late_december(*sorted((start + step, day))))

    def _bounds(self, start: dt.date, n: int, step: dt.timedelta) -> Provisional:
        """Return the range that holds whatever the notices to come say (docs/decisions/0007)."""
        day, worked, nearest = start, 0, None
        while True:
            day += step
            worked += self._expected(day)
            effect = self._notices_to_come(*sorted((start + step, day)))
            if nearest is None and worked + effect.gained >= n and not self._is_statutory(day):
                nearest = day
            if nearest is not None and worked - effect.lost >= n:
                earliest, latest = sorted((nearest, day))
                return Provisional(earliest, latest, self._reason(*sorted((start + step, day))))

    def _expected(self, day: dt.date) -> bool:
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def _notices_to_come(self, first: dt.date, last: dt.date) -> Effect:
        effects = [holiday.effect(first, last) for holiday in self._to_come(first, last)]
        return Effect(sum(e.gained for e in effects), sum(e.lost for e in effects))

    def _to_come(self, first: dt.date, last: dt.date) -> list[Holiday]:
        # 元旦 of the next year reaches back into December.
        years = (y for y in range(first.year, last.year + 2) if y not in self.published)
        return [holiday for year in years for holiday in holidays(year)]

    def _is_statutory(self, day: dt.date) -> bool:
        return any(day in holiday.statutory for holiday in self._to_come(day, day))

    def _reason(self, first: dt.date, last: dt.date) -> str:
        years = [str(y) for y in range(first.year, last.year + 1) if y not in self.published]
        return f"{'、'.join(years)}年放假安排尚未公布"

    def _late_december(self, first: dt.date, last: dt.date) -> str:
        """Return a remark where the next year's notice may yet change a day of December."""
        if self._notices_to_come(first, last) == Effect(0, 0):
            return ""
        return f"{last.year + 1}年放假安排公布后，12月的工作日可能调整"


def in_chinese(day: dt.date) -> str:
    """Return the day as documents print it (GB/T 9704): 2026年6月29日."""
    return f"{day.year}年{day.month}月{day.day}日"


def load_calendar(folder: Path | None = None) -> tuple[Calendar, tuple[Problem, ...]]:
    """Return the calendar the library knows with the notices in `folder` added, and problems.

    `folder` holds YYYY.json files (see `deliverables.notices`); what a file says of a day wins
    over the library. A file with a problem is left out whole, so that its year stays unpublished.
    """
    known = published_calendar()
    if folder is None or not folder.is_dir():
        return known, ()
    published, exceptions = set(known.published), dict(known.exceptions)
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.json")):
        notice, found = read_notice(path)
        problems += found
        if notice is not None:
            published.add(notice.year)
            exceptions |= notice.days
    return Calendar(frozenset(published), exceptions), tuple(problems)


@cache
def published_calendar() -> Calendar:
    """Return the calendar of every year whose notice the calendar library carries."""
    from chinese_calendar.constants import holidays as off  # noqa: PLC0415  # slow to import
    from chinese_calendar.constants import workdays as made_up  # noqa: PLC0415

    exceptions = {**dict.fromkeys(off, False), **dict.fromkeys(made_up, True)}
    return Calendar(frozenset(day.year for day in off), exceptions)
