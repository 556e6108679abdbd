"""What text may stand in a document."""

from __future__ import annotations

import re

from deliverables.message import Message

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")


class UnprintableError(ValueError):
    """A value that cannot stand in a document: control characters, or no text at all.

    Its first argument says why; `fix` says what to do, if that is not plain.
    """

    def __init__(self, why: str | Message, fix: Message | None = None) -> None:
        super().__init__(why)
        self.fix = fix


def printable(text: str) -> str:
    """Return `text` with plain line ends, or refuse it for a character no document can hold."""
    if found := _UNPRINTABLE.search(text):
        raise UnprintableError(f"the text holds the control character U+{ord(found[0]):04X}")
    return _LINE_ENDS.sub("\n", text)
