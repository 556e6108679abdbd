"""What is claimed beside the price is booked by itself: it never mixes with an instalment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from scenarios import accepted, book, claimed, contract, invoiced, ledger, paid, reminded

from deliverables.compute.account import Account, account
from deliverables.compute.claims import VAT_IS_OPEN, claims_on
from deliverables.kinds.settlement_statement import KIND, SettlementStatement
from deliverables.model.ledger_sheets import Ledger

FIRST, SECOND, THIRD = "1957783.48", "1468337.62", "1468337.62"
INVOICE = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", "1" * 20)
LATE = paid(1, date(2026, 8, 5), FIRST)
CLAIM = claimed("ZZ-01", date(2026, 8, 20), "22188.12")
CAME_IN = paid(1, date(2026, 9, 1), "22188.12", claim="ZZ-01", voucher="回单9")


def money(what: Ledger, day: date) -> Account:
    return account(contract(), what, book().calendar, day)


def statement(what: Ledger, day: date) -> SettlementStatement:
    project = book(ledger=what)
    said = KIND.compose(project, KIND.plan(project, day)[0], day)
    assert isinstance(said, SettlementStatement)
    return said


class TestDamagesThatCameIn:
    """The issue's case: 22,188.12 for 违约金 made the instalment negative."""

    what = ledger(INVOICE, LATE, CLAIM, CAME_IN)

    def test_the_instalment_and_the_balance_do_not_know_of_them(self) -> None:
        found = money(self.what, date(2026, 9, 1))
        first = found.instalment(1)
        assert [str(one) for one in (first.received, first.outstanding, first.overpaid)] == [
            "1,957,783.48", "0.00", "0.00",
        ]  # fmt: skip
        assert str(found.outstanding) == "2,936,675.24"
        assert str(found.received) == "1,957,783.48"

    def test_the_claim_is_settled(self) -> None:
        (state,) = claims_on(self.what, date(2026, 9, 1)).states
        assert [str(one) for one in (state.claimed, state.received, state.open)] == [
            "22,188.12", "22,188.12", "0.00",
        ]  # fmt: skip
        assert str(state.standing) == "已结清"

    def test_on_the_day_before_it_was_open(self) -> None:
        (state,) = claims_on(self.what, date(2026, 8, 31)).states
        assert (str(state.open), str(state.standing)) == ("22,188.12", "待收")

    def test_before_it_was_raised_nobody_knew_of_it(self) -> None:
        assert claims_on(self.what, date(2026, 8, 19)).states == ()


def test_what_was_waived_is_no_longer_open() -> None:
    claim = claimed("ZZ-01", date(2026, 8, 20), "22188.12", waived=Decimal("188.12"),
                    waived_on=date(2026, 9, 10), waiver="决定1号")  # fmt: skip
    what = ledger(INVOICE, LATE, claim)
    before, after = (claims_on(what, day).open for day in (date(2026, 9, 9), date(2026, 9, 10)))
    assert (str(before), str(after)) == ("22,188.12", "22,000.00")


def test_what_is_disputed_says_so_until_both_sides_settled_it() -> None:
    claim = claimed("ZZ-01", date(2026, 8, 20), "22188.12", disputed=date(2026, 9, 1),
                    dispute="甲方复函", settled=date(2026, 10, 8))  # fmt: skip
    what = ledger(INVOICE, LATE, claim)
    told = [str(claims_on(what, day).states[0].standing)
            for day in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 8))]  # fmt: skip
    assert told == ["待收", "有异议", "待收"]
    assert str(claims_on(what, date(2026, 9, 1)).disputed) == "22,188.12"


def test_raised_again_the_latest_letter_replaces_the_one_before() -> None:
    what = ledger(INVOICE, claimed("ZZ-01", date(2026, 7, 20), "9397.36"), CLAIM)
    claims = claims_on(what, date(2026, 8, 20))
    assert [str(state.claimed) for state in claims.states] == ["22,188.12"]
    assert str(claims.claimed) == "22,188.12"


class TestTheStatement:
    paid_up = (
        INVOICE, LATE, accepted("中期", date(2026, 11, 16)), paid(2, date(2026, 12, 18), SECOND),
        accepted("最终", date(2027, 5, 12)), paid(3, date(2027, 6, 20), THIRD),
    )  # fmt: skip
    day = date(2027, 6, 30)

    def test_what_is_settled_and_what_is_reserved_stand_in_one_place(self) -> None:
        said = str(statement(ledger(*self.paid_up, CLAIM), self.day).conclusion)
        assert said.startswith(
            "合同款项已全部结清。我公司已主张的违约金、赔偿金尚有22,188.12元未收到"
        )
        assert said.endswith("本单不作为最终结算，上述事项另行结算。")

    def test_damages_that_no_letter_has_claimed_are_reserved_too(self) -> None:
        said = str(statement(ledger(*self.paid_up), self.day).conclusion)
        assert "迟延付款违约金尚有21,731.40元未主张" in said
        assert "最终结算对账单" not in said

    def test_when_nothing_is_reserved_it_is_the_last_word(self) -> None:
        claim = claimed("ZZ-01", date(2026, 8, 20), "21731.40")
        received = paid(1, date(2026, 9, 1), "21731.40", claim="ZZ-01")
        said = statement(ledger(*self.paid_up, claim, received), self.day)
        assert str(said.conclusion) == "合同款项已全部结清。本单为最终结算对账单。"
        assert [str(line.standing) for line in said.claims] == ["已结清"]
        assert str(said.account.received) == "4,894,458.72"

    def test_how_damages_are_taxed_is_an_open_question_and_not_decided(self) -> None:
        notes = [str(note) for note in statement(ledger(*self.paid_up, CLAIM), self.day).notes]
        (note,) = (note for note in notes if "增值税" in note and "违约金" in note)
        assert "由双方财务按主管税务机关的意见确认" in note
        assert "由财务部门与主管税务机关确认" in VAT_IS_OPEN


def test_a_final_statement_and_a_claim_are_made_only_when_somebody_asks() -> None:
    from deliverables.kinds.late_payment_claim import KIND as CLAIMS

    running = book(ledger=ledger(INVOICE, reminded(1, date(2026, 7, 2))))
    assert [one.on_demand for one in CLAIMS.plan(running, date(2026, 7, 9))] == [True]
    assert [one.on_demand for one in KIND.plan(running, date(2026, 7, 9))] == [False]
    over = book(ledger=ledger(*TestTheStatement.paid_up))
    assert [one.on_demand for one in KIND.plan(over, TestTheStatement.day)] == [True]
