"""What one annual summary says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliverables.compute import report_charts as draw
from deliverables.compute.account import Account, account_of
from deliverables.compute.availability import (
    YearService,
    quarters_of,
    year_service,
)
from deliverables.compute.chapters import SummaryChapters, numbered_behind
from deliverables.compute.closure import ClosureLine, closure
from deliverables.compute.comparison import View, trended
from deliverables.compute.indicators import (
    Duties,
    TrendLine,
    acceptance_state,
    duties,
    materials,
    trend,
    trend_total,
    year_of,
)
from deliverables.compute.period_report import PeriodReport, period_report
from deliverables.compute.requirement import Requirements, requirements
from deliverables.compute.scorecard import YearScore, year_scorecard
from deliverables.compute.series import SUMMARY, report_of
from deliverables.compute.statement import AccountStatement, owed, reduced, statement
from deliverables.compute.term import month_name, period_word, report_word
from deliverables.kinds import Deliverable
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart
from deliverables.values.figure import Figure, Statement


@dataclass(frozen=True, slots=True)
class AnnualSummary(PeriodReport):
    """Everything one annual summary prints."""

    own: SummaryChapters
    report: str
    scorecard: tuple[YearScore, ...]
    service: YearService
    losses: draw.Losses
    loss_chart: Chart
    trended: tuple[Statement, ...]
    trend: tuple[TrendLine, ...]
    trend_total: TrendLine
    usage_title: Statement
    usage_chart: Chart
    account: AccountStatement
    reduced: Statement
    owed: Statement
    duties: Duties
    requirements: Requirements
    materials: Statement
    materials_agreed: bool
    asked_materials: Figure[str]
    acceptance: Statement
    closure: tuple[ClosureLine, ...]


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> AnnualSummary:
    """Return what one annual summary says; minutes and counts are added, rates never averaged."""
    contract, word = book.contract, period_word(book.contract)
    report = report_of(contract, SUMMARY, deliverable.part, as_of)
    numbers, service = report.numbers, year_service(book, report.numbers, as_of, report.now)
    quarters = [book.quarters[number] for number in numbers]
    labels = [line.label for line in service.quarters]
    money, parts = _money(book, as_of), quarters_of(book, numbers, as_of)
    view = View(
        now=report.now, word=word, these=quarters, parts=list(zip(labels, quarters, strict=True))
    )
    common = period_report(
        book,
        report,
        view,
        service,
        as_of,
        since=numbers,
        missed_in=numbers,
        beside=service.quarters,
    )
    return AnnualSummary(
        **common,
        own=numbered_behind(report.series),
        report=report_word(contract),
        scorecard=year_scorecard(book, service, numbers, as_of, report.series),
        service=service,
        losses=draw.losses(parts, word),
        loss_chart=draw.loss_chart(parts),
        trended=tuple(filter(None, [trended(view)])),
        trend=trend(book, numbers, as_of),
        trend_total=trend_total(book, numbers, as_of),
        usage_title=draw.usage_title(common["usage"], month_name(contract)),
        usage_chart=draw.usage_chart(common["usage"]),
        account=statement(money),
        reduced=reduced(money),
        owed=owed(money),
        duties=duties(book, report, service, as_of),
        requirements=requirements(
            year_of(book, numbers, service, as_of, report), report.series.name
        ),
        materials=materials(book, report, as_of),
        materials_agreed=bool(contract.acceptance.materials),
        asked_materials=contract.acceptance.figure("materials"),
        acceptance=acceptance_state(book, as_of),
        closure=closure(book, numbers, as_of),
    )


def _money(book: ContractBook, as_of: date) -> Account:
    money = account_of(book, as_of)
    if money is None:
        raise ValueError("an annual summary needs the ledger")
    return money
