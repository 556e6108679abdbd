"""The record of acceptance (验收书), as a draft for the client: every requirement, one by one.

The client issues it (政府采购法实施条例 第四十五条; 财库〔2016〕205号), the contractor can only
prepare it. There is one for the final acceptance, and one for each interim acceptance that a
payment hangs on, with the figures of the reports until then put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from deliverables.compute.milestones import milestones_of
from deliverables.compute.term import quarters, sample_data, served_period, served_quarters
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
from deliverables.model.ledger_sheets import ACCEPTED, FINAL
from deliverables.values.period_names import normal
from deliverables.values.problem import say


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the record of each acceptance that the contract has, where it has records at all."""
    if book.contract.data_series is None:
        return ()
    return tuple(_planned(book, one, as_of) for one in acceptances_of(book.contract))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An acceptance that the contract has: its stage, the part of its record, what it releases."""

    stage: str
    part: str
    released: tuple[Instalment, ...]

    @property
    def final(self) -> bool:
        """Whether it is the one at the end of the service."""
        return self.stage == FINAL

    @property
    def title(self) -> str:
        """What its record is called."""
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


def acceptances_of(contract: Contract) -> tuple[Acceptance, ...]:
    """Return the interim acceptances in the order of the instalments, then the final one."""
    stages: dict[str, list[Instalment]] = {}
    for item in contract.payment.instalments:
        for row in milestones_of(item):
            if row.stage:
                stages.setdefault(row.stage, []).append(item)
    interim = [stage for stage in stages if stage != FINAL]
    parts = {stage: f"interim{at if at > 1 else ''}" for at, stage in enumerate(interim, 1)}
    return tuple(
        Acceptance(stage, part, tuple(stages.get(stage, ())))
        for stage, part in {**parts, FINAL: "final"}.items()
    )


def _planned(book: ContractBook, one: Acceptance, as_of: date) -> Deliverable:
    contract = book.contract
    numbers = numbers_of(contract, one, as_of)
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
        accepted=_accepted(book, one.stage, as_of),
        sealed=False,
        words=frozenset({normal(one.stage), normal(one.title)}),
    )


def numbers_of(contract: Contract, one: Acceptance, as_of: date) -> tuple[int, ...]:
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


def context() -> type:
    """Return the type of what one says."""
    from deliverables.kinds.acceptance_record import record  # noqa: PLC0415  # slow to import

    return record.AcceptanceRecord


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> object:
    """Return what one says; to plan, nothing is loaded of what that is reckoned from."""
    from deliverables.kinds.acceptance_record import record  # noqa: PLC0415  # slow to import

    return record.compose(book, deliverable, as_of)


KIND = Kind(
    name="acceptance_record",
    title="验收书",
    context=context,
    plan=plan,
    compose=compose,
    article="验收条款",
    occasion=say("one for the interim and one for the final acceptance, for the client to draw on"),
    sealing=Sealing(place="乙方签署处", copies=2, personal=""),
)
