"""One tag of a template as it is written: its words, and the scope it takes with it."""

from __future__ import annotations

import re

from deliverables.lazily import dataclass
from deliverables.message import Message
from deliverables.render.place import Place

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
SCOPE = re.compile(r"(\{[{%#])(tr|tc|p|r)\s+")
"""docxtpl's prefix: the tag stands for its whole table row, cell, paragraph or run."""
PRINTED_WHOLE = re.compile(r"(\{\{)(tr|tc|p|r)\s+(.*?)(-?\}\})")
"""A tag that prints something in place of what its prefix names."""
BLOCKS = ("for", "if")
_BLOCK = re.compile(r"\{%-?\s*(?:(?:tr|tc|p|r)\s+)?(end)?(\w+)")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag and the paragraph it stands in."""

    text: str
    place: Place

    @property
    def scope(self) -> str:
        """What the tag takes with it: tr, tc, p, r, or nothing."""
        found = SCOPE.match(self.text)
        return found[2] if found else ""

    @property
    def opens(self) -> str:
        """The block that the tag opens, for or if; empty for any other tag."""
        word, ends = self._words
        return word if word in BLOCKS and not ends else ""

    @property
    def closes(self) -> str:
        """The block that the tag closes, for or if; empty for any other tag."""
        word, ends = self._words
        return word if word in BLOCKS and ends else ""

    @property
    def continues(self) -> bool:
        """Whether the tag starts the other case of a block."""
        return self._words[0] in ("else", "elif")

    @property
    def _words(self) -> tuple[str, bool]:
        found = _BLOCK.match(self.text)
        return (found[2], bool(found[1])) if found else ("", False)


Fault = tuple[Tag, Message]
"""A tag and what is wrong with it."""


def tags_at(place: Place) -> tuple[str, ...]:
    """Return the tags of a paragraph as they are written."""
    return tuple(TAG.findall(place.text))
