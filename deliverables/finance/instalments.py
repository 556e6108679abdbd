"""What finance has to do for one instalment: invoice, ask, enter, settle, wait for the money."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import reduce

from deliverables.compute.account import InstalmentAccount
from deliverables.compute.ageing import excused_days, surely_due
from deliverables.finance.desk import Desk, Step, Task
from deliverables.message import Message, say
from deliverables.model.ledger import Deduction
from deliverables.planning import Planned, Standing
from deliverables.vat import split_gross
from deliverables.workdays import Settled


def invoices(desk: Desk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield the invoice that is to be issued, or was and is missing in the ledger."""
    terms = desk.book.contract.invoicing
    unmatched = min(state.received.value, state.invoiceable.value) - state.invoiced.value
    to_issue = state.uninvoiced.value
    if unmatched > 0:
        what = say(
            "money came in without an invoice: enter or issue it ({article})", article=terms.article
        )
        yield _invoice(desk, state, unmatched, what)
    elif to_issue > 0 and not state.unmet and state.outstanding.value > 0:
        what = say(
            "issue the invoice before payment is asked for ({article}), then enter it; "
            "deliverables invoice-import {number} fills the workbook of the tax portal",
            article=terms.article,
            number=state.instalment.number,
        )
        by, days = desk.due(state)
        yield replace(_invoice(desk, state, to_issue, what), by=by, days_late=days)


def _invoice(desk: Desk, state: InstalmentAccount, gross: Decimal, what: Message) -> Task:
    split = split_gross(gross, desk.book.contract.invoicing.rate)
    number, payable = state.instalment.number, state.outstanding.value > 0 and not state.unmet
    return Task(
        step=Step.INVOICE,
        what=what,
        instalment=number,
        amount=gross,
        net=split.net,
        tax=split.tax,
        command=desk.command("pack", str(number)) if payable else desk.command("ledger"),
    )


def requests(desk: Desk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield the letter that is to be sent, or that was and is missing in the ledger.

    Whether a letter was sent, the sheet 请款 and the register both know; either is enough.
    """
    item, open_ = state.instalment, state.outstanding.value
    planned = desk.planned.get(f"payment_request/{item.number}")
    if planned is None:
        return
    yield from _not_entered(desk, state, planned)
    if open_ <= 0:
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
    elif planned.standing is not Standing.DELIVERED and not _all_asked(state):
        by, days = desk.due(state)
        what, command = _next_step(desk, planned, item.number)
        yield Task(step=Step.REQUEST, what=what, by=by, days_late=days, instalment=item.number,
                   amount=open_, command=command)  # fmt: skip


def _all_asked(state: InstalmentAccount) -> bool:
    return bool(state.requests) and state.unasked.value <= 0


def _not_entered(desk: Desk, state: InstalmentAccount, planned: Planned) -> Iterator[Task]:
    """Yield the letter that the register knows as delivered and the sheet 请款 does not have."""
    delivered, letter = planned.life.delivered, planned.life.final
    if delivered is None or letter is None or delivered.as_of > desk.as_of:
        return
    if not any(row.sent >= letter.as_of for row in state.requests):
        yield Task(
            step=Step.DATA,
            what=say("the payment request delivered on {day} is missing in the sheet 请款: "
                     "enter it", day=delivered.as_of),
            instalment=state.instalment.number,
            command=desk.command("ledger"),
        )  # fmt: skip


def _joined(state: InstalmentAccount) -> Message:
    """Return why an instalment cannot be asked for, reason by reason."""
    return reduce(lambda one, other: say("{one}; {other}", one=one, other=other),
                  (condition.reason for condition in state.unmet))  # fmt: skip


def _next_step(desk: Desk, planned: Planned, number: int) -> tuple[Message, str]:
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


def _on_file(desk: Desk, name: str, file: str, *words: str) -> str:
    path = desk.folders.contract(desk.book.number) / file
    return shlex.join(["deliverables", name, path.as_posix(), *words])


def disputes(desk: Desk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield each deduction that the client demands and that nobody has agreed on."""
    by, days = desk.due(state)
    for row in state.disputes:
        yield Task(
            step=Step.DISPUTE,
            what=_in_dispute(row),
            by=by,
            days_late=days,
            instalment=state.instalment.number,
            amount=row.amount,
            command=desk.command("ledger"),
        )


def _in_dispute(row: Deduction) -> Message:
    if row.raised is None:
        return say(
            "settle the disputed deduction in writing ({basis}), then enter 协商一致 or 已撤销; "
            "until then it is not deducted",
            basis=row.basis,
        )
    return say(
        "settle the deduction disputed since {day} in writing ({basis}), then enter 协商一致 or "
        "已撤销; until then it is not deducted",
        day=row.raised,
        basis=row.basis,
    )


def payments(desk: Desk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield the money that is to come in."""
    if state.unmet or state.outstanding.value <= 0:
        return
    by, days = desk.due(state)
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


def _excused(desk: Desk, state: InstalmentAccount) -> int:
    """Return how many of the days since the deadline fiscal approval took."""
    if state.deadline is None or desk.book.ledger is None:
        return 0
    number = state.instalment.number
    rows = [row for row in desk.book.ledger.fiscal_approvals if row.instalment == number]
    return excused_days(rows, surely_due(state.deadline), desk.as_of)


def overpayments(desk: Desk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield what came in beyond what is payable: nobody sets it off without an agreement."""
    if state.overpaid.value > 0:
        yield Task(
            step=Step.REFUND,
            what=say("more came in than is payable: agree in writing whether it is paid back or "
                     "set off, then enter it"),
            instalment=state.instalment.number,
            amount=state.overpaid.value,
            command=desk.command("ledger"),
        )  # fmt: skip
