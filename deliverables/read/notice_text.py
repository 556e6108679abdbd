"""The State Council's notice on holidays becomes the days it names: off, or made up at weekends.

A reading is only worth something that proves itself: the weekday beside each date must be its own,
the days off of a holiday must be as many as the notice says, and the days by law among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from deliverables.values.problem import Message, say

_HOLIDAY: Final = re.compile(
    r"^\s*[一二三四五六七八九十]+、(?P<name>[^：:。]{1,12})[：:](?P<body>.+)$", re.M
)
_DAYS: Final = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:[（(](?P<said>[^）)]*)[）)])?"
    r"(?P<on>至)?"
)
_COUNT: Final = re.compile(r"共(\d+)天")
_WEEKDAY: Final = re.compile(r"(?:周|星期)([一二三四五六日天])")
_WEEKDAYS: Final = "一二三四五六日"
_YEAR: Final = re.compile(r"(\d{4})年[^。；]{0,12}放假|关于(\d{4})年")


class NoticeTextError(ValueError):
    """A text that is no notice, or one that contradicts itself; `reasons` says where."""

    def __init__(self, reasons: tuple[Message, ...]) -> None:
        super().__init__("; ".join(map(str, reasons)))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a notice names: off, or worked although it is a rest day."""

    holiday: str
    day: date
    off: bool


def days_of(words: str, year: int) -> tuple[NamedDay, ...]:
    """Return the days that the notice for `year` names, in order.

    Raises:
        NoticeTextError: The text is no such notice, or it contradicts itself or the calendar.
    """
    reasons: list[Message] = []
    years = {int(found[1] or found[2]) for found in _YEAR.finditer(words)}
    if years and year not in years:
        reasons.append(say("it is the notice for {found}, not for {year}",
                           found=max(years), year=year))  # fmt: skip
    found: list[NamedDay] = []
    for holiday in _HOLIDAY.finditer(words):
        name, body = holiday["name"].strip(), holiday["body"]
        off: list[date] = []
        for sentence in re.split(r"[。；]", body):
            named = list(_named(sentence, year, reasons))
            if "上班" in sentence:
                found += [NamedDay(name, day, off=False) for day in named]
            elif "放假" in sentence or "补休" in sentence:
                off += named
        counted = _COUNT.search(body)
        if counted and int(counted[1]) != len(off):
            reasons.append(say("{holiday}: {found} days off are named, the notice says {said}",
                               holiday=name, found=len(off), said=int(counted[1])))  # fmt: skip
        found += [NamedDay(name, day, off=True) for day in off]
    if not found:
        reasons.append(say("no line such as 一、元旦：1月1日至3日放假，共3天 is found"))
    if reasons:
        raise NoticeTextError(tuple(reasons))
    return tuple(sorted(found, key=lambda one: one.day))


def _named(sentence: str, year: int, reasons: list[Message]) -> Iterator[date]:
    """Yield the days that a sentence names, each range day by day."""
    month, first = 0, None
    for said in _DAYS.finditer(sentence):
        month = int(said["month"] or month)
        try:
            day = date(int(said["year"] or year), month, int(said["day"]))
        except ValueError:
            reasons.append(say("{words} is no day of {year}", words=said[0], year=year))
            return
        weekday = _WEEKDAY.search(said["said"] or "")
        if weekday and _WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
            reasons.append(say("{day} is no {weekday}", day=day, weekday=weekday[0]))
        if first is not None:
            yield from (first + timedelta(days=n) for n in range(1, (day - first).days + 1))
        else:
            yield day
        first = day if said["on"] else None
