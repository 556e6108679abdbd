"""Inspections and backups: done and succeeded against what was planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from deliverables.compute.figures import drawn_from, grouped, number, rate
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
    rows = [row for quarter in quarters for row in quarter.inspections]
    source = drawn_from(quarters, Inspection)
    by_subject = grouped(rows, lambda row: row.subject)
    return InspectionSummary(
        lines=tuple(_inspection_line(name, of, source) for name, of in by_subject.items()),
        total=_inspection_line("合计", rows, source),
        any=bool(rows),
    )


def _inspection_line(
    subject: str, rows: list[Inspection], source: tuple[Figure[object], ...]
) -> InspectionLine:
    total = _adder(rows, subject, source)
    planned, done = total("计划", lambda row: row.planned), total("完成", lambda row: row.done)
    found, mended = total("发现问题", lambda row: row.found), total("整改", lambda row: row.mended)
    return InspectionLine(
        subject=subject,
        planned=planned,
        done=done,
        completion=rate("完成率", done.value, planned.value, "完成÷计划", source),
        found=found,
        mended=mended,
        mending=rate("整改率", mended.value, found.value, "整改完成÷发现问题", source),
    )


def backups(quarters: Sequence[Operations]) -> BackupSummary:
    """Return backups by target over the period."""
    rows = [row for quarter in quarters for row in quarter.backups]
    source = drawn_from(quarters, Backup)
    by_target = grouped(rows, lambda row: row.target)
    return BackupSummary(
        lines=tuple(_backup_line(name, of, source) for name, of in by_target.items()),
        total=_backup_line("合计", rows, source),
        any=bool(rows),
    )


def _backup_line(target: str, rows: list[Backup], source: tuple[Figure[object], ...]) -> BackupLine:
    total = _adder(rows, target, source)
    planned = total("计划", lambda row: row.planned)
    succeeded = total("成功", lambda row: row.succeeded)
    return BackupLine(
        target=target,
        planned=planned,
        succeeded=succeeded,
        failed=number("未成功", planned.value - succeeded.value, "计划－成功", source),
        success=rate("成功率", succeeded.value, planned.value, "成功÷计划", source),
        restore_tests=total("恢复演练", lambda row: row.restore_tests),
        restore_succeeded=total("演练成功", lambda row: row.restore_succeeded),
    )


def _adder(
    rows: list[R], group: str, source: tuple[Figure[object], ...]
) -> Callable[[str, Callable[[R], int]], Figure[Decimal]]:
    def total(name: str, of: Callable[[R], int]) -> Figure[Decimal]:
        return number(name, sum(of(row) for row in rows), f"“{group}”各行{name}合计", source)

    return total
