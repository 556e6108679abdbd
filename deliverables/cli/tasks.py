"""How what is still to be filled in is shown: as a list to work through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import click

from deliverables.cli.workplace import Workplace
from deliverables.message import say
from deliverables.problem import Problem, Severity
from deliverables.todo import TO_FILL, Section, Task, sections


def show_tasks(problems: Sequence[Problem], workplace: Workplace) -> None:
    """Print what else is wrong, then the list of what is to be filled in, in order."""
    workplace.show_problems(
        (problem for problem in problems if problem.severity is not Severity.GAP), err=False
    )
    explained: set[str] = set()
    by_file = groupby(sections(problems), lambda section: section.file)
    for number, (file, found) in enumerate(by_file, 1):
        listed = list(found)
        click.echo(f"{number}. {file}{_counted(listed, workplace)}")
        for section in listed:
            if section.title:
                click.echo(f"   {section.title}")
            for task in section.tasks:
                click.echo(f"     {_told(task, explained, workplace)}")


def tell_unfinished(contract: str, problems: Sequence[Problem], workplace: Workplace) -> None:
    """Say in one line that nothing can be planned or made yet, and where the list is."""
    count = sum(problem.code == TO_FILL for problem in problems)
    workplace.note(
        say(
            "{contract}: not ready, {count} facts that every document needs are still 【待补】; "
            "deliverables check --contract {contract} lists them",
            contract=contract,
            count=count,
        )
    )


def _counted(listed: Sequence[Section], workplace: Workplace) -> str:
    facts = [task for section in listed if section.title for task in section.tasks]
    if not facts:
        return ""
    needed = sum(task.needed for task in facts)
    message = say(
        "write in place of 【待补】: {needed} facts now, {later} can wait",
        needed=needed,
        later=len(facts) - needed,
    )
    return f"  {workplace.spoken(message)}"


def _told(task: Task, explained: set[str], workplace: Workplace) -> str:
    """Return a task in one line; what was explained further up is not explained again."""
    what, how = workplace.spoken(task.what), workplace.spoken(task.how) if task.how else ""
    if task.line:
        when = say("now") if task.needed else say("can wait")
        what = workplace.spoken(say("[{when}] line {line}  {what}", when=when, line=task.line,
                                    what=what))  # fmt: skip
    if not how or how in explained:
        return what
    explained.add(how)
    return workplace.spoken(say("{what}: {how}", what=what, how=how))
