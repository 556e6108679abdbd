"""Vulnerabilities found and mended, and what else happened in security."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.compute.figures import Rows, rate, rows_of
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import Operations, Security

LEVELS = ("高危漏洞", "中危漏洞", "低危漏洞")


@dataclass(frozen=True, slots=True)
class VulnerabilityLine:
    """Vulnerabilities of one level: mended is counted against those due."""

    level: str
    found: Figure[Decimal]
    due: Figure[Decimal]
    mended: Figure[Decimal]
    overdue: Figure[Decimal]
    mending: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class SecurityRemark:
    """What somebody noted about a security row."""

    month: Figure[object]
    kind: Figure[str]
    remark: Figure[str]


@dataclass(frozen=True, slots=True)
class SecuritySummary:
    """Vulnerabilities by level if anything was recorded, attacks, security events, hardening."""

    levels: tuple[VulnerabilityLine, ...]
    total: VulnerabilityLine
    attacks: Figure[Decimal]
    events: Figure[Decimal]
    hardening: Figure[Decimal]
    remarks: tuple[SecurityRemark, ...]
    any: bool
    had_events: bool


def security(quarters: Sequence[Operations]) -> SecuritySummary:
    """Return the security figures of the period."""
    rows = rows_of(quarters, Security)

    def happened(name: str, kind: str) -> Figure[Decimal]:
        such = [row for row in rows.every if row.kind == kind]
        return rows.sum(name, f"类别为“{kind}”的合计", such, "found", "month", "kind")

    events = happened("安全事件", "安全事件")
    return SecuritySummary(
        levels=tuple(
            _line(level, rows, [row for row in rows.every if row.kind == level])
            for level in (LEVELS if rows.every else ())
        ),
        total=_line("合计", rows, [row for row in rows.every if row.kind in LEVELS]),
        attacks=happened("攻击拦截", "攻击拦截"),
        events=events,
        hardening=happened("平台加固", "平台加固"),
        remarks=tuple(
            SecurityRemark(row.figure("month"), row.figure("kind"), row.figure("remark"))
            for row in rows.every
            if row.remark
        ),
        any=bool(rows.every),
        had_events=events.value > 0,
    )


def _line(level: str, rows: Rows[Security], chosen: Sequence[Security]) -> VulnerabilityLine:
    def total(name: str, column: str) -> Figure[Decimal]:
        return rows.sum(name, f"{level}{name}合计", chosen, column, "month", "kind")

    due, mended = total("应整改", "due"), total("已整改", "mended")
    return VulnerabilityLine(
        level=level,
        found=total("发现", "found"),
        due=due,
        mended=mended,
        overdue=total("逾期", "overdue"),
        mending=rate("整改率", mended, due, "已整改÷应整改"),
    )
