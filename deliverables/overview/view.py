"""Everything the page shows, spoken and in order: what the template prints and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from deliverables.compute.term import service_period
from deliverables.folders import Folders
from deliverables.kind import kinds
from deliverables.lazily import dataclass
from deliverables.money import format_yuan
from deliverables.overview.drawing import MoneyView, ServiceView, money_view, service_view
from deliverables.overview.figures import money, service_level
from deliverables.overview.links import links
from deliverables.overview.schedule import Span, name_of, tasks
from deliverables.overview.slots import Entry, Slot, calendar, entry, of_contract
from deliverables.overview.subject import Subject
from deliverables.overview.voice import Voice, private_numbers
from deliverables.overview.words import ASSUMPTIONS, PILES, STATES
from deliverables.planning import Planned, Standing
from deliverables.problem import Problem, Severity
from deliverables.workdays import Deadline, Settled


@dataclass(frozen=True, slots=True)
class State:
    """A state, its word, and how many documents are in it."""

    name: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class File:
    """A file; without an address it is only named."""

    label: str
    name: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One document of a contract. `days` are the day it is possible from, due and made for."""

    name: str
    state: str
    word: str
    possible: date | None
    due: str
    provisional: str
    as_of: date | None
    reasons: tuple[str, ...]
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of one kind, and how many are in which state."""

    title: str
    states: tuple[State, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem or an assumption: where, what, and what to do or which setting overrules it."""

    place: str
    code: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Pile:
    """The problems of one severity, or the assumptions."""

    name: str
    title: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractView:
    """One contract; `first` to `total` are empty where its data cannot be read."""

    key: str
    number: str
    title: str
    client: str
    contractor: str
    first: date | None
    last: date | None
    total: str
    sample: bool
    readable: bool
    sound: bool
    slots: tuple[Slot, ...]
    states: tuple[State, ...]
    groups: tuple[Group, ...]
    piles: tuple[Pile, ...]
    service: ServiceView | None
    money: MoneyView | None

    @property
    def href(self) -> str:
        """The address of the contract within the page."""
        return "#" + quote(self.key)

    @property
    def next(self) -> Entry | None:
        """The first entry of the calendar that has a day and is not overdue."""
        to_come = (slot for slot in self.slots if slot.span not in (Span.OVERDUE, Span.NOW))
        return next((entry for slot in to_come for entry in slot.entries), None)

    def in_span(self, span: str) -> int:
        """Return how many entries of the calendar fall into a span."""
        return sum(len(slot.entries) for slot in self.slots if slot.span == span)

    @property
    def marks(self) -> tuple[State, ...]:
        """What calls for attention: errors in the data, and what is overdue."""
        errors = [State(one.name, one.title, len(one.notices)) for one in self.piles
                  if one.name == Severity.ERROR.value]  # fmt: skip
        overdue = [State(slot.span.value, slot.title, len(slot.entries)) for slot in self.slots
                   if slot.span is Span.OVERDUE]  # fmt: skip
        return (*errors, *overdue)


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The whole page as of a day, in one language; one contract alone needs no summary."""

    as_of: date
    language: str
    contracts: tuple[ContractView, ...]
    marks: tuple[State, ...]
    states: tuple[State, ...]
    slots: tuple[Slot, ...]


def overview(subjects: Iterable[Subject], folders: Folders, as_of: date, language: str) -> Overview:
    """Return what the page shows of the contracts as of a day."""
    views = tuple(contract_view(one, folders, as_of, language) for one in subjects)
    dated = (
        of_contract(entry, view.number, view.key)
        for view in views
        for slot in view.slots
        for entry in slot.entries
        if slot.span is not Span.NOW
    )
    return Overview(
        as_of=as_of,
        language=language,
        contracts=views,
        marks=_added(mark for view in views for mark in view.marks),
        states=_added(state for view in views for state in view.states),
        slots=calendar(dated, Voice(language)),
    )


def contract_view(subject: Subject, folders: Folders, as_of: date, language: str) -> ContractView:
    """Return what the page shows of one contract."""
    book, voice = subject.book, Voice(language, private_numbers(subject.book))
    key = "contract-" + re.sub(r"\s", "_", subject.contract)
    contract = book.contract if book else None
    term = service_period(contract) if contract else None
    figures = book if subject.sound else None
    paid = money(figures, as_of) if figures else None
    return ContractView(
        key=key,
        number=subject.contract,
        title=voice(contract.identity.title) if contract else "",
        client=voice(contract.client.name) if contract else "",
        contractor=voice(contract.contractor.name) if contract else "",
        first=term.first if term else None,
        last=term.last if term else None,
        total=format_yuan(contract.payment.total) if contract else "",
        sample=any(one.deliverable.sample for one in subject.planned),
        readable=book is not None,
        sound=subject.sound,
        slots=calendar([entry(task, as_of, voice) for task in tasks(subject, as_of)], voice),
        states=_states([one.standing for one in subject.planned], voice),
        groups=tuple(_groups(subject.planned, folders, voice)),
        piles=tuple(_piles(subject, voice)),
        service=service_view(service_level(figures, as_of), voice, key) if figures else None,
        money=money_view(paid, voice, key) if paid else None,
    )


def _groups(planned: Sequence[Planned], folders: Folders, voice: Voice) -> Iterator[Group]:
    for name in dict.fromkeys(one.deliverable.kind for one in planned):
        members = [one for one in planned if one.deliverable.kind == name]
        yield Group(
            title=kinds()[name].title,
            states=_states([one.standing for one in members], voice),
            documents=tuple(_document(one, folders, voice) for one in members),
        )


def _document(planned: Planned, folders: Folders, voice: Voice) -> Document:
    one = planned.deliverable
    not_yet = planned.standing is Standing.NOT_YET  # its day says all that its reason would
    return Document(
        name=voice(name_of(one)),
        state=_slug(planned.standing),
        word=voice(STATES[planned.standing]),
        possible=one.possible_from,
        due=_due(one.due),
        provisional="" if one.due is None or isinstance(one.due, Settled) else one.due.reason,
        as_of=planned.made.as_of if planned.made else None,
        reasons=() if not_yet else tuple(voice(reason) for reason in planned.reasons),
        files=tuple(
            File(voice(link.label), link.name, link.href) for link in links(planned, folders)
        ),
    )


def _due(due: Deadline | None) -> str:
    if due is None:
        return ""
    if isinstance(due, Settled) or due.earliest == due.latest:
        return str(due.date if isinstance(due, Settled) else due.latest)
    return f"{due.earliest} – {due.latest}"


def _slug(standing: Standing) -> str:
    return standing.name.lower().replace("_", "-")


def _states(standings: Sequence[Standing], voice: Voice) -> tuple[State, ...]:
    counts = Counter(standings)
    return tuple(
        State(_slug(one), voice(STATES[one]), counts[one]) for one in Standing if counts[one]
    )


def _added(states: Iterable[State]) -> tuple[State, ...]:
    """Return the states of several contracts in the order of a life."""
    added: dict[str, State] = {}
    for state in states:
        before = added.get(state.name)
        added[state.name] = replace(state, count=state.count + (before.count if before else 0))
    order = [_slug(one) for one in Standing]
    return tuple(
        sorted(added.values(), key=lambda one: order.index(one.name) if one.name in order else -1)
    )


def _piles(subject: Subject, voice: Voice) -> Iterator[Pile]:
    for severity in Severity:
        found = [one for one in subject.problems if one.severity is severity]
        if found:
            notices = tuple(_notice(one, voice) for one in found)
            yield Pile(severity.value, voice(PILES[severity]), notices)
    if subject.assumptions:
        notices = tuple(
            Notice(voice(one.article), one.code, voice(one.text), one.setting)
            for one in subject.assumptions
        )
        yield Pile("assumption", voice(ASSUMPTIONS), notices)


def _notice(problem: Problem, voice: Voice) -> Notice:
    return Notice(str(problem.source), problem.code, voice(problem.message), voice(problem.fix))
