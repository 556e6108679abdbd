"""The state of the money on a day: what each instalment comes to, what came in, what is open.

The contract says what is due, the ledger what happened. Rows dated after the day have not
happened yet, so that a letter made again for an old day says what it said then.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.compute.ageing import Band, surely_due
from deliverables.compute.dues import dues, is_sme, ratio_of
from deliverables.compute.instalment_account import InstalmentAccount, instalment_account
from deliverables.compute.sums import in_words, instalments_added, yuan
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.contract import Contract
from deliverables.model.ledger import Ledger, Payment
from deliverables.workdays import Calendar

__all__ = ["Account", "InstalmentAccount", "account", "dues", "in_words", "is_sme", "ratio_of",
           "yuan"]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """All instalments and their sums: outstanding = total − received − deducted."""

    as_of: date
    total: Figure[Decimal]
    asked: Figure[Decimal]
    unasked: Figure[Decimal]
    invoiced: Figure[Decimal]
    uninvoiced: Figure[Decimal]
    received: Figure[Decimal]
    deducted: Figure[Decimal]
    disputed: Figure[Decimal]
    payable: Figure[Decimal]
    outstanding: Figure[Decimal]
    overpaid: Figure[Decimal]
    instalments: tuple[InstalmentAccount, ...]
    payments: tuple[Payment, ...]

    def instalment(self, number: int) -> InstalmentAccount:
        """Return the account of instalment `number`; KeyError if the contract has none such."""
        for account in self.instalments:
            if account.instalment.number == number:
                return account
        raise KeyError(number)

    @property
    def ageing(self) -> dict[Band, Figure[Decimal]]:
        """What is owed by how long it has been owed; an overpayment is not set off against it."""
        owed = [item for item in self.instalments if item.outstanding.value > 0]
        return {
            band: instalments_added(
                band.value, [item.outstanding for item in owed if item.age.band is band]
            )
            for band in Band
        }

    @property
    def next_due(self) -> InstalmentAccount | None:
        """The instalment with money outstanding whose deadline comes next, not yet past."""
        coming = [
            (surely_due(item.deadline), item.instalment.number)
            for item in self.instalments
            if item.deadline
            and item.outstanding.value > 0
            and self.as_of <= surely_due(item.deadline)
        ]
        return self.instalment(min(coming)[1]) if coming else None


def account(contract: Contract, ledger: Ledger, calendar: Calendar, as_of: date) -> Account:
    """Return the state of the money under a contract at the end of the day `as_of`."""
    instalments = tuple(
        instalment_account(contract, ledger, instalment, due, calendar=calendar, as_of=as_of)
        for instalment, due in zip(contract.payment.instalments, dues(contract), strict=True)
    )
    total = contract.payment.figure("total")
    received = instalments_added("已付合计", [item.received for item in instalments])
    deducted = instalments_added("扣减合计", [item.deducted for item in instalments])
    return Account(
        as_of=as_of,
        total=total,
        asked=instalments_added("已申请合计", [item.asked for item in instalments]),
        unasked=instalments_added("未申请合计", [item.unasked for item in instalments]),
        invoiced=instalments_added("已开票合计", [item.invoiced for item in instalments]),
        uninvoiced=instalments_added("未开票合计", [item.uninvoiced for item in instalments]),
        received=received,
        deducted=deducted,
        disputed=instalments_added("协商中扣减合计", [item.disputed for item in instalments]),
        payable=instalments_added("应付减扣减合计", [item.payable for item in instalments]),
        outstanding=yuan(
            "未付余额",
            total.value - received.value - deducted.value,
            "合同总额−已付−扣减",
            contract.payment.article,
            (total, received, deducted),
        ),
        overpaid=instalments_added("多付合计", [item.overpaid for item in instalments]),
        instalments=instalments,
        payments=tuple(
            sorted(
                (payment for item in instalments for payment in item.payments),
                key=lambda payment: payment.received,
            )
        ),
    )
