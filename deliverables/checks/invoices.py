"""Rules about invoices among each other: reversals, invoices too many, invoices too early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from deliverables.checks.ledger import invoices, ledgers
from deliverables.checks.price import amounts_due, excess
from deliverables.checks.quarters import last_day_of_term
from deliverables.checks.rows import grouped, label, where
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.ledger import (
    AGREED,
    REDUCES_INVOICE,
    Acceptance,
    Invoice,
    Ledger,
    left_of_invoices,
)
from deliverables.model.payment_terms import Instalment
from deliverables.money import format_yuan
from deliverables.period import Convention, midpoint
from deliverables.problem import Problem, error, warning
from deliverables.source import Source

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


@dataclass(frozen=True, slots=True)
class _Wait:
    """From when an instalment can be asked for; None while a condition has not been met."""

    day: date | None
    condition: Message


def after_conditions(book: ContractBook) -> Iterable[Problem]:
    """An instalment is invoiced once its conditions are met: invoicing makes the tax fall due."""
    items = {item.number: item for item in book.contract.payment.instalments}
    for ledger in ledgers(book):
        for invoice in ledger.invoices:
            if invoice.red or invoice.instalment not in items:
                continue
            waits = _waits(book.contract, ledger, items[invoice.instalment])
            wait = next((w for w in waits if w.day is None or invoice.issued < w.day), None)
            if wait:
                yield warning(
                    "invoice-before-conditions",
                    invoice.place("issued"),
                    say(
                        "invoiced on {day}; a condition of instalment {number} is met {when}",
                        day=invoice.issued,
                        number=invoice.instalment,
                        when=wait.condition,
                    ),
                    say("check the day; the tax is due from the day of the invoice (增值税法 28)"),
                )


def _waits(contract: Contract, ledger: Ledger, item: Instalment) -> Iterator[_Wait]:
    end, service = last_day_of_term(contract), contract.service
    for condition in item.conditions:
        if condition == "past_half_of_term" and end:
            convention = Convention(service.term_convention or Convention.CIVIL_CODE)
            half = midpoint(contract.identity.signed_on, service.term_months, convention)
            yield _Wait(half, say("on {day}, when the term is past half", day=half))
        elif condition == "end_of_term" and end:
            day = end + timedelta(days=1)
            yield _Wait(day, say("on {day}, when the term is over", day=day))
        elif condition in _STAGES:
            yield _accepted(ledger.acceptances, _STAGES[condition])


_STAGES = {"interim_acceptance": "中期", "final_acceptance": "最终"}


def _accepted(acceptances: Iterable[Acceptance], stage: str) -> _Wait:
    passed = [row.accepted for row in acceptances
              if row.stage == stage and row.result == "通过" and row.accepted]  # fmt: skip
    if not passed:
        return _Wait(None, say("by the {stage} acceptance, which has not passed", stage=stage))
    day = min(passed)
    return _Wait(day, say("on {day}, by the {stage} acceptance", day=day, stage=stage))
