"""Availability of the platform: the quarter, the year to date, and each outage behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.availability import Availability, measure, weighted_downtime
from deliverables.compute.figures import grouped, number
from deliverables.compute.reporting import quarter_label
from deliverables.compute.term import quarters as service_quarters
from deliverables.figure import Derivation, Figure
from deliverables.interval import Interval, clip, merge, total_minutes, whole_days
from deliverables.model.book import ContractBook
from deliverables.model.operations import Outage
from deliverables.model.values import MONTH, show_day, show_number
from deliverables.money import round_down
from deliverables.period import Period

MET, NOT_MET = "达标", "未达标"


@dataclass(frozen=True, slots=True)
class AvailabilityLine:
    """Availability of one period against the contract's level; minutes exact, percent floored."""

    label: str
    first_day: Figure[date]
    last_day: Figure[date]
    days: Figure[Decimal]
    total: Figure[Decimal]
    downtime: Figure[Decimal]
    percent: Figure[Decimal]
    required: Figure[Decimal]
    verdict: Figure[str]
    budget: Figure[Decimal]
    left: Figure[Decimal]
    met: bool


@dataclass(frozen=True, slots=True)
class OutageLine:
    """One outage as the workbook has it; minutes are those inside the quarter."""

    number: Figure[str]
    started: Figure[object]
    ended: Figure[object]
    minutes: Figure[Decimal]
    scope: Figure[str]
    cause_kind: Figure[str]
    cause: Figure[str]
    action: Figure[str]
    exclusion: Figure[str]


@dataclass(frozen=True, slots=True)
class ServiceQuality:
    """The verdict on availability with everything it rests on."""

    this: AvailabilityLine
    to_date: AvailabilityLine
    term_budget: Figure[Decimal]
    term_left: Figure[Decimal]
    counted: tuple[OutageLine, ...]
    excluded: tuple[OutageLine, ...]
    count: Figure[Decimal]
    added_up: Figure[Decimal]
    overlap: Figure[Decimal]
    overlapped: bool
    weighted: Figure[object]


def intervals(outages: Sequence[Outage]) -> list[Interval]:
    """Return the half-open intervals of the outages that count."""
    return [Interval(row.started, row.ended) for row in outages if row.counted]


def availability_of(book: ContractBook, numbers: Sequence[int]) -> Availability:
    """Return availability over consecutive service quarters, from minutes, never from averages."""
    periods = service_quarters(book.contract)
    whole = Period(periods[numbers[0] - 1].first, periods[numbers[-1] - 1].last)
    return _measured(book, numbers, whole)


def _measured(book: ContractBook, numbers: Sequence[int], whole: Period) -> Availability:
    outages = [row for n in numbers for row in book.quarters[n].outages]
    return measure(whole, intervals(outages), book.contract.service_levels.availability)


def monthly_availability(book: ContractBook, numbers: Sequence[int]) -> list[tuple[str, Decimal]]:
    """Return the floored percentage of each calendar month within the given quarters."""
    periods = service_quarters(book.contract)
    first, last = periods[numbers[0] - 1].first, periods[numbers[-1] - 1].last
    months: list[tuple[str, Decimal]] = []
    while first <= last:
        month_end = min((first.replace(day=1) + timedelta(days=32)).replace(day=1), last + _DAY)
        part = Period(first, month_end - _DAY)
        months.append((MONTH.show(first), _measured(book, numbers, part).percent))
        first = month_end
    return months


_DAY = timedelta(days=1)


def availability_line(book: ContractBook, label: str, numbers: Sequence[int]) -> AvailabilityLine:
    """Return the printed line of availability over consecutive service quarters."""
    periods = service_quarters(book.contract)
    first, last = periods[numbers[0] - 1].first, periods[numbers[-1] - 1].last
    measured = availability_of(book, numbers)
    levels, terms = book.contract.service_levels, book.contract.service
    required = levels.figure("availability")
    term = (book.contract.identity.figure("signed_on"), terms.figure("term_months"))
    outages = tuple(
        figure
        for n in numbers
        for row in book.quarters[n].outages
        if row.counted
        for figure in (row.figure("started"), row.figure("ended"))
    )
    total = number("总时长", measured.total_minutes, "统计期天数×1440 分钟", term, terms.article)
    downtime = minutes(
        "中断时长", measured.downtime, "计入可用性的中断取并集，截取在统计期内", outages
    )
    verdict = MET if measured.meets else NOT_MET
    return AvailabilityLine(
        label=label,
        first_day=_day("起始日期", first, terms.article, term),
        last_day=_day("截止日期", last, terms.article, term),
        days=number("天数", (last - first).days + 1, "起止日期均计入", term, terms.article),
        total=total,
        downtime=downtime,
        percent=Figure(
            "可用性",
            measured.percent,
            f"{measured.percent}%",
            Derivation(
                "（总时长－中断时长）÷总时长，向下取四位小数", levels.article, (total, downtime)
            ),
        ),
        required=required,
        verdict=Figure(
            "判定",
            verdict,
            verdict,
            Derivation(
                "按整数精确比较中断时长与允许中断时长", levels.article, (total, downtime, required)
            ),
        ),
        budget=minutes(
            "允许中断时长", measured.budget_minutes, "总时长×（1－要求值）", (total, required)
        ),
        left=minutes("剩余额度", measured.budget_left, "允许中断时长－中断时长", (total, downtime)),
        met=measured.meets,
    )


def minutes(
    name: str, value: Decimal | Fraction, rule: str, inputs: tuple[Figure[object], ...]
) -> Figure[Decimal]:
    """Return a length of time in minutes, floored to two places, without trailing zeros."""
    shown = round_down(value, 2)
    return Figure(name, shown, show_number(shown), Derivation(rule, "第三条第3款", inputs))


def _day(name: str, day: date, article: str, inputs: tuple[Figure[object], ...]) -> Figure[date]:
    return Figure(name, day, show_day(day), Derivation("服务期按月对应日划分", article, inputs))


def service_quality(book: ContractBook, quarter: int) -> ServiceQuality:
    """Return the service quality of one quarter and of the term up to its end."""
    return _quality(book, [quarter], list(range(1, quarter + 1)))


def annual_quality(book: ContractBook, numbers: Sequence[int]) -> ServiceQuality:
    """Return the service quality over all the quarters of a summary."""
    return _quality(book, numbers, numbers)


def _quality(book: ContractBook, numbers: Sequence[int], so_far: Sequence[int]) -> ServiceQuality:
    this = availability_line(book, _label(book, numbers), numbers)
    to_date = availability_line(book, "自服务期起累计", so_far)
    rows = [row for n in numbers for row in book.quarters[n].outages]
    counted = [row for row in rows if row.counted]
    window = Period(this.first_day.value, this.last_day.value)
    lines = tuple(_outage_line(row, window) for row in counted)
    added_up = sum((line.minutes.value for line in lines), Decimal(0))
    overlap = added_up - this.downtime.value
    inside = tuple(line.minutes for line in lines)
    term = service_quarters(book.contract)
    whole = measure(
        Period(term[0].first, term[-1].last), [], book.contract.service_levels.availability
    )
    return ServiceQuality(
        this=this,
        to_date=to_date,
        term_budget=minutes(
            "全期允许中断时长", whole.budget_minutes, "服务期总时长×（1－要求值）", ()
        ),
        term_left=minutes(
            "全期剩余额度",
            whole.budget_minutes - availability_of(book, so_far).downtime,
            "全期允许中断时长－累计中断时长",
            (to_date.downtime,),
        ),
        counted=lines,
        excluded=tuple(_outage_line(row, window) for row in rows if not row.counted),
        count=number("计入的中断次数", len(counted), "计入可用性的中断行数", inside),
        added_up=minutes("逐条相加", added_up, "各条中断时长相加", inside),
        overlap=minutes("重叠时长", overlap, "逐条相加－取并集后的中断时长", inside),
        overlapped=overlap > 0,
        weighted=_weighted(counted, this),
    )


def _label(book: ContractBook, numbers: Sequence[int]) -> str:
    return quarter_label(book.contract, numbers[0]) if len(numbers) == 1 else "本年度"


def _outage_line(row: Outage, window: Period) -> OutageLine:
    started, ended = row.figure("started"), row.figure("ended")
    return OutageLine(
        number=row.figure("number"),
        started=started,
        ended=ended,
        minutes=minutes(
            "时长",
            _minutes_inside([row], window),
            "恢复时间－开始时间，截取在统计期内",
            (started, ended),
        ),
        scope=row.figure("scope"),
        cause_kind=row.figure("cause_kind"),
        cause=row.figure("cause"),
        action=row.figure("action"),
        exclusion=row.figure("exclusion"),
    )


def _minutes_inside(rows: Sequence[Outage], window: Period) -> Fraction:
    inside = (clip(Interval(row.started, row.ended), whole_days(window)) for row in rows)
    return total_minutes(merge(piece for piece in inside if piece))


def downtime_by_cause(book: ContractBook, numbers: Sequence[int]) -> Mapping[str, Decimal]:
    """Return the counted minutes of each cause, its own overlaps merged."""
    periods = service_quarters(book.contract)
    window = Period(periods[numbers[0] - 1].first, periods[numbers[-1] - 1].last)
    counted = [row for n in numbers for row in book.quarters[n].outages if row.counted]
    return {
        cause: minutes("中断时长", _minutes_inside(rows, window), "同类原因的中断取并集", ()).value
        for cause, rows in grouped(counted, lambda row: row.cause_kind).items()
    }


def _weighted(rows: Sequence[Outage], line: AvailabilityLine) -> Figure[object]:
    """Return availability weighted by affected hosts: shown beside the verdict, never for it."""
    partial = [row for row in rows if row.affected_hosts is not None and row.total_hosts]
    origin = Derivation("Σ中断分钟×受影响主机数÷主机总数；仅供参考，不作判定", "", ())
    if not rows or len(partial) < len(rows):
        return Figure(
            "加权可用性", None, "—（未提供受影响主机数）" if rows else "—（本期无）", origin
        )
    window = Period(line.first_day.value, line.last_day.value)
    lost = weighted_downtime(
        (_minutes_inside([row], window), row.affected_hosts or 0, row.total_hosts or 1)
        for row in partial
    )
    percent = round_down((1 - lost / Fraction(line.total.value)) * 100, 4)
    return Figure("加权可用性", percent, f"{percent}%", origin)
