"""The 开票申请单: what it asks for, and that a changed cell is noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from asked import asked_of
from openpyxl import load_workbook
from scenarios import accepted, book, contract, deducted, ledger

from deliverables.finance.application_form import FormMarks, prove_form
from deliverables.finance.payment_pack import (
    pack_workbook,
)
from deliverables.model.fields import SEVERAL_RATES

DAY = date(2026, 11, 17)


def test_a_decided_deduction_lessens_what_is_to_be_invoiced() -> None:
    day = date(2027, 5, 25)
    decided = deducted(3, date(2027, 5, 20), "14683.38", on_invoice="冲减", decision="决定1号")
    asked = asked_of(book(ledger=ledger(accepted("最终", date(2027, 5, 12)), decided)), 3, day)
    assert [str(one) for one in (asked.invoiceable, asked.line.gross, asked.left_after)] == [
        "1,453,654.24", "1,453,654.24", "0.00",
    ]  # fmt: skip


class TestTheProof:
    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_a_form_as_it_was_written_is_proved(self, number: int) -> None:
        asked = asked_of(book(ledger=ledger()), number, DAY)
        assert prove_form(pack_workbook(asked, (), "", FormMarks(False, ())), asked) == ()

    def test_of_several_rates_it_has_the_gross_amount_and_says_how_it_is_made_out(self) -> None:
        terms = contract()
        terms = replace(terms, invoicing=replace(terms.invoicing, rate=SEVERAL_RATES))
        asked = asked_of(book(ledger=ledger(), terms=terms), 2, DAY)
        written = pack_workbook(asked, (), "", FormMarks(False, ()))
        assert prove_form(written, asked) == ()
        told = [str(cell.value) for line in load_workbook(BytesIO(written))["开票申请单"]
                for cell in line if cell.value is not None]  # fmt: skip
        assert [told[told.index(label) + 1] for label in ("税率", "不含税金额", "税额")] == [
            "多种税率", "以发票为准", "以发票为准",
        ]  # fmt: skip
        assert (
            "由财务按服务项目分行填写税率、不含税金额、税额，各行价税合计应为1,468,337.62元"
            in "".join(told)
        )

    @pytest.mark.parametrize(
        ("label", "value", "told"),
        [
            ("价税合计（小写）", 1468337.63, "is not gross 1468337.63"),
            ("不含税金额", 1385224.10, "不含税金额 is"),
            ("价税合计（大写）", "人民币壹佰元整", "the words 人民币壹佰元整 are not 1468337.62"),
            ("税额", "83,113.45", "an amount is no number"),
            ("备注", "另一个备注", "备注 is ['另一个备注']"),
            ("开户银行及账号", "另一个账号", "开户银行及账号 is"),
            ("开票后未开", 1, "开票后未开 is"),
        ],
    )
    def test_a_cell_that_was_changed_is_noticed(self, label: str, value: object, told: str) -> None:
        asked = asked_of(book(ledger=ledger()), 2, DAY)
        changed = load_workbook(BytesIO(pack_workbook(asked, (), "", FormMarks(False, ()))))
        sheet, saved = changed["开票申请单"], BytesIO()
        at = next(cell for line in sheet for cell in line if cell.value == label)
        next(cell for cell in sheet[at.row][at.column :] if cell.value is not None).value = value
        changed.save(saved)
        findings = prove_form(saved.getvalue(), asked)
        assert any(told in str(finding) for finding in findings), list(map(str, findings))
