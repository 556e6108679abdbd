"""deliverables status: what was made, and whether it is still current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    contract_option,
    format_option,
    print_json,
    status_facts,
    tell_next,
)
from deliverables.cli.stages import Stages
from deliverables.files import sha256_of
from deliverables.folders import Folders
from deliverables.kinds import kinds
from deliverables.register import Entry, lives, read_register, status_of
from deliverables.status import SPOKEN, Condition, Status
from deliverables.values.problem import Problem, Severity, clauses, listed, say

if TYPE_CHECKING:
    from deliverables.cli.recorded import Recorded
    from deliverables.compare import FigureChange
    from deliverables.model.book import ContractBook

_MOST = 3
"""How many changes of a document are told; diff tells all of them."""

Changes = Mapping[str, Sequence["FigureChange"]]
"""The figures that would change, by deliverable."""


@click.command("status")
@contract_option
@click.option("--figures", is_flag=True, help="Tell which figures of stale documents would change.")
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    contract: str | None,
    figures: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Show what was made, from which day's data, and whether it is still current.

    \b
    Example: deliverables status
    """
    folders = workplace.folders
    registers = sorted(workplace.out.glob("*/register.jsonl"))
    found = [path.parent.name for path in registers if contract in (None, path.parent.name)]
    stages = {number: Stages(workplace, number) for number in found}
    answers = [(number, *_standing(folders, number)) for number in found]
    changes = {number: _changes(workplace, number, made) if figures else {}
               for number, made, _ in answers}  # fmt: skip
    if form == "json":
        print_json(
            [
                _facts(number, made, changes[number], stages[number], workplace)
                for number, made, _ in answers
            ]
        )
    else:
        for number, made, _ in answers:
            _show(number, made, workplace)
            _show_changes(changes[number], workplace)
            stages[number].show()
        if not answers:
            workplace.note(say("nothing has been made yet: deliverables build --due"))
    words = [status.word for _, made, _ in answers for _, status in made]
    tell_next(stale=Condition.STALE in words)
    problems = [problem for _, _, found_problems in answers for problem in found_problems]
    problems += [problem for number in found for problem in stages[number].problems()]
    workplace.show_problems(problems)
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    raise SystemExit(Exit.BAD_DATA if broken else Exit.DONE)


def _standing(
    folders: Folders, number: str
) -> tuple[list[tuple[Entry, Status]], tuple[Problem, ...]]:
    """Return the last draft of each deliverable, and the deliverable's status today."""
    entries, problems = read_register(folders.register(number))
    known = [(life.made, life) for life in lives(entries).values()]
    return [
        (made, life.status(_draft(folders, number, made))) for made, life in known if made
    ], problems


def _draft(folders: Folders, number: str, entry: Entry) -> Status:
    today = {
        name: sha256_of(folders.data / name) if (folders.data / name).exists() else ""
        for name in entry.inputs
    }
    template = folders.template(entry.kind)
    return status_of(
        entry, folders.contract(number), today, sha256_of(template) if template.exists() else ""
    )


def _changes(workplace: Workplace, number: str, made: list[tuple[Entry, Status]]) -> Changes:
    """Return the figures of each stale document that would change if it were made anew."""
    from deliverables.cli.recorded import look_up, sound_book

    stale = [entry for entry, status in made if status.word == Condition.STALE]
    book = sound_book(workplace, number) if stale else None
    folder = workplace.folders.contract(number)
    if book is None:
        return {}
    recorded = {entry.deliverable: look_up(workplace, folder / entry.file) for entry in stale}
    found = {key: _changes_of(workplace, one, book) for key, one in recorded.items() if one}
    return {key: changes for key, changes in found.items() if changes is not None}


def _changes_of(
    workplace: Workplace, recorded: Recorded, book: ContractBook
) -> Sequence[FigureChange] | None:
    from deliverables.cli.diff import against_today
    from deliverables.compare import Again
    from deliverables.draft import NoLongerDueError, recompose

    try:
        now = Again(recompose(recorded.entry, book, workplace.folders))
    except NoLongerDueError as gone:
        workplace.note(say("{file}: {reason}", file=recorded.file.name, reason=gone.message))
        return None
    return against_today(recorded, book, workplace.folders, now).figures


def _show_changes(changes: Changes, workplace: Workplace) -> None:
    for key, figures in changes.items():
        first = [f"{one.key} {one.before} → {one.after}" for one in figures[:_MOST]]
        told = clauses([*first, "…"] if len(figures) > _MOST else first)
        said = say("{key}: {count} figures would change", key=key, count=len(figures))
        if figures:
            said = say("{said}: {figures}", said=said, figures=told)
        click.echo(workplace.spoken(said))


def _show(number: str, made: list[tuple[Entry, Status]], workplace: Workplace) -> None:
    click.echo(number)
    workplace.table(
        [say("Document"), say("Part"), say("As of"), say("State"), say("Changed"), say("File")],
        [
            [
                kinds()[entry.kind].title if entry.kind in kinds() else entry.kind,
                entry.part,
                entry.as_of,
                workplace.spoken(SPOKEN[status.word]),
                listed(status.changed).in_language(workplace.language) or "—",
                entry.file,
            ]
            for entry, status in made
        ],
    )


def _facts(
    number: str,
    made: list[tuple[Entry, Status]],
    changes: Changes,
    stages: Stages,
    workplace: Workplace,
) -> dict[str, object]:
    from deliverables.cli.diff import figure_facts

    return {
        "contract": number,
        "documents": [
            {
                "kind": entry.kind,
                "part": entry.part,
                "file": entry.file,
                "as_of": entry.as_of,
                "made_at": entry.made_at,
                **status_facts(status),
                "figures": [
                    figure_facts(change, workplace) for change in changes.get(entry.deliverable, ())
                ],
                "sha256": entry.sha256,
                "sample": entry.sample,
                "draft": entry.draft,
                **stages.facts(entry.deliverable),
            }
            for entry, status in made
        ],
    }
