"""deliverables letter: rows of letters.xlsx written where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import click

from deliverables import Examined
from deliverables.cli.answer import (
    WITHOUT_DRY_RUN,
    Answer,
    Exit,
    Table,
    Workplace,
    as_of_option,
    cells_table,
    contract_option,
    format_option,
    is_talking,
    one_contract,
    refuse,
    yes_options,
)
from deliverables.cli.selection import unknown_kind
from deliverables.enter import Desk, EnteredRows, put
from deliverables.files.placement import at_work
from deliverables.letters import declared
from deliverables.letters.declaration import LetterDeclaration
from deliverables.letters.entry import LetterEntry, entry_of
from deliverables.model.letters_sheets import Letters
from deliverables.values.problem import Message, Problem, listed, say


@click.group("letter")
def letter_command() -> None:
    """Enter letters in letters.xlsx: those to be written, and those received.

    \b
    Examples:
      deliverables letter add 付款催告函 --about 第2期
      deliverables letter add 整改通知 --received --as-of 2026-11-16
    """


@letter_command.command("add")
@click.argument("kind", metavar="KIND")
@click.option("--about", metavar="WHAT", default="",
              help="The instalment (第2期), person or event that it is about.")  # fmt: skip
@click.option(
    "--answers", metavar="NUMBER", default="", help="The letter received that it answers."
)
@click.option("--received", is_flag=True, help="Enter a letter that came in; its clock starts.")
@yes_options
@contract_option
@as_of_option
@format_option
@click.pass_obj
def add_command(  # one for each option
    workplace: Workplace,
    kind: str,
    about: str,
    answers: str,
    received: bool,  # noqa: FBT001  # click passes flags by name
    yes: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    contract: str | None,
    as_of: date,
    form: str,
) -> None:
    """Write the rows of a letter into letters.xlsx, with the facts it asks for named in 项目.

    KIND is the name or the title of a letter. Its number, and our 文号 of the year, follow those
    that were given. Fill in 内容 and 数据来源, then: deliverables plan. The command undo takes the
    rows back while nobody has changed the workbook.

    \b
    Examples:
      deliverables letter add 付款催告函 --about 第2期
      deliverables letter add rework_reply --answers HJ-03
    """
    folders, number = workplace.folders, one_contract(workplace, contract).contract

    def entered() -> tuple[LetterEntry, EnteredRows]:
        (examined,) = workplace.project.read(contract=number)
        if examined.book is None:
            workplace.show_problems(examined.problems)
            raise SystemExit(Exit.BAD_DATA)
        found = None if received else _declared(kind, examined, workplace)
        entry = entry_of(kind, as_of, examined.book, found, about=about, answers=answers)
        problems: list[Problem] = []
        made = Desk(folders, number, examined.problems).entry(Letters, entry.rows, problems)
        return (entry, made) if made else refuse(workplace, problems)

    talking = not yes and is_talking(form)
    shown = entered() if talking or dry_run else None
    if shown and not dry_run:
        workplace.tell(_Added(*shown, written=False).table)
        workplace.show_problems(shown[1].warnings)
        workplace.ask(say("write this into {file}?", file=shown[1].workbook.as_posix()))
    if dry_run and shown:
        workplace.answer(_Added(*shown, written=False), form)
        return
    with at_work(folders.data / number):  # others give numbers meanwhile
        entry, made = entered()
        if shown and shown[0] != entry:
            raise workplace.failed(say("another letter was entered meanwhile: run the command "
                                       "again"))  # fmt: skip
        put({number: made}, folders)
    workplace.answer(_Added(entry, made, written=True, shown=talking), form)


def _declared(kind: str, examined: Examined, workplace: Workplace) -> LetterDeclaration:
    known = declared(workplace.folders, examined.contract)
    by_title = {one.title: one for one in known.values()}
    found = known.get(kind) or by_title.get(kind)
    if found is None:
        raise workplace.misused(unknown_kind(kind, {one.name: one.title for one in known.values()}))
    return found


@dataclass(frozen=True, slots=True)
class _Added(Answer):
    """A letter that was entered, or would be, and what is left to be filled in."""

    entry: LetterEntry
    made: EnteredRows
    written: bool
    shown: bool = False

    @property
    def table(self) -> Table:
        """The row of the letter."""
        return cells_table(self.made.cells_of(self.entry.letter))

    def lines(self, language: str) -> Iterator[Message | Table]:
        letter, where = self.entry.letter, self.made.workbook.as_posix()
        if not self.shown:
            yield self.table
        if not self.written:
            yield say("nothing was written: this is what would stand in {file}, sheet {sheet}",
                      file=where, sheet=letter.sheet)  # fmt: skip
            return
        yield say("{file}: {kind} {number} entered", file=where, kind=letter.kind,
                  number=letter.number)  # fmt: skip
        if letter.our_number:
            yield say("our 文号 is {number}", number=letter.our_number)
        if self.entry.facts:
            items = listed(one.item for one in self.entry.facts)
            yield say("to be filled in, sheet 函件事项: {items}", items=items)

    def facts(self, language: str) -> dict[str, object]:
        letter = self.entry.letter
        return {
            "file": self.made.workbook.as_posix(),
            "written": self.written,
            "number": letter.number,
            "our_number": letter.our_number or None,
            "items": [one.item for one in self.entry.facts],
        }

    def asides(self) -> Iterator[Problem]:
        if not self.shown:
            yield from self.made.warnings

    @property
    def next(self) -> Message:
        if not self.written:
            return WITHOUT_DRY_RUN
        return say("next: fill in letters.xlsx, then deliverables plan")
