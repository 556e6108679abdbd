"""deliverables status: what was made, and whether it is still current."""

from __future__ import annotations

import click

from deliverables.cli.workplace import Exit, Workplace, contract_option, format_option, print_json
from deliverables.files import sha256_of
from deliverables.folders import Folders
from deliverables.kind import kinds
from deliverables.message import say
from deliverables.problem import Problem, Severity
from deliverables.register import Condition, Entry, State, latest, read_register, state_of

CONDITIONS = {
    Condition.CURRENT: say("current"),
    Condition.STALE: say("stale"),
    Condition.EDITED: say("edited by hand"),
    Condition.MISSING: say("missing"),
}


@click.command("status")
@contract_option
@format_option
@click.pass_obj
def command(workplace: Workplace, contract: str | None, form: str) -> None:
    """Show what was made, from which day's data, and whether it is still current.

    \b
    Example: deliverables status
    """
    folders = workplace.folders
    registers = sorted(workplace.out.glob("*/register.jsonl"))
    found = [path.parent.name for path in registers if contract in (None, path.parent.name)]
    answers = [(number, *_standing(folders, number)) for number in found]
    if form == "json":
        print_json([_facts(number, made) for number, made, _ in answers])
    else:
        for number, made, _ in answers:
            _show(number, made, workplace)
        if not answers:
            workplace.note(say("nothing has been made yet: deliverables build --due"))
    problems = [problem for _, _, found_problems in answers for problem in found_problems]
    workplace.show_problems(problems)
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    raise SystemExit(Exit.BAD_DATA if broken else Exit.DONE)


def _standing(
    folders: Folders, number: str
) -> tuple[list[tuple[Entry, State]], tuple[Problem, ...]]:
    """Return the last entry of each deliverable with its state today."""
    entries, problems = read_register(folders.register(number))
    newest = [latest(entries, key) for key in dict.fromkeys(entry.deliverable for entry in entries)]
    return [(entry, _state(folders, number, entry)) for entry in newest if entry], problems


def _state(folders: Folders, number: str, entry: Entry) -> State:
    today = {
        name: sha256_of(folders.data / name) if (folders.data / name).exists() else ""
        for name in entry.inputs
    }
    template = folders.template(entry.kind)
    return state_of(
        entry, folders.contract(number), today, sha256_of(template) if template.exists() else ""
    )


def _show(number: str, made: list[tuple[Entry, State]], workplace: Workplace) -> None:
    click.echo(number)
    workplace.table(
        [say("Document"), say("Part"), say("As of"), say("State"), say("Changed"), say("File")],
        [
            [
                kinds()[entry.kind].title if entry.kind in kinds() else entry.kind,
                entry.part,
                str(entry.as_of),
                workplace.spoken(CONDITIONS[state.condition]),
                ", ".join(state.changed) or "—",
                entry.file,
            ]
            for entry, state in made
        ],
    )


def _facts(number: str, made: list[tuple[Entry, State]]) -> dict[str, object]:
    return {
        "contract": number,
        "documents": [
            {
                "kind": entry.kind,
                "part": entry.part,
                "file": entry.file,
                "as_of": entry.as_of,
                "made_at": entry.made_at,
                "state": state.condition.value,
                "changed": list(state.changed),
                "sha256": entry.sha256,
                "sample": entry.sample,
                "draft": entry.draft,
            }
            for entry, state in made
        ],
    }
