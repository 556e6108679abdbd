"""What must hold between files, and between parts and their wholes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Final

from deliverables.checks.operations import PLAUSIBLE_YEARS, Quarter, dated, quarters, term_periods
from deliverables.checks.roster import members
from deliverables.compute.account import Account, account, yuan
from deliverables.compute.availability import COUNTED_BY, measured_over, span
from deliverables.compute.figures import Inputs, number, rows_of, time_lost
from deliverables.compute.operations import people, staff_of, stock
from deliverables.compute.term import mark, period_word, report_word, served_quarters
from deliverables.model.book import ContractBook
from deliverables.model.contract import Exit
from deliverables.model.fields import Row
from deliverables.model.ledger import Ledger
from deliverables.model.operations import (
    Alarm,
    Change,
    Incident,
    Operations,
    Outage,
    StaffChange,
    Ticket,
)
from deliverables.model.roster import Roster, StaffMember
from deliverables.values.calendar import Calendar, Provisional
from deliverables.values.dates import days_before
from deliverables.values.figure import Cell, Derivation, Figure, Line, Source, sources_in
from deliverables.values.problem import Problem, error, listed, say, warning
from deliverables.values.time_limit import Shape, Unit

CLOSED: Final = "相符"
OPEN: Final = "不符"

_ANEW: Final = "全部记录重新计算"

_JOINED, _LEFT = "进入", "离开"


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """One thing reckoned twice: from its parts (`made_of` says which) and as a whole."""

    subject: str
    made_of: str
    parts: Figure[Decimal]
    whole: Figure[Decimal]
    difference: Figure[Decimal]
    verdict: Figure[str]

    @property
    def closed(self) -> bool:
        """Whether both ways give the same, exactly."""
        return self.verdict.value == CLOSED


def closure(book: ContractBook, numbers: Sequence[int], as_of: date) -> tuple[ClosureLine, ...]:
    """Return every line over consecutive quarters, with the money as it stood on `as_of`."""
    quarters = [book.quarters[n] for n in numbers]
    period, reports = period_word(book.contract), f"各{report_word(book.contract)}合计"
    lines: list[ClosureLine] = []
    if numbers:
        lines += [*_time(book, numbers, reports, as_of), *_work(quarters, reports)]
        lines += _stock(quarters, period)
    if book.ledger is not None:
        money = account(book.contract, book.ledger, book.calendar, as_of)
        lines += _money(money, book.ledger, as_of)
    if book.roster is not None and numbers:
        lines += _staff(book, numbers, book.roster, as_of)
    return tuple(lines)


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


def _time(
    book: ContractBook, numbers: Sequence[int], made_of: str, as_of: date
) -> Iterator[ClosureLine]:
    """Minutes of the period and of downtime: each quarter's own, and the year's taken as one."""
    year = measured_over(book, numbers, as_of)
    each = [measured_over(book, [n], as_of) for n in numbers]
    quarters = [book.quarters[n] for n in numbers]
    days = span(book.contract, numbers, as_of)
    signed = (book.contract.identity.figure("signed_on"),)
    subject = "统计时长（分钟）"
    yield _counted(
        subject,
        made_of,
        _parts(subject, sum(part.total_minutes for part in each), made_of, signed),
        _whole(subject, ((days.last - days.first).days + 1) * 24 * 60, signed),
    )
    down = sum((part.downtime for part in each), Fraction(0))
    outages = rows_of(quarters, Outage)
    counted = [row for row in outages.every if not row.excluded_by(as_of)]
    parts, whole = (
        time_lost(name, minutes, outages.origin(rule, counted, "started", "ended", *COUNTED_BY))
        for name, minutes, rule in (
            ("各期中断时长合计", down, "各期中断时长相加"),
            ("全年中断时长", year.downtime, "全年中断合并重叠部分"),
        )
    )
    origin = Derivation("分项合计－总数", "", (parts, whole))
    apart = time_lost("差额", abs(down - year.downtime), origin)
    yield _line("中断时长（分钟）", made_of, parts, whole, apart, closed=down == year.downtime)


def _work(quarters: Sequence[Operations], made_of: str) -> Iterator[ClosureLine]:
    """Counts of work: rows of each quarter, and the distinct numbers of all of them."""
    kinds: tuple[tuple[str, type[Row]], ...] = (
        ("告警（条）", Alarm),
        ("受理工单（件）", Ticket),
        ("事件（起）", Incident),
        ("变更（次）", Change),
    )
    for subject, kind in kinds:
        rows = rows_of(quarters, kind)
        each = rows.one_of_each(attrgetter("number"))
        yield _counted(
            subject,
            made_of,
            rows.count(f"{subject}分项合计", made_of, rows.every, "number"),
            rows.count(f"{subject}总数", _ANEW, each, "number"),
        )


def _stock(quarters: Sequence[Operations], period: str) -> Iterator[ClosureLine]:
    """Hosts: the first stock with every movement, and the last stock."""
    for line in stock(quarters).by_kind:
        if line.kind == "云主机":
            moved = line.opening.value + line.added.value - line.released.value
            inputs = (line.opening, line.added, line.released)
            made_of = f"期初数＋各{period}新增－回收"
            subject = "期末云主机（台）"
            yield _counted(subject, made_of, _parts(subject, moved, made_of, inputs), line.closing)


def _money(money: Account, ledger: Ledger, as_of: date) -> Iterator[ClosureLine]:
    """Yuan: instalments against the contract, rows of the ledger against the account."""
    due = sum((item.due.value for item in money.instalments), Decimal("0.00"))
    dues = tuple(item.due for item in money.instalments)
    yield _yuan("合同款项（元）", "各期付款申请应付款合计", due, money.total, dues)
    issued = [row for row in ledger.invoices if row.issued <= as_of]
    split = sum((row.net + row.tax for row in issued), Decimal("0.00"))
    parts = tuple(row.figure(name) for row in issued for name in ("net", "tax"))
    yield _yuan("已开票（元）", "各张发票金额与税额合计", split, money.invoiced,
                parts or (money.invoiced,))  # fmt: skip
    received = [row for row in ledger.for_the_price if row.received <= as_of]
    came = sum((row.amount for row in received), Decimal("0.00"))
    yield _yuan("已到账（元）", "台账各笔到账合计", came, money.received,
                tuple(row.figure("amount") for row in received) or (money.received,))  # fmt: skip
    rest = sum((item.outstanding.value for item in money.instalments), Decimal("0.00"))
    left = tuple(item.outstanding for item in money.instalments)
    yield _yuan("未到账（元）", "各期未到账合计", rest, money.outstanding, left)


def _staff(
    book: ContractBook, numbers: Sequence[int], roster: Roster, as_of: date
) -> Iterator[ClosureLine]:
    """People: the team at the start with every movement, agreements with those without."""
    quarters = [book.quarters[n] for n in numbers]
    days = span(book.contract, numbers, as_of)
    team = people(quarters, roster, days.last)
    founding = numbers[0] == 1
    staff, changes = staff_of(roster), rows_of(quarters, StaffChange)
    there = [member for member in staff.every if _there(member, days.first, first=founding)]
    at_start = staff.count("期初在岗", "期初已进入且未离开的人员", there, "name", "joined", "left")
    moves = changes.where(
        lambda row: not (founding and row.kind == _JOINED and row.day == days.first)
    )
    came, went = (
        changes.count(kind, f"期初以后{kind}的人员变动行数", such, "day", "kind", "name")
        for kind in (_JOINED, _LEFT)
        for such in [[row for row in moves.every if row.kind == kind]]
    )
    moved = at_start.value + came.value - went.value
    subject, made_of = "期末在岗人员（人）", f"期初在岗＋各{period_word(book.contract)}进入－离开"
    parts = _parts(subject, moved, made_of, (at_start, came, went))
    yield _counted(subject, made_of, parts, team.on_project)
    if book.contract.confidentiality is None:
        return
    subject, made_of = "保密协议覆盖人员（人）", "已签署＋未签署"
    both = (team.signed, team.unsigned)
    covered = _parts(subject, team.signed.value + team.unsigned.value, made_of, both)
    yield _counted(subject, made_of, covered, team.on_project)


def _there(member: StaffMember, day: date, *, first: bool) -> bool:
    """Return whether a person was there before the first movement that a workbook tells.

    Whoever joins on the first day of the term founds the team; later, joining is a movement.
    """
    began = member.joined <= day if first else member.joined < day
    return began and (member.left is None or member.left >= day)


def _parts(subject: str, value: int | Decimal, made_of: str, inputs: Inputs) -> Figure[Decimal]:
    return number(f"{subject}分项合计", value, made_of, inputs)


def _whole(subject: str, value: int | Decimal, inputs: Inputs) -> Figure[Decimal]:
    return number(f"{subject}总数", value, _ANEW, inputs)


def _counted(
    subject: str, made_of: str, parts: Figure[Decimal], whole: Figure[Decimal]
) -> ClosureLine:
    apart = parts.value - whole.value
    difference = number("差额", apart, "分项合计－总数", (parts, whole))
    return _line(subject, made_of, parts, whole, difference, closed=not apart)


def _yuan(
    subject: str, made_of: str, parts: Decimal, whole: Figure[Decimal], inputs: Inputs
) -> ClosureLine:
    added = yuan(f"{subject}分项合计", parts, made_of, "", inputs)
    apart = parts - whole.value
    difference = yuan("差额", apart, "分项合计－总数", "", (added, whole))
    return _line(subject, made_of, added, whole, difference, closed=not apart)


def _line(  # in the order of the columns
    subject: str,
    made_of: str,
    parts: Figure[Decimal],
    whole: Figure[Decimal],
    difference: Figure[Decimal],
    *,
    closed: bool,
) -> ClosureLine:
    said = CLOSED if closed else OPEN
    verdict = Figure("核对结果", said, said, Derivation("差额为零即相符", "", (parts, whole)))
    return ClosureLine(subject, made_of, parts, whole, difference, verdict)


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
                            "{quarter} does not say so",
                            number=member.number,
                            kind=kind,
                            day=day,
                            quarter=mark(book.contract, quarter.number),
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


def _last_day_to_ask(leaving: Exit, days: int, calendar: Calendar) -> date:
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
