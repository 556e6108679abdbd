"""Rules about invoices, payments, acceptances and deductions, to the fen and to the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from checking import LEDGER, Change, codes_with, in_contract, problems_with, row

ONE = "26110000000000000001"


def invoice(line: int = 3, *, gross: str = "400,000.00", net: str = "377,358.49",
            tax: str = "22,641.51", **more: object) -> Change:  # fmt: skip
    facts = {"期次": 1, "发票号码": f"2611000000000000000{line}", "开票日期": date(2026, 6, 1),
             "发票种类": "普通发票", "税率": 0.06, "数据来源": "发票"}  # fmt: skip
    amounts = {"不含税金额": net, "税额": tax, "价税合计": gross}
    return row(LEDGER, "发票", line, **{**facts, **amounts, **more})


def reversal(line: int, of: int, **more: object) -> Change:
    """Reverse the whole of the invoice that `invoice` writes into the line `of`."""
    facts = {"被红冲发票号码": f"2611000000000000000{of}", **more}
    return invoice(line, gross="-400,000.00", net="-377,358.49", tax="-22,641.51", **facts)


def payment(line: int, received: date, amount: str, instalment: int = 1, **more: object) -> Change:
    return row(LEDGER, "到账", line, 期次=instalment, 到账日期=received, 到账金额=amount,
               数据来源="回单", **more)  # fmt: skip


def request(line: int, sent: date, amount: str, **more: object) -> Change:
    return row(LEDGER, "请款", line, 期次=1, 发函日期=sent, 申请金额=amount, **more)


def deduction(line: int = 3, **more: object) -> Change:
    facts = {"期次": 2, "类别": "违约金", "扣减金额": 10000, "状态": "协商一致",
             "协商文件": "会议纪要1号", "协商一致日期": date(2027, 5, 10)}  # fmt: skip
    return row(LEDGER, "扣减", line, **{**facts, **more})


FINAL = row(LEDGER, "验收", 阶段="最终", 通知送达日期=date(2027, 4, 30),
            验收日期=date(2027, 5, 7), 结论="通过", 验收文件="验收单1号")  # fmt: skip


def acceptance(notice: date | None, accepted: date | None, **more: object) -> Change:
    facts = {"阶段": "中期", "通知送达日期": notice, "验收日期": accepted, "结论": "通过",
             "验收文件": "验收单1号", "数据来源": "验收单"}  # fmt: skip
    return row(LEDGER, "验收", **{**facts, **more})


def test_an_invoice_and_its_payment_pass(tmp_path: Path) -> None:
    assert codes_with(tmp_path, invoice(), payment(3, date(2026, 6, 20), "400,000.00")) == []


@pytest.mark.parametrize(
    ("net", "tax", "codes"),
    [
        ("377,358.49", "22,641.51", []),
        ("377,358.50", "22,641.50", []),  # lines of an invoice are rounded one by one
        ("377,358.51", "22,641.49", ["invoice-split"]),
    ],
)
def test_the_tax_may_be_a_fen_off(tmp_path: Path, net: str, tax: str, codes: list[str]) -> None:
    assert codes_with(tmp_path, invoice(net=net, tax=tax)) == codes


def test_a_red_letter_invoice_and_its_successor_balance(tmp_path: Path) -> None:
    changes = (
        invoice(3),
        reversal(4, of=3),
        invoice(5, 开票日期=date(2026, 6, 8)),
        payment(3, date(2026, 6, 20), "400,000.00"),
    )
    assert codes_with(tmp_path, *changes) == []


def test_two_invoices_over_the_whole_instalment_are_one_issued_twice(tmp_path: Path) -> None:
    (problem,) = problems_with(tmp_path, invoice(3), invoice(4))
    assert problem.code == "invoice-twice"
    assert str(problem.source).endswith("ledger.xlsx[发票]!H4")


def test_a_reversal_entered_after_its_successor_of_the_same_day_balances_too(
    tmp_path: Path,
) -> None:
    assert codes_with(tmp_path, invoice(3), invoice(4), reversal(5, of=3)) == []


def test_a_part_that_was_reversed_may_be_invoiced_again(tmp_path: Path) -> None:
    half = {"gross": "-200,000.00", "net": "-188,679.25", "tax": "-11,320.75"}
    again = {"gross": "200,000.00", "net": "188,679.25", "tax": "11,320.75"}
    part = invoice(4, **half, 被红冲发票号码="26110000000000000003")
    assert codes_with(tmp_path / "again", invoice(3), part, invoice(5, **again)) == []
    assert codes_with(tmp_path / "whole", invoice(3), part, invoice(5)) == ["instalment-exceeded"]


def test_an_invoice_is_reversed_once(tmp_path: Path) -> None:
    found = problems_with(tmp_path, invoice(3), reversal(4, of=3), reversal(5, of=3))
    assert {problem.code for problem in found} == {"red-letter-exceeded"}
    assert {str(problem.source)[-2:] for problem in found} == {"E5", "G5", "H5"}


@pytest.mark.parametrize(
    ("differs", "codes"),
    [
        ({"发票种类": "增值税专用发票"}, ["invoice-type", "red-letter-mismatch"]),
        ({"期次": 2}, ["red-letter-mismatch"]),
        ({"开票日期": date(2026, 5, 31)}, ["red-letter-mismatch"]),
        ({"开票日期": date(2026, 6, 1)}, []),
    ],
)
def test_a_reversal_follows_the_invoice_it_reverses(
    tmp_path: Path, differs: dict[str, object], codes: list[str]
) -> None:
    assert codes_with(tmp_path, invoice(3), reversal(4, of=3, **differs)) == codes


def test_money_whose_invoice_was_reversed_afterwards_has_none(tmp_path: Path) -> None:
    changes = (
        invoice(3),
        payment(3, date(2026, 6, 20), "400,000.00"),
        reversal(4, of=3, 开票日期=date(2026, 7, 1)),
    )
    assert codes_with(tmp_path / "none", *changes) == ["paid-invoice-reversed"]
    again = invoice(5, 开票日期=date(2026, 7, 2))
    assert codes_with(tmp_path / "again", *changes, again) == []


def test_one_receipt_may_pay_several_invoices_in_as_many_rows(tmp_path: Path) -> None:
    half = {"gross": "200,000.00", "net": "188,679.25", "tax": "11,320.75"}
    day = date(2026, 6, 20)
    changes = (
        invoice(3, **half),
        invoice(4, **half),
        payment(3, day, "200,000.00", 银行回单号="H1", 发票号码="26110000000000000003"),
        payment(4, day, "150,000.00", 银行回单号="H1", 发票号码="26110000000000000004"),
    )
    assert codes_with(tmp_path, *changes) == []


def test_an_overpayment_is_closed_by_its_refund(tmp_path: Path) -> None:
    over = (invoice(3), payment(3, date(2026, 6, 20), "400,100.00"))
    assert codes_with(tmp_path / "over", *over) == ["overpaid"]
    back = payment(4, date(2026, 7, 1), "-100.00", 备注="多付退款")
    assert codes_with(tmp_path / "back", *over, back) == []
    unsaid = payment(4, date(2026, 7, 1), "-100.00")
    assert codes_with(tmp_path / "unsaid", *over, unsaid) == ["amount-not-positive"]


def test_an_overpayment_set_off_is_a_row_of_the_later_instalment(tmp_path: Path) -> None:
    last = invoice(4, 期次=2, 开票日期=date(2027, 5, 11), gross="600,000.00", net="566,037.74",
                   tax="33,962.26")  # fmt: skip
    day = date(2027, 6, 1)
    changes = (
        invoice(3), FINAL, last, payment(3, day, "400,000.00", 银行回单号="H1"),
        payment(4, day, "100.00", instalment=2, 银行回单号="H1"),
    )  # fmt: skip
    assert codes_with(tmp_path, *changes) == []


def test_a_reminder_may_ask_again_for_what_is_left(tmp_path: Path) -> None:
    changes = (
        invoice(3),
        request(3, date(2026, 6, 2), "400,000.00"),
        payment(3, date(2026, 6, 20), "100,000.00"),
        request(4, date(2026, 7, 1), "300,000.00"),
    )
    assert codes_with(tmp_path, *changes) == []


@pytest.mark.parametrize("status", ["协商中", "已撤销"])
def test_only_what_was_agreed_on_counts_as_deducted(tmp_path: Path, status: str) -> None:
    change = deduction(扣减金额=600001, 状态=status, 协商一致日期=None)
    assert codes_with(tmp_path / "other", change) == []
    assert codes_with(tmp_path / "agreed", deduction(扣减金额=600001)) == ["instalment-exceeded"]


def test_a_decision_to_reduce_the_invoice_wants_a_reversal_of_that_part(tmp_path: Path) -> None:
    last = invoice(3, 期次=2, 开票日期=date(2027, 5, 8), gross="600,000.00", net="566,037.74",
                   tax="33,962.26")  # fmt: skip
    decided = deduction(发票处理="冲减", 决定文件="财务部决定1号")
    less = invoice(4, 期次=2, 开票日期=date(2027, 5, 12), gross="-10,000.00", net="-9,433.96",
                   tax="-566.04", 被红冲发票号码="26110000000000000003")  # fmt: skip
    assert codes_with(tmp_path / "whole", FINAL, last, decided) == ["invoice-not-reduced"]
    assert codes_with(tmp_path / "less", FINAL, last, decided, less) == []
    assert codes_with(tmp_path / "undecided", FINAL, last, deduction()) == []


def test_part_payments_may_not_run_ahead_of_the_invoices(tmp_path: Path) -> None:
    half = {"gross": "200,000.00", "net": "188,679.25", "tax": "11,320.75"}
    changes = (
        invoice(3, **half),
        invoice(4, **half, 开票日期=date(2026, 7, 1)),
        payment(3, date(2026, 6, 20), "200,000.00"),
        payment(4, date(2026, 6, 25), "150,000.00"),
        payment(5, date(2026, 7, 1), "50,000.00"),
    )
    (problem,) = problems_with(tmp_path, *changes)
    assert problem.code == "payment-before-invoice"
    assert str(problem.source).endswith("ledger.xlsx[到账]!B4")
    assert "(150,000.00 without an invoice)" in str(problem.message)


def test_where_the_contract_asks_for_no_invoice_first_money_may_come_first(tmp_path: Path) -> None:
    changes = (
        in_contract("before_payment: true", "before_payment: false"),
        payment(3, date(2026, 6, 20), "400,000.00"),
    )
    assert codes_with(tmp_path, *changes) == []


def test_more_than_the_instalment_was_received(tmp_path: Path) -> None:
    codes = codes_with(tmp_path, invoice(), payment(3, date(2026, 6, 20), "400,000.01"))
    assert codes == ["overpaid"]


@pytest.mark.parametrize(
    ("notice", "accepted", "codes"),
    [
        (date(2026, 9, 28), date(2026, 9, 28), []),
        (date(2026, 9, 28), date(2026, 10, 10), []),  # a Saturday worked to make up
        (date(2026, 9, 28), date(2026, 10, 12), ["acceptance-late"]),
        (date(2026, 9, 28), date(2026, 9, 27), ["acceptance-before-notice"]),
        (None, date(2026, 9, 28), ["acceptance-unproved"]),
        (date(2026, 9, 28), None, ["acceptance-undated"]),
    ],
)
def test_five_working_days_count_from_the_day_after_the_notice(
    tmp_path: Path, notice: date | None, accepted: date | None, codes: list[str]
) -> None:
    assert codes_with(tmp_path, acceptance(notice, accepted)) == codes


def test_where_the_calendar_is_unknown_only_what_is_surely_late_is_late(tmp_path: Path) -> None:
    """Five working days after 30 April 2027 end between 7 and 13 May."""
    codes = codes_with(tmp_path / "perhaps", acceptance(date(2027, 4, 30), date(2027, 5, 8)))
    assert codes == []
    codes = codes_with(tmp_path / "surely", acceptance(date(2027, 4, 30), date(2027, 6, 1)))
    assert codes == ["acceptance-late"]


@pytest.mark.parametrize(
    ("accepted", "codes"),
    [(date(2027, 4, 28), ["acceptance-before-term-end"]), (date(2027, 4, 29), [])],
)
def test_the_final_acceptance_waits_for_the_end_of_the_term(
    tmp_path: Path, accepted: date, codes: list[str]
) -> None:
    change = acceptance(date(2027, 4, 26), accepted, 阶段="最终")
    assert codes_with(tmp_path, change) == codes


def test_an_acceptance_that_has_not_passed_needs_no_day(tmp_path: Path) -> None:
    change = acceptance(date(2026, 9, 28), None, 结论="未完成", 验收文件=None)
    assert codes_with(tmp_path, change) == []


def test_what_was_deducted_is_not_received(tmp_path: Path) -> None:
    last = invoice(3, 期次=2, 开票日期=date(2027, 5, 11), gross="600,000.00", net="566,037.74",
                   tax="33,962.26")  # fmt: skip
    less, whole = ((FINAL, deduction(), last, payment(3, date(2027, 6, 1), paid, 2))
                   for paid in ("590,000.00", "600,000.00"))  # fmt: skip
    assert codes_with(tmp_path / "less", *less) == []
    assert codes_with(tmp_path / "whole", *whole) == ["deduction-not-withheld"]
