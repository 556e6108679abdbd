"""How far each document has come on the way to the seal and after it: for status."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import click

from deliverables.cli.answer import Workplace, for_reading
from deliverables.examination import examine
from deliverables.kinds import kinds
from deliverables.model.book import ContractBook
from deliverables.plan import Clock, clock
from deliverables.register import FAILED, Life, lives, no_longer_intact, pages_of, read_register
from deliverables.status import RECORDED, SPOKEN, Stage
from deliverables.values.calendar import Settled
from deliverables.values.problem import Message, Problem, clauses, say


@dataclass(frozen=True)
class Stages:
    """The documents of one contract that are final or further."""

    workplace: Workplace
    contract: str

    @cached_property
    def lives(self) -> dict[str, Life]:
        """The life of every deliverable of the contract."""
        entries, _ = read_register(self.workplace.folders.register(self.contract))
        return lives(entries)

    def clock(self, life: Life) -> Clock | None:
        """Return the clock that runs for a document; the data are read for it alone."""
        waits = life.awaits_acceptance or life.result == FAILED
        if not waits or self._book is None:
            return None
        return clock(life, life.key.partition("/")[0], self._book)

    @cached_property
    def _book(self) -> ContractBook | None:
        found = examine(self.workplace.folders, self.contract)
        return next((examined.book for examined in found), None)

    def facts(self, key: str) -> dict[str, object]:
        """Return the stages of a deliverable for another program."""
        life = self.lives.get(key, Life(key=key))
        running = self.clock(life)
        due = running.due if running else None
        return {
            "stages": {stage.value: day for stage, day in life.days},
            "final_file": life.final.file if life.final else None,
            "pages": pages_of(life.final),
            "result": life.result or None,
            "redrafted": life.redrafted,
            "due": due.date.isoformat() if isinstance(due, Settled) else due and str(due),
            "due_is_provisional": not isinstance(due, Settled | None),
        }

    def show(self) -> None:
        """Print a table of them, if there are any."""
        reached = [life for life in self.lives.values() if life.stage]
        if not reached:
            return
        spoken = self.workplace.spoken
        click.echo(spoken(say("on the way to the seal:")))
        self.workplace.table(
            [say("Document"), say("Part"), *(SPOKEN[stage] for stage in RECORDED), say("Remark")],
            [
                [
                    _title(life.key),
                    life.key.partition("/")[2],
                    *(_day(life, stage, self.workplace.language) for stage in RECORDED),
                    clauses(self._remarks(life)).in_language(self.workplace.language) or "—",
                ]
                for life in reached
            ],
        )

    def _remarks(self, life: Life) -> Iterator[Message]:
        running = self.clock(life)
        if running:
            yield running.message
        if life.redrafted:
            yield say("a newer draft exists")

    def problems(self) -> Iterator[Problem]:
        """Yield the final documents and sealed copies that are not what was recorded."""
        folder = self.workplace.folders.contract(self.contract)
        return no_longer_intact(self.lives.values(), folder)


def _title(key: str) -> str:
    kind = kinds().get(key.partition("/")[0])
    return kind.title if kind else key


def _day(life: Life, stage: Stage, language: str) -> object:
    entry = life.entry(stage)
    if entry is None:
        return None
    if stage is Stage.ACCEPTED and life.result:
        return f"{for_reading(entry.as_of, language)} {life.result}"
    return entry.as_of
