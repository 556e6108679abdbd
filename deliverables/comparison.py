"""Two versions of a document: which figures changed, what is behind each, and which words did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

from deliverables.changes import Cause, Changes
from deliverables.figure import Figure
from deliverables.identifiers import mask
from deliverables.lazily import dataclass
from deliverables.verify.account import aligned
from deliverables.verify.document import Block, Form, Place, Slot, excerpt
from deliverables.verify.finding import discreet

_ROW: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure of another text: its path now, its name, both texts, where it stands, and why."""

    key: str
    name: str
    before: str
    after: str
    place: Place
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class TextChange:
    """A paragraph, row, chart or picture that differs in more than figures, is new, or is gone."""

    form: Form
    before: str | None
    after: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions: figures outside loops first, then in reading order."""

    figures: tuple[FigureChange, ...]
    texts: tuple[TextChange, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.figures and not self.texts


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document: its blocks with the figures that stand in them, and these figures.

    `figures` are by their paths; none are known of a document that no register knows.
    """

    blocks: Sequence[Block]
    figures: Mapping[str, Figure[Any]]


def compare(before: Version, after: Version, changes: Changes | None = None) -> Comparison:
    """Return what differs from one version to the other; `changes` are those of the data."""
    figures: dict[str, FigureChange] = {}
    texts: list[TextChange] = []
    hidden = _hiding(before, after)
    for one, other in aligned(before.blocks, after.blocks):
        old = None if one is None else before.blocks[one]
        new = None if other is None else after.blocks[other]
        if old is not None and new is not None:
            for was, now in _same_figures(old, new):
                said, says = _said(old, was), _said(new, now)
                then, figure = before.figures.get(was.key), after.figures.get(now.key)
                known = figure or then
                if said == says or known is None or now.key in figures:
                    continue
                shown = (mask(said), mask(says)) if known.private else (said, says)
                causes = changes.behind(then, figure) if changes else ()
                place = new.place_of(now.text)
                figures[now.key] = FigureChange(now.key, known.name, *shown, place, causes)
        if old is None or new is None or _frame(old) != _frame(new):
            texts += _texts(old, new, hidden)
    in_order = sorted(figures.values(), key=lambda one: "[" in one.key)
    return Comparison(tuple(in_order), tuple(texts))


def _same_figures(old: Block, new: Block) -> Iterator[tuple[Slot, Slot]]:
    """Pair the figures of two versions of a block: the same figure, if perhaps of another row."""
    before = sorted(old.slots, key=lambda slot: (slot.text, slot.begin))
    after = sorted(new.slots, key=lambda slot: (slot.text, slot.begin))
    was, now = ([_ROW.sub("[]", slot.key) for slot in slots] for slots in (before, after))
    for run in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        for at in range(run.size):
            yield before[run.a + at], after[run.b + at]


def _said(block: Block, slot: Slot) -> str:
    return block.texts[slot.text][slot.begin : slot.end]


def _frame(block: Block) -> tuple[object, ...]:
    """Return what a block says but for its figures."""
    texts = list(block.texts)
    for slot in sorted(block.slots, key=lambda one: (one.text, -one.begin)):
        text = texts[slot.text]
        key = _ROW.sub("[]", slot.key)
        texts[slot.text] = f"{text[: slot.begin]}\0{key}\0{text[slot.end :]}"
    return block.form, tuple(texts)


def _texts(
    old: Block | None, new: Block | None, hidden: Callable[[str], str]
) -> Iterator[TextChange]:
    block = new or old
    if block is None:
        return
    said, says = (None if one is None else one.shown for one in (old, new))
    if block.form is Form.CHART:
        said, says = _of_chart(old, new)
    if said or says:
        before, after = (None if one is None else hidden(one) for one in (said, says))
        place = block.place
        if block.form is Form.CHART:
            place = replace(place, excerpt=excerpt(block.texts[1]))
        yield TextChange(block.form, before, after, place)


def _of_chart(old: Block | None, new: Block | None) -> tuple[str | None, str | None]:
    """Return what differs of a chart as a reader sees it, of a new or removed one its words.

    Its workbook, which comes last, is told only where nothing else differs.
    """
    if old is None or new is None:
        return old.texts[1] if old else None, new.texts[1] if new else None
    both = list(zip_longest(old.texts[:-1], new.texts[:-1], fillvalue=""))
    both = [(was, now) for was, now in both if was != now] or [(old.texts[-1], new.texts[-1])]
    before, after = (" | ".join(side) for side in zip(*both, strict=True))
    return before, after


def _hiding(before: Version, after: Version) -> Callable[[str], str]:
    """Return what tells words without the identity numbers of then and now."""
    secrets: set[str] = set()
    for version in (before, after):
        private = {key for key, figure in version.figures.items() if figure.private}
        secrets |= {version.figures[key].text for key in private}
        secrets |= {
            block.texts[slot.text][slot.begin : slot.end]
            for block in version.blocks
            for slot in block.slots
            if slot.key in private
        }
    longest_first = sorted(filter(None, secrets), key=len, reverse=True)
    return lambda text: discreet(text, longest_first)
