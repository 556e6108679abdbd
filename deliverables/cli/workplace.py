"""What every command shares: the folders, the language, the way to answer and to fail."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

import click

from deliverables.cli.language import for_reading
from deliverables.cli.plain_table import plain_table
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.problem import Problem, Severity

FORM = "deliverables.form"
"""Under this key the click context keeps whether people or programs are answered."""
_WIDE = 240
"""How wide a table may be in a file."""


class Exit(IntEnum):
    """What the exit code of every command means."""

    DONE = 0
    BAD_DATA = 1
    WRONG_USE = 2
    REFUTED = 3
    PARTLY_FAILED = 4


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folders a command works in and the language it speaks."""

    data: Path
    out: Path
    templates: Path | None
    language: str

    @property
    def folders(self) -> Folders:
        """The folders, once the data folder is known to exist."""
        if not self.data.is_dir():
            raise click.UsageError(
                self.spoken(
                    say(
                        "there is no folder {folder}: go to your project's folder or give --data",
                        folder=self.data,
                    )
                )
            )
        return Folders(self.data, self.out, self.templates)

    def spoken(self, message: Message) -> str:
        """Return a message in the user's language."""
        return message.in_language(self.language)

    def note(self, message: Message) -> None:
        """Tell the user something on standard error."""
        click.echo(self.spoken(message), err=True)

    def show_problems(self, problems: Iterable[Problem], *, err: bool = True) -> None:
        """Print problems, errors first, each on a line of its own."""
        order = list(Severity)
        for problem in sorted(problems, key=lambda item: order.index(item.severity)):
            click.echo(problem.in_language(self.language), err=err)

    def table(self, headers: Sequence[Message], rows: Sequence[Sequence[object]]) -> None:
        """Print a table on standard output; a terminal's width is respected, a file's is not.

        Days and numbers are given as such and written as the user's language writes them.
        """
        if not sys.stdout.isatty():
            lines = [[self.spoken(header) for header in headers], *self._for_reading(rows)]
            plain = plain_table(lines, _WIDE)
            if plain is not None:
                click.echo(plain)
                return
        from rich import box
        from rich.console import Console
        from rich.table import Table

        wide = None if sys.stdout.isatty() else _WIDE
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for header in headers:
            table.add_column(self.spoken(header), overflow="fold")
        for row in self._for_reading(rows):
            table.add_row(*row)
        Console(width=wide, highlight=False, markup=False, emoji=False).print(table)

    def _for_reading(self, rows: Sequence[Sequence[object]]) -> list[list[str]]:
        return [[for_reading(cell, self.language) for cell in row] for row in rows]


def print_json(answer: object) -> None:
    """Print an answer for another program: in UTF-8, or in ASCII where the stream is no UTF-8."""
    utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    click.echo(json.dumps(answer, ensure_ascii=not utf8, indent=2, default=str))


def problem_facts(problem: Problem, language: str) -> dict[str, str]:
    """Return a problem for another program."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "place": str(problem.source),
        "message": problem.message.in_language(language),
        "fix": problem.fix.in_language(language),
    }


F = TypeVar("F", bound=Callable[..., Any])


def _today(ctx: click.Context, parameter: click.Parameter, day: object) -> date:
    return day.date() if hasattr(day, "date") else date.today()  # noqa: DTZ011  # the user's own day


def as_of_option(command: F) -> F:
    """Add --as-of: the day that documents are made for, today unless it is given."""
    return click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_today,
        metavar="DATE",
        help="The day to work for (default: today); later events are not seen.",
    )(command)


def _remember_form(ctx: click.Context, parameter: click.Parameter, form: str) -> str:
    ctx.meta[FORM] = form
    return form


def format_option(command: F) -> F:
    """Add --format: text for people or json for programs."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        callback=_remember_form,
        help="Answer for people or for programs.",
    )(command)


def contract_option(command: F) -> F:
    """Add --contract: one contract instead of all of them."""
    return click.option("--contract", metavar="NO", help="Only this contract.")(command)


def require_contract(workplace: Workplace, contract: str | None, found: Sequence[str]) -> None:
    """Refuse to go on where there is no contract, or none of that number."""
    if found:
        return
    if contract is None:
        message = say("{folder} holds no contract.yaml in any folder", folder=workplace.data)
    else:
        message = _no_contract(workplace, contract)
    raise click.UsageError(workplace.spoken(message))


def _no_contract(workplace: Workplace, number: str) -> Message:
    from deliverables.read.folder import find_contracts
    from deliverables.read.wording import nearest

    near = nearest(number, [folder.name for folder in find_contracts(workplace.data)])
    message = say("{folder} holds no contract {number}", folder=workplace.data, number=number)
    return say("{message}; did you mean {near}?", message=message, near=near) if near else message
