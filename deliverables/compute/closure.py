"""Closure across documents: what the parts state adds up to what the whole states.

Every line is reckoned twice, by two ways that share no sum: quarter by quarter against the year as
one, instalment by instalment against the contract, row by row against the account, movement by
movement against the roster. Minutes are compared exactly, not as printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from deliverables.compute.account import Account, account, yuan
from deliverables.compute.conduct import people
from deliverables.compute.figures import Inputs, drawn_from, number, time_lost
from deliverables.compute.reporting import period_word, report_word
from deliverables.compute.resources import stock
from deliverables.compute.service import measured_over, span
from deliverables.figure import Derivation, Figure, sources_in
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.ledger import Invoice, Ledger
from deliverables.model.operations import (
    Alarm,
    Change,
    Incident,
    Operations,
    Outage,
    StaffChange,
    Ticket,
)
from deliverables.model.record import Row
from deliverables.model.staff import Roster, StaffMember
from deliverables.problem import Problem, error
from deliverables.source import Cell

CLOSED: Final = "相符"
OPEN: Final = "不符"

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
        lines += [*_time(book, numbers, reports), *_work(quarters, reports)]
        lines += _stock(quarters, period)
    if book.ledger is not None:
        money = account(book.contract, book.ledger, book.calendar, as_of)
        lines += _money(money, book.ledger, as_of)
    if book.roster is not None and numbers:
        lines += _staff(book, numbers, book.roster)
    return tuple(lines)


def unclosed(book: ContractBook) -> Iterator[Problem]:
    """Yield an error for every line of the quarters so far, and of all the money, that is open."""
    numbers = [n for n in sorted(book.quarters) if all(m in book.quarters for m in range(1, n))]
    for line in closure(book, numbers, date.max):
        if not line.closed:
            places = sorted(sources_in((line.parts, line.whole)), key=str)
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


def _time(book: ContractBook, numbers: Sequence[int], made_of: str) -> Iterator[ClosureLine]:
    """Minutes of the period and of downtime: each quarter's own, and the year's taken as one."""
    year, each = measured_over(book, numbers), [measured_over(book, [n]) for n in numbers]
    quarters = [book.quarters[n] for n in numbers]
    days = span(book.contract, numbers)
    signed = (book.contract.identity.figure("signed_on"),)
    yield _counted(
        "统计时长（分钟）",
        made_of,
        sum(part.total_minutes for part in each),
        ((days.last - days.first).days + 1) * 24 * 60,
        signed,
    )
    down = sum((part.downtime for part in each), Fraction(0))
    sheets = drawn_from(quarters, Outage)
    yield _line(
        "中断时长（分钟）",
        made_of,
        time_lost("各期中断时长合计", down, "各期中断时长相加", sheets),
        time_lost("全年中断时长", year.downtime, "全年中断合并重叠部分", sheets),
        time_lost("差额", abs(down - year.downtime), "分项合计－总数", sheets),
        closed=down == year.downtime,
    )


def _work(quarters: Sequence[Operations], made_of: str) -> Iterator[ClosureLine]:
    """Counts of work: rows of each quarter, and the distinct numbers of all of them."""
    rows: tuple[tuple[str, type[Row], Callable[[Operations], Sequence[Row]]], ...] = (
        ("告警（条）", Alarm, lambda quarter: quarter.alarms),
        ("受理工单（件）", Ticket, lambda quarter: quarter.tickets),
        ("事件（起）", Incident, lambda quarter: quarter.incidents),
        ("变更（次）", Change, lambda quarter: quarter.changes),
    )
    for subject, kind, of in rows:
        numbers = [row.figure("number").value for quarter in quarters for row in of(quarter)]
        sheets = drawn_from(quarters, kind)
        yield _counted(subject, made_of, len(numbers), len(set(numbers)), sheets)


def _stock(quarters: Sequence[Operations], period: str) -> Iterator[ClosureLine]:
    """Hosts: the first stock with every movement, and the last stock."""
    for line in stock(quarters).by_kind:
        if line.kind == "云主机":
            moved = line.opening.value + line.added.value - line.released.value
            inputs = (line.opening, line.added, line.released)
            made_of = f"期初数＋各{period}新增－回收"
            yield _counted("期末云主机（台）", made_of, moved, line.closing.value, inputs)


def _money(money: Account, ledger: Ledger, as_of: date) -> Iterator[ClosureLine]:
    """Yuan: instalments against the contract, rows of the ledger against the account."""
    due = sum((item.due.value for item in money.instalments), Decimal("0.00"))
    dues = tuple(item.due for item in money.instalments)
    yield _yuan("合同款项（元）", "各期付款申请应付款合计", due, money.total, dues)
    issued = [row for row in ledger.invoices if row.issued <= as_of]
    split = sum((row.net + row.tax for row in issued), Decimal("0.00"))
    parts = tuple(row.figure(name) for row in issued for name in ("net", "tax"))
    yield _yuan("已开票（元）", "各张发票金额与税额合计", split, money.invoiced,
                parts or _nothing(ledger, Invoice))  # fmt: skip
    received = [row for row in ledger.payments if row.received <= as_of]
    came = sum((row.amount for row in received), Decimal("0.00"))
    yield _yuan("已到账（元）", "台账各笔到账合计", came, money.received,
                tuple(row.figure("amount") for row in received) or (money.received,))  # fmt: skip
    rest = sum((item.outstanding.value for item in money.instalments), Decimal("0.00"))
    left = tuple(item.outstanding for item in money.instalments)
    yield _yuan("未到账（元）", "各期未到账合计", rest, money.outstanding, left)


def _staff(book: ContractBook, numbers: Sequence[int], roster: Roster) -> Iterator[ClosureLine]:
    """People: the team at the start with every movement, agreements with those without."""
    quarters, days = [book.quarters[n] for n in numbers], span(book.contract, numbers)
    team = people(quarters, roster, days.last)
    sheet = (Figure(StaffMember.sheet, None, f"{len(roster.members)} 人", Cell(roster.file)),)
    inputs = (*sheet, *drawn_from(quarters, StaffChange))
    at_start = sum(_there(member, days.first, first=numbers[0] == 1) for member in roster.members)
    moves = [
        change
        for quarter in quarters
        for change in quarter.staff_changes
        if not (numbers[0] == 1 and change.kind == _JOINED and change.day == days.first)
    ]
    moved = sum((change.kind == _JOINED) - (change.kind == _LEFT) for change in moves)
    whole = int(team.on_project.value)
    made_of = f"期初在岗＋各{period_word(book.contract)}进入－离开"
    yield _counted("期末在岗人员（人）", made_of, at_start + moved, whole, inputs)
    covered = int(team.signed.value + team.unsigned.value)
    yield _counted("保密协议覆盖人员（人）", "已签署＋未签署", covered, whole, sheet)


def _there(member: StaffMember, day: date, *, first: bool) -> bool:
    """Return whether a person was there before the first movement that a workbook tells.

    Whoever joins on the first day of the term founds the team; later, joining is a movement.
    """
    began = member.joined <= day if first else member.joined < day
    return began and (member.left is None or member.left >= day)


def _nothing(ledger: Ledger, row: type[Row]) -> Inputs:
    return (Figure(row.sheet, 0, "无记录", Cell(ledger.file, row.sheet)),)


def _counted(
    subject: str, made_of: str, parts: int | Decimal, whole: int | Decimal, inputs: Inputs
) -> ClosureLine:
    return _line(
        subject,
        made_of,
        number(f"{subject}分项合计", parts, made_of, inputs),
        number(f"{subject}总数", whole, "全部记录重新计算", inputs),
        number("差额", parts - whole, "分项合计－总数", inputs),
        closed=parts == whole,
    )


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
