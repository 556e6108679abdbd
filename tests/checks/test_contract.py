"""Rules about the contract and its price: what passes, what does not, and by how much."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from checking import book_with, codes_with, in_contract, problems_with

from deliverables.checks.contract import amounts_due

FIRST, SECOND = "      amount: 400,000.00\n", "      amount: 600,000.00\n"


def total(becomes: str, words: str) -> tuple[dict[str, str], dict[str, str]]:
    return (
        dict(in_contract("total: 1,000,000.00", f"total: {becomes}")),
        dict(in_contract("total_in_words: 壹佰万元整", f"total_in_words: {words}")),
    )


def test_the_instalments_of_the_real_contract_pass_though_rounded_both_ways(tmp_path: Path) -> None:
    """40 % is …83.488 and stated …83.48; 60 % is …75.232 and stated …75.24."""
    changes = (
        *total("4,894,458.72", "肆佰捌拾玖万肆仟肆佰伍拾捌元柒角贰分"),
        in_contract("amount: 400,000.00", "amount: 1,957,783.48"),
        in_contract("amount: 600,000.00", "amount: 2,936,675.24"),
    )
    assert codes_with(tmp_path, *changes) == []


def test_a_price_in_figures_only_has_no_words_to_compare(tmp_path: Path) -> None:
    assert codes_with(tmp_path, *total("1,000,000.00", "未约定")) == []


@pytest.mark.parametrize(("tax", "codes"), [("60,000.00", []), ("60,000.01", ["price-split"])])
def test_of_several_rates_price_without_tax_and_tax_are_only_added(
    tmp_path: Path, tax: str, codes: list[str]
) -> None:
    stated = f"  net: 940,000.00\n  tax: {tax}\n  plan: standard"
    changes = (in_contract("  plan: standard", stated), in_contract("rate: 6%", "rate: 多种税率"))
    assert codes_with(tmp_path, *changes) == codes


def test_a_fen_too_much_is_said_to_the_fen(tmp_path: Path) -> None:
    (problem, _) = problems_with(tmp_path, in_contract("amount: 600,000.00", "amount: 600,000.01"))
    assert str(problem.message) == (
        "instalments sum to 1,000,000.01, contract.total is 1,000,000.00 (0.01 too much)"
    )
    assert str(problem.fix) == ("the stated amount of an instalment is authoritative (第六条)")


def test_a_whole_fen_from_the_ratio_is_too_far(tmp_path: Path) -> None:
    changes = (
        in_contract("amount: 400,000.00", "amount: 400,000.01"),
        in_contract("amount: 600,000.00", "amount: 599,999.99"),
    )
    assert codes_with(tmp_path, *changes) == ["instalment-ratio", "instalment-ratio"]


def test_a_last_instalment_without_a_ratio_takes_what_remains(tmp_path: Path) -> None:
    assert codes_with(tmp_path, in_contract("      ratio: 60%\n", "")) == []


def test_ratios_alone_divide_the_total_to_the_fen(tmp_path: Path) -> None:
    book = book_with(
        tmp_path,
        *total("100.01", "壹佰元零壹分"),
        in_contract(FIRST, ""),
        in_contract(SECOND, ""),
    )
    assert amounts_due(book.contract.payment) == {1: Decimal("40.00"), 2: Decimal("60.01")}


def test_the_plan_for_small_enterprises_sets_stated_amounts_aside(tmp_path: Path) -> None:
    book = book_with(
        tmp_path,
        in_contract("plan: standard", "plan: sme"),
        in_contract("sme_evidence: 不适用", "sme_evidence: 投标文件第3册"),
        in_contract("ratio: 40%", "ratio: 40%\n      sme_ratio: 50%"),
    )
    assert amounts_due(book.contract.payment) == {1: Decimal("500000.00"), 2: Decimal("500000.00")}


@pytest.mark.parametrize("words", ["人民币壹佰万元整", "壹佰萬圓整", "壹佰万元正"])
def test_the_total_may_be_written_in_every_official_form(tmp_path: Path, words: str) -> None:
    assert codes_with(tmp_path, in_contract("壹佰万元整", words)) == []


@pytest.mark.parametrize(
    "phone", ["13900000000", "01000000000", "0571-00000000", "60000000", "400-000-0000"]
)
def test_mobiles_and_landlines_look_like_phones(tmp_path: Path, phone: str) -> None:
    change = in_contract('甲联系人, phone: "01000000000"', f'甲联系人, phone: "{phone}"')
    assert codes_with(tmp_path, change) == []


def test_a_phone_that_is_none_is_never_shown(tmp_path: Path) -> None:
    change = in_contract('甲联系人, phone: "01000000000"', '甲联系人, phone: "1280000123456"')
    (problem,) = problems_with(tmp_path, change)
    assert problem.code == "phone-shape"
    assert "1280000" not in str(problem)
    assert "123456" not in str(problem)


def test_a_term_that_cannot_be_divided_leaves_the_workbooks_in_peace(tmp_path: Path) -> None:
    assert codes_with(tmp_path, in_contract("every_months: 3, count: 4", "every_months: 5")) == [
        "term-indivisible"
    ]


@pytest.mark.parametrize(("months", "code"), [("0", "count-range"), ("99999", "count-range")])
def test_an_absurd_term_is_a_problem_and_no_crash(tmp_path: Path, months: str, code: str) -> None:
    codes = codes_with(tmp_path, in_contract("term_months: 12", f"term_months: {months}"))
    assert code in codes


def test_thirteen_per_cent_is_a_rate_of_the_law(tmp_path: Path) -> None:
    assert codes_with(tmp_path, in_contract("rate: 6%", "rate: 13%")) == []
