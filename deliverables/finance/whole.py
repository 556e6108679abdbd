"""What finance has to do for a contract as a whole: missing facts, claims, money to pay back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from deliverables.compute.refund import exit_known, permitted, refund
from deliverables.finance.desk import Desk, Step, Task
from deliverables.message import Message, listed, say
from deliverables.model.contract import gaps
from deliverables.model.record import declarations

_FOR_INVOICES: Final = ("invoicing.", "client.credit_code", "client.invoice_email",
                        "contractor.credit_code")  # fmt: skip


def missing_facts(desk: Desk) -> Iterator[Task]:
    """Yield what nobody has supplied and no invoice can be issued without."""
    if not desk.money.uninvoiced.value:
        return
    lacking = [
        say("{name} ({field})", name=declarations(type(record))[field].label, field=path)
        for path, _, record, field in gaps(desk.book.contract)
        if path.startswith(_FOR_INVOICES)
    ]
    if lacking:
        yield Task(
            step=Step.DATA,
            what=say("still to be found out before invoicing: {facts}", facts=listed(lacking)),
            command=desk.command("check"),
        )


def claims(desk: Desk) -> Iterator[Task]:
    """Yield the damages that can be claimed for each instalment that is or was late."""
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
            what=_with_cap(desk, what),
            instalment=number,
            amount=late.claimable.value,
            command=desk.command("build", "late_payment_claim", "--period", str(number)),
        )


def _with_cap(desk: Desk, what: Message) -> Message:
    """Return what can be claimed with the day on which it stops growing, past or to come."""
    bites = desk.late.cap_bites_on
    if bites is None:
        return what
    cap = say("all claims together stop at {cap} on {day}", cap=desk.late.cap, day=bites.value)
    return say("{one}; {other}", one=what, other=cap)


def refund_on_exit(desk: Desk) -> Iterator[Task]:
    """Yield what is to be paid back after an exit that the client permitted (第十三条)."""
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
