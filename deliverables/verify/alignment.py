"""Two documents laid side by side: how alike they are, and which block became which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from deliverables.verify.base import Base
from deliverables.verify.document import Block, Document, Form, Slot, fold

Pair = tuple[int | None, int | None]
"""The index of a block in either list; None where one list lacks it."""


def likeness(document: Document, base: Base) -> float:
    """Return how much of what a base says stands in a document: 0 to 1, cheaply.

    Only what the base's own data say counts: documents of one kind have the other words in common.
    """
    return _likeness("\n".join(block.shown for block in document.blocks), base)


def _likeness(words: str, base: Base) -> float:
    own = {fold(text) for _, text in base.printings if len(text) > 1}
    return sum(text in words for text in own) / len(own) if own else 0.0


def best_match(document: Document, bases: Mapping[str, Base]) -> tuple[tuple[str, float], ...]:
    """Return the names of the bases most like a document, with their likeness, best first.

    A base of another kind is told by its fixed words: the printed figures alone may be those of the
    same contract.
    """
    words = "\n".join(block.shown for block in document.blocks)
    there = {block.key for block in document.blocks}
    fixed: dict[int, float] = {}
    found: list[tuple[str, float]] = []
    for name, base in bases.items():
        frame = id(base.drafts)
        if frame not in fixed:
            plain = {block.key for block in base.blocks if not block.slots}
            fixed[frame] = len(plain & there) / len(plain) if plain else 1.0
        found.append((name, _likeness(words, base) * fixed[frame]))
    return tuple(sorted(found, key=lambda one: -one[1]))


_ALIKE: Final = 0.4
_MOST_COMPARED: Final = 4_000
_WINDOW: Final = 12


def aligned(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Pair]:
    """Yield which block became which: the same, much the same, gone or new, in reading order.

    A block that moved is paired with itself, at its place in `after`.
    """
    pairs = [pair for story in _stories(before, after) for pair in _in_story(before, after, story)]
    gone: dict[object, list[int]] = defaultdict(list)
    for old, new in reversed(pairs):
        if new is None and old is not None:
            gone[before[old].key].append(old)
    moved: dict[int, int] = {}
    for old, new in pairs:
        if old is None and new is not None and gone.get(after[new].key):
            moved[new] = gone[after[new].key].pop()
    away = set(moved.values())
    for old, new in pairs:
        if old is None and new in moved:
            yield moved[new], new
        elif new is not None or old not in away:
            yield old, new


def _stories(before: Sequence[Block], after: Sequence[Block]) -> list[str]:
    return list(dict.fromkeys(block.place.story for block in (*before, *after)))


def _in_story(before: Sequence[Block], after: Sequence[Block], story: str) -> Iterator[Pair]:
    old = [number for number, block in enumerate(before) if block.place.story == story]
    new = [number for number, block in enumerate(after) if block.place.story == story]
    keys, others = [before[n].key for n in old], [after[n].key for n in new]
    if keys == others:
        yield from zip(old, new, strict=True)
        return
    matcher = SequenceMatcher(None, keys, others, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(old[i:j], new[k:m], strict=True)
        else:
            yield from _between(before, after, old[i:j], new[k:m])


def _between(
    before: Sequence[Block], after: Sequence[Block], old: list[int], new: list[int]
) -> Iterator[Pair]:
    """Pair what lies between two blocks that are the same."""
    if len(old) * len(new) > _MOST_COMPARED:
        yield from _greedily(before, after, old, new)
        return
    alike = [[_likeness_of(before[i], after[k]) for k in new] for i in old]
    if len(old) == len(new) == 1:
        one, other = before[old[0]], after[new[0]]
        if one.form is other.form and (
            one.form is not Form.PARAGRAPH or one.level == other.level > 0
        ):
            alike = [[1.0]]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            both = best[a + 1][b + 1] + alike[a][b] if alike[a][b] >= _ALIKE else 0.0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], both)
    a = b = 0
    while a < len(old) and b < len(new):
        if alike[a][b] >= _ALIKE and best[a][b] == best[a + 1][b + 1] + alike[a][b]:
            yield old[a], new[b]
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            yield old[a], None
            a += 1
        else:
            yield None, new[b]
            b += 1
    yield from ((one, None) for one in old[a:])
    yield from ((None, one) for one in new[b:])


def _greedily(
    before: Sequence[Block], after: Sequence[Block], old: list[int], new: list[int]
) -> Iterator[Pair]:
    """Pair long stretches, each block with the most alike of the few that come next."""
    at = 0
    for one in old:
        window = new[at : at + _WINDOW]
        alike = [_likeness_of(before[one], after[other]) for other in window]
        best = max(range(len(window)), key=alike.__getitem__, default=-1)
        if best < 0 or alike[best] < _ALIKE:
            yield one, None
            continue
        yield from ((None, other) for other in window[:best])
        yield one, window[best]
        at += best + 1
    yield from ((None, other) for other in new[at:])


def _likeness_of(one: Block, other: Block) -> float:
    """Return how much two blocks have in common, 0 to 1: pairs of letters, and whole cells."""
    if one.form is not other.form:
        return 0.0
    if one.form is Form.PICTURE:
        return 1.0 if one.texts == other.texts else _ALIKE
    mine, theirs = _pairs_of_letters(one), _pairs_of_letters(other)
    size = len(mine) + len(theirs)
    letters = 2 * len(mine & theirs) / size if size else 1.0
    if one.form is not Form.ROW:
        return letters
    cells = list(zip(one.texts, other.texts, strict=False))
    same = sum(a == b for a, b in cells) / max(len(one.texts), len(other.texts), 1)
    return max(letters, same)


def _pairs_of_letters(block: Block) -> frozenset[str]:
    text = "\n".join(block.texts)
    if len(text) == 1:
        return frozenset(text)
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def as_settled(base: Base, document: Document, stage: str) -> Base:
    """Return the base of a document that became another by hand: a final, a sealed one.

    Its figures are where they stood before, as far as they still stand.
    """
    return base.of_blocks(carried(base.blocks, document.blocks), document.identity, stage)


def carried(before: Sequence[Block], after: Sequence[Block]) -> tuple[Block, ...]:
    """Return the later blocks with the slots of the earlier whose figures still stand."""
    blocks = list(after)
    for old, new in aligned(before, after):
        if old is None or new is None or not before[old].slots:
            continue
        was, block = before[old], after[new]
        if was.texts == block.texts:
            blocks[new] = replace(block, slots=was.slots)
        elif len(was.texts) == len(block.texts):
            blocks[new] = replace(block, slots=tuple(_slots_in(was, block)))
    return tuple(blocks)


def _slots_in(was: Block, block: Block) -> Iterator[Slot]:
    for number, text in enumerate(block.texts):
        matcher = SequenceMatcher(None, was.texts[number], text, autojunk=False)
        became = {
            run.a + at: run.b + at
            for run in matcher.get_matching_blocks()
            for at in range(run.size)
        }
        for slot in was.slots:
            if slot.text != number or slot.begin == slot.end:
                continue
            begin, end = became.get(slot.begin), became.get(slot.end - 1)
            said = was.texts[number][slot.begin : slot.end]
            if begin is not None and end is not None and text[begin : end + 1] == said:
                yield replace(slot, begin=begin, end=end + 1)
