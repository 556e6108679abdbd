"""Where the rows of each sheet were taken from, for the source line under a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from deliverables.model.operations import Operations

NOT_STATED = "【待补】"


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


def evidence(quarters: Sequence[Operations], named: int = 3) -> Evidence:
    """Return the sources each sheet names, the most frequent `named` of them."""
    return Evidence(
        **{sheet.name: _sources(quarters, sheet.name, named) for sheet in fields(Evidence)}
    )


def _sources(quarters: Sequence[Operations], sheet: str, named: int) -> str:
    stated = Counter(
        row.evidence for quarter in quarters for row in getattr(quarter, sheet) if row.evidence
    )
    if not stated:
        return NOT_STATED
    most = [source for source, _ in stated.most_common(named)]
    return "、".join(most) + ("等" if len(stated) > named else "")
