"""When reports can be made, of which quarters, and what they say where nothing was recorded."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from typing import Any

import pytest
from places import ROOT
from rows import book, quarter, roster, row, series_of

from deliverables.compute import series
from deliverables.compute.chapters import chapter
from deliverables.docx.render import Properties, Stamp, render
from deliverables.kinds import Deliverable, annual_summary, kinds, quarterly_report
from deliverables.model.book import ContractBook
from deliverables.model.operations_sheets import CHAPTERS, Outage
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.figure import Figure
from deliverables.verify.document import read_document

AS_OF = date(2027, 5, 25)
TEMPLATES = ROOT / "templates"
YEAR = book(*(quarter(number) for number in range(1, 5)))


def reports(held: ContractBook) -> dict[str, Deliverable]:
    return {one.part: one for one in quarterly_report.plan(held, AS_OF)}


def summaries(held: ContractBook) -> dict[str, Deliverable]:
    return {one.part: one for one in annual_summary.plan(held, AS_OF)}


def covered(held: ContractBook) -> dict[str, tuple[int, ...]]:
    """Return the periods of data of each summary."""
    return {one.part: one.numbers for one in series.reports(held.contract, "summary", date.max)}


def blocked(one: Deliverable) -> list[str]:
    return [blocker.on_document for blocker in one.blockers]


def text_of(held: ContractBook, kind: str, part: str) -> str:
    one = {one.part: one for one in kinds()[kind].plan(held, AS_OF)}[part]
    assert not one.blockers
    context = kinds()[kind].compose(held, one, AS_OF)
    properties = Properties(
        title=one.title, subject="", contract_number=one.contract, creator="", made_on=AS_OF
    )
    document = render(
        TEMPLATES / f"{kind}.docx", context, Stamp(draft=False, sample=False), properties
    )
    return read_document(document).text


def test_a_report_can_be_made_the_day_after_its_quarter() -> None:
    assert {part: one.possible_from for part, one in reports(YEAR).items()} == {
        "Q1": date(2026, 7, 30),
        "Q2": date(2026, 10, 30),
        "Q3": date(2027, 1, 30),
        "Q4": date(2027, 4, 30),
    }
    assert summaries(YEAR)["annual"].possible_from == date(2027, 4, 30)


def test_the_second_report_needs_the_first_quarters_workbook() -> None:
    without_first = reports(book(quarter(2)))
    assert blocked(without_first["Q2"]) == ["缺少第1个服务季度的运行数据"]
    assert blocked(without_first["Q1"]) == ["缺少第1个服务季度的运行数据"]
    assert blocked(reports(book(quarter(1)))["Q1"]) == []


def test_a_summary_needs_every_quarter_and_the_ledger() -> None:
    held = replace(book(quarter(1), quarter(2), quarter(4)), ledger=None)
    assert blocked(summaries(held)["annual"]) == ["缺少第3个服务季度的运行数据", "缺少财务台账"]


def test_composing_a_summary_without_a_ledger_is_a_fault_of_the_caller() -> None:
    held = replace(YEAR, ledger=None)
    with pytest.raises(ValueError, match="ledger"):
        annual_summary.compose(held, summaries(held)["annual"], AS_OF)


def test_two_years_are_eight_reports_and_two_summaries() -> None:
    quarters = [quarter(number) for number in range(1, 9)]
    held = book(*quarters, months=24, reports=8, annual_reports=2)
    assert list(reports(held)) == [f"Q{number}" for number in range(1, 9)]
    assert covered(held) == {"annual1": (1, 2, 3, 4), "annual2": (5, 6, 7, 8)}
    second = annual_summary.compose(held, summaries(held)["annual2"], AS_OF)
    assert second.period_label == "第二年度"
    assert [line.label for line in second.service.quarters] == [
        "第五季度", "第六季度", "第七季度", "第八季度",
    ]  # fmt: skip
    assert [str(second.first_day), str(second.last_day)] == ["2027年4月30日", "2028年4月29日"]
    assert second.service.this.total.value == 366 * 1440


def test_stems_of_several_summaries_differ() -> None:
    held = book(months=24, reports=8, annual_reports=2)
    assert len({one.stem for one in summaries(held).values()}) == 2


def by_period(held: ContractBook) -> ContractBook:
    """Return the book with a way of measuring that speaks of no quarters."""
    levels = replace(held.contract.service_levels, measurement="按报告期统计")
    terms = replace(held.contract.acceptance, materials="定期报告3个")
    return replace(held, contract=replace(held.contract, service_levels=levels, acceptance=terms))


def test_three_reports_a_year_are_periods_not_quarters() -> None:
    held = by_period(book(*(quarter(number) for number in range(1, 4)), reports=3,
                          report_name="定期报告"))  # fmt: skip
    first = quarterly_report.compose(held, reports(held)["P1"], AS_OF)
    assert (first.period_label, str(first.last_day)) == ("第一期", "2026年8月29日")
    assert str(first.happened.level).startswith("本期可用性")
    year = annual_summary.compose(held, summaries(held)["annual"], AS_OF)
    assert [line.label for line in year.trend] == ["第一期", "第二期", "第三期"]
    assert [one.called for one in reports(held).values()] == ["定期报告"] * 3
    assert [one.called for one in reports(YEAR).values()] == ["季度报告"] * 4
    assert "季度" not in text_of(held, "quarterly_report", "P1")
    assert "季度" not in text_of(held, "annual_summary", "annual")
    assert "本期无事件与故障记录。" in text_of(held, "quarterly_report", "P1")


def test_of_levels_that_the_contract_does_not_set_no_report_speaks() -> None:
    silent = replace(
        YEAR.contract.service_levels,
        availability=None, availability_name="", durability=None, measurement="", article="",
    )  # fmt: skip
    held = replace(YEAR, contract=replace(YEAR.contract, service_levels=silent, duties=()))
    for kind, part in (("quarterly_report", "Q2"), ("annual_summary", "annual")):
        said = text_of(held, kind, part)
        judged = ("达标", "允许中断", "合同要求的", "与合同要求", "可用性要求", "99.9%")
        assert [words for words in judged if words in said] == []
        assert "可用性 100.0000%" in said


@pytest.mark.parametrize(
    ("reports", "annual", "expected"),
    [
        (4, 0, {}),
        (10, 5, {f"annual{year}": (2 * year - 1, 2 * year) for year in range(1, 6)}),
        (4, 4, {"P1": (1,), "P2": (2,), "P3": (3,), "P4": (4,)}),
    ],
)
def test_every_quarter_is_in_one_summary(
    reports: int, annual: int, expected: dict[str, tuple[int, ...]]
) -> None:
    held = book(months=60, reports=reports, annual_reports=annual)
    assert covered(held) == expected


def months_and_quarters() -> ContractBook:
    """Return a book whose data are entered by month, each with an outage of ten minutes."""
    begun = (date(2026, 5, 6), date(2026, 6, 6), date(2026, 7, 6))
    outages = (
        row(Outage, number=f"ZD-{n}", started=datetime.combine(day, time(9)),
            ended=datetime.combine(day, time(9, 10)))
        for n, day in enumerate(begun, 1)
    )  # fmt: skip
    held = book(*(quarter(n, outages=[one]) for n, one in enumerate(outages, 1)))
    agreed = held.contract
    monthly = replace(series_of(agreed, "operations", 1, "运维月报"), sealed=False)
    return replace(held, contract=replace(agreed, reports=(agreed.reports[0], monthly)))


def test_a_quarter_adds_up_the_months_by_which_data_are_entered() -> None:
    held = months_and_quarters()
    first = quarterly_report.compose(held, reports(held)["Q1"], AS_OF)
    assert (first.period, first.period_label, str(first.report_title)) == (
        "季度", "第一季度", "季度报告",
    )  # fmt: skip
    assert (first.service.this.total.value, str(first.service.this.downtime)) == (91 * 1440, "30")
    assert str(first.service.outages.count) == "3"
    second = quarterly_report.compose(held, reports(held)["M02"], AS_OF)
    assert (second.period, second.service.this.total.value) == ("月", 31 * 1440)
    assert str(second.service.this.downtime) == "10"
    assert str(second.service.to_date.downtime) == "20"


def test_reports_of_a_month_speak_of_months_and_bear_their_series_name() -> None:
    held = months_and_quarters()
    third = reports(held)["M03"]
    assert (third.called, third.folder, third.stem) == (
        "运维月报", "M03", "HT-2026-001_运维月报_M03",
    )  # fmt: skip
    assert (third.sealed, reports(held)["Q1"].sealed) == (False, True)
    assert blocked(reports(held)["M04"]) == ["缺少第4个服务月的运行数据"]
    words = text_of(held, "quarterly_report", "M03")
    assert "第三个服务月" in words
    assert "本季度" not in words
    assert "本月" in words


def chapters_in(text: str) -> list[str]:
    lines = text.splitlines()
    first = len(lines) - lines[::-1].index("概述") - 1
    return list(dict.fromkeys(line for line in lines[first:] if line in CHAPTERS))


def test_series_side_by_side_have_the_chapters_that_the_contract_asks_of_each() -> None:
    held = months_and_quarters()
    quarterly, monthly = held.contract.reports
    short = replace(monthly, chapters=("工单与服务请求", "服务质量"))
    held = replace(held, contract=replace(held.contract, reports=(quarterly, short)))
    assert chapters_in(text_of(held, "quarterly_report", "Q1")) == list(CHAPTERS)
    month = text_of(held, "quarterly_report", "M02")
    assert chapters_in(month) == ["概述", "服务质量", "工单与服务请求"]
    assert [words for words in ("变更", "巡检完成率", "备份", "安全事件") if words in month] == []
    assert [words for words in ("工单及时率", "中断的原因和处理") if words not in month] == []


def test_sample_data_anywhere_behind_a_report_make_it_a_sample() -> None:
    assert not reports(YEAR)["Q1"].sample
    assert not summaries(YEAR)["annual"].sample
    people = roster(row(StaffMember))
    sample = replace(people, cover=replace(people.cover, sample=True))
    assert reports(book(quarter(1), people=sample))["Q1"].sample
    assert YEAR.ledger is not None
    cover = replace(YEAR.ledger.cover, sample=True)
    held = replace(YEAR, ledger=replace(YEAR.ledger, cover=cover))
    assert summaries(held)["annual"].sample
    assert not reports(held)["Q1"].sample, "a quarterly report has nothing from the ledger"


NOT_PROVIDED = (
    "未提供资源台账。【待补】",
    "未提供资源使用数据。【待补】",
    "未提供数据可靠性观测记录。【待补】",
    "未提供巡检记录。【待补】",
    "未提供备份记录。【待补】",
    "未提供安全记录。【待补】",
    "未提供地址分配记录。【待补】",
)
NOTHING_HAPPENED = (
    "无计入可用性的中断记录。",
    "无告警记录。",
    "无工单记录。",
    "无事件与故障记录。",
    "无变更记录。",
    "无应急演练和重大活动值守记录。",
    "无人员变动和培训记录。",
)


@pytest.mark.parametrize(
    ("kind", "part", "period"),
    [("quarterly_report", "Q1", "本季度"), ("annual_summary", "annual", "全年")],
)
def test_a_cover_and_nothing_else_says_what_was_not_provided(
    kind: str, part: str, period: str
) -> None:
    text = text_of(YEAR, kind, part)
    for sentence in (*NOT_PROVIDED, *NOTHING_HAPPENED):
        assert f"{period}{sentence}" in text
    assert "未提供人员名册，在岗人数和保密协议签署情况无法统计。【待补】" in text


@pytest.mark.parametrize("kind", ["quarterly_report", "annual_summary"])
def test_nothing_recorded_is_never_a_hundred_percent(kind: str) -> None:
    one = next(iter(kinds()[kind].plan(YEAR, AS_OF)))
    context = kinds()[kind].compose(YEAR, one, AS_OF)
    whole = [figure for figure in figures(context) if figure.text in ("100%", "100.00%")]
    assert [figure.name for figure in whole] == []


def test_a_summary_leaves_out_the_chapters_of_its_own_that_are_not_asked_for() -> None:
    quarterly, yearly, *others = YEAR.contract.reports
    some = replace(yearly, chapters=("验收自评", "服务质量"))
    terms = replace(YEAR.contract, reports=(quarterly, some, *others))
    text = text_of(replace(YEAR, contract=terms), "annual_summary", "annual")
    left_out = ("资源与费用使用情况", "各季度趋势", "发票和到账", "明细见")
    assert [title for title in left_out if title in text] == []
    assert "验收自评" in text.splitlines()
    assert "合同履约对照" in text


def figures(item: object) -> list[Figure[Any]]:
    if isinstance(item, Figure):
        return [item]
    if isinstance(item, tuple):
        return [figure for inner in item for figure in figures(inner)]
    if is_dataclass(item):
        return [figure for field in fields(item) for figure in figures(getattr(item, field.name))]
    return []


@pytest.mark.parametrize("kind", ["quarterly_report", "annual_summary"])
def test_chapters_have_the_numbers_that_indicators_and_sentences_refer_to(kind: str) -> None:
    held = book(*(quarter(n, outages=[row(Outage)] if n == 1 else []) for n in range(1, 5)))
    part = next(iter(kinds()[kind].plan(held, AS_OF))).part
    assert chapters_in(text_of(held, kind, part)) == list(CHAPTERS)
    assert chapter(CHAPTERS[-1], None) == "第十五章"
