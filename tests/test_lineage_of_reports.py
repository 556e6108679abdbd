"""The figures of a report tell their rule and rest on the files they should; see test_explain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from places import ROOT

from deliverables.kinds import kinds
from deliverables.kinds.annual_summary.summary import AnnualSummary
from deliverables.kinds.quarterly_report.report import QuarterlyReport
from deliverables.model.book import ContractBook
from deliverables.read.book import read_book
from deliverables.values.calendar import published_calendar
from deliverables.values.figure import Cell, Derivation, Figure, sources_in

pytestmark = pytest.mark.thorough

AS_OF = date(2027, 5, 25)
REPORTS = [
    *(("quarterly_report", f"Q{number}") for number in range(1, 5)),
    ("annual_summary", "annual"),
]


@cache
def sample() -> ContractBook:
    folder = ROOT / "data" / "SXYSR202604152"
    book = read_book(folder, published_calendar()).book
    assert book is not None
    return book


@cache
def context(kind: str, part: str) -> object:
    planned = {one.part: one for one in kinds()[kind].plan(sample(), AS_OF)}
    return kinds()[kind].compose(sample(), planned[part], AS_OF)


def figures(item: object, path: str) -> Iterator[tuple[str, Figure[object]]]:
    if isinstance(item, Figure):
        yield path, item
    elif isinstance(item, tuple):
        for number, inner in enumerate(item):
            yield from figures(inner, f"{path}[{number}]")
    elif is_dataclass(item):
        for field in fields(item):
            yield from figures(getattr(item, field.name), f"{path}.{field.name}")


@pytest.mark.parametrize(("kind", "part"), REPORTS)
def test_every_rule_is_told(kind: str, part: str) -> None:
    silent = [
        path
        for path, figure in figures(context(kind, part), part)
        if isinstance(figure.origin, Derivation) and not figure.origin.rule
    ]
    assert silent == []


def test_a_quarterly_report_rests_on_its_workbook_those_before_and_what_came_of_it() -> None:
    places = sources_in(context("quarterly_report", "Q2"))
    assert {Path(source.file).name for source in places} == {
        "contract.yaml", "Q1.xlsx", "Q2.xlsx", "Q3.xlsx", "Q4.xlsx", "staff.xlsx",
    }  # fmt: skip
    later = {one.sheet for one in places if isinstance(one, Cell) and one.file.endswith("Q3.xlsx")}
    assert later == {"问题与计划"}


def test_the_annual_summary_rests_on_all_of_them_and_the_ledger() -> None:
    files = {Path(source.file).name for source in sources_in(context("annual_summary", "annual"))}
    assert files == {
        "contract.yaml", "Q1.xlsx", "Q2.xlsx", "Q3.xlsx", "Q4.xlsx", "staff.xlsx", "ledger.xlsx",
        "letters.xlsx",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "part"), REPORTS)
def test_durability_is_never_called_measured(kind: str, part: str) -> None:
    texts = [figure.text for _, figure in figures(context(kind, part), part)]
    denied = "不作实测"
    assert not any("实测" in text.replace(denied, "") for text in texts)


def test_the_year_is_the_sum_of_its_quarters() -> None:
    quarters = [context("quarterly_report", f"Q{number}") for number in range(1, 5)]
    year = context("annual_summary", "annual")
    assert isinstance(year, AnnualSummary)
    each = [one for one in quarters if isinstance(one, QuarterlyReport)]
    assert len(each) == 4
    for whole, parts in (
        (year.tickets.total.opened, [one.tickets.total.opened for one in each]),
        (year.alarms.total.raised, [one.alarms.total.raised for one in each]),
        (year.changes.total.done, [one.changes.total.done for one in each]),
        (year.backups.total.planned, [one.backups.total.planned for one in each]),
        (year.inspections.total.done, [one.inspections.total.done for one in each]),
        (year.security.total.found, [one.security.total.found for one in each]),
        (year.drills.duty, [one.drills.duty for one in each]),
        (year.service.this.downtime, [one.service.this.downtime for one in each]),
        (year.service.this.total, [one.service.this.total for one in each]),
    ):
        assert whole.value == sum(part.value for part in parts), whole.name
