"""What happened in a period, a section for each chapter of a report."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from deliverables.compute.availability import CUT_SHORT, WORTH_A_CHART, all_outages
from deliverables.compute.figures import (
    BREAKING_COMMA,
    NONE_THIS_PERIOD,
    Rows,
    grouped,
    iso_day,
    made_on,
    number,
    once,
    or_unfilled,
    rate,
    rows_of,
    simple_mean,
    staff_of,
    two_places,
    usage_rate,
    weighted_usage,
)
from deliverables.compute.matters import Followed
from deliverables.model.fields import MONTH, UNFILLED, Row, sheets
from deliverables.model.operations_sheets import (
    ALARM_LEVELS,
    CHAPTERS,
    RESOURCE_KINDS,
    TICKET_TYPES,
    AddressBlock,
    Alarm,
    Backup,
    Change,
    Drill,
    Inspection,
    Operations,
    Outage,
    Paragraph,
    Resource,
    Security,
    StaffChange,
    Ticket,
    Usage,
)
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.money import round_half_up

R = TypeVar("R", bound=Row)

_NAMED = 3
"""Up to how many sorts of paper are named as the source of a sheet."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sources named in 数据来源, by sheet."""

    resources: Statement
    usage: Statement
    outages: Statement
    durability: Statement
    alarms: Statement
    tickets: Statement
    incidents: Statement
    changes: Statement
    inspections: Statement
    backups: Statement
    security: Statement
    addresses: Statement
    drills: Statement
    staff_changes: Statement
    issues: Statement
    meetings: Statement


def evidence(quarters: Sequence[Operations]) -> Evidence:
    """Return the sources each sheet names; an empty sheet is itself the source of nothing."""
    rows = sheets(Operations)
    return Evidence(
        **{
            field.name: sources_named(rows_of(quarters, rows[field.name]), rows[field.name].sheet)
            for field in fields(Evidence)
        }
    )


def _papers(rows: Iterable[Any]) -> dict[str, Any]:
    """Return each paper that rows name, and the first row that does: a cell may name several."""
    found: dict[str, Any] = {}
    for row in rows:
        for paper in filter(None, map(str.strip, row.evidence.split("；"))):
            found.setdefault(paper, row)
    return found


def sources_named(rows: Rows[Any], sheet: str, chosen: Sequence[Any] | None = None) -> Statement:
    """Return the sorts of paper that rows name, in their order, and how many papers there are.

    A single paper is named in full; all of many are in the list of evidence. Asked of some of the
    rows alone, it tells those that are `chosen`.
    """
    told = rows.every if chosen is None else chosen
    papers = _papers(told)
    sorts = list(dict.fromkeys(map(_sort_of, papers)))
    if not told:
        text = f"运行数据工作簿“{sheet}”（无记录）"
    elif len(papers) <= 1:
        text = next(iter(papers), UNFILLED)
    else:
        named = "、".join(sorts[:_NAMED]) + ("等" if len(sorts) > _NAMED else "")
        text = f"{named}，共 {len(papers)} 份"
    return Statement("数据来源", text, text, rows.origin(_RULE, _once(papers), "evidence"))


def _once(papers: Mapping[str, Any]) -> list[Any]:
    return list({id(row): row for row in papers.values()}.values())


def _sort_of(paper: str) -> str:
    """Return what sort of paper it is: its name without a number or a remark behind it."""
    return _PARTICULARS.sub("", paper) or paper


_PARTICULARS = re.compile(r"[\s0-9A-Za-z〔〕号-]*(?:（[^（）]*）)?$")
_RULE = f"“数据来源”一列依次所载，编号、日期从略，多于{_NAMED}种的只列前{_NAMED}种"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """All that one sheet names as its evidence, for those who want to see the papers."""

    sheet: str
    rows: Figure[Decimal]
    count: Figure[Decimal]
    names: Statement


def source_lines(quarters: Sequence[Operations]) -> tuple[SourceLine, ...]:
    """Return a line for each sheet that has rows."""
    held = [(row.sheet, rows_of(quarters, row)) for row in sheets(Operations).values()]
    return tuple(_source_line(sheet, rows) for sheet, rows in held if rows.every)


def _source_line(sheet: str, rows: Rows[Any]) -> SourceLine:
    papers = _papers(rows.every)
    named, text = _once(papers), "；".join(_by_sort(papers)) or UNFILLED
    count = Derivation(
        "“数据来源”一列所载，去重计数", "", (rows.count("记录", "行数", named, "evidence"),)
    )
    return SourceLine(
        sheet=sheet,
        rows=rows.count("记录", f"“{sheet}”表行数", rows.every, "evidence"),
        count=Figure("证据", Decimal(len(papers)), f"{len(papers):,}", count),
        names=Statement("证据名称", text, text, rows.origin(_EVERY, named, "evidence")),
    )


def _by_sort(papers: Iterable[str]) -> Iterator[str]:
    """Yield each sort of paper, with how many there are and what tells one from another.

    Sorts that were exported at the same times stand together.
    """
    sorts: dict[str, list[str]] = {}
    for paper in papers:
        sorts.setdefault(_sort_of(paper), []).append(paper)
    marked: dict[tuple[str, ...], list[str]] = {}
    for sort, alike in sorts.items():
        if len(alike) == 1:
            marked[(alike[0],)] = []
        else:
            marks = tuple(paper.removeprefix(sort).strip() or "未编号" for paper in alike)
            marked.setdefault(marks, []).append(sort)
    for marks, names in marked.items():
        yield _several(names, marks) if names else marks[0]


def _several(sorts: Sequence[str], marks: Sequence[str]) -> str:
    exported = [found[1] for mark in marks if (found := _EXPORTED.fullmatch(mark))]
    each = "各" if len(sorts) > 1 else ""
    told = (
        f"，导出时间 {'、'.join(exported)}"
        if len(exported) == len(marks)
        else f"：{BREAKING_COMMA.join(marks)}"
    )
    return f"{'、'.join(sorts)}{each} {len(marks)} 份{told}"


_EXPORTED = re.compile(r"（(.+)导出）")
_EVERY = "“数据来源”一列所载，按种类归并"


@dataclass(frozen=True, slots=True)
class Narrative:
    """The paragraphs of each chapter; the fields stand in the order of CHAPTERS."""

    overview: tuple[Statement, ...]
    resources: tuple[Statement, ...]
    usage: tuple[Statement, ...]
    service: tuple[Statement, ...]
    alarms: tuple[Statement, ...]
    tickets: tuple[Statement, ...]
    incidents: tuple[Statement, ...]
    changes: tuple[Statement, ...]
    inspections: tuple[Statement, ...]
    backups: tuple[Statement, ...]
    security: tuple[Statement, ...]
    addresses: tuple[Statement, ...]
    drills: tuple[Statement, ...]
    people: tuple[Statement, ...]
    improvement: tuple[Statement, ...]


def narrative(quarters: Sequence[Operations], labels: Sequence[str] = ()) -> Narrative:
    """Return the paragraphs written for the quarters, chapter by chapter.

    Where there are several quarters, `labels` tell whose words they are.
    """
    named = labels if len(quarters) > 1 else [""] * len(quarters)
    written = [
        (paragraph, label)
        for quarter, label in zip(quarters, named, strict=True)
        for paragraph in quarter.narrative
    ]
    return Narrative(
        **{
            chapter.name: tuple(
                _written(item, label) for item, label in written if item.chapter == title
            )
            for chapter, title in zip(fields(Narrative), CHAPTERS, strict=True)
        }
    )


def _written(paragraph: Paragraph, label: str = "") -> Statement:
    """Return what a person wrote, as it stands in its cell, behind the name of its quarter."""
    text = f"{label}：{paragraph.text}" if label else paragraph.text
    return Statement(f"正文：{paragraph.chapter}", text, text, paragraph.source)


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
    """What one business system holds at the end of the period, and what came up about it."""

    system: str
    hosts: Figure[Decimal]
    vcpu: Figure[Decimal]
    memory: Figure[Decimal]
    storage: Figure[Decimal]
    bandwidth: Figure[Decimal]
    addresses: Figure[Decimal]
    tickets: Figure[Decimal]
    alarms: Figure[Decimal]
    outages: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class ResourceStock:
    """The stock by kind, and by each system that holds something, with the latter's totals.

    `unassigned` says how many outages are put down to no system; while there are any, a system that
    none is put down to shows — and not 0. One that hit several counts for each of them, and once in
    the total.
    """

    by_kind: tuple[KindLine, ...]
    by_system: tuple[SystemLine, ...]
    total: SystemLine
    unassigned: Statement
    systems: Figure[Decimal]


@once
def stock(quarters: Sequence[Operations]) -> ResourceStock:
    """Return the stock from the opening of the first quarter to the closing of the last."""
    last = rows_of(quarters[-1:], Resource)
    held = last.where(lambda row: bool(row.closing))
    by_system = grouped(held.every, lambda row: row.system)
    lines = tuple(line for kind in RESOURCE_KINDS if (line := _kind_line(kind, quarters)))
    asked, rung = rows_of(quarters, Ticket), rows_of(quarters, Alarm)
    broken = all_outages(quarters)
    runs = {row.host: row.system for quarter in quarters for row in quarter.usage}
    asked_by = grouped(asked.every, lambda row: row.system)
    rung_by = grouped(rung.every, lambda row: runs.get(_host_of(row), ""))
    return ResourceStock(
        by_kind=lines,
        by_system=tuple(
            _system_line(
                name,
                Rows(rows, last.sheets),
                Rows(asked_by.get(name, ()), asked.sheets),
                Rows(rung_by.get(name, ()), rung.sheets),
                _hit(name, broken, [row for row in broken.every if name in row.touched]),
                "system",
            )
            for name, rows in by_system.items()
        ),
        total=_system_line(
            "合计",
            held,
            asked,
            rung.where(lambda row: _host_of(row) in runs),
            _hit("合计", broken, broken.every),
        ),
        unassigned=_unassigned(broken),
        systems=last.count(
            "业务系统数",
            "期末持有资源的业务系统去重计数",
            held.one_of_each(lambda row: row.system),
            "system",
            "closing",
        ),
    )


def _hit(name: str, every: Rows[Outage], rows: Sequence[Outage]) -> Figure[Decimal | None]:
    """Return how many outages hit a system; — where one that is put down to none may have."""
    if not rows and _of_no_system(every):
        rule = f"{name}没有分到的中断，另有未填业务系统的"
        return Figure("中断", None, "—", every.origin(rule, rows, "number", "systems"))
    return every.count("中断", f"{name}中断行数", rows, "number", "systems")


def _of_no_system(every: Rows[Outage]) -> Sequence[Outage]:
    return [row for row in every.every if not row.touched]


def _unassigned(rows: Rows[Outage]) -> Statement:
    """Return how many of the outages are put down to no system, which hit all or nobody knows."""
    every = rows.count("中断次数", "中断行数", rows.every, "number")
    none = _of_no_system(rows)
    said = rows.count("未分到系统的中断", "业务系统为空的行数", none, "number", "systems")
    name = "未分到系统的中断"
    if not rows.every:
        return Statement.of(name, "本期无中断记录。", "", every)
    if not none:
        return Statement.of(
            name, "中断 {every} 次；一次涉及几个系统的，各系统均计。", "", said, every=every
        )
    if len(none) == len(rows.every):
        return Statement.of(
            name, "中断 {every} 次均未填业务系统（影响全部或者无法区分），未分到各系统，"
            "各系统以“—”表示。", "", said, every=every,
        )  # fmt: skip
    return Statement.of(
        name,
        "中断 {every} 次中 {said} 次未填业务系统（影响全部或者无法区分），未分到各系统，"
        "没有分到中断的系统以“—”表示；一次中断涉及几个系统的，各系统均计。", "",
        every=every, said=said,
    )  # fmt: skip


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


def _host_of(alarm: Alarm) -> str:
    """Return the host that an alarm is about, the first word of its target."""
    return alarm.target.partition(" ")[0]


def _system_line(
    name: str,
    rows: Rows[Resource],
    asked: Rows[Ticket],
    rung: Rows[Alarm],
    broken: Figure[Decimal | None],
    *chosen_by: str,
) -> SystemLine:
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
        tickets=asked.count("工单", f"{name}工单行数", asked.every, "number", "system"),
        alarms=rung.count("主机告警", f"{name}所属主机的告警行数", rung.every, "number", "target"),
        outages=broken,
    )


HIGH_LOAD_CPU_AVERAGE = Decimal(70)
HIGH_LOAD_MEMORY_AVERAGE = Decimal(85)
LOW_LOAD_CPU_AVERAGE = Decimal(10)
LISTED = 15
"""How many hosts under high load are named."""
USAGE_DEFINITIONS = (
    "加权平均以容量为权重：CPU 按 vCPU 数、内存按 GB 数；存储使用率＝Σ已用÷Σ容量；"
    "峰值取当月各主机最大值。"
    f"高负载指最近一个月 CPU 平均使用率不低于 {HIGH_LOAD_CPU_AVERAGE}% 或内存平均使用率不低于 "
    f"{HIGH_LOAD_MEMORY_AVERAGE}%；低负载指最近一个月 CPU 平均使用率低于 {LOW_LOAD_CPU_AVERAGE}%。"
    f"高负载主机最多列 {LISTED} 台。"
)
PART = f"（{CUT_SHORT}）"
"""Stands behind the name of a month that the end of service cut short."""
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
    """A host as the latest month shows it."""

    system: Figure[str]
    host: Figure[str]
    vcpu: Figure[int]
    memory: Figure[Decimal]
    cpu_average: Figure[Decimal]
    cpu_peak: Figure[Decimal]
    memory_average: Figure[Decimal]
    memory_peak: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class HostUsage:
    """Usage by month; in the latest, hosts under high load and how many are under low load."""

    months: tuple[UsageLine, ...]
    high_load: tuple[HostLine, ...]
    high_load_count: Figure[Decimal]
    latest_source: Statement
    low_use_count: Figure[Decimal]
    definitions: str
    charted: bool


@once
def usage(
    quarters: Sequence[Operations],
    former: Sequence[Operations] = (),
    parts: Collection[date] = (),
) -> HostUsage:
    """Return the usage of all hosts; the most loaded are named.

    The latest month of the period before stands above the months of this one. Months that are
    no more than `parts` of one say so.
    """
    rows = rows_of(quarters, Usage)
    months = grouped(sorted(rows.every, key=lambda row: row.month), lambda row: row.month)
    last = usage(former).months[-1:] if former and months else ()
    before = [replace(line, month=f"{line.month}（上期）") for line in last]
    these = [
        _month_line(MONTH.show(at) + (PART if at in parts else ""), Rows(of, rows.sheets))
        for at, of in months.items()
    ]
    latest = Rows(months[max(months)] if months else [], rows.sheets)
    high = sorted((row for row in latest.every if _is_high(row)), key=_load, reverse=True)
    low = [row for row in latest.every if row.cpu_average < LOW_LOAD_CPU_AVERAGE]
    return HostUsage(
        months=(*before, *these),
        high_load=tuple(host_line(row) for row in high[:LISTED]),
        high_load_count=latest.count(
            "高负载主机数",
            "最近一个月达到高负载口径的主机",
            high,
            "host",
            "cpu_average",
            "memory_average",
        ),
        latest_source=sources_named(latest, Usage.sheet),
        low_use_count=latest.count(
            "低负载主机数", "最近一个月达到低负载口径的主机", low, "host", "cpu_average"
        ),
        definitions=USAGE_DEFINITIONS,
        charted=len(months) >= WORTH_A_CHART,
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


def host_line(row: Usage) -> HostLine:
    """Return a host of a month in a list of hosts."""
    return HostLine(
        system=row.figure("system"),
        host=row.figure("host"),
        vcpu=row.figure("vcpu"),
        memory=row.figure("memory"),
        cpu_average=two_places(row.figure("cpu_average")),
        cpu_peak=two_places(row.figure("cpu_peak")),
        memory_average=two_places(row.figure("memory_average")),
        memory_peak=two_places(row.figure("memory_peak")),
    )


_LISTED = 5
"""How many of the targets with most alarms are named."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A count of the period before, and by how much this one's differs: +3, -2, 0."""

    former: Figure[Decimal]
    change: Figure[Decimal]


def beside(name: str, this: Figure[Decimal], former: Figure[Decimal]) -> Beside:
    """Return a count of the period before beside that of this one."""
    by = this.value - former.value
    origin = Derivation("本期－上期", "", (this, former))
    return Beside(former, Figure(f"{name}增减", by, _signed(by), origin))


@dataclass(frozen=True, slots=True)
class RateBeside:
    """A rate of the period before, and by how many points this one's differs: +0.03, -1.2, 0."""

    former: Figure[Decimal | None]
    change: Figure[Decimal | None]


def rate_beside(
    name: str, this: Figure[Decimal | None], former: Figure[Decimal | None]
) -> RateBeside:
    """Return a rate of the period before beside that of this one; no change where one has none."""
    origin = Derivation("本期－上期", "", (this, former))
    if this.value is None or former.value is None:
        return RateBeside(former, Figure(f"{name}增减", None, "—", origin))
    by = this.value - former.value
    return RateBeside(former, Figure(f"{name}增减", by, _signed(by), origin))


def _signed(by: Decimal) -> str:
    return f"{by:+,f}" if by else "0"


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """Alarms of one level: raised, cleared, share cleared and mean time to recover."""

    level: str
    raised: Figure[Decimal]
    beside: Beside
    cleared: Figure[Decimal]
    closure: Figure[Decimal | None]
    recovery: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class AlarmTarget:
    """A target with many alarms."""

    target: str
    raised: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class AlarmSummary:
    """All alarms of the period by level, if there were any, and the targets that raised most.

    They are `compared` where there is a period before.
    """

    by_level: tuple[AlarmLine, ...]
    total: AlarmLine
    targets: tuple[AlarmTarget, ...]
    any: bool
    compared: bool


@once
def alarm_summary(
    quarters: Sequence[Operations], former: Sequence[Operations] = ()
) -> AlarmSummary:
    """Return the alarms of the period, beside those of the one before if there is one."""
    rows = rows_of(quarters, Alarm)
    before = rows_of(former, Alarm) if former else rows
    targets = grouped(rows.every, lambda row: row.target)
    most = sorted(targets.items(), key=lambda item: (-len(item[1]), item[0]))
    return AlarmSummary(
        by_level=tuple(
            _alarm_line(level, rows, before, _is("level", level))
            for level in (ALARM_LEVELS if rows.every else ())
        ),
        total=_alarm_line("合计", rows, before, lambda _: True),
        targets=tuple(
            AlarmTarget(
                target, rows.count("告警数", f"告警对象为“{target}”的行数", raised, "target")
            )
            for target, raised in most[:_LISTED]
        ),
        any=bool(rows.every),
        compared=bool(former),
    )


def _alarm_line(
    level: str, every: Rows[Alarm], before: Rows[Alarm], holds: Callable[[Alarm], bool]
) -> AlarmLine:
    rows, rule = every.where(holds), f"“{level}”告警行数"
    over = [row for row in rows.every if row.cleared is not None]
    raised = every.count("告警数", rule, rows.every, "number", "level")
    then = before.count("上期告警数", rule, _earlier(every, before, holds), "number", "level")
    cleared = rows.count("已恢复", "填有恢复时间的行数", over, "level", "cleared")
    return AlarmLine(
        level=level,
        raised=raised,
        beside=beside("告警", raised, then),
        cleared=cleared,
        closure=rate("闭环率", cleared, raised, "已恢复÷告警数"),
        recovery=_mean_minutes(rows, over),
    )


def _earlier(now: Rows[R], before: Rows[R], holds: Callable[[R], bool]) -> Sequence[R]:
    """Return the rows of the period before; none where there is no other than this one."""
    return () if before is now else before.where(holds).every


def _is(column: str, value: str) -> Callable[[Row], bool]:
    return lambda row: getattr(row, column) == value


def _mean_minutes(rows: Rows[Alarm], over: Sequence[Alarm]) -> Figure[Decimal | None]:
    """Return the mean in minutes with one decimal, half up; —（本期无）where there are none."""
    name, rule = "平均恢复时间", "Σ（恢复时间－告警时间）÷已恢复数"
    origin = rows.origin(rule, over, "level", "raised", "cleared")
    durations = [row.cleared - row.raised for row in over if row.cleared is not None]
    if not durations:
        return Figure(name, None, NONE_THIS_PERIOD, origin)
    seconds = sum(durations, timedelta()) // timedelta(seconds=1)
    mean = round_half_up(Fraction(seconds, 60 * len(durations)), 1)
    return Figure(name, mean, f"{mean:,}", origin)


_TIMES = ("opened", "closed", "promised_hours")
"""The columns that show whether a ticket was closed in time."""
_STANDING = (*_TIMES, "evidence")
"""Those that show whether one that is not closed is late: with when the data were taken."""


@dataclass(frozen=True, slots=True)
class TicketLine:
    """Tickets of one type; on time means closed within the promised hours.

    `pending` are those neither closed nor due when the data were taken: they are neither in time
    nor late, and the rate is of the others.
    """

    kind: str
    opened: Figure[Decimal]
    beside: Beside
    closed: Figure[Decimal]
    pending: Figure[Decimal]
    in_time: Figure[Decimal]
    in_time_rate: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """All tickets of the period by type, if there were any; late ones may still be open.

    They are `compared` where there is a period before.
    """

    by_kind: tuple[TicketLine, ...]
    total: TicketLine
    late_count: Figure[Decimal]
    some_pending: bool
    any: bool
    compared: bool


@dataclass(frozen=True, slots=True)
class LateTicket:
    """A ticket that was closed after its promise, or is open beyond it."""

    number: Figure[str]
    opened: Figure[object]
    closed: Figure[object]
    promised: Figure[Decimal]
    system: str
    subject: Figure[str]


@once
def ticket_counts(
    quarters: Sequence[Operations], former: Sequence[Operations] = ()
) -> TicketCounts:
    """Return tickets by type with the share closed in time, beside the period before if any."""
    rows = rows_of(quarters, Ticket)
    before = rows_of(former, Ticket) if former else rows
    waiting = _pending(quarters)
    late = [row for row in rows.every if not in_time(row) and row not in waiting]
    return TicketCounts(
        by_kind=tuple(
            _ticket_line(kind, rows, before, _is("kind", kind), waiting)
            for kind in (TICKET_TYPES if rows.every else ())
        ),
        total=_ticket_line("合计", rows, before, lambda _: True, waiting),
        late_count=rows.count(
            "未及时办结",
            "超过承诺时限办结，或取数时已超过而未办结的行数",
            late,
            "number",
            *_STANDING,
        ),
        some_pending=bool(waiting),
        any=bool(rows.every),
        compared=bool(former),
    )


def late_and_open(quarters: Sequence[Operations]) -> Figure[Decimal]:
    """Return how many tickets were open beyond their promise when they were looked at."""
    rows, waiting = rows_of(quarters, Ticket), _pending(quarters)
    such = [row for row in rows.every if row.closed is None and row not in waiting]
    rule = "取数时已超过承诺时限而未办结的行数"
    return rows.count("超过时限尚未办结", rule, such, "number", *_STANDING)


def _ticket_line(
    kind: str,
    every: Rows[Ticket],
    before: Rows[Ticket],
    holds: Callable[[Ticket], bool],
    waiting: Collection[Ticket],
) -> TicketLine:
    rows, rule = every.where(holds), f"“{kind}”工单行数"
    kept = [row for row in rows.every if in_time(row)]
    closed = [row for row in rows.every if row.closed is not None]
    opened = every.count("受理", rule, rows.every, "number", "kind")
    then = before.count("上期受理", rule, _earlier(every, before, holds), "number", "kind")
    in_time_count = rows.count(
        "及时办结", "办结时间－受理时间不超过承诺时限的行数", kept, "kind", *_TIMES
    )
    pending = rows.count(
        "未到期",
        "取数时未办结且未超过承诺时限的行数",
        [row for row in rows.every if row.closed is None and row in waiting],
        "kind",
        *_STANDING,
    )
    due = number("到期受理", opened.value - pending.value, "受理－未到期", (opened, pending))
    return TicketLine(
        kind=kind,
        opened=opened,
        beside=beside("受理", opened, then),
        closed=rows.count("办结", "填有办结时间的行数", closed, "kind", "closed"),
        in_time=in_time_count,
        pending=pending,
        in_time_rate=rate("及时率", in_time_count, due, "及时办结÷（受理－未到期）"),
    )


def late_tickets(quarters: Sequence[Operations]) -> tuple[LateTicket, ...]:
    """Return every ticket that was not closed in time, in the order of the workbooks."""
    waiting = _pending(quarters)
    return tuple(
        LateTicket(
            number=row.figure("number"),
            opened=row.figure("opened"),
            closed=row.figure("closed"),
            promised=row.figure("promised_hours"),
            system=row.system,
            subject=row.figure("subject"),
        )
        for quarter in quarters
        for row in quarter.tickets
        if not in_time(row) and row not in waiting
    )


def in_time(row: Ticket) -> bool:
    """Return whether the ticket was closed within its promised hours; an open one was not."""
    return row.closed is not None and _within(row, row.closed)


def _within(row: Ticket, moment: datetime) -> bool:
    """Return whether the promised hours were not over by the moment."""
    return (moment - row.opened) // timedelta(seconds=1) <= row.promised_hours * 3600


def _pending(quarters: Sequence[Operations]) -> frozenset[Ticket]:
    """Return the tickets that were neither closed nor due when they were looked at."""
    return frozenset(
        row
        for quarter in quarters
        for row in quarter.tickets
        if row.closed is None and _within(row, _looked_at(row, quarter))
    )


def _looked_at(row: Ticket, quarter: Operations) -> datetime:
    """Return when an open ticket was last looked at: when it was exported, if its source says.

    Not before the end of the period, of which the workbook tells, nor after the day up to which
    things are known; on that day where its source told of what came later.
    """
    end, known = _end_of(quarter.cover.last_day), _end_of(quarter.known_to)
    if not row.evidence and quarter.known_to < date.max:
        return known
    return min(max([end, *_moments_in(row.evidence)]), known)


def _moments_in(text: str) -> Iterator[datetime]:
    """Yield the times that a text names, a day without an hour at its end."""
    for year, month, day, hour, minute in _MOMENT.findall(text):
        with suppress(ValueError):  # 31 June in what a person typed
            named = date(int(year), int(month), int(day))
            yield datetime.combine(named, time(int(hour), int(minute))) if hour else _end_of(named)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max)


_MOMENT = re.compile(
    r"(?<![\w-])(20\d\d)[-年](\d{1,2})[-月](\d{1,2})(?![\d-])日?(?: ?(\d{1,2}):(\d\d))?", re.ASCII
)


CHANGE_KINDS = ("计划", "紧急")


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """Changes of one kind by result."""

    kind: str
    done: Figure[Decimal]
    beside: Beside
    succeeded: Figure[Decimal]
    failed: Figure[Decimal]
    rolled_back: Figure[Decimal]
    success: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """The changes by kind, if there were any, `compared` where there is a period before."""

    by_kind: tuple[ChangeCount, ...]
    total: ChangeCount
    any: bool
    compared: bool

    @property
    def unsuccessful(self) -> tuple[Statement, ...]:
        """How many failed, and how many were rolled back; nothing of what did not happen."""
        counts = (("失败", self.total.failed), ("回退", self.total.rolled_back))
        return tuple(
            Statement.of("变更结果", f"{word} {{n}} 次", "", n=count)
            for word, count in counts
            if count.value
        )

    @property
    def outcome(self) -> Statement:
        """What did not succeed, or that all did."""
        if self.unsuccessful:
            return Statement.joined("变更结果", self.unsuccessful, "、")
        return Statement.of("变更结果", "均成功", "", self.total.failed, self.total.rolled_back)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change."""

    number: Figure[str]
    kind: Figure[str]
    done: Figure[object]
    subject: Figure[str]
    result: Figure[str]
    approved: Figure[str]


def change_counts(
    quarters: Sequence[Operations], former: Sequence[Operations] = ()
) -> ChangeCounts:
    """Return the changes by kind with their results, beside the period before if any."""
    rows = rows_of(quarters, Change)
    before = rows_of(former, Change) if former else rows
    total = _change_count("合计", rows, before, lambda _: True)
    return ChangeCounts(
        by_kind=tuple(
            _change_count(kind, rows, before, _is("kind", kind))
            for kind in (CHANGE_KINDS if rows.every else ())
        ),
        total=total,
        any=bool(rows.every),
        compared=bool(former),
    )


def _change_count(
    kind: str, every: Rows[Change], before: Rows[Change], holds: Callable[[Change], bool]
) -> ChangeCount:
    rows, rule = every.where(holds), f"“{kind}”变更行数"

    def with_result(result: str) -> Figure[Decimal]:
        such = [row for row in rows.every if row.result == result]
        return rows.count(result, f"结果为“{result}”的行数", such, "kind", "result")

    succeeded = with_result("成功")
    done = every.count("实施", rule, rows.every, "number", "kind")
    then = before.count("上期实施", rule, _earlier(every, before, holds), "number", "kind")
    return ChangeCount(
        kind=kind,
        done=done,
        beside=beside("实施", done, then),
        succeeded=succeeded,
        failed=with_result("失败"),
        rolled_back=with_result("回退"),
        success=rate("成功率", succeeded, done, "成功÷实施"),
    )


def change_log(quarters: Sequence[Operations]) -> tuple[ChangeLine, ...]:
    """Return every change, in the order of the workbooks."""
    return tuple(
        ChangeLine(
            number=row.figure("number"),
            kind=row.figure("kind"),
            done=row.figure("done"),
            subject=row.figure("subject"),
            result=row.figure("result"),
            approved=row.figure("approved"),
        )
        for quarter in quarters
        for row in quarter.changes
    )


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """Inspections of one subject."""

    subject: str
    planned: Figure[Decimal]
    done: Figure[Decimal]
    completion: Figure[Decimal | None]
    beside: RateBeside
    found: Figure[Decimal]
    mended: Figure[Decimal]
    mending: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class InspectionSummary:
    """Inspections by subject and in all, `compared` where there is a period before."""

    lines: tuple[InspectionLine, ...]
    total: InspectionLine
    any: bool
    compared: bool


@dataclass(frozen=True, slots=True)
class BackupLine:
    """Backups of one target; success is counted against planned jobs."""

    target: str
    planned: Figure[Decimal]
    succeeded: Figure[Decimal]
    failed: Figure[Decimal]
    success: Figure[Decimal | None]
    beside: RateBeside
    restore_tests: Figure[Decimal]
    restore_succeeded: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """Backups by target and in all, `compared` where there is a period before."""

    lines: tuple[BackupLine, ...]
    total: BackupLine
    any: bool
    compared: bool


def inspections(
    quarters: Sequence[Operations], former: Sequence[Operations] = ()
) -> InspectionSummary:
    """Return inspections by subject over the period, beside the period before if any."""
    rows = rows_of(quarters, Inspection)
    before = rows_of(former, Inspection) if former else rows
    return InspectionSummary(
        lines=tuple(
            _inspection_line(name, rows, before, _is("subject", name))
            for name in dict.fromkeys(row.subject for row in rows.every)
        ),
        total=_inspection_line("合计", rows, before, lambda _: True),
        any=bool(rows.every),
        compared=bool(former),
    )


def unmended(quarters: Sequence[Operations], followed: Followed) -> tuple[Statement, ...]:
    """Return how much inspections left unmended and what became of it; nothing for nothing."""
    rows = rows_of(quarters, Inspection)
    left = [row for row in rows.every if row.found > row.mended]
    if not left:
        return ()
    origin = rows.origin("发现问题－整改完成", left, "found", "mended")
    count = sum(row.found - row.mended for row in left)
    return (
        Statement.of(
            "未整改完成的问题",
            "当月未整改完成的 {count} 项列入问题与改进（{which}）",
            "",
            count=Figure("未整改完成", count, str(count), origin),
            which=Statement.joined("未整改完成的问题", map(followed.standing, left), "、"),
        ),
    )


def _inspection_line(
    subject: str,
    every: Rows[Inspection],
    before: Rows[Inspection],
    holds: Callable[[Inspection], bool],
) -> InspectionLine:
    total = _adder(every.where(holds), subject, "subject")
    then = _adder(before, subject, "subject", _earlier(every, before, holds))
    planned, done = total("计划", "planned"), total("完成", "done")
    found, mended = total("发现问题", "found"), total("整改", "mended")
    completion = rate("完成率", done, planned, "完成÷计划")
    former = rate("上期完成率", then("完成", "done"), then("计划", "planned"), "完成÷计划")
    return InspectionLine(
        subject=subject,
        planned=planned,
        done=done,
        completion=completion,
        beside=rate_beside("完成率", completion, former),
        found=found,
        mended=mended,
        mending=rate("整改率", mended, found, "整改完成÷发现问题"),
    )


def backups(quarters: Sequence[Operations], former: Sequence[Operations] = ()) -> BackupSummary:
    """Return backups by target over the period, beside the period before if any."""
    rows = rows_of(quarters, Backup)
    before = rows_of(former, Backup) if former else rows
    return BackupSummary(
        lines=tuple(
            _backup_line(name, rows, before, _is("target", name))
            for name in dict.fromkeys(row.target for row in rows.every)
        ),
        total=_backup_line("合计", rows, before, lambda _: True),
        any=bool(rows.every),
        compared=bool(former),
    )


def _backup_line(
    target: str, every: Rows[Backup], before: Rows[Backup], holds: Callable[[Backup], bool]
) -> BackupLine:
    total = _adder(every.where(holds), target, "target")
    then = _adder(before, target, "target", _earlier(every, before, holds))
    planned, succeeded = total("计划", "planned"), total("成功", "succeeded")
    success = rate("成功率", succeeded, planned, "成功÷计划")
    former = rate("上期成功率", then("成功", "succeeded"), then("计划", "planned"), "成功÷计划")
    return BackupLine(
        target=target,
        planned=planned,
        succeeded=succeeded,
        failed=number(
            "未成功", planned.value - succeeded.value, "计划－成功", (planned, succeeded)
        ),
        success=success,
        beside=rate_beside("成功率", success, former),
        restore_tests=total("恢复演练", "restore_tests"),
        restore_succeeded=total("演练成功", "restore_succeeded"),
    )


def _adder(
    rows: Rows[R], group: str, chosen_by: str, chosen: Sequence[R] | None = None
) -> Callable[[str, str], Figure[Decimal]]:
    """Return what adds up a column over rows, or over those of them that are chosen."""
    added = rows.every if chosen is None else chosen

    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"“{group}”各行{name}合计", added, column, "month", chosen_by)

    return total


LEVELS = ("高危漏洞", "中危漏洞", "低危漏洞")


@dataclass(frozen=True, slots=True)
class VulnerabilityLine:
    """Vulnerabilities of one level: mended is counted against those due."""

    level: str
    found: Figure[Decimal]
    beside: Beside
    due: Figure[Decimal]
    mended: Figure[Decimal]
    overdue: Figure[Decimal]
    mending: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class SecurityRemark:
    """What somebody noted about a security row, and what became of what was overdue."""

    month: Figure[object]
    kind: Figure[str]
    remark: Figure[str]
    became: Statement


@dataclass(frozen=True, slots=True)
class SecuritySummary:
    """Vulnerabilities by level if anything was recorded, attacks, security events, hardening.

    They are `compared` where there is a period before.
    """

    levels: tuple[VulnerabilityLine, ...]
    total: VulnerabilityLine
    attacks: Figure[Decimal]
    events: Figure[Decimal]
    hardening: Figure[Decimal]
    remarks: tuple[SecurityRemark, ...]
    any: bool
    had_events: bool
    compared: bool


def security(
    quarters: Sequence[Operations], as_of: date, former: Sequence[Operations] = ()
) -> SecuritySummary:
    """Return the security figures of the period, and what is known of its remarks by the day."""
    rows = rows_of(quarters, Security)
    before = rows_of(former, Security) if former else rows

    def happened(name: str, kind: str) -> Figure[Decimal]:
        such = [row for row in rows.every if row.kind == kind]
        return rows.sum(name, f"类别为“{kind}”的合计", such, "found", "month", "kind")

    events = happened("安全事件", "安全事件")
    return SecuritySummary(
        levels=tuple(
            _finding_line(level, rows, before, _is("kind", level))
            for level in (LEVELS if rows.every else ())
        ),
        total=_finding_line("合计", rows, before, lambda row: row.kind in LEVELS),
        attacks=happened("攻击拦截", "攻击拦截"),
        events=events,
        hardening=happened("平台加固", "平台加固"),
        remarks=tuple(
            SecurityRemark(
                row.figure("month"), row.figure("kind"), row.figure("remark"), _became(row, as_of)
            )
            for row in rows.every
            if row.remark or row.overdue
        ),
        any=bool(rows.every),
        had_events=events.value > 0,
        compared=bool(former),
    )


def _became(row: Security, as_of: date) -> Statement:
    """Return whether what was overdue at the month's end had been mended by the day."""
    if not row.overdue:
        return Statement.of("其后情况", "—", "", row.figure("overdue"))
    overdue = row.figure("overdue")
    if row.cleared is not None and row.cleared <= as_of:
        cleared = iso_day(row.figure("cleared"))
        pattern = "逾期 {overdue} 个已于{cleared}全部整改"
        return Statement.of("其后情况", pattern, "", overdue=overdue, cleared=cleared)
    pattern = "逾期 {overdue} 个，截至{day}未记录整改完成"
    return Statement.of("其后情况", pattern, "", overdue=overdue, day=made_on(as_of))


def _finding_line(
    level: str, rows: Rows[Security], before: Rows[Security], holds: Callable[[Security], bool]
) -> VulnerabilityLine:
    chosen, then = rows.where(holds).every, _earlier(rows, before, holds)

    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"{level}{name}合计", chosen, column, "month", "kind")

    found, due, mended = total("发现", "found"), total("应整改", "due"), total("已整改", "mended")
    former = before.sum("上期发现", f"{level}发现合计", then, "found", "month", "kind")
    return VulnerabilityLine(
        level=level,
        found=found,
        beside=beside("发现", found, former),
        due=due,
        mended=mended,
        overdue=total("逾期", "overdue"),
        mending=rate("整改率", mended, due, "已整改÷应整改"),
    )


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """Addresses of one network zone: held at the end, and taken back during the period."""

    zone: str
    blocks: Figure[Decimal]
    used: Figure[Decimal]
    beside: Beside
    reserved: Figure[Decimal]
    released: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A block given or taken back in the period."""

    day: Figure[object]
    block: Figure[str]
    zone: str
    system: str
    addresses: Figure[int]
    state: Figure[str]


@dataclass(frozen=True, slots=True)
class AddressSummary:
    """Address blocks by zone at the end, and the changes of the period.

    They are `compared` where there is a period before.
    """

    zones: tuple[ZoneLine, ...]
    total: ZoneLine
    changes: tuple[AddressChange, ...]
    any: bool
    compared: bool


@dataclass(frozen=True, slots=True)
class DrillLine:
    """One drill or watch, and what became of what was to be improved."""

    kind: Figure[str]
    name: Figure[str]
    days: Figure[object]
    duty: Figure[Decimal]
    conclusion: Figure[str]
    improvement: Figure[str]
    became: Figure[str]


@dataclass(frozen=True, slots=True)
class DrillSummary:
    """Drills and watches of the period."""

    lines: tuple[DrillLine, ...]
    duty: Figure[Decimal]
    any: bool


@dataclass(frozen=True, slots=True)
class StaffChangeLine:
    """One change of staff or one training."""

    day: Figure[object]
    kind: Figure[str]
    name: Figure[str]
    post: Figure[str]
    key_staff: Figure[bool]
    notified: Figure[object]
    agreed: Figure[object]
    remark: Figure[str]


@dataclass(frozen=True, slots=True)
class UnsignedLine:
    """Someone who had not signed when the period ended: why, who sees to it, by what day.

    `became` says how it stands on the day of the document. No identity number is among it.
    """

    name: Figure[str]
    post: Figure[str]
    joined: Figure[object]
    reason: Figure[str]
    owner: Figure[str]
    sign_by: Figure[object]
    became: Statement


@dataclass(frozen=True, slots=True)
class Headcount:
    """Who is on the project on a day and who has signed an agreement by then.

    `known` is false without a roster: then nothing is said of how many people there are.
    """

    known: bool
    on_project: Figure[Decimal]
    signed: Figure[Decimal]
    unsigned: Figure[Decimal]
    late: tuple[StaffMember, ...]

    @property
    def all_signed(self) -> bool:
        """Whether everybody on the project has signed."""
        return not self.unsigned.value


@dataclass(frozen=True, slots=True)
class PeopleSummary:
    """Changes of staff in a period, and those who had not signed at its end.

    `known` is false without a roster. Where no agreements are asked (not `confidential`) nothing is
    told of agreements. `missing` says what became of those who had not signed.
    """

    changes: tuple[StaffChangeLine, ...]
    any: bool
    known: bool
    confidential: bool
    missing: tuple[UnsignedLine, ...]


def addresses(quarters: Sequence[Operations], former: Sequence[Operations] = ()) -> AddressSummary:
    """Return the address blocks at the end of the last quarter and every change on the way.

    Those in use stand beside those at the end of the period before, if there is one.
    """
    at_end, all_along = rows_of(quarters[-1:], AddressBlock), rows_of(quarters, AddressBlock)
    before = rows_of(former[-1:], AddressBlock) if former else at_end
    held = [row for row in (*at_end.every, *before.every) if row.state != _RELEASED]
    taken = [row for row in all_along.every if row.state == _RELEASED]
    zones = dict.fromkeys(row.zone for row in (*held, *taken))
    return AddressSummary(
        zones=tuple(_zone(zone, at_end, all_along, before, _is("zone", zone)) for zone in zones),
        total=_zone("合计", at_end, all_along, before, lambda _: True),
        changes=tuple(
            _address_change(row)
            for quarter in quarters
            for row in quarter.addresses
            if row.changed is not None
        ),
        any=bool(all_along.every),
        compared=bool(former),
    )


def _zone(
    zone: str,
    at_end: Rows[AddressBlock],
    all_along: Rows[AddressBlock],
    before: Rows[AddressBlock],
    holds: Callable[[AddressBlock], bool],
) -> ZoneLine:
    def held(
        name: str, state: str, rows: Rows[AddressBlock], of: Sequence[AddressBlock]
    ) -> Figure[Decimal]:
        such = [row for row in of if row.state == state]
        rule = f"{zone}状态为“{state}”的地址数合计"
        return rows.sum(name, rule, such, "addresses", "zone", "state")

    here, then = at_end.where(holds), _earlier(at_end, before, holds)
    blocks = [row for row in here.every if row.state != _RELEASED]
    used = held("在用地址数", "在用", here, here.every)
    along = all_along.where(holds)
    return ZoneLine(
        zone=zone,
        blocks=here.count(
            "期末地址段数", f"{zone}期末在册的地址段行数", blocks, "block", "zone", "state"
        ),
        used=used,
        beside=beside("在用地址", used, held("上期末在用地址数", "在用", before, then)),
        reserved=held("预留地址数", "预留", here, here.every),
        released=held("本期回收地址数", _RELEASED, along, along.every),
    )


_RELEASED = "已回收"


def _address_change(row: AddressBlock) -> AddressChange:
    return AddressChange(
        day=iso_day(row.figure("changed")),
        block=row.figure("block"),
        zone=row.zone,
        system=row.system,
        addresses=row.figure("addresses"),
        state=row.figure("state"),
    )


def drill_count(quarters: Sequence[Operations], kind: str) -> Figure[Decimal]:
    """Return how many drills or watches there were."""
    rows = rows_of(quarters, Drill)
    such = [row for row in rows.every if row.kind == kind]
    return rows.count(kind, f"类别为“{kind}”的行数", such, "kind", "name")


def duty_days(quarters: Sequence[Operations]) -> Figure[Decimal]:
    """Return the days of duty of drills and watches, added up."""
    rows = rows_of(quarters, Drill)
    return rows.sum("值守", "值守人·天合计", rows.every, "duty", "name")


def drills(quarters: Sequence[Operations], followed: Followed) -> DrillSummary:
    """Return drills and watches, and how what was to be improved stands."""
    rows = rows_of(quarters, Drill)
    return DrillSummary(
        lines=tuple(_drill(row, followed) for row in rows.every),
        duty=duty_days(quarters),
        any=bool(rows.every),
    )


def _drill(row: Drill, followed: Followed) -> DrillLine:
    return DrillLine(
        kind=row.figure("kind"),
        name=row.figure("name"),
        days=drill_days(row),
        duty=row.figure("duty"),
        conclusion=row.figure("conclusion"),
        improvement=row.figure("improvement"),
        became=_improved(row, followed),
    )


def _improved(row: Drill, followed: Followed) -> Figure[str]:
    """Return what became of what was to be improved; 【待补】 until it is a matter."""
    return (
        or_unfilled(row, "matters") if row.improvement and not row.matters else followed.told(row)
    )


def drill_days(row: Drill) -> Figure[object]:
    """Return the day of a drill, or the first and last of a watch."""
    first, last = iso_day(row.figure("first_day")), iso_day(row.figure("last_day"))
    if first.value == last.value:
        return first
    origin = Derivation("开始日期至结束日期", "", (first, last))
    return Figure("时间", (first.value, last.value), f"{first}至{last}", origin)


def headcount(roster: Roster | None, day: date) -> Headcount:
    """Return who is on the project at the end of a period and who has signed by then."""
    team = staff_of(roster)
    present = team.where(lambda member: _present(member, day))
    agreed = present.where(lambda one: one.signed is not None and one.signed <= day).every
    on_project = team.count(
        "在岗人员", "期末已进入且未离开的人员", present.every, "name", "joined", "left"
    )
    signed = present.count(
        "已签署保密协议", "期末前签署保密协议的在岗人员", agreed, "name", "signed"
    )
    both = (on_project, signed)
    return Headcount(
        known=roster is not None,
        on_project=on_project,
        signed=signed,
        unsigned=number(
            "未签署保密协议", on_project.value - signed.value, "在岗人员－已签署人员", both
        ),
        late=tuple(one for one in present.every if one.signed is None or one.signed > day),
    )


def people(
    quarters: Sequence[Operations],
    roster: Roster | None,
    last_day: date,
    as_of: date | None = None,
    *,
    confidential: bool = True,
) -> PeopleSummary:
    """Return staff changes of the period and who had not signed on its last day.

    Of a contract that asks for none (not `confidential`) nothing is told of agreements.

    What became of those who had not signed is told as it is known on the day `as_of`, the last
    one without it.
    """
    as_of = as_of or last_day
    lacking = headcount(roster, last_day).late if confidential else ()
    still = [one for one in (roster.unsigned(as_of) if roster else ()) if one in lacking]
    rows = [row for quarter in quarters for row in quarter.staff_changes]
    return PeopleSummary(
        changes=tuple(_staff_change(row) for row in rows),
        any=bool(rows),
        known=roster is not None,
        confidential=confidential,
        missing=tuple(_lacking(one, as_of, still=one in still) for one in lacking),
    )


def _lacking(member: StaffMember, as_of: date, *, still: bool) -> UnsignedLine:
    """Return the line of somebody; the cells about the reason are emptied after the signing."""

    def fact(name: str) -> Figure[Any]:
        return or_unfilled(member, name) if still else member.figure(name)

    return UnsignedLine(
        name=member.figure("name"),
        post=member.figure("post"),
        joined=iso_day(member.figure("joined")),
        reason=fact("why_unsigned"),
        owner=fact("owner"),
        sign_by=iso_day(fact("sign_by")),
        became=_signed_since(member, as_of, still=still),
    )


def _signed_since(member: StaffMember, as_of: date, *, still: bool) -> Statement:
    if still:
        late = member.sign_by is not None and member.sign_by < as_of
        pattern = "截至{day}未签署" + ("，已过预计日期" if late else "")
        behind = (member.figure("signed"), member.figure("sign_by"))
        return Statement.of("签署情况", pattern, "", *behind, day=made_on(as_of))
    if member.signed is not None:
        return Statement.of("签署情况", "{day}补签", "", day=iso_day(member.figure("signed")))
    return Statement.of("签署情况", "{day}离开项目", "", day=iso_day(member.figure("left")))


def _present(member: StaffMember, day: date) -> bool:
    return member.joined <= day and (member.left is None or member.left > day)


def _staff_change(row: StaffChange) -> StaffChangeLine:
    return StaffChangeLine(
        day=iso_day(row.figure("day")),
        kind=row.figure("kind"),
        name=row.figure("name"),
        post=row.figure("post"),
        key_staff=row.figure("key_staff"),
        notified=iso_day(row.figure("notified")),
        agreed=iso_day(row.figure("agreed")),
        remark=row.figure("remark"),
    )
