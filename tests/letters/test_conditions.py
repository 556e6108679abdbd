"""Attempts to make a declared letter say what is not so: each is blocked, or there is no letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from lettered import (
    NUMBER,
    SEALED,
    book,
    folders,
    letter,
    planned,
    reasons,
    seal,
    seal_materials,
    written,
)
from scenarios import accepted, asked, asked_to_accept, invoiced, ledger, paid, sample

from deliverables.folders import Folders
from deliverables.letters import declared, every_kind
from deliverables.letters.case import cases
from deliverables.letters.vocabulary import value_of
from deliverables.model.book import ContractBook
from deliverables.model.ledger_sheets import PaymentRequestSent
from deliverables.verify import prove
from deliverables.verify.base import base_of
from deliverables.verify.document import read_document

CHANGE = {
    "原人员": "S006",
    "接替人员": "S005",
    "变更日期": "2026-10-23",
    "变更原因": "岗位轮换",
    "接替人员资质": "从事网络运维八年",
}
OVER = date(2027, 5, 5)
OVERDUE = date(2026, 7, 9)


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def change(**facts: str) -> ContractBook:
    """Return the sample with a letter about a change of key staff, entered on 2026-09-01."""
    row = letter("HJ-01", "主要人员变更函", date(2026, 9, 1))
    return book(row, facts={"HJ-01": CHANGE | facts})


def owing(*events: object) -> ContractBook:
    """Return the sample with a ledger of the test's own."""
    return replace(sample(), ledger=ledger(*events))


REQUEST = replace(asked(1, date(2026, 5, 21), "1957783.48"), delivered=date(2026, 5, 21))
INVOICE = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93")


def test_a_letter_written_too_late_does_not_say_that_it_is_in_time(where: Folders) -> None:
    assert reasons("key_staff_change", change(), where, date(2026, 10, 10)) == []
    assert reasons("key_staff_change", change(), where, date(2026, 10, 11)) == [
        "it had to be written by 2026-10-10, and says that it is in time"
    ]


def test_someone_who_has_left_is_not_named_as_on_the_project(where: Folders) -> None:
    late = change(变更日期="2026-12-31")
    assert "原人员: 罗海宁 left the project on 2026-10-23" in reasons(
        "key_staff_change", late, where, date(2026, 11, 2)
    )


def test_someone_who_is_not_on_the_roster_is_not_named(where: Folders) -> None:
    assert reasons("key_staff_change", change(接替人员="S099"), where, date(2026, 9, 18)) == [
        "letters.xlsx: 接替人员 of HJ-01 is not filled in"
    ]


def test_nobody_is_replaced_by_himself_nor_is_consent_asked_for_others_than_key_staff(
    where: Folders,
) -> None:
    day = date(2026, 9, 18)
    for who, reason in (
        ({"接替人员": "S006"}, "原人员 and 接替人员 are both 罗海宁"),
        ({"原人员": "S005"}, "程若川 is not 主要人员 in staff.xlsx: nobody's consent is asked for"),
    ):
        what = change(**{"接替人员": "S013"} | who)
        assert reasons("key_staff_change", what, where, day) == [reason]


def test_a_fact_that_nobody_filled_in_is_not_left_out(where: Folders) -> None:
    assert reasons("key_staff_change", change(变更原因=""), where, date(2026, 9, 18)) == [
        "letters.xlsx: 变更原因 of HJ-01 is not filled in"
    ]


def test_a_letter_of_a_day_knows_no_row_that_was_entered_later(where: Folders) -> None:
    assert planned("key_staff_change", change(), where, date(2026, 8, 31)) == ()
    assert len(planned("key_staff_change", change(), where, date(2026, 9, 1))) == 1


def test_no_enclosure_is_spoken_of_that_was_not_made(where: Folders) -> None:
    (reason,) = reasons("acceptance_notice", owing(), where, OVER)
    assert reason.startswith("not sealed yet: 年度项目总结报告, 第一季度")


def test_one_enclosure_that_lacks_is_enough_to_block(where: Folders) -> None:
    seal_materials(where, OVER, until=date(2027, 2, 1))
    (reason,) = reasons("acceptance_notice", owing(), where, OVER)
    assert reason == "not sealed yet: 年度项目总结报告, 第四季度报告"


def test_an_enclosure_sealed_after_the_day_of_the_letter_is_none(where: Folders) -> None:
    seal_materials(where, date(2027, 5, 6), until=OVER)
    assert "not sealed yet" in reasons("acceptance_notice", owing(), where, OVER)[0]
    assert reasons("acceptance_notice", owing(), where, date(2027, 5, 6)) == []


def test_a_sealed_enclosure_that_was_withdrawn_is_none(where: Folders) -> None:
    seal_materials(where, OVER, until=OVER)
    seal(where, "quarterly_report/Q1", OVER, events=("withdrawn",))
    assert reasons("acceptance_notice", owing(), where, OVER) == ["not sealed yet: 第一季度报告"]


def test_nobody_asks_for_an_acceptance_that_passed_or_is_under_way(where: Folders) -> None:
    seal_materials(where, OVER, until=OVER)
    for row in (accepted("最终", date(2027, 5, 4)), asked_to_accept("最终", date(2027, 5, 4))):
        assert planned("acceptance_notice", owing(row), where, OVER) == ()


def test_of_several_interim_acceptances_each_is_asked_for_after_the_one_before(
    where: Folders,
) -> None:
    payment = sample().contract.payment
    items = tuple(
        replace(item, conditions=("past_half_of_term", f"interim_acceptance_{item.number}"))
        for item in payment.instalments
    )
    several = replace(sample().contract, payment=replace(payment, instalments=items))
    for passed, asked_for in (([], "第一次中期"), (["第一次中期"], "第二次中期")):
        held = ledger(*(accepted(stage, date(2026, 11, 16)) for stage in passed))
        what = replace(sample(), contract=several, ledger=held)
        (one,) = planned("interim_acceptance_request", what, where, date(2026, 11, 20))
        assert asked_for in one.title
    assert planned("interim_acceptance_request", what, where, date(2026, 10, 29)) == ()


def test_the_service_is_not_over_on_its_last_day(where: Folders) -> None:
    assert planned("acceptance_notice", owing(), where, date(2027, 4, 29)) == ()
    assert len(planned("acceptance_notice", owing(), where, date(2027, 4, 30))) == 1


def test_no_reminder_before_the_day_to_pay_is_past_nor_after_payment(where: Folders) -> None:
    money = (REQUEST, INVOICE, paid(1, date(2026, 7, 10), "1957783.48"))
    assert planned("payment_reminder", owing(*money), where, date(2026, 6, 29)) == ()
    assert reasons("payment_reminder", owing(*money), where, date(2026, 6, 30)) == []
    assert planned("payment_reminder", owing(*money), where, date(2026, 7, 10)) == ()


def test_a_request_is_not_said_to_be_delivered_before_it_was(where: Folders) -> None:
    late: PaymentRequestSent = replace(REQUEST, delivered=date(2026, 7, 20))
    assert reasons("payment_reminder", owing(late, INVOICE), where, date(2026, 7, 19)) == [
        "no request for payment was delivered: ledger.xlsx, sheet 请款"
    ]


def test_a_request_that_was_withdrawn_is_not_said_to_be_delivered(where: Folders) -> None:
    key, anew = "payment_request/1", replace(REQUEST, sent=date(2026, 7, 9), delivered=OVERDUE)
    seal(where, key, date(2026, 5, 21), events=(*SEALED, "delivered"))
    seal(where, key, date(2026, 7, 8), events=("withdrawn",))
    assert reasons("payment_reminder", owing(REQUEST, INVOICE), where, OVERDUE) == [
        "no request for payment was delivered: ledger.xlsx, sheet 请款"
    ]
    assert reasons("payment_reminder", owing(REQUEST, anew, INVOICE), where, OVERDUE) == []


def test_an_invoice_is_not_said_to_be_issued_before_it_was(where: Folders) -> None:
    late = replace(INVOICE, issued=date(2026, 7, 20))
    assert reasons("payment_reminder", owing(REQUEST, late), where, date(2026, 7, 19)) == [
        "the instalment is not wholly invoiced"
    ]


def test_a_reminder_waits_for_the_invoice_where_the_contract_has_it_come_first(
    where: Folders,
) -> None:
    assert "wholly invoiced" in reasons("payment_reminder", owing(REQUEST), where, OVERDUE)[0]
    terms = owing(REQUEST).contract
    silent = replace(terms, invoicing=replace(terms.invoicing, before_payment=None))
    what = replace(owing(REQUEST), contract=silent)
    (one,) = planned("payment_reminder", what, where, OVERDUE)
    assert one.blockers == ()
    made, _ = written(every_kind(where, NUMBER)["payment_reminder"], one, what, where, OVERDUE)
    said = read_document(made).text
    assert "足额开具" not in said
    assert "未开具" in said


def test_a_demand_names_no_day_that_is_past(where: Folders) -> None:
    row = letter("HJ-05", "付款催告函", date(2026, 12, 1), about="第2期")
    what = book(row, facts={"HJ-05": {"付款期限": "2026-12-01"}})
    assert reasons("payment_demand", what, where, date(2026, 12, 1)) == [
        "付款期限 2026-12-01 is not after the day of the letter"
    ]


def test_nothing_is_said_to_be_mended_before_its_day(where: Folders) -> None:
    received = letter("HJ-03", "整改通知", date(2026, 11, 16), direction="收到", subject="巡检",
                      their_number="某发1号", their_day=date(2026, 11, 16))  # fmt: skip
    reply = letter("HJ-04", "整改回复", date(2026, 11, 18), answers="HJ-03", enclosures="记录")
    facts = {"HJ-04": {"整改情况": "已整改。", "完成日期": "2026-11-20"}}
    what = book(received, reply, facts=facts)
    assert reasons("rework_reply", what, where, date(2026, 11, 19)) == [
        "完成日期 2026-11-20 has not come"
    ]
    assert reasons("rework_reply", what, where, date(2026, 11, 20)) == []


def test_not_all_is_said_to_be_mended_on_a_day_on_which_something_was_not(where: Folders) -> None:
    received = letter("HJ-03", "整改通知", date(2026, 11, 16), direction="收到", subject="巡检",
                      their_number="某发1号", their_day=date(2026, 11, 16))  # fmt: skip
    reply = letter("HJ-04", "整改回复", date(2026, 11, 18), answers="HJ-03", enclosures="记录")
    what = book(
        received, reply, facts={"HJ-04": {"整改情况": "已整改。", "完成日期": "2026-11-19"}}
    )
    assert what.letters
    for day, reason in (
        (None, "not mended yet: 事项1, 事项2"),
        (
            date(2026, 11, 20),
            "letters.xlsx[函件明细]!A5: 事项1 was mended on 2026-11-20, after 完成日期",
        ),
    ):
        items = tuple(replace(row, day=day) for row in what.letters.items)
        so = replace(what, letters=replace(what.letters, items=items))
        assert reasons("rework_reply", so, where, date(2026, 11, 20)) == [reason]
    without = replace(what, letters=replace(what.letters, items=()))
    assert "letters.xlsx: the sheet 函件明细 lists nothing that was mended" in reasons(
        "rework_reply", without, where, date(2026, 11, 20)
    )


def paper(kind: str, day: date, **facts: str) -> ContractBook:
    """Return the sample with one paper of ours, entered on a day."""
    about = facts.pop("关联", "")
    row = letter("HJ-01", kind, day, about=about, enclosures="报告")
    return book(row, facts={"HJ-01": facts})


DRILL = {"演练名称": "链路切换演练", "演练日期": "2026-09-16", "演练地点": "机房", "总指挥": "S001"}
EVENT = {"活动名称": "国庆节", "保障开始": "2026-10-01", "保障结束": "2026-10-08", "负责人": "S001"}
SWITCH = {
    "切换开始": "2027-04-30",
    "切换结束": "2027-06-30",
    "接收单位": "某公司",
    "负责人": "S002",
}


@pytest.mark.parametrize(
    ("name", "facts", "day", "item"),
    [
        ("drill_plan", DRILL, date(2026, 9, 16), "演练日期 2026-09-16"),
        ("event_plan", EVENT, date(2026, 10, 1), "保障开始 2026-10-01"),
        ("switch_over_plan", SWITCH, date(2027, 4, 30), "切换开始 2027-04-30"),
    ],
)
def test_a_plan_is_not_written_when_its_day_has_come(
    name: str, facts: dict[str, str], day: date, item: str, where: Folders
) -> None:
    what = paper(declared(where)[name].title, date(2026, 9, 1), **facts)
    assert reasons(name, what, where, day - timedelta(days=1)) == []
    assert reasons(name, what, where, day) == [f"{item} is not after the day of the letter"]


def test_no_switch_over_is_planned_beyond_what_the_contract_allows(where: Folders) -> None:
    day = date(2027, 3, 15)
    last = paper("迁移切换方案", day, **SWITCH | {"切换结束": "2027-07-29"})
    late = paper("迁移切换方案", day, **SWITCH | {"切换结束": "2027-07-30"})
    assert reasons("switch_over_plan", last, where, day) == []
    assert reasons("switch_over_plan", late, where, day) == [
        "切换结束 2027-07-30 is after 2027-07-29"
    ]


@pytest.mark.parametrize(
    ("about", "day"),
    [
        ("互联网出口链路中断切换演练", date(2026, 9, 15)),  # held on the 16th
        ("国庆节保障", date(2026, 10, 9)),  # a watch is no drill
        ("", date(2026, 9, 18)),
    ],
)
def test_no_drill_is_recorded_that_was_not_held(about: str, day: date, where: Folders) -> None:
    facts = {"演练地点": "机房", "总指挥": "S001", "记录人": "S008", "参演单位": "我公司"}
    what = paper("演练记录", date(2026, 9, 1), 关联=about, **facts)
    (reason,) = reasons("drill_record", what, where, day)
    assert reason.startswith(f'no drill "{about}" is over')


@pytest.mark.parametrize(
    ("who", "day", "reason"),
    [
        ("S006", date(2026, 10, 24), "罗海宁 is not on the project on 2026-10-24"),  # left before
        ("S013", date(2026, 10, 24), "石敬之 is not on the project on 2026-10-24"),  # joins later
        ("S099", date(2026, 10, 24), '"S099" is not one person of the roster'),
        ("罗海宁", date(2026, 10, 23), None),  # the last day is one of work
    ],
)
def test_nobody_is_on_watch_who_is_not_on_the_project(
    who: str, day: date, reason: str | None, where: Folders
) -> None:
    facts = {"活动名称": "保障", "值守地点": "机房", "值守电话": "010-00000000", "负责人": "S001"}
    what = paper("值守表", date(2026, 10, 20), **facts)
    assert what.letters
    turns = tuple(replace(row, name=who, day=day) for row in what.letters.items)
    what = replace(what, letters=replace(what.letters, items=turns))
    found = reasons("watch_roster", what, where, date(2026, 11, 3))
    assert [one.partition(": ")[2] for one in found] == ([reason] if reason else [])


CHECK = {
    "检查机构": "某机构", "检查开始": "2026-12-07", "检查结束": "2026-12-18", "检查范围": "云平台",
    "报告名称": "检查报告", "报告编号": "1号", "报告日期": "2027-01-08", "检查结论": "通过",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"报告日期": "2027-01-21"}, "报告日期 2027-01-21 has not come"),
        ({"报告日期": "2026-12-17"}, "报告日期 2026-12-17 is before 检查结束 2026-12-18"),
    ],
)
def test_no_check_is_told_before_it_was_reported(
    change: dict[str, str], reason: str | None, where: Folders
) -> None:
    day = date(2027, 1, 20)
    what = paper("第三方安全检查情况说明", day, **CHECK | change)
    assert reasons("security_check", what, where, day) == ([reason] if reason else [])


def test_nothing_in_a_list_is_said_to_be_done_on_a_day_to_come(where: Folders) -> None:
    what = paper("第三方安全检查情况说明", date(2027, 1, 20), **CHECK)
    assert what.letters
    later = tuple(replace(row, day=date(2027, 1, 21)) for row in what.letters.items)
    what = replace(what, letters=replace(what.letters, items=later))
    (reason,) = reasons("security_check", what, where, date(2027, 1, 20))
    assert reason.endswith("2027-01-21 has not come")


def test_what_only_a_person_can_write_is_left_open_and_keeps_the_draft_from_being_final(
    where: Folders,
) -> None:
    what, day = paper("重大活动保障方案", date(2026, 9, 18), **EVENT), date(2026, 9, 18)
    (one,) = planned("event_plan", what, where, day)
    document, context = written(every_kind(where, NUMBER)["event_plan"], one, what, where, day)
    base = base_of(document, document.trace, context, template=where.template("event_plan"))
    findings = prove(document, base, context)
    assert [one.code for one in findings] == ["gap"] * 5  # a chapter each


def test_the_platform_of_a_quarter_that_is_not_over_is_not_told(where: Folders) -> None:
    declaration = declared(where)["emergency_plan"]
    what = paper("应急预案", date(2026, 5, 1))

    def told(day: date) -> str:
        (case,) = cases(declaration, what, day, dict)
        return str(value_of(case, "platform"))

    assert told(date(2026, 7, 29)) == "成文时尚无已结束报告期的资源台账。"
    assert told(date(2026, 7, 30)).startswith("截至2026年7月29日，云平台承载甲方业务系统")


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("S099", '"S099" is not one person of the roster'),
        ("罗海宁", "罗海宁 left the project on 2026-10-23"),
        ("石敬之", None),  # taught before joining
    ],
)
def test_nobody_is_said_to_have_been_taught_who_is_not_on_the_project(
    who: str, reason: str | None, where: Folders
) -> None:
    taught = {"培训日期": "2026-11-02", "培训地点": "会议室", "讲解人": "S001", "培训内容": "保密"}
    what = paper("保密教育签到表", date(2026, 11, 2), **taught)
    assert what.letters
    people = tuple(replace(row, name=who) for row in what.letters.items)
    what = replace(what, letters=replace(what.letters, items=people))
    found = reasons("confidentiality_training", what, where, date(2026, 11, 2))
    assert [one.partition(": ")[2] for one in found] == ([reason] if reason else [])


def test_no_contact_is_changed_for_the_one_there_is(where: Folders) -> None:
    contact, day = sample().contract.contractor.contact, date(2026, 11, 2)
    told = {"变更日期": "2026-12-01", "新联系人": contact.name, "新联系电话": contact.phone}
    same = paper("联系人变更函", day, **{item: str(text) for item, text in told.items()})
    assert reasons("contact_change", same, where, day)[0].startswith("the new contact stands")
    other = paper("联系人变更函", day, **{**told, "新联系人": "某人", "新联系电话": "010-00000000"})
    assert reasons("contact_change", other, where, day) == []


def test_no_report_is_handed_over_that_is_a_draft_or_was_withdrawn(where: Folders) -> None:
    day, key = date(2026, 8, 12), "quarterly_report/Q1"
    assert reasons("delivery_slip", sample(), where, day) == []  # sealed without the register
    for events, found in (
        (("made",), ["not sealed yet: 第一季度报告"]),
        (("final", "sealed"), []),
        (("withdrawn",), ["not sealed yet: 第一季度报告"]),
    ):
        seal(where, key, day, events=events)
        assert reasons("delivery_slip", sample(), where, day) == found


def test_proof_follows_the_notice_of_the_same_event_and_no_other_letter(where: Folders) -> None:
    day = date(2027, 3, 1)
    event = {"不可抗力事件": "水灾", "发生日期": "2027-02-27"}
    proof = letter("HJ-02", "不可抗力证明函", day, about="HJ-01")
    said = event | {"证明文件": "证明一份", "出具机关": "应急管理部门"}
    for kind, struck, reason in (
        ("不可抗力通知", "2027-02-27", []),
        ("不可抗力通知", "2027-02-26",
         ["HJ-01 told of 发生日期 2027-02-26, this letter of 2027-02-27"]),
        ("联系人变更函", "2027-02-27",
         ["letters.xlsx: what stands under 关联 is no 不可抗力通知"]),
    ):  # fmt: skip
        sent = letter("HJ-01", kind, date(2027, 2, 27), our_number="示例函〔2027〕3号",
                      delivered=date(2027, 2, 28))  # fmt: skip
        what = book(sent, proof, facts={"HJ-01": event | {"发生日期": struck}, "HJ-02": said})
        assert reasons("force_majeure_proof", what, where, day) == reason


def test_nothing_is_given_back_before_it_was_asked_for_nor_a_survey_due_before_it_is_sent(
    where: Folders,
) -> None:
    asked_for = letter("HJ-22", "返还通知", date(2027, 5, 10), direction="收到",
                       their_number="示例发1号", their_day=date(2027, 5, 10))  # fmt: skip
    back = letter("HJ-23", "保密资料返还清单", date(2027, 5, 17), answers="HJ-22")
    what = book(asked_for, back, facts={"HJ-23": {"返还日期": "2027-05-09", "留存情况": "无。"}})
    assert reasons("confidential_return", what, where, date(2027, 5, 17)) == [
        "返还日期 2027-05-09 is before the client asked for it, 2027-05-10"
    ]
    survey = paper("满意度调查问卷", date(2027, 3, 1), 调查期间="本服务期内", 收回日期="2027-03-01")
    assert reasons("satisfaction_survey", survey, where, date(2027, 3, 1)) == [
        "收回日期 2027-03-01 is not after the day of the letter"
    ]
