"""What must hold in ledger.xlsx: requests, invoices, receipts, deductions, and how they settle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.checks.contract import amounts_due, excess
from deliverables.checks.operations import (
    CheckedSheet,
    grouped,
    label,
    last_day_of_term,
    repeated,
    sheets_of,
    where,
)
from deliverables.compute.claims import LATE_PAYMENT
from deliverables.compute.milestones import (
    ReleaseCondition,
    acceptance_due,
    conditions,
    events_of,
    gives_days,
    met_first_on,
    milestones_of,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.fields import (
    Missing,
    Row,
    declarations,
    show_rate,
)
from deliverables.model.ledger_sheets import (
    AGREED,
    FINAL,
    INTERIM,
    REDUCES_INVOICE,
    REFUND_WORDS,
    Acceptance,
    Claim,
    Deduction,
    Invoice,
    Ledger,
    Payment,
    PaymentRequestSent,
    Reminder,
    left_of_invoices,
)
from deliverables.status import PASSED
from deliverables.values.calendar import Calendar, Provisional
from deliverables.values.figure import Source
from deliverables.values.identifiers import check_invoice_number
from deliverables.values.money import FEN, format_yuan, split_gross
from deliverables.values.problem import Message, Problem, error, listed, say, warning

_DAYS = {
    "requests": "sent",
    "reminders": "delivered",
    "invoices": "issued",
    "payments": "received",
    "claims": "claimed",
    "acceptances": "accepted",
    "deductions": "agreed",
    "fiscal_approvals": "first_day",
    "occurrences": "happened",
    "fulfilments": "day",
    "tax_filings": "filed",
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
                if row.instalment is not None and row.instalment not in known:
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


def _sheets(book: ContractBook) -> Iterator[CheckedSheet[Any]]:
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
        rate = invoice.rate
        if isinstance(rate, str) or not 0 <= rate < 1:
            continue
        if invoice.net + invoice.tax != invoice.gross:
            continue
        expected = split_gross(invoice.gross, rate).net
        if abs(invoice.net - expected) > FEN:
            yield error(
                "invoice-split",
                invoice.place("net"),
                say(
                    "net is {found}, {gross} / (1 + {rate}) is {expected} ({difference})",
                    found=format_yuan(invoice.net),
                    gross=format_yuan(invoice.gross),
                    rate=show_rate(rate),
                    expected=format_yuan(expected),
                    difference=excess(invoice.net - expected),
                ),
                say("copy net, rate and tax from the invoice; if it is wrong, have it reissued"),
            )


def invoice_terms(book: ContractBook) -> Iterable[Problem]:
    """An invoice has the rate and the type that the contract asks for."""
    terms = book.contract.invoicing
    for invoice in invoices(book):
        if terms.one_rate is not None and invoice.rate != terms.one_rate:
            yield warning(
                "invoice-rate",
                invoice.place("rate"),
                say(
                    "the invoice is at {found}, the contract asks for {expected}",
                    found=show_rate(invoice.rate),
                    expected=show_rate(terms.one_rate),
                ),
                say(
                    "correct the rate, or have the invoice reissued ({article})",
                    article=terms.article,
                ),
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


def events_named(book: ContractBook) -> Iterable[Problem]:
    """An event on record is one of which a payment or a deadline of the contract waits."""
    waited_for = {
        row.name
        for item in book.contract.payment.instalments
        for row in (*milestones_of(item), *events_of(item.deadline))
    }
    for ledger in ledgers(book):
        for occurrence in ledger.occurrences:
            if occurrence.event.strip("“”") not in waited_for:
                yield warning(
                    "event-unknown",
                    occurrence.place("event"),
                    say(
                        "no payment of the contract waits for {event}; they wait for {known}",
                        event=occurrence.event,
                        known=listed(sorted(waited_for)),
                    ),
                    say("write the event as conditions or deadline in contract.yaml name it"),
                )


def fulfilments_named(book: ContractBook) -> Iterable[Problem]:
    """What was done under an article is told of a duty that contract.yaml lists."""
    duties = book.contract.duties
    for ledger in ledgers(book) if duties else ():
        for row in ledger.fulfilments:
            if any(row.answers(one.article, one.duty) for one in duties):
                continue
            same = [one.duty for one in duties if one.article == row.article]
            known = [one.article for one in duties]
            yield warning(
                "fulfilment-unknown",
                row.place("duty" if same else "article"),
                say(
                    "contract.yaml lists no duty {found}", found=f"{row.article} {row.duty}".strip()
                ),
                say("write one of {known}", known=listed(dict.fromkeys(same or known))),
            )


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


_AMOUNTS = ("net", "tax", "gross")
_COPIED = ("instalment", "type", "rate")


def signs(book: ContractBook) -> Iterable[Problem]:
    """A red-letter invoice is negative and names what it reverses; any other is positive."""
    for invoice in invoices(book):
        if invoice.red and max(invoice.net, invoice.gross) >= 0:
            yield error(
                "red-letter-sign",
                invoice.place("gross"),
                say(
                    "the invoice reverses {blue}, its 价税合计 is {found}, expected less than 0",
                    blue=invoice.reverses,
                    found=format_yuan(invoice.gross),
                ),
                say("write the three amounts of a red-letter invoice with a minus"),
            )
        elif not invoice.red and min(invoice.net, invoice.gross) <= 0:
            yield error(
                "red-letter-sign",
                invoice.place("gross"),
                say(
                    "价税合计 is {found}, and no invoice is named that it reverses",
                    found=format_yuan(invoice.gross),
                ),
                say("write the number of the reversed invoice in 被红冲发票号码, or the amount"),
            )


def reversals(book: ContractBook) -> Iterable[Problem]:
    """A red-letter invoice reverses a blue one of its kind, later, and no more than is left."""
    for ledger in ledgers(book):
        blue = {row.number: row for row in ledger.invoices if not row.red}
        for row in ledger.invoices:
            if row.reverses is not None and row.reverses not in blue:
                yield _unknown(row, ledger)
        pairs = [(row, blue[row.reverses]) for row in ledger.invoices if row.reverses in blue]
        for red, reversed_ in pairs:
            yield from _unlike(red, reversed_)
        yield from _too_much(sorted(pairs, key=lambda pair: pair[0].issued))


def _unknown(red: Invoice, ledger: Ledger) -> Problem:
    is_red = any(row.number == red.reverses for row in ledger.invoices)
    found = (
        say("{number} is a red-letter invoice itself", number=red.reverses)
        if is_red
        else say("no invoice of the ledger has the number {number}", number=red.reverses)
    )
    fix = say("write the number of the blue invoice that stands on the red-letter one")
    return error("red-letter-unknown", red.place("reverses"), found, fix)


def _unlike(red: Invoice, blue: Invoice) -> Iterator[Problem]:
    fix = say("copy it from the invoice; a red-letter one follows the invoice it reverses")
    for field in _COPIED:
        if getattr(red, field) != getattr(blue, field):
            yield error(
                "red-letter-mismatch",
                red.place(field),
                say(
                    "{label} is {found}, of the reversed invoice ({place}) it is {expected}",
                    label=label(red, field),
                    found=red.figure(field),
                    place=where(blue.place(field)),
                    expected=blue.figure(field),
                ),
                fix,
            )
    if red.issued < blue.issued:
        yield error(
            "red-letter-mismatch",
            red.place("issued"),
            say(
                "issued on {red}, the invoice it reverses only on {blue}",
                red=red.issued,
                blue=blue.issued,
            ),
            fix,
        )


def _too_much(pairs: Iterable[tuple[Invoice, Invoice]]) -> Iterator[Problem]:
    left: dict[tuple[str, str], Decimal] = {}
    for red, blue in pairs:
        for field in _AMOUNTS:
            key = (blue.number, field)
            before = left.get(key, getattr(blue, field))
            left[key] = before + getattr(red, field)
            if left[key] < 0:
                yield error(
                    "red-letter-exceeded",
                    red.place(field),
                    say(
                        "{label} reverses {found}, of the invoice {number} {left} are left "
                        "({difference})",
                        label=label(red, field),
                        found=format_yuan(-getattr(red, field)),
                        number=blue.number,
                        left=format_yuan(max(before, Decimal(0))),
                        difference=excess(-left[key]),
                    ),
                    say("copy the amounts from the red-letter invoice, and see which it reverses"),
                )


def not_twice(book: ContractBook) -> Iterable[Problem]:
    """What was not reversed of the invoices of an instalment is no more than it comes to."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        left = left_of_invoices(ledger.invoices)
        standing = [row for row in ledger.invoices if not row.red and left[row.number] > 0]
        for number, rows in grouped(standing, lambda row: row.instalment).items():
            if number in due:
                yield from _beyond(sorted(rows, key=lambda row: row.issued), left, due[number])


def _beyond(rows: list[Invoice], left: dict[str, Decimal], due: Decimal) -> Iterator[Problem]:
    billed = Decimal(0)
    for row in rows:
        before, billed = billed, billed + left[row.number]
        if before >= due:
            yield error(
                "invoice-twice",
                row.place("gross"),
                say(
                    "instalment {number} is {due} and was invoiced in full before, this invoice "
                    "adds {found}",
                    number=row.instalment,
                    due=format_yuan(due),
                    found=format_yuan(left[row.number]),
                ),
                say("enter the red-letter invoice that reverses one; if there is none, issue it"),
            )
        elif billed > due:
            yield error(
                "instalment-exceeded",
                row.place("gross"),
                say(
                    "up to this row, {label} of instalment {number} sums to {found}, the "
                    "instalment is {due} ({difference})",
                    label=label(row, "gross"),
                    number=row.instalment,
                    found=format_yuan(billed),
                    due=format_yuan(due),
                    difference=excess(billed - due),
                ),
                say("correct the amounts, or book the excess to the instalment it belongs to"),
            )


def reduced_as_decided(book: ContractBook) -> Iterable[Problem]:
    """Where it was decided that a deduction reduces the invoice, the invoices are that less."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        billed = _sums((row.instalment, row.gross) for row in ledger.invoices)
        decided = [row for row in ledger.deductions
                   if row.status == AGREED and row.on_invoice == REDUCES_INVOICE]  # fmt: skip
        lessened = _sums((row.instalment, row.amount) for row in decided)
        for row in {row.instalment: row for row in decided}.values():
            number = row.instalment
            if number in due:
                expected = due[number] - lessened[number]
                if expected < billed.get(number, Decimal(0)) <= due[number]:
                    yield _not_reduced(row.place("on_invoice"), number, billed[number], expected)


def _not_reduced(place: Source, number: int, billed: Decimal, expected: Decimal) -> Problem:
    return warning(
        "invoice-not-reduced",
        place,
        say(
            "by this decision {expected} are invoiced of instalment {number}, it is {billed} "
            "({difference})",
            expected=format_yuan(expected),
            number=number,
            billed=format_yuan(billed),
            difference=excess(billed - expected),
        ),
        say("issue a red-letter invoice over the difference and enter it"),
    )


def _sums(amounts: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for number, amount in amounts:
        sums[number] = sums.get(number, Decimal(0)) + amount
    return sums


def after_conditions(book: ContractBook) -> Iterable[Problem]:
    """An instalment is invoiced once its conditions are met: invoicing makes the tax fall due."""
    items = {item.number: item for item in book.contract.payment.instalments}
    signed = book.contract.identity.signed_on
    if last_day_of_term(book.contract) is None:  # the rules about the contract say why
        return
    for ledger in ledgers(book):
        for invoice in ledger.invoices:
            if invoice.red or invoice.instalment not in items or invoice.issued < signed:
                continue
            item = items[invoice.instalment]
            then = conditions(book.contract, ledger, item, invoice.issued)
            since = conditions(book.contract, ledger, item, date.max)
            for condition, later in zip(then, since, strict=True):
                if condition.unmet:
                    yield _too_early(invoice, condition, met_first_on(later))
                    break


def _too_early(invoice: Invoice, condition: ReleaseCondition, met: date | None) -> Problem:
    return warning(
        "invoice-before-conditions",
        invoice.place("issued"),
        say(
            "invoiced on {day}; instalment {number} hangs on {event}, {when}",
            day=invoice.issued,
            number=invoice.instalment,
            event=condition.milestone.spoken,
            when=say("met on {day}", day=met) if met else say("which has no evidence yet"),
        ),
        say("check the day; the tax is due from the day of the invoice (增值税法 28)"),
    )


_NONE = Decimal(0)


def paid_after_invoice(book: ContractBook) -> Iterable[Problem]:
    """No money that is owed is received before it is invoiced."""
    if not book.contract.invoicing.before_payment:
        return
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        invoiced = grouped(ledger.invoices, lambda invoice: invoice.instalment)
        for number, payments in grouped(ledger.for_the_price, lambda row: row.instalment).items():
            rows = invoiced.get(number, [])
            found = [
                *_paid_too_early(payments, ledger),
                *_uncovered(payments, rows, due.get(number)),
            ]
            yield from found or _reversed_since(payments, rows, due.get(number))


def _paid_too_early(payments: list[Payment], ledger: Ledger) -> Iterator[Problem]:
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


_INVOICE_FIRST = say("check the two days; the contract wants the invoice first")


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
        for number, payments in grouped(ledger.for_the_price, lambda row: row.instalment).items():
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
        for number, payments in grouped(ledger.for_the_price, lambda row: row.instalment).items():
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
                yield from _unlike_first(rows[0], row)
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


def _unlike_first(first: Payment, row: Payment) -> Iterator[Problem]:
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


def _agreed(ledger: Ledger) -> list[Deduction]:
    return [row for row in ledger.deductions if row.status == AGREED]


def deductions_allowed(book: ContractBook) -> Iterable[Problem]:
    """Deductions are made from an instalment that the contract lets be reduced."""
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
                    say("book the deduction to the instalment that it is taken from"),
                )


def paid_despite_deductions(book: ContractBook) -> Iterable[Problem]:
    """What was deducted is not paid: if it was, one of the two entries is wrong."""
    due = amounts_due(book.contract.payment)
    for ledger in ledgers(book):
        payments = grouped(ledger.for_the_price, lambda row: row.instalment)
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
            elif row.status == AGREED and not row.agreement:
                yield error(
                    "deduction-status",
                    row.place("agreement"),
                    say("状态 is {status}, 协商文件 is empty", status=row.status),
                    say("name the paper that both sides signed: it is what lessens the payment"),
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
                    say("name the paper that decided it, or leave 发票处理 empty"),
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


def letters_numbered_once(book: ContractBook) -> Iterable[Problem]:
    """A 文号 of 请款 and 催告 is given once; a reminder may urge several instalments on its day."""
    for ledger in ledgers(book):
        first: dict[str, PaymentRequestSent | Reminder] = {}
        letters: tuple[PaymentRequestSent | Reminder, ...] = (*ledger.requests, *ledger.reminders)
        for row in letters:
            number = row.letter.replace(" ", "")
            earlier = first.setdefault(number, row) if number else row
            if earlier is not row and not _of_one_letter(earlier, row):
                yield error(
                    "letter-number",
                    row.place("letter"),
                    say(
                        "{label} {number} stands in {earlier} already",
                        label=label(row, "letter"),
                        number=row.letter,
                        earlier=where(earlier.place("letter")),
                    ),
                    say("copy the number from each letter; a number is never used again"),
                )


def _of_one_letter(earlier: Row, row: Row) -> bool:
    """Return whether rows may bear one number, or are told as a row that stands twice."""
    if isinstance(earlier, Reminder) and isinstance(row, Reminder):
        return earlier.delivered == row.delivered and earlier.instalment != row.instalment
    if isinstance(earlier, PaymentRequestSent) and isinstance(row, PaymentRequestSent):
        return (earlier.instalment, earlier.sent) == (row.instalment, row.sent)
    return False


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
    received = (
        r.amount for r in ledger.for_the_price if r.instalment == number and r.received <= day
    )
    deducted = (r.amount for r in ledger.deductions if r.instalment == number and r.agreed_by(day))
    return sum(received, _NONE) + sum(deducted, _NONE)


def accepted_after_notice(book: ContractBook) -> Iterable[Problem]:
    """Acceptance follows the notice, within the days that the contract gives."""
    for acceptance in _acceptances(book):
        notice, accepted = acceptance.notice_received, acceptance.accepted
        if notice is None or accepted is None:
            continue
        if accepted < notice:
            yield error(
                "acceptance-before-notice",
                acceptance.place("accepted"),
                say(
                    "accepted on {accepted}, the notice was received on {notice} ({days} days "
                    "later)",
                    accepted=accepted,
                    notice=notice,
                    days=(notice - accepted).days,
                ),
                say("copy both days from the signed receipt and the acceptance paper"),
            )
        else:
            yield from _in_time(acceptance, book.contract, book.calendar)


def _in_time(acceptance: Acceptance, contract: Contract, calendar: Calendar) -> Iterator[Problem]:
    notice, accepted = acceptance.notice_received, acceptance.accepted
    if notice is None or accepted is None:
        return
    try:
        deadline = acceptance_due(contract, calendar, notice)
    except (ValueError, OverflowError):  # a year of which nothing is known
        return
    if deadline is None:
        return
    latest = deadline.latest if isinstance(deadline, Provisional) else deadline.date
    if accepted > latest:
        yield warning(
            "acceptance-late",
            acceptance.place("accepted"),
            say(
                "accepted on {accepted}; by the contract ({allowed}, notice of {notice}) the last "
                "day was {latest} ({days} days late)",
                accepted=accepted,
                allowed=contract.acceptance.period.length,
                notice=notice,
                latest=latest,
                days=(accepted - latest).days,
            ),
            say(
                "check the days; silence is no acceptance ({article})",
                article=contract.acceptance.article,
            ),
        )


def accepted_on_paper(book: ContractBook) -> Iterable[Problem]:
    """An acceptance that passed has its day, the receipt of its notice and its paper."""
    for acceptance in _acceptances(book):
        if acceptance.result != PASSED:
            continue
        if acceptance.accepted is None:
            yield error(
                "acceptance-undated",
                acceptance.place("accepted"),
                say("the {stage} acceptance passed, its day is empty", stage=acceptance.stage),
                say("copy the day from the acceptance paper: a payment hangs on it"),
            )
        wanting = _wanting(acceptance)
        for field, what in wanting:
            yield warning(
                "acceptance-unproved",
                acceptance.place(field),
                say(
                    "the {stage} acceptance passed, and there is no {what}",
                    stage=acceptance.stage,
                    what=what,
                ),
                say("enter it from the paper that the client signed"),
            )


def _wanting(acceptance: Acceptance) -> Iterator[tuple[str, Message]]:
    if acceptance.notice_received is None:
        yield "notice_received", say("day on which the client received the notice")
    if not acceptance.document:
        yield "document", say("acceptance paper")


def final_after_term(book: ContractBook) -> Iterable[Problem]:
    """The final acceptance needs reports that exist only after the term."""
    last = last_day_of_term(book.contract)
    if last is None:
        return
    for acceptance in _acceptances(book):
        day = acceptance.accepted
        if acceptance.stage == FINAL and day is not None and day < last:
            yield error(
                "acceptance-before-term-end",
                acceptance.place("accepted"),
                say(
                    "the final acceptance was on {day}, the service ends on {last} ({days} days "
                    "later)",
                    day=day,
                    last=last,
                    days=(last - day).days,
                ),
                say("correct the day or the stage: the last reports exist only after the term"),
            )


def stages_asked(book: ContractBook) -> Iterable[Problem]:
    """Where payments hang on several interim acceptances, a row says which of them it is."""
    asked = {
        row.stage: item
        for item in book.contract.payment.instalments
        for row in milestones_of(item)
        if row.stage.endswith(INTERIM)
    }
    if not asked or INTERIM in asked:
        return
    for acceptance in _acceptances(book):
        if acceptance.stage.endswith(INTERIM) and acceptance.stage not in asked:
            yield error(
                "acceptance-stage",
                acceptance.place("stage"),
                say(
                    "the stage is {found}; payments hang on {asked}",
                    found=acceptance.stage,
                    asked=listed(asked),
                ),
                say("choose the one that the acceptance paper is about ({article})",
                    article=listed(dict.fromkeys(item.article for item in asked.values()))),
            )  # fmt: skip


def _acceptances(book: ContractBook) -> tuple[Acceptance, ...]:
    return tuple(row for ledger in ledgers(book) for row in ledger.acceptances)


def fiscal_days_in_order(book: ContractBook) -> Iterable[Problem]:
    """A fiscal approval ends no earlier than it begins."""
    for ledger in ledgers(book):
        for approval in ledger.fiscal_approvals:
            first, last = approval.first_day, approval.last_day
            if first is not None and last is not None and last < first:
                yield error(
                    "end-before-start",
                    approval.place("last_day"),
                    say(
                        "{end} {ended} is not after {start} {started}",
                        end="截止日期",
                        ended=last,
                        start="起始日期",
                        started=first,
                    ),
                    say("correct the two days: they excuse the client from paying"),
                )


_NONE = Decimal(0)


def receipts_claimed(book: ContractBook) -> Iterable[Problem]:
    """A receipt that names a claim names one of the sheet 主张, and no invoice of the price."""
    for ledger in ledgers(book):
        known = {row.number for row in ledger.claims}
        for payment in ledger.payments:
            if payment.claim and payment.claim not in known:
                yield error(
                    "claim-unknown",
                    payment.place("claim"),
                    say("no claim of the sheet 主张 has the number {number}", number=payment.claim),
                    say("enter the claim, or leave the cell empty: then it is part of the price"),
                )
            elif payment.claim and payment.invoice:
                yield error(
                    "claim-invoiced",
                    payment.place("invoice"),
                    say(
                        "the receipt is for the claim {number} and names the invoice {invoice} too",
                        number=payment.claim,
                        invoice=payment.invoice,
                    ),
                    say("split the receipt: damages and the price are two rows"),
                )


def claims_complete(book: ContractBook) -> Iterable[Problem]:
    """A claim for late payment names its instalment; what was waived has its day and its paper."""
    for ledger in ledgers(book):
        for row in ledger.claims:
            if row.amount <= 0:
                yield _incomplete(row, "amount")
            if row.subject == LATE_PAYMENT and row.instalment is None:
                yield _incomplete(row, "instalment")
            if row.disputed and not row.dispute:
                yield _incomplete(row, "dispute")
            if row.waived is not None or row.waived_on is not None:
                for name in ("waived", "waived_on", "waiver"):
                    if getattr(row, name) in (None, ""):
                        yield _incomplete(row, name)


def _incomplete(row: Claim, field: str) -> Problem:
    return error(
        "claim-incomplete",
        row.place(field),
        say(
            "claim {number}: {label} is {found}",
            number=row.number,
            label=label(row, field),
            found=row.figure(field),
        ),
        say("fill it in from the letter, the client's answer or the decision to waive"),
    )


def claims_covered(book: ContractBook) -> Iterable[Problem]:
    """No more comes in for a claim, or is waived of it, than was claimed."""
    for ledger in ledgers(book):
        received = grouped([row for row in ledger.payments if row.claim], lambda row: row.claim)
        for row in _latest(ledger):
            came = sum((payment.amount for payment in received.get(row.number, [])), _NONE)
            found = came + (row.waived or _NONE)
            if found > row.amount:
                yield warning(
                    "claim-exceeded",
                    row.place("amount"),
                    say(
                        "claim {number} is {amount}; received and waived are {found} "
                        "({difference})",
                        number=row.number,
                        amount=format_yuan(row.amount),
                        found=format_yuan(found),
                        difference=excess(found - row.amount),
                    ),
                    say("correct the amounts; what came in beyond it is agreed on in writing"),
                )


def _latest(ledger: Ledger) -> Iterator[Claim]:
    rows = sorted(ledger.claims, key=lambda row: row.claimed)
    yield from {row.number: row for row in rows}.values()


def claims_in_order(book: ContractBook) -> Iterable[Problem]:
    """A claim is raised once a day, and disputed, settled and waived after it was raised."""
    for ledger in ledgers(book):
        for earlier, row in repeated(ledger.claims, lambda row: (row.number, row.claimed)):
            yield error(
                "duplicate-row",
                row.place("claimed"),
                say(
                    "{subject} stands in {earlier} already; both rows would be counted",
                    subject=f"{row.number} / {row.claimed}",
                    earlier=where(earlier.place("claimed")),
                ),
                say("delete one of the two rows, or correct what it is about"),
            )
        for row in ledger.claims:
            for name, before in (
                ("disputed", "claimed"),
                ("settled", "disputed"),
                ("waived_on", "claimed"),
            ):
                yield from _in_order(row, before, name)


def reminders_in_order(book: ContractBook) -> Iterable[Problem]:
    """A demand names a day after it was received; where the contract gives no days it must."""
    items = {item.number: item for item in book.contract.payment.instalments}
    for ledger in ledgers(book):
        for row in ledger.reminders:
            yield from _in_order(row, "delivered", "pay_by", lasting=True)
            item = items.get(row.instalment)
            if item and not gives_days(item) and row.pay_by is None:
                yield warning(
                    "reminder-undated",
                    row.place("pay_by"),
                    say(
                        "the contract gives no days to pay instalment {number}, and this demand "
                        "names none: no delay can be reckoned from it",
                        number=row.instalment,
                    ),
                    say("name a day in the letter that leaves the time needed (民法典 511)"),
                )


def fiscal_days_complete(book: ContractBook) -> Iterable[Problem]:
    """A row of 财政审批 has both days of a delay, or neither and the day of the approval."""
    for ledger in ledgers(book):
        for row in ledger.fiscal_approvals:
            lacking = next(
                (
                    name
                    for name, other in (("first_day", "last_day"), ("last_day", "first_day"))
                    if getattr(row, name) is None and getattr(row, other) is not None
                ),
                "approved" if row.first_day is None and row.approved is None else "",
            )
            if lacking:
                yield error(
                    "fiscal-incomplete",
                    row.place(lacking),
                    say("{label} is empty", label=label(row, lacking)),
                    say("enter both days of the delay, or the day of the approval, or all three"),
                )


def _in_order(row: Row, first: str, then: str, *, lasting: bool = False) -> Iterator[Problem]:
    started, ended = getattr(row, first), getattr(row, then)
    if started is None or ended is None or ended > started or (ended == started and not lasting):
        return
    yield error(
        "end-before-start",
        row.place(then),
        say(
            "{end} {ended} is not after {start} {started}",
            end=label(row, then),
            ended=ended,
            start=label(row, first),
            started=started,
        ),
        say("copy both days from the papers"),
    )
