"""Two versions of a document held against each other: two files, or a file and today's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deliverables.compare import (
    Again,
    Changes,
    Comparison,
    Version,
    book_of_then,
    changed_since,
    compare,
    figures_of_then,
    since,
)
from deliverables.draft import recompose
from deliverables.examination import sound_book
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.recognition import Recognised, Registers
from deliverables.register import UnknownFileError
from deliverables.verify.document import read_document


@dataclass(frozen=True, slots=True)
class VersionsCompared:
    """How two versions of a document differ.

    `inputs` are the files whose data changed between them, None where no register knows a version.
    `unknown` are the files that no register knows, `edited` those that somebody edited.
    """

    found: Comparison
    inputs: tuple[str, ...] | None = None
    unknown: tuple[Path, ...] = ()
    edited: tuple[Path, ...] = ()


def against_today(recognised: Recognised, book: ContractBook, folders: Folders) -> Comparison:
    """Return how a recorded file differs from what the data of today make, as of its day.

    Raises:
        NoLongerDueError: The contract does not call for it any more.
    """
    now = Again(recompose(recognised.entry, book, folders))
    entry, blocks = recognised.entry, recognised.blocks
    return since(entry, recognised.base, book, folders, now, blocks=blocks)


def file_against_today(folders: Folders, file: Path) -> VersionsCompared:
    """Return how a file differs from what the data of today make of its document.

    Raises:
        UnknownFileError: No register knows the file.
        UnreadableDocumentError: It is no document any more.
        NewerFormatError: A newer version of the program has made it.
        UnsoundDataError: The data of its contract have errors.
        NoLongerDueError: The contract does not call for it any more.
    """
    known = Registers(folders).recognise(file)
    book = sound_book(folders, known.contract)
    return VersionsCompared(
        against_today(known, book, folders),
        changed_since(known.entry, known.contract, book, folders),
        edited=(file,) if known.is_edited else (),
    )


def two_files(folders: Folders, file: Path, other: Path) -> VersionsCompared:
    """Return how two files differ, with what the registers know of either.

    Raises:
        UnreadableDocumentError: One of them is no document.
        NewerFormatError: A newer version of the program has made one of them.
        UnsoundDataError: The data of their contract have errors.
    """
    registers = Registers(folders)
    before, after = (_known(registers, one) for one in (file, other))
    found = ((file, before), (other, after))
    unknown = tuple(at for at, known in found if known is None)
    edited = tuple(at for at, known in found if known and known.is_edited)
    if before is None or after is None or not _are_one_document([before, after]):
        old, new = (
            Version(read_document(at).blocks if known is None else known.blocks, {})
            for at, known in found
        )
        return VersionsCompared(compare(old, new), None, unknown, edited)
    book = sound_book(folders, after.contract)
    then, now = (book_of_then(folders, one.entry, one.contract, book) for one in (before, after))
    old, new = (
        Version(one.blocks, figures_of_then(folders, one.entry, made_from))
        for one, made_from in ((before, then), (after, now))
    )
    inputs = _changed_between(before, after)
    changes = Changes(then if now else None, now or book, before.base.cells, inputs)
    return VersionsCompared(compare(old, new, changes), inputs, unknown, edited)


def _known(registers: Registers, file: Path) -> Recognised | None:
    try:
        return registers.recognise(file)
    except UnknownFileError:
        return None


def _are_one_document(known: Sequence[Recognised]) -> bool:
    return len({(one.contract, one.entry.deliverable) for one in known}) == 1


def _changed_between(before: Recognised, after: Recognised) -> tuple[str, ...]:
    """Return the inputs that two versions were not made from alike."""
    then, now = before.entry, after.entry
    inputs = [
        n for n in sorted({*then.inputs, *now.inputs}) if then.inputs.get(n) != now.inputs.get(n)
    ]
    template = [now.template] if then.template_sha256 != now.template_sha256 else []
    return (*inputs, *template)
