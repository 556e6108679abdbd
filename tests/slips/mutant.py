"""The list of slips and of harmless edits, and documents with just one of them made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from slips.draft import Draft, Element, Option, Table, Words

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


def slips(**changes: Change) -> None:
    """Take changes into the list of slips, by their names."""
    _listed(SLIPS, changes)


def edits(**changes: Change) -> None:
    """Take changes into the list of harmless edits, by their names."""
    _listed(EDITS, changes)


def _listed(listed: dict[str, Change], changes: dict[str, Change]) -> None:
    for name, change in changes.items():
        change.__name__ = name
        listed[name] = change


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


Places = Callable[[Draft], Iterable[Words]]
"""The paragraphs of a draft in which something is looked for."""
TEXTS: Places = Draft.texts
PARAGRAPHS: Places = Draft.paragraphs
PROSE: Places = Draft.prose
New = Callable[[str, Random], str | list[str]]


def rewritten(places: Places, pattern: str, new: New | str | list[str]) -> Change:
    """Return the change that writes `new`, or what it makes of it, in place of what is found."""

    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        made = (lambda found: new(found, chance)) if callable(new) else (lambda _: new)
        yield from replacements(places(draft), pattern, made)

    return change


def exchanged(places: Places, others: Mapping[str, str | list[str]], pattern: str = "") -> Change:
    """Return the change that puts another word for each of some; a pattern says where they are."""
    known = pattern or "|".join(sorted(others, key=len, reverse=True))
    return rewritten(places, known, lambda word, _: others[word])


def together(*changes: Change) -> Change:
    """Return what several changes could do, one after the other."""

    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        for one in changes:
            yield from one(draft, chance)

    return change


def typed(places: Places, pattern: str, new: Callable[[Random], str]) -> Change:
    """Return the change that types something where a pattern finds a place between letters."""

    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        for words in places(draft):
            for match in re.finditer(pattern, words.text):
                yield words.option(*match.span(), new(chance))

    return change


def in_a_run(
    places: Places,
    pattern: str,
    said: Callable[[str], str],
    apply: Callable[[Draft, Element], object],
) -> Change:
    """Return the change of what is found within one run; `said` tells it, `apply` does it."""

    def change(draft: Draft, _: Random) -> Iterator[Option]:
        for words in places(draft):
            for match in re.finditer(pattern, words.text):
                if words.whole(*match.span()):
                    yield Option(
                        match[0],
                        said(match[0]),
                        words.place,
                        lambda w=words, m=match: apply(draft, w.run(*m.span())),
                    )

    return change


def at_paragraphs(
    places: Places, said: str, apply: Callable[[Draft, Element], object], *, new: bool = False
) -> Change:
    """Return the change of a paragraph; one that is `new` beside it says nothing before."""

    def change(draft: Draft, _: Random) -> Iterator[Option]:
        for words in places(draft):
            yield Option(
                "" if new else words.text,
                said,
                words.place,
                lambda element=words.element: apply(draft, element),
            )

    return change


def at_tables(
    find: Callable[[Table], Iterable[tuple[str, str, Callable[[], object]]]],
) -> Change:
    """Return the change of what is found in a table: what it says, will say, and how."""

    def change(draft: Draft, _: Random) -> Iterator[Option]:
        for table in draft.tables:
            for before, after, apply in find(table):
                yield Option(before, after, table.place, apply)

    return change
