import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TESTS

from deliverables.compute.availability import Availability, combine, measure, weighted_downtime
from deliverables.values.dates import Convention, Interval, Period, divide, service_term

VECTORS: list[dict[str, Any]] = json.loads(
    (TESTS / "vectors" / "availability.json").read_text("utf-8")
)
DATES: dict[str, Any] = json.loads((TESTS / "vectors" / "dates.json").read_text("utf-8"))
LEVEL = Decimal("99.9")
SIGNING = date(2026, 4, 29)
QUARTERS = divide(SIGNING, 12, 4, Convention.CIVIL_CODE)
Q1 = QUARTERS[0]  # 2026-04-30 to 2026-07-29


def outage(start: str, minutes: int | Fraction) -> Interval:
    begin = datetime.fromisoformat(start)
    return Interval(begin, begin + timedelta(seconds=int(minutes * 60)))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['period']}-{v['downtime_min']}")
def test_vectors(vector: dict[str, Any]) -> None:
    days = vector["total_min"] // 1440
    period = Period(date(2026, 4, 30), date(2026, 4, 30) + timedelta(days=days - 1))
    minutes = int(vector["downtime_min"])
    outages = [outage("2026-05-01 00:00", minutes)] if minutes else []
    measured = measure(period, outages, LEVEL)
    assert measured.total_minutes == vector["total_min"]
    assert measured.downtime == minutes
    assert f"{measured.percent}%" == vector["display_floor4"]
    assert measured.meets is vector["meets_99_9"]


@pytest.mark.parametrize("vector", DATES["quarters"], ids=str)
def test_the_budget_of_a_quarter(vector: dict[str, Any]) -> None:
    period = Period(date.fromisoformat(vector["start"]), date.fromisoformat(vector["end"]))
    budget = measure(period, [], LEVEL).budget_minutes
    assert budget == Fraction(vector["allowed_downtime_min_99_9"])


def test_the_budget_of_the_year() -> None:
    year = measure(service_term(SIGNING, 12, Convention.CIVIL_CODE), [], LEVEL)
    assert year.budget_minutes == Fraction("525.6")
    assert combine([measure(quarter, [], LEVEL) for quarter in QUARTERS]) == year


def test_outages_count_once_and_inside_the_period() -> None:
    outages = [
        outage("2026-04-29 23:50", 20),  # 10 of them in the period
        outage("2026-05-01 08:00", 60),
        outage("2026-05-01 08:30", 60),  # 30 of them already counted
        outage("2026-07-29 23:59", 2),  # 1 of them in the period
        outage("2026-07-30 00:00", 5),
    ]
    assert measure(Q1, outages, LEVEL).downtime == 10 + 90 + 1


def test_every_second_counts() -> None:
    assert measure(Q1, [outage("2026-05-01 08:00", Fraction(1, 60))], LEVEL).downtime == Fraction(
        1, 60
    )


def test_at_the_budget_the_service_meets_and_a_second_later_it_does_not() -> None:
    at_budget = Availability(129_600, Fraction("129.6"), LEVEL)
    assert at_budget.meets
    assert str(at_budget.percent) == "99.9000"
    assert at_budget.budget_minutes == at_budget.downtime
    beyond = Availability(129_600, Fraction("129.6") + Fraction(1, 60), LEVEL)
    assert not beyond.meets
    assert str(beyond.percent) == "99.8999"


def test_a_level_with_more_places_is_answered_with_as_many() -> None:
    level = Decimal("99.99995")
    passing = Availability(1_000_000, Fraction("0.4"), level)
    assert (passing.meets, str(passing.percent)) == (True, "99.99996")
    failing = Availability(1_000_000, Fraction("0.51"), level)
    assert (failing.meets, str(failing.percent)) == (False, "99.99994")


def test_periods_are_combined_by_minutes_and_never_by_averaging() -> None:
    short = Availability(1_000, Fraction(10), LEVEL)
    long = Availability(9_000, Fraction(0), LEVEL)
    both = combine([short, long])
    assert both == Availability(10_000, Fraction(10), LEVEL)
    assert (str(both.percent), both.meets) == ("99.9000", True)


def test_only_like_periods_are_combined() -> None:
    with pytest.raises(ValueError, match="one threshold"):
        combine([])
    with pytest.raises(ValueError, match="one threshold"):
        combine([measure(Q1, [], LEVEL), measure(Q1, [], Decimal("99.95"))])


@pytest.mark.parametrize("threshold", ["0", "-1", "100.1"])
def test_a_threshold_is_a_percentage(threshold: str) -> None:
    with pytest.raises(ValueError, match=r"percentage such as 99\.9"):
        measure(Q1, [], Decimal(threshold))
    assert measure(Q1, [], Decimal("0.1")).meets


def test_a_partial_outage_weighs_by_its_share_of_the_hosts() -> None:
    assert weighted_downtime([(60, 10, 40), (Fraction(1, 2), 40, 40)]) == Fraction("15.5")
    assert weighted_downtime([(60, 0, 1)]) == 0
    assert weighted_downtime([]) == 0


@pytest.mark.parametrize(("affected", "total"), [(41, 40), (-1, 40), (0, 0), (0, -1)])
def test_more_hosts_than_there_are_cannot_be_affected(affected: int, total: int) -> None:
    with pytest.raises(ValueError, match="cannot be affected"):
        weighted_downtime([(60, affected, total)])


THRESHOLDS = st.decimals(min_value="0.00001", max_value=100, places=5) | st.sampled_from(
    [Decimal("99.9"), Decimal("99.95"), Decimal("99.99995"), Decimal(100)]
)


@given(
    st.integers(1, 600_000).flatmap(
        lambda total: st.tuples(
            st.just(total), st.fractions(min_value=0, max_value=total, max_denominator=60)
        )
    ),
    THRESHOLDS,
)
def test_the_printed_figure_and_the_verdict_never_disagree(
    minutes: tuple[int, Fraction], threshold: Decimal
) -> None:
    measured = Availability(*minutes, threshold)
    assert measured.meets == (measured.percent >= threshold)
    assert (measured.percent == 100) == (measured.downtime == 0)


@given(st.lists(st.tuples(st.integers(0, 140_000), st.integers(1, 5_000)), max_size=6))
def test_the_quarters_add_up_to_the_year(outages: list[tuple[int, int]]) -> None:
    start = datetime(2026, 4, 29)
    intervals = [
        Interval(start + timedelta(minutes=4 * begin), start + timedelta(minutes=4 * begin + long))
        for begin, long in outages
    ]
    year = measure(service_term(SIGNING, 12, Convention.CIVIL_CODE), intervals, LEVEL)
    assert combine(measure(quarter, intervals, LEVEL) for quarter in QUARTERS) == year
