"""What must hold between files, and between parts and their wholes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from deliverables.checks.operations import (
    PLAUSIBLE_YEARS,
    DatedQuarter,
    QuarterWorkbook,
    dated,
    quarters,
    term_periods,
)
from deliverables.checks.roster import members
from deliverables.compute.closure import closure
from deliverables.compute.term import mark, served_quarters
from deliverables.model.book import ContractBook
from deliverables.model.contract import ContractorExit
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.calendar import Calendar, Provisional
from deliverables.values.dates import days_before
from deliverables.values.figure import Cell, Line, Source, sources_in
from deliverables.values.problem import Problem, error, listed, say, warning
from deliverables.values.time_limit import Shape, Unit


def unclosed(book: ContractBook) -> Iterator[Problem]:
    """Yield an error for every line of the quarters so far, and of all the money, that is open."""
    served = range(1, len(served_quarters(book.contract, date.max)) + 1)
    numbers = [n for n in served if all(m in book.quarters for m in range(1, n + 1))]
    for line in closure(book, numbers, date.max):
        if not line.closed:
            places = sorted({_sheet(one) for one in sources_in((line.parts, line.whole))}, key=str)
            yield error(
                "closure",
                places[-1],
                say(
                    "{subject}: {made_of} is {parts}, all records together are {whole} "
                    "(difference {difference})",
                    subject=line.subject,
                    made_of=line.made_of,
                    parts=line.parts,
                    whole=line.whole,
                    difference=line.difference,
                ),
                say(
                    "find what is entered twice, or missing, in one of: {places}",
                    places="、".join(map(str, places)),
                ),
            )


def _sheet(source: Source) -> Source:
    """Return the sheet of a cell, the file of a line."""
    return Line(source.file) if isinstance(source, Line) else Cell(source.file, source.sheet)


Moves = dict[tuple[str, str], set[dt.date]]

JOINED, LEFT = "进入", "离开"


def changes_on_the_roster(book: ContractBook) -> Iterable[Problem]:
    """Whoever joined or left by a quarter's workbook did so, on that day, by the roster."""
    if book.roster is None:
        return
    known = _roster_moves(members(book))
    for quarter in quarters(book):
        for change in quarter.workbook.staff_changes:
            if change.kind not in (JOINED, LEFT):
                continue
            days = known.get((change.name, change.kind), set())
            if change.day not in days:
                yield error(
                    "staff-closure",
                    change.place("day"),
                    say(
                        "{kind} on {day} here, the roster has of this name {days}",
                        kind=change.kind,
                        day=change.day,
                        days=listed(sorted(days)) if days else say("no such day"),
                    ),
                    say("correct the day or the name here or in staff.xlsx"),
                )


def roster_in_the_changes(book: ContractBook) -> Iterable[Problem]:
    """Whoever joined or left by the roster within a quarter is in that quarter's workbook."""
    for quarter, member, kind, field in untold_moves(book, members(book)):
        yield error(
            "staff-closure",
            member.place(field),
            say(
                "{number}: {kind} on {day} by the roster, the sheet 人员 of {quarter} does not say "
                "so",
                number=member.number,
                kind=kind,
                day=getattr(member, field),
                quarter=mark(book.contract, quarter.number),
            ),
            say("enter the change on the sheet 人员, or correct the roster"),
        )


def untold_moves(
    book: ContractBook, roster: Iterable[StaffMember]
) -> Iterator[tuple[DatedQuarter, StaffMember, str, str]]:
    """Yield who joined or left within a quarter whose workbook does not say so, and the column.

    The team that was there on the first day of the term joined nobody.
    """
    known = tuple(roster)
    for quarter in dated(book):
        told = _told(quarter)
        for member in known:
            for kind, field in ((JOINED, "joined"), (LEFT, "left")):
                day: dt.date | None = getattr(member, field)
                if day is None or not quarter.period.contains(day):
                    continue
                founding = kind == JOINED and quarter.number == 1 and day == quarter.period.first
                if not founding and day not in told[(member.name, kind)]:
                    yield quarter, member, kind, field


def _roster_moves(roster: Iterable[StaffMember]) -> Moves:
    moves: defaultdict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for member in roster:
        moves[member.name, JOINED].add(member.joined)
        if member.left is not None:
            moves[member.name, LEFT].add(member.left)
    return moves


def _told(quarter: QuarterWorkbook) -> Moves:
    told: defaultdict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for change in quarter.workbook.staff_changes:
        told[change.name, change.kind].add(change.day)
    return told


def one_origin(book: ContractBook) -> Iterable[Problem]:
    """The workbooks are all sample data or all real: what they add up to would else be neither."""
    of_quarters = (quarter.workbook.cover for quarter in quarters(book))
    of_others = (workbook.cover for workbook in (book.roster, book.ledger) if workbook)
    covers = [*of_quarters, *of_others]
    for cover in covers[1:]:
        first = covers[0]
        if cover.sample != first.sample:
            yield warning(
                "sample-mixed",
                cover.place("sample"),
                say(
                    "示例数据 is {here}, in {first} it is {there}: documents would mix both",
                    here=cover.figure("sample").text,
                    there=first.figure("sample").text,
                    first=first.place("sample"),
                ),
                say("correct the flag, or replace the sample workbooks by real ones"),
            )


def no_quarter_between(book: ContractBook) -> Iterable[Problem]:
    """There is a workbook for every quarter before the last one that has any."""
    for before, after in _neighbours(sorted(book.quarters)):
        for absent in range(before + 1, after):
            if book.has_workbook(absent) or absent > len(term_periods(book.contract)):
                continue  # what is wrong with it is told
            later = book.quarters[after]
            yield warning(
                "quarter-absent",
                later.cover.place("quarter"),
                say(
                    "there is a workbook for {after} and none for {number}",
                    after=mark(book.contract, after),
                    number=mark(book.contract, absent),
                ),
                say(
                    "add operations/{number}.xlsx; sums to date lack that quarter",
                    number=mark(book.contract, absent),
                ),
            )


def _neighbours(numbers: list[int]) -> Iterator[tuple[int, int]]:
    return zip([0, *numbers], numbers, strict=False)


def exit_in_order(book: ContractBook) -> Iterable[Problem]:
    """An exit is requested after signing, and permitted and carried out after it was requested."""
    leaving, signed = book.contract.exit, book.contract.identity.signed_on
    if leaving is None:
        return
    if leaving.requested_on < signed:
        yield error(
            "before-signing",
            leaving.place("requested_on"),
            say(
                "{label} {found} is before the contract was signed on {signed}",
                label=leaving.figure("requested_on").name,
                found=leaving.requested_on,
                signed=signed,
            ),
            say("correct the day"),
        )
    for field in ("permitted_on", "last_service_day"):
        day: date | None = getattr(leaving, field)
        if day is not None and day < leaving.requested_on:
            yield error(
                "end-before-start",
                leaving.place(field),
                say(
                    "{end} {ended} is not after {start} {started}",
                    end=leaving.figure(field).name,
                    ended=day,
                    start=leaving.figure("requested_on").name,
                    started=leaving.requested_on,
                ),
                say("copy the days from the application and the client's permission"),
            )


def exit_within_term(book: ContractBook) -> Iterable[Problem]:
    """The last day of service is a day of the term: days served are counted in it."""
    leaving, periods = book.contract.exit, term_periods(book.contract)
    if leaving is None or not periods:
        return
    first, last = periods[min(periods)].first, periods[max(periods)].last
    if not first <= leaving.last_service_day <= last:
        yield error(
            "exit-outside-term",
            leaving.place("last_service_day"),
            say(
                "exit: the last day of service {found} is not in the term {first} to {last}",
                found=leaving.last_service_day,
                first=first,
                last=last,
            ),
            say("correct the day; a contract that runs its term needs no exit section"),
        )


_CALENDAR_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


def exit_announced(book: ContractBook) -> Iterable[Problem]:
    """The client is told so many days before the exit that the contract names (第十三条)."""
    leaving, terms = book.contract.exit, book.contract.notices.exit
    if leaving is None or terms is None or leaving.last_service_day.year not in PLAUSIBLE_YEARS:
        return
    limit = terms.period
    if limit.shape is not Shape.AHEAD or limit.unit not in _CALENDAR_DAYS:
        return
    days = limit.count * _CALENDAR_DAYS[limit.unit]
    given = (leaving.last_service_day - leaving.requested_on).days
    if 0 <= given < days:
        yield warning(
            "exit-notice",
            leaving.place("requested_on"),
            say(
                "exit requested on {requested}, {given} days before the last day of service "
                "{last}; expected at least {days} ({short} too few)",
                requested=leaving.requested_on,
                given=given,
                last=leaving.last_service_day,
                days=days,
                short=days - given,
            ),
            say(
                "an exit on {last} had to be requested by {by}; correct a day, or agree on a "
                "later one with the client",
                last=leaving.last_service_day,
                by=_last_day_to_ask(leaving, days, book.calendar),
            ),
        )


def _last_day_to_ask(leaving: ContractorExit, days: int, calendar: Calendar) -> date:
    """Return the last day that is surely early enough: not later than a working day."""
    try:
        by = days_before(leaving.last_service_day, days, calendar)
    except (ValueError, OverflowError):  # a year of which nothing is known
        return leaving.last_service_day - timedelta(days=days)
    return by.earliest if isinstance(by, Provisional) else by.date


def exit_permitted(book: ContractBook) -> Iterable[Problem]:
    """The client's permission has its paper: without permission there is no exit."""
    leaving = book.contract.exit
    if leaving is not None and leaving.permitted_on is not None and not leaving.document:
        yield warning(
            "exit-unproved",
            leaving.place("document"),
            say(
                "the client permitted the exit on {day}, and no paper is named",
                day=leaving.permitted_on,
            ),
            say("name the client's written permission in exit.document"),
        )
