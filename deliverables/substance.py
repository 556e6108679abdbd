"""What a document says apart from the day it bears: by it one is found out of date, or not.

A document states what was so on its day. On a later day it is as good as it was, unless what it
states has become otherwise; that the day itself would be another one is no reason to make it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, Final

from deliverables.figure import Derivation, Figure, fields_in
from deliverables.kind import Deliverable
from deliverables.model.values import show_day

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
