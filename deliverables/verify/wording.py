"""Text as the rules compare it: white space folded, figures found only where they stand alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

NUMERAL: Final = re.compile(r"(?<![\d.,])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d|[.,]\d)")
YUAN: Final = re.compile(
    r"(?:[￥¥]\s?)(?P<marked>-?\d[\d,]*(?:\.\d+)?)"
    r"|(?<![\d.,])(?P<grouped>-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2})(?!\d|[.,]\d|\s?%)"
    r"|(?<![\d.,])(?P<counted>-?\d[\d,]*(?:\.\d+)?)(?=\s?元)"
)
"""An amount of money: after ￥, or with two decimals, or before 元."""

_PLAIN_NUMERAL: Final = re.compile(r"\d+(?:[.,]\d+)*")
REMEMBERED: Final = 1_024
"""How many texts the rules keep in mind: documents of one template repeat most of theirs."""

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BLOT: Final = "\x00"
_LONGEST_EXCERPT: Final = 40


@lru_cache(REMEMBERED)
def fold(text: str) -> str:
    """Return the text with every run of white space as one space and nothing invisible."""
    if text.isascii() and not text.count("  ") and text.isprintable():
        return text.strip()
    return " ".join(text.translate(_INVISIBLE).split())


def excerpt(text: str) -> str:
    """Return the beginning of a text, short enough for a message."""
    short = fold(text)
    return short if len(short) <= _LONGEST_EXCERPT else f"{short[:_LONGEST_EXCERPT]}…"


@lru_cache(REMEMBERED)
def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a value folded: a document may print each as a paragraph."""
    return tuple(line for line in map(fold, re.split(r"[\n\a]", text)) if line)


def number(text: str) -> Decimal:
    """Return the number that a match of NUMERAL or YUAN states."""
    return Decimal(text.replace(",", ""))


@lru_cache(REMEMBERED)
def amounts(text: str) -> tuple[tuple[int, int, Decimal], ...]:
    """Return the amounts of money in a text, each with where it begins and ends."""
    return tuple(
        (found.start(), found.end(), number(written))
        for found in YUAN.finditer(text)
        if (written := found[found.lastgroup or 0]).strip("-,.")
    )


def stands(text: str, sought: str, start: int = 0) -> Iterator[int]:
    """Yield where `sought` stands alone: 12 is not found in 2012, 12.5 or 1,112."""
    if not sought:
        return
    at = text.find(sought, start)
    while at >= 0:
        if _begins(text, at) and _ends(text, at + len(sought)):
            yield at
            at = text.find(sought, at + len(sought))
        else:
            at = text.find(sought, at + 1)


def states(text: str, sought: str) -> bool:
    """Return whether `sought` stands alone somewhere in the text."""
    return next(stands(text, sought), -1) >= 0


def times(text: str, sought: str) -> int:
    """Return how often `sought` stands alone in the text."""
    count = text.count(sought) if sought else 0
    if count == 0 or not (_can_run_on(sought[0]) or _can_run_on(sought[-1])):
        return count
    return sum(1 for _ in stands(text, sought))


class Tally:
    """How often texts stand alone in a text that is asked about many of them."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getitem__(self, sought: str) -> int:
        if _is_numeral(sought):
            return self._numerals[sought]
        return times(self._text, sought)

    @cached_property
    def _numerals(self) -> Counter[str]:
        return Counter(chain.from_iterable(map(_numerals_in, self._text.split("\n"))))


@lru_cache(REMEMBERED)
def _is_numeral(text: str) -> bool:
    return _PLAIN_NUMERAL.fullmatch(text) is not None


@lru_cache(REMEMBERED)
def _numerals_in(line: str) -> tuple[str, ...]:
    found = _PLAIN_NUMERAL.finditer(line)
    return tuple(one[0] for one in found if _begins(line, one.start()))


def without(text: str, sought: str) -> str | None:
    """Return the text with one standing of `sought` blotted out; None if it stands nowhere."""
    at = next(stands(text, sought), -1)
    end = at + len(sought)
    return None if at < 0 else text[:at] + _BLOT * len(sought) + text[end:]


def states_all(text: str, sought: Iterable[str]) -> bool:
    """Return whether each of `sought` stands in the text in a place of its own.

    The longest must come first, lest 12 take its place inside 12:30.
    """
    for item in sought:
        left = without(text, item)
        if left is None:
            return False
        text = left
    return True


def _begins(text: str, at: int) -> bool:
    first, before, further = text[at], text[at - 1 : at], text[max(at - 2, 0) : max(at - 1, 0)]
    if not before:
        return True
    if first.isdigit():
        if before.isdigit() or (before in ".," and further.isdigit()):
            return False
        return not (before in "-−" and not further.isalnum())
    return not (_is_latin(first) and _is_latin(before))


def _ends(text: str, end: int) -> bool:
    last, after, further = text[end - 1], text[end : end + 1], text[end + 1 : end + 2]
    if not after:
        return True
    if last.isdigit():
        return not (after.isdigit() or (after in ".," and further.isdigit()))
    return not (_is_latin(last) and _is_latin(after))


def _can_run_on(letter: str) -> bool:
    """Tell whether a letter beside it can make it part of something longer."""
    return letter.isdigit() or _is_latin(letter)


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
