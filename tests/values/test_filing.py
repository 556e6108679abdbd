"""The last day for declaring tax: from the yearly notice, or a range while there is none."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from deliverables.values.calendar import (
    Calendar,
    Provisional,
    Settled,
    load_calendar,
    published_calendar,
)
from deliverables.values.filing import PUBLISHED, read_filing_notice


@pytest.mark.parametrize(
    ("month", "last_day"),
    [
        (date(2025, 12, 1), date(2026, 1, 20)),  # 元旦 takes three days
        (date(2026, 1, 1), date(2026, 2, 24)),  # the fifteenth lies in 春节
        (date(2026, 3, 1), date(2026, 4, 20)),
        (date(2026, 4, 1), date(2026, 5, 22)),
        (date(2026, 5, 31), date(2026, 6, 15)),
        (date(2026, 9, 1), date(2026, 10, 26)),
        (date(2026, 11, 1), date(2026, 12, 15)),
    ],
)
def test_the_tax_of_a_month_is_declared_by_the_day_of_the_notice(
    month: date, last_day: date
) -> None:
    assert published_calendar().filing_deadline(month) == Settled(last_day)


def test_the_notice_has_its_number_and_its_address() -> None:
    (notice,) = PUBLISHED
    assert notice.paper == "税总办征科函〔2025〕64号"
    assert notice.source.startswith("https://fgk.chinatax.gov.cn/")


@pytest.mark.parametrize(
    ("month", "earliest", "latest"),
    [
        (date(2027, 2, 1), date(2027, 3, 15), date(2027, 3, 15)),
        (date(2027, 9, 1), date(2027, 10, 15), date(2027, 10, 26)),
    ],
)
def test_a_year_without_a_notice_has_a_range_and_says_so(
    month: date, earliest: date, latest: date
) -> None:
    found = published_calendar().filing_deadline(month)
    assert isinstance(found, Provisional)
    assert (found.earliest, found.latest) == (earliest, latest)
    assert found.reason == "2027年度申报纳税期限尚未计入"


def test_what_was_published_lies_in_the_range_that_was_expected() -> None:
    """Without the notice the range would have held the day of every month."""
    known = published_calendar()
    blind = Calendar(known.published, known.exceptions)
    for first, last_day in known.filing.items():
        before = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
        found = blind.filing_deadline(before)
        assert isinstance(found, Provisional)
        assert found.earliest <= last_day <= found.latest


def written(folder: Path, **changes: object) -> Path:
    content = {
        "year": 2027,
        "paper": "税总办征科函〔2026〕00号",
        "source": "https://fgk.chinatax.gov.cn/example",
        "days": [f"2027-{month:02d}-15" for month in range(1, 13)],
    }
    path = folder / "2027-filing.json"
    path.write_text(json.dumps(content | changes), "utf-8")
    return path


def test_a_notice_that_is_put_there_gives_days(tmp_path: Path) -> None:
    written(tmp_path)
    calendar, problems = load_calendar(tmp_path)
    assert problems == ()
    assert calendar.filing_deadline(date(2027, 9, 1)) == Settled(date(2027, 10, 15))
    assert calendar.filing_deadline(date(2026, 9, 1)) == Settled(date(2026, 10, 26))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"year": 2028}, "year is 2028, the file is named 2027-filing.json"),
        ({"source": "https://example.invalid"}, "the days could be invented"),
        ({"days": ["2027-01-15"]}, "twelve days are expected"),
        ({"days": ["x"] * 12}, "x is not a date such as 2027-01-15"),
        ({"days": ["2027-01-14"] + [f"2027-{m:02d}-15" for m in range(2, 13)]},
         "2027-01-14 is not a day of month 1 from the fifteenth on"),
    ],
)  # fmt: skip
def test_a_notice_with_a_fault_is_left_out_whole(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    notice, problems = read_filing_notice(written(tmp_path, **changes))
    assert notice is None
    assert said in str(problems[0].message)
    assert isinstance(load_calendar(tmp_path)[0].filing_deadline(date(2027, 9, 1)), Provisional)


def test_a_file_that_is_no_json_says_where(tmp_path: Path) -> None:
    path = tmp_path / "2027-filing.json"
    path.write_text("{", "utf-8")
    (problem,) = read_filing_notice(path)[1]
    assert "not JSON" in str(problem.message)
