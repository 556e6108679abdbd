"""The annual summary (年度项目总结报告): all quarters together, with money and fulfilment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from deliverables.compute import alarms, conduct, events, resources, security, tickets, upkeep
from deliverables.compute import charts as draw
from deliverables.compute.account import account
from deliverables.compute.assumptions import assumptions_for_reports
from deliverables.compute.durability import DurabilitySummary, durability
from deliverables.compute.evidence import Evidence, evidence
from deliverables.compute.fulfilment import DutyLine, MaterialLine, duties, materials
from deliverables.compute.indicators import Indicator, term_indicators
from deliverables.compute.narrative import StoryLine, chronicle
from deliverables.compute.reporting import quarter_label
from deliverables.compute.service import (
    AvailabilityLine,
    ServiceQuality,
    annual_quality,
    availability_line,
    downtime_by_cause,
)
from deliverables.compute.statement import Statement, payments_chart, statement
from deliverables.compute.term import quarters as service_quarters
from deliverables.compute.trend import (
    TrendLine,
    trend,
    trend_total,
    vulnerability_trend_chart,
    workload_chart,
)
from deliverables.compute.usage import HostUsage, usage
from deliverables.figure import Figure
from deliverables.kind import Deliverable, Kind, file_stem, missing_ledger, missing_workbooks
from deliverables.model.book import ContractBook
from deliverables.model.chart import Chart
from deliverables.model.values import show_day


@dataclass(frozen=True, slots=True)
class AnnualSummary:
    """Everything one annual summary prints."""

    project: Figure[str]
    contract_number: Figure[str]
    signed_on: Figure[date]
    service_name: Figure[str]
    client: Figure[str]
    contractor: Figure[str]
    period_label: str
    first_day: Figure[date]
    last_day: Figure[date]
    days: Figure[Decimal]
    prepared_by: Figure[str]
    reviewed_by: Figure[str]
    approved_by: Figure[str]
    dated: str
    indicators: tuple[Indicator, ...]
    chronicle: tuple[StoryLine, ...]
    evidence: Evidence
    quarters: tuple[AvailabilityLine, ...]
    all_met: bool
    missed: str
    availability_chart: Chart
    service: ServiceQuality
    downtime_chart: Chart
    durability: DurabilitySummary
    trend: tuple[TrendLine, ...]
    trend_total: TrendLine
    workload_chart: Chart
    vulnerability_chart: Chart
    stock: resources.ResourceStock
    usage: HostUsage
    usage_chart: Chart
    alarms: alarms.AlarmSummary
    tickets: tickets.TicketCounts
    incidents: events.IncidentSummary
    changes: events.ChangeCounts
    inspections: upkeep.InspectionSummary
    backups: upkeep.BackupSummary
    security: security.SecuritySummary
    addresses: conduct.AddressSummary
    drills: conduct.DrillSummary
    people: conduct.PeopleSummary
    problems: tuple[conduct.ProblemLine, ...]
    agenda: conduct.PlanSummary
    account: Statement
    payments_chart: Chart
    duties: tuple[DutyLine, ...]
    materials: tuple[MaterialLine, ...]
    assumptions: tuple[str, ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the annual summaries; each needs every one of its quarters."""
    contract = book.contract
    return tuple(
        Deliverable(
            kind="annual_summary",
            contract=book.number,
            part=part,
            title=f"{contract.identity.title}年度项目总结报告",
            article=contract.acceptance.article,
            folder=part,
            stem=file_stem(book.number, "年度项目总结报告", part if part != "annual" else ""),
            possible_from=service_quarters(contract)[numbers[-1] - 1].last + timedelta(days=1),
            due=None,
            blockers=(*missing_workbooks(book, numbers), *missing_ledger(book)),
            sample=any(book.quarters[n].cover.sample for n in numbers if n in book.quarters),
        )
        for part, numbers in covered(book).items()
    )


def covered(book: ContractBook) -> dict[str, list[int]]:
    """Return which quarters each annual summary covers: "annual", or annual1, annual2, …"""
    service = book.contract.service
    size = service.reports // service.annual_reports
    groups = [list(range(start, start + size)) for start in range(1, service.reports + 1, size)]
    if len(groups) == 1:
        return {"annual": groups[0]}
    return {f"annual{index}": numbers for index, numbers in enumerate(groups, start=1)}


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> AnnualSummary:
    """Return what one annual summary says; minutes and counts are added, rates never averaged."""
    contract, numbers = book.contract, covered(book)[deliverable.part]
    quarters = [book.quarters[n] for n in numbers]
    level, cover = contract.service_levels, quarters[-1].cover
    lines = tuple(availability_line(book, quarter_label(contract, n), [n]) for n in numbers)
    labels = [line.label for line in lines]
    service, used = annual_quality(book, numbers), usage(quarters)
    by_quarter, money = trend(book, numbers), _money(book, as_of)
    return AnnualSummary(
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        service_name=contract.service.figure("name"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        period_label="年度" if deliverable.part == "annual" else f"第{deliverable.part[6:]}年度",
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=service.this.days,
        prepared_by=cover.figure("prepared_by"),
        reviewed_by=cover.figure("reviewed_by"),
        approved_by=cover.figure("approved_by"),
        dated=show_day(as_of),
        indicators=term_indicators(book, service.this, numbers),
        chronicle=chronicle(quarters, labels),
        evidence=evidence(quarters),
        quarters=lines,
        all_met=all(line.met for line in lines),
        missed="、".join(line.label for line in lines if not line.met),
        availability_chart=draw.availability_chart(
            labels,
            [line.percent.value for line in lines],
            level.availability,
        ),
        service=service,
        downtime_chart=draw.downtime_chart(downtime_by_cause(book, numbers)),
        durability=durability(quarters, level),
        trend=by_quarter,
        trend_total=trend_total(book, numbers),
        workload_chart=workload_chart(by_quarter),
        vulnerability_chart=vulnerability_trend_chart(by_quarter),
        stock=resources.stock(quarters),
        usage=used,
        usage_chart=draw.usage_chart(used),
        alarms=alarms.alarm_summary(quarters),
        tickets=tickets.ticket_counts(quarters),
        incidents=events.incidents(quarters, level.incident_grading, level.article),
        changes=events.change_counts(quarters),
        inspections=upkeep.inspections(quarters),
        backups=upkeep.backups(quarters),
        security=security.security(quarters),
        addresses=conduct.addresses(quarters),
        drills=conduct.drills(quarters),
        people=conduct.people(quarters, book.roster, service.this.last_day.value),
        problems=conduct.problems(quarters, labels),
        agenda=conduct.plan_summary(quarters[-1]),
        account=money,
        payments_chart=payments_chart(money),
        duties=duties(book, lines, service.this),
        materials=materials(labels),
        assumptions=assumptions_for_reports(book, as_of),
    )


def _money(book: ContractBook, as_of: date) -> Statement:
    if book.ledger is None:
        raise ValueError("an annual summary needs the ledger")
    return statement(account(book.contract, book.ledger, book.calendar, as_of))


KIND = Kind(
    name="annual_summary",
    title="年度项目总结报告",
    context=AnnualSummary,
    plan=plan,
    compose=compose,
)
