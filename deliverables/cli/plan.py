"""deliverables plan: every document the contract calls for."""

from __future__ import annotations

from datetime import date

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    for_reading,
    format_option,
    print_json,
    require_contract,
    tell_next,
    tell_unfinished,
)
from deliverables.examination import examine
from deliverables.orders import Examined
from deliverables.plan import Planned, Standing, plan
from deliverables.setup import is_unfinished
from deliverables.values.calendar import Deadline, Settled, Side
from deliverables.values.problem import Severity, clauses, say

STANDINGS = {
    Standing.NOT_YET: say("not yet possible"),
    Standing.BLOCKED: say("blocked"),
    Standing.READY: say("ready"),
    Standing.MADE: say("made"),
    Standing.STALE: say("stale"),
    Standing.EDITED: say("edited by hand"),
    Standing.FINAL: say("final"),
    Standing.SEALED: say("sealed"),
    Standing.DELIVERED: say("delivered"),
    Standing.ACCEPTED: say("accepted"),
}


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
    examined = list(examine(workplace.folders, contract))
    require_contract(workplace, contract, [item.contract for item in examined])
    plans = [
        (item, plan(item.book, workplace.folders, as_of) if item.book else ()) for item in examined
    ]
    if form == "json":
        print_json([_facts(item, planned, workplace.language) for item, planned in plans])
    else:
        for item, planned in plans:
            _show(item, planned, workplace, as_of)
    standings = [one.standing for _, planned in plans for one in planned]
    tell_next(ready=Standing.READY in standings, day=as_of)
    sound = all(item.sound for item in examined)
    raise SystemExit(Exit.DONE if sound else Exit.BAD_DATA)


def _show(item: Examined, planned: tuple[Planned, ...], workplace: Workplace, as_of: date) -> None:
    workplace.show_problems(
        problem for problem in item.problems if problem.severity is Severity.ERROR
    )
    if is_unfinished(item.problems):
        tell_unfinished(item.contract, item.problems, workplace)
    if planned:
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
            [_row(one, workplace) for one in planned],
        )


def _row(planned: Planned, workplace: Workplace) -> list[object]:
    one = planned.deliverable
    return [
        one.called,
        one.part,
        one.possible_from,
        _due(one.due, workplace),
        workplace.spoken(STANDINGS[planned.standing]),
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


def _facts(item: Examined, planned: tuple[Planned, ...], language: str) -> dict[str, object]:
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
                "state": one.standing.value,
                "reasons": [reason.in_language(language) for reason in one.reasons],
                "article": one.deliverable.article,
                "file": one.made.file if one.made else None,
            }
            for one in planned
        ],
    }
