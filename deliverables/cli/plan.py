"""What the contract calls for, when, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from deliverables import Plan, Planned, Project
from deliverables.cli.answer import (
    CHECK,
    Answer,
    Aside,
    Exit,
    Table,
    Workplace,
    as_of_option,
    contract_option,
    due_shown,
    due_text,
    errors_of,
    format_option,
    full_option,
    part_called,
    problem_facts,
    reason_facts,
    require_contract,
    status_facts,
    unfinished,
)
from deliverables.status import SPOKEN, Stage
from deliverables.values.calendar import Deadline, Settled, Side
from deliverables.values.problem import Message, clauses, is_unfinished, say

if TYPE_CHECKING:
    from deliverables.values.fault import Fault


@click.command("plan")
@contract_option
@as_of_option
@full_option
@format_option
@click.pass_obj
def plan_command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Show every document the contract calls for, when, and what stands in its way.

    \b
    Example: deliverables plan --as-of 2026-11-02
    """
    plans = Project(workplace.folders).plan(as_of, contract=contract)
    require_contract(workplace, contract, [one.contract for one in plans])
    workplace.answer(_Plans(as_of, plans), form)


@dataclass(frozen=True, slots=True)
class _Plans(Answer):
    """What each contract calls for on a day."""

    as_of: date
    plans: tuple[Plan, ...]

    def lines(self, language: str) -> Iterator[Aside | Message | Table]:
        for item in self.plans:
            yield from map(Aside, errors_of(item.problems))
            if is_unfinished(item.problems):
                yield Aside(unfinished(item.contract, item.problems))
            if not item.documents:
                continue
            yield say("{contract} as of {day}", contract=item.contract, day=self.as_of)
            yield Table(
                [
                    say("Document"),
                    say("Part"),
                    say("Possible from"),
                    say("Due"),
                    say("State"),
                    say("Why"),
                    say("Article"),
                ],
                [_planned_row(one, language) for one in item.in_time],
                aside=(2, 6),
            )

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [
                {
                    "contract": item.contract,
                    "sound": item.sound,
                    "problems": [problem_facts(one, language) for one in item.problems],
                    "deliverables": [_planned_facts(one, language) for one in item.in_time],
                }
                for item in self.plans
            ]
        }

    @property
    def code(self) -> Exit:
        return Exit.DONE if all(item.sound for item in self.plans) else Exit.BAD_DATA

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(item.fault for item in self.plans if item.fault)

    @property
    def next(self) -> Message:
        if self.code is not Exit.DONE:
            return CHECK
        documents = [one for item in self.plans for one in item.documents]
        if any(one.status.stage is Stage.READY and not one.deliverable.on_demand
               for one in documents):  # fmt: skip
            return say("next: deliverables build --due --as-of {day} makes what is ready",
                       day=self.as_of)  # fmt: skip
        return say("next: supply what is missing; the table says what, and from which day on")


def _planned_row(planned: Planned, language: str) -> list[object]:
    one = planned.deliverable
    return [
        one.called,
        part_called(one.part, one.part_name),
        one.possible_from,
        _due(one.due),
        SPOKEN[planned.status.word],
        clauses(planned.reasons) if planned.reasons else "—",
        one.article,
    ]


def _due(due: Deadline | None) -> object:
    """Return a deadline as the table has it; one by which the client must act says so."""
    day = due_shown(due)
    if due is not None and due.whose is Side.CLIENTS:
        return say("{day} (client)", day=day)
    return day


def _planned_facts(one: Planned, language: str) -> dict[str, object]:
    return {
        "kind": one.deliverable.kind,
        "part": one.deliverable.part,
        "title": one.deliverable.title,
        "possible_from": one.deliverable.possible_from,
        "due": None if one.deliverable.due is None else due_text(one.deliverable.due),
        "due_of": one.deliverable.due and one.deliverable.due.whose.name.lower(),
        "due_is_provisional": not isinstance(one.deliverable.due, Settled | None),
        **status_facts(one.status),
        "reasons": [reason_facts(reason, language) for reason in one.reasons],
        "article": one.deliverable.article,
        "file": one.made.file if one.made else None,
    }
