"""A fault of the program: where it happened, told without a value of the data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from traceback import FrameSummary, TracebackException
from typing import Final

from deliverables.values.problem import Message, say

_PACKAGE: Final = Path(__file__).parents[2]
_MOST_FRAMES: Final = 30
_LONGEST_MESSAGE: Final = 300
_VALUE: Final = re.compile(
    r"""'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | [^\x00-\x7f]+ | \d[\d.,:-]{3,}
         | (?<=:\ )[A-Z]\w*(?:\ [A-Z]\w*)+""",
    re.VERBOSE,
)
"""What may be a value: what is quoted, no English, a longer number, or a name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The kinds of exceptions, what they say without values, and the way they came.

    The same fault has the same name whatever the data were.
    """

    way: str
    name: str

    @classmethod
    def of(cls, fault: BaseException) -> Fault:
        """Return what can be told of an exception."""
        known = list(_chain(TracebackException.from_exception(fault)))
        bare = "\n".join(f"{one.exc_type}{_frames(one)}" for one in known)
        way = "\n".join(f"{_kind(one)}: {_said(one)}\n{_frames(one)}" for one in known)
        return cls(way, sha256(bare.encode()).hexdigest()[:8])

    @classmethod
    def lost(cls, what: str) -> Fault:
        """Return that a process ended, twice, while it did something."""
        way = f"the process that {what} was lost, twice\n"
        return cls(way, sha256(way.encode()).hexdigest()[:8])

    @property
    def reason(self) -> Message:
        """The fault as the reason why there is no document."""
        return say("a fault of the program, {name}; nothing was saved", name=self.name)


def _chain(told: TracebackException) -> Iterator[TracebackException]:
    """Yield an exception and those behind it."""
    one: TracebackException | None = told
    seen = set[int]()
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _kind(told: TracebackException) -> str:
    return told.exc_type.__name__ if told.exc_type else "?"


def _said(told: TracebackException) -> str:
    said = " ".join(str(told).split())[:_LONGEST_MESSAGE]
    return _VALUE.sub("…", said)


def _frames(told: TracebackException) -> str:
    frames = list(told.stack)
    left = len(frames) - _MOST_FRAMES
    if left > 0:
        half = _MOST_FRAMES // 2
        shown = [*map(_frame, frames[:half]), f"  … {left} more\n", *map(_frame, frames[-half:])]
    else:
        shown = list(map(_frame, frames))
    return "".join(shown)


def _frame(frame: FrameSummary) -> str:
    file = Path(frame.filename)
    place = (
        file.relative_to(_PACKAGE).as_posix()
        if file.is_relative_to(_PACKAGE)
        else "/".join(file.parts[-2:])
    )
    return f"  {place}:{frame.lineno} {frame.name}: {frame.line or ''}\n"
