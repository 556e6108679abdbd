"""The charts of a report: what each one shows and how it is described in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from deliverables.compute.figures import by_month
from deliverables.compute.operations import HostUsage
from deliverables.model.content import Chart, ChartForm, Series
from deliverables.model.fields import show_number
from deliverables.model.operations_sheets import ALARM_LEVELS, TICKET_TYPES, Operations
from deliverables.values.dates import Period

Months = Sequence[tuple[str, Period]]
"""Service months as a chart names them, and their days."""


def availability_chart(
    labels: Sequence[str],
    percents: Sequence[Decimal],
    required: Decimal | None,
    causes: Sequence[str] = (),
) -> Chart:
    """Return availability by month or quarter against the required level, if any, in percent.

    `causes` say below each column that is too low why it is, and nothing below the others.
    Values keep their four decimals: at two, 99.8992 would stand beside 99.9 as 99.90.
    """
    pairs = "，".join(
        f"{label} {percent}%" for label, percent in zip(labels, percents, strict=True)
    )
    against = "" if required is None else f"与合同要求 {required}% 的比较"
    return Chart(
        form=ChartForm.COLUMNS,
        title="可用性",
        description=f"各期可用性{against}：{pairs}。",
        unit="%",
        categories=tuple(
            f"{name}\n未达到：{cause}" if cause else name
            for name, cause in zip(_in_lines(labels), causes or [""] * len(labels), strict=True)
        ),
        series=(Series("可用性", tuple(percents)),),
        threshold=Series(f"合同要求 {required}%", tuple(required for _ in percents))
        if required is not None
        else None,
        lowest=_floor_below(
            min([*percents, *([] if required is None else [required])], default=Decimal(100))
        ),
        number_format="0.0000",
    )


def _in_lines(labels: Sequence[str]) -> list[str]:
    """Return the names of periods with their days on a line of their own, as narrow columns are."""
    return [label.replace("（", "\n（") for label in labels]


def _floor_below(percent: Decimal) -> Decimal:
    steps = (Decimal("99.8"), Decimal("99.5"), Decimal(99), Decimal(98), Decimal(95), Decimal(90))
    return next((step for step in steps if step < percent), Decimal(0))


def downtime_chart(minutes_by_cause: Mapping[str, Decimal]) -> Chart:
    """Return counted downtime by cause, in minutes, longest first."""
    ordered = sorted(minutes_by_cause.items(), key=lambda item: -item[1])
    return Chart(
        form=ChartForm.BARS,
        title="中断时长（按原因）",
        description=_sentence(f"{cause} {show_number(minutes)} 分钟" for cause, minutes in ordered),
        unit="分钟",
        categories=tuple(cause for cause, _ in ordered),
        series=(Series("中断时长", tuple(minutes for _, minutes in ordered)),),
        number_format="General",
    )


def usage_chart(usage: HostUsage) -> Chart:
    """Return weighted CPU, memory and storage usage by month, in percent."""
    months = usage.months
    return Chart(
        form=ChartForm.LINES,
        title="资源使用率",
        description=_sentence(
            f"{line.month} CPU {line.cpu}、内存 {line.memory}、存储 {line.storage}"
            for line in months
        ),
        unit="%",
        categories=tuple(line.month for line in months),
        series=(
            Series("CPU", tuple(line.cpu.value for line in months)),
            Series("内存", tuple(line.memory.value for line in months)),
            Series("存储", tuple(line.storage.value for line in months)),
        ),
        lowest=Decimal(0),
        number_format="0.0",
    )


def alarm_chart(quarters: Sequence[Operations], months: Months) -> Chart:
    """Return alarms by service month, stacked by level."""
    rows = (row for quarter in quarters for row in quarter.alarms)
    counts = by_month(rows, months, lambda row: row.raised, lambda row: row.level)
    return _stacked("告警数量", "条", ALARM_LEVELS, counts)


def ticket_chart(quarters: Sequence[Operations], months: Months) -> Chart:
    """Return tickets by service month, stacked by type."""
    rows = (row for quarter in quarters for row in quarter.tickets)
    counts = by_month(rows, months, lambda row: row.opened, lambda row: row.kind)
    return _stacked("工单数量", "件", TICKET_TYPES, counts)


def _stacked(
    title: str, unit: str, kinds: Sequence[str], months: Mapping[str, Counter[str]]
) -> Chart:
    labels = tuple(months)
    return Chart(
        form=ChartForm.STACKED,
        title=title,
        description=_sentence(
            f"{label} 共 {counts.total()} {unit}"
            for label, counts in zip(labels, months.values(), strict=True)
        ),
        unit=unit,
        categories=labels,
        series=tuple(
            Series(kind, tuple(counts[kind] for counts in months.values())) for kind in kinds
        ),
    )


def _sentence(parts: Iterable[str]) -> str:
    """Return what a chart says in words, for those who cannot see it."""
    return "；".join(parts) + "。"
