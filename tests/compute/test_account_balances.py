"""Whatever happens to the money, in whatever order: the account balances to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import book, contract, deducted, ledger

from deliverables.checks.ledger import (
    agreed_with_a_day,
    amounts_positive,
    invoice_numbers_once,
    invoice_sums,
    invoices_named,
    not_overpaid,
    not_twice,
    paid_after_invoice,
    paid_despite_deductions,
    refunds_covered,
    requests_in_order,
    requests_within_payable,
    reversals,
    signs,
    vouchers,
    within_due,
)
from deliverables.compute.account import account
from deliverables.model.book import ContractBook
from deliverables.model.ledger_sheets import Invoice, Ledger, Payment, PaymentRequestSent
from deliverables.values.money import split_gross
from deliverables.values.problem import Problem, Severity

RULES = (
    invoice_numbers_once, invoice_sums, amounts_positive, signs,
    reversals, not_twice, paid_after_invoice, not_overpaid,
    refunds_covered, vouchers, invoices_named,
    paid_despite_deductions, within_due, agreed_with_a_day,
    requests_in_order, requests_within_payable,
)  # fmt: skip
UNINVOICED = {"payment-before-invoice", "paid-invoice-reversed", "overpaid"}
START = date(2027, 5, 1)
RATE = Decimal("0.06")
DUE = {item.number: item.amount or Decimal(0) for item in contract().payment.instalments}


@dataclass
class Story:
    """Events that may happen, one a day; each amount is a share of what is possible then."""

    events: list[Any] = field(default_factory=list)

    @property
    def today(self) -> date:
        return START + timedelta(days=len(self.events))

    def of(self, kind: type, instalment: int) -> list[Any]:
        return [e for e in self.events if isinstance(e, kind) and e.instalment == instalment]

    def money(self) -> Any:
        return account(contract(), ledger(*self.events), book().calendar, self.today)

    def happen(self, what: str, instalment: int, share: int) -> None:
        event = getattr(self, what)(instalment, Decimal(share) / 100)
        if event is not None:
            self.events.append(event)

    def ask(self, instalment: int, share: Decimal) -> PaymentRequestSent | None:
        amount = _part(self.money().instalment(instalment).outstanding.value, share)
        if amount <= 0:
            return None
        return PaymentRequestSent(instalment=instalment, sent=self.today, amount=amount)

    def invoice(self, instalment: int, share: Decimal) -> Invoice | None:
        left = DUE[instalment] - self.money().instalment(instalment).invoiced.value
        return self._invoice(instalment, _part(left, share))

    def reverse(self, instalment: int, share: Decimal) -> Invoice | None:
        """Reverse a part of the first blue invoice that has something left."""
        issued = self.of(Invoice, instalment)
        for blue in issued:
            reds = [red for red in issued if red.reverses == blue.number]
            left = [getattr(blue, n) + sum(getattr(r, n) for r in reds) for n in ("net", "gross")]
            if blue.reverses is None and left[1] > 0:
                gross = left[1] if share == 1 else min(_part(left[1], share), left[0])
                net = left[0] if share == 1 else split_gross(gross, RATE).net
                if gross <= 0 or left[1] - gross < left[0] - net:
                    return None
                return self._invoice(instalment, -gross, net=-net, reverses=blue.number)
        return None

    def receive(self, instalment: int, share: Decimal) -> Payment | None:
        """Receive a share of what is due, invoiced or not, and sometimes too much."""
        return self._payment(instalment, _part(DUE[instalment], share))

    def refund(self, instalment: int, share: Decimal) -> Payment | None:
        received = self.money().instalment(instalment).received.value
        return self._payment(instalment, -_part(received, share), remark="退款")

    def deduct(self, instalment: int, share: Decimal) -> Any:
        left = self.money().instalment(3).payable.value
        amount = _part(left, share / 10)
        return deducted(3, self.today, str(amount)) if amount > 0 else None

    def dispute(self, instalment: int, share: Decimal) -> Any:
        amount = str(_part(DUE[3], share) or 1)
        return deducted(3, None, amount, status="协商中", raised=self.today)

    def _invoice(
        self, instalment: int, gross: Decimal, *, net: Decimal | None = None, **more: Any
    ) -> Invoice | None:
        if not gross:
            return None
        net = split_gross(gross, RATE).net if net is None else net
        if not net:
            return None
        number = f"{26112000000000000000 + len(self.events)}"
        return Invoice(instalment=instalment, number=number, issued=self.today, type="普通发票",
                       net=net, rate=RATE, tax=gross - net, gross=gross, **more)  # fmt: skip

    def _payment(self, instalment: int, amount: Decimal, **more: Any) -> Payment | None:
        if not amount:
            return None
        return Payment(instalment=instalment, received=self.today, amount=amount, **more)


def _part(amount: Decimal, share: Decimal) -> Decimal:
    return max(Decimal("0.00"), (amount * share).quantize(Decimal("0.01")))


WHAT = ("ask", "invoice", "reverse", "receive", "refund", "deduct", "dispute")


@st.composite
def stories(draw: st.DrawFn) -> Ledger:
    story = Story()
    happenings = st.tuples(st.sampled_from(WHAT), st.sampled_from((1, 2, 3)), st.integers(1, 100))
    for what, instalment, share in draw(st.lists(happenings, max_size=12)):
        story.happen(what, instalment, share)
    return ledger(*story.events)


def problems(held: ContractBook) -> Iterator[Problem]:
    for rule in RULES:
        yield from rule(held)


@given(stories())
def test_whatever_happens_lawfully_the_account_balances_and_no_error_is_told(what: Ledger) -> None:
    """One test of three: to tell a story costs more than to look at it."""
    asked_and_left_to_ask_are_the_contract_less_deductions(what)
    balances_to_the_fen_on_every_day(what)
    has_no_error_and_money_without_an_invoice_is_flagged(what)


def asked_and_left_to_ask_are_the_contract_less_deductions(what: Ledger) -> None:
    for day in (START, START + timedelta(days=5), START + timedelta(days=20)):
        money = account(contract(), what, book().calendar, day)
        assert money.asked.value + money.unasked.value == money.total.value - money.deducted.value
        assert all(item.unasked.value >= 0 for item in money.instalments)


def balances_to_the_fen_on_every_day(what: Ledger) -> None:
    for day in (START + timedelta(days=days) for days in range(0, 14, 3)):
        money = account(contract(), what, book().calendar, day)
        left = money.total.value - money.received.value - money.deducted.value
        assert money.outstanding.value == left
        assert left == sum(item.outstanding.value for item in money.instalments)
        owed = sum(band.value for band in money.ageing.values())
        assert owed == left + money.overpaid.value
        blue = sum(row.gross for row in what.invoices if not row.red and row.issued <= day)
        red = sum(row.gross for row in what.invoices if row.red and row.issued <= day)
        assert money.invoiced.value == blue + red
        assert 0 <= money.invoiced.value <= money.total.value


def has_no_error_and_money_without_an_invoice_is_flagged(what: Ledger) -> None:
    held = book(ledger=what)
    found = list(problems(held))
    assert [str(problem) for problem in found if problem.severity is Severity.ERROR] == []
    money = account(contract(), what, held.calendar, START + timedelta(days=30))
    if any(item.received.value > item.invoiced.value for item in money.instalments):
        assert UNINVOICED & {problem.code for problem in found}


@pytest.mark.parametrize("what", WHAT)
def test_every_kind_of_event_can_happen(what: str) -> None:
    story = Story()
    for before in ("invoice", "receive", what):
        story.happen(before, 3, 50)
    assert len(story.events) == 3


def test_an_account_that_does_not_balance_is_noticed() -> None:
    """The property is no tautology: a receipt of an instalment nobody has is missing in it."""
    stray = ledger(Payment(instalment=9, received=START, amount=Decimal("1.00")))
    money = account(contract(), stray, book().calendar, START)
    assert money.received.value != sum(row.amount for row in stray.payments)
