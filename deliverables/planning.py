"""Every deliverable a contract calls for, and where each stands on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum

from deliverables.compute.acceptance import acceptance_due, rework_due
from deliverables.folders import Folders
from deliverables.kind import Deliverable, kinds
from deliverables.lazily import dataclass
from deliverables.life import FAILED, Life, Stage, lives
from deliverables.message import Message, listed, say
from deliverables.model.book import ContractBook
from deliverables.register import Condition, Entry, State, read_register, state_of
from deliverables.workdays import Deadline, Settled


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
    data since. Delivered for acceptance, it is due when the client must have accepted it.
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
        waiting = clock(life, deliverable.kind, book)
        if waiting:
            deliverable = replace(deliverable, due=waiting.due)
            reasons = (*reasons, waiting.message)
    return Planned(
        deliverable=deliverable, standing=standing, reasons=reasons, life=life, state=state
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline that a delivery or a refused acceptance started, and what to say of it."""

    due: Deadline
    message: Message


def clock(life: Life, kind: str, book: ContractBook) -> Clock | None:
    """Return the clock that runs for a document (第三条第6款), None where there is none."""
    if kind not in kinds() or not kinds()[kind].sealing.acceptance:
        return None
    if life.awaits_acceptance and life.delivered:
        due = acceptance_due(book.contract, book.calendar, life.delivered.as_of)
        return Clock(due, say("acceptance is due {due}; silence is no acceptance", due=_iso(due)))
    if life.accepted and life.result == FAILED:
        due = rework_due(book.contract, book.calendar, life.accepted.as_of)
        return Clock(due, say("not accepted: mend and hand in again by {due}", due=_iso(due)))
    return None


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
