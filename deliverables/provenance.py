"""Where a figure comes from: its rule, its inputs, theirs in turn, down to cells and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final

from deliverables.figure import Cells, Derivation, Figure
from deliverables.identifiers import mask
from deliverables.lazily import dataclass
from deliverables.source import Cell, Line, Source
from deliverables.stated import Stated, plain, stands, stated_in, without
from deliverables.verify.document import fold

_MOST_SUGGESTIONS: Final = 3
_LIKE_ENOUGH: Final = 0.5
_MOST_INPUTS: Final = 8
_TELLING: Final = 4
"""From how many letters on words that state nothing are taken for a figure they may print."""

MOST_ROWS: Final = 12
"""How many rows of a sheet an explanation lists before it says how many more there are."""

_OF_MANY: Final = 5
"""How many rows it lists where there are more."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Rows of a sheet that are not told one by one: how many, and where the last one stands."""

    count: int
    to: Source


@dataclass(frozen=True, slots=True)
class Search:
    """Rows that were looked through for those that decide: how many, the first and the last."""

    count: int
    first: Source
    last: Source


@dataclass(frozen=True, slots=True)
class Step:
    """A figure on the way to the data: derived from inputs by a rule, or read at a source.

    One that has neither was given with the command: the day a document was made for. `inputs`
    decide it; `among` tells what was looked through for them, and `left_out` the rows there that
    are not among them. Of 1,200 tickets in time and four that were late the four are told, unless
    everything is. `number` names a step that others refer to, and `seen` says that its inputs are
    told at that number.
    """

    name: str
    text: str
    rule: str = ""
    article: str = ""
    source: Source | None = None
    inputs: tuple[Step | Rest, ...] = ()
    among: Search | None = None
    left_out: tuple[Step | Rest, ...] = ()
    number: int = 0
    seen: bool = False

    @property
    def derived(self) -> tuple[Step, ...]:
        """The inputs that are told one by one."""
        return tuple(item for item in self.inputs if isinstance(item, Step))


@dataclass(frozen=True)
class Explanation:
    """A printed figure with its path and all that it was made from."""

    key: str
    figure: Figure[object]

    @cached_property
    def step(self) -> Step:
        """The tree below the figure; what occurs in it more than once is told once.

        Of many rows the first ones are told.
        """
        return _Steps(self.figure, most=MOST_ROWS).told_once()

    @cached_property
    def full(self) -> Step:
        """The tree with every row."""
        return _Steps(self.figure, most=None).told_once()

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


def explanations(
    figures: Mapping[str, Figure[Any]], order: Sequence[str]
) -> tuple[Explanation, ...]:
    """Return the figures whose paths are in `order`, the printed ones, in that order."""
    return tuple(Explanation(key, figures[key]) for key in dict.fromkeys(order) if key in figures)


Words = Sequence[tuple[str, str]]
"""A text of a document in pieces, each with the path of the figure it is, or with nothing."""


def find(
    wanted: str, among: Sequence[Explanation], document: Iterable[Words] = ()
) -> tuple[Explanation, ...]:
    """Return the figures that are meant by a path, or by words as a document prints them.

    In this order: the figure of that path; all that print these very words, in letters of any
    width; all that stand in them, where the document says so; all that have the value they state,
    however it is written; all whose text is part of them; all below that path.
    """
    return next(filter(None, map(tuple, _meant(wanted, among, document))), ())


def _meant(
    wanted: str, among: Sequence[Explanation], document: Iterable[Words]
) -> Iterator[list[Explanation]]:
    yield [one for one in among if one.key == wanted]
    yield [one for one in among if plain(one.figure.text) == plain(wanted)]
    yield _standing_in(wanted, among, document)
    yield _of_value(wanted, among)
    yield _within(wanted, among)
    yield [one for one in among if one.key.startswith((f"{wanted}.", f"{wanted}["))]


def _standing_in(
    wanted: str, among: Sequence[Explanation], document: Iterable[Words]
) -> list[Explanation]:
    """Return the figures that some words of the document are, or are part of."""
    sought = plain(wanted)
    keys: set[str] = set()
    for words in document:
        pieces = [(plain(text), key) for text, key in words]
        text = "".join(piece for piece, _ in pieces)
        for begin in stands(text, sought):
            at = 0
            for piece, key in pieces:
                if key and at < begin + len(sought) and begin < at + len(piece):
                    keys.add(key)
                at += len(piece)
    return [one for one in among if one.key in keys]


def _of_value(wanted: str, among: Sequence[Explanation]) -> list[Explanation]:
    """Return the figures that state what the words state, first those that state nothing else."""
    stated = stated_in(wanted)
    if len(stated) != 1:
        return []
    says = [(one, _stated_by(one.figure)) for one in among if not one.figure.private]
    alone = [one for one, said in says if said == set(stated)]
    return alone or [one for one, said in says if stated[0] in said]


def _stated_by(figure: Figure[object]) -> set[Stated]:
    """Return what a figure states: its value, and the values in its text."""
    value = figure.value
    said = set(stated_in(figure.text))
    if isinstance(value, date):
        said.add(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        said.add(Decimal(value).normalize() + 0)
    return said | {said_on.date() for said_on in said if isinstance(said_on, datetime)}


def _within(wanted: str, among: Sequence[Explanation]) -> list[Explanation]:
    """Return the figures whose text stands in the words, none of them inside a longer one."""
    left, found = plain(wanted), set[str]()
    texts = {plain(one.figure.text) for one in among if not one.figure.private}
    for text in sorted(filter(None, texts), key=len, reverse=True):
        blotted = without(left, text)
        if blotted is not None and (len(text) >= _TELLING or stated_in(text)):
            found.add(text)
            left = blotted
    return [one for one in among if plain(one.figure.text) in found]


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
    for item in step.derived[:_MOST_INPUTS]:
        yield f"· {briefly(item, home)}"
    if len(step.derived) > _MOST_INPUTS:
        yield f"· 另有 {len(step.derived) - _MOST_INPUTS} 项，至 {_place(step.derived[-1], home)}"
    yield from (
        f"· 另有 {rest.count} 行，至 {_from(home, rest.to)}"
        for rest in step.inputs
        if isinstance(rest, Rest)
    )
    if any(item.inputs for item in step.derived):
        yield places([step], home)


def places(steps: Iterable[Step], home: str) -> str:
    """Return a line that names the cells and lines below some figures, the first few of them."""
    leaves = (leaf for step in steps for leaf in leaves_of(step))
    found = list(dict.fromkeys(_place(leaf, home) for leaf in leaves))
    rest = f" 等 {len(found)} 处" if len(found) > _MOST_INPUTS else ""
    return f"数据：{'；'.join(found[:_MOST_INPUTS])}{rest}"


def leaves_of(step: Step) -> Iterator[Step]:
    """Yield the steps that were read at a place, in order; those left out if they are told."""
    if step.source:
        yield step
    for item in (*step.inputs, *step.left_out):
        if isinstance(item, Step):
            yield from leaves_of(item)


def _whence(step: Step, home: str) -> str:
    if step.source:
        return _place(step, home)
    return f"{step.rule}（{step.article}）" if step.article else step.rule


def _place(step: Step, home: str) -> str:
    """Return the place of a step from the folder `home` on; its name if it has none."""
    return _from(home, step.source) if step.source else step.name


def _from(home: str, source: Source) -> str:
    return str(source).rpartition(f"/{home}/")[2]


class _Steps:
    """The steps below one figure: what is the same figure is the same step.

    `most` rows of a sheet are told, of more of them a few less; None tells all of them.
    """

    def __init__(self, figure: Figure[object], most: int | None) -> None:
        self._most = most
        self._by_figure: dict[int, Step] = {}
        self._kept: list[Figure[object]] = []
        self._alike: dict[object, Step] = {}
        self._numbers: dict[int, int] = {}
        self._root = self._step(figure)
        self._uses = Counter(id(used) for step in self._steps() for used in step.derived)

    def told_once(self) -> Step:
        """Return the tree in which a derived step that occurs again refers to its number."""
        return self._told(self._root)

    def _step(self, figure: Figure[object]) -> Step:
        if id(figure) not in self._by_figure:
            self._kept.append(figure)  # while it is kept, nothing else has its id
            self._by_figure[id(figure)] = self._made(figure)
        return self._by_figure[id(figure)]

    def _made(self, figure: Figure[object]) -> Step:
        origin, text = figure.origin, text_of(figure)
        if not isinstance(origin, Derivation):
            return Step(figure.name, text, source=origin)
        among, left_out = self._searched(origin)
        exceptions = left_out and self._most is not None
        told = self._some(origin.inputs, 0 if exceptions else self._most)
        alike = (figure.name, text, origin.rule, origin.article, among, *map(_identity, told))
        made = Step(
            figure.name,
            text,
            origin.rule,
            origin.article,
            inputs=told,
            among=among,
            left_out=left_out,
        )
        return self._alike.setdefault(alike, made)

    def _some(self, figures: Sequence[Figure[object]], most: int | None) -> tuple[Step | Rest, ...]:
        """Return the steps of some figures; of more rows than `most` only the first ones."""
        if not isinstance(figures, Cells) or most is None or len(figures.rows) <= most:
            return tuple(map(self._step, figures))
        rows, columns = figures.rows, figures.columns
        shown = rows[: min(most, _OF_MANY)]
        told = map(self._step, Cells(shown, *columns))
        return *told, Rest(len(rows) - len(shown), rows[-1].place(columns[-1]))

    def _searched(self, origin: Derivation) -> tuple[Search | None, tuple[Step | Rest, ...]]:
        """Return what was looked through, and which rows of that were left out, if those matter."""
        among, inputs = origin.among, origin.inputs
        if among is None:
            return None, ()
        decide = {id(row) for row in inputs.rows} if isinstance(inputs, Cells) else set()
        others = [row for row in among.rows if id(row) not in decide]
        matter = self._most is None or len(others) < len(decide)
        left_out = self._some(Cells(others, *among.columns), self._most) if matter else ()
        first, last = among.rows[0].place(among.columns[0]), among.rows[-1].place(among.columns[-1])
        return Search(len(among.rows), first, last), left_out

    def _steps(self) -> Iterable[Step]:
        """Return every step with inputs below the root, each once."""
        found: dict[int, Step] = {}
        waiting = [self._root]
        while waiting:
            step = waiting.pop()
            if id(step) not in found:
                found[id(step)] = step
                waiting.extend(step.derived)
        return found.values()

    def _told(self, step: Step) -> Step:
        if not step.inputs:
            return step
        if id(step) in self._numbers:
            number = self._numbers[id(step)]
            return replace(step, inputs=(), among=None, left_out=(), number=number, seen=True)
        if self._uses[id(step)] > 1:
            self._numbers[id(step)] = len(self._numbers) + 1
        number = self._numbers.get(id(step), 0)
        told = tuple(self._told(item) if isinstance(item, Step) else item for item in step.inputs)
        return replace(step, inputs=told, number=number)


def _identity(step: Step | Rest) -> object:
    """Return what tells a step from others: its place, or, for a derived one, itself."""
    if isinstance(step, Rest):
        return step
    return (step.name, step.text, step.source) if step.source else id(step)
