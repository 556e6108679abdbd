"""What the report of one period says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliverables.compute import report_charts as draw
from deliverables.compute.availability import (
    PeriodService,
    availability_line,
    months_of,
    named_months,
    period_service,
    span,
)
from deliverables.compute.comparison import View
from deliverables.compute.operations import (
    ChangeLine,
    LateTicket,
    Narrative,
    change_log,
    late_tickets,
    narrative,
)
from deliverables.compute.period_report import PeriodReport, period_report
from deliverables.compute.scorecard import Score, scorecard
from deliverables.compute.series import OPERATIONS, Report, report_of, reports
from deliverables.compute.term import month_name, quarter_label
from deliverables.kinds import Deliverable
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart


@dataclass(frozen=True, slots=True)
class QuarterlyReport(PeriodReport):
    """Everything one quarterly report prints."""

    scorecard: tuple[Score, ...]
    narrative: Narrative
    service: PeriodService
    losses: draw.Losses
    loss_chart: Chart
    alarm_months: draw.MonthlyCounts
    alarm_chart: Chart
    late_tickets: tuple[LateTicket, ...]
    ticket_months: draw.MonthlyCounts
    ticket_chart: Chart
    change_log: tuple[ChangeLine, ...]


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> QuarterlyReport:
    """Return what the report of one period says, figures to date from all periods before it."""
    contract = book.contract
    report = report_of(contract, OPERATIONS, deliverable.part, as_of)
    numbers, since = report.numbers, range(1, report.numbers[-1] + 1)
    these = [book.quarters[number] for number in numbers]
    earlier = _before(report, book, as_of)
    former = earlier.numbers if earlier else ()
    before = availability_line(book, earlier.label, former, as_of) if earlier else None
    service = period_service(book, report.label, numbers, as_of, before)
    months = named_months(contract, span(contract, numbers, as_of))
    monthly = months_of(book, numbers, as_of)
    view = View(
        now=report.now,
        word=report.word,
        these=these,
        former=[book.quarters[number] for number in former],
    )
    return QuarterlyReport(
        **period_report(
            book,
            report,
            view,
            service,
            as_of,
            since=since,
            missed_in=numbers if service.to_date.met else since,
            beside=[before] if before else [],
        ),
        scorecard=scorecard(
            book, service, numbers, former=former, last=before, as_of=as_of, series=report.series
        ),
        narrative=narrative(these, [quarter_label(contract, number) for number in numbers]),
        service=service,
        losses=draw.losses(monthly, month_name(contract)),
        loss_chart=draw.loss_chart(monthly),
        alarm_months=draw.alarm_months(these, months, month_name(contract)),
        alarm_chart=draw.alarm_chart(these, months),
        late_tickets=late_tickets(these),
        ticket_months=draw.ticket_months(these, months, month_name(contract)),
        ticket_chart=draw.ticket_chart(these, months),
        change_log=change_log(these),
    )


def _before(report: Report, book: ContractBook, as_of: date) -> Report | None:
    """Return the report before in its series; none before the first."""
    for one in reports(book.contract, OPERATIONS, as_of):
        if one.series == report.series and one.number == report.number - 1:
            return one
    return None
