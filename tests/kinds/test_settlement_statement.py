"""The settlement statement: what it says while the contract runs, at its end, and on an exit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from documents import template
from scenarios import (
    accepted,
    book,
    contract,
    deducted,
    invoiced,
    ledger,
    paid,
    sme_contract,
    texts,
)

from deliverables.compute.account import account
from deliverables.docx.render import Properties, render
from deliverables.draft import stamp_of
from deliverables.kinds.settlement_statement import KIND, SettlementStatement, tax_table
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, ContractorExit
from deliverables.verify import prove
from deliverables.verify.base import base_of

FIRST, SECOND = "1957783.48", "1468337.62"
INVOICED = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", "26112000000000000001")
SECOND_INVOICED = invoiced(2, date(2026, 11, 20), "1385224.17", "83113.45", "2" * 20)
THIRD_INVOICED = invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45", "3" * 20)
AT_THE_END = ledger(
    INVOICED,
    paid(1, date(2026, 6, 25), FIRST),
    SECOND_INVOICED,
    paid(2, date(2026, 12, 18), SECOND),
    accepted("最终", date(2027, 5, 12)),
    THIRD_INVOICED,
    deducted(3, date(2027, 5, 20), "14683.38"),
)


def said(project: ContractBook, day: date) -> SettlementStatement:
    (one,) = KIND.plan(project, day)
    context = KIND.compose(project, one, day)
    assert isinstance(context, SettlementStatement)
    return context


def leaving(permitted: date | None = date(2026, 12, 1)) -> Contract:
    given = ContractorExit(
        article="第十三条",
        requested_on=date(2026, 11, 20),
        last_service_day=date(2026, 12, 31),
        permitted_on=permitted,
        document="《关于同意退出的复函》" if permitted else "",
    )
    return replace(contract(), exit=given)


class TestPlan:
    def test_there_is_one_from_the_signing_on(self) -> None:
        (one,) = KIND.plan(book(ledger=ledger()), date(2026, 5, 1))
        assert (one.key, one.folder) == ("settlement_statement/statement", "payments")
        assert one.stem == "SXYSR202604152_结算对账单"
        assert (one.possible_from, one.blockers) == (date(2026, 4, 29), ())

    def test_none_without_a_ledger(self) -> None:
        (one,) = KIND.plan(book(ledger=None), date(2026, 5, 1))
        assert "ledger.xlsx is missing" in str(one.blockers[0].reason)
        with pytest.raises(ValueError, match="needs the ledger"):
            KIND.compose(book(ledger=None), one, date(2026, 5, 1))

    def test_two_copies_are_sealed_so_that_one_can_come_back(self) -> None:
        assert (KIND.sealing.copies, KIND.sealing.seals) == (2, ("公章",))


class TestWhileTheContractRuns:
    context = said(book(ledger=ledger(INVOICED)), date(2026, 6, 1))

    def test_it_says_that_it_is_not_the_last(self) -> None:
        assert str(self.context.conclusion) == (
            "末期款（合同剩余款项）的付款条件尚未全部成就，本单为履行期间的对账单。"
        )

    def test_every_instalment_says_how_it_stands(self) -> None:
        assert [str(line.standing) for line in self.context.lines] == [
            "2026-06-29到期",
            "付款条件未成就",
            "付款条件未成就",
        ]

    def test_what_was_invoiced_before_it_was_paid_and_the_tax_in_it(self) -> None:
        open_ = self.context.unpaid_invoices
        assert (str(open_.gross), str(open_.tax)) == ("1,957,783.48", "110,817.93")

    def test_nothing_is_late_so_nothing_is_said_of_it(self) -> None:
        assert self.context.late == ()
        assert not any("迟延" in note for note in texts(self.context.notes))

    def test_nor_of_an_exit(self) -> None:
        assert self.context.exit_lines == ()


class TestAtTheEnd:
    context = said(book(ledger=AT_THE_END), date(2027, 6, 1))

    def test_it_says_that_it_is_the_final_one(self) -> None:
        assert str(self.context.conclusion) == (
            "末期款（合同剩余款项）的付款条件已于2027年5月12日全部成就。本单为最终结算对账单。"
        )

    def test_due_less_deducted_less_received_is_open(self) -> None:
        last = self.context.lines[-1]
        assert [str(item) for item in (last.due, last.deducted, last.payable, last.received,
                                       last.outstanding)] == [
            "1,468,337.62", "14,683.38", "1,453,654.24", "0.00", "1,453,654.24",
        ]  # fmt: skip
        assert str(self.context.payable) == "4,879,775.34"

    def test_each_deduction_has_its_paper(self) -> None:
        (line,) = self.context.account.deductions
        assert (str(line.kind), str(line.basis)) == ("违约金", "《协商纪要》")

    def test_a_deduction_is_not_waited_for_although_it_was_invoiced(self) -> None:
        assert str(self.context.unpaid_invoices.gross) == "1,453,654.24"

    def test_the_invoices_are_the_whole(self) -> None:
        assert [line.label for line in self.context.tax.parts] == ["已开发票（3张）"]
        assert str(self.context.tax.finding) == (
            "各期价税合计、不含税金额、税额与合同总额整体拆分一致。"
        )

    def test_an_unknown_calendar_leaves_a_range(self) -> None:
        assert str(self.context.lines[-1].standing) == "暂定2027-07-07至2027-07-12到期"


class TestADeductionInDispute:
    disputed = deducted(3, None, "20000.00", "赔偿金", demand="《甲方来函》", status="协商中",
                        raised=date(2027, 5, 25))  # fmt: skip
    agreed = deducted(3, date(2027, 5, 20), "14683.38")
    what = ledger(INVOICED, accepted("最终", date(2027, 5, 12)), agreed, disputed)
    context = said(book(ledger=what), date(2027, 6, 1))

    def test_it_stands_beside_those_agreed_on_with_its_paper_and_its_day(self) -> None:
        (line,) = self.context.account.disputes
        assert [str(item) for item in (line.amount, str(line.basis), line.raised)] == [
            "20,000.00", "《甲方来函》", "2027-05-25",
        ]  # fmt: skip
        assert str(self.context.disputed) == "20,000.00"

    def test_and_is_never_deducted(self) -> None:
        assert str(self.context.account.deducted) == "14,683.38"
        assert str(self.context.lines[-1].outstanding) == "1,453,654.24"

    def test_the_conclusion_does_not_pass_over_it(self) -> None:
        said = str(self.context.conclusion)
        assert "另有协商中的扣减20,000.00元未计入，协商一致后另行调整。" in said
        assert said.endswith("本单不作为最终结算，上述事项另行结算。")

    def test_before_it_was_demanded_nobody_knew_of_it(self) -> None:
        assert said(book(ledger=self.what), date(2027, 5, 24)).account.disputes == ()


class TestAnInvoiceReversedAndIssuedAnew:
    red = replace(invoiced(1, date(2026, 6, 3), "-1846965.55", "-110817.93", "8" * 20),
                  reverses=INVOICED.number)  # fmt: skip
    anew = invoiced(1, date(2026, 6, 4), "1846965.55", "110817.93", "9" * 20)
    context = said(book(ledger=ledger(INVOICED, red, anew)), date(2026, 6, 5))

    def test_all_three_are_listed_and_the_red_one_says_so(self) -> None:
        assert [(str(line.type), str(line.gross)) for line in self.context.account.invoices] == [
            ("普通发票", "1,957,783.48"),
            ("普通发票（红字）", "-1,957,783.48"),
            ("普通发票", "1,957,783.48"),
        ]
        assert self.context.tax.parts[0].label == "已开发票（蓝字2张、红字1张）"

    def test_together_they_reconcile_to_the_whole(self) -> None:
        off = self.context.tax.difference
        assert (str(off.gross), str(off.net), str(off.tax)) == ("0.00", "0.00", "0.00")
        assert str(self.context.tax.finding).endswith("与合同总额整体拆分一致。")

    def test_the_pair_that_cancels_excuses_no_fen(self) -> None:
        odd = invoiced(1, date(2026, 6, 4), "1846965.51", "110817.97", "9" * 20)
        context = said(book(ledger=ledger(INVOICED, self.red, odd)), date(2026, 6, 5))
        assert "超出逐张取整的范围" in str(context.tax.finding)

    def test_only_what_stands_waits_for_its_money(self) -> None:
        assert str(self.context.unpaid_invoices.gross) == "1,957,783.48"

    def test_between_the_two_it_is_to_be_invoiced_again(self) -> None:
        context = said(book(ledger=ledger(INVOICED, self.red)), date(2026, 6, 3))
        assert [line.label for line in context.tax.parts][:2] == [
            "已开发票（蓝字1张、红字1张）", "待开发票（合同首款）",
        ]  # fmt: skip
        assert str(context.unpaid_invoices.gross) == "0.00"


def test_when_all_is_paid_it_says_so() -> None:
    what = ledger(
        paid(1, date(2026, 6, 25), FIRST),
        paid(2, date(2026, 12, 18), SECOND),
        accepted("最终", date(2027, 5, 12)),
        paid(3, date(2027, 6, 30), SECOND),
    )
    context = said(book(ledger=what), date(2027, 7, 1))
    assert str(context.conclusion) == "合同款项已全部结清。本单为最终结算对账单。"
    assert [str(line.standing) for line in context.lines][-1] == "2027-06-30付清"


def test_a_fen_between_the_parts_and_the_whole_is_told_and_not_mended() -> None:
    context = said(book(ledger=ledger(), terms=sme_contract()), date(2026, 6, 1))
    table = context.tax
    assert [str(line.net) for line in table.parts] == [
        "0.00", "2,308,706.94", "923,482.77", "1,385,224.17",
    ]  # fmt: skip
    assert (str(table.sum.net), str(table.whole.net)) == ("4,617,413.88", "4,617,413.89")
    off = table.difference
    assert (str(off.gross), str(off.net), str(off.tax)) == ("0.00", "-0.01", "0.01")
    assert "属逐张取整差异，以发票为准，不作调整" in str(table.finding)


def test_a_split_that_is_wrong_by_more_than_rounding_is_to_be_looked_into() -> None:
    odd = invoiced(1, date(2026, 5, 20), "1846965.50", "110817.98")
    context = said(book(ledger=ledger(odd)), date(2026, 6, 1))
    assert "超出逐张取整的范围，须先查明原因" in str(context.tax.finding)


def test_of_an_exempt_sale_no_tax_is_split_off() -> None:
    terms = contract()
    terms = replace(terms, invoicing=replace(terms.invoicing, rate=Decimal(0)))
    exempt = replace(
        INVOICED, net=Decimal(FIRST), tax=Decimal("0.00"), rate=Decimal(0), gross=Decimal(FIRST)
    )
    context = said(book(ledger=ledger(exempt), terms=terms), date(2026, 6, 1))
    assert context.tax.exempt
    assert [str(line.tax) for line in context.account.invoices] == ["***"]
    assert str(context.tax.finding) == (
        "发票税率为免税，不含税金额与价税合计相同；各期价税合计与合同总额一致。"
    )
    taxed = said(book(ledger=ledger(INVOICED), terms=terms), date(2026, 6, 1))
    assert not taxed.tax.exempt  # an invoice with a tax is there: the table shows it


def test_more_invoiced_than_the_contract_sum_is_no_difference_of_rounding() -> None:
    what = ledger(INVOICED, invoiced(1, date(2026, 5, 21), "1.00", "0.06", "8" * 20))
    context = said(book(ledger=what), date(2026, 6, 1))
    assert str(context.tax.finding) == "发票价税合计与合同总额不一致，须先查明原因。"


class TestLate:
    context = said(book(ledger=ledger(INVOICED)), date(2026, 7, 9))

    def test_the_damages_are_told_beside_what_is_open_and_not_in_it(self) -> None:
        assert [(str(line.name), str(line.days), str(line.claimable))
                for line in self.context.late] == [("合同首款", "10", "5,873.35")]  # fmt: skip
        assert str(self.context.account.outstanding) == "4,894,458.72"

    def test_and_so_is_how_they_were_counted(self) -> None:
        assert any("迟延天数" in note for note in texts(self.context.notes))


class TestOnAnExit:
    what = ledger(INVOICED, paid(1, date(2026, 6, 25), FIRST), SECOND_INVOICED,
                  paid(2, date(2026, 12, 18), SECOND))  # fmt: skip
    context = said(book(ledger=what, terms=leaving()), date(2026, 12, 31))

    def test_the_refund_is_reckoned_step_by_step(self) -> None:
        assert [(line.label, str(line.value)) for line in self.context.exit_lines] == [
            ("退出申请日期", "2026年11月20日"),
            ("服务末日", "2026年12月31日"),
            ("提前申请天数", "41"),
            ("甲方许可日期", "2026年12月1日"),
            ("服务期天数", "365"),
            ("实际服务天数", "246"),
            ("对应服务费", "3,298,731.08"),
            ("已付服务费", "3,426,121.10"),
            ("应退服务费", "127,390.02"),
        ]

    def test_the_basis_of_the_days_and_that_the_loss_is_negotiated_are_said(self) -> None:
        notes = "".join(texts(self.context.notes))
        assert "（365天），首尾两日均计入，仅对结果取整到分" in notes
        assert "赔偿金额由双方商议，本文件不作计算" in notes
        assert str(self.context.conclusion) == "乙方退出已获甲方许可，款项以“退出结算”为准。"

    def test_before_the_client_permits_it_is_only_a_forecast(self) -> None:
        context = said(book(ledger=self.what, terms=leaving(None)), date(2026, 12, 31))
        assert not context.exit_permitted
        assert "尚无书面许可" in [str(line.basis) for line in context.exit_lines]
        assert "退出" not in str(context.conclusion)

    def test_a_permission_of_tomorrow_is_none_today(self) -> None:
        context = said(book(ledger=self.what, terms=leaving()), date(2026, 11, 30))
        assert not context.exit_permitted
        told = {line.label: (str(line.value), str(line.basis)) for line in context.exit_lines}
        assert told["甲方许可日期"] == ("—", "尚无书面许可")

    def test_before_it_was_requested_nothing_is_known_of_it(self) -> None:
        assert said(book(ledger=self.what, terms=leaving()), date(2026, 11, 19)).exit_lines == ()

    def test_where_too_little_was_paid_it_says_what_is_lacking(self) -> None:
        little = ledger(INVOICED, paid(1, date(2026, 6, 25), FIRST))
        context = said(book(ledger=little, terms=leaving()), date(2026, 12, 31))
        lines = {line.label: str(line.value) for line in context.exit_lines}
        assert (lines["应退服务费"], lines["已付不足部分"]) == ("0.00", "1,340,947.60")


@pytest.mark.parametrize(
    ("project", "day"),
    [
        (book(ledger=ledger()), date(2026, 4, 29)),
        (book(ledger=ledger(INVOICED)), date(2027, 9, 1)),
        (book(ledger=AT_THE_END), date(2027, 7, 20)),
        (book(ledger=TestOnAnExit.what, terms=leaving()), date(2026, 12, 31)),
        (book(ledger=ledger(), terms=sme_contract()), date(2026, 6, 1)),
        (book(ledger=TestADeductionInDispute.what), date(2027, 6, 1)),
        (book(ledger=ledger(INVOICED, TestAnInvoiceReversedAndIssuedAnew.red)), date(2026, 6, 3)),
    ],
    ids=["nothing yet", "over the cap", "at the end", "exit", "sme", "disputed", "reversed"],
)
def test_the_statement_is_proved_in_every_situation(project: ContractBook, day: date) -> None:
    (one,) = KIND.plan(project, day)
    context = said(project, day)
    properties = Properties(
        title=one.title, subject=KIND.title, contract_number=one.contract, creator="示例",
        made_on=day,
    )  # fmt: skip
    document = render(template(KIND), context, stamp_of(one, day), properties)
    base = base_of(document, document.trace, context, template=template(KIND))
    found = prove(document, base, context)
    assert [str(one) for one in found if one.code != "gap"] == []


def test_an_invoice_lessened_by_decision_is_missed_nowhere() -> None:
    decided = deducted(3, date(2027, 5, 20), "14683.38", on_invoice="冲减", decision="决定1号")
    money = account(contract(), ledger(decided), book().calendar, date(2027, 5, 25))
    told = tax_table(contract(), money)
    assert str(told.whole.gross) == "4,879,775.34"
    assert told.whole.label == "合同总额减决定冲减发票的扣减整体拆分"
    assert (str(told.sum.gross), str(told.difference.gross)) == ("4,879,775.34", "0.00")
    assert str(told.finding).endswith("与合同总额减决定冲减发票的扣减整体拆分一致。")
