"""Requests of the client: how many of each type, how many closed within the promised time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.figures import Rows, rate, rows_of
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import TICKET_TYPES, Operations, Ticket

_TIMES = ("opened", "closed", "promised_hours")
"""The columns that show whether a ticket was closed in time."""


@dataclass(frozen=True, slots=True)
class TicketLine:
    """Tickets of one type; on time means closed within the promised hours, of all accepted."""

    kind: str
    opened: Figure[Decimal]
    closed: Figure[Decimal]
    in_time: Figure[Decimal]
    in_time_rate: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """All tickets of the period by type, if there were any; late ones may still be open."""

    by_kind: tuple[TicketLine, ...]
    total: TicketLine
    late_count: Figure[Decimal]
    any: bool


@dataclass(frozen=True, slots=True)
class LateTicket:
    """A ticket that missed its promise or is still open."""

    number: Figure[str]
    opened: Figure[object]
    closed: Figure[object]
    promised: Figure[Decimal]
    system: str
    subject: Figure[str]


def ticket_counts(quarters: Sequence[Operations]) -> TicketCounts:
    """Return tickets by type with the share closed in time."""
    rows = rows_of(quarters, Ticket)
    late = [row for row in rows.every if not in_time(row)]
    return TicketCounts(
        by_kind=tuple(
            _line(kind, rows, [row for row in rows.every if row.kind == kind])
            for kind in (TICKET_TYPES if rows.every else ())
        ),
        total=_line("合计", rows, rows.every),
        late_count=rows.count(
            "未及时办结", "超过承诺时限办结或未办结的行数", late, "number", *_TIMES
        ),
        any=bool(rows.every),
    )


def _line(kind: str, every: Rows[Ticket], chosen: Sequence[Ticket]) -> TicketLine:
    rows = Rows(chosen, every.sheets)
    kept = [row for row in chosen if in_time(row)]
    closed = [row for row in chosen if row.closed is not None]
    opened = every.count("受理", f"“{kind}”工单行数", chosen, "number", "kind")
    in_time_count = rows.count(
        "及时办结", "办结时间－受理时间不超过承诺时限的行数", kept, "kind", *_TIMES
    )
    return TicketLine(
        kind=kind,
        opened=opened,
        closed=rows.count("办结", "填有办结时间的行数", closed, "kind", "closed"),
        in_time=in_time_count,
        in_time_rate=rate("及时率", in_time_count, opened, "及时办结÷受理"),
    )


def late_tickets(quarters: Sequence[Operations]) -> tuple[LateTicket, ...]:
    """Return every ticket that was not closed in time, in the order of the workbooks."""
    return tuple(
        LateTicket(
            number=row.figure("number"),
            opened=row.figure("opened"),
            closed=row.figure("closed"),
            promised=row.figure("promised_hours"),
            system=row.system,
            subject=row.figure("subject"),
        )
        for quarter in quarters
        for row in quarter.tickets
        if not in_time(row)
    )


def in_time(row: Ticket) -> bool:
    """Return whether the ticket was closed within its promised hours; an open one was not."""
    if row.closed is None:
        return False
    hours = Fraction((row.closed - row.opened) // timedelta(seconds=1), 3600)
    return hours <= Fraction(row.promised_hours)
