"""The state of the money on a day: what each instalment comes to, what came in, what is open.

The contract says what is due, the ledger what happened. Rows dated after the day have not
happened yet, so that a letter made again for an old day says what it said then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TypeVar

from deliverables.capitals import write_capitals
from deliverables.compute.conditions import FINAL, Condition, conditions, passed_acceptance
from deliverables.compute.term import payment_deadline
from deliverables.figure import Derivation, Figure
from deliverables.instalments import amounts
from deliverables.model.contract import Contract, Instalment
from deliverables.model.ledger import AGREED, Deduction, FiscalApproval, Invoice, Ledger, Payment
from deliverables.model.record import Row
from deliverables.money import format_yuan
from deliverables.source import Cell
from deliverables.workdays import Calendar, Deadline


@dataclass(frozen=True, kw_only=True, slots=True)
class InstalmentAccount:
    """One instalment: payable = due − deducted, outstanding = payable − received."""

    instalment: Instalment
    ratio: Figure[Decimal | None]
    due: Figure[Decimal]
    invoiced: Figure[Decimal]
    received: Figure[Decimal]
    deducted: Figure[Decimal]
    payable: Figure[Decimal]
    outstanding: Figure[Decimal]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    deductions: tuple[Deduction, ...]
    fiscal_approvals: tuple[FiscalApproval, ...]
    conditions: tuple[Condition, ...]
    deadline: Deadline | None

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that are not met."""
        return tuple(condition for condition in self.conditions if not condition.met)

    @property
    def paid_in_full_on(self) -> date | None:
        """The day of the receipt with which nothing was left to pay."""
        if not self.payments or self.outstanding.value > 0:
            return None
        return max(payment.received for payment in self.payments)


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """All instalments and their sums: outstanding = total − received − deducted."""

    as_of: date
    total: Figure[Decimal]
    invoiced: Figure[Decimal]
    received: Figure[Decimal]
    deducted: Figure[Decimal]
    outstanding: Figure[Decimal]
    instalments: tuple[InstalmentAccount, ...]
    payments: tuple[Payment, ...]

    def instalment(self, number: int) -> InstalmentAccount:
        """Return the account of instalment `number`; KeyError if the contract has none such."""
        for account in self.instalments:
            if account.instalment.number == number:
                return account
        raise KeyError(number)


def account(contract: Contract, ledger: Ledger, calendar: Calendar, as_of: date) -> Account:
    """Return the state of the money under a contract at the end of the day `as_of`."""
    instalments = tuple(
        _instalment(contract, ledger, instalment, due, calendar=calendar, as_of=as_of)
        for instalment, due in zip(contract.payment.instalments, dues(contract), strict=True)
    )
    total = contract.payment.figure("total")
    received = _sum("已付合计", [item.received for item in instalments])
    deducted = _sum("扣减合计", [item.deducted for item in instalments])
    return Account(
        as_of=as_of,
        total=total,
        invoiced=_sum("已开票合计", [item.invoiced for item in instalments]),
        received=received,
        deducted=deducted,
        outstanding=yuan(
            "未付余额",
            total.value - received.value - deducted.value,
            "合同总额−已付−扣减",
            contract.payment.article,
            (total, received, deducted),
        ),
        instalments=instalments,
        payments=tuple(
            sorted(
                (payment for item in instalments for payment in item.payments),
                key=lambda payment: payment.received,
            )
        ),
    )


def dues(contract: Contract) -> tuple[Figure[Decimal], ...]:
    """Return what each instalment comes to (第六条第2款).

    The standard plan takes the amounts the contract states. The contract states none for small
    and medium enterprises: there all but the last are total × ratio, the last is what remains.
    """
    payment = contract.payment
    stated = [_stated(contract, item) for item in payment.instalments]
    ratios = [ratio_of(contract, item).value for item in payment.instalments]
    return tuple(
        item.figure("amount")
        if amount is not None
        else yuan(
            f"第{item.number}期应付",
            due,
            "合同总额×约定比例，四舍五入到分；末期为余额",
            item.article,
            (payment.figure("total"), *(ratio_of(contract, each) for each in payment.instalments)),
        )
        for item, amount, due in zip(
            payment.instalments, stated, amounts(payment.total, stated, ratios), strict=True
        )
    )


def ratio_of(contract: Contract, instalment: Instalment) -> Figure[Decimal | None]:
    """Return the share of the total by the payment plan; without one the instalment is the rest."""
    name = "sme_ratio" if is_sme(contract) else "ratio"
    figure: Figure[Decimal | None] = instalment.figure(name)
    if figure.value is None:
        return Figure(figure.name, None, "余额", instalment.place(name))
    return figure


def is_sme(contract: Contract) -> bool:
    """Return whether the plan for small and medium enterprises applies."""
    return contract.payment.plan == "sme"


def yuan(
    name: str, amount: Decimal, rule: str, article: str, inputs: tuple[Figure[object], ...]
) -> Figure[Decimal]:
    """Return a computed amount as a figure that prints 1,957,783.48."""
    return Figure(name, amount, format_yuan(amount), Derivation(rule, article, inputs))


def in_words(amount: Figure[Decimal]) -> Figure[str]:
    """Return an amount in words with 人民币 before them, as a letter prints it."""
    words = f"人民币{write_capitals(amount.value)}"
    return Figure(f"{amount.name}大写", words, words, Derivation("大写金额", "", (amount,)))


def _stated(contract: Contract, instalment: Instalment) -> Decimal | None:
    return None if is_sme(contract) else instalment.amount


def _instalment(
    contract: Contract,
    ledger: Ledger,
    instalment: Instalment,
    due: Figure[Decimal],
    *,
    calendar: Calendar,
    as_of: date,
) -> InstalmentAccount:
    invoices = _rows(ledger.invoices, instalment, lambda row: row.issued, as_of)
    payments = _rows(ledger.payments, instalment, lambda row: row.received, as_of)
    deductions = _rows(ledger.deductions, instalment, _agreed_on, as_of)
    received = _added(f"第{instalment.number}期已付", ledger, payments, "amount")
    deducted = _added(f"第{instalment.number}期扣减", ledger, deductions, "amount")
    payable = yuan(
        f"第{instalment.number}期应付减扣减",
        due.value - deducted.value,
        "应付−扣减",
        instalment.article,
        (due, deducted),
    )
    accepted = passed_acceptance(ledger, FINAL, as_of)
    return InstalmentAccount(
        instalment=instalment,
        ratio=ratio_of(contract, instalment),
        due=due,
        invoiced=_added(f"第{instalment.number}期已开票", ledger, invoices, "gross"),
        received=received,
        deducted=deducted,
        payable=payable,
        outstanding=yuan(
            f"第{instalment.number}期未付",
            payable.value - received.value,
            "应付−扣减−已付",
            instalment.article,
            (payable, received),
        ),
        invoices=invoices,
        payments=payments,
        deductions=deductions,
        fiscal_approvals=_rows(
            ledger.fiscal_approvals, instalment, lambda row: row.last_day, as_of
        ),
        conditions=conditions(contract, ledger, instalment, as_of),
        deadline=payment_deadline(
            contract, instalment, accepted.accepted if accepted else None, calendar
        ),
    )


def _agreed_on(deduction: Deduction) -> date | None:
    return deduction.agreed if deduction.status == AGREED else None


R = TypeVar("R", Invoice, Payment, Deduction, FiscalApproval)


def _rows(
    rows: Iterable[R], instalment: Instalment, dated: Callable[[R], date | None], as_of: date
) -> tuple[R, ...]:
    """Return the rows of one instalment that had happened by the day, in order of time."""
    of_instalment = (row for row in rows if row.instalment == instalment.number)
    happened = [(day, row) for row in of_instalment if (day := dated(row)) and day <= as_of]
    return tuple(row for _, row in sorted(happened, key=itemgetter(0)))


def _added(name: str, ledger: Ledger, rows: Iterable[Row], column: str) -> Figure[Decimal]:
    """Return the sum of a column; without rows the ledger itself is what it leads back to."""
    figures = tuple(row.figure(column) for row in rows)
    total = sum((figure.value for figure in figures), Decimal("0.00"))
    nothing = Figure("台账", 0, "无记录", Cell(ledger.file))
    return yuan(name, total, "逐笔相加", "", figures or (nothing,))


def _sum(name: str, parts: list[Figure[Decimal]]) -> Figure[Decimal]:
    total = sum((part.value for part in parts), Decimal("0.00"))
    return yuan(name, total, "各期相加", "", tuple(parts))
