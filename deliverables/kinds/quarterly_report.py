"""The quarterly report (季度报告): due once per service quarter, sealed (第三条第6款)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute import charts as draw
from deliverables.compute import operations
from deliverables.compute.assumptions import report_statements
from deliverables.compute.availability import (
    DurabilitySummary,
    QuarterService,
    days,
    downtime_by_cause,
    durability,
    months_of,
    named_months,
    quarter_service,
    span,
)
from deliverables.compute.figures import made_on
from deliverables.compute.indicators import Indicator, indicators
from deliverables.compute.operations import (
    Evidence,
    HostUsage,
    LateTicket,
    Narrative,
    evidence,
    narrative,
    usage,
)
from deliverables.compute.term import (
    period_word,
    quarter_label,
    report_title,
    report_word,
    sample_data,
    served_quarters,
)
from deliverables.kinds import Deliverable, Kind, Sealing, file_stem, missing_workbooks
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart
from deliverables.values.figure import Figure, Statement


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
    report_title: Figure[str]
    period_label: str
    first_day: Figure[date]
    last_day: Figure[date]
    days: Figure[Decimal]
    prepared_by: Figure[str]
    reviewed_by: Figure[str]
    approved_by: Figure[str]
    dated: Figure[date]
    indicators: tuple[Indicator, ...]
    narrative: Narrative
    evidence: Evidence
    stock: operations.ResourceStock
    usage: HostUsage
    allocation_chart: Chart
    usage_chart: Chart
    service: QuarterService
    availability_chart: Chart
    downtime_chart: Chart
    durability: DurabilitySummary
    alarms: operations.AlarmSummary
    alarm_chart: Chart
    tickets: operations.TicketCounts
    late_tickets: tuple[LateTicket, ...]
    ticket_chart: Chart
    incidents: operations.IncidentSummary
    changes: operations.ChangeCounts
    change_log: tuple[operations.ChangeLine, ...]
    inspections: operations.InspectionSummary
    backups: operations.BackupSummary
    security: operations.SecuritySummary
    vulnerability_chart: Chart
    addresses: operations.AddressSummary
    drills: operations.DrillSummary
    people: operations.PeopleSummary
    remedies: tuple[Statement, ...]
    unanswered: bool
    problems: tuple[operations.IssueLine, ...]
    carried: tuple[operations.FollowedLine, ...]
    plans: tuple[operations.IssueLine, ...]
    requests: tuple[operations.RequestLine, ...]
    assumptions: tuple[Statement, ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return one report per service quarter that was served; each once its quarter is over."""
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
        for number, period in enumerate(served_quarters(contract, as_of), start=1)
    )


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> QuarterlyReport:
    """Return what the report of one quarter says, year-to-date figures from all before it."""
    contract, number = book.contract, int(deliverable.part.removeprefix("Q"))
    this, service = book.quarters[number], quarter_service(book, number, as_of)
    held, used, found = operations.stock([this]), usage([this]), operations.security([this], as_of)
    level, months = contract.service_levels, named_months(contract, span(contract, [number], as_of))
    monthly = months_of(book, [number], as_of)
    labels = {n: quarter_label(contract, n) for n in book.quarters}
    so_far = {n: book.quarters[n] for n in range(1, number + 1)}
    below = {n: so_far[n] for n in so_far if n == number or not service.to_date.met}
    remedies = operations.remedies(below, as_of) if not service.all_met else ()
    return QuarterlyReport(
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        service_name=contract.service.figure("name"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        period=period_word(contract),
        report_title=report_title(contract),
        period_label=quarter_label(contract, number),
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=days(service.this),
        prepared_by=this.cover.figure("prepared_by"),
        reviewed_by=this.cover.figure("reviewed_by"),
        approved_by=this.cover.figure("approved_by"),
        dated=made_on(as_of),
        indicators=indicators(book, service.lines, [number], as_of),
        narrative=narrative([this]),
        evidence=evidence([this]),
        stock=held,
        usage=used,
        allocation_chart=draw.allocation_chart(held),
        usage_chart=draw.usage_chart(used),
        service=service,
        availability_chart=draw.availability_chart(
            [line.label for line in monthly],
            [line.percent.value for line in monthly],
            level.availability,
        ),
        downtime_chart=draw.downtime_chart(downtime_by_cause(book, [number], as_of)),
        durability=durability([this], level),
        alarms=operations.alarm_summary([this]),
        alarm_chart=draw.alarm_chart([this], months),
        tickets=operations.ticket_counts([this]),
        late_tickets=operations.late_tickets([this]),
        ticket_chart=draw.ticket_chart([this], months),
        incidents=operations.incidents([this], level),
        changes=operations.change_counts([this]),
        change_log=operations.change_log([this]),
        inspections=operations.inspections([this]),
        backups=operations.backups([this]),
        security=found,
        vulnerability_chart=draw.vulnerability_chart(found),
        addresses=operations.addresses([this]),
        drills=operations.drills([this]),
        people=operations.people([this], book.roster, service.this.last_day.value, as_of),
        remedies=remedies,
        unanswered=not service.all_met and not remedies,
        problems=operations.problems(this, as_of),
        carried=operations.carried(so_far, labels, number, as_of),
        plans=operations.plans(this, as_of),
        requests=operations.requests(this, as_of),
        assumptions=report_statements(book, as_of),
    )


KIND = Kind(
    name="quarterly_report",
    title="季度报告",
    context=QuarterlyReport,
    plan=plan,
    compose=compose,
    article="验收条款",
    occasion="每个服务季度结束后一份",
    sealing=Sealing(
        place="封面、落款", personal="编制、审核、批准及在岗人员姓名", for_acceptance=True
    ),
)
