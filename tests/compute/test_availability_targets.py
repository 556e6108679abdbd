"""Levels with windows of their own, and maintenance that does not count up to some hours."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from rows import book, quarter, row

from deliverables.compute.availability import (
    AvailabilityLine,
    availability_line,
    period_service,
    readings,
    target_lines,
    year_service,
)
from deliverables.compute.closure import closure
from deliverables.compute.comparison import View
from deliverables.compute.indicators import indicators
from deliverables.compute.scorecard import happened, scorecard
from deliverables.compute.term import month_name, periods_needed, windows_of
from deliverables.model.book import ContractBook
from deliverables.model.contract import AvailabilityTarget, PlannedMaintenance
from deliverables.model.operations_sheets import Outage
from deliverables.values.figure import Line, sources_in
from deliverables.values.time_limit import TimeLimit, parse

DAY = date(2027, 5, 25)


def outage(number: str, start: datetime, minutes: int, **cells: object) -> Outage:
    ended = start + timedelta(minutes=minutes)
    return row(Outage, number=number, started=start, ended=ended, **cells)


def limit(words: str) -> TimeLimit:
    found = parse(words)
    assert found
    return found


def target(level: str, window: str, name: str = "可用率") -> AvailabilityTarget:
    line = Line("contract.yaml", {"月": 10, "年": 20}[window])
    return AvailabilityTarget(
        article="第三条", name=name, level=Decimal(level), window=window,
        places={"name": line, "level": line, "window": line},
    )  # fmt: skip


MONTHLY, YEARLY = target("99.5", "月", "月可用率"), target("99.9", "年", "年可用率")
MAINTENANCE = {"cause_kind": "计划维护", "work_agreed": "同意函"}
LOST = outage("ZD-1", datetime(2026, 8, 3, 9), 300)


def under(
    *targets: AvailabilityTarget,
    outages: tuple[Outage, ...] = (),
    level: str | None = None,
    maintenance: tuple[str, str] | None = None,
) -> ContractBook:
    """Return a book of two quarters whose contract sets only these levels; outages are in Q2."""
    held = book(quarter(1), quarter(2, outages=list(outages)))
    planned = maintenance and PlannedMaintenance(
        article="第三条", upto=limit(maintenance[0]), window=maintenance[1]
    )
    levels = replace(
        held.contract.service_levels,
        availability=Decimal(level) if level else None,
        targets=targets,
        maintenance=planned or None,
    )
    return replace(held, contract=replace(held.contract, service_levels=levels))


def shown(lines: tuple[AvailabilityLine, ...]) -> list[tuple[str, str, str, str]]:
    return [(line.label, str(line.percent), str(line.left), str(line.verdict)) for line in lines]


def test_each_level_is_judged_over_its_own_windows() -> None:
    lines = target_lines(under(MONTHLY, YEARLY, outages=(LOST,)), [2], DAY)
    assert shown(lines) == [
        ("2026年8月（7.30—8.29）", "99.3279%", "-76.8", "未达标"),
        ("2026年9月（8.30—9.29）", "100.0000%", "223.2", "达标"),
        ("2026年10月（9.30—10.29）", "100.0000%", "216", "达标"),
        ("第一年度", "99.8861%", "225.6", "统计期未满"),
    ]
    assert all(sources_in(line.budget) for line in lines)


def test_an_outage_that_is_put_down_to_other_systems_does_not_count() -> None:
    portal = replace(MONTHLY, systems=("门户网站",))
    told = (
        replace(LOST, systems="门户网站、审批系统"),
        outage("ZD-2", datetime(2026, 8, 5, 9), 60, systems="审批系统"),
        outage("ZD-3", datetime(2026, 8, 6, 9), 10),
    )
    first, *_ = target_lines(under(portal, outages=told), [2], DAY)
    assert str(first.downtime) == "310"


def test_a_window_whose_minutes_are_used_up_is_missed_before_it_is_over() -> None:
    worse = outage("ZD-1", datetime(2026, 8, 3, 9), 526)
    (line,) = target_lines(under(YEARLY, outages=(worse,)), [2], DAY)
    assert (str(line.verdict), line.met, str(line.last_day)) == ("未达标", False, "2026年10月29日")


def test_windows_are_made_of_the_months_that_the_contract_counts() -> None:
    held = book(quarter(1)).contract
    assert [label for label, _ in windows_of(held, 3)] == [
        "第一季度", "第二季度", "第三季度", "第四季度",
    ]  # fmt: skip
    assert windows_of(held, 1)[3][0] == "2026年8月（7.30—8.29）"
    monthly = replace(held.reports[0], every_months=1, months="calendar", count=None)
    natural = replace(held, reports=(monthly,))
    assert [label for label, _ in windows_of(natural, 12)] == ["2026年度", "2027年度"]
    assert (month_name(held), month_name(natural)) == ("服务月", "月")


def test_a_report_needs_the_periods_in_which_its_windows_began() -> None:
    assert list(periods_needed(under(YEARLY).contract, [2], DAY)) == [1, 2]
    assert list(periods_needed(under(MONTHLY).contract, [2], DAY)) == [2]


def test_maintenance_counts_beyond_its_hours_in_order_of_time() -> None:
    works = (
        outage("ZD-1", datetime(2026, 8, 3, 1), 150, **MAINTENANCE),
        outage("ZD-2", datetime(2026, 8, 9, 1), 150, **MAINTENANCE),
        outage("ZD-3", datetime(2026, 9, 9, 1), 100, **MAINTENANCE),
    )
    by_month = under(MONTHLY, outages=works, maintenance=("4小时内", "月"))
    assert [str(line.downtime) for line in target_lines(by_month, [2], DAY)] == ["60", "0", "0"]
    by_quarter = under(MONTHLY, outages=works, maintenance=("4小时内", "季度"))
    assert [str(line.downtime) for line in target_lines(by_quarter, [2], DAY)] == ["60", "100", "0"]
    (told,) = period_service(by_quarter, "第二季度", [2], DAY).spared
    assert str(told).startswith(
        "经甲方同意的计划维护造成中断 400 分钟；合同约定每季度累计不超过4小时的"
    )
    assert "据此不计入 240 分钟" in str(told)


def test_work_without_consent_and_minutes_that_were_lost_anyhow_count() -> None:
    held = under(
        MONTHLY,
        outages=(
            outage("ZD-1", datetime(2026, 8, 3, 1), 30, cause_kind="计划维护"),
            outage("ZD-2", datetime(2026, 8, 9, 1), 60, **MAINTENANCE),
            outage("ZD-3", datetime(2026, 8, 9, 1, 30), 60),
        ),
        maintenance=("4小时内", "月"),
    )
    assert str(target_lines(held, [2], DAY)[0].downtime) == "90"


def test_the_hours_that_do_not_count_are_left_out_of_every_figure_alike() -> None:
    work = outage("ZD-1", datetime(2026, 8, 3, 1), 200, **MAINTENANCE)
    held = under(outages=(work,), level="99.9", maintenance=("180分钟内", "月"))
    line = availability_line(held, "第二季度", [2], DAY)
    assert (str(line.downtime), str(line.verdict)) == ("20", "达标")
    ways = {str(way.reading): (str(way.downtime), way.judged)
            for way in readings(held, "第二季度", [2], DAY)}  # fmt: skip
    assert ways == {
        "全部中断计入": ("200", False),
        "扣除合同约定时长以内的计划维护": ("20", True),
    }
    time = {one.subject: one for one in closure(held, [1, 2], DAY)}["中断时长（分钟）"]
    assert (str(time.whole), time.closed) == ("20", True)


def test_page_one_says_of_each_level_what_was_reached_where() -> None:
    held = under(MONTHLY, YEARLY, outages=(LOST,))
    service = period_service(held, "第二季度", [2], DAY)
    last = availability_line(held, "", [1], DAY)
    lines = scorecard(held, service, [2], former=[1], last=last, as_of=DAY)
    told = [(one.name, str(one.former), str(one.actual), str(one.verdict)) for one in lines]
    assert told[:2] == [
        ("月可用率（每月）", "最低 100.0000%", "最低 99.3279%", "× 1 期未达标"),
        ("年可用率（每年）", "100.0000%", "99.8861%", "统计期未满"),
    ]  # fmt: skip
    assert not service.all_met
    view = View(now="本季度", word="季度", these=[held.quarters[2]], former=[held.quarters[1]])
    what = happened(held, service.lines, [2], None, view=view, as_of=DAY)
    assert str(what.level) == (
        "月可用率2026年8月（7.30—8.29） 99.3279%，未达标；"
        "年可用率 99.8861%（第一年度未满，允许中断尚余 225.6 分钟）"
    )


def test_where_the_contract_sets_no_level_availability_is_a_fact_and_nothing_is_judged() -> None:
    held = under(outages=(LOST,))
    service = period_service(held, "第二季度", [2], DAY)
    line = service.this
    assert (str(line.percent), line.judged, line.met) == ("99.7735%", False, True)
    assert [str(one) for one in (line.required, line.budget, line.left, line.verdict)] == [
        "—", "—", "—", "不作判定",
    ]  # fmt: skip
    first, *_ = indicators(held, [line], [2], DAY)
    assert (str(first.requirement), str(first.verdict)) == ("合同未约定", "不作判定")
    assert service.months_note == ()
    year = year_service(held, [1, 2], DAY)
    assert year.all_met
