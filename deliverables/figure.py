"""A printed value that knows where it comes from, down to the cell or the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from deliverables.source import Source

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
    derivation whose inputs lead, figure by figure, to such places.
    """

    name: str
    value: T_co
    text: str
    origin: Origin

    def __str__(self) -> str:
        return self.text
