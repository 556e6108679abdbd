"""What acceptance confirms: each requirement of the contract, its fact, evidence and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import scenarios
from rows import NOON, book, quarter, roster, row

from deliverables.compute.availability import year_service
from deliverables.compute.indicators import year_of
from deliverables.compute.requirement import (
    TO_BE_JUDGED,
    RequirementLine,
    Requirements,
    checked_in,
    measured_by,
    requirements,
    standard_of,
)
from deliverables.model.contract import GENERAL, Contract, ContractorExit, Duty, Notice
from deliverables.model.fields import Missing
from deliverables.model.ledger_sheets import Fulfilment
from deliverables.model.letters_sheets import (
    Letter,
    LetterFact,
    LetterItem,
    Letters,
    LettersCover,
)
from deliverables.model.operations_sheets import (
    Backup,
    Drill,
    Durability,
    Incident,
    Issue,
    Operations,
    Outage,
    Security,
    StaffChange,
    Ticket,
)
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.figure import Cell, Line, sources_in
from deliverables.values.time_limit import parse

AFTER = date(2027, 5, 25)
SUMMARY = "年度项目总结报告"


def duty(shown_by: str = "", standard: str = "服务", owner: str = "乙方", **more: Any) -> Duty:
    facts = {"article": "第八条", "duty": "做好", **more}
    places = {"": Line("contract.yaml", 9, 1)}
    return Duty(owner=owner, shown_by=shown_by, standard=standard, places=places, **facts)


def found(
    *asked: Duty,
    held: Operations | None = None,
    events: Sequence[Any] = (),
    as_of: date = AFTER,
    leaving: ContractorExit | None = None,
    periods: Sequence[int] = (1,),
    silent: bool = False,
    post: Letters | None = None,
    **more: Any,
) -> Requirements:
    held_of = [held or quarter(1), *(quarter(number) for number in periods[1:])]
    made = book(*held_of, reports=4, duties=asked, **more)
    contract = replace(made.contract, exit=leaving)
    contract = replace(contract, notices=replace(contract.notices, key_staff=NOTICE))
    contract = leaving_much_open(contract) if silent else contract
    made = replace(made, ledger=scenarios.ledger(*events), contract=contract, letters=post)
    return requirements(year_of(made, periods, year_service(made, periods, as_of), as_of), SUMMARY)


def leaving_much_open(contract: Contract) -> Contract:
    """A contract without its annex, the frequency of a report and the grades of incidents."""
    lacking = Missing("合同未附")
    first = replace(contract.reports[0], name="监控报告", every_months=lacking)
    return replace(
        contract,
        service=replace(contract.service, catalogue=lacking),
        service_levels=replace(contract.service_levels, incident_grading=lacking),
        reports=(*contract.reports, first),
    )


NOTICE = Notice(article="第四条", period=parse("提前10个工作日"))


def line(shown_by: str = "", **facts: Any) -> RequirementLine:
    (only,) = found(duty(shown_by), **facts).lines
    return only


def verdict(shown_by: str = "", **facts: Any) -> str:
    return str(line(shown_by, **facts).verdict)


def done(verdict: str = "", words: str = "已完成", day: date = date(2026, 9, 18)) -> Fulfilment:
    return Fulfilment(article="第八条", done=words, day=day, verdict=verdict, evidence="纪要")


def test_what_neither_records_nor_a_person_judge_is_left_to_the_client() -> None:
    assert verdict("安全防护") == verdict("") == TO_BE_JUDGED


def test_what_a_person_found_stands_with_the_paper_that_shows_it() -> None:
    one = line(events=[done("符合")])
    assert (str(one.fact), str(one.evidence), str(one.verdict)) == (
        "已完成（2026-09-18）", "纪要", "符合",
    )  # fmt: skip
    assert Cell("ledger.xlsx", "履约情况", "A3") in sources_in(one.verdict)


def test_what_a_person_found_later_is_not_in_an_earlier_record() -> None:
    assert verdict(events=[done("符合", day=date(2027, 5, 26))]) == TO_BE_JUDGED


def test_what_is_confirmed_again_in_the_same_words_is_told_once() -> None:
    again = line(events=[done("符合"), done("符合", day=date(2027, 4, 30))])
    assert str(again.fact) == "已完成（2027-04-30）"


def test_one_finding_against_it_outweighs_later_ones_for_it() -> None:
    assert verdict(events=[done("不符合"), done("符合", "已补")]) == "不符合"
    assert verdict(events=[done("不符合"), done("符合", day=date(2027, 4, 30))]) == "不符合"


def test_a_person_cannot_talk_away_what_the_records_refute() -> None:
    down = row(Outage, ended=row(Outage).started + timedelta(hours=9))
    held = quarter(1, outages=[down])
    assert verdict("可用性", held=held, events=[done("符合")]) == "不符合"


def test_availability_is_judged_by_every_period_it_is_told_for() -> None:
    assert verdict("可用性", held=quarter(1)) == "符合"


def test_no_loss_of_data_proves_no_reliability_and_one_loss_refutes_it() -> None:
    assert verdict("数据可靠性", held=quarter(1, durability=[row(Durability)])) == TO_BE_JUDGED
    lost = quarter(1, durability=[row(Durability, loss_events=1)])
    assert verdict("数据可靠性", held=lost) == "不符合"


def left(shown_by: str, **facts: Any) -> tuple[str, str]:
    one = line(shown_by, **facts)
    assert str(one.verdict) == TO_BE_JUDGED
    return str(one.why), str(one.papers)


def test_consulting_is_kept_when_all_was_done_in_the_time_promised() -> None:
    done = row(Ticket, closed=NOON + timedelta(hours=1))
    assert verdict("咨询工单", held=quarter(1, tickets=[done])) == "符合"
    late = row(Ticket, number="GD-2", closed=NOON + timedelta(hours=9))
    assert left("咨询工单", held=quarter(1, tickets=[done, late])) == (
        "1 件未在承诺时限内办结，合同未约定咨询的时限", "乙方提供该 1 件的办理记录，验收小组抽查",
    )  # fmt: skip


def test_security_is_kept_without_events_and_with_everything_due_mended() -> None:
    mended = row(Security, found=2, due=2, mended=2, overdue=0)
    late = row(Security, found=2, due=2, mended=1, overdue=1)
    event = row(Security, kind="安全事件", found=1)
    assert verdict("安全防护", held=quarter(1, security=[mended])) == "符合"
    assert left("安全防护", held=quarter(1, security=[late]))[0].startswith(
        "到期应整改漏洞 2 个，其中 1 个未按期整改"
    )
    assert left("安全防护", held=quarter(1, security=[mended, event]))[0].startswith(
        "发生安全事件 1 起"
    )


def kept(lost: int = 0, unsound: int = 0, **backup: int) -> Operations:
    facts = {"planned": 2, "succeeded": 2, "restore_tests": 1, "restore_succeeded": 1, **backup}
    return quarter(
        1,
        durability=[
            row(Durability, loss_events=lost, integrity_checks=3, integrity_failures=unsound)
        ],
        backups=[row(Backup, **facts)],
        security=[row(Security, found=0, due=0, mended=0, overdue=0)],
    )


def test_data_are_kept_when_none_is_lost_and_every_check_backup_and_restoring_went_well() -> None:
    assert verdict("数据防护", held=kept()) == "符合"
    assert verdict("数据防护", held=kept(lost=1)) == "不符合"
    assert left("数据防护", held=kept(unsound=1))[0] == "完整性校验未通过 1 次"
    assert left("数据防护", held=kept(restore_succeeded=0))[0] == "恢复演练 1 次，成功 0 次"
    assert left("数据防护", held=kept(succeeded=1)) == (
        "计划备份 2 次，未成功 1 次", "乙方提供该 1 次备份的补做记录",
    )  # fmt: skip


def test_the_grade_of_incidents_is_judged_by_the_grade_that_the_duty_names() -> None:
    graded = [quarter(1, incidents=[row(Incident, grade=grade)]) for grade in ("B", "C", "未定级")]
    asked = duty("事件定级", duty="不造成B级及以上事故")
    told = [str(found(asked, held=held).lines[0].verdict) for held in graded]
    assert told == ["不符合", "符合", TO_BE_JUDGED]


def test_a_drill_that_was_not_held_is_missed() -> None:
    assert left("应急演练")[0] == "没有应急演练的记录"
    assert verdict("应急演练", held=quarter(1, drills=[row(Drill)])) == "符合"


def letters(
    *rows: dict[str, Any], facts: Sequence[LetterFact] = (), undone: str = "", remark: str = ""
) -> Letters:
    places = {"": Cell("letters.xlsx", "函件", "A3")}
    items = [LetterItem(number="HJ-2", order=Decimal(1), name=undone, remark=remark, places=places)]
    return Letters(
        file="letters.xlsx", cover=LettersCover(sample=False), facts=tuple(facts),
        letters=tuple(Letter(**one, places=places) for one in rows),
        items=tuple(items if undone else ()),
    )  # fmt: skip


def came(kind: str) -> dict[str, Any]:
    return {"number": "HJ-1", "direction": "收到", "kind": kind, "day": date(2026, 6, 1),
            "reply_by": date(2026, 6, 10)}  # fmt: skip


def sent(delivered: date, kind: str = "整改报告") -> dict[str, Any]:
    return {"number": "HJ-2", "direction": "发出", "kind": kind, "day": date(2026, 6, 5),
            "delivered": delivered, "answers": "HJ-1"}  # fmt: skip


CHECK = "第三方安全检查情况说明"
IN_TIME, LATE = date(2026, 6, 10), date(2026, 6, 11)


def test_what_an_inspection_found_is_answered_in_time_and_all_of_it_done() -> None:
    asked = came("检查整改意见")
    said = line("监督检查", post=letters(asked, sent(IN_TIME)))
    assert str(said.fact) == "2026-06-01收到检查整改意见，限2026-06-10答复，2026-06-10答复"
    assert str(said.verdict) == "符合"
    assert verdict("监督检查", post=letters(asked, sent(LATE))) == "不符合"
    assert verdict("监督检查", post=letters(asked)) == "不符合"
    assert left("监督检查", post=letters(asked, sent(IN_TIME), undone="门禁"))[0] == (
        "整改事项“门禁”没有完成日期"
    )
    assert verdict("监督检查", post=letters()) == "未涉及"


@pytest.mark.parametrize("closed", [date(2026, 7, 1), None])
def test_what_an_answer_left_open_is_followed_to_the_matter_it_names(closed: date | None) -> None:
    answered = letters(came("检查整改意见"), sent(IN_TIME), undone="门禁", remark="WT-01")
    held = quarter(1, issues=[row(Issue, closed=closed, outcome="已归集" if closed else "")])
    one = line("监督检查", post=answered, held=held)
    how = "完成 1 项（“门禁”2026-07-01办结）" if closed else "完成 0 项"
    assert str(one.fact).endswith(f"所列整改 1 项，截至2027年5月25日{how}")
    assert str(one.verdict) == ("符合" if closed else TO_BE_JUDGED)
    before = line("监督检查", post=answered, held=held, as_of=date(2026, 6, 30))
    assert str(before.verdict) == TO_BE_JUDGED


@pytest.mark.parametrize(("shown_by", "kind"), [("监督检查", "整改报告"), ("第三方检查", CHECK)])
def test_nobody_calls_kept_what_a_letter_left_open(shown_by: str, kind: str) -> None:
    post = letters(came("检查整改意见"), sent(IN_TIME, kind), undone="门禁")
    assert verdict(shown_by, post=post, events=[done("符合")]) == TO_BE_JUDGED


def test_what_the_client_wants_back_is_told_by_the_letters_whoever_wrote_earlier() -> None:
    asked, paper = came("返还通知") | {"reply_by": None}, sent(IN_TIME, "保密资料返还清单")
    none = done("未涉及", "甲方未提出归还要求", date(2026, 5, 30))
    one = line("归还资料", post=letters(asked), events=[none])
    assert str(one.fact) == "2026-06-01收到返还通知，截至2027年5月25日未登记返还清单"
    assert (str(one.verdict), str(one.why)) == (
        TO_BE_JUDGED, "2026-06-01收到返还通知，没有返还清单送达的记录",
    )  # fmt: skip
    back = line("归还资料", post=letters(asked, paper, undone="网络拓扑"), events=[none])
    assert str(back.fact) == "2026-06-01收到返还通知，保密资料返还清单2026-06-10送达，返还网络拓扑"
    assert str(back.verdict) == "符合"
    assert verdict("归还资料", post=letters(), events=[none]) == "未涉及"


def test_what_was_to_be_mended_is_answered_in_time_and_no_problem_left() -> None:
    asked, ours = came("整改通知"), sent(IN_TIME, "整改回复")
    assert verdict("问题整改") == "未涉及"
    assert verdict("问题整改", post=letters(asked, ours)) == "符合"
    assert verdict("问题整改", post=letters(asked, sent(LATE, "整改回复"))) == "不符合"
    problem = quarter(1, issues=[row(Issue)])
    assert left("问题整改", held=problem, post=letters(asked, ours))[0] == "1 项未办结（WT-01）"


def test_the_plan_of_each_watch_reached_the_client_before_it_began() -> None:
    held = quarter(1, drills=[row(Drill, kind="重大活动保障", name="国庆节保障", first_day=LATE)])
    begins = LetterFact(number="HJ-2", item="保障开始", content=LATE.isoformat())
    plan = "重大活动保障方案"
    in_time = letters(sent(IN_TIME, plan), facts=[begins])
    assert verdict("重大活动保障", held=held, post=in_time) == "符合"
    too_late = letters(sent(date(2026, 6, 12), plan), facts=[begins])
    assert left("重大活动保障", held=held, post=too_late) == (
        "没有“国庆节保障”的方案在开始前送达的记录", "乙方提供保障方案和签收回执",
    )  # fmt: skip
    assert verdict("重大活动保障") == "未涉及"


def test_whoever_was_given_access_had_signed() -> None:
    first, then = date(2026, 5, 1), date(2026, 5, 2)
    good = row(StaffMember, signed=first, access_granted=then)
    assert verdict("披露范围", people=roster(good)) == "符合"
    early = row(StaffMember, signed=then, access_granted=first)
    assert left("披露范围", people=roster(good, early))[0] == "1 人在签署保密协议之前开通权限"


def test_what_is_left_to_the_client_says_why_and_who_brings_what() -> None:
    asked = duty(papers="乙方提供授权清单")
    (none,) = found(asked).left
    assert (str(none.why), str(none.papers)) == ("没有履行情况的记录", "乙方提供授权清单")
    (told,) = found(duty(), events=[done()]).left
    assert (str(told.why), str(told.papers)) == (
        "合同未定量化标准，没有自查结论", "乙方提供履行情况的书面记录，验收小组核定",
    )  # fmt: skip
    assert found(asked, events=[done("符合")]).left == ()
    assert str(checked_in(book().contract, asked)) == "乙方提供授权清单"


@pytest.mark.parametrize(
    ("shown_by", "quote", "told"),
    [
        ("", "未正确处置，次数超过四次的", "合同数值：“超过四次”；按所备材料核定"),
        ("退出", "需至少提前30天提出", "合同数值：“至少提前30天”；没有提出退出的，不涉及"),
        ("发票", "税率为6%的发票", "合同数值：“税率为6%”；每笔到账之前所开本期发票不少于累计到账"),
        ("验收材料", "季度报告4个", "合同数值：“季度报告4个”；届满后通知验收"),
        ("", "应一次性提交2026年4月29日的清单", "合同未定量化标准，按所备材料核定"),
    ],
)
def test_what_the_contract_puts_in_figures_is_part_of_the_standard(
    shown_by: str, quote: str, told: str
) -> None:
    asked = duty(shown_by, quote=(quote,))
    assert str(measured_by(book().contract, asked)).startswith(told)


def test_evidence_names_every_record_that_a_verdict_rests_on() -> None:
    chapters = str(line("数据防护", held=kept()).evidence)
    assert chapters.endswith("第四章、第十章、第十一章")
    assert str(line("服务期").evidence) == "合同文本和各期运行记录"


def test_a_person_cannot_prove_reliability_by_the_lack_of_losses() -> None:
    held = quarter(1, durability=[row(Durability)])
    assert verdict("数据可靠性", held=held, events=[done("符合")]) == TO_BE_JUDGED


def test_an_article_on_the_whole_service_fails_with_its_level_and_is_not_proved_by_it() -> None:
    level, whole = duty("可用性", duty="不低于99.9%"), duty("可用性", duty="各项服务符合约定")
    assert [str(one.verdict) for one in found(level, whole).lines] == ["符合", TO_BE_JUDGED]
    down = row(Outage, ended=row(Outage).started + timedelta(hours=9))
    both = found(level, whole, held=quarter(1, outages=[down]))
    assert [str(one.verdict) for one in both.lines] == ["不符合", "不符合"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("按附件一需求提供服务", "合同未附附件一"),
        ("定期提供监控报告", "合同未写明监控报告的频率"),
        ("未造成B级及以上事故", "合同未附“B级及以上事故”的分级标准"),
    ],
)
def test_what_the_contract_leaves_open_nobody_can_call_kept(words: str, told: str) -> None:
    asked = duty(duty=words)
    (one,) = found(asked, events=[done("符合")], silent=True).lines
    assert (str(one.why), str(one.verdict)) == (told, TO_BE_JUDGED)
    assert "甲方" in str(one.papers)
    assert str(measured_by(leaving_much_open(book().contract), asked)).endswith(told)
    (failed,) = found(asked, events=[done("不符合")], silent=True).lines
    assert (str(failed.fact), str(failed.verdict)) == ("已完成（2026-09-18）", "不符合")
    (told_of,) = found(asked, events=[done("符合")]).lines
    assert str(told_of.verdict) == "符合"


@pytest.mark.parametrize(
    ("told", "agreed", "expected"),
    [
        (date(2026, 5, 20), date(2026, 6, 8), "符合"),
        (date(2026, 6, 5), date(2026, 6, 8), "不符合"),
        (date(2026, 5, 20), None, "不符合"),
        (date(2026, 5, 20), date(2026, 6, 12), "不符合"),
    ],
    ids=["told in time", "told too late", "no consent", "consent afterwards"],
)
def test_key_staff_change_with_ten_working_days_and_consent(
    told: date, agreed: date | None, expected: str
) -> None:
    left = row(StaffChange, kind="离开", key_staff=True, day=date(2026, 6, 10), notified=told,
               agreed=agreed)  # fmt: skip
    assert verdict("主要人员更换", held=quarter(1, staff_changes=[left])) == expected


def test_an_invoice_must_precede_each_payment_and_cover_it() -> None:
    bill = scenarios.invoiced(1, date(2026, 5, 20), "1000.00", "60.00")
    assert verdict("发票") == "未涉及"
    assert verdict("发票", events=[bill, scenarios.paid(1, date(2026, 6, 1), "1060.00")]) == "符合"
    before = scenarios.paid(1, date(2026, 5, 19), "1060.00")
    assert verdict("发票", events=[bill, before]) == "不符合"
    more = scenarios.paid(1, date(2026, 6, 1), "1060.01")
    assert verdict("发票", events=[bill, more]) == "不符合"


def test_an_invoice_at_another_rate_than_agreed_shows_it_and_fails_until_it_is_reversed() -> None:
    paid = scenarios.paid(1, date(2026, 6, 1), "1060.00")
    right = scenarios.invoiced(1, date(2026, 5, 20), "1000.00", "60.00")
    wrong = replace(right, number="7" * 20, rate=Decimal("0.13"))
    one = line("发票", events=[wrong, paid])
    assert str(one.fact).endswith("，税率13%")
    assert str(one.verdict) == "不符合"
    red = replace(wrong, number="8" * 20, reverses=wrong.number, gross=-wrong.gross)
    again = line("发票", events=[wrong, red, right, paid])
    assert str(again.fact).endswith("，税率6%")
    assert str(again.verdict) == "符合"


def test_a_change_of_key_staff_that_did_not_come_is_not_called_kept() -> None:
    assert verdict("主要人员更换") == "未涉及"


def test_teaching_after_access_was_given_comes_too_late() -> None:
    late = row(StaffMember, trained=date(2026, 5, 8), access_granted=date(2026, 5, 7))
    one = line("保密培训", people=roster(late))
    assert (str(one.fact), str(one.verdict)) == (
        "参与项目人员 1 人，已接受保密教育 1 人，其中开通权限之后才接受的 1 人", "不符合",
    )  # fmt: skip


def test_who_left_without_having_signed_is_not_forgotten() -> None:
    there = row(StaffMember, signed=date(2026, 4, 29))
    gone = row(StaffMember, signed=None, left=date(2026, 6, 1))
    one = line("保密协议", people=roster(there, gone))
    assert str(one.fact).endswith("已签署保密协议 1 人，未签署 1 人（其中 1 人已离开）")
    assert str(one.verdict) == "不符合"


def test_everybody_signs_and_is_taught() -> None:
    signed = roster(row(StaffMember, signed=date(2026, 4, 29), trained=date(2026, 4, 29)))
    assert verdict("保密协议", people=signed) == verdict("保密培训", people=signed) == "符合"
    neither = roster(row(StaffMember, signed=None, trained=None))
    assert verdict("保密协议", people=neither) == verdict("保密培训", people=neither) == "不符合"


def test_who_signed_after_the_periods_and_before_the_record_has_signed() -> None:
    late = roster(row(StaffMember, signed=date(2027, 5, 5)))
    wanted = duty("保密协议", quote=("并应甲方要求安排签署书面《保密协议》。",))
    (one,) = found(wanted, people=late, post=letters()).lines
    assert str(one.fact).startswith("参与项目人员 1 人，截至2027年5月25日均已签署保密协议")
    assert str(one.fact).endswith("；未登记甲方要求签署的来函")
    assert str(one.verdict) == "符合"
    asked = came("工作联系函") | {"subject": "请签署保密协议"}
    (one,) = found(wanted, people=late, post=letters(asked)).lines
    assert str(one.fact).endswith("2026-06-01收到工作联系函")
    assert verdict("保密协议", people=late, as_of=date(2027, 5, 4)) == "不符合"


def test_what_did_not_arise_is_not_called_kept() -> None:
    assert verdict("退出") == verdict("验收返工") == verdict("保密期限") == "未涉及"
    assert verdict("切换", as_of=date(2026, 11, 2)) == "未涉及"


def test_rework_is_kept_when_it_is_handed_in_again_in_time_and_passes() -> None:
    failed = scenarios.accepted("中期", date(2026, 11, 13), result="不通过")
    passed = scenarios.accepted("中期", date(2026, 12, 11))
    soon, late = (replace(passed, notice_received=date(2026, 11, day)) for day in (20, 23))
    waiting = left("验收返工", events=[failed], as_of=date(2026, 11, 20))[0]
    assert waiting == "2026-11-13验收不通过，尚未再次验收"
    assert left("验收返工", events=[failed, passed])[0] == "没有重新提交验收的日期"
    kept = line("验收返工", events=[failed, soon])
    assert str(kept.fact) == (
        "中期验收2026-11-13不通过，见中期验收意见，约定5个工作日内返工（至2026-11-20），"
        "2026-11-20重新提交验收，再次验收2026-12-11通过"
    )
    assert str(kept.verdict) == "符合"
    assert verdict("验收返工", events=[failed, late]) == "不符合"
    assert verdict("验收返工", events=[failed]) == "不符合"


def test_the_term_is_kept_when_there_are_records_of_all_of_it() -> None:
    assert verdict("服务期") == TO_BE_JUDGED
    assert verdict("服务期", as_of=date(2026, 11, 2)) == "未涉及"
    assert verdict("服务期", periods=[1, 2, 3, 4]) == "符合"


def test_the_contract_s_own_words_are_printed_where_they_are_quoted() -> None:
    (quoted,) = found(duty(quote=("乙方应做好服务", "并保证质量"))).lines
    assert str(quoted.asked) == "“乙方应做好服务”…“并保证质量”"
    assert str(line().asked) == "做好"


def test_requirements_stand_by_their_sort_and_are_counted() -> None:
    table = found(
        duty(standard="商务", article="第十一条"),
        duty(standard="技术", shown_by="可用性", article="第三条"),
        duty(standard="", article="第九条"),
        duty(standard="", owner="甲方", article="第七条"),
        duty(standard="", owner="双方", article="第十七条"),
        duty(GENERAL, standard="", article="第十四条"),
    )
    assert [(one.standard, str(one.article)) for one in table.lines] == [
        ("技术", "第三条"), ("商务", "第十一条"), ("商务", "第九条"),
    ]  # fmt: skip
    assert [
        (one.standard, *(str(n) for n in (one.count, one.met, one.unmet, one.apart, one.open)))
        for one in (*table.counts, table.total)
    ] == [
        ("技术", "1", "1", "0", "0", "0"),
        ("商务", "2", "0", "0", "0", "2"),
        ("合计", "3", "1", "0", "0", "2"),
    ]
    assert table.unmet == ()


def test_what_the_client_owes_is_no_requirement_even_if_it_names_a_sort() -> None:
    assert standard_of(duty(owner="甲方", standard="服务")) == ""
    assert standard_of(duty(owner="双方", standard="技术")) == "技术"


def test_the_materials_are_those_handed_over_with_the_record() -> None:
    one = line("验收材料", periods=[1, 2, 3, 4])
    assert str(one.fact) == (
        f"随本验收书提交{SUMMARY}等所列材料；截至2027年5月25日未记录验收通知送达"
    )
    assert str(one.evidence) == "所附材料清单"
    early = line("验收材料", as_of=date(2026, 11, 2))
    assert str(early.fact).endswith("；服务期至2027年4月29日，届满后提交全部材料")
    assert str(early.verdict) == "未涉及"


def test_an_exit_that_was_asked_for_is_left_to_be_judged() -> None:
    leaving = ContractorExit(
        article="第十三条", requested_on=date(2026, 11, 20), last_service_day=date(2026, 12, 31)
    )
    assert verdict("退出", leaving=leaving) == TO_BE_JUDGED
