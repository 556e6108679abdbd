from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.compute.figures import (
    Basis,
    Rate,
    share,
    simple_mean,
    weighted_usage,
)


def decimals(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_a_part_is_a_share_of_the_whole() -> None:
    assert share(89, 90) == Decimal("98.89")
    assert share(90, 90) == 100
    assert share(0, 90) == 0


def test_a_failure_never_shows_as_full_success() -> None:
    assert share(99_999, 100_000) == Decimal("99.99")


def test_nothing_planned_is_no_rate() -> None:
    assert share(0, 0) is None
    assert weighted_usage([], []) is None
    assert weighted_usage(decimals("0"), decimals("0")) is None
    assert simple_mean([]) is None


def test_usage_is_weighted_by_capacity_and_the_simple_mean_says_that_it_is_not() -> None:
    used, capacity = decimals("90", "10"), decimals("100", "900")
    assert str(weighted_usage(used, capacity)) == "10.00%（按容量加权）"
    assert str(simple_mean(decimals("90", "1.11"))) == "45.56%（简单平均）"


def test_usage_is_rounded_half_up() -> None:
    assert weighted_usage(decimals("1"), decimals("3")) == Rate(Decimal("33.33"), Basis.WEIGHTED)
    assert weighted_usage(decimals("2"), decimals("3")) == Rate(Decimal("66.67"), Basis.WEIGHTED)
    assert simple_mean(decimals("0.01", "0.02")) == Rate(Decimal("0.02"), Basis.SIMPLE_MEAN)


def test_every_use_has_a_capacity() -> None:
    with pytest.raises(ValueError, match="1 uses do not match 2 capacities"):
        weighted_usage(decimals("1"), decimals("1", "2"))
    with pytest.raises(ValueError, match="2 uses do not match 1 capacities"):
        weighted_usage(decimals("1", "2"), decimals("1"))


@given(st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_only_full_success_is_a_hundred_percent(counts: tuple[int, int]) -> None:
    part, whole = counts
    shown = share(part, whole)
    assert (shown is None) == (whole == 0)
    if shown is not None:
        assert (shown == 100) == (part == whole)
