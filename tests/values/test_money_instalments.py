from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.values.money import (
    agrees_with_ratio,
    amounts,
    less_withheld,
    ratio_difference,
    sum_difference,
)

TOTAL = Decimal("4894458.72")
STATED = [Decimal("1957783.48"), Decimal("1468337.62"), Decimal("1468337.62")]
FORTY_THIRTY = [Decimal("0.4"), Decimal("0.3"), None]
SME = [Decimal("0.5"), Decimal("0.2"), None]


def test_stated_amounts_are_never_recomputed() -> None:
    assert amounts(TOTAL, STATED, FORTY_THIRTY) == tuple(STATED)
    wrong = [Decimal("1.00"), Decimal("0.00"), Decimal("3.00")]
    assert amounts(TOTAL, wrong, FORTY_THIRTY) == tuple(wrong)


def test_absent_amounts_are_shares_and_a_remainder() -> None:
    assert amounts(TOTAL, [None] * 3, SME) == (
        Decimal("2447229.36"),
        Decimal("978891.74"),
        Decimal("1468337.62"),
    )


def test_shares_are_rounded_half_up() -> None:
    half = [Decimal("0.5"), None]
    assert amounts(Decimal("0.05"), [None, None], half) == (Decimal("0.03"), Decimal("0.02"))


def test_the_last_absent_amount_is_the_remainder_wherever_it_stands() -> None:
    assert amounts(TOTAL, [None, *STATED[1:]], FORTY_THIRTY) == tuple(STATED)
    assert amounts(TOTAL, [None, None, STATED[2]], SME) == (
        Decimal("2447229.36"),
        Decimal("978891.74"),
        Decimal("1468337.62"),
    )


def test_a_remainder_may_be_nothing_but_not_less() -> None:
    assert amounts(Decimal("1.00"), [Decimal("1.00"), None], [None, None])[1] == 0
    with pytest.raises(ValueError, match=r"nothing of 1\.00 remains"):
        amounts(Decimal("1.00"), [Decimal("1.01"), None], [None, None])


def test_a_share_needs_a_ratio() -> None:
    with pytest.raises(ValueError, match="needs a ratio"):
        amounts(TOTAL, [None, None], [None, None])


def test_every_amount_has_its_ratio_beside_it() -> None:
    with pytest.raises(ValueError, match="3 amounts do not match 2 ratios"):
        amounts(TOTAL, STATED, [None, None])
    with pytest.raises(ValueError, match="2 amounts do not match 3 ratios"):
        amounts(TOTAL, STATED[:2], FORTY_THIRTY)


@pytest.mark.parametrize(
    ("stated", "ratio", "difference", "agrees"),
    [
        ("1957783.48", "0.4", "-0.008", True),
        ("1468337.62", "0.3", "0.004", True),
        ("1957783.49", "0.4", "0.002", True),
        ("1957783.47", "0.4", "-0.018", False),
        ("1957783.50", "0.4", "0.012", False),
        ("2447229.36", "0.5", "0.00", True),
        ("2447229.37", "0.5", "0.01", False),
        ("2447229.35", "0.5", "-0.01", False),
    ],
)
def test_a_stated_amount_is_less_than_a_fen_from_its_ratio(
    stated: str, ratio: str, difference: str, agrees: bool
) -> None:
    arguments = Decimal(stated), TOTAL, Decimal(ratio)
    assert ratio_difference(*arguments) == Decimal(difference)
    assert agrees_with_ratio(*arguments) is agrees


def test_the_instalments_of_the_contract_add_up() -> None:
    assert sum_difference(STATED, TOTAL) == 0
    assert sum_difference([Decimal("1957783.49"), *STATED[1:]], TOTAL) == Decimal("0.01")
    assert sum_difference(STATED[:2], TOTAL) == -STATED[2]


@given(
    st.decimals(min_value=0, max_value=10**10, places=2),
    st.lists(st.integers(0, 100), min_size=1, max_size=8),
)
def test_absent_amounts_always_add_up_to_the_total(total: Decimal, weights: list[int]) -> None:
    ratios: list[Decimal | None] = [Decimal(w) / (100 * len(weights)) for w in weights]
    try:
        result = amounts(total, [None] * (len(weights) + 1), [*ratios, None])
    except ValueError:
        assert sum(weights) > 99 * len(weights)  # all but nothing was given away, and rounded up
        return
    assert sum_difference(result, total) == 0
    assert all(amount.as_tuple().exponent == -2 for amount in result)
    assert min(result) >= 0


@given(
    st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2),
    st.lists(st.integers(1, 99), min_size=1, max_size=6, unique=True).map(sorted),
)
def test_what_is_paid_up_to_rising_shares_and_the_rest_is_the_total(
    total: Decimal, hundredths: list[int]
) -> None:
    up_to = [Decimal(one) / 100 for one in hundredths]
    empty: list[Decimal | None] = [None] * (len(up_to) + 1)
    found = amounts(total, empty, empty, [*up_to, None])
    assert sum(found) == total
    assert min(found) >= 0
    for count, share in enumerate(up_to, 1):
        assert agrees_with_ratio(sum(found[:count], Decimal(0)), total, share)


def test_a_share_that_does_not_rise_is_no_payment_up_to_it() -> None:
    with pytest.raises(ValueError, match="is paid before"):
        amounts(TOTAL, [STATED[0], None, None], [None] * 3, [None, Decimal("0.3"), None])


@given(st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2), st.integers(0, 100))
def test_what_is_paid_at_once_and_what_is_withheld_are_the_amount(
    amount: Decimal, hundredths: int
) -> None:
    withheld = Decimal(hundredths) / 100
    paid = less_withheld(amount, withheld)
    assert 0 <= paid <= amount
    assert agrees_with_ratio(amount - paid, amount, withheld)
