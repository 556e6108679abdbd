"""The state of the money on a day: what each instalment comes to, what came in, what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter
from typing import Any, TypeVar

from deliverables.compute.claims import Claims, claims_on
from deliverables.compute.figures import (
    NOTHING,
    entered,
    in_words,
    instalments_added,
    rows_added,
    yuan,
)
from deliverables.compute.milestones import (
    Milestone,
    ReleaseCondition,
    awaited,
    conditions,
    deadline_by_demand,
    deadline_rule,
    demanded,
    dues,
    is_sme,
    payment_deadline,
    ratio_of,
    what_sets_the_deadline,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Instalment
from deliverables.model.ledger_sheets import (
    REDUCES_INVOICE,
    Deduction,
    FiscalApproval,
    Invoice,
    Ledger,
    Payment,
    PaymentRequestSent,
    Reminder,
    left_of_invoices,
)
from deliverables.values.calendar import Calendar, Deadline, Provisional, Settled, show_day
from deliverables.values.figure import Derivation, Figure

__all__ = [
    "Account",
    "InstalmentAccount",
    "account",
    "dues",
    "in_words",
    "is_sme",
    "ratio_of",
    "yuan",
]


_DAY = timedelta(days=1)


class Band(StrEnum):
    """Where money that is owed stands; 未约定期限: due on demand, the contract names no day."""

    NOT_DUE = "未到期"
    TO_30 = "1–30天"
    TO_60 = "31–60天"
    TO_90 = "61–90天"
    OVER_90 = "90天以上"
    ON_DEMAND = "未约定期限"


LAST_DAYS = {Band.TO_30: 30, Band.TO_60: 60, Band.TO_90: 90}
"""The last day past the deadline that a band holds."""


@dataclass(frozen=True, slots=True)
class Age:
    """Days past the deadline less those excused; provisional while the deadline is a range."""

    days: Figure[int]
    excused: int
    band: Band
    provisional: bool


def age(
    instalment: Instalment,
    deadline: Deadline | None,
    pay_by: Deadline | None,
    approvals: tuple[FiscalApproval, ...],
    *,
    owed: bool,
    as_of: date,
) -> Age:
    """Return how long an instalment has been owed on the day `as_of`.

    `owed` says that its conditions are met and something is left to pay: nothing else is late, nor
    is what the contract wants invoiced first and was not (`pay_by`). Without a deadline what is
    owed is due on demand.
    """
    since = pay_by or deadline  # what is paid has no day any more; its approval stays told
    excused = excused_days(approvals, surely_due(since), as_of) if since else 0
    late = (as_of - surely_due(pay_by)).days - excused if pay_by and owed else 0
    days = max(0, late)
    began = "开具发票" if pay_by and pay_by != deadline else "付款期限届满"
    rule = f"{began}次日起数至当日，减有依据的财政审批天数"
    inputs = tuple(row.figure(name) for row in approvals for name in ("first_day", "last_day"))
    figure: Figure[int] = Figure(
        "逾期天数",
        days,
        str(days),
        Derivation(rule, instalment.article, (instalment.figure("condition_text"), *inputs)),
    )
    band = Band.ON_DEMAND if owed and deadline is None else _band(days)
    return Age(figure, excused, band, isinstance(deadline, Provisional))


def surely_due(deadline: Deadline) -> date:
    """Return the last day on which payment cannot be late, whatever calendars are published."""
    return deadline.latest if isinstance(deadline, Provisional) else deadline.date


def excused_days(approvals: Iterable[FiscalApproval], after: date, until: date) -> int:
    """Return how many days later than `after`, `until` included, fiscal approval excuses."""
    excused = {
        day
        for row in approvals
        if row.delay
        for day in _days(max(row.delay.first, after + _DAY), min(row.delay.last, until))
    }
    return len(excused)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _band(days: int) -> Band:
    if days <= 0:
        return Band.NOT_DUE
    return next((band for band, last in LAST_DAYS.items() if days <= last), Band.OVER_90)


R = TypeVar("R", PaymentRequestSent, Invoice, Payment, Deduction, FiscalApproval, Reminder)


@dataclass(frozen=True, kw_only=True, slots=True)
class InstalmentAccount:
    """One instalment: payable = due − deducted, outstanding = payable − received.

    asked + unasked = payable. invoiced is blue less red, uninvoiced what is still to be invoiced
    of invoiceable. Money received beyond payable is overpaid, and outstanding is then negative.
    Disputed deductions are shown and lessen nothing. `set_by` is what the deadline follows from,
    `awaited` what it still waits for. `pay_by` is the day after which what is open is late: the
    deadline or, where the contract wants the invoice first, the later day of the invoice; none once
    the deadline has passed without it.
    """

    instalment: Instalment
    ratio: Figure[Decimal | None]
    due: Figure[Decimal]
    asked: Figure[Decimal]
    unasked: Figure[Decimal]
    invoiceable: Figure[Decimal]
    invoiced: Figure[Decimal]
    uninvoiced: Figure[Decimal]
    received: Figure[Decimal]
    deducted: Figure[Decimal]
    disputed: Figure[Decimal]
    payable: Figure[Decimal]
    outstanding: Figure[Decimal]
    overpaid: Figure[Decimal]
    age: Age
    requests: tuple[PaymentRequestSent, ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    deductions: tuple[Deduction, ...]
    disputes: tuple[Deduction, ...]
    fiscal_approvals: tuple[FiscalApproval, ...]
    reminders: tuple[Reminder, ...]
    conditions: tuple[ReleaseCondition, ...]
    deadline: Deadline | None
    pay_by: Deadline | None
    demand: Reminder | None
    set_by: tuple[Figure[Any], ...]
    awaited: tuple[Milestone, ...]

    @property
    def unmet(self) -> tuple[ReleaseCondition, ...]:
        """The conditions that are known not to be met."""
        return tuple(condition for condition in self.conditions if condition.unmet)

    @property
    def lapsed(self) -> bool:
        """Whether it comes due no more, because the service ended before it could."""
        return any(condition.lapsed for condition in self.conditions)

    @property
    def unknown(self) -> tuple[ReleaseCondition, ...]:
        """The conditions of which nobody here knows whether they are met."""
        return tuple(condition for condition in self.conditions if not condition.known)

    @property
    def standing_invoices(self) -> tuple[Invoice, ...]:
        """The invoices without those that were wholly reversed, and without what reversed them."""
        left = left_of_invoices(self.invoices)
        return tuple(row for row in self.invoices if left.get(row.reverses or row.number, 1))

    @property
    def paid_in_full_on(self) -> date | None:
        """The day of the receipt with which nothing was left to pay."""
        left, day = self.payable.value, None
        for payment in self.payments:
            before, left = left, left - payment.amount
            if left > 0:
                day = None
            elif before > 0:
                day = payment.received
        return day


def instalment_account(
    contract: Contract,
    ledger: Ledger,
    instalment: Instalment,
    due: Figure[Decimal],
    *,
    calendar: Calendar,
    as_of: date,
) -> InstalmentAccount:
    """Return the state of one instalment at the end of the day `as_of`."""
    nth, article = f"第{instalment.number}期", instalment.article
    rows = _happened(ledger, instalment, as_of)
    received = rows_added(
        f"{nth}已付",
        entered(ledger.file, Payment, ledger.for_the_price),
        rows.payments,
        "amount",
        "instalment",
        "received",
    )
    deductions = entered(ledger.file, Deduction, ledger.deductions)
    deducted = rows_added(
        f"{nth}扣减", deductions, rows.deductions, "amount", "instalment", "status", "agreed"
    )
    invoiced = rows_added(
        f"{nth}已开票",
        entered(ledger.file, Invoice, ledger.invoices),
        rows.invoices,
        "gross",
        "instalment",
        "issued",
    )
    payable = _less(f"{nth}应付减扣减", "应付−扣减", article, due, deducted)
    asked = _asked(instalment, ledger, rows, payable)
    found = conditions(contract, ledger, instalment, as_of)
    lapsed = any(condition.lapsed for condition in found)
    invoiceable = _invoiceable(instalment, due, rows.deductions)
    if lapsed:
        invoiceable = _invoiced_and_no_more(instalment, invoiced, found)
    demand = demanded(contract, ledger, instalment, as_of)
    deadline = payment_deadline(contract, ledger, instalment, calendar, as_of)
    deadline = None if lapsed else deadline or deadline_by_demand(demand)
    outstanding = _less(f"{nth}未付", "应付−扣减−已付", article, payable, received)
    owed = outstanding.value > 0 and not any(condition.unmet for condition in found)
    opened = open_after(contract, payable.value, rows.invoices, rows.payments)
    pay_by = _pay_by(deadline, _open_since(opened), as_of)
    return InstalmentAccount(
        instalment=instalment,
        ratio=ratio_of(contract, instalment),
        due=due,
        asked=asked,
        unasked=_less(f"{nth}未申请", "应付−扣减−已申请", article, payable, asked),
        invoiceable=invoiceable,
        invoiced=invoiced,
        uninvoiced=_more(f"{nth}未开票", "应开票−已开票", article, invoiceable, invoiced),
        received=received,
        deducted=deducted,
        disputed=rows_added(
            f"{nth}协商中扣减",
            deductions,
            rows.disputes,
            "amount",
            "instalment",
            "status",
            "raised",
        ),
        payable=payable,
        outstanding=outstanding,
        overpaid=_more(f"{nth}多付", "已付−（应付−扣减）", article, received, payable),
        age=age(instalment, deadline, pay_by, rows.begun, owed=owed, as_of=as_of),
        requests=rows.requests,
        invoices=rows.invoices,
        payments=rows.payments,
        deductions=rows.deductions,
        disputes=rows.disputes,
        fiscal_approvals=rows.approvals,
        reminders=rows.reminders,
        conditions=found,
        deadline=deadline,
        pay_by=pay_by,
        demand=demand,
        set_by=what_sets_the_deadline(contract, ledger, instalment, as_of),
        awaited=awaited(contract, ledger, instalment, as_of),
    )


def open_after(
    contract: Contract, payable: Decimal, invoices: Iterable[Invoice], payments: Iterable[Payment]
) -> tuple[tuple[date, Decimal], ...]:
    """Return what was open after each day on which something was invoiced or received, in yuan.

    Where the contract wants the invoice first, only what is invoiced can be open.
    """
    invoice_first = contract.invoicing.before_payment
    invoiced = [(row.issued, row.gross) for row in invoices] if invoice_first else []
    received = [(row.received, row.amount) for row in payments]
    days = {contract.identity.signed_on, *(day for day, _ in (*invoiced, *received))}
    payable = max(payable, NOTHING)
    steps = []
    for day in sorted(days):
        askable = min(payable, _through(day, invoiced)) if invoice_first else payable
        steps.append((day, max(askable - _through(day, received), NOTHING)))
    return tuple(steps)


def _through(day: date, amounts: Iterable[tuple[date, Decimal]]) -> Decimal:
    return sum((amount for when, amount in amounts if when <= day), NOTHING)


def _open_since(opened: tuple[tuple[date, Decimal], ...]) -> date | None:
    """Return the day since which something has been open without a break, None if nothing is."""
    since = None
    for day, amount in opened:
        since = (since or day) if amount else None
    return since


def _pay_by(deadline: Deadline | None, since: date | None, as_of: date) -> Deadline | None:
    if deadline is None or as_of <= surely_due(deadline):
        return deadline
    if since is None or since <= surely_due(deadline):
        return deadline if since else None
    return Settled(since, whose=deadline.whose)


def _less(
    name: str, rule: str, article: str, whole: Figure[Decimal], part: Figure[Decimal]
) -> Figure[Decimal]:
    return yuan(name, whole.value - part.value, rule, article, (whole, part))


def _more(
    name: str, rule: str, article: str, whole: Figure[Decimal], part: Figure[Decimal]
) -> Figure[Decimal]:
    """Return by how much the whole is more than the part, nothing if it is not."""
    left = max(NOTHING, whole.value - part.value)
    return yuan(name, left, f"{rule}，不小于零", article, (whole, part))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Happened:
    """The rows of one instalment that had happened by a day, in order of time.

    `approvals` were over by then, `begun` also go on.
    """

    requests: tuple[PaymentRequestSent, ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    deductions: tuple[Deduction, ...]
    disputes: tuple[Deduction, ...]
    approvals: tuple[FiscalApproval, ...]
    begun: tuple[FiscalApproval, ...]
    reminders: tuple[Reminder, ...]


def _happened(ledger: Ledger, instalment: Instalment, as_of: date) -> _Happened:
    def rows(given: Iterable[R], dated: Callable[[R], date | None]) -> tuple[R, ...]:
        of_instalment = (row for row in given if row.instalment == instalment.number)
        past = [(day, row) for row in of_instalment if (day := dated(row)) and day <= as_of]
        return tuple(row for _, row in sorted(past, key=itemgetter(0)))

    agreed = (row for row in ledger.deductions if row.agreed_by(as_of))
    disputed = (row for row in ledger.deductions if row.disputed_on(as_of))
    delays = tuple(row for row in ledger.fiscal_approvals if row.delay)
    return _Happened(
        requests=rows(ledger.requests, lambda row: row.sent),
        invoices=rows(ledger.invoices, lambda row: row.issued),
        payments=rows(ledger.for_the_price, lambda row: row.received),
        deductions=rows(agreed, lambda row: row.agreed),
        disputes=rows(disputed, lambda row: row.raised or date.min),
        approvals=rows(delays, lambda row: row.last_day),
        begun=rows(delays, lambda row: row.first_day),
        reminders=rows(ledger.reminders, lambda row: row.delivered),
    )


def _asked(
    instalment: Instalment, ledger: Ledger, rows: _Happened, payable: Figure[Decimal]
) -> Figure[Decimal]:
    """Return what was asked for up to now: paid before the latest letter, and what that asks.

    A letter asks for what was outstanding on its day, so a reminder replaces the letter before.
    A deduction agreed on later lessens what was asked: it is never more than what is payable.
    """
    name = f"第{instalment.number}期已申请"
    if not rows.requests:
        letters = entered(ledger.file, PaymentRequestSent, ledger.requests)
        return rows_added(name, letters, (), "amount", "instalment", "sent")
    letter = rows.requests[-1]
    before = tuple(row for row in rows.payments if row.received <= letter.sent)
    asked = letter.amount + sum((row.amount for row in before), NOTHING)
    return yuan(
        name,
        min(asked, payable.value),
        "最后一份付款申请函的金额＋发函当日及以前已付，不超过应付减扣减",
        instalment.article,
        (letter.figure("amount"), *(row.figure("amount") for row in before), payable),
    )


def _invoiceable(
    instalment: Instalment, due: Figure[Decimal], deductions: tuple[Deduction, ...]
) -> Figure[Decimal]:
    """Return what is to be invoiced: a deduction lessens it only by a recorded decision."""
    decided = [row for row in deductions if row.on_invoice == REDUCES_INVOICE]
    lessened = sum((row.amount for row in decided), NOTHING)
    return yuan(
        f"第{instalment.number}期应开票",
        due.value - lessened,
        "应付−决定冲减发票的扣减",
        instalment.article,
        (due, *(row.figure("amount") for row in decided)),
    )


def _invoiced_and_no_more(
    instalment: Instalment, invoiced: Figure[Decimal], found: tuple[ReleaseCondition, ...]
) -> Figure[Decimal]:
    """Return what is to be invoiced of an instalment that comes due no more: what was invoiced."""
    return yuan(
        f"第{instalment.number}期应开票",
        invoiced.value,
        "服务提前终止，本期不再到期，以已开票为限",
        instalment.article,
        (invoiced, *(condition.said for condition in found if condition.lapsed)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """All instalments and their sums: outstanding = total − received − deducted.

    What is claimed beside the price, and what came in for it, is in none of these sums.
    """

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
    claims: Claims

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
    ledger = ledger.as_known(as_of)
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
        claims=claims_on(ledger, as_of),
    )


def period_sentence(state: InstalmentAccount) -> str:
    """Return how the day of payment comes about: by the contract, or by a demand of ours."""
    demand = state.demand
    if demand is None:
        return deadline_rule(state.instalment)
    return (
        f"合同未约定本期付款天数，我公司已于{show_day(demand.delivered)}送达催告函"
        "（《民法典》第五百一十一条第四项），付款期限以催告函为准"
    )


def account_of(book: ContractBook, as_of: date) -> Account | None:
    """Return the account of a contract on a day, worked out once; None without a ledger."""
    ledger = book.ledger
    if ledger is None:
        return None
    return book.remembered(
        ("account", as_of), lambda: account(book.contract, ledger, book.calendar, as_of)
    )
