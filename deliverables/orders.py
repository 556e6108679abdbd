"""What is asked of a run, and what becomes of each document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from deliverables.bases import Record
from deliverables.kinds import Deliverable
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.register import CONTENTS, MARKED, Entry
from deliverables.values.problem import Message, Problem, Severity

if TYPE_CHECKING:  # slow to import, and not needed to plan
    from deliverables.docx.render import Rendered
    from deliverables.edits import Conflict
    from deliverables.verify.finding import Finding


class Result(StrEnum):
    """What became of a deliverable in a run."""

    MADE = "made"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    NOT_YET = "not yet possible"
    KEPT = "kept"
    REFUTED = "failed verification"
    FAILED = "failed"


def unpaginated(document: Rendered, file: Path) -> Rendered:
    """Leave the contents of a document to Word, which counts the pages when it opens it."""
    return document


@dataclass(frozen=True, slots=True)
class EditedCopy:
    """A file whose edits are to be taken over, the document it is of, and the base it was made as.

    `key` is that of the deliverable, kind/part.
    """

    contract: str
    key: str
    file: Path
    base: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Which deliverables to make, and how: no kind or part named means all that are due.

    `options` None keeps those of the draft before; `only_needed` leaves current drafts alone.
    `paginate` puts page numbers in the contents of a document that is to be saved as a file, or
    returns it as it is: then Word counts the pages when it opens the document. Threads may call
    it at the same time. `paged` says that another process does so. `keep_edits` makes edited drafts
    anew where their data have changed, and puts what people wrote back where it fits; from a `copy`
    it is taken in any case.
    """

    as_of: date
    moment: datetime
    command: str
    kinds: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    options: frozenset[str] | None = None
    only_needed: bool = False
    anyway: bool = False
    replace_edited: bool = False
    keep_edits: bool = False
    copy: EditedCopy | None = None
    paginate: Callable[[Rendered, Path], Rendered] = unpaginated
    paged: bool = False

    @property
    def counts_pages(self) -> bool:
        """Whether contents are to get page numbers, here or by who asked."""
        return self.paged or self.paginate is not unpaginated

    def copy_of(self, deliverable: Deliverable) -> EditedCopy | None:
        """Return the edited copy of a deliverable, if one was given."""
        copy = self.copy
        meant = copy and (copy.contract, copy.key) == (deliverable.contract, deliverable.key)
        return copy if meant else None

    def wants(self, deliverable: Deliverable) -> bool:
        """Return whether the deliverable is among those asked for; one on demand must be named."""
        if deliverable.on_demand and not (self.kinds or self.parts):
            return False
        return (not self.kinds or deliverable.kind in self.kinds) and (
            not self.parts or deliverable.part in self.parts
        )


def to_be_paged(made: Entry, request: Request) -> bool:
    """Return whether the contents of a draft wait for page numbers that can be counted now."""
    return made.details.get(CONTENTS) == MARKED and request.counts_pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A contract as read and checked; without a book nothing can be made from it.

    A book that is `elsewhere` is with the process that read it.
    """

    contract: str
    book: ContractBook | None
    problems: tuple[Problem, ...]
    elsewhere: bool = False

    @property
    def sound(self) -> bool:
        """Whether there is a book and no problem is an error."""
        return (self.book is not None or self.elsewhere) and all(
            problem.severity is not Severity.ERROR for problem in self.problems
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one deliverable, the file it is in, and what stood in its way.

    `kept` passages that people wrote were put back, the `conflicts` could not be. `again` is to be
    recorded of a document that stays as it is because other data say the same.
    """

    deliverable: Deliverable
    result: Result
    file: Path | None = None
    reasons: tuple[Message, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    again: Entry | None = None
    kept: int = 0
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A document that was made and proved, and what the register is to say of it.

    `before` is the hash of the draft before it, empty if there was none. `inputs` are the hashes
    of the files that its figures lead back to; `base` is what it said when it was made, `recipe`
    what it was made from, `recorded` that of the draft before it. `contents` says whether their
    pages were counted, empty where it has no contents; `occasion` is why it was made although it
    was there, or although a condition is unmet. `kept` passages that people wrote were put back,
    the `conflicts` could not be.
    """

    deliverable: Deliverable
    before: str
    document: bytes = field(repr=False)
    sha256: str
    content: str
    inputs: Mapping[str, str]
    template: str
    template_sha256: str
    base: Record = field(repr=False)
    says: str
    substance: str
    recipe: str
    recorded: str
    findings: tuple[Finding, ...]
    contents: str = ""
    occasion: tuple[Message, ...] = ()
    kept: int = 0
    conflicts: tuple[Conflict, ...] = ()
