"""Inspections and backups: done and succeeded against what was planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from deliverables.compute.figures import Rows, grouped, number, rate, rows_of
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import Backup, Inspection, Operations
from deliverables.model.record import Row

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """Inspections of one subject."""

    subject: str
    planned: Figure[Decimal]
    done: Figure[Decimal]
    completion: Figure[Decimal | None]
    found: Figure[Decimal]
    mended: Figure[Decimal]
    mending: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class InspectionSummary:
    """Inspections by subject and in all."""

    lines: tuple[InspectionLine, ...]
    total: InspectionLine
    any: bool


@dataclass(frozen=True, slots=True)
class BackupLine:
    """Backups of one target; success is counted against planned jobs."""

    target: str
    planned: Figure[Decimal]
    succeeded: Figure[Decimal]
    failed: Figure[Decimal]
    success: Figure[Decimal | None]
    restore_tests: Figure[Decimal]
    restore_succeeded: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """Backups by target and in all."""

    lines: tuple[BackupLine, ...]
    total: BackupLine
    any: bool


def inspections(quarters: Sequence[Operations]) -> InspectionSummary:
    """Return inspections by subject over the period."""
    rows = rows_of(quarters, Inspection)
    by_subject = grouped(rows.every, lambda row: row.subject)
    return InspectionSummary(
        lines=tuple(
            _inspection_line(name, Rows(of, rows.sheets)) for name, of in by_subject.items()
        ),
        total=_inspection_line("合计", rows),
        any=bool(rows.every),
    )


def _inspection_line(subject: str, rows: Rows[Inspection]) -> InspectionLine:
    total = _adder(rows, subject, "subject")
    planned, done = total("计划", "planned"), total("完成", "done")
    found, mended = total("发现问题", "found"), total("整改", "mended")
    return InspectionLine(
        subject=subject,
        planned=planned,
        done=done,
        completion=rate("完成率", done, planned, "完成÷计划"),
        found=found,
        mended=mended,
        mending=rate("整改率", mended, found, "整改完成÷发现问题"),
    )


def backups(quarters: Sequence[Operations]) -> BackupSummary:
    """Return backups by target over the period."""
    rows = rows_of(quarters, Backup)
    by_target = grouped(rows.every, lambda row: row.target)
    return BackupSummary(
        lines=tuple(_backup_line(name, Rows(of, rows.sheets)) for name, of in by_target.items()),
        total=_backup_line("合计", rows),
        any=bool(rows.every),
    )


def _backup_line(target: str, rows: Rows[Backup]) -> BackupLine:
    total = _adder(rows, target, "target")
    planned, succeeded = total("计划", "planned"), total("成功", "succeeded")
    return BackupLine(
        target=target,
        planned=planned,
        succeeded=succeeded,
        failed=number(
            "未成功", planned.value - succeeded.value, "计划－成功", (planned, succeeded)
        ),
        success=rate("成功率", succeeded, planned, "成功÷计划"),
        restore_tests=total("恢复演练", "restore_tests"),
        restore_succeeded=total("演练成功", "restore_succeeded"),
    )


def _adder(rows: Rows[R], group: str, chosen_by: str) -> Callable[[str, str], Figure[Decimal]]:
    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"“{group}”各行{name}合计", rows.every, column, "month", chosen_by)

    return total
