"""The small project of builders.py, edited and checked: what the tests of the rules ask for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import builders

from deliverables.checks import check
from deliverables.model.book import ContractBook
from deliverables.model.fields import declarations, sheets
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.book import read_book
from deliverables.values.calendar import published_calendar
from deliverables.values.problem import Problem

Change = Mapping[str, Any]

Q1, Q2, STAFF, LEDGER = "operations/Q1.xlsx", "operations/Q2.xlsx", "staff.xlsx", "ledger.xlsx"


def book_with(folder: Path, *changes: Change) -> ContractBook:
    """Return the book of the small project, made below `folder` with these changes."""
    project = builders.project(folder / "data")
    for change in changes:
        builders.edit(project, change)
    reading = read_book(project, published_calendar())
    assert reading.book, list(map(str, reading.problems))
    assert not reading.problems, list(map(str, reading.problems))
    return reading.book


def problems_with(folder: Path, *changes: Change) -> tuple[Problem, ...]:
    """Return what the rules say of the small project with these changes."""
    return check(book_with(folder, *changes))


def codes_with(folder: Path, *changes: Change) -> list[str]:
    """Return the codes of what the rules say of the small project with these changes."""
    return [problem.code for problem in problems_with(folder, *changes)]


def in_contract(text: str, becomes: str) -> Change:
    """Change a text of contract.yaml."""
    return {"file": "contract.yaml", "replace": text, "with": becomes}


def row(file: str, sheet: str, number: int = 3, **cells: Any) -> Change:
    """Write a row of a sheet, its cells by their headers."""
    headers = [declared.label for declared in declarations(_row_type(file, sheet)).values()]
    assert not cells.keys() - set(headers)
    values = [cells.get(header) for header in headers]
    return {"file": file, "sheet": sheet, "row": number, "values": values}


def _row_type(file: str, sheet: str) -> type:
    kind = {STAFF: Roster, LEDGER: Ledger}.get(file, Operations)
    return next(row for row in sheets(kind).values() if row.sheet == sheet)


def cover(cell: str, value: object, file: str = Q1) -> Change:
    """Write a cell of the sheet 说明."""
    return {"file": file, "sheet": "说明", "cell": cell, "value": value}
