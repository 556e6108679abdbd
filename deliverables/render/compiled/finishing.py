"""What can only be seen once a story is written: empty runs beside marks, cells and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from deliverables.render.compiled.sites import AFTER, BEFORE, BETWEEN

_EMPTY_AFTER: Final = re.compile(
    AFTER.encode() + rb"(?:<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?"
    rb'<w:t xml:space="preserve"></w:t></w:r>)?',
    re.DOTALL,
)
_EMPTY_BEFORE: Final = re.compile(
    rb"<w:r(?: [^>]*)?>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?></w:t></w:r>",
    re.DOTALL,
)
_PARAGRAPH_END: Final = re.compile(rb"(?:</w:p>|<w:p(?: [^<>]*)?/>)\Z")
_CELL, _APART = BETWEEN["cell"].encode(), BETWEEN["apart"].encode()
_PARAGRAPH: Final = b"<w:p/>"
_LONGEST_PARAGRAPH: Final = 300
"""More than an empty paragraph is long."""


def finish(story: bytes, signs: frozenset[str], hollow: Sequence[str], *, empty: bool) -> bytes:
    """Return a story as lxml would write it after the general way's last steps.

    `signs` are those that its program may have written, `hollow` the elements that its tags may
    have left empty; `empty` says that a value was.
    """
    if AFTER in signs:
        story = _EMPTY_AFTER.sub(b"", story)
    if BEFORE in signs:
        story = b"".join(_without_last_run(piece) for piece in _pieces(story, BEFORE.encode()))
    if BETWEEN["cell"] in signs:
        story = b"".join(_ending_in_paragraph(piece) for piece in _pieces(story, _CELL))
    if BETWEEN["apart"] in signs:
        story = re.sub(_APART + rb"(?=<w:tbl[ >])", _PARAGRAPH, story).replace(_APART, b"")
    if empty or "w:t" in hollow:
        story = story.replace(b"></w:t>", b"/>")
    for name in hollow:
        if name != "w:t":
            found = rb"<(%b(?: [^>]*)?)(?<!/)></%b>" % (name.encode(), name.encode())
            story = re.sub(found, rb"<\1/>", story)
    return story


def _pieces(story: bytes, sign: bytes) -> list[bytes]:
    """Cut a story at a sign; the sign stays at the end of each piece but the last."""
    *pieces, last = story.split(sign)
    return [*(piece + sign for piece in pieces), last]


def _without_last_run(piece: bytes) -> bytes:
    sign = BEFORE.encode()
    if not piece.endswith(sign):
        return piece
    kept = piece.removesuffix(sign)
    if not kept.endswith(b"></w:t></w:r>"):
        return kept
    start = max(kept.rfind(b"<w:r>"), kept.rfind(b"<w:r "))
    return kept[:start] if start >= 0 and _EMPTY_BEFORE.fullmatch(kept, start) else kept


def _ending_in_paragraph(piece: bytes) -> bytes:
    if not piece.endswith(_CELL):
        return piece
    kept = piece.removesuffix(_CELL)
    ends = _PARAGRAPH_END.search(kept[-_LONGEST_PARAGRAPH:])
    return kept if ends else kept + _PARAGRAPH
