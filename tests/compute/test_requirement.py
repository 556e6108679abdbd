"""What acceptance confirms: each requirement of the contract, its fact, evidence and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
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
    measured_by,
    requirements,
    standard_of,
)
from deliverables.model.contract import GENERAL, Contract, ContractorExit, Duty, Notice
from deliverables.model.fields import Missing
from deliverables.model.ledger_sheets import Fulfilment
from deliverables.model.operations_sheets import Durability, Operations, Outage, StaffChange, Ticket
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
    **more: Any,
) -> Requirements:
    held_of = [held or quarter(1), *(quarter(number) for number in periods[1:])]
    made = book(*held_of, reports=4, duties=asked, **more)
    contract = replace(made.contract, exit=leaving)
    contract = replace(contract, notices=replace(contract.notices, key_staff=NOTICE))
    contract = leaving_much_open(contract) if silent else contract
    made = replace(made, ledger=scenarios.ledger(*events), contract=contract)
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


def test_one_finding_against_it_outweighs_later_ones_for_it() -> None:
    assert verdict(events=[done("不符合"), done("符合", "已补")]) == "不符合"


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


def test_consulting_has_no_measure_in_the_contract_and_is_left_to_the_client() -> None:
    closed = row(Ticket, closed=NOON + timedelta(hours=1))
    assert verdict("咨询工单", held=quarter(1, tickets=[closed])) == TO_BE_JUDGED


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
        ("按附件一需求提供服务", "合同未附附件一，是否符合由验收小组认定"),
        ("定期提供监控报告", "合同未写明监控报告的频率，是否符合由验收小组认定"),
        ("未造成B级及以上事故", "合同未附“B级及以上事故”的分级标准，是否符合由验收小组认定"),
    ],
)
def test_what_the_contract_leaves_open_nobody_can_call_kept(words: str, told: str) -> None:
    asked = duty(duty=words)
    (one,) = found(asked, events=[done("符合")], silent=True).lines
    assert (str(one.fact), str(one.verdict)) == (f"已完成（2026-09-18）；{told}", TO_BE_JUDGED)
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
    assert verdict("发票") == TO_BE_JUDGED
    assert verdict("发票", events=[bill, scenarios.paid(1, date(2026, 6, 1), "1060.00")]) == "符合"
    before = scenarios.paid(1, date(2026, 5, 19), "1060.00")
    assert verdict("发票", events=[bill, before]) == "不符合"
    more = scenarios.paid(1, date(2026, 6, 1), "1060.01")
    assert verdict("发票", events=[bill, more]) == "不符合"


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
    assert str(one.fact).endswith("；已离开而未签署的 1 人")
    assert str(one.verdict) == "不符合"


def test_everybody_signs_and_is_taught() -> None:
    signed = roster(row(StaffMember, signed=date(2026, 4, 29), trained=date(2026, 4, 29)))
    assert verdict("保密协议", people=signed) == verdict("保密培训", people=signed) == "符合"
    neither = roster(row(StaffMember, signed=None, trained=None))
    assert verdict("保密协议", people=neither) == verdict("保密培训", people=neither) == "不符合"


def test_what_did_not_arise_is_not_called_kept() -> None:
    assert verdict("退出") == verdict("验收返工") == "未涉及"
    assert verdict("切换", as_of=date(2026, 11, 2)) == "未涉及"


def test_rework_is_kept_once_the_acceptance_after_it_passed() -> None:
    failed = scenarios.accepted("中期", date(2026, 11, 13), result="不通过")
    passed = scenarios.accepted("中期", date(2026, 12, 11))
    assert verdict("验收返工", events=[failed]) == TO_BE_JUDGED
    assert verdict("验收返工", events=[failed, passed]) == "符合"


def test_the_term_is_kept_when_there_are_records_of_all_of_it() -> None:
    assert verdict("服务期") == TO_BE_JUDGED
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
    one = line("验收材料")
    assert str(one.fact) == f"随本验收书提交{SUMMARY}等所列材料"
    assert str(one.evidence) == "所附材料清单"


def test_an_exit_that_was_asked_for_is_left_to_be_judged() -> None:
    leaving = ContractorExit(
        article="第十三条", requested_on=date(2026, 11, 20), last_service_day=date(2026, 12, 31)
    )
    assert verdict("退出", leaving=leaving) == TO_BE_JUDGED
