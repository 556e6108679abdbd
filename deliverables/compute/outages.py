"""The outages of a period: those that count, merged where they overlap, and those that do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.availability import weighted_downtime
from deliverables.compute.figures import (
    NONE_THIS_PERIOD,
    Inputs,
    Rows,
    grouped,
    number,
    rows_of,
    time_lost,
)
from deliverables.figure import Cells, Derivation, Figure
from deliverables.interval import Interval, clip, merge, total_minutes, whole_days
from deliverables.lazily import dataclass
from deliverables.model.operations import Operations, Outage
from deliverables.money import round_down
from deliverables.period import Period

_PLACES = 4
"""Decimals of a printed availability."""


@dataclass(frozen=True, slots=True)
class CountedOutage:
    """One outage that counts; minutes are those inside the period."""

    number: Figure[str]
    started: Figure[object]
    ended: Figure[object]
    minutes: Figure[Decimal]
    scope: Figure[str]
    cause_kind: Figure[str]
    cause: Figure[str]
    action: Figure[str]


@dataclass(frozen=True, slots=True)
class ExcludedOutage:
    """One outage that does not count, and why; minutes are those inside the period."""

    number: Figure[str]
    started: Figure[object]
    ended: Figure[object]
    minutes: Figure[Decimal]
    scope: Figure[str]
    cause: Figure[str]
    exclusion: Figure[str]


@dataclass(frozen=True, slots=True)
class OutageSummary:
    """The outages of a period: overlap = added up − merged; weighted is no verdict."""

    counted: tuple[CountedOutage, ...]
    excluded: tuple[ExcludedOutage, ...]
    count: Figure[Decimal]
    added_up: Figure[Decimal]
    overlap: Figure[Decimal]
    overlapped: bool
    weighted: Figure[object]
    several_causes: bool


def distinct_outages(quarters: Sequence[Operations]) -> Rows[Outage]:
    """Return the outages; one across a quarter's edge stands in both, and is taken once."""
    rows = rows_of(quarters, Outage)
    each = {(row.number, row.started, row.ended): row for row in rows.every}
    return Rows(list(each.values()), rows.sheets)


def counted_outages(quarters: Sequence[Operations]) -> Sequence[Outage]:
    """Return the distinct outages that count."""
    return distinct_outages(quarters).where(lambda row: row.counted).every


def intervals(rows: Iterable[Outage]) -> list[Interval]:
    """Return when the outages were, half-open."""
    return [Interval(row.started, row.ended) for row in rows]


def outage_summary(quarters: Sequence[Operations], window: Period) -> OutageSummary:
    """Return the outages of the quarters that make up the period `window`."""
    rows = distinct_outages(quarters)
    counted = rows.where(lambda row: row.counted).every
    each = [_minutes_inside([row], window) for row in counted]
    overlap = sum(each, Fraction(0)) - _minutes_inside(counted, window)
    lines = tuple(_counted(row, window) for row in counted)
    count = rows.count("计入的中断次数", "计入可用性的中断行数", counted, "number", "counted")
    inside: Inputs = tuple(line.minutes for line in lines) or (count,)
    return OutageSummary(
        counted=lines,
        excluded=tuple(_excluded(row, window) for row in rows.every if not row.counted),
        count=count,
        added_up=number(
            "逐条相加",
            sum((line.minutes.value for line in lines), Decimal(0)),
            "各条中断时长相加",
            inside,
        ),
        overlap=time_lost(
            "重叠时长", overlap, Derivation("逐条相加－合并后的中断时长", "", inside)
        ),
        overlapped=overlap > 0,
        weighted=_weighted(counted, window, count),
        several_causes=len({row.cause_kind for row in counted}) > 1,
    )


def minutes_by_cause(quarters: Sequence[Operations], window: Period) -> Mapping[str, Decimal]:
    """Return the counted minutes of each cause, overlaps within a cause merged."""
    causes = grouped(counted_outages(quarters), lambda row: row.cause_kind)
    return {cause: _shown(_minutes_inside(rows, window)) for cause, rows in causes.items()}


def _minutes_inside(rows: Iterable[Outage], window: Period) -> Fraction:
    inside = (clip(interval, whole_days(window)) for interval in intervals(rows))
    return total_minutes(merge(piece for piece in inside if piece))


def _shown(minutes: Fraction) -> Decimal:
    return time_lost("", minutes, Derivation("", "")).value


def _length(row: Outage, window: Period) -> Figure[Decimal]:
    inputs = (row.figure("started"), row.figure("ended"))
    rule = "恢复时间－开始时间，只计统计期内"
    return time_lost("时长", _minutes_inside([row], window), Derivation(rule, "", inputs))


def _counted(row: Outage, window: Period) -> CountedOutage:
    return CountedOutage(
        number=row.figure("number"),
        started=row.figure("started"),
        ended=row.figure("ended"),
        minutes=_length(row, window),
        scope=row.figure("scope"),
        cause_kind=row.figure("cause_kind"),
        cause=row.figure("cause"),
        action=row.figure("action"),
    )


def _excluded(row: Outage, window: Period) -> ExcludedOutage:
    return ExcludedOutage(
        number=row.figure("number"),
        started=row.figure("started"),
        ended=row.figure("ended"),
        minutes=_length(row, window),
        scope=row.figure("scope"),
        cause=row.figure("cause"),
        exclusion=row.figure("exclusion"),
    )


def _weighted(rows: Sequence[Outage], window: Period, count: Figure[Decimal]) -> Figure[object]:
    """Return availability weighted by affected hosts: shown beside the verdict, never for it."""
    name, rule = "加权可用性", "Σ中断分钟×受影响主机数÷主机总数；仅供参考，不作判定"
    hosts = [
        (_minutes_inside([row], window), row.affected_hosts, row.total_hosts)
        for row in rows
        if row.affected_hosts is not None and row.total_hosts
    ]
    if not rows:
        return Figure(name, None, NONE_THIS_PERIOD, Derivation(rule, "", (count,)))
    inputs = Cells(rows, "started", "ended", "affected_hosts", "total_hosts")
    if len(hosts) < len(rows):
        return Figure(name, None, "—（未提供受影响主机数）", Derivation(rule, "", inputs))
    percent = round_down((1 - weighted_downtime(hosts) / window.minutes) * 100, _PLACES)
    return Figure(name, percent, f"{percent}%", Derivation(rule, "", inputs))
