"""What adds up: quarters to the year, instalments to the contract, movements to the team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Final

from deliverables.compute.account import Account, account_of, yuan
from deliverables.compute.availability import COUNTED_BY, measured_over, span
from deliverables.compute.figures import Inputs, number, rows_of, staff_of, time_lost
from deliverables.compute.operations import headcount, stock
from deliverables.compute.term import period_word, report_word
from deliverables.model.book import ContractBook
from deliverables.model.fields import Row
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.operations_sheets import (
    Alarm,
    Change,
    Incident,
    Operations,
    Outage,
    StaffChange,
    Ticket,
)
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.values.figure import Derivation, Figure

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
    money = account_of(book, as_of)
    if book.ledger is not None and money is not None:
        lines += _money(money, book.ledger, as_of)
    if book.roster is not None and numbers:
        lines += _staff(book, numbers, book.roster, as_of)
    return tuple(lines)


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
    team = headcount(roster, days.last)
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
    if not book.contract.owes_agreements:
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
