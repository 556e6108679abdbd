from datetime import date, datetime
from decimal import Decimal

import pytest
from rows import quarter, row

from deliverables.compute.operations import usage
from deliverables.compute.report_charts import (
    alarm_chart,
    availability_chart,
    downtime_chart,
    ticket_chart,
    usage_chart,
)
from deliverables.model.content import Series
from deliverables.model.operations_sheets import ALARM_LEVELS, Alarm, Ticket, Usage
from deliverables.values.dates import Period

REQUIRED = Decimal("99.9")
MONTHS = (
    ("2026年5月（4.30—5.29）", Period(date(2026, 4, 30), date(2026, 5, 29))),
    ("2026年6月（5.30—6.29）", Period(date(2026, 5, 30), date(2026, 6, 29))),
)


def test_availability_stands_beside_its_threshold_with_all_its_decimals() -> None:
    chart = availability_chart(["5月", "6月"], [Decimal("99.8992"), Decimal(100)], REQUIRED)
    assert chart.threshold == Series("合同要求 99.9%", (REQUIRED, REQUIRED))
    assert chart.number_format == "0.0000", "at two decimals 99.8992 would read 99.90"
    assert chart.description == "各期可用性与合同要求 99.9% 的比较：5月 99.8992%，6月 100%。"


def test_a_column_that_is_too_low_says_why() -> None:
    percents = [Decimal("99.7"), Decimal(100)]
    chart = availability_chart(["5月（4.30—5.29）", "6月"], percents, REQUIRED, causes=["电力", ""])
    assert chart.categories == ("5月\n（4.30—5.29）\n未达到：电力", "6月")


@pytest.mark.parametrize(
    ("lowest", "axis"),
    [("99.95", "99.8"), ("99.8", "99.5"), ("99.7", "99.5"), ("98.2", "98"), ("80", "0")],
)
def test_the_axis_starts_below_the_lowest_value(lowest: str, axis: str) -> None:
    chart = availability_chart(["5月"], [Decimal(lowest)], REQUIRED)
    assert chart.lowest == Decimal(axis)


def test_downtime_is_ordered_by_length() -> None:
    chart = downtime_chart({"网络": Decimal(10), "电力": Decimal("46.5")})
    assert chart.categories == ("电力", "网络")
    assert chart.series[0].values == (Decimal("46.5"), Decimal(10))
    assert chart.description == "电力 46.5 分钟；网络 10 分钟。"


def test_usage_has_a_line_for_each_resource_and_a_hole_where_nothing_is_known() -> None:
    chart = usage_chart(usage([quarter(usage=[row(Usage, storage=Decimal(0))])]))
    assert chart.categories == ("2026年5月",)
    assert [(series.name, series.values) for series in chart.series] == [
        ("CPU", (30,)),
        ("内存", (40,)),
        ("存储", (None,)),
    ]


def test_alarms_are_stacked_by_level_and_service_month() -> None:
    rows = [
        row(Alarm, level="紧急", raised=datetime(2026, 6, 1)),
        row(Alarm, level="紧急", raised=datetime(2026, 5, 29, 23, 59)),
        row(Alarm, level="警告", raised=datetime(2026, 5, 1)),
    ]
    chart = alarm_chart([quarter(alarms=rows)], MONTHS)
    assert chart.categories == ("2026年5月（4.30—5.29）", "2026年6月（5.30—6.29）")
    assert [series.name for series in chart.series] == list(ALARM_LEVELS)
    assert [series.values for series in chart.series] == [(1, 1), (0, 0), (0, 0), (1, 0)]
    assert chart.description == "2026年5月（4.30—5.29） 共 2 条；2026年6月（5.30—6.29） 共 1 条。"


def test_tickets_are_stacked_by_type() -> None:
    chart = ticket_chart([quarter(tickets=[row(Ticket, kind="其他")])], MONTHS[:1])
    assert [series.values for series in chart.series] == [(0,), (0,), (0,), (1,)]


def test_charts_of_nothing_have_no_categories() -> None:
    empty = quarter()
    for chart in (alarm_chart([empty], ()), ticket_chart([empty], ()), downtime_chart({})):
        assert chart.categories == ()
