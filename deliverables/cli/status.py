"""How far each document has come, and what holds of it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from deliverables import Life
from deliverables.cli.answer import (
    DAY,
    Answer,
    Aside,
    Exit,
    Table,
    Workplace,
    by_severity,
    contract_option,
    errors_of,
    figure_facts,
    for_reading,
    format_option,
    full_option,
    part_called,
    status_facts,
    title_of,
)
from deliverables.status import RECORDED, SPOKEN, Condition, Stage
from deliverables.values.calendar import Settled
from deliverables.values.problem import Message, Problem, clauses, listed, say

if TYPE_CHECKING:
    from deliverables import Examined, FigureChange, Progress
    from deliverables.folders import Folders
    from deliverables.values.fault import Fault


_MOST = 3
"""How many changes of a document are told; diff tells all of them."""


def _day_given(ctx: click.Context, parameter: click.Parameter, day: datetime | None) -> date | None:
    return day.date() if day else None


@click.command("status")
@contract_option
@click.option("--figures", is_flag=True, help="Tell which figures of stale documents would change.")
@click.option(
    "--as-of",
    type=DAY,
    callback=_day_given,
    metavar="DATE",
    help="Compose the drafts for this day too: one that would read otherwise is stale.",
)
@full_option
@format_option
@click.pass_obj
def status_command(
    workplace: Workplace,
    contract: str | None,
    figures: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date | None,
    form: str,
) -> None:
    """Show what was made, from which day's data, and whether it is still current.

    \b
    Example: deliverables status --as-of 2027-05-15
    """
    project = workplace.project
    found = tuple(project.status(as_of, contract=contract, figures=figures))
    for one in found:
        for file, why in one.gone.items():
            workplace.note(say("{file}: {reason}", file=PurePosixPath(file).name, reason=why))
        if one.unsound is not None:
            workplace.show_problems(one.unsound)
            workplace.note(
                say("{contract}: its data have errors, so nothing is told", contract=one.contract)
            )
    states = tuple(_States(one, project.folders) for one in found if one.stopped is None)
    failed = tuple(one.stopped for one in found if one.stopped is not None)
    workplace.answer(_Status(states, failed), form)


@dataclass(frozen=True, slots=True)
class _States:
    """The documents of one contract, as they are told."""

    known: Progress
    folders: Folders

    @property
    def contract(self) -> str:
        return self.known.contract

    def lines(self, language: str) -> Iterator[str | Message | Table]:
        yield self.contract
        yield Table(
            [say("Document"), say("Part"), say("As of"), say("State"), say("Changed"), say("File")],
            [
                [
                    title_of(entry, self.folders, self.contract),
                    part_called(entry.part),
                    entry.as_of,
                    SPOKEN[status.word],
                    listed(status.changed) if status.changed else "—",
                    entry.file,
                ]
                for entry, status in self.known.made
            ],
            aside=(5,),
        )
        for key in sorted(self.known.otherwise):
            yield say("{key}: would read otherwise on {day}", key=key, day=self.known.day)
        for key, figures in self.known.changes.items():
            yield _would_change(key, figures)
        reached = [life for life in self.known.lives.values() if life.stage]
        if reached:
            yield say("on the way to the seal:")
            yield Table(
                [
                    say("Document"),
                    say("Part"),
                    *(SPOKEN[stage] for stage in RECORDED),
                    say("Remark"),
                ],
                [self._life_row(life, language) for life in reached],
            )

    def _life_row(self, life: Life, language: str) -> list[object]:
        past = life.earlier[-1] if life.withdrawn else life
        entry = past.final or past.made
        return [
            title_of(entry, self.folders, self.contract) if entry else life.key,
            part_called(life.key.partition("/")[2]),
            *(_day(past, stage, language) for stage in RECORDED),
            clauses(self._remarks(life)).in_language(language) or "—",
        ]

    def _remarks(self, life: Life) -> Iterator[Message]:
        running = self.known.clocks.get(life.key)
        if running:
            yield running.message
        if life.withdrawal:
            yield life.withdrawal
        if life.redrafted:
            yield say("a newer draft exists")

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contract": self.contract,
            "documents": [
                {
                    "kind": entry.kind,
                    "part": entry.part,
                    "file": entry.file,
                    "as_of": entry.as_of,
                    "made_at": entry.made_at,
                    **status_facts(status),
                    "reads_otherwise": entry.deliverable in self.known.otherwise,
                    "figures": [
                        figure_facts(change, language)
                        for change in self.known.changes.get(entry.deliverable, ())
                    ],
                    "sha256": entry.sha256,
                    "sample": entry.sample,
                    "draft": entry.draft,
                    **self._life_facts(entry.deliverable),
                }
                for entry, status in self.known.made
            ],
        }

    def _life_facts(self, key: str) -> dict[str, object]:
        life = self.known.lives.get(key, Life(key=key))
        running = self.known.clocks.get(life.key)
        due = running.due if running else None
        return {
            "stages": {stage.value: day for stage, day in life.days},
            "final_file": life.final.file if life.final else None,
            "pages": life.final.pages if life.final else None,
            "result": life.result or None,
            "redrafted": life.redrafted,
            "due": due.date.isoformat() if isinstance(due, Settled) else due and str(due),
            "due_is_provisional": not isinstance(due, Settled | None),
        }


@dataclass(frozen=True, slots=True)
class _Status(Answer):
    """What was made for each contract, and where the program failed."""

    contracts: tuple[_States, ...]
    failed: tuple[Examined, ...] = ()

    def lines(self, language: str) -> Iterator[str | Message | Table | Aside]:
        for one in self.contracts:
            yield from one.lines(language)
        if not self.contracts and not self.failed:
            yield Aside(say("nothing has been made yet: deliverables build --due"))

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [one.facts(language) for one in self.contracts],
            "failed": [one.contract for one in self.failed],
        }

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the registers, or no longer as they say."""
        found = [problem for one in self.contracts for problem in one.known.found]
        found += [problem for one in self.failed for problem in one.problems]
        return found + [problem for one in self.contracts for problem in one.known.problems]

    def asides(self) -> Iterator[Message | Problem]:
        from deliverables.cli.outcomes import stopped_at

        yield from by_severity(self.problems)
        for one in self.failed:
            yield from stopped_at(one)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(one.fault for one in self.failed if one.fault)

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if errors_of(self.problems) else Exit.DONE

    @property
    def next(self) -> Message | None:
        stale = any(
            status.word == Condition.STALE for one in self.contracts for _, status in one.known.made
        )
        if self.code is Exit.DONE and stale:
            return say("next: deliverables status --figures tells what changed; "
                       "deliverables build makes the stale documents anew")  # fmt: skip
        return None


def _would_change(key: str, figures: Sequence[FigureChange]) -> Message:
    said = say("{key}: {count} figures would change", key=key, count=len(figures))
    if not figures:
        return said
    first = [
        f"{one.key} {' → '.join(text or '—' for text in one.brief)}" for one in figures[:_MOST]
    ]
    told = clauses([*first, "…"] if len(figures) > _MOST else first)
    return say("{said}: {figures}", said=said, figures=told)


def _day(life: Life, stage: Stage, language: str) -> object:
    entry = life.entry(stage)
    if entry is None:
        return None
    if stage is Stage.ACCEPTED and life.result:
        return f"{for_reading(entry.as_of, language)} {life.result}"
    return entry.as_of
