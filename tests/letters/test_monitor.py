"""The monitoring report: over the days that its letter names, of which all must be recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from lettered import NUMBER, book, folders, letter, planned, reasons

from deliverables.folders import Folders
from deliverables.letters import every_kind
from deliverables.model.book import ContractBook

DAY = date(2026, 11, 2)
BLANK = "the days it reports on are not filled in, or lie outside the term"


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def asking(first: str, last: str) -> ContractBook:
    row = letter("HJ-01", "监控报告", date(2026, 8, 3))
    return book(row, facts={"HJ-01": {"起始日期": first, "截止日期": last}})


def told(what: ContractBook, where: Folders, day: date = DAY) -> Any:
    kind = every_kind(where, NUMBER)["monitor_report"]
    (one,) = kind.plan(what, day)
    return kind.compose(what, one, day).monitor  # type: ignore[attr-defined]  # named by the text


def test_there_is_none_where_the_contract_asks_for_none_or_says_how_often(where: Folders) -> None:
    month = asking("2026-08-01", "2026-08-31")
    assert len(planned("monitor_report", month, where, DAY)) == 1
    monthly = tuple(
        replace(one, every_months=1) if one.name == "监控报告" else one
        for one in month.contract.reports
    )
    for reports in ((), monthly):
        other = replace(month, contract=replace(month.contract, reports=reports))
        assert planned("monitor_report", other, where, DAY) == ()


def test_it_reports_no_day_that_is_not_over(where: Folders) -> None:
    month = asking("2026-10-01", "2026-10-31")
    assert reasons("monitor_report", month, where, date(2026, 10, 31)) == [
        "the days it reports on run until 2026-10-31"
    ]
    assert reasons("monitor_report", month, where, date(2026, 11, 1)) == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", "2026-08-31"),
        ("2026-08-31", "2026-08-01"),
        ("2026-04-29", "2026-05-31"),
        ("2027-04-01", "2027-04-30"),
    ],
)
def test_its_days_lie_within_the_term_in_their_order(first: str, last: str, where: Folders) -> None:
    assert BLANK in reasons("monitor_report", asking(first, last), where, date(2027, 5, 3))


def test_without_the_workbook_of_a_day_nothing_is_said_of_it(where: Folders) -> None:
    month = asking("2026-07-20", "2026-08-09")
    lacking = replace(month, quarters={1: month.quarters[1]})
    (reason,) = reasons("monitor_report", lacking, where, DAY)
    assert reason.startswith("operations/Q2.xlsx is ")


def test_outages_that_overlap_count_once_and_only_on_its_days(where: Folders) -> None:
    month = told(asking("2026-08-01", "2026-08-31"), where)
    # 2026-08-19 09:12 to 09:58 and 09:41 to 10:20 are 68 of 44,640 minutes
    assert [str(one) for one in (month.outages, month.downtime, month.total)] == [
        "2", "68", "44,640"
    ]  # fmt: skip
    assert str(month.availability) == "99.8476%"
    night = told(asking("2026-06-12", "2026-06-12"), where)  # of 23:48 to 00:31 the last 31
    assert str(night.downtime) == "31"


def test_an_alarm_that_ended_later_is_open_at_the_end_of_its_days(where: Folders) -> None:
    month = asking("2026-08-01", "2026-08-31")
    (first, *_) = (
        row for row in month.quarters[2].alarms if row.raised.date() == date(2026, 8, 31)
    )
    later = replace(first, cleared=datetime(2026, 9, 1, 0, 5))
    for row, still in ((later, "1"), (replace(later, cleared=datetime(2026, 8, 31, 23, 59)), "0")):
        quarters = {**month.quarters, 2: replace(month.quarters[2], alarms=(row,))}
        *_, total = told(replace(month, quarters=quarters), where).alarms
        assert (str(total.raised), str(total.open)) == ("1", still)


def test_days_without_an_incident_say_so(where: Folders) -> None:
    quiet = told(asking("2026-05-01", "2026-05-02"), where)
    assert str(quiet.incidents) == "期间没有登记事件。"
