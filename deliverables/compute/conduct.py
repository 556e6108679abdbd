"""Addresses, drills and watches, people, problems and plans: lists that a report prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute.figures import drawn_from, grouped, number
from deliverables.figure import Figure
from deliverables.model.operations import AddressBlock, Drill, Operations
from deliverables.model.staff import Roster
from deliverables.source import Cell


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """Addresses of one network zone by state."""

    zone: str
    blocks: Figure[Decimal]
    used: Figure[Decimal]
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
    """Address blocks by zone at the end, and the changes of the period."""

    zones: tuple[ZoneLine, ...]
    total: ZoneLine
    changes: tuple[AddressChange, ...]
    any: bool


@dataclass(frozen=True, slots=True)
class DrillLine:
    """One drill or watch."""

    kind: Figure[str]
    name: Figure[str]
    days: str
    duty: Figure[Decimal]
    conclusion: Figure[str]
    improvement: Figure[str]


@dataclass(frozen=True, slots=True)
class DrillSummary:
    """Drills and watches of the period."""

    lines: tuple[DrillLine, ...]
    drills: Figure[Decimal]
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
class PeopleSummary:
    """Who is on the project at the end of the period and who has signed an agreement."""

    changes: tuple[StaffChangeLine, ...]
    any: bool
    on_project: Figure[Decimal]
    signed: Figure[Decimal]
    unsigned: Figure[Decimal]
    all_signed: bool


@dataclass(frozen=True, slots=True)
class IssueLine:
    """A problem, a plan or a request."""

    subject: Figure[str]
    action: Figure[str]
    owner: Figure[str]
    due: Figure[object]
    state: Figure[str]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """Something the client is asked to do, with the day it is wanted by if there is one."""

    subject: Figure[str]
    due: Figure[object]
    dated: bool


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What is planned next."""

    plans: tuple[IssueLine, ...]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem with the quarter that reported it, in the state it had then."""

    label: str
    subject: Figure[str]
    action: Figure[str]
    owner: Figure[str]
    due: Figure[object]
    state: Figure[str]


@dataclass(frozen=True, slots=True)
class Agenda:
    """Problems with their remedies, next quarter's plan, and what is asked of the client."""

    problems: tuple[IssueLine, ...]
    plans: tuple[IssueLine, ...]
    requests: tuple[RequestLine, ...]


def addresses(quarters: Sequence[Operations]) -> AddressSummary:
    """Return the address blocks at the end of the last quarter and every change on the way."""
    last = quarters[-1:]
    source = drawn_from(last, AddressBlock)
    rows = list(quarters[-1].addresses)
    changed = [row for quarter in quarters for row in quarter.addresses if row.changed is not None]
    return AddressSummary(
        zones=tuple(
            _zone(name, of, source) for name, of in grouped(rows, lambda row: row.zone).items()
        ),
        total=_zone("合计", rows, source),
        changes=tuple(
            AddressChange(
                row.figure("changed"),
                row.figure("block"),
                row.zone,
                row.system,
                row.figure("addresses"),
                row.figure("state"),
            )
            for row in changed
        ),
        any=bool(rows),
    )


def _zone(zone: str, rows: list[AddressBlock], source: tuple[Figure[object], ...]) -> ZoneLine:
    def held(state: str) -> Figure[Decimal]:
        total = sum(row.addresses for row in rows if row.state == state)
        return number(f"{state}地址数", total, f"{zone}状态为“{state}”的地址数合计", source)

    return ZoneLine(
        zone,
        number("地址段数", len(rows), f"{zone}地址段行数", source),
        held("在用"),
        held("预留"),
        held("已回收"),
    )


def drills(quarters: Sequence[Operations]) -> DrillSummary:
    """Return drills and watches with the days of duty added up."""
    rows = [row for quarter in quarters for row in quarter.drills]
    source = drawn_from(quarters, Drill)
    duty = sum((row.duty for row in rows), Decimal(0))
    held = sum(row.kind == "应急演练" for row in rows)
    return DrillSummary(
        lines=tuple(
            DrillLine(
                row.figure("kind"),
                row.figure("name"),
                _days(row.figure("first_day"), row.figure("last_day")),
                row.figure("duty"),
                row.figure("conclusion"),
                row.figure("improvement"),
            )
            for row in rows
        ),
        drills=number("应急演练", held, "类别为“应急演练”的行数", source),
        duty=number("值守", duty, "值守人·天合计", source),
        any=bool(rows),
    )


def _days(first: Figure[object], last: Figure[object]) -> str:
    return first.text if first.value == last.value else f"{first}至{last}"


def people(quarters: Sequence[Operations], roster: Roster | None, last_day: date) -> PeopleSummary:
    """Return staff changes of the period and the state of agreements on its last day."""
    members = () if roster is None else roster.members
    present = [
        member
        for member in members
        if member.joined <= last_day and (member.left is None or member.left > last_day)
    ]
    signed = [member for member in present if member.signed and member.signed <= last_day]
    sheet: Figure[object] = Figure(
        "人员名册", "", "", Cell(roster.file if roster else "staff.xlsx", "人员名册")
    )

    def heads(name: str, count: int, rule: str) -> Figure[Decimal]:
        return number(name, count, rule, (sheet,), "第十条第4款")

    rows = [row for quarter in quarters for row in quarter.staff_changes]
    return PeopleSummary(
        changes=tuple(
            StaffChangeLine(
                row.figure("day"),
                row.figure("kind"),
                row.figure("name"),
                row.figure("post"),
                row.figure("key_staff"),
                row.figure("notified"),
                row.figure("agreed"),
                row.figure("remark"),
            )
            for row in rows
        ),
        any=bool(rows),
        on_project=heads("在岗人员", len(present), "期末已进入且未离开的人员"),
        signed=heads("已签署保密协议", len(signed), "期末前签署保密协议的在岗人员"),
        unsigned=heads("未签署保密协议", len(present) - len(signed), "在岗人员－已签署人员"),
        all_signed=len(signed) == len(present),
    )


def agenda(quarter: Operations) -> Agenda:
    """Return problems, plans and requests of a quarter in the order they were written."""
    requests = tuple(
        RequestLine(row.figure("subject"), row.figure("due"), row.due is not None)
        for row in quarter.issues
        if row.kind == "提请甲方"
    )
    return Agenda(
        problems=_issues(quarter, "问题"), plans=_issues(quarter, "计划"), requests=requests
    )


def plan_summary(last: Operations) -> PlanSummary:
    """Return the plans that stand at the end of the last quarter."""
    return PlanSummary(_issues(last, "计划"))


def problems(quarters: Sequence[Operations], labels: Sequence[str]) -> tuple[ProblemLine, ...]:
    """Return the problems of every quarter, `labels` naming the quarters."""
    return tuple(
        ProblemLine(label, line.subject, line.action, line.owner, line.due, line.state)
        for quarter, label in zip(quarters, labels, strict=True)
        for line in _issues(quarter, "问题")
    )


def _issues(quarter: Operations, kind: str) -> tuple[IssueLine, ...]:
    return tuple(
        IssueLine(
            row.figure("subject"),
            row.figure("action"),
            row.figure("owner"),
            row.figure("due"),
            row.figure("state"),
        )
        for row in quarter.issues
        if row.kind == kind
    )
