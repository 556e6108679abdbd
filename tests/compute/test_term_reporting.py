from dataclasses import replace

import pytest
from rows import book, contract, quarter

from deliverables.compute.term import (
    quarter_label,
    sample_data,
)
from deliverables.values.chinese_numbers import chinese_ordinal


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_ordinals_are_chinese(number: int, word: str) -> None:
    assert chinese_ordinal(number) == word


def test_a_period_of_three_months_is_a_quarter_another_has_its_own_name() -> None:
    assert quarter_label(contract(), 2) == "第二季度"
    assert quarter_label(contract(months=24, reports=8), 8) == "第八季度"
    assert quarter_label(contract(reports=3), 1) == "第一期"
    assert quarter_label(contract(reports=12), 11) == "第十一个服务月"
    assert quarter_label(contract(reports=2), 2) == "第二个半年"


def test_one_sample_workbook_makes_a_sample_of_the_report() -> None:
    first = quarter(1)
    sample = replace(first, cover=replace(first.cover, sample=True))
    assert not sample_data(book(first), [1, 2])
    assert sample_data(book(sample), [1])
    assert not sample_data(book(sample), [2])
