"""What money and invoices of an export are for: proposed with reasons, never assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from scenarios import asked, book, claimed, contract, invoiced, ledger, paid

from deliverables.finance.proposals import Choice, Proposal, Proposer
from deliverables.import_mapping import read_plan, sheet_called
from deliverables.import_rows import Reason, Skipped, read_export
from deliverables.model.book import ContractBook
from deliverables.model.ledger_sheets import Ledger, Payment
from deliverables.values.problem import Problem

CLIENT, NUMBER = "北京市药品监督管理局", "SXYSR202604152"
FIRST, SECOND = "1957783.48", "1468337.62"
BANK = "交易日期,贷方发生额,对方户名,摘要,附言,流水号\n"
TAX = "数电发票号码,购买方名称,开票日期,金额,税额,价税合计,发票来源,发票票种,备注\n"
BLUE = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93")
Found = tuple[tuple[Proposal, ...], tuple[Skipped, ...]]
Take = Callable[..., Found]


@pytest.fixture
def take(root: Path, tmp_path: Path) -> Take:
    """Return what is proposed for the lines of an export, by the shipped mapping."""

    def taken(
        kind: str,
        lines: str,
        what: Ledger | None = None,
        choices: Mapping[str, Choice] | None = None,
        others: tuple[ContractBook, ...] = (),
    ) -> Found:
        name = "bank-statement" if kind == "到账" else "issued-invoices"
        problems: list[Problem] = []
        called = sheet_called(kind)
        assert called is not None
        plan = read_plan(root / "docs/examples/import" / f"{name}.yaml", called[1], problems)
        file = tmp_path / "export.csv"
        file.write_text((BANK if kind == "到账" else TAX) + lines, "utf-8")
        assert plan is not None
        export = read_export(file, plan.form, problems)
        assert export is not None
        proposer = Proposer([book(ledger=what or ledger()), *others], choices or {})
        found = proposer.proposals(plan, export, problems)
        assert problems == []
        return found

    return taken


def line(amount: str, party: str = CLIENT, note: str = "", ref: str = "F-1") -> str:
    return f"20260706,{amount},{party},转账,{note},{ref}\n"


def why(one: Proposal) -> list[str]:
    return [str(reason) for reason in one.why]


class TestMoney:
    def test_the_amount_that_is_open_and_the_client_make_a_proposal(self, take: Take) -> None:
        (one,), skipped = take("到账", line(FIRST), ledger(BLUE))
        assert skipped == ()
        assert one.row == Payment(
            instalment=1, received=date(2026, 7, 6), amount=Decimal(FIRST), voucher="F-1",
            invoice=BLUE.number, remark="转账", evidence="网上银行账户明细",
        )  # fmt: skip
        assert not one.decided
        assert why(one) == [
            "the amount is what is still to come in of it",
            f"the amount is that of invoice {BLUE.number}",
            "it is from or to the client",
        ]

    def test_a_treasury_that_pays_for_the_client_is_pointed_out(self, take: Take) -> None:
        (one,), _ = take("到账", line(FIRST, "北京市财政局"))
        assert f"北京市财政局 is not the client {CLIENT}: make sure" in why(one)

    def test_equal_instalments_are_told_and_none_is_chosen(self, take: Take) -> None:
        found, (left,) = take("到账", line(SECOND))
        assert found == ()
        assert left.reason is Reason.SEVERAL
        assert "instalment 2" in str(left.message)
        assert "instalment 3" in str(left.message)

    @pytest.mark.parametrize("note", ["第二期服务费", "第2期"])
    def test_of_equal_instalments_the_one_it_names_is_proposed(self, take: Take, note: str) -> None:
        (one,), _ = take("到账", line(SECOND, note=note))
        assert one.row.instalment == 2

    def test_else_the_one_that_was_asked_for(self, take: Take) -> None:
        (one,), _ = take("到账", line(SECOND), ledger(asked(3, date(2026, 7, 1), SECOND)))
        assert one.row.instalment == 3

    def test_a_person_decides_by_the_number_of_the_slip(self, take: Take) -> None:
        (one,), _ = take("到账", line("300000.00"), choices={"F-1": Choice(2)})
        assert (one.row.instalment, one.decided) == (2, True)

    def test_an_amount_that_fits_nothing_is_told_with_what_is_open(self, take: Take) -> None:
        found, (left,) = take("到账", line("300000.00"))
        assert found == ()
        assert left.reason is Reason.UNMATCHED
        assert "F-1: 300,000.00" in str(left.message)
        assert "1,957,783.48" in str(left.message)

    def test_money_of_others_is_left_out(self, take: Take) -> None:
        found, (left,) = take("到账", line("25000.00", "示范贸易公司"))
        assert found == ()
        assert left.reason is Reason.FOREIGN
        assert not left.reason.calls_for_action

    def test_what_one_line_takes_the_next_cannot_have(self, take: Take) -> None:
        found, (left,) = take("到账", line(FIRST) + line(FIRST, ref="F-2"))
        assert [one.name for one in found] == ["F-1"]
        assert left.reason is Reason.UNMATCHED

    def test_a_slip_that_was_entered_is_known_by_its_number_also_in_parts(self, take: Take) -> None:
        rows = [replace(paid(1, date(2026, 7, 6), part), voucher="F-1")
                for part in ("1000000.00", "957783.48")]  # fmt: skip
        assert [one.reason for one in take("到账", line(FIRST), ledger(*rows))[1]] == [Reason.THERE]

    def test_one_with_another_amount_is_told(self, take: Take) -> None:
        row = replace(paid(1, date(2026, 7, 6), "1.00"), voucher="F-1")
        assert take("到账", line(FIRST), ledger(row))[1][0].reason is Reason.DIFFERENT

    def test_money_of_the_day_and_amount_typed_under_another_number_is_known(
        self, take: Take
    ) -> None:
        row = replace(paid(1, date(2026, 7, 6), FIRST), voucher="回单0706")
        found, (left,) = take("到账", line(FIRST), ledger(row))
        assert found == ()
        assert left.reason is Reason.THERE

    def test_what_a_claim_asks_for_is_entered_for_the_claim(self, take: Take) -> None:
        what = ledger(
            paid(1, date(2026, 7, 1), FIRST), claimed("ZZ-01", date(2026, 7, 2), "587.34")
        )
        (one,), _ = take("到账", line("587.34"), what)
        assert isinstance(one.row, Payment)
        assert (one.row.claim, one.row.instalment, one.row.invoice) == ("ZZ-01", 1, None)

    def test_of_several_contracts_with_the_client_the_one_it_names_is_proposed(
        self, take: Take
    ) -> None:
        terms = contract()
        other = replace(terms, identity=replace(terms.identity, number="HT-2026-009"))
        others = (book(ledger=ledger(), terms=other),)
        _, (left,) = take("到账", line(FIRST), others=others)
        assert left.reason is Reason.SEVERAL
        (one,), _ = take("到账", line(FIRST, note="HT-2026-009"), others=others)
        assert one.contract == "HT-2026-009"


class TestInvoices:
    def invoice(self, number: str, gross: str, note: str = "", party: str = CLIENT) -> str:
        net, tax = {FIRST: ("1846965.55", "110817.93")}.get(
            gross.lstrip("-"), ("94339.62", "5660.38")
        )
        sign = "-" if gross.startswith("-") else ""
        return (f"{number},{party},2026-05-20 10:12:05,{sign}{net},{sign}{tax},{gross},"
                f"电子发票服务平台,数电发票（增值税专用发票）,{note}\n")  # fmt: skip

    def test_what_is_still_to_be_invoiced_makes_a_proposal_with_the_rate_of_the_contract(
        self, take: Take
    ) -> None:
        (one,), _ = take("发票", self.invoice("26112000000000000001", FIRST))
        assert one.row.instalment == 1
        assert getattr(one.row, "rate", None) == Decimal("0.06")
        assert getattr(one.row, "type", None) == "增值税专用发票"

    def test_one_that_was_entered_is_known_by_its_number(self, take: Take) -> None:
        found, (left,) = take("发票", self.invoice(BLUE.number, FIRST), ledger(BLUE))
        assert found == ()
        assert left.reason is Reason.THERE

    def test_one_to_somebody_else_is_left_out(self, take: Take) -> None:
        _, (left,) = take("发票", self.invoice("26112000000000000009", FIRST, party="示范公司"))
        assert left.reason is Reason.FOREIGN

    def test_a_red_letter_invoice_goes_where_the_one_is_that_it_reverses(self, take: Take) -> None:
        red = self.invoice(
            "26112000000000000002", f"-{FIRST}", f"被红冲蓝字数电票号码：{BLUE.number}"
        )
        (one,), _ = take("发票", red, ledger(BLUE))
        assert (one.row.instalment, getattr(one.row, "reverses", None)) == (1, BLUE.number)
