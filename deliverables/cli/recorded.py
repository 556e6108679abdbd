"""What the registers and the data of today know about a file: for explain, diff and status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import click

from deliverables.batch import examine
from deliverables.cli.workplace import Exit, Workplace
from deliverables.figure import Figure
from deliverables.files import content_sha256_of, sha256_of
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.passages import Passage
from deliverables.recomposing import NoLongerDueError, Recomposed, recompose
from deliverables.register import Entry, read_register, state_of
from deliverables.tracing import Trace, traces_of, with_paths
from deliverables.verify.leaves import Leaf, leaves_of
from deliverables.verify.paper import Document
from deliverables.verify.reader import UnreadableDocumentError, read_document


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file that a register knows, the contract it belongs to, and its entry."""

    file: Path
    contract: str
    entry: Entry

    @property
    def edited(self) -> bool:
        """Whether the file no longer holds what was recorded."""
        return self.entry.content != content_sha256_of(self.file)


@dataclass(frozen=True)
class Today:
    """A recorded document as the data of today make it, as of the day it was made for."""

    again: Recomposed

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every figure the document could print."""
        return leaves_of(self.again.context).figures

    @cached_property
    def figures(self) -> dict[str, Figure[object]]:
        """The figures by their paths."""
        return {leaf.key: leaf.figure for leaf in self.leaves}

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """What the document says, and which of its words are which figure."""
        texts = {key: figure.text for key, figure in self.figures.items()}
        return traces_of(self.again.rendered(with_paths(self.again.context)), texts)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What the document says."""
        return tuple(trace.passage for trace in self.traces)

    @property
    def words(self) -> Iterator[list[tuple[str, str]]]:
        """What the document says, text by text, and which of the words are which figure."""
        for trace in self.traces:
            yield [
                (piece, "") if isinstance(piece, str) else (piece.text, piece.key)
                for frame in trace.frames
                for piece in (*frame.pieces, " ")
            ]

    @property
    def printed(self) -> list[str]:
        """The paths of the figures that the document prints, in reading order."""
        return list(dict.fromkeys(slot.key for trace in self.traces for slot in trace.slots))


def look_up(workplace: Workplace, file: Path) -> Recorded | None:
    """Return what a register knows of a file: by where it lies, else by what it holds.

    Where a register knows several versions of a file, the one that is there is meant.
    """
    folders, there = workplace.folders, file.resolve()
    hashes = {sha256_of(file), content_sha256_of(file)}
    at_its_place: Recorded | None = None
    elsewhere: Recorded | None = None
    for register in sorted(workplace.out.glob("*/register.jsonl")):
        contract = register.parent.name
        entries, _ = read_register(register)
        for entry, path in _versions(entries, folders.contract(contract)):
            if {entry.sha256, entry.content} & hashes:
                elsewhere = Recorded(file, contract, entry)
            elif path.resolve() == there:
                at_its_place = Recorded(file, contract, entry)
    return elsewhere or at_its_place


def _versions(entries: Sequence[Entry], folder: Path) -> Iterator[tuple[Entry, Path]]:
    """Yield each entry with the file it tells of, and with the one that was set aside after it."""
    last: dict[str, Entry] = {}
    for entry in entries:
        path = folder / entry.file
        if entry.replaced and entry.deliverable in last:
            yield last[entry.deliverable], path.with_name(entry.replaced)
        yield entry, path
        last[entry.deliverable] = entry


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


def today(workplace: Workplace, recorded: Recorded, book: ContractBook) -> Today:
    """Return the recorded document as of today's data; end the command if it cannot be made."""
    try:
        return Today(recompose(recorded.entry, book, workplace.folders))
    except NoLongerDueError as gone:
        wrong = say("{file}: {reason}", file=recorded.file.name, reason=gone.message)
        raise click.ClickException(workplace.spoken(wrong)) from gone


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
