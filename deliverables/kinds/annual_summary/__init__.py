"""The annual summary (年度项目总结报告): all quarters together, with money and fulfilment."""

from __future__ import annotations

from datetime import date, timedelta

from deliverables.compute.series import SUMMARY, reports
from deliverables.compute.term import periods_needed, sample_data
from deliverables.kinds import (
    Deliverable,
    Group,
    Kind,
    Sealing,
    file_stem,
    missing_ledger,
    missing_workbooks,
)
from deliverables.model.book import ContractBook
from deliverables.model.ledger_sheets import FINAL
from deliverables.values.problem import say
from deliverables.values.time_limit import ends_after


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the summaries of each series; each needs every period that it covers."""
    contract = book.contract
    return tuple(
        Deliverable(
            kind="annual_summary",
            contract=book.number,
            part=one.part,
            title=f"{contract.identity.title}{one.title}",
            article=one.series.article,
            folder=one.folder,
            stem=file_stem(book.number, one.series.name, "" if one.is_of_the_term else one.label),
            possible_from=one.period.last + timedelta(days=1),
            due=ends_after(one.series.due, one.period.last, book.calendar),
            blockers=(
                *missing_workbooks(book, periods_needed(contract, one.numbers, as_of)),
                *missing_ledger(book),
            ),
            sample=sample_data(book, one.numbers)
            or (book.ledger is not None and book.ledger.cover.sample),
            name=one.series.name,
            sealed=one.series.sealed,
            words=one.words,
        )
        for one in reports(contract, SUMMARY, as_of)
    )


def context() -> type:
    """Return the type of what one says."""
    from deliverables.kinds.annual_summary import summary  # noqa: PLC0415  # slow to import

    return summary.AnnualSummary


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> object:
    """Return what one says; to plan, nothing is loaded of what that is reckoned from."""
    from deliverables.kinds.annual_summary import summary  # noqa: PLC0415  # slow to import

    return summary.compose(book, deliverable, as_of)


KIND = Kind(
    name="annual_summary",
    title="年度项目总结报告",
    group=Group.REPORTS,
    context=context,
    plan=plan,
    compose=compose,
    article="验收条款",
    occasion=say("one after each service year"),
    sealing=Sealing(
        place="封面、落款",
        personal="编制、审核、批准人员姓名",
        for_acceptance=True,
        acceptance=FINAL,
    ),
)
