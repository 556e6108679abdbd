"""Capacity: hosts to be given back, made smaller or larger, and when what there is will be full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from deliverables.compute.figures import Rows, grouped, number, rows_of, told
from deliverables.compute.operations import KindLine, ResourceStock, UsageLine
from deliverables.model.fields import MONTH
from deliverables.model.operations_sheets import Operations, Resource, Usage
from deliverables.values.dates import add_months
from deliverables.values.figure import Derivation, Figure, Statement

_LOOKED_AT = 3
"""Over how many of the latest months a host must be so: one quiet month is no proof."""
_IDLE_CPU, _IDLE_MEMORY = Decimal(5), Decimal(20)
_LOW_CPU, _SMALL_PEAK = Decimal(10), Decimal(50)
_HIGH_CPU, _HIGH_MEMORY = Decimal(70), Decimal(85)
_FULL, _NONE = 100, Decimal(0)
_FEWEST = 3
"""Fewer months show no rate."""


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
class Proposal:
    """The hosts for which one thing is proposed, and the vCPU and GB that they have."""

    what: Statement
    rule: Statement
    hosts: Figure[Decimal]
    vcpu: Figure[Decimal]
    memory: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is proposed for hosts, if enough months are there, and when what there is is full."""

    proposals: tuple[Proposal, ...]
    known: bool
    unknown: Statement
    outlook: Statement
    foreseen: bool


def capacity(
    quarters: Sequence[Operations],
    months: Sequence[UsageLine],
    stock: ResourceStock,
    word: str = "季度",
) -> Capacity:
    """Return the outlook of a report; `months` are all the months known up to its end.

    `word` is what its periods of data are called.
    """
    proposals = tuple(_proposals(rows_of(quarters, Usage)))
    outlook = [*([_storage(months)] if months else []), *_contracted(stock.by_kind, quarters, word)]
    nothing = rows_of(quarters, Resource).count("合同量", "没有可推算的资源", (), "contracted")
    return Capacity(
        proposals,
        bool(proposals),
        _too_few(months, rows_of(quarters, Usage)),
        Statement.joined("容量展望", outlook or [nothing], "；"),
        bool(outlook),
    )


def _proposals(rows: Rows[Usage]) -> Iterator[Proposal]:
    """Yield a line for each proposal; nothing where there are too few months to tell."""
    months = sorted({row.month for row in rows.every})[-_LOOKED_AT:]
    if len(months) < _LOOKED_AT:
        return
    latest = [row for row in rows.every if row.month in months]
    by_host = grouped(latest, lambda row: row.host)
    steady = [of for of in by_host.values() if {row.month for row in of} == set(months)]
    left = list(steady)
    for what, rule, holds in _RULES:
        chosen = [of for of in left if all(map(holds, of))]
        left = [of for of in left if of not in chosen]
        yield _proposal(rows, what, rule, [max(of, key=lambda row: row.month) for of in chosen])


def _proposal(rows: Rows[Usage], what: str, rule: str, chosen: Sequence[Usage]) -> Proposal:
    said = f"最近{_LOOKED_AT}个月每月{rule}"
    hosts = rows.count(f"建议{what}的主机", said, chosen, "host", "cpu_average", "memory_average")
    return Proposal(
        what=Statement.of("建议", f"建议核对后{what}", "", hosts),
        rule=Statement.of("口径", said, "", hosts),
        hosts=hosts,
        vcpu=rows.sum(f"建议{what}的vCPU", said, chosen, "vcpu", "host"),
        memory=rows.sum(f"建议{what}的内存", said, chosen, "memory", "host"),
    )


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
    left = months_until_full(first.value or _NONE, last.value or _NONE, over=len(known) - 1)
    said: dict[str, Figure[object]] = {"first": first, "last": last}
    pattern = f"存储使用率由{known[0].month}的 {{first}} 变为{known[-1].month}的 {{last}}"
    if left is None:
        return told("存储", pattern + "，没有增长，不推算何时用满", "", said)
    full = _month("存储用满的月份", _month_of(known[-1].month), left, first, last)
    return told("存储", pattern + "，容量不变、照此速度约在{full}用满", "", {**said, "full": full})


def months_until_full(first: Decimal, last: Decimal, *, over: int) -> int | None:
    """Return after how many more months a use in percent that grew so over some is all of it.

    None where it did not grow.
    """
    grown = Fraction(last - first) / over
    return ceil((_FULL - Fraction(last)) / grown) if grown > 0 else None


def _month_of(label: str) -> date:
    year, month = label.removesuffix("月").split("年")
    return date(int(year), int(month), 1)


def _month(name: str, last: date, after: int, *behind: Figure[object]) -> Figure[date]:
    day = add_months(last, after)
    origin = Derivation("余量÷月均增长，向上取整，自最近一个月起算", "", behind)
    return Figure(name, day, MONTH.show(day), origin)


def _contracted(
    lines: Sequence[KindLine], quarters: Sequence[Operations], word: str
) -> Iterator[Statement]:
    """Yield how long contracted amounts still last at this growth, and which are reached."""
    lasting: dict[int, list[tuple[str, Figure[Decimal]]]] = {}
    reached = []
    for line in lines:
        amount, closing = line.contracted, line.closing
        if amount.value is None:
            continue
        left, grown = amount.value - closing.value, closing.value - line.opening.value
        if left <= 0:
            reached.append(Statement.of("合同量", line.kind, "", closing, amount))
        elif grown > 0:
            count = ceil(Fraction(left) * len(quarters) / Fraction(grown))
            rule = "（合同量－期末）÷每期净增，向上取整"
            lasts = number("还可用的期数", count, rule, (closing, amount, line.opening))
            lasting.setdefault(count, []).append((line.kind, lasts))
    if lasting:
        listed = Statement.joined(
            "合同量", [_lasting(lasting[n], word) for n in sorted(lasting)], "，"
        )
        yield Statement.of(
            "合同量", "按本期净增速度，{listed}后达到合同量", "", listed=listed
        )  # fmt: skip
    if reached:
        listed = Statement.joined("合同量", reached, "、")
        yield Statement.of("合同量", "{listed}已达合同量", "", listed=listed)


def _lasting(alike: Sequence[tuple[str, Figure[Decimal]]], word: str) -> Statement:
    """Return the kinds that last equally long, and how long."""
    kinds = "、".join(kind for kind, _ in alike)
    (_, first), *others = alike
    return Statement.of(
        "合同量", f"{kinds} {{n}} 个{word}", "", *(lasts for _, lasts in others), n=first
    )
