"""The context of a document taken apart: its figures and loops, each with its path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from itertools import chain

from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.chart import Chart
from deliverables.verify.document import Document
from deliverables.verify.wording import Tally, fold, lines_of

_SHORTEST_LABEL = 2


@dataclass(frozen=True)
class Leaf:
    """A figure with its path in the context (key) and in its row (field)."""

    key: str
    field: str
    figure: Figure[object]

    @cached_property
    def text(self) -> str:
        """The printed text with white space folded."""
        return fold(self.figure.text)

    @cached_property
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

    `printings` says how often the document prints each figure, by its path, and `as_made` is
    the document that the program makes of the context, if that is known.
    """

    scalars: tuple[Leaf, ...]
    loops: tuple[Loop, ...]
    texts: tuple[str, ...]
    printings: Mapping[str, int] | None = None
    as_made: Document | None = None

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
    scalars: list[Leaf] = []
    loops: list[Loop] = []
    texts: list[str] = []
    _take(context, "", scalars, loops, texts)
    return Leaves(tuple(scalars), tuple(loops), tuple(texts))


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


def _take(
    value: object, path: str, scalars: list[Leaf], loops: list[Loop], texts: list[str]
) -> None:
    """Sort what hangs below `value` into figures outside loops, loops, and plain texts."""
    for name, key, item in _parts(value, path):
        if isinstance(item, Figure):
            scalars.append(Leaf(key, name, item))
        elif isinstance(item, str):
            texts.append(item)
        elif isinstance(item, tuple) and not _is_of_figures(item):
            _take_loop(item, key, loops, texts)
        elif isinstance(item, tuple) or (is_dataclass(item) and not isinstance(item, Chart)):
            _take(item, key, scalars, loops, texts)


def _take_loop(items: tuple[object, ...], key: str, loops: list[Loop], texts: list[str]) -> None:
    elements: list[Element] = []
    inner: list[Loop] = []
    for index, item in enumerate(items):
        figures: list[Leaf] = []
        labels: list[str] = []
        here = f"{key}[{index}]"
        if isinstance(item, str):
            labels.append(item)
        else:
            _take(item, here, figures, inner, labels)
        texts += labels
        elements.append(Element(_in_row(figures, here), _folded(labels)))
    if any(element.leaves for element in elements):
        loops.append(Loop(key, tuple(elements), nests=bool(inner)))
    loops += inner


def _is_of_figures(items: tuple[object, ...]) -> bool:
    """Tell whether the items are the cells of one row rather than rows themselves."""
    return all(isinstance(item, Figure) for item in items)


def _in_row(figures: Iterable[Leaf], row: str) -> tuple[Leaf, ...]:
    return tuple(Leaf(leaf.key, leaf.key.removeprefix(row), leaf.figure) for leaf in figures)


def _folded(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in map(fold, labels) if len(text) >= _SHORTEST_LABEL)


def _parts(value: object, path: str) -> Iterator[tuple[str, str, object]]:
    if is_dataclass(value):
        for item in fields(value):
            yield item.name, f"{path}.{item.name}" if path else item.name, getattr(value, item.name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield f"[{index}]", f"{path}[{index}]", item
