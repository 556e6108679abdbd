from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from rows import book, quarter, roster, row

from deliverables.compute.availability import period_service, year_service
from deliverables.compute.indicators import Indicator, indicators
from deliverables.compute.term import quarter_label
from deliverables.model.book import ContractBook
from deliverables.model.contract import Duty
from deliverables.model.operations_sheets import Durability, Outage, Security
from deliverables.model.roster_sheets import StaffMember

DAY = date(2027, 5, 25)


def of_quarter(held: ContractBook, number: int) -> dict[str, Indicator]:
    label = quarter_label(held.contract, number)
    service = period_service(held, label, [number], DAY)
    return {line.name: line for line in indicators(held, service.lines, [number], DAY)}


def of_first_quarter(held: ContractBook) -> dict[str, Indicator]:
    return of_quarter(held, 1)


def told(line: Indicator) -> tuple[str, str, str]:
    return str(line.requirement), str(line.actual), str(line.verdict)


def test_availability_is_judged_against_the_contract() -> None:
    start = datetime(2026, 5, 6, 12)
    late = row(Outage, started=start, ended=start + timedelta(minutes=132))
    found = of_first_quarter(book(quarter(1, outages=[late])))
    assert told(found["可用性（第一季度）"]) == (
        "不低于99.9%", "99.8992%", "× 未达标",
    )  # fmt: skip


def test_the_term_so_far_is_a_line_of_its_own_after_the_first_quarter() -> None:
    held = book(quarter(1), quarter(2))
    assert list(of_quarter(held, 2))[:2] == [
        "可用性（第二季度）",
        "可用性（服务期累计）",
    ]


def test_what_failed_stands_first() -> None:
    late = row(Outage, started=datetime(2026, 5, 6), ended=datetime(2026, 5, 6, 2, 12))
    held = book(quarter(1, outages=[late]), quarter(2))
    service = year_service(held, [1, 2], DAY)
    names = [line.name for line in indicators(held, service.lines, [1, 2], DAY)]
    assert names[:3] == [
        "可用性（第一季度）", "可用性（全年）", "可用性（第二季度）",
    ]  # fmt: skip


def test_rates_without_an_agreed_level_are_not_judged() -> None:
    found = of_first_quarter(book(quarter(1)))
    assert told(found["工单及时率"]) == ("合同未约定", "—（本期无）", "不作判定")
    assert told(found["备份成功率"])[1:3] == ("—（本期无）", "不作判定")


def observed(**facts: Any) -> dict[str, Indicator]:
    return of_first_quarter(book(quarter(1, **facts)))


def test_a_loss_is_a_verdict_its_absence_no_measurement() -> None:
    quiet = observed(durability=[row(Durability)])["数据丢失事件"]
    lost = observed(durability=[row(Durability, loss_events=2)])["数据丢失事件"]
    assert told(quiet) == ("可靠性 99.9999%", "0 起", "未发生"), (
        "no mark: nothing lost proves no figure"
    )
    assert told(lost)[1:3] == ("2 起", "× 发生数据丢失，见第四章")


def test_what_was_not_recorded_is_to_be_supplied() -> None:
    found = observed()
    for name in ("数据丢失事件", "安全事件", "未签保密协议人员"):
        assert (str(found[name].actual), str(found[name].verdict)) == ("—", "【待补】"), name


def test_security_events_are_measured_against_the_duty_of_the_contract() -> None:
    duty = Duty(article="第三条第4款", duty="做好安全防护", owner="乙方", shown_by="安全防护")
    event = row(Security, kind="安全事件", found=1)
    found = of_first_quarter(book(quarter(1, security=[event]), duties=[duty]))
    assert told(found["安全事件"]) == (
        "做好安全防护", "1 起", "× 发生，见第十一章",
    )  # fmt: skip


def test_agreements_that_the_contract_does_not_ask_for_are_not_judged() -> None:
    held = book(quarter(1), people=roster(row(StaffMember, signed=None)))
    terms = held.contract.confidentiality
    assert terms
    asking_none = replace(held.contract, confidentiality=replace(terms, agreement_article=""))
    assert "未签保密协议人员" not in of_first_quarter(replace(held, contract=asking_none))


def test_agreements_are_counted_on_the_last_day_of_the_period() -> None:
    people = roster(row(StaffMember, signed=date(2026, 7, 30)))
    found = of_first_quarter(book(quarter(1), people=people))["未签保密协议人员"]
    assert (str(found.actual), str(found.verdict)) == ("1 人", "× 有未签署")
    signed = roster(row(StaffMember, signed=date(2026, 4, 29)))
    found = of_first_quarter(book(quarter(1), people=signed))["未签保密协议人员"]
    assert (str(found.actual), str(found.verdict)) == ("0 人", "√ 均已签署")
