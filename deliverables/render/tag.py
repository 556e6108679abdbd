"""One tag of a template as it is written: its words, and the scope it takes with it."""

from __future__ import annotations

import re

from deliverables.lazily import dataclass
from deliverables.message import Message
from deliverables.render.place import Place

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SCOPE = re.compile(r"(\{[{%#])(tr|tc|p|r) ")
"""docxtpl's prefix: the tag stands for its whole table row, cell, paragraph or run."""
ESCAPED = re.compile(r"\{_[{%]|[}%]_\}")
"""docxtpl's way to print {{, }}, {% and %}."""
BLOCKS = ("for", "if")
_SAID = re.compile(r"\{[{%#][-+]?(?:(?:tr|tc|p|r) )?(.*?)[-+]?[}%#]\}", re.DOTALL)


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
    def prints(self) -> bool:
        """Whether the tag prints a value, {{ … }}."""
        return self.text.startswith("{{")

    @property
    def comments(self) -> bool:
        """Whether the tag is a comment, {# … #}."""
        return self.text.startswith("{#")

    @property
    def said(self) -> str:
        """What stands between the braces, without prefix, in one line."""
        found = _SAID.fullmatch(self.text)
        return " ".join(found[1].split()) if found else ""

    @property
    def word(self) -> str:
        """The first word of {% … %}; empty for any other tag."""
        return self.said.partition(" ")[0] if self.text.startswith("{%") else ""

    @property
    def opens(self) -> str:
        """The block that the tag opens, for or if; empty for any other tag."""
        return self.word if self.word in BLOCKS else ""

    @property
    def closes(self) -> str:
        """The block that the tag closes, for or if; empty for any other tag."""
        block = self.word.removeprefix("end")
        return block if block in BLOCKS and block != self.word else ""

    @property
    def continues(self) -> bool:
        """Whether the tag starts the other case of a block."""
        return self.word in ("else", "elif")


@dataclass(frozen=True, slots=True)
class Fault:
    """A tag, or what looks like one, and what is wrong with it."""

    tag: Tag
    why: Message


def tags_at(place: Place) -> tuple[str, ...]:
    """Return the tags of a paragraph as they are written."""
    return tuple(TAG.findall(place.text))
