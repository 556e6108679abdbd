from dataclasses import replace
from datetime import timedelta
from typing import Any

from rows import NOON, contract, quarter, row

from deliverables.compute.operations import change_counts, change_log, incident_count, incidents
from deliverables.model.fields import Missing
from deliverables.model.operations import Change, Incident
from deliverables.values.figure import Derivation

LEVELS = contract().service_levels
NO_GRADING = replace(LEVELS, incident_grading=Missing("附件未提供"))


def one(**facts: Any) -> Incident:
    return row(Incident, **facts)


def test_without_an_agreed_grading_no_incident_carries_a_grade() -> None:
    (line,) = incidents([quarter(incidents=[one(grade="A")])], NO_GRADING).lines
    assert str(line.grade) == "未定级"
    assert isinstance(line.grade.origin, Derivation)
    assert [str(figure) for figure in line.grade.origin.inputs] == ["A"]


def test_with_a_grading_the_grade_is_printed() -> None:
    graded = incidents([quarter(incidents=[one(grade="B"), one(grade="未定级")])], LEVELS).lines
    assert [str(line.grade) for line in graded] == ["B级", "未定级"]


def test_an_incident_lasts_until_it_is_over() -> None:
    over = one(ended=NOON + timedelta(hours=20, seconds=30))
    lasting = one(ended=None)
    lines = incidents([quarter(incidents=[over, lasting])], LEVELS).lines
    assert [(str(line.minutes), line.recovered) for line in lines] == [
        ("1,200.5", True),
        ("—", False),
    ]
    assert str(lines[1].ended) == "—"


def test_one_incident_is_told_several_are_listed_none_is_said() -> None:
    counts = [incidents([quarter(incidents=[one()] * count)], LEVELS) for count in (0, 1, 2)]
    assert [(found.single, found.several, str(found.count)) for found in counts] == [
        (False, False, "0"),
        (True, False, "1"),
        (False, True, "2"),
    ]


def test_incidents_of_several_quarters_are_counted_together() -> None:
    year = [quarter(1, incidents=[one()]), quarter(2), quarter(3, incidents=[one(), one()])]
    assert str(incident_count(year)) == "3"


def test_changes_are_counted_by_kind_and_result() -> None:
    rows = [
        row(Change, kind="计划", result="成功"),
        row(Change, kind="计划", result="回退"),
        row(Change, kind="紧急", result="失败"),
    ]
    found = change_counts([quarter(changes=rows)])
    planned, urgent = found.by_kind
    assert (planned.kind, str(planned.done), str(planned.rolled_back)) == ("计划", "2", "1")
    assert (urgent.kind, str(urgent.failed), str(urgent.success)) == ("紧急", "1", "0.00%")
    assert (str(planned.success), str(found.total.success)) == ("50.00%", "33.33%")
    assert str(found.unsuccessful) == "2"


def test_every_change_is_in_the_log() -> None:
    rows = [row(Change, number="BG-1", approved="函〔2026〕1号"), row(Change, number="BG-2")]
    log = change_log([quarter(changes=rows)])
    assert [(str(line.number), str(line.approved)) for line in log] == [
        ("BG-1", "函〔2026〕1号"),
        ("BG-2", "—"),
    ]


def test_without_changes_there_is_no_rate() -> None:
    found = change_counts([quarter()])
    assert (found.any, found.by_kind, str(found.total.success)) == (False, (), "—（本期无）")
    assert change_log([quarter()]) == ()
