"""What became of a file that was to be made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from deliverables.values.problem import Message, say


class Result(StrEnum):
    """What became of a file: a document, its PDF, a paper that goes with it, a workbook.

    A document alone may be blocked, not yet possible, or refuted by its proof.
    """

    MADE = "made"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    NOT_YET = "not yet possible"
    KEPT = "kept"
    REFUTED = "failed verification"
    FAILED = "failed"

    @property
    def message(self) -> Message:
        """The result as people read it."""
        return RESULTS[self]


RESULTS: Final[Mapping[Result, Message]] = {
    Result.MADE: say("made"),
    Result.UNCHANGED: say("unchanged"),
    Result.BLOCKED: say("blocked"),
    Result.NOT_YET: say("not yet possible"),
    Result.KEPT: say("kept"),
    Result.REFUTED: say("failed verification"),
    Result.FAILED: say("failed"),
}
"""Every result, in the order in which they are counted, as people read it."""
