from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
import scenarios
from rows import NOON, book, quarter, roster, row

from deliverables.compute.availability import year_service
from deliverables.compute.indicators import (
    NOT_RECORDED,
    Duties,
    acceptance_state,
    duties,
    materials,
)
from deliverables.compute.series import report_of
from deliverables.model.contract import GENERAL, SHOWN_BY, ContractorExit, Duty
from deliverables.model.fields import UNFILLED
from deliverables.model.ledger_sheets import Fulfilment
from deliverables.model.operations_sheets import (
    AddressBlock,
    Backup,
    Drill,
    Durability,
    Issue,
    Operations,
    Outage,
    Resource,
    Security,
    StaffChange,
    Ticket,
)
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.figure import Cell, Line, sources_in

AFTER = date(2027, 5, 25)


def duty(
    shown_by: str = "", owner: str = "乙方", article: str = "第八条", asked: str = "做好"
) -> Duty:
    place = {"": Line("contract.yaml", 9, 1)}
    return Duty(article=article, duty=asked, owner=owner, shown_by=shown_by, places=place)


def table(
    *asked: Duty,
    held: Operations | None = None,
    events: Sequence[Any] = (),
    as_of: date = AFTER,
    leaving: ContractorExit | None = None,
    identity: Mapping[str, Any] = MappingProxyType({}),
    **more: Any,
) -> Duties:
    year = book(held or quarter(1), reports=4, duties=asked, **more)
    year = replace(
        year,
        ledger=scenarios.ledger(*events),
        contract=replace(
            year.contract, exit=leaving, identity=replace(year.contract.identity, **identity)
        ),
    )
    whole = report_of(year.contract, "summary", "annual", as_of)
    return duties(year, replace(whole, numbers=(1,)), year_service(year, [1], as_of), as_of)


def answer(shown_by: str, owner: str = "乙方", **facts: Any) -> str:
    (line,) = table(duty(shown_by, owner), **facts).lines
    return str(line.shown)


def done(
    article: str, words: str, day: date, asked: str = "", evidence: str = "纪要"
) -> Fulfilment:
    return Fulfilment(article=article, duty=asked, done=words, day=day, evidence=evidence)


def test_a_duty_that_no_record_answers_is_left_to_a_person() -> None:
    (line,) = table(duty()).lines
    assert (str(line.shown), line.chapter) == (UNFILLED, "—")
    assert sources_in(line.shown) == {Line("contract.yaml", 9, 1)}


def test_what_a_person_recorded_answers_it_with_the_day_and_the_paper() -> None:
    wrote = done("第八条", "修订应急预案", date(2026, 9, 18), evidence="签收单")
    (line,) = table(duty(), events=[wrote]).lines
    assert str(line.shown) == "修订应急预案（2026-09-18），依据为签收单"
    assert Cell("ledger.xlsx", "履约情况", "A3") in sources_in(line.shown)


def test_what_a_person_recorded_later_is_not_in_an_earlier_document() -> None:
    wrote = done("第八条", "修订应急预案", date(2027, 5, 26))
    assert answer("", events=[wrote]) == UNFILLED


def test_that_nothing_was_asked_is_not_said_once_something_was() -> None:
    none_yet = done("第八条", "甲方未提出归还要求", date(2027, 4, 30))
    nothing = replace(none_yet, verdict="未涉及")
    asked = replace(done("第八条", "按书面通知返还三项", date(2027, 5, 18)), verdict="符合")
    told = "按书面通知返还三项（2027-05-18），依据为纪要"
    assert answer("", events=[nothing, asked]) == told
    before = answer("", events=[nothing, asked], as_of=date(2027, 5, 17))
    assert before == "甲方未提出归还要求（2027-04-30），依据为纪要"


def test_an_article_that_the_same_record_answers_points_to_the_one_before_it() -> None:
    held = quarter(1, addresses=[row(AddressBlock)])
    asked = [duty("IP地址"), duty("IP地址", article="第九条")]
    lines = table(*asked, held=held).lines
    assert [str(line.shown) for line in lines] == [
        "期末在用地址 16 个，没有预留，本期没有回收", "同第八条",
    ]  # fmt: skip


def test_a_row_of_an_article_with_several_duties_answers_the_one_it_names() -> None:
    wrote = done("第八条", "已培训", date(2026, 9, 18), asked="保密教育")
    lines = table(duty(asked="保密教育"), duty(asked="签署"), events=[wrote]).lines
    assert [str(line.shown) for line in lines] == ["已培训（2026-09-18），依据为纪要", UNFILLED]


def test_what_a_person_adds_stands_behind_what_the_records_show() -> None:
    wrote = done("第八条", "另经第三方核对", date(2026, 9, 18))
    held = quarter(1, addresses=[row(AddressBlock)])
    assert answer("IP地址", held=held, events=[wrote]) == (
        "期末在用地址 16 个，没有预留，本期没有回收；另经第三方核对（2026-09-18），依据为纪要"
    )


def test_what_the_client_owes_and_what_is_general_are_named_in_a_line_each() -> None:
    found = table(
        duty(article="第七条", owner="甲方"),
        duty(GENERAL, article="第十四条"),
        duty(GENERAL, article="第十六条"),
    )
    assert (found.lines, str(found.theirs), str(found.general)) == (
        (), "第七条", "第十四条、第十六条",
    )  # fmt: skip
    assert (found.has_theirs, found.has_general) == (True, True)


def test_every_kind_of_record_has_its_answer_and_none_answers_for_another() -> None:
    held = quarter(
        1,
        resources=[row(Resource, closing=Decimal(8))],
        durability=[row(Durability)],
        tickets=[row(Ticket, closed=NOON + timedelta(hours=1)), row(Ticket, kind="其他")],
        security=[row(Security, due=4, mended=3)],
        backups=[row(Backup)],
        addresses=[row(AddressBlock)],
        drills=[row(Drill), row(Drill, kind="重大活动保障", name="国庆节保障")],
        issues=[row(Issue, state="已完成"), row(Issue, number="WT-02", subject="另一项")],
        staff_changes=[
            row(StaffChange, kind="离开", key_staff=True, notified=date(2026, 4, 10)),
            row(StaffChange, kind="进入"),
        ],
    )
    people = roster(row(StaffMember, trained=date(2026, 4, 29), access_granted=date(2026, 5, 1)))
    events = [
        scenarios.invoiced(1, date(2026, 5, 20), "1000.00", "60.00"),
        scenarios.paid(1, date(2026, 6, 20), "1060.00"),
        scenarios.asked_to_accept("最终", date(2027, 5, 6)),
        scenarios.accepted("最终", date(2027, 5, 12)),
        scenarios.deducted(2, date(2027, 5, 20), "100.00"),
    ]
    asked = [duty(kind) for kind in SHOWN_BY if kind != GENERAL]
    told = {
        kind.shown_by: str(line.shown)
        for kind, line in zip(
            asked, table(*asked, held=held, events=events, people=people).lines, strict=True
        )
    }
    assert told == {
        "资源台账": "期末承载业务系统 1 个、云主机 8 台",
        "可用性": "全年可用性 100.0000%（中断 0 分钟，允许 131.04 分钟），达标；各季度均达标",
        "数据可靠性": "观测期内未发生数据丢失，未做完整性校验；不作实测值表述",
        "安全防护": "平台加固 0 次，拦截攻击 0 次，未发生安全事件；到期漏洞整改率 75.00%",
        "数据防护": (
            "平台加固 0 次，拦截攻击 0 次，未发生安全事件；到期漏洞整改率 75.00%；未发生数据丢失"
        ),
        "监控告警": UNFILLED,
        "咨询工单": "受理咨询 1 件，办结 1 件，承诺时限内办结 1 件",
        "验收材料": "编制季度报告 1 个、年度项目总结报告（本报告）；验收通知2027-05-06送达",
        "验收": "最终验收2027-05-12通过，见最终验收意见",
        "验收返工": "历次验收未出现不通过的情形",
        "联系人": "指派乙联系人为项目联系人",
        "项目人员": "期末在岗 1 人；期内进入 1 人，没有人离开",
        "主要人员更换": "2026-05-01赵一离开，2026-04-10通知甲方",
        "服务期": "2026年4月30日至2027年4月29日，共 365 天",
        "合同价款": (
            "合同款项 1,000,000.00 元；截至2027年5月25日到账 1,060.00 元，扣减 100.00 元，"
            "未到账 998,840.00 元"
        ),
        "到账": "首款2026-06-20到账 1,060.00 元",
        "发票": "开具发票 1 张，价税合计 1,060.00 元，税率6%",
        "问题整改": "提出问题 2 项，截至2027年5月25日办结 1 项",
        "监督检查": UNFILLED,
        "归还资料": UNFILLED,
        "第三方检查": UNFILLED,
        "IP地址": "期末在用地址 16 个，没有预留，本期没有回收",
        "重大活动保障": "重大活动保障 1 次，投入 2 人·天：国庆节保障（2026-05-01）",
        "应急演练": "应急演练 1 次，投入 2 人·天：切换演练（2026-05-01）",
        "事件定级": "没有发生事件",
        "保密培训": "参与项目人员 1 人，已接受保密教育 1 人，均不晚于权限开通",
        "保密协议": "参与项目人员 1 人，截至2027年5月25日已签署保密协议 0 人，未签署 1 人",
        "披露范围": "截至2027年5月25日在岗 1 人，已开通权限 1 人，其中未签署保密协议的 1 人",
        "保密期限": ("保密期限自合同终止之日起算；合同如随服务期届满终止，保密期限至2037年4月29日"),
        "违约金": "2027-05-20协商一致违约金 100.00 元",
        "退出": "截至2027年5月25日乙方未提出退出",
        "切换": UNFILLED,
        "签署生效": "2026年4月29日双方签署",
        "合同份数": "共 4 份，双方各执 2 份",
    }


@pytest.mark.parametrize("left", [None, date(2026, 7, 1)])
@pytest.mark.parametrize(
    ("signed", "early"),
    [(date(2026, 6, 18), True), (date(2026, 6, 15), False), (date(2028, 1, 1), False)],
)
def test_access_before_signing_is_told_where_signing_and_disclosure_are_judged(
    signed: date, early: bool, left: date | None
) -> None:
    one = row(StaffMember, access_granted=date(2026, 6, 15), signed=signed, left=left)
    held = quarter(1)
    for kind in ("保密协议", "披露范围"):
        told = answer(kind, held=held, people=roster(one))
        assert told.endswith("；参与项目人员中先开通权限后签署的 1 人") is early


def test_problems_of_the_periods_are_closed_also_by_a_workbook_after_them() -> None:
    def held(number: int, last_day: date, *issues: Issue) -> Operations:
        filled = quarter(number, issues=issues)
        return replace(filled, cover=replace(filled.cover, last_day=last_day))

    first, second = row(Issue), row(Issue, number="WT-02", subject="另一项")
    closed = replace(first, closed=date(2027, 2, 1), outcome="扩容完成")
    year = replace(
        book(
            held(1, date(2026, 7, 29), row(Issue, number="WT-00")),
            held(2, date(2026, 10, 29), first, second),
            held(3, date(2027, 1, 29), closed, second, row(Issue, number="WT-03")),
            duties=[duty("问题整改")],
        ),
        ledger=scenarios.ledger(),
    )

    def told(as_of: date) -> str:
        whole = report_of(year.contract, "summary", "annual", as_of)
        found = duties(year, replace(whole, numbers=(2,)), year_service(year, [2], as_of), as_of)
        return str(found.lines[0].shown)

    assert told(date(2027, 1, 31)) == "提出问题 2 项，截至2027年1月31日办结 0 项"
    assert told(AFTER) == "提出问题 2 项，截至2027年5月25日办结 1 项"


def test_copies_that_the_parties_hold_unequally_are_told_apart() -> None:
    held = {"copies_each": None, "copies_client": 3, "copies_contractor": 2, "copies_elsewhere": 1}
    told = answer("合同份数", identity=held | {"copies": 6})
    assert told == "共 6 份，甲方执 3 份，乙方执 2 份，其他单位执 1 份"


@pytest.mark.parametrize("kind", ["到账", "发票", "问题整改", "应急演练", "重大活动保障"])
def test_nothing_recorded_is_said_only_of_a_sheet_that_is_there_and_empty(kind: str) -> None:
    assert answer(kind) == NOT_RECORDED


@pytest.mark.parametrize("kind", ["资源台账", "安全防护", "咨询工单", "IP地址", "保密协议"])
def test_a_sheet_that_was_not_filled_in_proves_nothing(kind: str) -> None:
    assert answer(kind) == UNFILLED


@pytest.mark.parametrize(
    ("contracted", "said"), [(8, "；均未超过合同量"), (7, "；云主机超过合同量"), (None, "8 台")]
)
def test_resources_are_held_against_what_was_contracted(contracted: int | None, said: str) -> None:
    limit = None if contracted is None else Decimal(contracted)
    hosts = row(Resource, closing=Decimal(8), contracted=limit)
    assert answer("资源台账", held=quarter(1, resources=[hosts])).endswith(said)


def test_availability_names_the_quarters_that_failed() -> None:
    late = row(Outage, started=NOON, ended=NOON + timedelta(minutes=200))
    told = answer("可用性", held=quarter(1, outages=[late]))
    assert told == (
        "全年可用性 99.8473%（中断 200 分钟，允许 131.04 分钟），未达标；第一季度未达标"
    )


def test_a_refused_acceptance_is_told_where_rework_is_asked_for() -> None:
    refused = scenarios.accepted("中期", date(2026, 11, 16), "不通过")
    assert answer("验收返工", events=[refused]) == (
        "中期验收2026-11-16不通过，见中期验收意见，约定5个工作日内返工（至2026-11-23），"
        "截至2027年5月25日未记录重新提交验收"
    )
    assert answer("验收返工") == "尚无验收结果"


def test_the_switch_over_is_told_while_the_term_runs_and_left_to_a_person_after_it() -> None:
    assert answer("切换", as_of=date(2027, 4, 1)) == "服务期至2027年4月29日，尚未届满"
    assert answer("切换") == UNFILLED


def test_an_exit_is_told_as_it_was_known_on_the_day() -> None:
    leaving = ContractorExit(
        article="第十三条",
        requested_on=date(2026, 11, 20),
        permitted_on=date(2026, 12, 1),
        last_service_day=date(2026, 12, 31),
    )
    told = [answer("退出", leaving=leaving, as_of=day)
            for day in (date(2026, 11, 2), date(2026, 11, 25), AFTER)]  # fmt: skip
    assert told == [
        "截至2026年11月2日乙方未提出退出",
        "2026-11-20提出退出",
        "2026-11-20提出退出，2026-12-01甲方许可，服务至2026-12-31",
    ]


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2027, 5, 4), "截至2027年5月4日未记录验收通知送达，现提请甲方组织验收。"),
        (
            date(2027, 5, 7),
            "验收通知已于2027-05-06送达，约定的验收期限为收到验收通知后5个工作日内。",
        ),
        (date(2027, 5, 15), "最终验收2027-05-12通过，见最终验收意见。"),
    ],
)
def test_acceptance_is_asked_for_only_while_the_ledger_has_no_answer(
    as_of: date, said: str
) -> None:
    held = replace(
        book(quarter(1)),
        ledger=scenarios.ledger(
            scenarios.asked_to_accept("最终", date(2027, 5, 6)),
            scenarios.accepted("最终", date(2027, 5, 12)),
        ),
    )
    assert str(acceptance_state(held, as_of)) == said


def test_materials_are_each_report_and_the_summary() -> None:
    held = book(quarter(1), quarter(2), months=6, reports=2)
    told = materials(held, report_of(held.contract, "summary", "annual", AFTER), AFTER)
    assert str(told) == (
        "依据各期运行数据编制季度报告 2 份（第一季度、第二季度），"
        "连同年度项目总结报告（本报告）作为验收材料。"
    )


def test_a_summary_made_after_the_acceptance_is_no_material_of_it() -> None:
    passed = scenarios.ledger(scenarios.accepted("最终", date(2027, 5, 12)))
    held = replace(book(quarter(1), quarter(2), months=6, reports=2), ledger=passed)

    def told(day: date) -> str:
        return str(materials(held, report_of(held.contract, "summary", "annual", day), day))

    assert told(date(2027, 5, 12)).endswith("作为验收材料。")
    assert told(date(2027, 5, 13)) == (
        "已编制季度报告 2 份（第一季度、第二季度）、年度项目总结报告（本报告）。"
        "本报告成文于最终验收之后，所列自查结论不改变验收结论。"
    )
