"""The money that a letter is about: its instalment, and the requests that stand, on its day."""

from __future__ import annotations

from typing import Final

from deliverables.compute.account import Account, InstalmentAccount, account_of
from deliverables.kinds import Role, kind_that
from deliverables.letters.case import Case
from deliverables.model.ledger_sheets import PaymentRequestSent

REMINDER: Final = "payment_reminder"
"""The letter to a client who lets the day to pay pass."""

DEMAND: Final = "payment_demand"
"""The letter to a client whose contract names no day to pay."""


def state_of(case: Case) -> InstalmentAccount | None:
    """Return how the instalment stands that a letter is about; None without it or a ledger."""
    money = money_of(case)
    if case.instalment is None or money is None:
        return None
    return money.instalment(case.instalment.number)


def money_of(case: Case) -> Account | None:
    """Return the account of the contract as it was known on the day; None without a ledger."""
    return account_of(case.book, case.as_of)


def requests_delivered(case: Case) -> list[PaymentRequestSent]:
    """Return the requests for the instalment that the client had; one withdrawn is none any more.

    The ledger keeps the row of a request that was withdrawn after its delivery, for it was sent.
    """
    state = state_of(case)
    rows = [row for row in state.requests if row.delivered] if state else []
    asks = kind_that(Role.ASKS).name
    life = case.lives().get(f"{asks}/{case.instalment.number}") if case.instalment else None
    gone = [past.withdrawn.as_of for past in life.earlier if past.withdrawn] if life else []
    if life is None or not gone:
        return rows
    anew = life.delivered.as_of if life.delivered else None
    return [
        row
        for row in rows
        if row.delivered and (row.delivered > max(gone) or (anew and row.delivered >= anew))
    ]
