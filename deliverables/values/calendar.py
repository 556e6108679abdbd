"""Working days by the State Council's calendar, and deadlines counted in them.

A year whose notice is not published yet gives a range: the widest that notices of the past allow.
Notices newer than the calendar library are read from files `YYYY.json`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from deliverables.values.figure import Line
from deliverables.values.filing import PUBLISHED, REGULAR_DAY, SUFFIX, last_days, read_filing_notice
from deliverables.values.problem import Message, Problem, error, say

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_MAKE_UP_BEFORE: Final = timedelta(weeks=2)
_MAKE_UP_AFTER: Final = timedelta(weeks=1)


class Effect(NamedTuple):
    """The most working days that a holiday can add to a span of days, or take from it."""

    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday by law: the days that are off whatever happens, and how long it may get.

    `owed` is the number of days the law gives (a rest day among them is given back); a notice
    makes one run of at most `longest` days around them and has the rest made up at weekends.
    """

    statutory: tuple[date, ...]
    owed: int
    longest: int

    @property
    def reach(self) -> tuple[date, date]:
        """The first and the last day whose working status the holiday can change."""
        spread = timedelta(days=self.longest - 1)
        first, last = self.statutory[-1] - spread, self.statutory[0] + spread
        return first - _MAKE_UP_BEFORE, last + _MAKE_UP_AFTER

    def effect(self, first: date, last: date) -> Effect:
        """Return the most working days gained and lost between `first` and `last`, inclusive."""
        start, end = self.reach
        if last < start or first > end:
            return Effect(0, 0)
        return _effect(self, max(first, start), min(last, end))

    def runs(self) -> Iterator[tuple[date, date]]:
        """Yield every run of days off, first and last, that the notice may choose."""
        earliest, latest = self.statutory[0], self.statutory[-1]
        for length in range((latest - earliest).days + 1, self.longest + 1):
            first = latest - (length - 1) * _ONE_DAY
            while first <= earliest:
                yield first, first + (length - 1) * _ONE_DAY
                first += _ONE_DAY


@cache
def holidays(year: int) -> tuple[Holiday, ...]:
    """Return the holidays that the law gives in `year`, 2004 to 2050.

    A Mid-Autumn Festival that meets National Day makes one holiday of eight days with it.
    Raises ValueError for other years: their festivals are not tabulated.
    """
    festivals = _festivals(year)
    given = {
        law.festival: law.holiday(festivals[law.festival])
        for law in _LAWS
        if law.since <= year <= law.until
    }
    national, moon = given["国庆节"], given.get("中秋节")
    if moon and -2 <= (moon.statutory[0] - national.statutory[0]).days <= 7:  # noqa: PLR2004
        del given["中秋节"]
        both = sorted({*national.statutory, *moon.statutory})
        given["国庆节"] = Holiday(tuple(both), national.owed + moon.owed, 8)
    return tuple(given.values())


@cache
def _effect(holiday: Holiday, first: date, last: date) -> Effect:
    span = _days(first, last)
    weekend = {day for day in span if day.weekday() >= _SATURDAY}
    gained, lost = 0, 0
    for start, end in holiday.runs():
        run = {day for day in _days(start, end) if day.weekday() < _SATURDAY}
        off = len(run.intersection(span))
        made_up = len(run) - holiday.owed
        open_weekend = weekend.intersection(_days(start - _MAKE_UP_BEFORE, end + _MAKE_UP_AFTER))
        room = len(open_weekend.difference(_days(start, end)))
        gained = max(gained, min(made_up, room) - off)
        lost = max(lost, off)
    return Effect(gained, lost)


def _days(first: date, last: date) -> list[date]:
    return [first + day * _ONE_DAY for day in range((last - first).days + 1)]


def _festivals(year: int) -> dict[str, date]:
    tabulated = _LUNAR.get(year)
    if tabulated is None:
        raise ValueError(f"the festivals of {year} are not tabulated")
    spring, dragon_boat, mid_autumn = (
        date(year, int(day[:2]), int(day[2:])) for day in tabulated.split()
    )
    # 清明 in the 21st century, by the mean length of the solar year
    tomb_sweeping = int(year % 100 * Fraction("0.2422") + Fraction("4.81")) - year % 100 // 4
    return {
        "元旦": date(year, 1, 1),
        "春节": spring,
        "清明节": date(year, 4, tomb_sweeping),
        "劳动节": date(year, 5, 1),
        "端午节": dragon_boat,
        "中秋节": mid_autumn,
        "国庆节": date(year, 10, 1),
    }


class _Law(NamedTuple):
    """A holiday in the law: since and until which year, which days, and its longest run."""

    since: int
    until: int
    festival: str
    shift: int
    days: int
    longest: int

    def holiday(self, festival: date) -> Holiday:
        days = tuple(festival + (self.shift + day) * _ONE_DAY for day in range(self.days))
        return Holiday(days, self.days, self.longest)


# 国务院令第270号, from 2008 第513号, from 2014 第644号, from 2025 第795号; 春节 shifted by −1
# begins on 除夕. The longest run is the longest that any notice under these laws has made.
_LAWS: Final = (
    _Law(2004, 2050, "元旦", 0, 1, 3),
    _Law(2004, 2007, "春节", 0, 3, 9),
    _Law(2008, 2013, "春节", -1, 3, 9),
    _Law(2014, 2024, "春节", 0, 3, 9),
    _Law(2025, 2050, "春节", -1, 4, 9),
    _Law(2008, 2050, "清明节", 0, 1, 3),
    _Law(2004, 2007, "劳动节", 0, 3, 7),
    _Law(2008, 2024, "劳动节", 0, 1, 5),
    _Law(2025, 2050, "劳动节", 0, 2, 5),
    _Law(2008, 2050, "端午节", 0, 1, 3),
    _Law(2008, 2050, "中秋节", 0, 1, 3),
    _Law(2004, 2050, "国庆节", 0, 3, 7),
)

# Gregorian month and day of 正月初一, 五月初五 and 八月十五
_LUNAR: Final = {
    2004: "0122 0622 0928",
    2005: "0209 0611 0918",
    2006: "0129 0531 1006",
    2007: "0218 0619 0925",
    2008: "0207 0608 0914",
    2009: "0126 0528 1003",
    2010: "0214 0616 0922",
    2011: "0203 0606 0912",
    2012: "0123 0623 0930",
    2013: "0210 0612 0919",
    2014: "0131 0602 0908",
    2015: "0219 0620 0927",
    2016: "0208 0609 0915",
    2017: "0128 0530 1004",
    2018: "0216 0618 0924",
    2019: "0205 0607 0913",
    2020: "0125 0625 1001",
    2021: "0212 0614 0921",
    2022: "0201 0603 0910",
    2023: "0122 0622 0929",
    2024: "0210 0610 0917",
    2025: "0129 0531 1006",
    2026: "0217 0619 0925",
    2027: "0206 0609 0915",
    2028: "0126 0528 1003",
    2029: "0213 0616 0922",
    2030: "0203 0605 0912",
    2031: "0123 0624 1001",
    2032: "0211 0612 0919",
    2033: "0131 0601 0908",
    2034: "0219 0620 0927",
    2035: "0208 0610 0916",
    2036: "0128 0530 1004",
    2037: "0215 0618 0924",
    2038: "0204 0607 0913",
    2039: "0124 0527 1002",
    2040: "0212 0614 0920",
    2041: "0201 0603 0910",
    2042: "0122 0622 0928",
    2043: "0210 0611 0917",
    2044: "0130 0531 1005",
    2045: "0217 0619 0925",
    2046: "0206 0608 0915",
    2047: "0126 0529 1004",
    2048: "0214 0615 0922",
    2049: "0202 0604 0911",
    2050: "0123 0623 0930",
}


_CODE: Final = "holiday-notice"
_FIX: Final = say("take the file from the State Council's notice; its year stays 暂定 until then")
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """One year's notice: the days it names, and whether each is worked."""

    year: int
    days: Mapping[date, bool]


def _refuse_pipe(path: Path) -> None:
    """Raise OSError for what is no file: a pipe would be waited for."""
    if path.exists() and not path.is_file():
        raise OSError("this is no file")


def read_notice(path: Path) -> tuple[HolidayNotice | None, tuple[Problem, ...]]:
    """Return the notice in `path`, or None and every problem found in it."""
    try:
        _refuse_pipe(path)
        return notice_of(path, path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as unreadable:
        return None, (_problem(Line(str(path)), say("{cause}", cause=str(unreadable))),)


def notice_of(path: Path, text: str) -> tuple[HolidayNotice | None, tuple[Problem, ...]]:
    """Return the notice that a text is which stands, or is to stand, in `path`; likewise."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as wrong:
        place = Line(str(path), wrong.lineno, wrong.colno)
        return None, (_problem(place, say("not JSON: {cause}", cause=wrong.msg)),)
    except (RecursionError, ValueError):  # lists without end in one another, 5,000 digits
        content = None
    if not isinstance(content, dict):
        return None, (_problem(Line(str(path), 1, 1), say("not a holiday notice")),)
    days: dict[date, bool] = {}
    faults = list(_faults(path.stem, content, days))
    if faults:
        return None, tuple(
            _problem(_place(path, text, str(needle)), message) for needle, message in faults
        )
    return HolidayNotice(content["year"], days), ()


def _faults(
    name: str, content: Mapping[str, object], days: dict[date, bool]
) -> Iterator[tuple[object, Message]]:
    """Yield what is wrong, each with the text it is found by, and fill `days`."""
    year, papers, entries = (content.get(key) for key in ("year", "papers", "days"))
    if not isinstance(year, int) or str(year) != name:
        yield '"year"', say("year is {year}, the file is named {name}.json", year=year, name=name)
        return
    try:
        statutory = {day for holiday in holidays(year) for day in holiday.statutory}
    except ValueError as untabulated:
        yield '"year"', say("{cause}", cause=str(untabulated))
        return
    if not isinstance(papers, list) or not any("gov.cn" in str(paper) for paper in papers):
        yield '"papers"', say("no notice on gov.cn is cited: the calendar could be invented")
    if not isinstance(entries, list) or not entries:
        yield '"days"', say("no days are listed")
        return
    for entry in entries:
        fault = _fault_of_day(entry, year, days)
        if fault is not None:
            yield entry.get("date", '"days"') if isinstance(entry, dict) else '"days"', fault
    for day in sorted(statutory - {day for day, worked in days.items() if not worked}):
        if day.weekday() < _SATURDAY or day in days:
            yield '"days"', say("{day} is a holiday by law but is not listed as off", day=day)


def _fault_of_day(entry: object, year: int, days: dict[date, bool]) -> Message | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("isOffDay"), bool):
        return say("a day needs name, date and isOffDay (true or false)")
    try:
        day = date.fromisoformat(entry["date"])
    except (KeyError, TypeError, ValueError):
        return say("{date} is not a date such as {year}-01-01", date=entry.get("date"), year=year)
    if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
        return say("{day} is not in {year} or the December before", day=day, year=year)
    if day in days:
        return say("{day} is listed twice", day=day)
    days[day] = not entry["isOffDay"]
    return None


def _place(path: Path, text: str, needle: str) -> Line:
    for number, line in enumerate(text.splitlines(), 1):
        if needle in line:
            return Line(str(path), number, line.index(needle) + 1)
    return Line(str(path))


def _problem(place: Line, message: Message) -> Problem:
    return error(_CODE, place, message, _FIX)


_DAY: Final = dt.timedelta(days=1)
_LONG_HOLIDAY: Final = 3
"""So many days off or more within a period for declaring tax extend it (实施细则第一百零九条)."""


class Side(StrEnum):
    """Whose deadline it is: who must act by it."""

    OURS = "乙方"
    CLIENTS = "甲方"


@dataclass(frozen=True, slots=True)
class Settled:
    """A date that is known; `remark` (Chinese, may be empty) is printed beside it."""

    date: dt.date
    remark: str = ""
    whose: Side = Side.OURS

    def __str__(self) -> str:
        return show_day(self.date) + (f"（{self.remark}）" if self.remark else "")


@dataclass(frozen=True, slots=True)
class Provisional:
    """The range a date must fall in, both ends included, and why it is not known (Chinese)."""

    earliest: dt.date
    latest: dt.date
    reason: str
    whose: Side = Side.OURS

    def __str__(self) -> str:
        days = show_day(self.earliest)
        if self.latest != self.earliest:
            days += f"至{show_day(self.latest)}之间"
        return f"{days}（暂定：{self.reason}）"


Deadline = Settled | Provisional


def of_the_client(deadline: Deadline) -> Deadline:
    """Return a deadline as one by which the client must act."""
    return replace(deadline, whose=Side.CLIENTS)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: weekdays, but for the `exceptions` of the `published` years.

    `exceptions` maps a day to whether it is worked: False for days off, True for weekends
    worked to make up. The unstated 工作日 of a contract is taken to mean this calendar. `filing`
    gives the last day for declaring tax by the first day of its month, of the years published.
    """

    published: frozenset[int]
    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)
    filing: Mapping[dt.date, dt.date] = field(default_factory=dict)

    def filing_deadline(self, month: dt.date) -> Deadline:
        """Return until when the tax of a month is declared: in the month after it.

        A year whose notice is not published has a range: from the fifteenth, moved on from a day
        of rest, to as many working days later as holidays may take of the days before it.
        """
        first = (month.replace(day=1) + 31 * _DAY).replace(day=1)
        if first in self.filing:
            return Settled(self.filing[first])
        regular = first.replace(day=REGULAR_DAY)
        moved, lost = self.add_workdays(regular - _DAY, 1), self._most_days_off(first, regular)
        extended = self.add_workdays(regular, lost) if lost >= _LONG_HOLIDAY else moved
        return Provisional(
            moved.date if isinstance(moved, Settled) else moved.earliest,
            extended.date if isinstance(extended, Settled) else extended.latest,
            f"{first.year}年度申报纳税期限尚未计入",
        )

    def _most_days_off(self, first: dt.date, last: dt.date) -> int:
        """Return how many days a holiday, or several, can take of the days from first to last."""
        span = {first + n * _DAY for n in range((last - first).days + 1)}
        found = 0
        for holiday in holidays(first.year):
            runs = ({start + n * _DAY for n in range((end - start).days + 1)}
                    for start, end in holiday.runs())  # fmt: skip
            found += max(len(span & run) for run in runs)
        return found

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
        return f"{'、'.join(years)}年放假安排尚未计入"

    def _late_december(self, first: dt.date, last: dt.date) -> str:
        """Return a remark where the next year's notice may yet change a day of December."""
        if self._notices_to_come(first, last) == Effect(0, 0):
            return ""
        return f"{last.year + 1}年放假安排公布后，12月的工作日可能调整"


def show_day(day: dt.date) -> str:
    """Return a date as Chinese documents print it (GB/T 9704): 2026年7月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def load_calendar(folder: Path | None = None) -> tuple[Calendar, tuple[Problem, ...]]:
    """Return the calendar the library knows with the notices in `folder` added, and problems.

    `folder` holds YYYY.json files (`deliverables.read.notice_text` makes them) and YYYY-filing.json
    files (`deliverables.values.filing`); what a file says of a day wins over the library. A file
    with a problem is left out whole, so that its year stays unpublished.
    """
    known = published_calendar()
    if folder is None or not folder.is_dir():
        return known, ()
    published, exceptions = set(known.published), dict(known.exceptions)
    problems: list[Problem] = []
    filing = dict(known.filing)
    for path in sorted(folder.glob("*.json")):
        if path.stem.endswith(SUFFIX):
            filed, found = read_filing_notice(path)
            problems += found
            filing |= last_days((filed,) if filed else ())
            continue
        notice, found = read_notice(path)
        problems += found
        if notice is not None:
            published.add(notice.year)
            exceptions |= notice.days
    return Calendar(frozenset(published), exceptions, filing), tuple(problems)


@cache
def published_calendar() -> Calendar:
    """Return the calendar of every year whose notice the calendar library carries."""
    from chinese_calendar.constants import holidays as off  # noqa: PLC0415  # slow to import
    from chinese_calendar.constants import workdays as made_up  # noqa: PLC0415

    exceptions = {**dict.fromkeys(off, False), **dict.fromkeys(made_up, True)}
    years = frozenset(day.year for day in off)
    return Calendar(years, exceptions, last_days(PUBLISHED))
