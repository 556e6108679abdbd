"""One table of the events that release a payment, which everything else reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from scenarios import accepted, contract, ledger

from deliverables.compute.milestones import (
    MILESTONES,
    conditions,
    interim_asked,
    met_first_on,
    milestone,
    milestones_of,
    payment_deadline,
)
from deliverables.model.contract import Instalment
from deliverables.model.fields import declarations
from deliverables.model.ledger_sheets import Acceptance, Occurrence
from deliverables.values.calendar import Settled, Side, published_calendar
from deliverables.values.dates import Period
from deliverables.values.figure import sources_in
from deliverables.values.time_limit import EVENTS, UNSTATED, events_in, parse

LATER = date(2030, 1, 1)


def hanging_on(*conditions: str, deadline: str = "未约定") -> Instalment:
    first = contract().payment.instalments[0]
    return replace(first, conditions=conditions, deadline=parse(deadline) or UNSTATED)


def test_every_event_that_contract_yaml_can_name_has_its_row() -> None:
    assert set(MILESTONES) == set(EVENTS)


@pytest.mark.parametrize("code", MILESTONES)
def test_every_event_says_how_it_stands_and_on_what_that_rests(code: str) -> None:
    happened = ledger(accepted("中期", date(2026, 11, 16)), accepted("最终", date(2027, 5, 12)))
    for rows, day in ((ledger(), date(2026, 4, 1)), (happened, LATER)):
        (found,) = conditions(contract(), rows, hanging_on(code), day)
        assert found.name == MILESTONES[code].name
        assert sources_in(found.said)
        assert found.met or str(found.reason)


def test_an_event_counts_as_met_from_the_day_that_is_beyond_doubt() -> None:
    happened = ledger(accepted("最终", date(2027, 5, 12)))
    item = hanging_on("signing", "end_of_term", "final_acceptance")
    found = conditions(contract(), happened, item, LATER)
    assert [met_first_on(one) for one in found] == [
        date(2026, 4, 29),
        date(2027, 4, 30),  # the last day of the term is not over until it is over
        date(2027, 5, 12),
    ]


def test_what_has_not_happened_has_no_day() -> None:
    (found,) = conditions(contract(), ledger(), hanging_on("interim_acceptance"), LATER)
    assert met_first_on(found) is None


def test_each_of_several_interim_acceptances_is_met_by_its_own_row() -> None:
    passed = ledger(accepted("第一次中期", date(2026, 11, 16)))
    both = hanging_on("interim_acceptance_1", "interim_acceptance_2")
    first, second = conditions(contract(), passed, both, LATER)
    assert (first.name, met_first_on(first)) == ("第一次中期验收通过", date(2026, 11, 16))
    assert (str(second.said), second.met) == ("尚无第二次中期验收通过的书面依据", False)
    (alone,) = conditions(contract(), passed, hanging_on("interim_acceptance"), LATER)
    assert alone.met  # a contract with one names no number


def test_a_contract_counts_as_many_interim_acceptances_as_it_likes() -> None:
    passed = ledger(accepted("第二十四次中期", date(2026, 11, 16)))
    both = hanging_on("interim_acceptance_24", "interim_acceptance_120")
    known, open_ = conditions(contract(), passed, both, LATER)
    assert (known.name, known.met) == ("第二十四次中期验收通过", True)
    assert (open_.name, open_.met) == ("第120次中期验收通过", False)
    assert declarations(Acceptance)["stage"].parse("第24次中期验收") == "第二十四次中期"
    with pytest.raises(KeyError):
        milestone("interim_acceptance_0")


def test_the_interim_acceptance_that_is_asked_for_is_the_next_that_has_not_passed() -> None:
    items = tuple(
        replace(hanging_on(f"interim_acceptance_{number}"), number=number) for number in (1, 2)
    )
    agreed = replace(contract(), payment=replace(contract().payment, instalments=items))
    ledgers = [ledger(*(accepted(f"第{n}次中期", date(2026, 11, 16)) for n in passed))
              for passed in ("", "一", "一二")]  # fmt: skip
    asked = [interim_asked(agreed, one, LATER) for one in ledgers]
    assert [one and one[1].stage for one in asked] == ["第一次中期", "第二次中期", "第二次中期"]
    assert interim_asked(replace(agreed, payment=contract().payment), None, LATER) is not None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("通过第二次中期验收", "interim_acceptance_2"),
        ("第一阶段验收合格", "interim_acceptance_1"),
        ("通过甲方第3期验收", "interim_acceptance_3"),
        ("通过中期验收", "interim_acceptance"),
        ("通过第二十四次中期验收", "interim_acceptance_24"),
        ("第120期评审通过", "interim_acceptance_120"),
    ],
)
def test_contracts_number_their_interim_acceptances_in_their_own_words(
    words: str, code: str
) -> None:
    assert [event.code for event in events_in(words) or ()] == [code]


def test_days_to_pay_run_from_the_latest_of_the_events_that_start_them() -> None:
    by_signing = hanging_on("signing", deadline="合同签订后40个工作日内")
    due = payment_deadline(contract(), ledger(), by_signing, published_calendar(), LATER)
    assert due == Settled(date(2026, 6, 29), whose=Side.CLIENTS)
    by_both = hanging_on("end_of_term", deadline="服务期届满且通过验收后40个工作日内")
    assert payment_deadline(contract(), ledger(), by_both, published_calendar(), LATER) is None
    assert [row.code for row in milestones_of(by_both)] == ["end_of_term"]


def test_days_to_pay_run_from_the_end_of_a_time_that_follows_an_event() -> None:
    item = hanging_on("服务期届满后满6个月后", deadline="服务期届满6个月后15日内")
    (condition,) = conditions(contract(), ledger(), item, LATER)
    assert met_first_on(condition) == date(2027, 10, 30)
    due = payment_deadline(contract(), ledger(), item, published_calendar(), LATER)
    assert due is not None
    assert due.latest == date(2027, 11, 15)


def test_that_nothing_went_wrong_is_met_by_the_row_of_a_person_and_by_no_day_that_goes_by() -> None:
    item = hanging_on("“无质量问题”")
    (open_still,) = conditions(contract(), ledger(), item, LATER)
    assert (open_still.met, str(open_still.said)) == (False, "尚无书面依据")
    row = Occurrence(event="无质量问题", happened=date(2027, 6, 1), basis="质量确认单")
    (confirmed,) = conditions(contract(), ledger(row), item, LATER)
    assert (met_first_on(confirmed), str(confirmed.said)) == (date(2027, 6, 1), "质量确认单")


def test_the_end_of_a_month_is_that_of_the_month_that_is_paid_for() -> None:
    month = Period(date(2026, 6, 30), date(2026, 7, 29))
    item = replace(hanging_on("end_of_month"), each="月", period=month)
    on_the_day, after = (
        conditions(contract(), ledger(), item, day)[0] for day in (month.last, date(2026, 7, 30))
    )
    assert (on_the_day.met, met_first_on(after)) == (False, date(2026, 7, 30))


def test_the_contract_may_end_on_another_day_than_its_term() -> None:
    ended = replace(contract().cessation, ended_on=date(2026, 12, 1), ended_by="解除协议")
    agreed = replace(contract(), cessation=ended)
    (found,) = conditions(agreed, ledger(), hanging_on("termination"), LATER)
    assert (met_first_on(found), str(found.said)) == (date(2026, 12, 1), "解除协议")
    (not_ended,) = conditions(contract(), ledger(), hanging_on("termination"), LATER)
    assert not not_ended.met
