"""A contract examined: read, checked, and told with every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from deliverables import cache
from deliverables.files.placement import settle
from deliverables.files.refusal import refusal, shut_folder
from deliverables.folders import Folders
from deliverables.kinds import Deliverable
from deliverables.letters import every_kind, letter_problems
from deliverables.model.book import ContractBook
from deliverables.plan import Plan, Planned, plan, shared_paths
from deliverables.read import kept
from deliverables.read.files import TEXT_FILE, find_contracts
from deliverables.register import Entry, read_register
from deliverables.values.calendar import Calendar, load_calendar
from deliverables.values.fault import Fault
from deliverables.values.figure import Line
from deliverables.values.problem import Problem, Severity, error, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A contract as read and checked; without a book nothing can be made from it.

    A book that is `elsewhere` is with the process that read it, but for its `private` numbers,
    which nobody is told. After a `fault` of the program there is none.
    """

    contract: str
    book: ContractBook | None
    problems: tuple[Problem, ...]
    elsewhere: bool = False
    private: frozenset[str] = field(default=frozenset(), repr=False)
    fault: Fault | None = None

    @property
    def private_numbers(self) -> frozenset[str]:
        """The numbers that belong to people, by whichever process the book was read."""
        return self.book.private_numbers if self.book else self.private

    @property
    def is_shut(self) -> bool:
        """Whether a folder that may not be written kept it: no fault of the data."""
        return any(problem.code == SHUT for problem in self.problems)

    @property
    def sound(self) -> bool:
        """Whether there is a book and no problem is an error."""
        there = self.book is not None or self.elsewhere
        return there and self.fault is None and not _has_errors(self.problems)

    def stopped(self, fault: Exception) -> Examined:
        """The contract as it is told after a fault of the program, or of the system, at it."""
        return stopped(self.contract, fault, self.problems)


class UnsoundDataError(Exception):
    """The data of a contract have errors, so nothing is told; `problems` are all of them."""

    def __init__(self, contract: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{contract}: its data have errors")
        self.contract, self.problems = contract, problems


if TYPE_CHECKING:  # slow to import
    from deliverables.checks.unclaimed import Unclaimed
    from deliverables.compute.assumptions import Assumption
    from deliverables.setup import Section

R = TypeVar("R")
_BLANK: Final = "workbook-blank"


def examine(
    folders: Folders, only: str | None = None, *, patient: bool = False
) -> Iterator[Examined]:
    """Read and check every contract under the data folder, or only the one named.

    A register that was changed is a problem of its contract. What a killed run left is completed. A
    `patient` caller is told a fault of the program with the contract where it happened, and goes
    on with the next one; else it is raised.
    """
    settle(folders.data)
    calendar, calendar_problems = load_calendar(folders.data / "workdays")
    found = find_contracts(folders.data, only)
    for folder in found:
        try:
            settle(folder)
            book, problems = _read_and_checked(folder, calendar, folders)
            letters = tuple(letter_problems(folders, folder.name, book))
            _, register = read_register(folders.register(folder.name))
        except Exception as fault:
            if not patient:
                raise
            yield stopped(folder.name, fault)
            continue
        problems = (*calendar_problems, *problems, *letters, *register)
        yield Examined(contract=folder.name, book=book, problems=problems)


SHUT: Final = "folder-shut"
"""The code of a folder in which nothing may be written: no fault of the data."""


def stopped(contract: str, fault: Exception, problems: tuple[Problem, ...] = ()) -> Examined:
    """Return a contract at which the program failed, or from which the system kept it.

    `problems` are those that were found before.
    """
    if isinstance(fault, OSError):
        place = Line(Path(fault.filename).as_posix() if fault.filename else contract)
        if shut := shut_folder(fault):
            problem = error(SHUT, place, *shut)
            return Examined(contract=contract, book=None, problems=(*problems, problem))
        fix = say("make the file free or readable and run the command again")
        problem = error("file-unreadable", place, refusal(fault), fix)
        return Examined(contract=contract, book=None, problems=(*problems, problem))
    return Examined(contract=contract, book=None, problems=problems, fault=Fault.of(fault))


def for_each(
    found: Iterable[Examined], work: Callable[[Examined], R]
) -> Iterator[tuple[Examined, R | None]]:
    """Yield each contract with what the work makes of it.

    What stops the work on one does not stop that on the others: it is then `stopped`, with None.
    """
    for one in found:
        try:
            made = work(one)
        except Exception as fault:  # noqa: BLE001  # it is told with its contract
            yield one.stopped(fault), None
        else:
            yield one, made


def sound_book(folders: Folders, contract: str) -> ContractBook:
    """Return the book of a contract.

    Raises:
        UnsoundDataError: Its data have errors, or are not there.
    """
    found = next(iter(examine(folders, contract)), None)
    if found is None or found.book is None or not found.sound:
        raise UnsoundDataError(contract, found.problems if found else ())
    return found.book


def _has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A contract with all its problems, also those of its register, and with its assumptions.

    It is `sound` if documents can be made from it and no problem is an error; after a `fault` of
    the program it is not. `unclaimed` are the numbers of its text that no fact claims; None where
    no text can be read.
    """

    contract: str
    sound: bool
    problems: tuple[Problem, ...]
    assumptions: tuple[Assumption, ...] = ()
    unclaimed: Unclaimed | None = None
    fault: Fault | None = None

    @property
    def to_fill(self) -> tuple[Section, ...]:
        """What is still to be filled in, in the order in which one would."""
        from deliverables.setup import sections  # noqa: PLC0415  # slow to import

        return sections(self.problems)


def check(folders: Folders, as_of: date, only: str | None = None) -> Iterator[Checked]:
    """Return what is wrong with contracts and their registers, open on a day, and assumed."""
    whole = for_each(examine(folders, only, patient=True),
                     lambda one: _all_of(one, folders, as_of))  # fmt: skip
    for one, found in whole:
        yield found or Checked(
            contract=one.contract, sound=False, problems=one.problems, fault=one.fault
        )


def plans(folders: Folders, as_of: date, only: str | None = None) -> Iterator[Plan]:
    """Return every document that the contracts call for, each with its status on a day."""

    def planned(one: Examined) -> tuple[Planned, ...]:
        otherwise = says_otherwise if one.sound else None
        return plan(one.book, folders, as_of, otherwise) if one.book else ()

    for one, documents in for_each(examine(folders, only, patient=True), planned):
        yield Plan(one.contract, one.sound, one.problems, documents or (), one.fault)


def called_for(
    folders: Folders, as_of: date, only: str | None = None
) -> Iterator[tuple[Deliverable, ...]]:
    """Yield the documents that each sound contract calls for, however far they have come."""
    for one in examine(folders, only):
        if one.book is not None and one.sound:
            known = every_kind(folders, one.contract).values()
            yield tuple(each for kind in known for each in kind.plan(one.book, as_of))


def says_otherwise(made: Entry, book: ContractBook, folders: Folders) -> bool:
    """Return whether a recorded document would say something else for the day that it states.

    It is composed for that: only what is made of data that changed need be asked.
    """
    from deliverables.draft import reads_otherwise, stated_day  # noqa: PLC0415  # slow to import

    return reads_otherwise(made, book, folders, stated_day(made))


def _all_of(one: Examined, folders: Folders, as_of: date) -> Checked:
    """Return a contract with all its problems and assumptions."""
    from deliverables.acceptance import acceptance_closure, sealed_closure  # noqa: PLC0415  # slow
    from deliverables.compute.assumptions import assumptions  # noqa: PLC0415  # to import
    from deliverables.compute.open_points import open_points  # noqa: PLC0415

    problems: tuple[Problem, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    left: Unclaimed | None = None
    if one.book is not None:
        closure = (*acceptance_closure(one.book, folders), *sealed_closure(one.book, folders))
        problems = (*closure, *open_points(one.book, as_of))
        assumed = tuple(assumptions(one.book, as_of))
        left = _unclaimed(one.book, folders.data / one.contract / TEXT_FILE)
    return Checked(
        contract=one.contract,
        sound=one.sound and not _has_errors(problems),
        problems=(*_begun_by(one, as_of), *problems),
        assumptions=assumed,
        unclaimed=left,
        fault=one.fault,
    )


def _begun_by(one: Examined, as_of: date) -> Iterator[Problem]:
    """Yield the problems without the blank workbooks of periods that have not begun by a day."""
    from deliverables.compute.term import mark, served_quarters  # noqa: PLC0415  # slow to import

    coming: set[str] = set()
    if one.book is not None and any(problem.code == _BLANK for problem in one.problems):
        contract = one.book.contract
        periods = enumerate(served_quarters(contract, date.max), 1)
        coming = {mark(contract, number) for number, period in periods if period.first > as_of}
    for problem in one.problems:
        if problem.code != _BLANK or Path(problem.source.file).stem not in coming:
            yield problem


def _unclaimed(book: ContractBook, file: Path) -> Unclaimed | None:
    from deliverables.checks.unclaimed import unclaimed  # noqa: PLC0415  # slow to import
    from deliverables.read.contract_text import (  # noqa: PLC0415
        UnreadableTextError,
        read_contract_text,
    )

    if not file.exists():
        return None
    try:
        return unclaimed(book, read_contract_text(file))
    except UnreadableTextError:
        return None  # a problem says so


def _read_and_checked(
    folder: Path, calendar: Calendar, folders: Folders
) -> tuple[ContractBook | None, tuple[Problem, ...]]:
    """Return a contract's book and its problems, as the command before if no file has changed."""
    key = kept.key_of(folder, calendar) if cache.place() else ""
    recalled = kept.recall(key, calendar) if key else None
    if recalled is not None:
        return recalled
    from deliverables.read.book import read_book  # noqa: PLC0415  # slow to import

    reading = read_book(folder, calendar)
    checked = _checked(reading.book) if reading.book else ()
    book = reading.book if reading.book and _can_be_reckoned(reading.book) else None
    shared = tuple(shared_paths(book, folders)) if book else ()
    problems = (*reading.problems, *checked, *shared)
    if key and book is not None:
        kept.keep(key, book, problems)
    return book, problems


def _can_be_reckoned(book: ContractBook) -> bool:
    """Return whether days and amounts follow from the terms; if not, the rules have said why."""
    from deliverables.checks import has_terms  # noqa: PLC0415  # slow to import
    from deliverables.compute.milestones import dues  # noqa: PLC0415  # slow to import

    if book.contract.payment.total <= 0 or not has_terms(book):
        return False
    try:
        dues(book.contract)
    except ValueError:
        return False
    return True


def _checked(book: ContractBook) -> tuple[Problem, ...]:
    """Return what every rule finds and, once nothing is wrong by itself, what does not add up."""
    from deliverables.checks import check  # noqa: PLC0415  # slow to import
    from deliverables.checks.across import unclosed  # noqa: PLC0415

    found = check(book)
    if _has_errors(found):
        return found
    return (*found, *unclosed(book))
