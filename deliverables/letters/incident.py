"""What a report about one incident says of it: how long it lasted, which outage it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deliverables.compute.figures import or_unfilled, time_lost, told
from deliverables.compute.incidents import IncidentLine, incident_line, steps_of
from deliverables.letters.case import Case, NoFactError, as_sentence
from deliverables.model.operations_sheets import Incident, Outage
from deliverables.values.figure import Derivation, Figure, Statement


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """An incident, as the reports tell of it, and the outage of the platform that it was.

    Its course is told, step by step, where somebody wrote it down, and asked for of a major one.
    """

    told: IncidentLine
    impact: Figure[str]
    outage: Statement
    cause: Figure[str]
    action: Figure[str]
    steps: tuple[Statement, ...]
    prevention: Figure[str]
    prevented: bool


def incident_of(case: Case) -> Incident:
    """Return the incident that a letter is about; NoFactError for a letter of another kind."""
    if not isinstance(case.row, Incident):
        raise NoFactError("operations")
    return case.row


def over_on(case: Case) -> date | None:
    """Return the day on which the incident that a letter is about was over, if that is known."""
    row = case.row
    ended = row.ended if isinstance(row, Incident) else None
    return None if ended is None else ended.date()


def incident_report(case: Case) -> IncidentReport:
    """Return what the report about an incident says."""
    row = incident_of(case)
    line = incident_line(row, case.book.contract.service_levels)
    return IncidentReport(
        told=line,
        impact=as_sentence(line.impact),
        outage=_outage(row, case),
        cause=as_sentence(line.cause),
        action=as_sentence(line.action),
        steps=steps_of(row) if row.timeline or row.major else (),
        prevention=as_sentence(or_unfilled(row, "prevention")),
        prevented=bool(row.prevention or row.major),
    )


def _outage(row: Incident, case: Case) -> Statement:
    """Return in one or two sentences which outage it was, and whether that counts."""
    name, linked = "平台中断", row.figure("outage")
    if not row.outage:
        return Statement.of(name, "本事件没有关联的平台中断。", "", linked)
    rows = (one for number in sorted(case.book.covers) for one in case.book.rows(number, Outage))
    found = next((one for one in rows if one.number == row.outage), None)
    if found is None:
        raise NoFactError("中断")  # check says that there is no such outage
    parts: dict[str, Figure[Any]] = {
        "number": found.figure("number"),
        "started": found.figure("started"),
        "ended": found.figure("ended"),
        "scope": found.figure("scope"),
    }
    if (found.started, found.ended) == (row.started, row.ended):
        pattern = "中断编号{number}，起止时间与本事件相同，范围为{scope}"
        linked = Statement.of("起止时间", "相同", "", parts.pop("started"), parts.pop("ended"))
    else:
        parts["minutes"] = outage_minutes(found)
        pattern = "中断编号{number}，{started}至{ended}，历时{minutes}分钟，范围为{scope}"
    if found.affected_hosts is not None and found.total_hosts:
        parts |= {"affected": found.figure("affected_hosts"), "total": found.figure("total_hosts")}
        pattern += "，受影响主机{affected}台（共{total}台）"
    if found.excluded_by(case.as_of):
        parts["paper"] = found.figure("exclusion")
        pattern += "。双方已书面约定不计入可用性（{paper}）。"
    else:
        pattern += "。计入可用性。"
    return told(name, pattern, "", parts, linked)


def outage_minutes(row: Outage) -> Figure[Decimal]:
    """Return how long an outage lasted, in minutes."""
    seconds = (row.ended - row.started) // timedelta(seconds=1)
    inputs = (row.figure("started"), row.figure("ended"))
    return time_lost("时长", Fraction(seconds, 60), Derivation("恢复时间－开始时间", "", inputs))
