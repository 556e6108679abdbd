"""Keeps the Chinese catalogue: `python -m scripts.catalogue` merges new messages and compiles.

Messages are English sentences in say("…") calls. Untranslated ones are printed, so that somebody
translates them in deliverables/locale/zh/LC_MESSAGES/deliverables.po and runs this again.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "deliverables"
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
    for message in sorted(set(messages())):
        old = kept.get(message)
        catalogue.add(message, string=str(old.string) if old and old.string else "")
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


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the messages that have no Chinese yet."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue as text, the same for the same messages."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=True, sort_output=True)
    header = (
        'msgid ""\nmsgstr ""\n"Language: zh\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue, the same for the same messages."""
    plain = Catalog(locale="zh", charset="utf-8", header_comment="", creation_date=_NO_DATE)
    plain.mime_headers = [("Content-Type", "text/plain; charset=utf-8")]
    for message in catalogue:
        if message.id:
            plain.add(message.id, message.string)
    buffer = BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
