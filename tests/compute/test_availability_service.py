from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rows import book, quarter, row

from deliverables.compute.availability import (
    PeriodService,
    availability_line,
    days,
    downtime_by_cause,
    months_of,
    part_months,
    period_service,
    quarters_of,
    year_service,
)
from deliverables.compute.term import quarter_label
from deliverables.model.book import ContractBook
from deliverables.model.contract import ContractorExit
from deliverables.model.operations_sheets import Outage
from deliverables.values.dates import Period
from deliverables.values.figure import Cell, sources_in

DAY = date(2027, 5, 25)
MAY_NOON = datetime(2026, 5, 6, 12)


def outage(start: datetime, minutes: float, **facts: Any) -> Outage:
    return row(Outage, started=start, ended=start + timedelta(minutes=minutes), **facts)


def first_quarter(minutes: float) -> ContractBook:
    return book(quarter(1, outages=[outage(MAY_NOON, minutes)] if minutes else []))


def of_quarter(held: ContractBook, number: int, day: date) -> PeriodService:
    return period_service(held, quarter_label(held.contract, number), [number], day)


@pytest.mark.parametrize(
    ("minutes", "percent", "verdict", "left"),
    [
        (0, "100.0000%", "达标", "131.04"),
        (131, "99.9000%", "达标", "0.04"),
        (131 + 3 / 60, "99.8999%", "未达标", "-0.01"),
        (132, "99.8992%", "未达标", "-0.96"),
    ],
)
def test_the_verdict_is_by_exact_minutes_never_by_the_rounded_percentage(
    minutes: float, percent: str, verdict: str, left: str
) -> None:
    line = of_quarter(first_quarter(minutes), 1, DAY).this
    assert [str(line.total), str(line.budget)] == ["131,040", "131.04"]
    assert [str(line.percent), str(line.verdict), str(line.left)] == [percent, verdict, left]
    assert line.met is (verdict == "达标")


def test_downtime_that_fails_never_prints_within_its_budget() -> None:
    second = quarter(2, outages=[outage(datetime(2026, 8, 6, 12), 132 + 29 / 60)])
    line = of_quarter(book(quarter(1), second), 2, DAY).this
    assert [str(line.downtime), str(line.budget), str(line.verdict)] == [
        "132.49", "132.48", "未达标",
    ]  # fmt: skip


def test_the_weighted_variant_is_never_the_verdict() -> None:
    failing = outage(MAY_NOON, 200, affected_hosts=1, total_hosts=1000)
    service = of_quarter(book(quarter(1, outages=[failing])), 1, DAY)
    assert str(service.outages.weighted) == "99.9998%"
    assert (str(service.this.verdict), str(service.this.percent)) == ("未达标", "99.8473%")


def second_quarter(**facts: Any) -> ContractBook:
    """267 minutes of outages, 180 of them work to which the client consented."""
    rows = [
        outage(datetime(2026, 8, 19, 9), 87, number="1"),
        outage(datetime(2026, 9, 12), 180, number="2", work_agreed="复函（2026-09-08）", **facts),
    ]
    return book(quarter(1), quarter(2, outages=rows))


def test_consent_to_the_work_is_no_agreement_that_it_does_not_count() -> None:
    service = of_quarter(second_quarter(), 2, DAY)
    assert [str(service.this.downtime), str(service.this.percent), str(service.this.verdict)] == [
        "267", "99.7984%", "未达标",
    ]  # fmt: skip
    assert [
        (str(line.reading), str(line.downtime), str(line.percent), line.judged)
        for line in service.readings[:2]
    ] == [
        ("全部中断计入", "267", "99.7984%", True),
        ("不计经甲方同意的作业", "87", "99.9343%", False),
    ]


def test_a_written_agreement_turns_the_verdict_from_its_day_on() -> None:
    held = second_quarter(exclusion="补充协议一", excluded_on=date(2026, 11, 20))
    before, after = (of_quarter(held, 2, day) for day in (date(2026, 11, 2), DAY))
    assert [str(before.this.percent), str(before.this.verdict)] == ["99.7984%", "未达标"]
    assert [str(after.this.percent), str(after.this.verdict)] == ["99.9343%", "达标"]
    assert [(str(line.reading), line.judged) for line in after.readings[:2]] == [
        ("全部中断计入", False), ("扣除双方书面约定不计入的中断", True),
    ]  # fmt: skip


def test_where_all_outages_are_alike_there_is_one_figure_only() -> None:
    service = of_quarter(first_quarter(30), 1, DAY)
    assert service.readings == ()
    assert [str(service.this.percent), str(service.this.verdict)] == ["99.9771%", "达标"]


def test_the_first_quarter_is_the_term_so_far() -> None:
    service = of_quarter(first_quarter(30), 1, DAY)
    assert service.lines == (service.this,)
    assert (str(service.term_budget), str(service.term_left)) == ("525.6", "495.6")


def test_year_to_date_adds_minutes() -> None:
    year = book(
        quarter(1, outages=[outage(MAY_NOON, 70)]),
        quarter(2, outages=[outage(datetime(2026, 8, 6, 12), 87, number="2")]),
    )
    service = of_quarter(year, 2, DAY)
    assert [line.label for line in service.lines] == ["第二季度", "服务期累计"]
    to_date = service.to_date
    assert [str(to_date.total), str(to_date.downtime), str(to_date.percent)] == [
        "263,520", "157", "99.9404%",
    ]  # fmt: skip
    assert str(to_date.first_day) == "2026年4月30日"
    assert str(service.term_left) == "368.6"


def test_an_outage_across_the_quarters_edge_is_split_at_midnight() -> None:
    crossing = outage(datetime(2026, 7, 29, 23, 50), 30)
    year = book(quarter(1, outages=[crossing]), quarter(2, outages=[crossing]))
    assert [str(of_quarter(year, n, DAY).this.downtime) for n in (1, 2)] == ["10", "20"]
    assert str(of_quarter(year, 2, DAY).to_date.downtime) == "30"
    assert str(year_service(year, [1, 2], DAY).this.downtime) == "30"


def test_a_year_names_the_quarters_that_failed() -> None:
    year = book(
        quarter(1),
        quarter(2, outages=[outage(datetime(2026, 8, 6, 12), 171)]),
        quarter(3),
        quarter(4),
    )
    service = year_service(year, [1, 2, 3, 4], DAY)
    assert not service.all_met
    assert [str(line.verdict) for line in service.quarters] == ["达标", "未达标", "达标", "达标"]
    assert [service.this.label, str(service.this.total), str(service.this.budget)] == [
        "全年", "525,600", "525.6",
    ]  # fmt: skip
    assert str(service.this.verdict) == "达标"
    assert sum(line.total.value for line in service.quarters) == service.this.total.value


def test_months_are_service_months_and_bear_their_days() -> None:
    edge = outage(datetime(2026, 8, 29, 23), 120)
    months = months_of(book(quarter(1), quarter(2, outages=[edge])), [2], DAY)
    assert [(line.label, str(line.downtime), str(line.allowed), line.cause) for line in months] == [
        ("2026年8月（7.30—8.29）", "60", "44.64", "网络"),
        ("2026年9月（8.30—9.29）", "60", "44.64", "网络"),
        ("2026年10月（9.30—10.29）", "0", "43.2", ""),
    ]


def test_quarters_are_held_against_what_each_allows() -> None:
    lost = outage(datetime(2026, 8, 6, 12), 171)
    parts = quarters_of(book(quarter(1), quarter(2, outages=[lost])), [1, 2], DAY)
    assert [(one.label, str(one.downtime), str(one.allowed), one.met) for one in parts] == [
        ("第一季度", "0", "131.04", True),
        ("第二季度", "171", "132.48", False),
    ]


def test_the_quarter_before_stands_above_this_one() -> None:
    held = book(quarter(1), quarter(2))
    before = availability_line(held, "第一季度", [1], DAY)
    service = period_service(held, "第二季度", [2], DAY, before)
    assert [line.label for line in service.listed] == ["第一季度", "第二季度", "服务期累计"]
    assert [line.label for line in service.lines] == ["第二季度", "服务期累计"]


def test_the_end_of_service_ends_what_is_measured() -> None:
    held = book(quarter(1), quarter(2), quarter(3))
    leaving = ContractorExit(
        article="第十三条",
        requested_on=date(2026, 11, 20),
        permitted_on=date(2026, 12, 1),
        last_service_day=date(2026, 12, 31),
    )
    held = replace(held, contract=replace(held.contract, exit=leaving))
    before, after = (of_quarter(held, 3, day) for day in (date(2026, 11, 30), DAY))
    assert (str(before.this.total), str(before.this.last_day)) == ("132,480", "2027年1月29日")
    assert (str(after.this.total), str(after.this.last_day)) == ("90,720", "2026年12月31日")
    assert str(after.term_budget) == "354.24", "246 days were served"
    cut = months_of(held, [3], DAY)[-1]
    assert (cut.label, str(cut.allowed)) == ("2027年1月（12.30—12.31，不足月）", "2.88")
    served = Period(after.this.first_day.value, after.this.last_day.value)
    assert part_months(held.contract, served) == {date(2027, 1, 1)}


def test_days_count_both_ends() -> None:
    assert str(days(of_quarter(first_quarter(0), 1, DAY).this)) == "91"


def test_causes_are_within_the_period() -> None:
    crossing = outage(datetime(2026, 7, 29, 23, 50), 30)
    assert downtime_by_cause(book(quarter(1, outages=[crossing])), [1], DAY) == {
        "网络": Decimal(10)
    }


def test_availability_leads_to_the_outages_and_to_the_sheet_where_there_are_none() -> None:
    percent = of_quarter(first_quarter(30), 1, DAY).this.percent
    assert Cell("operations/Q1.xlsx", "中断", "B3") in sources_in(percent)
    verdict = of_quarter(first_quarter(0), 1, DAY).this.verdict
    assert Cell("operations/Q1.xlsx", "中断") in sources_in(verdict)
