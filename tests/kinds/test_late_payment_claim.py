"""The claim for late payment: when there is one, and what a vendor's lawyer would write in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from documents import template
from scenarios import (
    accepted,
    approving,
    book,
    claimed,
    contract,
    invoiced,
    ledger,
    paid,
    reminded,
    texts,
)

from deliverables.docx.render import Properties, Rendered, render
from deliverables.draft import stamp_of
from deliverables.kinds import Deliverable
from deliverables.kinds.late_payment_claim import KIND, LatePaymentClaim
from deliverables.model.book import ContractBook
from deliverables.values.capitals import read_capitals
from deliverables.verify import prove
from deliverables.verify.base import base_of

FIRST = "1957783.48"
NUMBER = "26112000000000000001"
INVOICED = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", NUMBER)
THIRD = invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45", "26112000000000000003")

UNPAID = book(ledger=ledger(INVOICED))
IN_PARTS = book(
    ledger=ledger(
        INVOICED,
        paid(1, date(2026, 7, 8), "1000000.00"),
        approving(1, date(2026, 7, 10), date(2026, 8, 20)),
        paid(1, date(2026, 9, 30), "500000.00"),
    )
)


def claims(project: ContractBook, day: date) -> list[Deliverable]:
    return list(KIND.plan(project, day))


def letter(project: ContractBook, day: date, number: int = 1) -> LatePaymentClaim:
    (one,) = (one for one in claims(project, day) if one.part == str(number))
    context = KIND.compose(project, one, day)
    assert isinstance(context, LatePaymentClaim)
    return context


def reckoning(context: LatePaymentClaim) -> list[tuple[str, str, str]]:
    return [(line.label, str(line.amount), str(line.basis)) for line in context.reckoning]


class TestPlan:
    def test_there_is_none_while_nothing_is_late(self) -> None:
        assert claims(UNPAID, date(2026, 6, 29)) == []

    def test_nor_without_a_ledger(self) -> None:
        assert claims(book(ledger=None), date(2027, 9, 1)) == []

    def test_from_the_first_day_late_there_is_one(self) -> None:
        (one,) = claims(UNPAID, date(2026, 6, 30))
        assert (one.key, one.article) == ("late_payment_claim/1", "第十二条第7款")
        assert one.stem == "SXYSR202604152_迟延付款违约金主张函_第1期"
        assert one.possible_from == date(2026, 6, 30)
        assert one.blockers == ()

    def test_what_was_paid_late_can_be_claimed_after_it_was_settled(self) -> None:
        project = book(ledger=ledger(INVOICED, paid(1, date(2026, 7, 9), FIRST)))
        assert [one.part for one in claims(project, date(2028, 1, 1))] == ["1"]

    def test_an_instalment_for_which_the_cap_left_nothing_is_not_claimed(self) -> None:
        what = ledger(INVOICED, accepted("最终", date(2028, 7, 12)), THIRD)
        assert [one.part for one in claims(book(ledger=what), date(2029, 9, 1))] == ["1"]

    def test_a_claim_for_what_is_not_late_is_refused(self) -> None:
        (one,) = claims(UNPAID, date(2026, 6, 30))
        with pytest.raises(ValueError, match="is not late"):
            KIND.compose(UNPAID, one, date(2026, 6, 29))


class TestUnpaidForTenDays:
    context = letter(UNPAID, date(2026, 7, 9))

    def test_it_says_what_was_due_and_until_when(self) -> None:
        assert str(self.context.deadline) == "付款期限为合同签订后40个工作日，已于2026年6月29日届满"
        assert str(self.context.standing) == "截至2026年7月9日，该款仍未支付"

    def test_the_rate_is_that_of_the_contract_in_its_words(self) -> None:
        assert (str(self.context.rate), str(self.context.limit)) == (
            "万分之三",
            "，累计不超过服务费总额的5%",
        )

    def test_the_claim_is_the_same_in_figures_and_in_words(self) -> None:
        assert str(self.context.claimed) == "5,873.35"
        assert read_capitals(str(self.context.claimed_in_words)) == self.context.claimed.value

    def test_it_goes_on_day_by_day(self) -> None:
        (said,) = self.context.cap_standing
        assert str(said) == ("违约金继续按日计算；欠付金额不变的，至2027年8月20日达到累计上限。")
        assert self.context.accruing

    def test_the_clause_and_its_exception_are_quoted_and_what_is_known_of_it(self) -> None:
        said = str(self.context.exceptions[0])
        assert "“自本合同生效之日起，财政资金批复后，除因财政审批导致甲方延迟付款外" in said
        assert "我公司尚未收到因财政审批导致付款延迟的书面依据；" in said
        assert said.endswith("我公司据此核减。")

    def test_what_the_contract_leaves_open_is_in_the_notes(self) -> None:
        notes = "".join(texts(self.context.notes))
        for said in (
            "到账当日计入",
            "不计宽限期",
            "各期合计不超过244,722.93元（服务费总额的5%",
            "单利",
        ):
            assert said in notes

    def test_how_a_late_invoice_counts_is_told_where_there_is_one(self) -> None:
        late = replace(INVOICED, issued=date(2026, 7, 1))
        told = {
            issued: "自开票次日起" in "".join(texts(letter(what, date(2026, 7, 9)).notes))
            for issued, what in (("before", UNPAID), ("after", book(ledger=ledger(late))))
        }
        assert told == {"before": False, "after": True}


class TestPaidInPartsWithAnApprovalBetween:
    context = letter(IN_PARTS, date(2026, 10, 20))

    def test_the_events_stand_in_order_of_time_with_their_evidence(self) -> None:
        told = [
            (str(one.day), str(one.event), str(one.amount), str(one.basis))
            for one in self.context.events
        ]
        assert told == [
            ("2026年5月20日", "开具发票", "1,957,783.48", NUMBER),
            ("2026年6月29日", "付款期限届满", "1,957,783.48", "第六条第2款第一段"),
            ("2026年7月8日", "款项到账", "1,000,000.00", "—"),
            ("2026年7月10日至8月20日", "财政审批期间，不计迟延", "—", "甲方说明函"),
            ("2026年9月30日", "款项到账", "500,000.00", "—"),
        ]

    def test_the_rows_leave_the_days_of_approval_out(self) -> None:
        assert [(str(one.first), str(one.last), str(one.days)) for one in self.context.lines] == [
            ("2026-06-30", "2026-07-08", "9"),
            ("2026-07-09", "2026-07-09", "1"),
            ("2026-08-21", "2026-09-30", "41"),
            ("2026-10-01", "2026-10-20", "20"),
        ]

    def test_they_add_up(self) -> None:
        assert sum(one.damages.value for one in self.context.lines) == self.context.accrued.value
        assert str(self.context.accrued) == "20,100.79"

    def test_that_rows_are_rounded_together_is_said(self) -> None:
        assert texts(self.context.notes)[-1].startswith("各段违约金按累计数取整后相减")

    def test_the_papers_go_with_it(self) -> None:
        assert texts(self.context.attachments) == (
            "合同复印件",
            "发票复印件1份、银行到账回单复印件2份",
            "财政审批期间的书面依据1份",
        )

    def test_an_approval_that_goes_on_has_no_end_yet(self) -> None:
        context = letter(IN_PARTS, date(2026, 8, 1))
        assert "2026年7月10日起" in [str(one.day) for one in context.events]


class TestOverTheCap:
    context = letter(UNPAID, date(2027, 9, 1))

    def test_no_more_than_the_cap_is_claimed(self) -> None:
        assert reckoning(self.context) == [
            ("违约金（未计上限）", "251,966.73", "上表"),
            ("累计上限", "244,722.93", "第十二条第7款，服务费总额的5%"),
            ("本函主张", "244,722.93", "以累计上限为限"),
        ]

    def test_it_says_since_when_and_reserves_nothing_further(self) -> None:
        (said,) = self.context.cap_standing
        assert str(said) == ("违约金自2027年8月20日起达到累计上限，其后不再增加。")
        assert self.context.unpaid
        assert not self.context.accruing

    def test_what_other_instalments_have_used_of_it_is_told(self) -> None:
        what = ledger(INVOICED, accepted("最终", date(2027, 5, 12)), THIRD)
        context = letter(book(ledger=what), date(2027, 9, 1), 3)
        assert reckoning(context) == [
            ("违约金（未计上限）", "22,465.57", "上表"),
            ("其他各期违约金", "235,031.90", "第一期"),
            ("累计上限", "244,722.93", "第十二条第7款，服务费总额的5%"),
            ("本函主张", "9,691.03", "各期累计以上限为限"),
        ]


class TestPaidLateAndSettled:
    context = letter(
        book(ledger=ledger(INVOICED, paid(1, date(2026, 7, 9), FIRST))), date(2026, 8, 3)
    )

    def test_the_service_fee_is_not_asked_for_again(self) -> None:
        assert str(self.context.standing) == "该款已于2026年7月9日付清"
        assert not self.context.unpaid
        assert reckoning(self.context) == []
        assert self.context.cap_standing == (), "the notes give the cap"


class TestClaimedBefore:
    rows = (
        INVOICED,
        paid(1, date(2026, 7, 9), FIRST),
        claimed("ZZ-01", date(2026, 7, 20), "100.00"),
    )

    def test_what_was_claimed_before_is_told(self) -> None:
        (said,) = letter(book(ledger=ledger(*self.rows)), date(2026, 8, 3)).earlier
        assert str(said) == "其中100.00元已于2026年7月20日主张"

    def test_all_of_it_claimed_before_is_not_told_as_a_part(self) -> None:
        all_of_it = letter(book(ledger=ledger(*self.rows[:2])), date(2026, 8, 3)).claimed.value
        rows = (*self.rows[:2], claimed("ZZ-01", date(2026, 7, 20), str(all_of_it)))
        (said,) = letter(book(ledger=ledger(*rows)), date(2026, 8, 3)).earlier
        assert str(said).startswith("2026年7月20日已主张")

    def test_not_on_the_day_of_the_claim_itself(self) -> None:
        assert letter(book(ledger=ledger(*self.rows)), date(2026, 7, 20)).earlier == ()


class TestACalendarThatIsNotKnown:
    context = letter(
        book(ledger=ledger(accepted("最终", date(2027, 5, 12)), THIRD)), date(2027, 7, 20), 3
    )

    def test_the_latest_day_is_taken_and_said_to_be_provisional(self) -> None:
        assert str(self.context.deadline) == (
            "付款期限为服务期届满并通过验收后40个工作日。2027年放假安排尚未计入，"
            "届满日暂按可能的最晚日期2027年7月12日计算"
        )
        assert "付款期限届满（暂按最晚日期）" in [str(one.event) for one in self.context.events]
        assert any("按确定的届满日另行核算" in note for note in texts(self.context.notes))


def test_a_rate_of_no_whole_ten_thousandth_is_printed_in_percent() -> None:
    terms = contract()
    late = replace(terms.payment.late, daily_rate=terms.payment.late.daily_rate / 2)
    changed = replace(terms, payment=replace(terms.payment, late=late))
    project = book(ledger=ledger(INVOICED), terms=changed)
    assert str(letter(project, date(2026, 7, 9)).rate) == "0.015%"


def printed(project: ContractBook, day: date) -> tuple[Rendered, LatePaymentClaim]:
    one, context = claims(project, day)[0], letter(project, day)
    properties = Properties(
        title=one.title, subject=KIND.title, contract_number=one.contract, creator="示例",
        made_on=day,
    )  # fmt: skip
    return render(template(KIND), context, stamp_of(one, day), properties), context


@pytest.mark.parametrize(
    ("project", "day"),
    [
        (UNPAID, date(2026, 6, 30)),
        (UNPAID, date(2027, 9, 1)),
        (IN_PARTS, date(2026, 8, 1)),
        (IN_PARTS, date(2026, 10, 20)),
    ],
    ids=["one day", "over the cap", "approval going on", "in parts"],
)
def test_the_letter_is_proved_in_every_situation(project: ContractBook, day: date) -> None:
    document, context = printed(project, day)
    base = base_of(document, document.trace, context, template=template(KIND))
    assert [str(one) for one in prove(document, base, context)] == []


class TestAfterADemand:
    """Instalment 2 has no days in the contract: no claim before a demand, one after its day."""

    told = (accepted("中期", date(2026, 11, 16)),
            invoiced(2, date(2026, 11, 20), "1385224.17", "83113.45", "2" * 20))  # fmt: skip

    def test_without_one_no_delay_is_reckoned_however_long_it_takes(self) -> None:
        project = book(ledger=ledger(*self.told))
        assert "2" not in [one.part for one in claims(project, date(2027, 8, 1))]

    def test_delay_runs_from_the_day_it_named(self) -> None:
        demand = reminded(2, date(2026, 12, 1), date(2026, 12, 31))
        project = book(ledger=ledger(*self.told, demand))
        assert "2" not in [one.part for one in claims(project, date(2026, 12, 31))]
        context = letter(project, date(2027, 1, 10), 2)
        assert str(context.days) == "10"
        assert str(context.deadline) == (
            "合同未约定本期付款天数，我公司已于2026年12月1日送达催告函"
            "（《民法典》第五百一十一条第四项），付款期限以催告函为准，已于2026年12月31日届满"
        )
        assert ("2026年12月1日", "催告函送达") in [
            (str(one.day), str(one.event)) for one in context.events
        ]
