"""A command as it is shown: copied as it stands into a shell of Windows, macOS or Linux."""

from __future__ import annotations

import re
from shlex import quote
from typing import Final

_PLAIN: Final = re.compile(r"[\w./:=,+@（）·—-]+")
"""What no shell takes for anything but a part of a word; Chinese too."""
_EXPANDED: Final = frozenset('"$`\\!%')
"""What a shell replaces between double quotes, or ends them by."""


def command_line(*words: str) -> str:
    """Return words as one line; what needs it is in double quotes, which every shell knows."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    return quote(word) if _EXPANDED.intersection(word) else f'"{word}"'
