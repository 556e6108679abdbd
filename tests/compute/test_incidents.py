from dataclasses import replace
from datetime import timedelta
from typing import Any

from rows import NOON, contract, quarter, row

from deliverables.compute.incidents import incident_count, incidents
from deliverables.model.fields import Missing
from deliverables.model.operations_sheets import Incident, Outage
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
    assert [(found.single, found.several) for found in counts] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip


def test_incidents_of_several_quarters_are_counted_together() -> None:
    year = [quarter(1, incidents=[one()]), quarter(2), quarter(3, incidents=[one(), one()])]
    assert str(incident_count(year)) == "3"


def test_what_the_list_of_outages_says_of_an_incident_is_not_said_again() -> None:
    broken = row(Outage, number="ZD-1", cause="板卡故障", action="更换板卡")
    same = one(outage="ZD-1", cause="板卡故障", action="更换板卡")
    more = one(outage="ZD-1", cause="板卡故障", action="更换板卡，复核切换")
    lines = incidents([quarter(outages=[broken], incidents=[same, more])], LEVELS).lines
    assert [(line.same, str(line.cause)) for line in lines] == [
        (True, "同中断 ZD-1"), (False, "板卡故障"),
    ]  # fmt: skip
