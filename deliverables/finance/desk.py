"""What a task of finance is, and what the tasks of one contract are found from."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from deliverables.compute.account import Account, InstalmentAccount
from deliverables.compute.ageing import surely_due
from deliverables.compute.lateness import LatePayments
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.message import Message
from deliverables.model.book import ContractBook
from deliverables.planning import Planned
from deliverables.workdays import Deadline


class Step(StrEnum):
    """What kind of thing is to be done; on one day they are done in this order."""

    DATA = "data"
    INVOICE = "invoice"
    REQUEST = "request"
    DISPUTE = "dispute"
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

    @property
    def ours(self) -> bool:
        """Whether it is for us to act; a payment is the client's."""
        return self.step is not Step.PAYMENT


@dataclass(frozen=True, slots=True)
class Desk:
    """What the tasks of one contract are found from."""

    book: ContractBook
    money: Account
    late: LatePayments
    planned: Mapping[str, Planned]
    folders: Folders

    @property
    def as_of(self) -> date:
        """The day for which the tasks are found."""
        return self.money.as_of

    def command(self, name: str, *words: str) -> str:
        """Return a command line for this contract."""
        return shlex.join(["deliverables", name, *words, "--contract", self.book.number])

    def due(self, state: InstalmentAccount) -> tuple[Deadline | None, int]:
        """Return until when an instalment is to be paid, and for how many days it surely was not.

        An instalment that cannot be asked for yet has no day.
        """
        if state.deadline is None or state.unmet:
            return None, 0
        return state.deadline, max(0, (self.as_of - surely_due(state.deadline)).days)
