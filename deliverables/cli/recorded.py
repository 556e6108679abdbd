"""Which recorded document a file is, wherever it lies, and what it would be of today's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deliverables.cli.answer import Exit, Workplace, errors_of
from deliverables.compare import Again, Comparison, since
from deliverables.draft import NoLongerDueError, recompose
from deliverables.examination import Examined, examine
from deliverables.files.digest import content_sha256_of
from deliverables.lineage import sighted
from deliverables.model.book import ContractBook
from deliverables.plan import Planned, plan
from deliverables.recognition import Recognised, Registers
from deliverables.register import Entry, UnknownFileError, find_document
from deliverables.values.problem import say
from deliverables.verify.base import Base, NewerFormatError
from deliverables.verify.document import Block, Document, read_document
from deliverables.verify.package import UnreadableDocumentError


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedFile:
    """A file that a register knows: what it says, its contract, its entry, and its base."""

    file: Path
    document: Document
    contract: str
    entry: Entry
    base: Base

    @property
    def edited(self) -> bool:
        """Whether the file no longer holds what was recorded."""
        return self.entry.content != content_sha256_of(self.file)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What the file says, and which of its words are which figure."""
        return sighted(self.base.blocks, self.document.blocks)


def contract_of(workplace: Workplace, file: Path) -> str:
    """Return the contract of a document, wherever it lies, or end the command."""
    found = find_document(workplace.folders.out, file)
    return found[0] if found else recognised(workplace, file).contract


def known(workplace: Workplace, file: Path) -> tuple[Examined, Planned]:
    """Return the contract and the deliverable that a file belongs to, or end the command."""
    folders = workplace.folders
    found = find_document(workplace.out, file)
    if found is None:
        workplace.note(say("{file}: no register knows this file", file=file))
        raise SystemExit(Exit.WRONG_USE)
    contract, key = found
    for examined in examine(folders, contract):
        for planned in plan(examined.book, folders, date.max) if examined.book else ():
            if planned.deliverable.key == key:
                return examined, planned
        workplace.note(*errors_of(examined.problems))
    workplace.note(say("{file}: the data of {contract} no longer call for {key}", file=file,
                       contract=contract, key=key))  # fmt: skip
    raise SystemExit(Exit.BAD_DATA)


def recognised(workplace: Workplace, file: Path) -> Recognised:
    """Return which recorded document a file is, wherever it lies, or end the command."""
    try:
        return Registers(workplace.folders).recognise(file)
    except (UnknownFileError, UnreadableDocumentError, NewerFormatError) as fault:
        workplace.note(say("{file}: {reason}", file=file, reason=fault.message))
        raise SystemExit(Exit.WRONG_USE) from fault


def draft_of(workplace: Workplace, file: Path) -> tuple[Examined, Planned, Path | None]:
    """Return the contract and the deliverable whose newest draft a file is, and where that lies.

    None for the place means the one where it was made.
    """
    if find_document(workplace.out, file) is not None:
        return *known(workplace, file), None
    found = recognised(workplace, file)
    lies = workplace.folders.contract(found.contract) / found.entry.file
    examined, planned = known(workplace, lies)
    if found.claimed or planned.made is None or planned.made.base != found.entry.base:
        workplace.note(
            say(
                "{file}: it is no copy of the newest draft of {key}; "
                "deliverables verify tells more",
                file=file,
                key=found.entry.deliverable,
            )
        )
        raise SystemExit(Exit.WRONG_USE)
    return examined, planned, file


def look_up(workplace: Workplace, file: Path) -> RecordedFile | None:
    """Return what a register knows of a file, wherever it lies; end the command if it is none."""
    try:
        found = Registers(workplace.folders).recognise(file)
    except UnknownFileError:
        return None
    except (UnreadableDocumentError, NewerFormatError) as failure:
        raise workplace.misused(
            say("{file}: {reason}", file=file, reason=failure.message)
        ) from failure
    return RecordedFile(
        file=file,
        document=found.document,
        contract=found.contract,
        entry=found.entry,
        base=found.base,
    )


def book_of(workplace: Workplace, contract: str) -> ContractBook:
    """Return the book of a contract; end the command if the data of today have errors."""
    book = sound_book(workplace, contract)
    if book is None:
        raise SystemExit(Exit.BAD_DATA)
    return book


def sound_book(workplace: Workplace, contract: str) -> ContractBook | None:
    """Return the book of a contract, or show what is wrong with the data of today."""
    for examined in examine(workplace.folders, contract):
        if examined.book is not None and examined.sound:
            return examined.book
        workplace.show_problems(examined.problems)
    workplace.note(say("{contract}: its data have errors, so nothing is told", contract=contract))
    return None


def today(workplace: Workplace, recorded: RecordedFile, book: ContractBook) -> Again:
    """Return the recorded document as of today's data; end the command if it cannot be made."""
    try:
        return Again(recompose(recorded.entry, book, workplace.folders))
    except NoLongerDueError as gone:
        raise workplace.failed(
            say("{file}: {reason}", file=recorded.file.name, reason=gone.message)
        ) from gone


def against_today(
    workplace: Workplace, recorded: RecordedFile, book: ContractBook, now: Again
) -> Comparison:
    """Return how a recorded file differs from what the data of today make."""
    return since(
        recorded.entry, recorded.base, book, workplace.folders, now, blocks=recorded.blocks
    )


def read(workplace: Workplace, file: Path) -> Document:
    """Return what a file says; end the command if it is no document."""
    try:
        return read_document(file)
    except UnreadableDocumentError as failure:
        raise workplace.misused(
            say("{file}: {reason}", file=file, reason=failure.message)
        ) from failure
