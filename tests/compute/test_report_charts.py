from datetime import date, datetime, time
from decimal import Decimal

import pytest
from rows import quarter, row

from deliverables.compute.availability import PartLine, outage_summary
from deliverables.compute.operations import usage
from deliverables.compute.report_charts import (
    alarm_chart,
    alarm_months,
    cause_title,
    downtime_chart,
    loss_chart,
    losses,
    ticket_chart,
    ticket_months,
    usage_chart,
    usage_title,
)
from deliverables.model.content import Series
from deliverables.model.operations_sheets import ALARM_LEVELS, Alarm, Ticket, Usage
from deliverables.values.dates import Period
from deliverables.values.figure import Derivation, Figure

MONTHS = (
    ("2026年5月（4.30—5.29）", Period(date(2026, 4, 30), date(2026, 5, 29))),
    ("2026年6月（5.30—6.29）", Period(date(2026, 5, 30), date(2026, 6, 29))),
)


def part(label: str, lost: int, allowed: str = "44.64", cause: str = "", **facts: bool) -> PartLine:
    minutes, most = (
        Figure("", Decimal(one), str(one), Derivation("", "")) for one in (lost, allowed)
    )
    met = lost <= Decimal(allowed)
    return PartLine(label, minutes, most, facts.get("judged", True), met, cause)


MAY, JUNE, JULY = (
    part("2026年5月（4.30—5.29）", 46, "43.2", "电力"),
    part("2026年6月", 0),
    part("2026年7月", 20),
)


def test_lost_minutes_stand_beside_those_allowed_and_a_column_that_is_too_high_says_why() -> None:
    chart = loss_chart([MAY, JUNE])
    assert chart.categories == ("2026年5月\n（4.30—5.29）\n超出，主因电力", "2026年6月")
    assert chart.series == (Series("中断时长", (46, 0)),)
    allowed = (Decimal("43.2"), Decimal("44.64"))
    assert chart.threshold == Series("允许时长 43.2—44.64 分钟", allowed)
    assert chart.description == (
        "2026年5月（4.30—5.29） 中断 46 分钟，允许 43.2 分钟；"
        "2026年6月 中断 0 分钟，允许 44.64 分钟。"
    )
    same = loss_chart([JUNE, JULY]).threshold
    assert same is not None
    assert same.name == "允许时长 44.64 分钟"


def test_below_narrow_columns_a_month_says_why_and_that_it_is_cut_but_not_its_days() -> None:
    cut = part("2027年1月（12.30—12.31，不足月）", 5, "2.88", "计划维护")
    chart = loss_chart([MAY, *[JUNE] * 5, cut])
    assert (chart.categories[0], chart.categories[-1]) == (
        "2026年\n5月\n电力",
        "2027年\n1月\n不足月\n计划维护",
    )


def test_where_no_level_is_set_lost_minutes_stand_alone() -> None:
    parts = [part(name, 60, judged=False) for name in ("5月", "6月", "7月")]
    assert loss_chart(parts).threshold is None
    assert losses(parts, "月").title.text == "各月中断时长"


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ([MAY, JUNE, JULY], "各服务月中断时长与允许时长：2026年5月超出"),
        ([JUNE, JULY], "各服务月中断时长与允许时长：均未超出"),
        ([MAY, MAY], "各服务月中断时长与允许时长：均超出"),
        ([MAY] * 4 + [JUNE], "各服务月中断时长与允许时长：4 个服务月超出"),
        ([MAY] + [JUNE] * 6, "各服务月中断时长与允许时长：2026年5月超出（柱下为主因）"),
    ],
)
def test_the_title_says_which_months_were_too_high(parts: list[PartLine], title: str) -> None:
    assert losses(parts, "服务月").title.text == title


def test_a_chart_of_lost_minutes_needs_three_months_and_two_that_lost_any() -> None:
    for parts, charted in (
        ([MAY, JUNE, JULY], True),
        ([MAY, JULY], False),
        ([MAY, JUNE, JUNE], False),
    ):
        assert losses(parts, "月").charted is charted


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
    assert chart.categories == (
        "2026年5月\n（4.30—5.29）\n共 2 条",
        "2026年6月\n（5.30—6.29）\n共 1 条",
    )
    assert [series.name for series in chart.series] == list(ALARM_LEVELS)
    assert [series.values for series in chart.series] == [(1, 1), (0, 0), (0, 0), (1, 0)]
    assert chart.description == "2026年5月（4.30—5.29） 共 2 条；2026年6月（5.30—6.29） 共 1 条。"


def test_tickets_are_stacked_by_type() -> None:
    chart = ticket_chart([quarter(tickets=[row(Ticket, kind="其他")])], MONTHS[:1])
    assert [series.values for series in chart.series] == [(0,), (0,), (0,), (1,)]


CUT = Period(date(2026, 6, 30), date(2026, 7, 9))
THREE = (*MONTHS, ("2026年7月（6.30—7.9，不足月）", CUT))


@pytest.mark.parametrize(
    ("each", "uneven"),
    [((30, 31, 10), False), ((30, 39, 10), True), ((30, 31, 31), True), ((0, 0, 0), False)],
    ids=["alike", "one stands out", "many in a month that was cut short", "none"],
)
def test_months_are_charted_where_they_differ_a_day_by_a_quarter(
    each: tuple[int, ...], uneven: bool
) -> None:
    rows = [
        row(Alarm, raised=datetime.combine(month.first, time(8)))
        for many, (_, month) in zip(each, THREE, strict=True)
        for _ in range(many)
    ]
    counts = alarm_months([quarter(alarms=rows)], THREE, "服务月")
    assert counts.uneven is uneven
    (told,) = counts.told
    first, second, cut = each
    assert told.text == (
        f"各服务月告警：2026年5月 {first} 条，2026年6月 {second} 条，"
        f"2026年7月（6.30—7.9，不足月）{cut} 条"
    )


def test_the_title_names_the_busiest_month_and_the_quietest() -> None:
    june, july = (row(Ticket, opened=datetime(2026, month, 1)) for month in (6, 7))
    for tickets, title in (
        ([june, june, july], "2026年6月最多，2026年5月最少"),
        ([june, july], "2026年6月、2026年7月（6.30—7.9，不足月）最多，2026年5月最少"),
    ):
        counts = ticket_months([quarter(tickets=tickets)], THREE, "服务月")
        assert counts.title.text == f"各服务月受理工单：{title}"


def test_of_a_single_month_nothing_is_told_twice() -> None:
    assert alarm_months([quarter()], MONTHS[:1], "月").told == ()


def test_the_title_of_causes_names_the_longest() -> None:
    none = outage_summary([quarter()], MONTHS[0][1], date(2026, 8, 1))
    title = cause_title({"网络": Decimal(10), "电力": Decimal(46)}, none)
    assert title.text == "按原因分类的中断时长：电力最长（各类之间的重叠未扣除）"


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        ("70", "：存储变化最大，上升 20 个百分点"),
        ("20", "：存储变化最大，下降 30 个百分点"),
        ("50", ""),
    ],
)
def test_the_title_of_usage_says_what_changed_most(storage: str, said: str) -> None:
    rows = [
        row(Usage, month=date(2026, month, 1), storage=Decimal(100), storage_used=Decimal(used))
        for month, used in ((5, "50"), (6, storage))
    ]
    title = usage_title(usage([quarter(usage=rows)]), "服务月")
    assert title.text == f"各服务月资源使用率（加权）{said}"


def test_charts_of_nothing_have_no_categories() -> None:
    empty = quarter()
    for chart in (alarm_chart([empty], ()), ticket_chart([empty], ()), downtime_chart({})):
        assert chart.categories == ()
