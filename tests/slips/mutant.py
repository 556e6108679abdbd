"""The list of slips and of harmless edits, and documents with just one of them made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from slips.draft import Draft, Option, Words

Change = Callable[[Draft, Random], Iterator[Option]]
"""Yields whatever could be changed in a draft; the same for the same random numbers."""

SLIPS: dict[str, Change] = {}
EDITS: dict[str, Change] = {}


@dataclass(frozen=True)
class Mutant:
    """A document in which one thing was changed."""

    change: str
    before: str
    after: str
    document: bytes

    @property
    def said(self) -> str:
        return f"{self.change}: {self.before} → {self.after}"


def _chance(said: str) -> Random:
    """Return the random numbers that belong to some words."""
    return Random(said)  # noqa: S311  # slips are drawn, nothing is kept secret


def slip(change: Change) -> Change:
    """Take a function into the list of slips, by its name."""
    SLIPS[change.__name__] = change
    return change


def edit(change: Change) -> Change:
    """Take a function into the list of harmless edits, by its name."""
    EDITS[change.__name__] = change
    return change


def mutants(document: bytes, change: Change, count: int, seed: int) -> Iterator[Mutant]:
    """Yield up to `count` documents with one such change each, from as many places as can be."""
    chance = f"{seed} {change.__name__}"
    draft = Draft(document)
    offered = list(change(draft, _chance(chance)))
    for turn, index in enumerate(_spread(offered, _chance(f"{chance} which"))[:count]):
        if turn:  # the draft before was changed
            draft = Draft(document)
            offered = list(change(draft, _chance(chance)))
        option = offered[index]
        option.apply()
        yield Mutant(change.__name__, option.before, option.after, draft.saved())


def options(document: bytes, change: Change, seed: int) -> int:
    """Return how many such changes could be made in a document."""
    return len(list(change(Draft(document), _chance(f"{seed} {change.__name__}"))))


def _spread(offered: list[Option], chance: Random) -> list[int]:
    """Return the options in random order, one of each place in turn."""
    places: dict[str, list[int]] = {}
    for index, option in enumerate(offered):
        places.setdefault(option.place, []).append(index)
    queues = list(places.values())
    chance.shuffle(queues)
    for queue in queues:
        chance.shuffle(queue)
    return [index for turn in zip_longest(*queues) for index in turn if index is not None]


def replacements(
    texts: Iterator[Words], pattern: str, new: Callable[[str], str | list[str]]
) -> Iterator[Option]:
    """Yield the options of writing what `new` makes of each match of `pattern`."""
    known = re.compile(pattern)
    for words in texts:
        for match in known.finditer(words.text):
            made = new(match[0])
            for text in [made] if isinstance(made, str) else made:
                if text != match[0]:
                    yield words.option(*match.span(), text)
