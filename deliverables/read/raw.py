"""A workbook as it stands: every cell of every sheet, whatever its headers say."""

from __future__ import annotations

from collections.abc import Sequence

from python_calamine import CalamineError

from deliverables.lazily import dataclass
from deliverables.model.values import Raw
from deliverables.problem import Problem, Severity
from deliverables.read import complaints
from deliverables.read.package import sheet_facts
from deliverables.read.sheet import too_large, unreadable
from deliverables.read.workbook import open_workbook
from deliverables.source import Cell


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: its name on the tab, and its rows counted from A1."""

    name: str
    rows: Sequence[Sequence[Raw]]


def raw_sheets(file: str, data: bytes, problems: list[Problem]) -> tuple[RawSheet, ...] | None:
    """Return every sheet of the workbook, None with its problems if a cell would be lost."""
    opened = open_workbook(file, data, problems)
    if opened is None:
        return None
    before, facts, found = len(problems), sheet_facts(data), []
    for name in opened.sheet_names:
        known = facts.get(name)
        if known and known.too_large:
            problems.append(too_large(Cell(file, name)))
            continue
        for (row, letters), fault in (known.faults if known else {}).items():
            place = Cell(file, name, f"{letters}{row}")
            problems.append(complaints.no_value(place, place.cell, fault))
        try:
            rows = opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError):
            problems.append(unreadable(Cell(file, name)))
            continue
        found.append(RawSheet(name, rows))
    if any(problem.severity is Severity.ERROR for problem in problems[before:]):
        return None
    return tuple(found)
