"""deliverables completion: the shell finishes commands, options and the names of the project."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import click
from click.shell_completion import (
    CompletionItem,
    PowerShellComplete,
    add_completion_class,
    get_completion_class,
)

from deliverables import Project
from deliverables.cli.answer import suggest
from deliverables.values.problem import say

VARIABLE = "_DELIVERABLES_COMPLETE"
"""Where the script of the shell puts what it asks."""

SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command("completion")
@click.argument("shell", metavar="SHELL", type=click.Choice(SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the script that lets a SHELL finish what is typed: bash, zsh, fish or powershell.

    Commands, options, kinds, parts and contract numbers are finished with the Tab key. Add the
    script to the file that the shell reads when it starts.

    \b
    Examples:
      deliverables completion bash >> ~/.bashrc
      deliverables completion powershell >> $PROFILE
    """
    script = get_completion_class(shell)
    suggest(say("next: start a new shell; then the Tab key finishes what is typed"))
    if script is not None:
        click.echo(script(ctx.find_root().command, {}, "deliverables", VARIABLE).source())


def offering_names(command: click.Command) -> click.Command:
    """Return the command so that what it calls KIND, PART and NO is finished too.

    These are the metavars that every command uses for a kind, a part and a contract's number.
    """
    offering = copy.copy(command)
    offering.params = [_offering(parameter) for parameter in command.params]
    if isinstance(offering, click.Group) and isinstance(command, click.Group):
        offering.commands = {
            name: offering_names(each) for name, each in command.commands.items()
        }  # fmt: skip
    return offering


def _offering(parameter: click.Parameter) -> click.Parameter:
    names = OFFERED.get((parameter.metavar or "").strip("[]."))
    if names is None:
        return parameter
    offering = copy.copy(parameter)
    either = (parameter.metavar or "").startswith("FILE|")
    offering.type = (_FileOrNames if either else _Names)(names)
    return offering


class _Names(click.ParamType[str]):
    name = "name"

    def __init__(self, names: Callable[[click.Context], Iterable[str]]) -> None:
        self._names = names

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        try:
            names = sorted(set(self._names(ctx)))
        except Exception:  # noqa: BLE001  # nothing may stand in the way of typing on
            return []
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class _FileOrNames(_Names):
    """A file that the shell finishes, or one of the names."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        names = super().shell_complete(ctx, param, incomplete)
        return [*names, CompletionItem(incomplete, type="file")]


def _kinds(ctx: click.Context) -> Iterable[str]:
    from deliverables.letters import known_kinds

    return known_kinds(_project(ctx).folders)


def _contracts(ctx: click.Context) -> Iterable[str]:
    return _project(ctx).contracts


def _stages(ctx: click.Context) -> Iterable[str]:
    from deliverables.kinds.acceptance_record.stages import acceptances_of

    for one in _project(ctx).read(contract=ctx.params.get("contract")):
        if one.book is not None:
            yield from (each.stage for each in acceptances_of(one.book.contract))


def _parts(ctx: click.Context) -> Iterable[str]:
    from deliverables.letters import every_kind

    project = _project(ctx)
    for one in project.read(contract=ctx.params.get("contract")):
        if one.book is not None:
            for kind in every_kind(project.folders, one.contract).values():
                yield from (each.part for each in kind.plan(one.book, date.max))


def _project(ctx: click.Context) -> Project:
    from deliverables.folders import Folders

    return Project(Folders(_data(ctx), _data(ctx)))


def _data(ctx: click.Context) -> Path:
    return Path(ctx.find_root().params["data"])


OFFERED: dict[str, Callable[[click.Context], Iterable[str]]] = {
    "KIND": _kinds,
    "NO": _contracts,
    "PART": _parts,
    "FILE|STAGE": _stages,
}
"""What finishes a word, by the metavar of the parameter that it is for."""


@add_completion_class
class _PowerShell(PowerShellComplete):
    """Click splits the line as a POSIX shell would, where a backslash is no part of a path."""

    def get_completion_args(self) -> tuple[list[str], str]:
        os.environ["COMP_WORDS"] = os.environ["COMP_WORDS"].replace("\\", "\\\\")
        return super().get_completion_args()
