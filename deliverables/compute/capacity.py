"""Capacity: hosts to be given back, made smaller or larger, and when what there is will be full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from deliverables.compute.figures import Rows, grouped, parts_of, rows_of, told
from deliverables.compute.operations import HostLine, KindLine, ResourceStock, UsageLine, host_line
from deliverables.model.fields import MONTH
from deliverables.model.operations_sheets import Operations, Resource, Usage
from deliverables.values.dates import Period, add_months
from deliverables.values.figure import Derivation, Figure, Statement

_LOOKED_AT = 3
"""Over how many of the latest months a host must be so: one quiet month is no proof."""
_IDLE_CPU, _IDLE_MEMORY = Decimal(5), Decimal(20)
_LOW_CPU, _SMALL_PEAK = Decimal(10), Decimal(50)
_HIGH_CPU, _HIGH_MEMORY = Decimal(70), Decimal(85)
_ALL, _NONE = Decimal(100), Decimal(0)
_FEWEST = 3
"""Fewer months show no rate."""
_YEARS = 10
"""Further ahead no rate is carried."""


def _idle(row: Usage) -> bool:
    return (
        row.cpu_average < _IDLE_CPU
        and row.cpu_peak < _SMALL_PEAK
        and row.memory_average < _IDLE_MEMORY
    )


def _small(row: Usage) -> bool:
    return (
        row.cpu_average < _LOW_CPU and row.cpu_peak < _SMALL_PEAK and row.memory_peak < _SMALL_PEAK
    )


def _full(row: Usage) -> bool:
    return row.cpu_average >= _HIGH_CPU or row.memory_average >= _HIGH_MEMORY


_RULES: tuple[tuple[str, str, Callable[[Usage], bool]], ...] = (
    (
        "退还",
        f"CPU平均低于{_IDLE_CPU}%、峰值低于{_SMALL_PEAK}%，内存平均低于{_IDLE_MEMORY}%",
        _idle,
    ),
    ("缩减", f"CPU平均低于{_LOW_CPU}%，CPU和内存峰值均低于{_SMALL_PEAK}%", _small),
    ("扩容", f"CPU平均不低于{_HIGH_CPU}%或内存平均不低于{_HIGH_MEMORY}%", _full),
)
"""What is proposed, and how a host must be in each of the months; the first that fits holds."""


@dataclass(frozen=True, slots=True)
class HostProposal:
    """The hosts for which one thing is proposed, and the vCPU and GB that they have."""

    what: Statement
    rule: Statement
    hosts: Figure[Decimal]
    vcpu: Figure[Decimal]
    memory: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class ProposedHost(HostLine):
    """A host for which something is proposed."""

    what: Statement


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is proposed for hosts, if enough months are there, and when what there is is full."""

    proposals: tuple[HostProposal, ...]
    hosts: tuple[ProposedHost, ...]
    named: Figure[Decimal]
    known: bool
    unknown: Statement
    outlook: Statement
    foreseen: bool


def capacity(
    quarters: Sequence[Operations],
    months: Sequence[UsageLine],
    stock: ResourceStock,
    period: Period,
    end: Figure[date],
) -> Capacity:
    """Return the outlook of a report on `period`; `months` are all those known up to its end.

    Contracted amounts bind up to the `end` of service, so no month after it is told for them.
    """
    rows = rows_of(quarters, Usage)
    proposed = _proposed(rows)
    outlook = [*([_storage(months)] if months else []), *_contracted(stock.by_kind, period, end)]
    nothing = rows_of(quarters, Resource).count("合同量", "没有可推算的资源", (), "contracted")
    return Capacity(
        tuple(_proposal(rows, what, said, chosen) for what, said, chosen in proposed),
        tuple(
            _proposed_host(rows, what, said, of) for what, said, chosen in proposed for of in chosen
        ),
        rows.count(
            "建议调整的主机",
            "各项建议的主机",
            [of[-1] for _, _, chosen in proposed for of in chosen],
            "host",
        ),
        bool(proposed),
        _too_few(months, rows),
        Statement.joined("容量展望", outlook or [nothing], "；"),
        bool(outlook),
    )


def _proposed(rows: Rows[Usage]) -> Sequence[tuple[str, str, Sequence[Sequence[Usage]]]]:
    """Return each proposal, its rule and the latest months of each host that it holds for.

    Nothing where there are too few months to tell.
    """
    months = sorted({row.month for row in rows.every})[-_LOOKED_AT:]
    if len(months) < _LOOKED_AT:
        return ()
    latest = sorted((row for row in rows.every if row.month in months), key=lambda row: row.month)
    by_host = grouped(latest, lambda row: row.host)
    left = [of for of in by_host.values() if {row.month for row in of} == set(months)]
    left.sort(key=lambda of: (of[-1].system, of[-1].host))
    proposed = []
    for what, rule, holds in _RULES:
        chosen = [of for of in left if all(map(holds, of))]
        left = [of for of in left if of not in chosen]
        proposed.append((what, f"最近{_LOOKED_AT}个月每月{rule}", chosen))
    return proposed


def _proposal(
    rows: Rows[Usage], what: str, said: str, chosen: Sequence[Sequence[Usage]]
) -> HostProposal:
    latest = [of[-1] for of in chosen]
    hosts = rows.count(f"建议{what}的主机", said, latest, "host", "cpu_average", "memory_average")
    return HostProposal(
        what=Statement.of("建议", f"建议核对后{what}", "", hosts),
        rule=Statement.of("口径", said, "", hosts),
        hosts=hosts,
        vcpu=rows.sum(f"建议{what}的vCPU", said, latest, "vcpu", "host"),
        memory=rows.sum(f"建议{what}的内存", said, latest, "memory", "host"),
    )


def _proposed_host(rows: Rows[Usage], what: str, said: str, of: Sequence[Usage]) -> ProposedHost:
    """Return one host in the list; the proposal rests on all the months looked at."""
    columns = ("month", "cpu_average", "cpu_peak", "memory_average", "memory_peak")
    months = rows.count("符合口径的月份", said, of, *columns)
    line = parts_of(host_line(of[-1]))
    return ProposedHost(**line, what=Statement.of("建议", what, "", months))


def _too_few(months: Sequence[UsageLine], rows: Rows[Usage]) -> Statement:
    """Return what is said where nothing is proposed."""
    words = f"资源使用数据不足 {_LOOKED_AT} 个月，不提出主机调整建议"
    behind = [line.hosts for line in months] or [rows.count("主机", "没有使用数据", (), "host")]
    return Statement.of("主机调整建议", words, "", *behind)


def _storage(months: Sequence[UsageLine]) -> Statement:
    """Return in which month storage is full if it goes on as it did, or that none follows."""
    known = [line for line in months if line.storage.value is not None]
    if len(known) < _FEWEST:
        behind = [line.storage for line in months]
        return Statement.of("存储", f"存储使用率不足{_FEWEST}个月，无法推算何时用满", "", *behind)
    first, last = known[0].storage, known[-1].storage
    left = until_full(first.value or _NONE, last.value or _NONE, full=_ALL, over=len(known) - 1)
    said: dict[str, Figure[object]] = {"first": first, "last": last}
    by = (last.value or _NONE) - (first.value or _NONE)
    pattern = f"存储使用率由{known[0].month}的 {{first}} {'升至' if by > 0 else '降至'}"
    pattern += f"{known[-1].month}的 {{last}}"
    if not by:
        pattern = f"存储使用率{known[0].month}为 {{first}}，{known[-1].month}仍为 {{last}}"
    if left is None:
        return told("存储", pattern + "，没有增长，不推算何时用满", "", said)
    if left > _YEARS * 12:
        return told("存储", pattern + f"，照此速度{_YEARS}年内不会用满", "", said)
    rule = "余量÷月均增长，向上取整，自最近一个月起算"
    full = _month("存储用满的月份", add_months(_month_of(known[-1].month), left), rule, first, last)
    return told("存储", pattern + "，容量不变、照此速度约在{full}用满", "", {**said, "full": full})


def until_full(first: Decimal, last: Decimal, *, full: Decimal, over: int) -> int | None:
    """Return after how many more months, or days, what grew so over some of them is full.

    None where it did not grow.
    """
    grown = Fraction(last - first) / over
    return ceil(Fraction(full - last) / grown) if grown > 0 else None


def _month_of(label: str) -> date:
    year, month = label.removesuffix("月").split("年")
    return date(int(year), int(month), 1)


def _month(name: str, day: date, rule: str, *behind: Figure[object]) -> Figure[date]:
    return Figure(name, day, MONTH.show(day), Derivation(rule, "", behind))


def _contracted(
    lines: Sequence[KindLine], period: Period, end: Figure[date]
) -> Iterator[Statement]:
    """Yield in which month contracted amounts are reached at this growth, or that none follows."""
    full: dict[str, list[Figure[date]]] = {}
    over, beyond, still, reached = [], [], [], []
    left = (end.value - period.last).days
    for line in lines:
        amount, opening, closing = line.contracted, line.opening, line.closing
        if amount.value is None:
            continue
        kind = Statement.of("合同量", line.kind, "", closing, amount, opening)
        days = until_full(opening.value, closing.value, full=amount.value, over=period.days)
        if closing.value >= amount.value:
            reached.append(kind)
        elif left <= 0:
            over.append(kind)
        elif days is None:
            still.append(kind)
        elif days > left:
            beyond.append(kind)
        else:
            rule = "期末日＋（合同量－期末）÷本期每日净增"
            month = _month(line.kind, period.last + timedelta(days), rule, closing, amount, opening)
            full.setdefault(month.text, []).append(month)
    if full:
        by_day = sorted(full.values(), key=lambda months: months[0].value)
        listed = Statement.joined("合同量", map(_reaching, by_day), "，")
        yield Statement.of("合同量", "按本期净增速度，{listed}达到合同量", "", listed=listed)
    speed = "{listed}照此速度" if full else "按本期净增速度，{listed}"
    for kinds, pattern in (
        (over, "至服务期末，{listed}未用满合同量"),
        (beyond, f"{speed}在服务期内不会达到合同量"),
        (still, "{listed}本期没有净增，不推算何时达到合同量"),
        (reached, "{listed}已达合同量"),
    ):
        if kinds:
            listed = Statement.joined("合同量", kinds, "、")
            yield Statement.of("合同量", pattern, "", end, listed=listed)


def _reaching(alike: Sequence[Figure[date]]) -> Statement:
    """Return the kinds that reach their amounts in one month, and the month."""
    kinds = "、".join(month.name for month in alike)
    first, *others = alike
    return Statement.of("合同量", f"{kinds}约在{{month}}", "", *others, month=first)
