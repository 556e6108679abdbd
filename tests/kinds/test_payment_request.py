"""The payment request: when it can be made, what stands in its way, what the letter says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scenarios import (
    accepted,
    approved,
    asked,
    asked_to_accept,
    book,
    contract,
    deducted,
    invoiced,
    ledger,
    paid,
    reminded,
    sme_contract,
    texts,
)

from deliverables.kinds import Deliverable
from deliverables.kinds.payment_request import KIND, PaymentRequest
from deliverables.model.book import ContractBook
from deliverables.model.contract import StatedTerm
from deliverables.model.ledger_sheets import FiscalApproval, Invoice
from deliverables.values.calendar import Provisional, Settled, Side
from deliverables.values.capitals import read_capitals
from deliverables.values.figure import sources_in

COUNTED = "（自次日起算，工作日按国务院办公厅放假安排计算，调休上班日计入）"
FIRST, SECOND, THIRD = "1957783.48", "1468337.62", "1468337.62"


def planned(project: ContractBook, number: int, day: date) -> Deliverable:
    return KIND.plan(project, day)[number - 1]


def letter(project: ContractBook, number: int, day: date) -> PaymentRequest:
    context = KIND.compose(project, planned(project, number, day), day)
    assert isinstance(context, PaymentRequest)
    return context


def reasons(one: Deliverable) -> list[str]:
    return [str(blocker.reason) for blocker in one.blockers]


def amounts(context: PaymentRequest) -> dict[str, str]:
    return {line.label: str(line.amount) for line in context.amounts}


def test_an_instalment_that_the_contract_calls_by_its_number_is_not_named_twice() -> None:
    """Nobody writes 第二期款（二期款）."""
    passed = accepted("中期", date(2026, 11, 16))
    project = book(ledger=ledger(passed))
    first, second = (letter(project, number, date(2026, 11, 17)) for number in (1, 2))
    assert (str(first.name), first.is_named) == ("合同首款", True)
    assert (str(second.name), second.is_named) == ("二期款", False)


class TestTermsOfOtherContracts:
    def test_what_is_paid_up_to_a_share_names_the_share_that_is_reached(self) -> None:
        terms = contract()
        first, second, last = terms.payment.instalments
        up_to = replace(second, amount=None, ratio=None, sme_ratio=None, up_to=Decimal("0.7"))
        paid_up = replace(terms, payment=replace(terms.payment, instalments=(first, up_to, last)))
        project = book(ledger=ledger(accepted("中期", date(2026, 11, 16))), terms=paid_up)
        (due,) = [line for line in letter(project, 2, date(2026, 11, 17)).amounts
                  if line.label == "本期应付"]  # fmt: skip
        assert (str(due.amount), str(due.basis)) == (
            "1,468,337.62", "第六条第2款第二段，支付至合同款的70%",
        )  # fmt: skip

    def test_the_members_of_a_consortium_and_their_shares_are_told_in_the_contracts_words(
        self,
    ) -> None:
        words = "联合体牵头人承担60%的工作量，成员单位承担40%，款项支付至牵头人账户"
        shared = StatedTerm(article="第十八条", subject="联合体分工", words=words, concerns="付款")
        terms = replace(contract(), stated_terms=(shared,))
        plain, stated = (letter(book(ledger=ledger(), terms=each), 1, date(2026, 5, 6))
                         for each in (contract(), terms))  # fmt: skip
        added = [note for note in texts(stated.notes) if note not in texts(plain.notes)]
        assert added == [f"联合体分工按合同第十八条的约定：“{words}”；本文件不据此计算金额。"]
        assert amounts(stated) == amounts(plain)


class TestPlan:
    def test_there_is_one_for_each_instalment(self) -> None:
        found = KIND.plan(book(ledger=ledger()), date(2026, 11, 2))
        assert [(one.part, one.folder, one.stem) for one in found] == [
            ("1", "payments", "SXYSR202604152_付款申请函_第1期"),
            ("2", "payments", "SXYSR202604152_付款申请函_第2期"),
            ("3", "payments", "SXYSR202604152_付款申请函_第3期"),
        ]

    def test_on_2026_11_02_the_first_is_ready(self) -> None:
        first = planned(book(ledger=ledger()), 1, date(2026, 11, 2))
        assert first.blockers == ()
        assert first.possible_from == date(2026, 4, 29)
        assert first.due == Settled(date(2026, 6, 29), whose=Side.CLIENTS)

    def test_the_second_lacks_an_interim_acceptance(self) -> None:
        second = planned(book(ledger=ledger()), 2, date(2026, 11, 2))
        assert second.possible_from == date(2026, 10, 30)
        (reason,) = reasons(second)
        assert reason == (
            "interim acceptance (第六条第2款第二段) has no evidence in ledger.xlsx[验收]; "
            "met already: the second half of the term 2026-10-30"
        )
        (blocker,) = second.blockers
        assert blocker.waivable
        assert blocker.on_document == "尚无中期验收通过的书面依据"

    def test_the_third_is_not_possible_before_the_term_is_over(self) -> None:
        third = planned(book(ledger=ledger()), 3, date(2026, 11, 2))
        assert third.possible_from == date(2027, 4, 30)
        assert len(third.blockers) == 2

    def test_the_third_is_due_in_a_range_once_accepted(self) -> None:
        project = book(ledger=ledger(accepted("最终", date(2027, 4, 29))))
        third = planned(project, 3, date(2027, 5, 6))
        assert third.blockers == ()
        assert isinstance(third.due, Provisional)
        assert (third.due.earliest, third.due.latest) == (date(2027, 6, 24), date(2027, 7, 2))

    def test_what_is_paid_in_full_is_not_asked_for_again(self) -> None:
        project = book(ledger=ledger(paid(1, date(2026, 6, 20), FIRST)))
        first = planned(project, 1, date(2026, 11, 2))
        assert reasons(first) == ["paid in full on 2026-06-20"]
        assert not first.blockers[0].waivable

    def test_the_day_before_the_money_came_it_was(self) -> None:
        project = book(ledger=ledger(paid(1, date(2026, 6, 20), FIRST)))
        assert planned(project, 1, date(2026, 6, 19)).blockers == ()

    def test_nothing_can_be_asked_for_without_a_ledger(self) -> None:
        for one in KIND.plan(book(ledger=None), date(2026, 11, 2)):
            assert "ledger.xlsx is missing" in reasons(one)[0]
            assert not one.blockers[0].waivable

    def test_nor_when_deductions_leave_nothing(self) -> None:
        project = book(
            ledger=ledger(
                accepted("最终", date(2027, 5, 12)), deducted(3, date(2027, 5, 20), THIRD)
            )
        )
        third = planned(project, 3, date(2027, 6, 1))
        assert reasons(third) == ["nothing is left to pay after deductions of 1,468,337.62"]


class TestTheFirst:
    def test_it_asks_for_forty_percent_as_the_contract_states_them(self) -> None:
        context = letter(book(ledger=ledger()), 1, date(2026, 5, 6))
        assert amounts(context) == {
            "合同总额": "4,894,458.72",
            "此前已付": "0.00",
            "本期应付": "1,957,783.48",
            "付款后未付余额": "2,936,675.24",
        }
        assert str(context.requested_in_words) == "人民币壹佰玖拾伍万柒仟柒佰捌拾叁元肆角捌分"

    def test_what_the_clause_asks_for_is_told_row_by_row_with_its_state(self) -> None:
        context = letter(book(ledger=ledger()), 1, date(2026, 5, 21))
        told = [(line.name, str(line.met_on), str(line.evidence)) for line in context.conditions]
        assert told == [
            ("合同签订", "2026年4月29日", "合同签署页"),
            ("合同生效", "2026年4月29日",
             "合同自双方法定代表人或授权代表签字并加盖公章之日起生效"),
            ("财政资金批复", "未知", "我公司尚未获知"),
        ]  # fmt: skip

    def test_it_does_not_claim_that_all_is_met_while_the_approval_is_unknown(self) -> None:
        context = letter(book(ledger=ledger()), 1, date(2026, 5, 21))
        assert str(context.standing) == "中，财政资金批复的情况我公司尚未获知，其余已经成就"
        assert planned(book(ledger=ledger()), 1, date(2026, 5, 21)).blockers == ()

    def test_once_the_approval_is_on_record_all_is_met(self) -> None:
        project = book(ledger=ledger(approved(1, date(2026, 5, 18))))
        context = letter(project, 1, date(2026, 5, 21))
        assert str(context.standing) == "已经成就"
        assert ("财政资金批复", "2026年5月18日") in [
            (line.name, str(line.met_on)) for line in context.conditions
        ]

    def test_the_contractors_own_papers_are_none_of_the_clients_business(self) -> None:
        told = "".join(texts(letter(book(ledger=ledger()), 1, date(2026, 5, 21)).notes))
        assert "声明函" not in told

    def test_title_and_address(self) -> None:
        context = letter(book(ledger=ledger()), 1, date(2026, 5, 6))
        assert context.title == "关于申请支付政务云基础服务运维服务项目\n第一期款的函"
        assert context.you == "贵局"

    def test_before_the_deadline_it_asks_for_payment_by_then(self) -> None:
        context = letter(book(ledger=ledger()), 1, date(2026, 5, 6))
        assert str(context.deadline) == (
            f"合同签订后40个工作日{COUNTED}，请于2026年6月29日（含当日）前支付，"
            "因财政审批导致的延迟除外（以书面依据为准）。"
        )

    def test_afterwards_it_says_so_and_reckons_no_penalty(self) -> None:
        context = letter(book(ledger=ledger()), 1, date(2026, 11, 2))
        assert str(context.deadline) == (
            "合同签订后40个工作日，已于2026年6月29日届满，"
            "因财政审批导致的延迟除外（以书面依据为准）。请在收到发票后安排支付。"
        )
        bill = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93")
        context = letter(book(ledger=ledger(bill)), 1, date(2026, 11, 2))
        assert str(context.deadline).endswith("除外（以书面依据为准）。请安排支付。")

    def test_what_was_asked_for_before_is_asked_for_again(self) -> None:
        sent = date(2026, 5, 21)
        project = book(ledger=ledger(asked(1, sent, FIRST)))
        on_the_day, after = (letter(project, 1, day) for day in (sent, date(2026, 11, 2)))
        assert (str(on_the_day.earlier), on_the_day.again) == ("", False)
        assert (str(after.earlier), after.again) == (
            "继2026年5月21日函，",
            True,
        )
        less = book(ledger=ledger(asked(1, sent, "1000000.00")))
        assert str(letter(less, 1, date(2026, 11, 2)).earlier) == (
            "我公司已于2026年5月21日发函申请1,000,000.00元，"
        )

    def test_days_of_fiscal_approval_are_told_with_their_basis(self) -> None:
        approval = FiscalApproval(
            instalment=1,
            first_day=date(2026, 6, 30),
            last_day=date(2026, 9, 30),
            basis="甲方说明函",
        )
        context = letter(book(ledger=ledger(approval)), 1, date(2026, 11, 2))
        assert str(context.deadline).endswith(
            "2026年6月30日至2026年9月30日为财政审批期间（甲方说明函），不计入迟延。"
        )

    def test_an_invoice_to_come_shows_its_split_and_what_the_contract_leaves_open(self) -> None:
        (line,) = letter(book(ledger=ledger()), 1, date(2026, 5, 6)).invoices
        printed = [str(item) for item in (line.type, line.rate, line.net, line.tax, line.gross)]
        assert printed == ["【待补】", "6%", "1,846,965.55", "110,817.93", "1,957,783.48"]
        assert str(line.number) == "待开，付款前提交"

    def test_an_invoice_issued_shows_its_number(self) -> None:
        issued = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", "26" + "0" * 17 + "1")
        context = letter(book(ledger=ledger(issued)), 1, date(2026, 5, 21))
        (line,) = context.invoices
        assert str(line.number) == "26000000000000000001"
        assert "发票（号码26000000000000000001）" in texts(context.attachments)
        assert texts(context.notes) == (), "what was assumed is told where it bears"

    def test_an_invoice_for_a_part_leaves_the_rest_to_come(self) -> None:
        issued = invoiced(1, date(2026, 5, 20), "943396.23", "56603.77")
        lines = letter(book(ledger=ledger(issued)), 1, date(2026, 5, 21)).invoices
        assert [str(line.gross) for line in lines] == ["1,000,000.00", "957,783.48"]

    def test_the_account_is_the_contracts(self) -> None:
        context = letter(book(ledger=ledger()), 1, date(2026, 5, 6))
        account = contract().payment.account
        assert str(context.account_number) == account.number
        assert len(account.number) == 20


class TestPaidInPart:
    project = book(ledger=ledger(paid(1, date(2026, 6, 20), "1000000.00")))

    def test_the_rest_is_asked_for(self) -> None:
        assert amounts(letter(self.project, 1, date(2026, 7, 1))) == {
            "合同总额": "4,894,458.72",
            "此前已付": "0.00",
            "本期应付": "1,957,783.48",
            "本期已付": "1,000,000.00",
            "本期应补付": "957,783.48",
            "付款后未付余额": "2,936,675.24",
        }

    def test_in_words_too(self) -> None:
        context = letter(self.project, 1, date(2026, 7, 1))
        assert read_capitals(str(context.requested_in_words)) == Decimal("957783.48")


class TestTheSecond:
    def test_asks_after_the_interim_acceptance(self) -> None:
        project = book(
            ledger=ledger(paid(1, date(2026, 6, 20), FIRST), accepted("中期", date(2026, 11, 16)))
        )
        context = letter(project, 2, date(2026, 11, 20))
        assert texts(context.unmet) == ()
        assert [
            (line.name, str(line.met_on), str(line.evidence)) for line in context.conditions
        ] == [
            (
                "服务期过半",
                "2026年10月30日",
                (
                    "服务期2026年4月30日至2027年4月29日"
                    "（按《民法典》第二百零一条、第二百零二条，签订当日不计入）"
                ),
            ),
            ("中期验收通过", "2026年11月16日", "中期验收意见"),
        ]
        assert amounts(context)["此前已付"] == "1,957,783.48"
        assert str(context.deadline) == (
            "合同未约定本期付款天数。付款条件已经成就，"
            "请依照《民法典》第五百一十一条第四项，在必要的准备时间后安排支付。"
        )
        assert texts(context.attachments) == ("中期验收意见", "合同复印件")

    def test_after_a_demand_it_names_the_day_that_the_demand_set(self) -> None:
        project = book(
            ledger=ledger(
                accepted("中期", date(2026, 11, 16)),
                reminded(2, date(2026, 12, 1), date(2026, 12, 31)),
            )
        )
        assert str(letter(project, 2, date(2026, 12, 10)).deadline) == (
            "合同未约定本期付款天数，我公司已于2026年12月1日送达催告函"
            "（《民法典》第五百一十一条第四项），付款期限以催告函为准，"
            "请于2026年12月31日（含当日）前支付。"
        )

    def test_a_demand_before_the_conditions_were_met_sets_no_day(self) -> None:
        project = book(
            ledger=ledger(
                accepted("中期", date(2026, 11, 16)),
                reminded(2, date(2026, 11, 2), date(2026, 11, 20)),
            )
        )
        assert planned(project, 2, date(2026, 12, 10)).due is None

    def test_made_anyway_says_on_its_face_what_is_not_met(self) -> None:
        project = book(ledger=ledger(asked_to_accept("中期", date(2026, 11, 9))))
        context = letter(project, 2, date(2026, 11, 10))
        assert texts(context.unmet) == ("中期验收通知已于2026年11月9日送达，尚无验收结论",)
        assert [str(line.met_on) for line in context.conditions] == ["2026年10月30日", "未成就"]
        assert "请安排支付" not in str(context.deadline)


class TestTheThird:
    project = book(
        ledger=ledger(
            paid(1, date(2026, 6, 20), FIRST),
            paid(2, date(2026, 12, 18), SECOND),
            accepted("最终", date(2027, 4, 29)),
            deducted(3, date(2027, 5, 20), "14683.38"),
        )
    )

    def test_due_deducted_and_payable_are_three_numbers(self) -> None:
        assert amounts(letter(self.project, 3, date(2027, 5, 25))) == {
            "合同总额": "4,894,458.72",
            "此前已付": "3,426,121.10",
            "本期应付": "1,468,337.62",
            "扣减违约金、赔偿金": "14,683.38",
            "本期实付": "1,453,654.24",
            "付款后未付余额": "0.00",
        }

    def test_the_invoice_is_not_lessened_by_the_deduction(self) -> None:
        (line,) = letter(self.project, 3, date(2027, 5, 25)).invoices
        assert str(line.gross) == "1,468,337.62"

    def test_the_deadline_is_provisional_and_says_why(self) -> None:
        assert str(letter(self.project, 3, date(2027, 5, 25)).deadline) == (
            "服务期届满并通过验收后40个工作日"
            "（自较晚一日的次日起算，工作日按国务院办公厅放假安排计算，调休上班日计入），"
            "暂定为2027年6月24日至7月2日之间（2027年放假安排尚未计入）。"
        )
        assert str(letter(self.project, 3, date(2027, 7, 3)).deadline).endswith(
            "最迟已于2027年7月2日届满。请在收到发票后安排支付。"
        )

    def test_without_a_deduction_agreed_it_says_that_there_is_none(self) -> None:
        context = letter(self.project, 3, date(2027, 5, 19))
        line = next(line for line in context.amounts if line.label == "扣减违约金、赔偿金")
        assert (str(line.amount), str(line.basis)) == ("0.00", "无双方协商一致的扣减")

    def test_several_deductions_are_told_one_by_one(self) -> None:
        project = book(
            ledger=ledger(
                accepted("最终", date(2027, 4, 29)),
                deducted(3, date(2027, 5, 20), "100.00"),
                deducted(3, date(2027, 5, 21), "20.00", "赔偿金"),
            )
        )
        context = letter(project, 3, date(2027, 5, 25))
        line = next(line for line in context.amounts if line.label == "扣减违约金、赔偿金")
        assert str(line.amount) == "120.00"
        assert str(line.basis) == (
            "违约金100.00元，《协商纪要》；赔偿金20.00元，《协商纪要》；开票金额不变"
        )

    def test_what_is_disputed_is_named_and_asked_for_all_the_same(self) -> None:
        disputed = deducted(3, None, "500.00", status="协商中", raised=date(2027, 5, 1))
        project = book(ledger=ledger(accepted("最终", date(2027, 4, 29)), disputed))
        context = letter(project, 3, date(2027, 5, 25))
        line = next(line for line in context.amounts if line.label == "扣减违约金、赔偿金")
        assert str(context.requested) == "1,468,337.62"
        assert str(line.basis) == "无双方协商一致的扣减；另有500.00元尚在协商，未扣减"

    def test_by_a_recorded_decision_the_invoice_is_lessened(self) -> None:
        decided = deducted(3, date(2027, 5, 20), "14683.38", on_invoice="冲减", decision="决定1号")
        project = book(ledger=ledger(accepted("最终", date(2027, 4, 29)), decided))
        (line,) = letter(project, 3, date(2027, 5, 25)).invoices
        assert str(line.gross) == "1,453,654.24"

    def test_an_earlier_letter_accounts_for_what_was_deducted_elsewhere(self) -> None:
        project = book(ledger=ledger(deducted(3, date(2027, 5, 20), "14683.38")))
        assert amounts(letter(project, 1, date(2027, 5, 25))) == {
            "合同总额": "4,894,458.72",
            "此前已付": "0.00",
            "其他各期扣减": "14,683.38",
            "本期应付": "1,957,783.48",
            "付款后未付余额": "2,921,991.86",
        }


class TestReversedInvoices:
    """A letter shows the invoices that stand."""

    BLUE = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", "26112000000000000001")

    def reversal(self, net: str, tax: str) -> Invoice:
        number = "26112000000000000002"
        red = invoiced(1, date(2026, 5, 21), net, tax, number)
        return replace(red, reverses=self.BLUE.number)

    def test_one_wholly_reversed_is_left_out_with_its_reversal(self) -> None:
        again = replace(self.BLUE, number="26112000000000000003", issued=date(2026, 5, 22))
        red = self.reversal("-1846965.55", "-110817.93")
        context = letter(book(ledger=ledger(self.BLUE, red, again)), 1, date(2026, 5, 25))
        assert [str(line.number) for line in context.invoices] == ["26112000000000000003"]
        assert texts(context.attachments)[0] == "发票（号码26112000000000000003）"

    def test_one_reversed_in_part_stands_with_its_reversal_and_the_rest_is_to_be_issued(
        self,
    ) -> None:
        red = self.reversal("-100.00", "-6.00")
        context = letter(book(ledger=ledger(self.BLUE, red)), 1, date(2026, 5, 25))
        assert [(str(line.type), str(line.gross)) for line in context.invoices] == [
            ("普通发票", "1,957,783.48"),
            ("普通发票（红字）", "-106.00"),
            ("【待补】", "106.00"),
        ]
        assert texts(context.attachments) == (
            "发票（号码26112000000000000001）",
            "红字发票（号码26112000000000000002）",
            "合同复印件",
        )


def test_money_paid_back_is_told_apart_from_money_received() -> None:
    project = book(
        ledger=ledger(
            paid(1, date(2026, 6, 20), "1957883.48"),
            paid(1, date(2026, 7, 1), "-100.00", remark="多付退款"),
        )
    )
    line = letter(project, 2, date(2026, 11, 20)).amounts[1]
    assert (str(line.amount), str(line.basis)) == (
        "1,957,783.48",
        "2026年6月20日到账，2026年7月1日退款",
    )


@pytest.mark.parametrize(
    ("number", "due"), [(1, "2,447,229.36"), (2, "978,891.74"), (3, "1,468,337.62")]
)
def test_on_the_sme_plan_shares_are_asked_for(number: int, due: str) -> None:
    context = letter(book(ledger=ledger(), terms=sme_contract()), number, date(2027, 5, 25))
    assert amounts(context)["本期应付"] == due
    assert [note for note in texts(context.notes) if "中小企业付款比例（50%、20%、余额）" in note]


@pytest.mark.parametrize(
    ("number", "day"),
    [
        *((number, date(2026, 5, 6)) for number in (1, 2, 3)),
        *((number, day) for number in (2, 3) for day in (date(2026, 11, 2), date(2027, 5, 25))),
    ],
)
def test_paid_due_and_left_are_the_whole_on_every_letter(number: int, day: date) -> None:
    project = book(
        ledger=ledger(paid(1, date(2026, 6, 20), FIRST), accepted("中期", date(2026, 11, 16)))
    )
    lines = {line.label: line.amount.value for line in letter(project, number, day).amounts}
    assert lines["合同总额"] == lines["此前已付"] + lines["本期应付"] + lines["付款后未付余额"]


@pytest.mark.parametrize("received", [FIRST, "1957783.49"])
def test_no_letter_asks_for_nothing_or_less(received: str) -> None:
    project = book(ledger=ledger(paid(1, date(2026, 6, 20), received)))
    with pytest.raises(ValueError, match=r"zero|negative"):
        letter(project, 1, date(2026, 6, 20))


def test_the_letter_says_the_same_for_an_old_day_whatever_came_since() -> None:
    then = book(ledger=ledger())
    now = book(ledger=ledger(paid(1, date(2026, 12, 1), FIRST)))
    assert amounts(letter(then, 1, date(2026, 11, 2))) == amounts(letter(now, 1, date(2026, 11, 2)))


def test_every_figure_leads_back_to_the_contract_or_the_ledger() -> None:
    project = book(ledger=ledger(paid(1, date(2026, 6, 20), "5.00")))
    places = {str(place) for place in sources_in(letter(project, 1, date(2026, 7, 1)))}
    assert "ledger.xlsx[到账]!A3" in places
    assert any("contract.yaml" in place for place in places)


def test_a_letter_without_a_ledger_is_refused() -> None:
    project = book(ledger=None)
    with pytest.raises(ValueError, match="ledger"):
        letter(project, 1, date(2026, 11, 2))
