"""The record of acceptance (验收书), as a draft for the client: every requirement, one by one.

The client issues it (政府采购法实施条例 第四十五条; 财库〔2016〕205号 第十条), the contractor can
only prepare it. There is one for the final acceptance, and one for the first half of the term where
a payment hangs on an interim acceptance, with the figures of its reports put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from deliverables.compute import operations
from deliverables.compute.availability import YearService, days, year_service
from deliverables.compute.figures import made_on
from deliverables.compute.indicators import TrendLine, trend, trend_total, year_of
from deliverables.compute.milestones import FINAL, INTERIM, milestones_of
from deliverables.compute.requirement import Requirements, reports_named, requirements
from deliverables.compute.series import OPERATIONS, SUMMARY, Report, reports
from deliverables.compute.term import (
    over_half_from,
    period_word,
    quarters,
    sample_data,
    served_period,
    served_quarters,
)
from deliverables.kinds import (
    Deliverable,
    Kind,
    Sealing,
    file_stem,
    missing_ledger,
    missing_workbooks,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Instalment
from deliverables.model.fields import Missing
from deliverables.model.ledger import ACCEPTED
from deliverables.values.figure import Figure, Statement
from deliverables.values.period_names import normal

_PARTS = {"interim": INTERIM, "final": FINAL}
_TITLES = {INTERIM: "中期验收书", FINAL: "验收书"}
_LABELS = {INTERIM: "前半期", FINAL: "全服务期"}


@dataclass(frozen=True, slots=True)
class Material:
    """A report that is handed over with it, and the days it covers."""

    title: str
    covers: str


@dataclass(frozen=True, slots=True)
class Released:
    """An instalment that is paid once this acceptance is passed, in yuan, and on which terms."""

    name: Figure[str]
    amount: Figure[Decimal]
    terms: Figure[str]
    article: Figure[str]


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
    procedure: Statement
    requirements: Requirements
    any_unmet: bool
    remedies: tuple[Statement, ...]
    service: YearService
    trend: tuple[TrendLine, ...]
    trend_total: TrendLine
    materials: tuple[Material, ...]
    released: tuple[Released, ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the record of each acceptance that the contract has, where it has records at all."""
    contract = book.contract
    if contract.data_series is None:
        return ()
    return tuple(
        _planned(book, part, stage, as_of)
        for part, stage in _PARTS.items()
        if stage == FINAL or _released_by(contract, INTERIM)
    )


def _planned(book: ContractBook, part: str, stage: str, as_of: date) -> Deliverable:
    contract = book.contract
    numbers = _numbers(contract, stage, as_of)
    from_day = served_period(contract, as_of).last + timedelta(days=1)
    return Deliverable(
        kind="acceptance_record",
        contract=book.number,
        part=part,
        title=f"{contract.identity.title}{_TITLES[stage]}",
        article=_article(contract, stage),
        folder="acceptance",
        stem=file_stem(book.number, _TITLES[stage]),
        possible_from=over_half_from(contract) if stage == INTERIM else from_day,
        due=None,
        blockers=(*missing_workbooks(book, numbers), *missing_ledger(book)),
        sample=sample_data(book, numbers) or (book.ledger is not None and book.ledger.cover.sample),
        name=_TITLES[stage],
        on_demand=True,
        settled=_accepted(book, stage, as_of),
        sealed=False,
        words=frozenset({normal(stage), normal(_TITLES[stage])}),
    )


def _numbers(contract: Contract, stage: str, as_of: date) -> tuple[int, ...]:
    """Return the periods of data: those that ended in the first half, or all that were served."""
    served, half = served_quarters(contract, as_of), over_half_from(contract)
    whole = quarters(contract)
    return tuple(
        number
        for number in range(1, len(served) + 1)
        if stage == FINAL or whole[number - 1].last < half
    )


def _article(contract: Contract, stage: str) -> str:
    if stage == FINAL:
        return contract.acceptance.article
    return _released_by(contract, INTERIM)[0].article


def _released_by(contract: Contract, stage: str) -> tuple[Instalment, ...]:
    return tuple(
        item
        for item in contract.payment.instalments
        if any(one.stage == stage for one in milestones_of(item))
    )


def _accepted(book: ContractBook, stage: str, as_of: date) -> date | None:
    rows = book.ledger.acceptances if book.ledger else ()
    passed = [row.accepted for row in rows if row.stage == stage and row.result == ACCEPTED]
    return next((day for day in passed if day is not None and day <= as_of), None)


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> AcceptanceRecord:
    """Return what the record says: facts up to the day, no opinion of the client."""
    contract, stage = book.contract, _PARTS[deliverable.part]
    numbers = _numbers(contract, stage, as_of)
    service = year_service(book, numbers, as_of, _LABELS[stage])
    handed = _handed_over(contract, numbers, stage, as_of)
    year = year_of(book, numbers, service, as_of)
    found = requirements(year, _source(handed) if stage == FINAL else reports_named(year))
    held = {n: book.quarters[n] for n in numbers}
    item = (_released_by(contract, stage) or (None,))[0]
    return AcceptanceRecord(
        title=_TITLES[stage],
        project=contract.identity.figure("title"),
        service_name=contract.service.figure("name"),
        contract_number=contract.identity.figure("number"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        total=contract.payment.figure("total"),
        article=item.figure("article")
        if item and stage == INTERIM
        else contract.acceptance.figure("article"),
        scope="服务期过半前的服务" if stage == INTERIM else "服务期内的全部服务",
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=days(service.this),
        dated=made_on(as_of),
        period=period_word(contract),
        procedure=_procedure(contract, stage),
        requirements=found,
        any_unmet=bool(found.unmet),
        remedies=() if service.all_met else operations.remedies(held, as_of),
        service=service,
        trend=trend(book, numbers, as_of),
        trend_total=trend_total(book, numbers, as_of),
        materials=tuple(Material(one.series.name, one.label) for one in handed),
        released=tuple(
            Released(
                name=one.figure("name"),
                amount=one.figure("amount"),
                terms=one.figure("condition_text"),
                article=one.figure("article"),
            )
            for one in _released_by(contract, stage)
        ),
    )


def _handed_over(
    contract: Contract, numbers: tuple[int, ...], stage: str, as_of: date
) -> tuple[Report, ...]:
    """Return the sealed reports on these periods, at the end the summaries too."""
    forms = (OPERATIONS, SUMMARY) if stage == FINAL else (OPERATIONS,)
    return tuple(
        one
        for form in forms
        for one in reports(contract, form, as_of)
        if one.series.sealed and set(one.numbers) <= set(numbers)
    )


def _procedure(contract: Contract, stage: str) -> Statement:
    """Return how the contract has it accepted, or that it does not say."""
    terms = contract.acceptance
    if stage == FINAL:
        if not terms.period.unit:
            return Statement.of("验收期限", "合同没有约定验收期限。", terms.article,
                                terms.figure("period"))  # fmt: skip
        return Statement.of(
            "验收期限", "合同约定甲方在{period}安排并完成验收。", terms.article,
            period=terms.figure("period"),
        )  # fmt: skip
    stated = terms.figure("interim_procedure")
    if isinstance(terms.interim_procedure, Missing):
        return Statement.of("中期验收办法", "合同没有约定中期验收的程序、材料和期限。",
                            terms.article, stated)  # fmt: skip
    return Statement.of("中期验收办法", "合同约定的中期验收办法：{stated}。", terms.article,
                        stated=stated)  # fmt: skip


def _source(handed: tuple[Report, ...]) -> str:
    """Return what the last of the reports is called: it tells of all that is accepted."""
    return handed[-1].series.name if handed else "运行报告"


KIND = Kind(
    name="acceptance_record",
    title="验收书",
    context=AcceptanceRecord,
    plan=plan,
    compose=compose,
    article="验收条款",
    occasion="中期验收、最终验收各一份，供甲方出具验收书时使用",
    sealing=Sealing(place="乙方签署处", copies=2, personal=""),
)
