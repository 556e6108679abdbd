"""letter add writes the rows of a letter: numbers in order, facts named, the rest untouched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lettered import book, folders, letter, planned

from deliverables.folders import Folders
from deliverables.letters import declared
from deliverables.letters.entry import entry_of, next_number, next_own_number
from deliverables.model.letters_sheets import LetterFact

DAY = date(2026, 12, 5)


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


@pytest.mark.parametrize(
    ("given", "following"),
    [([], "HJ-01"), (["HJ-09"], "HJ-10"), (["HJ-02", "HJ-01"], "HJ-03"), (["来函"], "HJ-01")],
)
def test_numbers_follow_the_highest(given: list[str], following: str) -> None:
    assert next_number(given) == following


@pytest.mark.parametrize(
    ("given", "following"),
    [
        ([], ""),
        (["某函〔2026〕9号", "某函〔2026〕11号"], "某函〔2026〕12号"),
        (["某函〔2025〕40号"], "某函〔2026〕1号"),
        (["某函〔2026〕3号", "某函〔2027〕8号"], "某函〔2026〕4号"),
        (["无号"], ""),
    ],
)
def test_our_numbers_run_by_year(given: list[str], following: str) -> None:
    assert next_own_number(given, 2026) == following


def test_a_number_of_the_ledger_is_not_given_again(where: Folders) -> None:
    entry = entry_of("", DAY, book(), declared(where)["payment_demand"], about="第2期")
    assert entry.letter.our_number == "示例函〔2026〕13号"


def test_a_paper_that_bears_no_number_is_given_none(where: Folders) -> None:
    asked = {name: declared(where)[name].numbered for name in ("payment_demand", "meeting_minutes")}
    given = {name: bool(entry_of("", DAY, book(), declared(where)[name]).letter.our_number)
             for name in asked}  # fmt: skip
    assert given == asked == {"payment_demand": True, "meeting_minutes": False}


def test_the_facts_it_asks_for_are_named_and_left_empty(where: Folders) -> None:
    entry = entry_of("", DAY, book(), declared(where)["key_staff_change"])
    letter, *facts = entry.rows
    assert letter.number == "HJ-01"
    assert [(row.item, row.content) for row in facts if isinstance(row, LetterFact)] == [
        (item, None) for item in ("原人员", "接替人员", "变更日期", "变更原因", "接替人员资质")
    ]


def test_a_second_letter_goes_below_the_first(where: Folders) -> None:
    first = entry_of("整改通知", DAY, book(), None).letter
    second = entry_of("", DAY, book(first), declared(where)["rework_reply"], answers="HJ-01").letter
    assert [(row.number, row.direction, row.answers) for row in (first, second)] == [
        ("HJ-01", "收到", ""),
        ("HJ-02", "发出", "HJ-01"),
    ]


def test_a_letter_received_starts_its_clock(where: Folders) -> None:
    received = letter("HJ-01", "整改通知", date(2026, 11, 16), direction="收到")
    (one,) = planned("rework_reply", book(received), where, date(2026, 11, 16))
    assert str(one.due) == "2026年11月23日"
    named = letter("HJ-01", "整改通知", date(2026, 11, 16), direction="收到",
                   reply_by=date(2026, 11, 18))  # fmt: skip
    (one,) = planned("rework_reply", book(named), where, date(2026, 11, 16))
    assert str(one.due) == "2026年11月18日"
