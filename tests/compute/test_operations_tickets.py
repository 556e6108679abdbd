from datetime import timedelta
from decimal import Decimal

import pytest
from rows import NOON, quarter, row

from deliverables.compute.operations import in_time, late_tickets, ticket_counts
from deliverables.model.operations_sheets import TICKET_TYPES, Ticket


def ticket(after: timedelta | None, promised: str = "8", **facts: str) -> Ticket:
    closed = None if after is None else NOON + after
    return row(Ticket, closed=closed, promised_hours=Decimal(promised), **facts)


@pytest.mark.parametrize(
    ("promised", "after", "kept"),
    [
        ("8", timedelta(hours=8), True),
        ("8", timedelta(hours=8, seconds=1), False),
        ("8", timedelta(0), True),
        ("1.1", timedelta(minutes=66), True),
        ("2.3", timedelta(minutes=138), True),
        ("0.5", timedelta(minutes=31), False),
        ("0.01", timedelta(seconds=36), True),
        ("48", timedelta(days=2), True),
    ],
)
def test_a_ticket_closed_at_the_promised_minute_is_in_time(
    promised: str, after: timedelta, kept: bool
) -> None:
    assert in_time(ticket(after, promised)) is kept


def test_an_open_ticket_is_not_in_time() -> None:
    assert not in_time(ticket(None))


def test_tickets_are_counted_by_type_with_a_total() -> None:
    rows = [
        ticket(timedelta(hours=1), kind="咨询"),
        ticket(timedelta(hours=9), kind="咨询"),
        ticket(None, kind="故障处理"),
    ]
    found = ticket_counts([quarter(tickets=rows)])
    assert [line.kind for line in found.by_kind] == list(TICKET_TYPES)
    asked = found.by_kind[TICKET_TYPES.index("咨询")]
    assert [str(asked.opened), str(asked.closed), str(asked.in_time), str(asked.in_time_rate)] == [
        "2", "2", "1", "50.00%",
    ]  # fmt: skip
    assert (str(found.total.opened), str(found.total.closed)) == ("3", "2")
    assert (str(found.total.in_time_rate), str(found.late_count)) == ("33.33%", "2")


def test_late_and_open_tickets_are_listed() -> None:
    rows = [
        ticket(timedelta(hours=1), number="GD-1"),
        ticket(timedelta(hours=9), number="GD-2"),
        ticket(None, number="GD-3"),
    ]
    late = late_tickets([quarter(tickets=rows)])
    assert [(str(line.number), str(line.closed)) for line in late] == [
        ("GD-2", "2026-05-06 21:00"),
        ("GD-3", "—"),
    ]


def test_one_late_ticket_in_many_keeps_the_rate_below_a_hundred() -> None:
    rows = [ticket(timedelta(0))] * 29_999 + [ticket(None)]
    assert str(ticket_counts([quarter(tickets=rows)]).total.in_time_rate) == "99.99%"


def test_without_tickets_there_is_no_rate() -> None:
    found = ticket_counts([quarter()])
    assert (found.any, found.by_kind, str(found.total.in_time_rate)) == (False, (), "—（本期无）")
    assert late_tickets([quarter()]) == ()
