"""The deliverables command: each subcommand is loaded when it is used."""

from __future__ import annotations

import atexit
import copy
import gc
import inspect
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import click

from deliverables.cli.answer import (
    ANSWER,
    FORM,
    LANGUAGES,
    PROBLEMS,
    TOLD,
    Exit,
    Workplace,
    answered,
    click_speaking,
    faults_of,
    language_asked,
    next_step,
    print_json,
    system_language,
    wrapped,
)
from deliverables.values.problem import Message, listed, say, translated
from deliverables.version import __version__

if TYPE_CHECKING:
    from deliverables.values.fault import Fault

C = TypeVar("C", bound=click.Command)

EXAMPLES = "Examples:"
_EXAMPLES = re.compile(r"^Examples?:", re.MULTILINE)
_UNWRAPPED = "\b\n"


def texts_of(command: click.Command) -> Iterator[str]:
    """Yield every English text that the help of a command shows, its subcommands' too."""
    for text in filter(None, (command.help, command.epilog, command.short_help)):
        yield from (_joined(part) for part in _paragraphs(text) if not part.startswith(_UNWRAPPED))
    if isinstance(command, click.Group):
        yield command.subcommand_metavar
    yield command.options_metavar or ""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield _joined(parameter.help)
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            yield from texts_of(subcommand)


def in_language(command: C, language: str) -> C:
    """Return the command as it helps in `language`; the command itself stays as it is.

    It is a copy in English too: click keeps the words of --help in the command it first shows.
    """
    spoken = copy.copy(command)
    if language == "zh":
        spoken.context_class = _WideContext
    spoken.help = _spoken(command.help, language)
    spoken.short_help = _spoken(command.short_help, language)
    spoken.epilog = _spoken(command.epilog, language)
    spoken.options_metavar = translated(command.options_metavar or "", language)
    spoken.params = [_parameter(parameter, language) for parameter in command.params]
    if isinstance(spoken, click.Group) and isinstance(command, click.Group):
        spoken.subcommand_metavar = translated(command.subcommand_metavar, language)
        spoken.commands = {
            name: in_language(subcommand, language) for name, subcommand in command.commands.items()
        }
    return spoken


def _parameter(parameter: click.Parameter, language: str) -> click.Parameter:
    if not isinstance(parameter, click.Option) or not parameter.help:
        return parameter
    spoken = copy.copy(parameter)
    spoken.help = translated(_joined(parameter.help), language)
    return spoken


def _spoken(text: str | None, language: str) -> str | None:
    if text is None:
        return None
    return "\n\n".join(
        _EXAMPLES.sub(translated(EXAMPLES, language), part)
        if part.startswith(_UNWRAPPED)
        else translated(_joined(part), language)
        for part in _paragraphs(text)
    )


def _paragraphs(text: str) -> Iterable[str]:
    return re.split(r"\n\s*\n", inspect.cleandoc(text))


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split())


class _WideFormatter(click.HelpFormatter):
    """Breaks Chinese lines where a terminal does: a character takes two columns."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        super().write_text(_broken(text, self.width - self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        listed = list(rows)
        first = min(max((len(term) for term, _ in listed), default=0), col_max) + col_spacing
        room = self.width - first - self.current_indent
        broken = [(term, _broken(text, room)) for term, text in listed]
        super().write_dl(broken, col_max, col_spacing)


class _WideContext(click.Context):
    formatter_class = _WideFormatter


def _broken(text: str, width: int) -> str:
    """Return the text with its lines broken, so that click breaks none itself."""
    return "\n\n".join(
        part if part.startswith(_UNWRAPPED) else _UNWRAPPED + "\n".join(wrapped(part, width))
        for part in re.split(r"\n\s*\n", text)
    )


# what is imported is no rubbish either


# Commands make much and throw little away: to look for rubbish as often as Python does by default
# takes a third of the time in which a workbook is read. Nor need all of it be looked through when
# the command ends.
gc.set_threshold(100_000, 20, 50)
atexit.register(gc.freeze)


COMMANDS = {
    "new": "Make the folder of a new contract, ready to be filled in.",
    "workbook": "Write a workbook to fill in, or bring an older one into today's layout.",
    "import": "Add the rows of another system's export to a quarter's workbook.",
    "letter": "Enter letters: those to be written, and those received.",
    "check": "Read everything and show every problem and every assumption at once.",
    "plan": "Show every document the contract calls for, when, and what stands in its way.",
    "finance": "Show what finance has to do next, and until when.",
    "build": "Make documents, prove them and record them.",
    "pack": "Make a payment request with 开票申请单, list of attachments and e-mail.",
    "invoice-import": "Fill the tax portal's own workbook with the invoice of an instalment.",
    "verify": "Reopen documents and prove every figure against the data.",
    "explain": "Show where a figure comes from, down to cells and lines.",
    "diff": "Show which figures and words changed, and the change of the data behind each.",
    "final": "Make a draft final: no marks, read-only, with PDF and 用印申请单.",
    "sealed": "Record the sealed copy of a final document.",
    "delivered": "Record that the client received a sealed document.",
    "accepted": "Record what the client's acceptance says.",
    "mail": "Write the e-mail that a document goes to the client with; send nothing.",
    "withdraw": "Record that a sealed document was found wrong and no longer holds.",
    "acceptance": "Show whether the acceptance materials are complete and sealed.",
    "ledger": "Show what was asked, invoiced, received and is owed, and what is inconsistent.",
    "status": "Show what was made, and whether it is still current.",
    "doctor": "Look whether files and registers are as they should be, and mend what is safe.",
    "received": "Enter money that came in.",
    "invoiced": "Enter an invoice that was issued.",
    "requested": "Enter a payment request that was sent.",
    "reminded": "Enter a reminder that the client received.",
    "deducted": "Enter a deduction that the client demands.",
    "claimed": "Enter a claim against the client.",
    "approved": "Enter what is known of a fiscal approval.",
    "filed": "Enter that the VAT of a month was declared.",
    "occurred": "Enter an event that a payment waits for.",
    "fulfilled": "Enter what was done under an article of the contract.",
    "joined": "Enter a person who joined the project.",
    "signed": "Enter that a person signed the confidentiality agreement.",
    "left": "Enter that a person left the project.",
    "undo": "Take back the row that was entered last.",
    "overview": "Write one page about all contracts, to read in a browser or on paper.",
    "calendar": "Write an .ics file of everything that is due.",
    "workdays": "Write the holidays of a year from the text of their notice.",
    "completion": "Print the script that lets a shell finish what is typed.",
    "kinds": "List the kinds of documents, or the names a kind's template may use.",
    "template": "Check templates, draft them from text, turn them back into text, dress them.",
}


_ROOMS = {
    **dict.fromkeys(("new", "workbook", "import"), "data"),
    **dict.fromkeys(("final", "sealed", "delivered", "accepted", "withdraw", "acceptance"), "seal"),
    "calendar": "overview",
    **dict.fromkeys(
        ("received", "invoiced", "requested", "reminded", "deducted", "claimed"), "entries"
    ),
    **dict.fromkeys(
        ("approved", "filed", "occurred", "fulfilled", "joined", "signed", "left", "undo"),
        "entries",
    ),
    **dict.fromkeys(("finance", "ledger", "pack", "invoice-import"), "finance"),
}
"""The module that holds a command, if that is not called as the command is."""


_COMPLETING = "_DELIVERABLES_COMPLETE"
_STARTED_AS = "DELIVERABLES_STARTED_AS"
"""What starts the toolkit says here how it is called: python run.py."""


def _width() -> int:
    """Return how wide help is: as wide as the terminal, and no wider than click makes it.

    click would ask shutil, which imports more than all the rest of what help needs.
    """
    columns = os.environ.get("COLUMNS", "")
    try:
        wide = int(columns) if columns.isdecimal() else os.get_terminal_size().columns
    except OSError:
        wide = 0
    return max(min(wide or _WIDEST, _WIDEST) - 2, _NARROWEST)


_WIDEST, _NARROWEST = 80, 50


class _Commands(click.Group):
    """Subcommands by name, imported when one of them is run or asked for help, and translated."""

    language = "en"
    arguments: Sequence[str] = ()

    def main(self, args: Sequence[str] | None = None, *rest: Any, **settings: Any) -> Any:
        arguments = sys.argv[1:] if args is None else args
        language = language_asked(arguments)
        spoken = in_language(self, language)
        spoken.language, spoken.arguments = language, arguments
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a console of another code page prints \u escapes
                stream.reconfigure(errors="backslashreplace")
        if program := os.environ.get(_STARTED_AS):
            settings["prog_name"] = program
        with click_speaking(language):
            if _COMPLETING in os.environ:  # the classes of the shells are ours in part
                import_module("deliverables.cli.completion")
            return super(_Commands, spoken).main(args, *rest, **settings)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"deliverables.cli.{_ROOMS.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        command = in_language(command, self.language)
        if _COMPLETING not in os.environ:
            return command
        from deliverables.cli.completion import offering_names

        return offering_names(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(translated("Commands", self.language)):
            formatter.write_dl(
                [(name, translated(text, self.language)) for name, text in COMMANDS.items()]
            )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            raise click.UsageError(_no_such_command(args[0]).in_language(self.language), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _ending_in_order():
                super().invoke(ctx)
        except _BrokenOffError as broken_off:
            told = _BROKEN_OFF.in_language(self.language)
            click.echo(told, err=True)
            self._tell_program(ctx, _BY_SIGNAL + broken_off.signal, told)
            ctx.exit(_BY_SIGNAL + broken_off.signal)
        except SystemExit as ended:
            self._tell_program(ctx, ended.code)
            self._tell_next(ctx, ended.code)
            raise
        except BrokenPipeError:
            raise
        except OSError as fault:
            from deliverables.files.refusal import refusal

            told = refusal(fault).in_language(self.language)
            self._tell_program(ctx, 1, told)
            raise click.ClickException(told) from fault
        except click.ClickException as refused:
            if isinstance(refused, click.NoSuchOption) and refused.possibilities:
                del refused.possibilities[1:]  # the nearest is meant; click would sort them
            meant = self._as_meant(refused)
            self._tell_program(ctx, meant.exit_code, meant.format_message())
            raise meant  # noqa: B904  # it is the one refused, or says what that meant
        except (click.Abort, click.exceptions.Exit):
            raise
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is told, and not as a traceback
            from deliverables.values.fault import Fault

            self._tell_faults(ctx, (Fault.of(fault),))
            self._tell_program(ctx, Exit.FAULT, Fault.of(fault).name)
            ctx.exit(int(Exit.FAULT))
        code = answered(ctx)
        self._tell_faults(ctx, faults_of(ctx))
        self._tell_next(ctx, code)
        ctx.exit(int(code))

    def _as_meant(self, refused: click.ClickException) -> click.ClickException:
        """Return a refusal; of an amount taken for an option, how to write one below zero."""
        if not isinstance(refused, click.NoSuchOption) or not _BELOW_ZERO.match(
            refused.option_name
        ):
            return refused
        how = say("an amount below zero stands last, behind --: deliverables received 1 --on "
                  "2026-09-01 -- -500.00")  # fmt: skip
        return click.UsageError(how.in_language(self.language), refused.ctx)

    def _tell_faults(self, ctx: click.Context, faults: Sequence[Fault]) -> None:
        if faults:
            from deliverables.cli.fault_report import tell_faults

            tell_faults(faults, _without_values(self.arguments), self.language)

    def _tell_program(self, ctx: click.Context, code: object, message: str = "") -> None:
        """Tell a program that a command ended without an answer, and why."""
        asked = ctx.meta.get(FORM) == "json" or _asks_for_json(self.arguments)
        if asked and ANSWER not in ctx.meta:
            print_json({"error": {"code": code, "message": message or ctx.meta.get(TOLD),
                                  "problems": ctx.meta.get(PROBLEMS, [])}})  # fmt: skip

    def _tell_next(self, ctx: click.Context, code: object) -> None:
        if ctx.params["quiet"] or ctx.meta.get(FORM) == "json" or not isinstance(code, int):
            return
        step = next_step(ctx, code)
        told = step.in_language(self.language)
        click.echo(ctx.obj.as_typed(told) if ctx.obj else told, err=True)


class _BrokenOffError(BaseException):
    """A signal that ends the run: Ctrl-C, or what a service manager sends."""

    def __init__(self, number: int) -> None:
        self.signal = number


_BY_SIGNAL = 128
_BELOW_ZERO = re.compile(r"-[\d,.]")
"""What click takes for an option and is an amount."""
_BROKEN_OFF = say("broken off: nothing is half done; run the command again for the rest")


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end what is done as a fault does: children end, folders are swept.

    The second signal ends the run as the system does by itself.
    """

    def end(number: int, _: object) -> None:
        for each, usual in before.items():
            signal.signal(each, usual)
        raise _BrokenOffError(number)

    before: dict[int, Any] = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, end)
    except ValueError:  # only the main thread is told of signals
        before.clear()
    try:
        yield
    finally:
        for each, usual in before.items():
            signal.signal(each, usual)


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Return whether a command line, maybe one that cannot be taken, asks for JSON."""
    pairs = pairwise(arguments)
    return "--format=json" in arguments or ("--format", "json") in pairs


def _without_values(arguments: Sequence[str]) -> str:
    """Return the command and the options of a command line, without what was given to them."""
    options = [one.partition("=")[0] for one in arguments if one.startswith("-")]
    command = [one for one in arguments if one in COMMANDS][:1]
    return " ".join((*command, *options))


def _no_such_command(name: str) -> Message:
    from deliverables.read.characters import nearest

    close = nearest(name, COMMANDS)
    if close:
        return say("No such command '{name}'. Did you mean '{close}'?", name=name, close=close)
    return say("No such command '{name}'. There are: {all}.", name=name, all=listed(COMMANDS))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": _width()},
    epilog="Begin with deliverables new NO; every command ends with what one would do next.",
)
@click.version_option(__version__, message="deliverables %(version)s")
@click.option(
    "--data",
    type=click.Path(file_okay=False),
    default="data",
    show_default=True,
    help="Folder with one folder per contract.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    default="out",
    show_default=True,
    help="Folder the documents and their register go to.",
)
@click.option(
    "--templates",
    type=click.Path(file_okay=False),
    default=None,
    help="Folder with your own templates; the shipped ones stand in for those it lacks.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="Language of messages.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another run in the same folder; 0 tells at once who it is.",
)
@click.option("--quiet", "-q", is_flag=True, help="Do not say what one would do next.")
@click.pass_context
def main(
    ctx: click.Context,
    data: str,
    out: str,
    templates: str | None,
    lang: str | None,
    wait: float,
    quiet: bool,  # noqa: FBT001  # click passes flags by name
) -> None:
    """Turn a contract's structured data into the documents it owes.

    \b
    Example: deliverables plan --as-of 2026-11-02
    """
    from pathlib import Path

    own = Path(templates) if templates else None
    ctx.obj = Workplace(Path(data), Path(out), own, lang or system_language(),
                        f"deliverables {ctx.invoked_subcommand}", wait,
                        _as_typed(ctx))  # fmt: skip


def _as_typed(ctx: click.Context) -> Callable[[str], str]:
    """Return what writes the commands in a text as this one was typed: its program and folders."""
    program, given = os.environ.get(_STARTED_AS, "deliverables"), click.core.ParameterSource
    folders = [
        name
        for name in ("data", "out", "templates")
        if ctx.get_parameter_source(name) is given.COMMANDLINE
    ]
    if not folders and program == "deliverables":
        return str
    from deliverables.values.command_line import command_line

    options = [command_line(f"--{name}", ctx.params[name]) for name in folders]
    typed = " ".join((program, *options, ""))
    commands = re.compile(rf"\bdeliverables (?=(?:{'|'.join(COMMANDS)})\b)")
    return lambda text: commands.sub(lambda _: typed, text)
