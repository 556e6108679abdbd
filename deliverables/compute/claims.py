"""What the contractor claims beside the price, and what became of it: never part of an instalment.

How damages are taxed the contract does not say and no rule here decides (`VAT_IS_OPEN`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from deliverables.compute.figures import NOTHING, Rows, entered, rows_added, yuan
from deliverables.model.ledger_sheets import Claim, Ledger, Payment
from deliverables.values.figure import Derivation, Figure
from deliverables.values.money import format_yuan

LATE_PAYMENT: Final = "迟延付款违约金"
VAT_IS_OPEN: Final = (
    "收到的违约金、赔偿金是否并入销售额计算增值税、是否开具发票，"
    "由财务部门与主管税务机关确认，本台账不作处理。"
)


@dataclass(frozen=True, slots=True)
class ClaimState:
    """One claim on a day, in yuan: open = claimed − received − waived, disputed or not.

    `row` is the latest that raised it; those before it are replaced.
    """

    row: Claim
    payments: tuple[Payment, ...]
    claimed: Figure[Decimal]
    received: Figure[Decimal]
    waived: Figure[Decimal]
    open: Figure[Decimal]

    @property
    def disputed(self) -> bool:
        """Whether the client objects to what is open of it."""
        return self.row.in_dispute and self.open.value > 0

    @property
    def standing(self) -> Figure[str]:
        """What became of it, in a word."""
        word = "已结清" if self.open.value <= 0 else "有异议" if self.disputed else "待收"
        origin = Derivation("主张−已收−放弃；异议未议定的为有异议", "", (self.open,))
        return Figure("主张情况", word, word, origin)


@dataclass(frozen=True, slots=True)
class Claims:
    """Every claim on a day, and their sums in yuan."""

    states: tuple[ClaimState, ...]
    claimed: Figure[Decimal]
    received: Figure[Decimal]
    waived: Figure[Decimal]
    open: Figure[Decimal]
    disputed: Figure[Decimal]

    def late_payment_of(self, instalment: int) -> ClaimState | None:
        """Return the claim for the late payment of an instalment, if it was raised."""
        found = [
            state
            for state in self.states
            if state.row.subject == LATE_PAYMENT and state.row.instalment == instalment
        ]
        return found[-1] if found else None


def claims_on(ledger: Ledger, as_of: date) -> Claims:
    """Return the claims as they stood at the end of the day."""
    known = ledger.as_known(as_of)
    latest = {row.number: row for row in sorted(known.claims, key=lambda row: row.claimed)}
    states = tuple(_state(row, known) for row in latest.values())
    every = entered(ledger.file, Claim, known.claims)
    return Claims(
        states=states,
        claimed=_sum("主张合计", every, (state.claimed for state in states)),
        received=_sum("主张已收合计", every, (state.received for state in states)),
        waived=_sum("主张放弃合计", every, (state.waived for state in states)),
        open=_sum("主张未收合计", every, (state.open for state in states)),
        disputed=_sum("有异议主张合计", every, (one.open for one in states if one.disputed)),
    )


def _state(row: Claim, ledger: Ledger) -> ClaimState:
    name = f"主张{row.number}"
    payments = tuple(
        sorted(
            (each for each in ledger.payments if each.claim == row.number),
            key=lambda each: each.received,
        )
    )
    claimed = row.figure("amount")
    every = entered(ledger.file, Payment, ledger.payments)
    received = rows_added(f"{name}已收", every, payments, "amount", "claim", "received")
    given_up = row.waived or NOTHING
    waived = yuan(f"{name}放弃", given_up, "放弃金额", "", (row.figure("waived"),))
    left = claimed.value - received.value - waived.value
    open_ = yuan(f"{name}未收", left, "主张−已收−放弃", "", (claimed, received, waived))
    return ClaimState(row, payments, claimed, received, waived, open_)


def _sum(name: str, every: Rows[Claim], parts: Iterable[Figure[Decimal]]) -> Figure[Decimal]:
    figures, rule = tuple(parts), "逐项相加"
    total = sum((part.value for part in figures), NOTHING)
    origin = Derivation(rule, "", figures) if figures else every.origin(rule, (), "number")
    return Figure(name, total, format_yuan(total), origin)
