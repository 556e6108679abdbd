"""deliverables check: every problem and every assumption at once."""

from __future__ import annotations

from datetime import date

import click

from deliverables import Project
from deliverables.checks.unclaimed import told
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
from deliverables.examination import Checked
from deliverables.read.files import TEXT_FILE
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
    examined = Project(workplace.folders).check(as_of, contract=contract)
    require_contract(workplace, contract, [item.contract for item in examined])
    if form == "json":
        print_json([_facts(item, workplace.language) for item in examined])
    else:
        for item in examined:
            _show(item, workplace)
    tell_next(unfinished=any(is_unfinished(item.problems) for item in examined))
    sound = all(item.sound for item in examined)
    raise SystemExit(Exit.DONE if sound else Exit.BAD_DATA)


def _show(item: Checked, workplace: Workplace) -> None:
    if is_unfinished(item.problems):
        show_tasks(item.problems, workplace)
    else:
        workplace.show_problems(item.problems, err=False)
    for assumption in item.assumptions:
        line = say(
            "{article}: assumed[{code}] {text} (setting: {setting})",
            article=assumption.article,
            code=assumption.code,
            text=assumption.text,
            setting=assumption.setting,
        )
        click.echo(workplace.spoken(line))
    if item.unclaimed is not None:
        file = workplace.folders.data / item.contract / TEXT_FILE
        workplace.note(told(item.contract, file.as_posix(), item.unclaimed))
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


def _facts(item: Checked, language: str) -> dict[str, object]:
    return {
        "contract": item.contract,
        "sound": item.sound,
        "finished": not is_unfinished(item.problems),
        "problems": [problem_facts(problem, language) for problem in item.problems],
        "assumptions": [
            {"code": one.code, "article": one.article, "text": one.text, "setting": one.setting}
            for one in item.assumptions
        ],
        "unclaimed": [
            {"article": article, "number": number}
            for article, number in (item.unclaimed.found if item.unclaimed else ())
        ],
    }
