"""Rules about deductions and about letters that ask for payment: what lessens what is asked."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from deliverables.checks.ledger import ledgers
from deliverables.checks.price import amounts_due, excess
from deliverables.checks.rows import grouped, label, repeated, where
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.ledger import (
    AGREED,
    REDUCES_INVOICE,
    Deduction,
    Ledger,
    PaymentRequestSent,
)
from deliverables.model.record import Row
from deliverables.money import format_yuan
from deliverables.problem import Problem, error, warning

_NONE = Decimal(0)


def _agreed(ledger: Ledger) -> list[Deduction]:
    return [row for row in ledger.deductions if row.status == AGREED]


def deductions_allowed(book: ContractBook) -> Iterable[Problem]:
    """Deductions are made from an instalment that the contract lets be reduced (Art. 6.2)."""
    reducible = {item.number for item in book.contract.payment.instalments if item.deducts}
    known = {item.number for item in book.contract.payment.instalments}
    for ledger in ledgers(book):
        for deduction in ledger.deductions:
            if deduction.instalment in known - reducible:
                yield error(
                    "deduction-not-allowed",
                    deduction.place("instalment"),
                    say(
                        "instalment {number} is not reduced by penalties or damages, expected {ok}",
                        number=deduction.instalment,
                        ok=", ".join(map(str, sorted(reducible))) or say("none"),
                    ),
                    say("book the deduction to the instalment that it is taken from (Art. 6.2)"),
                )


def paid_despite_deductions(book: ContractBook) -> Iterable[Problem]:
    """What was deducted is not paid: if it was, one of the two entries is wrong."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        payments = grouped(ledger.payments, lambda row: row.instalment)
        for number, deductions in grouped(_agreed(ledger), lambda row: row.instalment).items():
            received = sum((row.amount for row in payments.get(number, [])), Decimal(0))
            deducted = sum((row.amount for row in deductions), Decimal(0))
            if received and number in due and due[number] - deducted < received <= due[number]:
                yield warning(
                    "deduction-not-withheld",
                    payments[number][-1].place("amount"),
                    say(
                        "instalment {number} is {due} less {deducted} deducted, {received} was "
                        "received ({difference})",
                        number=number,
                        due=format_yuan(due[number]),
                        deducted=format_yuan(deducted),
                        received=format_yuan(received),
                        difference=excess(received - due[number] + deducted),
                    ),
                    say("check the deduction with the client; it is due back if it was agreed"),
                )


def within_due(book: ContractBook) -> Iterable[Problem]:
    """No instalment is reduced beyond what it comes to: the rest is a claim."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        sums: dict[int, Decimal] = {}
        for row in _agreed(ledger):
            number = row.instalment
            sums[number] = sums.get(number, _NONE) + row.amount
            if number in due and sums[number] > due[number]:
                yield error(
                    "instalment-exceeded",
                    row.place("amount"),
                    say(
                        "up to this row, {label} of instalment {number} sums to {found}, the "
                        "instalment is {due} ({difference})",
                        label=label(row, "amount"),
                        number=number,
                        found=format_yuan(sums[number]),
                        due=format_yuan(due[number]),
                        difference=excess(sums[number] - due[number]),
                    ),
                    say("correct the amounts, or book the excess to the instalment it belongs to"),
                )


def agreed_with_a_day(book: ContractBook) -> Iterable[Problem]:
    """What was agreed on has its day, and nothing else has one."""
    for ledger in ledgers(book):
        for row in ledger.deductions:
            if (row.status == AGREED) == (row.agreed is None):
                found = row.agreed or say("empty")
                yield error(
                    "deduction-status",
                    row.place("agreed"),
                    say(
                        "状态 is {status}, 协商一致日期 is {found}", status=row.status, found=found
                    ),
                    say("write 协商一致 and its day from the paper both signed, or neither"),
                )
            elif row.agreed and row.raised and row.agreed < row.raised:
                yield _reversed_days(row, "agreed", "raised")


def decided_on_paper(book: ContractBook) -> Iterable[Problem]:
    """An invoice is not reduced without a recorded decision: the contract is silent on it."""
    for ledger in ledgers(book):
        for row in ledger.deductions:
            if row.on_invoice == REDUCES_INVOICE and not row.decision:
                yield error(
                    "deduction-undecided",
                    row.place("decision"),
                    say("发票处理 is {found}, 决定文件 is empty", found=row.on_invoice),
                    say("name the paper that decided it, or leave 发票处理 empty (Art. 6.2)"),
                )


def requests_in_order(book: ContractBook) -> Iterable[Problem]:
    """A letter is delivered after it was sent, and one a day is sent for an instalment."""
    for ledger in ledgers(book):
        for row in ledger.requests:
            if row.delivered and row.delivered < row.sent:
                yield _reversed_days(row, "delivered", "sent")
        for earlier, row in repeated(ledger.requests, lambda row: (row.instalment, row.sent)):
            yield error(
                "duplicate-row",
                row.place("sent"),
                say(
                    "{subject} stands in {earlier} already; both rows would be counted",
                    subject=f"第{row.instalment}期 / {row.sent}",
                    earlier=where(earlier.place("sent")),
                ),
                say("delete one of the two rows, or correct what it is about"),
            )


def _reversed_days(row: Row, end: str, start: str) -> Problem:
    return error(
        "end-before-start",
        row.place(end),
        say(
            "{end} {ended} is not after {start} {started}",
            end=label(row, end),
            ended=getattr(row, end),
            start=label(row, start),
            started=getattr(row, start),
        ),
        say("copy both days from the papers"),
    )


def requests_within_payable(book: ContractBook) -> Iterable[Problem]:
    """A letter asks for no more than was outstanding on its day."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        for row in ledger.requests:
            if row.instalment not in due:
                continue
            left = due[row.instalment] - _settled(ledger, row)
            if row.amount > left:
                yield warning(
                    "request-exceeded",
                    row.place("amount"),
                    say(
                        "{found} were asked for on {day}, {left} of instalment {number} were "
                        "outstanding ({difference})",
                        found=format_yuan(row.amount),
                        day=row.sent,
                        left=format_yuan(left),
                        number=row.instalment,
                        difference=excess(row.amount - left),
                    ),
                    say("copy 本期实付 from the letter; if the letter is wrong, send another"),
                )


def _settled(ledger: Ledger, letter: PaymentRequestSent) -> Decimal:
    """Return what was received, and deducted by agreement, by the day of the letter."""
    number, day = letter.instalment, letter.sent
    received = (r.amount for r in ledger.payments if r.instalment == number and r.received <= day)
    deducted = (r.amount for r in ledger.deductions if r.instalment == number and r.agreed_by(day))
    return sum(received, _NONE) + sum(deducted, _NONE)
