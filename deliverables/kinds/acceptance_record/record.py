"""What one record of acceptance says: facts up to its day, no opinion of the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.compute import matters
from deliverables.compute.assumptions import about, assumptions, said
from deliverables.compute.availability import YearService, days, year_service
from deliverables.compute.feedback import Feedback, feedback
from deliverables.compute.figures import counted, iso_day, made_on, told
from deliverables.compute.indicators import (
    TrendLine,
    Year,
    acceptance_result,
    trend,
    trend_total,
    year_of,
)
from deliverables.compute.requirement import Requirements, requirements
from deliverables.compute.series import OPERATIONS, SUMMARY, Report, reports
from deliverables.compute.term import period_word, quarter_labels, report_word
from deliverables.kinds import Deliverable
from deliverables.kinds.acceptance_record.stages import AcceptanceStage, acceptances_of, numbers_of
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Instalment, cited
from deliverables.model.fields import SILENT, Missing
from deliverables.status import FAILED
from deliverables.values.figure import Figure, Statement


@dataclass(frozen=True, slots=True)
class HandedReport:
    """A report that is handed over with it, and the days it covers."""

    title: str
    covers: str


@dataclass(frozen=True, slots=True)
class Released:
    """An instalment that is paid once this acceptance is passed, in yuan, and on which terms."""

    name: Figure[str]
    amount: Figure[Decimal]
    terms: Statement


@dataclass(frozen=True, slots=True)
class AcceptanceRecord:
    """Everything the draft of one record of acceptance prints."""

    title: str
    project: Figure[str]
    service_name: Figure[str]
    contract_number: Figure[str]
    client: Figure[str]
    contractor: Figure[str]
    total: Figure[Decimal]
    article: Figure[str]
    scope: str
    first_day: Figure[date]
    last_day: Figure[date]
    days: Figure[Decimal]
    dated: Figure[date]
    period: str
    procedure: tuple[Statement, ...]
    public: bool
    bond: Statement
    bond_told: bool
    requirements: Requirements
    any_unmet: bool
    any_left: bool
    remedies: tuple[Statement, ...]
    service: YearService
    counted_by: tuple[Statement, ...]
    trend: tuple[TrendLine, ...]
    trend_total: TrendLine
    opinions: tuple[Statement, ...]
    materials: tuple[HandedReport, ...]
    released: tuple[Released, ...]


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> AcceptanceRecord:
    """Return what the record says: facts up to the day, no opinion of the client.

    What came to pass after an acceptance was passed is no part of what it accepted.
    """
    as_of = min(as_of, deliverable.accepted or as_of)
    book = book.as_known(as_of)
    contract = book.contract
    one = {one.part: one for one in acceptances_of(contract)}[deliverable.part]
    numbers, (scope, label) = numbers_of(contract, one, as_of), one.scope()
    service = year_service(book, numbers, as_of, label)
    bond = _bond(contract)
    handed = _handed_over(contract, numbers, one, as_of)
    year = year_of(book, numbers, service, as_of)
    found = requirements(year, _source(handed, contract))
    return AcceptanceRecord(
        title=one.title,
        project=contract.identity.figure("title"),
        service_name=contract.service.figure("name"),
        contract_number=contract.identity.figure("number"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        total=contract.payment.figure("total"),
        article=cited((contract.acceptance if one.final else one.released[0]).figure("article")),
        scope=scope,
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=days(service.this),
        dated=_dated(book, deliverable, as_of),
        period=period_word(contract),
        procedure=(*_procedure(contract, one), *_earlier(book, one), *_refused(book, one)),
        public=bool(contract.acceptance.public_procurement),
        bond=bond,
        bond_told=bool(bond.text),
        requirements=found,
        any_unmet=bool(found.unmet),
        any_left=bool(found.left),
        remedies=()
        if service.all_met
        else (matters.remedies(book.quarters, numbers, as_of, over=label).told,),
        service=service,
        counted_by=tuple(
            said(book, one) for one in about(assumptions(book, as_of), "availability")
        ),
        trend=trend(book, numbers, as_of),
        trend_total=trend_total(book, numbers, as_of),
        opinions=_opinions(year, label),
        materials=tuple(HandedReport(report.series.name, report.label) for report in handed),
        released=tuple(
            Released(
                name=item.figure("name"),
                amount=item.figure("amount"),
                terms=_quoted(item),
            )
            for item in one.released
        ),
    )


def _dated(book: ContractBook, deliverable: Deliverable, as_of: date) -> Figure[date]:
    """Return the day the record is of: that of the acceptance it records, once it was passed."""
    rows = book.ledger.acceptances if book.ledger else ()
    for row in rows:
        if row.stage == deliverable.records and row.accepted == deliverable.accepted == as_of:
            return row.figure("accepted")
    return made_on(as_of)


def _handed_over(
    contract: Contract, numbers: tuple[int, ...], acceptance: AcceptanceStage, as_of: date
) -> tuple[Report, ...]:
    """Return the sealed reports on these periods, at the end the summaries too."""
    forms = (OPERATIONS, SUMMARY) if acceptance.final else (OPERATIONS,)
    return tuple(
        one
        for form in forms
        for one in reports(contract, form, as_of)
        if one.series.sealed and set(one.numbers) <= set(numbers)
    )


def _quoted(item: Instalment) -> Statement:
    """Return in brackets where the contract says on what an instalment hangs, and in what words."""
    article, words = item.figure("article"), item.figure("condition_text")
    pattern = "{article}" if article.value else ""
    pattern += "：“{words}”" if words.value else ""
    told = f"（合同{pattern}）" if pattern else ""
    return Statement.of("付款条件", told, item.article, article=article, words=words)


def _procedure(contract: Contract, one: AcceptanceStage) -> tuple[Statement, ...]:
    """Return how the contract has it accepted; nothing where it does not say and need not."""
    terms = contract.acceptance
    stated = terms.figure("period" if one.final else "interim_procedure")
    if one.final:
        if not terms.period.unit:
            return ()
        pattern = "合同约定的验收期限：{stated}。"
    elif isinstance(terms.interim_procedure, Missing):
        pattern = "合同没有约定中期验收的程序、材料和期限。"
        return (Statement.of("中期验收办法", pattern, terms.article, stated),)
    elif not terms.interim_procedure:
        return ()
    else:
        pattern = "合同约定的中期验收办法：{stated}。"
    return (Statement.of("验收办法", pattern, terms.article, stated=stated),)


def _earlier(book: ContractBook, one: AcceptanceStage) -> tuple[Statement, ...]:
    """Return how the interim acceptances ended, in the record of the final one."""
    rows = book.ledger.acceptances if book.ledger and one.final else ()
    article = book.contract.acceptance.article
    return tuple(
        Statement.of("此前的验收", "{result}。", article, result=acceptance_result(row, article))
        for row in rows
        if row.stage != one.stage and row.accepted is not None
    )


def _refused(book: ContractBook, one: AcceptanceStage) -> tuple[Statement, ...]:
    """Return that it is asked for once more, where this acceptance was refused before."""
    rows = book.ledger.acceptances if book.ledger else ()
    refused = [row for row in rows if row.stage == one.stage and row.result == FAILED]
    if not refused or refused[-1].accepted is None:
        return ()
    said: dict[str, Figure[Any]] = {"day": iso_day(refused[-1].figure("accepted"))}
    pattern = "{day}验收不通过"
    if refused[-1].document:
        pattern, said["paper"] = pattern + "，见{paper}", refused[-1].figure("document")
    pattern += "；本次为返工或者调整后的重新验收。"
    return (told("重新验收", pattern, book.contract.acceptance.article, said),)


def _bond(contract: Contract) -> Statement:
    """Return what the contract says of a performance bond; nothing where nobody filled it in."""
    terms = contract.acceptance
    stated = terms.figure("performance_bond")
    if not terms.performance_bond:
        return Statement("履约保证金", "", "", stated.origin)
    if terms.performance_bond == SILENT:
        return Statement.of("履约保证金", "合同没有约定履约保证金。", terms.article, stated)
    end = "" if stated.text.endswith("。") else "。"
    pattern = f"合同对履约保证金的约定：“{{stated}}”{end}"
    return Statement.of("履约保证金", pattern, terms.article, stated=stated)


def _opinions(year: Year, label: str) -> tuple[Statement, ...]:
    """Return what those who use the service said of it, and how often it was talked about."""
    labels = quarter_labels(year.contract, year.book.quarters)
    followed = matters.followed(year.book.quarters, labels, year.numbers[-1], year.as_of)
    found = feedback(year.quarters, followed, label)
    met = counted("服务会议", found.meetings, "召开服务会议 {n} 次", "没有召开服务会议的记录")
    return (found.satisfaction, *_answers(found), found.heard, met)


def _answers(found: Feedback) -> tuple[Statement, ...]:
    """Return the answers behind the share of the last survey in the periods."""
    return tuple(
        Statement.of(
            "满意度", "发放 {sent} 份、收回 {returned} 份，满意 {satisfied}、基本满意 {fair}、"
            "不满意 {dissatisfied}", "", sent=last.sent, returned=last.returned,
            satisfied=last.satisfied, fair=last.fair, dissatisfied=last.dissatisfied,
        )
        for last in found.surveys[-1:]
    )  # fmt: skip


def _source(handed: tuple[Report, ...], contract: Contract) -> str:
    """Return what the last of the reports is called: it tells of all that is accepted."""
    return handed[-1].series.name if handed else report_word(contract)
