"""One page about all contracts: what it is about, what is due, its words and markup."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deliverables.acceptance import acceptance_closure
from deliverables.agenda import AgendaItem, Span, agenda, name_of
from deliverables.compute.account import account_of
from deliverables.compute.assumptions import Assumption, assumptions
from deliverables.compute.term import served_period
from deliverables.examination import Examined, says_otherwise
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.overview.svg_charts import MoneyView, ServiceView, money_view, service_view
from deliverables.overview.voice import Voice
from deliverables.plan import Planned, in_time, plan
from deliverables.register import PDF, Life, lives, no_longer_intact, read_register
from deliverables.status import SPOKEN, Stage
from deliverables.values.calendar import Deadline, Settled, Side
from deliverables.values.money import format_yuan
from deliverables.values.problem import Message, Problem, Severity, say


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractSection:
    """One contract; without a book there are problems alone, with errors there are no figures."""

    contract: str
    book: ContractBook | None
    planned: tuple[Planned, ...]
    problems: tuple[Problem, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def sound(self) -> bool:
        """Whether no problem is an error, so that figures can be shown."""
        return self.book is not None and all(
            problem.severity is not Severity.ERROR for problem in self.problems
        )


def subject(examined: Examined, folders: Folders, as_of: date) -> ContractSection:
    """Return a contract with its documents, and the problems that check and status tell."""
    book = examined.book
    if book is None:
        return ContractSection(
            contract=examined.contract,
            book=None,
            planned=(),
            problems=examined.problems,
            assumptions=(),
        )
    entries, _ = read_register(folders.register(book.number))
    return ContractSection(
        contract=examined.contract,
        book=book,
        planned=plan(book, folders, as_of, says_otherwise if examined.sound else None),
        problems=(
            *examined.problems,
            *acceptance_closure(book, folders),
            *no_longer_intact(lives(entries).values(), folders.contract(book.number)),
        ),
        assumptions=assumptions(book, as_of),
    )


WORD: Final = say("Word")
PRINT: Final = say("PDF")
SEALED: Final = say("sealed copy")
RECEIPT: Final = say("receipt")
ANSWER: Final = say("acceptance")


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file that is there; without `href` it holds personal data and is only named."""

    label: Message
    name: str
    href: str


def links(planned: Planned, folders: Folders) -> tuple[FileLink, ...]:
    """Return the files of a document that lie in the folder of its contract."""
    folder = folders.contract(planned.deliverable.contract)
    return tuple(
        FileLink(label, PurePosixPath(file).name, _href(folder, file, planned))
        for label, file in _files(planned)
        if _is_inside(folder, file)
    )


def _files(planned: Planned) -> Iterator[tuple[Message, str]]:
    if planned.status.is_finished and planned.life.final:
        yield from _finished(planned.life)
    elif planned.made:
        yield WORD, planned.made.file
        yield PRINT, PurePosixPath(planned.made.file).with_suffix(".pdf").as_posix()


def _finished(life: Life) -> Iterator[tuple[Message, str]]:
    """Yield the final document, its PDF, and each paper that came back; also once withdrawn."""
    life = life.earlier[-1] if life.withdrawn else life
    if life.final is None:
        return
    yield WORD, life.final.file
    if life.final.details.get(PDF):
        yield PRINT, life.final.details[PDF]
    papers = ((SEALED, life.sealed), (RECEIPT, life.delivered), (ANSWER, life.accepted))
    for label, entry in papers:
        if entry and entry.file != life.final.file:
            yield label, entry.file


def _is_inside(folder: Path, file: str) -> bool:
    """Return whether the register names a file below its own folder, and it is there."""
    path = (folder / file).resolve()
    return path.is_relative_to(folder.resolve()) and path.is_file()


def _href(folder: Path, file: str, planned: Planned) -> str:
    """Return the address as seen from the folder that holds the contracts' folders."""
    return "" if planned.deliverable.private else quote(f"{folder.name}/{file}")


WORDS: Final[Mapping[str, Message]] = {
    "title": say("Overview of deliverables"),
    "skip": say("Skip to the contents"),
    "contents": say("Contents of this page"),
    "all_contracts": say("All contracts"),
    "contracts": say("Contracts"),
    "contract": say("Contract"),
    "client": say("Client"),
    "contractor": say("Contractor"),
    "term": say("Service term"),
    "total": say("Contract sum"),
    "yuan": say("yuan"),
    "sample": say("sample data"),
    "calendar": say("Calendar"),
    "nothing_due": say("Nothing is due."),
    "provisional": say("provisional"),
    "documents": say("Documents"),
    "document": say("Document"),
    "state": say("State"),
    "day": say("Day"),
    "remark": say("Remark"),
    "files": say("Files"),
    "possible": say("possible from"),
    "due": say("due by"),
    "as_of": say("as of"),
    "personal": say("holds personal data: open it from its folder"),
    "problems": say("Problems"),
    "no_problems": say("No problems."),
    "place": say("Place"),
    "remedy": say("What to do"),
    "setting": say("Setting"),
    "service": say("Service level"),
    "money": say("Payments"),
    "as_table": say("The figures as a table"),
    "period": say("Period"),
    "days": say("Days"),
    "availability": say("Availability"),
    "downtime": say("Downtime (minutes)"),
    "verdict": say("Verdict"),
    "instalment": say("Instalment"),
    "money_due": say("Due (yuan)"),
    "invoiced": say("Invoiced (yuan)"),
    "received": say("Received (yuan)"),
    "deducted": say("Deducted (yuan)"),
    "outstanding": say("Outstanding (yuan)"),
    "no_figures": say("No figures are shown until the errors are mended."),
    "unreadable": say("The data have errors: mend those first."),
    "no_ledger": say("There is no ledger: what was invoiced and received is unknown."),
    "overdue": say("Overdue"),
    "next": say("Next date"),
    "filter": say("Show only some"),
    "shown": say("shown:"),
    "search": say("Find a contract by number, title or client"),
    "to_top": say("Back to the top"),
    "made_from": say("Made from the data and the registers; it changes only when it is made anew."),
}

SPANS: Final[Mapping[Span, Message]] = {
    Span.OVERDUE: say("Overdue"),
    Span.NOW: say("Can be done now"),
    Span.THIS_WEEK: say("This week"),
    Span.NEXT_WEEK: say("Next week"),
}

PILES: Final[Mapping[Severity, Message]] = {
    Severity.ERROR: say("Errors"),
    Severity.WARNING: say("Warnings"),
    Severity.GAP: say("Gaps"),
}
ASSUMPTIONS: Final = say("Assumptions")


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaLine:
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
class TimeSlot:
    """A span or a month, and what falls into it."""

    span: Span
    title: str
    entries: tuple[AgendaLine, ...]


def entry(task: AgendaItem, as_of: date, voice: Voice) -> AgendaLine:
    """Return a task as a line of the calendar."""
    return AgendaLine(
        first=task.first,
        last=task.last,
        distance=voice(_distance(task, as_of)),
        name=voice(task.name),
        matter=voice(task.matter),
        reason=task.reason,
        deadline=task.deadline,
        span=task.span(as_of),
    )


def calendar(entries: Iterable[AgendaLine], voice: Voice) -> tuple[TimeSlot, ...]:
    """Return the entries by span, and by month after next week, in their order."""
    ordered = sorted(entries, key=_when)
    return tuple(
        TimeSlot(span, _title(span, first, voice), tuple(members))
        for (span, first), members in groupby(ordered, key=_slot)
    )


def of_contract(found: AgendaLine, contract: str, key: str) -> AgendaLine:
    """Return the entry for a calendar of several contracts."""
    return replace(found, contract=contract, key=key)


def _when(found: AgendaLine) -> tuple[int, date, date]:
    first = found.first or date.min
    return list(Span).index(found.span), first, found.last or first


def _slot(found: AgendaLine) -> tuple[Span, date | None]:
    """Return what a slot is told by: the span, or the first day of a month."""
    later = found.span is Span.LATER and found.first is not None
    return found.span, found.first.replace(day=1) if later and found.first else None


def _title(span: Span, month: date | None, voice: Voice) -> str:
    if month is None:
        return voice(SPANS[span])
    return voice(say("{year}-{month:02}", year=month.year, month=month.month))


def _distance(task: AgendaItem, as_of: date) -> Message | str:
    """Return how far off a deadline is; nothing for what merely becomes possible."""
    if task.first is None or task.last is None or not task.deadline:
        return ""
    if task.last < as_of:
        return say("{days} days overdue", days=(as_of - task.last).days)
    if task.first <= as_of:
        return say("today") if task.first == task.last else say("possibly today")
    return say("in {days} days", days=(task.first - as_of).days)


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
class DocumentRow:
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
class KindGroup:
    """The documents of one kind, and how many are in which state."""

    title: str
    states: tuple[State, ...]
    documents: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem or an assumption: where, what, and what to do or which setting overrules it."""

    place: str
    code: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ProblemPile:
    """The problems of one severity, or the assumptions."""

    name: str
    title: str
    notices: tuple[ProblemLine, ...]


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
    slots: tuple[TimeSlot, ...]
    states: tuple[State, ...]
    groups: tuple[KindGroup, ...]
    piles: tuple[ProblemPile, ...]
    service: ServiceView | None
    money: MoneyView | None

    @property
    def href(self) -> str:
        """The address of the contract within the page."""
        return "#" + quote(self.key)

    @property
    def next(self) -> AgendaLine | None:
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
    slots: tuple[TimeSlot, ...]


def overview(
    subjects: Iterable[ContractSection], folders: Folders, as_of: date, language: str
) -> Overview:
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


def _agenda(subject: ContractSection, as_of: date) -> tuple[AgendaItem, ...]:
    book = subject.book
    return () if book is None else agenda(book, subject.planned, as_of, sound=subject.sound)


def contract_view(
    subject: ContractSection, folders: Folders, as_of: date, language: str
) -> ContractView:
    """Return what the page shows of one contract."""
    book = subject.book
    voice = Voice(language, book.private_numbers if book else frozenset())
    key = "contract-" + re.sub(r"\s", "_", subject.contract)
    contract = book.contract if book else None
    term = served_period(contract, as_of) if contract else None
    figures = book if subject.sound else None
    paid = account_of(figures, as_of) if figures else None
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
        slots=calendar([entry(one, as_of, voice) for one in _agenda(subject, as_of)], voice),
        states=_states([one.status.word for one in subject.planned], voice),
        groups=tuple(_groups(in_time(subject.planned), folders, voice)),
        piles=tuple(_piles(subject, voice)),
        service=service_view(figures, as_of, voice, key) if figures else None,
        money=money_view(paid, voice, key) if paid else None,
    )


def _groups(planned: Sequence[Planned], folders: Folders, voice: Voice) -> Iterator[KindGroup]:
    for name in dict.fromkeys(one.deliverable.called for one in planned):
        members = [one for one in planned if one.deliverable.called == name]
        yield KindGroup(
            title=name,
            states=_states([one.status.word for one in members], voice),
            documents=tuple(_document(one, folders, voice) for one in members),
        )


def _document(planned: Planned, folders: Folders, voice: Voice) -> DocumentRow:
    one = planned.deliverable
    not_yet = planned.status.stage is Stage.NOT_YET  # its day says all that its reason would
    return DocumentRow(
        name=voice(name_of(one)),
        state=_slug(planned.status.word),
        word=voice(SPOKEN[planned.status.word]),
        possible=one.possible_from,
        due=_due(one.due, voice),
        provisional="" if one.due is None or isinstance(one.due, Settled) else one.due.reason,
        as_of=planned.made.as_of if planned.made else None,
        reasons=() if not_yet else tuple(voice(reason) for reason in planned.reasons),
        files=tuple(
            File(voice(link.label), link.name, link.href) for link in links(planned, folders)
        ),
    )


def _due(due: Deadline | None, voice: Voice) -> str:
    """Return a day, or a range of them; one by which the client must act says so."""
    days = _days(due)
    if due is not None and due.whose is Side.CLIENTS:
        return voice(say("{day} (client)", day=days))
    return days


def _days(due: Deadline | None) -> str:
    if due is None:
        return ""
    if isinstance(due, Settled) or due.earliest == due.latest:
        return str(due.date if isinstance(due, Settled) else due.latest)
    return f"{due.earliest} – {due.latest}"


def _slug(word: str) -> str:
    return word.replace(" ", "-")


def _states(words: Sequence[str], voice: Voice) -> tuple[State, ...]:
    counts = Counter(words)
    return tuple(
        State(_slug(one), voice(said), counts[one]) for one, said in SPOKEN.items() if counts[one]
    )


def _added(states: Iterable[State]) -> tuple[State, ...]:
    """Return the states of several contracts in the order of a life."""
    added: dict[str, State] = {}
    for state in states:
        before = added.get(state.name)
        added[state.name] = replace(state, count=state.count + (before.count if before else 0))
    order = [_slug(one) for one in SPOKEN]
    return tuple(
        sorted(added.values(), key=lambda one: order.index(one.name) if one.name in order else -1)
    )


def _piles(subject: ContractSection, voice: Voice) -> Iterator[ProblemPile]:
    for severity in Severity:
        found = [one for one in subject.problems if one.severity is severity]
        if found:
            notices = tuple(_notice(one, voice) for one in found)
            yield ProblemPile(severity.value, voice(PILES[severity]), notices)
    if subject.assumptions:
        notices = tuple(
            ProblemLine(voice(one.article), one.code, voice(one.text), one.setting)
            for one in subject.assumptions
        )
        yield ProblemPile("assumption", voice(ASSUMPTIONS), notices)


def _notice(problem: Problem, voice: Voice) -> ProblemLine:
    return ProblemLine(
        str(problem.source), problem.code, voice(problem.message), voice(problem.fix)
    )


_HERE: Final = Path(__file__).parent
_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def page(overview: Overview) -> bytes:
    """Return the page as HTML in UTF-8, the same for the same overview."""
    style, script = part("page.css"), part("page.js")
    words = {name: word.in_language(overview.language) for name, word in WORDS.items()}
    text = (
        environment()
        .get_template("page.html")
        .render(
            view=overview,
            say=words,
            lang=_TAGS[overview.language],
            chinese="" if overview.language == "zh" else Markup(' lang="zh-CN"'),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
            policy=policy(style, script),
        )
    )
    return text.encode()


def policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy that allows this style and this script, nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def part(name: str) -> str:
    """Return a file of this room: a style, a script."""
    return (_HERE / name).read_text("utf-8")


@cache
def environment() -> Environment:
    """Return the language of the pages: strict, and what comes from the data is escaped."""
    return Environment(
        loader=FileSystemLoader(_HERE, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
