"""The report of what happened in a period (季度报告): one a period of its series (第三条第6款)."""

from __future__ import annotations

from datetime import date

from deliverables.compute.series import OPERATIONS, reports
from deliverables.compute.term import sample_data
from deliverables.kinds import Deliverable, Group, Kind, Role, Sealing, file_stem, missing_workbooks
from deliverables.model.book import ContractBook
from deliverables.values.problem import say
from deliverables.values.time_limit import ends_after


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return one report per period that was served of each series; each once its period is over."""
    contract = book.contract
    return tuple(
        Deliverable(
            kind="quarterly_report",
            contract=book.number,
            part=one.part,
            title=f"{contract.identity.title}{one.title}",
            article=one.series.article,
            folder=one.folder,
            stem=file_stem(book.number, one.series.name, one.folder),
            possible_from=date.fromordinal(one.period.last.toordinal() + 1),
            due=ends_after(one.series.due, one.period.last, book.calendar),
            blockers=missing_workbooks(book, range(1, one.numbers[-1] + 1)),
            sample=sample_data(book, range(1, one.numbers[-1] + 1)),
            name=one.series.name,
            sealed=one.series.sealed,
            words=one.words,
        )
        for one in reports(contract, OPERATIONS, as_of)
    )


def context() -> type:
    """Return the type of what one says."""
    from deliverables.kinds.quarterly_report import report  # noqa: PLC0415  # slow to import

    return report.QuarterlyReport


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> object:
    """Return what one says; to plan, nothing is loaded of what that is reckoned from."""
    from deliverables.kinds.quarterly_report import report  # noqa: PLC0415  # slow to import

    return report.compose(book, deliverable, as_of)


KIND = Kind(
    name="quarterly_report",
    title="季度报告",
    group=Group.REPORTS,
    role=Role.REPORTS,
    context=context,
    plan=plan,
    compose=compose,
    article="验收条款",
    occasion=say("one after each service quarter"),
    sealing=Sealing(
        place="封面、落款", personal="编制、审核、批准及在岗人员姓名", for_acceptance=True
    ),
)
