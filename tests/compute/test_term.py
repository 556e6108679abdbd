"""The days the contract fixes: 合同签订 2026-04-29, 自合同签订起 12 个月, four reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from scenarios import accepted as finished
from scenarios import book, contract, ledger

from deliverables.compute.milestones import payment_deadline
from deliverables.compute.term import (
    confidential_until,
    over_half,
    over_half_from,
    quarters,
    service_period,
    term_end,
)
from deliverables.model.contract import Contract
from deliverables.values.calendar import Provisional, Settled, Side
from deliverables.values.dates import Period
from deliverables.values.figure import sources_in
from deliverables.values.period_names import one_before


def inclusive() -> Contract:
    terms = contract()
    return replace(terms, service=replace(terms.service, term_convention="inclusive"))


def test_the_signing_day_is_not_counted() -> None:
    assert service_period(contract()) == Period(date(2026, 4, 30), date(2027, 4, 29))


def test_unless_the_parties_agree_that_it_is() -> None:
    assert service_period(inclusive()) == Period(date(2026, 4, 29), date(2027, 4, 28))


def test_civil_code_is_the_default_where_nothing_is_set() -> None:
    terms = contract()
    unset = replace(terms, service=replace(terms.service, term_convention=None))
    assert service_period(unset) == service_period(terms)


def test_quarters_are_counted_from_the_signing_day_and_are_no_calendar_quarters() -> None:
    assert quarters(contract()) == (
        Period(date(2026, 4, 30), date(2026, 7, 29)),
        Period(date(2026, 7, 30), date(2026, 10, 29)),
        Period(date(2026, 10, 30), date(2027, 1, 29)),
        Period(date(2027, 1, 30), date(2027, 4, 29)),
    )


def test_a_contract_with_three_reports_has_three_parts() -> None:
    (quarterly, *others) = contract().reports
    three = replace(contract(), reports=(replace(quarterly, every_months=4), *others))
    assert [part.last for part in quarters(three)] == [
        date(2026, 8, 29),
        date(2026, 12, 29),
        date(2027, 4, 29),
    ]


@pytest.mark.parametrize(
    ("terms", "day"),
    [(contract(), date(2026, 10, 30)), (inclusive(), date(2026, 10, 29))],
    ids=["civil code", "inclusive"],
)
def test_the_term_is_past_half_from_the_first_day_of_its_second_half(
    terms: Contract, day: date
) -> None:
    assert over_half_from(terms) == day
    assert over_half(terms).value == day


def deadline(number: int, accepted: date | None = None) -> object:
    terms = contract()
    item = terms.payment.instalments[number - 1]
    rows = ledger(finished("最终", accepted)) if accepted else ledger()
    return payment_deadline(terms, rows, item, book().calendar, date(2035, 1, 1))


def test_the_first_instalment_is_due_forty_working_days_after_signing() -> None:
    assert deadline(1) == Settled(date(2026, 6, 29), whose=Side.CLIENTS)


def test_the_second_has_no_deadline_because_the_contract_gives_no_days() -> None:
    assert deadline(2) is None


def test_the_last_has_none_before_acceptance() -> None:
    assert deadline(3) is None


@pytest.mark.parametrize(
    ("accepted", "earliest", "latest"),
    [
        (date(2027, 4, 20), date(2027, 6, 24), date(2027, 7, 2)),  # the end of the term is later
        (date(2027, 4, 29), date(2027, 6, 24), date(2027, 7, 2)),
        (date(2027, 5, 10), date(2027, 7, 5), date(2027, 7, 8)),
        (date(2027, 5, 31), date(2027, 7, 26), date(2027, 7, 29)),
    ],
)
def test_the_last_runs_from_the_later_of_term_end_and_acceptance(
    accepted: date, earliest: date, latest: date
) -> None:
    found = deadline(3, accepted)
    assert isinstance(found, Provisional)
    assert (found.earliest, found.latest) == (earliest, latest)
    assert "2027" in found.reason


def test_confidence_lasts_ten_years_after_the_contract() -> None:
    assert str(confidential_until(contract(), date(2026, 11, 2))) == "2037年4月29日"


def test_counted_from_the_day_the_contract_did_end_where_that_is_known() -> None:
    terms = contract()
    ended = replace(terms, cessation=replace(terms.cessation, ended_on=date(2027, 6, 15)))
    assert str(confidential_until(ended, date(2027, 6, 15))) == "2037年6月15日"
    assert str(confidential_until(ended, date(2027, 6, 14))) == "2037年4月29日"


def test_a_computed_day_leads_back_to_the_lines_it_came_from() -> None:
    found = sources_in(term_end(contract()))
    assert {str(place).rpartition("/")[2].partition(":")[0] for place in found} == {"contract.yaml"}
    assert len(found) == 2


def test_the_half_year_before_is_not_called_as_the_first_half_of_a_year_is() -> None:
    assert [one_before(word) for word in ("月", "季度", "半年")] == ["上月", "上季度", "上期"]
