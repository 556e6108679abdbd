"""The doctor: whether files and registers are as they should be, and what of it can be mended.

Nothing is deleted that is not our own: files in the making, locks, folders for a while.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from deliverables.bases import Bases
from deliverables.files.digest import sha256_of
from deliverables.files.disk import disk
from deliverables.files.file_name import name_before
from deliverables.files.placement import HOLDER, REGISTER, at_work, has_intent, held_by, leftovers
from deliverables.files.scratch import Scratch, abandoned
from deliverables.folders import FINAL_FOLDER, Folders
from deliverables.register import (
    FORM,
    FORM_SHA256,
    PDF,
    Entry,
    lives,
    no_longer_intact,
    read_register,
)
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say, warning

_OLD_LOCKS: Final = (".register.jsonl.lock", ".bases.jsonl.lock")
_SOME: Final = 3
_OF_OTHERS: Final = ("~$", ".")


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something that is not as it should be, and what was done about it, if anything was."""

    problem: Problem
    mended: Message | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found in the folder of a contract, or, without one, in places that all share."""

    contract: str
    signs: tuple[Symptom, ...]


def diagnose(folders: Folders, only: str | None = None, *, repair: bool) -> Iterator[Diagnosis]:
    """Look at everything that was made, contract by contract, then at what is kept for a while."""
    for folder in (folders.data, *sorted(folders.data.glob("*/")), *sorted(folders.out.glob("*/"))):
        of_contract = folder.parent == folders.out
        if only not in (None, folder.name) or folder.name.startswith("."):
            continue
        signs = tuple(_of_killed_runs(folder))
        if of_contract:
            signs += tuple(_left_behind(folder, repair=repair))
        if of_contract or (folder / REGISTER).exists():
            signs += tuple(_of_register(folders, folder.name))
        if signs or of_contract:
            yield Diagnosis(folder.name if of_contract else folder.as_posix(), signs)
    if only is None:
        shared = tuple(_shared(repair=repair))
        if shared:
            yield Diagnosis("", shared)


def standing(folder: Path) -> Iterator[Problem]:
    """Yield who works in a folder, or that a change of it was not completed."""
    who = held_by(folder)
    if who is not None:
        yield _busy(folder, who)
    elif has_intent(folder):
        yield _unfinished(folder)


def _of_killed_runs(folder: Path) -> Iterator[Symptom]:
    """Yield who works in a folder, or what a killed run began there: that is completed."""
    for problem in standing(folder):
        with suppress(OSError), at_work(folder, patience=0):
            pass
        completed = held_by(folder) is None and not has_intent(folder)
        yield Symptom(problem, say("completed") if completed else None)


def _left_behind(folder: Path, *, repair: bool) -> Iterator[Symptom]:
    """Yield what a killed run left in the making, and locks that nobody uses any more."""
    if held_by(folder) is not None:
        return
    left = [*leftovers(folder), *(folder / name for name in (*_OLD_LOCKS, HOLDER))]
    left = [one for one in left if one.exists()]
    if not left:
        return
    problem = warning(
        "left-behind",
        Line(folder.as_posix()),
        say("{count} files in the making, or locks, of a run that was ended: {files}",
            count=len(left), files=", ".join(one.name for one in left[:_SOME])),
        say("deliverables doctor --repair removes them"),
    )  # fmt: skip
    if repair:
        with suppress(OSError), at_work(folder, patience=0):
            for one in left:
                disk().remove(one)
    yield Symptom(problem, None if any(one.exists() for one in left) else say("removed"))


def _busy(folder: Path, who: Message) -> Problem:
    """Return that another run works in a folder at this moment."""
    return warning(
        "run-at-work",
        Line(folder.as_posix()),
        say("{who}; what is told may change", who=who),
        say("run the command again when it has ended"),
    )


def _unfinished(folder: Path) -> Problem:
    """Return that a change is written down and not completed."""
    return error(
        "change-unfinished",
        Line(folder.as_posix()),
        say("a run was ended while it put files in place; all of it is there, and some files "
            "have not got their names yet"),
        say("deliverables doctor completes it; if it cannot, close what has the files open, free "
            "space on the disk, or have somebody run it who may write there"),
    )  # fmt: skip


def _of_register(folders: Folders, number: str) -> Iterator[Symptom]:
    folder = folders.contract(number)
    entries, problems = read_register(folders.register(number))
    yield from map(Symptom, problems)
    yield from map(Symptom, no_longer_intact(lives(entries).values(), folder))
    yield from map(Symptom, _missing(entries, folder))
    yield from map(Symptom, _without_base(entries, Bases(folders.bases(number)), folder))
    yield from map(Symptom, _changed_inputs(folders.inputs(number)))
    yield from map(Symptom, unrecorded(entries, folder))


def _missing(entries: Iterable[Entry], folder: Path) -> Iterator[Problem]:
    """Yield the drafts, forms and kept files that are recorded and not there."""
    wanted: dict[str, str] = {}
    for life in lives(entries).values():
        if life.made and not ((life.final or life.withdrawn) and not life.redrafted):
            wanted[life.made.file] = ""
        if life.final and life.final.details.get(FORM):
            wanted[life.final.details[FORM]] = life.final.details.get(FORM_SHA256, "")
    for name in (*wanted, *sorted(_kept_names(entries))):
        if not (folder / name).is_file():
            yield warning(
                "recorded-missing",
                Line((folder / name).as_posix()),
                say("the register names the file, and it is not there"),
                say("put it back from a copy; a draft can be built anew"),
            )


def _without_base(entries: Iterable[Entry], bases: Bases, folder: Path) -> Iterator[Problem]:
    """Yield the documents of which nobody can tell what people changed in them."""
    for life in lives(entries).values():
        for entry in (life.made, life.final):
            if entry and entry.base and entry.base not in bases:
                yield error(
                    "base-missing",
                    Line((folder / entry.file).as_posix()),
                    say("what it said when it was made is not in bases.jsonl (entry {number})",
                        number=entry.sequence),
                    say("restore bases.jsonl from a copy, or build the document anew"),
                )  # fmt: skip


def _changed_inputs(inputs: Path) -> Iterator[Problem]:
    for kept in sorted(inputs.glob("*")):
        if len(kept.name) == len(sha256_of(b"")) and sha256_of(kept) != kept.name:
            yield error(
                "input-changed",
                Line(kept.as_posix()),
                say("the kept input is no longer what it was; its name is the SHA-256 it had"),
                say("restore it from a copy; without it nobody can tell what a figure was then"),
            )


def unrecorded(entries: Iterable[Entry], folder: Path) -> Iterator[Problem]:
    """Yield the files among finals, and the ones set aside, that no line of the register names.

    Documents beside a register without a line mean that the register itself was lost.
    """
    known = list(entries)
    if not known:
        yield from _emptied(folder)
        return
    named = {name for entry in known for name in _names(entry)}
    kept = _kept_names(known)
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if name in named or name in kept or file.name.startswith(_OF_OTHERS) or file.is_dir():
            continue
        before = name_before(file)
        if before is not None and before.relative_to(folder).as_posix() in named:
            yield _unrecorded(file, say("it was set aside, and no line of the register says so"))
        elif file.parent.name == FINAL_FOLDER:
            yield _unrecorded(file, say("it lies among the final documents, and the register does "
                                        "not know it"))  # fmt: skip


def _emptied(folder: Path) -> Iterator[Problem]:
    """Yield that nothing is recorded of the documents that are there, if there are any."""
    count = sum(not file.name.startswith(_OF_OTHERS) for file in folder.rglob("*.docx"))
    if count:
        yield error(
            "register-emptied",
            Line((folder / REGISTER).as_posix()),
            say("the register has no line, but {count} documents lie beside it: what was made, "
                "sealed and delivered is no longer on record", count=count),
            say("put register.jsonl back from a copy; without one, build the drafts anew and "
                "record what was sealed and delivered again"),
        )  # fmt: skip


def _unrecorded(file: Path, what: Message) -> Problem:
    return warning(
        "unrecorded-file",
        Line(file.as_posix()),
        what,
        say("look what it is: record it (deliverables final, sealed, delivered), or move it away"),
    )


def _names(entry: Entry) -> Iterator[str]:
    yield entry.file
    yield from filter(None, (entry.details.get(PDF), entry.details.get(FORM)))


def _kept_names(entries: Iterable[Entry]) -> set[str]:
    """Return the files that were set aside, as the register has them: beside what they made way."""
    return {
        (PurePosixPath(entry.file).parent / name).as_posix()
        for entry in entries
        for name in filter(None, entry.replaced.split(", "))
    }


def _shared(*, repair: bool) -> Iterator[Symptom]:
    """Yield the folders that ended runs left in the system's place for what is needed a while."""
    left = tuple(abandoned())
    if repair:
        with Scratch():  # which removes them
            pass
    for folder in left:
        problem = warning(
            "left-behind",
            Line(folder.as_posix()),
            say("a folder of a run that was ended; it may hold copies of documents"),
            say("deliverables doctor --repair removes it; so does the next run that needs one"),
        )
        yield Symptom(problem, None if folder.exists() else say("removed"))
