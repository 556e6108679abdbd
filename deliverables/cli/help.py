"""Help in the user's language: English stands in the code, Chinese in the catalogue.

A command is translated when it is looked up, so that no command has to do anything for it.
"""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from deliverables.message import translated

C = TypeVar("C", bound=click.Command)

EXAMPLES = "Examples:"
_EXAMPLES = re.compile(r"^Examples?:", re.MULTILINE)
_UNWRAPPED = "\b\n"
_CLOSING = "，。；：、！？）】》”’…"


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
        part if part.startswith(_UNWRAPPED) else _UNWRAPPED + "\n".join(_lines(part, width))
        for part in re.split(r"\n\s*\n", text)
    )


def _lines(text: str, width: int) -> Iterator[str]:
    """Yield lines no wider than `width`; none begins with a mark that closes something."""
    line, taken = "", 0
    for word in re.findall(rf"(?:[^\s\u2e80-\uffff]+|\S)[{_CLOSING}]*\s*", text):
        needed = _columns(word.rstrip())
        if line and taken + needed > width:
            yield line.rstrip()
            line, taken = "", 0
        line, taken = line + word, taken + _columns(word)
    yield line.rstrip()


def _columns(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
