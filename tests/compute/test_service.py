from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rows import book, quarter, row

from deliverables.compute.availability import (
    days,
    downtime_by_cause,
    monthly_availability,
    quarter_service,
    year_service,
)
from deliverables.model.book import ContractBook
from deliverables.model.operations import Outage
from deliverables.values.figure import Cell, sources_in

MAY_NOON = datetime(2026, 5, 6, 12)


def outage(start: datetime, minutes: float, **facts: Any) -> Outage:
    return row(Outage, started=start, ended=start + timedelta(minutes=minutes), **facts)


def first_quarter(minutes: float) -> ContractBook:
    return book(quarter(1, outages=[outage(MAY_NOON, minutes)] if minutes else []))


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
    line = quarter_service(first_quarter(minutes), 1).this
    assert [str(line.total), str(line.budget)] == ["131,040", "131.04"]
    assert [str(line.percent), str(line.verdict), str(line.left)] == [percent, verdict, left]
    assert line.met is (verdict == "达标")


def test_downtime_that_fails_never_prints_within_its_budget() -> None:
    second = quarter(2, outages=[outage(datetime(2026, 8, 6, 12), 132 + 29 / 60)])
    line = quarter_service(book(quarter(1), second), 2).this
    assert [str(line.downtime), str(line.budget), str(line.verdict)] == [
        "132.49", "132.48", "未达标",
    ]  # fmt: skip


def test_the_weighted_variant_is_never_the_verdict() -> None:
    failing = outage(MAY_NOON, 200, affected_hosts=1, total_hosts=1000)
    service = quarter_service(book(quarter(1, outages=[failing])), 1)
    assert str(service.outages.weighted) == "99.9998%"
    assert (str(service.this.verdict), str(service.this.percent)) == ("未达标", "99.8473%")


def test_excluded_outages_leave_the_availability_whole() -> None:
    planned = outage(MAY_NOON, 600, counted=False, exclusion="甲方书面同意")
    assert str(quarter_service(book(quarter(1, outages=[planned])), 1).this.percent) == "100.0000%"


def test_the_first_quarter_is_the_term_so_far() -> None:
    service = quarter_service(first_quarter(30), 1)
    assert (service.cumulative, service.lines) == (False, (service.this,))
    assert (str(service.term_budget), str(service.term_left)) == ("525.6", "495.6")


def test_year_to_date_adds_minutes() -> None:
    year = book(
        quarter(1, outages=[outage(MAY_NOON, 70)]),
        quarter(2, outages=[outage(datetime(2026, 8, 6, 12), 87, number="2")]),
    )
    service = quarter_service(year, 2)
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
    assert [str(quarter_service(year, n).this.downtime) for n in (1, 2)] == ["10", "20"]
    assert str(quarter_service(year, 2).to_date.downtime) == "30"
    assert str(year_service(year, [1, 2]).this.downtime) == "30"


def test_a_year_names_the_quarters_that_failed() -> None:
    year = book(
        quarter(1),
        quarter(2, outages=[outage(datetime(2026, 8, 6, 12), 171)]),
        quarter(3),
        quarter(4),
    )
    service = year_service(year, [1, 2, 3, 4])
    assert (service.all_met, service.missed) == (False, "第二季度")
    assert [str(line.verdict) for line in service.quarters] == ["达标", "未达标", "达标", "达标"]
    assert [service.this.label, str(service.this.total), str(service.this.budget)] == [
        "全年", "525,600", "525.6",
    ]  # fmt: skip
    assert str(service.this.verdict) == "达标"
    assert sum(line.total.value for line in service.quarters) == service.this.total.value


def test_months_lie_within_the_quarter() -> None:
    edge = outage(datetime(2026, 7, 31, 23), 120)
    months = monthly_availability(book(quarter(1), quarter(2, outages=[edge])), [2])
    assert months == [
        ("2026年7月", Decimal("97.9166")),
        ("2026年8月", Decimal("99.8655")),
        ("2026年9月", Decimal("100.0000")),
        ("2026年10月", Decimal("100.0000")),
    ]


def test_days_count_both_ends() -> None:
    assert str(days(quarter_service(first_quarter(0), 1).this)) == "91"


def test_causes_are_within_the_period() -> None:
    crossing = outage(datetime(2026, 7, 29, 23, 50), 30)
    assert downtime_by_cause(book(quarter(1, outages=[crossing])), [1]) == {"网络": Decimal(10)}


def test_availability_leads_to_the_outages_and_to_the_sheet_where_there_are_none() -> None:
    percent = quarter_service(first_quarter(30), 1).this.percent
    assert Cell("operations/Q1.xlsx", "中断", "B3") in sources_in(percent)
    verdict = quarter_service(first_quarter(0), 1).this.verdict
    assert Cell("operations/Q1.xlsx", "中断") in sources_in(verdict)
