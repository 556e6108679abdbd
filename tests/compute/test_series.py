"""Series of reports side by side: quarterly, monthly, yearly; by service or by the calendar."""

from dataclasses import replace
from datetime import date

import pytest
from rows import contract, series_of

from deliverables.compute.series import Report, period_called, reports
from deliverables.compute.term import mark, period_name, quarter_label, quarters, service_months
from deliverables.model.contract import Contract
from deliverables.model.fields import Missing
from deliverables.values.dates import Period

ALL = date.max


def with_series(*every: tuple[int, str], months: str = "") -> Contract:
    """Return the contract of 2026-04-29 for a year, with operations reports of these lengths."""
    agreed = contract()
    series = (series_of(agreed, "operations", length, name) for length, name in every)
    return replace(agreed, reports=tuple(replace(one, months=months) for one in series))


def owed(agreed: Contract) -> list[Report]:
    return list(reports(agreed, "operations", ALL))


def test_months_quarters_halves_and_a_year_stand_side_by_side() -> None:
    agreed = with_series((3, "季度报告"), (1, "月报"), (6, "半年报告"), (12, "年报"))
    marks = [one.part for one in owed(agreed)]
    assert marks == [
        "Q1", "Q2", "Q3", "Q4", *(f"M{month:02}" for month in range(1, 13)), "H1", "H2", "Y1",
    ]  # fmt: skip


def test_data_are_entered_by_the_shortest_series_and_longer_ones_cover_whole_periods() -> None:
    agreed = with_series((3, "季度报告"), (1, "运维月报"))
    assert (mark(agreed, 3), period_name(agreed)) == ("M03", "服务月")
    assert len(quarters(agreed)) == 12
    second = next(one for one in owed(agreed) if one.part == "Q2")
    assert second.numbers == (4, 5, 6)
    assert (second.period.first, second.period.last) == (date(2026, 7, 30), date(2026, 10, 29))


def test_sentences_call_the_days_of_a_report_by_its_period_and_those_of_a_year_all_of_it() -> None:
    agreed = with_series((3, "季度报告"), (6, "半年报告"))
    assert [one.now for one in owed(agreed)][3:5] == ["本季度", "本期"]
    (year,) = reports(contract(), "summary", ALL)
    assert year.now == "全年"
    part = replace(year, period=Period(year.period.first, date(2026, 12, 31)))
    assert part.now == "全服务期"


def test_the_calendar_cuts_the_first_and_the_last_period_short() -> None:
    agreed = with_series((3, "季度报告"), months="calendar")
    found = [(one.label, one.period.first, one.period.last) for one in owed(agreed)]
    assert found[0] == ("2026年第二季度", date(2026, 4, 30), date(2026, 6, 30))
    assert found[1] == ("2026年第三季度", date(2026, 7, 1), date(2026, 9, 30))
    assert found[-1] == ("2027年第二季度", date(2027, 4, 1), date(2027, 4, 29))
    assert service_months(agreed)[1][1].first == date(2026, 5, 1)


def test_a_series_of_unknown_frequency_is_stated_and_owes_nothing() -> None:
    agreed = with_series((3, "季度报告"), (1, "监控报告"))
    (quarterly, monitoring) = agreed.reports
    nobody_knows = replace(monitoring, every_months=Missing("附件一"))
    vague = replace(agreed, reports=(quarterly, nobody_knows))
    assert [one.part for one in owed(vague)] == ["Q1", "Q2", "Q3", "Q4"]
    assert mark(vague, 1) == "Q1"


def test_two_series_of_one_length_have_parts_of_their_own() -> None:
    agreed = with_series((6, "运行报告"), (6, "监控报告"))
    assert [one.part for one in owed(agreed)] == ["H1", "H2", "H1-监控报告", "H2-监控报告"]


@pytest.mark.parametrize(
    ("length", "number", "label", "title"),
    [
        (3, 2, "第二季度", "第二季度报告"),
        (1, 3, "第三个服务月", "第三个服务月季度报告"),
        (6, 1, "第一个半年", "第一个半年季度报告"),
    ],
)
def test_titles_say_no_word_twice(length: int, number: int, label: str, title: str) -> None:
    agreed = with_series((length, "季度报告"))
    assert quarter_label(agreed, number) == label
    assert owed(agreed)[number - 1].title == title


@pytest.mark.parametrize(
    ("length", "words", "number"),
    [
        (1, "第3个服务月", 3), (1, "第三个服务月", 3), (1, "M3", 3), (1, "m03", 3),
        (1, "2026年7月", 3), (1, "2026-07", 3), (1, "2026年12月", 8),
        (3, "Q2", 2), (3, "第二季度", 2), (3, "二季度", 2), (3, "第2个服务季度", 2),
        (6, "H1", 1), (6, "下半年", 2), (12, "第一年度", 1), (4, "第二期", 2),
        (3, "M3", 0), (1, "第二季度", 0), (3, "第五季度", 0),
    ],
)  # fmt: skip
def test_a_period_is_called_as_people_call_it(length: int, words: str, number: int) -> None:
    assert period_called(with_series((length, "报告")), words) == number


def test_by_the_calendar_a_month_is_the_one_of_that_name() -> None:
    agreed = with_series((1, "月报"), months="calendar")
    assert period_called(agreed, "2026年7月") == 4
    assert quarter_label(agreed, 4) == "2026年7月"
