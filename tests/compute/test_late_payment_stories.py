"""Who paid late, and since when: stories under the real contract.

40 working days from 2026-04-29 end on 2026-06-29; a day of the first instalment costs 587.335044.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from scenarios import accepted, approving, book, contract, deducted, invoiced, ledger, paid

from deliverables.compute.account import account
from deliverables.compute.late_payment import Lateness, LatePayments, late_payments
from deliverables.model.contract import Contract
from deliverables.model.ledger_sheets import Ledger
from deliverables.values.calendar import Calendar
from deliverables.values.figure import sources_in
from deliverables.values.time_limit import parse

FIRST, SECOND, THIRD = "1957783.48", "1468337.62", "1468337.62"
INVOICED = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93")
NEVER = date(2030, 1, 1)


def late_on(
    day: date, what: Ledger, terms: Contract | None = None, calendar: Calendar | None = None
) -> LatePayments:
    given = terms or contract()
    money = account(given, what, calendar or book().calendar, day)
    return late_payments(given, what, money)


def first(found: LatePayments) -> Lateness:
    late = found.of(1)
    assert late is not None
    return late


def rows(late: Lateness) -> list[tuple[str, str, str, str]]:
    return [(str(one.first), str(one.last), str(one.amount), str(one.damages))
            for one in late.lines]  # fmt: skip


class TestPaidOnTimeOrNotYetDue:
    def test_the_due_day_is_not_late(self) -> None:
        what = ledger(INVOICED, paid(1, date(2026, 6, 29), FIRST))
        assert late_on(NEVER, what).instalments == ()

    def test_before_it_nothing_is(self) -> None:
        assert late_on(date(2026, 6, 29), ledger(INVOICED)).instalments == ()

    def test_the_day_after_it_one_day_is(self) -> None:
        late = first(late_on(date(2026, 6, 30), ledger(INVOICED)))
        assert (str(late.days), str(late.claimable)) == ("1", "587.34")

    def test_an_instalment_without_days_to_pay_is_never_late(self) -> None:
        what = ledger(
            INVOICED,
            paid(1, date(2026, 6, 20), FIRST),
            invoiced(2, date(2026, 11, 20), "1385224.17", "83113.45"),
            accepted("中期", date(2026, 11, 16)),
        )
        assert late_on(NEVER, what).instalments == ()


class TestPaidLateAndSinceSettled:
    what = ledger(INVOICED, paid(1, date(2026, 7, 9), FIRST))

    def test_ten_days_can_still_be_claimed_years_later(self) -> None:
        late = first(late_on(NEVER, self.what))
        assert rows(late) == [("2026-06-30", "2026-07-09", "1,957,783.48", "5,873.35")]
        assert str(late.claimable) == "5,873.35"

    def test_as_of_a_day_before_the_money_it_says_what_it_said_then(self) -> None:
        assert str(first(late_on(date(2026, 7, 1), self.what)).claimable) == "1,174.67"


class TestTwoPartPayments:
    def test_each_amount_runs_for_its_own_days(self) -> None:
        what = ledger(
            INVOICED,
            paid(1, date(2026, 7, 8), "1000000.00"),
            paid(1, date(2026, 7, 20), "957783.48"),
        )
        late = first(late_on(NEVER, what))
        assert rows(late) == [
            ("2026-06-30", "2026-07-08", "1,957,783.48", "5,286.02"),
            ("2026-07-09", "2026-07-20", "957,783.48", "3,448.02"),
        ]
        assert str(late.accrued) == "8,734.04"

    def test_a_part_paid_in_time_is_left_out(self) -> None:
        what = ledger(INVOICED, paid(1, date(2026, 6, 29), "1000000.00"))
        late = first(late_on(date(2026, 7, 9), what))
        assert rows(late) == [("2026-06-30", "2026-07-09", "957,783.48", "2,873.35")]


class TestFiscalApproval:
    """因财政审批导致甲方延迟付款 excuses the client, day for day."""

    what = ledger(
        INVOICED,
        approving(1, date(2026, 6, 30), date(2026, 11, 5)),
        paid(1, date(2026, 11, 12), FIRST),
    )

    def test_only_the_days_after_it_count(self) -> None:
        late = first(late_on(NEVER, self.what))
        assert rows(late) == [("2026-11-06", "2026-11-12", "1,957,783.48", "4,111.35")]

    def test_while_it_goes_on_nothing_is_late(self) -> None:
        assert late_on(date(2026, 11, 2), self.what).instalments == ()

    def test_before_it_began_the_days_were_late(self) -> None:
        approval = approving(1, date(2026, 7, 10), date(2026, 7, 20))
        late = first(late_on(date(2026, 7, 15), ledger(INVOICED, approval)))
        assert [row[:2] for row in rows(late)] == [("2026-06-30", "2026-07-09")]
        (known,) = late.excused
        assert known.basis == "甲方说明函"

    def test_an_approval_of_another_instalment_excuses_nothing(self) -> None:
        approval = approving(3, date(2026, 6, 30), date(2026, 11, 5))
        assert str(first(late_on(date(2026, 7, 9), ledger(INVOICED, approval))).days) == "10"


class TestTheCap:
    def test_it_is_reached_on_the_417th_day(self) -> None:
        day_before, day = (
            late_on(date(2027, 8, 19), ledger(INVOICED)),
            late_on(date(2027, 8, 20), ledger(INVOICED)),
        )
        assert (str(first(day_before).claimable), day_before.capped) == ("244,331.38", False)
        assert (str(first(day).accrued), str(first(day).claimable)) == ("244,918.71", "244,722.93")
        assert day.capped
        assert str(day.cap_bites_on) == str(day_before.cap_bites_on) == "2027年8月20日"

    def test_it_holds_for_all_instalments_together(self) -> None:
        what = ledger(
            INVOICED,
            accepted("最终", date(2027, 5, 12)),
            invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45"),
        )
        found = late_on(NEVER, what)
        assert [str(item.claimable) for item in found.instalments] == ["235,031.90", "9,691.03"]
        assert str(found.claimable) == str(found.cap) == "244,722.93"


class TestACalendarThatIsNotKnown:
    """2027 is not published: the last instalment is due between 2027-07-07 and 2027-07-12."""

    what = ledger(
        accepted("最终", date(2027, 5, 12)),
        invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45"),
    )

    def test_within_the_range_nobody_is_surely_late(self) -> None:
        assert late_on(date(2027, 7, 12), self.what).instalments == ()

    def test_after_its_last_day_the_client_is(self) -> None:
        late = late_on(date(2027, 7, 13), self.what).of(3)
        assert late is not None
        assert [row[:2] for row in rows(late)] == [("2027-07-13", "2027-07-13")]

    def test_once_it_is_published_the_days_are_those_of_the_calendar(self) -> None:
        """Were 2027 without a holiday, 40 weekdays after 2027-05-12 would end on 2027-07-07."""
        known = book().calendar
        published = replace(known, published=known.published | {2027})
        late = late_on(date(2027, 7, 13), self.what, calendar=published).of(3)
        assert late is not None
        assert [row[:2] for row in rows(late)] == [("2027-07-08", "2027-07-13")]


class TestTheInvoiceComesFirst:
    """第六条第3款: without an invoice the client may wait."""

    def test_without_an_invoice_nothing_is_surely_late(self) -> None:
        assert late_on(NEVER, ledger()).instalments == ()

    def test_what_was_invoiced_after_the_deadline_is_late_from_the_day_after(self) -> None:
        what = ledger(invoiced(1, date(2026, 8, 3), "1846965.55", "110817.93"))
        assert first(late_on(date(2026, 8, 5), what)).counted_from == date(2026, 8, 4)

    def test_a_part_that_was_invoiced_is_late_alone(self) -> None:
        what = ledger(invoiced(1, date(2026, 5, 20), "943396.23", "56603.77"))
        assert rows(first(late_on(date(2026, 6, 30), what)))[0][2] == "1,000,000.00"

    def test_where_the_contract_asks_for_none_it_makes_no_difference(self) -> None:
        terms = replace(contract(), invoicing=replace(contract().invoicing, before_payment=False))
        assert str(first(late_on(date(2026, 6, 30), ledger(), terms)).claimable) == "587.34"


def test_an_agreed_deduction_was_never_late() -> None:
    what = ledger(
        accepted("最终", date(2027, 5, 12)),
        invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45"),
        deducted(3, date(2027, 7, 20), "14683.38"),
    )
    late = late_on(date(2027, 7, 22), what).of(3)
    assert late is not None
    assert [row[2] for row in rows(late)] == ["1,453,654.24"]


def test_every_day_and_amount_leads_back_to_the_ledger_and_the_contract() -> None:
    what = ledger(INVOICED, paid(1, date(2026, 7, 9), FIRST))
    places = {
        str(place).partition(":")[0] for place in sources_in(first(late_on(NEVER, what)).lines)
    }
    assert {"ledger.xlsx[发票]!A3", "ledger.xlsx[到账]!A4"} <= places
    assert any(place.endswith("contract.yaml") for place in places)


def test_the_sum_of_all_is_what_they_come_to() -> None:
    found = late_on(date(2026, 7, 9), ledger(INVOICED))
    assert found.accrued.value == found.claimable.value == Decimal("5873.35")


class TestTermsOfOtherContracts:
    """The rate and the cap are shares of what the contract says, and there may be none."""

    def terms(self, **changes: object) -> Contract:
        given = contract()
        late = given.payment.late
        assert late is not None
        changed = replace(late, **changes)  # type: ignore[arg-type]
        return replace(given, payment=replace(given.payment, late=changed))

    def test_a_cap_on_the_overdue_sum_is_each_instalments_own(self) -> None:
        terms = self.terms(cap_ratio=Decimal("0.01"), cap_base="逾期金额")
        found = late_on(NEVER, ledger(INVOICED), terms)
        late = first(found)
        assert (str(late.cap), str(late.claimable), late.capped) == ("19,577.83", "19,577.83", True)
        assert str(late.cap_bites_on) == "2026年8月2日"  # 0.0003 × 34 days is more than 1 %
        assert (found.cap, found.cap_bites_on) == (None, None)

    def test_without_a_cap_all_of_it_can_be_claimed(self) -> None:
        late = first(late_on(NEVER, ledger(INVOICED), self.terms(cap_ratio=None, cap_base=None)))
        assert late.cap is None
        assert late.claimable.value == late.accrued.value > Decimal("244722.93")

    def test_a_rate_on_the_price_is_reckoned_on_it_while_anything_is_open(self) -> None:
        late = first(late_on(date(2026, 6, 30), ledger(INVOICED), self.terms(base="合同总额")))
        assert rows(late) == [("2026-06-30", "2026-06-30", "4,894,458.72", "1,468.34")]

    @pytest.mark.parametrize(
        ("grace", "free"), [("10日内", date(2026, 7, 9)), ("5个工作日内", date(2026, 7, 6))]
    )
    def test_within_the_period_of_grace_nothing_is_owed_for_being_late(
        self, grace: str, free: date
    ) -> None:
        terms = self.terms(grace=parse(grace))
        assert late_on(free, ledger(INVOICED), terms).instalments == ()
        late = first(late_on(free + timedelta(1), ledger(INVOICED), terms))
        assert (str(late.days), str(late.claimable)) == ("1", "587.34")

    def test_a_base_that_is_not_stated_is_the_overdue_sum(self) -> None:
        late = first(late_on(date(2026, 6, 30), ledger(INVOICED), self.terms(base=None)))
        assert str(late.claimable) == "587.34"

    def test_a_contract_that_names_no_damages_claims_none(self) -> None:
        given = contract()
        silent = replace(given, payment=replace(given.payment, late=None))
        found = late_on(NEVER, ledger(INVOICED), silent)
        assert (found.instalments, str(found.claimable), found.cap) == ((), "0.00", None)
