"""Incidents and changes of the period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.figures import Rows, number, rate, rows_of, time_lost
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.contract import ServiceLevels
from deliverables.model.operations import Change, Incident, Operations
from deliverables.model.record import Missing

UNGRADED = "未定级"
CHANGE_KINDS = ("计划", "紧急")


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident; its grade prints 未定级 while the contract has no grading."""

    number: Figure[str]
    title: Figure[str]
    grade: Figure[str]
    started: Figure[object]
    ended: Figure[object]
    recovered: bool
    minutes: Figure[object]
    impact: Figure[str]
    cause: Figure[str]
    action: Figure[str]


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """The incidents: one is told in sentences, several in tables."""

    count: Figure[Decimal]
    lines: tuple[IncidentLine, ...]
    single: bool
    several: bool


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """Changes of one kind by result."""

    kind: str
    done: Figure[Decimal]
    succeeded: Figure[Decimal]
    failed: Figure[Decimal]
    rolled_back: Figure[Decimal]
    success: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """The changes by kind, if there were any; unsuccessful ones failed or were rolled back."""

    by_kind: tuple[ChangeCount, ...]
    total: ChangeCount
    unsuccessful: Figure[Decimal]
    any: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change."""

    number: Figure[str]
    kind: Figure[str]
    done: Figure[object]
    subject: Figure[str]
    result: Figure[str]
    approved: Figure[str]


def incidents(quarters: Sequence[Operations], levels: ServiceLevels) -> IncidentSummary:
    """Return every incident; without an agreed grading none carries a grade."""
    rows = [row for quarter in quarters for row in quarter.incidents]
    return IncidentSummary(
        count=incident_count(quarters),
        lines=tuple(_incident(row, levels.incident_grading) for row in rows),
        single=len(rows) == 1,
        several=len(rows) > 1,
    )


def incident_count(quarters: Sequence[Operations]) -> Figure[Decimal]:
    """Return how many incidents there were."""
    rows = rows_of(quarters, Incident)
    return rows.count("事件数", "事件行数", rows.every, "number")


def _incident(row: Incident, grading: str | Missing) -> IncidentLine:
    return IncidentLine(
        number=row.figure("number"),
        title=row.figure("title"),
        grade=_grade(row, grading),
        started=row.figure("started"),
        ended=row.figure("ended"),
        recovered=row.ended is not None,
        minutes=_duration(row),
        impact=row.figure("impact"),
        cause=row.figure("cause"),
        action=row.figure("action"),
    )


def _grade(row: Incident, grading: str | Missing) -> Figure[str]:
    grade = row.figure("grade")
    if isinstance(grading, Missing):
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


def change_counts(quarters: Sequence[Operations]) -> ChangeCounts:
    """Return the changes by kind with their results."""
    rows = rows_of(quarters, Change)
    total = _change_count("合计", rows, rows.every)
    return ChangeCounts(
        by_kind=tuple(
            _change_count(kind, rows, [row for row in rows.every if row.kind == kind])
            for kind in (CHANGE_KINDS if rows.every else ())
        ),
        total=total,
        unsuccessful=number(
            "失败和回退",
            total.failed.value + total.rolled_back.value,
            "失败＋回退",
            (total.failed, total.rolled_back),
        ),
        any=bool(rows.every),
    )


def _change_count(kind: str, every: Rows[Change], chosen: Sequence[Change]) -> ChangeCount:
    rows = Rows(chosen, every.sheets)

    def with_result(result: str) -> Figure[Decimal]:
        such = [row for row in chosen if row.result == result]
        return rows.count(result, f"结果为“{result}”的行数", such, "kind", "result")

    succeeded = with_result("成功")
    done = every.count("实施", f"“{kind}”变更行数", chosen, "number", "kind")
    return ChangeCount(
        kind=kind,
        done=done,
        succeeded=succeeded,
        failed=with_result("失败"),
        rolled_back=with_result("回退"),
        success=rate("成功率", succeeded, done, "成功÷实施"),
    )


def change_log(quarters: Sequence[Operations]) -> tuple[ChangeLine, ...]:
    """Return every change, in the order of the workbooks."""
    return tuple(
        ChangeLine(
            number=row.figure("number"),
            kind=row.figure("kind"),
            done=row.figure("done"),
            subject=row.figure("subject"),
            result=row.figure("result"),
            approved=row.figure("approved"),
        )
        for quarter in quarters
        for row in quarter.changes
    )
