"""Time limits as contracts state them: what is printed reads as the same limit again."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.values.calendar import Deadline, Settled, published_calendar
from deliverables.values.dates import add_months
from deliverables.values.time_limit import (
    EVENTS,
    LENGTH,
    UNSTATED,
    Cycle,
    Event,
    FreeEvent,
    Shape,
    TimeLimit,
    Unit,
    ends,
    ends_after,
    events_in,
    parse,
    show,
)

known = st.sampled_from(sorted(EVENTS)).map(Event)
free = st.text("磋商代表到场文件移交复核", min_size=2, max_size=9).map(
    lambda said: FreeEvent(said=said)
)
events = st.lists(st.one_of(known, free), min_size=1, max_size=3, unique_by=str).map(tuple)
counts, units = st.integers(1, 999), st.sampled_from(Unit)
counted = st.one_of(
    st.builds(TimeLimit, st.sampled_from([Shape.WITHIN, Shape.AFTER, Shape.AHEAD, Shape.FOR]),
              counts, units, events),
    st.builds(TimeLimit, st.sampled_from([Shape.WITHIN, Shape.AHEAD, Shape.FOR]), counts, units),
)  # fmt: skip
recurring = st.one_of(
    st.builds(lambda cycle, day: TimeLimit(Shape.EACH, cycle=cycle, day=day),
              st.sampled_from(Cycle), st.integers(0, 31)),
    st.builds(lambda month, day: TimeLimit(Shape.EACH, cycle=Cycle.YEAR, month=month, day=day),
              st.integers(1, 12), st.integers(1, 31)),
    st.builds(lambda cycle, count, unit: TimeLimit(Shape.EACH, count, unit, cycle=cycle),
              st.sampled_from(Cycle), counts, units),
)  # fmt: skip
vague = st.sampled_from(["及时", "定期", "规定期限内", "双方另行商定的时间"]).map(
    lambda said: TimeLimit(Shape.VAGUE, said=said)
)
later = st.builds(
    lambda first, count, unit: TimeLimit(Shape.WITHIN, count, unit, after=first),
    counted,
    counts,
    units,
)
limits = st.one_of(
    counted, recurring, vague, later, st.just(UNSTATED), st.just(TimeLimit(Shape.ENDLESS))
)


@given(limits)
def test_what_is_printed_reads_as_the_same_limit(limit: TimeLimit) -> None:
    assert parse(show(limit)) == limit


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("合同签订后40个工作日内", "合同签订后40个工作日内"),
        ("服务期届满并通过验收后40个工作日内", "服务期届满且通过验收后40个工作日内"),
        ("服务期满且经甲方验收合格之日起20个工作日内", "服务期届满且通过验收后20个工作日内"),
        ("不可抗力发生之日起15天内", "不可抗力发生后15日内"),
        ("自合同签订起12个月", "自合同签订起12个月"),
        ("合同终止后10年内", "合同终止后10年内"),
        ("至少提前30天", "提前30日"),
        ("提前十个工作日", "提前10个工作日"),
        ("24小时内", "24小时内"),
        ("最终验收合格满12个月后", "通过验收满12个月后"),
        ("自最终验收合格之日起满12个月", "通过验收满12个月后"),
        ("服务期届满6个月后", "服务期届满后满6个月后"),
        ("最终验收合格满12个月后10个工作日内", "通过验收满12个月后10个工作日内"),
        ("每月25日前", "每月25日前"),
        ("每季度首月10日前", "每季度首月10日前"),
        ("每月结束后5个工作日内", "每月结束后5个工作日内"),
        ("每个服务年度", "每个服务年度"),
        ("协议终止后10年", "自合同终止起10年"),
        ("合同终止后六个月", "自合同终止起6个月"),
        ("合同生效后10日", "合同生效后10日内"),
        ("合同签订之日后5个工作日", "合同签订后5个工作日内"),
        ("期限为3个月", "为期3个月"),
        ("每个季度", "每季度"),
        ("每个季度结束后15日内", "每季度结束后15日内"),
        ("每个自然季度首月10日前", "每自然季度首月10日前"),
        ("每年度", "每年"),
        ("每自然月", "每月"),
        ("每个月5日前", "每月5日前"),
        ("每年12月31日前", "每年12月31日前"),
        ("次月5日前", "每月5日前"),
        ("每月结束后次月5日前", "每月5日前"),
        ("每季度结束后次月10日前", "每季度首月10日前"),
        ("中期验收合格后20个工作日内", "通过中期验收后20个工作日内"),
        ("签订合同后10日内", "合同签订后10日内"),
        ("合同期满前一个月", "服务期届满前1个月"),
        ("履约保证金退还后5日内", "退还履约担保后5日内"),
        ("半年内", "6个月内"),
        ("合同终止后半年", "自合同终止起6个月"),
        ("每半年结束后15日内", "每半年结束后15日内"),
        ("未约定", "未约定"),
        ("收到付款申请后10个工作日内", "收到付款材料后10个工作日内"),
        ("收到审计报告后30日内", "结算审计完成后30日内"),
        ("合同解除后30日内", "合同解除后30日内"),
        ("自接到故障通知起4小时内", "接到故障通知后4小时内"),
        ("上线运行后10日内", "系统上线后10日内"),
        ("每月最后一个工作日前", "每月最后一个工作日前"),
        ("规定期限内", "原文“规定期限内”"),
        ("及时", "原文“及时”"),
    ],
)
def test_the_forms_of_contracts_are_read(words: str, shown: str) -> None:
    read = parse(words)
    assert read is not None
    assert show(read) == shown


@pytest.mark.parametrize(
    "words",
    [
        "",
        "尽力",
        "代表到场后3日内",
        "合同签订后内",
        "40",
        "合同签订且审计完成后5日内",
        "服务期满6个月后",
        "服务期满6个月",
        "每年13月1日前",
        "每季度3月1日前",
        "每季度最后一个工作日前",
    ],
)
def test_words_that_are_no_known_event_or_limit_are_not_guessed(words: str) -> None:
    assert parse(words) is None


def test_a_count_behind_a_comma_or_a_numeral_is_read_whole_or_not_at_all() -> None:
    words = "二十四小时内通知,十五日内证明,30日内,1,500日"
    assert [found[0] for found in re.finditer(LENGTH, words)] == ["二十四小时", "十五日", "30日"]


def test_vague_words_never_become_a_number() -> None:
    read = parse("定期")
    assert read is not None
    assert (read.count, read.unit, read.said) == (0, None, "定期")


def test_every_event_is_read_by_its_own_name() -> None:
    for code, (name, _) in EVENTS.items():
        read = events_in(name)
        assert read is not None
        assert [event.code for event in read] == [code]


def test_a_free_event_keeps_the_words_of_the_contract() -> None:
    read = parse("“磋商代表到场”后3日内")
    assert read is not None
    assert read.events == (FreeEvent(said="磋商代表到场"),)
    assert parse("“磋商代表离场”后3日内") != read


@pytest.mark.parametrize(
    "make",
    [
        lambda: TimeLimit(Shape.WITHIN),
        lambda: TimeLimit(Shape.SILENT, 3, Unit.DAY),
        lambda: TimeLimit(Shape.VAGUE),
        lambda: TimeLimit(Shape.EACH, 3, Unit.DAY),
        lambda: TimeLimit(Shape.FOR, 3, Unit.DAY, cycle=Cycle.MONTH),
    ],
)
def test_a_limit_that_says_nothing_cannot_be_made(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="no time limit"):
        make()


CALENDAR = published_calendar()
START, OTHER = FreeEvent(said="移交"), FreeEvent(said="复核")
days = st.dates(date(2024, 1, 1), date(2024, 10, 31))


def last_day(limit: TimeLimit | None, **known: date) -> Deadline | None:
    assert limit is not None
    return ends(limit, {f"“{name}”": day for name, day in known.items()}, CALENDAR)


@given(days, days, st.integers(1, 30), st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.WEEK]))
def test_a_limit_runs_from_the_latest_of_its_events(
    one: date, other: date, count: int, unit: Unit
) -> None:
    both = TimeLimit(Shape.WITHIN, count, unit, (START, OTHER))
    alone = TimeLimit(Shape.WITHIN, count, unit, (START,))
    found = last_day(both, 移交=one, 复核=other)
    assert found == last_day(alone, 移交=max(one, other))
    assert last_day(both, 移交=one) is None


@given(days, st.integers(1, 40))
def test_working_days_end_on_a_working_day_and_are_never_fewer_than_days(
    start: date, count: int
) -> None:
    working = last_day(TimeLimit(Shape.WITHIN, count, Unit.WORKING_DAY, (START,)), 移交=start)
    plain = last_day(TimeLimit(Shape.WITHIN, count, Unit.DAY, (START,)), 移交=start)
    assert isinstance(working, Settled)
    assert isinstance(plain, Settled)
    assert working == CALENDAR.add_workdays(start, count)
    assert start + timedelta(count) <= plain.date <= working.date


@given(days, st.integers(1, 24))
def test_months_end_on_the_corresponding_day_or_the_last_of_a_shorter_month(
    start: date, count: int
) -> None:
    found = last_day(TimeLimit(Shape.FOR, count, Unit.MONTH, (START,)), 移交=start)
    assert found == Settled(add_months(start, count))


@given(days, st.integers(1, 30))
def test_who_must_act_ahead_acts_on_a_working_day_that_is_early_enough(
    event: date, count: int
) -> None:
    found = last_day(TimeLimit(Shape.AHEAD, count, Unit.DAY, (START,)), 移交=event)
    assert isinstance(found, Settled)
    assert found.date <= event - timedelta(count)
    assert CALENDAR.workdays_before(found.date + timedelta(1), 1) == Settled(found.date)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("“移交”后1个月内", date(2024, 1, 31), date(2024, 2, 29)),
        ("自“移交”起12个月", date(2024, 2, 29), date(2025, 2, 28)),
        ("“移交”后15日内", date(2024, 9, 20), date(2024, 10, 8)),  # 5 October is a holiday
        ("（“移交”后10个工作日内）届满后5日内", date(2024, 3, 1), date(2024, 3, 20)),
        ("“移交”后24小时内", date(2024, 3, 1), None),
        ("未约定", date(2024, 3, 1), None),
        ("没有期限", date(2024, 3, 1), None),
        ("原文“及时”", date(2024, 3, 1), None),
    ],
)
def test_the_last_day_of_a_limit(written: str, start: date, end: date | None) -> None:
    assert last_day(parse(written), 移交=start) == (Settled(end) if end else None)


@pytest.mark.parametrize(
    ("written", "period_end", "due"),
    [
        ("每月5日前", date(2024, 6, 30), date(2024, 7, 5)),
        ("每月31日前", date(2024, 5, 31), date(2024, 7, 1)),  # June has 30 days, a Sunday
        ("每季度首月10日前", date(2024, 6, 30), date(2024, 7, 10)),
        ("每月最后一个工作日前", date(2024, 7, 31), date(2024, 8, 30)),  # 31 August is a Saturday
        ("每月结束后5个工作日内", date(2024, 9, 30), date(2024, 10, 12)),
        ("每年12月31日前", date(2024, 12, 31), date(2024, 12, 31)),
        ("每年1月15日前", date(2024, 12, 31), date(2025, 1, 15)),
        ("每年2月31日前", date(2024, 6, 30), date(2025, 2, 28)),
        ("每个服务年度", date(2024, 6, 30), None),
        ("提前10日", date(2024, 6, 30), None),
    ],
)
def test_what_recurs_is_due_after_its_period(
    written: str, period_end: date, due: date | None
) -> None:
    limit = parse(written)
    assert limit is not None
    assert ends_after(limit, period_end, CALENDAR) == (Settled(due) if due else None)
