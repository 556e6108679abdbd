"""Alarms by level, how fast they were cleared, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.figures import NONE_THIS_PERIOD, Rows, grouped, rate, rows_of
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import ALARM_LEVELS, Alarm, Operations
from deliverables.money import round_half_up

_LISTED = 5
"""How many of the targets with most alarms are named."""


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """Alarms of one level: raised, cleared, share cleared and mean time to recover."""

    level: str
    raised: Figure[Decimal]
    cleared: Figure[Decimal]
    closure: Figure[Decimal | None]
    recovery: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class AlarmTarget:
    """A target with many alarms."""

    target: str
    raised: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class AlarmSummary:
    """All alarms of the period by level, if there were any, and the targets that raised most."""

    by_level: tuple[AlarmLine, ...]
    total: AlarmLine
    targets: tuple[AlarmTarget, ...]
    any: bool


def alarm_summary(quarters: Sequence[Operations]) -> AlarmSummary:
    """Return the alarms of the period."""
    rows = rows_of(quarters, Alarm)
    targets = grouped(rows.every, lambda row: row.target)
    most = sorted(targets.items(), key=lambda item: (-len(item[1]), item[0]))
    return AlarmSummary(
        by_level=tuple(
            _line(level, rows, [row for row in rows.every if row.level == level])
            for level in (ALARM_LEVELS if rows.every else ())
        ),
        total=_line("合计", rows, rows.every),
        targets=tuple(
            AlarmTarget(
                target, rows.count("告警数", f"告警对象为“{target}”的行数", raised, "target")
            )
            for target, raised in most[:_LISTED]
        ),
        any=bool(rows.every),
    )


def _line(level: str, every: Rows[Alarm], chosen: Sequence[Alarm]) -> AlarmLine:
    rows = Rows(chosen, every.sheets)
    over = [row for row in chosen if row.cleared is not None]
    raised = every.count("告警数", f"“{level}”告警行数", chosen, "number", "level")
    cleared = rows.count("已恢复", "填有恢复时间的行数", over, "level", "cleared")
    return AlarmLine(
        level=level,
        raised=raised,
        cleared=cleared,
        closure=rate("闭环率", cleared, raised, "已恢复÷告警数"),
        recovery=_mean_minutes(rows, over),
    )


def _mean_minutes(rows: Rows[Alarm], over: Sequence[Alarm]) -> Figure[Decimal | None]:
    """Return the mean in minutes with one decimal, half up; —（本期无）where there are none."""
    name, rule = "平均恢复时间", "Σ（恢复时间－告警时间）÷已恢复数"
    origin = rows.origin(rule, over, "level", "raised", "cleared")
    durations = [row.cleared - row.raised for row in over if row.cleared is not None]
    if not durations:
        return Figure(name, None, NONE_THIS_PERIOD, origin)
    seconds = sum(durations, timedelta()) // timedelta(seconds=1)
    mean = round_half_up(Fraction(seconds, 60 * len(durations)), 1)
    return Figure(name, mean, f"{mean:,}", origin)
