import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TESTS

from deliverables.compute.late_payment import Accrual, Damages, Debt, accrue, cap_of
from deliverables.values.dates import Period
from deliverables.values.money import MoneyError

VECTORS: dict[str, Any] = json.loads((TESTS / "vectors" / "late-payment.json").read_text("utf-8"))
TOTAL = Decimal("4894458.72")
FIRST = Decimal("1957783.48")
SIGNED, DUE = date(2026, 4, 29), date(2026, 6, 29)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Late:
    """The damages for one amount, and what is known of all together."""

    damages: Damages
    all: Accrual

    def __getattr__(self, name: str) -> Any:
        return getattr(self.damages if hasattr(self.damages, name) else self.all, name)


def late(
    amount: Decimal = FIRST,
    due: date = DUE,
    paid: date = DUE,
    *,
    excluded: int = 0,
    rate: str = "0.0003",
    base: Decimal = TOTAL,
    ratio: str = "0.05",
) -> Late:
    """One amount that nobody paid before `paid`, with so many days excluded at its beginning."""
    excused = (Period(due + DAY, due + excluded * DAY),) if excluded else ()
    debt = Debt(due, ((SIGNED, amount),), excused)
    cap = cap_of(base, Decimal(ratio))
    found = accrue([debt], paid, daily_rate=Decimal(rate), cap=cap)
    return Late(found.debts[0], found)


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


def debt(due: date, *steps: tuple[date, str], excused: tuple[Period, ...] = ()) -> Debt:
    return Debt(due, tuple((day, Decimal(amount)) for day, amount in steps), excused)


def accrued(*debts: Debt, through: date, cap: str = "244722.93") -> Accrual:
    return accrue(debts, through, daily_rate=Decimal("0.0003"), cap=Decimal(cap))


def rows(damages: Damages) -> list[tuple[str, str, int, str, str]]:
    return [
        (str(one.period.first), str(one.period.last), one.period.days, str(one.amount),
         str(one.damages))
        for one in damages.stretches
    ]  # fmt: skip


class TestPartPayments:
    """What is open changes; each amount runs for its own days."""

    def test_the_day_money_comes_in_is_late_for_what_was_open_in_its_morning(self) -> None:
        (found,) = accrued(
            debt(DUE, (SIGNED, "1000.00"), (date(2026, 7, 9), "400.00"), (date(2026, 7, 19), "0")),
            through=date(2026, 12, 31),
        ).debts
        assert rows(found) == [
            ("2026-06-30", "2026-07-09", 10, "1000.00", "3.00"),
            ("2026-07-10", "2026-07-19", 10, "400.00", "1.20"),
        ]
        assert (found.days, str(found.uncapped)) == (20, "4.20")

    def test_a_part_paid_in_time_was_never_late(self) -> None:
        (found,) = accrued(
            debt(DUE, (SIGNED, "1000.00"), (date(2026, 6, 29), "400.00")), through=date(2026, 7, 9)
        ).debts
        assert rows(found) == [("2026-06-30", "2026-07-09", 10, "400.00", "1.20")]

    def test_rows_add_up_to_the_sum_that_is_rounded_once(self) -> None:
        """Half a fen twice is one fen: the first row has it, the second adds nothing."""
        (found,) = accrued(
            debt(DUE, (SIGNED, "50.00"), (date(2026, 6, 30), "16.66")), through=date(2026, 7, 1)
        ).debts
        assert [str(one.damages) for one in found.stretches] == ["0.02", "0.00"]
        assert str(found.uncapped) == "0.02"


class TestExcusedDays:
    def test_they_cut_the_days_that_count_in_two(self) -> None:
        (found,) = accrued(
            debt(DUE, (SIGNED, "1000.00"), excused=(Period(date(2026, 7, 5), date(2026, 7, 9)),)),
            through=date(2026, 7, 19),
        ).debts
        assert [row[:3] for row in rows(found)] == [
            ("2026-06-30", "2026-07-04", 5),
            ("2026-07-10", "2026-07-19", 10),
        ]

    def test_periods_that_overlap_excuse_a_day_once(self) -> None:
        twice = (Period(date(2026, 7, 1), date(2026, 7, 9)), Period(SIGNED, date(2026, 7, 3)))
        (found,) = accrued(
            debt(DUE, (SIGNED, "1000.00"), excused=twice), through=date(2026, 7, 19)
        ).debts
        assert [row[:3] for row in rows(found)] == [("2026-07-10", "2026-07-19", 10)]

    def test_days_before_the_deadline_or_after_payment_change_nothing(self) -> None:
        outside = (Period(SIGNED, DUE), Period(date(2026, 7, 10), date(2027, 1, 1)))
        (found,) = accrued(
            debt(DUE, (SIGNED, "1000.00"), (date(2026, 7, 9), "0"), excused=outside),
            through=date(2027, 2, 1),
        ).debts
        assert found.days == 10

    def test_when_all_days_are_excused_nothing_is_late(self) -> None:
        (found,) = accrued(
            debt(DUE, (SIGNED, "1000.00"), excused=(Period(SIGNED, date(2027, 1, 1)),)),
            through=date(2026, 12, 31),
        ).debts
        assert (found.days, found.uncapped) == (0, 0)


class TestOneCapForAll:
    """累计: the cap limits the damages of all instalments together."""

    two = (
        debt(date(2026, 1, 1), (date(2025, 1, 1), "10000.00")),  # 3.00 a day
        debt(date(2026, 1, 11), (date(2025, 1, 1), "20000.00")),  # 6.00 a day
    )

    def test_below_it_each_has_its_own(self) -> None:
        found = accrued(*self.two, through=date(2026, 1, 13), cap="60.00")
        assert [str(one.payable) for one in found.debts] == ["36.00", "12.00"]
        assert found.cap_bites_on == date(2026, 1, 15)

    def test_on_the_day_it_bites_the_first_is_served_first(self) -> None:
        found = accrued(*self.two, through=date(2026, 1, 15), cap="60.00")
        assert [str(one.uncapped) for one in found.debts] == ["42.00", "24.00"]
        assert [str(one.payable) for one in found.debts] == ["42.00", "18.00"]

    def test_afterwards_nothing_moves_from_one_to_the_other(self) -> None:
        found = accrued(*self.two, through=date(2028, 1, 1), cap="60.00")
        assert [str(one.payable) for one in found.debts] == ["42.00", "18.00"]

    def test_what_was_settled_before_keeps_what_it_cost(self) -> None:
        first = debt(date(2026, 1, 1), (date(2025, 1, 1), "10000.00"), (date(2026, 1, 6), "0"))
        found = accrued(first, self.two[1], through=date(2028, 1, 1), cap="60.00")
        assert [str(one.payable) for one in found.debts] == ["15.00", "45.00"]

    def test_without_debts_there_is_nothing(self) -> None:
        found = accrued(through=date(2028, 1, 1))
        assert (found.debts, found.cap_bites_on) == ((), None)

    @given(
        st.lists(st.tuples(st.integers(0, 400), st.integers(1, 10**9)), min_size=1, max_size=4),
        st.integers(0, 3000),
        st.integers(0, 10**7),
    )
    def test_together_they_never_exceed_it_and_never_fall_short(
        self, owed: list[tuple[int, int]], days: int, cap: int
    ) -> None:
        debts = [
            Debt(DUE + start * DAY, ((SIGNED, Decimal(fen) / 100),)) for start, fen in owed
        ]  # fmt: skip
        most = Decimal(cap) / 100
        found = accrue(debts, DUE + days * DAY, daily_rate=Decimal("0.0003"), cap=most)
        uncapped = sum((one.uncapped for one in found.debts), Decimal(0))
        assert sum(one.payable for one in found.debts) == min(uncapped, most)
        assert all(0 <= one.payable <= one.uncapped for one in found.debts)
