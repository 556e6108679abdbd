"""What finance has to do next and until when: invoices, requests, money to come, claims, tax."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import Final

from deliverables.compute.account import Account, InstalmentAccount, account
from deliverables.compute.ageing import surely_due
from deliverables.compute.lateness import LatePayments, late_payments
from deliverables.compute.refund import exit_known, permitted, refund
from deliverables.folders import Folders
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.model.contract import gaps
from deliverables.model.ledger import Invoice
from deliverables.model.record import declarations
from deliverables.money import format_yuan
from deliverables.period import add_months, roll_forward
from deliverables.planning import Planned, Standing, plan
from deliverables.vat import split_gross
from deliverables.workdays import Deadline, Settled


class Step(StrEnum):
    """What kind of thing is to be done; on one day they are done in this order."""

    DATA = "data"
    INVOICE = "invoice"
    REQUEST = "request"
    PAYMENT = "payment"
    CLAIM = "claim"
    REFUND = "refund"
    TAX = "tax"
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One thing to do: until when, what, how much in yuan, and the command that helps.

    `by` is None for what can be done at once and has no day; `days_late` counts the days since a
    day that has surely passed.
    """

    step: Step
    what: Message
    by: Deadline | None = None
    days_late: int = 0
    instalment: int | None = None
    amount: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the tasks of one contract are found from."""

    book: ContractBook
    money: Account
    late: LatePayments
    planned: Mapping[str, Planned]
    folders: Folders

    @property
    def as_of(self) -> date:
        return self.money.as_of

    def command(self, name: str, *words: str) -> str:
        """Return a command line for this contract."""
        return shlex.join(["deliverables", name, *words, "--contract", self.book.number])


def tasks(book: ContractBook, folders: Folders, as_of: date) -> tuple[Task, ...]:
    """Return what finance has to do for a contract on a day, the most urgent first."""
    if book.ledger is None:
        missing = say("ledger.xlsx is missing or unreadable: fill it in first")
        return (Task(step=Step.DATA, what=missing, command="deliverables check"),)
    money = account(book.contract, book.ledger, book.calendar, as_of)
    planned = {one.deliverable.key: one for one in plan(book, folders, as_of)}
    late = late_payments(book.contract, book.ledger, money)
    desk = _Desk(book, money, late, planned, folders)
    found = [*_gaps(desk), *_claims(desk), *_refund(desk), *_taxes(desk)]
    for state in money.instalments:
        found += [*_invoices(desk, state), *_requests(desk, state), *_payments(desk, state)]
    return tuple(sorted(found, key=lambda task: (_day(task, as_of), list(Step).index(task.step))))


def _day(task: Task, as_of: date) -> date:
    if task.by is None:
        return date.max if task.step is Step.LATER else as_of
    return task.by.date if isinstance(task.by, Settled) else task.by.earliest


def _due(state: InstalmentAccount, as_of: date) -> tuple[Deadline | None, int]:
    """Return until when an instalment is to be paid, and for how many days it surely was not."""
    if state.deadline is None:
        return None, 0
    return state.deadline, max(0, (as_of - surely_due(state.deadline)).days)


_FOR_INVOICES: Final = ("invoicing.", "client.credit_code", "client.invoice_email",
                        "contractor.credit_code")  # fmt: skip


def _gaps(desk: _Desk) -> Iterator[Task]:
    """Yield what nobody has supplied and no invoice can be issued without."""
    if not desk.money.uninvoiced.value:
        return
    lacking = [
        f"{path} ({declarations(type(record))[field].label})"
        for path, _, record, field in gaps(desk.book.contract)
        if path.startswith(_FOR_INVOICES)
    ]
    if lacking:
        yield Task(
            step=Step.DATA,
            what=say("still to be found out before invoicing: {facts}", facts=", ".join(lacking)),
            command=desk.command("check"),
        )


def _invoices(desk: _Desk, state: InstalmentAccount) -> Iterator[Task]:
    number, terms = state.instalment.number, desk.book.contract.invoicing
    unmatched = min(state.received.value, state.invoiceable.value) - state.invoiced.value
    to_issue = state.uninvoiced.value
    if unmatched > 0:
        what = say(
            "money came in without an invoice: enter or issue it ({article})", article=terms.article
        )
        yield _invoice(desk, number, unmatched, what)
    elif to_issue > 0 and not state.unmet and state.outstanding.value > 0:
        what = say("issue the invoice before payment is asked for ({article}), then enter it",
                   article=terms.article)  # fmt: skip
        by, days = _due(state, desk.as_of)
        yield replace(_invoice(desk, number, to_issue, what), by=by, days_late=days)


def _invoice(desk: _Desk, number: int, gross: Decimal, what: Message) -> Task:
    split = split_gross(gross, desk.book.contract.invoicing.rate)
    return Task(
        step=Step.INVOICE,
        what=what,
        instalment=number,
        amount=gross,
        net=split.net,
        tax=split.tax,
        command=desk.command("check"),
    )


def _requests(desk: _Desk, state: InstalmentAccount) -> Iterator[Task]:
    item, open_ = state.instalment, state.outstanding.value
    planned = desk.planned.get(f"payment_request/{item.number}")
    if planned is None or open_ <= 0:
        return
    if state.unmet:
        certain = [one.certain_from for one in state.unmet if one.certain_from]
        yield Task(
            step=Step.LATER,
            what=say("not to be asked for yet: {reasons}", reasons=_joined(state)),
            by=Settled(max(certain)) if certain else None,
            instalment=item.number,
            amount=open_,
        )
    elif planned.standing is not Standing.DELIVERED:
        by, days = _due(state, desk.as_of)
        what, command = _next_step(desk, planned, item.number)
        yield Task(step=Step.REQUEST, what=what, by=by, days_late=days, instalment=item.number,
                   amount=open_, command=command)  # fmt: skip


def _joined(state: InstalmentAccount) -> Message:
    """Return why an instalment cannot be asked for, reason by reason."""
    return reduce(lambda one, other: say("{one}; {other}", one=one, other=other),
                  (condition.reason for condition in state.unmet))  # fmt: skip


def _next_step(desk: _Desk, planned: Planned, number: int) -> tuple[Message, str]:
    """Return what the payment request needs next on its way to the client."""
    life, name = planned.life, "payment_request"
    match planned.standing:
        case Standing.MADE | Standing.EDITED if life.made:
            return say("make the payment request final"), _on_file(desk, "final", life.made.file)
        case Standing.FINAL if life.final:
            words = ("--scan", "SCAN.pdf", "--date", "DATE")
            return (
                say("have the payment request sealed, and record it"),
                _on_file(desk, "sealed", life.final.file, *words),
            )
        case Standing.SEALED if life.final:
            return (
                say("send the payment request, and record its receipt"),
                _on_file(desk, "delivered", life.final.file, "--date", "DATE"),
            )
        case _:
            return say("make the payment request"), desk.command(
                "build", name, "--period", str(number)
            )


def _on_file(desk: _Desk, name: str, file: str, *words: str) -> str:
    path = desk.folders.contract(desk.book.number) / file
    return shlex.join(["deliverables", name, path.as_posix(), *words])


def _payments(desk: _Desk, state: InstalmentAccount) -> Iterator[Task]:
    if state.unmet or state.outstanding.value <= 0:
        return
    by, days = _due(state, desk.as_of)
    if by is None:
        what = say("payment is open; the contract names no day ({article})",
                   article=state.instalment.article)  # fmt: skip
    elif excused := _excused(desk, state):
        what = say("payment is overdue, {excused} of the days for fiscal approval; enter it in "
                   "the ledger when it comes in", excused=excused)  # fmt: skip
    elif days:
        what = say("payment is overdue; enter it in the ledger when it comes in")
    else:
        what = say("payment is to come in; enter it in the ledger")
    yield Task(step=Step.PAYMENT, what=what, by=by, days_late=days,
               instalment=state.instalment.number, amount=state.outstanding.value,
               command=desk.command("check"))  # fmt: skip


def _excused(desk: _Desk, state: InstalmentAccount) -> int:
    """Return how many of the days since the deadline fiscal approval took."""
    if state.deadline is None:
        return 0
    rows = desk.book.ledger.fiscal_approvals if desk.book.ledger else ()
    since, until = surely_due(state.deadline).toordinal(), desk.as_of.toordinal()
    days = {
        day
        for row in rows
        if row.instalment == state.instalment.number
        for day in range(row.first_day.toordinal(), row.last_day.toordinal() + 1)
    }
    return sum(since < day <= until for day in days)


def _claims(desk: _Desk) -> Iterator[Task]:
    for late in desk.late.instalments:
        number = late.state.instalment.number
        planned = desk.planned.get(f"late_payment_claim/{number}")
        if planned is None:
            continue
        sent = planned.life.delivered
        facts = {"days": int(late.days.value), "article": desk.book.contract.payment.late.article}
        what = (
            say("late payment was claimed on {sent}; {days} days by now ({article})",
                sent=sent.as_of, **facts)
            if sent
            else say("late payment can be claimed: {days} days ({article})", **facts)
        )  # fmt: skip
        yield Task(
            step=Step.CLAIM,
            what=what,
            instalment=number,
            amount=late.claimable.value,
            command=desk.command("build", "late_payment_claim", "--period", str(number)),
        )


def _refund(desk: _Desk) -> Iterator[Task]:
    contract = desk.book.contract
    leaving = exit_known(contract, desk.as_of)
    if leaving is None or not permitted(leaving, desk.as_of):
        return
    back = refund(contract, leaving, desk.money).refund.value
    if back > 0:
        yield Task(
            step=Step.REFUND,
            what=say("pay back what the days served have not earned ({article})",
                     article=leaving.article),
            amount=back,
            command=desk.command("build", "settlement_statement"),
        )  # fmt: skip


def _taxes(desk: _Desk) -> Iterator[Task]:
    """Yield the tax of every month whose invoices are still to be declared (增值税法 28)."""
    months: dict[date, list[Invoice]] = {}
    for state in desk.money.instalments:
        for invoice in state.invoices:
            months.setdefault(invoice.issued.replace(day=1), []).append(invoice)
    for month, invoices in months.items():
        by = roll_forward(add_months(month, 1).replace(day=_DAY_OF_DECLARING), desk.book.calendar)
        if desk.as_of <= surely_due(by):
            yield _declaring(desk, month, invoices, by)


_DAY_OF_DECLARING: Final = 15
"""Tax of a month is declared within fifteen days of its end, moved on from a day of rest."""


def _declaring(desk: _Desk, month: date, invoices: list[Invoice], by: Deadline) -> Task:
    gross = sum((invoice.gross for invoice in invoices), Decimal(0))
    net = sum((invoice.net for invoice in invoices), Decimal(0))
    what = say(
        "declare VAT on the invoices of {month}, of which {unpaid} is not yet paid; "
        "with monthly declaration, and as the tax office sets the day",
        month=f"{month:%Y-%m}",
        unpaid=format_yuan(_unpaid(desk, invoices)),
    )
    return Task(step=Step.TAX, what=what, by=by, amount=gross - net, net=net, tax=gross - net)


def _unpaid(desk: _Desk, invoices: list[Invoice]) -> Decimal:
    """Return what of these invoices has not come in; money is taken for the earlier ones first."""
    total = Decimal(0)
    for state in desk.money.instalments:
        own = [invoice.gross for invoice in invoices if invoice in state.invoices]
        waiting = min(state.invoiced.value, state.payable.value) - state.received.value
        total += max(Decimal(0), min(sum(own, Decimal(0)), waiting))
    return total
