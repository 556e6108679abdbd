from datetime import timedelta
from decimal import Decimal
from typing import Any

from rows import NOON, book, contract, quarter, roster, row

from deliverables.compute.availability import year_service
from deliverables.compute.indicators import DutyLine, duties, materials
from deliverables.model.contract import Duty
from deliverables.model.operations import (
    CHAPTERS,
    AddressBlock,
    Alarm,
    Change,
    Drill,
    Issue,
    Operations,
    Resource,
    Security,
    Ticket,
)
from deliverables.model.roster import StaffMember
from deliverables.values.figure import Line, sources_in


def duty(shown_in: str, owner: str = "乙方") -> Duty:
    place = {"": Line("contract.yaml", 9, 1)}
    return Duty(article="第八条", duty="做好", owner=owner, shown_in=shown_in, places=place)


def lines(*asked: Duty, held: Operations | None = None, **more: Any) -> list[DutyLine]:
    year = book(held or quarter(1), reports=4, duties=asked, **more)
    return list(duties(year, [1], year_service(year, [1])))


def test_the_clients_duties_are_not_judged() -> None:
    (line,) = lines(duty("安全", owner="甲方"))
    assert str(line.shown) == "由甲方履行，本报告不作评价"


def test_a_duty_without_a_chapter_is_not_claimed_as_done() -> None:
    (line,) = lines(duty(""))
    assert (str(line.shown), str(line.chapter)) == ("本年度无相关记录", "—")


def test_a_chapter_without_data_of_its_own_is_only_referred_to() -> None:
    for title in ("概述", "监控与告警", "安全"):
        (line,) = lines(duty(title))
        assert str(line.shown) == "履行情况见对应章节", title


def test_availability_names_the_quarters_that_failed() -> None:
    (line,) = lines(duty("服务质量"))
    assert str(line.shown) == "全年可用性 100.0000%，达标；各季度均达标"


def test_every_chapter_with_records_tells_them() -> None:
    held = quarter(
        1,
        resources=[row(Resource, closing=Decimal(8))],
        alarms=[row(Alarm, cleared=NOON)],
        tickets=[row(Ticket, closed=NOON + timedelta(hours=1)), row(Ticket)],
        changes=[row(Change)],
        security=[row(Security, due=4, mended=3)],
        addresses=[row(AddressBlock)],
        drills=[row(Drill)],
        issues=[row(Issue)],
    )
    people = roster(row(StaffMember))
    told = {
        str(line.chapter): str(line.shown)
        for line in lines(*map(duty, CHAPTERS), held=held, people=people)
    }
    assert told == {
        **dict.fromkeys(CHAPTERS, "履行情况见对应章节"),
        "服务范围与资源台账": "期末承载业务系统 1 个、云主机 8 台",
        "服务质量": "全年可用性 100.0000%，达标；各季度均达标",
        "监控与告警": "告警 1 条，闭环率 100.00%",
        "工单与服务请求": "受理工单 2 件，及时率 50.00%",
        "事件与故障": "记录事件 0 起",
        "变更": "实施变更 1 次，成功率 100.00%",
        "安全": "安全事件 0 起；到期漏洞整改率 75.00%",
        "IP地址分配管理": "期末在用地址 16 个",
        "应急演练与重保值守": "应急演练 1 次，重大活动保障 0 次",
        "人员与保密": "期末在岗 1 人，已签署保密协议 0 人",
        "问题与改进": "提出问题 1 项，措施和期限见对应章节",
    }


def test_what_is_shown_leads_to_the_records_or_to_the_contract() -> None:
    recorded, referred = lines(duty("事件与故障"), duty("概述"))
    assert {str(source) for source in sources_in(recorded.shown)} == {"operations/Q1.xlsx[事件]"}
    assert sources_in(referred.shown) == {Line("contract.yaml", 9, 1)}


def test_materials_are_each_report_and_the_summary() -> None:
    lines = materials(["第一季度", "第二季度"], "服务期", contract())
    assert [(line.material, line.covers) for line in lines] == [
        ("季度报告", "第一季度"),
        ("季度报告", "第二季度"),
        ("年度项目总结报告", "服务期"),
    ]
