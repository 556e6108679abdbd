"""Two documents held against each other: every difference, and what it amounts to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from deliverables.lazily import dataclass
from deliverables.message import Message
from deliverables.problem import Severity
from deliverables.verify.base import Base
from deliverables.verify.document import Block, Document, Place
from deliverables.verify.finding import Finding

Pair = tuple[int | None, int | None]
"""The index of a block in either list; None where one list lacks it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that people did to a document: an error, or an edit of its prose.

    `before` and `after` are the words with those around them, or a whole block that is gone or
    new; `key`, `name` and `sources` tell whose figure was touched. `old` and `new` are the numbers
    of the blocks in the base and in the document, None where it is in one of them only. `passage`
    names it for approvals: it changes with the base, the place and the words.
    """

    code: str
    severity: Severity
    place: Place
    message: Message
    advice: Message
    before: str = ""
    after: str = ""
    key: str = ""
    name: str = ""
    sources: tuple[str, ...] = ()
    passage: str = ""
    old: int | None = None
    new: int | None = None

    @property
    def is_edit(self) -> bool:
        """Whether it is prose, which a person may approve."""
        return self.severity is Severity.EDIT

    @property
    def finding(self) -> Finding:
        """The difference as a finding of the proof, for printing."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A figure that the data of today give otherwise: before, now, and the cells that changed.

    `before` or `now` is None for a figure that is new or gone (a row more or less). `cells` are
    source, text before, text now. `place` is where it stood.
    """

    key: str
    name: str
    before: str | None
    now: str | None
    cells: tuple[tuple[str, str, str], ...] = ()
    place: Place | None = None
    printed: bool = True


def account(base: Base, document: Document) -> tuple[Difference, ...]:
    """Return every difference between what was made and a file, errors first."""
    raise NotImplementedError


def changed(base: Base, today: Base) -> tuple[Change, ...]:
    """Return every figure that changed since, printed ones first, each with its changed cells."""
    raise NotImplementedError


def likeness(document: Document, base: Base) -> float:
    """Return how much of what a base says stands in a document: 0 to 1, cheaply."""
    raise NotImplementedError


def best_match(document: Document, bases: Mapping[str, Base]) -> tuple[tuple[str, float], ...]:
    """Return the names of the bases most like a document, with their likeness, best first."""
    raise NotImplementedError


def aligned(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Pair]:
    """Yield which block became which: the same, much the same, gone or new, in reading order.

    A block that moved is paired with itself, at its place in `after`.
    """
    raise NotImplementedError
