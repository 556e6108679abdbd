"""How long money is owed: from the deadline, without excused days, late only when surely late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from scenarios import accepted, asked, book, contract, deducted, invoiced, ledger, paid

from deliverables.compute.account import Account, Band, account
from deliverables.compute.open_points import open_points
from deliverables.model.ledger_sheets import FiscalApproval, Ledger

DEADLINE = date(2026, 6, 29)
FIRST = "1957783.48"
INVOICED = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93")


def on(day: date, what: Ledger) -> Account:
    return account(contract(), what, book().calendar, day)


def approval(first: date, last: date) -> FiscalApproval:
    return FiscalApproval(instalment=1, first_day=first, last_day=last, basis="甲方说明")


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, Band.NOT_DUE),
        (1, Band.TO_30),
        (30, Band.TO_30),
        (31, Band.TO_60),
        (60, Band.TO_60),
        (61, Band.TO_90),
        (90, Band.TO_90),
        (91, Band.OVER_90),
    ],
)
def test_days_run_from_the_day_after_the_deadline(days: int, band: Band) -> None:
    age = on(DEADLINE + timedelta(days=days), ledger(INVOICED)).instalment(1).age
    assert (age.days.value, age.band) == (days, band)


def test_they_run_from_the_invoice_that_the_contract_puts_first_and_that_came_later() -> None:
    late = ledger(replace(INVOICED, issued=date(2026, 7, 10)))
    days = [on(date(2026, 7, day), late).instalment(1).age.days.value for day in (9, 10, 11)]
    assert days == [0, 0, 1]


def test_what_is_still_to_be_invoiced_makes_late_only_what_was_invoiced_and_not_paid() -> None:
    half = replace(INVOICED, gross=Decimal("1000000.00"))
    paid_half = paid(1, date(2026, 7, 1), "1000000.00")
    money = [on(date(2026, 7, 9), ledger(half, *rest)) for rest in ((), (paid_half,))]
    assert [one.instalment(1).age.days.value for one in money] == [10, 0]


def test_evidenced_days_of_fiscal_approval_are_not_counted_and_none_of_them_twice() -> None:
    what = ledger(
        INVOICED,
        approval(date(2026, 6, 20), date(2026, 7, 9)),  # ten of its days are past the deadline
        approval(date(2026, 7, 5), date(2026, 7, 19)),  # ten more are new
    )
    assert on(date(2026, 7, 29), what).instalment(1).age.days.value == 30 - 20


def test_an_approval_that_goes_on_excuses_up_to_the_day() -> None:
    what = ledger(INVOICED, approval(date(2026, 6, 30), date(2026, 8, 31)))
    assert on(date(2026, 7, 29), what).instalment(1).age.days.value == 0
    assert on(date(2026, 9, 1), what).instalment(1).age.days.value == 1


@pytest.mark.parametrize(("day", "days"), [(date(2027, 7, 2), 0), (date(2027, 7, 3), 1)])
def test_while_the_calendar_is_unknown_only_what_is_past_the_whole_range_is_late(
    day: date, days: int
) -> None:
    """Forty working days after 29 April 2027 end between 24 June and 2 July."""
    bill = invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45")
    what = ledger(accepted("最终", date(2027, 4, 29)), bill)
    age = on(day, what).instalment(3).age
    assert (age.days.value, age.provisional) == (days, True)


def test_an_instalment_without_a_deadline_is_due_on_demand_once_its_conditions_are_met() -> None:
    before = on(date(2026, 11, 2), ledger()).instalment(2).age
    after = on(date(2026, 11, 20), ledger(accepted("中期", date(2026, 11, 16)))).instalment(2).age
    assert (before.band, after.band) == (Band.NOT_DUE, Band.ON_DEMAND)


def test_the_bands_hold_all_that_is_owed_and_no_overpayment() -> None:
    what = ledger(paid(1, date(2026, 6, 1), "1957883.48"))
    money = on(date(2026, 12, 1), what)
    assert sum(owed.value for owed in money.ageing.values()) == (
        money.outstanding.value + money.overpaid.value
    )
    assert str(money.overpaid) == "100.00"


def test_what_comes_next_is_the_deadline_that_is_not_past() -> None:
    coming = on(DEADLINE, ledger()).next_due
    assert coming is not None
    assert coming.instalment.number == 1
    assert on(DEADLINE + timedelta(days=1), ledger()).next_due is None
    assert on(DEADLINE, ledger(paid(1, DEADLINE, FIRST))).next_due is None


class TestAsked:
    """What was asked for up to a day: paid before the latest letter, and what that asks."""

    def test_nothing_before_the_first_letter(self) -> None:
        first = on(date(2026, 5, 20), ledger(asked(1, date(2026, 5, 21), FIRST))).instalment(1)
        assert (str(first.asked), str(first.unasked)) == ("0.00", "1,957,783.48")

    def test_a_reminder_replaces_the_letter_before(self) -> None:
        what = ledger(asked(1, date(2026, 5, 21), FIRST), asked(1, date(2026, 7, 1), FIRST))
        assert str(on(date(2026, 7, 1), what).instalment(1).asked) == "1,957,783.48"

    def test_a_reminder_for_the_rest_does_not_forget_what_was_paid(self) -> None:
        what = ledger(
            asked(1, date(2026, 5, 21), FIRST),
            paid(1, date(2026, 6, 20), "1000000.00"),
            asked(1, date(2026, 7, 1), "957783.48"),
        )
        first = on(date(2026, 7, 1), what).instalment(1)
        assert (str(first.asked), str(first.unasked)) == ("1,957,783.48", "0.00")

    def test_a_deduction_agreed_on_later_lessens_what_was_asked(self) -> None:
        what = ledger(
            asked(3, date(2027, 5, 13), "1468337.62"), deducted(3, date(2027, 5, 20), "337.62")
        )
        third = on(date(2027, 5, 20), what).instalment(3)
        assert (str(third.asked), str(third.unasked)) == ("1,468,000.00", "0.00")


class TestDisputes:
    """A deduction that is not agreed on is shown and lessens nothing."""

    def test_it_is_disputed_from_the_day_it_was_demanded(self) -> None:
        what = ledger(deducted(3, None, "500.00", status="协商中", raised=date(2027, 2, 8)))
        assert str(on(date(2027, 2, 7), what).disputed) == "0.00"
        money = on(date(2027, 2, 8), what)
        assert (str(money.disputed), str(money.deducted)) == ("500.00", "0.00")
        assert str(money.outstanding) == "4,894,458.72"

    def test_one_agreed_on_since_was_disputed_until_then(self) -> None:
        what = ledger(deducted(3, date(2027, 5, 20), "500.00", raised=date(2027, 2, 8)))
        assert str(on(date(2027, 5, 19), what).disputed) == "500.00"
        assert str(on(date(2027, 5, 20), what).disputed) == "0.00"
        assert str(on(date(2027, 5, 20), what).deducted) == "500.00"

    def test_one_withdrawn_counts_nowhere(self) -> None:
        money = on(date(2027, 5, 20), ledger(deducted(3, None, "500.00", status="已撤销")))
        assert (str(money.disputed), str(money.deducted)) == ("0.00", "0.00")

    def test_one_still_disputed_past_the_deadline_is_an_open_point(self) -> None:
        what = ledger(deducted(1, None, "500.00", status="协商中"))
        held = book(ledger=what)
        assert list(open_points(held, DEADLINE)) == []
        (point,) = open_points(held, DEADLINE + timedelta(days=3))
        assert point.code == "deduction-disputed"
        assert str(point.message) == (
            "500.00 are disputed, instalment 1 was due on 2026-06-29 (3 days ago)"
        )
