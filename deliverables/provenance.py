"""Where a figure comes from: its rule, its inputs, theirs in turn, down to cells and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from deliverables.figure import Derivation, Figure
from deliverables.identifiers import mask
from deliverables.lazily import dataclass
from deliverables.source import Cell, Line, Source
from deliverables.verify.leaves import Leaf
from deliverables.verify.wording import fold

_MOST_SUGGESTIONS: Final = 3
_LIKE_ENOUGH: Final = 0.5
_MOST_INPUTS: Final = 8


@dataclass(frozen=True, slots=True)
class Step:
    """A figure on the way to the data: derived from inputs by a rule, or read at a source.

    One that has neither was given with the command: the day a document was made for. `number`
    names a step that others refer to, and `seen` says that its inputs are told at that number.
    """

    name: str
    text: str
    rule: str = ""
    article: str = ""
    source: Source | None = None
    inputs: tuple[Step, ...] = ()
    number: int = 0
    seen: bool = False


@dataclass(frozen=True)
class Explanation:
    """A printed figure with its path and all that it was made from."""

    key: str
    figure: Figure[object]

    @cached_property
    def step(self) -> Step:
        """The tree below the figure; what occurs in it more than once is told once."""
        return _Steps(self.figure).told_once()

    @property
    def text(self) -> str:
        """What the document prints, an identity number masked."""
        return text_of(self.figure)

    @property
    def briefly(self) -> str:
        """The place it was read, or the rule that made it."""
        origin = self.figure.origin
        return str(origin) if isinstance(origin, Line | Cell) else origin.rule


def text_of(figure: Figure[object]) -> str:
    """Return the text of a figure on one line, masked if it is an identity number."""
    text = fold(figure.text)
    return mask(text) if figure.private else text


def explanations(leaves: Iterable[Leaf], order: Sequence[str]) -> tuple[Explanation, ...]:
    """Return the figures whose paths are in `order`, the printed ones, in that order."""
    figures = {leaf.key: leaf.figure for leaf in leaves}
    return tuple(Explanation(key, figures[key]) for key in dict.fromkeys(order) if key in figures)


def find(wanted: str, among: Sequence[Explanation]) -> tuple[Explanation, ...]:
    """Return the figure whose path is wanted, else all that print it, else all below that path."""
    by_path = [one for one in among if one.key == wanted]
    by_text = [one for one in among if fold(one.figure.text) == fold(wanted)]
    below = [one for one in among if one.key.startswith((f"{wanted}.", f"{wanted}["))]
    return tuple(by_path or by_text or below)


def suggestions(wanted: str, among: Sequence[Explanation]) -> list[str]:
    """Return the paths and printed texts that are most like what was wanted."""
    offered = {name: None for one in among for name in (one.key, one.text)}
    return get_close_matches(wanted, offered, _MOST_SUGGESTIONS, _LIKE_ENOUGH)


def briefly(step: Step, home: str) -> str:
    """Return a line in the Chinese of documents: the figure, and its place or its rule."""
    return f"{step.name} {step.text}：{_whence(step, home)}"


def at_length(step: Step, home: str) -> Iterator[str]:
    """Yield lines in the Chinese of documents: the figure, its rule, its inputs, their places.

    Places are told from the folder `home` on, so that they are the same on every machine.
    """
    yield f"{step.name} {step.text}"
    yield f"出处：{_whence(step, home)}" if step.source else f"规则：{_whence(step, home)}"
    for item in step.inputs[:_MOST_INPUTS]:
        yield f"· {briefly(item, home)}"
    if len(step.inputs) > _MOST_INPUTS:
        yield f"· 另有 {len(step.inputs) - _MOST_INPUTS} 项，至 {_place(step.inputs[-1], home)}"
    if any(item.inputs for item in step.inputs):
        yield places([step], home)


def places(steps: Iterable[Step], home: str) -> str:
    """Return a line that names the cells and lines below some figures, the first few of them."""
    leaves = (leaf for step in steps for leaf in leaves_of(step))
    found = list(dict.fromkeys(_place(leaf, home) for leaf in leaves))
    rest = f" 等 {len(found)} 处" if len(found) > _MOST_INPUTS else ""
    return f"数据：{'；'.join(found[:_MOST_INPUTS])}{rest}"


def leaves_of(step: Step) -> Iterator[Step]:
    """Yield the steps that were read at a place, in order."""
    if step.source:
        yield step
    for item in step.inputs:
        yield from leaves_of(item)


def _whence(step: Step, home: str) -> str:
    if step.source:
        return _place(step, home)
    return f"{step.rule}（{step.article}）" if step.article else step.rule


def _place(step: Step, home: str) -> str:
    """Return the place of a step from the folder `home` on; its name if it has none."""
    place = str(step.source) if step.source else step.name
    return place.rpartition(f"/{home}/")[2]


class _Steps:
    """The steps below one figure: what is the same figure is the same step."""

    def __init__(self, figure: Figure[object]) -> None:
        self._by_figure: dict[int, Step] = {}
        self._alike: dict[object, Step] = {}
        self._numbers: dict[int, int] = {}
        self._root = self._step(figure)
        self._uses = Counter(id(used) for step in self._derived() for used in step.inputs)

    def told_once(self) -> Step:
        """Return the tree in which a derived step that occurs again refers to its number."""
        return self._told(self._root)

    def _step(self, figure: Figure[object]) -> Step:
        if id(figure) not in self._by_figure:
            self._by_figure[id(figure)] = self._made(figure)
        return self._by_figure[id(figure)]

    def _made(self, figure: Figure[object]) -> Step:
        origin, text = figure.origin, text_of(figure)
        if not isinstance(origin, Derivation):
            return Step(figure.name, text, source=origin)
        inputs = tuple(self._step(item) for item in origin.inputs)
        alike = (figure.name, text, origin.rule, origin.article, *map(_identity, inputs))
        made = Step(figure.name, text, origin.rule, origin.article, inputs=inputs)
        return self._alike.setdefault(alike, made)

    def _derived(self) -> Iterable[Step]:
        """Return every step with inputs below the root, each once."""
        found: dict[int, Step] = {}
        waiting = [self._root]
        while waiting:
            step = waiting.pop()
            if id(step) not in found:
                found[id(step)] = step
                waiting.extend(step.inputs)
        return found.values()

    def _told(self, step: Step) -> Step:
        if not step.inputs:
            return step
        if id(step) in self._numbers:
            return replace(step, inputs=(), number=self._numbers[id(step)], seen=True)
        if self._uses[id(step)] > 1:
            self._numbers[id(step)] = len(self._numbers) + 1
        number = self._numbers.get(id(step), 0)
        return replace(step, inputs=tuple(map(self._told, step.inputs)), number=number)


def _identity(step: Step) -> object:
    """Return what tells a step from others: its place, or, for a derived one, itself."""
    return (step.name, step.text, step.source) if step.source else id(step)
