"""deliverables check: every problem and every assumption at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from deliverables.acceptance import acceptance_closure, sealed_closure
from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    format_option,
    print_json,
    problem_facts,
    require_contract,
    show_tasks,
    tell_next,
)
from deliverables.cli.unclaimed import Unclaimed, told, unclaimed
from deliverables.compute.assumptions import assumptions
from deliverables.compute.open_points import open_points
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.orders import Examined
from deliverables.read.contract_text import UnreadableTextError, read_contract_text
from deliverables.read.files import TEXT_FILE
from deliverables.register import read_register
from deliverables.setup import is_unfinished
from deliverables.values.problem import Severity, say


@click.command("check")
@contract_option
@as_of_option
@format_option
@click.pass_obj
def command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Read everything and show every problem and every assumption at once.

    \b
    Example: deliverables check --contract SXYSR202604152
    """
    folders = workplace.folders
    examined = [_closed(item, folders, as_of) for item in examine(folders, contract)]
    require_contract(workplace, contract, [item.contract for item in examined])
    if form == "json":
        print_json([_facts(item, as_of, workplace) for item in examined])
    else:
        for item in examined:
            _show(item, as_of, workplace)
    tell_next(unfinished=any(is_unfinished(item.problems) for item in examined))
    sound = all(item.sound for item in examined)
    raise SystemExit(Exit.DONE if sound else Exit.BAD_DATA)


def _closed(item: Examined, folders: Folders, as_of: date) -> Examined:
    """Add what is wrong with the register or in it, and what is open that day."""
    _, register = read_register(folders.register(item.contract))
    if item.book is None:
        return replace(item, problems=(*item.problems, *register))
    found = (*acceptance_closure(item.book, folders), *sealed_closure(item.book, folders))
    open_that_day = open_points(item.book, as_of)
    return replace(item, problems=(*item.problems, *register, *found, *open_that_day))


def _show(item: Examined, as_of: date, workplace: Workplace) -> None:
    if is_unfinished(item.problems):
        show_tasks(item.problems, workplace)
    else:
        workplace.show_problems(item.problems, err=False)
    if item.book is not None:
        for assumption in assumptions(item.book, as_of):
            line = say(
                "{article}: assumed[{code}] {text} (setting: {setting})",
                article=assumption.article,
                code=assumption.code,
                text=assumption.text,
                setting=assumption.setting,
            )
            click.echo(workplace.spoken(line))
    _tell_unclaimed(item, workplace)
    counts = {
        severity: sum(problem.severity is severity for problem in item.problems)
        for severity in Severity
    }
    workplace.note(
        say(
            "{contract}: {errors} errors, {warnings} warnings, {gaps} gaps",
            contract=item.contract,
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            gaps=counts[Severity.GAP],
        )
    )


def _tell_unclaimed(item: Examined, workplace: Workplace) -> None:
    """Say in one line which numbers of the contract's text no fact claims."""
    found = _unclaimed(item, workplace.folders)
    if found is not None:
        file, numbers = found
        workplace.note(told(item.contract, file, numbers))


def _unclaimed(item: Examined, folders: Folders) -> tuple[str, Unclaimed] | None:
    file = folders.data / item.contract / TEXT_FILE
    if item.book is None or not file.exists():
        return None
    try:
        text = read_contract_text(file)
    except UnreadableTextError:
        return None  # a problem says so
    return file.as_posix(), unclaimed(item.book, text)


def _facts(item: Examined, as_of: date, workplace: Workplace) -> dict[str, object]:
    language = workplace.language
    numbers = _unclaimed(item, workplace.folders)
    found = assumptions(item.book, as_of) if item.book else ()
    return {
        "contract": item.contract,
        "sound": item.sound,
        "finished": not is_unfinished(item.problems),
        "problems": [problem_facts(problem, language) for problem in item.problems],
        "assumptions": [
            {"code": one.code, "article": one.article, "text": one.text, "setting": one.setting}
            for one in found
        ],
        "unclaimed": [
            {"article": article, "number": number}
            for article, number in (numbers[1].found if numbers else ())
        ],
    }
