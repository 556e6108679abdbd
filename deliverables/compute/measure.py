"""By what a requirement is judged when it is accepted, and what is lacking where nobody can tell.

Only what the contract asks for and the records decide is judged. Where they do not, it is told why,
and who brings which papers so that the client can judge it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from deliverables.compute.availability import durability
from deliverables.compute.demands import INSPECTED, RECTIFY, RETURN, undone
from deliverables.compute.figures import iso_day, number, rows_of, staff_of, told
from deliverables.compute.indicators import (
    Year,
    again,
    answered,
    asked_in,
    check_items,
    consulted,
    invoices_standing,
    rework_by,
)
from deliverables.compute.matters import PROBLEM, matters
from deliverables.compute.operations import backups, drill_count, security
from deliverables.compute.term import confidential_until, last_day_to_notify, service_end
from deliverables.model.contract import Contract, Duty
from deliverables.model.fields import Missing
from deliverables.model.ledger_sheets import (
    CONFORMS,
    CONFORMS_NOT,
    NOT_CONCERNED,
    Acceptance,
    Invoice,
    Payment,
)
from deliverables.model.operations_sheets import (
    DRILL,
    UNGRADED,
    WATCH,
    Drill,
    Incident,
    StaffChange,
)
from deliverables.model.roster_sheets import StaffMember
from deliverables.status import FAILED, PASSED
from deliverables.values.figure import Figure, Statement


@dataclass(frozen=True, slots=True)
class Unproved:
    """Why a requirement cannot be judged, and who brings what; without it, what the duty says.

    While something is `open` by the records, nobody can say that it was kept.
    """

    why: Statement
    papers: Statement | None = None
    open: bool = False


Judgement = str | Unproved | None
"""How a requirement stands, or why it cannot be told; None where there are no records at all."""


def _unproved(why: str, *behind: Figure[Any], papers: str = "", **said: Figure[Any]) -> Unproved:
    """Return why it cannot be told; the figures may be printed in both sentences."""
    brings = told("所需材料", papers, "", said, *behind) if papers else None
    return Unproved(told("待核原因", why, "", said, *behind), brings)


def _if(holds: bool) -> str:  # noqa: FBT001  # it reads as the sentence it is
    return CONFORMS if holds else CONFORMS_NOT


def _availability(year: Year, duty: Duty) -> Judgement:
    """Return nothing where the contract sets no level: a person judges.

    Whoever misses it keeps neither the level nor an article on the whole service; who keeps it has
    shown no more than the level.
    """
    if not year.contract.service_levels.levels_set:
        return None
    if not year.service.all_met:
        return CONFORMS_NOT
    if of_the_whole(year.contract, duty):
        why = "可用性达到约定数值，其余服务合同未定量化标准"
        return _unproved(why, year.service.this.percent)
    return CONFORMS


def of_the_whole(contract: Contract, duty: Duty) -> bool:
    """Whether a level is set elsewhere, and the article is on the service as a whole."""
    return duty != next((one for one in contract.duties if one.shown_by == duty.shown_by), duty)


def _durability(year: Year, duty: Duty) -> Judgement:
    """Return that it failed where data were lost; that none were proves no percentage."""
    seen = durability(year.quarters, year.contract.service_levels)
    if not seen.observed:
        return None
    if seen.lost:
        return CONFORMS_NOT
    why = "没有发生数据丢失，不能证明约定的数值"
    named = {one.design_evidence.text: one.design_evidence for one in seen.lines}
    papers = [one for text, one in named.items() if one.value and text]
    if not papers:
        return _unproved(why, seen.loss_events)
    listed = Statement.joined("设计值依据", papers, "、")
    return _unproved(why, seen.loss_events, papers="乙方提供{listed}，验收小组认定", listed=listed)


def _consulting(year: Year, duty: Duty) -> Judgement:
    asked = consulted(year)
    if asked is None or not asked.opened.value:
        return None
    left = number(
        "未在时限内办结",
        asked.opened.value - asked.in_time.value - asked.pending.value,
        "受理－承诺时限内办结－未到期",
        (asked.opened, asked.in_time, asked.pending),
    )
    if not left.value:
        return CONFORMS
    why = "{left} 件未在承诺时限内办结，合同未约定咨询的时限"
    return _unproved(why, papers="乙方提供该 {left} 件的办理记录，验收小组抽查", left=left)


def _security(year: Year, duty: Duty) -> Judgement:
    found = security(year.quarters, year.as_of)
    if not found.any:
        return None
    if found.had_events:
        return _unproved(
            "发生安全事件 {events} 起，责任由双方认定",
            papers="乙方提供安全事件处置报告，甲方认定", events=found.events,
        )  # fmt: skip
    if found.total.overdue.value:
        return _unproved(
            "到期应整改漏洞 {due} 个，其中 {overdue} 个未按期整改，合同未约定整改时限",
            papers="乙方提供该 {overdue} 个漏洞的整改和复测记录",
            due=found.total.due, overdue=found.total.overdue,
        )  # fmt: skip
    return CONFORMS


def _data_kept(year: Year, duty: Duty) -> Judgement:
    """Return that data were lost, what of checks and backups failed, else how security stands."""
    seen, saved = durability(year.quarters, year.contract.service_levels), backups(year.quarters)
    if not seen.observed or not saved.total.planned.value:
        return None
    if seen.lost:
        return CONFORMS_NOT
    total = saved.total
    if any(one.integrity_failures.value for one in seen.lines):
        return _unproved("完整性校验{passed}", papers="乙方提供校验未通过的处置记录",
                         passed=seen.passed)  # fmt: skip
    if total.restore_succeeded.value < total.restore_tests.value:
        return _unproved("恢复演练 {tests} 次，成功 {succeeded} 次",
                         papers="乙方提供演练未成功的复演记录", tests=total.restore_tests,
                         succeeded=total.restore_succeeded)  # fmt: skip
    if total.failed.value:
        return _unproved("计划备份 {planned} 次，未成功 {failed} 次",
                         papers="乙方提供该 {failed} 次备份的补做记录", planned=total.planned,
                         failed=total.failed)  # fmt: skip
    return _security(year, duty)


_GRADES: Final = "ABCD"
_GRADE: Final = re.compile(r"([A-D])级(?:及以上|以上)")


def _graded(year: Year, duty: Duty) -> Judgement:
    """Return whether an incident reached the grade that the duty names; B where it names none."""
    rows = rows_of(year.quarters, Incident)
    named = _GRADE.search("".join(duty.quote) or duty.duty)
    bad = _GRADES[: _GRADES.index(named[1] if named else "B") + 1]
    if any(row.grade in bad for row in rows.every):
        return CONFORMS_NOT
    unsure = [row for row in rows.every if row.grade == UNGRADED]
    if not unsure:
        return CONFORMS
    count = rows.count("未定级事件", "级别为“未定级”的行数", unsure, "number", "grade")
    return _unproved("事件 {count} 起未定级", papers="双方按分级标准定级", count=count)


def _rework(year: Year, duty: Duty) -> Judgement:
    known = answered(year)
    if not any(row.result == FAILED for row in known):
        return NOT_CONCERNED
    failed = [row for row in known if row.result == FAILED]
    if any(_too_late(row, year) for row in failed):
        return CONFORMS_NOT
    for row in failed:
        second = again(year, row)
        if second and second.notice_received is None and rework_by(year, row):
            return _unproved(
                "没有重新提交验收的日期",
                row.figure("accepted"),
                papers="乙方提供再次验收通知的签收回执",
            )
    if known[-1].result == PASSED:
        return CONFORMS
    return _unproved(
        "{day}验收不通过，尚未再次验收", papers="乙方提供返工或者调整的说明和佐证",
        day=iso_day(known[-1].figure("accepted")),
    )  # fmt: skip


def _too_late(refused: Acceptance, year: Year) -> bool:
    """Whether it was handed in again after the term for rework, or the term is over without."""
    due, second = rework_by(year, refused), again(year, refused)
    handed_in = second.notice_received if second else year.as_of
    return due is not None and handed_in is not None and handed_in > due


def _contact(year: Year, duty: Duty) -> Judgement:
    return None if isinstance(year.contract.contractor.contact.name, Missing) else CONFORMS


def _key_staff(year: Year, duty: Duty) -> Judgement:
    if year.contract.notices.key_staff is None:
        return None
    moved = [row for row in rows_of(year.quarters, StaffChange).every
             if row.key_staff and row.kind != "培训"]  # fmt: skip
    return _if(all(_told_and_agreed(row, year) for row in moved)) if moved else NOT_CONCERNED


def _told_and_agreed(row: StaffChange, year: Year) -> bool:
    notice = year.contract.notices.key_staff
    latest = last_day_to_notify(row.day, notice.period, year.book.calendar) if notice else None
    told = row.notified is not None and (latest is None or row.notified <= latest)
    return told and row.agreed is not None and row.agreed <= row.day


def _term(year: Year, duty: Duty) -> Judgement:
    """Return that it was kept once there are records of the whole term; before that, not due."""
    end = service_end(year.contract, year.as_of).value
    if year.last_day >= end:
        return CONFORMS
    return NOT_CONCERNED if year.as_of <= end else None


def _invoices(year: Year, duty: Duty) -> Judgement:
    """Return whether each payment was covered before by invoices of its instalment, at the rate."""
    agreed = year.contract.invoicing.one_rate
    if agreed is not None and any(one.rate != agreed for one in invoices_standing(year)):
        return CONFORMS_NOT
    paid = [row for row in year.ledger.payments if row.received <= year.as_of]
    if not paid:
        return NOT_CONCERNED
    return _if(all(_covered(row, paid, year.ledger.invoices) for row in paid))


def _covered(row: Payment, paid: Iterable[Payment], invoices: Iterable[Invoice]) -> bool:
    same = [one for one in paid if one.instalment == row.instalment]
    until = sum((one.amount for one in same if one.received <= row.received), Decimal(0))
    issued = (one for one in invoices if one.instalment == row.instalment)
    return until <= sum((one.gross for one in issued if one.issued <= row.received), Decimal(0))


def _training(year: Year, duty: Duty) -> Judgement:
    """Return whether everybody was taught, and before they could see anything."""
    last = year.as_of
    there = [one for one in staff_of(year.book.roster).every if one.joined <= last]
    return _if(all(_taught_first(one, last) for one in there)) if there else None


def _taught_first(one: StaffMember, last: date) -> bool:
    return one.trained is not None and one.trained <= min(last, one.access_granted or last)


def _agreements(year: Year, duty: Duty) -> Judgement:
    """Return whether everybody signed who was on the project, also those who left it."""
    there = [one for one in staff_of(year.book.roster).every if one.joined <= year.as_of]
    signed = (one.signed is not None and one.signed <= year.as_of for one in there)
    return _if(all(signed)) if there else None


def _exit(year: Year, duty: Duty) -> Judgement:
    leaving = year.contract.exit
    asked = leaving is not None and leaving.requested_on <= year.as_of
    return None if asked else NOT_CONCERNED


def _switch(year: Year, duty: Duty) -> Judgement:
    end = service_end(year.contract, year.as_of)
    if year.as_of <= end.value:
        return NOT_CONCERNED
    return _unproved("服务期已于{end}届满，没有甲方续用或者迁移决定的记录", end=end)


def _inspected(year: Year, duty: Duty) -> Judgement:
    """Return whether what the client found was answered in time, and all of it is done."""
    return _demanded(year, INSPECTED) or _none_demanded(year)


def _none_demanded(year: Year) -> Judgement:
    return NOT_CONCERNED if year.book.letters else None


def _demanded(year: Year, kind: str) -> Judgement:
    asked = asked_in(year, kind)
    if not asked:
        return None
    if any(one.late_on(year.as_of) for one in asked):
        return CONFORMS_NOT
    if left := [name for one in asked for name in undone(one.items)]:
        return _left_undone("整改事项", left)
    waiting = [one.letter.figure("kind") for one in asked if one.answer is None]
    if waiting:
        return _unproved("{kind}尚未答复", papers="乙方提供答复", kind=waiting[0])
    return CONFORMS


def _left_undone(what: str, left: Sequence[Figure[str]]) -> Unproved:
    names = Statement.joined("未完成", left, "、")
    papers = "乙方提供完成情况和佐证"
    return replace(
        _unproved(f"{what}“{{names}}”没有完成日期", papers=papers, names=names), open=True
    )


def _checked(year: Year, duty: Duty) -> Judgement:
    """Return that something the check listed is open; its finding is for people to read."""
    left = undone(check_items(year))
    return _left_undone("检查所列事项", left) if left else None


def _given_back(year: Year, duty: Duty) -> Judgement:
    """Return whether what the client asked for in writing was given back by a list delivered."""
    asked = asked_in(year, RETURN)
    if not asked:
        return _none_demanded(year)
    if any(one.late_on(year.as_of) for one in asked):
        return CONFORMS_NOT
    waiting = [one.letter for one in asked if one.answer is None or not one.items]
    if not waiting:
        return CONFORMS
    told = _unproved(
        "{day}收到{kind}，没有返还清单送达的记录", papers="乙方提供返还清单和甲方签收回执",
        day=iso_day(waiting[0].figure("day")), kind=waiting[0].figure("kind"),
    )  # fmt: skip
    return replace(told, open=True)


def _mended(year: Year, duty: Duty) -> Judgement:
    """Return how what the client had mended stands, then the problems that were raised."""
    asked = _demanded(year, RECTIFY)
    if asked is not None and asked != CONFORMS:
        return asked
    every = matters(year.book.quarters, year.numbers[-1], year.as_of)
    raised = [one for one in every if one.raised in year.numbers and one.kind == PROBLEM]
    left = [one.first.figure("number") for one in raised if one.open_on(year.as_of)]
    if left:
        count = number("未办结", len(left), "没有办结的问题", left)
        return _unproved(
            "{count} 项未办结（{names}）", papers="乙方提供办理情况和佐证，双方商定期限",
            count=count, names=Statement.joined("未办结", left, "、"),
        )  # fmt: skip
    return CONFORMS if raised or asked else NOT_CONCERNED


PLAN_OF_WATCH: Final = "重大活动保障方案"
_FROM: Final = "保障开始"
"""The letter that sends the plan of a watch, and its item that says from when."""


def _watched(year: Year, duty: Duty) -> Judgement:
    """Return whether the plan of each watch reached the client before it began."""
    held = [row for row in rows_of(year.quarters, Drill).every if row.kind == WATCH]
    if not held:
        return NOT_CONCERNED
    planned, letters = set(), year.book.letters
    for letter in letters.letters if letters else ():
        begins = letters.facts_of(letter).get(_FROM) if letters else None
        if letter.kind == PLAN_OF_WATCH and letter.delivered and begins and begins.content:
            planned |= {row.first_day for row in held
                        if begins.content == row.first_day.isoformat()
                        and letter.delivered <= row.first_day}  # fmt: skip
    lacking = [row.figure("name") for row in held if row.first_day not in planned]
    if not lacking:
        return CONFORMS
    return _unproved(
        "没有“{names}”的方案在开始前送达的记录", papers="乙方提供保障方案和签收回执",
        names=Statement.joined("重大活动", lacking, "、"),
    )  # fmt: skip


def _drilled(year: Year, duty: Duty) -> Judgement:
    held = drill_count(year.quarters, DRILL)
    if held.value:
        return CONFORMS
    return _unproved("没有应急演练的记录", held, papers="乙方提供演练方案和记录")


def _handed_over(year: Year, duty: Duty) -> Judgement:
    """Return that it is not due before the term is over; the client counts and sees the seals."""
    terms = year.contract.acceptance
    if year.last_day < service_end(year.contract, year.as_of).value:
        return NOT_CONCERNED
    if not terms.materials:
        return None
    return _unproved("份数和盖章由甲方清点", papers="乙方提交{asked}，甲方清点收讫",
                     asked=terms.figure("materials"))  # fmt: skip


def _secrecy(year: Year, duty: Duty) -> Judgement:
    until = confidential_until(year.contract, year.as_of)
    return NOT_CONCERNED if until is not None and until.value > year.as_of else None


def _disclosed(year: Year, duty: Duty) -> Judgement:
    """Return whether whoever was given access had signed before."""
    if year.book.roster is None or not year.contract.owes_agreements:
        return None
    day = year.as_of
    access = staff_of(year.book.roster).where(
        lambda one: one.access_granted is not None and one.access_granted <= day
    )
    early = [one for one in access.every if not _signed_first(one)]
    if not early:
        return CONFORMS if access.every else None
    count = access.count(
        "先开通权限", "开通权限时未签署协议的人员", early, "access_granted", "signed"
    )
    return _unproved(
        "{count} 人在签署保密协议之前开通权限",
        papers="乙方提供该 {count} 人的权限审批和接触范围记录", count=count,
    )  # fmt: skip


def _signed_first(one: StaffMember) -> bool:
    return one.signed is not None and one.signed <= (one.access_granted or one.signed)


@dataclass(frozen=True, slots=True)
class Measure:
    """By what a requirement is judged, in words, and what the records give."""

    says: str
    judge: Callable[[Year, Duty], Judgement]


MEASURES: Final[Mapping[str, Measure]] = {
    "可用性": Measure("全服务期和各统计期的可用性均达到约定数值", _availability),
    "数据可靠性": Measure(
        "发生数据丢失的为不符合；未发生丢失不能证明约定数值，由验收小组核定", _durability
    ),
    "安全防护": Measure("没有安全事件，到期漏洞均按期整改", _security),
    "数据防护": Measure(
        "发生数据丢失的为不符合；没有丢失，备份、校验和恢复演练均成功，安全防护也符合的为符合",
        _data_kept,
    ),
    "咨询工单": Measure("受理的咨询均在承诺时限内办结", _consulting),
    "验收材料": Measure(
        "届满后通知验收，份数和盖章与约定一致，由甲方清点；服务期未届满的，不涉及", _handed_over
    ),
    "验收返工": Measure("没有不通过的验收，或者不通过后在约定期限内重新提交并通过", _rework),
    "联系人": Measure("已指派项目联系人", _contact),
    "主要人员更换": Measure(
        "每次变动均在约定期限前通知，并先经甲方同意；没有变动的，不涉及", _key_staff
    ),
    "服务期": Measure("服务期届满，各期均有运行记录；服务期未届满的，不涉及", _term),
    "发票": Measure(
        "每笔到账之前所开本期发票不少于累计到账，税率与约定一致；尚未付款的，不涉及", _invoices
    ),
    "问题整改": Measure("要求整改的均按期答复，提出的问题均已办结", _mended),
    "监督检查": Measure("检查整改意见均按期答复，所列事项均已完成；没有检查的，不涉及", _inspected),
    "第三方检查": Measure("检查所列事项均已完成；检查结论由验收小组核定", _checked),
    "归还资料": Measure("甲方书面通知归还的，返还清单均已送达；没有通知的，不涉及", _given_back),
    "重大活动保障": Measure("每次保障的方案均在开始前送达甲方；没有重大活动的，不涉及", _watched),
    "应急演练": Measure("服务期内开展应急演练（次数合同未约定）", _drilled),
    "事件定级": Measure("没有达到所列级别的事件；未定级的，由双方按分级标准认定", _graded),
    "保密培训": Measure("参与项目人员均在开通权限之前接受保密教育", _training),
    "保密协议": Measure("参与项目人员均已签署保密协议", _agreements),
    "披露范围": Measure("开通权限的人员均先签署保密协议", _disclosed),
    "保密期限": Measure("保密期限未届满的，不涉及", _secrecy),
    "退出": Measure("没有提出退出的，不涉及", _exit),
    "切换": Measure("服务期未届满的，不涉及", _switch),
}
"""By the record that answers a duty; whatever has none is not measured."""
