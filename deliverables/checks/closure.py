"""Rules across files: what one workbook says of people, another must not contradict."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from deliverables.checks.quarters import Quarter, dated, quarters
from deliverables.checks.staff import members
from deliverables.message import listed, say
from deliverables.model.book import ContractBook
from deliverables.model.staff import StaffMember
from deliverables.problem import Problem, error, warning

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
    """Whoever joined or left by the roster within a quarter is in that quarter's workbook.

    The team that was there on the first day of the term joined nobody.
    """
    for quarter in dated(book):
        told = _told(quarter)
        for member in members(book):
            for kind, field in ((JOINED, "joined"), (LEFT, "left")):
                day: dt.date | None = getattr(member, field)
                if day is None or not quarter.period.contains(day):
                    continue
                founding = kind == JOINED and quarter.number == 1 and day == quarter.period.first
                if not founding and day not in told[(member.name, kind)]:
                    yield error(
                        "staff-closure",
                        member.place(field),
                        say(
                            "{number}: {kind} on {day} by the roster, the sheet 人员 of "
                            "Q{quarter} does not say so",
                            number=member.number,
                            kind=kind,
                            day=day,
                            quarter=quarter.number,
                        ),
                        say("enter the change on the sheet 人员, or correct the roster"),
                    )


def _roster_moves(roster: Iterable[StaffMember]) -> Moves:
    moves: defaultdict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for member in roster:
        moves[member.name, JOINED].add(member.joined)
        if member.left is not None:
            moves[member.name, LEFT].add(member.left)
    return moves


def _told(quarter: Quarter) -> Moves:
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
        for number in range(before + 1, after):
            later = book.quarters[after]
            yield warning(
                "quarter-absent",
                later.cover.place("quarter"),
                say(
                    "there is a workbook for Q{after} and none for Q{number}",
                    after=after,
                    number=number,
                ),
                say("add operations/Q{number}.xlsx; sums to date lack that quarter", number=number),
            )


def _neighbours(numbers: list[int]) -> Iterator[tuple[int, int]]:
    return zip([0, *numbers], numbers, strict=False)
