"""Stock, use, stored data and addresses of a quarter, all from the same hosts and blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Protocol

from deliverables.model.operations_sheets import AddressBlock, Durability, Resource, Usage
from scripts.sample.quarters import QUARTERS, ServiceMonth, ServiceQuarter, draws, exported
from scripts.sample.systems import (
    FAST,
    LARGE,
    SYSTEMS,
    Host,
    System,
    blocks,
    hosts,
    hosts_on,
    opening_day,
)

_GB_PER_TB = 1024
_HOST_MEASURES: tuple[tuple[str, str, str, Callable[[Host], int]], ...] = (
    ("云主机", "", "台", lambda host: 1),
    ("vCPU", "", "核", lambda host: host.vcpu),
    ("内存", "", "GB", lambda host: host.memory),
    ("存储", FAST, "GB", lambda host: host.storage if host.tier == FAST else 0),
    ("存储", LARGE, "GB", lambda host: host.storage if host.tier == LARGE else 0),
)


class _Standing(Protocol):
    """What is given out on one day and may be taken back on another."""

    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...
    def stands(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Flow:
    """How much stood at first, came and went, and how much was ordered for the year."""

    opening: int
    added: int
    released: int
    ordered: int


def resources(quarter: ServiceQuarter) -> Iterator[Resource]:
    """Return the stock of each system: what stood, came and went."""
    for owner in SYSTEMS:
        for kind, specification, unit, flow in _flows(quarter, owner):
            if flow.opening or flow.added:
                yield Resource(
                    system=owner.name,
                    kind=kind,
                    specification=specification,
                    unit=unit,
                    opening=Decimal(flow.opening),
                    added=Decimal(flow.added),
                    released=Decimal(flow.released),
                    closing=Decimal(flow.opening + flow.added - flow.released),
                    contracted=Decimal(flow.ordered),
                    evidence=quarter.exported("云管平台资源报表"),
                )


def _flows(quarter: ServiceQuarter, owner: System) -> Iterator[tuple[str, str, str, _Flow]]:
    owned = [host for host in hosts() if host.system == owner]
    for kind, specification, unit, measure in _HOST_MEASURES:
        yield kind, specification, unit, _flow(quarter, [(measure(host), host) for host in owned])
    given = [(block.addresses, block) for block in blocks() if block.system == owner]
    yield "IP地址", "", "个", _flow(quarter, given)
    yield "带宽", "互联网出口", "Mb", _Flow(owner.bandwidth, 0, 0, owner.bandwidth)
    yield "VPN账号", "", "个", _Flow(owner.vpn, 0, 0, owner.vpn)
    yield "堡垒机账号", "", "个", _Flow(owner.bastion, 0, 0, owner.bastion)


def _flow(quarter: ServiceQuarter, amounts: Sequence[tuple[int, _Standing]]) -> _Flow:
    before = opening_day(quarter.number)

    def standing(day: date) -> int:
        return sum(amount for amount, thing in amounts if thing.stands(day))

    def changed(day: date | None) -> bool:
        return day is not None and before < day <= quarter.last

    return _Flow(
        opening=standing(before),
        added=sum(amount for amount, thing in amounts if changed(thing.since)),
        released=sum(amount for amount, thing in amounts if changed(thing.until)),
        ordered=max(standing(each.last) for each in QUARTERS),
    )


@dataclass(frozen=True, slots=True)
class _Habits:
    """How busy a host is, how much memory it holds, how full its disk is and how fast it fills."""

    cpu: float
    memory: float
    full: float
    monthly: float


@cache
def _habits(host: Host) -> _Habits:
    draw = draws(f"habits-{host.name}")
    kind = draw.choices(("idle", "hot", "common"), (12, 5, 83))[0]
    cpu = {"idle": (1.6, 4.6), "hot": (66, 78), "common": (7, 42)}[kind]
    memory = {"idle": (9, 22), "hot": (72, 84), "common": (28, 66)}[kind]
    return _Habits(
        cpu=draw.uniform(*cpu),
        memory=draw.uniform(*memory),
        full=draw.uniform(14, 58),
        monthly=draw.uniform(0, 2.2),
    )


def usage(quarter: ServiceQuarter) -> Iterator[Usage]:
    """Return how each host was used in each service month at whose end it stood."""
    draw = draws("usage", quarter.number)
    for month in quarter.months:
        for host in hosts_on(month.last):
            yield _usage(host, month, draw)


def _usage(host: Host, month: ServiceMonth, draw: Random) -> Usage:
    cpu = _habits(host).cpu * draw.uniform(0.9, 1.12)
    memory = _habits(host).memory * draw.uniform(0.95, 1.05)
    return Usage(
        month=month.name,
        system=host.system.name,
        host=host.name,
        vcpu=host.vcpu,
        memory=Decimal(host.memory),
        storage=Decimal(host.storage),
        cpu_average=_tenths(cpu),
        cpu_peak=_tenths(min(cpu + draw.uniform(9, 44), draw.uniform(92, 99.5))),
        memory_average=_tenths(memory),
        memory_peak=_tenths(min(memory + draw.uniform(4, 17), draw.uniform(92, 98))),
        storage_used=Decimal(_used(host, month)),
        evidence=exported("监控平台5分钟采样报表", month, "09:10"),
    )


def _used(host: Host, month: ServiceMonth) -> int:
    habits = _habits(host)
    months = round((month.last - QUARTERS[0].first) / timedelta(days=30.4))
    return round(host.storage * min(habits.full + habits.monthly * months, 88) / 100)


def _tenths(value: float) -> Decimal:
    return Decimal(f"{value:.1f}")


_PROTECTION = {FAST: "三副本", LARGE: "纠删码4+2"}


def durability(quarter: ServiceQuarter) -> Iterator[Durability]:
    """Return what was observed about each kind of storage in each month."""
    draw = draws("durability", quarter.number)
    for month in quarter.months:
        for tier, scheme in _PROTECTION.items():
            used = sum(_used(host, month) for host in hosts_on(month.last) if host.tier == tier)
            yield Durability(
                month=month.name,
                storage=tier,
                capacity=Decimal(f"{used / _GB_PER_TB:.2f}"),
                scheme=scheme,
                design_value="99.9999%（厂商设计值）",
                design_evidence=f"《{tier}产品技术白皮书》数据可靠性设计章节（示例文件）",
                loss_events=0,
                integrity_checks=month.days // 7 * 2 + draw.randint(0, 1),
                integrity_failures=0,
                evidence=exported("存储管理平台校验报告", month, "09:20"),
            )


def addresses(quarter: ServiceQuarter) -> Iterator[AddressBlock]:
    """Return the blocks given out at the end of the quarter and those taken back during it."""
    before = opening_day(quarter.number)
    for block in blocks():
        taken = block.until is not None and before < block.until <= quarter.last
        if taken or block.stands(quarter.last):
            given = block.since if before < block.since else None
            yield AddressBlock(
                block=block.text,
                zone=block.zone,
                system=block.system.name,
                addresses=block.addresses,
                state="已回收" if taken else "预留" if block.reserved else "在用",
                changed=block.until if taken else given,
                evidence=quarter.exported("IP地址管理台账", "09:30"),
            )
