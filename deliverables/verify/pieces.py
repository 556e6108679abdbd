"""A part in pieces, each read once however many documents have it: paragraphs, and their frame.

The frame is the part with its paragraphs taken out: tables, sections, what stands between.
Documents of one template share it, and most of their paragraphs, byte for byte; what is remembered
is found by those bytes. A part that cannot be cut surely into pieces is left to be read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache
from itertools import chain, compress, count
from operator import is_, ne, not_
from typing import Final

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.verify.facts import NOTHING, Facts, facts_of, together
from deliverables.verify.filling import Filled, Filling
from deliverables.verify.layout import Layout, P, Reading, reading_of
from deliverables.verify.letters import Letters
from deliverables.verify.package import UnreadableDocumentError, W, parsed
from deliverables.verify.shape import Shape, taken_apart

_END: Final = b"</w:p>"
_START: Final = re.compile(rb"<w:p[ >]")
_ENCODING: Final = re.compile(rb"""<\?xml[^>]*?encoding=["']([^"']+)""")
_ENCODINGS: Final = (b"utf-8", b"us-ascii")
_EMPTY, _EMPTY_IN_FULL = b"<w:p/>", b"<w:p></w:p>"
_NOT_CUT: Final = (b"txbxContent", b"Fallback", b"<!", b"purl.oclc.org")
"""Paragraphs inside paragraphs, copies, comments, other names: read as a whole."""

_FRAMES: Final = 16
_LARGEST_FRAME: Final = 1 << 18
_PIECES: Final = 1_000
_CHUNKS: Final = 2_000
_LARGEST_REMEMBERED: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Cut:
    """A part read in pieces: its paragraphs and tables, and what stands in it."""

    filled: Filled
    facts: Facts


_Read = tuple[Reading, Facts]


@dataclass(slots=True)
class _Frame:
    """A part without its paragraphs, and the paragraphs that have been seen in such a frame."""

    filling: Filling
    order: tuple[int, ...]
    facts: Facts
    opening: bytes
    closing: bytes
    headings: frozenset[str]
    known: dict[bytes, _Read] = field(default_factory=dict)
    shapes: dict[bytes, Shape] = field(default_factory=dict)
    _last: tuple[list[Facts], Facts] = ([], NOTHING)

    def with_those_of(self, pieces: list[Facts]) -> Facts:
        """Return what stands in the frame and in the paragraphs together."""
        before, all_ = self._last
        if len(before) != len(pieces) or not all(map(is_, before, pieces)):
            all_ = together((self.facts, *pieces))
            self._last = pieces, all_
        return all_


def cut(part: str, content: bytes, headings: frozenset[str]) -> Cut | None:
    """Return the body of a part as read in pieces; None if it is to be read as a whole."""
    pieces = _pieces(content)
    if pieces is None:
        return None
    between, paragraphs = pieces
    frame = _frame(part, between, headings)
    if frame is None or len(frame.order) > len(paragraphs):
        return None
    known = _read(frame, paragraphs)
    if known is None:
        return None
    readings = [known[number][0] for number in frame.order]
    facts = frame.with_those_of([facts for _, facts in known])
    return Cut(frame.filling.filled(readings), facts)


def _pieces(content: bytes) -> tuple[bytes, list[bytes]] | None:
    """Return what stands between the paragraphs, an empty one in place of each, and all of them."""
    *chunks, rest = content.split(_END)
    *more, rest = rest.replace(_EMPTY, _EMPTY_IN_FULL).split(_END)
    chunks += more
    apart = _last[0].amended(chunks, rest) if _last else None
    if apart is None:
        apart = _apart(content, chunks, rest)
    if apart is None:
        return None
    if len(content) <= _LARGEST_REMEMBERED:
        _last[:] = [apart]
    return apart.between, [paragraph for pairs in apart.pairs for _, paragraph in pairs]


_Pairs = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class _Apart:
    """A part taken apart: chunks that each end with a paragraph, cut in two, and the rest."""

    chunks: list[bytes]
    pairs: list[_Pairs]
    rest: bytes
    between: bytes

    def amended(self, chunks: list[bytes], rest: bytes) -> _Apart | None:
        """Return a part that differs from this one in paragraphs alone; None for any other."""
        if len(chunks) != len(self.chunks) or rest != self.rest:
            return None
        pairs = self.pairs.copy()
        for number in compress(count(), map(ne, chunks, self.chunks)):
            found = _opened(chunks[number])
            if found is None or _before(found) != _before(pairs[number]):
                return None
            pairs[number] = found
        return _Apart(chunks, pairs, rest, self.between)


_last: list[_Apart] = []
"""The part that was taken apart last: that of the next document is likely to be much like it."""


def _apart(content: bytes, chunks: list[bytes], rest: bytes) -> _Apart | None:
    encoding = _ENCODING.match(content)
    if encoding is not None and encoding[1].lower() not in _ENCODINGS:
        return None
    opened = _opened if len(content) <= _LARGEST_REMEMBERED else _newly_opened
    pairs = [found for chunk in chunks if (found := opened(chunk)) is not None]
    if not _is_plain(rest) or len(pairs) < len(chunks):
        return None
    between = _EMPTY.join([*chain.from_iterable(map(_before, pairs)), rest])
    return _Apart(chunks, pairs, rest, between)


def _before(pairs: _Pairs) -> list[bytes]:
    return [between for between, _ in pairs]


def _newly_opened(chunk: bytes) -> _Pairs | None:
    """Return the paragraph that a chunk ends in and the empty ones before it; None if unsure.

    Each comes with what stands before it.
    """
    parts = chunk.replace(_EMPTY, _EMPTY_IN_FULL).split(_END)
    starts = [_START.search(part) for part in parts]
    if None in starts or not _is_plain(chunk):
        return None
    at = [start.start() for start in starts if start is not None]
    return tuple((part[:start], part[start:]) for part, start in zip(parts, at, strict=True))


_opened = lru_cache(_CHUNKS)(_newly_opened)


def _is_plain(chunk: bytes) -> bool:
    instructions = chunk.count(b"<?")
    declared = instructions == 1 and chunk.startswith(b"<?xml")
    return (declared or not instructions) and not any(mark in chunk for mark in _NOT_CUT)


def _frame(part: str, between: bytes, headings: frozenset[str]) -> _Frame | None:
    if len(between) > _LARGEST_FRAME:
        return _new_frame(part, between, headings)
    return _remembered(part, between, headings)


def _new_frame(part: str, between: bytes, headings: frozenset[str]) -> _Frame | None:
    try:
        root = parsed(part, between)
    except UnreadableDocumentError:
        return None
    body, facts = root.find(f"{W}body"), facts_of(root)
    begins = between.find(b"<w:body>")
    if body is None or begins < 0 or facts.unended:
        return None
    layout = Layout.of("body", body, read=False)
    numbers = {one: number for number, one in enumerate(root.iter(P))}
    if len(numbers) != between.count(_EMPTY):
        return None
    order = tuple(numbers[one] for one in layout.paragraphs)
    layout.paragraphs.clear()
    layout.letters.clear()
    opening = between[: begins + len(b"<w:body>")]
    closing = b"</w:body></" + str(root.prefix).encode() + b":document>"
    return _Frame(Filling(layout), order, facts, opening, closing, headings)


_remembered = lru_cache(_FRAMES)(_new_frame)


def _read(frame: _Frame, paragraphs: Sequence[bytes]) -> list[_Read] | None:
    """Return what each paragraph says and has, reading together those not seen before."""
    known = frame.known
    found = [known.get(piece) for piece in paragraphs]
    if None in found:
        new = dict.fromkeys(compress(paragraphs, map(not_, found)))
        fresh = _fresh(frame, list(new))
        if fresh is None:
            return None
        found = [seen or fresh[piece] for piece, seen in zip(paragraphs, found, strict=True)]
        if len(known) + len(fresh) <= _PIECES:
            known.update(fresh)
    return [seen for seen in found if seen is not None]


def _fresh(frame: _Frame, pieces: list[bytes]) -> dict[bytes, _Read] | None:
    """Return what new paragraphs say and have.

    In a frame that is new as well they are parsed as they are. In a known one they differ from
    those of other documents in little but their words, so that their shapes may be known.
    """
    apart = {piece: taken_apart(piece) if frame.known else None for piece in pieces}
    shapes = {shape for shape, _ in filter(None, apart.values())} - frame.shapes.keys()
    parsed_shapes = _parsed(frame, sorted(shapes))
    plain = _parsed(frame, [piece for piece, parts in apart.items() if parts is None])
    if parsed_shapes is None or plain is None:
        return None
    new = {shape: _shape(one, frame.headings) for shape, one in parsed_shapes.items()}
    known = {**frame.shapes, **new} if new else frame.shapes
    if len(known) <= _PIECES:
        frame.shapes.update(new)
    read = {
        piece: (reading_of(one, Letters(one), frame.headings), facts_of(one))
        for piece, one in plain.items()
    }
    for piece, parts in apart.items():
        if parts is not None:
            read[piece] = known[parts[0]].filled(parts[1])
    return read


def _shape(one: etree._Element, headings: frozenset[str]) -> Shape:
    letters = Letters(one)
    return Shape(letters.raw, reading_of(one, letters, headings), facts_of(one))


def _parsed(frame: _Frame, pieces: list[bytes]) -> dict[bytes, etree._Element] | None:
    """Return the paragraphs that pieces are; None if any of them is not just one."""
    if not pieces:
        return {}
    try:
        root = parsed("", frame.opening + _END.join((*pieces, frame.closing)))
    except UnreadableDocumentError:
        return None
    body = root[0]
    if len(root) != 1 or len(body) != len(pieces) or any(one.tag != P for one in body):
        return None
    if sum(1 for _ in root.iter(P)) != len(pieces):
        return None
    return dict(zip(pieces, body, strict=True))
