"""Every deliverable a contract calls for, where each stands, and which of them a run makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from unicodedata import normalize

from deliverables.compute.milestones import acceptance_due, notices_received, rework_due
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, kinds
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.ledger import UNFINISHED
from deliverables.orders import Outcome, Request, Result, to_be_paged
from deliverables.recipe import options_of, recipe_of
from deliverables.register import (
    FAILED,
    Condition,
    Entry,
    Life,
    Stage,
    State,
    lives,
    read_register,
    state_of,
)
from deliverables.values.calendar import Deadline, Settled
from deliverables.values.problem import Message, Problem, error, listed, say


class Standing(StrEnum):
    """Where a deliverable stands on a day."""

    NOT_YET = "not yet possible"
    BLOCKED = "blocked"
    READY = "ready"
    MADE = "made"
    STALE = "stale"
    EDITED = "edited by hand"
    FINAL = "final"
    SEALED = "sealed"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A deliverable, where it stands and why, and what the register knows of it.

    `state` is how the newest draft stands to its file and its inputs, None without a draft.
    One that is final, and of which no new draft was made, stands there whatever became of its
    data since. Once the client has the notice of acceptance, it is due when the client must have
    accepted it.
    """

    deliverable: Deliverable
    standing: Standing
    reasons: tuple[Message, ...] = ()
    life: Life
    state: State | None = None

    @property
    def made(self) -> Entry | None:
        """The register's entry of the newest draft."""
        return self.life.made

    @property
    def finished(self) -> bool:
        """Whether it is final, or further."""
        return self.standing in _FINISHED


_FINISHED = {Standing(stage.value) for stage in Stage}


def plan(book: ContractBook, folders: Folders, as_of: date) -> tuple[Planned, ...]:
    """Return every deliverable the contract calls for and where each stands on a day."""
    entries, _ = read_register(folders.register(book.number))
    known = lives(entries)
    return tuple(
        _placed(
            deliverable, book, folders, known.get(deliverable.key, Life(key=deliverable.key)), as_of
        )
        for kind in kinds().values()
        for deliverable in kind.plan(book, as_of)
    )


def _placed(
    deliverable: Deliverable, book: ContractBook, folders: Folders, life: Life, as_of: date
) -> Planned:
    state = state_today(life.made, deliverable, book, folders)
    standing, reasons = _standing(deliverable, state, as_of)
    if life.stage and not life.redrafted:
        standing, reasons = Standing(life.stage.value), tuple(_story(life, state))
        waiting = clock(life, deliverable.kind, book, as_of)
        if waiting:
            deliverable = replace(deliverable, due=waiting.due)
            reasons = (*reasons, waiting.message)
    return Planned(
        deliverable=deliverable, standing=standing, reasons=reasons, life=life, state=state
    )


def shared_paths(book: ContractBook) -> Iterator[Problem]:
    """Yield an error for each two deliverables that would be written to one file.

    File names are made so that this cannot be (`file_stem`); it is looked for all the same, since
    the second document would take the place of the first.
    """
    taken: dict[str, Deliverable] = {}
    for kind in kinds().values():
        for one in kind.plan(book, book.contract.identity.signed_on):
            path = f"{one.folder}/{one.stem}"
            other = taken.setdefault(normalize("NFC", path).casefold(), one)
            if other.key != one.key:
                yield error(
                    "path-shared",
                    book.contract.identity.place("number"),
                    say("{one} and {other} would be written to one file, {path}", one=one.key,
                        other=other.key, path=path),
                    say("tell whoever looks after the program; until then give one of the two "
                        "another number"),
                )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline that a notice of acceptance or a refusal started, and what to say of it.

    None while nobody has recorded that the client received the notice: nothing runs yet.
    """

    due: Deadline | None
    message: Message


def clock(life: Life, kind: str, book: ContractBook, as_of: date = date.max) -> Clock | None:
    """Return the clock that runs for a document (第三条第6款), None where there is none.

    It starts when the client receives the notice of acceptance, not with the documents. Without a
    day the latest notice on record counts.
    """
    stage = kinds()[kind].sealing.acceptance if kind in kinds() else ""
    if not stage:
        return None
    if life.awaits_acceptance and life.delivered:
        notices = notices_received(book.ledger, stage, as_of) if book.ledger else []
        unanswered = [row for row in notices if row.result == UNFINISHED]
        received = unanswered[-1].notice_received if unanswered else None
        if received is None:
            return Clock(None, _NO_NOTICE)
        due = acceptance_due(book.contract, book.calendar, received)
        return Clock(due, say("acceptance is due {due}; silence is no acceptance", due=_iso(due)))
    if life.accepted and life.result == FAILED:
        due = rework_due(book.contract, book.calendar, life.accepted.as_of)
        return Clock(due, say("not accepted: mend and hand in again by {due}", due=_iso(due)))
    return None


_NO_NOTICE = say(
    "the days to accept run from the day on which the client receives the notice of acceptance: "
    "enter it in the sheet 验收, 通知送达日期"
)


def _iso(due: Deadline) -> str:
    return due.date.isoformat() if isinstance(due, Settled) else str(due)


def _story(life: Life, state: State | None) -> Iterator[Message]:
    for stage, day in life.days:
        yield on_day(stage, day)
    if state and state.changed:
        yield say("changed since: {inputs}", inputs=listed(state.changed))


def on_day(stage: Stage, day: date) -> Message:
    """Return that a stage was reached, and when."""
    match stage:
        case Stage.FINAL:
            return say("final, dated {day}", day=day)
        case Stage.SEALED:
            return say("sealed {day}", day=day)
        case Stage.DELIVERED:
            return say("delivered {day}", day=day)
        case Stage.ACCEPTED:
            return say("acceptance answered {day}", day=day)


def state_today(
    made: Entry | None, deliverable: Deliverable, book: ContractBook, folders: Folders
) -> State | None:
    """Return how a draft stands to its file, its inputs and its template; None without one."""
    if made is None:
        return None
    today = {name: book.inputs.get(name, "") for name in made.inputs}
    template = folders.template_sha256(deliverable.kind)
    return state_of(made, folders.contract(book.number), today, template)


def _standing(
    deliverable: Deliverable, state: State | None, as_of: date
) -> tuple[Standing, tuple[Message, ...]]:
    if state and state.condition is Condition.EDITED:
        return Standing.EDITED, (say("the file was edited after it was made"),)
    if deliverable.possible_from and as_of < deliverable.possible_from:
        return Standing.NOT_YET, (say("possible from {day}", day=deliverable.possible_from),)
    if deliverable.blockers:
        return Standing.BLOCKED, tuple(blocker.reason for blocker in deliverable.blockers)
    if state and state.condition is Condition.STALE:
        return Standing.STALE, (say("changed: {inputs}", inputs=listed(state.changed)),)
    if state and state.condition is Condition.CURRENT:
        return Standing.MADE, ()
    return Standing.READY, ()


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
    deliverable, standing, reasons = planned.deliverable, planned.standing, planned.reasons
    file = folders.contract(deliverable.contract) / planned.made.file if planned.made else None
    if planned.finished and not request.replace_edited:
        remedy = say("final, so kept; --replace makes a new draft and leaves the final document")
        return Outcome(
            deliverable=deliverable, result=Result.KEPT, file=file, reasons=(*reasons, remedy)
        )
    if planned.finished and deliverable.blockers:
        standing = Standing.BLOCKED
        reasons = tuple(blocker.reason for blocker in deliverable.blockers)
    if standing in (Standing.NOT_YET, Standing.BLOCKED) and not waived(deliverable, request):
        result = Result.NOT_YET if standing is Standing.NOT_YET else Result.BLOCKED
        return Outcome(deliverable=deliverable, result=result, reasons=reasons)
    if request.copy_of(deliverable):
        return None
    if standing is Standing.EDITED and not (request.replace_edited or request.keep_edits):
        remedy = say(
            "edited by hand, so kept; --keep-edits makes it anew with what was written in it, "
            "--replace without; both keep the edited file"
        )
        return Outcome(deliverable=deliverable, result=Result.KEPT, file=file, reasons=(remedy,))
    if standing is Standing.MADE and not _worth_a_look(planned, book, folders, request):
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
