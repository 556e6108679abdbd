"""Every deliverable a contract calls for and its status; what is asked of a run and to be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from deliverables.acceptance_clock import clock
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Kind
from deliverables.letters import declared, every_kind, kind_named
from deliverables.model.book import ContractBook
from deliverables.register import (
    CONTENTS,
    OPTIONS,
    UNCOUNTED,
    Entry,
    Life,
    lives,
    read_register,
    status_of,
)
from deliverables.status import Condition, Stage, Status, on_day
from deliverables.values.fault import Fault
from deliverables.values.problem import Message, Problem, error, listed, say
from deliverables.version import __version__

if TYPE_CHECKING:  # slow to import, and not needed to plan
    from deliverables.docx.render import Rendered
    from deliverables.edits import Conflict
    from deliverables.verify.finding import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A deliverable, its status and the reasons, and what the register knows of it.

    One that is final, and of which no new draft was made, stands there whatever became of its
    data since. Once the client has the notice of acceptance, it is due when the client must have
    accepted it. `acceptance` is the stage of acceptance that it asks for, if it does.
    """

    deliverable: Deliverable
    status: Status
    reasons: tuple[Message, ...] = ()
    life: Life
    acceptance: str = ""

    @property
    def made(self) -> Entry | None:
        """The register's entry of the newest draft."""
        return self.life.made


@dataclass(frozen=True, slots=True)
class Plan:
    """The documents of a contract with their status; none where its data cannot be read at all.

    It is `sound` if documents can be made from the data and no problem is an error. After a `fault`
    of the program there are none either.
    """

    contract: str
    sound: bool
    problems: tuple[Problem, ...]
    documents: tuple[Planned, ...]
    fault: Fault | None = None

    @property
    def in_time(self) -> list[Planned]:
        """The documents in the order in which they can be made, those without a day last."""
        return in_time(self.documents)


Otherwise = Callable[[Entry, ContractBook, Folders], bool]
"""Whether a recorded document says something else by the data of today."""


def plan(
    book: ContractBook, folders: Folders, as_of: date, otherwise: Otherwise | None = None
) -> tuple[Planned, ...]:
    """Return every deliverable the contract calls for and where each stands on a day.

    A document whose data changed is stale; where it is asked whether it says `otherwise`, only if
    it does.
    """
    entries, _ = read_register(folders.register(book.number))
    known = lives(entries)
    return tuple(
        replace(
            _placed(
                deliverable,
                kind,
                book,
                folders,
                life=_life(known, deliverable),
                as_of=as_of,
                otherwise=otherwise,
            ),
            acceptance=kind.acceptance_of(deliverable),
        )
        for kind in every_kind(folders, book.number).values()
        for deliverable in kind.plan(book, as_of)
    )


def _life(known: Mapping[str, Life], deliverable: Deliverable) -> Life:
    return known.get(deliverable.key, Life(key=deliverable.key))


def _placed(
    deliverable: Deliverable,
    kind: Kind,
    book: ContractBook,
    folders: Folders,
    *,
    life: Life,
    as_of: date,
    otherwise: Otherwise | None,
) -> Planned:
    draft = draft_today(life.made, book, folders, otherwise) or Status(Stage.READY)
    status = life.status(draft)
    if not status.is_finished:
        status, reasons = _unfinished(deliverable, draft, as_of)
        return Planned(deliverable=deliverable, status=status, reasons=reasons, life=life)
    reasons = tuple(_story(life, status))
    waiting = clock(life, kind.acceptance_of(deliverable), book, as_of)
    if waiting:
        deliverable = replace(deliverable, due=waiting.due)
        reasons = (*reasons, waiting.message)
    over = _over(deliverable)
    if over and status.stage in (Stage.DELIVERED, Stage.ACCEPTED):
        stage, reason = over
        status, reasons = replace(status, stage=stage), (*reasons, reason)
    return Planned(deliverable=deliverable, status=status, reasons=reasons, life=life)


def shared_paths(book: ContractBook, folders: Folders) -> Iterator[Problem]:
    """Yield an error for each two deliverables that would be written to one file.

    File names are made so that this cannot be (`file_stem`); it is looked for all the same, since
    the second document would take the place of the first.
    """
    taken: dict[str, Deliverable] = {}
    own = declared(folders, book.number)
    for kind in every_kind(folders, book.number).values():
        for one in kind.plan(book, book.contract.identity.signed_on):
            path = f"{one.folder}/{one.stem}"
            other = taken.setdefault(normalize("NFC", path).casefold(), one)
            if other.key != one.key:
                letter = own.get(kind.name) or own.get(other.kind)
                yield error(
                    "path-shared",
                    letter.file if letter else book.contract.identity.place("number"),
                    say("{one} and {other} would be written to one file, {path}", one=one.key,
                        other=other.key, path=path),
                    say("say under file how its file is called")
                    if letter
                    else say("tell whoever looks after the program; until then give one of the two "
                             "another number"),
                )  # fmt: skip


def _story(life: Life, status: Status) -> Iterator[Message]:
    for stage, day in life.days:
        if stage is not Stage.WITHDRAWN:
            yield on_day(stage, day)
    if life.withdrawal:
        yield life.withdrawal
    if status.changed:
        yield say("changed since: {inputs}", inputs=listed(status.changed))


def draft_today(
    made: Entry | None, book: ContractBook, folders: Folders, otherwise: Otherwise | None = None
) -> Status | None:
    """Return how a draft stands to its file, its inputs and its template; None without one.

    Inputs count that changed or, where that is asked, that changed and let it say `otherwise`.
    """
    if made is None:
        return None
    today = {name: book.inputs.get(name, "") for name in made.inputs}
    template, folder = (
        folders.template_sha256(made.kind, book.number),
        folders.contract(book.number),
    )
    status = status_of(made, folder, today, template)
    if otherwise is None or not status.changed or not made.inputs.keys() >= {*status.changed}:
        return status
    return status if otherwise(made, book, folders) else status_of(made, folder, made.inputs)


def in_time(planned: Iterable[Planned]) -> list[Planned]:
    """Return documents in the order in which they can be made, those without a day last."""
    return sorted(planned, key=lambda one: one.deliverable.possible_from or date.max)


def _over(deliverable: Deliverable) -> tuple[Stage, Message] | None:
    """Return how what a document asks for came to its end, and when; None while it has not."""
    if deliverable.settled:
        return Stage.SETTLED, say("settled {day}", day=deliverable.settled)
    if deliverable.accepted:
        return Stage.ACCEPTED, say("accepted {day}", day=deliverable.accepted)
    return None


def _unfinished(
    deliverable: Deliverable, draft: Status, as_of: date
) -> tuple[Status, tuple[Message, ...]]:
    """Return the status of what is not final; an edited draft stays one whatever bars it."""
    if draft.is_edited:
        return draft, (say("the file was edited after it was made"),)
    if deliverable.possible_from and as_of < deliverable.possible_from:
        day = say("possible from {day}", day=deliverable.possible_from)
        return replace(draft, stage=Stage.NOT_YET), (day,)
    over, barred = _over(deliverable), deliverable.blockers
    if over or barred:
        reasons = (over[1],) if over else tuple(blocker.reason for blocker in barred)
        return replace(draft, stage=over[0] if over else Stage.BLOCKED), reasons
    if not draft.is_there:
        return replace(draft, stage=Stage.READY), ()
    if draft.condition is Condition.STALE:
        return draft, (say("changed: {inputs}", inputs=listed(draft.changed)),)
    return draft, ()


def unpaginated(document: Rendered, file: Path) -> Rendered:
    """Leave the contents of a document to Word, which counts the pages when it opens it."""
    return document


@dataclass(frozen=True, slots=True)
class EditedCopy:
    """A file whose edits are to be taken over, the document it is of, and the base it was made as.

    `key` is that of the deliverable, kind/part.
    """

    contract: str
    key: str
    file: Path
    base: str

    @property
    def kinds(self) -> frozenset[str]:
        """The kind of the document, which is all that is asked for with it."""
        return frozenset({self.key.partition("/")[0]})

    @property
    def parts(self) -> frozenset[str]:
        """Its part, likewise."""
        return frozenset({self.key.partition("/")[2]})


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Which deliverables to make, and how: no kind or part named means all that are due.

    Those of the `kinds` that have one of the `parts`, and those that are `named` by themselves.
    `options` None keeps those of the draft before; `only_needed` leaves current drafts alone.
    `paginate` puts page numbers in the contents of a document that is to be saved as a file, or
    returns it as it is: then Word counts the pages when it opens the document. Threads may call
    it at the same time. `paged` says that another process does so. `keep_edits` makes edited drafts
    anew where their data have changed, and puts what people wrote back where it fits; from a `copy`
    it is taken in any case.
    """

    as_of: date
    moment: datetime
    command: str
    kinds: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    options: frozenset[str] | None = None
    only_needed: bool = False
    anyway: bool = False
    replace_edited: bool = False
    keep_edits: bool = False
    copy: EditedCopy | None = None
    paginate: Callable[[Rendered, Path], Rendered] = unpaginated
    paged: bool = False

    @property
    def counts_pages(self) -> bool:
        """Whether contents are to get page numbers, here or by who asked."""
        return self.paged or self.paginate is not unpaginated

    def copy_of(self, deliverable: Deliverable) -> EditedCopy | None:
        """Return the edited copy of a deliverable, if one was given."""
        copy = self.copy
        meant = copy and (copy.contract, copy.key) == (deliverable.contract, deliverable.key)
        return copy if meant else None

    def wants(self, deliverable: Deliverable) -> bool:
        """Return whether the deliverable is among those asked for.

        One on demand must be named by its kind: a part alone, such as 1, is that of others too.
        What is paid or accepted nobody needs: a run for all that is due does not call it blocked.
        """
        if any(map(deliverable.is_named, self.named)):
            return True
        if self.named and not (self.kinds or self.parts):
            return False
        of_kind = any(map(deliverable.is_of, self.kinds))
        over = _over(deliverable) is not None
        if (deliverable.on_demand or over) and self.only_needed:
            return False
        if not of_kind and (self.kinds or deliverable.on_demand):
            return False
        return not self.parts or any(map(deliverable.answers_to, self.parts))


def to_be_paged(made: Entry, request: Request) -> bool:
    """Return whether the contents of a draft wait for page numbers that can be counted now."""
    return is_uncounted(made) and request.counts_pages


def is_uncounted(made: Entry | None) -> bool:
    """Return whether a draft has contents, and the pages in them were not counted."""
    return made is not None and made.details.get(CONTENTS) == UNCOUNTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one deliverable, the file it is in, and what stood in its way.

    `kept` passages that people wrote were put back, the `conflicts` could not be. `again` is to be
    recorded of a document that stays as it is because other data say the same. A `fault` is the
    program's.
    """

    deliverable: Deliverable
    result: Result
    file: Path | None = None
    reasons: tuple[Message, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    again: Entry | None = None
    kept: int = 0
    conflicts: tuple[Conflict, ...] = ()
    fault: Fault | None = None


Wanted = Planned | Outcome
"""A document to make, or what became of one that is left alone."""


def considered(book: ContractBook, folders: Folders, request: Request) -> tuple[Wanted, ...]:
    """Return the deliverables asked for: those to make, and what becomes of those left alone."""
    return tuple(
        _left_alone(planned, book, folders, request) or planned
        for planned in plan(book, folders, request.as_of)
        if request.wants(planned.deliverable)
    )


def _left_alone(
    planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> Outcome | None:
    """Return why a deliverable is not made: impossible, blocked, edited by hand, or current."""
    deliverable, status, reasons = planned.deliverable, planned.status, planned.reasons
    file = folders.contract(deliverable.contract) / planned.made.file if planned.made else None
    remade = _over(deliverable) is not None and planned.life.final is None
    kept = status.is_finished and status.stage is not Stage.WITHDRAWN and not remade
    if kept and not request.replace_edited:
        remedy = say("final, so kept; --replace makes a new draft and leaves the final document")
        return Outcome(
            deliverable=deliverable, result=Result.KEPT, file=file, reasons=(*reasons, remedy)
        )
    if status.is_finished and deliverable.blockers:
        status = replace(status, stage=Stage.BLOCKED)
        reasons = tuple(blocker.reason for blocker in deliverable.blockers)
    if status.stage in (Stage.NOT_YET, Stage.BLOCKED) and not waived(deliverable, request):
        result = Result.NOT_YET if status.stage is Stage.NOT_YET else Result.BLOCKED
        return Outcome(deliverable=deliverable, result=result, reasons=reasons)
    if request.copy_of(deliverable):
        return None
    if status.is_edited and not (request.replace_edited or request.keep_edits):
        remedy = say(
            "edited by hand, so kept; --keep-edits makes it anew with what was written in it, "
            "--replace without; both keep the edited file"
        )
        return Outcome(deliverable=deliverable, result=Result.KEPT, file=file, reasons=(remedy,))
    current = status.stage is Stage.DRAFT and status.condition is Condition.CURRENT
    if current and not _worth_a_look(planned, book, folders, request):
        return Outcome(deliverable=deliverable, result=Result.UNCHANGED, file=file)
    return None


def _worth_a_look(planned: Planned, book: ContractBook, folders: Folders, request: Request) -> bool:
    """Return whether a draft might come out otherwise than it did: of other things, or of more."""
    made, deliverable = planned.made, planned.deliverable
    if made is None or request.replace_edited or to_be_paged(made, request):
        return True
    if request.only_needed and made.as_of > request.as_of:
        return False
    options = options_of(made) if request.options is None else request.options
    return made.recipe != recipe_of(deliverable.key, options, book, folders, request.as_of)


def waived(deliverable: Deliverable, request: Request) -> bool:
    """Return whether all that blocks a deliverable is set aside by the request (--anyway)."""
    blockers = deliverable.blockers
    return request.anyway and bool(blockers) and all(blocker.waivable for blocker in blockers)


def options_of(made: Entry | None) -> frozenset[str]:
    """Return the choices that a document was made with."""
    return frozenset(made.details.get(OPTIONS, "").split() if made else ())


def recipe_of(
    key: str, options: frozenset[str], book: ContractBook, folders: Folders, as_of: date
) -> str:
    """Return a SHA-256 of data, calendar, template, version, day and options, in hexadecimal.

    `key` is that of the deliverable, kind/part. All files of the contract count, whether the
    document prints anything of them or not.
    """
    name = key.partition("/")[0]
    kind = kind_named(name, folders, book.number)
    facts = (
        book.remembered("inputs and calendar", lambda: _inputs(book)),
        folders.template_sha256(name, book.number),
        kind.register(book, as_of) if kind and kind.register else "",
        __version__,
        as_of.isoformat(),
        key,
        *sorted(options),
    )
    return sha256("\n".join(filter(None, facts)).encode()).hexdigest()


def _inputs(book: ContractBook) -> str:
    days = sorted(book.calendar.exceptions.items())
    facts = (sorted(book.inputs.items()), sorted(book.calendar.published), days)
    return sha256(repr(facts).encode()).hexdigest()
