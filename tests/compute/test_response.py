"""How fast people answered and restored, what came back, and the page of a major incident."""

from __future__ import annotations

from datetime import date, timedelta

from rows import NOON, contract, followed, quarter, row

from deliverables.compute.response import MajorIncident, Response, major_incidents, response
from deliverables.model.fields import UNFILLED
from deliverables.model.operations_sheets import Incident, Issue, Operations, Ticket


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def told(*quarters: Operations) -> Response:
    """What the last of the quarters tells, all of them being over."""
    return response(quarters[-1:], quarters)


def majors(*incidents: Incident, issues: tuple[Issue, ...] = ()) -> tuple[MajorIncident, ...]:
    held = [quarter(1, incidents=incidents)]
    return major_incidents(held, followed(*issues), contract().service_levels)


def speeds(**held: object) -> dict[str, tuple[str, ...]]:
    return {
        one.what: (str(one.count), str(one.known), str(one.mean), str(one.longest))
        for one in told(quarter(1, **held)).speeds
    }


def incident(number: str, **facts: object) -> Incident:
    return row(Incident, number=number, **facts)


def test_speed_is_told_of_what_has_both_times_and_says_of_how_many() -> None:
    asked = [
        row(Ticket, responded=NOON + minutes(10), closed=NOON + minutes(60)),
        row(Ticket, number="GD-2", responded=NOON + minutes(25)),
        row(Ticket, number="GD-3"),
    ]
    assert speeds(tickets=asked) == {
        "工单响应": ("3", "2", "17.5", "25.0"),
        "工单办结": ("3", "1", "60.0", "60.0"),
    }


def test_speed_stands_beside_that_of_the_period_before() -> None:
    def answered(number: int, after: int) -> Operations:
        return quarter(number, tickets=[row(Ticket, responded=NOON + minutes(after))])

    first, second = answered(1, 10), answered(2, 8)
    (speed,) = response([second], [first, second], [first]).speeds
    assert [str(each) for each in (speed.mean, speed.former, speed.change)] == [
        "8.0",
        "10.0",
        "-2.0",
    ]
    assert (response([first], [first]).compared, response([second], [], [first]).compared) == (
        False, True,
    )  # fmt: skip


def test_what_nobody_recorded_has_no_line() -> None:
    assert speeds(incidents=[incident("SJ-1", ended=None)]) == {}


def test_an_incident_is_restored_from_its_beginning() -> None:
    late = incident("SJ-1", responded=NOON + minutes(5), ended=NOON + minutes(47))
    assert speeds(incidents=[late]) == {
        "事件响应": ("1", "1", "5.0", "5.0"),
        "事件恢复": ("1", "1", "47.0", "47.0"),
    }


def test_causes_are_counted_and_those_without_one_are_told_apart() -> None:
    found = told(
        quarter(1, incidents=[
            incident("SJ-1", cause_kind="电力", ended=NOON + minutes(30)),
            incident("SJ-2", cause_kind="电力", ended=None),
            incident("SJ-3"),
        ])
    )  # fmt: skip
    assert [(one.cause, str(one.count), str(one.minutes)) for one in found.causes] == [
        ("电力", "2", "30")
    ]
    assert (found.some_unclassified, str(found.unclassified)) == (True, "1")


def test_what_comes_back_in_a_later_quarter_is_a_repetition() -> None:
    first = quarter(1, incidents=[incident("SJ-1", cause_kind="网络", systems="出口")])
    again = quarter(2, incidents=[incident("SJ-2", cause_kind="网络", systems="出口")])
    (one,) = told(first, again).repeats
    assert (one.systems, one.cause, str(one.count), str(one.numbers)) == (
        "出口", "网络", "2", "SJ-1、SJ-2",
    )  # fmt: skip
    assert told(first).repeats == ()


def test_another_part_or_another_cause_is_no_repetition_nor_what_ended_before() -> None:
    first = quarter(1, incidents=[
        incident("SJ-1", cause_kind="网络", systems="出口"),
        incident("SJ-2", cause_kind="网络", systems="出口"),
    ])  # fmt: skip
    later = quarter(2, incidents=[
        incident("SJ-3", cause_kind="电力", systems="出口"),
        incident("SJ-4", cause_kind="网络", systems="核心"),
    ])  # fmt: skip
    assert told(first, later).repeats == ()


def test_a_major_incident_is_told_step_by_step() -> None:
    major = incident(
        "SJ-1",
        major=True,
        timeline="10:06 告警；10:31 转由 A 路供电。\n10:40 恢复",
        prevention="加装切换装置",
        ended=NOON + minutes(30),
    )
    (one,) = majors(major, incident("SJ-2", major=False))
    assert [str(step) for step in one.steps] == ["10:06 告警", "10:31 转由 A 路供电", "10:40 恢复"]
    assert (str(one.minutes), str(one.prevention)) == ("30", "加装切换装置")


def test_what_a_person_has_yet_to_write_of_a_major_incident_is_left_open() -> None:
    (one,) = majors(incident("SJ-1", major=True, ended=None))
    assert [str(step) for step in one.steps] == [UNFILLED]
    assert (str(one.prevention), str(one.systems), str(one.minutes)) == (
        UNFILLED, UNFILLED, "尚未恢复",
    )  # fmt: skip


def test_a_major_incident_without_a_grade_says_what_grading_waits_for() -> None:
    asked = row(Issue, number="TQ-01", kind="提请甲方", owner="甲方", due=date(2026, 8, 31))
    waiting = incident("SJ-1", major=True, grading="TQ-01", matters="WT-01")
    (one,) = majors(waiting, issues=(asked, row(Issue)))
    assert str(one.grade) == "未定级，据以定级的事项：TQ-01（甲方，期限2026-08-31）未办结，期限未到"
    assert str(one.became) == "WT-01 未办结，未定期限"
    (silent,) = majors(incident("SJ-1", major=True))
    assert str(silent.grade) == "未定级，据以定级的事项：【待补】"
    (graded,) = majors(incident("SJ-1", major=True, grade="B"))
    assert str(graded.grade) == "B级"
