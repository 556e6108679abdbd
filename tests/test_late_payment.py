import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.compute.late_payment import LatePayment, accrue
from deliverables.money import MoneyError

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "vectors" / "late-payment.json").read_text("utf-8")
)
TOTAL = Decimal("4894458.72")
FIRST = Decimal("1957783.48")
DUE = date(2026, 6, 29)


def late(
    amount: Decimal = FIRST,
    due: date = DUE,
    paid: date = DUE,
    *,
    excluded: int = 0,
    rate: str = "0.0003",
    base: Decimal = TOTAL,
    ratio: str = "0.05",
) -> LatePayment:
    return accrue(
        amount,
        due,
        paid,
        excluded_days=excluded,
        daily_rate=Decimal(rate),
        cap_base=base,
        cap_ratio=Decimal(ratio),
    )


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=str)
def test_vectors(vector: dict[str, Any]) -> None:
    result = late(
        Decimal(vector["late_amount"]),
        date.fromisoformat(vector["due"]),
        date.fromisoformat(vector["paid"]),
        excluded=vector["excluded_fiscal_days"],
    )
    assert result.days == vector["days"]
    assert str(result.uncapped) == vector["uncapped"]
    assert str(result.payable) == vector["payable"]


def test_the_cap_is_rounded_down() -> None:
    assert str(late().cap) == VECTORS["cap_payable_rounded_down"] == "244722.93"


def test_the_cap_bites_on_day_417() -> None:
    assert late().cap_bites_on == date(2027, 8, 20) == DUE + timedelta(days=417)
    the_day_before, the_day = late(paid=date(2027, 8, 19)), late(paid=date(2027, 8, 20))
    assert the_day_before.payable == the_day_before.uncapped == Decimal("244331.38")
    assert (the_day.uncapped, the_day.payable) == (Decimal("244918.71"), Decimal("244722.93"))


def test_excluded_days_put_the_cap_off() -> None:
    assert late(excluded=20).cap_bites_on == date(2027, 9, 9)


@pytest.mark.parametrize(
    ("paid", "excluded", "days"),
    [("2026-06-28", 0, 0), ("2026-06-29", 0, 0), ("2026-06-30", 0, 1), ("2026-07-10", 11, 0),
     ("2026-07-10", 12, 0), ("2026-07-10", 10, 1)],
)  # fmt: skip
def test_days_late_are_never_negative(paid: str, excluded: int, days: int) -> None:
    assert late(paid=date.fromisoformat(paid), excluded=excluded).days == days


def test_the_product_is_rounded_once() -> None:
    """A cent and a half a day: ten days are 15 fen, not ten times a rounded 2."""
    ten = late(Decimal("50.00"), paid=date(2026, 7, 9))
    assert ten.uncapped == Decimal("0.15")


def test_the_cap_bites_where_rounded_damages_pass_it() -> None:
    """0.015 a day against a cap of 0.02: day 1 rounds to the cap, day 2 to more."""
    small = late(Decimal("50.00"), base=Decimal("0.40"))
    assert (small.cap, small.cap_bites_on) == (Decimal("0.02"), DUE + timedelta(days=2))
    assert late(Decimal("50.00"), paid=DUE + timedelta(days=1), base=Decimal("0.40")).payable == (
        Decimal("0.02")
    )


@pytest.mark.parametrize(("amount", "day"), [("50.00", 1), ("49.95", 2)])
def test_the_cap_bites_from_half_a_fen_above_it(amount: str, day: int) -> None:
    """A cap of 0.01: 0.015 rounds to more than it, 0.014985 does not."""
    result = late(Decimal(amount), base=Decimal("0.20"))
    assert (result.cap, result.cap_bites_on) == (Decimal("0.01"), DUE + timedelta(days=day))


def test_a_cap_that_damages_meet_exactly_does_not_bite_yet() -> None:
    """0.03 a day against a cap of 0.06: day 2 is the cap, day 3 the first above it."""
    exact = late(Decimal("100.00"), base=Decimal("1.20"))
    assert exact.cap_bites_on == DUE + timedelta(days=3)


def test_damages_that_cannot_reach_the_cap() -> None:
    assert late(Decimal("0.00")).cap_bites_on is None
    assert late(rate="0").cap_bites_on is None
    assert late(Decimal("0.01")).cap_bites_on is None  # beyond the calendar
    to_the_end = (date.max - DUE).days
    daily = Decimal("100.00")  # 0.03 a day
    cap = Decimal("0.03") * to_the_end
    assert late(daily, base=(cap - Decimal("0.03")), ratio="1").cap_bites_on == date.max
    assert late(daily, base=cap, ratio="1").cap_bites_on is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal("-0.01")},
        {"excluded": -1},
        {"rate": "-0.0003"},
        {"base": Decimal("-1.00")},
        {"ratio": "-0.05"},
    ],
    ids=str,
)
def test_nothing_is_negative(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        late(**wrong)


def test_amounts_are_money() -> None:
    with pytest.raises(MoneyError):
        late(Decimal("0.005"))
    with pytest.raises(MoneyError):
        late(base=Decimal("0.005"))


@given(
    st.decimals(min_value="0.01", max_value=10**8, places=2),
    st.integers(0, 3000),
    st.integers(0, 100),
)
def test_the_day_the_cap_bites_is_the_first_day_it_limits(
    amount: Decimal, days: int, excluded: int
) -> None:
    paid = DUE + timedelta(days=days)
    result = late(amount, paid=paid, excluded=excluded)
    assert result.payable <= result.cap
    assert abs(Fraction(result.uncapped) - Fraction(amount) * 3 * result.days / 10_000) <= Fraction(
        1, 200
    )
    limited = result.uncapped > result.cap
    assert limited == (result.cap_bites_on is not None and paid >= result.cap_bites_on)
