"""A contract examined: read, checked, and told with every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.orders import Examined
from deliverables.plan import shared_paths
from deliverables.read import cache
from deliverables.read.files import find_contracts
from deliverables.values.calendar import Calendar, load_calendar
from deliverables.values.problem import Problem, Severity

FEW_CONTRACTS: Final = 3
"""Of so many it is remembered what was read: a command that reads more is a batch."""


def examine(folders: Folders, only: str | None = None) -> Iterator[Examined]:
    """Read and check every contract under the data folder, or only the one named."""
    calendar, calendar_problems = load_calendar(folders.data / "workdays")
    found = [one for one in find_contracts(folders.data) if only is None or one.name == only]
    few = len(found) <= FEW_CONTRACTS
    for folder in found:
        book, problems = _read_and_checked(folder, calendar, remember=few)
        problems = (*calendar_problems, *problems)
        yield Examined(contract=folder.name, book=book, problems=problems)


def _read_and_checked(
    folder: Path, calendar: Calendar, *, remember: bool
) -> tuple[ContractBook | None, tuple[Problem, ...]]:
    """Return a contract's book and its problems; `remember` those of the command before."""
    key = cache.key_of(folder, calendar) if remember and cache.place() else ""
    recalled = cache.recall(key, calendar) if key else None
    if recalled is not None:
        return recalled
    from deliverables.read.book import read_book  # noqa: PLC0415  # slow to import

    reading = read_book(folder, calendar)
    checked = _checked(reading.book) if reading.book else ()
    book = reading.book if reading.book and _can_be_reckoned(reading.book, checked) else None
    shared = tuple(shared_paths(book)) if book else ()
    problems = (*reading.problems, *checked, *shared)
    if key and book is not None:
        cache.keep(key, book, problems)
    return book, problems


def _can_be_reckoned(book: ContractBook, found: Iterable[Problem]) -> bool:
    """Return whether days and amounts follow from the terms; if not, the rules have said why."""
    if book.contract.payment.total <= 0 or any(one.code in _ABOUT_TERMS for one in found):
        return False
    from deliverables.compute.milestones import dues  # noqa: PLC0415  # slow to import

    try:
        dues(book.contract)
    except ValueError:
        return False
    return True


_ABOUT_TERMS = frozenset(
    {"signing-day", "count-range", "term-indivisible", "annual-reports", "late-rate"}
)


def _checked(book: ContractBook) -> tuple[Problem, ...]:
    """Return what every rule finds and, once nothing is wrong by itself, what does not add up."""
    from deliverables.checks import check  # noqa: PLC0415  # slow to import
    from deliverables.checks.across import unclosed  # noqa: PLC0415

    found = check(book)
    if any(problem.severity is Severity.ERROR for problem in found):
        return found
    return (*found, *unclosed(book))
