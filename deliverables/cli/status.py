"""How far each document has come, and what holds of it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

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
from deliverables.doctor import standing, unrecorded
from deliverables.examination import Examined, examine, says_otherwise, stopped
from deliverables.files.digest import sha256_of
from deliverables.letters import every_kind
from deliverables.plan import (
    Clock,
    clock,
    draft_today,
    withdrawal,
)
from deliverables.register import (
    FAILED,
    Entry,
    Life,
    lives,
    no_longer_intact,
    pages_of,
    read_register,
    registers_in,
    status_of,
)
from deliverables.status import RECORDED, SPOKEN, Condition, Stage, Status
from deliverables.values.calendar import Settled
from deliverables.values.problem import Message, Problem, clauses, listed, say

if TYPE_CHECKING:
    from deliverables.cli.recorded import RecordedFile
    from deliverables.compare import FigureChange
    from deliverables.folders import Folders
    from deliverables.model.book import ContractBook
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
    folders = workplace.folders
    registers = registers_in(workplace.out)
    found = [path.parent.name for path in registers if contract in (None, path.parent.name)]
    told: list[_States] = []
    failed: list[Examined] = []
    for number in found:
        try:
            told.append(_looked_into(folders, number, workplace, as_of, figures=figures))
        except click.ClickException:
            raise
        except Exception as fault:  # noqa: BLE001  # it is told with its contract
            failed.append(stopped(number, fault))
    workplace.answer(_Status(tuple(told), tuple(failed)), form)


def _looked_into(
    folders: Folders, number: str, workplace: Workplace, as_of: date | None, *, figures: bool
) -> _States:
    """Return how far the documents of a contract have come, all that is told of them read."""
    one = _states_of(folders, number)
    if as_of is not None:
        one = _on_day(one, workplace, as_of)
    if figures:
        one = _with_changes(one, workplace)
    return replace(one, clocks=dict(_clocks(one)), problems=tuple(_problems(one)))


@dataclass(frozen=True)
class _States:
    """The documents of one contract: the last draft of each, its status, and its whole life.

    `changes` are the figures that would change, by deliverable, `otherwise` those that would read
    otherwise if they were made for the `day`. `clocks` run for documents that wait for acceptance;
    `problems` tell what is not as the register says, unknown files, and who works there.
    """

    folders: Folders
    contract: str
    made: tuple[tuple[Entry, Status], ...]
    lives: Mapping[str, Life]
    found: tuple[Problem, ...]
    changes: Mapping[str, Sequence[FigureChange]]
    entries: tuple[Entry, ...]
    day: date | None = None
    otherwise: frozenset[str] = frozenset()
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

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
                for entry, status in self.made
            ],
            aside=(5,),
        )
        for key in sorted(self.otherwise):
            yield say("{key}: would read otherwise on {day}", key=key, day=self.day)
        for key, figures in self.changes.items():
            yield _would_change(key, figures)
        reached = [life for life in self.lives.values() if life.stage]
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
        running = self.clocks.get(life.key)
        if running:
            yield running.message
        if life.withdrawn:
            yield withdrawal(life.withdrawn)
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
                    "reads_otherwise": entry.deliverable in self.otherwise,
                    "figures": [
                        figure_facts(change, language)
                        for change in self.changes.get(entry.deliverable, ())
                    ],
                    "sha256": entry.sha256,
                    "sample": entry.sample,
                    "draft": entry.draft,
                    **self._life_facts(entry.deliverable),
                }
                for entry, status in self.made
            ],
        }

    def _life_facts(self, key: str) -> dict[str, object]:
        life = self.lives.get(key, Life(key=key))
        running = self.clocks.get(life.key)
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
        found = [problem for one in self.contracts for problem in one.found]
        found += [problem for one in self.failed for problem in one.problems]
        return found + [problem for one in self.contracts for problem in one.problems]

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
            status.word == Condition.STALE for one in self.contracts for _, status in one.made
        )
        if self.code is Exit.DONE and stale:
            return say("next: deliverables status --figures tells what changed; "
                       "deliverables build makes the stale documents anew")  # fmt: skip
        return None


def _problems(one: _States) -> Iterator[Problem]:
    """Yield what is not as the register says, files that it does not know, and who works there."""
    folder = one.folders.contract(one.contract)
    yield from standing(folder)
    yield from no_longer_intact(one.lives.values(), folder)
    yield from unrecorded(one.entries, folder)


def _clocks(one: _States) -> Iterator[tuple[str, Clock]]:
    """Yield the clocks that run for documents; the data are read for them alone."""
    waiting = [
        life for life in one.lives.values() if life.awaits_acceptance or life.result == FAILED
    ]
    examined = examine(one.folders, one.contract) if waiting else ()
    book = next((found.book for found in examined), None)
    kinds = every_kind(one.folders, one.contract) if book else {}
    for life in waiting if book else ():
        kind = kinds.get(life.key.partition("/")[0])
        running = clock(life, kind.sealing.acceptance if kind else "", book) if book else None
        if running:
            yield life.key, running


def _states_of(folders: Folders, number: str) -> _States:
    entries, problems = read_register(folders.register(number))
    known = lives(entries)
    drafts = {key: _draft(folders, number, life.made) for key, life in known.items() if life.made}
    if any(draft.changed for draft in drafts.values()):
        book = next((one.book for one in examine(folders, number) if one.sound), None)
        for key, draft in drafts.items():
            if book is not None and draft.changed:
                now = draft_today(known[key].made, book, folders, says_otherwise)
                drafts[key] = now or draft
    made = tuple((life.made, life.status(drafts[key])) for key, life in known.items() if life.made)
    return _States(folders, number, made, known, problems, {}, entries)


def _on_day(one: _States, workplace: Workplace, as_of: date) -> _States:
    """Call stale what is current by its files and would read otherwise if made for a day."""
    from deliverables.cli.recorded import sound_book
    from deliverables.draft import reads_otherwise

    current = {entry.deliverable for entry, status in one.made if _is_current(status)}
    book = sound_book(workplace, one.contract) if current else None
    if book is None:
        return one
    otherwise = {
        entry.deliverable
        for entry, _ in one.made
        if entry.deliverable in current
        and entry.as_of != as_of
        and reads_otherwise(entry, book, one.folders, as_of)
    }
    made = tuple(
        (entry, replace(status, condition=Condition.STALE))
        if entry.deliverable in otherwise
        else (entry, status)
        for entry, status in one.made
    )
    return replace(one, made=made, day=as_of, otherwise=frozenset(otherwise))


def _is_current(status: Status) -> bool:
    return status.stage is Stage.DRAFT and status.condition is Condition.CURRENT


def _draft(folders: Folders, number: str, entry: Entry) -> Status:
    today = {
        name: sha256_of(folders.data / name) if (folders.data / name).exists() else ""
        for name in entry.inputs
    }
    template = folders.template(entry.kind, number)
    digest = folders.template_sha256(entry.kind, number) if template.exists() else ""
    return status_of(entry, folders.contract(number), today, digest)


def _with_changes(one: _States, workplace: Workplace) -> _States:
    """Add the figures of each stale document that would change if it were made anew."""
    from deliverables.cli.recorded import look_up, sound_book

    stale = [
        entry
        for entry, status in one.made
        if status.word == Condition.STALE and entry.deliverable not in one.otherwise
    ]
    book = sound_book(workplace, one.contract) if stale else None
    if book is None:
        return one
    folder = one.folders.contract(one.contract)
    recorded = {entry.deliverable: look_up(workplace, folder / entry.file) for entry in stale}
    found = {key: _changes_of(workplace, known, book) for key, known in recorded.items() if known}
    changes = {key: figures for key, figures in found.items() if figures is not None}
    return replace(one, changes=changes)


def _changes_of(
    workplace: Workplace, recorded: RecordedFile, book: ContractBook
) -> Sequence[FigureChange] | None:
    from deliverables.cli.recorded import against_today
    from deliverables.compare import Again
    from deliverables.draft import NoLongerDueError, recompose

    try:
        now = Again(recompose(recorded.entry, book, workplace.folders))
    except NoLongerDueError as gone:
        workplace.note(say("{file}: {reason}", file=recorded.file.name, reason=gone.message))
        return None
    return against_today(workplace, recorded, book, now).figures


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
