"""A day, a moment or a number is the same however a text writes it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.lineage import Stated, plain, stated_in
from deliverables.values.calendar import show_day
from deliverables.values.capitals import write_capitals
from deliverables.values.money import format_yuan


@pytest.mark.parametrize(
    "text",
    [
        "2026年6月29日",
        "2026 年 6 月 29 日",
        "２０２６年６月２９日",
        "2026-06-29",
        "2026/6/29",
        "2026.6.29",
        "二〇二六年六月二十九日",
        "二○二六年六月二十九日",
        "请于2026年6月29日（含当日）前支付",
    ],
)
def test_a_day_in_any_form(text: str) -> None:
    assert stated_in(text) == (date(2026, 6, 29),)


@pytest.mark.parametrize(
    "text",
    [
        "1,957,783.48",
        "1957783.48",
        "１，９５７，７８３．４８元",
        "￥1,957,783.48",
        "195.778348万元",
        "（大写）人民币壹佰玖拾伍万柒仟柒佰捌拾叁元肆角捌分，",
    ],
)
def test_an_amount_in_any_form(text: str) -> None:
    assert stated_in(text) == (Decimal("1957783.48"),)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("99.9343%", (Decimal("99.9343"),)),
        ("2026-05-07 00:20", (datetime(2026, 5, 7, 0, 20),)),
        ("-0.5 分钟", (Decimal("-0.5"),)),
        ("可用性99.93%，中断87分钟", (Decimal("99.93"), Decimal(87))),
        ("2026年13月1日", ()),
        ("2026-05-07 25:00", ()),
        ("第十条", ()),
        ("SXYSR202604152", ()),
        ("1.2.3", ()),
        ("二〇二六年十三月一日", ()),
        ("壹壹元整", ()),
        ("", ()),
    ],
)
def test_what_else_a_text_states_and_does_not(text: str, stated: tuple[Stated, ...]) -> None:
    assert stated_in(text) == stated


@given(st.dates())
def test_every_day_that_is_printed_is_read_again(day: date) -> None:
    assert stated_in(show_day(day)) == (day,) or day.year < 1000


@given(st.decimals(0, 999_999_999, places=2))
def test_every_amount_that_is_printed_is_read_again(amount: Decimal) -> None:
    for printed in (format_yuan(amount), write_capitals(amount)):
        assert stated_in(printed) == (amount,)


def test_texts_that_look_alike_are_one_text() -> None:
    assert plain(" 单位：（ 甲）　ABC  def ") == plain("单位:(甲) abc def")
