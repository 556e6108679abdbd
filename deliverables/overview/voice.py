"""How the page speaks: in one language, and never of a number that belongs to a person."""

from __future__ import annotations

from dataclasses import dataclass

from deliverables.values.identifiers import discreet
from deliverables.values.problem import Message


@dataclass(frozen=True, slots=True)
class Voice:
    """The language of the page, and the numbers of one contract that are masked in it."""

    language: str
    private: frozenset[str] = frozenset()

    def __call__(self, said: Message | str) -> str:
        """Return the words in the language of the page, private numbers masked."""
        text = said.in_language(self.language) if isinstance(said, Message) else said
        return discreet(text, self.private)
