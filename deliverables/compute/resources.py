"""Stock of resources over one quarter or several: by kind, and by business system at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from deliverables.compute.figures import Inputs, drawn_from, grouped, number, rate
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
    source = drawn_from(quarters[-1:], Resource)
    held = [row for row in quarters[-1].resources if row.closing]
    by_system = grouped(held, lambda row: row.system)
    lines = tuple(line for kind in RESOURCE_KINDS if (line := _kind_line(kind, quarters)))
    return ResourceStock(
        by_kind=lines,
        by_system=tuple(_system_line(name, rows, source) for name, rows in by_system.items()),
        total=_system_line("合计", held, source),
        systems=number("业务系统数", len(by_system), "期末持有资源的业务系统去重计数", source),
        allocated=any(line.allocation.value is not None for line in lines),
    )


def _kind_line(kind: str, quarters: Sequence[Operations]) -> KindLine | None:
    """Return the line of a kind of resource, None where no quarter lists any."""
    per_quarter = [[row for row in quarter.resources if row.kind == kind] for quarter in quarters]
    every = [row for rows in per_quarter for row in rows]
    if not every:
        return None
    source = drawn_from(quarters, Resource)

    def total(
        name: str, rows: Sequence[Resource], of: Callable[[Resource], Decimal]
    ) -> Figure[Decimal]:
        value = sum((of(row) for row in rows), Decimal(0))
        return number(name, value, f"资源类别为“{kind}”的各行{name}合计", source)

    closing = total("期末", per_quarter[-1], lambda row: row.closing)
    contracted = _contracted(kind, per_quarter[-1], source)
    return KindLine(
        kind=kind,
        unit=every[-1].figure("unit"),
        opening=total("期初", per_quarter[0], lambda row: row.opening),
        added=total("新增", every, lambda row: row.added),
        released=total("回收", every, lambda row: row.released),
        closing=closing,
        contracted=contracted,
        allocation=_allocation(closing, contracted),
    )


def _contracted(kind: str, rows: Sequence[Resource], source: Inputs) -> Figure[Decimal | None]:
    """Return the contracted amount, — unless every row states one (附件一)."""
    stated = [row.contracted for row in rows if row.contracted is not None]
    rule = f"资源类别为“{kind}”的各行合同量合计，有一行未填的不合计"
    if not stated or len(stated) < len(rows):
        return Figure("合同量", None, "—", Derivation(rule, "", source))
    return number("合同量", sum(stated, Decimal(0)), rule, source)


def _allocation(
    closing: Figure[Decimal], contracted: Figure[Decimal | None]
) -> Figure[Decimal | None]:
    rule, inputs = "期末÷合同量", (closing, contracted)
    if contracted.value is None:
        return Figure("分配率", None, "—", Derivation(rule, "", inputs))
    return rate("分配率", closing.value, contracted.value, rule, inputs)


def _system_line(name: str, rows: Sequence[Resource], source: Inputs) -> SystemLine:
    def held(kind: str) -> Figure[Decimal]:
        closing = sum((row.closing for row in rows if row.kind == kind), Decimal(0))
        return number(kind, closing, f"{name}“{kind}”期末合计", source)

    return SystemLine(
        system=name,
        hosts=held("云主机"),
        vcpu=held("vCPU"),
        memory=held("内存"),
        storage=held("存储"),
        bandwidth=held("带宽"),
        addresses=held("IP地址"),
    )
