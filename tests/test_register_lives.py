"""Nothing becomes final, is sealed, delivered or accepted on a day that has not come."""

from __future__ import annotations

from datetime import date

from deliverables.register import still_to_come

TODAY = date(2026, 11, 2)


def test_today_and_earlier_days_have_come() -> None:
    assert still_to_come(TODAY, TODAY) is None
    assert still_to_come(date(2026, 11, 1), TODAY) is None


def test_a_day_of_the_future_is_refused_and_says_what_today_is() -> None:
    early = still_to_come(date(2026, 11, 3), TODAY)
    assert str(early) == "--date 2026-11-03 has not come yet: today is 2026-11-02"
