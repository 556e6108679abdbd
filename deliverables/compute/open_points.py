"""What the ledger leaves open on a day and somebody should settle; other rules are checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverables.compute.account import account
from deliverables.compute.ageing import surely_due
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.problem import Problem, warning


def open_points(book: ContractBook, as_of: date) -> Iterator[Problem]:
    """Yield a warning for each deduction still disputed after its instalment was due."""
    if book.ledger is None:
        return
    for item in account(book.contract, book.ledger, book.calendar, as_of).instalments:
        if item.deadline is None or as_of <= surely_due(item.deadline):
            continue
        for row in item.disputes:
            yield warning(
                "deduction-disputed",
                row.place("status"),
                say(
                    "{amount} are disputed, instalment {number} was due on {day} ({days} days ago)",
                    amount=row.figure("amount"),
                    number=row.instalment,
                    day=surely_due(item.deadline),
                    days=(as_of - surely_due(item.deadline)).days,
                ),
                say("settle it with the client in writing, then enter 协商一致 or 已撤销"),
            )
