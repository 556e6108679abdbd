"""The template language: docxtpl's tags with Jinja expressions, and nothing a document can misuse.

Text that comes from data is escaped whatever a template does; a missing name is an error;
there are no globals, no filters but `length`, and only the fields of a context can be reached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass

from jinja2 import StrictUndefined
from jinja2.runtime import Undefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.insert import Insert
from deliverables.render.marks import MANY
from deliverables.render.printable import UnprintableError, printable

Draw = Callable[[Insert], str]


class Language(SandboxedEnvironment):
    """A Jinja environment whose names are fields of a context."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_printed)
        self.globals.clear()
        self.filters = {"length": len, "count": len}

    def getattr(self, obj: object, attribute: str) -> object:
        """Return a field of a context; everything else but `loop` is undefined."""
        if isinstance(obj, _Group):
            if any(field.name == attribute for field in fields(obj.value)):  # type: ignore[arg-type]
                return _offered(getattr(obj.value, attribute), f"{obj.key}.{attribute}", obj.row)
            return self.undefined(obj=type(obj.value).__name__, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Refuse o["name"]: a template has one way to name a field."""
        return self.undefined(obj=obj, name=str(argument))


class FigureText(str):
    """The text of a figure, which remembers what it is called and where in the context it stands.

    `row` is the path of the row it belongs to, if that is one of many.
    """

    __slots__ = ("key", "name", "row")
    key: str
    name: str
    row: str


class Marked(Markup):
    """The markup of a figure that is complete, and the figure's key."""

    __slots__ = ("key",)
    key: str


@dataclass(frozen=True, slots=True)
class _Group:
    """A dataclass of the context and its path, such as outages[3]; if it is one of many, `row`."""

    value: object
    key: str
    row: str


@contextmanager
def printing(draw: Draw, printed: Counter[str]) -> Iterator[None]:
    """Let `draw` turn what is no text into markup, and count how often each figure is printed."""
    tokens = _draw.set(draw), _counted.set(printed)
    try:
        yield
    finally:
        _draw.reset(tokens[0])
        _counted.reset(tokens[1])


_draw: ContextVar[Draw] = ContextVar("draw")
_counted: ContextVar[Counter[str]] = ContextVar("counted")


def _printed(value: object) -> Markup | Undefined:
    if isinstance(value, Undefined):
        return value
    if isinstance(value, Insert):
        return Markup(_draw.get()(value))  # noqa: S704  # drawn by us, escaped by us
    if isinstance(value, FigureText | Marked):
        _counted.get()[value.key] += 1
    if isinstance(value, Marked):
        return value
    if isinstance(value, str):
        return escape(printable(str(value)))
    if isinstance(value, int) and not isinstance(value, bool):
        return escape(value)
    raise UnprintableError(f"a {type(value).__name__} cannot be printed")


def names_of(context: object) -> dict[str, object]:
    """Return the names that a context, a dataclass, gives to a template."""
    names = [field.name for field in fields(context)]  # type: ignore[arg-type]  # a dataclass
    return {name: _offered(getattr(context, name), name, "") for name in names}


def _offered(value: object, key: str, row: str) -> object:
    """Return what a template sees of a value that stands at `key`: a figure is its text."""
    if isinstance(value, Figure):
        text = FigureText(value)
        text.key, text.name, text.row = key, value.name, row
        return text
    if isinstance(value, tuple):
        return tuple(_item(value, index, f"{key}[{index}]", row) for index in range(len(value)))
    if is_dataclass(value) and not isinstance(value, Insert):
        return _Group(value, key, row)
    return value


def _item(items: tuple[object, ...], index: int, key: str, row: str) -> object:
    """Return what a template sees of an item; figures are the cells of one row, not rows."""
    if not isinstance(items[index], Figure):
        row = key if len(items) > MANY else ""
    return _offered(items[index], key, row)
