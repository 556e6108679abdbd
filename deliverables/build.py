"""The whole job: read, check, plan, compose, render, verify, record.

`examination` reads and checks, `selection` plans what is to be made, `making` composes, renders and
verifies a draft, in this process or by a fleet of others; `recording` puts it in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deliverables.examination import examine
from deliverables.fleet import Fleet, Made
from deliverables.folders import Folders
from deliverables.orders import Examined, Outcome, Request
from deliverables.plan import considered
from deliverables.read.files import find_contracts
from deliverables.recorder import Recorder


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
