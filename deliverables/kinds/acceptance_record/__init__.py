"""The record of acceptance (验收书), as a draft for the client: every requirement, one by one.

The client issues it (政府采购法实施条例 第四十五条; 财库〔2016〕205号), the contractor can only
prepare it. There is one for the final acceptance, and one for each interim acceptance that a
payment hangs on, with the figures of the reports until then put together.
"""

from __future__ import annotations

from datetime import date, timedelta

from deliverables.compute.term import sample_data, served_period
from deliverables.kinds import (
    Blocker,
    Deliverable,
    Kind,
    Role,
    Sealing,
    file_stem,
    missing_ledger,
    missing_workbooks,
)
from deliverables.kinds.acceptance_record.stages import AcceptanceStage, acceptances_of, numbers_of
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.ledger_sheets import FINAL
from deliverables.status import PASSED
from deliverables.values.period_names import normal
from deliverables.values.problem import say


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the record of each acceptance that the contract has, where it has records at all."""
    if book.contract.data_series is None:
        return ()
    return tuple(_planned(book, one, as_of) for one in acceptances_of(book.contract))


def _planned(book: ContractBook, one: AcceptanceStage, as_of: date) -> Deliverable:
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
        blockers=(
            *missing_workbooks(book, numbers),
            *missing_ledger(book),
            *_nothing_asked(book.contract),
        ),
        sample=sample_data(book, numbers) or (book.ledger is not None and book.ledger.cover.sample),
        name=one.title,
        on_demand=True,
        accepted=_accepted(book, one.stage, as_of),
        records=one.stage,
        sealed=False,
        words=frozenset({normal(one.stage), normal(one.title)}),
    )


def _nothing_asked(contract: Contract) -> tuple[Blocker, ...]:
    """Return that there is nothing to confirm where no duty of the contract is listed."""
    if contract.duties:
        return ()
    why = say("no requirement of the contract is listed: contract.yaml, duties")
    return (Blocker(why, waivable=True, on_document="合同的各项要求尚未逐条列出"),)


def _accepted(book: ContractBook, stage: str, as_of: date) -> date | None:
    rows = book.ledger.acceptances if book.ledger else ()
    passed = [row.accepted for row in rows if row.stage == stage and row.result == PASSED]
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
    role=Role.RECORDS,
    occasion=say("one for the interim and one for the final acceptance, for the client to draw on"),
    sealing=Sealing(place="乙方签署处", copies=2, personal="", acceptance=FINAL),
)
