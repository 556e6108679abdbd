"""Damages for late payment (第十二条第7款): simple, daily, capped; and what an exit pays back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter

from deliverables.compute.account import Account, InstalmentAccount, open_after, surely_due, yuan
from deliverables.compute.figures import number
from deliverables.compute.term import service_period, term_end, term_start
from deliverables.model.contract import OF_TOTAL, Contract, ContractorExit, LatePaymentTerms
from deliverables.model.ledger_sheets import FiscalApproval, Ledger
from deliverables.values.calendar import Deadline, Provisional, published_calendar, show_day
from deliverables.values.dates import Period
from deliverables.values.figure import Derivation, Figure
from deliverables.values.money import in_fen, round_down, round_half_up
from deliverables.values.time_limit import FreeEvent, Shape, TimeLimit, ends

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Debt:
    """An amount that was to be paid by `due`, as it stood from day to day.

    `open_after` gives days in order, each with what was open from the day after it on; the last
    holds for good. No damages run on the `excused` days, evidenced days of fiscal approval.
    """

    due: date
    open_after: tuple[tuple[date, Decimal], ...]
    excused: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the same amount was late, and the damages for them, in yuan."""

    period: Period
    amount: Decimal
    damages: Decimal


@dataclass(frozen=True, slots=True)
class Damages:
    """What one debt costs: `uncapped` is the sum of its stretches, `payable` what can be claimed.

    The exact sum is rounded once, half-up. A stretch has what it adds to the rounded sum, so that
    the stretches always add up.
    """

    stretches: tuple[Stretch, ...]
    uncapped: Decimal
    payable: Decimal

    @property
    def days(self) -> int:
        """The days late less those excused."""
        return sum(stretch.period.days for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Accrual:
    """What all debts cost, in their order.

    `cap_bites_on` is the first day on which the damages together exceed the cap if what is open
    stays unpaid and no more days are excused; None if that is beyond the calendar.
    """

    debts: tuple[Damages, ...]
    cap: Decimal | None
    cap_bites_on: date | None


def cap_of(base: Decimal, ratio: Decimal) -> Decimal:
    """Return the most that damages come to: base × ratio, rounded down.

    A fen more would exceed it. Raises ValueError for a negative base or ratio.
    """
    if in_fen(base) < 0 or ratio < 0:
        raise ValueError("days, amounts and rates of a late payment cannot be negative")
    return round_down(Fraction(base) * Fraction(ratio))


def accrue(
    debts: Sequence[Debt], through: date, *, daily_rate: Decimal, cap: Decimal | None
) -> Accrual:
    """Return the damages for the debts up to and with the day `through`.

    Payment on the due day is 0 days late; a day on which money came in is late for what was open
    in its morning. On the day the cap bites what is left of it goes to the debts in their order,
    and nothing is added afterwards. There may be no cap. Raises ValueError for negative amounts or
    rates.
    """
    opened = (in_fen(amount) for debt in debts for _, amount in debt.open_after)
    if daily_rate < 0 or min(opened, default=0) < 0:
        raise ValueError("days, amounts and rates of a late payment cannot be negative")
    bites = _first_day_above(debts, daily_rate, cap) if cap is not None else None
    found = [_stretches(debt, through, daily_rate) for debt in debts]
    uncapped = [_damages_of(stretches) for stretches in found]
    payable = uncapped
    if cap is not None and bites and through >= bites:
        payable = _shared_out(
            cap, _totals(debts, bites - _DAY, daily_rate), _totals(debts, bites, daily_rate)
        )
    parts = zip(found, uncapped, payable, strict=True)
    return Accrual(tuple(Damages(*part) for part in parts), cap, bites)


def _shared_out(cap: Decimal, before: list[Decimal], on: list[Decimal]) -> list[Decimal]:
    """Return what the debts come to when the cap is reached on one day."""
    left, shares = cap - sum(before), []
    for old, new in zip(before, on, strict=True):
        share = min(new - old, left)
        left -= share
        shares.append(old + share)
    return shares


def _first_day_above(debts: Sequence[Debt], daily_rate: Decimal, cap: Decimal) -> date | None:
    def above(ordinal: int) -> int:
        return sum(_totals(debts, date.fromordinal(ordinal), daily_rate)) > cap

    days = range(min((debt.due.toordinal() for debt in debts), default=0) + 1, date.max.toordinal())
    found = days.start + bisect_left(days, 1, key=above)  # damages never become less
    return date.fromordinal(found) if above(found) else None


def _totals(debts: Iterable[Debt], through: date, daily_rate: Decimal) -> list[Decimal]:
    return [_damages_of(_stretches(debt, through, daily_rate)) for debt in debts]


def _damages_of(stretches: Iterable[Stretch]) -> Decimal:
    return sum((stretch.damages for stretch in stretches), Decimal("0.00"))


def _stretches(debt: Debt, through: date, daily_rate: Decimal) -> tuple[Stretch, ...]:
    exact, rounded, found = Fraction(0), Decimal("0.00"), []
    for period, amount in _late(debt, through):
        exact += Fraction(amount) * Fraction(daily_rate) * period.days
        added = round_half_up(exact) - rounded
        rounded += added
        found.append(Stretch(period, amount, added))
    return tuple(found)


def _late(debt: Debt, through: date) -> Iterator[tuple[Period, Decimal]]:
    """Yield the days that count, in order, with what was open on them."""
    for index, (day, amount) in enumerate(debt.open_after):
        following = debt.open_after[index + 1 :]
        last = min(following[0][0], through) if following else through
        if amount and max(day, debt.due) < last:
            whole = Period(max(day, debt.due) + _DAY, last)
            yield from ((part, amount) for part in _without(whole, debt.excused))


def _without(whole: Period, excused: Iterable[Period]) -> Iterator[Period]:
    """Yield what is left of a period without the excused days."""
    first = whole.first
    for period in sorted(excused, key=lambda period: period.first):
        if period.first > whole.last:
            break
        if period.first > first:
            yield Period(first, period.first - _DAY)
        if period.last >= whole.last:
            return
        first = max(first, period.last + _DAY)
    yield Period(first, whole.last)


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
    """An instalment that is or was late: `claimable` is `accrued` as far as the cap allows.

    The cap is one for all instalments together or, a share of the overdue sum, its own; `capped`
    says that it has been reached.
    """

    state: InstalmentAccount
    due: Deadline
    excused: tuple[FiscalApproval, ...]
    lines: tuple[LateLine, ...]
    days: Figure[Decimal]
    accrued: Figure[Decimal]
    claimable: Figure[Decimal]
    cap: Figure[Decimal] | None
    cap_bites_on: Figure[date] | None
    capped: bool

    @property
    def counted_from(self) -> date:
        """The first day that counts."""
        return self.lines[0].first.value

    @property
    def invoiced_late(self) -> bool:
        """Whether an invoice came after the deadline, so that its amount counts from then."""
        return any(row.issued > surely_due(self.due) for row in self.state.invoices)


@dataclass(frozen=True, kw_only=True, slots=True)
class LatePayments:
    """The instalments that are or were late on a day, and the cap on all of them together.

    `cap_bites_on` is the day the cap is reached: past, or to come if what is open stays unpaid.
    Both are None where the contract caps nothing, or each instalment by itself.
    """

    as_of: date
    instalments: tuple[Lateness, ...]
    days: Figure[Decimal]
    accrued: Figure[Decimal]
    claimable: Figure[Decimal]
    cap: Figure[Decimal] | None
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
    """Return what is surely late, and was, at the end of the day the account is for.

    Nothing is where the contract names no damages for late payment.
    """
    terms = contract.payment.late
    ledger = ledger.as_known(money.as_of)
    owed = [
        _owed(contract, ledger, state, state.deadline, money.as_of)
        for state in money.instalments
        if state.deadline and terms
    ]
    cap: Figure[Decimal] | None = None
    found: tuple[Lateness, ...] = ()
    bites: Figure[date] | None = None
    if terms is not None:
        cap = _cap(contract, terms)
        found, bites = _reckoned(contract, terms, owed, cap, money.as_of)
    article = terms.article if terms else ""
    accrued = tuple(item.accrued for item in found)
    nothing: Inputs = (money.total, money.received)
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
        cap_bites_on=bites,
    )


@dataclass(frozen=True, slots=True)
class _Owed:
    """An instalment with a day by which it was to be paid, and the debt that it is."""

    state: InstalmentAccount
    due: Deadline
    excused: tuple[FiscalApproval, ...]
    debt: Debt


def _owed(
    contract: Contract, ledger: Ledger, state: InstalmentAccount, due: Deadline, as_of: date
) -> _Owed:
    rows = _excusing(ledger, state, as_of)
    opened = open_after(contract, state.payable.value, state.invoices, state.payments)
    debt = Debt(_after_grace(contract, surely_due(due)), opened, _periods(rows, as_of))
    return _Owed(state, due, rows, debt)


def _after_grace(contract: Contract, due: date) -> date:
    """Return the last day on which nothing is owed for being late: the due day, or that of grace.

    A period of grace (宽限期) is counted from the due day; damages begin on the day after its end.
    """
    terms = contract.payment.late
    if terms is None or not terms.grace.unit:
        return due
    began = FreeEvent(said="付款期限届满")
    grace = TimeLimit(Shape.WITHIN, terms.grace.count, terms.grace.unit, (began,))
    until = ends(grace, {began.key: due}, published_calendar())
    return surely_due(until) if until else due


def _reckoned(
    contract: Contract,
    terms: LatePaymentTerms,
    owed: Sequence[_Owed],
    cap: Figure[Decimal] | None,
    as_of: date,
) -> tuple[tuple[Lateness, ...], Figure[date] | None]:
    """Return what is late, and the day on which the cap on all of it together is reached."""
    if terms.base == OF_TOTAL:
        total = contract.payment.total
        owed = [replace(one, debt=_of_the_total(one.debt, total)) for one in owed]
    if terms.cap_ratio is not None and cap is None:
        alone = (_capped_alone(contract, terms, one, as_of) for one in owed)
        return tuple(found for found in alone if found.lines), None
    debts = [one.debt for one in owed]
    limit = cap.value if cap else None
    accrual = accrue(debts, as_of, daily_rate=terms.daily_rate, cap=limit)
    found = [
        _lateness(contract, terms, one, damages, cap)
        for one, damages in zip(owed, accrual.debts, strict=True)
        if damages.days
    ]
    day = accrual.cap_bites_on
    if cap is None or day is None:
        return tuple(found), None
    bites = _cap_day(day, terms.article, (*(one.accrued for one in found), cap))
    reached = day <= as_of
    return tuple(replace(one, cap_bites_on=bites, capped=reached) for one in found), bites


def _capped_alone(contract: Contract, terms: LatePaymentTerms, one: _Owed, as_of: date) -> Lateness:
    """Return an instalment whose damages are capped by a share of what is overdue of it."""
    overdue = max((amount for _, amount in _late(one.debt, as_of)), default=Decimal("0.00"))
    behind = _behind(one.state, one.due, one.excused)
    name = f"第{_number(one.state)}期逾期金额"
    amount = yuan(name, overdue, "付款期限届满后未付的金额", "", behind)
    ratio = terms.cap_ratio or Decimal(0)
    cap = yuan(
        "违约金累计上限", cap_of(overdue, ratio), "逾期金额×累计上限比例，舍去不足1分的部分",
        terms.article, (amount, terms.figure("cap_ratio")),
    )  # fmt: skip
    accrual = accrue([one.debt], as_of, daily_rate=terms.daily_rate, cap=cap.value)
    found = _lateness(contract, terms, one, accrual.debts[0], cap)
    day = accrual.cap_bites_on
    if day is None:
        return found
    bites = _cap_day(day, terms.article, (found.accrued, cap))
    return replace(found, cap_bites_on=bites, capped=day <= as_of)


def _of_the_total(debt: Debt, total: Decimal) -> Debt:
    """Return a debt whose damages are a share of the whole price while anything of it is open."""
    steps = tuple((day, total if amount else amount) for day, amount in debt.open_after)
    return replace(debt, open_after=steps)


def _cap(contract: Contract, terms: LatePaymentTerms) -> Figure[Decimal] | None:
    """Return the cap on all instalments together, None where there is none."""
    if terms.cap_ratio is None or terms.cap_base != OF_TOTAL:
        return None
    total = contract.payment.total
    inputs = (contract.payment.figure("total"), terms.figure("cap_ratio"))
    rule = "合同总额×累计上限比例，舍去不足1分的部分"
    return yuan("违约金累计上限", cap_of(total, terms.cap_ratio), rule, terms.article, inputs)


def _cap_day(day: date, article: str, inputs: Inputs) -> Figure[date]:
    rule = "各期违约金之和首次超过累计上限之日"
    return Figure("达到上限之日", day, show_day(day), Derivation(rule, article, inputs))


def _excusing(ledger: Ledger, state: InstalmentAccount, as_of: date) -> tuple[FiscalApproval, ...]:
    """Return the fiscal approvals whose delay had begun by the day, also those still going on."""
    rows = (row for row in ledger.fiscal_approvals if row.instalment == _number(state))
    begun = [(row.delay.first, row) for row in rows if row.delay and row.delay.first <= as_of]
    return tuple(row for _, row in sorted(begun, key=itemgetter(0)))


def _periods(rows: Sequence[FiscalApproval], as_of: date) -> tuple[Period, ...]:
    delays = [row.delay for row in rows if row.delay]
    return tuple(Period(delay.first, min(delay.last, as_of)) for delay in delays)


def _lateness(
    contract: Contract,
    terms: LatePaymentTerms,
    one: _Owed,
    damages: Damages,
    cap: Figure[Decimal] | None,
) -> Lateness:
    which = f"第{_number(one.state)}期"
    behind = _behind(one.state, one.due, one.excused)
    lines = tuple(_line(part, contract, terms, which, behind) for part in damages.stretches)
    accrued = _sum(f"{which}违约金", tuple(line.damages for line in lines), terms.article)
    return Lateness(
        state=one.state,
        due=one.due,
        excused=one.excused,
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
            "违约金；各期累计超过上限的部分不计" if cap else "违约金；合同未约定上限",
            terms.article,
            (accrued, *((cap,) if cap else ())),
        ),
        cap=cap,
        cap_bites_on=None,
        capped=False,
    )


def _behind(state: InstalmentAccount, due: Deadline, excused: tuple[FiscalApproval, ...]) -> Inputs:
    """Return what the days and amounts of an instalment were found from."""
    rule = "期限未确定的，取最晚日期" if isinstance(due, Provisional) else "约定的付款期限"
    day = surely_due(due)
    origin = Derivation(rule, state.instalment.article, state.set_by)
    deadline = Figure("付款期限届满日", day, show_day(day), origin)
    approvals = (row.figure(name) for row in excused for name in ("first_day", "last_day"))
    invoiced = (row.figure("issued") for row in state.invoices)
    received = (row.figure("received") for row in state.payments)
    return (deadline, *approvals, *invoiced, *received)


def _line(
    stretch: Stretch, contract: Contract, terms: LatePaymentTerms, which: str, behind: Inputs
) -> LateLine:
    article = terms.article
    first = _day(f"{which}迟延起", stretch.period.first, "期限届满、开票或到账的次日", behind)
    last = _day(f"{which}迟延止", stretch.period.last, "到账当日、审批前一日或基准日", behind)
    days = number(f"{which}迟延天数", stretch.period.days, "止−起+1", (first, last))
    if terms.base == OF_TOTAL:
        behind = (contract.payment.figure("total"), *behind)
    counted = "合同总额" if terms.base == OF_TOTAL else "应付−扣减−已付（先票后款的，以已开票为限）"
    amount = yuan(f"{which}迟延金额", stretch.amount, counted, "", behind)
    rule = "迟延金额×日费率×天数；各段累计后取整到分，再减前段"
    inputs = (amount, terms.figure("daily_rate"), days)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Refund:
    """What was paid less what the days served have earned, in yuan.

    `refund` is what goes back to the client. Where less was paid than earned nothing goes back
    and `unpaid` is what the days served have earned beyond it. `refunds` says which of the two.
    """

    term_days: Figure[Decimal]
    served_days: Figure[Decimal]
    earned: Figure[Decimal]
    paid: Figure[Decimal]
    refund: Figure[Decimal]
    unpaid: Figure[Decimal]
    refunds: bool


def earned_by(total: Decimal, served: int, term: int) -> Decimal:
    """Return total × days served ÷ days of the term, in yuan, rounded half-up once."""
    return round_half_up(Fraction(total) * served / term)


def exit_known(contract: Contract, as_of: date) -> ContractorExit | None:
    """Return the exit that had been requested by the day, if any."""
    leaving = contract.exit
    return leaving if leaving is not None and leaving.requested_on <= as_of else None


def permitted(leaving: ContractorExit | None, as_of: date) -> bool:
    """Return whether the client had permitted the exit by the day."""
    day = leaving.permitted_on if leaving else None
    return day is not None and day <= as_of


def refund(contract: Contract, leaving: ContractorExit, money: Account) -> Refund:
    """Return what an exit comes to by what had been paid on the day of the account."""
    return refund_of(contract, leaving.figure("last_service_day"), leaving.article, money)


def refund_of(contract: Contract, last: Figure[date], article: str, money: Account) -> Refund:
    """Return what is to be paid back if service ends on a day, by what the account had been paid.

    Days are calendar days of the term, first and last counted. Raises ValueError for a last day
    of service before the term.
    """
    term = service_period(contract)
    served = Period(term.first, min(last.value, term.last))
    first = term_start(contract)
    term_days = number("服务期天数", term.days, "服务期首日至届满日，首尾均计入",
                       (first, term_end(contract)), contract.service.article)  # fmt: skip
    served_days = number("实际服务天数", served.days, "服务期首日至服务末日，首尾均计入",
                         (first, last), article)  # fmt: skip
    earned = yuan(
        "实际服务天数对应金额",
        earned_by(money.total.value, served.days, term.days),
        "合同总额×实际服务天数÷服务期天数，四舍五入到分",
        article,
        (money.total, served_days, term_days),
    )
    left = money.received.value - earned.value
    inputs: Inputs = (money.received, earned)
    return Refund(
        term_days=term_days,
        served_days=served_days,
        earned=earned,
        paid=money.received,
        refund=yuan("应退服务费", max(left, Decimal("0.00")), "已付合计−实际服务天数对应金额",
                    article, inputs),
        unpaid=yuan("已付不足部分", max(-left, Decimal("0.00")), "实际服务天数对应金额−已付合计",
                    article, inputs),
        refunds=left > 0,
    )  # fmt: skip
