"""What must hold in operations/Qn.xlsx: outages, counts, stocks, prose, from quarter to quarter."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, Generic, TypeVar

from deliverables.compute.availability import measured_over, target_lines
from deliverables.compute.figures import minutes_lost
from deliverables.compute.matters import dropped, matters, renamed
from deliverables.compute.term import mark, periods_needed, served_quarters, service_months
from deliverables.compute.term import quarters as term_quarters
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, counted_from
from deliverables.model.fields import (
    AMOUNT,
    DECIMAL,
    MONTH,
    PERCENTAGE,
    WHOLE,
    Missing,
    Row,
    ValueType,
    declarations,
    sheets,
    show_moment,
    show_number,
)
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import (
    UNGRADED,
    Cover,
    Drill,
    Durability,
    Issue,
    Operations,
    Outage,
    Resource,
    Security,
    Usage,
    listed_in,
)
from deliverables.model.roster_sheets import Roster
from deliverables.model.rules import NUMBER, UNITS, rules_of
from deliverables.values.dates import Period
from deliverables.values.figure import Cell, Source
from deliverables.values.money import round_half_up
from deliverables.values.problem import (
    Listing,
    Message,
    Problem,
    and_more,
    error,
    gap,
    listed,
    say,
    warning,
)

R = TypeVar("R", bound=Row)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class CheckedSheet(Generic[R]):
    """One sheet of a workbook: its name in the model, its row type and its rows."""

    name: str
    row: type[R]
    rows: tuple[R, ...]

    @property
    def title(self) -> str:
        """The name on the tab."""
        return self.row.sheet

    def labels(self, *types: ValueType) -> dict[str, str]:
        """Return the columns of the given types: the label by the name of the field."""
        return {
            name: declared.label
            for name, declared in declarations(self.row).items()
            if declared.type in types
        }


def sheets_of(workbook: Operations | Roster | Ledger | Letters) -> Iterator[CheckedSheet[Any]]:
    """Return every sheet of the workbook that has rows, in the order of the workbook."""
    for name, row in sheets(type(workbook)).items():
        rows = getattr(workbook, name)
        if rows:
            yield CheckedSheet(name, row, rows)


def label(row: Row, field: str) -> str:
    """Return the header of a column."""
    return declarations(type(row))[field].label


def told(value: object) -> object:
    """Return a value as a message shows it: moments to the minute, anything else as it is."""
    return show_moment(value) if isinstance(value, datetime) else value


def where(source: Source) -> str | Message:
    """Return a place inside a file that the problem already names: sheet and cell, or the line."""
    if isinstance(source, Cell):
        return f"[{source.sheet}]!{source.cell}" if source.cell else f"[{source.sheet}]"
    return say("line {line}", line=source.line)


def grouped(rows: Iterable[R], key: Callable[[R], K]) -> dict[K, list[R]]:
    """Return the rows by key, in the order in which the keys first appear."""
    groups: defaultdict[K, list[R]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def repeated(rows: Iterable[R], key: Callable[[R], K]) -> Iterator[tuple[R, R]]:
    """Return each row whose key an earlier row has, after the first row that has it."""
    first: dict[K, R] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row)
        if earlier is not row:
            yield earlier, row


LISTED = 5
"""How many cells a problem about a whole column names before it only counts the rest."""


def cells(places: Sequence[Source]) -> Listing:
    """Return the first few cells of a sheet, then an ellipsis: D4, D9, D12, …"""
    named = [place.cell for place in places[:LISTED] if isinstance(place, Cell) and place.cell]
    return listed([*named, "…"] if len(places) > len(named) else named)


MOST_ALIKE = 20
"""Problems shown of one code in one column; the rest are counted in the last one shown."""

_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_TABS = {
    row.sheet: position
    for workbook in (Operations, Roster, Ledger, Letters)
    for position, row in enumerate(sheets(workbook).values(), 1)
}

Rank = tuple[str, int, int, int, str]


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by place: lines by number, cells by tab, row and column."""
    return sorted(problems, key=lambda problem: _rank(problem.source))


def _rank(source: Source) -> Rank:
    if not isinstance(source, Cell):
        return source.file, 0, source.line, source.column, ""
    column, row = _split(source.cell)
    return source.file, _TABS.get(source.sheet, 0), row, len(column), column


def _split(address: str) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(address)
    return (match[1], int(match[2])) if match else ("", 0)


def most_alike(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without those of a column after the first twenty of the same code.

    The last one shown says how many more there are: whoever sees twenty mends the column.
    """
    shown: list[Problem] = []
    last: dict[tuple[str, ...], int] = {}
    alike: Counter[tuple[str, ...]] = Counter()
    for problem in problems:
        column = _column(problem)
        alike[column] += 1
        if alike[column] <= MOST_ALIKE:
            last[column] = len(shown)
            shown.append(problem)
    for column, count in alike.items():
        if count > MOST_ALIKE:
            shown[last[column]] = and_more(shown[last[column]], count - MOST_ALIKE)
    return tuple(shown)


def _column(problem: Problem) -> tuple[str, ...]:
    source = problem.source
    if not isinstance(source, Cell):
        return problem.code, str(source)
    return problem.code, source.file, source.sheet, _split(source.cell)[0]


PLAUSIBLE_YEARS = range(2010, 2051)
"""The years in which a contract of this kind can have been signed; others are mistyped."""


@dataclass(frozen=True, slots=True)
class QuarterWorkbook:
    """A service quarter's number and workbook."""

    number: int
    workbook: Operations


@dataclass(frozen=True, slots=True)
class DatedQuarter(QuarterWorkbook):
    """A quarter whose cover states the days that the contract gives it; `months` name its own."""

    period: Period
    months: tuple[date, ...]


def quarters(book: ContractBook) -> Iterator[QuarterWorkbook]:
    """Return every quarter that has a workbook, in order."""
    for number, workbook in sorted(book.quarters.items()):
        yield QuarterWorkbook(number, workbook)


def dated(book: ContractBook) -> Iterator[DatedQuarter]:
    """Return the quarters whose cover is right.

    Under a wrong cover every row would be outside: one problem, not thousands.
    """
    periods = quarter_periods(book.contract)
    for quarter in quarters(book):
        period = periods.get(quarter.number)
        cover = quarter.workbook.cover
        if period and (cover.first_day, cover.last_day) == (period.first, period.last):
            months = tuple(
                name
                for name, month in service_months(book.contract)
                if month.last >= period.first and month.first <= period.last
            )
            yield DatedQuarter(quarter.number, quarter.workbook, period, months)


def quarter_periods(contract: Contract) -> dict[int, Period]:
    """Return the days of each quarter by its number, none if the term cannot be divided.

    An end of service within the term cuts the last quarter short, and those after it are not there.
    """
    return dict(enumerate(_divided(contract, lambda: served_quarters(contract, date.max)), 1))


def term_periods(contract: Contract) -> dict[int, Period]:
    """Return the days of each quarter of the term as it was signed, whatever ended it."""
    return dict(enumerate(_divided(contract, lambda: term_quarters(contract)), 1))


def _divided(contract: Contract, divide: Callable[[], tuple[Period, ...]]) -> tuple[Period, ...]:
    if contract.identity.signed_on.year not in PLAUSIBLE_YEARS:
        return ()
    try:
        return divide()
    except (ValueError, OverflowError):  # the rules about the contract say why
        return ()


def last_day_of_term(contract: Contract) -> date | None:
    """Return the last day of the service, None if the term cannot be divided."""
    periods = quarter_periods(contract)
    return periods[max(periods)].last if periods else None


_SERVICE_QUALITY = "服务质量"


def outages_in_quarter(book: ContractBook) -> Iterable[Problem]:
    """An outage that crosses the quarter's border counts up to it; one beyond it is misplaced."""
    for quarter in dated(book):
        opening, closing = _bounds(quarter)
        for outage in quarter.workbook.outages:
            if outage.ended <= opening or outage.started >= closing:
                yield error(
                    "row-outside-quarter",
                    outage.place("started"),
                    say(
                        "outage {number} ({started} to {ended}) is outside the quarter, which "
                        "runs from {first} to {last}",
                        number=outage.number,
                        started=told(outage.started),
                        ended=told(outage.ended),
                        first=quarter.period.first,
                        last=quarter.period.last,
                    ),
                    say("correct the times, or move the row to the workbook of its own quarter"),
                )
            elif outage.started < opening or outage.ended > closing:
                yield _clipped(outage, opening, closing)


def nothing_happened_is_attested(book: ContractBook) -> Iterable[Problem]:
    """An empty sheet prints 100.0000 %: somebody must have written that nothing happened."""
    for quarter in quarters(book):
        operations = quarter.workbook
        said = any(one.chapter == _SERVICE_QUALITY for one in operations.narrative)
        if not operations.outages and not said:
            yield warning(
                "outages-unattested",
                Cell(operations.file, Outage.sheet),
                say("no outage is recorded, so availability prints 100.0000 %"),
                say(
                    "enter the outages; if there was none, say so and by which record in "
                    "说明, 正文：{chapter}",
                    chapter=_SERVICE_QUALITY,
                ),
            )


def _bounds(quarter: DatedQuarter) -> tuple[datetime, datetime]:
    midnight = time()
    return (
        datetime.combine(quarter.period.first, midnight),
        datetime.combine(quarter.period.last + timedelta(days=1), midnight),
    )


def _clipped(outage: Outage, opening: datetime, closing: datetime) -> Problem:
    inside = min(outage.ended, closing) - max(outage.started, opening)
    field = "started" if outage.started < opening else "ended"
    return warning(
        "outage-clipped",
        outage.place(field),
        say(
            "outage {number} lasts {whole} minutes, of which {inside} are in this quarter and "
            "count here ({outside} fewer)",
            number=outage.number,
            whole=_minutes(outage.ended - outage.started),
            inside=_minutes(inside),
            outside=_minutes(outage.ended - outage.started - inside),
        ),
        say("leave the times as they are and write the same row into the neighbouring quarter"),
    )


def _minutes(duration: timedelta) -> str:
    return show_number(minutes_lost(Fraction(duration // timedelta(seconds=1), 60)))


def overlapping_outages(book: ContractBook) -> Iterable[Problem]:
    """Outages that overlap are merged, never added twice; whoever answers for them should know."""
    for quarter in quarters(book):
        longest: Outage | None = None
        counted = (outage for outage in quarter.workbook.outages if not outage.exclusion)
        for outage in sorted(counted, key=lambda row: (row.started, row.ended)):
            if longest is not None and outage.started < longest.ended:
                yield _overlap(longest, outage)
            if longest is None or outage.ended > longest.ended:
                longest = outage


def _overlap(earlier: Outage, later: Outage) -> Problem:
    shared = min(earlier.ended, later.ended) - later.started
    return warning(
        "outage-overlap",
        later.place("started"),
        say(
            "outages {later} and {earlier} ({place}) overlap by {minutes} minutes, "
            "which count once",
            later=later.number,
            earlier=earlier.number,
            place=where(earlier.place("started")),
            minutes=_minutes(shared),
        ),
        say("nothing, if both happened; delete one row if it is the same outage entered twice"),
    )


def outage_systems(book: ContractBook) -> Iterable[Problem]:
    """An outage is put down to systems that the stock has, or the report counts it for none."""
    for quarter in quarters(book):
        known = {row.system for row in quarter.workbook.resources}
        for outage in quarter.workbook.outages if known else ():
            strange = [name for name in outage.touched if name not in known]
            if strange:
                yield warning(
                    "outage-system",
                    outage.place("systems"),
                    say(
                        "outage {number} hit {systems}, which 资源台账 does not have",
                        number=outage.number,
                        systems=listed(strange),
                    ),
                    say(
                        "write the names as 资源台账 has them, with 、 between them; leave the "
                        "cell empty if it hit all systems or nobody can tell"
                    ),
                )


def exclusions(book: ContractBook) -> Iterable[Problem]:
    """An outage is left out by a paper of both sides, from the day of that paper on."""
    for quarter in quarters(book):
        for outage in quarter.workbook.outages:
            if bool(outage.exclusion) == (outage.excluded_on is not None):
                continue
            field = "excluded_on" if outage.exclusion else "exclusion"
            yield error(
                "exclusion-unproved",
                outage.place(field),
                say(
                    "outage {number} names {stated}, its {lacking} is empty: it counts",
                    number=outage.number,
                    stated=outage.figure("exclusion" if outage.exclusion else "excluded_on").name,
                    lacking=outage.figure(field).name,
                ),
                say(
                    "write the paper in which both sides agreed that it does not count, and its "
                    "day, or empty both cells: nothing else leaves an outage out"
                ),
            )


def misses_answered(book: ContractBook) -> Iterable[Problem]:
    """A quarter below its target has a problem with a remedy: its report says so first."""
    for quarter in dated(book):
        if any(row.level == "可用性" for row in quarter.workbook.issues):
            continue
        numbers = periods_needed(book.contract, [quarter.number], date.max)
        if not all(_can_be_measured(book, number) for number in numbers):
            continue
        missed = _missed_over_all(book, quarter) or _missed_target(book, quarter)
        if missed:
            yield gap(
                "miss-unanswered",
                Cell(quarter.workbook.file, Issue.sheet),
                missed,
                say("enter what is done about it as 问题; until then the report prints 【待补】"),
            )


def _can_be_measured(book: ContractBook, number: int) -> bool:
    """Return whether a workbook is there, and no outage in it ends before it began."""
    held = book.quarters.get(number)
    return held is not None and all(row.started < row.ended for row in held.outages)


def _missed_over_all(book: ContractBook, quarter: DatedQuarter) -> Message | None:
    """Return what a quarter lost where that is more than the level without a window allows."""
    level = book.contract.service_levels.availability
    if level is None:
        return None
    lost = measured_over(book, [quarter.number], date.max)
    if lost.meets:
        return None
    return say(
        "availability is below {level} %: {down} minutes of outages, {allowed} are "
        "allowed; no problem answers it (针对指标: 可用性)",
        level=show_number(level),
        down=show_number(round_half_up(lost.downtime)),
        allowed=show_number(round_half_up(lost.budget_minutes)),
    )


def _missed_target(book: ContractBook, quarter: DatedQuarter) -> Message | None:
    """Return which level with a window of its own was missed first in a quarter."""
    lines = target_lines(book, [quarter.number], date.max)
    return next(
        (
            say(
                "{name} of {window} is {percent}, {level} are required; no problem answers it "
                "(针对指标: 可用性)",
                name=line.name.text,
                window=line.label,
                percent=line.percent.text,
                level=line.required.text,
            )
            for line in lines
            if not line.met
        ),
        None,
    )


def matters_carried(book: ContractBook) -> Iterable[Problem]:
    """What one quarter leaves open goes on in the next one's workbook, under its number."""
    held = {quarter.number: quarter.workbook for quarter in quarters(book)}
    for one, missing in dropped(held):
        yield warning(
            "issue-not-carried",
            one.latest.place("number"),
            say(
                "{number} ({subject}) is open and not in {file}",
                number=one.first.number,
                subject=one.latest.subject,
                file=held[missing].file,
            ),
            say("carry the row on in 问题与计划 there, or enter here when it was closed"),
        )


def matters_keep_their_kind(book: ContractBook) -> Iterable[Problem]:
    """A number names one matter over all quarters."""
    held = {quarter.number: quarter.workbook for quarter in quarters(book)}
    for first, row in renamed(held):
        yield error(
            "issue-number",
            row.place("number"),
            say(
                "{number} is a {kind} here, and a {first} ({subject}) in {place}",
                number=row.number,
                kind=row.kind,
                first=first.kind,
                subject=first.subject,
                place=first.place("number"),
            ),
            say("give a new matter a number of its own"),
        )


def matters_known(book: ContractBook) -> Iterable[Problem]:
    """A matter that a row names stands in 问题与计划 of its workbook or an earlier one."""
    known: set[str] = set()
    for quarter in sorted(quarters(book), key=lambda one: one.number):
        known |= {row.number for row in quarter.workbook.issues}
        for sheet in sheets_of(quarter.workbook):
            for column in _NAMING_MATTERS & declarations(sheet.row).keys():
                for row in sheet.rows:
                    for number in listed_in(getattr(row, column)):
                        if number not in known:
                            yield error(
                                "issue-unknown",
                                row.place(column),
                                say(
                                    "{number} is in 问题与计划 of no workbook until here",
                                    number=number,
                                ),
                                say(
                                    "correct the number, or enter in 问题与计划 what is to be "
                                    "done, who does it and until when"
                                ),
                            )


_NAMING_MATTERS = frozenset({"matters", "grading"})
"""The columns that name rows of 问题与计划."""


def left_to_do_numbered(book: ContractBook) -> Iterable[Problem]:
    """What a drill or an inspection leaves to do goes on as a matter."""
    for quarter in quarters(book):
        for drill in quarter.workbook.drills:
            if drill.improvement and not drill.matters:
                yield gap(
                    "left-unnumbered",
                    drill.place("matters"),
                    say(
                        "{name} found something to improve; nothing says what became of it: the "
                        "reports print 【待补】",
                        name=drill.name,
                    ),
                    _NUMBER_IT,
                )
        for found in quarter.workbook.inspections:
            if found.found > found.mended and not found.matters:
                yield gap(
                    "left-unnumbered",
                    found.place("matters"),
                    say(
                        "{subject} left {count} of its findings unmended; nothing says what became "
                        "of them: the reports print 【待补】",
                        subject=found.subject,
                        count=found.found - found.mended,
                    ),
                    _NUMBER_IT,
                )


_NUMBER_IT = say("enter it in 问题与计划 and write its number here")


def major_incidents_graded(book: ContractBook) -> Iterable[Problem]:
    """A major incident without a grade names the open matter by which it is to be graded."""
    held = {quarter.number: quarter.workbook for quarter in quarters(book)}
    going_on = {
        one.first.number for one in matters(held, max(held, default=0)) if one.open_on(date.max)
    }
    for workbook in held.values():
        for row in workbook.incidents:
            if not row.major or row.grade != UNGRADED:
                continue
            if not going_on.issuperset(listed_in(row.grading)) or not row.grading:
                yield gap(
                    "incident-ungraded",
                    row.place("grading"),
                    say(
                        "{number} is a major incident without a grade, and no open matter says by "
                        "whom and until when it is to be graded",
                        number=row.number,
                    ),
                    say(
                        "enter its grade; while there is none, enter in 问题与计划 what grading "
                        "waits for and write its number here"
                    ),
                )


def affected_hosts(book: ContractBook) -> Iterable[Problem]:
    """An outage affects no more hosts than there are."""
    for quarter in quarters(book):
        for outage in quarter.workbook.outages:
            affected, total = outage.affected_hosts, outage.total_hosts
            if affected is not None and total is not None and affected > total:
                yield error(
                    "affected-hosts",
                    outage.place("affected_hosts"),
                    say(
                        "outage {number} affects {affected} hosts of {total} ({excess} too many)",
                        number=outage.number,
                        affected=affected,
                        total=total,
                        excess=affected - total,
                    ),
                    say("correct 受影响主机数 or 主机总数"),
                )


def linked_outages(book: ContractBook) -> Iterable[Problem]:
    """An incident that names an outage names one of its quarter."""
    for quarter in quarters(book):
        known = {outage.number for outage in quarter.workbook.outages}
        for incident in quarter.workbook.incidents:
            if incident.outage and incident.outage not in known:
                yield error(
                    "outage-unknown",
                    incident.place("outage"),
                    say(
                        "incident {number} names outage {outage}, which 中断 does not list",
                        number=incident.number,
                        outage=incident.outage,
                    ),
                    say("correct the number, or enter the outage on the sheet 中断"),
                )


def grading(book: ContractBook) -> Iterable[Problem]:
    """Grades mean nothing while no standard defines them: the report prints 未定级."""
    agreed = book.contract.service_levels.incident_grading
    if agreed and not isinstance(agreed, Missing):
        return
    for quarter in quarters(book):
        graded = [row for row in quarter.workbook.incidents if row.grade != UNGRADED]
        if graded:
            yield _graded_without_standard(len(graded), [row.place("grade") for row in graded])


def _graded_without_standard(count: int, places: list[Source]) -> Problem:
    return warning(
        "grading-undefined",
        places[0],
        say(
            "{count} graded incidents ({cells}), and nothing says what the grades mean: "
            "the report prints 未定级",
            count=count,
            cells=cells(places),
        ),
        say("agree on a grading with the client and write it in service_levels.incident_grading"),
    )


def continued_outages(book: ContractBook) -> Iterable[Problem]:
    """An outage across a border stands in both workbooks: otherwise its minutes are lost."""
    for before, after in pairwise(dated(book)):
        if after.number != before.number + 1:
            continue
        border = datetime.combine(after.period.first, time())
        yield from _missing_beyond(before, after, border, mark(book.contract, after.number))
        yield from _missing_beyond(after, before, border, mark(book.contract, before.number))


def _missing_beyond(
    here: DatedQuarter, there: DatedQuarter, border: datetime, beyond: str
) -> Iterator[Problem]:
    known = {(row.number, row.started, row.ended) for row in there.workbook.outages}
    for row in here.workbook.outages:
        crosses = row.started < border < row.ended
        if crosses and (row.number, row.started, row.ended) not in known:
            yield error(
                "outage-not-continued",
                row.place("ended"),
                say(
                    "outage {number} ({started} to {ended}) crosses the end of a quarter, "
                    "{there} does not have it with the same times",
                    number=row.number,
                    started=told(row.started),
                    ended=told(row.ended),
                    there=beyond,
                ),
                say("write the row with the same number and times into both workbooks"),
            )


def stock_balance(book: ContractBook) -> Iterable[Problem]:
    """What was there, plus what came, less what went, is what is there."""
    for quarter in quarters(book):
        for row in quarter.workbook.resources:
            expected = row.opening + row.added - row.released
            if row.closing != expected:
                yield error(
                    "stock-balance",
                    row.place("closing"),
                    say(
                        "{subject}: 期初 {opening} + 新增 {added} - 回收 {released} is {expected}, "
                        "期末 says {found} ({difference})",
                        subject=_name(row),
                        opening=show_number(row.opening),
                        added=show_number(row.added),
                        released=show_number(row.released),
                        expected=show_number(expected),
                        found=show_number(row.closing),
                        difference=signed(row.closing - expected),
                    ),
                    say("correct the number that the resource ledger does not bear out"),
                )


def stock_carried_over(book: ContractBook) -> Iterable[Problem]:
    """What a quarter closes with, the next one opens with."""
    for before, after in pairwise(quarters(book)):
        if after.number == before.number + 1:
            yield from _carried_over(before, after, book.contract)


def _carried_over(
    before: QuarterWorkbook, after: QuarterWorkbook, contract: Contract
) -> Iterator[Problem]:
    closed = {_key(row): row for row in before.workbook.resources}
    opened = {_key(row): row for row in after.workbook.resources}
    for key, row in opened.items():
        earlier = closed.get(key)
        closing = earlier.closing if earlier else Decimal(0)
        if row.opening != closing:
            yield error(
                "stock-carried-over",
                row.place("opening"),
                say(
                    "{subject} opens with {found}, {before} closed with {expected} ({difference})",
                    subject=_name(row),
                    found=show_number(row.opening),
                    before=mark(contract, before.number),
                    expected=show_number(closing),
                    difference=signed(row.opening - closing),
                ),
                say("the opening is the closing of the quarter before; correct whichever is wrong"),
            )
    for key, earlier in closed.items():
        if key not in opened and earlier.closing:
            yield error(
                "stock-carried-over",
                earlier.place("closing"),
                say(
                    "{subject} closes with {closing}, {after} does not list it",
                    subject=_name(earlier),
                    closing=show_number(earlier.closing),
                    after=mark(contract, after.number),
                ),
                say("list it in the next quarter too, with what was released in 回收"),
            )


def _key(row: Resource) -> tuple[str, str, str]:
    return row.system, row.kind, row.specification


def _name(row: Resource) -> str:
    return " / ".join(part for part in _key(row) if part)


def signed(difference: Decimal) -> str:
    """Return a difference with its sign: +2 or -0.5."""
    return f"{'+' if difference > 0 else '-'}{show_number(abs(difference))}"


def resource_units(book: ContractBook) -> Iterable[Problem]:
    """Each kind of resource is added up in one unit."""
    for quarter in quarters(book):
        for row in quarter.workbook.resources:
            if row.unit.casefold() != UNITS[row.kind].casefold():
                yield error(
                    "resource-unit",
                    row.place("unit"),
                    say(
                        "{subject} is given in {found}, the report adds {kind} up in {expected}",
                        subject=_name(row),
                        found=row.unit,
                        kind=row.kind,
                        expected=UNITS[row.kind],
                    ),
                    say("convert the numbers of the row (1 TB is 1,024 GB) and write {unit}",
                        unit=UNITS[row.kind]),
                )  # fmt: skip


def hosts_agree(book: ContractBook) -> Iterable[Problem]:
    """As many hosts were monitored as the stock says there were in the quarter."""
    for quarter in quarters(book):
        if not quarter.workbook.usage:
            continue
        monitored = {
            system: len({row.host for row in rows})
            for system, rows in grouped(quarter.workbook.usage, lambda row: row.system).items()
        }
        stock = grouped(
            (row for row in quarter.workbook.resources if row.kind == "云主机"),
            lambda row: row.system,
        )
        for system, rows in stock.items():
            fewest = sum(row.closing for row in rows)
            most = sum(row.opening + row.added for row in rows)
            found = monitored.get(system, 0)
            if not fewest <= found <= most:
                yield warning(
                    "host-count",
                    rows[0].place("closing"),
                    say(
                        "{system}: the stock has {fewest} hosts at the end and {most} over the "
                        "quarter, 资源使用 lists {found}",
                        system=system,
                        fewest=show_number(fewest),
                        most=show_number(most),
                        found=found,
                    ),
                    say("add the hosts that one of the two sheets lacks, or correct the stock"),
                )
        yield from _monitored_without_stock(quarter, set(monitored) - set(stock))


def _monitored_without_stock(quarter: QuarterWorkbook, systems: set[str]) -> Iterator[Problem]:
    stray = [row for row in quarter.workbook.usage if row.system in systems]
    for system, rows in grouped(stray, lambda row: row.system).items():
        yield warning(
            "host-count",
            rows[0].place("system"),
            say(
                "{system}: 资源使用 lists {found} hosts, 资源台账 has no 云主机 of that system",
                system=system,
                found=len({row.host for row in rows}),
            ),
            say("write the system's name as 资源台账 has it, or add its hosts there"),
        )


def parts_of_wholes(book: ContractBook) -> Iterable[Problem]:
    """No more is done, mended or successful than was planned, found or tried."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            for part, whole in rules_of(sheet.row).parts:
                yield from _exceeding(sheet, part, whole)


def _exceeding(sheet: CheckedSheet[Row], part: str, whole: str) -> Iterator[Problem]:
    for row in sheet.rows:
        some: int | None = getattr(row, part)
        all_: int | None = getattr(row, whole)
        if some is not None and all_ is not None and some > all_:
            yield error(
                "part-exceeds-whole",
                row.place(part),
                say(
                    "{part} is {some}, {whole} is only {all} ({excess} too many)",
                    part=label(row, part),
                    some=some,
                    whole=label(row, whole),
                    all=all_,
                    excess=some - all_,
                ),
                say("correct the row: plan extra work too, count mending in the finding's month"),
            )


def mending_balance(book: ContractBook) -> Iterable[Problem]:
    """Of the vulnerabilities due in a month, each was mended or is overdue."""
    for quarter in quarters(book):
        for row in quarter.workbook.security:
            counts = (row.due, row.mended, row.overdue)
            if any(count is not None for count in counts):
                yield from _unbalanced(row)


def _unbalanced(row: Security) -> Iterator[Problem]:
    if row.due is None or row.mended is None or row.overdue is None:
        empty = next(name for name in ("due", "mended", "overdue") if getattr(row, name) is None)
        yield error(
            "mending-incomplete",
            row.place(empty),
            say("{label} is empty beside its neighbours", label=label(row, empty)),
            say("fill in 应整改, 已整改 and 逾期未整改 (0 if there is none), or leave all empty"),
        )
    elif row.mended + row.overdue != row.due:
        yield error(
            "mending-balance",
            row.place("overdue"),
            say(
                "已整改 {mended} + 逾期未整改 {overdue} is {found}, 应整改 is {due} ({difference})",
                mended=row.mended,
                overdue=row.overdue,
                found=row.mended + row.overdue,
                due=row.due,
                difference=signed(Decimal(row.mended + row.overdue - row.due)),
            ),
            say("correct the number that the vulnerability list does not bear out"),
        )


def surveys(book: ContractBook) -> Iterable[Problem]:
    """A survey says how many answers came back, and they add up; nothing else has numbers."""
    for quarter in quarters(book):
        for row in quarter.workbook.opinions:
            counts = (row.satisfied, row.fair, row.dissatisfied)
            found = sum(count or 0 for count in counts)
            if row.kind == "满意度调查" and (row.sent is None or row.returned is None):
                empty = "returned" if row.sent is not None else "sent"
                yield error(
                    "survey-incomplete",
                    row.place(empty),
                    say("{label} is empty: the share of satisfied answers hangs on it",
                        label=label(row, empty)),
                    say("write how many questionnaires were handed out and came back"),
                )  # fmt: skip
            elif row.returned is not None and found != row.returned:
                yield error(
                    "survey-balance",
                    row.place("returned"),
                    say(
                        "满意 + 基本满意 + 不满意 is {found}, 收回 is {returned} ({difference})",
                        found=found,
                        returned=row.returned,
                        difference=signed(Decimal(found - row.returned)),
                    ),
                    say("count the questionnaires again; an answer left blank counts nowhere: "
                        "note it in 数据来源 and leave it out of 收回"),
                )  # fmt: skip


_OF_A_MAJOR = ("responded", "cause_kind", "systems", "timeline", "prevention")
"""What the page of a major incident tells, which lesser ones may leave out."""


def major_incidents_told(book: ContractBook) -> Iterable[Problem]:
    """A major incident, which has a page of its own, is told step by step with what prevents it."""
    for quarter in quarters(book):
        for row in quarter.workbook.incidents:
            empty = [name for name in _OF_A_MAJOR if row.major and not getattr(row, name)]
            if empty:
                yield gap(
                    "incident-untold",
                    row.place(empty[0]),
                    say(
                        "{number} is a major incident without {labels}: its page prints 【待补】",
                        number=row.number,
                        labels=listed([label(row, name) for name in empty]),
                    ),
                    say("write it from the record of the incident"),
                )


def peaks(book: ContractBook) -> Iterable[Problem]:
    """A peak is no lower than the average."""
    for quarter in quarters(book):
        for row in quarter.workbook.usage:
            for average, peak in rules_of(Usage).peaks:
                lower: Decimal = getattr(row, average)
                upper: Decimal = getattr(row, peak)
                if upper < lower:
                    yield error(
                        "peak-below-average",
                        row.place(peak),
                        say(
                            "{host}: {peak} {found} % is below {average} {lower} %",
                            host=row.host,
                            peak=label(row, peak),
                            found=show_number(upper),
                            average=label(row, average),
                            lower=show_number(lower),
                        ),
                        say("correct the two; they are often in each other's column"),
                    )


def storage_used(book: ContractBook) -> Iterable[Problem]:
    """A host uses no more storage than it has."""
    for quarter in quarters(book):
        for row in quarter.workbook.usage:
            if row.storage_used > row.storage:
                yield error(
                    "storage-exceeded",
                    row.place("storage_used"),
                    say(
                        "{host} uses {used} GB of {storage} GB ({excess} GB too much)",
                        host=row.host,
                        used=show_number(row.storage_used),
                        storage=show_number(row.storage),
                        excess=show_number(row.storage_used - row.storage),
                    ),
                    say("correct the size or what is used; mind TB and GB"),
                )


_UNFINISHED = re.compile(r"【待补[^】]*】?|待补充|TODO|[xX×]{3,}")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\}\}|\{%|%\}")
_SENTENCE = re.compile(r"[^。；;！？\n]+")
_PERCENTAGE = re.compile(r"\d+(?:\.\d+)?\s*[%％]")
_MANY_NINES = re.compile(r"99\.99\d{2,}\s*[%％]")
_MEASURED = re.compile(r"实测|实际测得|经测算|统计值|监测值")
_NOT_MEASURED = re.compile(
    r"(?:非|未|无法|不能|不宜|不是|不作|不以)[^，,。；]{0,12}实测|实测[^，,]{0,6}(?:不|无)"
)
_STATED = re.compile(
    r"(?P<before>[^，,]*(?:可靠性|持久性)[^%％]{0,20}?)\d+(?:\.\d+)?\s*[%％](?P<after>[^，,]{0,8})"
)
_NOT_CLAIMED = re.compile(r"设计|要求|约定|承诺|不低于|指标|目标")
_OTHER_SUBJECT = re.compile(r"可用性|率")
_DURABILITY_TEXTS = ("scheme", "design_value", "design_evidence", "evidence", "storage")
_REMEMBERED = 1_024
"""So many texts are kept in mind: the rows of a long sheet repeat most of theirs."""


def unfinished_paragraphs(book: ContractBook) -> Iterable[Problem]:
    """A paragraph with a placeholder is not finished; one with template code is a slip."""
    for quarter in quarters(book):
        for paragraph in quarter.workbook.narrative:
            tag = _TAG.search(paragraph.text)
            placeholder = _UNFINISHED.search(paragraph.text)
            if tag:
                yield error(
                    "narrative-tag",
                    paragraph.source,
                    say(
                        "the paragraph for {chapter} contains {found}, which is template code: "
                        "text from data is printed as it is",
                        chapter=paragraph.chapter,
                        found=tag.group(),
                    ),
                    say("write the text itself; figures stand in the report's tables already"),
                )
            elif placeholder:
                yield gap(
                    "narrative-unfinished",
                    paragraph.source,
                    say(
                        "the paragraph for {chapter} is not finished: it contains {found}",
                        chapter=paragraph.chapter,
                        found=placeholder.group(),
                    ),
                    say("write what is still open, or delete the sentence"),
                )


def durability_claims(book: ContractBook) -> Iterable[Problem]:
    """Nobody can measure 99.9999 %: a year without loss proves no such figure."""
    for quarter in quarters(book):
        for row in quarter.workbook.durability:
            yield from _claims_of_row(row)
        for paragraph in quarter.workbook.narrative:
            for sentence in _SENTENCE.findall(paragraph.text):
                if _claims_durability(sentence):
                    yield _claim(paragraph.source, sentence)


def _claims_of_row(row: Durability) -> Iterator[Problem]:
    for field in _DURABILITY_TEXTS:
        text: str = getattr(row, field)
        if _claims_percentage(text):
            yield _claim(row.place(field), text)


def _claims_durability(sentence: str) -> bool:
    if "可靠性" in sentence or "持久性" in sentence:
        return _claims_percentage(sentence) or _states_durability(sentence)
    of_something_else = "可用性" in sentence
    return not of_something_else and bool(_MANY_NINES.search(sentence)) and _says_measured(sentence)


@lru_cache(_REMEMBERED)
def _claims_percentage(text: str) -> bool:
    return bool(_PERCENTAGE.search(text)) and _says_measured(text)


def _states_durability(sentence: str) -> bool:
    return any(
        not _NOT_CLAIMED.search(stated["before"] + stated["after"])
        and not _OTHER_SUBJECT.search(stated["before"])
        for stated in _STATED.finditer(sentence)
    )


def _says_measured(text: str) -> bool:
    return bool(_MEASURED.search(text)) and not _NOT_MEASURED.search(text)


def _claim(source: Source, text: str) -> Problem:
    return error(
        "durability-claim",
        source,
        say(
            '"{text}" claims a measured durability; 99.9999 % would take about 3,000,000 '
            "failure-free object-years to prove",
            text=_shortened(text.strip()),
        ),
        say(
            "state what was observed (loss events, integrity checks) and give the percentage as "
            "the design value (设计值) of the manufacturer's document"
        ),
    )


def _shortened(text: str, longest: int = 30) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def design_values(book: ContractBook) -> Iterable[Problem]:
    """A design value names the document that states it."""
    for quarter in quarters(book):
        for row in quarter.workbook.durability:
            if row.design_value and not row.design_evidence:
                yield warning(
                    "design-value-unproved",
                    row.place("design_evidence"),
                    say(
                        "{storage}: the design value {value} names no document",
                        storage=row.storage,
                        value=row.design_value,
                    ),
                    say("write the manufacturer's document in 设计值依据 and attach it"),
                )


def signatories(book: ContractBook) -> Iterable[Problem]:
    """The cover names who prepared, reviewed and approved the report."""
    for quarter in quarters(book):
        cover: Cover = quarter.workbook.cover
        for field in ("prepared_by", "reviewed_by", "approved_by"):
            if not getattr(cover, field):
                yield gap(
                    "signatory-missing",
                    cover.place(field),
                    say("the cover does not say who did {label}", label=cover.figure(field).name),
                    say("write the name on the sheet 说明"),
                )


def quarter_period(book: ContractBook) -> Iterable[Problem]:
    """The cover states the quarter's own days: months from signing, no calendar quarter."""
    periods = quarter_periods(book.contract)
    for quarter in quarters(book):
        period = periods.get(quarter.number)
        if period:
            cover = quarter.workbook.cover
            yield from _other_day(book, cover, "first_day", period.first)
            yield from _other_day(book, cover, "last_day", period.last)


def periods_of_the_term(book: ContractBook) -> Iterable[Problem]:
    """Each workbook is of a period that the term has; whether it was served is not asked."""
    periods = term_periods(book.contract)
    for quarter in quarters(book):
        if periods and quarter.number not in periods:
            yield error(
                "quarter-unknown",
                Cell(quarter.workbook.file),
                say(
                    "the term has {count} periods, {first} to {last}; this is none of them",
                    count=len(periods),
                    first=mark(book.contract, 1),
                    last=mark(book.contract, len(periods)),
                ),
                say("rename it to the period it belongs to, or move it out of this folder"),
            )


def _how_periods_run(contract: Contract) -> Message:
    """Return what to do about a cover of other days, and from which day its period is counted."""
    series = contract.data_series
    if series is not None and series.by_calendar:
        return say("periods are those of the calendar ({article}); correct the cover and move rows "
                   "of other days", article=series.article)  # fmt: skip
    start, _ = counted_from(contract)
    return say(
        "periods are counted from {start} ({article}) and are not those of the calendar; correct "
        "the cover and move rows of other days",
        start=start,
        article=contract.service.article,
    )


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
            _how_periods_run(book.contract),
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


def _moments_outside(
    quarter: DatedQuarter, sheet: CheckedSheet[Row], field: str
) -> Iterator[Problem]:
    for row in sheet.rows:
        moment: date | datetime | None = getattr(row, field)
        if moment is None:
            continue
        day = moment.date() if isinstance(moment, datetime) else moment
        if not quarter.period.contains(day):
            yield _outside(quarter, row, field, moment)


def _drills_outside(quarter: DatedQuarter, sheet: CheckedSheet[Drill]) -> Iterator[Problem]:
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


def _months_outside(quarter: DatedQuarter, sheet: CheckedSheet[Row]) -> Iterator[Problem]:
    named = quarter.months
    for field in sheet.labels(MONTH):
        for row in sheet.rows:
            month: date = getattr(row, field)
            if month not in named:
                yield error(
                    "month-outside-quarter",
                    row.place(field),
                    say(
                        "the month {found:%Y-%m} is none of the quarter's service months "
                        "{months}, each named by the month in which it ends",
                        found=month,
                        months="、".join(f"{one:%Y-%m}" for one in named),
                    ),
                    say("correct the month, or move the row to the workbook of its own quarter"),
                )


def in_order_of_time(book: ContractBook) -> Iterable[Problem]:
    """Nothing ends before it starts; an outage lasts at least a moment."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            for start, end in rules_of(sheet.row).spans:
                yield from _reversed_spans(sheet, start, end)


def _reversed_spans(sheet: CheckedSheet[Row], start: str, end: str) -> Iterator[Problem]:
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


def _twice(sheet: CheckedSheet[Row], fields: tuple[str, ...]) -> Iterator[Problem]:
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
    """Every row names the export or paper it was taken from; one problem per sheet.

    Where no row does, the report prints 【待补】 as the source of the sheet's figures.
    """
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            without = [row.place("evidence") for row in sheet.rows if not row.evidence]
            if without:
                yield without_evidence(sheet, without)


def without_evidence(sheet: CheckedSheet[Row], without: list[Source]) -> Problem:
    """Return the problem that rows of a sheet name no evidence."""
    message = say(
        "{count} of {all} rows of {sheet} name no evidence ({cells})",
        count=len(without),
        all=len(sheet.rows),
        sheet=sheet.title,
        cells=cells(without),
    )
    fix = say("write in 数据来源 which export or paper each row was taken from, and when")
    if len(without) == len(sheet.rows):
        return gap("evidence-missing", without[0], message, fix)
    return warning("evidence-missing", without[0], message, fix)
