"""Durability of data: what was observed and what the design attests, never a "measured" rate.

Proving 99.9999 % at 95 % confidence takes about three million failure-free object-years, so a
year without loss proves no such figure; the contract's value stands as a design value only.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.compute.figures import Rows, grouped, rows_of
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.contract import ServiceLevels
from deliverables.model.operations import Durability, Operations


@dataclass(frozen=True, slots=True)
class DurabilityLine:
    """One class of storage over the period."""

    storage: str
    capacity: Figure[object]
    scheme: Figure[str]
    design_value: Figure[str]
    design_evidence: Figure[str]
    loss_events: Figure[Decimal]
    integrity_checks: Figure[Decimal]
    integrity_failures: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class DurabilitySummary:
    """What was observed about stored data; `requirement` is the contract's design value."""

    requirement: Figure[Decimal]
    lines: tuple[DurabilityLine, ...]
    loss_events: Figure[Decimal]
    integrity_checks: Figure[Decimal]
    integrity_failures: Figure[Decimal]
    observed: bool
    lost: bool


def durability(quarters: Sequence[Operations], levels: ServiceLevels) -> DurabilitySummary:
    """Return the observations by class of storage; the capacity is that of the latest month."""
    rows = rows_of(quarters, Durability)
    by_storage = grouped(sorted(rows.every, key=lambda row: row.month), lambda row: row.storage)

    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"数据可靠性各行{name}合计", rows.every, column, "month", "storage")

    losses = total("数据丢失事件", "loss_events")
    return DurabilitySummary(
        requirement=levels.figure("durability"),
        lines=tuple(_line(name, Rows(of, rows.sheets)) for name, of in by_storage.items()),
        loss_events=losses,
        integrity_checks=total("完整性校验", "integrity_checks"),
        integrity_failures=total("校验未通过", "integrity_failures"),
        observed=bool(rows.every),
        lost=losses.value > 0,
    )


def _line(storage: str, rows: Rows[Durability]) -> DurabilityLine:
    latest = rows.every[-1]

    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"{storage}各月{name}合计", rows.every, column, "month", "storage")

    return DurabilityLine(
        storage=storage,
        capacity=latest.figure("capacity"),
        scheme=latest.figure("scheme"),
        design_value=_attested(latest),
        design_evidence=latest.figure("design_evidence"),
        loss_events=total("数据丢失事件", "loss_events"),
        integrity_checks=total("完整性校验", "integrity_checks"),
        integrity_failures=total("校验未通过", "integrity_failures"),
    )


def _attested(row: Durability) -> Figure[str]:
    stated = row.figure("design_value")
    if not row.design_value:
        return Figure("设计值", "", "【待补】", stated.origin)
    origin = Derivation("厂商文件载明的设计值，非实测", "", (stated,))
    marked = stated.text if "设计值" in stated.text else f"{stated.text}（设计值）"
    return Figure("设计值", row.design_value, marked, origin)
