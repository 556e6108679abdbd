"""A loop printed as running text: each element in a paragraph, or a few, after the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from deliverables.lazily import dataclass
from deliverables.verify.paper import Paragraph
from deliverables.verify.leaves import Element, Leaf, Loop
from deliverables.verify.wording import stands, states, without

SENTENCE: Final = 0
PASSAGE: Final = 6
SECTION: Final = 30
"""How many paragraphs around its longest text an element may take."""

_MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Flow:
    """A loop in running text; `failing` are the elements that are not whole, or not in order."""

    loop: Loop
    paragraphs: Sequence[Paragraph]
    failing: tuple[int, ...]

    @property
    def share(self) -> float:
        """The share of the elements that stand whole and in order."""
        return 1 - len(self.failing) / max(len(self.loop.elements), 1)

    def astray(self, index: int) -> tuple[list[Leaf], Paragraph | None]:
        """Return the figures of an element that are not beside its longest text, and that place."""
        element = self.loop.elements[index]
        anchor = next(iter(element.texts), "")
        found = [p for p in self.paragraphs if anchor in p.text and states(p.text, anchor)]
        if not found:
            return [leaf for leaf in element.leaves if leaf.text == anchor], None
        missing = [[leaf for leaf in element.leaves if leaf.text and not states(p.text, leaf.text)]
                   for p in found]  # fmt: skip
        best = min(range(len(found)), key=lambda at: len(missing[at]))
        return missing[best], found[best]


def flow(loop: Loop, paragraphs: Sequence[Paragraph], reaches: Sequence[int]) -> Flow:
    """Return how the paragraphs print the loop, with the reach that serves it best."""
    attempts = (Flow(loop, paragraphs, _failing(loop.elements, paragraphs, reach))
                for reach in reaches)  # fmt: skip
    best = next(attempts)
    for attempt in attempts:
        # A wide reach takes neighbours' figures for its own: it must explain twice as much.
        if 2 * len(attempt.failing) <= len(best.failing) and best.share <= 1 / 2:
            best = attempt
    return best


def _failing(
    elements: Sequence[Element], paragraphs: Sequence[Paragraph], reach: int
) -> tuple[int, ...]:
    left = [paragraph.text for paragraph in paragraphs]
    line = offset = 0
    failing = []
    for index, element in enumerate(elements):
        if not element.texts:
            continue
        for at, position in _anchors(element.texts[0], left, line, offset):
            last = min(at + reach + 1, len(left))
            block = "\n".join(left[max(at - reach // 2, line) : last])
            rest = _taken(block, element.texts)
            if rest is not None:
                left[max(at - reach // 2, line) : last] = rest.split("\n")
                line, offset = (at, position) if reach == SENTENCE else (at + 1, 0)
                break
        else:
            failing.append(index)
    return tuple(failing)


def _anchors(anchor: str, lines: Sequence[str], line: int, offset: int) -> list[tuple[int, int]]:
    """Return the first places of a text from a line and an offset on."""
    found: list[tuple[int, int]] = []
    for at in range(line, len(lines)):
        if anchor in lines[at]:
            start = offset if at == line else 0
            found += [(at, position) for position in stands(lines[at], anchor, start)]
            if len(found) >= _MOST_TRIES:
                break
    return found


def _taken(block: str, texts: Sequence[str]) -> str | None:
    for text in texts:
        rest = without(block, text)
        if rest is None:
            return None
        block = rest
    return block
