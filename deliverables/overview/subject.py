"""What the page is about: each contract as examined and planned, with all that is to be mended."""

from __future__ import annotations

from datetime import date

from deliverables.acceptance_pack import acceptance_closure
from deliverables.compute.assumptions import Assumption, assumptions
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.life import lives, no_longer_intact
from deliverables.model.book import ContractBook
from deliverables.orders import Examined
from deliverables.planning import Planned, plan
from deliverables.problem import Problem, Severity
from deliverables.register import read_register


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One contract; without a book there are problems alone, with errors there are no figures."""

    contract: str
    book: ContractBook | None
    planned: tuple[Planned, ...]
    problems: tuple[Problem, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def sound(self) -> bool:
        """Whether no problem is an error, so that figures can be shown."""
        return self.book is not None and all(
            problem.severity is not Severity.ERROR for problem in self.problems
        )


def subject(examined: Examined, folders: Folders, as_of: date) -> Subject:
    """Return a contract with its documents, and the problems that check and status tell."""
    book = examined.book
    if book is None:
        return Subject(contract=examined.contract, book=None, planned=(),
                       problems=examined.problems, assumptions=())  # fmt: skip
    entries, faults = read_register(folders.register(book.number))
    return Subject(
        contract=examined.contract,
        book=book,
        planned=plan(book, folders, as_of),
        problems=(
            *examined.problems,
            *acceptance_closure(book, folders),
            *faults,
            *no_longer_intact(lives(entries).values(), folders.contract(book.number)),
        ),
        assumptions=assumptions(book, as_of),
    )
