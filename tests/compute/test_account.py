"""The state of the money on a day, told as it happens under the real contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scenarios import (
    accepted,
    approved,
    asked_to_accept,
    book,
    contract,
    deducted,
    invoiced,
    ledger,
    paid,
    sme_contract,
)

from deliverables.compute.account import Account, account, dues, in_words
from deliverables.compute.milestones import payment_deadline
from deliverables.model.contract import Contract
from deliverables.model.ledger_sheets import Ledger
from deliverables.values.calendar import Provisional, Settled, Side
from deliverables.values.figure import Derivation, sources_in

FIRST, SECOND, THIRD = "1957783.48", "1468337.62", "1468337.62"
NEVER = date(2030, 1, 1)


def on(day: date, what_happened: Ledger, terms: Contract | None = None) -> Account:
    return account(terms or contract(), what_happened, book().calendar, day)


def test_before_anything_happens_all_is_outstanding() -> None:
    money = on(date(2026, 5, 1), ledger())
    assert [str(item.due) for item in money.instalments] == [
        "1,957,783.48",
        "1,468,337.62",
        "1,468,337.62",
    ]
    assert str(money.outstanding) == str(money.total) == "4,894,458.72"


def test_a_stated_amount_is_taken_as_it_stands_and_never_recomputed() -> None:
    first = contract().payment.instalments[0]
    assert dues(contract())[0] == first.figure("amount")  # 40 % would be 1,957,783.49 half up


def test_paid_in_full() -> None:
    money = on(NEVER, ledger(paid(1, date(2026, 6, 20), FIRST)))
    first = money.instalment(1)
    assert str(first.outstanding) == "0.00"
    assert first.paid_in_full_on == date(2026, 6, 20)
    assert str(money.outstanding) == "2,936,675.24"


def test_paid_in_two_parts() -> None:
    what = ledger(paid(1, date(2026, 6, 20), "1000000.00"), paid(1, date(2026, 7, 3), "957783.48"))
    between = on(date(2026, 7, 1), what).instalment(1)
    assert (str(between.received), str(between.outstanding)) == ("1,000,000.00", "957,783.48")
    assert between.paid_in_full_on is None
    assert on(date(2026, 7, 3), what).instalment(1).paid_in_full_on == date(2026, 7, 3)


def test_what_is_dated_later_has_not_happened_yet() -> None:
    what = ledger(
        invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93"),
        paid(1, date(2026, 6, 20), FIRST),
        accepted("中期", date(2026, 11, 16)),
        deducted(3, date(2027, 5, 20), "100.00"),
    )
    money = on(date(2026, 5, 19), what)
    assert (money.invoiced.value, money.received.value, money.deducted.value) == (0, 0, 0)
    assert [item.unmet != () for item in money.instalments] == [False, True, True]


def test_deductions_make_three_numbers_due_deducted_and_payable() -> None:
    what = ledger(
        deducted(3, date(2027, 5, 20), "14683.38"),
        deducted(3, date(2027, 5, 21), "300.00", "赔偿金"),
    )
    third = on(NEVER, what).instalment(3)
    assert (str(third.due), str(third.deducted), str(third.payable)) == (
        "1,468,337.62",
        "14,983.38",
        "1,453,354.24",
    )
    assert on(NEVER, what).outstanding.value == Decimal("4894458.72") - Decimal("14983.38")


def test_the_sums_close_to_the_fen() -> None:
    money = on(
        NEVER,
        ledger(
            paid(1, date(2026, 6, 20), FIRST),
            paid(2, date(2026, 12, 18), "1000.01"),
            deducted(3, date(2027, 5, 20), "14683.38"),
        ),
    )
    assert money.total.value == (
        money.received.value + money.deducted.value + money.outstanding.value
    )
    assert money.outstanding.value == sum(item.outstanding.value for item in money.instalments)


class TestConditions:
    """第六条第2款: what must be so before an instalment is due."""

    def test_the_first_needs_the_signature_its_effect_and_public_money(self) -> None:
        found = on(date(2026, 4, 29), ledger()).instalment(1).conditions
        assert [(one.name, str(one.met_on), one.known) for one in found] == [
            ("合同签订", "2026年4月29日", True),
            ("合同生效", "2026年4月29日", True),
            ("财政资金批复", "None", False),
        ]

    def test_what_nobody_told_us_of_is_unknown_and_stands_in_the_way_of_nothing(self) -> None:
        first = on(date(2026, 5, 20), ledger()).instalment(1)
        assert first.unmet == ()
        assert [(one.name, str(one.said)) for one in first.unknown] == [
            ("财政资金批复", "我公司尚未获知")
        ]

    def test_the_approval_is_met_from_the_day_that_its_paper_was_known(self) -> None:
        what = ledger(approved(1, date(2026, 6, 10), evidenced=date(2026, 6, 15)))
        assert on(date(2026, 6, 14), what).instalment(1).unknown != ()
        after = on(date(2026, 6, 15), what).instalment(1).conditions[-1]
        assert (str(after.met_on), str(after.said)) == ("2026年6月10日", "财政批复")

    @pytest.mark.parametrize(
        ("day", "met"), [(date(2026, 10, 29), False), (date(2026, 10, 30), True)]
    )
    def test_the_second_needs_the_term_past_half(self, day: date, met: bool) -> None:
        past_half, _ = on(day, ledger()).instalment(2).conditions
        assert past_half.met is met
        assert past_half.certain_from == date(2026, 10, 30)

    def test_and_an_interim_acceptance_with_evidence(self) -> None:
        what = ledger(accepted("中期", date(2026, 11, 16)))
        _, interim = on(NEVER, what).instalment(2).conditions
        assert (str(interim.met_on), str(interim.said)) == ("2026年11月16日", "中期验收意见")

    def test_without_a_row_it_says_where_the_evidence_is_missing(self) -> None:
        _, interim = on(NEVER, ledger()).instalment(2).conditions
        assert str(interim.reason) == (
            "interim acceptance (第六条第2款第二段) has no evidence in ledger.xlsx[验收]"
        )
        assert str(interim.said) == "尚无中期验收通过的书面依据"

    def test_a_notice_without_a_result_is_no_acceptance_however_long_ago(self) -> None:
        what = ledger(asked_to_accept("中期", date(2026, 11, 9)))
        _, interim = on(NEVER, what).instalment(2).conditions
        assert not interim.met
        assert str(interim.said) == "中期验收通知已于2026年11月9日送达，尚无验收结论"

    def test_an_acceptance_that_failed_is_named(self) -> None:
        what = ledger(accepted("中期", date(2026, 11, 16), "不通过"))
        _, interim = on(NEVER, what).instalment(2).conditions
        assert str(interim.said) == "中期验收（2026年11月16日）未通过"

    def test_one_that_passed_after_failing_counts_from_the_day_it_passed(self) -> None:
        what = ledger(
            accepted("中期", date(2026, 11, 16), "不通过"), accepted("中期", date(2026, 11, 26))
        )
        _, interim = on(NEVER, what).instalment(2).conditions
        assert str(interim.met_on) == "2026年11月26日"

    def test_a_final_acceptance_is_no_interim_one(self) -> None:
        what = ledger(accepted("最终", date(2027, 5, 12)))
        _, interim = on(NEVER, what).instalment(2).conditions
        assert not interim.met

    @pytest.mark.parametrize(
        ("day", "met"), [(date(2027, 4, 29), False), (date(2027, 4, 30), True)]
    )
    def test_the_third_needs_the_term_over_which_it_is_not_on_its_last_day(
        self, day: date, met: bool
    ) -> None:
        end, _ = on(day, ledger()).instalment(3).conditions
        assert end.met is met


class TestDeadlines:
    def test_the_first_is_settled(self) -> None:
        assert on(NEVER, ledger()).instalment(1).deadline == Settled(
            date(2026, 6, 29), whose=Side.CLIENTS
        )

    def test_the_second_has_none(self) -> None:
        assert on(NEVER, ledger()).instalment(2).deadline is None

    def test_the_third_is_a_range_while_2027_is_unpublished(self) -> None:
        found = on(NEVER, ledger(accepted("最终", date(2027, 4, 29)))).instalment(3).deadline
        assert isinstance(found, Provisional)
        assert (found.earliest, found.latest) == (date(2027, 6, 24), date(2027, 7, 2))

    def test_and_unknown_before_acceptance(self) -> None:
        assert on(NEVER, ledger()).instalment(3).deadline is None

    def test_they_are_those_of_the_term(self) -> None:
        first = contract().payment.instalments[0]
        expected = payment_deadline(contract(), ledger(), first, book().calendar, NEVER)
        assert on(NEVER, ledger()).instalment(1).deadline == expected


class TestSmallAndMediumEnterprises:
    """50 %, 20 % and the rest; the contract states no amounts for them."""

    def test_all_but_the_last_are_shares_and_the_last_is_what_remains(self) -> None:
        assert [str(due) for due in dues(sme_contract())] == [
            "2,447,229.36",
            "978,891.74",
            "1,468,337.62",
        ]

    def test_they_sum_to_the_total(self) -> None:
        assert sum(due.value for due in dues(sme_contract())) == contract().payment.total

    def test_the_plans_are_never_mixed(self) -> None:
        money = on(NEVER, ledger(), sme_contract())
        assert [str(item.ratio) for item in money.instalments] == ["50%", "20%", "余额"]
        standard = on(NEVER, ledger())
        assert [str(item.ratio) for item in standard.instalments] == ["40%", "30%", "余额"]

    def test_their_amounts_say_how_they_were_computed(self) -> None:
        origin = dues(sme_contract())[0].origin
        assert isinstance(origin, Derivation)
        assert "合同总额" in [figure.name for figure in origin.inputs]


def test_every_figure_leads_back_to_files() -> None:
    money = on(NEVER, ledger(paid(1, date(2026, 6, 20), FIRST)))
    assert "ledger.xlsx[到账]!A3" in {str(place) for place in sources_in(money.outstanding)}


def test_nothing_received_leads_back_to_the_sheet_that_has_no_rows() -> None:
    received = on(NEVER, ledger()).instalment(1).received
    assert {str(place) for place in sources_in(received)} == {"ledger.xlsx[到账]"}


def test_nothing_received_for_an_instalment_leads_back_to_what_came_for_others() -> None:
    received = on(NEVER, ledger(paid(1, date(2026, 6, 20), FIRST))).instalment(2).received
    assert isinstance(received.origin, Derivation)
    assert not received.origin.inputs
    assert [str(one.origin) for one in received.origin.among or ()] == ["ledger.xlsx[到账]!A3"] * 3


def test_amounts_in_words_carry_the_currency() -> None:
    first = on(NEVER, ledger()).instalment(1).due
    assert str(in_words(first)) == "人民币壹佰玖拾伍万柒仟柒佰捌拾叁元肆角捌分"


def test_an_instalment_the_contract_lacks_is_refused() -> None:
    with pytest.raises(KeyError):
        on(NEVER, ledger()).instalment(4)


def test_a_condition_the_program_does_not_know_is_refused() -> None:
    terms = contract()
    odd = replace(terms.payment.instalments[0], conditions=("full_moon",))
    changed = replace(terms, payment=replace(terms.payment, instalments=(odd,)))
    with pytest.raises(KeyError, match="full_moon"):
        on(NEVER, ledger(), changed)
