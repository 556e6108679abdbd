import csv
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TESTS

from deliverables.values.calendar import (
    Calendar,
    Effect,
    Holiday,
    Provisional,
    Settled,
    holidays,
    load_calendar,
    published_calendar,
)

DAY = timedelta(days=1)
VECTORS = TESTS / "vectors"
DATES: dict[str, Any] = json.loads((VECTORS / "dates.json").read_text("utf-8"))
PUBLISHED = published_calendar()

# Two notices changed a year that was already published; none can be foreseen.
MID_YEAR_NOTICES = {
    date(2015, 9, 3): True,  # 国务院 2015-05-13: 抗战胜利70周年
    date(2015, 9, 4): True,
    date(2015, 9, 6): False,
    date(2020, 1, 31): True,  # 国务院办公厅 2020-01-26: 延长2020年春节假期
    date(2020, 2, 1): True,
    date(2020, 2, 2): False,
}
ANNUAL = Calendar(PUBLISHED.published, {**PUBLISHED.exceptions, **MID_YEAR_NOTICES})


def known_before_the_notice_of(year: int) -> Calendar:
    """Return the calendar as it stood: without the year, and with a December of plain weeks."""
    return Calendar(
        frozenset(y for y in ANNUAL.published if y < year),
        {day: w for day, w in ANNUAL.exceptions.items() if day < date(year - 1, 12, 1)},
    )


def day(text: str) -> date:
    return date.fromisoformat(text)


def settled(deadline: Settled | Provisional) -> str:
    assert isinstance(deadline, Settled)
    return str(deadline.date)


def is_worked(calendar: Calendar, on: date) -> bool:
    """Return whether a day is the first working day after the one before it."""
    found = calendar.add_workdays(on - DAY, 1)
    return isinstance(found, Settled) and found.date == on


# --- the published calendar -------------------------------------------------------------


def test_every_day_of_2026_is_as_the_notice_says() -> None:
    with (VECTORS / "calendar-2026.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 365
    for row in rows:
        assert is_worked(PUBLISHED, day(row["date"])) == (row["type"] == "工作日"), row


@pytest.mark.processes
def test_the_library_is_imported_only_when_it_is_used() -> None:
    program = (
        "import sys, deliverables.values.calendar; sys.exit('chinese_calendar' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# --- counting ---------------------------------------------------------------------------


@pytest.mark.parametrize("vector", DATES["working_day_vectors"], ids=str)
def test_working_days_after(vector: dict[str, Any]) -> None:
    deadline = PUBLISHED.add_workdays(day(vector["start"]), vector["workdays"])
    assert settled(deadline) == vector["deadline"]


def test_the_first_instalment_is_due_forty_working_days_after_signing() -> None:
    deadline = PUBLISHED.add_workdays(day(DATES["signing"]), 40)
    assert deadline == Settled(day(DATES["first_instalment_deadline_40wd"]))
    assert str(deadline) == "2026年6月29日"


def test_a_make_up_saturday_counts() -> None:
    assert settled(PUBLISHED.add_workdays(date(2026, 9, 28), 5)) == "2026-10-10"


@pytest.mark.parametrize("vector", DATES["key_staff_notice_vectors"], ids=str)
def test_working_days_before(vector: dict[str, Any]) -> None:
    deadline = PUBLISHED.workdays_before(day(vector["change_date"]), vector["workdays_before"])
    assert settled(deadline) == vector["latest_notice"]


@pytest.mark.parametrize("n", [0, -1])
def test_the_first_working_day_is_number_one(n: int) -> None:
    for count in (PUBLISHED.add_workdays, PUBLISHED.workdays_before):
        with pytest.raises(ValueError, match="cannot be counted"):
            count(date(2026, 1, 1), n)


@given(st.dates(date(2004, 6, 1), date(2025, 12, 1)), st.integers(1, 60))
def test_counting_is_counting(start: date, n: int) -> None:
    after = PUBLISHED.add_workdays(start, n)
    assert isinstance(after, Settled)
    span = [start + i * DAY for i in range(1, (after.date - start).days + 1)]
    assert sum(is_worked(PUBLISHED, one) for one in span) == n
    assert is_worked(PUBLISHED, after.date)
    before = PUBLISHED.workdays_before(after.date + DAY, n)
    assert before == PUBLISHED.add_workdays(start, 1)


# --- years that are not published -------------------------------------------------------


@pytest.mark.parametrize("vector", DATES["working_day_must_fail"], ids=str)
def test_a_count_that_needs_the_next_year_is_no_date(vector: dict[str, Any]) -> None:
    deadline = PUBLISHED.add_workdays(day(vector["start"]), vector["workdays"])
    assert deadline == Provisional(date(2027, 1, 2), date(2027, 1, 6), "2027年放假安排尚未计入")


@pytest.mark.parametrize("accepted", ["2027-04-29", "2027-05-10", "2027-05-31"])
def test_the_final_payment_is_due_within_a_range(accepted: str) -> None:
    earliest, latest = DATES["final_payment"][f"if_accepted_{accepted.replace('-', '_')}"]
    deadline = PUBLISHED.add_workdays(day(accepted), 40)
    assert deadline == Provisional(day(earliest), day(latest), "2027年放假安排尚未计入")


def test_a_range_prints_as_a_range() -> None:
    deadline = PUBLISHED.add_workdays(date(2027, 4, 29), 40)
    assert str(deadline) == "2027年6月24日至2027年7月2日之间（暂定：2027年放假安排尚未计入）"
    one_day = PUBLISHED.add_workdays(date(2027, 7, 28), 1)
    assert str(one_day) == "2027年7月29日（暂定：2027年放假安排尚未计入）"
    with pytest.raises(TypeError):
        format(deadline, "%Y-%m-%d")


def test_a_range_has_no_date_to_print() -> None:
    shared = set(Settled.__slots__) & set(Provisional.__slots__)
    assert shared == {"whose"}
    assert not hasattr(Provisional(date(2027, 1, 4), date(2027, 1, 4), ""), "date")


def test_every_unpublished_year_that_is_counted_through_is_named() -> None:
    deadline = PUBLISHED.add_workdays(date(2026, 12, 31), 260)
    assert isinstance(deadline, Provisional)
    assert deadline.reason == "2027、2028年放假安排尚未计入"


@pytest.mark.parametrize(("start", "years"), [("2026-12-31", "2027"), ("2027-12-31", "2028")])
def test_the_day_counted_from_needs_no_calendar(start: str, years: str) -> None:
    deadline = PUBLISHED.add_workdays(day(start), 5)
    assert isinstance(deadline, Provisional)
    assert deadline.reason == f"{years}年放假安排尚未计入"


def test_counting_backwards_into_the_published_year_is_provisional_too() -> None:
    deadline = PUBLISHED.workdays_before(date(2027, 1, 6), 3)
    assert deadline == Provisional(date(2026, 12, 29), date(2027, 1, 3), "2027年放假安排尚未计入")


def test_years_without_tabulated_festivals_are_refused() -> None:
    assert PUBLISHED.add_workdays(date(2049, 5, 4), 1)
    for start in (date(2003, 5, 1), date(2050, 5, 4)):
        with pytest.raises(ValueError, match="not tabulated"):
            PUBLISHED.add_workdays(start, 1)


@pytest.mark.thorough
@pytest.mark.parametrize("year", range(2005, 2027))
def test_the_range_holds_for_a_published_year_that_is_pretended_unpublished(year: int) -> None:
    """Starts from mid-November before the year to its end, forwards and backwards."""
    known = known_before_the_notice_of(year)
    starts = [date(year - 1, 11, 15) + i * DAY for i in range(0, 412, 13)]
    for start in starts:
        for n in (1, 2, 4, 7, 12, 25, 40):
            forwards = known.add_workdays(start, n), ANNUAL.add_workdays(start, n)
            backwards = known.workdays_before(start, n), ANNUAL.workdays_before(start, n)
            for foreseen, happened in (forwards, backwards):
                if isinstance(happened, Provisional):
                    continue  # the truth lies beyond the last published year
                if isinstance(foreseen, Settled):
                    assert foreseen.date == happened.date or foreseen.remark, (start, n)
                else:
                    assert foreseen.earliest <= happened.date <= foreseen.latest, (start, n)


def test_a_notice_in_the_middle_of_a_year_is_outside_every_range() -> None:
    """2015-09-03 was made a holiday in May 2015: only a new notice file can bring such news."""
    foreseen = known_before_the_notice_of(2015).add_workdays(date(2015, 9, 2), 1)
    assert isinstance(foreseen, Provisional)
    assert foreseen.earliest == foreseen.latest == date(2015, 9, 3)
    assert settled(PUBLISHED.add_workdays(date(2015, 9, 2), 1)) == "2015-09-06"


# --- late December ----------------------------------------------------------------------


def test_late_december_is_settled_with_a_remark_until_the_next_notice() -> None:
    deadline = PUBLISHED.add_workdays(date(2026, 12, 24), 5)
    assert deadline == Settled(date(2026, 12, 31), "2027年放假安排公布后，12月的工作日可能调整")
    assert str(deadline) == "2026年12月31日（2027年放假安排公布后，12月的工作日可能调整）"


def test_the_remark_is_for_days_that_a_notice_can_reach() -> None:
    december = {n: PUBLISHED.add_workdays(date(2026, 12, 15) + n * DAY, 1) for n in range(16)}
    remarked = [n for n, d in december.items() if isinstance(d, Settled) and d.remark]
    # 2026-12-18, 25 (Fridays: a weekend that may be made to work follows) and 29 onwards
    assert [date(2026, 12, 15) + n * DAY for n in remarked] == [
        date(2026, 12, d) for d in (18, 19, 25, 26, 29, 30)
    ]


def test_the_notice_of_2019_moved_the_last_days_of_2018() -> None:
    before = known_before_the_notice_of(2019).add_workdays(date(2018, 12, 24), 5)
    after = PUBLISHED.add_workdays(date(2018, 12, 24), 5)
    assert isinstance(before, Settled)
    assert (before.date, bool(before.remark)) == (date(2018, 12, 31), True)
    assert after == Settled(date(2018, 12, 29))


# --- holidays by law --------------------------------------------------------------------


def test_the_holidays_of_2027_by_law() -> None:
    assert [(str(h.statutory[0]), h.owed, h.longest) for h in holidays(2027)] == [
        ("2027-01-01", 1, 3),
        ("2027-02-05", 4, 9),
        ("2027-04-05", 1, 3),
        ("2027-05-01", 2, 5),
        ("2027-06-09", 1, 3),
        ("2027-09-15", 1, 3),
        ("2027-10-01", 3, 7),
    ]


@pytest.mark.parametrize(
    ("year", "moon", "owed"),
    [(2012, "2012-09-30", 4), (2020, "2020-10-01", 4), (2023, "2023-09-29", 4),
     (2025, "2025-10-06", 4)],
)  # fmt: skip
def test_mid_autumn_joins_national_day(year: int, moon: str, owed: int) -> None:
    national = holidays(year)[-1]
    assert day(moon) in national.statutory
    assert (national.owed, national.longest) == (owed, 8)


def test_the_days_by_law_are_off_in_every_published_year() -> None:
    for year in PUBLISHED.published:
        for holiday in holidays(year):
            assert not any(is_worked(PUBLISHED, one) for one in holiday.statutory), holiday


def test_a_holiday_takes_days_and_gives_them_back_at_weekends() -> None:
    dragon_boat = Holiday((date(2027, 6, 9),), owed=1, longest=3)  # a Wednesday
    assert dragon_boat.reach == (date(2027, 5, 24), date(2027, 6, 18))
    assert dragon_boat.effect(date(2027, 6, 1), date(2027, 6, 30)) == Effect(0, 3)
    assert dragon_boat.effect(date(2027, 6, 10), date(2027, 6, 30)) == Effect(2, 2)
    assert dragon_boat.effect(date(2027, 6, 12), date(2027, 6, 12)) == Effect(1, 0)
    assert dragon_boat.effect(date(2027, 6, 19), date(2027, 6, 30)) == Effect(0, 0)
    assert dragon_boat.effect(date(2027, 5, 1), date(2027, 5, 23)) == Effect(0, 0)
    assert dragon_boat.effect(date(2027, 5, 1), date(2027, 5, 30)) == Effect(2, 0)


@given(st.dates(date(2027, 1, 1), date(2049, 12, 31)), st.integers(1, 80), st.integers(0, 80))
def test_a_wider_span_never_loses_fewer_days(first: date, length: int, more: int) -> None:
    last, wider = first + length * DAY, first + (length + more) * DAY
    for holiday in holidays(first.year):
        assert holiday.effect(first, last).lost <= holiday.effect(first, wider).lost


# --- notices in files -------------------------------------------------------------------


def notice(year: int = 2027, **changes: Any) -> dict[str, Any]:
    """Return a file that names the days by law and nothing else: no notice anyone published."""
    days = [
        {"name": "法定", "date": str(day), "isOffDay": True}
        for holiday in holidays(year)
        for day in holiday.statutory
    ]
    return {"year": year, "papers": ["https://www.gov.cn/example.htm"], "days": days} | changes


def load(folder: Path, content: object, name: str = "2027.json") -> tuple[Calendar, list[str]]:
    text = content if isinstance(content, str) else json.dumps(content, indent=1)
    (folder / name).write_text(text, "utf-8")
    calendar, problems = load_calendar(folder)
    return calendar, [str(p).replace(f"{folder}/", "").split(" Fix:")[0] for p in problems]


def test_a_notice_in_a_file_publishes_its_year(tmp_path: Path) -> None:
    content = notice()
    content["days"] += [
        {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
        {"name": "元旦", "date": "2026-12-26", "isOffDay": False},
    ]
    calendar, problems = load(tmp_path, content)
    assert not problems
    assert settled(calendar.add_workdays(date(2026, 12, 25), 5)) == "2027-01-04"
    assert is_worked(calendar, date(2026, 12, 26))
    assert not is_worked(calendar, date(2026, 12, 31))
    assert not is_worked(calendar, date(2027, 6, 9))
    assert calendar.published == PUBLISHED.published | {2027}


def test_a_file_wins_over_the_library(tmp_path: Path) -> None:
    content = notice(2026)
    content["days"].append({"name": "特别", "date": "2026-08-03", "isOffDay": True})
    calendar, problems = load(tmp_path, content, "2026.json")
    assert not problems
    assert is_worked(PUBLISHED, date(2026, 8, 3))
    assert not is_worked(calendar, date(2026, 8, 3))
    assert not is_worked(calendar, date(2026, 10, 7))


def test_without_a_folder_the_library_is_the_calendar(tmp_path: Path) -> None:
    assert load_calendar(None) == (PUBLISHED, ())
    assert load_calendar(tmp_path / "none") == (PUBLISHED, ())
    assert load_calendar(tmp_path) == (PUBLISHED, ())


def without(content: dict[str, Any], dropped: str) -> dict[str, Any]:
    content["days"] = [entry for entry in content["days"] if entry["date"] != dropped]
    return content


def with_day(entry: object, but: str = "") -> dict[str, Any]:
    return notice(days=[*without(notice(), but)["days"], entry])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"year": 2027,\n "days": [}', "2027.json:2:11: error[holiday-notice] not JSON"),
        ("[]", "2027.json:1:1: error[holiday-notice] not a holiday notice"),
        (notice(2028), "2027.json:2:2: error[holiday-notice] year is 2028, the file is named"),
        (notice(2026), "2027.json:2:2: error[holiday-notice] year is 2026, the file is named"),
        (
            with_day({"name": "x", "date": "2027-05-01", "isOffDay": False}, but="2027-05-01"),
            "2027.json:6:2: error[holiday-notice] 2027-05-01 is a holiday by law but is not",
        ),
        (
            notice() | {"year": "2027"},
            "2027.json:2:2: error[holiday-notice] year is 2027, the file is",
        ),
        ({}, "2027.json: error[holiday-notice] year is None"),
        (notice(papers=[]), "2027.json:3:2: error[holiday-notice] no notice on gov.cn is cited"),
        (notice(papers="gov.cn"), "2027.json:3:2: error[holiday-notice] no notice on gov.cn"),
        (notice(days=[]), "2027.json:6:2: error[holiday-notice] no days are listed"),
        (notice(days={}), "2027.json:6:2: error[holiday-notice] no days are listed"),
        (
            without(notice(), "2027-06-09"),
            "2027.json:6:2: error[holiday-notice] 2027-06-09 is a holiday by law but is not",
        ),
        (
            with_day({"name": "x", "date": "2027-02-30", "isOffDay": True}),
            "2027.json:74:13: error[holiday-notice] 2027-02-30 is not a date such as 2027-01-01",
        ),
        (
            with_day({"name": "x", "date": 20270104, "isOffDay": True}),
            "2027.json:74:12: error[holiday-notice] 20270104 is not a date such as",
        ),
        (
            with_day({"name": "x", "isOffDay": True}),
            "2027.json:6:2: error[holiday-notice] None is not a date such as",
        ),
        (
            with_day({"name": "x", "date": "2028-01-03", "isOffDay": True}),
            "2027.json:74:13: error[holiday-notice] 2028-01-03 is not in 2027 or the December",
        ),
        (
            with_day({"name": "x", "date": "2026-11-30", "isOffDay": True}),
            "2027.json:74:13: error[holiday-notice] 2026-11-30 is not in 2027 or the December",
        ),
        (
            with_day({"name": "x", "date": "2027-06-09", "isOffDay": True}),
            "2027.json:49:13: error[holiday-notice] 2027-06-09 is listed twice",
        ),
        (
            with_day({"name": "x", "date": "2027-06-10", "isOffDay": 1}),
            "2027.json:74:13: error[holiday-notice] a day needs name, date and isOffDay",
        ),
        (with_day("2027-06-10"), "2027.json:6:2: error[holiday-notice] a day needs name, date"),
    ],
)
def test_a_bad_file_is_left_out_and_its_fault_located(
    tmp_path: Path, content: object, problem: str
) -> None:
    calendar, problems = load(tmp_path, content)
    assert [found for found in problems if found.startswith(problem)], problems
    assert calendar == PUBLISHED


def test_a_weekend_need_not_be_listed_to_be_off(tmp_path: Path) -> None:
    content = without(without(notice(), "2027-05-01"), "2027-05-02")
    calendar, problems = load(tmp_path, content)
    assert not problems
    assert not is_worked(calendar, date(2027, 5, 1))


def test_a_year_without_tabulated_festivals_cannot_be_checked(tmp_path: Path) -> None:
    _, problems = load(tmp_path, notice() | {"year": 1990}, "1990.json")
    [problem] = problems
    assert "1990.json:2:2: error[holiday-notice] the festivals of 1990 are not tabu" in problem


def test_every_fault_of_a_file_is_shown_at_once(tmp_path: Path) -> None:
    content = without(with_day({"date": "2027-13-01", "isOffDay": True}), "2027-10-01")
    _, problems = load(tmp_path, content | {"papers": []})
    assert len(problems) == 3


def test_a_file_that_is_not_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "2027.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "2028.json").mkdir()
    calendar, problems = load_calendar(tmp_path)
    assert [problem.code for problem in problems] == ["holiday-notice"] * 2
    assert calendar == PUBLISHED


def test_a_good_file_beside_a_bad_one_is_used(tmp_path: Path) -> None:
    load(tmp_path, "{", "2028.json")
    calendar, problems = load(tmp_path, notice())
    assert len(problems) == 1
    assert calendar.published - PUBLISHED.published == {2027}
