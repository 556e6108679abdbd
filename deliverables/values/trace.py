"""What a rendering tells of itself: its stories with a token around every figure it printed.

The renderer leaves it, and the proof reads it; neither knows the other. A token is made of
characters of the last private plane (U+10FFxx), which data may not hold: `OPEN`, the number of
the site, and of the row of each loop around it, `SPLIT`, the text as it is printed, `CLOSE`. A text
of several lines has a token for each line. Taken away, they leave the finished story to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

OPEN: Final = "\U0010ff00"
SPLIT: Final = "\U0010ff01"
CLOSE: Final = "\U0010ff02"
TOKEN: Final = re.compile(f"{OPEN}([0-9,]+){SPLIT}([^{OPEN}{SPLIT}{CLOSE}]*){CLOSE}")
"""A site with its rows (`12` or `12,0,3`), and what is printed there."""

_BEGINNING: Final = re.compile(f"{OPEN}[0-9,]+{SPLIT}")

RESERVED: Final = re.compile("[\U0010ff00-\U0010fffd]")
"""The characters that a document's data must not hold, since the program uses them itself."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The stories of a document, part by part, with tokens; `sites` are the paths they stand for.

    A path has `%d` where the row of a loop is counted from 0: `outages[%d].started`.
    """

    stories: Mapping[str, str]
    sites: tuple[str, ...]

    def key(self, site: str) -> str:
        """Return the path in the context of what a token prints: 12,3 is outages[3].started."""
        number, *rows = map(int, site.split(","))
        return self.sites[number] % tuple(rows)


def finished(pieces: Iterable[str]) -> str:
    """Return the finished story of pieces, most of which are no more than one token or none."""
    return "".join([_plain(piece) if OPEN in piece else piece for piece in pieces])


def _plain(piece: str) -> str:
    if piece[0] == OPEN and piece[-1] == CLOSE and piece.count(OPEN) == 1:
        return piece[piece.index(SPLIT) + 1 : -1]
    return without_tokens(piece)


def without_tokens(story: str) -> str:
    """Return a story as it stands in the finished document."""
    return "".join(_BEGINNING.split(story.replace(CLOSE, "")))
