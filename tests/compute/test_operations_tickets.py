from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from rows import NOON, quarter, row

from deliverables.compute.operations import in_time, late_tickets, ticket_counts
from deliverables.model.operations_sheets import TICKET_TYPES, Ticket


def ticket(after: timedelta | None, promised: str = "8", **facts: object) -> Ticket:
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
    assert (found.some_pending, str(found.total.pending)) == (False, "0")


LAST_EVENING = datetime(2026, 7, 29, 20)
"""Four hours before the quarter ends."""


@pytest.mark.parametrize(
    ("evidence", "promised", "standing"),
    [
        ("", "4", "pending"),
        ("", "3.9", "late"),
        ("工单系统（2026-07-30 09:25导出）", "14", "pending"),
        ("工单系统（2026-07-30 09:25导出）", "13", "late"),
        ("工单系统（2026年7月30日导出）", "27", "late"),
        ("工单系统（2026年7月30日导出）", "28", "pending"),
        ("工单系统（2026-06-30 09:25导出）", "3.9", "late"),
        ("工单系统（2026-06-31 09:25导出）", "4", "pending"),
        ("导出单 DC-2026-08-0101（2026-07-30 09:25导出）", "14", "pending"),
    ],
)
def test_an_open_ticket_is_late_once_its_limit_is_over_when_the_data_are_taken(
    evidence: str, promised: str, standing: str
) -> None:
    open_one = ticket(None, promised, opened=LAST_EVENING, evidence=evidence)
    found = ticket_counts([quarter(tickets=[ticket(timedelta(0)), open_one])])
    kept, pending = (("50.00%", "0"), ("100.00%", "1"))[standing == "pending"]
    assert (str(found.total.in_time_rate), str(found.total.pending)) == (kept, pending)
    assert (str(found.late_count), found.some_pending) == (
        ("0", True) if standing == "pending" else ("1", False)
    )
    assert len(late_tickets([quarter(tickets=[open_one])])) == int(standing == "late")


def test_where_no_ticket_is_due_there_is_no_rate() -> None:
    found = ticket_counts([quarter(tickets=[ticket(None, opened=LAST_EVENING)])])
    assert str(found.total.in_time_rate) == "—（本期无）"


@pytest.mark.parametrize(("day", "pending"), [(date(2026, 7, 30), "1"), (date(2026, 7, 31), "0")])
def test_a_document_judges_a_ticket_that_was_open_on_its_day_by_that_day(
    day: date, pending: str
) -> None:
    later = ticket(None, "30", opened=LAST_EVENING, evidence="工单系统（2026-08-05 09:00导出）")
    closed = replace(later, closed=datetime(2026, 8, 1))
    known = quarter(tickets=[closed]).as_known(day)
    assert str(ticket_counts([known]).total.pending) == pending


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
