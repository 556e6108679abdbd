"""Where the rows of each sheet were taken from, for the source line under a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields

from deliverables.lazily import dataclass
from deliverables.model.operations import Operations
from deliverables.model.record import Row, sheets

NOT_STATED = "【待补】"
_NAMED = 3
"""How many sources of a sheet are named."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sources named in 数据来源, by sheet."""

    resources: str
    usage: str
    outages: str
    durability: str
    alarms: str
    tickets: str
    incidents: str
    changes: str
    inspections: str
    backups: str
    security: str
    addresses: str
    drills: str
    staff_changes: str


def evidence(quarters: Sequence[Operations]) -> Evidence:
    """Return the sources each sheet names; an empty sheet is itself the source of nothing."""
    titles = {name: row.sheet for name, row in sheets(Operations).items()}
    return Evidence(
        **{
            field.name: _sources(quarters, field.name, titles[field.name])
            for field in fields(Evidence)
        }
    )


def _sources(quarters: Sequence[Operations], sheet: str, title: str) -> str:
    rows: list[Row] = [row for quarter in quarters for row in getattr(quarter, sheet)]
    stated = Counter(row.evidence for row in rows if row.evidence)
    if not rows:
        return f"运行数据工作簿“{title}”（无记录）"
    if not stated:
        return NOT_STATED
    most = [source for source, _ in stated.most_common(_NAMED)]
    return "、".join(most) + ("等" if len(stated) > _NAMED else "")
