"""Rules about money that was invoiced and received, each to the fen and in its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from deliverables.checks.price import amounts_due, excess
from deliverables.checks.rows import Sheet, grouped, label, repeated, sheets_of, where
from deliverables.identifiers import check_invoice_number
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.ledger import Deduction, Invoice, Ledger, Payment
from deliverables.model.record import Missing, Row, declarations
from deliverables.model.values import show_ratio
from deliverables.money import FEN, format_yuan
from deliverables.problem import Problem, error, warning
from deliverables.vat import split_gross

_DAYS = {
    "requests": "sent",
    "invoices": "issued",
    "payments": "received",
    "acceptances": "accepted",
    "deductions": "agreed",
    "fiscal_approvals": "first_day",
}


def ledgers(book: ContractBook) -> tuple[Ledger, ...]:
    """Return the ledger, or nothing if there is none."""
    return (book.ledger,) if book.ledger else ()


def invoices(book: ContractBook) -> tuple[Invoice, ...]:
    """Return every invoice of the ledger."""
    return book.ledger.invoices if book.ledger else ()


def invoice_numbers(book: ContractBook) -> Iterable[Problem]:
    """The number of an electronic invoice has 20 digits."""
    for invoice in invoices(book):
        fault = check_invoice_number(invoice.number).fault
        if fault:
            yield error(
                "invoice-number",
                invoice.place("number"),
                say(
                    "the invoice number {found} is not valid: {fault}",
                    found=invoice.number,
                    fault=fault,
                ),
                say("copy it from the invoice (数电票); there is no separate invoice code"),
            )


def invoice_numbers_once(book: ContractBook) -> Iterable[Problem]:
    """An invoice is entered once."""
    for earlier, invoice in repeated(invoices(book), lambda invoice: invoice.number):
        yield error(
            "duplicate-number",
            invoice.place("number"),
            say(
                "the number {number} stands in {earlier} already",
                number=invoice.number,
                earlier=where(earlier.place("number")),
            ),
            say("delete the row that was entered twice, or give it its own number"),
        )


def instalments_known(book: ContractBook) -> Iterable[Problem]:
    """Money is booked to an instalment that the contract has."""
    known = {instalment.number for instalment in book.contract.payment.instalments}
    for sheet in _sheets(book):
        if "instalment" in declarations(sheet.row):
            for row in sheet.rows:
                if row.instalment not in known:
                    yield error(
                        "instalment-unknown",
                        row.place("instalment"),
                        say(
                            "the contract has no instalment {found}, it has {known}",
                            found=row.instalment,
                            known=", ".join(map(str, sorted(known))),
                        ),
                        say("write the number of the instalment that this belongs to"),
                    )


def _sheets(book: ContractBook) -> Iterator[Sheet[Any]]:
    for ledger in ledgers(book):
        yield from sheets_of(ledger)


def invoice_sums(book: ContractBook) -> Iterable[Problem]:
    """Net and tax are gross."""
    for invoice in invoices(book):
        found = invoice.net + invoice.tax
        if found != invoice.gross:
            yield error(
                "invoice-sum",
                invoice.place("gross"),
                say(
                    "net {net} + tax {tax} is {found}, gross is {gross} ({difference})",
                    net=format_yuan(invoice.net),
                    tax=format_yuan(invoice.tax),
                    found=format_yuan(found),
                    gross=format_yuan(invoice.gross),
                    difference=excess(found - invoice.gross),
                ),
                say("copy the three amounts from the invoice"),
            )


def invoice_splits(book: ContractBook) -> Iterable[Problem]:
    """The net amount is gross / (1 + rate), to within the fen that invoice lines may differ."""
    for invoice in invoices(book):
        if not 0 <= invoice.rate < 1 or invoice.net + invoice.tax != invoice.gross:
            continue
        expected = split_gross(invoice.gross, invoice.rate).net
        if abs(invoice.net - expected) > FEN:
            yield error(
                "invoice-split",
                invoice.place("net"),
                say(
                    "net is {found}, {gross} / (1 + {rate}) is {expected} ({difference})",
                    found=format_yuan(invoice.net),
                    gross=format_yuan(invoice.gross),
                    rate=show_ratio(invoice.rate),
                    expected=format_yuan(expected),
                    difference=excess(invoice.net - expected),
                ),
                say("copy net, rate and tax from the invoice; if it is wrong, have it reissued"),
            )


def invoice_terms(book: ContractBook) -> Iterable[Problem]:
    """An invoice has the rate and the type that the contract asks for (Art. 6.3)."""
    terms = book.contract.invoicing
    for invoice in invoices(book):
        if invoice.rate != terms.rate:
            yield warning(
                "invoice-rate",
                invoice.place("rate"),
                say(
                    "the invoice is at {found}, the contract asks for {expected}",
                    found=show_ratio(invoice.rate),
                    expected=show_ratio(terms.rate),
                ),
                say("correct the rate, or have the invoice reissued (Art. 6.3)"),
            )
        if not isinstance(terms.type, Missing) and invoice.type != terms.type:
            yield warning(
                "invoice-type",
                invoice.place("type"),
                say(
                    "the invoice is a {found}, agreed is {expected}",
                    found=invoice.type,
                    expected=terms.type,
                ),
                say("correct the type, or have the invoice reissued"),
            )


def paid_after_invoice(book: ContractBook) -> Iterable[Problem]:
    """No money is received before it is invoiced (Art. 6.3)."""
    if not book.contract.invoicing.before_payment:
        return
    for ledger in ledgers(book):
        invoiced = grouped(ledger.invoices, lambda invoice: invoice.instalment)
        for number, payments in grouped(ledger.payments, lambda row: row.instalment).items():
            yield from _paid_without_invoice(payments, invoiced.get(number, []))


def _paid_without_invoice(payments: list[Payment], invoices: list[Invoice]) -> Iterator[Problem]:
    issued = sorted(invoices, key=lambda invoice: invoice.issued)
    billed, received, following = Decimal(0), Decimal(0), 0
    for payment in sorted(payments, key=lambda payment: payment.received):
        received += payment.amount
        while following < len(issued) and issued[following].issued <= payment.received:
            billed += issued[following].gross
            following += 1
        if received > billed:
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
                    difference=format_yuan(received - billed),
                ),
                say("check the two days; the contract wants the invoice first (Art. 6.3)"),
            )


def within_due(book: ContractBook) -> Iterable[Problem]:
    """No instalment is invoiced, paid or reduced beyond what it comes to."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        yield from _beyond(ledger.invoices, "gross", due)
        yield from _beyond(ledger.payments, "amount", due)
        yield from _beyond(ledger.deductions, "amount", due)


def _beyond(
    rows: Iterable[Invoice | Payment | Deduction], field: str, due: dict[int, Decimal]
) -> Iterator[Problem]:
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        number = row.instalment
        sums[number] += getattr(row, field)
        if number in due and sums[number] > due[number]:
            yield error(
                "instalment-exceeded",
                row.place(field),
                say(
                    "up to this row, {label} of instalment {number} sums to {found}, the "
                    "instalment is {due} ({difference})",
                    label=label(row, field),
                    number=number,
                    found=format_yuan(sums[number]),
                    due=format_yuan(due[number]),
                    difference=excess(sums[number] - due[number]),
                ),
                say("correct the amounts, or book the excess to the instalment it belongs to"),
            )


def amounts_positive(book: ContractBook) -> Iterable[Problem]:
    """Money received and money deducted are more than nothing; a reversal is not an entry."""
    for ledger in ledgers(book):
        entries: tuple[Payment | Deduction, ...] = (*ledger.payments, *ledger.deductions)
        for row in entries:
            if row.amount <= 0:
                yield error(
                    "amount-not-positive",
                    row.place("amount"),
                    say(
                        "{label} is {found}, expected more than 0",
                        label=label(row, "amount"),
                        found=format_yuan(row.amount),
                    ),
                    say("delete the row that was reversed, or correct the amount"),
                )


def after_signing(book: ContractBook) -> Iterable[Problem]:
    """Nothing is invoiced, paid, accepted or deducted before the contract is signed."""
    signed = book.contract.identity.signed_on
    for sheet in _sheets(book):
        field = _DAYS[sheet.name]
        for row in sheet.rows:
            day = getattr(row, field)
            if day is not None and day < signed:
                yield _before_signing(row, field, signed)


def _before_signing(row: Row, field: str, signed: object) -> Problem:
    return error(
        "before-signing",
        row.place(field),
        say(
            "{label} {found} is before the contract was signed on {signed}",
            label=label(row, field),
            found=getattr(row, field),
            signed=signed,
        ),
        say("correct the day"),
    )
