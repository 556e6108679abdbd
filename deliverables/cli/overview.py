"""deliverables overview: one page about all contracts, to read in a browser or on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from deliverables.cli.answer import (
    CHECK,
    SHOW_PLAN,
    Answer,
    Exit,
    Workplace,
    as_of_option,
    format_option,
    require_contract,
)
from deliverables.examination import Examined, examine, stopped
from deliverables.files import FileInUseError, write_atomically
from deliverables.overview import Overview, Subject, overview, page, subject
from deliverables.values.fault import Fault
from deliverables.values.problem import Message, say


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
    folders = workplace.folders
    met: list[Fault] = []

    def seen_of(examined: Examined) -> Subject:
        try:
            found = subject(examined, folders, as_of)
        except Exception as fault:  # noqa: BLE001  # it is told with its contract
            examined = stopped(examined.contract, fault, examined.problems)
            found = subject(examined, folders, as_of)
        met.extend((examined.fault,) if examined.fault else ())
        return found

    subjects = map(seen_of, examine(folders, patient=True))
    seen = overview(subjects, folders, as_of, workplace.language)
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
