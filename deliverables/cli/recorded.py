"""What the registers and the data of today and of then know about a file."""

from __future__ import annotations

from pathlib import Path

import click

from deliverables.cli.answer import Exit, Workplace
from deliverables.compare import Again
from deliverables.draft import NoLongerDueError, recompose
from deliverables.examination import examine
from deliverables.files import content_sha256_of
from deliverables.lazily import dataclass
from deliverables.lineage import sighted
from deliverables.model.book import ContractBook
from deliverables.register import Entry
from deliverables.values.problem import say
from deliverables.verification import NEWER, Registers, UnknownFileError
from deliverables.verify.base import Base, NewerFormatError
from deliverables.verify.document import Block, Document, UnreadableDocumentError, read_document


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
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


def look_up(workplace: Workplace, file: Path) -> Recorded | None:
    """Return what a register knows of a file, wherever it lies; end the command if it is none."""
    try:
        found = Registers(workplace.folders).recognise(file)
    except UnknownFileError:
        return None
    except UnreadableDocumentError as failure:
        wrong = say("{file}: {reason}", file=file, reason=failure.reason)
        raise click.UsageError(workplace.spoken(wrong)) from failure
    except NewerFormatError as newer:
        wrong = say("{file}: {reason}", file=file, reason=NEWER)
        raise click.UsageError(workplace.spoken(wrong)) from newer
    return Recorded(
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


def today(workplace: Workplace, recorded: Recorded, book: ContractBook) -> Again:
    """Return the recorded document as of today's data; end the command if it cannot be made."""
    try:
        return Again(recompose(recorded.entry, book, workplace.folders))
    except NoLongerDueError as gone:
        wrong = say("{file}: {reason}", file=recorded.file.name, reason=gone.message)
        raise click.ClickException(workplace.spoken(wrong)) from gone


def read(workplace: Workplace, file: Path) -> Document:
    """Return what a file says; end the command if it is no document."""
    try:
        return read_document(file)
    except UnreadableDocumentError as failure:
        wrong = say("{file}: {reason}", file=file, reason=failure.reason)
        raise click.UsageError(workplace.spoken(wrong)) from failure
