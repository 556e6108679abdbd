"""Service levels: outages merged, availability to an exact verdict, durability as attested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias

from deliverables.compute.figures import (
    NONE_THIS_PERIOD,
    Inputs,
    Rows,
    counted,
    grouped,
    iso_day,
    number,
    or_unfilled,
    rows_of,
    time_left,
    time_lost,
)
from deliverables.compute.term import (
    length_of,
    periods_touched,
    quarter_label,
    served_period,
    served_quarters,
    service_end,
    service_months,
    short_days,
    windows_of,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import CYCLES, Contract, ServiceLevels
from deliverables.model.fields import MONTH, declarations
from deliverables.model.operations_sheets import Durability, Operations, Outage
from deliverables.values.calendar import show_day
from deliverables.values.dates import Interval, Period, clip, merge, total_minutes, whole_days
from deliverables.values.figure import Cells, Derivation, Figure, Statement
from deliverables.values.money import round_down

_SHOWN_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Availability:
    """Downtime against the time there was; minutes are exact, `threshold` is in percent (99.9).

    Downtime is the union of the outages in scope, clipped to the period. The contract (Art. 3.3)
    gives no window and no least length of an outage: every second counts. Without a threshold
    nothing is judged: all of the time may be lost.
    """

    total_minutes: int
    downtime: Fraction
    threshold: Decimal | None

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
        stated = -int(self.threshold.as_tuple().exponent) if self.threshold else 0
        places = max(_SHOWN_PLACES, stated)
        return round_down((1 - self.downtime / self.total_minutes) * 100, places)

    @property
    def budget_minutes(self) -> Fraction:
        """The downtime that the threshold allows, in minutes."""
        return self.total_minutes * (100 - Fraction(self.threshold or 0)) / 100


def measure(total: Period, outages: Iterable[Interval], threshold: Decimal | None) -> Availability:
    """Return the availability over `total`; `outages` are those in scope, in any order.

    Overlapping outages count once and only inside the period. Raises ValueError for a
    threshold that is no percentage.
    """
    if threshold is not None and not 0 < threshold <= 100:  # noqa: PLR2004
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
        raise ValueError(f"parts must share one threshold, not {sorted(map(str, thresholds))}")
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

COUNTED_BY: Final = ("exclusion", "excluded_on")
"""The columns that decide whether an outage counts."""


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
    work_agreed: Figure[str]


@dataclass(frozen=True, slots=True)
class ExcludedOutage:
    """One outage that both sides agreed not to count, and the paper that says so."""

    number: Figure[str]
    started: Figure[object]
    ended: Figure[object]
    minutes: Figure[Decimal]
    scope: Figure[str]
    cause: Figure[str]
    exclusion: Figure[str]
    excluded_on: Figure[object]


@dataclass(frozen=True, slots=True)
class OutageSummary:
    """The outages of a period: overlap = added up − merged; weighted is no verdict.

    There are `several_causes` where a chart adds up some of them; the table tells one of each.
    """

    counted: tuple[CountedOutage, ...]
    excluded: tuple[ExcludedOutage, ...]
    count: Figure[Decimal]
    added_up: Figure[Decimal]
    overlap: Figure[Decimal]
    overlapped: bool
    weighted: Figure[object]
    several_causes: bool


def all_outages(quarters: Sequence[Operations]) -> Rows[Outage]:
    """Return every outage; one across a quarter's edge stands in both, and is here once."""
    rows = rows_of(quarters, Outage)
    each = {(row.number, row.started, row.ended): row for row in rows.every}
    return Rows(list(each.values()), rows.sheets)


def counted_outages(quarters: Sequence[Operations], as_of: date) -> Sequence[Outage]:
    """Return the outages that count by what had been agreed in writing on the day."""
    return all_outages(quarters).where(lambda row: not row.excluded_by(as_of)).every


def unplanned_outages(quarters: Sequence[Operations], as_of: date) -> Sequence[Outage]:
    """Return those that count and were no work to which the client had consented."""
    return [row for row in counted_outages(quarters, as_of) if not row.work_agreed]


def intervals(rows: Iterable[Outage]) -> list[Interval]:
    """Return when the outages were, half-open."""
    return [Interval(row.started, row.ended) for row in rows]


def outage_summary(quarters: Sequence[Operations], window: Period, as_of: date) -> OutageSummary:
    """Return the outages of the quarters that make up the period `window`."""
    rows = all_outages(quarters)
    counted = [row for row in rows.every if not row.excluded_by(as_of)]
    each = [_minutes_inside([row], window) for row in counted]
    overlap = sum(each, Fraction(0)) - _minutes_inside(counted, window)
    lines = tuple(_counted(row, window) for row in counted)
    count = rows.count("计入的中断次数", "中断表中计入可用性的行数", counted, "number", *COUNTED_BY)
    inside: Inputs = tuple(line.minutes for line in lines) or (count,)
    return OutageSummary(
        counted=lines,
        excluded=tuple(_excluded(row, window) for row in rows.every if row.excluded_by(as_of)),
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
        several_causes=WORTH_A_CHART <= len({row.cause_kind for row in counted}) < len(counted),
    )


WORTH_A_CHART: Final = 3
"""How many columns, bars or points a chart has at least: fewer are told apart in words."""


def minutes_by_cause(
    quarters: Sequence[Operations], window: Period, as_of: date
) -> Mapping[str, Decimal]:
    """Return the counted minutes of each cause, overlaps within a cause merged."""
    causes = grouped(counted_outages(quarters, as_of), lambda row: row.cause_kind)
    return {cause: _shown(_minutes_inside(rows, window)) for cause, rows in causes.items()}


def main_cause(minutes: Mapping[str, Decimal]) -> str:
    """Return the cause by which most minutes were lost, the first of equal ones."""
    return max(minutes, key=lambda cause: minutes[cause], default="")


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
        work_agreed=row.figure("work_agreed"),
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
        excluded_on=iso_day(row.figure("excluded_on")),
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
FOR_INFORMATION = "不作判定"
"""Said of a figure for which the contract sets no level."""
NOT_OVER = "统计期未满"
SO_FAR = "服务期累计"
_JUDGED = "据以判定"
_FOR_INFORMATION = {
    True: "供对照，不作判定",
    False: "双方没有书面约定不计入，仅供参考，不作判定",
}
"""What is said of a figure that is not judged, by whether it counts all outages."""


@dataclass(frozen=True, slots=True)
class AvailabilityLine:
    """Availability of one period against a level of the contract, judged by exact minutes.

    Where the contract sets none, it is not `judged`: `required`, `budget` and `left` are a dash.
    `name` is what the contract calls the level.
    """

    name: Figure[str]
    label: str
    first_day: Figure[date]
    last_day: Figure[date]
    total: Figure[Decimal]
    downtime: Figure[Decimal]
    percent: Figure[Decimal]
    required: Figure[Decimal | None]
    judged: bool
    verdict: Statement
    budget: Figure[Decimal]
    left: Figure[Decimal]

    @property
    def over(self) -> bool:
        """Whether all of its time is known, or the verdict cannot change any more."""
        return self.verdict.value != NOT_OVER

    @property
    def met(self) -> bool:
        """Whether nothing was missed."""
        return self.verdict.value != NOT_MET


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One way of counting the outages of a period, and whether the verdict rests on it."""

    label: str
    reading: Statement
    downtime: Figure[Decimal]
    percent: Figure[Decimal]
    use: Statement

    @property
    def judged(self) -> bool:
        """Whether the verdict rests on it."""
        return self.use.value == _JUDGED

    @property
    def without_work(self) -> bool:
        """Whether it leaves out the work to which the client had consented, for information."""
        return self.reading.value == _WITHOUT_WORK


@dataclass(frozen=True, slots=True)
class PartLine:
    """A month or quarter of a period: the minutes lost and those that its level allows, if any.

    `cause` is why most was lost, where it is too much.
    """

    label: str
    downtime: Figure[Decimal]
    allowed: Figure[Decimal]
    judged: bool
    met: bool
    cause: str = ""


class _Judged:
    """A service with levels: those of its lines and of the other targets."""

    __slots__ = ()

    if TYPE_CHECKING:
        targets: tuple[AvailabilityLine, ...]

        @property
        def lines(self) -> tuple[AvailabilityLine, ...]: ...

    @property
    def all_met(self) -> bool:
        """Whether every level was reached, in the whole time and in each part that is told."""
        return all(line.met for line in (*self.lines, *self.targets))


@dataclass(frozen=True, slots=True)
class PeriodService(_Judged):
    """The service of one quarter and of the term up to its end.

    `listed` are the quarter before, this one and, unless it is the first, the term so far;
    `targets` are the levels with windows of their own. `spared` tells of planned maintenance where
    the contract leaves some out.
    `readings` are there only where it makes a difference what counts. `months_note` says that
    months are not what is judged, where they are not. While the term runs on (`term_runs`), it
    allows more than the time so far. Once `term_exceeded`, nothing is left of the term's minutes,
    and the report says by how much they are over (`term_over`) instead of a negative rest.
    """

    name: Figure[str]
    this: AvailabilityLine
    to_date: AvailabilityLine
    listed: tuple[AvailabilityLine, ...]
    targets: tuple[AvailabilityLine, ...]
    spared: tuple[Statement, ...]
    readings: tuple[ReadingLine, ...]
    months_note: tuple[Statement, ...]
    term_budget: Figure[Decimal]
    term_left: Figure[Decimal]
    term_runs: bool
    term_exceeded: bool
    term_over: Figure[Decimal]
    cumulative: bool
    outages: OutageSummary

    @property
    def lines(self) -> tuple[AvailabilityLine, ...]:
        """The quarter and, unless it is the first, the term so far."""
        return (self.this, self.to_date) if self.cumulative else (self.this,)


@dataclass(frozen=True, slots=True)
class YearService(_Judged):
    """The service of all the quarters of a summary, and of each."""

    name: Figure[str]
    this: AvailabilityLine
    quarters: tuple[AvailabilityLine, ...]
    targets: tuple[AvailabilityLine, ...]
    spared: tuple[Statement, ...]
    readings: tuple[ReadingLine, ...]
    outages: OutageSummary

    @property
    def lines(self) -> tuple[AvailabilityLine, ...]:
        """The year, then every quarter."""
        return (self.this, *self.quarters)


def indicator_name(levels: ServiceLevels) -> Figure[str]:
    """Return what the contract calls its availability, 可用性 where contract.yaml has no name."""
    stated: Figure[str] = levels.figure("availability_name")
    if stated.value:
        return stated
    required = levels.figure("availability")
    return Figure(stated.name, required.name, required.name, required.origin)


def period_service(
    book: ContractBook,
    label: str,
    numbers: Sequence[int],
    as_of: date,
    before: AvailabilityLine | None = None,
) -> PeriodService:
    """Return the service of one report; the budget of the whole term is what is left to it.

    `before` is the availability of the report before it, if there is one.
    """
    so_far = range(1, numbers[-1] + 1)
    this = availability_line(book, label, numbers, as_of)
    to_date = availability_line(book, SO_FAR, so_far, as_of)
    cumulative = numbers[0] > 1
    contract, article = book.contract, book.contract.service_levels.article
    term = _level(book, served_period(contract, as_of), [])
    inputs = (*_term_inputs(contract), this.required)
    rule = "服务期总时长×（1－要求值）"
    term_budget = time_left("全期允许中断时长", term.budget_minutes, rule, inputs, article)
    periods: list[tuple[Sequence[int], AvailabilityLine]] = [
        (numbers, this), *([(so_far, to_date)] if cumulative else [])
    ]  # fmt: skip
    each = level_over(contract, MONTH_LONG)
    left = time_left(
        "全期剩余额度",
        term.budget_minutes - measured_over(book, so_far, as_of).downtime,
        "全期允许中断时长－累计中断时长",
        (term_budget, to_date.downtime),
        article,
    )
    return PeriodService(
        name=indicator_name(contract.service_levels),
        this=this,
        to_date=to_date,
        listed=(*([before] if before else []), *(line for _, line in periods)),
        targets=target_lines(book, numbers, as_of),
        spared=_spared_told(book, numbers, as_of),
        readings=_all_readings(book, periods, as_of),
        months_note=_months_note(each),
        term_budget=term_budget,
        term_left=left,
        term_runs=term_budget.value != to_date.budget.value,
        term_exceeded=left.value < 0,
        term_over=number(
            "超出", max(-left.value, Decimal(0)), "全服务期中断时长－允许中断时长", (left,)
        ),
        cumulative=cumulative,
        outages=outage_summary(_quarters(book, numbers), span(contract, numbers, as_of), as_of),
    )


def year_service(
    book: ContractBook, numbers: Sequence[int], as_of: date, label: str = "全年"
) -> YearService:
    """Return the service over consecutive quarters: their minutes are added, no rate averaged.

    `label` is what they are called together.
    """
    contract = book.contract
    lines = tuple(
        availability_line(book, quarter_label(contract, quarter), [quarter], as_of)
        for quarter in numbers
    )
    this = availability_line(book, label, numbers, as_of)
    targets = target_lines(book, numbers, as_of)
    every: list[tuple[Sequence[int], AvailabilityLine]] = [
        (numbers, this),
        *(([number], line) for number, line in zip(numbers, lines, strict=True)),
    ]
    return YearService(
        name=indicator_name(contract.service_levels),
        this=this,
        quarters=lines,
        targets=targets,
        spared=_spared_told(book, numbers, as_of),
        readings=_all_readings(book, every, as_of),
        outages=outage_summary(_quarters(book, numbers), span(contract, numbers, as_of), as_of),
    )


def availability_line(
    book: ContractBook, label: str, numbers: Sequence[int], as_of: date
) -> AvailabilityLine:
    """Return availability over consecutive service quarters by what counts on the day."""
    levels = book.contract.service_levels
    period = span(book.contract, numbers, as_of)
    level = _Level(
        indicator_name(levels), levels.figure("availability"), levels.article, label, period
    )
    return _judged_line(book, level, numbers, period, as_of)


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of the contract over one window: what it is called, and how much is required."""

    name: Figure[str]
    required: Figure[Decimal | None]
    article: str
    label: str
    window: Period
    systems: tuple[str, ...] = ()

    def concerns(self, row: Outage) -> bool:
        """Whether an outage counts for it: one put down to other systems alone does not."""
        return not self.systems or not row.touched or bool({*row.touched} & {*self.systems})


def _judged_line(
    book: ContractBook, level: _Level, numbers: Sequence[int], period: Period, as_of: date
) -> AvailabilityLine:
    """Return how a level stands over the part of its window that the data of `numbers` reach."""
    contract, article, required = book.contract, level.article, level.required
    outages = all_outages(_quarters(book, numbers)).where(level.concerns)
    rows = [row for row in counted_outages(_quarters(book, numbers), as_of) if level.concerns(row)]
    inside = [row for row in rows if _touches(row, period)] if level.window != period else rows
    threshold = required.value
    every = measure(period, intervals(rows), threshold)
    spared = _spared(book, period, numbers[-1], as_of, level.concerns)
    measured = replace(every, downtime=every.downtime - spared)
    term = _term_inputs(contract)
    total = number("总时长", measured.total_minutes, "统计期天数×1440 分钟", term, article)
    downtime = _less_maintenance(
        _downtime(every, outages, inside, article), measured.downtime, contract.service_levels
    )
    allowed = measure(level.window, (), threshold).budget_minutes
    whole = total
    if level.window != period:
        whole = number(
            "统计期时长", level.window.minutes, "整个统计期的天数×1440 分钟", term, article
        )
    budget = time_left("允许中断时长", allowed, "总时长×（1－要求值）", (whole, required), article)
    left = time_left(
        "剩余额度",
        allowed - measured.downtime,
        "允许中断时长－中断时长",
        (budget, downtime),
        article,
    )
    return AvailabilityLine(
        name=level.name,
        label=level.label,
        first_day=_day("起始日期", period.first, contract, as_of),
        last_day=_day("截止日期", period.last, contract, as_of),
        total=total,
        downtime=downtime,
        percent=_percent(measured, Derivation(_SHARE, article, (total, downtime))),
        required=required,
        judged=threshold is not None,
        verdict=_verdict(required, downtime, budget, article, over=level.window == period,
                         exceeded=measured.downtime > allowed),
        budget=budget if threshold else replace(budget, text=_DASH),
        left=left if threshold else replace(left, text=_DASH),
    )  # fmt: skip


_DASH: Final = "—"


def _verdict(
    required: Figure[Decimal | None],
    downtime: Figure[Decimal],
    budget: Figure[Decimal],
    article: str,
    *,
    over: bool,
    exceeded: bool,
) -> Statement:
    """Return the verdict; more lost than a whole window allows is missed before it is over."""
    if required.value is None:
        return Statement.of("判定", FOR_INFORMATION, article, required)
    verdict = NOT_MET if exceeded else MET if over else NOT_OVER
    by_minutes = Derivation("按分钟数精确比较中断时长与允许中断时长", article, (downtime, budget))
    return Statement("判定", verdict, verdict, by_minutes)


MONTH_LONG: Final = 1


def level_over(contract: Contract, months: int) -> Figure[Decimal | None]:
    """Return the level that a chart of periods of so many months is drawn against, if there is one.

    It is the one target with such a window, else the level for which no window is stated.
    """
    levels = contract.service_levels
    own = [one for one in levels.targets if CYCLES[one.window] == months]
    found: Figure[Decimal | None] = (
        own[0].figure("level") if len(own) == 1 else levels.figure("availability")
    )
    return found


def target_lines(
    book: ContractBook, numbers: Sequence[int], as_of: date
) -> tuple[AvailabilityLine, ...]:
    """Return how each level with a window of its own stands, window by window.

    A window that began before the periods is counted from its own first day; of one that is not
    over at their end, what is left of its minutes is told, and no verdict unless they are used up.
    """
    contract, told = book.contract, span(book.contract, numbers, as_of)
    served = served_period(contract, as_of)
    found = []
    for target in contract.service_levels.targets:
        for label, whole in windows_of(contract, CYCLES[target.window]):
            if whole.first > told.last or whole.last < told.first:
                continue
            window = Period(whole.first, min(whole.last, served.last))
            level = _Level(
                target.figure("name"),
                target.figure("level"),
                target.article,
                label,
                window,
                target.systems,
            )
            period = Period(window.first, min(window.last, told.last))
            numbers_in = periods_touched(contract, period, as_of)
            found.append(_judged_line(book, level, numbers_in, period, as_of))
    return tuple(found)


def _is_planned(row: Outage) -> bool:
    """Whether it was planned maintenance to which the client had consented in writing."""
    return row.cause_kind == _PLANNED and bool(row.work_agreed)


_PLANNED: Final = "计划维护"


def _planned_minutes(rows: Iterable[Outage], period: Period) -> Fraction:
    """Return the minutes that were lost to planned maintenance alone."""
    held = list(rows)
    others = [row for row in held if not _is_planned(row)]
    return _minutes_inside(held, period) - _minutes_inside(others, period)


def _spared(
    book: ContractBook,
    period: Period,
    last: int,
    as_of: date,
    counts: Callable[[Outage], bool] = lambda _: True,
) -> Fraction:
    """Return the minutes of planned maintenance in a period that do not count.

    In each window the first minutes up to the contract's hours do not, in order of time; so those
    of periods that follow each other add up.
    """
    terms = book.contract.service_levels.maintenance
    if terms is None:
        return Fraction(0)
    allowed, found = Fraction(terms.minutes), Fraction(0)
    for _, window in windows_of(book.contract, CYCLES[terms.window]):
        if window.first > period.last or window.last < period.first:
            continue
        until = Period(window.first, min(window.last, period.last))
        numbers = [one for one in periods_touched(book.contract, until, as_of) if one <= last]
        every = counted_outages(_quarters(book, numbers), as_of)
        rows = [row for row in every if counts(row)]
        spared = min(_planned_minutes(rows, until), allowed)
        if period.first > window.first:
            before = Period(window.first, period.first - timedelta(days=1))
            spared -= min(_planned_minutes(rows, before), allowed)
        found += spared
    return found


def _judged(
    book: ContractBook, every: Availability, period: Period, last: int, as_of: date
) -> Availability:
    """Return availability by what counts: without the planned maintenance that does not."""
    return replace(every, downtime=every.downtime - _spared(book, period, last, as_of))


def _spared_told(book: ContractBook, numbers: Sequence[int], as_of: date) -> tuple[Statement, ...]:
    """Return how much planned maintenance there was and how much of it does not count, if told."""
    contract = book.contract
    terms = contract.service_levels.maintenance
    if terms is None:
        return ()
    period = span(contract, numbers, as_of)
    outages = all_outages(_quarters(book, numbers))
    rows = counted_outages(_quarters(book, numbers), as_of)
    planned = [row for row in rows if _is_planned(row)]
    origin = outages.origin("原因类别为计划维护、写明甲方同意作业文件的中断", planned,
                            "started", "ended", "cause_kind", "work_agreed")  # fmt: skip
    minutes = time_lost("计划维护时长", _planned_minutes(rows, period), origin)
    upto = length_of(terms, "upto")
    spared = time_lost(
        "不计入的计划维护", _spared(book, period, numbers[-1], as_of),
        Derivation("每个周期先发生的计划维护，约定时长以内的部分", terms.article, (minutes, upto)),
    )  # fmt: skip
    if not planned:
        return (Statement.of("计划维护", "没有登记经甲方同意的计划维护。", terms.article, minutes),)
    told = Statement.of(
        "计划维护",
        "经甲方同意的计划维护造成中断 {minutes} 分钟；"
        f"合同约定每{terms.window}累计不超过{{upto}}的不计入，"
        "据此不计入 {spared} 分钟，超出的部分计入中断时长。",
        terms.article, minutes=minutes, upto=upto, spared=spared,
    )  # fmt: skip
    return (told,)


def _downtime(
    measured: Availability, outages: Rows[Outage], rows: Sequence[Outage], article: str
) -> Figure[Decimal]:
    rule = "计入可用性的中断合并重叠部分，只计统计期内"
    return time_lost("中断时长", measured.downtime, _behind(rule, outages, rows, article))


def _less_maintenance(
    every: Figure[Decimal], counted: Fraction, levels: ServiceLevels
) -> Figure[Decimal]:
    """Return the minutes that count, where the contract leaves some planned maintenance out."""
    terms = levels.maintenance
    if terms is None:
        return every
    rule = f"中断时长－每{terms.window}约定时长以内的计划维护"
    origin = Derivation(rule, terms.article, (every, terms.figure("upto")))
    return time_lost("中断时长", counted, origin)


_SHARE = "（总时长－中断时长）÷总时长，向下取四位小数"


def _percent(measured: Availability, origin: Derivation) -> Figure[Decimal]:
    return Figure("可用性", measured.percent, f"{measured.percent}%", origin)


def readings(
    book: ContractBook, label: str, numbers: Sequence[int], as_of: date
) -> tuple[ReadingLine, ...]:
    """Return the ways of counting a period's outages, all-in first, without those that agree.

    The verdict rests on what both sides agreed in writing not to count, and on all where they
    agreed on nothing.
    """
    quarters, period = _quarters(book, numbers), span(book.contract, numbers, as_of)
    every = all_outages(quarters).where(lambda row: _touches(row, period))
    counted, unplanned = (
        [row for row in rows if _touches(row, period)]
        for rows in (counted_outages(quarters, as_of), unplanned_outages(quarters, as_of))
    )
    ways: list[_Way] = [(every.every, "全部中断计入", len(counted) == len(every.every))]
    if len(counted) < len(every.every):
        ways.append((counted, "扣除双方书面约定不计入的中断", True))
    if len(unplanned) < len(counted):
        ways.append((unplanned, _WITHOUT_WORK, False))
    if book.contract.service_levels.maintenance is not None and any(map(_is_planned, counted)):
        ways = [(rows, name, False) for rows, name, _ in ways if name != _WITHOUT_WORK]
        ways.append((counted, _WITHOUT_MAINTENANCE, True))
    if len(ways) == 1:
        return ()
    return tuple(_reading(book, label, (period, numbers[-1], as_of), way, every) for way in ways)


_WITHOUT_WORK: Final = "不计经甲方同意的作业"
_WITHOUT_MAINTENANCE: Final = "扣除合同约定时长以内的计划维护"

_Way: TypeAlias = "tuple[Sequence[Outage], str, bool]"
"""The outages that one way of counting takes, its name, and whether the verdict rests on it."""


def _touches(row: Outage, period: Period) -> bool:
    return row.started.date() <= period.last and row.ended.date() >= period.first


def _reading(
    book: ContractBook,
    label: str,
    within: tuple[Period, int, date],
    way: _Way,
    every: Rows[Outage],
) -> ReadingLine:
    rows, name, judged = way
    period, last, as_of = within
    levels = book.contract.service_levels
    article = levels.article
    all_lost = _level(book, period, rows)
    measured = _judged(book, all_lost, period, last, as_of) if judged else all_lost
    papers = tuple(
        row.figure(field)
        for row in every.every
        for field in ("work_agreed", "exclusion")
        if getattr(row, field)
    )
    downtime = _downtime(all_lost, every, rows, article)
    if judged:
        downtime = _less_maintenance(downtime, measured.downtime, levels)
    use = _JUDGED if judged else _FOR_INFORMATION[len(rows) == len(every.every)]
    share = Derivation(_SHARE, article, (downtime, *_term_inputs(book.contract)))
    rule = "双方书面约定不计入的才不计入"
    return ReadingLine(
        label=label,
        reading=Statement("口径", name, name, Derivation(rule, article, papers)),
        downtime=downtime,
        percent=_percent(measured, share),
        use=Statement("用途", use, use, Derivation(rule, article, papers)),
    )


def _all_readings(
    book: ContractBook, periods: Sequence[tuple[Sequence[int], AvailabilityLine]], as_of: date
) -> tuple[ReadingLine, ...]:
    return tuple(
        found for numbers, line in periods for found in readings(book, line.label, numbers, as_of)
    )


def months_of(book: ContractBook, numbers: Sequence[int], as_of: date) -> tuple[PartLine, ...]:
    """Return what was lost in each service month of the quarters, by what counts on the day."""
    months = named_months(book.contract, span(book.contract, numbers, as_of))
    return _parts(book, numbers, months, level_over(book.contract, MONTH_LONG), as_of)


def quarters_of(book: ContractBook, numbers: Sequence[int], as_of: date) -> tuple[PartLine, ...]:
    """Return what was lost in each of the quarters, by what counts on the day."""
    contract = book.contract
    each = [(quarter_label(contract, one), span(contract, [one], as_of)) for one in numbers]
    long = contract.data_series.length if contract.data_series else 0
    return _parts(book, numbers, each, level_over(contract, long), as_of)


def _parts(
    book: ContractBook,
    numbers: Sequence[int],
    parts: Iterable[tuple[str, Period]],
    required: Figure[Decimal | None],
    as_of: date,
) -> tuple[PartLine, ...]:
    levels, quarters = book.contract.service_levels, _quarters(book, numbers)
    outages, rows = all_outages(quarters), counted_outages(quarters, as_of)
    found, term = [], _term_inputs(book.contract)
    for label, inside in parts:
        every = measure(inside, intervals(rows), required.value)
        measured = _judged(book, every, inside, numbers[-1], as_of)
        touching = [row for row in rows if _touches(row, inside)]
        lost = _downtime(every, outages, touching, levels.article)
        total = number("总时长", inside.minutes, "统计期天数×1440 分钟", term)
        found.append(
            PartLine(
                label=label,
                downtime=_less_maintenance(lost, measured.downtime, levels),
                allowed=time_left(
                    "允许中断时长",
                    measured.budget_minutes,
                    "总时长×（1－要求值）",
                    (total, required),
                    levels.article,
                ),
                judged=required.value is not None,
                met=measured.meets,
                cause=""
                if measured.meets
                else main_cause(minutes_by_cause(quarters, inside, as_of)),
            )
        )
    return tuple(found)


CUT_SHORT: Final = "不足月"


def named_months(contract: Contract, whole: Period) -> tuple[tuple[str, Period], ...]:
    """Return the service months of a period as a chart names them: 2026年8月（7.30—8.29）.

    A month that the end of service cuts short bears the days it has and says that it is no whole.
    """
    inside = (
        (name, month, Period(max(month.first, whole.first), min(month.last, whole.last)))
        for name, month in service_months(contract)
        if month.last >= whole.first and month.first <= whole.last
    )
    return tuple(
        (
            f"{MONTH.show(name)}（{short_days(days)}{'' if days == month else f'，{CUT_SHORT}'}）",
            days,
        )
        for name, month, days in inside
    )


def part_months(contract: Contract, whole: Period) -> frozenset[date]:
    """Return the names of the service months of a period that the end of service cuts short."""
    return frozenset(
        name for name, month in service_months(contract) if month.first <= whole.last < month.last
    )


_WITHOUT_WINDOW: Final = declarations(ServiceLevels)["availability"].label


def _months_note(required: Figure[Decimal | None]) -> tuple[Statement, ...]:
    """Return that months are not what is judged, where a level is measured over another time."""
    if required.value is None or required.name != _WITHOUT_WINDOW:
        return ()
    said = "各月允许时长按合同要求逐月折算，仅供参考，判定以所列统计期为准。"
    return (Statement.of("图示说明", said, "", required),)


def downtime_by_cause(
    book: ContractBook, numbers: Sequence[int], as_of: date
) -> dict[str, Decimal]:
    """Return the counted minutes of each cause over consecutive service quarters."""
    window = span(book.contract, numbers, as_of)
    return dict(minutes_by_cause(_quarters(book, numbers), window, as_of))


def days(line: AvailabilityLine) -> Figure[Decimal]:
    """Return the number of days of a period."""
    count = Period(line.first_day.value, line.last_day.value).days
    return number("天数", count, "起止日期均计入", (line.first_day, line.last_day))


def span(contract: Contract, numbers: Sequence[int], as_of: date) -> Period:
    """Return the period of consecutive service quarters, up to the end of service."""
    periods = served_quarters(contract, as_of)
    last = min(numbers[-1], len(periods))
    return Period(periods[numbers[0] - 1].first, periods[last - 1].last)


def measured_over(book: ContractBook, numbers: Sequence[int], as_of: date) -> Availability:
    """Return availability over consecutive service quarters taken as one, minutes exact."""
    rows = counted_outages(_quarters(book, numbers), as_of)
    period = span(book.contract, numbers, as_of)
    return _judged(book, _level(book, period, rows), period, numbers[-1], as_of)


def _quarters(book: ContractBook, numbers: Sequence[int]) -> list[Operations]:
    return [book.quarters[quarter] for quarter in numbers]


def _level(book: ContractBook, period: Period, rows: Sequence[Outage]) -> Availability:
    return measure(period, intervals(rows), book.contract.service_levels.availability)


def _behind(rule: str, outages: Rows[Outage], rows: Sequence[Outage], article: str) -> Derivation:
    """Return how something follows from some of the outages, and from what decides which."""
    return outages.origin(rule, rows, "started", "ended", *COUNTED_BY, article=article)


def _term_inputs(contract: Contract) -> Inputs:
    return (contract.identity.figure("signed_on"), contract.service.figure("term_months"))


def _day(name: str, day: date, contract: Contract, as_of: date) -> Figure[date]:
    inputs = _term_inputs(contract)
    end = service_end(contract, as_of)
    if day == end.value:
        inputs = (*inputs, end)
    origin = Derivation("服务期按月对应日划分", contract.service.article, inputs)
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
    """What was observed about stored data; `standing` says whose reading the design value is.

    It is `told` where the contract sets a level or something was observed.
    """

    standing: Statement
    lines: tuple[DurabilityLine, ...]
    loss_events: Figure[Decimal]
    integrity_checks: Figure[Decimal]
    passed: Statement
    checked: bool
    observed: bool
    lost: bool
    told: bool


def durability(quarters: Sequence[Operations], levels: ServiceLevels) -> DurabilitySummary:
    """Return the observations by class of storage; the capacity is that of the latest month."""
    rows = rows_of(quarters, Durability)
    by_storage = grouped(sorted(rows.every, key=lambda row: row.month), lambda row: row.storage)

    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"数据可靠性各行{name}合计", rows.every, column, "month", "storage")

    losses, checks = total("数据丢失事件", "loss_events"), total("完整性校验", "integrity_checks")
    failures = total("校验未通过", "integrity_failures")
    return DurabilitySummary(
        standing=_standing(rows.every, levels),
        lines=tuple(_line(name, Rows(of, rows.sheets)) for name, of in by_storage.items()),
        loss_events=losses,
        integrity_checks=checks,
        passed=counted("校验结果", failures, "未通过 {n} 次", "均通过"),
        checked=checks.value > 0,
        observed=bool(rows.every),
        lost=losses.value > 0,
        told=levels.durability is not None or bool(rows.every),
    )


def _standing(rows: Sequence[Durability], levels: ServiceLevels) -> Statement:
    """Return what the figure of the contract is answered with, and who reads it so."""
    attested = next((row for row in rows if row.design_value), None)
    required = levels.figure("durability")
    if levels.durability is None:
        return Statement("数据可靠性的口径", "", "", required.origin)
    pattern = "合同约定数据可靠性不低于{required}。"
    if attested:
        pattern += (
            "所列设计值取自存储厂商文件，以设计值说明达到该要求的能力是乙方的理解，"
            "并非合同约定，甲方未予确认。"
        )
    behind = (attested.figure("design_value"),) if attested else ()
    return Statement.of("数据可靠性的口径", pattern, levels.article, *behind, required=required)


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
    stated = or_unfilled(row, "design_value")
    if not row.design_value:
        return stated
    origin = Derivation("厂商文件载明的设计值，非实测", "", (stated,))
    marked = stated.text if "设计值" in stated.text else f"{stated.text}（设计值）"
    return Figure("设计值", row.design_value, marked, origin)
