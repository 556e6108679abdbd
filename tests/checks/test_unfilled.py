"""check knows what final refuses: behind every 【待补】 of a report stands a gap with its cell."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pytest
import scenarios
from builders import project
from few import thorough_but
from rows import roster, row

from deliverables.checks import check
from deliverables.checks.unfilled import ASKED_FOR
from deliverables.compute.open_points import open_points
from deliverables.docx.render import Properties, Stamp, render
from deliverables.kinds import kinds
from deliverables.model.book import ContractBook
from deliverables.model.contract import gaps
from deliverables.model.fields import UNFILLED, Missing, Record, Row, declarations, sheets
from deliverables.model.ledger_sheets import Fulfilment, Ledger
from deliverables.model.operations_sheets import Issue, Operations
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.read.book import read_book
from deliverables.values.calendar import published_calendar
from deliverables.values.figure import Figure
from deliverables.values.problem import Severity

AFTER = date(2027, 5, 25)
A_FEW = 3
TEMPLATES = Path(__file__).parents[2] / "templates"


@cache
def sound() -> ContractBook:
    """The small project of builders.py over four quarters, with one of each row of its own."""
    with TemporaryDirectory() as folder:
        book = read_book(project(Path(folder)), published_calendar()).book
    assert book is not None
    quarters = {
        number: replace(
            book.quarters[1],
            file=f"operations/Q{number}.xlsx",
            cover=replace(book.quarters[1].cover, quarter=number),
            outages=book.quarters[1].outages if number == 1 else (),
        )
        for number in range(1, 5)
    }
    people = roster(row(StaffMember, signed=date(2026, 4, 29)))
    return replace(book, quarters=quarters, roster=people, ledger=scenarios.ledger())


def unfilled_places(book: ContractBook) -> int:
    """How often 【待补】 stands in the two reports, in their own words too."""
    found = 0
    for kind in ("quarterly_report", "annual_summary"):
        one = kinds()[kind].plan(book, AFTER)[0]
        context = kinds()[kind].compose(book, one, AFTER)
        properties = Properties(
            title=one.title, subject="", contract_number=one.contract, creator="", made_on=AFTER
        )
        document = render(
            TEMPLATES / f"{kind}.docx", context, Stamp(draft=False, sample=False), properties
        )
        with ZipFile(BytesIO(document)) as package:
            body = package.read("word/document.xml").decode()
        found += re.sub("<[^>]+>", "", body).count(UNFILLED)
    return found


def codes(book: ContractBook) -> set[str]:
    return {one.code for one in check(book) if one.severity is Severity.GAP}


def test_a_project_in_which_everything_is_filled_in_prints_no_placeholder_and_has_no_gap() -> None:
    assert unfilled_places(sound()) == 0
    assert codes(sound()) == set()


def without(rows: str) -> ContractBook:
    quarters = {
        number: replace(quarter, **{rows: ()}) for number, quarter in sound().quarters.items()
    }
    return replace(sound(), quarters=quarters)


SOME_SHEETS = ("resources", "durability", "alarms", "outages")
"""Two that a report cannot do without, and two that it can."""


@pytest.mark.parametrize("sheet", thorough_but(SOME_SHEETS, sheets(Operations)))
def test_an_empty_sheet_is_a_gap_where_a_report_cannot_do_without_it(sheet: str) -> None:
    book = without(sheet)
    needed = sheets(Operations)[sheet] in ASKED_FOR
    assert bool(unfilled_places(book)) == needed == ("sheet-empty" in codes(book))


OPTIONAL = [
    (sheet, name)
    for sheet, kind in sheets(Operations).items()
    for name, declared in declarations(kind).items()
    if declared.optional
]
FIRST_OF_EACH = {sheet: f"{sheet}-{name}" for sheet, name in reversed(OPTIONAL)}.values()


def emptied(rows: tuple[Row, ...], column: str) -> tuple[Row, ...]:
    nothing = {f.name: f.default for f in fields(type(rows[0]))}[column] if rows else None
    return tuple(replace(one, **{column: nothing}) for one in rows)


@pytest.mark.parametrize("optional", thorough_but(FIRST_OF_EACH, OPTIONAL, "-".join))
def test_an_empty_optional_column_that_prints_a_placeholder_is_a_gap(
    optional: tuple[str, str],
) -> None:
    sheet, column = optional
    quarters = {
        number: replace(quarter, **{sheet: emptied(getattr(quarter, sheet), column)})
        for number, quarter in sound().quarters.items()
    }
    book = replace(sound(), quarters=quarters)
    printed = {text for text in leaves_of(book) if UNFILLED in text}
    assert bool(printed) == bool(codes(book)), (printed, codes(book))


def leaves_of(book: ContractBook) -> list[str]:
    found: list[str] = []
    for kind in ("quarterly_report", "annual_summary"):
        one = kinds()[kind].plan(book, AFTER)[0]
        found += leaves(kinds()[kind].compose(book, one, AFTER))
    return found


def leaves(item: Any) -> list[str]:
    if isinstance(item, Figure):
        return [item.text]
    if isinstance(item, tuple):
        return [text for one in item for text in leaves(one)]
    if is_dataclass(item):
        return [text for one in fields(item) for text in leaves(getattr(item, one.name))]
    return [item] if isinstance(item, str) else []


def test_a_fact_that_the_contract_lacks_is_a_gap_at_its_line() -> None:
    contract = sound().contract
    service = replace(contract.service, catalogue=Missing("合同未附"))
    book = replace(sound(), contract=replace(contract, service=service))
    assert [path for path, _, record, _ in gaps(book.contract) if isinstance(record, Record)] == [
        "service.catalogue"
    ]
    assert codes(book) == {"fact-missing"}


def test_a_missed_target_without_a_remedy_and_a_duty_without_an_answer_are_gaps() -> None:
    quarters = dict(sound().quarters)
    (outage,) = quarters[1].outages
    long = replace(outage, ended=outage.started.replace(day=7, hour=5))
    quarters[1] = replace(quarters[1], outages=(long,))
    (duty,) = sound().contract.duties
    contract = replace(sound().contract, duties=(replace(duty, shown_by=None),))
    book = replace(sound(), quarters=quarters, contract=contract)
    assert codes(book) == {"miss-unanswered", "duty-unanswered"}
    assert unfilled_places(book) == 3  # the miss in both reports, the duty in one
    answered = replace(
        quarters[1],
        issues=(row(Issue, level="可用性", evidence="问题跟踪表"),),
    )
    book = replace(book, quarters={**quarters, 1: answered})
    assert codes(book) == {"duty-unanswered"}


def open_codes(book: ContractBook, as_of: date) -> list[str]:
    return [one.code for one in open_points(book, as_of) if one.severity is Severity.GAP]


def test_a_duty_answered_later_is_a_gap_of_the_days_before_once_the_service_has_ended() -> None:
    (duty,) = sound().contract.duties
    contract = replace(sound().contract, duties=(replace(duty, shown_by=None),))
    answer = Fulfilment(article=duty.article, done="已提供", day=date(2027, 5, 20))
    book = replace(sound(), contract=contract, ledger=scenarios.ledger(answer))
    assert codes(book) == set()
    days = [date(2027, 4, 29), date(2027, 5, 4), date(2027, 5, 20)]
    assert [open_codes(book, day) for day in days] == [[], ["duty-answered-later"], []]


@cache
def sample() -> ContractBook:
    """The sample with a few rows of each sheet of its quarters: ledger and roster are asked of."""
    book = scenarios.sample()
    quarters = {
        number: replace(
            quarter, **{rows: getattr(quarter, rows)[:A_FEW] for rows in sheets(Operations)}
        )
        for number, quarter in book.quarters.items()
    }
    return replace(book, quarters=quarters)


DAYS = (date(2026, 11, 17), AFTER)
LETTERS = [name for name in kinds() if name != "quarterly_report"]


def to_supply(book: ContractBook) -> dict[tuple[str, str, date], int]:
    """How often 【待补】 stands in each document but the quarterly reports, on two days."""
    return {
        (name, one.part, day): sum(
            text.count(UNFILLED) for text in leaves(kinds()[name].compose(book, one, day))
        )
        for day in DAYS
        for name in LETTERS
        for one in kinds()[name].plan(book, day)[:3]
        if all(blocker.waivable for blocker in one.blockers)
        and (one.possible_from is None or one.possible_from <= day)
    }


@cache
def to_supply_at_first() -> dict[tuple[str, str, date], int]:
    return to_supply(sample())


def prints_more(changed: ContractBook) -> bool:
    """Whether a document of the changed book prints 【待补】 where the sample's does not."""
    first = to_supply_at_first()
    return any(count > first.get(one, 0) for one, count in to_supply(changed).items())


@cache
def gap_places_at_first() -> set[tuple[str, str]]:
    return gap_places(sample())


def gap_places(book: ContractBook) -> set[tuple[str, str]]:
    points = [*check(book), *(one for day in DAYS for one in open_points(book, day))]
    return {(one.code, str(one.source)) for one in points if one.severity is not Severity.ERROR}


def columns_of_the_company() -> list[tuple[str, str, str]]:
    return [
        (book, sheet, name)
        for book, model in (("ledger", Ledger), ("roster", Roster))
        for sheet, kind in sheets(model).items()
        for name, declared in declarations(kind).items()
        if declared.optional
    ]


@pytest.mark.thorough
@pytest.mark.parametrize(("book", "sheet", "column"), columns_of_the_company())
def test_an_empty_cell_of_ledger_or_roster_that_prints_a_placeholder_is_listed(
    book: str, sheet: str, column: str
) -> None:
    held = getattr(sample(), book)
    rows = getattr(held, sheet)
    emptied_rows = emptied(rows, column)
    if emptied_rows == rows:
        return  # the sample has nothing there either
    changed = replace(sample(), **{book: replace(held, **{sheet: emptied_rows})})
    if prints_more(changed):
        assert gap_places(changed) > gap_places_at_first()


@pytest.mark.thorough
def test_the_columns_of_ledger_and_roster_that_print_a_placeholder_are_these() -> None:
    """Else the test above might hold because nothing is ever printed."""
    roster_ = sample().roster
    assert roster_ is not None
    for column in ("signed", "why_unsigned", "owner", "sign_by"):
        changed = replace(roster_, members=emptied(roster_.members, column))
        assert prints_more(replace(sample(), roster=changed)), column
