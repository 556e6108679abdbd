"""A printed value that knows where it comes from, down to the cell or the line."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Generic, TypeVar

from deliverables.lazily import dataclass
from deliverables.source import Cell, Line, Source

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a value was computed: the rule in words, the article it rests on, what went in."""

    rule: str
    article: str
    inputs: tuple[Figure[object], ...] = ()


Origin = Source | Derivation


@dataclass(frozen=True, slots=True)
class Figure(Generic[T_co]):
    """A value, the text a document prints for it, and its origin.

    `name` says in Chinese what the value is; `origin` is the place it was read from or the
    derivation whose inputs lead, figure by figure, to such places. A `private` one, an identity
    number, is masked wherever it is spoken of.
    """

    name: str
    value: T_co
    text: str
    origin: Origin
    private: bool = False

    def __str__(self) -> str:
        return self.text


def sources_in(context: object) -> set[Source]:
    """Return every place that the figures of a context lead back to."""
    found: set[Source] = set()
    seen: set[int] = set()
    left: list[Any] = [context]
    while left:
        item = left.pop()
        if isinstance(item, Figure):
            item = item.origin
        kind: Any = type(item)
        if kind is Cell or kind is Line:
            found.add(item)
            continue
        if kind in _PLAIN or id(item) in seen:
            continue
        seen.add(id(item))
        if kind is tuple:
            left += item
        else:
            left += [getattr(item, name) for name in fields_in(kind)]
    return found


_PLAIN: Final = frozenset({str, int, bool, type(None), date, datetime, Decimal})


@cache
def fields_in(kind: Any) -> tuple[str, ...]:
    """Return the fields of a dataclass; anything else has none."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
