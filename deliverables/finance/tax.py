"""What is to be declared to the tax office: VAT falls due with the invoice (增值税法 28)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from deliverables.compute.ageing import surely_due
from deliverables.finance.desk import Desk, Step, Task
from deliverables.message import Message, say
from deliverables.model.ledger import Invoice
from deliverables.money import format_yuan
from deliverables.period import add_months, roll_forward
from deliverables.workdays import Deadline

_DAY_OF_DECLARING: Final = 15
"""Tax of a month is declared within fifteen days of its end, moved on from a day of rest."""


def taxes(desk: Desk) -> Iterator[Task]:
    """Yield the tax of every month whose invoices are still to be declared."""
    months: dict[date, list[Invoice]] = {}
    for state in desk.money.instalments:
        for invoice in state.invoices:
            months.setdefault(invoice.issued.replace(day=1), []).append(invoice)
    for month, invoices in months.items():
        by = roll_forward(add_months(month, 1).replace(day=_DAY_OF_DECLARING), desk.book.calendar)
        if desk.as_of <= surely_due(by):
            yield _declaring(desk, month, invoices, by)


def _declaring(desk: Desk, month: date, invoices: list[Invoice], by: Deadline) -> Task:
    net = sum((invoice.net for invoice in invoices), Decimal(0))
    tax = sum((invoice.tax for invoice in invoices), Decimal(0))
    what = _what(desk, month, invoices)
    return Task(step=Step.TAX, what=what, by=by, amount=tax, net=net, tax=tax)


def _what(desk: Desk, month: date, invoices: list[Invoice]) -> Message:
    reversing = [invoice.tax for invoice in invoices if invoice.red]
    facts = {"month": f"{month:%Y-%m}", "unpaid": format_yuan(_unpaid(desk, invoices))}
    if not reversing:
        return say(
            "declare VAT on the invoices of {month}, of which {unpaid} is not yet paid; "
            "with monthly declaration, and as the tax office sets the day",
            **facts,
        )
    return say(
        "declare VAT on the invoices of {month}, of which {unpaid} is not yet paid; "
        "red-letter invoices lessen the tax of this month by {less}, not that of an earlier one; "
        "with monthly declaration, and as the tax office sets the day",
        less=format_yuan(-sum(reversing, Decimal(0))),
        **facts,
    )


def _unpaid(desk: Desk, invoices: list[Invoice]) -> Decimal:
    """Return what of these invoices has not come in; money is taken for the earlier ones first.

    An invoice that was wholly reversed waits for no money.
    """
    total = Decimal(0)
    for state in desk.money.instalments:
        own = [invoice.gross for invoice in invoices if invoice in state.standing_invoices]
        waiting = min(state.invoiced.value, state.payable.value) - state.received.value
        total += max(Decimal(0), min(sum(own, Decimal(0)), waiting))
    return total
