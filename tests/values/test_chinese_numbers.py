"""Numbers as contracts write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from deliverables.values.chinese_numbers import (
    What,
    amounts,
    amounts_in_words,
    days,
    numbers,
    ratios,
    whole,
    whole_numbers,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("1,000", 1000), ("十二", 12), ("二十四", 24), ("肆", 4), ("贰拾", 20), ("两", 2),
     ("一百零五", 105), ("三万五千", 35000), ("二〇二六", 2026), ("十", 10),
     ("甲", None), ("", None), ("一二十", None), ("百十千", None)],
)  # fmt: skip
def test_whole_numbers(text: str, value: int | None) -> None:
    assert whole(text) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("首款¥1,957,783.48元", ["1957783.48"]),
        ("人民币100,000.00元", ["100000.00"]),
        ("违约金50万元", ["500000"]),
        ("￥5", ["5"]),
        ("¥ 5", ["5"]),
        ("40个工作日", []),
    ],
)
def test_amounts(text: str, values: list[str]) -> None:
    assert [one.value for one in amounts(text)] == [Decimal(value) for value in values]


def test_amounts_in_words_are_read_in_official_form_only() -> None:
    text = "大写:肆佰捌拾玖万肆仟肆佰伍拾捌元柒角贰分,另付壹亿壹仟元整"
    assert [one.value for one in amounts_in_words(text)] == [Decimal("4894458.72")]


@pytest.mark.parametrize(
    ("text", "values"),
    [("40%", ["0.4"]), ("99.9999 %", ["0.999999"]), ("万分之三", ["0.0003"]),
     ("万分之二点五", ["0.00025"]), ("1‰", ["0.001"]),
     ("百分之五", ["0.05"]), ("千分之0.5", ["0.0005"]), ("0. 0 5%", [])],
)  # fmt: skip
def test_ratios(text: str, values: list[str]) -> None:
    assert [one.value for one in ratios(text)] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("text", "value"),
    [("2026年4月29日", date(2026, 4, 29)), ("2026.4.29", date(2026, 4, 29)),
     ("2026-09-08", date(2026, 9, 8)), ("二〇二六年九月八日", date(2026, 9, 8)),
     ("二〇二六年十二月二十四日", date(2026, 12, 24))],
)  # fmt: skip
def test_days(text: str, value: date) -> None:
    assert [one.value for one in days(text)] == [value]


@pytest.mark.parametrize(
    "text", ["2026年4月", "2026年12月2", "2026.4", "2026年13月1日", "12026.4.29"]
)
def test_no_day_is_made_of_less_than_a_day(text: str) -> None:
    assert list(days(text)) == []


def test_every_number_is_found_once_as_the_most_that_it_is() -> None:
    found = numbers("2026年4月29日付¥5.00元(40%),大写伍元整,共3份")
    assert [(one.what, one.text) for one in found] == [
        (What.DAY, "2026年4月29日"), (What.AMOUNT, "¥5.00元"), (What.RATIO, "40%"),
        (What.WORDS, "伍元整"), (What.NUMBER, "3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("三十日内提交十五名人员名单,扣除三百元", ["三十", "十五", "三百元"]),
        ("保证金为百分之五,计壹佰万元", ["百分之五", "壹佰万元"]),
        ("期限为一年,提前一个月通知,各执一份", ["一", "一", "一"]),
        (
            "第三条约定任何一方、双方和第三方,一切之一、一般、一律、一致、一次性、统一,第二人民医院",
            [],
        ),
        ("每逾期一日,每满一个月,同一设备,指派一名代表,每周巡检一次,周一至周五,一式", []),
    ],
)
def test_numerals_are_numbers_where_they_count_something(text: str, said: list[str]) -> None:
    assert [one.text for one in numbers(text)] == said


def test_a_share_behind_a_comma_is_a_share() -> None:
    assert [one.text for one in ratios("另付违约金,5%,不超过1,000.5%")] == ["5%", "1,000.5%"]


def test_whole_numbers_of_a_sentence() -> None:
    assert list(whole_numbers("一式肆份，各执贰份，12个月")) == [1, 4, 2, 12]
