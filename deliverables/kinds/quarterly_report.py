"""The quarterly report (季度报告): due once per service quarter, sealed (第三条第6款)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.compute import (
    agenda,
    alarms,
    conduct,
    events,
    resources,
    security,
    tickets,
    upkeep,
)
from deliverables.compute import charts as draw
from deliverables.compute.assumptions import assumptions_for_reports
from deliverables.compute.durability import DurabilitySummary, durability
from deliverables.compute.evidence import Evidence, evidence
from deliverables.compute.indicators import Indicator, indicators
from deliverables.compute.narrative import Narrative, narrative
from deliverables.compute.reporting import period_word, quarter_label, report_word, sample_data
from deliverables.compute.service import (
    QuarterService,
    days,
    downtime_by_cause,
    monthly_availability,
    quarter_service,
)
from deliverables.compute.term import quarters as service_quarters
from deliverables.compute.tickets import LateTicket
from deliverables.compute.usage import HostUsage, usage
from deliverables.figure import Figure
from deliverables.kind import Deliverable, Kind, Sealing, file_stem, missing_workbooks
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.chart import Chart
from deliverables.model.values import show_day


@dataclass(frozen=True, slots=True)
class QuarterlyReport:
    """Everything one quarterly report prints."""

    project: Figure[str]
    contract_number: Figure[str]
    signed_on: Figure[date]
    service_name: Figure[str]
    client: Figure[str]
    contractor: Figure[str]
    period: str
    report: str
    period_label: str
    first_day: Figure[date]
    last_day: Figure[date]
    days: Figure[Decimal]
    prepared_by: Figure[str]
    reviewed_by: Figure[str]
    approved_by: Figure[str]
    dated: str
    indicators: tuple[Indicator, ...]
    narrative: Narrative
    evidence: Evidence
    stock: resources.ResourceStock
    usage: HostUsage
    allocation_chart: Chart
    usage_chart: Chart
    service: QuarterService
    availability_chart: Chart
    downtime_chart: Chart
    durability: DurabilitySummary
    alarms: alarms.AlarmSummary
    alarm_chart: Chart
    tickets: tickets.TicketCounts
    late_tickets: tuple[LateTicket, ...]
    ticket_chart: Chart
    incidents: events.IncidentSummary
    changes: events.ChangeCounts
    change_log: tuple[events.ChangeLine, ...]
    inspections: upkeep.InspectionSummary
    backups: upkeep.BackupSummary
    security: security.SecuritySummary
    vulnerability_chart: Chart
    addresses: conduct.AddressSummary
    drills: conduct.DrillSummary
    people: conduct.PeopleSummary
    problems: tuple[agenda.IssueLine, ...]
    plans: tuple[agenda.IssueLine, ...]
    requests: tuple[agenda.RequestLine, ...]
    assumptions: tuple[Figure[str], ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return one report per service quarter; each can be made once its quarter is over."""
    contract = book.contract
    return tuple(
        Deliverable(
            kind="quarterly_report",
            contract=book.number,
            part=f"Q{number}",
            title=f"{contract.identity.title}{quarter_label(contract, number)}运维服务报告",
            article=contract.acceptance.article,
            folder=f"Q{number}",
            stem=file_stem(book.number, report_word(contract), f"Q{number}"),
            possible_from=date.fromordinal(period.last.toordinal() + 1),
            due=None,
            blockers=missing_workbooks(book, range(1, number + 1)),
            sample=sample_data(book, range(1, number + 1)),
            name=report_word(contract),
        )
        for number, period in enumerate(service_quarters(contract), start=1)
    )


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> QuarterlyReport:
    """Return what the report of one quarter says, year-to-date figures from all before it."""
    contract, number = book.contract, int(deliverable.part.removeprefix("Q"))
    this, service = book.quarters[number], quarter_service(book, number)
    held, used, found = resources.stock([this]), usage([this]), security.security([this])
    level, months = contract.service_levels, monthly_availability(book, [number])
    return QuarterlyReport(
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        service_name=contract.service.figure("name"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        period=period_word(contract),
        report=report_word(contract),
        period_label=quarter_label(contract, number),
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=days(service.this),
        prepared_by=this.cover.figure("prepared_by"),
        reviewed_by=this.cover.figure("reviewed_by"),
        approved_by=this.cover.figure("approved_by"),
        dated=show_day(as_of),
        indicators=indicators(book, service.lines, [number]),
        narrative=narrative([this]),
        evidence=evidence([this]),
        stock=held,
        usage=used,
        allocation_chart=draw.allocation_chart(held),
        usage_chart=draw.usage_chart(used),
        service=service,
        availability_chart=draw.availability_chart(
            [label for label, _ in months], [percent for _, percent in months], level.availability
        ),
        downtime_chart=draw.downtime_chart(downtime_by_cause(book, [number])),
        durability=durability([this], level),
        alarms=alarms.alarm_summary([this]),
        alarm_chart=draw.alarm_chart([this]),
        tickets=tickets.ticket_counts([this]),
        late_tickets=tickets.late_tickets([this]),
        ticket_chart=draw.ticket_chart([this]),
        incidents=events.incidents([this], level),
        changes=events.change_counts([this]),
        change_log=events.change_log([this]),
        inspections=upkeep.inspections([this]),
        backups=upkeep.backups([this]),
        security=found,
        vulnerability_chart=draw.vulnerability_chart(found),
        addresses=conduct.addresses([this]),
        drills=conduct.drills([this]),
        people=conduct.people([this], book.roster, service.this.last_day.value),
        problems=agenda.problems(this),
        plans=agenda.plans(this),
        requests=agenda.requests(this),
        assumptions=assumptions_for_reports(book, as_of),
    )


KIND = Kind(
    name="quarterly_report",
    title="季度报告",
    context=QuarterlyReport,
    plan=plan,
    compose=compose,
    sealing=Sealing(
        place="封面、落款", personal="编制、审核、批准及在岗人员姓名", for_acceptance=True
    ),
)
