"""The last days for declaring tax, month by month, as the tax administration publishes them.

实施细则第一百零九条 moves the fifteenth on for holidays, and the administration counts; so a year
is taken from its notice. Those known are `PUBLISHED`; files `YYYY-filing.json` add others: `year`,
`paper` (its number), `source` (its address) and twelve `days`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say

SUFFIX: Final = "-filing"
REGULAR_DAY: Final = 15
"""Tax of a month is declared within fifteen days of its end (增值税法第三十条)."""

_CODE: Final = "filing-notice"
_FIX: Final = say("take the days from the notice of 国家税务总局; the year stays 暂定 until then")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class FilingNotice:
    """The notice of one year: the last day of each month in which tax is declared."""

    paper: str
    source: str
    days: tuple[date, ...]


PUBLISHED: Final = (
    FilingNotice(
        "税总办征科函〔2025〕64号",
        "https://fgk.chinatax.gov.cn/zcfgk/c102424/c5245729/content.html",
        tuple(
            date(2026, month, day)
            for month, day in enumerate((20, 24, 16, 20, 22, 15, 15, 17, 15, 26, 16, 15), 1)
        ),
    ),
)


def last_days(notices: tuple[FilingNotice, ...]) -> Mapping[date, date]:
    """Return the last day of each month of the notices, by the first day of that month."""
    return {day.replace(day=1): day for notice in notices for day in notice.days}


def read_filing_notice(path: Path) -> tuple[FilingNotice | None, tuple[Problem, ...]]:
    """Return the notice in `path`, or None and every problem found in it."""
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as unreadable:
        return None, (_problem(path, say("{cause}", cause=str(unreadable))),)
    except json.JSONDecodeError as wrong:
        place = Line(str(path), wrong.lineno, wrong.colno)
        return None, (error(_CODE, place, say("not JSON: {cause}", cause=wrong.msg), _FIX),)
    if not isinstance(content, dict):
        return None, (_problem(path, say("not a notice of filing days")),)
    days: list[date] = []
    faults = tuple(_problem(path, message) for message in _faults(path, content, days))
    if faults:
        return None, faults
    return FilingNotice(str(content["paper"]), str(content["source"]), tuple(days)), ()


def _faults(path: Path, content: Mapping[str, object], days: list[date]) -> Iterator[Message]:
    """Yield what is wrong, and fill `days`."""
    year, entries = content.get("year"), content.get("days")
    if f"{year}{SUFFIX}" != path.stem:
        yield say("year is {year}, the file is named {name}", year=year, name=path.name)
        return
    if not content.get("paper") or "chinatax.gov.cn" not in str(content.get("source")):
        yield say("no notice on chinatax.gov.cn is cited: the days could be invented")
    if not isinstance(entries, list) or len(entries) != _MONTHS:
        yield say("twelve days are expected, one of each month")
        return
    for month, entry in enumerate(entries, 1):
        try:
            day = date.fromisoformat(entry)
        except (TypeError, ValueError):
            yield say("{date} is not a date such as {year}-01-15", date=entry, year=year)
            continue
        if (day.year, day.month) != (year, month) or day.day < REGULAR_DAY:
            yield say("{day} is not a day of month {month} from the fifteenth on", day=day,
                      month=month)  # fmt: skip
        days.append(day)


def _problem(path: Path, message: Message) -> Problem:
    return error(_CODE, Line(str(path), 1, 1), message, _FIX)
