"""The program of a story: its text, and the operations between, as plain data.

That is what is kept on disk, as JSON; writing.py makes a function of it.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from deliverables.lazily import dataclass

BEFORE: Final = "\x02"
"""Stands for the end of a run that goes if nothing is in the run."""

AFTER: Final = "\x01"
"""Stands before the start of a run that goes if it ends at once."""

Op: TypeAlias = "list[Any]"
"""An operation and what it needs: ["if", condition], ["chart", value] …"""


@dataclass(frozen=True, slots=True)
class Program:
    """The program of one story; `hollow` names elements that tags may leave empty."""

    stream: list[str | Op]
    hollow: list[str]

    @property
    def is_text(self) -> bool:
        """Whether every document has the same here."""
        return all(isinstance(piece, str) for piece in self.stream)

    @property
    def text(self) -> str:
        """What every document has here, without what is its own."""
        return "".join(piece for piece in self.stream if isinstance(piece, str))

    @property
    def lists_headings(self) -> bool:
        """Whether the story has contents."""
        return any(piece[0] == "contents" for piece in self.stream if not isinstance(piece, str))
