from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.values.dates import Interval, Period, clip, merge, total_minutes, whole_days


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def interval(start: str, end: str) -> Interval:
    return Interval(at(f"2026-05-{start}"), at(f"2026-05-{end}"))


MOMENTS = st.integers(0, 500).map(lambda n: datetime(2026, 5, 1) + timedelta(seconds=37 * n))
INTERVALS = (
    st.tuples(MOMENTS, MOMENTS)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Interval(min(pair), max(pair)))
)


def test_a_time_without_a_zone_is_a_clock_in_beijing() -> None:
    typed = interval("01 08:00", "01 09:30")
    assert typed == Interval(at("2026-05-01T00:00Z"), at("2026-05-01T01:30Z"))
    assert typed.start.isoformat() == "2026-05-01T08:00:00+08:00"
    assert typed.start.tzname() == "Asia/Shanghai"
    assert typed.end.utcoffset() == timedelta(hours=8)


def test_a_time_in_another_zone_is_the_same_moment() -> None:
    tokyo = timezone(timedelta(hours=9))
    elsewhere = Interval(datetime(2026, 5, 1, 9, tzinfo=tokyo), datetime(2026, 5, 1, 2, tzinfo=UTC))
    assert elsewhere == interval("01 08:00", "01 10:00")


def test_summer_time_of_1986_to_1991_is_elapsed_time() -> None:
    assert Interval(at("1990-04-14 12:00"), at("1990-04-15 12:00")).minutes == 23 * 60


@pytest.mark.parametrize("end", ["01 08:00", "01 07:59:59"])
def test_an_interval_ends_after_it_starts(end: str) -> None:
    with pytest.raises(ValueError, match="cannot end at"):
        interval("01 08:00", end)


def test_lengths_are_exact() -> None:
    assert interval("01 08:00", "01 09:30").minutes == 90
    assert interval("01 08:00", "01 08:00:01").minutes == Fraction(1, 60)
    assert interval("01 08:00", "01 08:00:00.000001").minutes == Fraction(1, 60_000_000)
    assert interval("01 23:50", "02 00:10").minutes == 20


def test_a_period_is_its_whole_days() -> None:
    quarter = Period(date(2026, 4, 30), date(2026, 7, 29))
    assert whole_days(quarter) == Interval(at("2026-04-30 00:00"), at("2026-07-30 00:00"))
    assert whole_days(quarter).minutes == quarter.minutes


@pytest.mark.parametrize(
    ("start", "end", "clipped"),
    [
        ("01 08:00", "01 09:00", ("01 08:00", "01 09:00")),
        ("01 07:00", "01 08:30", ("01 08:00", "01 08:30")),
        ("01 08:30", "01 10:00", ("01 08:30", "01 09:00")),
        ("01 07:00", "01 10:00", ("01 08:00", "01 09:00")),
        ("01 07:00", "01 08:00", None),
        ("01 09:00", "01 10:00", None),
        ("01 05:00", "01 06:00", None),
    ],
)
def test_clipping_keeps_what_lies_inside(
    start: str, end: str, clipped: tuple[str, str] | None
) -> None:
    hour = interval("01 08:00", "01 09:00")
    assert clip(interval(start, end), hour) == (interval(*clipped) if clipped else None)


@pytest.mark.parametrize(
    ("given", "union"),
    [
        ([], []),
        ([("01 08:00", "01 09:00")], [("01 08:00", "01 09:00")]),
        ([("01 08:00", "01 09:00"), ("01 08:30", "01 10:00")], [("01 08:00", "01 10:00")]),
        ([("01 08:00", "01 10:00"), ("01 08:30", "01 09:00")], [("01 08:00", "01 10:00")]),
        ([("01 09:00", "01 10:00"), ("01 08:00", "01 09:00")], [("01 08:00", "01 10:00")]),
        (
            [("02 08:00", "02 09:00"), ("01 23:00", "02 01:00")],
            [("01 23:00", "02 01:00"), ("02 08:00", "02 09:00")],
        ),
    ],
)
def test_merging_is_the_union(given: list[tuple[str, str]], union: list[tuple[str, str]]) -> None:
    assert merge(interval(*pair) for pair in given) == tuple(interval(*pair) for pair in union)


def test_overlaps_count_twice_until_they_are_merged() -> None:
    outages = [interval("01 08:00", "01 09:00"), interval("01 08:30", "01 10:00")]
    assert total_minutes(outages) == 150
    assert total_minutes(merge(outages)) == 120
    assert total_minutes([]) == 0


@given(st.lists(INTERVALS, max_size=8))
def test_every_second_down_is_counted_once(outages: list[Interval]) -> None:
    merged = merge(outages)
    for earlier, later in pairwise(merged):
        assert earlier.end < later.start
    begin = at("2026-05-01T00:00+08:00")
    down = sum(
        any(o.start <= begin + timedelta(seconds=37 * n) < o.end for o in outages)
        for n in range(501)
    )
    assert total_minutes(merged) == Fraction(37 * down, 60)
    assert merge(reversed(merged)) == merged


@given(INTERVALS, INTERVALS)
def test_a_clipped_interval_and_what_was_cut_off_make_the_whole(
    one: Interval, two: Interval
) -> None:
    inside = clip(one, two)
    assert inside == clip(two, one)
    union = total_minutes(merge([one, two]))
    assert union + (inside.minutes if inside else 0) == one.minutes + two.minutes
