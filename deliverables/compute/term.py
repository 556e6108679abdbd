"""The days that a contract fixes: its term, its service periods, the deadlines of payment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from deliverables.model.book import ContractBook
from deliverables.model.contract import CYCLES, Contract, ReportSeries, counted_from
from deliverables.model.fields import MONTH as MONTH_TYPE
from deliverables.model.fields import Record
from deliverables.values.calendar import Calendar, Provisional, show_day
from deliverables.values.chinese_numbers import chinese_ordinal
from deliverables.values.dates import (
    Convention,
    Period,
    add_months,
    calendar_parts,
    divide,
    midpoint,
    service_term,
)
from deliverables.values.figure import Derivation, Figure
from deliverables.values.period_names import (
    HALF,
    MONTH,
    OTHER,
    QUARTER,
    YEAR,
    PeriodNames,
    Wording,
    names_of,
)
from deliverables.values.time_limit import (
    UNSTATED,
    FreeEvent,
    Shape,
    TimeLimit,
    Unit,
    ends,
)

_CIVIL_CODE = "《民法典》第二百零一条、第二百零二条"


def convention(contract: Contract) -> Convention:
    """Return how the term is counted; 民法典 where contract.yaml does not say."""
    return counted_from(contract)[1]


def service_period(contract: Contract) -> Period:
    """Return the service term, first to last day: 2026-04-30 to 2027-04-29 (第五条)."""
    start, counted = counted_from(contract)
    return service_term(start, contract.service.term_months, counted)


def periods_of(contract: Contract, series: ReportSeries) -> tuple[Period, ...]:
    """Return the periods of a series within the term; ValueError if it cannot be cut so."""
    months, term_months = series.length, contract.service.term_months
    if series.by_calendar:
        return calendar_parts(service_period(contract), months)
    if not contract.is_cut_by(series):
        raise ValueError(f"{term_months} months are no whole number of periods of {months}")
    start, counted = counted_from(contract)
    return divide(start, term_months, term_months // months, counted)


def quarters(contract: Contract) -> tuple[Period, ...]:
    """Return the periods by which data are entered: service quarters here (第三条第6款).

    There are none where the contract asks for no reports.
    """
    series = contract.data_series
    return periods_of(contract, series) if series else ()


def service_months(contract: Contract) -> tuple[tuple[date, Period], ...]:
    """Return the months of the term, each with the first day of the month that names it.

    A service month bears the name of the calendar month in which it ends: 2026-07-30 to 08-29 is
    August. Where data are entered by the calendar, the months are the calendar's.
    """
    months, series = contract.service.term_months, contract.data_series
    if series and series.by_calendar:
        parts = calendar_parts(service_period(contract), MONTH)
    else:
        start, counted = counted_from(contract)
        parts = divide(start, months, months, counted)
    return tuple((part.last.replace(day=1), part) for part in parts)


def service_end(contract: Contract, as_of: date) -> Figure[date]:
    """Return the last day of service as it is known on a day: the one fact that all else asks.

    It is the last day of the term, unless the client had permitted an exit by then (第十三条), or
    the end of the contract itself within the term had been agreed on, or had come.
    """
    end = term_end(contract)
    leaving, cessation = contract.exit, contract.cessation
    if leaving and leaving.permitted_on is not None and leaving.permitted_on <= as_of:
        end = _sooner(contract, end, leaving.figure("last_service_day"), leaving.article)
    if end_is_known(contract, as_of):
        end = _sooner(contract, end, cessation.figure("ended_on"), cessation.article)
    return end


def end_is_known(contract: Contract, as_of: date) -> bool:
    """Return whether another end of the contract than that of its term is known on a day."""
    ended, agreed = contract.cessation.ended_on, contract.cessation.ended_known_on
    known = agreed or ended
    return ended is not None and known is not None and known <= as_of


def _sooner(
    contract: Contract, end: Figure[date], other: Figure[date], article: str
) -> Figure[date]:
    """Return the earlier of two ends; one before the term begins is mistyped, as check says."""
    if not service_period(contract).first <= other.value < end.value:
        return end
    origin = Derivation("提前终止的，以终止之日为服务末日", article, (other,))
    return Figure("服务末日", other.value, show_day(other.value), origin)


def ended_early(contract: Contract, as_of: date) -> bool:
    """Return whether it is known on a day that service ends, or ended, before its term does."""
    return service_end(contract, as_of).value < service_period(contract).last


def served_period(contract: Contract, as_of: date) -> Period:
    """Return the days of service, first to last, as they are known on a day."""
    term = service_period(contract)
    return Period(term.first, max(term.first, service_end(contract, as_of).value))


def served_quarters(contract: Contract, as_of: date) -> tuple[Period, ...]:
    """Return the service quarters up to the end of service, which cuts the last one short."""
    end = served_period(contract, as_of).last
    return tuple(
        Period(part.first, min(part.last, end)) for part in quarters(contract) if part.first <= end
    )


def over_half_from(contract: Contract) -> date:
    """Return the first day on which the term is past half (第六条第2款: 服务期过半)."""
    start, counted = counted_from(contract)
    return midpoint(start, contract.service.term_months, counted)


def signing(contract: Contract) -> Figure[date]:
    """Return the signing day, as read from the signature block."""
    return contract.identity.figure("signed_on")


def term_start(contract: Contract) -> Figure[date]:
    """Return the first day of service as a figure."""
    return _from_signing(contract, "服务期首日", service_period(contract).first, "服务期的第一日")


def term_end(contract: Contract) -> Figure[date]:
    """Return the last day of service as a figure."""
    begins = "服务期首日" if contract.service.starts_on else "签订之日"
    rule = f"自{begins}起{contract.service.term_months}个月的最后一日"
    return _from_signing(contract, "服务期届满日", service_period(contract).last, rule)


def over_half(contract: Contract) -> Figure[date]:
    """Return the day from which the term is past half, as a figure."""
    return _from_signing(contract, "服务期过半日", over_half_from(contract), "前半期届满的次日")


def contract_end(contract: Contract, as_of: date) -> Figure[date]:
    """Return the day the contract ends, as known on a day: as recorded, or with the service."""
    if end_is_known(contract, as_of):
        return contract.cessation.figure("ended_on")
    return service_end(contract, as_of)


def confidential_until(contract: Contract, as_of: date) -> Figure[date] | None:
    """Return the last day of confidence, counted from the end of the contract (第十条第7款).

    None where it has no end, where the contract does not say, and where no day follows from it.
    """
    terms = contract.confidentiality
    limit = terms.period if terms else UNSTATED
    of_term = any(event.code == "end_of_term" for event in limit.events)
    end = term_end(contract) if of_term else contract_end(contract, as_of)
    if (
        terms is None
        or limit.unit not in _MONTHS_OF
        or limit.shape not in (Shape.FOR, Shape.WITHIN)
    ):
        return None
    day = add_months(end.value, limit.count * _MONTHS_OF[limit.unit])
    rule = f"合同终止日起{limit.length}（{_CIVIL_CODE}）"
    inputs = (end, terms.figure("period"))
    return Figure("保密期限届满日", day, show_day(day), Derivation(rule, terms.article, inputs))


def last_day_to_notify(day: date, notice: TimeLimit, calendar: Calendar) -> date | None:
    """Return the last day that is surely early enough to tell of something, None without one."""
    if notice.shape is not Shape.AHEAD:
        return None
    events = notice.events or (FreeEvent(said="更换"),)
    try:
        deadline = ends(replace(notice, events=events), {one.key: day for one in events}, calendar)
    except (ValueError, OverflowError):  # no such year: the rules about the day itself speak
        return None
    if deadline is None:
        return None
    return deadline.earliest if isinstance(deadline, Provisional) else deadline.date


def length_of(record: Record, name: str) -> Figure[TimeLimit]:
    """Return a time limit as a figure that prints how long it is only: 40个工作日."""
    figure: Figure[TimeLimit] = record.figure(name)
    return replace(figure, text=figure.value.length or figure.text)


def how_first_day_counts(contract: Contract) -> str:
    """Return whether the first day counts, and by which law where the contract does not say."""
    if contract.service.starts_on is not None:
        return "首日计入"
    if convention(contract) is Convention.CIVIL_CODE:
        return "按《民法典》第二百零一条、第二百零二条，签订当日不计入"
    return "按签订当日计入"


def _from_signing(contract: Contract, name: str, day: date, rule: str) -> Figure[date]:
    service = contract.service
    if service.starts_on is not None:
        inputs = (service.figure("starts_on"), service.figure("term_months"))
        origin = Derivation(f"{rule}（首日计入）", service.article, inputs)
        return Figure(name, day, show_day(day), origin)
    counted = _CIVIL_CODE if convention(contract) is Convention.CIVIL_CODE else "签订当日计入"
    inputs = (signing(contract), service.figure("term_months"))
    return Figure(
        name, day, show_day(day), Derivation(f"{rule}（{counted}）", service.article, inputs)
    )


_MONTHS_OF: Final = {Unit.MONTH: 1, Unit.YEAR: 12}


def period_names(contract: Contract) -> PeriodNames:
    """Return what the periods by which data are entered are called."""
    series = contract.data_series
    return series.names if series else OTHER


def mark(contract: Contract, number: int) -> str:
    """Return the name of a period's workbook without its extension: Q2, M03."""
    return period_names(contract).mark(number)


def period_word(contract: Contract) -> str:
    """Return the word for a period by which data are entered: 季度, 月, 半年, 年度, else 期."""
    return period_names(contract).word


def period_name(contract: Contract) -> str:
    """Return what a period by which data are entered is called: 服务季度, 自然月, 报告期."""
    return period_names(contract).name


def month_name(contract: Contract) -> str:
    """Return what a month is called: 服务月, or plainly 月 where months are the calendar's."""
    names = names_of(MONTH, calendar=counts_by_calendar(contract))
    return names.word if names.of_calendar else names.name


def report_word(contract: Contract) -> str:
    """Return what the contract calls the reports of its shortest series."""
    series = contract.data_series
    return series.name if series else "定期报告"


def wording_of(contract: Contract) -> Wording:
    """Return the contract's words on forms: for its periods and the reports made of them."""
    return Wording(period_names(contract), report_word(contract))


def quarter_label(contract: Contract, number: int) -> str:
    """Return what a period of data is called: 第二季度, 第三个服务月, 2026年7月."""
    series = contract.data_series
    return label_of(contract, series, number) if series else f"第{chinese_ordinal(number)}期"


def quarter_labels(contract: Contract, numbers: Iterable[int]) -> dict[int, str]:
    """Return what each of some periods of data is called, by its number."""
    return {number: quarter_label(contract, number) for number in numbers}


def label_of(contract: Contract, series: ReportSeries, number: int) -> str:
    """Return what a period of a series is called: by its number, or as the calendar names it."""
    first = periods_of(contract, series)[number - 1].first if series.by_calendar else None
    return _label(series.length, number, first)


def _label(months: int, number: int, of_calendar: date | None) -> str:
    """Return what the period of so many months is called that begins on a day of the calendar."""
    if of_calendar is None or months not in (MONTH, QUARTER, HALF, YEAR):
        calendar = of_calendar is not None
        return names_of(months, calendar=calendar).numbered.format(chinese_ordinal(number))
    part = (of_calendar.month - 1) // months
    named = {
        MONTH: f"{of_calendar.month}月",
        QUARTER: f"第{chinese_ordinal(part + 1)}季度",
        HALF: f"{'上下'[part % 2]}半年",
        YEAR: "度",
    }
    return f"{of_calendar.year}年{named[months]}"


def counts_by_calendar(contract: Contract) -> bool:
    """Return whether the contract counts its months by the calendar, as its data are entered."""
    series = contract.data_series
    return series is not None and series.by_calendar


def short_days(days: Period) -> str:
    """Return the days of a month as a chart and a table name it: 7.30—8.29."""
    return f"{days.first.month}.{days.first.day}—{days.last.month}.{days.last.day}"


def windows_of(contract: Contract, months: int) -> tuple[tuple[str, Period], ...]:
    """Return the term cut into windows of so many months, each with what it is called.

    They are made of the months of the contract (`service_months`), the last one of what is left.
    """
    calendar = counts_by_calendar(contract)
    held: dict[int, list[tuple[date, Period]]] = {}
    for at, (name, month) in enumerate(service_months(contract)):
        key = (name.year * 12 + name.month - 1 if calendar else at) // months
        held.setdefault(key, []).append((name, month))
    found = []
    for number, inside in enumerate(held.values(), 1):
        period = Period(inside[0][1].first, inside[-1][1].last)
        label = _label(months, number, inside[0][0] if calendar else None)
        if months == MONTH and not calendar:
            label = f"{MONTH_TYPE.show(inside[0][0])}（{short_days(period)}）"
        found.append((label, period))
    return tuple(found)


def periods_touched(contract: Contract, period: Period, as_of: date) -> list[int]:
    """Return the periods of data that some days lie in, as far as they were served."""
    served = enumerate(served_quarters(contract, as_of), 1)
    return [at for at, one in served if one.first <= period.last and one.last >= period.first]


def periods_needed(contract: Contract, numbers: Sequence[int], as_of: date) -> range:
    """Return the periods of data that a report on consecutive ones needs.

    A window of a service level, or of maintenance that does not count, may have begun before.
    """
    first, levels = numbers[0], contract.service_levels
    windows = {one.window for one in (*levels.targets, levels.maintenance) if one}
    begun = served_quarters(contract, as_of)[first - 1].first
    for name in windows:
        for _, window in windows_of(contract, CYCLES[name]):
            if window.first <= begun <= window.last:
                first = min(first, *periods_touched(contract, window, as_of))
    return range(first, numbers[-1] + 1)


def sample_data(book: ContractBook, numbers: Iterable[int]) -> bool:
    """Return whether a report on these quarters rests on sample data, of the roster too."""
    covers = [book.covers[number] for number in numbers if number in book.covers]
    roster = book.roster is not None and book.roster.cover.sample
    return roster or any(cover.sample for cover in covers)
