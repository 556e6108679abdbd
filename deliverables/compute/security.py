"""Vulnerabilities found and mended, and what else happened in security."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.compute.figures import drawn_from, number, rate
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
    rows = [row for quarter in quarters for row in quarter.security]
    source = drawn_from(quarters, Security)

    def happened(name: str, kind: str) -> Figure[Decimal]:
        found = sum(row.found for row in rows if row.kind == kind)
        return number(name, found, f"类别为“{kind}”的合计", source)

    events = happened("安全事件", "安全事件")
    return SecuritySummary(
        levels=tuple(
            _line(level, [row for row in rows if row.kind == level], source)
            for level in (LEVELS if rows else ())
        ),
        total=_line("合计", [row for row in rows if row.kind in LEVELS], source),
        attacks=happened("攻击拦截", "攻击拦截"),
        events=events,
        hardening=happened("平台加固", "平台加固"),
        remarks=tuple(
            SecurityRemark(row.figure("month"), row.figure("kind"), row.figure("remark"))
            for row in rows
            if row.remark
        ),
        any=bool(rows),
        had_events=events.value > 0,
    )


def _line(
    level: str, rows: list[Security], source: tuple[Figure[object], ...]
) -> VulnerabilityLine:
    due = sum(row.due or 0 for row in rows)
    mended = sum(row.mended or 0 for row in rows)
    return VulnerabilityLine(
        level=level,
        found=number("发现", sum(row.found for row in rows), f"{level}发现合计", source),
        due=number("应整改", due, f"{level}应整改合计", source),
        mended=number("已整改", mended, f"{level}已整改合计", source),
        overdue=number("逾期", sum(row.overdue or 0 for row in rows), f"{level}逾期合计", source),
        mending=rate("整改率", mended, due, "已整改÷应整改", source),
    )
