"""What a new quarter's workbook can begin with: what the quarter before it left behind.

Only what names the things that are looked after is carried over, never what came of them: the
closing stock opens, hosts and backup jobs are listed for each month, open issues and the addresses
in use stay, an outage that runs on is the same outage. The rest of a row is left to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from deliverables.compute.term import service_months as months_of_the_term
from deliverables.model.contract import Contract
from deliverables.model.fields import Row, declarations, sheets
from deliverables.model.operations_sheets import AddressBlock, Issue, Operations, Outage, Resource
from deliverables.model.rules import rules_of
from deliverables.values.dates import Period

Begun = Mapping[str, Any]

_FINISHED, _RELEASED = "已完成", "已回收"


def carried_over(
    before: Operations, period: Period, months: Sequence[date]
) -> dict[str, tuple[Begun, ...]]:
    """Return the rows that a quarter begins with, by the name of their field."""
    begun: dict[str, tuple[Begun, ...]] = {}
    for name, row_type in sheets(Operations).items():
        rows = getattr(before, name)
        if "month" in declarations(row_type):
            begun[name] = tuple(_monthly(rows, months))
    begun["resources"] = tuple(_opening(before.resources))
    begun["outages"] = tuple(_running_on(before.outages, period))
    begun["addresses"] = tuple(_held(before.addresses))
    begun["issues"] = tuple(_open(before.issues))
    return {name: rows for name, rows in begun.items() if rows}


def service_months(contract: Contract, period: Period) -> tuple[date, ...]:
    """Return the months of a quarter, each named by the calendar month in which it ends."""
    found = months_of_the_term(contract)
    return tuple(name for name, part in found if period.contains(part.last))


def _monthly(rows: Sequence[Any], months: Sequence[date]) -> Iterator[Begun]:
    """Each subject of the last month, once for every new month."""
    latest = max((row.month for row in rows), default=None)
    subjects = [_known(row) for row in rows if row.month == latest]
    distinct = list({tuple(subject.items()): subject for subject in subjects}.values())
    for month in months:
        yield from ({"month": month, **subject} for subject in distinct)


def _opening(rows: Iterable[Resource]) -> Iterator[Begun]:
    for row in rows:
        if row.closing:
            yield {**_known(row), "opening": row.closing}


def _running_on(rows: Iterable[Outage], period: Period) -> Iterator[Begun]:
    border = datetime.combine(period.first, time())
    for row in rows:
        if row.started < border < row.ended:
            yield {name: getattr(row, name) for name in declarations(Outage)}


def _held(rows: Iterable[AddressBlock]) -> Iterator[Begun]:
    return (_known(row) for row in rows if row.state != _RELEASED)


def _open(rows: Iterable[Issue]) -> Iterator[Begun]:
    return (_known(row) for row in rows if row.state != _FINISHED and row.closed is None)


def _known(row: Row) -> Begun:
    return {name: getattr(row, name) for name in rules_of(type(row)).known}
