"""How long money has been owed: days past the deadline, and the band of the ageing it falls in.

Days are counted from the deadline of the instalment. Where the calendar is not published the
deadline is a range, and only what is past the whole of it is late. Days of fiscal approval that
the ledger evidences excuse the client and are not counted, also while it goes on (第六条第2款).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.ledger import FiscalApproval
from deliverables.model.payment_terms import Instalment
from deliverables.workdays import Deadline, Provisional

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
    approvals: tuple[FiscalApproval, ...],
    *,
    owed: bool,
    as_of: date,
) -> Age:
    """Return how long an instalment has been owed on the day `as_of`.

    `owed` says that its conditions are met and something is left to pay: nothing else is late.
    Without a deadline what is owed is due on demand.
    """
    excused = excused_days(approvals, surely_due(deadline), as_of) if deadline else 0
    late = (as_of - surely_due(deadline)).days - excused if deadline and owed else 0
    days = max(0, late)
    rule = "付款期限届满次日起数至当日，减有依据的财政审批天数"
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
        for day in _days(max(row.first_day, after + _DAY), min(row.last_day, until))
    }
    return len(excused)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _band(days: int) -> Band:
    if days <= 0:
        return Band.NOT_DUE
    return next((band for band, last in LAST_DAYS.items() if days <= last), Band.OVER_90)
