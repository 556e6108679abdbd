"""The charts of a report: what each one shows and how it is described in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from deliverables.compute.availability import CUT_SHORT, WORTH_A_CHART, OutageSummary, PartLine
from deliverables.compute.figures import Rows, by_month, rows_of
from deliverables.compute.operations import HostUsage, rate_beside
from deliverables.model.content import Chart, ChartForm, Series
from deliverables.model.fields import Row, show_number
from deliverables.model.operations_sheets import (
    ALARM_LEVELS,
    TICKET_TYPES,
    Alarm,
    Operations,
    Ticket,
)
from deliverables.values.dates import Period
from deliverables.values.figure import Figure, Statement

Months = Sequence[tuple[str, Period]]
"""Service months as a chart names them, and their days."""

_UNEVEN: Final = Fraction(5, 4)
"""More than so many times as many a day in one month as in another are seen at a glance."""

_ROOMY: Final = 6
"""So many columns have room for more than the name of a month below them."""

_NAMED: Final = 3
"""More parts that failed are counted in a title: the chart marks them."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Whether the minutes lost are enough for a chart, and the title that says what it shows."""

    charted: bool
    title: Statement


def losses(parts: Sequence[PartLine], each: str) -> Losses:
    """Return the title of the chart of parts that are called `each`: it names those that failed.

    Where one part alone lost time, the table of outages has told it all: there is no chart.
    """
    behind = [figure for part in parts for figure in (part.downtime, part.allowed)]
    missed = [part.label.partition("（")[0] for part in parts if not part.met]
    title = f"各{each}中断时长"
    if all(part.judged for part in parts):
        which = "、".join(missed) if len(missed) <= _NAMED else f"{len(missed)} 个{each}"
        which = "均" if len(missed) in (0, len(parts)) else which
        title += f"与允许时长：{which}{'超出' if missed else '未超出'}"
        title += "（柱下为主因）" if missed and len(parts) > _ROOMY else ""
    touched = [part for part in parts if part.downtime.value]
    rule = "列出中断时长超过允许时长的各期"
    return Losses(len(parts) >= WORTH_A_CHART and len(touched) > 1, _title(title, rule, behind))


def _title(text: str, rule: str, behind: Sequence[Figure[Any]]) -> Statement:
    return Statement.of("图题", text, "", *behind, rule=rule)


def loss_chart(parts: Sequence[PartLine]) -> Chart:
    """Return the minutes lost in each month or quarter beside those allowed, if a level is set.

    Availability itself lies between 98 and 100 %, where no column that begins at zero shows a
    difference. Below each column that is too high stands why.
    """
    judged = all(part.judged for part in parts)
    above = "超出，主因" if len(parts) <= _ROOMY else ""
    return Chart(
        form=ChartForm.COLUMNS,
        title="中断时长",
        description=_sentence(
            f"{part.label} 中断 {part.downtime} 分钟"
            + (f"，允许 {part.allowed} 分钟" if judged else "")
            for part in parts
        ),
        unit="分钟",
        categories=tuple(
            _column(part.label, len(parts)) + (f"\n{above}{part.cause}" if part.cause else "")
            for part in parts
        ),
        series=(Series("中断时长", tuple(part.downtime.value for part in parts)),),
        threshold=Series(_allowed(parts), tuple(part.allowed.value for part in parts))
        if judged
        else None,
        number_format="General",
    )


def _allowed(parts: Sequence[PartLine]) -> str:
    """Return what the legend calls the line of what is allowed: months differ by their days."""
    amounts = [part.allowed.value for part in parts]
    least, most = min(amounts), max(amounts)
    return f"允许时长 {least}{'' if least == most else f'—{most}'} 分钟"


def _column(label: str, columns: int) -> str:
    """Return the name of a period in lines: its days on one of their own, where there is room."""
    name, _, days = label.partition("（")
    if columns <= _ROOMY or not days:
        return label.replace("（", "\n（")
    return name.replace("年", "年\n") + (f"\n{CUT_SHORT}" if CUT_SHORT in days else "")


def cause_title(minutes_by_cause: Mapping[str, Decimal], outages: OutageSummary) -> Statement:
    """Return the title of the chart of causes, which names that by which most was lost."""
    most = max(minutes_by_cause.values(), default=None)
    first = "、".join(cause for cause, lost in minutes_by_cause.items() if lost == most)
    behind = [line.minutes for line in outages.counted] or [outages.count]
    title = f"按原因分类的中断时长：{first}最长（各类之间的重叠未扣除）"
    return _title(title, "列出合计时长最长的原因类别", behind)


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


def usage_title(usage: HostUsage, each: str) -> Statement:
    """Return the title of the chart of usage, which names what changed most from first to last."""
    title, rule = f"各{each}资源使用率（加权）", "列出首末两月相差最大的资源"
    if not usage.months:
        return _title(title, rule, [usage.high_load_count])
    first, last = usage.months[0], usage.months[-1]
    changes = {
        name: rate_beside(name, now, then).change
        for name, now, then in (
            ("CPU", last.cpu, first.cpu),
            ("内存", last.memory, first.memory),
            ("存储", last.storage, first.storage),
        )
    }
    known = {name: abs(by.value) for name, by in changes.items() if by.value is not None}
    most = max(known, key=lambda name: known[name], default="")
    if not most or not known[most]:
        return _title(title, rule, [*changes.values()])
    by = changes[most]
    way = "上升" if (by.value or 0) > 0 else "下降"
    said = f"{title}：{most}变化最大，{way} {show_number(known[most])} 个百分点"
    return _title(said, rule, [*changes.values()])


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
        number_format="0",
    )


@dataclass(frozen=True, slots=True)
class MonthlyCounts:
    """How many there were in each service month: words, unless `uneven` enough for a chart.

    Of one month nothing is `told` that its chapter does not tell. The chart's `title` names the
    month with most and the whole one with fewest.
    """

    uneven: bool
    told: tuple[Statement, ...]
    title: Statement


def alarm_months(quarters: Sequence[Operations], months: Months, each: str) -> MonthlyCounts:
    """Return how many alarms each service month had, which is called `each`."""
    return _monthly(f"各{each}告警", "条", rows_of(quarters, Alarm), "raised", months)


def ticket_months(quarters: Sequence[Operations], months: Months, each: str) -> MonthlyCounts:
    """Return how many tickets were accepted in each service month, which is called `each`."""
    return _monthly(f"各{each}受理工单", "件", rows_of(quarters, Ticket), "opened", months)


def _monthly(
    what: str, unit: str, rows: Rows[Alarm] | Rows[Ticket], moment: str, months: Months
) -> MonthlyCounts:
    """Count by the day of a column; a month that is cut short is held against its own days."""
    every: Rows[Row] = Rows(rows.every, rows.sheets)
    counts = [
        every.count(what, f"{label}的行数", _inside(every.every, moment, month), moment)
        for label, month in months
    ]
    each = [
        Statement.of(what, f"{_named(label)}{{n}} {unit}", "", n=count)
        for count, (label, _) in zip(counts, months, strict=True)
    ]
    daily = [
        Fraction(count.value) / month.days for count, (_, month) in zip(counts, months, strict=True)
    ]
    listed = Statement.joined(what, each, "，")
    labels = [label for label, _ in months]
    many = {label: count.value for label, count in zip(labels, counts, strict=True)}
    most = max(many.values())
    whole = [label for label in labels if CUT_SHORT not in label] or labels
    least = min(many[label] for label in whole)
    busiest = "、".join(_named(label).strip() for label in labels if many[label] == most)
    quietest = "、".join(_named(label).strip() for label in whole if many[label] == least)
    return MonthlyCounts(
        uneven=len(months) >= WORTH_A_CHART and max(daily) > _UNEVEN * min(daily),
        told=(Statement.of(what, f"{what}：{{listed}}", "", listed=listed),) * (len(months) > 1),
        title=_title(
            f"{what}：{busiest}最多，{quietest}最少",
            "列出行数最多的月份和最少的整月",
            counts,
        ),
    )


def _named(label: str) -> str:
    """Return the name of a month before its number; one that is cut short keeps its days."""
    name, _, days = label.partition("（")
    return label if CUT_SHORT in days else f"{name} "


def _inside(rows: Sequence[Row], moment: str, month: Period) -> Sequence[Row]:
    def day(row: Row) -> date:
        at: datetime = getattr(row, moment)
        return at.date()

    return [row for row in rows if month.contains(day(row))]


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
    return Chart(
        form=ChartForm.STACKED,
        title=title,
        description=_sentence(
            f"{label} 共 {counts.total()} {unit}" for label, counts in months.items()
        ),
        unit=unit,
        categories=tuple(
            f"{_column(label, len(months))}\n共 {counts.total()} {unit}"
            if len(months) <= _ROOMY
            else _column(label, len(months))
            for label, counts in months.items()
        ),
        series=tuple(
            Series(kind, tuple(counts[kind] for counts in months.values())) for kind in kinds
        ),
    )


def _sentence(parts: Iterable[str]) -> str:
    """Return what a chart says in words, for those who cannot see it."""
    return "；".join(parts) + "。"
