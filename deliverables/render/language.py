"""The template language: docxtpl's tags with Jinja expressions, and nothing a document can misuse.

Text that comes from data is escaped whatever a template does; a missing name is an error;
there are no globals, no filters but `length`, and only the fields of a context can be reached.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass

from jinja2 import StrictUndefined
from jinja2.runtime import Undefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from deliverables.figure import Figure
from deliverables.model.chart import Chart

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")


class UnprintableError(ValueError):
    """A value that cannot stand in a document: control characters, or no text at all."""


Draw = Callable[[Chart], str]


class Language(SandboxedEnvironment):
    """A Jinja environment whose names are fields of a context."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_printed)
        self.globals.clear()
        self.filters = {"length": len, "count": len}

    def getattr(self, obj: object, attribute: str) -> object:
        """Return a field of a context; everything else but `loop` is undefined."""
        if is_dataclass(obj) and not isinstance(obj, Figure | Chart):
            if any(field.name == attribute for field in fields(obj)):
                return offered(getattr(obj, attribute))
            return self.undefined(obj=type(obj).__name__, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Refuse o["name"]: a template has one way to name a field."""
        return self.undefined(obj=obj, name=str(argument))


@contextmanager
def drawing(draw: Draw) -> Iterator[None]:
    """Let `draw` turn the charts that are printed meanwhile into a run's markup."""
    token = _draw.set(draw)
    try:
        yield
    finally:
        _draw.reset(token)


_draw: ContextVar[Draw] = ContextVar("draw")


def _printed(value: object) -> Markup | Undefined:
    if isinstance(value, Undefined):
        return value
    if isinstance(value, Chart):
        return Markup(_draw.get()(value))  # noqa: S704  # drawn by us, escaped by us
    if isinstance(value, Figure):
        value = str(value)
    if isinstance(value, str):
        return escape(printable(str(value)))
    if isinstance(value, int) and not isinstance(value, bool):
        return escape(value)
    raise UnprintableError(f"a {type(value).__name__} cannot be printed")


def offered(value: object) -> object:
    """Return what a template sees of a value: a figure is its text."""
    if isinstance(value, Figure):
        return str(value)
    if isinstance(value, tuple):
        return tuple(offered(item) for item in value)
    return value


def printable(text: str) -> str:
    """Return `text` with plain line ends, or refuse it for a character no document can hold."""
    if found := _UNPRINTABLE.search(text):
        raise UnprintableError(f"the text holds the control character U+{ord(found[0]):04X}")
    return _LINE_ENDS.sub("\n", text)
