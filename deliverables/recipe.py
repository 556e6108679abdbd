"""What a document is made from, and what it says but for its day: whether it need be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, Final

from deliverables import __version__
from deliverables.folders import Folders
from deliverables.kinds import Deliverable
from deliverables.model.book import ContractBook
from deliverables.model.fields import show_day
from deliverables.register import OPTIONS, Entry
from deliverables.values.figure import Derivation, Figure, fields_in


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


_DAY: Final = "\0"
"""Stands for the day of the document; no data hold it."""


def substance_of(context: object, deliverable: Deliverable, as_of: date) -> str:
    """Return a SHA-256 of all that a document of the deliverable says, but for its day.

    The day is set aside in texts, and in figures that are the day because it was asked for. A day
    that was read from a cell or reckoned from one stays, also if it is the same one.
    """
    digest = sha256(repr((deliverable.sample, sorted(deliverable.options))).encode())
    days = (show_day(as_of), as_of.isoformat())
    for blocker in deliverable.blockers:
        digest.update(f"{blocker.on_document}\n".encode())
    for said in _said(context, days):
        digest.update(said)
        digest.update(b"\n")
    return digest.hexdigest()


def redated(context: Any, old: date, new: date) -> Any:
    """Return what a document says that states what was so on one day and bears another.

    Only what is the day and nothing else changes (成文日期): a text in which it stands states more.
    """
    if old == new:
        return context
    if isinstance(context, Figure):
        same = _may_hold_the_day(context) and context.text == show_day(old)
        return replace(context, value=new, text=show_day(new)) if same else context
    if isinstance(context, str):
        return show_day(new) if context == show_day(old) else context
    if isinstance(context, tuple):
        return tuple(redated(one, old, new) for one in context)
    kind: Any = type(context)
    fields = {name: getattr(context, name) for name in fields_in(kind)}
    changed = {name: found for name, said in fields.items()
               if (found := redated(said, old, new)) is not said and found != said}  # fmt: skip
    return replace(context, **changed) if changed else context


def _said(item: Any, days: tuple[str, str]) -> Iterator[bytes]:
    kind: Any = type(item)
    if isinstance(item, Figure):
        yield (_without(item.text, days) if _may_hold_the_day(item) else item.text).encode()
    elif isinstance(item, str):
        yield _without(item, days).encode()
    elif isinstance(item, bytes):
        yield sha256(item).digest()
    elif isinstance(item, tuple):
        yield b"(%d" % len(item)
        for one in item:
            yield from _said(one, days)
    elif names := fields_in(kind):
        for name in names:
            yield from _said(getattr(item, name), days)
    else:
        yield repr(item).encode()


def _may_hold_the_day(figure: Figure[object]) -> bool:
    origin = figure.origin
    composed = isinstance(figure.value, str)
    return isinstance(origin, Derivation) and (composed or not (origin.inputs or origin.among))


def _without(text: str, days: tuple[str, str]) -> str:
    for day in days:
        text = text.replace(day, _DAY)
    return text
