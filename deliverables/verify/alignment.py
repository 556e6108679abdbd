"""Which line of a table prints which element of a loop, found in time linear in both."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from deliverables.lazily import dataclass
from deliverables.verify.paper import Cell, Grid
from deliverables.verify.leaves import Element, longest_first
from deliverables.verify.wording import states, states_all

_AHEAD: Final = 3
_TELLING: Final = 8
"""A text that more elements share does not help to find the line of one."""

_JOINTS: Final = re.compile(r"[\s、，；：/（）()～~至]+")


@dataclass(frozen=True)
class Strip:
    """A row or a column of a table, as the place of one element."""

    cells: tuple[Cell, ...]

    @cached_property
    def text(self) -> str:
        """The texts of the cells, a line for each."""
        return "\n".join(cell.text for cell in self.cells)

    @property
    def shown(self) -> str:
        """The texts of the cells on one line, for messages."""
        return " | ".join(cell.text for cell in self.cells)

    @cached_property
    def _whole_cells(self) -> Counter[str]:
        return Counter(cell.text for cell in self.cells)

    @cached_property
    def pieces(self) -> frozenset[str]:
        """The texts of the cells and the words that they are put together from."""
        return frozenset(self._whole_cells) | frozenset(_JOINTS.split(self.text))

    def states(self, wanted: Sequence[str], counted: Counter[str]) -> bool:
        """Return whether each of the wanted texts, longest first, has its own place here."""
        if counted <= self._whole_cells:
            return True
        return all(text in self.text for text in wanted) and states_all(self.text, wanted)

    def likeness(self, texts: Iterable[str]) -> int:
        """Return how many of the texts stand here."""
        return sum(1 for text in texts if states(self.text, text))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Elements and strips by index: stated whole and in order, whole elsewhere, or in part."""

    whole: tuple[tuple[int, int], ...]
    moved: tuple[tuple[int, int], ...]
    partial: tuple[tuple[int, int], ...]
    missing: tuple[int, ...]
    repeated: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Whether every element has a strip of its own, in order."""
        return not (self.moved or self.missing or self.repeated)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every element that has a strip, with it."""
        return sorted({*self.whole, *self.moved, *self.partial})


def strips_of(grid: Grid) -> tuple[Strip, ...]:
    """Return the rows (or the columns) of a table as strips."""
    return tuple(Strip(cells) for cells in grid)


def align(
    elements: Sequence[Element], strips: Sequence[Strip], printed: frozenset[str]
) -> Alignment:
    """Return where each element stands, looking only at the fields that are `printed`.

    The plain texts of an element help to find its strip, if the table has them at all.
    """
    text = "\n".join(strip.text for strip in strips)
    figures = [[x.text for x in e.leaves if x.field in printed] for e in elements]
    labels = [[label for label in element.labels if label in text] for element in elements]
    with_labels = [longest_first([*f, *b]) for f, b in zip(figures, labels, strict=True)]
    found = _align(with_labels, strips)
    if any(labels) and len(found.whole) * 2 < len(elements):
        return _align([longest_first(texts) for texts in figures], strips)
    return found


def _align(wanted: Sequence[Sequence[str]], strips: Sequence[Strip]) -> Alignment:
    stated = _stated(wanted, strips)
    whole = _longest_in_order(stated)
    matched, used = {element for element, _ in whole}, {strip for _, strip in whole}
    moved, repeated = [], []
    for strip, element in sorted(stated.items()):
        if strip not in used and element not in matched:
            moved.append((element, strip))
            matched.add(element)
        elif strip not in used:
            repeated.append(strip)
        used.add(strip)
    partial = _resembling(wanted, strips, whole, matched, used)
    left = set(range(len(wanted))) - matched - {element for element, _ in partial}
    return Alignment(whole, tuple(moved), partial, tuple(sorted(left)), tuple(repeated))


def _stated(wanted: Sequence[Sequence[str]], strips: Sequence[Strip]) -> dict[int, int]:
    """Return, for each strip that states an element whole, that element: the next one if it can."""
    counts = [Counter(texts) for texts in wanted]
    telling = _index(wanted)
    found: dict[int, int] = {}
    expected = 0
    for at, strip in enumerate(strips):
        ahead = range(expected, min(expected + _AHEAD, len(wanted)))
        others = sorted({e for piece in strip.pieces for e in telling.get(piece, ())})
        for element in (*ahead, *others):
            if wanted[element] and strip.states(wanted[element], counts[element]):
                found[at] = element
                expected = element + 1 if element in ahead else expected
                break
    return found


def _index(wanted: Sequence[Sequence[str]]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for element, texts in enumerate(wanted):
        for text in set(texts):
            index.setdefault(text, []).append(element)
    return {text: elements for text, elements in index.items() if len(elements) <= _TELLING}


def _longest_in_order(stated: dict[int, int]) -> tuple[tuple[int, int], ...]:
    """Return the most (element, strip) pairs of which both go up."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for strip, element in sorted(stated.items()):
        at = bisect_left(tails, element)
        tails[at : at + 1] = [element]
        ends[at : at + 1] = [strip]
        before[strip] = ends[at - 1] if at else -1
    chain = []
    strip = ends[-1] if ends else -1
    while strip >= 0:
        chain.append((stated[strip], strip))
        strip = before[strip]
    return tuple(reversed(chain))


def _resembling(
    hints: Sequence[Sequence[str]],
    strips: Sequence[Strip],
    whole: Sequence[tuple[int, int]],
    matched: set[int],
    used: set[int],
) -> tuple[tuple[int, int], ...]:
    """Pair the elements left over with the strips left over between the same neighbours."""
    borders = [(-1, -1), *whole, (len(hints), len(strips))]
    pairs: list[tuple[int, int]] = []
    for (element, strip), (next_element, next_strip) in pairwise(borders):
        elements = [e for e in range(element + 1, next_element) if e not in matched]
        free = [s for s in range(strip + 1, next_strip) if s not in used]
        inside = element >= 0 and next_element < len(hints)
        if elements and inside and len(elements) == len(free):
            pairs += zip(elements, free, strict=True)
        elif elements:
            near = free[-len(elements) - 1 :] if element < 0 < len(whole) else free
            pairs += _most_alike(elements, near, hints, strips)
    return tuple(pairs)


def _most_alike(
    elements: Sequence[int],
    free: Sequence[int],
    hints: Sequence[Sequence[str]],
    strips: Sequence[Strip],
) -> list[tuple[int, int]]:
    """Pair in order, each element with the strip ahead that has most of it, and at least half."""
    pairs = []
    left = list(free)
    for element in elements:
        reach = left if len(elements) <= _AHEAD else left[: len(elements) + _AHEAD]
        alike = [strips[strip].likeness(hints[element]) for strip in reach]
        if alike and 2 * max(alike) >= max(len(hints[element]), 1):
            best = alike.index(max(alike))
            pairs.append((element, reach[best]))
            del left[: best + 1]
    return pairs
