"""The whole job, step by step: read, check, plan, compose, render, verify, record.

`build_all` takes every contract through the steps and `build` one of them; `make` is the steps of
one document. A fleet maps them over the processes there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Final

from deliverables.examination import Examined, examine
from deliverables.files.placement import at_work
from deliverables.fleet import Fleet, Made, Steps, Surveyed
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.plan import Outcome, Planned, Request, Wanted, considered
from deliverables.read.files import find_contracts
from deliverables.recorder import Recorder
from deliverables.register import state_of

if TYPE_CHECKING:
    from deliverables.docx.render import Rendered
    from deliverables.draft import Written


def survey(
    contract: str, folders: Folders, request: Request
) -> tuple[Examined, tuple[int, int], Sequence[Wanted]]:
    """Read and check one contract, and plan what is to be made of it, as its register is now."""
    (examined,) = examine(folders, contract, patient=True)  # read, check
    seen = state_of(folders.register(contract))
    try:
        return examined, seen, _planned(examined, folders, request)
    except Exception as fault:  # noqa: BLE001  # it is told with its contract
        return examined.stopped(fault), seen, ()


def _planned(examined: Examined, folders: Folders, request: Request) -> Sequence[Wanted]:
    if examined.book is None or not examined.sound:
        return ()
    return considered(examined.book, folders, request)  # plan


def make(
    planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> Made | Written:
    """Compose, render and verify one document; one whose pages are to be counted waits for that."""
    from deliverables.draft import compose, render  # noqa: PLC0415  # slow to import

    composed = compose(planned, book, folders, request)
    if isinstance(composed, Outcome):  # it says already what it would say
        return composed
    written = render(*composed)
    if isinstance(written, Outcome):  # its template has a fault
        return written
    if request.counts_pages and written.has_contents:
        return written
    return finish(written, written.rendered, folders)


def finish(written: Written, document: Rendered, folders: Folders) -> Made:
    """Verify a document, whose pages may have been counted."""
    from deliverables.draft import verify  # noqa: PLC0415  # slow to import

    return verify(written, document, folders)


STEPS: Final = Steps(survey, make, finish)


def record(
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


def build(
    examined: Examined,
    folders: Folders,
    request: Request,
    report: Callable[[Outcome], None],
    fleet: Fleet | None = None,
) -> tuple[Outcome, ...]:
    """Make the deliverables asked for from one sound contract, reporting each as it is done."""
    if fleet is None:
        with Fleet() as alone:
            return build(examined, folders, request, report, alone)
    register = folders.register(examined.contract)
    seen, wanted = state_of(register), _planned(examined, folders, request)  # plan
    if examined.book is None or not wanted:
        return ()
    changes = any(isinstance(one, Planned) or one.again for one in wanted)
    with at_work(register.parent) if changes else nullcontext():
        if state_of(register) != seen:  # by another run, which was waited for
            wanted = _planned(examined, folders, request)
        made = fleet.made(STEPS, wanted, examined.book, folders, request)  # compose, render, verify
        return record(made, Recorder(folders, examined.contract, request), report)


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
    as when they are built one after another. What stops one contract, or one document, is told with
    it, and the others are made.
    """
    names = [folder.name for folder in find_contracts(folders.data, only)]
    surveyed = fleet.surveyed(STEPS, names, folders, request)
    if surveyed is None:
        for examined in examine(folders, only, patient=True):  # read, check
            begin(examined)
            work = partial(build, examined, folders, request, fleet=fleet)
            yield _unless_stopped(examined, work, report)
        return
    for found in surveyed:  # all steps but the last are taken by the fleet
        begin(found.examined)
        work = partial(_recorded, found, folders, request)
        yield _unless_stopped(found.examined, work, report)


def _recorded(
    found: Surveyed, folders: Folders, request: Request, report: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    """Record what the fleet made of a contract; another run may have changed it meanwhile."""
    contract = found.examined.contract
    if not found.examined.sound:
        return record(found.made, Recorder(folders, contract, request), report)
    register = folders.register(contract)
    with at_work(register.parent):
        if state_of(register) == found.seen:
            return record(found.made, Recorder(folders, contract, request), report)
        (examined,) = examine(folders, contract, patient=True)
        return build(examined, folders, request, report)


def _unless_stopped(
    examined: Examined,
    made: Callable[..., tuple[Outcome, ...]],
    report: Callable[[Outcome], None],
) -> tuple[Examined, tuple[Outcome, ...]]:
    """Return a contract with what was made of it; what stops it does not stop the others."""
    told: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        told.append(outcome)
        report(outcome)

    try:
        return examined, made(report=tell)
    except BrokenPipeError:  # nobody listens any more
        raise
    except Exception as fault:  # noqa: BLE001  # it is told with its contract
        return examined.stopped(fault), tuple(told)
