"""Quarter beside quarter: the same figures for each, and their sum over the term."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.compute.alarms import alarm_summary
from deliverables.compute.events import change_counts, incident_count
from deliverables.compute.figures import rows_of
from deliverables.compute.reporting import quarter_label
from deliverables.compute.resources import stock
from deliverables.compute.security import security
from deliverables.compute.tickets import ticket_counts
from deliverables.compute.upkeep import backups
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.chart import Chart, ChartForm, Series
from deliverables.model.operations import Operations, Resource


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The volume of work of one quarter, or of all of them."""

    label: str
    hosts: Figure[Decimal]
    alarms: Figure[Decimal]
    tickets: Figure[Decimal]
    in_time_rate: Figure[Decimal | None]
    incidents: Figure[Decimal]
    changes: Figure[Decimal]
    backup_success: Figure[Decimal | None]
    found: Figure[Decimal]
    mended: Figure[Decimal]


def trend(book: ContractBook, numbers: Sequence[int]) -> tuple[TrendLine, ...]:
    """Return one line per quarter."""
    return tuple(_line(quarter_label(book.contract, n), [book.quarters[n]]) for n in numbers)


def trend_total(book: ContractBook, numbers: Sequence[int]) -> TrendLine:
    """Return the line of all the quarters: counts added, rates taken anew from the sums."""
    return _line("合计", [book.quarters[n] for n in numbers])


def _line(label: str, quarters: Sequence[Operations]) -> TrendLine:
    asked, safety = ticket_counts(quarters).total, security(quarters).total
    return TrendLine(
        label=label,
        hosts=_hosts(quarters),
        alarms=alarm_summary(quarters).total.raised,
        tickets=asked.opened,
        in_time_rate=asked.in_time_rate,
        incidents=incident_count(quarters),
        changes=change_counts(quarters).total.done,
        backup_success=backups(quarters).total.success,
        found=safety.found,
        mended=safety.mended,
    )


def _hosts(quarters: Sequence[Operations]) -> Figure[Decimal]:
    """Return the hosts at the end of the last quarter."""
    held = [line.closing for line in stock(quarters).by_kind if line.kind == "云主机"]
    rows = rows_of(quarters, Resource)
    return held[0] if held else rows.count("云主机期末数", "台账未列云主机", (), "kind")


def workload_chart(lines: Sequence[TrendLine], period: str) -> Chart:
    """Return tickets and changes by quarter."""
    return Chart(
        form=ChartForm.COLUMNS,
        title=f"各{period}工单与变更数量",
        description="；".join(
            f"{line.label}工单 {line.tickets} 件、变更 {line.changes} 次" for line in lines
        )
        + "。",
        unit="件/次",
        categories=tuple(line.label for line in lines),
        series=(
            Series("工单", tuple(line.tickets.value for line in lines)),
            Series("变更", tuple(line.changes.value for line in lines)),
        ),
    )


def vulnerability_trend_chart(lines: Sequence[TrendLine], period: str) -> Chart:
    """Return vulnerabilities found and mended by quarter."""
    return Chart(
        form=ChartForm.COLUMNS,
        title=f"各{period}漏洞发现与整改",
        description="；".join(
            f"{line.label}发现 {line.found} 个、整改 {line.mended} 个" for line in lines
        )
        + "。",
        unit="个",
        categories=tuple(line.label for line in lines),
        series=(
            Series("发现", tuple(line.found.value for line in lines)),
            Series("已整改", tuple(line.mended.value for line in lines)),
        ),
    )
