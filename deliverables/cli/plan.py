"""deliverables plan: every document the contract calls for."""

from __future__ import annotations

from datetime import date

import click

from deliverables import Project
from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    for_reading,
    format_option,
    print_json,
    require_contract,
    status_facts,
    tell_next,
    tell_unfinished,
)
from deliverables.plan import Plan, Planned
from deliverables.setup import is_unfinished
from deliverables.status import SPOKEN, Stage
from deliverables.values.calendar import Deadline, Settled, Side
from deliverables.values.problem import Severity, clauses, say


@click.command("plan")
@contract_option
@as_of_option
@format_option
@click.pass_obj
def command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Show every document the contract calls for, when, and what stands in its way.

    \b
    Example: deliverables plan --as-of 2026-11-02
    """
    plans = Project(workplace.folders).plan(as_of, contract=contract)
    require_contract(workplace, contract, [one.contract for one in plans])
    if form == "json":
        print_json([_facts(one, workplace.language) for one in plans])
    else:
        for one in plans:
            _show(one, workplace, as_of)
    stages = [one.status.stage for found in plans for one in found.documents]
    tell_next(ready=Stage.READY in stages, day=as_of)
    sound = all(one.sound for one in plans)
    raise SystemExit(Exit.DONE if sound else Exit.BAD_DATA)


def _show(item: Plan, workplace: Workplace, as_of: date) -> None:
    workplace.show_problems(
        problem for problem in item.problems if problem.severity is Severity.ERROR
    )
    if is_unfinished(item.problems):
        tell_unfinished(item.contract, item.problems, workplace)
    if item.documents:
        click.echo(
            workplace.spoken(say("{contract} as of {day}", contract=item.contract, day=as_of))
        )
        workplace.table(
            [
                say("Document"),
                say("Part"),
                say("Possible from"),
                say("Due"),
                say("State"),
                say("Why"),
                say("Article"),
            ],
            [_row(one, workplace) for one in item.documents],
        )


def _row(planned: Planned, workplace: Workplace) -> list[object]:
    one = planned.deliverable
    return [
        one.called,
        one.part,
        one.possible_from,
        _due(one.due, workplace),
        workplace.spoken(SPOKEN[planned.status.word]),
        clauses(planned.reasons).in_language(workplace.language) or "—",
        one.article,
    ]


def _due(due: Deadline | None, workplace: Workplace) -> object:
    """Return a deadline as the table has it; one by which the client must act says so."""
    day = due.date if isinstance(due, Settled) else due_text(due)
    if due is not None and due.whose is Side.CLIENTS:
        return workplace.spoken(say("{day} (client)", day=for_reading(day, workplace.language)))
    return day


def due_text(due: Deadline | None) -> str:
    """Return a deadline for reading; a provisional one stays a range and says so."""
    if due is None:
        return "—"
    return due.date.isoformat() if isinstance(due, Settled) else str(due)


def _facts(item: Plan, language: str) -> dict[str, object]:
    return {
        "contract": item.contract,
        "sound": item.sound,
        "deliverables": [
            {
                "kind": one.deliverable.kind,
                "part": one.deliverable.part,
                "title": one.deliverable.title,
                "possible_from": one.deliverable.possible_from,
                "due": None if one.deliverable.due is None else due_text(one.deliverable.due),
                "due_of": one.deliverable.due and one.deliverable.due.whose.name.lower(),
                "due_is_provisional": not isinstance(one.deliverable.due, Settled | None),
                **status_facts(one.status),
                "reasons": [reason.in_language(language) for reason in one.reasons],
                "article": one.deliverable.article,
                "file": one.made.file if one.made else None,
            }
            for one in item.documents
        ],
    }
