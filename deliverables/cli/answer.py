"""The one way to answer: a value that knows its table, its JSON, its code and the next step."""

from __future__ import annotations

import codecs
import gettext
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click

from deliverables.values.problem import (
    CATALOGUES,
    DOMAIN,
    TO_FILL,
    Listing,
    Message,
    Problem,
    Severity,
    Term,
    clauses,
    say,
)

if TYPE_CHECKING:
    from pathlib import Path

    from deliverables import Difference, Entry, Examined, FigureChange, Finding, Project
    from deliverables.edits import Approval
    from deliverables.folders import Folders
    from deliverables.status import Status
    from deliverables.values.calendar import Deadline
    from deliverables.values.fault import Fault

LANGUAGES = ("zh", "en")


def system_language() -> str:
    """Return "zh" on a Chinese system, "en" elsewhere."""
    named = next((os.environ[name] for name in _LOCALE_NAMES if os.environ.get(name)), "")
    tag = named or _locale() or ""
    return "zh" if tag.lower().startswith(("zh", "chinese")) else "en"


def _locale() -> str | None:
    import locale

    return locale.getlocale()[0]


def language_asked(arguments: Sequence[str]) -> str:
    """Return the language of a command line before click reads it: help and errors speak it too."""
    for number, argument in enumerate(arguments):
        option, given, value = argument.partition("=")
        if option == "--lang":
            asked = value if given else "".join(arguments[number + 1 : number + 2])
            return asked if asked in LANGUAGES else system_language()
    return system_language()


@contextmanager
def click_speaking(language: str) -> Iterator[None]:
    """Let click, which asks gettext for its own words, find them in our catalogue."""
    domain, asked = gettext.textdomain(), os.environ.get(_GETTEXT)
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)
    os.environ[_GETTEXT] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if asked is None:
            del os.environ[_GETTEXT]
        else:
            os.environ[_GETTEXT] = asked


def for_reading(value: object, language: str) -> str:
    """Return a value as people of that language read it: a number to its last digit.

    Days stand in tables as they stand in sentences and are typed in again: 2026-11-02.
    """
    match value:
        case None:
            return "—"
        case datetime():
            from deliverables.model.fields import show_moment

            return show_moment(value)
        case date():
            return value.isoformat()
        case Decimal() if value.is_finite():
            from babel.numbers import format_decimal

            places = max(0, -int(value.as_tuple().exponent))
            pattern = "#,##0" + ("." + "0" * places if places else "")
            return format_decimal(value, pattern, locale=language, decimal_quantization=False)
        case Message() | Listing() | Term():
            return value.in_language(language)
        case _:
            return str(value)


_LOCALE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
_GETTEXT = "LANGUAGE"


FORM: Final = "deliverables.form"
"""Under this key the click context keeps whether people or programs are answered."""
PROBLEMS: Final = "deliverables.problems"
"""Where the problems are kept that were told before there was an answer."""
TOLD: Final = "deliverables.told"
"""Where the last words are kept that were told before there was an answer."""
FULL: Final = "deliverables.full"
"""Under this key the click context keeps whether tables are to be shown whole."""
ANSWER: Final = "deliverables.answer"
"""Under this key the click context keeps what was answered."""
_SUGGESTED: Final = "deliverables.suggested"
_WIDE: Final = 140
"""How wide a table may be in a file."""
_ROOM: Final = 130
"""In fewer columns a table is told in brief."""


class Exit(IntEnum):
    """What the exit code of every command means."""

    DONE = 0
    BAD_DATA = 1
    WRONG_USE = 2
    REFUTED = 3
    PARTLY_FAILED = 4
    FAULT = 70


@dataclass(frozen=True, slots=True)
class Table:
    """A table for people; days, numbers and messages are written in the user's language.

    Where there is little room the columns `aside` are left out, from the last on until the others
    fit; of several reasons the first is told with the number of the others, and `--full` shows all.
    What cannot be shown side by side without a day, an amount or a word being broken is shown row
    by row, each cell on a line of its own.
    """

    headers: Sequence[Message | Term]
    rows: Sequence[Sequence[object]]
    aside: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """What goes to standard error, although it stands between the lines of an answer."""

    said: Message | Problem | Finding


class Answer:
    """What a command answers: one frozen value, told to people in lines and to programs as JSON."""

    __slots__ = ()

    def lines(self, language: str) -> Iterator[str | Message | Problem | Table | Aside]:
        """Yield what people read on standard output."""
        raise NotImplementedError

    def facts(self, language: str) -> dict[str, object]:
        """Return what programs read, made of lists and dictionaries, by names that stay."""
        raise NotImplementedError

    def asides(self) -> Iterator[Message | Problem | Finding]:
        """Yield what is told on standard error, to people and to those who watch a program."""
        yield from ()

    @property
    def code(self) -> Exit:
        """How the command ends."""
        return Exit.DONE

    @property
    def next(self) -> Message | None:
        """What one would do next; None where the end alone tells it."""
        return None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of the program that were met on the way: with one, the command ends so."""
        return ()


JSON_VERSION: Final = 1
"""It grows when a key of an answer goes or means something else, not when one is added."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folders a command works in, the language it speaks, how long it waits for another run."""

    data: Path
    out: Path
    templates: Path | None
    language: str
    command: str = ""
    wait: float = 0
    as_typed: Callable[[str], str] = str
    """Returns what is told with its commands as this one was typed, so that they can be copied."""

    @property
    def folders(self) -> Folders:
        """The folders, once the data folder is known to exist."""
        from deliverables.files.placement import waiting
        from deliverables.folders import Folders, overlap

        waiting.command, waiting.seconds, waiting.tell = self.command, self.wait, self.note
        if why := overlap(self.data, self.out):
            raise self.misused(why)
        if not self.data.is_dir():
            raise self.misused(
                say("there is no folder {folder}: go to your project's folder or give --data; "
                    "deliverables new NO makes one for a first contract", folder=self.data)
            )  # fmt: skip
        return Folders(self.data, self.out, self.templates)

    @property
    def project(self) -> Project:
        """The contracts of the data folder, by the door that any program comes in by."""
        from deliverables import Project

        return Project(self.folders)

    def spoken(self, message: Message) -> str:
        """Return a message in the user's language."""
        return self.as_typed(message.in_language(self.language))

    def misused(self, message: Message) -> click.UsageError:
        """Return the error that ends a command which was asked for wrongly."""
        return click.UsageError(self.spoken(message))

    def failed(self, message: Message) -> click.ClickException:
        """Return the error that ends a command which cannot do what it was asked for."""
        return click.ClickException(self.spoken(message))

    def note(self, *said: Message | Problem | Finding) -> None:
        """Tell the user something on standard error, each on a line of its own."""
        for one in said:
            told = self.as_typed(one.in_language(self.language))
            click.get_current_context().meta[TOLD] = told
            click.echo(told, err=True)

    def ask(self, question: Message) -> None:
        """Ask whether to go on, and end the command if not."""
        click.confirm(self.spoken(question), default=True, abort=True, err=True)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Tell problems on standard error, errors first."""
        told = by_severity(problems)
        self.note(*told)
        facts = [problem_facts(one, self.language) for one in told]
        click.get_current_context().meta.setdefault(PROBLEMS, []).extend(facts)

    def answer(self, answer: Answer, form: str) -> None:
        """Tell people or programs the answer; the command then ends with its code and next step."""
        click.get_current_context().meta[ANSWER] = answer
        if form == "json":
            print_json(answer.facts(self.language))
        else:
            for line in answer.lines(self.language):
                self.tell(line)
        self.note(*answer.asides())

    def tell(self, line: str | Message | Problem | Table | Aside) -> None:
        """Tell people a line or a table of an answer, before the rest of it if need be."""
        if isinstance(line, Aside):
            self.note(line.said)
        elif isinstance(line, Table):
            _print_table(line, self.language, self.as_typed)
        else:
            click.echo(self.as_typed(line) if isinstance(line, str) else self._folded(line))

    def _folded(self, line: Message | Problem) -> str:
        """Return prose folded for a terminal; a problem, a path and a command are copied whole."""
        told, wide = line.in_language(self.language), _terminal()
        is_whole = isinstance(line, Problem) or "/" in told or "deliverables " in told
        return self.as_typed(told) if is_whole or not wide else "\n".join(wrapped(told, wide))


def cells_table(cells: Iterable[Iterable[str]]) -> Table:
    """Return a row of a workbook as a table: each column on a line, with what is in it."""
    return Table([say("Column"), say("Content")], [list(cell) for cell in cells])


def refuse(workplace: Workplace, problems: Iterable[Problem]) -> NoReturn:
    """End a command that has not written what it was told, since that has problems."""
    workplace.show_problems(problems)
    workplace.note(say("nothing was written"))
    suggest(say("next: run the command again with what is said above"))
    raise SystemExit(Exit.BAD_DATA)


def suggest(step: Message) -> None:
    """Say what one would do next, should the command end before it has an answer."""
    click.get_current_context().meta[_SUGGESTED] = step


def answered(context: click.Context) -> Exit:
    """Return how a command that came to its end has ended."""
    answer = context.meta.get(ANSWER)
    if not isinstance(answer, Answer):
        return Exit.DONE
    return Exit.FAULT if answer.faults else answer.code


def faults_of(context: click.Context) -> tuple[Fault, ...]:
    """Return the faults of the program that a command met and went on from."""
    answer = context.meta.get(ANSWER)
    return answer.faults if isinstance(answer, Answer) else ()


def next_step(context: click.Context, code: int) -> Message:
    """Return what one would do after a command that ended with `code`."""
    if code == Exit.FAULT:
        return _SEND
    answer = context.meta.get(ANSWER)
    step = answer.next if isinstance(answer, Answer) else context.meta.get(_SUGGESTED)
    return step or (SHOW_PLAN if code == Exit.DONE else _MEND)


SHOW_PLAN: Final = say("next: deliverables plan shows what is due and what stands in its way")
WITHOUT_DRY_RUN: Final = say("next: run the same command without --dry-run")
CHECK: Final = say("next: mend the errors, from the first on, and run deliverables check again")
_SEND: Final = say("next: send what is named above; everything else was done")
_MEND: Final = say("next: mend what is said above and run the command again")


def by_severity(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in the order in which they are told: errors first."""
    order = list(Severity)
    return sorted(problems, key=lambda problem: order.index(problem.severity))


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return the errors among the problems."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _print_table(table: Table, language: str, as_typed: Callable[[str], str]) -> None:
    """Print a table on standard output, as wide as a terminal is or a file may be."""
    wide = _terminal() or _WIDE
    brief = wide < _ROOM and not is_full()
    columns = [
        [header.in_language(language)]
        + [as_typed(for_reading(_first(row[at]) if brief else row[at], language))
           for row in table.rows]
        for at, header in enumerate(table.headers)
    ]  # fmt: skip
    shown = dict(enumerate(columns))
    for at in reversed(table.aside) if brief else ():
        if sum(max(map(_takes, column)) for column in shown.values()) > _left(wide, len(shown)):
            del shown[at]
    texts = list(shown.values())
    given = _widths(texts, _left(wide, len(texts)))
    if given:
        _print_side_by_side(texts, given, wide)
    else:
        _print_row_by_row(texts, wide)


def _print_side_by_side(columns: Sequence[Sequence[str]], given: Sequence[int], wide: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Printed

    printed = Printed(box=box.SIMPLE_HEAD, pad_edge=False)
    folded = []
    for column, width in zip(columns, given, strict=True):
        header, *cells = ("\n".join(wrapped(cell, width)) for cell in column)
        printed.add_column(header, width=width, overflow="ignore", no_wrap=True)  # broken above
        folded.append(cells)
    for row in zip(*folded, strict=True):
        printed.add_row(*row)
    Console(width=wide, highlight=False, markup=False, emoji=False).print(printed)


def _print_row_by_row(columns: Sequence[Sequence[str]], wide: int) -> None:
    """Print every cell behind its header, each on a line of its own, and an empty one not."""
    headers, *rows = zip(*columns, strict=True)
    first = max(map(width_of, headers))
    for row in rows:
        click.echo()
        for header, cell in zip(headers, row, strict=True):
            label = header + " " * (first - width_of(header))
            for line in wrapped(cell, wide - first - 3) if cell else ():
                click.echo(f" {label}  {line}")
                label = " " * first
    click.echo()


_SHORT: Final = 26
"""Columns of a terminal that the name of a kind takes: what is no longer is not broken."""
_READABLE, _LEAST = 14, 7
"""Columns that a text needs to be read well, and at all."""
_WHOLE: Final = re.compile(
    r"^\S*/\S+$|\d{4}-\d\d-\d\d|-?\d[\d,]*\.\d\d|^[a-z][\w.\[\]]{1,39}$|[A-Za-z\d][A-Za-z\d-]{1,19}"
)
"""What is never broken: a path, a day, an amount, a figure's name, a word of 20 characters."""


def _left(wide: int, count: int) -> int:
    """Return how many columns of a terminal are left to the texts of so many of a table."""
    return wide - 3 * (count - 1) - 2


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide each column of a table is, so that all of them fit; nothing if they cannot.

    Short texts, from the first column on, are not as long as the others can be read. What is left
    over is shared out, and what takes less than its share leaves the rest to the others.
    """
    wanted = [max(map(_takes, column)) for column in columns]
    unbroken = [_unbroken(column) for column in columns]
    for least in range(_READABLE, _LEAST - 1, -1):
        given = [min(wants, max(least, whole))
                 for wants, whole in zip(wanted, unbroken, strict=True)]  # fmt: skip
        if sum(given) <= room:
            break
    else:
        return []
    for at, wants in enumerate(wanted):
        if wants <= _SHORT and sum(given) - given[at] + wants <= room:
            given[at] = wants
    wanting = sorted(range(len(wanted)), key=lambda at: wanted[at] - given[at])
    for place, at in enumerate(wanting):
        share = max(0, room - sum(given)) // (len(wanting) - place)
        given[at] += min(share, wanted[at] - given[at])
    return given


def _unbroken(column: Sequence[str]) -> int:
    """Return how many columns of a terminal the longest text takes that is never broken."""
    found = (each for cell in column for each in _WHOLE.findall(cell))
    return max(map(width_of, found), default=0)


def _takes(cell: str) -> int:
    """Return how many columns of a terminal a cell takes unbroken."""
    return max(map(width_of, cell.split("\n")))


@lru_cache(4096)  # words of a table come again and again
def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: a Chinese character takes two."""
    from unicodedata import combining, east_asian_width

    if text.isascii():
        return len(text)
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(combining, text)))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield lines no wider than `width`, broken as a reader expects.

    No line begins with a mark that closes something or ends with one that opens it. A path is
    broken behind a slash; only a word that fills more than a line is broken anywhere.
    """
    for line in text.split("\n"):
        yield from _wrapped(line, width)


def _wrapped(text: str, width: int) -> Iterator[str]:
    line, taken = "", 0
    for word in _WORDS.findall(text):
        for part in _pieces(word, width):
            needed = width_of(part.rstrip())
            if line and taken + needed > width:
                yield line.rstrip()
                line, taken = "", 0
            line, taken = line + part, taken + width_of(part)
    yield line.rstrip()


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word, or pieces of it that fit into a line."""
    while width_of(word.rstrip()) > width:
        fits = next(at for at in range(len(word), 0, -1) if at == 1 or width_of(word[:at]) <= width)
        yield word[:fits]
        word = word[fits:]
    yield word


_OPENING, _CLOSING = "（《“‘【〔[(", "，。；：、！？）】》”’…〕"
_WORDS: Final = re.compile(
    rf"（[^（）\s]{{1,4}}）|[{re.escape(_OPENING)}]*(?:[^\s/\u2e80-\uffff{re.escape(_OPENING)}]+/?|\S)[{_CLOSING}]*\s*"
)


def _terminal() -> int:
    """Return how many columns a terminal has, or COLUMNS says; 0 for a file."""
    from shutil import get_terminal_size

    if sys.stdout.isatty():
        return get_terminal_size((_WIDE, 0)).columns
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() else 0


def _first(cell: object) -> object:
    """Return the first of several reasons, with the number of the others."""
    if not isinstance(cell, Listing) or len(cell.items) < 2:  # noqa: PLR2004  # one is told whole
        return cell
    return brief(cell.items)


def brief(reasons: Sequence[object]) -> Message:
    """Return the first of several reasons, with the number of the others."""
    first, *others = reasons
    return say("{reason} (and {count} more)", reason=first, count=len(others))


def told_to_programs(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts as every program is told them: with the version of their names."""
    return {"version": JSON_VERSION, **facts}


def print_json(facts: Mapping[str, object]) -> None:
    """Print facts for another program: in UTF-8, or in ASCII where the stream is no UTF-8."""
    import json

    utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    click.echo(json.dumps(told_to_programs(facts), ensure_ascii=not utf8, indent=2, default=str))


def reason_facts(reason: Message, language: str) -> dict[str, object]:
    """Return a reason for another program: its words, its code, what fills it.

    A reason that fills another is told in the same way, and several as a list.
    """
    from deliverables.cli.reason_codes import CODES, OTHER

    values = {name: _filling_facts(value, language) for name, value in reason.values.items()}
    code = CODES.get(reason.template, OTHER)
    return {"text": reason.in_language(language), "code": code, "parameters": values}


def _filling_facts(value: object, language: str) -> object:
    """Return for another program what fills a place of a reason."""
    from deliverables.cli.reason_codes import CODES

    match value:
        case Message() if value.template in CODES:
            return reason_facts(value, language)
        case Message():
            return value.in_language(language)
        case Listing():
            return [_filling_facts(one, language) for one in value.items]
        case Term():
            return value.name
        case _:
            return value


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


class _Day(click.DateTime):
    """A day as people type it: 2026-11-02, 2026/11/2, 2026年11月2日."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        typed = _TYPED_DAY.fullmatch(str(value)) if isinstance(value, str) else None
        if typed:
            year, month, day = map(int, typed.groups())
            value = f"{year:04}-{month:02}-{day:02}"
        try:
            converted: datetime = super().convert(value, param, ctx)
        except click.BadParameter as fault:
            no_day = (
                say("there is no day {day}", day=value)
                if typed
                else say("{found} is no day; write it as 2026-11-02 or 2026年11月2日", found=value)
            )
            place = ctx.find_object(Workplace) if ctx else None
            told = no_day.in_language(place.language if place else "en")
            raise click.BadParameter(told, ctx, param) from fault
        return converted


_TYPED_DAY: Final = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")
DAY: Final = _Day(["%Y-%m-%d"])
"""A day as it is typed."""


def _today(ctx: click.Context, parameter: click.Parameter, day: object) -> date:
    return day.date() if hasattr(day, "date") else date.today()  # noqa: DTZ011  # the user's own day


def as_of_option(command: F) -> F:
    """Add --as-of: the day that documents are made for, today unless it is given."""
    return click.option(
        "--as-of",
        type=DAY,
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
        is_eager=True,
    )(command)


def pages_option(command: F) -> F:
    """Add --no-pages: contents whose pages are counted in Word."""
    return click.option(
        "--pages/--no-pages",
        default=True,
        help="Count the pages of the contents by LibreOffice if it is there; else Ctrl+A, F9 in "
        "Word.",
    )(command)


def yes_options(command: F) -> F:
    """Add --dry-run and --yes to a command that shows what it writes and asks before it does."""
    dry = click.option("--dry-run", is_flag=True, help="Show the row and write nothing.")
    return yes_option(dry(command))


def yes_option(command: F) -> F:
    """Add --yes: nobody is asked at a terminal either."""
    return click.option("--yes", is_flag=True, help="Write without asking.")(command)


def is_talking(form: str) -> bool:
    """Return whether somebody sits at a terminal, who can be asked."""
    return form == "text" and sys.stdin.isatty()


class AskedOption(click.Option):
    """An option that must be given; who sits at a terminal is asked for it instead."""

    def __init__(self, names: Sequence[str], question: Message, **said: Any) -> None:
        super().__init__(names, required=True, prompt=True, **said)
        self.question = question

    def prompt_for_value(self, ctx: click.Context) -> object:
        """Return what is answered; where nobody can be asked the option is missing."""
        place = ctx.find_object(Workplace)
        if place is None or not is_talking(ctx.meta.get(FORM, "text")):
            raise click.MissingParameter(ctx=ctx, param=self)
        read = partial(self.process_value, ctx)
        return click.prompt(place.spoken(self.question), value_proc=read, err=True)


def full_option(command: F) -> F:
    """Add --full: tables with all their columns and reasons, however narrow the terminal."""

    def remember(ctx: click.Context, _: click.Parameter, full: bool) -> None:  # noqa: FBT001
        ctx.meta[FULL] = full

    return click.option("--full", is_flag=True, expose_value=False, callback=remember,
                        help="Show every column and reason.")(command)  # fmt: skip


def is_full() -> bool:
    """Return whether the command was asked to show everything."""
    return bool(click.get_current_context().meta.get(FULL))


def contract_option(command: F) -> F:
    """Add --contract: one contract instead of all of them."""
    return click.option(
        "--contract", metavar="NO", help="Only this contract, or those a pattern with * names."
    )(command)


def existing_file() -> click.Path:
    """Return the type of a parameter that names a file which is there."""
    from pathlib import Path

    return click.Path(path_type=Path, exists=True, dir_okay=False)


def require_contract(workplace: Workplace, contract: str | None, found: Sequence[str]) -> None:
    """Refuse to go on where there is no contract, or none of that number."""
    if found:
        return
    if contract is None:
        message = say(
            "{folder} holds no contract.yaml in any folder: deliverables new NO makes one "
            "for a first contract",
            folder=workplace.data,
        )
    else:
        message = _no_contract(workplace, contract)
    raise workplace.misused(message)


def _no_contract(workplace: Workplace, number: str) -> Message:
    from deliverables.read.characters import nearest

    near = nearest(number, workplace.project.contracts)
    message = say("{folder} holds no contract {number}", folder=workplace.data, number=number)
    return say("{message}; did you mean {near}?", message=message, near=near) if near else message


def finding_facts(finding: Finding, language: str) -> dict[str, object]:
    """Return a finding for another program."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where.in_language(language),
        "message": finding.message.in_language(language),
        "expected": finding.expected,
        "found": finding.found,
        "figure": finding.key,
        "sources": [str(source) for source in finding.sources],
    }


def figure_facts(change: FigureChange, language: str) -> dict[str, object]:
    """Return a changed figure for another program."""
    return {
        "figure": change.key,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "place": change.place.message().in_language(language),
        "behind": [
            {"source": str(cause.source), "before": cause.before, "after": cause.after}
            for cause in change.causes
        ],
    }


def status_facts(status: Status) -> dict[str, object]:
    """Return a status for another program: its one word, and the stage and condition behind it."""
    condition = None if status.condition is None else status.condition.value
    return {"state": status.word, "stage": status.stage.value, "condition": condition,
            "changed": list(status.changed)}  # fmt: skip


def unfinished(contract: str, problems: Iterable[Problem]) -> Message:
    """Return in one line that nothing can be planned or made yet, and where the list is."""
    return say(
        "{contract}: not ready, {count} facts that every document needs are still 【待补】; "
        "deliverables check --contract {contract} lists them",
        contract=contract,
        count=sum(problem.code == TO_FILL for problem in problems),
    )


def due_text(due: Deadline | None) -> str:
    """Return a deadline for programs; a provisional one stays a range and says so."""
    from deliverables.values.calendar import Settled

    if due is None:
        return "—"
    return due.date.isoformat() if isinstance(due, Settled) else str(due)


def due_shown(due: Deadline | None) -> date | Message | None:
    """Return a deadline for people; a provisional one stays a range and says so."""
    from deliverables.values.calendar import Settled

    if due is None or isinstance(due, Settled):
        return due.date if due else None
    if due.earliest == due.latest:
        return say("{day}, provisional", day=due.earliest)
    return say("{first} – {last}, provisional", first=due.earliest, last=due.latest)


def part_called(part: str, name: str = "") -> Term | str:
    """Return a part as a table has it: Q2, 1, S001 as they are, others by their Chinese names.

    The `name` that the contract gives it follows: 1 合同首款.
    """
    if name:
        return f"{part} {name}"
    found = _NAMED_PARTS.fullmatch(part)
    if found is None:
        return part
    whole, several = _CHINESE_PARTS[found[1]]
    return Term(part, several.format(found[2]) if found[2] else whole)


def document_called(title: str, part: str) -> Message | str:
    """Return a document in a sentence: 季度报告 Q2, without its part where there is but one."""
    called = part_called(part)
    is_alone = isinstance(called, Term) and called.in_language("zh") == _ALONE
    return title if is_alone else say("{title} {part}", title=title, part=called)


_ALONE: Final = "—"
"""The part of what has one part alone."""
_NAMED_PARTS: Final = re.compile(r"(annual|interim|final|coverage|statement)(\d*)")
_CHINESE_PARTS: Final = {
    "annual": ("全年", "第{}年度"),
    "interim": ("中期", "第{}次中期"),
    "final": ("最终", ""),
    "coverage": (_ALONE, ""),
    "statement": (_ALONE, ""),
}


def one_contract(workplace: Workplace, contract: str | None) -> Examined:
    """Return the contract that is meant: the one named, or the only one that is no sample."""
    examined = list(workplace.project.read(contract=contract))
    require_contract(workplace, contract, [item.contract for item in examined])
    own = [one for one in examined if not (one.book and one.book.is_sample)]
    if len(own) == 1:
        return own[0]
    if len(examined) > 1:
        raise workplace.misused(
            say("there are {count} contracts: say which one, --contract NO", count=len(examined))
        )
    return examined[0]


def title_of(entry: Entry, folders: Folders, contract: str) -> str:
    """Return what a recorded document is called: a report by its contract's name, as its file is.

    The kind itself where it is not known.
    """
    from deliverables.letters import every_kind

    kind = every_kind(folders, contract).get(entry.kind)
    if kind is None:
        return entry.kind
    number, _, called = PurePosixPath(entry.file).stem.partition(f"{contract}_")
    return kind.title if number or not kind.sealing.for_acceptance else called.partition("_")[0]


def difference_lines(
    one: Difference, language: str, approval: Approval | None = None
) -> Iterator[str]:
    """Yield what a person did, line by line: where and what, before, after, whose, what to do."""
    label = one.severity.label(language)
    where = one.place.message().in_language(language)
    name = f"{label}[{one.passage}]" if one.is_edit else f"{label}[{one.code}]"
    said = one.message.in_language(language)
    yield f"    {name} {where}: {said}"
    if one.before and one.before not in said:
        yield f"        - {one.before}"
    if one.after and one.after not in said:
        yield f"        + {one.after}"
    if one.sources:
        told = say("{name} comes from {sources}", name=one.name or one.key,
                   sources=clauses(one.sources))  # fmt: skip
        yield f"        {told.in_language(language)}"
    if approval is not None:
        told = say("approved by {by}, {role}, {day}", by=approval.by, role=approval.role,
                   day=approval.day)  # fmt: skip
        yield f"        {told.in_language(language)}"
    else:
        yield f"        {one.advice.in_language(language)}"


def difference_facts(
    one: Difference, approvals: Mapping[str, Approval], language: str
) -> dict[str, object]:
    """Return what a person did, for another program."""
    approval = approvals.get(one.passage)
    return {
        "code": one.code,
        "severity": one.severity.value,
        "where": one.place.message().in_language(language),
        "message": one.message.in_language(language),
        "before": one.before,
        "after": one.after,
        "figure": one.key,
        "name": one.name,
        "sources": list(one.sources),
        "advice": one.advice.in_language(language),
        "passage": one.passage,
        "approved": None
        if approval is None
        else {"by": approval.by, "role": approval.role, "day": approval.day},
    }
