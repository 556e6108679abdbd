"""Leaving, force majeure, minutes, supplements: what they reckon and what blocks them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lettered import NUMBER, book, folders, letter, planned, reasons
from scenarios import ledger, paid, sample

from deliverables.folders import Folders
from deliverables.letters import every_kind
from deliverables.letters.service_facts import duties_at_the_end
from deliverables.model.book import ContractBook
from deliverables.model.contract import ContractorExit

DAY = date(2027, 3, 1)
STRUCK = {"不可抗力事件": "水灾", "发生日期": "2027-02-14"}


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def leaving(last: str, *money: object, written: date = date(2026, 5, 4)) -> ContractBook:
    """Return the sample with an application to leave, and a ledger of these rows."""
    said = {"服务末日": last, "退出原因": "业务调整", "迁移安排": "派专人配合。"}
    what = book(letter("HJ-01", "退出申请", written), facts={"HJ-01": said})
    return replace(what, ledger=ledger(*money))


def told(name: str, what: ContractBook, where: Folders, day: date = DAY) -> Any:
    kind = every_kind(where, NUMBER)[name]
    (one,) = kind.plan(what, day)
    return kind.compose(what, one, day)


class TestLeaving:
    def test_what_was_paid_beyond_the_days_served_goes_back(self, where: Folders) -> None:
        what = leaving("2026-08-31", paid(1, date(2026, 7, 10), "1957783.48"))
        exit_ = told("exit_application", what, where, date(2026, 7, 31)).exit
        # 2026-04-30 to 2026-08-31 are 124 of 365 days: 4,894,458.72 × 124 ÷ 365 = 1,662,775.02…
        assert [str(one) for one in (exit_.served_days, exit_.earned, exit_.refund)] == [
            "124", "1,662,775.02", "295,008.46"
        ]  # fmt: skip
        assert str(exit_.unpaid) == "0.00"

    def test_money_that_came_later_is_not_counted(self, where: Folders) -> None:
        what = leaving("2026-08-31", paid(1, date(2026, 7, 10), "1957783.48"))
        assert str(told("exit_application", what, where, date(2026, 7, 9)).exit.paid) == "0.00"

    def test_it_is_written_thirty_days_before(self, where: Folders) -> None:
        what = leaving("2026-08-31")
        (one,) = planned("exit_application", what, where, date(2026, 7, 31))
        assert (str(one.due), one.article, one.blockers) == ("2026年7月31日", "第十三条", ())
        # thirty days before is Saturday 2026-08-01, so it is written on the Friday
        assert reasons("exit_application", what, where, date(2026, 8, 1)) == [
            "it had to be written by 2026-07-31, and says that it is in time"
        ]

    @pytest.mark.parametrize("last", ["2027-04-29", "2027-05-31"])
    def test_who_serves_the_whole_term_does_not_leave(self, last: str, where: Folders) -> None:
        (reason,) = reasons("exit_application", leaving(last), where, date(2026, 7, 31))
        assert reason.startswith(f"the last day of service {last} does not lie between")

    def test_without_a_ledger_nothing_is_reckoned(self, where: Folders) -> None:
        what = replace(leaving("2026-08-31"), ledger=None)
        assert reasons("exit_application", what, where, date(2026, 7, 31)) == [
            "ledger.xlsx is missing or unreadable: fill it in first"
        ]


class TestForceMajeure:
    def notice(self, **more: object) -> ContractBook:
        said = STRUCK | {"不能履行的义务": "持续服务", "已采取的措施": "启用备份"}
        given = {"our_number": "示例函〔2027〕3号"} | more
        proof = letter("HJ-02", "不可抗力证明函", date(2027, 2, 25), about="HJ-01")
        facts = STRUCK | {"证明文件": "灾害证明", "出具机关": "应急管理部门"}
        return book(letter("HJ-01", "不可抗力通知", date(2027, 2, 14), **given), proof,
                    facts={"HJ-01": said, "HJ-02": facts})  # fmt: skip

    def test_it_is_due_at_once_and_promises_proof_by_the_day_of_the_contract(
        self, where: Folders
    ) -> None:
        (one,) = planned("force_majeure_notice", self.notice(), where, date(2027, 2, 14))
        assert (str(one.due), one.article) == ("2027年2月14日", "第十五条第2款")
        proof = told("force_majeure_notice", self.notice(), where, DAY).proof
        assert str(proof).startswith("我公司将于2027年3月1日前（含当日）提供")

    def test_no_day_is_promised_that_is_past(self, where: Folders) -> None:
        late = told("force_majeure_notice", self.notice(), where, date(2027, 3, 2)).proof
        assert str(late) == "我公司将及时提供证明文件。"

    def test_nothing_is_said_to_have_struck_before_it_did(self, where: Folders) -> None:
        said = STRUCK | {"不能履行的义务": "持续服务", "已采取的措施": "启用备份"}
        what = book(letter("HJ-01", "不可抗力通知", date(2027, 2, 1)), facts={"HJ-01": said})
        assert reasons("force_majeure_notice", what, where, date(2027, 2, 13)) == [
            "发生日期 2027-02-14 has not come"
        ]

    def test_the_proof_follows_a_notice_that_was_delivered(self, where: Folders) -> None:
        day = date(2027, 2, 26)
        assert reasons("force_majeure_proof", self.notice(), where, day) == [
            "letters.xlsx: the letter named under 关联 was not delivered, or is not there"
        ]
        sent = self.notice(delivered=date(2027, 2, 15))
        (one,) = planned("force_majeure_proof", sent, where, day)
        assert str(one.due).startswith("2027年3月1日")
        assert one.blockers == ()

    def test_proof_that_is_late_does_not_say_that_it_is_in_time(self, where: Folders) -> None:
        sent = self.notice(delivered=date(2027, 2, 15))
        for day, in_time in ((DAY, True), (date(2027, 3, 2), False)):
            assert told("force_majeure_proof", sent, where, day).condition.proof_in_time is in_time


def test_no_minutes_are_written_before_the_meeting(where: Folders) -> None:
    asked = "会议议题 会议地点 主持人 甲方参加人员 乙方参加人员 记录人"
    said = dict.fromkeys(asked.split(), "示例")
    what = book(letter("HJ-01", "会议纪要", date(2027, 2, 1)),
                facts={"HJ-01": said | {"会议日期": "2027-03-01"}})  # fmt: skip
    assert reasons("meeting_minutes", what, where, date(2027, 2, 28)) == [
        "会议日期 2027-03-01 has not come"
    ]
    assert reasons("meeting_minutes", what, where, DAY) == []


def test_a_supplement_cites_the_article_that_allows_it_else_the_contract(where: Folders) -> None:
    what = book(letter("HJ-01", "补充协议", DAY), facts={"HJ-01": {"签订事由": "明确频率"}})
    (one,) = planned("supplement", what, where, DAY)
    assert (one.article, one.blockers) == ("第十七条第2款", ())
    bare = replace(what, contract=replace(what.contract, duties=()))
    (one,) = planned("supplement", bare, where, DAY)
    assert one.article == sample().contract.identity.article


def test_a_supplement_says_nothing_of_copies_that_the_contract_does_not_state(
    where: Folders,
) -> None:
    what = book(letter("HJ-01", "补充协议", DAY), facts={"HJ-01": {"签订事由": "明确频率"}})
    identity = replace(what.contract.identity, copies=None)
    silent = replace(what, contract=replace(what.contract, identity=identity))
    assert reasons("supplement", silent, where, DAY) == [
        "contract.identity.copies is not filled in"
    ]


def test_the_switch_over_rests_on_what_ends_the_service_and_on_leaving_only_if_asked_for() -> None:
    held = sample()
    place = next(one for one in held.contract.duties if one.shown_by == "退出").article
    assert switched(held) == ["第八条第11款"]
    leaving = ContractorExit(article=place, requested_on=DAY, last_service_day=date(2027, 4, 15))
    asked = replace(held, contract=replace(held.contract, exit=leaving))
    assert switched(asked) == ["第八条第11款", "第十三条"]


def switched(what: ContractBook) -> list[str]:
    case = SimpleNamespace(book=what, as_of=DAY)
    return [str(row.article) for row in duties_at_the_end(case)]  # type: ignore[arg-type]
