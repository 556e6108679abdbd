"""Rules about every sheet of a quarter's workbook: its period, its columns, its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from deliverables.checks.quarters import DatedQuarter, dated, quarter_periods, quarters
from deliverables.checks.rows import Sheet, cells, label, repeated, sheets_of, told, where
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.operations import Cover, Drill
from deliverables.model.record import Row
from deliverables.model.rules import NUMBER, rules_of
from deliverables.model.values import AMOUNT, DECIMAL, MONTH, PERCENTAGE, WHOLE, show_number
from deliverables.problem import Problem, error, warning


def quarter_period(book: ContractBook) -> Iterable[Problem]:
    """The cover states the quarter's own days: months from signing, no calendar quarter."""
    periods = quarter_periods(book.contract)
    for quarter in quarters(book):
        period = periods.get(quarter.number)
        if period:
            cover = quarter.workbook.cover
            yield from _other_day(book, cover, "first_day", period.first)
            yield from _other_day(book, cover, "last_day", period.last)


def _other_day(book: ContractBook, cover: Cover, field: str, expected: date) -> Iterator[Problem]:
    found: date = getattr(cover, field)
    if found != expected:
        yield error(
            "quarter-period",
            cover.place(field),
            say(
                "{label} of service quarter {quarter} is {expected}, the cover says {found} "
                "({days} days apart)",
                label=cover.figure(field).name,
                quarter=cover.quarter,
                expected=expected,
                found=found,
                days=abs((found - expected).days),
            ),
            say(
                "service quarters are counted from the signing day {signed} (Art. 5) and are no "
                "calendar quarters; correct the cover and move rows of other days",
                signed=book.contract.identity.signed_on,
            ),
        )


def rows_in_quarter(book: ContractBook) -> Iterable[Problem]:
    """Every row that happened on a day belongs to the quarter of its workbook."""
    for quarter in dated(book):
        for sheet in sheets_of(quarter.workbook):
            happened = rules_of(sheet.row).happened
            if happened:
                yield from _moments_outside(quarter, sheet, happened)
            elif sheet.row is Drill:
                yield from _drills_outside(quarter, sheet)
            yield from _months_outside(quarter, sheet)


def _moments_outside(quarter: DatedQuarter, sheet: Sheet[Row], field: str) -> Iterator[Problem]:
    for row in sheet.rows:
        moment: date | datetime | None = getattr(row, field)
        if moment is None:
            continue
        day = moment.date() if isinstance(moment, datetime) else moment
        if not quarter.period.contains(day):
            yield _outside(quarter, row, field, moment)


def _drills_outside(quarter: DatedQuarter, sheet: Sheet[Drill]) -> Iterator[Problem]:
    for row in sheet.rows:
        if row.last_day < quarter.period.first or row.first_day > quarter.period.last:
            yield _outside(quarter, row, "first_day", row.first_day)


def _outside(quarter: DatedQuarter, row: Row, field: str, found: object) -> Problem:
    return error(
        "row-outside-quarter",
        row.place(field),
        say(
            "{label} {found} is outside the quarter, which runs from {first} to {last}",
            label=label(row, field),
            found=told(found),
            first=quarter.period.first,
            last=quarter.period.last,
        ),
        say("correct the date, or move the row to the workbook of its own quarter"),
    )


def _months_outside(quarter: DatedQuarter, sheet: Sheet[Row]) -> Iterator[Problem]:
    for field in sheet.labels(MONTH):
        for row in sheet.rows:
            month: date = getattr(row, field)
            if not quarter.period.first.replace(day=1) <= month <= quarter.period.last:
                yield error(
                    "month-outside-quarter",
                    row.place(field),
                    say(
                        "the month {found:%Y-%m} has no day in the quarter, which runs from "
                        "{first} to {last}",
                        found=month,
                        first=quarter.period.first,
                        last=quarter.period.last,
                    ),
                    say("correct the month, or move the row to the workbook of its own quarter"),
                )


def in_order_of_time(book: ContractBook) -> Iterable[Problem]:
    """Nothing ends before it starts; an outage lasts at least a moment."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            for start, end in rules_of(sheet.row).spans:
                yield from _reversed_spans(sheet, start, end)


def _reversed_spans(sheet: Sheet[Row], start: str, end: str) -> Iterator[Problem]:
    for row in sheet.rows:
        started, ended = getattr(row, start), getattr(row, end)
        lasting = rules_of(sheet.row).lasting
        if ended is None or ended > started or (ended == started and not lasting):
            continue
        yield error(
            "end-before-start",
            row.place(end),
            say(
                "{end} {ended} is not after {start} {started}",
                end=label(row, end),
                ended=told(ended),
                start=label(row, start),
                started=told(started),
            ),
            say("correct the two times; past midnight the day is the next one"),
        )


def numbers_once(book: ContractBook) -> Iterable[Problem]:
    """A number names one row of its sheet."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            if NUMBER in rules_of(sheet.row).keys:
                for earlier, row in repeated(sheet.rows, lambda row: row.number):
                    yield error(
                        "duplicate-number",
                        row.place("number"),
                        say(
                            "the number {number} stands in {earlier} already",
                            number=row.number,
                            earlier=where(earlier.place("number")),
                        ),
                        say("delete the row that was entered twice, or give it its own number"),
                    )


def rows_once(book: ContractBook) -> Iterable[Problem]:
    """Sheets that say one thing per subject and month say it once."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            for fields in rules_of(sheet.row).keys:
                if fields != NUMBER:
                    yield from _twice(sheet, fields)


def _twice(sheet: Sheet[Row], fields: tuple[str, ...]) -> Iterator[Problem]:
    for earlier, row in repeated(
        sheet.rows, lambda row: tuple(getattr(row, name) for name in fields)
    ):
        yield error(
            "duplicate-row",
            row.place(fields[0]),
            say(
                "{subject} stands in {earlier} already; both rows would be counted",
                subject=" / ".join(row.figure(name).text for name in fields),
                earlier=where(earlier.place(fields[0])),
            ),
            say("delete one of the two rows, or correct what it is about"),
        )


def not_negative(book: ContractBook) -> Iterable[Problem]:
    """No count, stock or size is below zero."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            columns = sheet.labels(WHOLE, DECIMAL, AMOUNT)
            for row in sheet.rows:
                for field, title in columns.items():
                    value: Decimal | int | None = getattr(row, field)
                    if value is not None and value < 0:
                        yield error(
                            "negative-number",
                            row.place(field),
                            say(
                                "{label} is {found}, expected 0 or more",
                                label=title,
                                found=show_number(value),
                            ),
                            say("correct the number, or the column it stands in"),
                        )


def percentages(book: ContractBook) -> Iterable[Problem]:
    """A percentage lies between 0 and 100."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            columns = sheet.labels(PERCENTAGE)
            for row in sheet.rows:
                for field, title in columns.items():
                    value: Decimal = getattr(row, field)
                    if not 0 <= value <= 100:  # noqa: PLR2004 - what a percentage is
                        yield error(
                            "percentage-range",
                            row.place(field),
                            say(
                                "{label} is {found} %, expected 0 to 100 %",
                                label=title,
                                found=show_number(value),
                            ),
                            say("correct the percentage as the monitoring system shows it"),
                        )


def evidence(book: ContractBook) -> Iterable[Problem]:
    """Every row names the export or paper it was taken from; one problem per sheet."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            without = [row.place("evidence") for row in sheet.rows if not row.evidence]
            if without:
                yield warning(
                    "evidence-missing",
                    without[0],
                    say(
                        "{count} of {all} rows of {sheet} name no evidence ({cells})",
                        count=len(without),
                        all=len(sheet.rows),
                        sheet=sheet.title,
                        cells=cells(without),
                    ),
                    say(
                        "write in 数据来源 which export or paper each row was taken from, and when"
                    ),
                )
