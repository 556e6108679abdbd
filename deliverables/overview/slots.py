"""The calendar as the page prints it: spans and months, each with its entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.overview.schedule import Span, Task, span_of
from deliverables.overview.voice import Voice
from deliverables.overview.words import SPANS


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line: its day or range, how far off that is, and what it is about.

    `reason` is why a day is provisional. `contract` and `key` are empty within a contract.
    """

    first: date | None
    last: date | None
    distance: str
    name: str
    matter: str
    reason: str
    deadline: bool
    span: Span
    contract: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A span or a month, and what falls into it."""

    span: Span
    title: str
    entries: tuple[Entry, ...]


def entry(task: Task, as_of: date, voice: Voice) -> Entry:
    """Return a task as a line of the calendar."""
    return Entry(
        first=task.first,
        last=task.last,
        distance=voice(_distance(task, as_of)),
        name=voice(task.name),
        matter=voice(task.matter),
        reason=task.reason,
        deadline=task.deadline,
        span=span_of(task, as_of),
    )


def calendar(entries: Iterable[Entry], voice: Voice) -> tuple[Slot, ...]:
    """Return the entries by span, and by month after next week, in their order."""
    ordered = sorted(entries, key=_when)
    return tuple(
        Slot(span, _title(span, first, voice), tuple(members))
        for (span, first), members in groupby(ordered, key=_slot)
    )


def of_contract(found: Entry, contract: str, key: str) -> Entry:
    """Return the entry for a calendar of several contracts."""
    return replace(found, contract=contract, key=key)


def _when(found: Entry) -> tuple[int, date, date]:
    first = found.first or date.min
    return list(Span).index(found.span), first, found.last or first


def _slot(found: Entry) -> tuple[Span, date | None]:
    """Return what a slot is told by: the span, or the first day of a month."""
    later = found.span is Span.LATER and found.first is not None
    return found.span, found.first.replace(day=1) if later and found.first else None


def _title(span: Span, month: date | None, voice: Voice) -> str:
    if month is None:
        return voice(SPANS[span])
    return voice(say("{year}-{month:02}", year=month.year, month=month.month))


def _distance(task: Task, as_of: date) -> Message | str:
    """Return how far off a deadline is; nothing for what merely becomes possible."""
    if task.first is None or task.last is None or not task.deadline:
        return ""
    if task.last < as_of:
        return say("{days} days overdue", days=(as_of - task.last).days)
    if task.first <= as_of:
        return say("today") if task.first == task.last else say("possibly today")
    return say("in {days} days", days=(task.first - as_of).days)
