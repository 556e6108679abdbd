"""The number formats of a workbook: which of them show the hour of a moment."""

from __future__ import annotations

import re
from typing import Final

_BUILT_IN_TIMES: Final = {*range(18, 23), *range(45, 48)}
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.', re.IGNORECASE)


def shows_hours(number: str, code: str) -> bool:
    """Return whether a number format shows the hour, by its code or its built-in number."""
    if code:
        return re.search("h", _LITERAL.sub("", code), re.IGNORECASE) is not None
    return number.isdecimal() and int(number) in _BUILT_IN_TIMES
