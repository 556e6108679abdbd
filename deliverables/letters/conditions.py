"""The conditions under which a letter is written and what it says stands: a closed list, by name.

A declaration names them under `when` (the occasion; without it there is no such letter) and under
`needs` (what its sentences assert; where one fails the letter is blocked and says why). What needs
more than a name, an `and`, a comparison, a sum, becomes a condition here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from deliverables.compute.account import surely_due
from deliverables.compute.milestones import (
    PAST_HALF_OF_TERM,
    gives_days,
    interim_asked,
    milestones_of,
)
from deliverables.compute.term import over_half, service_end
from deliverables.kinds import Blocker, missing_ledger, missing_workbooks
from deliverables.letters.case import (
    Case,
    NoFactError,
    acceptances,
    day_asked,
    next_interim,
    notice_of,
)
from deliverables.letters.incident import over_on
from deliverables.letters.instalment import requests_delivered, state_of
from deliverables.letters.materials import Sealed, materials_of
from deliverables.letters.monitor import LAST, quarters_of, series_of, span_of
from deliverables.letters.service_facts import (
    drill_of,
    named_in_list,
    person_asked,
    switch_by,
    there,
)
from deliverables.letters.time import due_of, is_counted
from deliverables.letters.withdrawal import replacement_of
from deliverables.model.fields import Missing
from deliverables.model.ledger_sheets import (
    FINAL,
    INTERIM,
    UNFINISHED,
)
from deliverables.model.letters_sheets import Letter, LetterItem
from deliverables.read.characters import quoted
from deliverables.status import FAILED, PASSED
from deliverables.values.calendar import show_day
from deliverables.values.problem import Message, listed, say


@dataclass(frozen=True, slots=True)
class LetterCondition:
    """A condition: what it says in Chinese, and why it does not hold; None while it does."""

    says: str
    fails: Callable[[Case], Blocker | None]


def _not(reason: Message, on_document: str) -> Blocker:
    return Blocker(reason, on_document=on_document)


def _over(case: Case) -> Blocker | None:
    end = service_end(case.book.contract, case.as_of)
    if end.value < case.as_of:
        return None
    return _not(say("the service runs until {day}", day=end.value),
                f"服务期至{end.text}届满")  # fmt: skip


def _past_half(case: Case) -> Blocker | None:
    day = over_half(case.book.contract)
    if day.value <= case.as_of:
        return None
    return _not(say("the term is past half from {day}", day=day.value),
                f"服务期{day.text}起过半")  # fmt: skip


def _still_to_accept(stage: str) -> Callable[[Case], Blocker | None]:
    """Return what stands against asking for an acceptance: it passed, or was asked for already."""

    def fails(case: Case) -> Blocker | None:
        wanted, interim = stage, next_interim(case)
        if stage == INTERIM and interim is None:
            return _interim_agreed(case)
        if stage == INTERIM and interim:
            wanted = interim[1].stage
        for row in acceptances(case, wanted):
            if row.result == PASSED:
                return _not(say("it was accepted already: {place}", place=str(row.place("result"))),
                            f"{wanted}验收已经通过")  # fmt: skip
            if row.result == UNFINISHED and row.notice_received:
                return _not(
                    say("the client was notified on {day}", day=row.notice_received),
                    f"{wanted}验收通知已于{show_day(row.notice_received)}送达",
                )
        return None

    return fails


def _interim_time(case: Case) -> Blocker | None:
    """Return what of the term must still pass before the next interim acceptance is due."""
    asked = next_interim(case)
    first = interim_asked(case.book.contract, case.book.ledger, case.as_of)
    if asked and first and asked[1].stage != first[1].stage:
        return _not(
            say("{name} comes first", name=first[1].spoken), f"须先通过{first[1].stage}验收"
        )
    for row in milestones_of(asked[0]) if asked else ():
        day = row.day(case.book.contract, asked[0]) if asked and row.day and row.of_term else None
        if day and case.as_of < day.value:
            return _not(say("{name} is not before {day}", name=row.spoken, day=day.value),
                        f"{row.name}之日为{day.text}")  # fmt: skip
    return None


def _interim_at_half(case: Case) -> Blocker | None:
    asked = next_interim(case)
    if asked and any(row.code == PAST_HALF_OF_TERM for row in milestones_of(asked[0])):
        return None
    return _not(say("the payment does not hang on half of the term"), "付款不以服务期过半为条件")


def _public(case: Case) -> Blocker | None:
    if case.book.contract.acceptance.public_procurement:
        return None
    return _not(say("contract.yaml does not say that it is public procurement"),
                "合同不属于政府采购")  # fmt: skip


def _interim_agreed(case: Case) -> Blocker | None:
    if next_interim(case) is not None:
        return None
    return _not(say("no payment hangs on an interim acceptance"),
                "合同没有以中期验收为付款条件")  # fmt: skip


def _interim_passed(case: Case) -> Blocker | None:
    """Return what stands against saying that every interim acceptance was passed."""
    asked = next_interim(case)
    rows = acceptances(case, asked[1].stage) if asked else []
    if any(row.result == PASSED for row in rows):
        return None
    return _not(say("no interim acceptance was passed"), "中期验收尚未通过")


def _refused(stage: str) -> Callable[[Case], Blocker | None]:
    def fails(case: Case) -> Blocker | None:
        rows = acceptances(case, stage)
        if rows and rows[-1].result == FAILED:
            return None
        return _not(say("no acceptance was refused"), f"{stage}验收没有不通过的记录")

    return fails


def _materials_sealed(case: Case) -> Blocker | None:
    return _sealed(materials_of(case))


def _past_reports_sealed(case: Case) -> Blocker | None:
    return _sealed([one for one in materials_of(case) if one.over])


def _sealed(materials: Sequence[Sealed]) -> Blocker | None:
    lacking = [one.title for one in materials if one.sealed is None]
    if materials and not lacking:
        return None
    return _not(
        say("not sealed yet: {titles}", titles=listed(lacking)),
        f"材料尚未盖章：{'、'.join(lacking)}",
    )


def _interim_procedure(case: Case) -> Blocker | None:
    if not isinstance(case.book.contract.acceptance.interim_procedure, Missing):
        return None
    return _not(say("the contract states no procedure for the interim acceptance"),
                "合同没有约定中期验收办法")  # fmt: skip


def _day_to_come(item: str) -> Callable[[Case], Blocker | None]:
    """Return what stands against a day that the letter sets: it must lie ahead of the letter."""

    def fails(case: Case) -> Blocker | None:
        day = _day_of_fact(case, item)
        if day is None or day > case.as_of:
            return None  # one that is not filled in is told by its name
        return _not(say("{item} {day} is not after the day of the letter", item=item, day=day),
                    f"{item}{show_day(day)}不在成文日期之后")  # fmt: skip

    return fails


def _day_past(item: str) -> Callable[[Case], Blocker | None]:
    """Return what stands against saying that something was done: its day has not come."""

    def fails(case: Case) -> Blocker | None:
        day = _day_of_fact(case, item)
        if day is None or day <= case.as_of:
            return None
        return _not(say("{item} {day} has not come", item=item, day=day),
                    f"{item}{show_day(day)}尚未到来")  # fmt: skip

    return fails


def _list_past(case: Case) -> Blocker | None:
    for row in _items(case):
        if row.day is not None and row.day > case.as_of:
            where, day = str(row.place("day")), row.day
            return _not(say("{place}: {day} has not come", place=where, day=day),
                        f"清单所列日期{show_day(day)}尚未到来")  # fmt: skip
    return None


def _all_mended(case: Case) -> Blocker | None:
    rows = _items(case)
    left = [row.name for row in rows if row.day is None or row.day > case.as_of]
    if not rows:
        return _not(say("letters.xlsx: the sheet 函件明细 lists nothing that was mended"),
                    "函件明细没有列出整改事项")  # fmt: skip
    if not left:
        return None
    return _not(say("not mended yet: {names}", names=listed(left)), "尚有事项没有整改完成")


def _mended_by_day(case: Case) -> Blocker | None:
    """Return what of the list was not mended by the day on which all is said to be."""
    if why := _all_mended(case):
        return why
    day = _day_of_fact(case, "完成日期")
    later = [row for row in _items(case) if day and row.day and row.day > day]
    return next(
        (_not(say("{place}: {name} was mended on {day}, after 完成日期", name=row.name, day=row.day,
                  place=str(row.place("day"))), f"{row.name}的完成日期晚于所称完成日期")
         for row in later),
        None,
    )  # fmt: skip


def _list_handed_over(case: Case) -> Blocker | None:
    """Return which report of the list was made here and is not sealed, or was withdrawn."""
    names = {row.name for row in _items(case)}
    listed_here = [one for one in materials_of(case) if one.known and one.title in names]
    return _sealed(listed_here) if listed_here else None


def _items(case: Case) -> tuple[LetterItem, ...]:
    letters = case.book.letters
    return letters.items_of(case.letter) if letters and case.letter else ()


def _drill_over(case: Case) -> Blocker | None:
    try:
        drill_of(case)
    except NoFactError:
        about = case.letter.about if case.letter else ""
        return _not(
            say("no drill {name} is over: its name in the sheet 演练与重保 stands under 关联 in "
                "letters.xlsx", name=quoted(about)),
            f"没有已经完成的演练“{about}”",
        )  # fmt: skip
    return None


def _unknown_name(row: LetterItem) -> Blocker:
    return _not(
        say("{place}: {name} is not one person of the roster", place=str(row.place("name")),
            name=quoted(row.name)),
        f"名册中没有{row.name}",
    )  # fmt: skip


def _on_roster(case: Case) -> Blocker | None:
    for row, member in named_in_list(case):
        if member is None:
            return _unknown_name(row)
        if row.day is None:
            return _not(say("{place}: the day is missing", place=str(row.place("day"))),
                        f"{row.name}的值守日期尚未填写")  # fmt: skip
        if not there(member, row.day):
            return _not(
                say("{place}: {name} is not on the project on {day}",
                    place=str(row.place("day")), name=member.name, day=row.day),
                f"{member.name}{show_day(row.day)}不在项目上",
            )  # fmt: skip
    return None


def _trained_on_project(case: Case) -> Blocker | None:
    day = _day_of_fact(case, "培训日期") or case.as_of
    for row, member in named_in_list(case):
        if member is None:
            return _unknown_name(row)
        if member.left is not None and member.left < day:
            return _not(
                say("{place}: {name} left the project on {day}", place=str(row.place("name")),
                    name=member.name, day=member.left),
                f"{member.name}培训时已离开项目",
            )  # fmt: skip
    return None


def _key_staff_replaced(case: Case) -> Blocker | None:
    """Return why the change that is told is none of key staff, or none at all."""
    before, after = (person_asked(case, item) for item in ("原人员", "接替人员"))
    if before is None or after is None:
        return None  # the name that stands for it tells
    if before.number == after.number:
        return _not(say("原人员 and 接替人员 are both {name}", name=before.name),
                    f"原人员和接替人员都是{before.name}")  # fmt: skip
    if not before.key_staff:
        return _not(
            say("{name} is not 主要人员 in staff.xlsx: nobody's consent is asked for",
                name=before.name),
            f"{before.name}不是主要人员",
        )  # fmt: skip
    return None


def _contact_new(case: Case) -> Blocker | None:
    contact = case.book.contract.contractor.contact
    told = (("新联系人", contact.name), ("新联系电话", contact.phone))
    if any((fact := case.facts.get(item)) is None or fact.content != str(now)
           for item, now in told):  # fmt: skip
        return None
    return _not(
        say("the new contact stands in contract.yaml already: enter it there once the letter "
            "was delivered"),
        "新联系人与原联系人相同",
    )  # fmt: skip


def _within_switch_over(case: Case) -> Blocker | None:
    day = _day_of_fact(case, "切换结束")
    try:
        limit = switch_by(case)
    except NoFactError:
        return None  # the contract sets none
    if day is None or day <= limit.value:
        return None
    return _not(say("切换结束 {day} is after {limit}", day=day, limit=limit.value),
                f"切换结束日期超过合同期限{limit.text}")  # fmt: skip


def _in_order(first: str, last: str) -> Callable[[Case], Blocker | None]:
    def fails(case: Case) -> Blocker | None:
        begins, ends = _day_of_fact(case, first), _day_of_fact(case, last)
        if begins is None or ends is None or begins <= ends:
            return None
        return _not(say("{last} {ends} is before {first} {begins}", last=last, ends=ends,
                        first=first, begins=begins), f"{last}早于{first}")  # fmt: skip

    return fails


def _returned_as_asked(case: Case) -> Blocker | None:
    day, row = _day_of_fact(case, "返还日期"), case.row
    if day is None or not isinstance(row, Letter) or row.day <= day:
        return None
    return _not(say("返还日期 {day} is before the client asked for it, {asked}", day=day,
                    asked=row.day), "返还日期早于收到通知之日")  # fmt: skip


def _day_of_fact(case: Case, item: str) -> date | None:
    try:
        return day_asked(case, item).value
    except NoFactError:
        return None


def _frequency_open(case: Case) -> Blocker | None:
    if series_of(case) is not None:
        return None
    return _not(say("the contract has no reports whose frequency it leaves open"),
                "合同没有频率待定的定期报告")  # fmt: skip


def _span_known(case: Case) -> Blocker | None:
    span = span_of(case)
    if span is None:
        return _not(say("the days it reports on are not filled in, or lie outside the term"),
                    "起止日期尚未填写，或者不在服务期内")  # fmt: skip
    if span.last >= case.as_of:
        return _not(say("the days it reports on run until {day}", day=span.last),
                    f"{LAST}{show_day(span.last)}尚未过去")  # fmt: skip
    return next(iter(missing_workbooks(case.book, quarters_of(case, span))), None)


def _owed(case: Case) -> Blocker | None:
    state = state_of(case)
    if state is None:
        return _ledger_known(case)
    if state.outstanding.value <= 0:
        return _not(say("nothing is left to pay"), "本期款项已付清")
    unmet = [one.name for one in state.unmet]
    if unmet:
        return _not(say("not met yet: {conditions}", conditions=listed(unmet)),
                    f"付款条件尚未成就：{'、'.join(unmet)}")  # fmt: skip
    return None


def _fiscal_delay_told(case: Case) -> Blocker | None:
    state = state_of(case)
    if state and any(row.delay for row in state.fiscal_approvals):
        return None
    return _not(say("no days of fiscal approval are known"), "没有已知的财政审批期间")


def _overdue(case: Case) -> Blocker | None:
    if why := _owed(case):
        return why
    state = state_of(case)
    if state is None or state.deadline is None:
        return _not(say("the contract names no day to pay"), "合同没有约定付款期限")
    if state.pay_by is None:
        return None  # for the condition that wants it invoiced to tell
    if state.age.days.value <= 0:
        day = surely_due(state.pay_by)
        return _not(say("payment is due on {day}", day=day), f"付款期限{show_day(day)}尚未届满")
    return None


def _without_day(case: Case) -> Blocker | None:
    if why := _owed(case):
        return why
    state = state_of(case)
    if state and gives_days(state.instalment):
        return _not(say("the contract gives a time limit for payment"), "合同约定了付款期限")
    if state and state.demand:
        return _not(say("a day was demanded already: {place}", place=str(state.demand.place(""))),
                    "已经发过催告函")  # fmt: skip
    return None


def _requested(case: Case) -> Blocker | None:
    if requests_delivered(case):
        return None
    return _not(
        say("no request for payment was delivered: ledger.xlsx, sheet 请款"), "付款申请函尚未送达"
    )


def _invoiced(case: Case) -> Blocker | None:
    """A payment waits for its invoice where the contract says that it does."""
    return _wholly_invoiced(case) if case.book.contract.invoicing.before_payment else None


def _wholly_invoiced(case: Case) -> Blocker | None:
    state = state_of(case)
    if state and state.invoices and state.uninvoiced.value <= 0:
        return None
    return _not(say("the instalment is not wholly invoiced"), "本期款项尚未全部开具发票")


def _ledger_known(case: Case) -> Blocker | None:
    return next(iter(missing_ledger(case.book)), None)


def _leaves_in_term(case: Case) -> Blocker | None:
    day = _day_of_fact(case, "服务末日")
    end = service_end(case.book.contract, case.as_of)
    if day is None or case.as_of <= day < end.value:
        return None  # one that is not filled in is told by its name
    return _not(say("the last day of service {day} does not lie between the letter and {end}, when "
                    "service ends anyway", day=day, end=end.value),
                f"服务末日{show_day(day)}不在成文日期和{end.text}之间")  # fmt: skip


def _notice_delivered(case: Case) -> Blocker | None:
    notice = notice_of(case)
    if notice is not None and notice.delivered is not None:
        return None
    return _not(say("letters.xlsx: the letter named under 关联 was not delivered, or is not there"),
                "关联的通知尚未送达")  # fmt: skip


def _notice_of_event(case: Case) -> Blocker | None:
    """Return why the letter under 关联 told of no force majeure, or of another one."""
    notice = notice_of(case)
    if notice is None or notice.kind not in FORCE_MAJEURE:
        return _not(say("letters.xlsx: what stands under 关联 is no 不可抗力通知"),
                    "关联的函件不是不可抗力通知")  # fmt: skip
    told = case.book.letters.facts_of(notice) if case.book.letters else {}
    days = [
        fact.content for fact in (told.get(_STRUCK), case.facts.get(_STRUCK)) if fact is not None
    ]
    if len(set(days)) <= 1:
        return None
    return _not(say("{notice} told of 发生日期 {before}, this letter of {after}",
                    notice=notice.number, before=days[0] or "—", after=days[1] or "—"),
                "发生日期与通知不一致")  # fmt: skip


_STRUCK: Final = "发生日期"
FORCE_MAJEURE: Final = ("不可抗力通知", "force_majeure_notice")


def _was_delivered(case: Case) -> Blocker | None:
    if case.withdrawn is not None and case.withdrawn.delivered is not None:
        return None
    return _not(say("the client never received what was withdrawn"), "撤回的文件没有送达过")


def _replaced(case: Case) -> Blocker | None:
    if replacement_of(case) is not None:
        return None
    return _not(say("nothing is sealed in the place of what was withdrawn"),
                "替代的文件尚未用印")  # fmt: skip


def _incident_over(case: Case) -> Blocker | None:
    over = over_on(case)
    if over is not None and over <= case.as_of:
        return None
    return _not(say("the incident was not over on the day"), "事件在成文日期尚未恢复")


def _in_time(case: Case) -> Blocker | None:
    if not is_counted(case):
        return None
    due = due_of(case)
    if due is None:
        return _not(say("the day by which it must be written is not known"), "办理期限无法确定")
    day = surely_due(due)
    if case.as_of <= day:
        return None
    return _not(
        say("it had to be written by {day}, and says that it is in time", day=day),
        f"应于{show_day(day)}前发出，已经逾期",
    )


def _counted_in_time(case: Case) -> Blocker | None:
    if is_counted(case):
        return _in_time(case)
    return _not(say("the contract gives no days for it that can be counted"), "合同没有约定天数")


CONDITIONS: Final[Mapping[str, LetterCondition]] = {
    "end_of_term": LetterCondition("服务期已经届满", _over),
    "past_half_of_term": LetterCondition("服务期已经过半", _past_half),
    "interim_time_come": LetterCondition("下一次中期验收所在期次以服务期为准的付款条件已经届至",
                                   _interim_time),
    "interim_at_half": LetterCondition("下一次中期验收所在期次同时以服务期过半为付款条件",
                                 _interim_at_half),
    "final_acceptance_open": LetterCondition("最终验收尚未通过，也没有送达未复的通知",
                                       _still_to_accept(FINAL)),
    "interim_acceptance_open": LetterCondition("中期验收尚未通过，也没有送达未复的通知",
                                         _still_to_accept(INTERIM)),
    "final_acceptance_refused": LetterCondition("最近一次最终验收不通过", _refused(FINAL)),
    "interim_acceptance_refused": LetterCondition("最近一次中期验收不通过", _refused(INTERIM)),
    "materials_sealed": LetterCondition("合同约定的验收材料均已盖章", _materials_sealed),
    "past_reports_sealed": LetterCondition("已到期的报告均已盖章", _past_reports_sealed),
    "public_procurement": LetterCondition("contract.yaml 写明属于政府采购", _public),
    "interim_acceptance_agreed": LetterCondition("合同以中期验收为付款条件", _interim_agreed),
    "interim_acceptance_passed": LetterCondition("中期验收均已通过", _interim_passed),
    "interim_procedure_stated": LetterCondition("合同约定了中期验收办法", _interim_procedure),
    "pay_by_ahead": LetterCondition("付款期限在成文日期之后", _day_to_come("付款期限")),
    "rework_done": LetterCondition("完成日期已经到来", _day_past("完成日期")),
    "mended_by_day": LetterCondition("函件明细各项均已填完成日期，都不晚于所称完成日期",
                                     _mended_by_day),
    "returned": LetterCondition("返还日期已经到来", _day_past("返还日期")),
    "returned_as_asked": LetterCondition("返还日期不早于收到返还通知之日", _returned_as_asked),
    "list_past": LetterCondition("函件明细所列日期均已到来", _list_past),
    "list_handed_over": LetterCondition("函件明细中由本工具出具的报告均已用印，没有撤回",
                                  _list_handed_over),
    "all_mended": LetterCondition("函件明细各项均已填完成日期", _all_mended),
    "drill_ahead": LetterCondition("演练日期在成文日期之后", _day_to_come("演练日期")),
    "drill_over": LetterCondition("所关联的演练已经完成，记在演练与重保表", _drill_over),
    "event_ahead": LetterCondition("保障开始日期在成文日期之后", _day_to_come("保障开始")),
    "event_in_order": LetterCondition("保障结束不早于保障开始", _in_order("保障开始", "保障结束")),
    "watch_on_roster": LetterCondition("值守人员都在名册，当日在岗", _on_roster),
    "check_reported": LetterCondition("报告日期已经到来", _day_past("报告日期")),
    "check_in_order": LetterCondition("报告日期不早于检查结束", _in_order("检查结束", "报告日期")),
    "switch_over_ahead": LetterCondition("切换开始日期在成文日期之后", _day_to_come("切换开始")),
    "switch_over_in_order": LetterCondition("切换结束不早于切换开始",
                                            _in_order("切换开始", "切换结束")),
    "switch_over_within": LetterCondition("切换结束没有超过合同的切换期限", _within_switch_over),
    "trained": LetterCondition("培训日期已经到来", _day_past("培训日期")),
    "trained_on_project": LetterCondition("函件明细的人员都在名册，培训时没有离开",
                                          _trained_on_project),
    "survey_ahead": LetterCondition("收回日期在成文日期之后", _day_to_come("收回日期")),
    "key_staff_replaced": LetterCondition("原人员是主要人员，接替的是另一人", _key_staff_replaced),
    "contact_new": LetterCondition("新联系人与 contract.yaml 现有的不同", _contact_new),
    "payment_owed": LetterCondition("付款条件没有未成就的，款项尚未付清", _owed),
    "payment_overdue": LetterCondition("付款期限已经届满，款项尚未付清", _overdue),
    "payment_without_day": LetterCondition("款项未付清，合同没有付款期限，也没有催告过",
                                           _without_day),
    "fiscal_delay_told": LetterCondition("甲方告知过财政审批期间", _fiscal_delay_told),
    "request_delivered": LetterCondition("付款申请函已经送达", _requested),
    "invoiced": LetterCondition("本期款项已经全部开票，合同约定先票后款的", _invoiced),
    "wholly_invoiced": LetterCondition("本期款项已经全部开票", _wholly_invoiced),
    "frequency_open": LetterCondition("合同约定了定期报告，没有写明频率", _frequency_open),
    "span_recorded": LetterCondition("起止日期在服务期内，已经过去，有运行数据", _span_known),
    "withdrawn_after_delivery": LetterCondition("撤回的文件曾经送达", _was_delivered),
    "replacement_sealed": LetterCondition("替代所撤回文件的新文件已经用印", _replaced),
    "ledger_known": LetterCondition("财务台账已经填写", _ledger_known),
    "leaves_in_term": LetterCondition("服务末日在成文日期之后、服务期届满之前", _leaves_in_term),
    "struck": LetterCondition("发生日期已经到来", _day_past("发生日期")),
    "proof_in_time": LetterCondition("成文日期没有超过合同约定天数的期限", _counted_in_time),
    "notice_delivered": LetterCondition("关联的我方函件已经送达", _notice_delivered),
    "notice_of_event": LetterCondition("关联的是同一事件的不可抗力通知", _notice_of_event),
    "meeting_held": LetterCondition("会议日期已经到来", _day_past("会议日期")),
    "incident_over": LetterCondition("事件在成文日期已经恢复", _incident_over),
    "in_time": LetterCondition("成文日期没有超过办理期限", _in_time),
}  # fmt: skip
"""Every condition by the name that a declaration and the `if` of a text use."""


def failing(names: Iterable[str], case: Case) -> tuple[Blocker, ...]:
    """Return why conditions do not hold, one reason for each that fails."""
    found = (CONDITIONS[name].fails(case) for name in names)
    return tuple(one for one in found if one is not None)
