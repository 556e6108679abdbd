"""A run: what is asked of all contracts made, its pages counted, its PDFs printed, followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deliverables.examination import Examined, examine
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.plan import Outcome, Request, is_uncounted
from deliverables.read.files import find_contracts
from deliverables.register import lives, read_register

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from deliverables.pdf.press import PressReport, Printout
    from deliverables.pdf.print_set import Laid
    from deliverables.values.fault import Fault

_THERE: Final = (Result.MADE, Result.UNCHANGED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Built(Examined):
    """A contract as it was read and checked, and what became of its documents."""

    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run from its beginning on: what was asked for, of how many contracts, what became of it.

    `ended` is when it was told, a moment with a zone.
    """

    request: Request
    ended: datetime
    of: int
    done: tuple[Built, ...]
    pressed: PressReport
    print_set: Laid | None = None

    @property
    def whole(self) -> bool:
        """Whether it came to its last contract."""
        return len(self.done) >= self.of

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of every document, whatever its contract."""
        return tuple(outcome for built in self.done for outcome in built.outcomes)

    @property
    def counts(self) -> Mapping[Result, int]:
        """How many documents came to which end."""
        return Counter(outcome.result for outcome in self.outcomes)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of the program that contracts and documents met."""
        met = (*(built.fault for built in self.done), *(one.fault for one in self.outcomes))
        return tuple(fault for fault in met if fault)

    @property
    def broken(self) -> tuple[Built, ...]:
        """The contracts whose data have errors, or at which the program failed."""
        return tuple(built for built in self.done if not built.sound)


class Watch:
    """Who follows a run; whoever wants to know more than its end says so in a class of his own."""

    def begun(self, run: Run) -> None:
        """Be told that a run begins, and of how many contracts."""

    def read(self, examined: Examined) -> None:
        """Be told of a contract that was read and checked, before anything is made of it."""

    def made(self, outcome: Outcome) -> None:
        """Be told what became of a document."""

    def done(self, run: Run) -> None:
        """Be told that a contract is done, the last one of the run so far."""

    def printed(self, printout: Printout) -> None:
        """Be told what became of a PDF."""


def run(
    folders: Folders,
    request: Request,
    watch: Watch,
    clock: Callable[[], datetime],
    *,
    contract: str | None = None,
    pages: bool = False,
    pdf: bool = False,
    print_to: Path | None = None,
    jobs: int | None = 1,
    executor: Executor | None = None,
) -> Run:
    """Make what is asked for from every contract, or the one named; return what became of it.

    `pages` has LibreOffice count the pages of contents and `pdf` lay a PDF beside each document, as
    far as it is there; all of them go into the file `print_to`, if one is given. `jobs` None is
    one process a core; what an `executor` is given is made there.

    Raises:
        PlaceTakenError: What lies at `print_to` is something else.
    """
    from deliverables.build import build_all  # slow to import
    from deliverables.fleet import Fleet, cores
    from deliverables.pdf.press import PressReport, press_of

    if print_to is not None:
        from deliverables.pdf.print_set import require_place

        require_place(print_to)
    pdf = pdf or print_to is not None
    of = len(find_contracts(folders.data, contract))
    so_far = Run(request=request, ended=clock(), of=of, done=(), pressed=PressReport())
    watch.begun(so_far)
    with (
        press_of(folders, pdf=pdf, pages=pages) as press,
        Fleet(jobs or cores(), executor) as fleet,
    ):

        def report(outcome: Outcome) -> None:
            watch.made(outcome)
            press.put(outcome)

        asked = replace(request, paginate=press.paginate) if pages else request
        for one, outcomes in build_all(
            folders, asked, report, fleet, only=contract, begin=watch.read
        ):
            done = (*so_far.done, _built(one, outcomes))
            so_far = replace(so_far, done=done, ended=clock())
            watch.done(so_far)
        printouts = []
        for printout in press.printouts(request.moment, request.command):
            watch.printed(printout)
            printouts.append(printout)
        pressed = press.done(printouts)
        laid = None
        if print_to is not None:
            from deliverables.pdf.print_set import lay

            known = (
                (book, built.outcomes)
                for built in so_far.done
                if built.outcomes and (book := book_of(built, folders))
            )
            printed = pressed.by_document
            laid = lay(print_to, known, printed, folders, press.printer, as_of=request.as_of)
    if not pages:
        pressed = replace(pressed, uncounted=_uncounted(so_far.done, folders))
    return replace(so_far, pressed=pressed, print_set=laid, ended=clock())


def _built(examined: Examined, outcomes: tuple[Outcome, ...]) -> Built:
    return Built(
        contract=examined.contract,
        book=examined.book,
        problems=examined.problems,
        elsewhere=examined.elsewhere,
        private=examined.private,
        fault=examined.fault,
        outcomes=outcomes,
    )


def book_of(built: Built, folders: Folders) -> ContractBook | None:
    """Return the book of a contract that is done, read again if another process had read it."""
    if not built.elsewhere:
        return built.book
    return next((one.book for one in examine(folders, built.contract)), None)


def _uncounted(done: Sequence[Built], folders: Folders) -> int:
    """Return how many documents that are there have contents whose pages were not counted."""
    count = 0
    for built in done:
        made = {one.deliverable.key for one in built.outcomes if one.result in _THERE}
        entries, _ = read_register(folders.register(built.contract)) if made else ((), ())
        known = lives(entries)
        count += sum(key in known and is_uncounted(known[key].made) for key in made)
    return count
