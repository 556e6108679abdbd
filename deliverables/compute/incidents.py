"""Incidents and faults, as reports and letters tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deliverables.compute.figures import or_unfilled, rows_of, time_lost
from deliverables.model.contract import ServiceLevels
from deliverables.model.fields import Missing
from deliverables.model.operations_sheets import UNGRADED, Incident, Operations, Outage
from deliverables.values.figure import Derivation, Figure, Statement


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident; its grade prints 未定级 while the contract has no grading.

    Where it is the `same` as an outage, its cause names that and its action need not be told.
    """

    number: Figure[str]
    title: Figure[str]
    grade: Figure[str]
    started: Figure[object]
    ended: Figure[object]
    recovered: bool
    minutes: Figure[object]
    impact: Figure[str]
    cause: Figure[Any]
    action: Figure[Any]
    same: bool


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """The incidents: one is told in sentences, several in tables."""

    lines: tuple[IncidentLine, ...]
    single: bool
    several: bool


def incidents(quarters: Sequence[Operations], levels: ServiceLevels) -> IncidentSummary:
    """Return every incident; without an agreed grading none carries a grade.

    What the list of outages says of its outage in the same words is not said again.
    """
    rows = [row for quarter in quarters for row in quarter.incidents]
    outages = {row.number: row for quarter in quarters for row in quarter.outages}
    lines = (_beside(incident_line(row, levels), row, outages.get(row.outage)) for row in rows)
    return IncidentSummary(
        lines=tuple(lines),
        single=len(rows) == 1,
        several=len(rows) > 1,
    )


def _beside(line: IncidentLine, row: Incident, outage: Outage | None) -> IncidentLine:
    """Return an incident with a word for what its outage says in the same words."""
    if outage is None or (outage.cause, outage.action) != (row.cause, row.action):
        return line
    same = Statement.of(
        "同一中断", "同中断 {number}", "", line.cause, line.action, number=row.figure("outage")
    )
    return replace(line, cause=same, same=True)


def incident_count(quarters: Sequence[Operations]) -> Figure[Decimal]:
    """Return how many incidents there were."""
    rows = rows_of(quarters, Incident)
    return rows.count("事件数", "事件行数", rows.every, "number")


def incident_line(row: Incident, levels: ServiceLevels) -> IncidentLine:
    """Return one incident as it is told; without an agreed grading it carries no grade."""
    return IncidentLine(
        number=row.figure("number"),
        title=row.figure("title"),
        grade=grade_of(row, levels),
        started=row.figure("started"),
        ended=row.figure("ended"),
        recovered=row.ended is not None,
        minutes=_duration(row),
        impact=row.figure("impact"),
        cause=row.figure("cause"),
        action=row.figure("action"),
        same=False,
    )


def grade_of(row: Incident, levels: ServiceLevels) -> Figure[str]:
    """Return the grade of an incident: none while the contract has no grading."""
    grade, grading = row.figure("grade"), levels.incident_grading
    if isinstance(grading, Missing) or not grading:
        return Figure("级别", UNGRADED, UNGRADED, Derivation("分级标准未约定", "", (grade,)))
    if row.grade == UNGRADED:
        return grade
    return Figure("级别", row.grade, f"{row.grade}级", grade.origin)


def _duration(row: Incident) -> Figure[object]:
    """Return how long an incident lasted in minutes, — while it lasts."""
    name, rule = "时长", "恢复时间－发生时间"
    inputs = (row.figure("started"), row.figure("ended"))
    if row.ended is None:
        return Figure(name, None, "—", Derivation(rule, "", inputs))
    seconds = (row.ended - row.started) // timedelta(seconds=1)
    return time_lost(name, Fraction(seconds, 60), Derivation(rule, "", inputs))


def steps_of(row: Incident) -> tuple[Statement, ...]:
    """Return the timeline, a step to a line, as a person wrote it; 【待补】 until somebody did."""
    figure = or_unfilled(row, "timeline")
    steps = [step.strip(" 。") for line in figure.text.splitlines() for step in line.split("；")]
    return tuple(
        Statement("处置经过", step, step, Derivation("处置经过中的一步", "", (figure,)))
        for step in steps
        if step
    )
