"""The whole job in six steps: read, check, compute, render, verify, record.

Reading and checking is `examine`; one document is computed, rendered and verified in `making`, by
this process or by a fleet of others; `recording` puts it in place and writes the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from deliverables import kept, store
from deliverables.fleet import FEW_CONTRACTS, Fleet, Made, Wanted
from deliverables.folders import Folders
from deliverables.kind import Deliverable
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.orders import Examined, Outcome, Request, Result, to_be_paged, unpaginated
from deliverables.planning import Planned, Standing, plan
from deliverables.problem import Problem, Severity
from deliverables.read.folder import find_contracts
from deliverables.recipe import options_of, recipe_of
from deliverables.recording import Recorder
from deliverables.workdays import Calendar, load_calendar

__all__ = [
    "Examined",
    "Outcome",
    "Request",
    "Result",
    "build",
    "build_all",
    "examine",
    "unpaginated",
]


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
    key = kept.key_of(folder, calendar) if remember and store.place() else ""
    recalled = kept.recall(key, calendar) if key else None
    if recalled is not None:
        return recalled
    from deliverables.read.book import read_book  # noqa: PLC0415  # slow to import

    reading = read_book(folder, calendar)
    checked = _checked(reading.book) if reading.book else ()
    book = reading.book if reading.book and _can_be_reckoned(reading.book, checked) else None
    problems = (*reading.problems, *checked)
    if key and book is not None:
        kept.keep(key, book, problems)
    return book, problems


def _can_be_reckoned(book: ContractBook, found: Iterable[Problem]) -> bool:
    """Return whether days and amounts follow from the terms; if not, the rules have said why."""
    if book.contract.payment.total <= 0 or any(one.code in _ABOUT_TERMS for one in found):
        return False
    from deliverables.compute.dues import dues  # noqa: PLC0415  # slow to import

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
    from deliverables.compute.closure import unclosed  # noqa: PLC0415

    found = check(book)
    if any(problem.severity is Severity.ERROR for problem in found):
        return found
    return (*found, *unclosed(book))


def build(
    examined: Examined,
    folders: Folders,
    request: Request,
    report: Callable[[Outcome], None],
    fleet: Fleet | None = None,
) -> tuple[Outcome, ...]:
    """Make the deliverables asked for from one sound contract, reporting each as it is done."""
    if examined.book is None or not examined.sound:
        return ()
    if fleet is None:
        with Fleet() as alone:
            return build(examined, folders, request, report, alone)
    wanted = considered(examined.book, folders, request)
    made = fleet.made(wanted, examined.book, folders, request)
    return _recorded(made, Recorder(folders, examined.contract, request), report)


def build_all(
    folders: Folders,
    request: Request,
    report: Callable[[Outcome], None],
    fleet: Fleet,
    *,
    only: str | None = None,
    begin: Callable[[Examined], None] = lambda _: None,
) -> Iterator[tuple[Examined, tuple[Outcome, ...]]]:
    """Make what is asked for from every contract; `begin` is told of each once it is examined.

    A fleet reads several contracts at the same time; what is told, saved and recorded is the same
    as when they are built one after another.
    """
    names = [folder.name for folder in find_contracts(folders.data)]
    surveyed = fleet.surveyed(names, folders, request) if only is None else None
    if surveyed is None:
        for examined in examine(folders, only):
            begin(examined)
            yield examined, build(examined, folders, request, report, fleet)
        return
    for found in surveyed:
        begin(found.examined)
        recorder = Recorder(folders, found.examined.contract, request)
        yield found.examined, _recorded(found.made, recorder, report)


def considered(book: ContractBook, folders: Folders, request: Request) -> tuple[Wanted, ...]:
    """Return the deliverables asked for: those to make, and what becomes of those left alone."""
    return tuple(
        _left_alone(planned, book, folders, request) or planned
        for planned in plan(book, folders, request.as_of)
        if request.wants(planned.deliverable)
    )


def _recorded(
    made: Iterator[Made], recorder: Recorder, report: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    """Put in place, record and report what is made; also what was, when the rest fails."""
    outcomes: list[Outcome] = []

    def tell(several: Iterator[Outcome]) -> None:
        for outcome in several:
            report(outcome)
            outcomes.append(outcome)

    try:
        for one in made:
            tell(recorder.take(one))
    finally:
        tell(recorder.flush())
    return tuple(outcomes)


def _left_alone(
    planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> Outcome | None:
    """Return why a deliverable is not made: impossible, blocked, edited by hand, or current."""
    deliverable, standing, reasons = planned.deliverable, planned.standing, planned.reasons
    file = folders.contract(deliverable.contract) / planned.made.file if planned.made else None
    if planned.finished and not request.replace_edited:
        remedy = say("final, so kept; --replace makes a new draft and leaves the final document")
        return Outcome(
            deliverable=deliverable, result=Result.KEPT, file=file, reasons=(*reasons, remedy)
        )
    if planned.finished and deliverable.blockers:
        standing = Standing.BLOCKED
        reasons = tuple(blocker.reason for blocker in deliverable.blockers)
    if standing in (Standing.NOT_YET, Standing.BLOCKED) and not waived(deliverable, request):
        result = Result.NOT_YET if standing is Standing.NOT_YET else Result.BLOCKED
        return Outcome(deliverable=deliverable, result=result, reasons=reasons)
    if request.copy_of(deliverable):
        return None
    if standing is Standing.EDITED and not (request.replace_edited or request.keep_edits):
        remedy = say(
            "edited by hand, so kept; --keep-edits makes it anew with what was written in it, "
            "--replace without; both keep the edited file"
        )
        return Outcome(deliverable=deliverable, result=Result.KEPT, file=file, reasons=(remedy,))
    if standing is Standing.MADE and not _worth_a_look(planned, book, folders, request):
        return Outcome(deliverable=deliverable, result=Result.UNCHANGED, file=file)
    return None


def _worth_a_look(planned: Planned, book: ContractBook, folders: Folders, request: Request) -> bool:
    """Return whether a draft might come out otherwise than it did: of other things, or of more."""
    made, deliverable = planned.made, planned.deliverable
    if made is None or request.replace_edited or to_be_paged(made, request):
        return True
    if request.only_needed and made.as_of > request.as_of:
        return False
    options = options_of(made) if request.options is None else request.options
    return made.recipe != recipe_of(deliverable.key, options, book, folders, request.as_of)


def waived(deliverable: Deliverable, request: Request) -> bool:
    """Return whether all that blocks a deliverable is set aside by the request (--anyway)."""
    blockers = deliverable.blockers
    return request.anyway and bool(blockers) and all(blocker.waivable for blocker in blockers)
