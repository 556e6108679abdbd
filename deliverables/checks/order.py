"""Problems in the order in which somebody mends them: file by file, sheet by sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from deliverables.message import say
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Operations
from deliverables.model.record import sheets
from deliverables.model.staff import Roster
from deliverables.problem import Problem
from deliverables.source import Cell, Source

MOST_ALIKE = 20
"""Problems shown of one code in one column; the rest are counted in the last one shown."""

_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_TABS = {
    row.sheet: position
    for workbook in (Operations, Roster, Ledger)
    for position, row in enumerate(sheets(workbook).values(), 1)
}

Rank = tuple[str, int, int, int, str]


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by place: lines by number, cells by tab, row and column."""
    return sorted(problems, key=lambda problem: _rank(problem.source))


def _rank(source: Source) -> Rank:
    if not isinstance(source, Cell):
        return source.file, 0, source.line, source.column, ""
    column, row = _split(source.cell)
    return source.file, _TABS.get(source.sheet, 0), row, len(column), column


def _split(address: str) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(address)
    return (match[1], int(match[2])) if match else ("", 0)


def most_alike(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without those of a column after the first twenty of the same code.

    The last one shown says how many more there are: whoever sees twenty mends the column.
    """
    shown: list[Problem] = []
    last: dict[tuple[str, ...], int] = {}
    alike: Counter[tuple[str, ...]] = Counter()
    for problem in problems:
        column = _column(problem)
        alike[column] += 1
        if alike[column] <= MOST_ALIKE:
            last[column] = len(shown)
            shown.append(problem)
    for column, count in alike.items():
        if count > MOST_ALIKE:
            shown[last[column]] = _and_more(shown[last[column]], count - MOST_ALIKE)
    return tuple(shown)


def _column(problem: Problem) -> tuple[str, ...]:
    source = problem.source
    if not isinstance(source, Cell):
        return problem.code, str(source)
    return problem.code, source.file, source.sheet, _split(source.cell)[0]


def _and_more(problem: Problem, count: int) -> Problem:
    message = say("{message}; {count} more in this column", message=problem.message, count=count)
    return replace(problem, message=message)
