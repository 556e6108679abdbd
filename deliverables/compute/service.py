"""Availability of the platform: of a quarter, of the term so far, of all its quarters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from deliverables.compute.availability import Availability, measure
from deliverables.compute.figures import Inputs, number, time_left, time_lost
from deliverables.compute.outages import (
    OutageSummary,
    counted_outages,
    distinct_outages,
    intervals,
    minutes_by_cause,
    outage_summary,
)
from deliverables.compute.reporting import quarter_label
from deliverables.compute.term import quarters as service_quarters
from deliverables.compute.term import service_period
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.operations import Operations, Outage
from deliverables.model.values import MONTH, show_day
from deliverables.period import Period

MET, NOT_MET = "达标", "未达标"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AvailabilityLine:
    """Availability of one period against the contract's level; the verdict is by exact minutes."""

    label: str
    first_day: Figure[date]
    last_day: Figure[date]
    total: Figure[Decimal]
    downtime: Figure[Decimal]
    percent: Figure[Decimal]
    required: Figure[Decimal]
    verdict: Figure[str]
    budget: Figure[Decimal]
    left: Figure[Decimal]
    met: bool


@dataclass(frozen=True, slots=True)
class QuarterService:
    """The service of one quarter and of the term up to its end.

    `lines` are the quarter and, unless it is the first (`cumulative` is false), the term so far.
    """

    this: AvailabilityLine
    to_date: AvailabilityLine
    cumulative: bool
    lines: tuple[AvailabilityLine, ...]
    term_budget: Figure[Decimal]
    term_left: Figure[Decimal]
    outages: OutageSummary


@dataclass(frozen=True, slots=True)
class YearService:
    """The service of all the quarters of a summary, and of each; `missed` names those below."""

    this: AvailabilityLine
    quarters: tuple[AvailabilityLine, ...]
    all_met: bool
    missed: str
    outages: OutageSummary


def quarter_service(book: ContractBook, quarter: int) -> QuarterService:
    """Return the service of one quarter; the budget of the whole term is what is left to it."""
    this = availability_line(book, quarter_label(book.contract, quarter), [quarter])
    to_date = availability_line(book, "服务期累计", range(1, quarter + 1))
    cumulative = quarter > 1
    term = _level(book, service_period(book.contract), [])
    so_far = measured_over(book, range(1, quarter + 1))
    rule = "服务期总时长×（1－要求值）"
    inputs = (*_term_inputs(book.contract), this.required)
    article = book.contract.service_levels.article
    term_budget = time_left("全期允许中断时长", term.budget_minutes, rule, inputs, article)
    return QuarterService(
        this=this,
        to_date=to_date,
        cumulative=cumulative,
        lines=(this, to_date) if cumulative else (this,),
        term_budget=term_budget,
        term_left=time_left(
            "全期剩余额度",
            term.budget_minutes - so_far.downtime,
            "全期允许中断时长－累计中断时长",
            (term_budget, to_date.downtime),
            article,
        ),
        outages=outage_summary([book.quarters[quarter]], span(book.contract, [quarter])),
    )


def year_service(book: ContractBook, numbers: Sequence[int]) -> YearService:
    """Return the service over consecutive quarters: their minutes are added, no rate averaged."""
    lines = tuple(
        availability_line(book, quarter_label(book.contract, quarter), [quarter])
        for quarter in numbers
    )
    return YearService(
        this=availability_line(book, "全年", numbers),
        quarters=lines,
        all_met=all(line.met for line in lines),
        missed="、".join(line.label for line in lines if not line.met),
        outages=outage_summary(_quarters(book, numbers), span(book.contract, numbers)),
    )


def availability_line(book: ContractBook, label: str, numbers: Sequence[int]) -> AvailabilityLine:
    """Return availability over consecutive service quarters."""
    contract, article = book.contract, book.contract.service_levels.article
    period, measured = span(contract, numbers), measured_over(book, numbers)
    required, term = contract.service_levels.figure("availability"), _term_inputs(contract)
    total = number("总时长", measured.total_minutes, "统计期天数×1440 分钟", term, article)
    outages = distinct_outages(_quarters(book, numbers))
    counted = [row for row in outages.every if row.counted]
    rule = "计入可用性的中断合并重叠部分，只计统计期内"
    behind = outages.origin(rule, counted, "started", "ended", "counted", article=article)
    downtime = time_lost("中断时长", measured.downtime, behind)
    budget = time_left(
        "允许中断时长", measured.budget_minutes, "总时长×（1－要求值）", (total, required), article
    )
    verdict = MET if measured.meets else NOT_MET
    by_minutes = Derivation("按分钟数精确比较中断时长与允许中断时长", article, (downtime, budget))
    by_share = Derivation("（总时长－中断时长）÷总时长，向下取四位小数", article, (total, downtime))
    return AvailabilityLine(
        label=label,
        first_day=_day("起始日期", period.first, contract),
        last_day=_day("截止日期", period.last, contract),
        total=total,
        downtime=downtime,
        percent=Figure("可用性", measured.percent, f"{measured.percent}%", by_share),
        required=required,
        verdict=Figure("判定", verdict, verdict, by_minutes),
        budget=budget,
        left=time_left(
            "剩余额度",
            measured.budget_left,
            "允许中断时长－中断时长",
            (budget, downtime),
            article,
        ),
        met=measured.meets,
    )


def monthly_availability(book: ContractBook, numbers: Sequence[int]) -> list[tuple[str, Decimal]]:
    """Return the percentage of each calendar month, or part of one, within the quarters."""
    whole = span(book.contract, numbers)
    months: list[tuple[str, Decimal]] = []
    first = whole.first
    while first <= whole.last:
        next_month = (first.replace(day=1) + 32 * _DAY).replace(day=1)
        month = Period(first, min(next_month - _DAY, whole.last))
        rows = counted_outages(_quarters(book, numbers))
        months.append((MONTH.show(first), _level(book, month, rows).percent))
        first = next_month
    return months


def downtime_by_cause(book: ContractBook, numbers: Sequence[int]) -> dict[str, Decimal]:
    """Return the counted minutes of each cause over consecutive service quarters."""
    return dict(minutes_by_cause(_quarters(book, numbers), span(book.contract, numbers)))


def days(line: AvailabilityLine) -> Figure[Decimal]:
    """Return the number of days of a period."""
    count = Period(line.first_day.value, line.last_day.value).days
    return number("天数", count, "起止日期均计入", (line.first_day, line.last_day))


def span(contract: Contract, numbers: Sequence[int]) -> Period:
    """Return the period of consecutive service quarters."""
    periods = service_quarters(contract)
    return Period(periods[numbers[0] - 1].first, periods[numbers[-1] - 1].last)


def measured_over(book: ContractBook, numbers: Sequence[int]) -> Availability:
    """Return availability over consecutive service quarters taken as one, minutes exact."""
    return _level(book, span(book.contract, numbers), counted_outages(_quarters(book, numbers)))


def _quarters(book: ContractBook, numbers: Sequence[int]) -> list[Operations]:
    return [book.quarters[quarter] for quarter in numbers]


def _level(book: ContractBook, period: Period, rows: Sequence[Outage]) -> Availability:
    return measure(period, intervals(rows), book.contract.service_levels.availability)


def _term_inputs(contract: Contract) -> Inputs:
    return (contract.identity.figure("signed_on"), contract.service.figure("term_months"))


def _day(name: str, day: date, contract: Contract) -> Figure[date]:
    origin = Derivation("服务期按月对应日划分", contract.service.article, _term_inputs(contract))
    return Figure(name, day, show_day(day), origin)
