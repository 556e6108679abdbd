"""The report about one incident: none before it, blocked until it is over, its outage told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from lettered import NUMBER, folders, planned, reasons
from scenarios import sample

from deliverables.folders import Folders
from deliverables.letters import every_kind
from deliverables.letters.incident import IncidentReport
from deliverables.model.book import ContractBook
from deliverables.model.fields import UNFILLED
from deliverables.model.operations_sheets import Incident, Outage

DAY = date(2026, 6, 20)
PART = "Q1-SJ-2026-001"


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def quarter(incidents: tuple[Incident, ...], outages: tuple[Outage, ...] = ()) -> ContractBook:
    """Return the sample with these rows alone in its first quarter, and no other quarter."""
    first = sample().quarters[1]
    told = replace(first, incidents=incidents, outages=outages or first.outages)
    return replace(sample(), quarters={1: told})


def incident(**more: object) -> Incident:
    return replace(sample().quarters[1].incidents[0], **more)  # type: ignore[arg-type]  # a test's


def outage_told(book: ContractBook, where: Folders, day: date = DAY) -> str:
    kind = every_kind(where, NUMBER)["incident_report"]
    (one,) = kind.plan(book, day)
    context: object = kind.compose(book, one, day)
    return str(context.incident.outage)  # type: ignore[attr-defined]  # named by the text


def test_there_is_one_for_each_incident_that_had_begun_by_the_day(where: Folders) -> None:
    assert planned("incident_report", sample(), where, date(2026, 6, 10)) == ()
    (one,) = planned("incident_report", sample(), where, date(2026, 6, 11))
    assert (one.part, one.title) == (PART, "事件报告（SJ-2026-001）")
    assert len(planned("incident_report", sample(), where, date(2026, 7, 8))) == 2


def test_nobody_makes_it_unasked(where: Folders) -> None:
    assert [one.on_demand for one in planned("incident_report", sample(), where, DAY)] == [True]


def test_an_incident_that_two_quarters_list_is_reported_once(where: Folders) -> None:
    row = incident(started=datetime(2026, 7, 29, 23), ended=datetime(2026, 7, 30, 1))
    first = quarter((row,)).quarters[1]
    second = replace(sample().quarters[2], incidents=(row,))
    both = replace(sample(), quarters={1: first, 2: second})
    assert [one.part for one in planned("incident_report", both, where, date(2026, 8, 3))] == [PART]


def test_it_is_not_told_to_be_over_before_it_is(where: Folders) -> None:
    told = "the incident was not over on the day"
    assert reasons("incident_report", sample(), where, date(2026, 6, 11)) == [told]
    assert reasons("incident_report", sample(), where, date(2026, 6, 12)) == []
    going_on = quarter((incident(ended=None),))
    assert reasons("incident_report", going_on, where, DAY) == [told]


def told_of(row: Incident, where: Folders) -> IncidentReport:
    kind = every_kind(where, NUMBER)["incident_report"]
    (one,) = kind.plan(quarter((row,)), DAY)
    context: object = kind.compose(quarter((row,)), one, DAY)
    return context.incident  # type: ignore[attr-defined,no-any-return]  # named by the text


def test_its_course_is_told_where_it_was_written_down_and_asked_for_of_a_major_one(
    where: Folders,
) -> None:
    plain, major = incident(timeline=""), incident(timeline="", major=True)
    written = incident(timeline="23:48 告警；23:55 到场。", prevention="逐台复核切换配置")
    told = [told_of(one, where) for one in (plain, written, major)]
    assert [[str(step) for step in one.steps] for one in told] == [
        [], ["23:48 告警", "23:55 到场"], [UNFILLED],
    ]  # fmt: skip
    assert [one.prevented for one in told] == [False, True, True]
    assert told[1].prevention.text == "逐台复核切换配置。"


def test_an_incident_without_an_outage_says_so(where: Folders) -> None:
    assert outage_told(quarter((incident(outage=""),)), where) == "本事件没有关联的平台中断。"


def test_an_outage_does_not_count_from_the_day_of_the_agreement_on(where: Folders) -> None:
    row = replace(sample().quarters[1].outages[0], exclusion="会议纪要", excluded_on=DAY)
    agreed = quarter((incident(),), (row,))
    assert outage_told(agreed, where, date(2026, 6, 19)).endswith("。计入可用性。")
    assert outage_told(agreed, where).endswith("双方已书面约定不计入可用性（会议纪要）。")
