"""What one annual summary says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute import charts as draw
from deliverables.compute import matters, operations
from deliverables.compute.account import account
from deliverables.compute.assumptions import report_statements
from deliverables.compute.availability import (
    DurabilitySummary,
    YearService,
    days,
    downtime_by_cause,
    durability,
    level_over,
    main_cause,
    year_service,
)
from deliverables.compute.capacity import Capacity, capacity
from deliverables.compute.chapters import Chapters, chapter_behind, numbered
from deliverables.compute.closure import ClosureLine, closure
from deliverables.compute.comparison import Leads, View, leads
from deliverables.compute.feedback import Feedback, feedback
from deliverables.compute.figures import made_on
from deliverables.compute.incidents import IncidentSummary, incidents
from deliverables.compute.indicators import (
    MONEY_CHAPTER,
    Duties,
    TrendLine,
    acceptance_state,
    duties,
    materials,
    trend,
    trend_total,
    year_of,
)
from deliverables.compute.operations import (
    Evidence,
    HostUsage,
    SourceLine,
    evidence,
    source_lines,
    usage,
)
from deliverables.compute.requirement import Requirements, requirements
from deliverables.compute.response import Response, response
from deliverables.compute.scorecard import Happened, YearScore, happened, year_scorecard
from deliverables.compute.series import SUMMARY, report_of
from deliverables.compute.statement import AccountStatement, statement
from deliverables.compute.term import (
    month_name,
    period_word,
    quarter_label,
    report_word,
)
from deliverables.kinds import (
    Deliverable,
)
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart
from deliverables.values.figure import Figure, Statement
from deliverables.values.period_names import one_before


@dataclass(frozen=True, slots=True)
class AnnualSummary:
    """Everything one annual summary prints."""

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
    money_chapter: str
    report: str
    period_label: str
    first_day: Figure[date]
    last_day: Figure[date]
    days: Figure[Decimal]
    prepared_by: Figure[str]
    reviewed_by: Figure[str]
    approved_by: Figure[str]
    dated: Figure[date]
    scorecard: tuple[YearScore, ...]
    happened: Happened
    leads: Leads
    evidence: Evidence
    sources: tuple[SourceLine, ...]
    service: YearService
    availability_chart: Chart
    downtime_chart: Chart
    durability: DurabilitySummary
    trend: tuple[TrendLine, ...]
    trend_total: TrendLine
    stock: operations.ResourceStock
    usage: HostUsage
    capacity: Capacity
    usage_chart: Chart
    alarms: operations.AlarmSummary
    tickets: operations.TicketCounts
    incidents: IncidentSummary
    response: Response
    feedback: Feedback
    changes: operations.ChangeCounts
    inspections: operations.InspectionSummary
    backups: operations.BackupSummary
    security: operations.SecuritySummary
    addresses: operations.AddressSummary
    drills: operations.DrillSummary
    people: operations.PeopleSummary
    register: matters.Register
    account: AccountStatement
    duties: Duties
    requirements: Requirements
    materials: Statement
    materials_agreed: bool
    asked_materials: Figure[str]
    acceptance: Statement
    closure: tuple[ClosureLine, ...]
    assumptions: tuple[Statement, ...]


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> AnnualSummary:
    """Return what one annual summary says; minutes and counts are added, rates never averaged."""
    contract = book.contract
    report = report_of(contract, SUMMARY, deliverable.part, as_of)
    numbers = report.numbers
    quarters = [book.quarters[n] for n in numbers]
    level, cover = contract.service_levels, quarters[-1].cover
    service, used = year_service(book, numbers, as_of), usage(quarters)
    held = operations.stock(quarters)
    labels = [line.label for line in service.quarters]
    money = _money(book, as_of)
    names = {n: quarter_label(contract, n) for n in numbers}
    remedies = None if service.all_met else matters.remedies(book.quarters, numbers, as_of)
    view = View(
        now="本年度",
        word=period_word(contract),
        these=quarters,
        parts=list(zip(labels, quarters, strict=True)),
    )
    return AnnualSummary(
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        service_name=contract.service.figure("name"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        period=period_word(contract),
        period_before=one_before(period_word(contract)),
        month=month_name(contract),
        report_title=report.series.figure("name"),
        sealed=report.series.sealed,
        chapters=numbered(report.series),
        money_chapter=chapter_behind(report.series, MONEY_CHAPTER),
        report=report_word(contract),
        period_label=report.label,
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=days(service.this),
        prepared_by=cover.figure("prepared_by"),
        reviewed_by=cover.figure("reviewed_by"),
        approved_by=cover.figure("approved_by"),
        dated=made_on(as_of),
        scorecard=year_scorecard(book, service, numbers, as_of, report.series),
        happened=happened(
            book, service.lines, numbers, remedies, view=view, as_of=as_of, series=report.series
        ),
        leads=leads(view, book, service.this, service.quarters, as_of),
        evidence=evidence(quarters),
        sources=source_lines(quarters),
        service=service,
        availability_chart=draw.availability_chart(
            labels,
            [line.percent.value for line in service.quarters],
            level_over(contract, contract.data_series.length if contract.data_series else 0).value,
            [
                "" if line.met else main_cause(downtime_by_cause(book, [number], as_of))
                for number, line in zip(numbers, service.quarters, strict=True)
            ],
        ),
        downtime_chart=draw.downtime_chart(downtime_by_cause(book, numbers, as_of)),
        durability=durability(quarters, level),
        trend=trend(book, numbers, as_of),
        trend_total=trend_total(book, numbers, as_of),
        stock=held,
        usage=used,
        capacity=capacity(quarters, used.months, held, period_word(contract)),
        usage_chart=draw.usage_chart(used),
        alarms=operations.alarm_summary(quarters),
        tickets=operations.ticket_counts(quarters),
        incidents=incidents(quarters, level),
        response=response(quarters, quarters),
        feedback=feedback(quarters, as_of, view.now),
        changes=operations.change_counts(quarters),
        inspections=operations.inspections(quarters),
        backups=operations.backups(quarters),
        security=operations.security(quarters, as_of),
        addresses=operations.addresses(quarters),
        drills=operations.drills(quarters),
        people=operations.people(
            quarters,
            book.roster,
            service.this.last_day.value,
            as_of,
            confidential=book.contract.confidentiality is not None,
        ),
        register=matters.register(
            book.quarters, names, numbers, service.this.first_day.value, as_of, summary=True
        ),
        account=money,
        duties=duties(book, report, service, as_of),
        requirements=requirements(
            year_of(book, numbers, service, as_of, report), report.series.name
        ),
        materials=materials(book, report, as_of),
        materials_agreed=bool(contract.acceptance.materials),
        asked_materials=contract.acceptance.figure("materials"),
        acceptance=acceptance_state(book, as_of),
        closure=closure(book, numbers, as_of),
        assumptions=report_statements(book, as_of),
    )


def _money(book: ContractBook, as_of: date) -> AccountStatement:
    if book.ledger is None:
        raise ValueError("an annual summary needs the ledger")
    return statement(account(book.contract, book.ledger, book.calendar, as_of))
