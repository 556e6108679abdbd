"""Markup with holes: Jinja's tags, and places that a document fills later, stand as characters.

So a template stays one well-formed tree on which a step can be done once, for all documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from deliverables.render.compiled.program import Op
from deliverables.render.compiled.shape import NUMBER
from deliverables.render.package import parse

_OPEN, _CLOSE = "\ue000", "\ue001"
_HOLE: Final = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_BEGIN: Final = ("for", "if")
_END: Final = ("endfor", "endif")
_CONTROL: Final = (*_BEGIN, *_END, "else", "elif")


class NotCompilableError(Exception):
    """A template of which one cannot say beforehand what a step will do; the message says why."""


class Holed:
    """The tree of a story with holes in it, each of which knows what fills it."""

    def __init__(self, stream: list[str | Op]) -> None:
        self._ops: list[Op] = []
        if any(isinstance(piece, str) and _OPEN in piece for piece in stream):
            raise NotCompilableError("the template uses a private character")
        markup = "".join(piece if isinstance(piece, str) else self.hole(piece) for piece in stream)
        try:
            self.root = parse(re.sub(r"\n<w:p([ >])", r"<w:p\1", markup))
        except etree.XMLSyntaxError as fault:
            raise NotCompilableError(f"not well-formed with all cases at once: {fault}") from fault

    def hole(self, *op: Any) -> str:
        """Return the characters of a new hole."""
        self._ops.append(list(op[0]) if len(op) == 1 and isinstance(op[0], list) else list(op))
        return f"{_OPEN}{len(self._ops) - 1}{_CLOSE}"

    def is_text(self) -> bool:
        """Return whether there is no hole at all."""
        return not self._ops

    def stream(self) -> list[str | Op]:
        """Return the tree as it is written, cut at the holes: text at even places."""
        pieces = _HOLE.split(etree.tostring(self.root, encoding="unicode"))
        return [
            piece if place % 2 == 0 else self._ops[int(piece)] for place, piece in enumerate(pieces)
        ]

    def ops_in(self, text: str | None) -> list[Op]:
        """Return what fills the holes of a text."""
        return [self._ops[int(number)] for number in _HOLE.findall(text or "")]

    def every(self, kind: str) -> list[Op]:
        """Return what fills the holes of one kind."""
        return [op for op in self._ops if op[0] == kind]

    def has_control(self, text: str | None) -> bool:
        """Return whether a case or a repetition begins or ends in the text."""
        return any(op[0] in _CONTROL for op in self.ops_in(text))

    def is_sure(self, text: str | None) -> bool:
        """Return whether something is written in a text whatever the cases and repetitions.

        What stands before the end of a case or repetition that began elsewhere may be left out.
        """
        depth, sure = 0, False
        for place, piece in enumerate(_HOLE.split(text or "")):
            op = self._ops[int(piece)] if place % 2 else None
            if op is None or op[0] == "print":
                sure = sure or (not depth and piece != "" and (op is None or op[1] == NUMBER))
            elif op[0] in _BEGIN:
                depth += 1
            elif op[0] in _CONTROL and not depth:
                sure = False
            elif op[0] in _END:
                depth -= 1
        return sure

    def blocks(self) -> dict[etree._Element, tuple[int, ...]]:
        """Return the numbers of the blocks, outermost first, that each element stands in."""
        open_blocks: list[int] = []
        found = {}
        begun = 0
        for event, element in etree.iterwalk(self.root, ("start", "end")):
            if event == "start":
                found[element] = tuple(open_blocks)
            for op in self.ops_in(element.text if event == "start" else element.tail):
                if op[0] in _CONTROL and op[0] not in _BEGIN:
                    open_blocks.pop()
                if op[0] in _CONTROL and op[0] not in _END:
                    begun += 1
                    open_blocks.append(begun)
        return found


def without_holes(text: str | None) -> str:
    """Return what a text says beside its holes."""
    return _HOLE.sub("", text or "")


def is_holed(element: etree._Element) -> bool:
    """Return whether there is a hole inside an element."""
    return _HOLE.search(etree.tostring(element, encoding="unicode", with_tail=False)) is not None


def texts_of(element: etree._Element) -> Iterator[str]:
    """Yield every text inside an element, tails included."""
    for inner in element.iter():
        yield inner.text or ""
        if inner is not element:
            yield inner.tail or ""
