"""What is due when: weeks, ranges, whose duty it is, and the file that a calendar program reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import builders
import finished
import pytest
from checking import LEDGER, row
from icalendar import Calendar

from deliverables.agenda import AgendaItem, Span, agenda, icalendar_of, whose
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.plan import plan
from deliverables.status import Stage, Status
from deliverables.values.calendar import Side
from deliverables.values.problem import say

MONDAY = date(2026, 8, 3)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return finished.put_into(tmp_path)


def items(folders: Folders, day: date) -> dict[str, AgendaItem]:
    (found,) = examine(folders)
    assert found.book is not None
    return {one.key: one for one in agenda(found.book, plan(found.book, folders, day), day)}


def events(data: bytes) -> dict[str, dict[str, object]]:
    """Return the events of a calendar file by their UID."""
    return {
        str(event["uid"]): {
            "summary": str(event["summary"]),
            "first": event["dtstart"].dt,
            "after": event["dtend"].dt,
            "status": str(event["status"]),
            "description": str(event["description"]),
            "sequence": int(event["sequence"]),
        }
        for event in Calendar.from_ical(data).walk("VEVENT")
    }


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (date(2026, 8, 2), date(2026, 8, 2), Span.OVERDUE),
        (MONDAY, MONDAY, Span.THIS_WEEK),
        (date(2026, 8, 9), date(2026, 8, 9), Span.THIS_WEEK),
        (date(2026, 8, 10), date(2026, 8, 10), Span.NEXT_WEEK),
        (date(2026, 8, 16), date(2026, 8, 16), Span.NEXT_WEEK),
        (date(2026, 8, 17), date(2026, 8, 17), Span.LATER),
        (date(2026, 8, 1), date(2026, 8, 20), Span.THIS_WEEK),
        (date(2026, 8, 12), date(2026, 8, 20), Span.NEXT_WEEK),
        (None, None, Span.NOW),
    ],
)
def test_weeks_end_on_sunday_and_a_range_is_overdue_only_after_its_last_day(
    first: date | None, last: date | None, span: Span
) -> None:
    assert (
        AgendaItem(key="", name="", matter=say("due"), first=first, last=last).span(MONDAY) is span
    )


def test_a_payment_is_the_clients_duty_and_a_report_is_ours(folders: Folders) -> None:
    found = items(folders, date(2026, 6, 29))
    assert found["payment/1"].whose is Side.CLIENTS
    assert found["payment/1"].first == date(2026, 6, 29)
    assert found["payment/1"].article == "第六条"
    assert found["quarterly_report/Q2/possible"].whose is Side.OURS
    assert not found["quarterly_report/Q2/possible"].deadline


def test_every_item_that_falls_on_a_day_has_its_article_and_tells_whose_it_is(
    folders: Folders,
) -> None:
    dated = {key: one for key, one in items(folders, date(2026, 6, 29)).items() if one.first}
    assert {key for key, one in dated.items() if not one.article} == set()
    told = {key: whose(one).in_language("zh") for key, one in dated.items()}
    assert told["payment/1"] == "甲方应办"
    assert told["quarterly_report/Q2/possible"] == "我方可办"
    assert told["term/end"] == "备查"


def test_what_a_person_decides_on_is_no_work_that_waits(folders: Folders) -> None:
    (found,) = examine(folders)
    assert found.book is not None
    day = date(2026, 11, 2)
    one = next(one for one in plan(found.book, folders, day) if not one.deliverable.on_demand)
    ready = [replace(one, status=Status(Stage.READY))]
    claims = [replace(one, deliverable=replace(one.deliverable, on_demand=True)) for one in ready]
    assert any("/ready" in one.key for one in agenda(found.book, ready, day))
    assert not any("/ready" in one.key for one in agenda(found.book, claims, day))


def test_an_item_keeps_its_key_while_its_day_moves(folders: Folders) -> None:
    before = items(folders, MONDAY)["term/end"]
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "contract.yaml", "replace": "term_months: 12", "with": "term_months: 24"},
    )
    after = items(folders, MONDAY)["term/end"]
    assert (before.first, after.first) == (date(2027, 4, 29), date(2028, 4, 29))


def test_a_calendar_file_holds_whole_days_and_tells_whose_duty_they_are() -> None:
    item = AgendaItem(
        key="payment/1",
        name="首款",
        matter=say("the client has to pay {amount} yuan", amount="400,000.00"),
        first=date(2026, 6, 29),
        last=date(2026, 6, 29),
        whose=Side.CLIENTS,
        article="第六条第2款",
    )
    (event,) = events(icalendar_of([("HT-1", item)], MONDAY, "en")).items()
    assert event == (
        "HT-1/payment/1@deliverables",
        {
            "summary": "首款: the client has to pay 400,000.00 yuan",
            "first": date(2026, 6, 29),
            "after": date(2026, 6, 30),
            "status": "CONFIRMED",
            "description": "contract HT-1\n第六条第2款\nthe client's duty",
            "sequence": 2406,
        },
    )


def test_a_provisional_day_is_a_tentative_range_that_says_why() -> None:
    item = AgendaItem(
        key="final/due",
        name="验收",
        matter=say("to be handed over"),
        first=date(2027, 5, 10),
        last=date(2027, 5, 14),
        reason="2027年放假安排尚未计入",
    )
    (event,) = events(icalendar_of([("HT-1", item)], MONDAY, "zh")).values()
    assert (event["first"], event["after"]) == (date(2027, 5, 10), date(2027, 5, 15))
    assert event["status"] == "TENTATIVE"
    assert "2027年放假安排尚未计入" in str(event["description"])
    assert str(event["summary"]).endswith("（暂定）")


def test_a_later_file_moves_an_event_and_the_same_day_gives_the_same_bytes() -> None:
    def file(day: date, falls: date) -> bytes:
        item = AgendaItem(
            key="k", name="", matter=say("to be handed over"), first=falls, last=falls
        )
        return icalendar_of([("HT-1", item)], day, "en")

    first = file(MONDAY, date(2026, 9, 1))
    assert first == file(MONDAY, date(2026, 9, 1))
    (before,), (after,) = (events(one) for one in (first, file(date(2026, 8, 4), MONDAY)))
    assert before == after
    sequences = [next(iter(events(one).values()))["sequence"]
                 for one in (first, file(date(2026, 8, 4), MONDAY))]  # fmt: skip
    assert sequences == sorted(set(sequences))


@pytest.mark.parametrize(
    ("whose", "deadline", "days"),
    [
        (Side.OURS, True, [date(2026, 8, 25), date(2026, 8, 31)]),
        (Side.OURS, False, [date(2026, 9, 1)]),
        (Side.CLIENTS, True, [date(2026, 9, 4)]),
        (None, False, []),
    ],
    ids=["our deadline", "ours to begin", "the client's deadline", "for information"],
)
def test_alarms_ring_in_the_morning_in_time_to_act(
    whose: Side | None, deadline: bool, days: list[date]
) -> None:
    assert alarms(MONDAY, whose, deadline=deadline) == [
        datetime.combine(day, time(9)) for day in days
    ]


def test_an_alarm_that_would_have_rung_before_the_day_of_the_file_is_left_out() -> None:
    assert alarms(date(2026, 8, 26), Side.OURS) == [datetime(2026, 8, 31, 9)]


def alarms(as_of: date, whose: Side | None, *, deadline: bool = True) -> list[datetime]:
    """Return when the alarms ring of an item that falls on the first three days of September."""
    item = AgendaItem(key="k", name="", matter=say("to be handed over"), first=date(2026, 9, 1),
                      last=date(2026, 9, 3), whose=whose, deadline=deadline)  # fmt: skip
    (event,) = Calendar.from_ical(icalendar_of([("HT-1", item)], as_of, "en")).walk("VEVENT")
    begins = datetime.combine(event["dtstart"].dt, time())
    return [begins + alarm["trigger"].dt for alarm in event.walk("VALARM")]


def test_what_has_no_day_is_in_no_calendar_file() -> None:
    item = AgendaItem(key="k", name="", matter=say("can be made now"), deadline=False)
    assert events(icalendar_of([("HT-1", item)], MONDAY, "en")) == {}


def test_several_contracts_tell_theirs_apart_by_their_numbers() -> None:
    item = AgendaItem(
        key="k", name="报告", matter=say("to be handed over"), first=MONDAY, last=MONDAY
    )
    found = events(icalendar_of([("HT-1", item), ("HT-2", item)], MONDAY, "en"))
    assert [one["summary"] for one in found.values()] == [
        "HT-1 报告: to be handed over",
        "HT-2 报告: to be handed over",
    ]


def test_a_text_from_the_data_cannot_add_a_line_of_its_own() -> None:
    item = AgendaItem(
        key="k",
        name="a\r\nEND:VEVENT\nBEGIN:VEVENT",
        matter=say("to be handed over"),
        first=MONDAY,
        last=MONDAY,
    )
    assert len(events(icalendar_of([("HT-1", item)], MONDAY, "en"))) == 1


def test_the_command_writes_the_file_beside_the_documents(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folders.data.parent)
    builders.edit(finished.CONTRACT, row(LEDGER, "发票", 期次=1, 发票号码="26110000000000000001",
                  税率=0.06, 开票日期=date(2026, 7, 1), 发票种类="普通发票",
                  不含税金额="377,358.49", 税额="22,641.51", 价税合计="400,000.00"))  # fmt: skip
    done = finished.run("calendar", "--as-of", "2026-08-03")
    assert done.exit_code == 0, done.output
    found = events(Path("out/calendar.ics").read_bytes())
    assert "HT-2026-001/payment/1@deliverables" in found
    tax = found["HT-2026-001/tax/2026-07@deliverables"]
    assert "《增值税法》第三十条" in str(tax["description"])
    ours = finished.run("calendar", "--ours", "--to", "ours.ics", "--as-of", "2026-08-03")
    assert ours.exit_code == 0, ours.output
    assert "HT-2026-001/payment/1@deliverables" not in events(Path("ours.ics").read_bytes())
