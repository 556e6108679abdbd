"""What a year's holiday notice can do to working days, known before the notice is published.

The holidays are those of 《全国年节及纪念日放假办法》 as in force in each year. How far a notice
can stretch one, and move weekends to make up for it, is argued in
docs/decisions/0007-unpublished-calendar-years.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

from deliverables.lazily import dataclass

_DAY: Final = timedelta(days=1)
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
            first = latest - (length - 1) * _DAY
            while first <= earliest:
                yield first, first + (length - 1) * _DAY
                first += _DAY


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
    return [first + day * _DAY for day in range((last - first).days + 1)]


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
        days = tuple(festival + (self.shift + day) * _DAY for day in range(self.days))
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
