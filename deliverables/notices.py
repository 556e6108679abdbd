"""Holiday notices newer than the calendar library, from files `YYYY.json`.

The schema is that of the public holiday-cn files: `year`, `papers` (addresses of the State
Council's notice) and `days`, each with `name`, `date` and `isOffDay`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from deliverables.festivals import holidays
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.problem import Problem, error
from deliverables.source import Line

_CODE: Final = "holiday-notice"
_FIX: Final = say("take the file from the State Council's notice; its year stays 暂定 until then")
_DECEMBER: Final = 12
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's notice: the days it names, and whether each is worked."""

    year: int
    days: Mapping[date, bool]


def read_notice(path: Path) -> tuple[Notice | None, tuple[Problem, ...]]:
    """Return the notice in `path`, or None and every problem found in it."""
    try:
        text = path.read_text("utf-8-sig")
        content = json.loads(text)
    except (OSError, UnicodeDecodeError) as unreadable:
        return None, (_problem(Line(str(path)), say("{cause}", cause=str(unreadable))),)
    except json.JSONDecodeError as wrong:
        place = Line(str(path), wrong.lineno, wrong.colno)
        return None, (_problem(place, say("not JSON: {cause}", cause=wrong.msg)),)
    if not isinstance(content, dict):
        return None, (_problem(Line(str(path), 1, 1), say("not a holiday notice")),)
    days: dict[date, bool] = {}
    faults = list(_faults(path.stem, content, days))
    if faults:
        return None, tuple(
            _problem(_place(path, text, str(needle)), message) for needle, message in faults
        )
    return Notice(content["year"], days), ()


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
