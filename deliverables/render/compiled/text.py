"""Values as markup: a look at the value alone decides whether anything need be done to it."""

from __future__ import annotations

import re
from typing import Final

from deliverables.render.printable import UnprintableError, printable

_UNUSUAL: Final = re.compile("[\x00-\x1f&<>\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]").search

_BREAK: Final = '</w:t><w:br/><w:t xml:space="preserve">'


def unusual(text: str) -> bool:
    """Tell whether a text needs more than copying: markup, line ends, what must be refused.

    Most texts are printable, which Python knows sooner than a regular expression.
    """
    if text.isprintable():
        return "&" in text or "<" in text or ">" in text
    return _UNUSUAL(text) is not None


class UnusualError(Exception):
    """What a compiled template does not know; the general way does, or refuses it properly."""


def words(value: object) -> str:
    """Return a value that must be text as plain text."""
    if not isinstance(value, str):
        raise UnusualError(f"a {type(value).__name__} where text was to be")
    return str(value)


def in_run(text: str) -> bytes:
    """Return unusual text as it stands in a run: line ends are breaks; tabs cut the run."""
    return in_runs(text).encode()


def in_runs(text: str) -> str:
    """Return any text as it stands in a run; likewise."""
    escaped = _escaped(text)
    if "\t" in escaped:
        raise UnusualError("a tab")
    return escaped.replace("\n", _BREAK)


def in_boxed(text: str) -> bytes:
    """Return unusual text as it stands in a text box, where docxtpl's line ends are a riddle."""
    escaped = _escaped(text)
    if "\t" in escaped or "\n" in escaped:
        raise UnusualError("a line end in a text box")
    return escaped.encode()


def in_text(text: str) -> bytes:
    """Return unusual text as it stands where it is no run's."""
    return _escaped(text).encode()


def in_attribute(text: str) -> bytes:
    """Return any text as it stands in an attribute."""
    escaped = _escaped(text)
    if "\t" in escaped or "\n" in escaped:
        raise UnusualError("a line end in an attribute")
    return escaped.replace('"', "&quot;").encode()


def _escaped(text: str) -> str:
    try:
        plain = printable(text)
    except UnprintableError as refused:
        raise UnusualError(str(refused)) from refused
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
