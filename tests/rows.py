"""Rows of a quarter's workbook, a few at a time: what a test does not name has a dull default."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from builders import project

from deliverables.compute.matters import Followed, Matter
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Duty, ReportSeries
from deliverables.model.fields import Row, declarations, sheets
from deliverables.model.operations_sheets import (
    AddressBlock,
    Alarm,
    Backup,
    Change,
    Cover,
    Drill,
    Durability,
    Incident,
    Inspection,
    Issue,
    Meeting,
    Operations,
    Opinion,
    Outage,
    Resource,
    Security,
    StaffChange,
    Ticket,
    Usage,
)
from deliverables.model.roster_sheets import Roster, RosterCover, StaffMember
from deliverables.read.book import read_book
from deliverables.read.reach import letters_of
from deliverables.read.workbook import RowPlaces
from deliverables.values.calendar import published_calendar
from deliverables.values.figure import Cell

MAY = date(2026, 5, 1)
NOON = datetime(2026, 5, 6, 12, 0)
DAY = NOON.date()
R = TypeVar("R", bound=Row)

_DULL: Mapping[type[Row], Mapping[str, Any]] = {
    Resource: {
        "system": "审批系统", "kind": "云主机", "unit": "台", "opening": Decimal(0),
        "added": Decimal(0), "released": Decimal(0), "closing": Decimal(0),
    },
    Usage: {
        "month": MAY, "system": "审批系统", "host": "sp-app-01", "vcpu": 4, "memory": Decimal(16),
        "storage": Decimal(100), "cpu_average": Decimal(30), "cpu_peak": Decimal(60),
        "memory_average": Decimal(40), "memory_peak": Decimal(70), "storage_used": Decimal(50),
    },
    Outage: {
        "number": "ZD-1", "started": NOON, "ended": NOON + timedelta(minutes=30),
        "scope": "网络区", "cause_kind": "网络", "cause": "板卡故障", "action": "更换板卡",
    },
    Durability: {
        "month": MAY, "storage": "高性能存储", "capacity": Decimal(30), "scheme": "三副本",
        "loss_events": 0, "integrity_checks": 0, "integrity_failures": 0,
    },
    Alarm: {"number": "GJ-1", "raised": NOON, "level": "次要", "kind": "存储", "target": "一号池"},
    Ticket: {
        "number": "GD-1", "opened": NOON, "kind": "咨询", "promised_hours": Decimal(8),
        "system": "审批系统", "subject": "咨询",
    },
    Incident: {
        "number": "SJ-1", "grade": "未定级", "started": NOON, "ended": NOON + timedelta(hours=1),
        "title": "中断", "impact": "访问缓慢", "cause": "板卡故障", "action": "更换板卡",
    },
    Change: {"number": "BG-1", "kind": "计划", "done": NOON, "subject": "升级", "result": "成功"},
    Inspection: {
        "month": MAY, "subject": "机房", "planned": 0, "done": 0, "found": 0, "mended": 0,
    },
    Backup: {
        "month": MAY, "target": "数据库", "planned": 0, "succeeded": 0, "restore_tests": 0,
        "restore_succeeded": 0,
    },
    Security: {"month": MAY, "kind": "高危漏洞", "found": 0},
    AddressBlock: {
        "block": "10.0.0.0/28", "zone": "政务外网区", "system": "审批系统", "addresses": 16,
        "state": "在用",
    },
    Drill: {
        "kind": "应急演练", "name": "切换演练", "first_day": MAY, "last_day": MAY,
        "duty": Decimal(2), "conclusion": "符合预案",
    },
    StaffChange: {"day": MAY, "kind": "进入", "name": "赵一", "key_staff": False},
    Issue: {"number": "WT-01", "kind": "问题", "subject": "带宽不足"},
    Opinion: {"day": MAY, "kind": "表扬", "party": "办公室", "subject": "配合及时"},
    Meeting: {"number": "HY-1", "day": MAY, "attendees": "双方项目组", "topic": "季度例会"},
    StaffMember: {
        "number": "S001", "name": "赵一", "identity_kind": "护照", "department": "运维部",
        "post": "工程师", "key_staff": False, "joined": date(2026, 4, 30),
    },
}  # fmt: skip


def row(kind: type[R], /, **facts: Any) -> R:
    """Return a row of a sheet with the facts that matter; a workbook gives it its place."""
    places = {"": Cell("operations/Q1.xlsx", kind.sheet, "A3")}
    return kind(places=places, **{**_DULL[kind], **facts})


def placed(file: str, rows: Sequence[R]) -> tuple[R, ...]:
    """Return the rows as they stand in a sheet, from row 3 on, in the order of its columns."""
    return tuple(
        replace(
            one,
            places=RowPlaces(
                Cell(file, one.sheet),
                {name: letters_of(n) for n, name in enumerate(declarations(type(one)), 1)},
                number,
            ),
        )
        for number, one in enumerate(rows, start=3)
    )


def followed(*issues: Issue, as_of: date = DAY) -> Followed:
    """Return what a report knows of matters that the first quarter raised."""
    held = {one.number: Matter(1, ((1, one),)) for one in issues}
    return Followed(held, {1: "第一季度"}, as_of)


def quarter(number: int = 1, **rows: Sequence[Row]) -> Operations:
    """Return a quarter whose sheets hold the given rows and nothing else."""
    assert rows.keys() <= sheets(Operations).keys()
    cover = Cover(
        quarter=number,
        first_day=date(2026, 4, 30),
        last_day=date(2026, 7, 29),
        sample=False,
        places={"": Cell(f"operations/Q{number}.xlsx", "说明")},
    )
    file = f"operations/Q{number}.xlsx"
    held: Mapping[str, Any] = {name: placed(file, found) for name, found in rows.items()}
    return Operations(file=file, cover=cover, **held)


def roster(*members: StaffMember) -> Roster:
    """Return a roster of these people."""
    listed = placed("staff.xlsx", members)
    return Roster(file="staff.xlsx", cover=RosterCover(sample=False), members=listed)


def book(
    *quarters: Operations,
    months: int = 12,
    reports: int = 4,
    annual_reports: int = 1,
    report_name: str = "季度报告",
    people: Roster | None = None,
    duties: Sequence[Duty] = (),
) -> ContractBook:
    """Return a contract signed on 2026-04-29 for 99.9 % with these quarters; Q1 from 04-30."""
    sound = _sound()
    service = replace(sound.contract.service, term_months=months)
    series = [series_of(sound.contract, "operations", months // reports, report_name)]
    if annual_reports:
        series.append(series_of(sound.contract, "summary", months // annual_reports))
    return replace(
        sound,
        contract=replace(
            sound.contract, service=service, reports=tuple(series), duties=tuple(duties)
        ),
        quarters={quarter.cover.quarter: quarter for quarter in quarters},
        roster=people,
    )


def series_of(agreed: Contract, form: str, every_months: int, name: str = "") -> ReportSeries:
    """Return the series of a form in a contract, due every so many months."""
    one = next(one for one in agreed.reports if one.form == form)
    return replace(one, every_months=every_months, name=name or one.name, count=None)


def contract(**service: Any) -> Contract:
    """Return the contract of `book`."""
    return book(**service).contract


@cache
def _sound() -> ContractBook:
    with tempfile.TemporaryDirectory() as folder:
        reading = read_book(project(Path(folder)), published_calendar())
    assert reading.book is not None
    return reading.book
