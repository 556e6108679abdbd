"""Where each figure stands: a document filled with the paths of its figures, and read again.

A context whose figures print their own paths goes through the same template as the context
itself. So the document says by itself which of its words are which figure, in prose and tables,
whatever a template is like; nothing is guessed from digits that look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Final

from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.insert import Insert
from deliverables.passages import Passage, paired, passages_of
from deliverables.verify.paper import Document, Place
from deliverables.verify.reader import read_document
from deliverables.verify.wording import excerpt, fold, states

_OPEN, _LINE, _CLOSE, _BLANK = "\ue000", "\ue001", "\ue002", "\ue003"
"""Letters that no font has: no data and no template holds them."""

_MARK: Final = re.compile(f"{_OPEN}([^{_LINE}]+){_LINE}([0-9]+){_CLOSE}")
_NUMERAL: Final = re.compile(r"\d[\d,]*")
_LINE_END: Final = re.compile(r"([\n\a])")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a figure, or for one line of it, and what it prints there."""

    key: str
    line: int
    text: str

    def narrowed(self, found: str) -> str:
        """Return the figure within the text found at its place, without words put in beside it.

        It is the figure itself, or the only thing there of its shape: 99.90% for 99.93%.
        """
        own = fold(self.text)
        if found == own or not own or states(found, own):
            return own or found
        shape = _NUMERAL.sub(r"\\d[\\d,]*", re.escape(own))
        alike = re.findall(shape, found) if shape != re.escape(own) else []
        return alike[0] if len(alike) == 1 else found


@dataclass(frozen=True)
class Frame:
    """A text taken apart: the words around its figures, and the figures."""

    pieces: tuple[str | Slot, ...]

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The figures in the order they are printed."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Slot))

    @cached_property
    def text(self) -> str:
        """The whole text as printed."""
        return fold("".join(p.text if isinstance(p, Slot) else p for p in self.pieces))

    def read(self, text: str) -> tuple[str | None, ...]:
        """Return what another text says in place of each figure; None where that is unclear."""
        found = self._strictly(text) or self._between_neighbours(text)
        both = zip(self.slots, found, strict=True)
        return tuple(None if said is None else slot.narrowed(said) for slot, said in both)

    def words_differ(self, text: str) -> bool:
        """Return whether another text has other words around the figures, or beside them."""
        return self._strictly(text) != self.read(text)

    def _strictly(self, text: str) -> tuple[str, ...] | None:
        """Return what stands for each figure if all words around them are the same."""
        if text == self.text:
            return tuple(fold(slot.text) for slot in self.slots)
        found = self._pattern.fullmatch(text)
        return tuple(map(fold, found.groups())) if found else None

    def spans(self) -> Iterator[tuple[Slot, int, int]]:
        """Yield each figure with where it begins and ends in the text."""
        found = self._pattern.fullmatch(self.text)
        if found:
            for number, slot in enumerate(self.slots, start=1):
                yield slot, found.start(number), found.end(number)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """The words as they are, a group for each figure; spaces at its edges may be any."""
        parts = ("(.*?)" if isinstance(p, Slot) else re.escape(p) for p in self.pieces)
        return re.compile("".join(parts), re.DOTALL)

    def _between_neighbours(self, text: str) -> tuple[str | None, ...]:
        """Read a text whose other words were changed too, going by the letters beside a figure."""
        shape = "".join(_BLANK if isinstance(p, Slot) else p for p in self.pieces)
        became = {-1: -1, len(shape): len(text)}
        for block in SequenceMatcher(None, shape, text, autojunk=False).get_matching_blocks():
            became |= {block.a + n: block.b + n for n in range(block.size)}
        blanks = (at for at, letter in enumerate(shape) if letter == _BLANK)
        edges = ((became.get(at - 1), became.get(at + 1)) for at in blanks)
        return tuple(
            None if left is None or right is None else fold(text[left + 1 : right])
            for left, right in edges
        )


@dataclass(frozen=True)
class Trace:
    """A passage of the document that the data of today make, with its figures."""

    passage: Passage
    frames: tuple[Frame, ...]

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All figures of the passage."""
        return tuple(slot for frame in self.frames for slot in frame.slots)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The number of the frame that each figure stands in."""
        return tuple(n for n, frame in enumerate(self.frames) for _ in frame.slots)

    def read(self, other: Passage) -> tuple[str | None, ...]:
        """Return what another version of the passage says in place of each figure."""
        if len(other.texts) != len(self.frames):
            return (None,) * len(self.slots)
        both = zip(self.frames, other.texts, strict=True)
        return tuple(text for frame, said in both for text in frame.read(said))

    def words_differ(self, other: Passage) -> bool:
        """Return whether another version of the passage has other words around its figures."""
        if len(other.texts) != len(self.frames):
            return True
        both = zip(self.frames, other.texts, strict=True)
        return any(frame.words_differ(said) for frame, said in both)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A figure in a document: its path, where it stands, and what it says there."""

    key: str
    line: int
    place: Place
    found: str | None


def with_paths(context: Any, path: str = "") -> Any:
    """Return the context with the path of each figure as its text, the same number of lines."""
    if isinstance(context, Figure):
        return replace(context, text=_marked(context.text, path))
    if isinstance(context, tuple):
        return tuple(with_paths(item, f"{path}[{n}]") for n, item in enumerate(context))
    if not is_dataclass(context) or isinstance(context, Insert | type):
        return context
    inner = {
        item.name: with_paths(
            getattr(context, item.name), f"{path}.{item.name}" if path else item.name
        )
        for item in fields(context)
    }
    return replace(context, **inner)


def traces_of(document: bytes, texts: Mapping[str, str]) -> tuple[Trace, ...]:
    """Return the passages of a document made of a context `with_paths`.

    `texts` are the texts of the figures by their paths.
    """
    lines = {key: _LINE_END.split(text)[::2] for key, text in texts.items()}
    traces = []
    for passage in passages_of(read_document(document)):
        frames = tuple(_frame(text, lines) for text in passage.texts)
        traces.append(Trace(_readable(passage, frames, lines), frames))
    return tuple(traces)


def sightings(traces: Sequence[Trace], document: Document) -> Iterator[Sighting]:
    """Yield every figure that a document, edited or not, prints, in reading order."""
    passages = passages_of(document)
    for one, other in paired([trace.passage for trace in traces], passages):
        if one is None or other is None:
            continue
        trace, passage = traces[one], passages[other]
        both = zip(trace.slots, trace.numbers, trace.read(passage), strict=True)
        for slot, at, found in both:
            place = passage.place_of(min(at, len(passage.texts) - 1))
            yield Sighting(slot.key, slot.line, place, found)


def _marked(text: str, path: str) -> str:
    """Return the path in place of every line of a text that is not blank."""
    pieces = _LINE_END.split(text)
    return "".join(
        f"{_OPEN}{path}{_LINE}{number // 2}{_CLOSE}" if number % 2 == 0 and fold(piece) else piece
        for number, piece in enumerate(pieces)
    )


def _frame(text: str, lines: Mapping[str, Sequence[str]]) -> Frame:
    pieces: list[str | Slot] = []
    end = 0
    for mark in _MARK.finditer(text):
        if mark.start() > end:
            pieces.append(text[end : mark.start()])
        key, line = mark[1], int(mark[2])
        pieces.append(Slot(key, line, lines[key][line]))
        end = mark.end()
    if end < len(text):
        pieces.append(text[end:])
    return Frame(tuple(pieces))


def _readable(
    passage: Passage, frames: Sequence[Frame], lines: Mapping[str, Sequence[str]]
) -> Passage:
    """Return the passage with values instead of paths in its texts, heading and excerpt."""
    texts = tuple(frame.text for frame in frames)
    heading = _frame(passage.place.heading, lines).text
    place = replace(passage.place, heading=heading, excerpt=excerpt(texts[0]))
    return replace(passage, texts=texts, place=place)
