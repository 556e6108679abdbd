"""What the contractor pays back when it leaves before the term is over (第十三条)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import book, contract, ledger, paid

from deliverables.compute.account import Account, account
from deliverables.compute.late_payment import Refund, earned_by, exit_known, refund
from deliverables.model.contract import Contract, ContractorExit
from deliverables.model.ledger_sheets import Ledger

FIRST, SECOND = "1957783.48", "1468337.62"
PAID = ledger(paid(1, date(2026, 6, 20), FIRST), paid(2, date(2026, 11, 20), SECOND))


def leaving(last: date, requested: date = date(2026, 8, 3)) -> Contract:
    given = ContractorExit(article="第十三条", requested_on=requested, last_service_day=last)
    return replace(contract(), exit=given)


def money(terms: Contract, what: Ledger, day: date) -> Account:
    return account(terms, what, book().calendar, day)


def refunded(last: date, what: Ledger = PAID) -> Refund:
    terms = leaving(last)
    assert terms.exit is not None
    return refund(terms, terms.exit, money(terms, what, date(2026, 12, 31)))


def test_what_was_paid_less_what_the_days_have_earned() -> None:
    found = refunded(date(2026, 9, 30))
    assert (str(found.served_days), str(found.term_days)) == ("154", "365")
    assert (str(found.earned), str(found.paid)) == ("2,065,059.30", "3,426,121.10")
    assert (str(found.refund), str(found.unpaid)) == ("1,361,061.80", "0.00")


def test_the_first_day_of_service_and_the_last_both_count() -> None:
    assert str(refunded(date(2026, 4, 30)).served_days) == "1"
    assert str(refunded(date(2026, 4, 30)).earned) == "13,409.48"


def test_a_term_served_to_its_end_has_earned_the_whole_sum() -> None:
    assert str(refunded(date(2027, 4, 29)).earned) == "4,894,458.72"


def test_where_less_was_paid_than_earned_nothing_goes_back() -> None:
    found = refunded(date(2026, 12, 31), ledger(paid(1, date(2026, 6, 20), FIRST)))
    assert (str(found.refund), str(found.unpaid)) == ("0.00", "1,340,947.60")


@given(st.integers(1, 365), st.integers(1, 10**11))
def test_what_was_earned_is_rounded_once(served: int, fen: int) -> None:
    total = Decimal(fen) / 100
    off = earned_by(total, served, 365) * 365 - total * served
    assert abs(off) <= Decimal("0.005") * 365


@pytest.mark.parametrize(("day", "known"), [(date(2026, 8, 2), False), (date(2026, 8, 3), True)])
def test_an_exit_is_known_from_the_day_it_was_requested(day: date, known: bool) -> None:
    assert (exit_known(leaving(date(2026, 9, 30)), day) is not None) is known


def test_a_contract_without_an_exit_has_none() -> None:
    assert exit_known(contract(), date(2030, 1, 1)) is None
