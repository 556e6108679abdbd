"""The end of service is one fact: plan, reports, availability, overview and workbooks ask for it.

A contract that runs from 2026-04-30 to 2027-04-29 is left on 2026-12-31: asked for on 2026-11-20,
permitted on 2026-12-01.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from checking import Q1, codes_with, in_contract
from rows import book, quarter
from scenarios import contract as signed
from scenarios import ledger

from deliverables.compute.assumptions import about, assumptions
from deliverables.compute.availability import measured_over
from deliverables.compute.milestones import conditions
from deliverables.compute.term import (
    ended_early,
    served_period,
    served_quarters,
    service_end,
    service_period,
)
from deliverables.kinds import annual_summary, quarterly_report
from deliverables.model.book import ContractBook
from deliverables.model.contract import ContractorExit
from deliverables.overview.svg_charts import quarter_lines
from deliverables.setup import quarter_of
from deliverables.values.dates import Period
from deliverables.values.figure import Line

BEFORE, AFTER = date(2026, 11, 30), date(2027, 1, 15)
LAST = date(2026, 12, 31)
LEAVING = ContractorExit(
    article="第十三条",
    requested_on=date(2026, 11, 20),
    permitted_on=date(2026, 12, 1),
    last_service_day=LAST,
    document="许可函",
    places={"": Line("contract.yaml", 90, 3)},
)


def leaving(**changed: object) -> ContractBook:
    held = book(*(quarter(number) for number in range(1, 4)))
    exit_ = replace(LEAVING, **changed)  # type: ignore[arg-type]
    return replace(held, contract=replace(held.contract, exit=exit_))


def ended(**facts: object) -> ContractBook:
    held = book(*(quarter(number) for number in range(1, 4)))
    cessation = replace(held.contract.cessation, **facts)  # type: ignore[arg-type]
    return replace(held, contract=replace(held.contract, cessation=cessation))


def test_a_permission_ends_the_service_from_its_day_on() -> None:
    contract = leaving().contract
    ends = [service_end(contract, day).value for day in (BEFORE, date(2026, 12, 1), AFTER)]
    assert ends == [date(2027, 4, 29), LAST, LAST]
    assert [ended_early(contract, day) for day in (BEFORE, AFTER)] == [False, True]
    assert served_period(contract, AFTER) == Period(date(2026, 4, 30), LAST)


def test_an_exit_that_nobody_permitted_ends_nothing() -> None:
    assert not ended_early(leaving(permitted_on=None).contract, date(2027, 6, 1))


@pytest.mark.parametrize(
    ("facts", "as_of", "end"),
    [
        ({"ended_on": LAST, "ended_known_on": date(2026, 11, 2)}, BEFORE, LAST),
        ({"ended_on": LAST}, BEFORE, date(2027, 4, 29)),  # nobody says since when it is known
        ({"ended_on": LAST}, LAST, LAST),
        ({"ended_on": date(2027, 6, 30)}, AFTER, date(2027, 4, 29)),  # the service ends before it
    ],
)
def test_so_does_an_end_of_the_contract_within_the_term(
    facts: dict[str, object], as_of: date, end: date
) -> None:
    assert service_end(ended(**facts).contract, as_of).value == end


def test_the_last_quarter_is_cut_short_and_those_after_it_are_not_there() -> None:
    quarters = served_quarters(leaving().contract, AFTER)
    assert [part.last for part in quarters] == [date(2026, 7, 29), date(2026, 10, 29), LAST]


def test_no_report_is_planned_of_a_quarter_that_was_not_served() -> None:
    held = leaving()
    before, after = (
        {one.part: one.possible_from for one in quarterly_report.plan(held, day)}
        for day in (BEFORE, AFTER)
    )
    assert list(before) == ["Q1", "Q2", "Q3", "Q4"]
    assert list(after) == ["Q1", "Q2", "Q3"]
    assert after["Q3"] == date(2027, 1, 1)


def test_the_summary_covers_what_was_served_and_says_so() -> None:
    held = leaving()
    (one,) = annual_summary.plan(held, AFTER)
    assert (one.possible_from, one.blockers) == (date(2027, 1, 1), ())
    said = annual_summary.compose(held, one, AFTER)
    assert str(said.last_day) == "2026年12月31日"
    assert said.service.this.total.value == 246 * 1440
    assert (said.now, said.service.this.label) == ("全服务期", "全服务期"), "it was no year"
    assert [line.label for line in said.service.quarters] == ["第一季度", "第二季度", "第三季度"]
    early = "服务提前于2026年12月31日终止，依据为许可函；其后的日期不计入报告期和可用性的总时长。"
    assert early in [str(text) for text in said.assumptions]


def test_days_that_were_not_served_are_not_measured() -> None:
    minutes = [measured_over(leaving(), [1, 2, 3], day).total_minutes for day in (BEFORE, AFTER)]
    assert minutes == [275 * 1440, 246 * 1440]


def test_the_overview_has_no_quarter_beyond_the_end() -> None:
    found = list(quarter_lines(leaving(), AFTER))
    assert [(period.last, line is None) for _, period, line in found][2:] == [(LAST, False)]


def test_a_workbook_is_asked_for_up_to_the_end() -> None:
    assert quarter_of(leaving(), 3) == Period(date(2026, 10, 30), LAST)
    assert quarter_of(leaving(), 4) is None


@pytest.mark.parametrize("as_of", [BEFORE, AFTER, date(2027, 5, 1)], ids=str)
def test_an_event_of_the_term_that_lies_behind_the_end_comes_no_more(as_of: date) -> None:
    contract = replace(signed(), exit=LEAVING)
    known = ledger()
    half, end = (
        conditions(contract, known, contract.payment.instalments[number], as_of)[0]
        for number in (1, 2)
    )
    assert not half.lapsed, "the term was past half before the service ended"
    assert end.lapsed == (as_of != BEFORE)
    if end.lapsed:
        assert str(end.said) == "服务已提前终止，末日为2026年12月31日，服务期届满不再届至"
        assert end.certain_from is None
        assert end.unmet


def test_the_term_itself_stays_what_was_signed() -> None:
    contract = leaving().contract
    assert service_period(contract).last == date(2027, 4, 29)
    assert not about(assumptions(book(quarter(1)), AFTER), "exit")


def test_check_asks_the_cover_of_the_last_quarter_for_the_day_of_the_end(tmp_path: Path) -> None:
    exit_ = (
        "switch_over: 服务期届满后3个月内}\nexit: {article: 第十三条, requested_on: 2026-05-20, "
        "last_service_day: 2026-06-30, permitted_on: 2026-06-01, document: 许可函}"
    )
    change = in_contract("switch_over: 服务期届满后3个月内}", exit_)
    shorter = {"file": Q1, "sheet": "说明", "cell": "B4", "value": date(2026, 6, 30)}
    assert "quarter-period" in codes_with(tmp_path / "long", change)
    assert "quarter-period" not in codes_with(tmp_path / "short", change, shorter)
