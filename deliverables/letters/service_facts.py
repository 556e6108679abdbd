"""What a plan or record tells of the service: duties, platform, incidents, drills, who is on watch.

The operations of a quarter are told when the quarter is over, a drill when it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from deliverables.compute.incidents import IncidentLine, incident_line
from deliverables.compute.term import service_end
from deliverables.letters.case import Case, NoFactError
from deliverables.model.contract import Contract, Duty, cited
from deliverables.model.letters_sheets import LetterFact, LetterItem
from deliverables.model.operations_sheets import DRILL, Drill, Durability, Incident, Operations
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.calendar import Provisional, show_day
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.time_limit import ends

if TYPE_CHECKING:
    from deliverables.compute.operations import KindLine, ResourceStock, SystemLine

CLIENT: Final = "甲方"


# Duties


@dataclass(frozen=True, slots=True)
class StatedDuty:
    """What the contract says of a subject: 条款、约定内容、责任方."""

    article: Figure[str]
    duty: Figure[str]
    owner: Figure[str]


def duties(words: Sequence[str], shown_by: str) -> Callable[[Case], tuple[StatedDuty, ...]]:
    """Return how the duties are found whose text holds one of some words, else of some record."""

    def found(case: Case) -> tuple[StatedDuty, ...]:
        return tuple(
            StatedDuty(row.figure("article"), row.figure("duty"), row.figure("owner"))
            for row in _speaking_of(words, shown_by, case)
        )

    return found


def duties_at_the_end(case: Case) -> tuple[StatedDuty, ...]:
    """Return what the contract has done once the service ends; of leaving it only if asked for.

    Moving systems in, or between environments in the term, is another matter.
    """
    contract = case.book.contract
    leaving = contract.exit is not None and contract.exit.requested_on <= case.as_of
    shown_by = ("切换", "退出") if leaving else ("切换",)
    clause = contract.cessation.article
    return tuple(
        StatedDuty(row.figure("article"), row.figure("duty"), row.figure("owner"))
        for row in contract.duties
        if row.shown_by in shown_by or "切换" in row.duty or (clause and row.article == clause)
    )


def articles(words: Sequence[str], shown_by: str) -> Callable[[Case], Statement]:
    """Return how the articles are named under which the contractor has such a duty.

    The article on breach is passed over where another states the duty: who answers a letter, or
    plans what is to be done, admits no breach.
    """

    def found(case: Case) -> Statement:
        every = [row for row in _speaking_of(words, shown_by, case) if row.owner != CLIENT]
        breach = _of_breach(case.book.contract)
        rows = [row for row in every if not breach or not row.article.startswith(breach)] or every
        if not rows:
            raise NoFactError("duties")
        stated = [row for row in rows if row.article] or rows[:1]
        named = {row.article: cited(row.figure("article")) for row in stated}
        return Statement.joined("条款", named.values(), "、")

    return found


_ARTICLE: Final = re.compile(r"第[〇零一二三四五六七八九十百]+条")


def _of_breach(contract: Contract) -> str:
    """Return the article on breach, which names the damages for late payment; empty without it."""
    late = contract.payment.late
    found = _ARTICLE.match(late.article) if late else None
    return found[0] if found else ""


def _speaking_of(words: Sequence[str], shown_by: str, case: Case) -> list[Duty]:
    every = case.book.contract.duties
    said = [row for row in every if any(word in row.duty for word in words)]
    return said or [row for row in every if row.shown_by == shown_by]


# The platform


def _over(case: Case) -> list[int]:
    """Return the periods that were over on the day and have a workbook, in their order."""
    covers = case.book.covers
    return [number for number in sorted(covers) if covers[number].last_day < case.as_of]


def _latest(case: Case) -> list[Operations]:
    """Return the workbook of the latest of those periods; none if there is none."""
    return [case.book.quarters[number] for number in _over(case)[-1:]]


def platform(case: Case) -> Statement:
    """Return what the client had on the platform at the end of the latest period that was over."""
    known = _latest(case)
    if not known or not known[0].resources:
        signed = case.book.contract.identity.figure("signed_on")
        return Statement.of("平台规模", "成文时尚无已结束报告期的资源台账。", "", signed)
    last = known[0].cover.figure("last_day")
    day = Figure(last.name, last.value, show_day(last.value), last.origin)
    return Statement.of("平台规模", "截至{day}，云平台承载甲方业务系统{count}个。", "",
                        day=day, count=_stock(known).systems)  # fmt: skip


def _stock(quarters: Sequence[Operations]) -> ResourceStock:
    from deliverables.compute.operations import stock  # noqa: PLC0415  # slow to import, for few letters

    return stock(quarters)


def kinds_held(case: Case) -> tuple[KindLine, ...]:
    """Return the stock by kind of resource at the end of the latest period that was over."""
    known = _latest(case)
    return _stock(known).by_kind if known else ()


def systems_held(case: Case) -> tuple[SystemLine, ...]:
    """Return what each business system held at the end of the latest period that was over."""
    known = _latest(case)
    return _stock(known).by_system if known else ()


@dataclass(frozen=True, slots=True)
class StorageLine:
    """Data kept in one class of storage in the latest month: 存储类别、在用容量、冗余方案."""

    month: Figure[date]
    storage: Figure[str]
    capacity: Figure[Decimal]
    scheme: Figure[str]


def storage(case: Case) -> tuple[StorageLine, ...]:
    """Return how much data there was, by class of storage, in the latest month that was told."""
    rows = [row for number in _over(case)[-1:] for row in case.book.rows(number, Durability)]
    latest = max((row.month for row in rows), default=None)
    return tuple(
        StorageLine(*map(row.figure, ("month", "storage", "capacity", "scheme")))
        for row in rows
        if row.month == latest
    )


def incidents_had(case: Case) -> tuple[IncidentLine, ...]:
    """Return every incident of the periods that were over."""
    rows = (row for number in _over(case) for row in case.book.rows(number, Incident))
    return tuple(incident_line(row, case.book.contract.service_levels) for row in rows)


# People


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on the project: 姓名、岗位、所属部门."""

    name: Figure[str]
    post: Figure[str]
    department: Figure[str]


def _person(row: StaffMember) -> PersonLine:
    return PersonLine(*map(row.figure, ("name", "post", "department")))


def key_staff(case: Case) -> tuple[PersonLine, ...]:
    """Return the key staff who were on the project on the day."""
    members = case.book.roster.members if case.book.roster else ()
    return tuple(_person(row) for row in members if row.key_staff and there(row, case.as_of))


def there(member: StaffMember, day: date) -> bool:
    """Return whether somebody was on the project on a day; the day of leaving is the last."""
    return member.joined <= day and (member.left is None or member.left >= day)


def person_of(case: Case, fact: LetterFact) -> StaffMember | None:
    """Return the person of the roster that a fact names by number."""
    members = case.book.roster.members if case.book.roster else ()
    return next((one for one in members if one.number == (fact.content or "").strip()), None)


def person_asked(case: Case, item: str) -> StaffMember | None:
    """Return the person that the letter asks for under an item; None where nobody is found."""
    fact = case.facts.get(item)
    return person_of(case, fact) if fact else None


# Drills and watches


@dataclass(frozen=True, slots=True)
class HeldDrill:
    """A drill or watch that was held: 名称、结束日期、起止、值守人·天、结论、存在问题及改进."""

    name: Figure[str]
    last: Figure[date]
    days: Statement
    duty: Figure[Decimal]
    conclusion: Figure[str]
    improvement: Figure[str]
    evidence: Figure[str]


def _held(case: Case, kind: str) -> Iterator[Drill]:
    for number in sorted(case.book.covers):
        if case.book.covers[number].first_day > case.as_of:
            break
        rows = case.book.rows(number, Drill)
        yield from (row for row in rows if row.kind == kind and row.last_day <= case.as_of)


def _drill(row: Drill) -> HeldDrill:
    first, last = row.figure("first_day"), row.figure("last_day")
    said = "{first}" if row.first_day == row.last_day else "{first}至{last}"
    days = Statement.of("时间", said, "", first=first, last=last)
    others = ("duty", "conclusion", "improvement", "evidence")
    return HeldDrill(row.figure("name"), last, days, *map(row.figure, others))


def held(kind: str) -> Callable[[Case], tuple[HeldDrill, ...]]:
    """Return how the drills or watches are found that were over on the day."""
    return lambda case: tuple(map(_drill, _held(case, kind)))


def drill_of(case: Case) -> HeldDrill:
    """Return the drill that the letter names under 关联, when it is over."""
    about = case.letter.about if case.letter else ""
    found = [row for row in _held(case, DRILL) if row.name == about]
    if not found:
        raise NoFactError("drill")
    return _drill(found[-1])


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One turn of duty: 日期、姓名、岗位、是否主要人员、班次、备注."""

    day: Figure[date | None]
    name: Figure[str]
    post: Figure[str]
    key: Figure[bool]
    shift: Figure[str]
    remark: Figure[str]


def named_in_list(case: Case) -> Iterator[tuple[LetterItem, StaffMember | None]]:
    """Yield each row of the letter's list, with who of the roster is meant by number or name."""
    members = case.book.roster.members if case.book.roster else ()
    letters = case.book.letters
    for row in letters.items_of(case.letter) if letters and case.letter else ():
        named = [one for one in members if row.name in (one.number, one.name)]
        yield row, named[0] if len(named) == 1 else None


def watch(case: Case) -> tuple[WatchLine, ...]:
    """Return who keeps watch when, as the letter's list has it and the roster names them."""
    lines = []
    for row, member in named_in_list(case):
        if member is None:
            raise NoFactError("watch")
        lines.append(
            WatchLine(
                row.figure("day"), member.figure("name"), member.figure("post"),
                member.figure("key_staff"), row.figure("content"), row.figure("remark"),
            )
        )  # fmt: skip
    return tuple(lines)


def watch_count(case: Case) -> Figure[int]:
    """Return how many turns of duty there are."""
    rows = tuple(row.figure("order") for row, _ in named_in_list(case))
    return Figure("值守人次", len(rows), str(len(rows)), Derivation("函件明细的行数", "", rows))


# The end of the service


def switch_by(case: Case) -> Figure[date]:
    """Return the last day by which the service is handed over, as the contract limits it."""
    contract = case.book.contract
    limit, end = contract.cessation.switch_over, service_end(contract, case.as_of)
    events = {one.key: end.value for one in limit.events}
    due = ends(limit, events, case.book.calendar) if limit.unit else None
    if due is None:
        raise NoFactError("switch_over")
    day = due.earliest if isinstance(due, Provisional) else due.date
    inputs = (end, contract.cessation.figure("switch_over"))
    origin = Derivation("服务期届满之日起数约定的期限", contract.cessation.article, inputs)
    return Figure("切换期限", day, show_day(day), origin)
