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
from deliverables.compute.milestones import milestones_of
from deliverables.compute.requirement import Requirements, reports_named, requirements
from deliverables.compute.series import OPERATIONS, SUMMARY, Report, reports
from deliverables.compute.term import (
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
from deliverables.model.ledger import ACCEPTED, FINAL
from deliverables.values.figure import Figure, Statement
from deliverables.values.period_names import normal


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
    procedure: tuple[Statement, ...]
    public: bool
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
    if book.contract.data_series is None:
        return ()
    return tuple(_planned(book, one, as_of) for one in _acceptances(book.contract))


@dataclass(frozen=True, slots=True)
class _Acceptance:
    """An acceptance that the contract has: its stage, the part of its record, what it releases."""

    stage: str
    part: str
    released: tuple[Instalment, ...]

    @property
    def final(self) -> bool:
        return self.stage == FINAL

    @property
    def title(self) -> str:
        return "验收书" if self.final else f"{self.stage}验收书"

    @property
    def at_half(self) -> bool:
        """Whether it is the half of the term that it waits for."""
        return any(row.code == _HALF for item in self.released for row in milestones_of(item))

    def begins(self, contract: Contract) -> date | None:
        """Return the day from which the calendar lets an interim one be asked for."""
        days = (
            row.day(contract, item)
            for item in self.released
            for row in milestones_of(item)
            if row.of_term and row.day is not None
        )
        return max((day.value for day in days if day is not None), default=None)

    def scope(self) -> tuple[str, str]:
        """Return what part of the service is accepted, and what its figures are called."""
        if self.final:
            return "服务期内的全部服务", "全服务期"
        return ("服务期过半前的服务", "前半期") if self.at_half else ("前期服务", "前期")


_HALF = "past_half_of_term"


def _acceptances(contract: Contract) -> tuple[_Acceptance, ...]:
    """Return the interim acceptances in the order of the instalments, then the final one."""
    stages: dict[str, list[Instalment]] = {}
    for item in contract.payment.instalments:
        for row in milestones_of(item):
            if row.stage:
                stages.setdefault(row.stage, []).append(item)
    interim = [stage for stage in stages if stage != FINAL]
    parts = {stage: f"interim{at if at > 1 else ''}" for at, stage in enumerate(interim, 1)}
    return tuple(
        _Acceptance(stage, part, tuple(stages.get(stage, ())))
        for stage, part in {**parts, FINAL: "final"}.items()
    )


def _planned(book: ContractBook, one: _Acceptance, as_of: date) -> Deliverable:
    contract = book.contract
    numbers = _numbers(contract, one, as_of)
    over = served_period(contract, as_of).last + timedelta(days=1)
    return Deliverable(
        kind="acceptance_record",
        contract=book.number,
        part=one.part,
        title=f"{contract.identity.title}{one.title}",
        article=contract.acceptance.article if one.final else one.released[0].article,
        folder="acceptance",
        stem=file_stem(book.number, one.title),
        possible_from=over if one.final else one.begins(contract),
        due=None,
        blockers=(*missing_workbooks(book, numbers), *missing_ledger(book)),
        sample=sample_data(book, numbers) or (book.ledger is not None and book.ledger.cover.sample),
        name=one.title,
        on_demand=True,
        settled=_accepted(book, one.stage, as_of),
        sealed=False,
        words=frozenset({normal(one.stage), normal(one.title)}),
    )


def _numbers(contract: Contract, one: _Acceptance, as_of: date) -> tuple[int, ...]:
    """Return the periods of data: all that were served, or those over before an interim one."""
    served, until = served_quarters(contract, as_of), one.begins(contract) or as_of
    whole = quarters(contract)
    return tuple(
        number
        for number in range(1, len(served) + 1)
        if one.final or whole[number - 1].last < until
    )


def _accepted(book: ContractBook, stage: str, as_of: date) -> date | None:
    rows = book.ledger.acceptances if book.ledger else ()
    passed = [row.accepted for row in rows if row.stage == stage and row.result == ACCEPTED]
    return next((day for day in passed if day is not None and day <= as_of), None)


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> AcceptanceRecord:
    """Return what the record says: facts up to the day, no opinion of the client."""
    contract = book.contract
    one = {one.part: one for one in _acceptances(contract)}[deliverable.part]
    numbers, (scope, label) = _numbers(contract, one, as_of), one.scope()
    service = year_service(book, numbers, as_of, label)
    handed = _handed_over(contract, numbers, one, as_of)
    year = year_of(book, numbers, service, as_of)
    found = requirements(year, _source(handed) if one.final else reports_named(year))
    held = {n: book.quarters[n] for n in numbers}
    return AcceptanceRecord(
        title=one.title,
        project=contract.identity.figure("title"),
        service_name=contract.service.figure("name"),
        contract_number=contract.identity.figure("number"),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        total=contract.payment.figure("total"),
        article=contract.acceptance.figure("article")
        if one.final
        else one.released[0].figure("article"),
        scope=scope,
        first_day=service.this.first_day,
        last_day=service.this.last_day,
        days=days(service.this),
        dated=made_on(as_of),
        period=period_word(contract),
        procedure=_procedure(contract, one),
        public=bool(contract.acceptance.public_procurement),
        requirements=found,
        any_unmet=bool(found.unmet),
        remedies=() if service.all_met else operations.remedies(held, as_of),
        service=service,
        trend=trend(book, numbers, as_of),
        trend_total=trend_total(book, numbers, as_of),
        materials=tuple(Material(report.series.name, report.label) for report in handed),
        released=tuple(
            Released(
                name=item.figure("name"),
                amount=item.figure("amount"),
                terms=item.figure("condition_text"),
                article=item.figure("article"),
            )
            for item in one.released
        ),
    )


def _handed_over(
    contract: Contract, numbers: tuple[int, ...], acceptance: _Acceptance, as_of: date
) -> tuple[Report, ...]:
    """Return the sealed reports on these periods, at the end the summaries too."""
    forms = (OPERATIONS, SUMMARY) if acceptance.final else (OPERATIONS,)
    return tuple(
        one
        for form in forms
        for one in reports(contract, form, as_of)
        if one.series.sealed and set(one.numbers) <= set(numbers)
    )


def _procedure(contract: Contract, one: _Acceptance) -> tuple[Statement, ...]:
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
