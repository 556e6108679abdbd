"""An export goes into the workbooks of its quarters: taken, written, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from deliverables.files import FileInUseError, refuse_if_open, write_atomically
from deliverables.importing.appending import with_rows
from deliverables.importing.export import Export
from deliverables.importing.mapping import Plan
from deliverables.importing.taking import Candidate, Reason, Skipped, Taker
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.operations import Operations
from deliverables.model.record import Row
from deliverables.period import Period
from deliverables.problem import Problem, Severity, error
from deliverables.read.files import contents
from deliverables.read.package import is_transparent
from deliverables.read.workbook import ReadSheet, read_sheet
from deliverables.source import Cell


@dataclass(frozen=True, slots=True)
class Addition:
    """The rows added to the workbook of one quarter."""

    quarter: int
    workbook: Path
    sheet: str
    rows: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added, what it left and why; with problems nothing was written."""

    additions: tuple[Addition, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where rows go: the folder of the workbooks, the days of the quarters, one quarter or all."""

    folder: Path
    periods: Mapping[int, Period]
    only: int | None = None

    def workbook(self, quarter: int) -> Path:
        """Return the workbook of a quarter."""
        return self.folder / f"Q{quarter}.xlsx"


def import_rows(plan: Plan, export: Export, target: Target, *, dry_run: bool) -> Imported:
    """Add the rows of an export that are new to the workbooks of their quarters.

    Raises FileInUseError if somebody has a workbook open.
    """
    problems: list[Problem] = []
    taker = Taker(plan, export, problems)
    if problems:
        return Imported(problems=tuple(problems))
    by_quarter = _by_quarter(taker, target)
    written: list[tuple[Addition, bytes, bytes]] = []
    for quarter, candidates in sorted(by_quarter.items()):
        path = target.workbook(quarter)
        if not path.exists():
            for one in candidates:
                taker.skip(one.place, Reason.NO_WORKBOOK,
                           say("{file} does not exist", file=path.as_posix()))  # fmt: skip
            continue
        if not dry_run:
            refuse_if_open(path)
        prepared = _prepared(plan, taker, path, candidates, problems)
        if prepared:
            sheet, rows, before, after = prepared
            written.append((Addition(quarter, path, sheet, rows), before, after))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Imported(skipped=_in_order(taker.skipped), problems=tuple(problems))
    for addition, before, after in written if not dry_run else ():
        _replace(addition.workbook, before, after)
    additions = tuple(addition for addition, _, _ in written)
    return Imported(additions, _in_order(taker.skipped), tuple(problems))


def _by_quarter(taker: Taker, target: Target) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = {}
    for candidate in taker.candidates():
        quarter = taker.quarter(candidate, target.periods, target.only)
        if quarter is not None:
            found.setdefault(quarter, []).append(candidate)
    return found


def _prepared(
    plan: Plan, taker: Taker, path: Path, candidates: Sequence[Candidate], problems: list[Problem]
) -> tuple[str, tuple[Candidate, ...], bytes, bytes] | None:
    """Return the sheet, the rows to add, and the workbook without and with them."""
    before = contents(path, problems)
    if before is None:
        return None
    if not is_transparent(before):
        problems.append(
            error(
                "import-format",
                Cell(path.as_posix()),
                say("rows can be added to an .xlsx only, and this is none inside"),
                say("open it in Excel or WPS and save it as .xlsx"),
            )
        )
        return None
    found = _sheet(plan, path, before, problems)
    if found is None:
        return None
    new = tuple(taker.unseen(candidates, found.rows))
    if not new:
        return None
    after = with_rows(before, found.place.sheet, found.columns, [one.row for one in new])
    again = _sheet(plan, path, after, [])
    if again is None or again.rows != (*found.rows, *(one.row for one in new)):
        problems.append(
            error(
                "import-unfaithful",
                found.place,
                say("the rows would not read back as they were written"),
                say("save the workbook once in Excel or WPS and import again"),
            )
        )
        return None
    return found.place.sheet, new, before, after


def _sheet(
    plan: Plan, path: Path, data: bytes, problems: list[Problem]
) -> ReadSheet[Row] | None:  # fmt: skip
    return read_sheet(path.as_posix(), data, Operations, plan.row_type, problems)


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put the new workbook in place, unless somebody saved the old one in the meantime."""
    if path.read_bytes() != before:
        raise FileInUseError(path)
    write_atomically(path, after)


def _in_order(skipped: Sequence[Skipped]) -> tuple[Skipped, ...]:
    order = list(Reason)
    return tuple(sorted(skipped, key=lambda one: order.index(one.reason)))
