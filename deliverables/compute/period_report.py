"""What a report on a period and the summary of a year both say: cover, page one, chapters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deliverables.compute import matters, operations
from deliverables.compute import report_charts as draw
from deliverables.compute.assumptions import report_statements
from deliverables.compute.availability import (
    AvailabilityLine,
    DurabilitySummary,
    PeriodService,
    YearService,
    downtime_by_cause,
    durability,
    part_months,
    span,
)
from deliverables.compute.capacity import Capacity, capacity
from deliverables.compute.chapters import Chapters, numbered
from deliverables.compute.comparison import Leads, View, leads
from deliverables.compute.feedback import Feedback, feedback
from deliverables.compute.figures import made_on, parts_of
from deliverables.compute.incidents import IncidentSummary, incidents
from deliverables.compute.response import Response, major_incidents, response
from deliverables.compute.scorecard import Happened, happened
from deliverables.compute.series import Report
from deliverables.compute.term import month_name, quarter_labels, service_end
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart
from deliverables.model.contract import Contract
from deliverables.model.operations_sheets import CHAPTERS
from deliverables.values.dates import Period
from deliverables.values.figure import Figure, Statement
from deliverables.values.period_names import one_before
from deliverables.values.title import cover_title

_ROOM, _ROOM_BESIDE_MONEY, _LEAST_ROOM = 10, 6, 3
"""How many matters fit on page one of a report, and on that of a summary, which tells of money."""
_LINE = 40
"""How many characters a line of text holds."""


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """The names that both print."""

    project: Figure[str]
    contract_number: Figure[str]
    signed_on: Figure[date]
    service_name: Figure[str]
    cover_name: Figure[str]
    client: Figure[str]
    contractor: Figure[str]
    now: str
    period: str
    period_before: str
    month: str
    report_title: Figure[str]
    sealed: bool
    chapters: Chapters
    period_label: str
    first_day: Figure[date]
    last_day: Figure[date]
    prepared_by: Figure[str]
    reviewed_by: Figure[str]
    approved_by: Figure[str]
    dated: Figure[date]
    happened: Happened
    leads: Leads
    evidence: operations.Evidence
    sources: tuple[operations.SourceLine, ...]
    stock: operations.ResourceStock
    usage: operations.HostUsage
    capacity: Capacity
    cause_title: Statement
    downtime_chart: Chart
    durability: DurabilitySummary
    alarms: operations.AlarmSummary
    tickets: operations.TicketCounts
    incidents: IncidentSummary
    response: Response
    feedback: Feedback
    changes: operations.ChangeCounts
    inspections: operations.InspectionSummary
    unmended: tuple[Statement, ...]
    backups: operations.BackupSummary
    security: operations.SecuritySummary
    addresses: operations.AddressSummary
    drills: operations.DrillSummary
    people: operations.PeopleSummary
    register: matters.Register
    assumptions: tuple[Statement, ...]


def period_report(
    book: ContractBook,
    report: Report,
    view: View,
    service: PeriodService | YearService,
    as_of: date,
    *,
    since: Iterable[int],
    missed_in: Sequence[int],
    beside: Sequence[AvailabilityLine],
) -> Mapping[str, Any]:
    """Return, by name, what both say.

    Usage and response are held against the periods `since`, availability against the lines `beside`
    it; remedies are looked for in the periods that it may have been `missed_in`.
    """
    contract, numbers, these = book.contract, report.numbers, view.these
    until, cover = [book.quarters[number] for number in since], these[-1].cover
    held = operations.stock(these)
    used = operations.usage(
        these, view.former, part_months(contract, span(contract, numbers, as_of))
    )
    earlier = [book.quarters[number] for number in since if number < numbers[0]]
    first, last = service.this.first_day, service.this.last_day
    over = view.now if list(missed_in) == list(numbers) else service.lines[-1].label
    remedies = (
        None if service.all_met else matters.remedies(book.quarters, missed_in, as_of, over=over)
    )
    causes = downtime_by_cause(book, numbers, as_of)
    labels = quarter_labels(contract, book.quarters)
    followed = matters.followed(book.quarters, labels, numbers[-1], as_of)
    said = PeriodReport(
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        service_name=contract.service.figure("name"),
        cover_name=_on_the_cover(contract),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        now=view.now,
        period=view.word,
        period_before=one_before(view.word),
        month=month_name(contract),
        report_title=report.series.figure("name"),
        sealed=report.series.sealed,
        chapters=numbered(report.series),
        period_label=report.label,
        first_day=first,
        last_day=last,
        prepared_by=cover.figure("prepared_by"),
        reviewed_by=cover.figure("reviewed_by"),
        approved_by=cover.figure("approved_by"),
        dated=made_on(as_of),
        happened=happened(
            book, service.lines, numbers, remedies, view=view, as_of=as_of, series=report.series
        ),
        leads=leads(view, book, service.this, beside, as_of),
        evidence=operations.evidence(these),
        sources=operations.source_lines(these),
        stock=held,
        usage=used,
        capacity=capacity(
            these,
            operations.usage(until).months,
            held,
            Period(first.value, last.value),
            service_end(contract, as_of),
        ),
        cause_title=draw.cause_title(causes, service.outages),
        downtime_chart=draw.downtime_chart(causes),
        durability=durability(these, contract.service_levels),
        alarms=operations.alarm_summary(these, view.former),
        tickets=operations.ticket_counts(these, view.former),
        incidents=incidents(these, contract.service_levels),
        response=response(
            these,
            until,
            view.former,
            major_incidents(these, followed, contract.service_levels),
        ),
        feedback=feedback(these, followed, view.now, earlier),
        changes=operations.change_counts(these, view.former),
        inspections=operations.inspections(these, view.former),
        unmended=operations.unmended(these, followed),
        backups=operations.backups(these, view.former),
        security=operations.security(these, as_of, view.former),
        addresses=operations.addresses(these, view.former),
        drills=operations.drills(these, followed),
        people=operations.people(
            these, book.roster, last.value, as_of, confidential=contract.owes_agreements
        ),
        register=matters.register(
            book.quarters,
            labels,
            numbers,
            first.value,
            as_of,
            now=view.now,
            room=_room(view, all_met=service.all_met),
            missed_in=missed_in if remedies else (),
        ),
        assumptions=report_statements(book, as_of),
    )
    return parts_of(said)


def _room(view: View, *, all_met: bool) -> int:
    """Return how many matters page one has room for.

    Each line that a person wrote there takes the place of one; one more fits where no level was
    missed, of which nothing is to be told then.
    """
    if view.parts:
        return _ROOM_BESIDE_MONEY + all_met
    written = (each for quarter in view.these for each in quarter.narrative)
    lines = sum(
        -(-(len(each.text) + 2) // _LINE) for each in written if each.chapter == CHAPTERS[0]
    )
    return max(_ROOM - lines, _LEAST_ROOM) + all_met


def _on_the_cover(contract: Contract) -> Figure[str]:
    """Return the name of the service in the lines of the title."""
    name = contract.service.figure("name")
    names = (contract.client.name, contract.contractor.name)
    return replace(name, text=cover_title(name.text, names))
