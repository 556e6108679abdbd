"""How far the recorded documents of a contract have come, and what holds of them now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from deliverables.acceptance_clock import Clock, clock
from deliverables.doctor import standing, unrecorded
from deliverables.examination import (
    Examined,
    UnsoundDataError,
    examine,
    says_otherwise,
    sound_book,
    stopped,
)
from deliverables.files.digest import sha256_of
from deliverables.folders import Folders
from deliverables.letters import every_kind
from deliverables.model.book import ContractBook
from deliverables.plan import draft_today
from deliverables.register import (
    Entry,
    Life,
    UnknownFileError,
    lives,
    no_longer_intact,
    read_register,
    registers_in,
    status_of,
)
from deliverables.status import FAILED, Condition, Stage, Status
from deliverables.values.problem import Message, Problem

if TYPE_CHECKING:  # slow to import
    from deliverables.compare import FigureChange


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The documents of one contract: the last draft of each, its status, and its whole life.

    `lives`, `changes` and `clocks` are by deliverable, kind/part. `changes` are the figures that
    would change, `gone` says by its file why a document cannot be made any more, `otherwise` are
    those that would read otherwise if they were made for the `day`. `clocks` run for documents that
    wait for acceptance. `found` is wrong with the register, `problems` tell what is not as it says,
    unknown files, and who works there. What `unsound` data kept from being told is left out; of a
    contract at which the program `stopped` nothing else is known.
    """

    contract: str
    made: tuple[tuple[Entry, Status], ...] = ()
    lives: Mapping[str, Life] = field(default_factory=dict)
    changes: Mapping[str, Sequence[FigureChange]] = field(default_factory=dict)
    gone: Mapping[str, Message] = field(default_factory=dict)
    day: date | None = None
    otherwise: frozenset[str] = frozenset()
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    found: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsound: tuple[Problem, ...] | None = None
    stopped: Examined | None = None


def progress(
    folders: Folders, only: str | None = None, as_of: date | None = None, *, figures: bool = False
) -> Iterator[Progress]:
    """Yield how far the documents of each contract have come.

    With a day, drafts that would read otherwise if made for it are stale too; with `figures`, the
    figures of stale documents are told that would change.
    """
    for number in [path.parent.name for path in registers_in(folders.out)]:
        if only in (None, number):
            try:
                yield _of(folders, number, as_of, figures=figures)
            except Exception as fault:  # noqa: BLE001  # it is told with its contract
                yield Progress(contract=number, stopped=stopped(number, fault))


def _of(folders: Folders, number: str, as_of: date | None, *, figures: bool) -> Progress:
    entries, problems = read_register(folders.register(number))
    known = lives(entries)
    drafts = {key: _draft(folders, number, life.made) for key, life in known.items() if life.made}
    if any(draft.changed for draft in drafts.values()):
        book = next((one.book for one in examine(folders, number) if one.sound), None)
        for key, draft in drafts.items():
            if book is not None and draft.changed:
                now = draft_today(known[key].made, book, folders, says_otherwise)
                drafts[key] = now or draft
    made = tuple((life.made, life.status(drafts[key])) for key, life in known.items() if life.made)
    one = Progress(contract=number, made=made, lives=known, found=problems)
    try:
        if as_of is not None:
            one = _on_day(one, folders, as_of)
        if figures:
            one = _with_changes(one, folders)
    except UnsoundDataError as unsound:
        one = replace(one, unsound=unsound.problems)
    return replace(
        one,
        clocks=dict(_clocks(one, folders)),
        problems=tuple(_problems(one, entries, folders)),
    )


def _draft(folders: Folders, number: str, entry: Entry) -> Status:
    today = {
        name: sha256_of(folders.data / name) if (folders.data / name).exists() else ""
        for name in entry.inputs
    }
    template = folders.template(entry.kind, number)
    digest = folders.template_sha256(entry.kind, number) if template.exists() else ""
    return status_of(entry, folders.contract(number), today, digest)


def _on_day(one: Progress, folders: Folders, as_of: date) -> Progress:
    """Call stale what is current by its files and would read otherwise if made for a day."""
    from deliverables.draft import reads_otherwise  # noqa: PLC0415  # slow to import

    current = {entry.deliverable for entry, status in one.made if _is_current(status)}
    if not current:
        return one
    book = sound_book(folders, one.contract)
    otherwise = {
        entry.deliverable
        for entry, _ in one.made
        if entry.deliverable in current
        and entry.as_of != as_of
        and reads_otherwise(entry, book, folders, as_of)
    }
    made = tuple(
        (entry, replace(status, condition=Condition.STALE))
        if entry.deliverable in otherwise
        else (entry, status)
        for entry, status in one.made
    )
    return replace(one, made=made, day=as_of, otherwise=frozenset(otherwise))


def _is_current(status: Status) -> bool:
    return status.stage is Stage.DRAFT and status.condition is Condition.CURRENT


def _with_changes(one: Progress, folders: Folders) -> Progress:
    """Add the figures of each stale document that would change if it were made anew."""
    stale = [
        entry
        for entry, status in one.made
        if status.word == Condition.STALE and entry.deliverable not in one.otherwise
    ]
    if not stale:
        return one
    book = sound_book(folders, one.contract)
    changes, gone = dict[str, Sequence["FigureChange"]](), dict[str, Message]()
    for entry in stale:
        found = _changed(entry, book, folders)
        if isinstance(found, Message):
            gone[entry.file] = found
        elif found is not None:
            changes[entry.deliverable] = found
    return replace(one, changes=changes, gone=gone)


def _changed(
    entry: Entry, book: ContractBook, folders: Folders
) -> Sequence[FigureChange] | Message | None:
    """Return the figures that would change, or why the document cannot be made any more."""
    from deliverables.draft import NoLongerDueError  # noqa: PLC0415  # slow to import
    from deliverables.recognition import Registers  # noqa: PLC0415
    from deliverables.versions import against_today  # noqa: PLC0415

    try:
        file = folders.contract(book.number) / entry.file
        return against_today(Registers(folders).recognise(file), book, folders).figures
    except UnknownFileError:
        return None
    except NoLongerDueError as gone:
        return gone.message


def _clocks(one: Progress, folders: Folders) -> Iterator[tuple[str, Clock]]:
    """Yield the clocks that run for documents; the data are read for them alone."""
    waiting = [
        life for life in one.lives.values() if life.awaits_acceptance or life.result == FAILED
    ]
    examined = examine(folders, one.contract) if waiting else ()
    book = next((found.book for found in examined), None)
    kinds = every_kind(folders, one.contract) if book else {}
    for life in waiting if book else ():
        kind = kinds.get(life.key.partition("/")[0])
        running = clock(life, kind.sealing.acceptance if kind else "", book) if book else None
        if running:
            yield life.key, running


def _problems(one: Progress, entries: Sequence[Entry], folders: Folders) -> Iterator[Problem]:
    """Yield what is not as the register says, files that it does not know, and who works there."""
    folder = folders.contract(one.contract)
    yield from standing(folder)
    yield from no_longer_intact(one.lives.values(), folder)
    yield from unrecorded(entries, folder)
