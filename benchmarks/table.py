"""What a benchmark gives: a line of the table that `python run.py bench` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: what was done, against what, the ratio wanted and the one measured."""

    work: str
    against: str
    wanted: str
    measured: str
    note: str = ""
