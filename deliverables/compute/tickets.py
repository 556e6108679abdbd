"""Requests of the client: how many of each type, how many closed within the promised time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from deliverables.compute.figures import Inputs, drawn_from, number, rate
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import TICKET_TYPES, Operations, Ticket


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
    rows = [row for quarter in quarters for row in quarter.tickets]
    source = drawn_from(quarters, Ticket)
    late = sum(not in_time(row) for row in rows)
    return TicketCounts(
        by_kind=tuple(
            _line(kind, [row for row in rows if row.kind == kind], source)
            for kind in (TICKET_TYPES if rows else ())
        ),
        total=_line("合计", rows, source),
        late_count=number("未及时办结", late, "超过承诺时限办结或未办结的行数", source),
        any=bool(rows),
    )


def _line(kind: str, rows: Sequence[Ticket], source: Inputs) -> TicketLine:
    kept = sum(in_time(row) for row in rows)
    closed = sum(row.closed is not None for row in rows)
    return TicketLine(
        kind=kind,
        opened=number("受理", len(rows), f"“{kind}”工单行数", source),
        closed=number("办结", closed, "填有办结时间的行数", source),
        in_time=number("及时办结", kept, "办结时间－受理时间不超过承诺时限的行数", source),
        in_time_rate=rate("及时率", kept, len(rows), "及时办结÷受理", source),
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
