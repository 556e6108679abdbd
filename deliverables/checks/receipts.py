"""Rules about money that came in: after its invoice, for an invoice, once, and not too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from deliverables.checks.ledger import is_refund, ledgers
from deliverables.checks.price import amounts_due, excess
from deliverables.checks.rows import grouped, repeated, where
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.model.ledger import AGREED, Invoice, Ledger, Payment, left_of_invoices
from deliverables.money import format_yuan
from deliverables.problem import Problem, error, warning

_NONE = Decimal(0)


def paid_after_invoice(book: ContractBook) -> Iterable[Problem]:
    """No money that is owed is received before it is invoiced (Art. 6.3)."""
    if not book.contract.invoicing.before_payment:
        return
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        invoiced = grouped(ledger.invoices, lambda invoice: invoice.instalment)
        for number, payments in grouped(ledger.payments, lambda row: row.instalment).items():
            rows = invoiced.get(number, [])
            found = [*_too_early(payments, ledger), *_uncovered(payments, rows, due.get(number))]
            yield from found or _reversed_since(payments, rows, due.get(number))


def _too_early(payments: list[Payment], ledger: Ledger) -> Iterator[Problem]:
    issued = {row.number: row.issued for row in ledger.invoices}
    for payment in payments:
        day = issued.get(payment.invoice or "")
        if day and payment.received < day:
            yield warning(
                "payment-before-invoice",
                payment.place("received"),
                say(
                    "received on {received}, the invoice that it pays was issued on {issued}",
                    received=payment.received,
                    issued=day,
                ),
                _INVOICE_FIRST,
            )


_INVOICE_FIRST = say("check the two days; the contract wants the invoice first (Art. 6.3)")


def _uncovered(
    payments: list[Payment], invoices: list[Invoice], due: Decimal | None
) -> Iterator[Problem]:
    received = _NONE
    for payment in sorted(payments, key=lambda payment: payment.received):
        received += payment.amount
        owed = received if due is None else min(received, due)
        billed = sum((row.gross for row in invoices if row.issued <= payment.received), _NONE)
        if payment.amount > 0 and owed > billed:
            yield warning(
                "payment-before-invoice",
                payment.place("received"),
                say(
                    "by {day} instalment {number} had received {received} and invoiced {billed} "
                    "({difference} without an invoice)",
                    day=payment.received,
                    number=payment.instalment,
                    received=format_yuan(received),
                    billed=format_yuan(billed),
                    difference=format_yuan(owed - billed),
                ),
                _INVOICE_FIRST,
            )


def _reversed_since(
    payments: list[Payment], invoices: list[Invoice], due: Decimal | None
) -> Iterator[Problem]:
    received = sum((row.amount for row in payments), _NONE)
    owed = received if due is None else min(received, due)
    billed = sum((row.gross for row in invoices), _NONE)
    reds = sorted((row for row in invoices if row.red), key=lambda row: row.issued)
    if owed > billed and reds:
        yield warning(
            "paid-invoice-reversed",
            reds[-1].place("gross"),
            say(
                "after this reversal instalment {number} has received {received} and invoiced "
                "{billed} ({difference} without an invoice)",
                number=reds[-1].instalment,
                received=format_yuan(received),
                billed=format_yuan(billed),
                difference=format_yuan(owed - billed),
            ),
            say("issue the corrected invoice and enter it, or enter the refund"),
        )


def not_overpaid(book: ContractBook) -> Iterable[Problem]:
    """No instalment receives more than it comes to; what is too much goes back or is set off."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        for number, payments in grouped(ledger.payments, lambda row: row.instalment).items():
            received = sum((row.amount for row in payments), _NONE)
            if number not in due or received <= due[number]:
                continue
            payable = due[number] - sum(
                (row.amount for row in ledger.deductions
                 if row.instalment == number and row.status == AGREED), _NONE)  # fmt: skip
            last = max((row for row in payments if row.amount > 0), key=lambda row: row.received)
            yield warning(
                "overpaid",
                last.place("amount"),
                say(
                    "instalment {number} received {received}, payable is {payable} ({difference})",
                    number=number,
                    received=format_yuan(received),
                    payable=format_yuan(payable),
                    difference=excess(received - payable),
                ),
                say(
                    "agree with the client in writing: a refund is a row with a minus and 退款 in "
                    "备注; what is set off goes to a row of the later instalment, same 银行回单号"
                ),
            )


def refunds_covered(book: ContractBook) -> Iterable[Problem]:
    """No more is paid back than had been received."""
    for ledger in ledgers(book):
        for number, payments in grouped(ledger.payments, lambda row: row.instalment).items():
            received = _NONE
            for payment in sorted(payments, key=lambda row: row.received):
                before, received = received, received + payment.amount
                if is_refund(payment) and received < 0:
                    yield error(
                        "refund-exceeded",
                        payment.place("amount"),
                        say(
                            "{refund} are paid back of instalment {number}, it had received "
                            "{received} ({difference})",
                            refund=format_yuan(-payment.amount),
                            number=number,
                            received=format_yuan(max(before, _NONE)),
                            difference=excess(-received),
                        ),
                        say("correct the amount or the instalment of the refund"),
                    )


def vouchers(book: ContractBook) -> Iterable[Problem]:
    """The rows of one bank receipt have one day and one direction, and an invoice once."""
    for ledger in ledgers(book):
        named = [row for row in ledger.payments if row.voucher]
        for rows in grouped(named, lambda row: row.voucher).values():
            for row in rows[1:]:
                yield from _unlike(rows[0], row)
        for earlier, row in repeated(
            named, lambda row: (row.voucher, row.instalment, row.invoice, row.refund)
        ):
            yield _voucher(
                row,
                "voucher",
                say(
                    "the receipt {voucher} stands in {earlier} already, for the same invoice",
                    voucher=row.voucher,
                    earlier=where(earlier.place("voucher")),
                ),
            )


def _unlike(first: Payment, row: Payment) -> Iterator[Problem]:
    if row.received != first.received:
        yield _voucher(
            row,
            "received",
            say(
                "the receipt {voucher} is of {found} here and of {expected} in {place}",
                voucher=row.voucher,
                found=row.received,
                expected=first.received,
                place=where(first.place("received")),
            ),
        )
    if row.refund != first.refund:
        yield _voucher(
            row,
            "amount",
            say(
                "the receipt {voucher} is money paid back here or in {place}, not in both",
                voucher=row.voucher,
                place=where(first.place("amount")),
            ),
        )


def _voucher(row: Payment, field: str, message: Message) -> Problem:
    fix = say("one receipt is one row for each invoice it pays; copy number and day from it")
    return error("voucher-split", row.place(field), message, fix)


def invoices_named(book: ContractBook) -> Iterable[Problem]:
    """A receipt that names an invoice names one of its instalment, and pays no more than that."""
    for ledger in ledgers(book):
        blue = {row.number: row for row in ledger.invoices if not row.red}
        naming = [row for row in ledger.payments if row.invoice]
        for payment in naming:
            if payment.invoice not in blue:
                yield error(
                    "payment-invoice-unknown",
                    payment.place("invoice"),
                    say(
                        "the ledger has no blue invoice {number}",
                        number=payment.invoice,
                    ),
                    say("write the number of the invoice it pays, or leave the cell empty"),
                )
            elif blue[payment.invoice].instalment != payment.instalment:
                yield error(
                    "payment-invoice-instalment",
                    payment.place("invoice"),
                    say(
                        "the receipt is of instalment {found}, the invoice of {expected}",
                        found=payment.instalment,
                        expected=blue[payment.invoice].instalment,
                    ),
                    say("correct the instalment or the invoice; split a receipt for several"),
                )
        yield from _beyond_invoice(naming, left_of_invoices(ledger.invoices))


def _beyond_invoice(naming: list[Payment], left: dict[str, Decimal]) -> Iterator[Problem]:
    for number, rows in grouped(naming, lambda row: row.invoice or "").items():
        paid = sum((row.amount for row in rows), _NONE)
        if number in left and paid > left[number]:
            yield warning(
                "payment-invoice-exceeded",
                rows[-1].place("amount"),
                say(
                    "{paid} are paid for the invoice {number}, after reversals it is {left} "
                    "({difference})",
                    paid=format_yuan(paid),
                    number=number,
                    left=format_yuan(left[number]),
                    difference=excess(paid - left[number]),
                ),
                say("split the receipt over the invoices it pays, or name the one reissued"),
            )
