import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TESTS

from deliverables.values.calendar import Provisional, Settled, published_calendar
from deliverables.values.dates import (
    Convention,
    Period,
    add_months,
    days_before,
    divide,
    midpoint,
    roll_forward,
    service_term,
)

CIVIL, INCLUSIVE = Convention.CIVIL_CODE, Convention.INCLUSIVE
DATES: dict[str, Any] = json.loads((TESTS / "vectors" / "dates.json").read_text("utf-8"))
SIGNING = date(2026, 4, 29)
DAY = timedelta(days=1)
CALENDAR = published_calendar()
STARTS = st.dates(date(1999, 1, 1), date(2101, 1, 1))
CONVENTIONS = st.sampled_from(Convention)


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- days in a period -------------------------------------------------------------------


def test_both_ends_of_a_period_count() -> None:
    quarter = Period(date(2026, 4, 30), date(2026, 7, 29))
    assert (quarter.days, quarter.minutes) == (91, 131_040)
    assert quarter.contains(date(2026, 4, 30))
    assert quarter.contains(date(2026, 7, 29))
    assert not quarter.contains(date(2026, 4, 29))
    assert not quarter.contains(date(2026, 7, 30))


def test_a_period_has_at_least_a_day() -> None:
    assert Period(SIGNING, SIGNING).days == 1
    with pytest.raises(ValueError, match="cannot end on 2026-04-28"):
        Period(SIGNING, SIGNING - DAY)


# --- months -----------------------------------------------------------------------------


@pytest.mark.parametrize("vector", DATES["month_period_vectors"], ids=str)
def test_months_run_to_the_corresponding_day(vector: dict[str, Any]) -> None:
    assert add_months(day(vector["start"]), vector["months"]) == day(vector["last_day_art202"])


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-12-31", 0, "2026-12-31"),
        ("2026-11-15", 1, "2026-12-15"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-31", -2, "2025-11-30"),
        ("2100-01-29", 1, "2100-02-28"),
    ],
)
def test_a_month_without_that_day_ends_the_period(start: str, months: int, expected: str) -> None:
    assert add_months(day(start), months) == day(expected)


# --- terms and quarters -----------------------------------------------------------------


@pytest.mark.parametrize("convention", Convention)
def test_the_service_term_of_the_contract(convention: Convention) -> None:
    first, last, days = DATES["service_period"][convention]
    term = service_term(SIGNING, 12, convention)
    assert term == Period(day(first), day(last))
    assert term.days == days


@pytest.mark.parametrize("vector", DATES["quarters"], ids=str)
def test_the_quarters_of_the_contract(vector: dict[str, Any]) -> None:
    quarters = divide(SIGNING, 12, 4, Convention(vector["convention"]))
    quarter = quarters[vector["quarter"] - 1]
    assert quarter == Period(day(vector["start"]), day(vector["end"]))
    assert (quarter.days, quarter.minutes) == (vector["days"], vector["total_minutes"])


def test_cuts_are_counted_from_the_original_day_and_never_chained() -> None:
    lasts = [str(part.last) for part in divide(date(2026, 11, 30), 12, 4, CIVIL)]
    assert lasts == ["2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"]


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-04-29", "2027-04-28"),
        ("2026-05-01", "2027-04-30"),
        ("2026-03-01", "2027-02-28"),
        ("2027-03-01", "2028-02-29"),
        ("2024-02-29", "2025-02-28"),
        ("2026-01-01", "2026-12-31"),
    ],
)
def test_an_inclusive_year_ends_the_day_before(start: str, last: str) -> None:
    assert service_term(day(start), 12, INCLUSIVE) == Period(day(start), day(last))


def test_a_month_from_the_end_of_january() -> None:
    start = date(2027, 1, 31)
    assert service_term(start, 1, CIVIL) == Period(date(2027, 2, 1), date(2027, 2, 28))
    assert service_term(start, 1, INCLUSIVE) == Period(start, date(2027, 2, 28))
    assert service_term(start, 3, INCLUSIVE) == Period(start, date(2027, 4, 30))


@pytest.mark.parametrize(("months", "parts"), [(12, 5), (12, 0), (0, 1), (12, -3), (-12, 4)])
def test_only_whole_months_are_shared_out(months: int, parts: int) -> None:
    with pytest.raises(ValueError, match="cannot be divided"):
        divide(SIGNING, months, parts, CIVIL)


@given(STARTS, st.sampled_from([(12, 4), (24, 8), (12, 3), (36, 12), (3, 3), (6, 1)]), CONVENTIONS)
def test_parts_tile_the_term(start: date, shape: tuple[int, int], convention: Convention) -> None:
    months, parts = shape
    term, cut = service_term(start, months, convention), divide(start, months, parts, convention)
    assert len(cut) == parts
    assert (cut[0].first, cut[-1].last) == (term.first, term.last)
    assert sum(part.days for part in cut) == term.days
    for earlier, later in pairwise(cut):
        assert later.first == earlier.last + DAY


@given(STARTS)
def test_the_conventions_differ_by_a_day_at_most(start: date) -> None:
    civil, inclusive = service_term(start, 12, CIVIL), service_term(start, 12, INCLUSIVE)
    assert civil.first - inclusive.first == DAY
    assert civil.last - inclusive.last in (timedelta(0), DAY)
    assert civil.days in (365, 366)


# --- half of the term -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("convention", "over", "ends"),
    [
        (CIVIL, "over_half_from", "civil_code_half_ends"),
        (INCLUSIVE, "inclusive_over_half_from", "inclusive_half_ends"),
    ],
)
def test_the_term_is_half_over(convention: Convention, over: str, ends: str) -> None:
    vector = DATES["midpoint"]
    assert midpoint(SIGNING, 12, convention) == day(vector[over]) == day(vector[ends]) + DAY


def test_half_of_an_even_number_of_months_is_counted_in_months() -> None:
    """02-01 to 02-28 is the first of two months: 28 days of 59."""
    assert midpoint(date(2026, 1, 31), 2, CIVIL) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("start", "months", "over_half_from"),
    [
        ("2026-04-29", 1, "2026-05-15"),  # 04-30 to 05-29 are 30 days; the 16th is past half
        ("2026-04-30", 1, "2026-05-16"),  # 05-01 to 05-30 are 30 days
        ("2026-05-30", 1, "2026-06-16"),  # 05-31 to 06-30 are 31 days; the 17th is
    ],
)
def test_half_of_an_odd_number_of_months_is_counted_in_days(
    start: str, months: int, over_half_from: str
) -> None:
    assert midpoint(day(start), months, CIVIL) == day(over_half_from)


def is_worked(on: date) -> bool:
    found = CALENDAR.add_workdays(on - DAY, 1)
    return isinstance(found, Settled) and found.date == on


# --- days and rest days -----------------------------------------------------------------


@pytest.mark.parametrize("vector", DATES["force_majeure_15d_vectors"], ids=str)
def test_a_deadline_on_a_rest_day_moves_to_the_next_working_day(vector: dict[str, Any]) -> None:
    last = day(vector["event"]) + 15 * DAY
    assert last == day(vector["day15"])
    assert roll_forward(last, CALENDAR) == Settled(day(vector["deadline_art203"]))


def test_a_make_up_saturday_is_no_rest_day() -> None:
    assert roll_forward(date(2026, 10, 10), CALENDAR) == Settled(date(2026, 10, 10))
    assert roll_forward(date(2026, 10, 11), CALENDAR) == Settled(date(2026, 10, 12))


def test_thirty_days_ahead_of_leaving() -> None:
    assert days_before(date(2026, 12, 31), 30, CALENDAR) == Settled(date(2026, 12, 1))


@pytest.mark.parametrize(
    ("leaving", "n", "apply_by"),
    [("2026-11-01", 30, "2026-09-30"), ("2026-06-22", 1, "2026-06-18")],
)
def test_who_must_act_ahead_of_a_rest_day_acts_earlier(leaving: str, n: int, apply_by: str) -> None:
    assert days_before(day(leaving), n, CALENDAR) == Settled(day(apply_by))


def test_in_an_unpublished_year_a_rest_day_is_not_known() -> None:
    last = date(2027, 5, 3)  # a Monday the notice will make off
    rolled = roll_forward(last, CALENDAR)
    assert rolled == Provisional(last, date(2027, 5, 6), "2027年放假安排尚未计入")
    ahead = days_before(date(2027, 5, 13), 10, CALENDAR)
    assert ahead == Provisional(date(2027, 4, 28), last, "2027年放假安排尚未计入")


@given(st.dates(date(2004, 3, 1), date(2025, 11, 1)), st.integers(1, 40))
def test_counted_days_fall_on_working_days_nearest_to_them(start: date, n: int) -> None:
    forwards, backwards = roll_forward(start, CALENDAR), days_before(start, n, CALENDAR)
    assert isinstance(forwards, Settled)
    assert isinstance(backwards, Settled)
    skipped = [start + i * DAY for i in range((forwards.date - start).days)]
    assert not any(is_worked(one) for one in skipped)
    assert is_worked(forwards.date)
    counted = start - n * DAY
    skipped = [counted - i * DAY for i in range((counted - backwards.date).days)]
    assert not any(is_worked(one) for one in skipped)
    assert is_worked(backwards.date)
