"""Alarms by level, how fast they were cleared, and where they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.figures import NONE_THIS_PERIOD, Inputs, drawn_from, number, rate
from deliverables.figure import Derivation, Figure
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
    rows = [row for quarter in quarters for row in quarter.alarms]
    source = drawn_from(quarters, Alarm)
    most = sorted(Counter(row.target for row in rows).items(), key=lambda item: (-item[1], item[0]))
    return AlarmSummary(
        by_level=tuple(
            _line(level, [row for row in rows if row.level == level], source)
            for level in (ALARM_LEVELS if rows else ())
        ),
        total=_line("合计", rows, source),
        targets=tuple(
            AlarmTarget(target, number("告警数", count, f"告警对象为“{target}”的行数", source))
            for target, count in most[:_LISTED]
        ),
        any=bool(rows),
    )


def _line(level: str, rows: Sequence[Alarm], source: Inputs) -> AlarmLine:
    cleared = [row.cleared - row.raised for row in rows if row.cleared is not None]
    return AlarmLine(
        level=level,
        raised=number("告警数", len(rows), f"“{level}”告警行数", source),
        cleared=number("已恢复", len(cleared), "填有恢复时间的行数", source),
        closure=rate("闭环率", len(cleared), len(rows), "已恢复÷告警数", source),
        recovery=_mean_minutes(cleared, source),
    )


def _mean_minutes(durations: Sequence[timedelta], source: Inputs) -> Figure[Decimal | None]:
    """Return the mean in minutes with one decimal, half up; —（本期无）where there are none."""
    name, origin = "平均恢复时间", Derivation("Σ（恢复时间－告警时间）÷已恢复数", "", source)
    if not durations:
        return Figure(name, None, NONE_THIS_PERIOD, origin)
    seconds = sum(durations, timedelta()) // timedelta(seconds=1)
    mean = round_half_up(Fraction(seconds, 60 * len(durations)), 1)
    return Figure(name, mean, f"{mean:,}", origin)
