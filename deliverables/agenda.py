"""What is due when, and whose duty it is: for the page about all contracts and for calendars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from deliverables.acceptance_clock import clock
from deliverables.compute.account import account_of
from deliverables.compute.term import ended_early, service_end
from deliverables.kinds import Deliverable, file_stem
from deliverables.model.book import ContractBook
from deliverables.plan import Planned
from deliverables.status import Condition, Stage
from deliverables.values.calendar import Deadline, Settled, Side
from deliverables.values.figure import Derivation
from deliverables.values.money import format_yuan
from deliverables.values.problem import Message, say
from deliverables.version import __version__

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_ACCEPT: Final = say("the client has to accept it or say what is wrong")
_AGAIN: Final = say("not accepted: to be mended and handed in again")

_HANDED_OVER: Final = (Stage.DELIVERED, Stage.ACCEPTED, Stage.SETTLED, Stage.WITHDRAWN)

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_MORNING: Final = timedelta(hours=9)


class Span(StrEnum):
    """The part of the calendar that an item falls into."""

    OVERDUE = "overdue"
    NOW = "now"
    THIS_WEEK = "this week"
    NEXT_WEEK = "next week"
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaItem:
    """Something that falls on a day, or between two while the calendar is not published.

    Without a day it can be done now. `deadline` is false for what merely becomes possible. `key`
    tells it from all others of its contract and stays the same from day to day; `article` is the
    contract's own, empty where it has none; `reason` is why a day is provisional. What is nobody's
    to do has no `whose`.
    """

    key: str
    name: Message | str
    matter: Message
    first: date | None = None
    last: date | None = None
    reason: str = ""
    deadline: bool = True
    whose: Side | None = Side.OURS
    article: str = ""

    @property
    def provisional(self) -> bool:
        """Whether the day is not settled."""
        return bool(self.reason)

    def span(self, as_of: date) -> Span:
        """Return the part of the calendar; weeks end on Sunday, a range counts from its start."""
        if self.first is None or self.last is None:
            return Span.NOW
        if self.last < as_of:
            return Span.OVERDUE
        sunday = as_of + timedelta(days=6 - as_of.weekday())
        if self.first <= sunday:
            return Span.THIS_WEEK
        return Span.NEXT_WEEK if self.first <= sunday + _WEEK else Span.LATER


def agenda(
    book: ContractBook, planned: Sequence[Planned], as_of: date, *, sound: bool = True
) -> tuple[AgendaItem, ...]:
    """Return what one contract has to come, the earliest first; what can be done now leads.

    Of data with errors only the days that the contract itself sets are told.
    """
    found = (
        *(_possible_now(planned) if sound else ()),
        *_dated(planned, book, as_of),
        *(_payments(book, as_of) if sound else ()),
        *_end_of_term(book, as_of),
    )
    return tuple(sorted(found, key=lambda item: item.first or date.min))


def name_of(deliverable: Deliverable) -> str:
    """Return how a document is called within its contract: 季度报告 Q1, 付款申请函 第1期 合同首款.

    It is its file's name, behind which stands the contract's own for its part.
    """
    own = deliverable.stem.removeprefix(file_stem(deliverable.contract) + "_")
    return f"{own.replace('_', ' ')} {deliverable.part_name}".rstrip()


def _possible_now(planned: Iterable[Planned]) -> Iterator[AgendaItem]:
    """Yield what waits for nobody but us, a line for each kind; what is made only on demand not."""
    for word, matter in (
        (Stage.READY, say("can be made now")),
        (Condition.STALE, say("the data have changed: make it anew")),
        (Stage.WITHDRAWN, say("withdrawn: make the one that takes its place")),
    ):
        waiting = [
            one.deliverable
            for one in planned
            if one.status.word == word and not (word == Stage.READY and one.deliverable.on_demand)
        ]
        for kind, count in Counter(one.kind for one in waiting).items():
            (first, *_) = (one for one in waiting if one.kind == kind)
            many = say("{kind} ({count})", kind=first.kind_title, count=count)
            name = name_of(first) if count == 1 else many
            yield AgendaItem(key=f"{kind}/{word}", name=name, matter=matter, deadline=False)


def _dated(planned: Iterable[Planned], book: ContractBook, as_of: date) -> Iterator[AgendaItem]:
    for one in planned:
        made, key = one.deliverable, one.deliverable.key
        name, article = name_of(made), made.article
        due, finished = made.due, one.status.is_finished
        running = clock(one.life, one.acceptance, book, as_of) if finished else None
        if running and running.due:
            matter = _ACCEPT if one.life.awaits_acceptance else _AGAIN
            yield dated(f"{key}/answer", name, matter, running.due, article)
        elif running:
            yield AgendaItem(
                key=f"{key}/answer",
                name=name,
                matter=running.message,
                deadline=False,
                article=article,
            )
        elif due and due.whose is Side.OURS and one.status.stage not in _HANDED_OVER:
            yield dated(f"{key}/due", name, say("to be handed over"), due, article)
        start = made.possible_from
        if one.status.stage is Stage.NOT_YET and start and start >= as_of:
            matter = say("can be made from this day")
            yield dated(f"{key}/possible", name, matter, Settled(start), article, deadline=False)


def _payments(book: ContractBook, as_of: date) -> Iterator[AgendaItem]:
    money = account_of(book, as_of)
    for item in money.instalments if money else ():
        if not item.deadline or item.outstanding.value <= 0:
            continue
        one, key = item.instalment, f"payment/{item.instalment.number}"
        amount = format_yuan(item.outstanding.value)
        if item.pay_by:
            matter = say("the client has to pay {amount} yuan", amount=amount)
            yield dated(key, one.name, matter, item.pay_by, one.article)
        else:
            matter = say("to be invoiced: {amount} yuan are not late before that", amount=amount)
            yield AgendaItem(
                key=key, name=one.name, matter=matter, deadline=False, article=one.article
            )


def _end_of_term(book: ContractBook, as_of: date) -> Iterator[AgendaItem]:
    end, service = service_end(book.contract, as_of), book.contract.service
    article = end.origin.article if isinstance(end.origin, Derivation) else service.article
    if end.value >= as_of:
        early = ended_early(book.contract, as_of)
        matter = say("service ends early") if early else say("the service term ends")
        told = dated("term/end", service.name, matter, Settled(end.value), article, deadline=False)
        yield replace(told, whose=None)


def dated(
    key: str,
    name: Message | str,
    matter: Message,
    due: Deadline,
    article: str = "",
    *,
    deadline: bool = True,
) -> AgendaItem:
    """Return an item that falls on a deadline, whose duty is that of the deadline."""
    if isinstance(due, Settled):
        first, last, reason = due.date, due.date, ""
    else:
        first, last, reason = due.earliest, due.latest, due.reason
    return AgendaItem(
        key=key,
        name=name,
        matter=matter,
        first=first,
        last=last,
        reason=reason,
        deadline=deadline,
        whose=due.whose,
        article=article,
    )


def icalendar_of(items: Sequence[tuple[str, AgendaItem]], as_of: date, language: str) -> bytes:
    """Return items of contracts, by number, as an iCalendar file (RFC 5545), the same for a day.

    Each that falls on a day is an event of whole days and keeps its UID, so that importing the
    file of a later day moves it instead of adding another. A provisional one is tentative and
    lasts from the first day that it may be to the last. Alarms ring at nine in the morning: a week
    and a day before our deadline, on the day from which we may begin, and on the day after the
    client's last; none that would have rung before `as_of`.
    """
    from icalendar import Calendar  # noqa: PLC0415  # slow to import

    calendar = Calendar()
    calendar.add("prodid", f"-//deliverables//{__version__}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _CALENDAR.in_language(language))
    several = len({contract for contract, _ in items}) > 1
    for contract, item in items:
        if item.first is not None and item.last is not None:
            event = _event(contract, item, as_of, language)
            where = f"{contract} " if several else ""
            summary = f"{where}{_summary(item, language)}"
            event.add("summary", summary)
            for day in _alarms(item, item.first, item.last):
                if day >= as_of:
                    event.add_component(_alarm(day - item.first, summary))
            calendar.add_component(event)
    return bytes(calendar.to_ical())


_CALENDAR: Final = say("Deliverables and payments")
_DUTY: Final = {Side.OURS: say("our duty"), Side.CLIENTS: say("the client's duty")}
_OURS_TO_BEGIN: Final = say("ours, from this day on")
_FOR_INFORMATION: Final = say("for information")
_FIRST_SEQUENCE: Final = date(2020, 1, 1)


def _event(contract: str, item: AgendaItem, as_of: date, language: str) -> Event:
    """Return the event of an item that falls on a day, without its summary."""
    from icalendar import Event  # noqa: PLC0415  # slow to import

    event = Event()
    event.add("uid", f"{contract}/{item.key}@deliverables")
    event.add("dtstamp", datetime.combine(as_of, time(), tzinfo=UTC))
    event.add("sequence", max(0, (as_of - _FIRST_SEQUENCE).days))
    event.add("dtstart", item.first)
    event.add("dtend", item.last + _DAY if item.last else None)
    event.add("status", "TENTATIVE" if item.provisional else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [whose(item).in_language(language)])
    told = (
        say("contract {number}", number=contract).in_language(language),
        item.article,
        whose(item).in_language(language),
        say("provisional: {reason}", reason=item.reason).in_language(language)
        if item.provisional
        else "",
    )
    event.add("description", "\n".join(filter(None, told)))
    return event


def _alarms(item: AgendaItem, first: date, last: date) -> tuple[date, ...]:
    """Return the days on which somebody is reminded of an item."""
    if item.whose is Side.CLIENTS:
        return (last + _DAY,) if item.deadline else ()
    if item.whose is None:
        return ()
    return (first - _WEEK, first - _DAY) if item.deadline else (first,)


def _alarm(after: timedelta, summary: str) -> Alarm:
    """Return an alarm in the morning of a day so long after the event begins."""
    from icalendar import Alarm  # noqa: PLC0415  # slow to import

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", after + _MORNING)
    return alarm


def whose(item: AgendaItem) -> Message:
    """Return whose an item is: who has to do it, or may, or that it is nobody's."""
    if item.whose is None:
        return _FOR_INFORMATION
    return _DUTY[item.whose] if item.deadline else _OURS_TO_BEGIN


def _summary(item: AgendaItem, language: str) -> str:
    name = item.name.in_language(language) if isinstance(item.name, Message) else item.name
    said = say("{name}: {matter}", name=name, matter=item.matter)
    marked = say("{said} (provisional)", said=said) if item.provisional else said
    return marked.in_language(language)
