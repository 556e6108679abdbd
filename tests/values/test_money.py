from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.values.money import (
    FEN,
    MoneyError,
    format_yuan,
    in_fen,
    parse_yuan,
    round_down,
    round_half_up,
)

AMOUNTS = st.decimals(min_value=-(10**15) + 1, max_value=10**15 - 1, places=2)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("0.004999999999999999999999999999999999", 2, "0.00"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("1957783.488", 2, "1957783.49"),
        ("2.5", 0, "3"),
        ("99.95421245", 4, "99.9542"),
        ("123456789012345678901234567890.125", 2, "123456789012345678901234567890.13"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(value), places)) == rounded


def test_two_places_are_the_default() -> None:
    assert str(round_half_up(Fraction(1, 3))) == "0.33"
    assert str(round_down(Fraction(2, 3))) == "0.66"
    assert str(round_half_up(7)) == "7.00"


def test_a_division_that_does_not_end_is_rounded_once() -> None:
    nearly_half = Fraction(5, 1000) - Fraction(1, 10**60)
    assert round_half_up(nearly_half) == 0


@pytest.mark.parametrize(
    ("value", "places", "cut"),
    [
        ("244722.936", 2, "244722.93"),
        ("0.009", 2, "0.00"),
        ("-0.019", 2, "-0.01"),
        ("99.99999", 4, "99.9999"),
    ],
)
def test_rounding_down_cuts_towards_zero(value: str, places: int, cut: str) -> None:
    assert str(round_down(Decimal(value), places)) == cut


@pytest.mark.parametrize("value", [0.1, True, "1", None, Decimal("NaN"), Decimal("Infinity")])
def test_only_exact_numbers_are_rounded(value: object) -> None:
    for rounding in (round_half_up, round_down):
        with pytest.raises(MoneyError):
            rounding(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1,957,783.48", "1957783.48"),
        ("1957783.48", "1957783.48"),
        ("￥4,894,458.72", "4894458.72"),
        ("¥ 4,894,458.72 ", "4894458.72"),
        (" 5", "5.00"),
        ("5.5", "5.50"),
        ("-0.01", "-0.01"),
        ("100,000", "100000.00"),
        (0, "0.00"),
        (Decimal("1E+2"), "100.00"),
        (Decimal("999999999999999.99"), "999999999999999.99"),
    ],
)
def test_an_amount_is_read_with_two_places(written: str | int | Decimal, amount: str) -> None:
    assert str(parse_yuan(written)) == amount


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1,95,7783.48", "not an amount"),
        ("1957,783.48", "not an amount"),
        (",783.48", "not an amount"),
        ("", "not an amount"),
        ("12.", "not an amount"),
        (".5", "not an amount"),
        ("1e3", "not an amount"),
        ("壹元", "not an amount"),
        ("１２", "not an amount"),
        ("￥￥5", "not an amount"),
        ("5\n6", "not an amount"),
        ("0.005", "more than two decimals"),
        ("5.000", "more than two decimals"),
        (Decimal("5.000"), "more than two decimals"),
        (Decimal("1E-999999999"), "more than two decimals"),
        ("1,000,000,000,000,000", "too large"),
        (Decimal("1E+999999999"), "too large"),
        (Decimal("NaN"), "not a number"),
        (5.0, "float"),
        (True, "bool"),
        (None, "NoneType"),
    ],
)
def test_what_is_no_amount_is_refused(written: object, reason: str) -> None:
    with pytest.raises(MoneyError, match=reason):
        parse_yuan(written)  # type: ignore[arg-type]


def test_printing_groups_thousands_and_never_rounds() -> None:
    assert format_yuan(Decimal("1957783.48")) == "1,957,783.48"
    assert format_yuan(Decimal(5)) == "5.00"
    assert format_yuan(Decimal("-0.01")) == "-0.01"
    with pytest.raises(MoneyError, match="more than two decimals"):
        format_yuan(Decimal("0.005"))
    with pytest.raises(MoneyError, match="float"):
        format_yuan(5.0)  # type: ignore[arg-type]


def test_a_fen_is_the_smallest_amount() -> None:
    assert in_fen(FEN) == 1
    assert in_fen(Decimal("-0.01")) == -1
    assert in_fen(12) == 1200
    with pytest.raises(MoneyError):
        in_fen(FEN / 2)


@given(AMOUNTS)
def test_what_is_printed_is_read_back(amount: Decimal) -> None:
    assert parse_yuan(format_yuan(amount)) == amount
    assert Decimal(in_fen(amount)) == amount * 100


@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(0, 6))
def test_rounding_moves_a_value_as_little_as_its_rule_allows(value: Fraction, places: int) -> None:
    unit = Fraction(1, 10**places)
    near, cut = Fraction(round_half_up(value, places)), Fraction(round_down(value, places))
    assert abs(near - value) <= unit / 2
    assert abs(cut) <= abs(value) < abs(cut) + unit
