"""Service levels: outages merged, availability to an exact verdict, durability as attested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from deliverables.compute.figures import (
    NONE_THIS_PERIOD,
    Inputs,
    Rows,
    grouped,
    number,
    rows_of,
    time_left,
    time_lost,
)
from deliverables.compute.term import quarter_label, service_period
from deliverables.compute.term import quarters as service_quarters
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, ServiceLevels
from deliverables.model.fields import MONTH, show_day
from deliverables.model.operations import Durability, Operations, Outage
from deliverables.values.dates import Interval, Period, clip, merge, total_minutes, whole_days
from deliverables.values.figure import Cells, Derivation, Figure
from deliverables.values.money import round_down

_SHOWN_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Availability:
    """Downtime against the time there was; minutes are exact, `threshold` is in percent (99.9).

    Downtime is the union of the outages in scope, clipped to the period. The contract (Art. 3.3)
    gives no window and no least length of an outage: every second counts.
    """

    total_minutes: int
    downtime: Fraction
    threshold: Decimal

    @property
    def meets(self) -> bool:
        """Whether downtime is within the budget, compared exactly; at the budget it is."""
        return self.downtime <= self.budget_minutes

    @property
    def percent(self) -> Decimal:
        """The percentage as printed: cut, never rounded up, to four places.

        A threshold with more places than four is answered with as many, so that the printed
        figure is below the threshold exactly when the service failed it.
        """
        places = max(_SHOWN_PLACES, -int(self.threshold.as_tuple().exponent))
        return round_down((1 - self.downtime / self.total_minutes) * 100, places)

    @property
    def budget_minutes(self) -> Fraction:
        """The downtime that the threshold allows, in minutes."""
        return self.total_minutes * (100 - Fraction(self.threshold)) / 100

    @property
    def budget_left(self) -> Fraction:
        """What is left of the budget, in minutes; negative when it is overdrawn."""
        return self.budget_minutes - self.downtime

    @property
    def budget_used(self) -> Fraction | None:
        """Downtime as a share of the budget (1 is all of it); None where nothing is allowed."""
        return self.downtime / self.budget_minutes if self.budget_minutes else None


def measure(total: Period, outages: Iterable[Interval], threshold: Decimal) -> Availability:
    """Return the availability over `total`; `outages` are those in scope, in any order.

    Overlapping outages count once and only inside the period. Raises ValueError for a
    threshold that is no percentage.
    """
    if not 0 < threshold <= 100:  # noqa: PLR2004
        raise ValueError(f"the threshold {threshold} is not a percentage such as 99.9")
    window = whole_days(total)
    inside = (clip(outage, window) for outage in outages)
    downtime = total_minutes(merge(outage for outage in inside if outage))
    return Availability(total.minutes, downtime, threshold)


def combine(parts: Iterable[Availability]) -> Availability:
    """Return the availability of periods that follow each other: minutes add up, never percents.

    Raises ValueError for no parts or parts with different thresholds.
    """
    measured = tuple(parts)
    thresholds = {part.threshold for part in measured}
    if len(thresholds) != 1:
        raise ValueError(f"parts must share one threshold, not {sorted(thresholds)}")
    return Availability(
        sum(part.total_minutes for part in measured),
        sum((part.downtime for part in measured), Fraction(0)),
        thresholds.pop(),
    )


def weighted_downtime(outages: Iterable[tuple[Fraction | int, int, int]]) -> Fraction:
    """Return Σ minutes × affected hosts ÷ all hosts, for (minutes, affected, total) triples.

    A partial outage weighs by its share of the hosts. It is printed beside the verdict, never
    in its place. Raises ValueError unless 0 <= affected <= total and total is positive.
    """
    weighted = Fraction(0)
    for minutes, affected, total in outages:
        if not 0 <= affected <= total or total == 0:
            raise ValueError(f"{affected} of {total} hosts cannot be affected")
        weighted += Fraction(minutes) * affected / total
    return weighted


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


@dataclass(frozen=True, slots=True)
class DurabilityLine:
    """One class of storage over the period."""

    storage: str
    capacity: Figure[object]
    scheme: Figure[str]
    design_value: Figure[str]
    design_evidence: Figure[str]
    loss_events: Figure[Decimal]
    integrity_checks: Figure[Decimal]
    integrity_failures: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class DurabilitySummary:
    """What was observed about stored data; `requirement` is the contract's design value."""

    requirement: Figure[Decimal]
    lines: tuple[DurabilityLine, ...]
    loss_events: Figure[Decimal]
    integrity_checks: Figure[Decimal]
    integrity_failures: Figure[Decimal]
    observed: bool
    lost: bool


def durability(quarters: Sequence[Operations], levels: ServiceLevels) -> DurabilitySummary:
    """Return the observations by class of storage; the capacity is that of the latest month."""
    rows = rows_of(quarters, Durability)
    by_storage = grouped(sorted(rows.every, key=lambda row: row.month), lambda row: row.storage)

    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"数据可靠性各行{name}合计", rows.every, column, "month", "storage")

    losses = total("数据丢失事件", "loss_events")
    return DurabilitySummary(
        requirement=levels.figure("durability"),
        lines=tuple(_line(name, Rows(of, rows.sheets)) for name, of in by_storage.items()),
        loss_events=losses,
        integrity_checks=total("完整性校验", "integrity_checks"),
        integrity_failures=total("校验未通过", "integrity_failures"),
        observed=bool(rows.every),
        lost=losses.value > 0,
    )


def _line(storage: str, rows: Rows[Durability]) -> DurabilityLine:
    latest = rows.every[-1]

    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"{storage}各月{name}合计", rows.every, column, "month", "storage")

    return DurabilityLine(
        storage=storage,
        capacity=latest.figure("capacity"),
        scheme=latest.figure("scheme"),
        design_value=_attested(latest),
        design_evidence=latest.figure("design_evidence"),
        loss_events=total("数据丢失事件", "loss_events"),
        integrity_checks=total("完整性校验", "integrity_checks"),
        integrity_failures=total("校验未通过", "integrity_failures"),
    )


def _attested(row: Durability) -> Figure[str]:
    stated = row.figure("design_value")
    if not row.design_value:
        return Figure("设计值", "", "【待补】", stated.origin)
    origin = Derivation("厂商文件载明的设计值，非实测", "", (stated,))
    marked = stated.text if "设计值" in stated.text else f"{stated.text}（设计值）"
    return Figure("设计值", row.design_value, marked, origin)
