"""A table for a file or a program, as rich would print it there, without the time rich takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unicodedata import category, east_asian_width

_ODD: Final = ("C", "M")  # control and combining characters, whose width is rich's business
_FIRST_EMOJI: Final = 0x1F000
_LAST_EMOJI: Final = 0x1FFFF


def plain_table(rows: Sequence[Sequence[str]], width: int) -> str | None:
    """Return the rows, of which the first is the header; None if they need more than the width."""
    if any(_is_odd(letter) for letter in set().union(*(text for row in rows for text in row))):
        return None
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    whole = sum(widths) + 3 * len(widths) - 1
    if whole > width:
        return None
    padded = (
        [text + " " * (wide - _width(text)) for text, wide in zip(row, widths, strict=True)]
        for row in rows
    )
    lines = [f" {'   '.join(texts)} " for texts in padded]
    return "\n".join([" " * whole, lines[0], f" {'─' * (whole - 2)} ", *lines[1:], " " * whole])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _is_odd(letter: str) -> bool:
    return category(letter)[0] in _ODD or _FIRST_EMOJI <= ord(letter) <= _LAST_EMOJI
