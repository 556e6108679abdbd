"""Which instalments were paid late, on which days, and what the client owes for it (第十二条第7款).

Only what is surely late counts. A deadline that is still provisional is taken at its latest day,
days of fiscal approval are left out as soon as they are on record, and where the contract puts the
invoice before the payment an amount runs from the day after it was invoiced.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from deliverables.compute.account import Account, InstalmentAccount, yuan
from deliverables.compute.ageing import surely_due
from deliverables.compute.figures import number
from deliverables.compute.late_payment import Damages, Debt, Stretch, accrue, cap_of
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.contract import Contract
from deliverables.model.ledger import FiscalApproval, Ledger
from deliverables.model.values import show_day
from deliverables.period import Period
from deliverables.workdays import Deadline, Provisional

Inputs = tuple[Figure[object], ...]


@dataclass(frozen=True, slots=True)
class LateLine:
    """Days on which the same amount was late: first and last of them, and the damages in yuan."""

    first: Figure[date]
    last: Figure[date]
    days: Figure[Decimal]
    amount: Figure[Decimal]
    damages: Figure[Decimal]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lateness:
    """An instalment that is or was late: `claimable` is `accrued` as far as the cap allows."""

    state: InstalmentAccount
    due: Deadline
    excused: tuple[FiscalApproval, ...]
    lines: tuple[LateLine, ...]
    days: Figure[Decimal]
    accrued: Figure[Decimal]
    claimable: Figure[Decimal]

    @property
    def counted_from(self) -> date:
        """The first day that counts."""
        return self.lines[0].first.value


@dataclass(frozen=True, kw_only=True, slots=True)
class LatePayments:
    """The instalments that are or were late on a day, and the cap on all of them together.

    `cap_bites_on` is the day the cap is reached: past, or to come if what is open stays unpaid.
    """

    as_of: date
    instalments: tuple[Lateness, ...]
    days: Figure[Decimal]
    accrued: Figure[Decimal]
    claimable: Figure[Decimal]
    cap: Figure[Decimal]
    cap_bites_on: Figure[date] | None

    @property
    def capped(self) -> bool:
        """Whether the cap has been reached."""
        return self.cap_bites_on is not None and self.cap_bites_on.value <= self.as_of

    def of(self, instalment: int) -> Lateness | None:
        """Return the lateness of an instalment, None if it is not late."""
        numbered = (item for item in self.instalments if _number(item.state) == instalment)
        return next(numbered, None)


def late_payments(contract: Contract, ledger: Ledger, money: Account) -> LatePayments:
    """Return what is surely late, and was, at the end of the day the account is for."""
    states = [(state, state.deadline) for state in money.instalments if state.deadline]
    excused = [_excusing(ledger, state, money.as_of) for state, _ in states]
    debts = [
        Debt(surely_due(due), _open_after(contract, state), _periods(rows, money.as_of))
        for (state, due), rows in zip(states, excused, strict=True)
    ]
    cap = _cap(contract)
    rate = contract.payment.late.daily_rate
    accrual = accrue(debts, money.as_of, daily_rate=rate, cap=cap.value)
    found = tuple(
        _lateness(contract, state, due, rows, damages)
        for (state, due), rows, damages in zip(states, excused, accrual.debts, strict=True)
        if damages.days
    )
    article = contract.payment.late.article
    accrued = tuple(item.accrued for item in found)
    nothing: Inputs = (money.total, money.received)
    bites = accrual.cap_bites_on
    return LatePayments(
        as_of=money.as_of,
        instalments=found,
        days=number(
            "各期迟延天数合计",
            sum(item.days.value for item in found),
            "各期相加",
            tuple(item.days for item in found) or nothing,
        ),
        accrued=_sum("各期违约金合计", accrued, article, nothing),
        claimable=_sum("可主张违约金合计", tuple(one.claimable for one in found), article, nothing),
        cap=cap,
        cap_bites_on=_cap_day(bites, article, (*accrued, cap)) if bites else None,
    )


def _cap(contract: Contract) -> Figure[Decimal]:
    payment, late = contract.payment, contract.payment.late
    inputs = (payment.figure("total"), late.figure("cap_ratio"))
    rule = "合同总额×累计上限比例，舍去不足1分的部分"
    return yuan("违约金累计上限", cap_of(payment.total, late.cap_ratio), rule, late.article, inputs)


def _cap_day(day: date, article: str, inputs: Inputs) -> Figure[date]:
    rule = "各期违约金之和首次超过累计上限之日"
    return Figure("达到上限之日", day, show_day(day), Derivation(rule, article, inputs))


def _open_after(contract: Contract, state: InstalmentAccount) -> tuple[tuple[date, Decimal], ...]:
    """Return what was open after each day on which something was invoiced or received."""
    invoice_first = contract.invoicing.before_payment
    invoiced = [(row.issued, row.gross) for row in state.invoices] if invoice_first else []
    received = [(row.received, row.amount) for row in state.payments]
    days = {contract.identity.signed_on, *(day for day, _ in (*invoiced, *received))}
    payable = max(state.payable.value, Decimal(0))
    steps = []
    for day in sorted(days):
        askable = min(payable, _through(day, invoiced)) if invoice_first else payable
        steps.append((day, max(askable - _through(day, received), Decimal(0))))
    return tuple(steps)


def _through(day: date, amounts: Sequence[tuple[date, Decimal]]) -> Decimal:
    return sum((amount for when, amount in amounts if when <= day), Decimal(0))


def _excusing(ledger: Ledger, state: InstalmentAccount, as_of: date) -> tuple[FiscalApproval, ...]:
    """Return the fiscal approvals that had begun by the day, also those still going on."""
    rows = (row for row in ledger.fiscal_approvals if row.instalment == _number(state))
    begun = (row for row in rows if row.first_day <= min(as_of, row.last_day))
    return tuple(sorted(begun, key=lambda row: row.first_day))


def _periods(rows: Sequence[FiscalApproval], as_of: date) -> tuple[Period, ...]:
    return tuple(Period(row.first_day, min(row.last_day, as_of)) for row in rows)


def _lateness(
    contract: Contract,
    state: InstalmentAccount,
    due: Deadline,
    excused: tuple[FiscalApproval, ...],
    damages: Damages,
) -> Lateness:
    terms, which = contract.payment.late, f"第{_number(state)}期"
    behind = _behind(state, due, excused)
    lines = tuple(_line(stretch, contract, which, behind) for stretch in damages.stretches)
    accrued = _sum(f"{which}违约金", tuple(line.damages for line in lines), terms.article)
    return Lateness(
        state=state,
        due=due,
        excused=excused,
        lines=lines,
        days=number(
            f"{which}迟延天数",
            damages.days,
            "各段天数相加",
            tuple(line.days for line in lines),
            terms.article,
        ),
        accrued=accrued,
        claimable=yuan(
            f"{which}可主张违约金",
            damages.payable,
            "违约金；各期累计超过上限的部分不计",
            terms.article,
            (accrued, _cap(contract)),
        ),
    )


def _behind(state: InstalmentAccount, due: Deadline, excused: tuple[FiscalApproval, ...]) -> Inputs:
    """Return what the days and amounts of an instalment were found from."""
    rule = "期限未确定的，取最晚日期" if isinstance(due, Provisional) else "约定的付款期限"
    day = surely_due(due)
    origin = Derivation(rule, state.instalment.article, state.started_by)
    deadline = Figure("付款期限届满日", day, show_day(day), origin)
    approvals = (row.figure(name) for row in excused for name in ("first_day", "last_day"))
    invoiced = (row.figure("issued") for row in state.invoices)
    received = (row.figure("received") for row in state.payments)
    return (deadline, *approvals, *invoiced, *received)


def _line(stretch: Stretch, contract: Contract, which: str, behind: Inputs) -> LateLine:
    article = contract.payment.late.article
    first = _day(f"{which}迟延起", stretch.period.first, "期限届满、开票或到账的次日", behind)
    last = _day(f"{which}迟延止", stretch.period.last, "到账当日、审批前一日或基准日", behind)
    days = number(f"{which}迟延天数", stretch.period.days, "止−起+1", (first, last))
    amount = yuan(
        f"{which}迟延金额", stretch.amount, "应付−扣减−已付（先票后款的，以已开票为限）", "", behind
    )
    rule = "迟延金额×日费率×天数；各段累计后取整到分，再减前段"
    inputs = (amount, contract.payment.late.figure("daily_rate"), days)
    damages = yuan(f"{which}违约金", stretch.damages, rule, article, inputs)
    return LateLine(first, last, days, amount, damages)


def _day(name: str, day: date, rule: str, inputs: Inputs) -> Figure[date]:
    return Figure(name, day, day.isoformat(), Derivation(rule, "", inputs))


def _sum(
    name: str, parts: tuple[Figure[Decimal], ...], article: str, otherwise: Inputs = ()
) -> Figure[Decimal]:
    """Return the sum of the parts; without parts it leads back to `otherwise`."""
    total = sum((part.value for part in parts), Decimal("0.00"))
    return yuan(name, total, "逐项相加", article, parts or otherwise)


def _number(state: InstalmentAccount) -> int:
    return state.instalment.number
