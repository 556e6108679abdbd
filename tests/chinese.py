"""What is left of English in what is said in Chinese."""

from __future__ import annotations

import re

_ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,})+")
"""Two Latin words in a row; a code, a file and a key of YAML have no space."""
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:] ?[\u4e00-\u9fff]")
_ALLOWED = re.compile(
    r"--[a-z]+ [a-z]+|deliverables [a-z]+(?: [a-z]+)?|apt install|template dress|“键: 值”"
)
"""Commands and options to type, and how YAML is written."""


def english_in(text: str) -> list[str]:
    """Return the sentences and the punctuation that are not Chinese."""
    own = _ALLOWED.sub("", text)
    return _ENGLISH.findall(own) + _HALF_WIDTH.findall(own)
