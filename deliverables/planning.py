"""Every deliverable a contract calls for, and where each stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from deliverables.files import sha256_of
from deliverables.folders import Folders
from deliverables.kind import Deliverable, kinds
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.register import Condition, Entry, State, latest, read_register, state_of


class Standing(StrEnum):
    """Where a deliverable stands on a day."""

    NOT_YET = "not yet possible"
    BLOCKED = "blocked"
    READY = "ready"
    MADE = "made"
    STALE = "stale"
    EDITED = "edited by hand"


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A deliverable, where it stands and why, and the register's last entry for it."""

    deliverable: Deliverable
    standing: Standing
    reasons: tuple[Message, ...] = ()
    made: Entry | None = None


def plan(book: ContractBook, folders: Folders, as_of: date) -> tuple[Planned, ...]:
    """Return every deliverable the contract calls for and where each stands on a day."""
    entries, _ = read_register(folders.register(book.number))
    return tuple(
        _placed(deliverable, book, folders, latest(entries, deliverable.key), as_of)
        for kind in kinds().values()
        for deliverable in kind.plan(book, as_of)
    )


def _placed(
    deliverable: Deliverable, book: ContractBook, folders: Folders, made: Entry | None, as_of: date
) -> Planned:
    standing, reasons = _standing(deliverable, _state(made, deliverable, book, folders), as_of)
    return Planned(deliverable=deliverable, standing=standing, reasons=reasons, made=made)


def _state(
    made: Entry | None, deliverable: Deliverable, book: ContractBook, folders: Folders
) -> State | None:
    if made is None:
        return None
    today = {name: book.inputs.get(name, "") for name in made.inputs}
    template = sha256_of(folders.template(deliverable.kind))
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
        return Standing.STALE, (say("changed: {inputs}", inputs=", ".join(state.changed)),)
    if state and state.condition is Condition.CURRENT:
        return Standing.MADE, ()
    return Standing.READY, ()
