"""What the registers and the data of today and of then know about a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from deliverables.batch import examine
from deliverables.cli.way import NEWER
from deliverables.cli.workplace import Exit, Workplace
from deliverables.figure import Figure
from deliverables.files import content_sha256_of
from deliverables.folders import Folders
from deliverables.inputs import Inputs
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.read.book import read_book
from deliverables.recognition import Registers, UnknownFileError
from deliverables.recomposing import NoLongerDueError, Recomposed, recompose
from deliverables.register import Entry, state_of
from deliverables.sightings import sighted
from deliverables.verify.base import Base, NewerFormatError, base_of, leaves
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


@dataclass(frozen=True)
class Again:
    """A recorded document as the data make it, of today or of then, as of its day."""

    again: Recomposed

    @cached_property
    def figures(self) -> Mapping[str, Figure[Any]]:
        """Every figure the document could print, by its path."""
        found = leaves(self.again.context)
        return {key: leaf for key, leaf in found if isinstance(leaf, Figure)}

    @cached_property
    def base(self) -> Base:
        """What the document says, and which of its words are which figure."""
        rendered = self.again.rendered()
        return base_of(
            rendered,
            rendered.trace,
            self.again.context,
            template=self.again.template,
            options=self.again.deliverable.options,
        )

    @cached_property
    def printed(self) -> tuple[str, ...]:
        """The paths of the figures that the document prints, in reading order."""
        slots = (slot for block in self.base.blocks for slot in block.slots)
        return tuple(dict.fromkeys(slot.key for slot in slots if slot.key in self.figures))

    @property
    def words(self) -> Iterator[list[tuple[str, str]]]:
        """What the document says, block by block, and which of the words are which figure."""
        for block in self.base.blocks:
            yield list(_pieces(block))


def _pieces(block: Block) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(block.texts):
        at = 0
        slots = [slot for slot in block.slots if slot.text == number]
        for slot in sorted(slots, key=lambda one: one.begin):
            yield text[at : slot.begin], ""
            yield text[slot.begin : slot.end], slot.key
            at = slot.end
        yield f"{text[at:]} ", ""


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


def book_of_then(
    folders: Folders, entry: Entry, contract: str, now: ContractBook
) -> ContractBook | None:
    """Return the book that a document was made from, as far as its input files were kept.

    Its roster is that of `now`. None where contract.yaml was not kept.
    """
    with TemporaryDirectory() as folder:
        Inputs(folders.inputs(contract)).lay_out(entry.inputs, Path(folder))
        then = read_book(Path(folder) / contract, now.calendar).book
    if then is None:
        return None
    return ContractBook(
        contract=then.contract,
        quarters=then.quarters,
        roster=now.roster,
        ledger=then.ledger,
        calendar=now.calendar,
        inputs=then.inputs,
    )


def today(workplace: Workplace, recorded: Recorded, book: ContractBook) -> Again:
    """Return the recorded document as of today's data; end the command if it cannot be made."""
    try:
        return Again(recompose(recorded.entry, book, workplace.folders))
    except NoLongerDueError as gone:
        wrong = say("{file}: {reason}", file=recorded.file.name, reason=gone.message)
        raise click.ClickException(workplace.spoken(wrong)) from gone


def figures_of_then(
    folders: Folders, entry: Entry, book: ContractBook | None
) -> Mapping[str, Figure[Any]]:
    """Return the figures of a document as the book of then made them; none if it cannot."""
    if book is None:
        return {}
    try:
        return Again(recompose(entry, book, folders)).figures
    except (NoLongerDueError, LookupError, ValueError):
        return {}


def changed_since(recorded: Recorded, book: ContractBook, folders: Folders) -> tuple[str, ...]:
    """Return the inputs, and the template, that are no longer what the document was made from."""
    entry = recorded.entry
    inputs = {name: book.inputs.get(name, "") for name in entry.inputs}
    template = folders.template_sha256(entry.kind)
    return state_of(entry, folders.contract(recorded.contract), inputs, template).changed


def read(workplace: Workplace, file: Path) -> Document:
    """Return what a file says; end the command if it is no document."""
    try:
        return read_document(file)
    except UnreadableDocumentError as failure:
        wrong = say("{file}: {reason}", file=file, reason=failure.reason)
        raise click.UsageError(workplace.spoken(wrong)) from failure
