"""Addresses, drills and watches, people: what the platform's keepers did and with whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from deliverables.compute.figures import Rows, gathered, grouped, iso_day, number, rows_of
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
    rows = rows_of(quarters[-1:], AddressBlock)
    zones = grouped(rows.every, lambda row: row.zone)
    return AddressSummary(
        zones=tuple(_zone(name, Rows(of, rows.sheets)) for name, of in zones.items()),
        total=_zone("合计", rows),
        changes=tuple(
            _address_change(row)
            for quarter in quarters
            for row in quarter.addresses
            if row.changed is not None
        ),
        any=bool(rows.every),
    )


def _zone(zone: str, rows: Rows[AddressBlock]) -> ZoneLine:
    def held(state: str) -> Figure[Decimal]:
        such = [row for row in rows.every if row.state == state]
        rule = f"{zone}状态为“{state}”的地址数合计"
        return rows.sum(f"{state}地址数", rule, such, "addresses", "zone", "state")

    return ZoneLine(
        zone=zone,
        blocks=rows.count("地址段数", f"{zone}地址段行数", rows.every, "block", "zone"),
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
    rows = rows_of(quarters, Drill)

    def held(kind: str) -> Figure[Decimal]:
        such = [row for row in rows.every if row.kind == kind]
        return rows.count(kind, f"类别为“{kind}”的行数", such, "kind", "name")

    return DrillSummary(
        lines=tuple(_drill(row) for row in rows.every),
        drills=held("应急演练"),
        watches=held("重大活动保障"),
        duty=rows.sum("值守", "值守人·天合计", rows.every, "duty", "name"),
        any=bool(rows.every),
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
    team = staff_of(roster)
    present = team.where(lambda member: _present(member, last_day))
    agreed = present.where(lambda one: one.signed is not None and one.signed <= last_day).every
    on_project = team.count(
        "在岗人员", "期末已进入且未离开的人员", present.every, "name", "joined", "left"
    )
    signed = present.count(
        "已签署保密协议", "期末前签署保密协议的在岗人员", agreed, "name", "signed"
    )
    unsigned = on_project.value - signed.value
    rows = [row for quarter in quarters for row in quarter.staff_changes]
    return PeopleSummary(
        changes=tuple(_staff_change(row) for row in rows),
        any=bool(rows),
        known=roster is not None,
        on_project=on_project,
        signed=signed,
        unsigned=number("未签署保密协议", unsigned, "在岗人员－已签署人员", (on_project, signed)),
        all_signed=not unsigned,
    )


def staff_of(roster: Roster | None) -> Rows[StaffMember]:
    """Return everybody on the roster; nobody without one."""
    if roster is None:
        nobody = Figure(StaffMember.sheet, 0, "无记录", Cell("staff.xlsx"))
        return Rows((), (nobody,))
    return gathered([(roster, roster.file)], StaffMember)


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
