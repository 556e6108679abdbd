"""What a monitoring report says of a span of days: alarms, outages, availability, incidents.

The days are those that the letter itself names, since the contract leaves the frequency open
(第八条第10款); everything else is in the operations workbooks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from deliverables.compute.figures import Rows, number, rows_of, time_lost
from deliverables.compute.term import quarters, served_period
from deliverables.letters.case import Case, NoFactError, day_asked
from deliverables.model.contract import Contract, ReportSeries
from deliverables.model.operations_sheets import ALARM_LEVELS, Alarm, Incident, Operations
from deliverables.values.dates import Period
from deliverables.values.figure import Derivation, Figure, Statement

FIRST, LAST = "起始日期", "截止日期"
_TOTAL: Final = "合计"


@dataclass(frozen=True, slots=True)
class AlarmsOfLevel:
    """The alarms of a level, or all: raised in the span, over by its end, still open then."""

    level: str
    raised: Figure[Decimal]
    cleared: Figure[Decimal]
    open: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class MonitorReport:
    """A span of days as monitoring saw it; times are in minutes, and nothing is judged."""

    alarms: tuple[AlarmsOfLevel, ...]
    outages: Figure[Decimal]
    downtime: Figure[Decimal]
    total: Figure[Decimal]
    availability: Figure[Decimal]
    required: Statement
    incidents: Statement


def series_of(case: Case) -> ReportSeries | None:
    """Return the reports whose frequency the contract leaves open; of several the letter's own.

    A series with a frequency is a report of its own, and no letter.
    """
    left = [one for one in case.book.contract.reports if not isinstance(one.every_months, int)]
    named = [one for one in left if one.name == case.declaration.title]
    return next(iter((*named, *left)), None)


def series_article(case: Case) -> Figure[str]:
    """Return the article of that series; NoFactError where there is none."""
    series = series_of(case)
    if series is None:
        raise NoFactError("reports")
    article: Figure[str] = series.figure("article")
    return article


def span_of(case: Case) -> Period | None:
    """Return the days that the letter names, None where they are none or lie outside the term."""
    try:
        first, last = day_asked(case, FIRST).value, day_asked(case, LAST).value
    except NoFactError:
        return None
    served = served_period(case.book.contract, case.as_of)
    return Period(first, last) if served.first <= first <= last <= served.last else None


def quarters_of(case: Case, span: Period) -> list[int]:
    """Return the periods of data that a span of days touches, by number."""
    every = quarters(case.book.contract)
    return [
        at
        for at, one in enumerate(every, 1)
        if one.first <= span.last and one.last >= span.first
    ]  # fmt: skip


def monitor_report(case: Case) -> MonitorReport:
    """Return what monitoring saw on the days that the letter names; NoFactError without them."""
    from deliverables.compute.availability import (  # noqa: PLC0415  # slow to import, for few letters
        all_outages,
        intervals,
        measure,
    )

    span, book = span_of(case), case.book
    if span is None:
        raise NoFactError(FIRST)
    numbers = quarters_of(case, span)
    if any(one not in book.quarters for one in numbers):
        raise NoFactError("operations")
    held = [book.quarters[one] for one in numbers]
    days = (day_asked(case, FIRST), day_asked(case, LAST))
    article = book.contract.service_levels.article
    outages = all_outages(held).where(
        lambda row: (
            row.started.date() <= span.last
            and row.ended.date() >= span.first
            and not row.excluded_by(case.as_of)
        )
    )
    measured = measure(span, intervals(outages.every), None)
    total = number("总时长", measured.total_minutes, "起止日期之间的天数×1440分钟", days, article)
    rule = "计入可用性的中断合并重叠部分，只计起止日期之间"
    origin = outages.origin(rule, outages.every, "started", "ended", article=article)
    downtime = time_lost("中断时长", measured.downtime, origin)
    share = "（总时长－中断时长）÷总时长，向下取四位小数"
    return MonitorReport(
        alarms=_alarms(held, span),
        outages=outages.count("平台中断", "起止日期之间计入的中断行数", outages.every, "number"),
        downtime=downtime,
        total=total,
        availability=Figure(
            "可用性",
            measured.percent,
            f"{measured.percent}%",
            Derivation(share, article, (total, downtime)),
        ),
        required=_required(book.contract),
        incidents=_incidents(held, span),
    )


def _required(contract: Contract) -> Statement:
    """Return each level of availability that the contract sets, or that it sets none."""
    levels = contract.service_levels
    said = [
        Statement.of("合同要求",
                     f"{Statement.literal(target.name)}每{target.window}不低于{{level}}",
                     target.article, level=target.figure("level"))
        for target in levels.targets
    ]  # fmt: skip
    over_all = levels.figure("availability")
    if levels.availability is not None:
        said.insert(0, Statement.of("合同要求", "不低于{level}", levels.article, level=over_all))
    if not said:
        return Statement.of("合同要求", "合同未约定", levels.article, over_all)
    return Statement.joined("合同要求", said, "；")


def _alarms(held: Sequence[Operations], span: Period) -> tuple[AlarmsOfLevel, ...]:
    rows = rows_of(held, Alarm)
    inside = [row for row in rows.every if span.contains(row.raised.date())]
    each = [(level, [row for row in inside if row.level == level]) for level in ALARM_LEVELS]
    return tuple(
        _of_level(level, chosen, rows, span) for level, chosen in (*each, (_TOTAL, inside))
    )


def _of_level(
    level: str, chosen: Sequence[Alarm], rows: Rows[Alarm], span: Period
) -> AlarmsOfLevel:
    over = [row for row in chosen if _is_over(row.cleared, span.last)]
    still = [row for row in chosen if not _is_over(row.cleared, span.last)]
    columns = ("level", "raised", "cleared")
    return AlarmsOfLevel(
        level=level,
        raised=rows.count("告警数", "起止日期之间的告警行数", chosen, "level", "raised"),
        cleared=rows.count("已恢复", "截止日期前恢复的告警行数", over, *columns),
        open=rows.count("未恢复", "截止日期尚未恢复的告警行数", still, *columns),
    )


def _is_over(cleared: datetime | None, last: date) -> bool:
    return cleared is not None and cleared.date() <= last


def _incidents(held: Sequence[Operations], span: Period) -> Statement:
    rows = rows_of(held, Incident).where(lambda row: span.contains(row.started.date()))
    count = rows.count("事件数", "起止日期之间的事件行数", rows.every, "started")
    if not rows.every:
        return Statement.of("事件", "期间没有登记事件。", "", count)
    named = [
        Statement.of("事件", "{started}，{title}（{number}）", "",
                     started=row.figure("started"), title=row.figure("title"),
                     number=row.figure("number"))
        for row in rows.every
    ]  # fmt: skip
    listed = Statement.joined("事件", named, "；")
    return Statement.of("事件", "期间登记事件{count}起：{listed}。", "", count=count, listed=listed)
