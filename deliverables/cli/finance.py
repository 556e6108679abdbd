"""deliverables finance: what finance has to do next, and until when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    format_option,
    print_json,
    require_contract,
    tell_next,
)
from deliverables.examination import examine
from deliverables.orders import Examined
from deliverables.values.calendar import Provisional, Settled
from deliverables.values.money import format_yuan
from deliverables.values.problem import Severity, say

if TYPE_CHECKING:
    from deliverables.finance.tasks import Task


@click.command("finance")
@contract_option
@as_of_option
@format_option
@click.pass_obj
def command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Show what finance has to do next: invoices, requests, payments, claims and tax.

    A contract whose data have errors is left out, and its errors are shown.

    \b
    Example: deliverables finance --as-of 2026-11-02
    """
    from deliverables.finance.tasks import tasks

    folders = workplace.folders
    examined = list(examine(folders, contract))
    require_contract(workplace, contract, [item.contract for item in examined])
    found = [
        (item, tasks(item.book, folders, as_of) if item.book and item.sound else ())
        for item in examined
    ]
    if form == "json":
        print_json([_facts(item, todo, workplace.language) for item, todo in found])
    for item, todo in found:
        workplace.show_problems(
            problem for problem in item.problems if problem.severity is Severity.ERROR
        )
        if form != "json" and item.sound:
            _show(item, todo, workplace, as_of)
    commands = [task.command for _, todo in found for task in todo if task.ours and task.command]
    tell_next(command=commands[0] if commands else "")
    sound = all(item.sound for item in examined)
    raise SystemExit(Exit.DONE if sound else Exit.BAD_DATA)


def _show(item: Examined, todo: tuple[Task, ...], workplace: Workplace, as_of: date) -> None:
    click.echo(workplace.spoken(say("{contract} as of {day}", contract=item.contract, day=as_of)))
    if not todo:
        click.echo(workplace.spoken(say("nothing is to be done")))
        return
    headers = [say("Until"), say("Instalment"), say("What"), say("Amount (yuan)"), say("Command")]
    workplace.table(headers, [_row(task, workplace) for task in todo])


def _row(task: Task, workplace: Workplace) -> list[str]:
    what = workplace.spoken(task.what)
    if task.net is not None and task.tax is not None:
        split = say("net {net}, tax {tax}", net=format_yuan(task.net), tax=format_yuan(task.tax))
        what += f" ({workplace.spoken(split)})"
    return [
        _until(task, workplace),
        str(task.instalment or "—"),
        what,
        "—" if task.amount is None else format_yuan(task.amount),
        task.command or "—",
    ]


def _until(task: Task, workplace: Workplace) -> str:
    if task.by is None:
        return workplace.spoken(say("no day"))
    if isinstance(task.by, Provisional):
        days = f"{task.by.earliest} – {task.by.latest}"
        day = f"{days}\n{workplace.spoken(say('provisional'))}"
    else:
        day = task.by.date.isoformat()
    lines = [day]
    if not task.ours:
        lines.append(workplace.spoken(say("the client's day")))
    if task.days_late:
        lines.append(workplace.spoken(say("{days} days overdue", days=task.days_late)))
    return "\n".join(lines)


def _facts(item: Examined, todo: tuple[Task, ...], language: str) -> dict[str, object]:
    return {
        "contract": item.contract,
        "sound": item.sound,
        "tasks": [
            {
                "step": task.step.value,
                "instalment": task.instalment,
                "what": task.what.in_language(language),
                "by": task.by.date if isinstance(task.by, Settled) else None,
                "earliest": task.by.earliest if isinstance(task.by, Provisional) else None,
                "latest": task.by.latest if isinstance(task.by, Provisional) else None,
                "whose": None if task.by is None else task.by.whose.name.lower(),
                "days_overdue": task.days_late,
                "amount": _plain(task.amount),
                "net": _plain(task.net),
                "tax": _plain(task.tax),
                "command": task.command or None,
            }
            for task in todo
        ],
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
