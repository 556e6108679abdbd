"""How a command enters a row: it asks, shows, and writes what check has nothing against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final

import click

from deliverables.checks.operations import quarter_periods
from deliverables.cli.answer import (
    WITHOUT_DRY_RUN,
    Answer,
    Table,
    Workplace,
    cells_table,
    one_contract,
    problem_facts,
    refuse,
)
from deliverables.compute.term import mark
from deliverables.enter import (
    Desk,
    EnteredRows,
    lacking,
    lacks,
    misfit,
    of_acceptance,
    put,
    row_of,
    unlikely_days,
)
from deliverables.files.placement import at_work
from deliverables.kinds.acceptance_record.stages import acceptances_of
from deliverables.model.book import ContractBook
from deliverables.model.fields import (
    Declaration,
    NotOfTypeError,
    Row,
    declarations,
)
from deliverables.model.ledger_sheets import (
    ACCEPTANCE_STAGES,
    Acceptance,
    Ledger,
)
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.figure import Cell
from deliverables.values.problem import Message, Problem, error, listed, say

Values = dict[str, str]
ALWAYS: Final = ""
ON: Final = "--on"


def _nothing_more(values: Values, book: ContractBook | None) -> Values:
    return values


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """Something that happened, and the row that tells of it: its command comes from here.

    `given` are the columns that are given without an option, in order; `options` what the others
    are called. A row with the `once` columns of one that is there is the same thing told twice, and
    refused unless somebody says that it happened again. `supposed` stands where nothing is said;
    `more` works out what follows from it.
    What is `shared` may fall into several rows: its columns are then given as one=other, each.
    On a terminal the `asked` columns are asked for too, although they may be left out: each unless
    the column it stands with is given. The day of one of the columns `ahead` may be still to come.
    An `entry` of its own knows which row it completes.
    """

    name: str
    help: str
    example: str
    book: type
    row: type[Row]
    given: tuple[str, ...]
    options: Mapping[str, tuple[str, str]]
    supposed: Mapping[str, str] = field(default_factory=dict)
    which: tuple[str, ...] = ()
    empties: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    shared: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)
    ahead: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    more: Callable[[Values, ContractBook | None], Values] = _nothing_more
    entry: Callable[[Desk, Values, list[Problem]], EnteredRows | None] | None = None

    @property
    def flags(self) -> dict[str, str]:
        """How each column is given on the command line: [AMOUNT], --on TEXT."""
        told = {name: f"[{name.upper()}]" for name in self.given}
        return told | {name: f"{option} TEXT" for name, (option, _) in self.options.items()}


def _of_acceptance(desk: Desk, values: Values, problems: list[Problem]) -> EnteredRows | None:
    if problems:
        return None
    told = {name: text for name, text in values.items() if name not in {"stage", "accepted"}}
    day = date.fromisoformat(values["accepted"])
    return of_acceptance(desk, values["stage"], day, told, problems)


_ACCEPTANCE: Final = Happening(
    name="accepted", help="", example="", book=Ledger, row=Acceptance, given=("stage",),
    options={"document": ("--paper", "What the client's paper is called."),
             "evidence": ("--source", "Where that paper is kept.")},
    asked={"document": ALWAYS}, entry=_of_acceptance,
)  # fmt: skip
"""An acceptance by a paper of the client: `accepted` is about a document of ours, too."""


def enter_acceptance(
    workplace: Workplace,
    stage: str,
    values: Mapping[str, str],
    contract: str | None,
    today: date,
    *,
    talking: bool,
    dry_run: bool,
    form: str,
) -> None:
    """Enter what a paper of the client says of a stage of acceptance; end where there is none."""
    named = _stage(stage)
    books = (
        [one_contract(workplace, contract)] if named else workplace.project.read(contract=contract)
    )
    there = dict.fromkeys(
        each.stage for one in books if one.book for each in acceptances_of(one.book.contract)
    )
    if not named or (there and named not in there):
        stages = listed(there or ACCEPTANCE_STAGES)
        raise workplace.misused(say("{about} is neither a file nor a stage of acceptance of the "
                                    "contract: {stages}", about=stage, stages=stages))  # fmt: skip
    enter(workplace, _ACCEPTANCE, {"stage": named, **values}, contract, [{}], today,
           talking=talking, dry_run=dry_run, form=form)  # fmt: skip


def _stage(text: str) -> str:
    """Return the stage of acceptance that a text names; none if it names none."""
    try:
        return str(declarations(Acceptance)["stage"].parse(text))
    except NotOfTypeError:
        return ""


def enter(
    workplace: Workplace,
    one: Happening,
    values: Values,
    contract: str | None,
    shares: Sequence[Values],
    today: date,
    *,
    talking: bool,
    dry_run: bool,
    form: str,
) -> None:
    """Enter the row of a happening, or end the command with what speaks against it."""
    folders = workplace.folders
    found = one_contract(workplace, contract)
    number = found.contract
    desk = Desk(folders, number, found.problems, found.book)
    which = tuple(name for name in one.given if values[name])
    begins: list[Problem] = []
    if _goes_on(one, values) and desk.has(
        one.book, one.row, {name: values[name] for name in which}
    ):
        one = replace(one, which=which)
    else:
        if _goes_on(one, values):
            begins.append(_none_to_complete(one, {name: values[name] for name in which}))
        values = {name: text or one.supposed.get(name, "") for name, text in values.items()}
        values = one.more(values, found.book)
    if talking:
        values = _asked(one, values, shares, found.book, workplace)

    def entry(problems: list[Problem]) -> EnteredRows | None:
        problems += unlikely_days(one.row, values, found.book, today, one.ahead)
        made = _entry(one, values, shares, desk, problems)
        if problems:
            problems[:0] = begins
        return made

    problems: list[Problem] = []
    made = entry(problems) if talking or dry_run else None
    if talking and made and not dry_run:
        workplace.tell(cells_table(made.cells))
        workplace.show_problems(made.warnings)
        files = listed(each.workbook.as_posix() for each in made.all)
        workplace.ask(say("write this row into {file}?", file=files))
    if not dry_run and not problems:
        with at_work(folders.data / number):  # read anew: others entered rows meanwhile
            made = entry(problems)
            if made:
                put({number: made}, folders)
    if made is None:
        refuse(workplace, problems)
    missing = _without_workbook(made, found.book)
    workplace.answer(_Entered(made, written=not dry_run, shown=talking and not dry_run,
                              missing=missing), form)  # fmt: skip


def _without_workbook(made: EnteredRows, book: ContractBook | None) -> str:
    """Return the period in which somebody joined or left and that has no workbook yet, if any."""
    people = [row for row in made.rows if isinstance(row, StaffMember)]
    days = [day for one in people for day in (one.joined, one.left) if day]
    if not days or book is None:
        return ""
    periods = quarter_periods(book.contract).items()
    lacking = (number for number, period in periods
               if number not in book.quarters and any(map(period.contains, days)))  # fmt: skip
    return next((mark(book.contract, number) for number in lacking), "")


def _asked(
    one: Happening,
    values: Values,
    shares: Sequence[Values],
    book: ContractBook | None,
    workplace: Workplace,
) -> Values:
    """Return the values with what is answered on a terminal: what is needed, then what may be."""

    def answer(name: str, declaration: Declaration) -> Values:
        hint = _hint(declaration, one.options.get(name), workplace.language)
        return one.more({**values, name: _answer(declaration, hint, workplace)}, book)

    while missing := _to_ask(one, values | shares[0]):
        values = answer(*missing[0])
    told = declarations(one.row)
    for name, instead in one.asked.items() if not one.which else ():
        if not values.get(name) and not values.get(instead):
            values = answer(name, told[name])
    return values


def _hint(declaration: Declaration, option: tuple[str, str] | None, language: str) -> str:
    """Return what is to be typed: as the workbook says, or the help in the language of others."""
    if language == "zh":
        return declaration.advice
    told = [option[1]] if option else []
    return " ".join([*told, *(["It may be left out."] if declaration.optional else [])])


def _answer(declaration: Declaration, hint: str, workplace: Workplace) -> str:
    """Return what is typed for a column; nothing is an answer where it may be left out."""
    answer: str = click.prompt(
        f"{declaration.label} ({hint})" if hint else declaration.label,
        default="" if declaration.optional else None,
        show_default=False,
        value_proc=partial(_fitting, declaration, workplace),
    )
    return answer


def _fitting(declaration: Declaration, workplace: Workplace, answer: str) -> str:
    """Return an answer that its column takes; click asks again for any other."""
    try:
        if answer or not declaration.optional:
            declaration.parse(answer)
    except NotOfTypeError as fault:
        raise click.BadParameter(workplace.spoken(misfit(declaration, fault))) from fault
    return answer


def _none_to_complete(one: Happening, which: Values) -> Problem:
    """Return that no row waits for what became of it, and that a new one would need all of it."""
    told = declarations(one.row)
    words = listed(f"{told[name].label} {text}" for name, text in which.items())
    return error(
        "entry-which",
        Cell(one.row.sheet),
        say("no row has {words}: there is none to be completed", words=words),
        say("correct what names the row, or give all of a new one"),
    )


def _goes_on(one: Happening, values: Values) -> bool:
    """Return whether what is said may be what became of something that was entered before."""
    begun = any(values[name] for name, (option, _) in one.options.items() if option == ON)
    key, *_ = one.given
    return bool(values[key]) and not begun and any(values[name] for name in one.later)


def _to_ask(one: Happening, values: Values) -> list[tuple[str, Declaration]]:
    """Return the columns that must be filled and that nothing was said of."""
    if not one.which:
        order = [*one.given, *declarations(one.row)]
        return sorted(lacking(one.row, values), key=lambda found: order.index(found[0]))
    told = declarations(one.row)
    days = () if one.later else (name for name, (said, _) in one.options.items() if said == ON)
    needed = (*one.which, *days)
    return [(name, replace(told[name], optional=False)) for name in needed if not values.get(name)]


def _entry(
    one: Happening,
    values: Values,
    shares: Sequence[Values],
    desk: Desk,
    problems: list[Problem],
) -> EnteredRows | None:
    if one.entry:
        return one.entry(desk, values, problems)
    if not one.which:
        rows = []
        for share in shares:
            found: list[Problem] = []
            rows.append(row_of(one.row, values | share, found, one.flags))
            problems += (each for each in found if each not in problems)
        whole = [row for row in rows if row is not None]
        fix = say("leave it; if it did happen twice, say so with --again")
        desk.refuse_twice(one.book, whole, one.once, fix, problems)
        return desk.entry(one.book, whole, problems) if not problems else None
    problems += lacks(one.row, _to_ask(one, values), one.flags)
    if problems:
        return None
    which = {name: values[name] for name in one.which}
    new: dict[str, str | None] = {
        name: text for name, text in values.items() if text and name not in one.which
    }
    new.update(dict.fromkeys(one.empties))
    return desk.change(one.book, one.row, which, new, problems)


@dataclass(frozen=True, slots=True)
class _Entered(Answer):
    """A row that was entered, or would be; `shown` if it stands above the question already.

    What it says is told by the workbook of a period too: `missing` names one that is not there.
    """

    made: EnteredRows
    written: bool
    shown: bool = False
    missing: str = ""

    def lines(self, language: str) -> Iterator[Message | Table]:
        if not self.shown:
            yield cells_table(self.made.cells)
        for one in self.made.all:
            where, sheet = one.workbook.as_posix(), one.rows[0].sheet
            if self.written:
                yield say("entered in {file}, sheet {sheet}", file=where, sheet=sheet)
            else:
                yield say("nothing was written: this is what would stand in {file}, sheet {sheet}",
                          file=where, sheet=sheet)  # fmt: skip

    def facts(self, language: str) -> dict[str, object]:
        first, *beside = map(_entry_facts, self.made.all)
        problems = [problem_facts(one, language) for one in self.made.warnings]
        return {**first, "written": self.written, "beside": beside, "problems": problems}

    def asides(self) -> Iterator[Problem]:
        if not self.shown:
            yield from self.made.warnings

    @property
    def next(self) -> Message:
        if not self.written:
            return WITHOUT_DRY_RUN
        if self.missing:
            return say("next: deliverables workbook {period} makes the workbook of that period: "
                       "its sheet 人员 tells who joined and left, too",
                       period=self.missing)  # fmt: skip
        return say("next: deliverables finance shows what follows; deliverables undo takes the row "
                   "back")  # fmt: skip


def _entry_facts(one: EnteredRows) -> dict[str, object]:
    told = [dict(one.cells_of(row)) for row in one.rows]
    return {"file": one.workbook.as_posix(), "sheet": one.rows[0].sheet, "cells": told[0],
            "rows": told}  # fmt: skip
