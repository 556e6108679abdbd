"""Rows of a bank's or the tax platform's export: proposed, and entered once they are accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from deliverables import Examined
from deliverables.cli.answer import (
    WITHOUT_DRY_RUN,
    Answer,
    Exit,
    Workplace,
    by_severity,
    errors_of,
    problem_facts,
    require_contract,
)
from deliverables.enter import Desk, EnteredRows, put
from deliverables.files.placement import at_work
from deliverables.finance.proposals import ALL, Choice, Proposal, Proposer
from deliverables.import_mapping import ImportMapping
from deliverables.import_rows import SPOKEN, Export, Reason, Skipped
from deliverables.model.ledger_sheets import Ledger, Payment
from deliverables.values.money import format_yuan
from deliverables.values.problem import Message, Problem, clauses, listed, say

_SHOWN: Final = 10
"""How many skipped rows of one reason are named; --format json names all."""


def choices_of(typed: Sequence[str], workplace: Workplace) -> dict[str, Choice]:
    """Return what was said of rows: NAME=2, or NAME=CONTRACT:2."""
    found: dict[str, Choice] = {}
    for one in typed:
        name, _, what = one.rpartition("=")
        contract, _, number = what.rpartition(":")
        if not (name and number.isdecimal()):
            raise workplace.misused(
                say("{typed}: write the number of the row and the instalment, such as 回单0706=2 "
                    "or 回单0706=HT-2026-001:2", typed=one)
            )  # fmt: skip
        found[name] = Choice(int(number), contract)
    return found


def propose(
    workplace: Workplace,
    plan: ImportMapping,
    export: Export,
    problems: list[Problem],
    *,
    contract: str | None,
    accepted: Sequence[str],
    choices: dict[str, Choice],
    dry_run: bool,
) -> Answer:
    """Return what the rows of an export are for, and enter those that a person has decided on.

    Nobody else is at work in the contracts meanwhile.

    Raises:
        FileInUseError: Another program has a ledger open.
    """
    with _alone(workplace, () if dry_run else workplace.project.meant(contract)):
        examined = _meant(workplace, contract)
        books = [one.book for one in examined if one.book is not None]
        proposer = Proposer(books, choices)
        found, skipped = proposer.proposals(plan, export, problems)
        unknown = [one for one in accepted if one not in (ALL, *(each.name for each in found))]
        unknown += [one for one in choices if one not in proposer.names]
        if unknown and not errors_of(problems):
            raise workplace.misused(_not_proposed(unknown, found))
        taken = [one for one in found if one.decided or ALL in accepted or one.name in accepted]
        entries = dict(_entries(workplace, examined, taken, problems))
        if not dry_run:
            put(entries, workplace.folders)
    return _Proposed(
        sheet=plan.row_type.sheet,
        found=found,
        taken=frozenset(one.name for one in taken if one.contract in entries),
        entries=tuple(entries.items()),
        skipped=skipped,
        problems=tuple(problems),
        dry_run=dry_run,
    )


@contextmanager
def _alone(workplace: Workplace, contracts: Sequence[str]) -> Iterator[None]:
    """Let nobody else be at work in the contracts."""
    with ExitStack() as work:
        for number in contracts:
            work.enter_context(at_work(workplace.folders.data / number))
        yield


def _not_proposed(unknown: Sequence[str], found: Sequence[Proposal]) -> Message:
    if not found:
        return say("nothing is proposed for {name}, or for any other row", name=listed(unknown))
    return say("nothing is proposed for {name}; there are {all}", name=listed(unknown),
               all=listed(one.name for one in found))  # fmt: skip


def _entries(
    workplace: Workplace,
    examined: Sequence[Examined],
    taken: Sequence[Proposal],
    problems: list[Problem],
) -> Iterator[tuple[str, EnteredRows]]:
    """Yield what is to be entered in each contract; what speaks against it is a problem."""
    for item in examined:
        rows = [one.row for one in taken if one.contract == item.contract]
        desk = Desk(workplace.folders, item.contract, item.problems)
        made = desk.entry(Ledger, rows, problems) if rows else None
        if made is not None:
            yield item.contract, made


def _meant(workplace: Workplace, contract: str | None) -> list[Examined]:
    """Return the contracts that are meant: all, but no sample among real ones."""
    examined = list(workplace.project.read(contract=contract))
    require_contract(workplace, contract, [one.contract for one in examined])
    own = [one for one in examined if not (one.book and one.book.is_sample)]
    return own or examined


def skipped_lines(every: Sequence[Skipped], language: str) -> Iterator[str | Message]:
    """Yield why rows of an export were left, the first of each reason named."""
    for reason, group in groupby(every, key=lambda one: one.reason):
        skipped = list(group)
        yield say("skipped, {reason}: {count}", count=len(skipped), reason=SPOKEN[reason])
        for one in skipped[:_SHOWN]:
            yield f"  {one.place}: {one.message.in_language(language)}"
        if len(skipped) > _SHOWN:
            more = say("and {count} more; --format json names them all",
                       count=len(skipped) - _SHOWN)  # fmt: skip
            yield f"  {more.in_language(language)}"


def skipped_facts(every: Sequence[Skipped], language: str) -> list[dict[str, str]]:
    """Return the rows of an export that were left, for another program."""
    return [
        {
            "place": str(one.place),
            "reason": one.reason.value,
            "message": one.message.in_language(language),
        }
        for one in every
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Proposed(Answer):
    """What the rows of an export are for, those that were entered, and those that were left."""

    sheet: str
    found: tuple[Proposal, ...]
    taken: frozenset[str]
    entries: tuple[tuple[str, EnteredRows], ...]
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]
    dry_run: bool

    @property
    def waiting(self) -> list[Proposal]:
        """What is proposed and nobody has accepted yet."""
        return [one for one in self.found if one.name not in self.taken]

    def lines(self, language: str) -> Iterator[str | Message]:
        for number, made in self.entries:
            where = f"{made.workbook.as_posix()}[{self.sheet}]"
            rows = [one for one in self.found if one.contract == number and one.name in self.taken]
            count = len(rows)
            yield (
                say("{where}: rows that would be added: {count}", where=where, count=count)
                if self.dry_run
                else say("{where}: rows added: {count}", where=where, count=count)
            )
            yield from (f"  {_told(one, language)}" for one in rows)
        if self.waiting:
            yield say("proposed, to be accepted: {count}", count=len(self.waiting))
            yield from (f"  {_told(one, language)}" for one in self.waiting)
        if not self.found:
            yield say("nothing is proposed")
        yield from skipped_lines(self.skipped, language)

    def facts(self, language: str) -> dict[str, object]:
        return {
            "imports": [
                {
                    "dry_run": self.dry_run,
                    "added": [
                        {
                            "contract": number,
                            "file": made.workbook.as_posix(),
                            "sheet": self.sheet,
                            "rows": [str(one.place) for one in self.found
                                     if one.contract == number and one.name in self.taken],
                        }
                        for number, made in self.entries
                    ],
                    "proposals": [
                        {
                            "place": str(one.place),
                            "name": one.name,
                            "contract": one.contract,
                            "instalment": one.row.instalment,
                            "why": [why.in_language(language) for why in one.why],
                            "taken": one.name in self.taken,
                        }
                        for one in self.found
                    ],
                    "counts": Counter(one.reason.value for one in self.skipped),
                    "skipped": skipped_facts(self.skipped, language),
                    "problems": [problem_facts(problem, language) for problem in (
                        *self.problems, *(each for _, made in self.entries
                                          for each in made.warnings))],
                }
            ]
        }  # fmt: skip

    def asides(self) -> Iterator[Problem]:
        caused = [each for _, made in self.entries for each in made.warnings]
        yield from by_severity([*self.problems, *caused])

    @property
    def code(self) -> Exit:
        unfit = any(one.reason.calls_for_action for one in self.skipped)
        return Exit.BAD_DATA if errors_of(self.problems) or unfit else Exit.DONE

    @property
    def next(self) -> Message | None:
        if errors_of(self.problems):
            return None
        if self.waiting:
            return say("next: the same command with --accept all, or --accept {name} for one row, "
                       "enters what is proposed; --for {name}=INSTALMENT says otherwise",
                       name=self.waiting[0].name)  # fmt: skip
        asked = (Reason.SEVERAL, Reason.UNMATCHED)
        if any(one.reason in asked for one in self.skipped):
            return say("next: say with --for NUMBER=INSTALMENT what the rows named above are for, "
                       "or enter them with deliverables received or invoiced")  # fmt: skip
        if self.taken and self.dry_run:
            return WITHOUT_DRY_RUN
        if not self.taken:
            return None
        return say("next: deliverables finance shows what follows; deliverables undo takes "
                   "the rows back")  # fmt: skip


def _told(one: Proposal, language: str) -> str:
    """Return a proposal in one line: which row, how much, when, for what, and why."""
    row = one.row
    amount, day = (
        (row.amount, row.received) if isinstance(row, Payment) else (row.gross, row.issued)
    )
    told = say(
        "{place} {name}: {amount} of {day}, {contract} instalment {number} ({why})",
        place=str(one.place), name=one.name, amount=format_yuan(amount), day=day,
        contract=one.contract, number=row.instalment, why=clauses(one.why),
    )  # fmt: skip
    return told.in_language(language)
