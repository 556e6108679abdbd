"""deliverables letter: rows of letters.xlsx written where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from deliverables import Examined
from deliverables.cli.answer import (
    Answer,
    Aside,
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    format_option,
    one_contract,
)
from deliverables.cli.selection import unknown_kind
from deliverables.letters import declared
from deliverables.letters.declaration import LetterDeclaration
from deliverables.letters.entry import LetterEntry, add, entry_of
from deliverables.model.letters_sheets import Letters
from deliverables.read.files import LETTERS
from deliverables.setup import blank_workbook
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
    contract: str | None,
    as_of: date,
    form: str,
) -> None:
    """Write the rows of a letter into letters.xlsx, with the facts it asks for named in 项目.

    KIND is the name or the title of a letter. Its number, and our 文号 of the year, follow those
    that were given. Fill in 内容 and 数据来源, then: deliverables plan.

    \b
    Examples:
      deliverables letter add 付款催告函 --about 第2期
      deliverables letter add rework_reply --answers HJ-03
    """
    examined = one_contract(workplace, contract)
    if examined.book is None:
        workplace.show_problems(examined.problems)
        raise SystemExit(Exit.BAD_DATA)
    found = None if received else _declared(kind, examined, workplace)
    entry = entry_of(kind, as_of, examined.book, found, about=about, answers=answers)
    path = workplace.folders.data / examined.contract / f"{LETTERS}.xlsx"
    problems: list[Problem] = []
    blank = blank_workbook(Letters, examined.contract)
    written = add(entry, path, blank, problems)
    workplace.show_problems(problems)
    workplace.answer(_Added(entry, path, written=written), form)


def _declared(kind: str, examined: Examined, workplace: Workplace) -> LetterDeclaration:
    known = declared(workplace.folders, examined.contract)
    by_title = {one.title: one for one in known.values()}
    found = known.get(kind) or by_title.get(kind)
    if found is None:
        raise workplace.misused(unknown_kind(kind, {one.name: one.title for one in known.values()}))
    return found


@dataclass(frozen=True, slots=True)
class _Added(Answer):
    """A letter that was entered, and what is left to be filled in."""

    entry: LetterEntry
    path: Path
    written: bool

    def lines(self, language: str) -> Iterator[Message | Aside]:
        letter = self.entry.letter
        if not self.written:
            yield Aside(say("nothing was written"))
            return
        yield say("{file}: {kind} {number} entered", file=self.path.as_posix(), kind=letter.kind,
                  number=letter.number)  # fmt: skip
        if letter.our_number:
            yield say("our 文号 is {number}", number=letter.our_number)
        if self.entry.facts:
            items = listed(one.item for one in self.entry.facts)
            yield say("to be filled in, sheet 函件事项: {items}", items=items)

    def facts(self, language: str) -> dict[str, object]:
        letter = self.entry.letter
        return {
            "file": self.path.as_posix(),
            "written": self.written,
            "number": letter.number,
            "our_number": letter.our_number or None,
            "items": [one.item for one in self.entry.facts],
        }

    @property
    def code(self) -> Exit:
        return Exit.DONE if self.written else Exit.BAD_DATA

    @property
    def next(self) -> Message:
        return say("next: fill in letters.xlsx, then deliverables plan")
