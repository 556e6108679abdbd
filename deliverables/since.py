"""What the data of today would change in a document, and the cells behind each change.

What was made then is known by its base, the data of then by the input files that were kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deliverables.changes import Changes
from deliverables.comparison import Comparison, Version, compare
from deliverables.figure import Figure
from deliverables.folders import Folders
from deliverables.inputs import Inputs
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.read.book import read_book
from deliverables.recomposing import NoLongerDueError, Recomposed, recompose
from deliverables.register import Entry, state_of
from deliverables.verify.base import Base, base_of, leaves
from deliverables.verify.document import Block


@dataclass(frozen=True)
class Again:
    """A recorded document as the data make it, of today or of then, as of its day."""

    again: Recomposed
    stage: str = "draft"

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
            stage=self.stage,
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

    @property
    def version(self) -> Version:
        """The document as a version to be compared with another."""
        return Version(self.base.blocks, self.figures)


def _pieces(block: Block) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(block.texts):
        at = 0
        slots = [slot for slot in block.slots if slot.text == number]
        for slot in sorted(slots, key=lambda one: one.begin):
            yield text[at : slot.begin], ""
            yield text[slot.begin : slot.end], slot.key
            at = slot.end
        yield f"{text[at:]} ", ""


def changed_since(
    entry: Entry, contract: str, book: ContractBook, folders: Folders
) -> tuple[str, ...]:
    """Return the inputs, and the template, that are no longer what a document was made from."""
    inputs = {name: book.inputs.get(name, "") for name in entry.inputs}
    template = folders.template_sha256(entry.kind)
    return state_of(entry, folders.contract(contract), inputs, template).changed


def since(
    entry: Entry,
    base: Base,
    book: ContractBook,
    folders: Folders,
    now: Again,
    *,
    blocks: Sequence[Block] | None = None,
) -> Comparison:
    """Return what differs from a document to the one that `now` is.

    It is taken as it was made, or as a file has it: `blocks`, with the figures that stand in them.
    """
    then = book_of_then(folders, entry, book.number, book)
    changed = changed_since(entry, book.number, book, folders)
    before = Version(
        base.blocks if blocks is None else blocks, figures_of_then(folders, entry, then)
    )
    return compare(before, now.version, Changes(then, book, base.cells, changed))


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
