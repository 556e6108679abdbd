"""What the contractor pays back when it leaves before the term is over (第十三条).

The client's loss is negotiated and never computed here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.account import Account, yuan
from deliverables.compute.figures import number
from deliverables.compute.term import service_period, term_end, term_start
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.contract import Contract, Exit
from deliverables.money import round_half_up
from deliverables.period import Period

Inputs = tuple[Figure[object], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refund:
    """What was paid less what the days served have earned, in yuan.

    `refund` is what goes back to the client. Where less was paid than earned nothing goes back
    and `unpaid` is what the days served have earned beyond it.
    """

    term_days: Figure[Decimal]
    served_days: Figure[Decimal]
    earned: Figure[Decimal]
    paid: Figure[Decimal]
    refund: Figure[Decimal]
    unpaid: Figure[Decimal]


def earned_by(total: Decimal, served: int, term: int) -> Decimal:
    """Return total × days served ÷ days of the term, in yuan, rounded half-up once."""
    return round_half_up(Fraction(total) * served / term)


def exit_known(contract: Contract, as_of: date) -> Exit | None:
    """Return the exit that had been requested by the day, if any."""
    leaving = contract.exit
    return leaving if leaving is not None and leaving.requested_on <= as_of else None


def permitted(leaving: Exit | None, as_of: date) -> bool:
    """Return whether the client had permitted the exit by the day."""
    day = leaving.permitted_on if leaving else None
    return day is not None and day <= as_of


def refund(contract: Contract, leaving: Exit, money: Account) -> Refund:
    """Return what an exit comes to by what had been paid on the day of the account.

    Days are calendar days of the term, first and last counted. Raises ValueError for a last day
    of service before the term.
    """
    term = service_period(contract)
    served = Period(term.first, min(leaving.last_service_day, term.last))
    first = term_start(contract)
    term_days = number("服务期天数", term.days, "服务期首日至届满日，首尾均计入",
                       (first, term_end(contract)), contract.service.article)  # fmt: skip
    served_days = number("实际服务天数", served.days, "服务期首日至服务末日，首尾均计入",
                         (first, leaving.figure("last_service_day")), leaving.article)  # fmt: skip
    earned = yuan(
        "实际服务天数对应金额",
        earned_by(money.total.value, served.days, term.days),
        "合同总额×实际服务天数÷服务期天数，四舍五入到分",
        leaving.article,
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
                    leaving.article, inputs),
        unpaid=yuan("已付不足部分", max(-left, Decimal("0.00")), "实际服务天数对应金额−已付合计",
                    leaving.article, inputs),
    )  # fmt: skip
