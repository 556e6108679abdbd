"""Two versions of a document compared: the figures that changed, what is behind each, the prose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from deliverables.figure import Figure
from deliverables.identifiers import mask
from deliverables.lazily import dataclass
from deliverables.passages import Passage, paired
from deliverables.source import Cell, Line, Source
from deliverables.tracing import Trace
from deliverables.verify.discretion import without_identities
from deliverables.verify.finding import sources_of
from deliverables.verify.paper import Place
from deliverables.verify.wording import fold


@dataclass(frozen=True, slots=True)
class Cause:
    """A change of the data: of one cell or line, or only known to be in a sheet or a file.

    `before` and `after` are the texts where both are known; a new row has only the second.
    """

    source: Source
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that two versions print differently, and the changes of the data behind it."""

    key: str
    name: str
    before: str
    after: str
    place: Place
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class TextChange:
    """A paragraph or a row that changed beside its figures, is new (`before` is None) or gone."""

    before: str | None
    after: str | None
    place: Place
    is_row: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions of a document."""

    figures: tuple[FigureChange, ...]
    texts: tuple[TextChange, ...]

    @property
    def same(self) -> bool:
        """Whether the versions say the same."""
        return not self.figures and not self.texts


Versions = tuple[Passage | None, Passage | None, Trace | None]
"""A passage as it was, as it is, and as the data of today make it, where there is one."""

Readings = list[tuple[str, str | None, str | None]]
"""The path of each figure of a passage, what it was and what it is; None where that is unclear."""


def compare(
    before: Sequence[Passage],
    after: Sequence[Passage],
    traces: Sequence[Trace] = (),
    figures: Mapping[str, Figure[object]] | None = None,
    inputs: Iterable[str] = (),
) -> Comparison:
    """Return what differs; without traces and figures only that texts do.

    `traces` say which words of such a document are which of the `figures`, and `inputs` are the
    files whose data changed between the versions.
    """
    known = figures or {}
    differing = list(_differing(before, after, traces))
    changes: dict[tuple[str, str, str], FigureChange] = {}
    for change in chain.from_iterable(_changes(versions, known) for versions in differing):
        changes.setdefault((change.key, change.before, change.after), change)
    causes = _Causes(known, changes.values(), _new_figures(differing), tuple(inputs))
    hidden = _hiding(known, differing)
    return Comparison(
        tuple(_discreet(causes.behind(change), known) for change in changes.values()),
        tuple(
            TextChange(hidden(old), hidden(new), there.place, there.is_row)
            for old, new, trace in differing
            if (there := new or old) and not _differ_in_figures_alone(old, new, trace)
        ),
    )


def _differing(
    before: Sequence[Passage], after: Sequence[Passage], traces: Sequence[Trace]
) -> Iterator[Versions]:
    said = [trace.passage for trace in traces]
    of_before, of_after = _numbers(said, before), _numbers(said, after)
    for one, other in paired(before, after):
        old = None if one is None else before[one]
        new = None if other is None else after[other]
        if old is None or new is None or old.texts != new.texts:
            number = of_after.get(other, of_before.get(one))
            yield old, new, None if number is None else traces[number]


def _numbers(said: Sequence[Passage], passages: Sequence[Passage]) -> dict[int | None, int]:
    """Return which of the traced passages each passage is."""
    return {
        other: one for one, other in paired(said, passages) if one is not None and other is not None
    }


def _readings(versions: Versions) -> Readings:
    old, new, trace = versions
    if not (old and new and trace):
        return []
    keys = (slot.key for slot in trace.slots)
    return list(zip(keys, trace.read(old), trace.read(new), strict=True))


def _changes(versions: Versions, figures: Mapping[str, Figure[object]]) -> Iterator[FigureChange]:
    _, there, trace = versions
    numbers = trace.numbers if trace else ()
    for number, (key, was, now) in zip(numbers, _readings(versions), strict=False):
        if there and key in figures and was is not None and now is not None and was != now:
            yield FigureChange(key, figures[key].name, was, now, there.place_of(number))


def _differ_in_figures_alone(old: Passage | None, new: Passage | None, trace: Trace | None) -> bool:
    """Tell whether the old passage becomes the new one by exchanging its figures."""
    if old is None or new is None or len(old.texts) != len(new.texts):
        return False
    if trace and not trace.words_differ(old) and not trace.words_differ(new):
        return True
    left = old.shown
    for _, was, now in _readings((old, new, trace)):
        if was and now is not None and was != now:
            left = left.replace(was, now, 1)
    return left == new.shown


def _new_figures(differing: Iterable[Versions]) -> Iterator[str]:
    """Yield the paths of the figures in passages that are new."""
    for old, new, trace in differing:
        if trace and new and not old:
            yield from (slot.key for slot in trace.slots)


class _Causes:
    """The changes of the data, as far as the documents show them, and what they lead to."""

    def __init__(
        self,
        figures: Mapping[str, Figure[object]],
        changes: Iterable[FigureChange],
        added: Iterable[str],
        inputs: tuple[str, ...],
    ) -> None:
        self._figures, self._inputs = figures, inputs
        self._seen: dict[Source, Cause] = {}
        for change in changes:
            self._see(change.key, change.before, change.after)
        for key in added:
            self._see(key, "", fold(figures[key].text))

    def behind(self, change: FigureChange) -> FigureChange:
        """Return the change with the cells and lines behind it, or else their sheets and files."""
        changed = [s for s in sources_of(self._figures[change.key]) if self._is_changed(s)]
        seen = [self._seen[source] for source in changed if source in self._seen]
        wholes = dict.fromkeys(map(_whole, changed))
        return replace(change, causes=tuple(seen) or tuple(map(Cause, wholes)))

    def _see(self, key: str, before: str, after: str) -> None:
        figure = self._figures[key]
        if isinstance(figure.origin, Source) and self._is_changed(figure.origin):
            shown = (mask(before), mask(after)) if figure.private else (before, after)
            self._seen.setdefault(figure.origin, Cause(figure.origin, *shown))

    def _is_changed(self, source: Source) -> bool:
        return any(source.file.endswith(name) for name in self._inputs)


def _whole(source: Source) -> Source:
    return Cell(source.file, source.sheet) if isinstance(source, Cell) else Line(source.file)


def _discreet(change: FigureChange, figures: Mapping[str, Figure[object]]) -> FigureChange:
    if figures[change.key].private:
        return replace(change, before=mask(change.before), after=mask(change.after))
    return change


def _hiding(
    figures: Mapping[str, Figure[object]], differing: Iterable[Versions]
) -> Callable[[Passage | None], str | None]:
    """Return what tells a passage without the identity numbers of then and now."""
    private = {key: fold(figure.text) for key, figure in figures.items() if figure.private}
    readings = (reading for versions in differing for reading in _readings(versions))
    others = {text for key, *both in readings if key in private for text in both}
    secrets = sorted(filter(None, {*private.values(), *others}), key=len, reverse=True)

    def hidden(passage: Passage | None) -> str | None:
        return None if passage is None else without_identities(passage.shown, secrets)

    return hidden
