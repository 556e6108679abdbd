"""Rules about each row of the ledger by itself: its instalment, its day, its sums to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from deliverables.checks.price import excess
from deliverables.checks.rows import Sheet, label, repeated, sheets_of, where
from deliverables.identifiers import check_invoice_number
from deliverables.message import listed, say
from deliverables.model.book import ContractBook
from deliverables.model.ledger import (
    REFUND_WORDS,
    Deduction,
    Invoice,
    Ledger,
    Payment,
    PaymentRequestSent,
)
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
                            known=listed(sorted(known)),
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


def amounts_positive(book: ContractBook) -> Iterable[Problem]:
    """Money asked for, received and deducted is more than nothing; a refund says that it is one."""
    for ledger in ledgers(book):
        entries: tuple[PaymentRequestSent | Payment | Deduction, ...] = (
            *ledger.requests,
            *ledger.payments,
            *ledger.deductions,
        )
        for row in entries:
            if row.amount <= 0 and not is_refund(row):
                yield error(
                    "amount-not-positive",
                    row.place("amount"),
                    say(
                        "{label} is {found}, expected more than 0",
                        label=label(row, "amount"),
                        found=format_yuan(row.amount),
                    ),
                    say("correct the amount; money paid back to the client says 退款 in its 备注"),
                )


def is_refund(row: Row) -> bool:
    """Return whether a row is money paid back to the client and says so."""
    return isinstance(row, Payment) and row.refund and any(map(row.remark.count, REFUND_WORDS))


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
