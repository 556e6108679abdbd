"""A paragraph without its words: what it says is known as soon as the words are put in.

Paragraphs that differ in their words alone have one shape, which is parsed once. The words stand
between tags and are taken from there; where anything about them is unusual, the paragraph is read
as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from deliverables.lazily import dataclass
from deliverables.verify.facts import Facts, Named
from deliverables.verify.layout import Reading
from deliverables.verify.letters import MARK, Mark
from deliverables.verify.wording import REMEMBERED, excerpt, fold

_WORDS: Final = re.compile(rb">([^<>]*)</w:t>")
_UNUSUAL: Final = re.compile(rb"[&\x00-\x1f]|\xef\xbf[\xbe\xbf]|\]\]|\xee|\xef[\x80-\xa3]")
"""References, control characters, and private-use letters, which stand for words here."""

_FIRST: Final = 0xE000
_MOST: Final = 1_000


def taken_apart(piece: bytes) -> tuple[bytes, list[str]] | None:
    """Return a paragraph with letters in place of its words, and the words; None if it has none.

    None also for words that cannot be taken as they stand.
    """
    parts = _WORDS.split(piece)
    words = parts[1::2]
    if not all(words) or not 0 < len(words) <= _MOST:
        return None  # empty words would let marks touch that do not touch here
    if _UNUSUAL.search(b" ".join(words)) or _is_unusual(b" ".join(parts[::2])):
        return None
    shaped = [parts[0]]
    for number, rest in enumerate(parts[2::2]):
        shaped += (b">", chr(_FIRST + number).encode(), b"</w:t>", rest)
    try:
        return b"".join(shaped), [word.decode() for word in words]
    except UnicodeDecodeError:
        return None


@lru_cache(REMEMBERED)
def _is_unusual(markup: bytes) -> bool:
    return _UNUSUAL.search(markup) is not None


@dataclass(frozen=True, slots=True)
class Shape:
    """What a paragraph says and has, with letters in place of its words."""

    raw: str
    reading: Reading
    facts: Facts

    def filled(self, words: Sequence[str]) -> tuple[Reading, Facts]:
        """Return what the paragraph says and has with these words."""
        table = {_FIRST + number: word for number, word in enumerate(words)}
        text = fold(self.raw.translate(table))
        marks = tuple(_filled(mark, table) for mark in self.reading.marks) if text else ()
        reading = Reading(text, marks, self.reading.heading and bool(text), excerpt(text))
        return reading, self._facts(text)

    def _facts(self, text: str) -> Facts:
        if not any(mark.paragraph for mark in self.facts.bookmarks):
            return self.facts
        named = (_named(mark, text) for mark in self.facts.bookmarks)
        return replace(self.facts, bookmarks=tuple(named))


def _filled(mark: Mark, table: dict[int, str]) -> Mark:
    return Mark(
        mark.alias,
        mark.tag,
        mark.bookmark,
        fold(mark.text.translate(table)),
        mark.before.translate(table),
        mark.after.translate(table),
    )


def _named(mark: Named, text: str) -> Named:
    return mark if mark.name.startswith(MARK) else Named(mark.id, mark.name, text)
