"""What comes when, of all contracts: one page to read, and a file for a calendar program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from deliverables import Examined
from deliverables.agenda import AgendaItem, icalendar_of, whose
from deliverables.cli.answer import (
    CHECK,
    SHOW_PLAN,
    Answer,
    Exit,
    Table,
    Workplace,
    as_of_option,
    contract_option,
    errors_of,
    for_reading,
    format_option,
    require_contract,
)
from deliverables.files.placement import write_atomically
from deliverables.files.refusal import FileInUseError
from deliverables.finance.tasks import calendar_items
from deliverables.overview import ContractSection, Overview, overview, page, subject
from deliverables.values.calendar import Side
from deliverables.values.fault import Fault
from deliverables.values.problem import Message, Problem, say


@click.command("overview")
@as_of_option
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@format_option
@click.pass_obj
def overview_command(
    workplace: Workplace,
    as_of: date,
    show: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Write out/index.html: what is due, where every document stands, and what is to be mended.

    \b
    Example: deliverables overview --as-of 2026-11-02
    """
    project = workplace.project
    folders, met = project.folders, list[Fault]()

    def sections() -> Iterator[ContractSection]:
        for one, found in project.each(lambda one: subject(one, folders, as_of)):
            met.extend((one.fault,) if one.fault else ())
            yield found or subject(one, folders, as_of)

    seen = overview(sections(), folders, as_of, workplace.language)
    require_contract(workplace, None, [one.number for one in seen.contracts])
    file = workplace.out / "index.html"
    try:
        write_atomically(file, page(seen))
    except FileInUseError as fault:
        workplace.note(fault.message)
        raise SystemExit(Exit.WRONG_USE) from fault
    workplace.answer(_Page(seen, file, as_of, tuple(met), shown=show), form)
    if show:
        click.launch(str(file.resolve()))


@dataclass(frozen=True, slots=True)
class _Page(Answer):
    """The page that was written."""

    seen: Overview
    file: Path
    as_of: date
    met: tuple[Fault, ...]
    shown: bool

    def lines(self, language: str) -> Iterator[str]:
        yield self.file.as_posix()

    def facts(self, language: str) -> dict[str, object]:
        return {
            "file": self.file.as_posix(),
            "as_of": self.seen.as_of,
            "contracts": [
                {
                    "contract": one.number,
                    "sound": one.sound,
                    "documents": {state.name: state.count for state in one.states},
                    "overdue": one.in_span("overdue"),
                    "next": one.next.first if one.next else None,
                    "problems": {pile.name: len(pile.notices) for pile in one.piles},
                }
                for one in self.seen.contracts
            ],
        }

    def asides(self) -> Iterator[Message]:
        yield say("as of {day}, contracts: {count}", day=self.as_of,
                  count=len(self.seen.contracts))  # fmt: skip

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.met

    @property
    def code(self) -> Exit:
        return Exit.DONE if all(one.sound for one in self.seen.contracts) else Exit.BAD_DATA

    @property
    def next(self) -> Message:
        if self.shown:
            return SHOW_PLAN if self.code is Exit.DONE else CHECK
        return say("next: open {file} in the browser; --open does so at once",
                   file=self.file.as_posix())  # fmt: skip


@click.command("calendar")
@contract_option
@click.option("--ours", is_flag=True, help="Only what we have to do, not what the client has to.")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Where the file goes (default: calendar.ics beside the documents).")  # fmt: skip
@as_of_option
@format_option
@click.pass_obj
def calendar_command(
    workplace: Workplace,
    contract: str | None,
    ours: bool,  # noqa: FBT001  # click passes flags by name
    file: Path | None,
    as_of: date,
    form: str,
) -> None:
    """Write an .ics file of everything that is due, for Outlook, WPS or a telephone.

    Imported again later it moves what has moved: each item keeps its identity. A day that is not
    certain yet, since the holidays are not published, is a range marked as provisional.

    \b
    Examples:
      deliverables calendar --as-of 2026-11-02
      deliverables calendar --ours --to 我方到期事项.ics
    """
    project = workplace.project

    def due_of(one: Examined) -> tuple[AgendaItem, ...]:
        return calendar_items(one.book, project.folders, as_of, sound=one.sound) if one.book else ()

    found = tuple(project.each(due_of, contract=contract))
    require_contract(workplace, contract, [one.contract for one, _ in found])
    items = tuple(
        (one.contract, item)
        for one, due in found
        for item in due or ()
        if item.first is not None and not (ours and item.whose is Side.CLIENTS)
    )
    to = file or workplace.out / "calendar.ics"
    try:
        write_atomically(to, icalendar_of(items, as_of, workplace.language))
    except FileInUseError as fault:
        workplace.note(fault.message)
        raise SystemExit(Exit.WRONG_USE) from fault
    problems = tuple(problem for one, _ in found for problem in errors_of(one.problems))
    faults = tuple(one.fault for one, _ in found if one.fault)
    workplace.answer(_Dates(items, to, problems, as_of, faults), form)


@dataclass(frozen=True, slots=True)
class _Dates(Answer):
    """The calendar file that was written, and what stands in it."""

    items: tuple[tuple[str, AgendaItem], ...]
    file: Path
    problems: tuple[Problem, ...]
    as_of: date
    met: tuple[Fault, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.met

    def lines(self, language: str) -> Iterator[str | Table]:
        yield Table(
            [say("Day"), say("Contract"), say("Document"), say("Matter"), say("Whose"),
             say("Article")],
            [
                [_days(item), contract, item.name, item.matter, whose(item), item.article or "—"]
                for contract, item in self.items
            ],
            aside=(1,) if len({contract for contract, _ in self.items}) == 1 else (),
        )  # fmt: skip
        yield self.file.as_posix()

    def facts(self, language: str) -> dict[str, object]:
        return {
            "file": self.file.as_posix(),
            "as_of": self.as_of,
            "items": [
                {
                    "contract": contract,
                    "key": item.key,
                    "first": item.first,
                    "last": item.last,
                    "provisional": item.provisional,
                    "deadline": item.deadline,
                    "whose": item.whose.name.lower() if item.whose else None,
                    "article": item.article,
                    "name": for_reading(item.name, language),
                    "matter": item.matter.in_language(language),
                }
                for contract, item in self.items
            ],
        }

    def asides(self) -> Iterator[Message | Problem]:
        yield from self.problems
        yield say("as of {day}, dates: {count}", day=self.as_of, count=len(self.items))

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if self.problems else Exit.DONE

    @property
    def next(self) -> Message:
        if self.problems:
            return CHECK
        return say("next: open {file} with your calendar program; import it again after each "
                   "change", file=self.file.as_posix())  # fmt: skip


def _days(item: AgendaItem) -> object:
    if item.first == item.last:
        return item.first
    return say("{first} – {last}, provisional", first=item.first, last=item.last)
