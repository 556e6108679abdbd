"""What the report of one period says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute import charts as draw
from deliverables.compute import matters, operations
from deliverables.compute.assumptions import report_statements
from deliverables.compute.availability import (
    MONTH_LONG,
    DurabilitySummary,
    PeriodService,
    availability_line,
    days,
    downtime_by_cause,
    durability,
    level_over,
    months_of,
    named_months,
    period_service,
    span,
)
from deliverables.compute.capacity import Capacity, capacity
from deliverables.compute.chapters import Chapters, numbered
from deliverables.compute.comparison import Leads, View, leads
from deliverables.compute.feedback import Feedback, feedback
from deliverables.compute.figures import made_on
from deliverables.compute.incidents import IncidentSummary, incidents
from deliverables.compute.operations import (
    Evidence,
    HostUsage,
    LateTicket,
    Narrative,
    SourceLine,
    evidence,
    narrative,
    source_lines,
    usage,
)
from deliverables.compute.response import Response, response
from deliverables.compute.scorecard import Happened, Score, happened, scorecard
from deliverables.compute.series import OPERATIONS, Report, report_of, reports
from deliverables.compute.term import month_name, period_word, quarter_label
from deliverables.kinds import Deliverable
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart
from deliverables.model.contract import Contract
from deliverables.values.figure import Figure, Statement
from deliverables.values.period_names import one_before


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
    period_before: str
    month: str
    report_title: Figure[str]
    sealed: bool
    chapters: Chapters
    period_label: str
    first_day: Figure[date]
    last_day: Figure[date]
    days: Figure[Decimal]
    prepared_by: Figure[str]
    reviewed_by: Figure[str]
    approved_by: Figure[str]
    dated: Figure[date]
    scorecard: tuple[Score, ...]
    happened: Happened
    leads: Leads
    narrative: Narrative
    evidence: Evidence
    sources: tuple[SourceLine, ...]
    stock: operations.ResourceStock
    usage: HostUsage
    capacity: Capacity
    service: PeriodService
    availability_chart: Chart
    downtime_chart: Chart
    durability: DurabilitySummary
    alarms: operations.AlarmSummary
    alarm_chart: Chart
    tickets: operations.TicketCounts
    late_tickets: tuple[LateTicket, ...]
    ticket_chart: Chart
    incidents: IncidentSummary
    response: Response
    feedback: Feedback
    changes: operations.ChangeCounts
    change_log: tuple[operations.ChangeLine, ...]
    inspections: operations.InspectionSummary
    backups: operations.BackupSummary
    security: operations.SecuritySummary
    addresses: operations.AddressSummary
    drills: operations.DrillSummary
    people: operations.PeopleSummary
    register: matters.Register
    assumptions: tuple[Statement, ...]


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> QuarterlyReport:
    """Return what the report of one period says, figures to date from all periods before it."""
    contract = book.contract
    report = report_of(contract, OPERATIONS, deliverable.part, as_of)
    numbers, last = report.numbers, report.numbers[-1]
    these = [book.quarters[number] for number in numbers]
    this, before = these[-1], _before(contract, report, as_of)
    former = before.numbers if before else ()
    last_line = availability_line(book, before.label, former, as_of) if before else None
    service = period_service(book, report.label, numbers, as_of, last_line)
    held = operations.stock(these)
    level, months = contract.service_levels, named_months(contract, span(contract, numbers, as_of))
    monthly = months_of(book, numbers, as_of)
    labels = {n: quarter_label(contract, n) for n in book.quarters}
    below = range(1, last + 1) if not service.to_date.met else numbers
    remedies = None if service.all_met else matters.remedies(book.quarters, below, as_of)
    until = [book.quarters[number] for number in range(1, last + 1)]
    view = View(
        now=f"本{report.word}",
        word=report.word,
        these=these,
        former=[book.quarters[number] for number in former],
    )
    return QuarterlyReport(
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        service_name=contract.service.figure("name"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        period=report.word,
        period_before=one_before(report.word),
        month=month_name(contract),
        report_title=report.series.figure("name"),
        sealed=report.series.sealed,
        chapters=numbered(report.series),
        period_label=report.label,
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=days(service.this),
        prepared_by=this.cover.figure("prepared_by"),
        reviewed_by=this.cover.figure("reviewed_by"),
        approved_by=this.cover.figure("approved_by"),
        dated=made_on(as_of),
        scorecard=scorecard(
            book, service, numbers, former=former, last=last_line, as_of=as_of, series=report.series
        ),
        happened=happened(
            book, service.lines, numbers, remedies, view=view, as_of=as_of, series=report.series
        ),
        leads=leads(view, book, service.this, [last_line] if last_line else [], as_of),
        narrative=narrative(these, [labels[number] for number in numbers]),
        evidence=evidence(these),
        sources=source_lines(these),
        stock=held,
        usage=usage(these, view.former),
        capacity=capacity(these, usage(until).months, held, period_word(contract)),
        service=service,
        availability_chart=draw.availability_chart(
            [line.label for line in monthly],
            [line.percent.value for line in monthly],
            level_over(contract, MONTH_LONG).value,
            [line.cause for line in monthly],
        ),
        downtime_chart=draw.downtime_chart(downtime_by_cause(book, numbers, as_of)),
        durability=durability(these, level),
        alarms=operations.alarm_summary(these, view.former),
        alarm_chart=draw.alarm_chart(these, months),
        tickets=operations.ticket_counts(these, view.former),
        late_tickets=operations.late_tickets(these),
        ticket_chart=draw.ticket_chart(these, months),
        incidents=incidents(these, level),
        response=response(these, until),
        feedback=feedback(these, as_of, view.now, [book.quarters[n] for n in range(1, numbers[0])]),
        changes=operations.change_counts(these),
        change_log=operations.change_log(these),
        inspections=operations.inspections(these),
        backups=operations.backups(these),
        security=operations.security(these, as_of),
        addresses=operations.addresses(these),
        drills=operations.drills(these),
        people=operations.people(
            these,
            book.roster,
            service.this.last_day.value,
            as_of,
            confidential=book.contract.confidentiality is not None,
        ),
        register=matters.register(
            book.quarters, labels, numbers, service.this.first_day.value, as_of
        ),
        assumptions=report_statements(book, as_of),
    )


def _before(contract: Contract, report: Report, as_of: date) -> Report | None:
    """Return the report before in its series; none before the first."""
    for one in reports(contract, OPERATIONS, as_of):
        if one.series == report.series and one.number == report.number - 1:
            return one
    return None
