"""Where a template prints a value: what ends the run before a mark, and begins one after it.

A run that holds nothing beside a mark is left out. Where that is certain, it is cut out here;
where a case or another value stands between, characters that no value may hold stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from deliverables.render.compiled.holes import NotCompilableError
from deliverables.render.compiled.program import AFTER, BEFORE, Op
from deliverables.render.compiled.shape import CHART, FIGURE, NUMBER, PICTURE, RICH_TEXT

_RUN_END: Final = "</w:t></w:r>"
_TEXT_END: Final = "</w:t>"
_RUN_START: Final = re.compile(
    r"<w:r(?: [^>]*)?(?<!/)>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?(?<!/)>\Z",
    re.DOTALL,
)

_ALONE: Final = {NUMBER: "number", RICH_TEXT: "rich_text"}
"""What is written without a look at its place."""

_TEXT: Final = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_TEXT_START: Final = re.compile(r"<w:t(?: [^>]*)?(?<!/)>\Z")


def resolve(stream: list[str | Op]) -> list[str | Op]:
    """Return the stream with every value in its mark, or plain, or drawn."""
    return _Sites(stream).resolved()


def _with_titles(stream: list[str | Op]) -> Iterator[str | Op]:
    """Yield the stream with each heading whose words are fixed as one operation."""
    place = 0
    while place < len(stream):
        match stream[place : place + 3]:
            case [["heading", level, numbered], str(markup), ["heading_end"]]:
                yield ["title", level, numbered, markup, "".join(_TEXT.findall(markup))]
                place += 3
            case [piece, *_]:
                yield piece
                place += 1


def _with_leads(stream: Iterable[str | Op]) -> list[str | Op]:
    """Return the stream with the text before a mark as part of what leads to the mark."""
    joined: list[str | Op] = []
    for piece in stream:
        before = joined[-1] if joined else None
        match piece:
            case ["mark", *rest, str(lead), trail] if isinstance(before, str) and lead != BEFORE:
                joined[-1] = ["mark", *rest, before + lead, trail]
            case ["row_mark", *rest, str(start), end, str(lead), trail] if (
                isinstance(before, str) and lead != BEFORE
            ):
                joined[-1] = ["row_mark", *rest, before + start, end, before + lead, trail]
            case _:
                joined.append(piece)
    return joined


class _Sites:
    """A stream whose even places are text; texts are cut as sites next to them need."""

    def __init__(self, stream: list[str | Op]) -> None:
        self._was = stream
        self._now = list(stream)

    def resolved(self) -> list[str | Op]:
        for place in range(1, len(self._was), 2):
            op = self._was[place]
            if not isinstance(op, str) and op[0] == "print":
                self._now[place] = self._site(place, op)
        return _with_leads(_with_titles([piece for piece in self._now if piece != ""]))

    def _site(self, place: int, op: Op) -> Op | str:
        _, shape, value, look, in_rows, where = op
        if shape != FIGURE:
            return self._no_figure(place, shape, value, where)
        if look is None:
            return ["figure", value, where]
        opening = (
            '"/><w15:appearance w15:val="hidden"/></w:sdtPr><w:sdtContent>'
            f'<w:r>{look}<w:t xml:space="preserve">'
        )
        start, end = self._cut_start(place), self._cut_end(place)
        lead = self._lead(place, start)
        trail = self._trail(place, end, f'<w:r>{look}<w:t xml:space="preserve">')
        if in_rows:
            return ["row_mark", value, where, opening, start, end, lead, trail]
        return ["mark", value, where, opening, lead, trail]

    def _no_figure(self, place: int, shape: str, value: list[object], where: str) -> Op:
        if shape == CHART:
            return self._chart(place, value)
        if shape == PICTURE:
            return self._picture(place, value)
        return [_ALONE[shape], value] if shape in _ALONE else ["text", value, where]

    def _chart(self, place: int, value: list[object]) -> Op:
        if not self._cut_start(place).startswith("<w:r") or self._cut_end(place) != _RUN_END:
            raise NotCompilableError("a chart that is not alone in its run")
        return ["chart", value]

    def _picture(self, place: int, value: list[object]) -> Op:
        """Return a picture between what docxtpl leaves of its run: a run without a letter."""
        start = self._cut_start(place)
        if not start.startswith("<w:r") or self._cut_end(place) != _RUN_END:
            raise NotCompilableError("a picture that is not alone in its run")
        return ["picture", value, f"{start[:-1]}/></w:r>", '<w:r><w:t xml:space="preserve"/></w:r>']

    def _cut_start(self, place: int) -> str:
        """Take the start of the run from the text before, if nothing is in the run yet."""
        text = self._text(place - 1)
        found = _RUN_START.search(text) or _TEXT_START.search(text)
        if found:
            kept = self._now[place - 1]
            assert isinstance(kept, str)  # noqa: S101  # an even place
            self._now[place - 1] = kept.removesuffix(found[0])
        return found[0] if found else ""

    def _cut_end(self, place: int) -> str:
        """Take the end of the run, or of its text, from the text after, if nothing is before it."""
        text = self._text(place + 1)
        end = next((end for end in (_RUN_END, _TEXT_END) if text.startswith(end)), "")
        self._now[place + 1] = text.removeprefix(end)
        return end

    def _lead(self, place: int, start: str) -> str:
        """Return what stands before the mark."""
        if start.startswith("<w:t"):
            return f"{start[:-1]}/></w:r>"
        if start or self._is_mark(place - 2, place - 1):
            return ""
        return _RUN_END if self._text(place - 1) else BEFORE

    def _trail(self, place: int, end: str, run: str) -> str:
        """Return what stands after the mark."""
        if end == _TEXT_END:
            return f"{run[:-1]}/>"
        if end or self._is_mark(place + 2, place + 1):
            return ""
        return run if self._text(place + 1) else AFTER + run

    def _is_mark(self, place: int, between: int) -> bool:
        """Tell whether a figure that is always marked stands there, with nothing between."""
        if self._text(between) or not 0 < place < len(self._was):
            return False
        op = self._was[place]
        return op[0] == "print" and op[1] == FIGURE and op[3] is not None and not op[4]

    def _text(self, place: int) -> str:
        text = self._was[place]
        assert isinstance(text, str)  # noqa: S101  # an even place
        return text
