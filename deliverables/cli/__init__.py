"""The deliverables command: each subcommand is loaded when it is used."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from deliverables import __version__
from deliverables.cli.language import system_language

# Commands make much and throw little away: to look for rubbish as often as Python does by default
# takes a third of the time in which a workbook is read.
gc.set_threshold(100_000, 20, 50)

COMMANDS = {
    "check": "Read everything and show every problem and every assumption at once.",
    "plan": "Show every document the contract calls for, when, and what stands in its way.",
    "build": "Make documents, prove them and record them.",
    "verify": "Reopen documents and prove every figure against the data.",
    "explain": "Show where a figure comes from, down to cells and lines.",
    "diff": "Show which figures and words changed, and the change of the data behind each.",
    "final": "Make a draft final: no marks, read-only, with PDF and 用印申请单.",
    "sealed": "Record the sealed copy of a final document.",
    "delivered": "Record that the client received a sealed document.",
    "accepted": "Record what the client's acceptance says.",
    "acceptance": "Show whether the acceptance materials are complete and sealed.",
    "status": "Show what was made, and whether it is still current.",
    "kinds": "List the kinds of documents, or the names a kind's template may use.",
    "template": "Check templates, and carry the house style into them.",
}


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
    """Subcommands by name, imported when one of them is run or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"deliverables.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            raise click.UsageError(f"No such command {args[0]!r}.{_did_you_mean(args[0])}", ctx)
        return super().resolve_command(ctx, args)


def _did_you_mean(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    return f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(COMMANDS)}."


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": _width()},
)
@click.version_option(__version__, prog_name="deliverables")
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
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="Language of messages.")
@click.pass_context
def main(ctx: click.Context, data: str, out: str, templates: str | None, lang: str | None) -> None:
    """Turn a contract's structured data into the documents it owes.

    \b
    Example: deliverables plan --as-of 2026-11-02
    """
    from pathlib import Path

    from deliverables.cli.workplace import Workplace

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    own = Path(templates) if templates else None
    ctx.obj = Workplace(Path(data), Path(out), own, lang or system_language())
