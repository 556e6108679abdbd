"""What a benchmark gives: lines of the table that `python run.py bench` prints.

A module here that has `rows() -> list[Row]` is a benchmark; its `TINY` are the arguments of a run
that only shows that it works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: what was done, against what, the ratio wanted and the one measured."""

    work: str
    against: str
    wanted: str
    measured: str
    note: str = ""


def as_row(found: Any) -> Row:
    """Return a row; of a tuple, whose ratios may be numbers, or None where there is no peer."""
    if isinstance(found, Row):
        return found
    return Row(*(_shown(item) for item in found))


def _shown(item: object) -> str:
    if item is None:
        return "not measured"
    return times(item) if isinstance(item, int | float) else str(item)


HEADINGS = Row("work", "against", "wanted", "measured", "note")


def markdown(rows: Iterable[Row]) -> str:
    """Return the rows as a table for people."""
    lines = [_line(HEADINGS), _line(Row(*["---"] * 5))]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    return f"| {row.work} | {row.against} | {row.wanted} | {row.measured} | {row.note} |"


def times(ratio: float) -> str:
    """Return a ratio as the table shows it."""
    return f"x{ratio:.1f}" if ratio < 10 else f"x{ratio:.0f}"  # noqa: PLR2004


def cost_of_each(none: Sequence[float], few: tuple[int, float], many: tuple[int, float],
                 unit: tuple[float, str]) -> tuple[str, str]:  # fmt: skip
    """Return how much more each costs among many than among few, and a note with both costs.

    `none` are the seconds of runs with next to nothing to do, which differ by chance: what few cost
    beyond them must be more than that, or it was not measured. `unit` is of a second.
    """
    chance = max(none) - min(none)
    short, long = ((seconds - min(none)) / count for count, seconds in (few, many))
    if few[1] - min(none) <= chance:
        return "not measured", f"{few[0]:,} cost less than chance alone ({1000 * chance:.1f} ms)"
    scale, name = unit
    return times(long / short), f"{long * scale:.2f} {name} and {short * scale:.2f} {name}"
