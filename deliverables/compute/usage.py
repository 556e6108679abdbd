"""How the hosts were used: weighted by capacity, with the simple mean beside it, labelled so."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.compute.figures import Rows, grouped, rows_of, two_places, usage_rate
from deliverables.compute.rates import simple_mean, weighted_usage
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import Operations, Usage
from deliverables.model.values import MONTH

HIGH_LOAD_CPU_AVERAGE = Decimal(70)
HIGH_LOAD_MEMORY_AVERAGE = Decimal(85)
LOW_USE_CPU_PEAK = Decimal(10)
LISTED = 15
"""How many hosts of each sort are named."""
USAGE_DEFINITIONS = (
    "加权平均以容量为权重：CPU 按 vCPU 数、内存按 GB 数；存储使用率＝Σ已用÷Σ容量；"
    "峰值取当月各主机最大值。"
    f"高负载指最近一个月 CPU 平均使用率不低于 {HIGH_LOAD_CPU_AVERAGE}% 或内存平均使用率不低于 "
    f"{HIGH_LOAD_MEMORY_AVERAGE}%；低效指最近一个月 CPU 峰值低于 {LOW_USE_CPU_PEAK}%；"
    f"各最多列 {LISTED} 台。"
)
_BY_CAPACITY = "Σ（使用率×容量）÷Σ容量"
_BY_HOST = "各主机使用率的简单平均"


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One month: hosts, weighted averages, simple means and peaks in percent."""

    month: str
    hosts: Figure[Decimal]
    cpu: Figure[Decimal | None]
    cpu_mean: Figure[Decimal | None]
    cpu_peak: Figure[Decimal]
    memory: Figure[Decimal | None]
    memory_mean: Figure[Decimal | None]
    memory_peak: Figure[Decimal]
    storage: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class HostLine:
    """A host that deserves attention in the latest month."""

    system: str
    host: Figure[str]
    vcpu: Figure[int]
    memory: Figure[Decimal]
    cpu_average: Figure[Decimal]
    cpu_peak: Figure[Decimal]
    memory_average: Figure[Decimal]
    memory_peak: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class HostUsage:
    """Usage by month and the hosts under high load or hardly used in the latest month."""

    months: tuple[UsageLine, ...]
    high_load: tuple[HostLine, ...]
    high_load_count: Figure[Decimal]
    low_use: tuple[HostLine, ...]
    low_use_count: Figure[Decimal]
    definitions: str


def usage(quarters: Sequence[Operations]) -> HostUsage:
    """Return the usage of all hosts; the most and the least loaded are named."""
    rows = rows_of(quarters, Usage)
    months = grouped(sorted(rows.every, key=lambda row: row.month), lambda row: row.month)
    latest = Rows(months[max(months)] if months else [], rows.sheets)
    high = sorted((row for row in latest.every if _is_high(row)), key=_load, reverse=True)
    low = sorted((row for row in latest.every if row.cpu_peak < LOW_USE_CPU_PEAK), key=_load)
    return HostUsage(
        months=tuple(
            _month_line(MONTH.show(month), Rows(of, rows.sheets)) for month, of in months.items()
        ),
        high_load=tuple(_host_line(row) for row in high[:LISTED]),
        high_load_count=latest.count(
            "高负载主机数",
            "最近一个月达到高负载口径的主机",
            high,
            "host",
            "cpu_average",
            "memory_average",
        ),
        low_use=tuple(_host_line(row) for row in low[:LISTED]),
        low_use_count=latest.count(
            "低效主机数", "最近一个月达到低效口径的主机", low, "host", "cpu_peak"
        ),
        definitions=USAGE_DEFINITIONS,
    )


def _is_high(row: Usage) -> bool:
    return (
        row.cpu_average >= HIGH_LOAD_CPU_AVERAGE or row.memory_average >= HIGH_LOAD_MEMORY_AVERAGE
    )


def _load(row: Usage) -> Decimal:
    return max(row.cpu_average, row.memory_average)


def _month_line(month: str, of_month: Rows[Usage]) -> UsageLine:
    rows = of_month.every

    def origin(rule: str, *columns: str) -> Derivation:
        return of_month.origin(rule, rows, "month", *columns)

    def weighted(name: str, column: str, by: str) -> Figure[Decimal | None]:
        capacities = [Decimal(getattr(row, by)) for row in rows]
        used = [
            getattr(row, column) * capacity / 100
            for row, capacity in zip(rows, capacities, strict=True)
        ]
        found = weighted_usage(used, capacities)
        return usage_rate(f"{name}（加权平均）", found, origin(_BY_CAPACITY, column, by))

    def mean(name: str, column: str) -> Figure[Decimal | None]:
        found = simple_mean([getattr(row, column) for row in rows])
        return usage_rate(f"{name}（简单平均）", found, origin(_BY_HOST, column))

    storage = weighted_usage([row.storage_used for row in rows], [row.storage for row in rows])
    hosts = of_month.one_of_each(lambda row: row.host)
    return UsageLine(
        month=month,
        hosts=of_month.count("主机数", "当月主机去重计数", hosts, "month", "host"),
        cpu=weighted("CPU使用率", "cpu_average", "vcpu"),
        cpu_mean=mean("CPU使用率", "cpu_average"),
        cpu_peak=_peak(of_month, "cpu_peak"),
        memory=weighted("内存使用率", "memory_average", "memory"),
        memory_mean=mean("内存使用率", "memory_average"),
        memory_peak=_peak(of_month, "memory_peak"),
        storage=usage_rate("存储使用率", storage, origin("Σ已用÷Σ容量", "storage_used", "storage")),
    )


def _peak(rows: Rows[Usage], column: str) -> Figure[Decimal]:
    """Return the highest value of a column; the row it stands in decides it."""
    highest = max(rows.every, key=lambda row: getattr(row, column))
    shown = two_places(highest.figure(column))
    origin = rows.origin("当月各主机最大值", [highest], "host", column)
    return Figure(shown.name, shown.value, shown.text, origin)


def _host_line(row: Usage) -> HostLine:
    return HostLine(
        system=row.system,
        host=row.figure("host"),
        vcpu=row.figure("vcpu"),
        memory=row.figure("memory"),
        cpu_average=two_places(row.figure("cpu_average")),
        cpu_peak=two_places(row.figure("cpu_peak")),
        memory_average=two_places(row.figure("memory_average")),
        memory_peak=two_places(row.figure("memory_peak")),
    )
