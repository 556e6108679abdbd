"""Whatever the rows and however they fall into quarters: the whole is the sum of the quarters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import NOON, contract, quarter, row

from deliverables.compute.availability import durability
from deliverables.compute.incidents import incident_count
from deliverables.compute.operations import (
    alarm_summary,
    backups,
    change_counts,
    drill_count,
    duty_days,
    inspections,
    security,
    stock,
    ticket_counts,
)
from deliverables.model.fields import Row
from deliverables.model.operations_sheets import (
    ALARM_LEVELS,
    DRILL,
    SECURITY_KINDS,
    TICKET_TYPES,
    Alarm,
    Backup,
    Change,
    Drill,
    Durability,
    Incident,
    Inspection,
    Operations,
    Resource,
    Security,
    Ticket,
)
from deliverables.values.figure import Figure

DAY = date(2027, 5, 25)
COUNT = st.integers(0, 50)
LATER = st.none() | st.integers(0, 60_000).map(lambda seconds: NOON + timedelta(seconds=seconds))
Quarters = Sequence[Operations]


def rows_of(kind: type[Row], /, **facts: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    return st.builds(lambda **drawn: row(kind, **drawn), **facts)


def resource(added: int, released: int) -> Row:
    return row(Resource, added=Decimal(added), released=Decimal(released))


SUMS: dict[
    str, tuple[str, st.SearchStrategy[Row], Callable[[Quarters], Sequence[Figure[Decimal]]]]
] = {
    "alarms": (
        "alarms",
        rows_of(Alarm, level=st.sampled_from(ALARM_LEVELS), cleared=LATER),
        lambda all_: [alarm_summary(all_).total.raised, alarm_summary(all_).total.cleared],
    ),
    "tickets": (
        "tickets",
        rows_of(Ticket, kind=st.sampled_from(TICKET_TYPES), closed=LATER),
        lambda all_: [
            ticket_counts(all_).total.opened,
            ticket_counts(all_).total.closed,
            ticket_counts(all_).total.in_time,
            ticket_counts(all_).late_count,
        ],
    ),
    "incidents": ("incidents", rows_of(Incident), lambda all_: [incident_count(all_)]),
    "changes": (
        "changes",
        rows_of(Change, result=st.sampled_from(("成功", "失败", "回退"))),
        lambda all_: [change_counts(all_).total.done, change_counts(all_).total.succeeded],
    ),
    "inspections": (
        "inspections",
        rows_of(Inspection, planned=COUNT, done=COUNT, found=COUNT, mended=COUNT),
        lambda all_: [inspections(all_).total.planned, inspections(all_).total.mended],
    ),
    "backups": (
        "backups",
        st.builds(
            lambda planned, failed: row(Backup, planned=planned + failed, succeeded=planned),
            COUNT,
            COUNT,
        ),
        lambda all_: [backups(all_).total.planned, backups(all_).total.failed],
    ),
    "security": (
        "security",
        rows_of(Security, kind=st.sampled_from(SECURITY_KINDS), found=COUNT, due=COUNT),
        lambda all_: [
            security(all_, DAY).total.found,
            security(all_, DAY).total.due,
            security(all_, DAY).attacks,
            security(all_, DAY).events,
        ],
    ),
    "durability": (
        "durability",
        rows_of(Durability, loss_events=COUNT, integrity_checks=COUNT),
        lambda all_: [
            durability(all_, contract().service_levels).loss_events,
            durability(all_, contract().service_levels).integrity_checks,
        ],
    ),
    "drills": (
        "drills",
        rows_of(Drill, duty=st.decimals(0, 99, places=1)),
        lambda all_: [duty_days(all_), drill_count(all_, DRILL)],
    ),
    "resources": (
        "resources",
        st.builds(resource, COUNT, COUNT),
        lambda all_: [figure for line in stock(all_).by_kind for figure in (line.added,
                                                                            line.released)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SUMS)
@settings(max_examples=settings().max_examples // 2)  # ten sheets are added up by one rule
@given(data=st.data())
def test_the_whole_is_the_sum_of_its_quarters(name: str, data: st.DataObject) -> None:
    sheet, drawn, figures = SUMS[name]
    split = data.draw(st.lists(st.lists(drawn, min_size=1, max_size=4), min_size=1, max_size=4))
    quarters = [quarter(number, **{sheet: rows}) for number, rows in enumerate(split, start=1)]
    whole = [figure.value for figure in figures(quarters)]
    parts = [[figure.value for figure in figures([one])] for one in quarters]
    assert whole == [sum(column) for column in zip(*parts, strict=True)]
    assert whole, "a property of nothing proves nothing"
