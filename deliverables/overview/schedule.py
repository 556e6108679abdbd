"""What is due and when: overdue, now, this week, next week, and month by month after that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from deliverables.compute.account import account
from deliverables.compute.term import service_period
from deliverables.kind import Deliverable, file_stem, kinds
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.money import format_yuan
from deliverables.overview.subject import Subject
from deliverables.planning import Planned, Standing, clock
from deliverables.workdays import Deadline, Settled

_PAID: Final = "payment_request"
"""Its due day is the client's for paying: told with the amount, and only while it is open."""

_ACCEPT: Final = say("the client has to accept it or say what is wrong")
_AGAIN: Final = say("not accepted: to be mended and handed in again")

_WEEK: Final = timedelta(days=7)


class Span(StrEnum):
    """The part of the calendar that a task falls into."""

    OVERDUE = "overdue"
    NOW = "now"
    THIS_WEEK = "this week"
    NEXT_WEEK = "next week"
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Something that falls on a day, or between two while the calendar is not published.

    Without a day it can be done now. `deadline` is false for what merely becomes possible.
    """

    name: Message | str
    matter: Message
    first: date | None = None
    last: date | None = None
    reason: str = ""
    deadline: bool = True

    @property
    def provisional(self) -> bool:
        """Whether the day is not settled."""
        return bool(self.reason)


def span_of(task: Task, as_of: date) -> Span:
    """Return the part of the calendar; weeks end on Sunday, a range counts from its first day."""
    if task.first is None or task.last is None:
        return Span.NOW
    if task.last < as_of:
        return Span.OVERDUE
    sunday = as_of + timedelta(days=6 - as_of.weekday())
    if task.first <= sunday:
        return Span.THIS_WEEK
    return Span.NEXT_WEEK if task.first <= sunday + _WEEK else Span.LATER


def tasks(subject: Subject, as_of: date) -> tuple[Task, ...]:
    """Return what one contract has to come, the earliest first; what can be done now leads."""
    if subject.book is None:
        return ()
    found = (
        *(_possible_now(subject.planned) if subject.sound else ()),
        *_dated(subject.planned, subject.book, as_of),
        *(_payments(subject.book, as_of) if subject.sound else ()),
        *_end_of_term(subject.book, as_of),
    )
    return tuple(sorted(found, key=lambda task: task.first or date.min))


def name_of(deliverable: Deliverable) -> str:
    """Return how a document is called within its contract, by its file: 季度报告 Q1."""
    own = deliverable.stem.removeprefix(file_stem(deliverable.contract) + "_")
    return own.replace("_", " ")


def _possible_now(planned: Iterable[Planned]) -> Iterator[Task]:
    """Yield what waits for nobody but us, a line for each kind."""
    for standing, matter in (
        (Standing.READY, say("can be made now")),
        (Standing.STALE, say("the data have changed: make it anew")),
    ):
        waiting = [one.deliverable for one in planned if one.standing is standing]
        for kind, count in Counter(one.kind for one in waiting).items():
            (first, *_) = (one for one in waiting if one.kind == kind)
            many = say("{kind} ({count})", kind=kinds()[kind].title, count=count)
            yield Task(name=name_of(first) if count == 1 else many, matter=matter, deadline=False)


def _dated(planned: Iterable[Planned], book: ContractBook, as_of: date) -> Iterator[Task]:
    for one in planned:
        name = name_of(one.deliverable)
        running = clock(one.life, one.deliverable.kind, book) if one.finished else None
        if running:
            yield _task(name, _ACCEPT if one.life.awaits_acceptance else _AGAIN, running.due)
        elif one.deliverable.due and one.deliverable.kind != _PAID and not one.finished:
            yield _task(name, say("to be handed over"), one.deliverable.due)
        start = one.deliverable.possible_from
        if one.standing is Standing.NOT_YET and start and start >= as_of:
            yield _task(name, say("can be made from this day"), Settled(start), deadline=False)


def _payments(book: ContractBook, as_of: date) -> Iterator[Task]:
    if book.ledger is None:
        return
    for item in account(book.contract, book.ledger, book.calendar, as_of).instalments:
        if item.deadline and item.outstanding.value > 0:
            amount = format_yuan(item.outstanding.value)
            matter = say("the client has to pay {amount} yuan", amount=amount)
            yield _task(item.instalment.name, matter, item.deadline)


def _end_of_term(book: ContractBook, as_of: date) -> Iterator[Task]:
    end = service_period(book.contract).last
    if end >= as_of:
        yield _task(book.contract.service.name, say("the service term ends"), Settled(end),
                    deadline=False)  # fmt: skip


def _task(name: str, matter: Message, due: Deadline, *, deadline: bool = True) -> Task:
    if isinstance(due, Settled):
        return Task(name=name, matter=matter, first=due.date, last=due.date, deadline=deadline)
    return Task(name=name, matter=matter, first=due.earliest, last=due.latest,
                reason=due.reason, deadline=deadline)  # fmt: skip
