"""What can only be seen once a story is written: empty runs beside marks, cells and tables.

A story is a list of pieces. Each check looks at the pieces on either side of one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

Check: TypeAlias = "Callable[[list[bytes], int], None]"

RUN_END: Final = b"</w:t></w:r>"
_TEXT_END: Final = b"</w:t>"
_EMPTY_RUN: Final = re.compile(
    rb"<w:r(?: [^>]*)?>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?(?<!/)>", re.DOTALL
)
_TEXT_START: Final = re.compile(rb"<w:t(?: [^<>]*)?(?<!/)>\Z")
_PARAGRAPH_END: Final = re.compile(rb"(?:</w:p>|<w:p(?: [^<>]*)?/>)\Z")
_TABLE: Final = re.compile(rb"<w:tbl[ >]")
_PARAGRAPH: Final = b"<w:p/>"
_LONGEST_TAG: Final = 300
"""More than an empty paragraph, or the start of a text, is long."""


def drop_after(out: list[bytes], place: int) -> None:
    """Drop the run that begins at a place if it ends at once."""
    following = _next(out, place)
    if following is not None and out[following].startswith(RUN_END):
        out[place] = b""
        out[following] = out[following].removeprefix(RUN_END)


def drop_before(out: list[bytes], place: int) -> None:
    """Drop the run that ends at a place if it has only begun."""
    before = _last(out, place)
    if before is None or not out[place]:
        return
    piece = out[before]
    start = max(piece.rfind(b"<w:r>"), piece.rfind(b"<w:r "))
    if start >= 0 and _EMPTY_RUN.fullmatch(piece, start):
        out[before] = piece[:start]
        out[place] = out[place].removeprefix(RUN_END)


def close_text(out: list[bytes], place: int) -> None:
    """Write a text that turned out empty as lxml does."""
    before, following = _last(out, place), _next(out, place)
    if before is None or following is None or not out[following].startswith(_TEXT_END):
        return
    if _TEXT_START.search(out[before][-_LONGEST_TAG:]):
        out[before] = out[before][:-1] + b"/>"
        out[following] = out[following].removeprefix(_TEXT_END)


def end_cell(out: list[bytes], place: int) -> None:
    """Give a cell its last paragraph, without which Word refuses it."""
    before = _last(out, place)
    if before is None or not _PARAGRAPH_END.search(out[before][-_LONGEST_TAG:]):
        out[place] = _PARAGRAPH


def keep_apart(out: list[bytes], place: int) -> None:
    """Keep a table apart from another with nothing between."""
    following = _next(out, place)
    if following is not None and _TABLE.match(out[following]):
        out[place] = _PARAGRAPH


def _next(out: list[bytes], place: int) -> int | None:
    return next((found for found in range(place + 1, len(out)) if out[found]), None)


def _last(out: list[bytes], place: int) -> int | None:
    return next((found for found in range(place - 1, -1, -1) if out[found]), None)


def without_hollows(story: bytes, names: Sequence[str], *, texts: bool) -> bytes:
    """Write elements that turned out empty as lxml does."""
    if texts:
        story = story.replace(b"></w:t>", b"/>")
    for name in names:
        found = rb"<(%b(?: [^>]*)?)(?<!/)></%b>" % (name.encode(), name.encode())
        story = re.sub(found, rb"<\1/>", story)
    return story
