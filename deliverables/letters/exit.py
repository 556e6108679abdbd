"""What an application to leave says of the money: what goes back if service ends on its day."""

from __future__ import annotations

from typing import Final

from deliverables.compute.late_payment import Refund, refund_of
from deliverables.compute.term import served_period
from deliverables.letters.case import Case, NoFactError, day_asked
from deliverables.letters.conditions import money_of

LAST: Final = "服务末日"


def exit_refund(case: Case) -> Refund:
    """Return the refund by what had been paid on the day of the letter (第十三条).

    NoFactError without a ledger, without a clause on leaving, and for a day outside the term.
    """
    contract, money, last = case.book.contract, money_of(case), day_asked(case, LAST)
    notice, served = contract.notices.exit, served_period(contract, case.as_of)
    if money is None or notice is None or not served.contains(last.value):
        raise NoFactError(LAST)
    return refund_of(contract, last, notice.article, money)
