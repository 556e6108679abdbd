"""A recorded document explained: where everything that it prints comes from, by today's data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import MAX_PREC, Context, Decimal
from functools import cached_property
from pathlib import Path
from typing import Final

from deliverables.checks.quotes import said_at
from deliverables.compare import Again, changed_since
from deliverables.draft import recompose
from deliverables.examination import examine, sound_book
from deliverables.files.placement import write_atomically
from deliverables.files.refusal import PlaceTakenError
from deliverables.folders import Folders
from deliverables.letters import every_kind
from deliverables.lineage import (
    Explanation,
    Sighting,
    explanations,
    find,
    sightings,
    suggestions,
    text_of,
)
from deliverables.model.book import ContractBook
from deliverables.plan import plan
from deliverables.recognition import Recognised, Registers
from deliverables.values.figure import Figure, Source
from deliverables.values.problem import say
from deliverables.verify.base import leaves


@dataclass(frozen=True)
class Provenance:
    """What a file prints, as the data of today make it, and where each figure comes from.

    `changed` are the files of the data, and the template, that are not as they were when it was
    made; what is told is of today.
    """

    file: Path
    contract: str
    changed: tuple[str, ...]
    _known: Recognised
    _book: ContractBook
    _now: Again

    @cached_property
    def figures(self) -> tuple[Explanation, ...]:
        """Every figure that the document prints, in reading order."""
        return explanations(self._now.figures, self._now.printed)

    def find(self, figure: str) -> tuple[Explanation, ...]:
        """Return the figures meant by a path such as service.this.percent, or by printed words."""
        return find(figure, self.figures, self._now.words, self._now.figures)

    def suggestions(self, figure: str) -> list[str]:
        """Return the paths and printed texts that are most like words that mean no figure."""
        return suggestions(figure, self.figures)

    @cached_property
    def sightings(self) -> Mapping[str, tuple[Sighting, ...]]:
        """Where the file, edited or not, prints each figure, and what it says there; by path."""
        seen: dict[str, tuple[Sighting, ...]] = {}
        for one in sightings(self._now.base.blocks, self._known.document.blocks):
            seen[one.key] = (*seen.get(one.key, ()), one)
        return seen

    @cached_property
    def quotes(self) -> Mapping[Source, tuple[str, str]]:
        """The contract's own words and their article, by the place of what they were read as."""
        return said_at(self._book.contract)

    def review(self, copy: Path) -> int:
        """Write a copy with the provenance as Word comments; return how many there are.

        Raises:
            PlaceTakenError: What lies at `copy` is no such copy.
            FileInUseError: Another program holds it.
        """
        from deliverables.review import is_copy, remarks_on, with_remarks  # noqa: PLC0415  # slow

        if copy.exists() and not is_copy(copy.read_bytes()):
            raise PlaceTakenError(
                say("{file} is there and no copy for reading: give another name", file=copy)
            )
        told = {one.key: one for one in self.figures}
        made = self._now.base.blocks
        remarks = list(remarks_on(self._known.document, made, told, self.contract))
        reviewed = with_remarks(self.file.read_bytes(), remarks, self._known.entry.as_of)
        write_atomically(copy, reviewed, private=self._now.again.deliverable.private)
        return len(remarks)


def provenance(folders: Folders, file: Path) -> Provenance:
    """Return where what a file prints comes from.

    Raises:
        UnreadableDocumentError: It was a document of a register, and is none any more.
        NewerFormatError: A newer version of the program has made it.
        UnknownFileError: No register knows it.
        UnsoundDataError: The data of its contract have errors.
        NoLongerDueError: The contract does not call for it any more.
    """
    known = Registers(folders).recognise(file)
    number = known.contract
    book = sound_book(folders, number)
    now = Again(recompose(known.entry, book, folders))
    changed = changed_since(known.entry, number, book, folders)
    return Provenance(file, number, changed, known, book, now)


def rows(
    folders: Folders,
    as_of: date,
    contract: str | None,
    kinds: Collection[str],
    parts: Collection[str],
) -> list[dict[str, object]]:
    """Return the figures of documents that can be made on a day, as rows with the same keys.

    Without kinds and parts those of all documents; contracts whose data have errors are passed
    over. All numbers have as many places: a reader of tables takes the first one's for all and
    would round the others.
    """
    told: list[dict[str, object]] = []
    for one in examine(folders, contract):
        if one.book is None or not one.sound:
            continue
        known = every_kind(folders, one.contract)
        for planned in plan(one.book, folders, as_of):
            wanted = planned.deliverable
            called = not kinds or any(map(wanted.is_of, kinds))
            if not called or (parts and not any(map(wanted.answers_to, parts))):
                continue
            if wanted.blockers or (wanted.possible_from and as_of < wanted.possible_from):
                continue
            found = list(leaves(known[wanted.kind].compose(one.book, wanted, as_of)))
            labels = _labels(found)
            for key, leaf in found:
                if isinstance(leaf, Figure):
                    table, at = _place(key)
                    told.append({
                        "contract": one.contract, "kind": wanted.kind, "part": wanted.part,
                        "table": table, "row": at, "label": labels.get((table, at), ""),
                        **Explanation(key, leaf).row,
                    })  # fmt: skip
    numbers = [row["number"] for row in told]
    for row, number in zip(told, _with_as_many_places(numbers), strict=True):
        row["number"] = number
    return told


_IN_A_TABLE: Final = re.compile(r"(.+)\[(\d+)\][^\[]*")


def _place(key: str) -> tuple[str, int | None]:
    """Return the innermost list that a leaf stands in, and the number of its row, from 0."""
    found = _IN_A_TABLE.fullmatch(key)
    return (found[1], int(found[2])) if found else ("", None)


def _labels(found: Sequence[tuple[str, object]]) -> dict[tuple[str, int | None], str]:
    """Return the first text in each row of a list: what the row is about."""
    labels: dict[tuple[str, int | None], str] = {}
    for key, leaf in found:
        value = leaf.value if isinstance(leaf, Figure) else leaf
        place = _place(key)
        if type(value) is str and place[0]:
            labels.setdefault(place, text_of(leaf) if isinstance(leaf, Figure) else value)
    return labels


def _with_as_many_places(numbers: Sequence[object]) -> Iterator[Decimal | None]:
    places = max((_places(one) for one in numbers if isinstance(one, Decimal)), default=0)
    zero, exact = Decimal((0, (0,), -places)), Context(prec=MAX_PREC)
    for one in numbers:
        yield exact.add(one, zero) if isinstance(one, Decimal) else None


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))
