"""The context of a document taken apart: its figures and loops, each with its path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

from deliverables.figure import Derivation, Figure, fields_in
from deliverables.lazily import dataclass
from deliverables.model.insert import Insert
from deliverables.model.picture import Picture
from deliverables.verify.paper import Document
from deliverables.verify.traits import NOTHING, Traits, traits_of
from deliverables.verify.wording import Tally, fold, lines_of

_SHORTEST_LABEL = 2


@dataclass(frozen=True, slots=True)
class Leaf:
    """A figure with its path in the context (key) and in its row (field).

    `text` is its printed text with white space folded.
    """

    key: str
    field: str
    figure: Figure[object]
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the printed text, each of which may be a paragraph."""
        return lines_of(self.figure.text)


@dataclass(frozen=True)
class Element:
    """One round of a loop: its figures, and the plain texts that help to find its row."""

    leaves: tuple[Leaf, ...]
    labels: tuple[str, ...]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of all figures, the longest first."""
        return longest_first(leaf.text for leaf in self.leaves)


@dataclass(frozen=True, slots=True)
class Loop:
    """A tuple of the context whose elements hold figures; `nests` if they hold loops as well."""

    key: str
    elements: tuple[Element, ...]
    nests: bool


@dataclass(frozen=True)
class Leaves:
    """Everything a context says: figures outside loops, the loops, and all plain texts.

    The words of a rich text are a plain text. `printings` says how often the document prints each
    figure, by its path, and `as_made` is the document that the program makes of the context, if
    that is known.
    """

    scalars: tuple[Leaf, ...]
    loops: tuple[Loop, ...]
    texts: tuple[str, ...]
    printings: Mapping[str, int] | None = None
    as_made: Document | None = None
    pictures: tuple[Picture, ...] = ()

    @cached_property
    def figures(self) -> tuple[Leaf, ...]:
        """All figures, inside loops and outside."""
        rows = (leaf for loop in self.loops for element in loop.elements for leaf in element.leaves)
        return tuple(chain(self.scalars, rows))

    @cached_property
    def stated(self) -> frozenset[str]:
        """The printed text of every figure."""
        return frozenset(leaf.text for leaf in self.figures)

    @cached_property
    def everything(self) -> str:
        """All texts of the context, a line for each figure and for each plain text."""
        return "\n".join(chain((leaf.text for leaf in self.figures), map(fold, self.texts)))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """All texts of the context, each figure and each plain text once."""
        return tuple(dict.fromkeys(chain((f.text for f in self.figures), map(fold, self.texts))))

    @cached_property
    def traits(self) -> tuple[Traits, ...]:
        """What the lines state, those that state nothing left out."""
        return tuple([one for one in map(traits_of, self.lines) if one is not NOTHING])

    @cached_property
    def outside_loops(self) -> str:
        """The figures outside loops and all plain texts, a line for each."""
        return "\n".join(chain((leaf.text for leaf in self.scalars), map(fold, self.texts)))

    @cached_property
    def tally(self) -> Tally:
        """How often a document that prints the figures states something.

        Unless the printings of each are known, each is printed once, and a figure that the
        context has in several places is one figure.
        """
        if self.printings is None:
            once = {_identity(leaf.figure): leaf for leaf in self.figures}
            return Tally("\n".join(line for leaf in once.values() for line in leaf.lines))
        counted = ((leaf, self.printings.get(leaf.key, 0)) for leaf in self.figures)
        return Tally("\n".join(line for leaf, count in counted for line in leaf.lines * count))


def leaves_of(context: object) -> Leaves:
    """Return the leaves of a frozen dataclass whose loops are tuples."""
    found = _Found([], [], [], [])
    _take(context, "", found)
    return Leaves(
        tuple(found.scalars),
        tuple(found.loops),
        tuple(found.texts),
        pictures=tuple(one for one in found.inserts if isinstance(one, Picture)),
    )


def only_printed(leaves: Leaves, printed: Collection[str]) -> Leaves:
    """Return the leaves without the figures whose paths are not in `printed`.

    A row, and a loop, of which nothing is printed is left out.
    """
    loops = [replace(loop, elements=_printed_rows(loop, printed)) for loop in leaves.loops]
    return replace(
        leaves,
        scalars=tuple(leaf for leaf in leaves.scalars if leaf.key in printed),
        loops=tuple(loop for loop in loops if loop.elements),
        printings=printed if isinstance(printed, Mapping) else None,
    )


def _printed_rows(loop: Loop, printed: Collection[str]) -> tuple[Element, ...]:
    rows = (
        replace(element, leaves=tuple(leaf for leaf in element.leaves if leaf.key in printed))
        for element in loop.elements
    )
    return tuple(row for row in rows if row.leaves)


def longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that are not empty, so ordered that none hides inside a later one."""
    return tuple(sorted(filter(None, texts), key=len, reverse=True))


def fields_of(loop: Loop) -> tuple[str, ...]:
    """Return the names of the figures in the rows of a loop, in the order they are declared."""
    return tuple(dict.fromkeys(leaf.field for e in loop.elements for leaf in e.leaves))


def _identity(figure: Figure[object]) -> object:
    origin = figure.origin
    if isinstance(origin, Derivation):  # whose inputs may be a year's rows: not to be compared
        return figure.name, figure.text, origin.rule, origin.article, len(origin.inputs)
    return figure.name, figure.text, origin


@dataclass(slots=True)
class _Found:
    """What was found so far: figures outside loops, loops, plain texts, pictures and documents."""

    scalars: list[Leaf]
    loops: list[Loop]
    texts: list[str]
    inserts: list[Insert]


def _take(value: object, path: str, found: _Found) -> None:
    """Sort what hangs below `value`."""
    for name, key, item in _parts(value, path):
        kind: Any = type(item)
        if isinstance(item, Figure):
            found.scalars.append(Leaf(key, name, item, fold(item.text)))
        elif isinstance(item, str):
            found.texts.append(item)
        elif isinstance(item, Insert):
            found.inserts.append(item)
        elif isinstance(item, tuple) and not _is_of_figures(item):
            _take_loop(item, key, found)
        elif isinstance(item, tuple) or fields_in(kind):
            _take(item, key, found)


def _take_loop(items: tuple[object, ...], key: str, found: _Found) -> None:
    elements: list[Element] = []
    inner: list[Loop] = []
    for index, item in enumerate(items):
        row = _Found([], inner, [], found.inserts)
        here = f"{key}[{index}]"
        if isinstance(item, str):
            row.texts.append(item)
        elif isinstance(item, Insert):
            row.inserts.append(item)
        else:
            _take(item, here, row)
        found.texts += row.texts
        elements.append(Element(_in_row(row.scalars, here), _folded(row.texts)))
    if any(element.leaves for element in elements):
        found.loops.append(Loop(key, tuple(elements), nests=bool(inner)))
    found.loops += inner


def _is_of_figures(items: tuple[object, ...]) -> bool:
    """Tell whether the items are the cells of one row rather than rows themselves."""
    return all(isinstance(item, Figure) for item in items)


def _in_row(figures: Iterable[Leaf], row: str) -> tuple[Leaf, ...]:
    return tuple(
        Leaf(leaf.key, leaf.key.removeprefix(row), leaf.figure, leaf.text) for leaf in figures
    )


def _folded(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in map(fold, labels) if len(text) >= _SHORTEST_LABEL)


def _parts(value: object, path: str) -> list[tuple[str, str, Any]]:
    """Return what a value holds: the name it has there, its path, and itself."""
    if isinstance(value, tuple):
        return [(f"[{index}]", f"{path}[{index}]", item) for index, item in enumerate(value)]
    kind: Any = type(value)
    before = f"{path}." if path else ""
    return [(name, before + name, getattr(value, name)) for name in fields_in(kind)]
