"""Keeps the Chinese catalogue: `python -m scripts.catalogue` merges new messages and compiles.

Messages are English sentences in say("…") calls, the help of every command, and click's own words.
Untranslated ones are printed, so that somebody translates them in
deliverables/locale/zh/LC_MESSAGES/deliverables.po and runs this again.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from click import core, decorators, exceptions, formatting, parser, types

from deliverables.cli import COMMANDS, EXAMPLES, texts_of
from deliverables.cli import main as main_command

Id = str | tuple[str, str]

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "deliverables"
_ONE_FORM = "nplurals=1; plural=0;"
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # Babel would write the time of day into the header
WRITTEN = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "deliverables.po"


def main() -> None:
    """Merge the messages of the package into the catalogue, compile it, name what is missing."""
    catalogue = merged()
    WRITTEN.parent.mkdir(parents=True, exist_ok=True)
    WRITTEN.write_bytes(po_bytes(catalogue))
    WRITTEN.with_suffix(".mo").write_bytes(mo_bytes(catalogue))
    missing = untranslated(catalogue)
    for message in missing:
        print(message)
    sys.exit(1 if missing else 0)


def merged() -> Catalog:
    """Return the catalogue with every message of the package, old translations kept."""
    kept = read_catalogue()
    catalogue = Catalog(locale="zh", project="deliverables", fuzzy=False)
    found = dict.fromkeys((*messages(), *help_texts(), *words_of_click()))
    for message in sorted(found, key=_singular):
        old = kept.get(message)
        catalogue.add(message, string=old.string if old and old.string else "")
    return catalogue


def read_catalogue() -> Catalog:
    """Return the catalogue as it is written."""
    if not WRITTEN.exists():
        return Catalog(locale="zh")
    with WRITTEN.open("rb") as file:
        return read_po(file, locale="zh")


def messages() -> Iterator[str]:
    """Yield the first argument of every say("…") in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="say"), args=[ast.Constant(value=str(message)), *_]
                ) if message:
                    yield message


def help_texts() -> Iterator[str]:
    """Yield what the help of the command and of every subcommand says, asking the commands."""
    yield EXAMPLES
    yield from COMMANDS.values()
    yield from texts_of(main_command)
    for name in COMMANDS:
        command = main_command.get_command(click.Context(main_command), name)
        yield from texts_of(command) if command else ()


def words_of_click() -> Iterator[Id]:
    """Yield what click says by itself: its errors and the headings of its help."""
    for module in (core, decorators, exceptions, formatting, parser, types):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(words))]):
                    yield words
                case ast.Call(
                    func=ast.Name(id="ngettext"),
                    args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), _],
                ):
                    yield one, many


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the messages that have no Chinese yet."""
    return [_singular(message.id) for message in catalogue if message.id and not chinese(message)]


def chinese(message: Message) -> str:
    """Return the translation of a message; Chinese has one form for one and for many."""
    return message.string if isinstance(message.string, str) else "".join(message.string or ())


def _singular(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue as text, the same for the same messages."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=True, sort_output=True)
    header = (
        'msgid ""\nmsgstr ""\n"Language: zh\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {_ONE_FORM}\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue, the same for the same messages."""
    plain = Catalog(locale="zh", charset="utf-8", header_comment="", creation_date=_NO_DATE)
    plain.mime_headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Plural-Forms", _ONE_FORM),
    ]
    for message in catalogue:
        if message.id:
            plain.add(message.id, message.string)
    buffer = BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
