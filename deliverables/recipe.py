"""Everything a document is made from, in one digest: with the same one, it need not be made."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from deliverables import __version__
from deliverables.folders import Folders
from deliverables.life import OPTIONS
from deliverables.model.book import ContractBook
from deliverables.register import Entry


def options_of(made: Entry | None) -> frozenset[str]:
    """Return the choices that a document was made with."""
    return frozenset(made.details.get(OPTIONS, "").split() if made else ())


def recipe_of(
    key: str, options: frozenset[str], book: ContractBook, folders: Folders, as_of: date
) -> str:
    """Return a SHA-256 of data, calendar, template, version, day and options, in hexadecimal.

    `key` is that of the deliverable, kind/part. All files of the contract count, whether the
    document prints anything of them or not.
    """
    facts = (
        book.remembered("inputs and calendar", lambda: _inputs(book)),
        folders.template_sha256(key.partition("/")[0]),
        __version__,
        as_of.isoformat(),
        key,
        *sorted(options),
    )
    return sha256("\n".join(facts).encode()).hexdigest()


def _inputs(book: ContractBook) -> str:
    days = sorted(book.calendar.exceptions.items())
    facts = (sorted(book.inputs.items()), sorted(book.calendar.published), days)
    return sha256(repr(facts).encode()).hexdigest()
