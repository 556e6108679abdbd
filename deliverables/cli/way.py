"""What the commands on the way to the seal share: the file they mean, and how they answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from deliverables.cli.answer import Exit, Workplace, print_json, problem_facts
from deliverables.examination import examine
from deliverables.orders import Examined
from deliverables.plan import Planned, clock, plan
from deliverables.register import SPOKEN, Life, find_document
from deliverables.seal import Event, Recorded, record
from deliverables.values.calendar import Settled
from deliverables.values.problem import Message, Severity, say
from deliverables.verification import Recognised, Registers, UnknownFileError
from deliverables.verify.base import NewerFormatError
from deliverables.verify.document import UnreadableDocumentError

DAY = click.DateTime(["%Y-%m-%d"])

NEWER = say("a newer version of deliverables made this file: update, then verify it again")
"""What to say of a file that this version cannot judge."""

F = TypeVar("F", bound=Callable[..., Any])


def file_argument(command: F) -> F:
    """Add FILE: a draft, a final document or its PDF."""
    kind = click.Path(path_type=Path, exists=True, dir_okay=False)
    return click.argument("file", type=kind)(command)


def day_option(command: F) -> F:
    """Add --date: the day on which it happened."""
    return click.option("--date", "day", type=DAY, required=True, metavar="DATE",
                        help="The day it happened, as the paper says.")(command)  # fmt: skip


def again_option(command: F) -> F:
    """Add --again: to correct what was recorded."""
    words = "Correct what was recorded; the earlier entry stays."
    return click.option("--again", is_flag=True, help=words)(command)


def known(workplace: Workplace, file: Path) -> tuple[Examined, Planned]:
    """Return the contract and the deliverable that a file belongs to, or end the command."""
    folders = workplace.folders
    found = find_document(workplace.out, file)
    if found is None:
        workplace.note(say("{file}: no register knows this file", file=file))
        raise SystemExit(Exit.WRONG_USE)
    contract, key = found
    for examined in examine(folders, contract):
        for planned in plan(examined.book, folders, date.max) if examined.book else ():
            if planned.deliverable.key == key:
                return examined, planned
        workplace.show_problems(
            problem for problem in examined.problems if problem.severity is Severity.ERROR
        )
    workplace.note(say("{file}: the data of {contract} no longer call for {key}", file=file,
                       contract=contract, key=key))  # fmt: skip
    raise SystemExit(Exit.BAD_DATA)


def recognised(workplace: Workplace, file: Path) -> Recognised:
    """Return which recorded document a file is, wherever it lies, or end the command."""
    try:
        return Registers(workplace.folders).recognise(file)
    except (UnknownFileError, UnreadableDocumentError, NewerFormatError) as fault:
        why = NEWER if isinstance(fault, NewerFormatError) else _reason(fault)
        workplace.note(say("{file}: {reason}", file=file, reason=why))
        raise SystemExit(Exit.WRONG_USE) from fault


def _reason(fault: UnknownFileError | UnreadableDocumentError) -> Message:
    return fault.message if isinstance(fault, UnknownFileError) else fault.reason


def draft_of(workplace: Workplace, file: Path) -> tuple[Examined, Planned, Path | None]:
    """Return the contract and the deliverable whose newest draft a file is, and where that lies.

    None for the place means the one where it was made.
    """
    if find_document(workplace.out, file) is not None:
        return *known(workplace, file), None
    found = recognised(workplace, file)
    lies = workplace.folders.contract(found.contract) / found.entry.file
    examined, planned = known(workplace, lies)
    if found.claimed or planned.made is None or planned.made.base != found.entry.base:
        workplace.note(
            say(
                "{file}: it is no copy of the newest draft of {key}; "
                "deliverables verify tells more",
                file=file,
                key=found.entry.deliverable,
            )
        )
        raise SystemExit(Exit.WRONG_USE)
    return examined, planned, file


def run_event(workplace: Workplace, file: Path, event: Event, form: str) -> Recorded:
    """Record an event and say so; end the command if it was refused."""
    examined, planned = known(workplace, file)
    recorded = record(planned, workplace.folders, event)
    if form == "json":
        print_json([_facts(examined, planned, recorded, workplace.language)])
    elif recorded.entry:
        label = workplace.spoken(SPOKEN[event.stage])
        one = planned.deliverable
        click.echo(f"{label}  {one.title}  {event.day}")
        if recorded.paper:
            click.echo(f"      {recorded.paper.as_posix()}")
            click.echo(f"      SHA-256 {recorded.entry.sha256}")
    workplace.show_problems(recorded.problems)
    if recorded.entry is None:
        raise SystemExit(Exit.BAD_DATA)
    running = (
        clock(recorded.life, planned.deliverable.kind, examined.book) if examined.book else None
    )
    if running:
        workplace.note(running.message)
    return recorded


def now() -> datetime:
    """Return the moment, for the register."""
    return datetime.now(UTC)


def clock_facts(life: Life, examined: Examined, language: str) -> dict[str, object]:
    """Return the clock that runs for a document, for another program."""
    kind = life.key.partition("/")[0]
    running = clock(life, kind, examined.book) if examined.book else None
    if running is None or running.due is None:
        return {"due": None, "due_is_provisional": False}
    settled = isinstance(running.due, Settled)
    return {
        "due": running.due.date.isoformat()
        if isinstance(running.due, Settled)
        else str(running.due),
        "due_is_provisional": not settled,
        "due_means": running.message.in_language(language),
    }


def _facts(
    examined: Examined, planned: Planned, recorded: Recorded, language: str
) -> dict[str, object]:
    entry = recorded.entry
    return {
        "contract": examined.contract,
        "kind": planned.deliverable.kind,
        "part": planned.deliverable.part,
        "recorded": entry is not None,
        "stages": {stage.value: day for stage, day in recorded.life.days},
        "paper": recorded.paper.as_posix() if recorded.paper else None,
        "sha256": entry.sha256 if entry else None,
        **clock_facts(recorded.life, examined, language),
        "problems": [problem_facts(problem, language) for problem in recorded.problems],
    }
