import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TESTS

from deliverables.values.money import (
    FEN,
    MoneyError,
    VatSplit,
    reconcile,
    split_gross,
    tax_agrees,
    tax_check_difference,
)

VECTORS: dict[str, Any] = json.loads((TESTS / "vectors" / "vat.json").read_text("utf-8"))
SIX = Decimal("0.06")
GROSS = st.decimals(min_value=0, max_value=10**12, places=2)
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.01", "0.03", "0.06", "0.09", "0.13")])


@pytest.mark.parametrize("plan", VECTORS.values(), ids=VECTORS.keys())
def test_every_instalment_of_the_vectors_is_split(plan: dict[str, Any]) -> None:
    for row in plan["rows"]:
        split = split_gross(Decimal(row["gross"]), SIX)
        assert (str(split.net), str(split.tax)) == (row["net"], row["tax"])
        assert split.tax - tax_check_difference(split) == Decimal(row["tax_from_net"])


@pytest.mark.parametrize("plan", VECTORS.values(), ids=VECTORS.keys())
def test_parts_are_reconciled_to_the_whole_without_correcting_them(plan: dict[str, Any]) -> None:
    parts = [split_gross(Decimal(row["gross"]), SIX) for row in plan["rows"]]
    whole = split_gross(Decimal(plan["whole"]["gross"]), SIX)
    result = reconcile(parts, whole)
    assert (result.gross, result.net, result.tax) == tuple(
        Decimal(plan["sum"][part]) for part in ("gross", "net", "tax")
    )
    assert (result.gross_difference, result.net_difference, result.tax_difference) == tuple(
        Decimal(plan["diff"][part]) for part in ("gross", "net", "tax")
    )
    assert result.whole == whole
    assert result.tolerance == Decimal("0.02")
    assert result.agrees == (plan["diff"]["gross"] == "0.00")


def test_the_sme_plan_differs_by_a_fen_and_agrees() -> None:
    gross = ["2447229.36", "978891.74", "1468337.62"]
    result = reconcile(
        [split_gross(Decimal(amount), SIX) for amount in gross],
        split_gross(Decimal("4894458.72"), SIX),
    )
    assert (str(result.net_difference), str(result.tax_difference)) == ("-0.01", "0.01")
    assert result.agrees


@pytest.mark.parametrize(
    ("net_off", "tax_off", "agrees"),
    [
        ("0.01", "-0.01", True),
        ("-0.01", "0.01", True),
        ("0.02", "0", False),
        ("0", "0.02", False),
        ("-0.02", "0", False),
        ("0", "-0.02", False),
    ],
)
def test_parts_agree_to_a_fen_for_each_part_after_the_first(
    net_off: str, tax_off: str, agrees: bool
) -> None:
    part = VatSplit(Decimal("1.06"), Decimal("1.00"), Decimal("0.06"), SIX)
    whole = VatSplit(
        Decimal("2.12"), Decimal("2.00") - Decimal(net_off), Decimal("0.12") - Decimal(tax_off), SIX
    )
    assert reconcile([part, part], whole).agrees is agrees


def test_one_part_must_equal_its_whole() -> None:
    part = split_gross(Decimal("1.06"), SIX)
    assert reconcile([part], part).agrees
    assert reconcile([part], part).tolerance == 0


def test_a_missing_part_is_a_difference_of_its_gross_amount() -> None:
    whole = split_gross(Decimal("2.12"), SIX)
    missing = reconcile([split_gross(Decimal("1.06"), SIX)], whole)
    assert missing.gross_difference == Decimal("-1.06")
    within_tolerance = VatSplit(Decimal("2.11"), Decimal("2.00"), Decimal("0.11"), SIX)
    parts = [within_tolerance, split_gross(Decimal("0.00"), SIX)]
    assert not reconcile(parts, whole).agrees


def test_nothing_cannot_be_reconciled() -> None:
    with pytest.raises(ValueError, match="no parts"):
        reconcile([], split_gross(Decimal("1.06"), SIX))


def test_lines_of_different_rates_are_reconciled_line_by_line() -> None:
    services, servers = (
        split_gross(Decimal("106.00"), SIX),
        split_gross(Decimal("113.00"), Decimal("0.13")),
    )
    assert (servers.net, servers.tax) == (Decimal("100.00"), Decimal("13.00"))
    stated = VatSplit(Decimal("219.00"), Decimal("200.00"), Decimal("19.00"), SIX)
    assert reconcile([services, servers], stated).agrees


@pytest.mark.parametrize("gross", ["0.09", "0.26", "0.44"])
def test_tax_from_the_net_amount_is_a_check_and_not_the_tax(gross: str) -> None:
    split = split_gross(Decimal(gross), SIX)
    assert abs(tax_check_difference(split)) == FEN
    assert tax_agrees(split)
    assert split.net + split.tax == split.gross


@pytest.mark.parametrize(
    ("gross", "net", "tax", "agrees"),
    [
        ("106.00", "100.00", "6.00", True),
        ("106.00", "99.99", "6.01", True),
        ("106.02", "100.00", "6.02", False),
        ("105.98", "100.00", "5.98", False),
        ("106.00", "100.00", "6.01", False),
        ("106.01", "100.00", "6.00", False),
    ],
)
def test_a_typed_invoice_is_cross_checked(gross: str, net: str, tax: str, agrees: bool) -> None:
    assert tax_agrees(VatSplit(Decimal(gross), Decimal(net), Decimal(tax), SIX)) is agrees


@pytest.mark.parametrize("rate", ["6", "1", "-0.06"])
def test_a_rate_is_a_fraction(rate: str) -> None:
    with pytest.raises(ValueError, match=r"6 % is 0\.06"):
        split_gross(Decimal("1.00"), Decimal(rate))


def test_a_price_finer_than_a_fen_is_refused() -> None:
    with pytest.raises(MoneyError):
        split_gross(Decimal("1.005"), SIX)


@given(GROSS, RATES)
def test_net_and_tax_are_always_the_gross(gross: Decimal, rate: Decimal) -> None:
    split = split_gross(gross, rate)
    assert split.net + split.tax == gross
    assert split.rate == rate
    assert tax_agrees(split)
    assert abs(split.net * (1 + rate) - gross) <= Decimal("0.005") * (1 + rate)


@given(st.lists(GROSS, min_size=1, max_size=12), RATES)
def test_parts_of_one_rate_always_agree_with_their_sum(
    amounts: list[Decimal], rate: Decimal
) -> None:
    whole = split_gross(sum(amounts, Decimal(0)), rate)
    parts = [split_gross(amount, rate) for amount in amounts]
    if len(parts) > 1:
        assert reconcile(parts, whole).agrees
