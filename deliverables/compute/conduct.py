"""Addresses, drills and watches, people: what the platform's keepers did and with whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from deliverables.compute.figures import Inputs, drawn_from, grouped, iso_day, number
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import AddressBlock, Drill, Operations, StaffChange
from deliverables.model.staff import Roster, StaffMember
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
    days: Figure[object]
    duty: Figure[Decimal]
    conclusion: Figure[str]
    improvement: Figure[str]


@dataclass(frozen=True, slots=True)
class DrillSummary:
    """Drills and watches of the period."""

    lines: tuple[DrillLine, ...]
    drills: Figure[Decimal]
    watches: Figure[Decimal]
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
    """Who is on the project at the end of the period and who has signed an agreement.

    `known` is false without a roster: then nothing is said of how many people there are.
    """

    changes: tuple[StaffChangeLine, ...]
    any: bool
    known: bool
    on_project: Figure[Decimal]
    signed: Figure[Decimal]
    unsigned: Figure[Decimal]
    all_signed: bool


def addresses(quarters: Sequence[Operations]) -> AddressSummary:
    """Return the address blocks at the end of the last quarter and every change on the way."""
    source = drawn_from(quarters[-1:], AddressBlock)
    rows = quarters[-1].addresses
    zones = grouped(rows, lambda row: row.zone)
    return AddressSummary(
        zones=tuple(_zone(name, of, source) for name, of in zones.items()),
        total=_zone("合计", rows, source),
        changes=tuple(
            _address_change(row)
            for quarter in quarters
            for row in quarter.addresses
            if row.changed is not None
        ),
        any=bool(rows),
    )


def _zone(zone: str, rows: Sequence[AddressBlock], source: Inputs) -> ZoneLine:
    def held(state: str) -> Figure[Decimal]:
        total = sum(row.addresses for row in rows if row.state == state)
        return number(f"{state}地址数", total, f"{zone}状态为“{state}”的地址数合计", source)

    return ZoneLine(
        zone=zone,
        blocks=number("地址段数", len(rows), f"{zone}地址段行数", source),
        used=held("在用"),
        reserved=held("预留"),
        released=held("已回收"),
    )


def _address_change(row: AddressBlock) -> AddressChange:
    return AddressChange(
        day=iso_day(row.figure("changed")),
        block=row.figure("block"),
        zone=row.zone,
        system=row.system,
        addresses=row.figure("addresses"),
        state=row.figure("state"),
    )


def drills(quarters: Sequence[Operations]) -> DrillSummary:
    """Return drills and watches with the days of duty added up."""
    rows = [row for quarter in quarters for row in quarter.drills]
    source = drawn_from(quarters, Drill)

    def held(kind: str) -> Figure[Decimal]:
        count = sum(row.kind == kind for row in rows)
        return number(kind, count, f"类别为“{kind}”的行数", source)

    duty = sum((row.duty for row in rows), Decimal(0))
    return DrillSummary(
        lines=tuple(_drill(row) for row in rows),
        drills=held("应急演练"),
        watches=held("重大活动保障"),
        duty=number("值守", duty, "值守人·天合计", source),
        any=bool(rows),
    )


def _drill(row: Drill) -> DrillLine:
    return DrillLine(
        kind=row.figure("kind"),
        name=row.figure("name"),
        days=_days(row),
        duty=row.figure("duty"),
        conclusion=row.figure("conclusion"),
        improvement=row.figure("improvement"),
    )


def _days(row: Drill) -> Figure[object]:
    first, last = iso_day(row.figure("first_day")), iso_day(row.figure("last_day"))
    if first.value == last.value:
        return first
    origin = Derivation("开始日期至结束日期", "", (first, last))
    return Figure("时间", (first.value, last.value), f"{first}至{last}", origin)


def people(quarters: Sequence[Operations], roster: Roster | None, last_day: date) -> PeopleSummary:
    """Return staff changes of the period and the state of agreements on its last day."""
    present = [member for member in roster.members if _present(member, last_day)] if roster else []
    signed = sum(member.signed is not None and member.signed <= last_day for member in present)
    place = Cell(roster.file, StaffMember.sheet) if roster else Cell("staff.xlsx")
    listed = len(roster.members) if roster else 0
    sheet = (Figure(StaffMember.sheet, listed, f"{listed} 行", place),)
    rows = [row for quarter in quarters for row in quarter.staff_changes]
    return PeopleSummary(
        changes=tuple(_staff_change(row) for row in rows),
        any=bool(rows),
        known=roster is not None,
        on_project=number("在岗人员", len(present), "期末已进入且未离开的人员", sheet),
        signed=number("已签署保密协议", signed, "期末前签署保密协议的在岗人员", sheet),
        unsigned=number("未签署保密协议", len(present) - signed, "在岗人员－已签署人员", sheet),
        all_signed=signed == len(present),
    )


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
