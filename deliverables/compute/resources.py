"""Stock of resources over one quarter or several: by kind, and by business system at the end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.compute.figures import Rows, grouped, rate, rows_of
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import RESOURCE_KINDS, Operations, Resource


@dataclass(frozen=True, slots=True)
class KindLine:
    """Stock of one kind of resource: opening + added − released = closing."""

    kind: str
    unit: Figure[str]
    opening: Figure[Decimal]
    added: Figure[Decimal]
    released: Figure[Decimal]
    closing: Figure[Decimal]
    contracted: Figure[Decimal | None]
    allocation: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class SystemLine:
    """What one business system holds at the end of the period."""

    system: str
    hosts: Figure[Decimal]
    vcpu: Figure[Decimal]
    memory: Figure[Decimal]
    storage: Figure[Decimal]
    bandwidth: Figure[Decimal]
    addresses: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class ResourceStock:
    """The stock by kind, and by each system that holds something, with the latter's totals.

    `allocated` says whether the allocation of any kind is known.
    """

    by_kind: tuple[KindLine, ...]
    by_system: tuple[SystemLine, ...]
    total: SystemLine
    systems: Figure[Decimal]
    allocated: bool


def stock(quarters: Sequence[Operations]) -> ResourceStock:
    """Return the stock from the opening of the first quarter to the closing of the last."""
    last = rows_of(quarters[-1:], Resource)
    held = last.where(lambda row: bool(row.closing))
    by_system = grouped(held.every, lambda row: row.system)
    lines = tuple(line for kind in RESOURCE_KINDS if (line := _kind_line(kind, quarters)))
    return ResourceStock(
        by_kind=lines,
        by_system=tuple(
            _system_line(name, Rows(rows, last.sheets), "system")
            for name, rows in by_system.items()
        ),
        total=_system_line("合计", held),
        systems=last.count(
            "业务系统数",
            "期末持有资源的业务系统去重计数",
            held.one_of_each(lambda row: row.system),
            "system",
            "closing",
        ),
        allocated=any(line.allocation.value is not None for line in lines),
    )


def _kind_line(kind: str, quarters: Sequence[Operations]) -> KindLine | None:
    """Return the line of a kind of resource, None where no quarter lists any."""
    of_kind = rows_of(quarters, Resource).where(lambda row: row.kind == kind)
    if not of_kind.every:
        return None
    first, last = (
        Rows([row for row in quarter.resources if row.kind == kind], of_kind.sheets)
        for quarter in (quarters[0], quarters[-1])
    )

    def total(name: str, rows: Rows[Resource], column: str) -> Figure[Decimal]:
        rule = f"资源类别为“{kind}”的各行{name}合计"
        return rows.sum(name, rule, rows.every, column, "kind")

    closing = total("期末", last, "closing")
    contracted = _contracted(kind, last)
    return KindLine(
        kind=kind,
        unit=of_kind.every[-1].figure("unit"),
        opening=total("期初", first, "opening"),
        added=total("新增", of_kind, "added"),
        released=total("回收", of_kind, "released"),
        closing=closing,
        contracted=contracted,
        allocation=_allocation(closing, contracted),
    )


def _contracted(kind: str, rows: Rows[Resource]) -> Figure[Decimal | None]:
    """Return the contracted amount, — unless every row states one (附件一)."""
    silent = [row for row in rows.every if row.contracted is None]
    rule = f"资源类别为“{kind}”的各行合同量合计，有一行未填的不合计"
    if silent or not rows.every:
        return Figure("合同量", None, "—", rows.origin(rule, silent, "kind", "contracted"))
    return rows.sum("合同量", rule, rows.every, "contracted", "kind")


def _allocation(
    closing: Figure[Decimal], contracted: Figure[Decimal | None]
) -> Figure[Decimal | None]:
    rule = "期末÷合同量"
    if contracted.value is None:
        return Figure("分配率", None, "—", Derivation(rule, "", (closing, contracted)))
    return rate("分配率", closing, contracted, rule)


def _system_line(name: str, rows: Rows[Resource], *chosen_by: str) -> SystemLine:
    def held(kind: str) -> Figure[Decimal]:
        of_kind = [row for row in rows.every if row.kind == kind]
        return rows.sum(kind, f"{name}“{kind}”期末合计", of_kind, "closing", *chosen_by, "kind")

    return SystemLine(
        system=name,
        hosts=held("云主机"),
        vcpu=held("vCPU"),
        memory=held("内存"),
        storage=held("存储"),
        bandwidth=held("带宽"),
        addresses=held("IP地址"),
    )
