"""The list of what finance has to do for a contract on a day, the most urgent first."""

from __future__ import annotations

from datetime import date

from deliverables.compute.account import account
from deliverables.compute.lateness import late_payments
from deliverables.finance.desk import Desk, Step, Task
from deliverables.finance.instalments import disputes, invoices, overpayments, payments, requests
from deliverables.finance.tax import taxes
from deliverables.finance.whole import claims, missing_facts, refund_on_exit
from deliverables.folders import Folders
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.planning import plan
from deliverables.workdays import Settled

_OF_THE_CONTRACT = (missing_facts, claims, refund_on_exit, taxes)
_OF_EACH_INSTALMENT = (invoices, requests, disputes, payments, overpayments)


def tasks(book: ContractBook, folders: Folders, as_of: date) -> tuple[Task, ...]:
    """Return what finance has to do for a contract on a day, the most urgent first."""
    if book.ledger is None:
        missing = say("ledger.xlsx is missing or unreadable: fill it in first")
        return (Task(step=Step.DATA, what=missing, command="deliverables check"),)
    money = account(book.contract, book.ledger, book.calendar, as_of)
    planned = {one.deliverable.key: one for one in plan(book, folders, as_of)}
    late = late_payments(book.contract, book.ledger, money)
    desk = Desk(book, money, late, planned, folders)
    found = [task for find in _OF_THE_CONTRACT for task in find(desk)]
    for state in money.instalments:
        found += [task for look in _OF_EACH_INSTALMENT for task in look(desk, state)]
    return tuple(sorted(found, key=lambda task: (_day(task, as_of), list(Step).index(task.step))))


def _day(task: Task, as_of: date) -> date:
    if task.by is None:
        return date.max if task.step is Step.LATER else as_of
    return task.by.date if isinstance(task.by, Settled) else task.by.earliest
