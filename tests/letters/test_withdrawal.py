"""The letter of correction: one for each paper that was withdrawn after its delivery."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lettered import NUMBER, book, folders, letter, planned, reasons, seal

from deliverables.folders import Folders
from deliverables.letters import every_kind
from deliverables.model.book import ContractBook

KEY = "quarterly_report/Q1"
SEALED, SENT, GONE, ANEW = (date(2026, 8, day) for day in (10, 11, 18, 20))
WHY = {"title": "第一季度报告", "called": "季度报告", "article": "第三条第6款",
       "reason": "漏计一次中断", "by": "王敏"}  # fmt: skip


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def told(part: str = "quarterly_report-Q1") -> ContractBook:
    """Return the sample with the list of what is corrected in a paper."""
    return book(letter("HJ-01", "更正函", GONE, about=part))


def withdrawn(where: Folders, day: date = GONE, *, delivered: bool = True) -> None:
    seal(where, KEY, SEALED, number="示例函〔2026〕6号")
    if delivered:
        seal(where, KEY, SENT, events=("delivered",))
    seal(where, KEY, day, events=("withdrawn",), **WHY)


def said(where: Folders, day: date) -> Any:
    kind = every_kind(where, NUMBER)["correction"]
    (one,) = kind.plan(told(), day)
    return kind.compose(told(), one, day)


def test_there_is_none_before_a_paper_was_withdrawn(where: Folders) -> None:
    withdrawn(where)
    assert planned("correction", told(), where, date(2026, 8, 17)) == ()
    (one,) = planned("correction", told(), where, GONE)
    assert (one.part, one.title, one.article) == (
        "quarterly_report-Q1", "更正函（季度报告 Q1）", "第三条第6款"
    )  # fmt: skip


def test_what_the_client_never_had_needs_no_correction(where: Folders) -> None:
    withdrawn(where, delivered=False)
    assert planned("correction", told(), where, GONE) == ()


def test_it_names_what_was_withdrawn_and_nothing_in_its_place_until_that_is_sealed(
    where: Folders,
) -> None:
    withdrawn(where)
    seal(where, KEY, ANEW, number="示例函〔2026〕7号")
    before, after = said(where, date(2026, 8, 19)), said(where, ANEW)
    for one in (before, after):
        paper = one.withdrawal.paper
        assert [str(paper.number), str(paper.dated), str(paper.delivered_on)] == [
            "示例函〔2026〕6号", "2026年8月10日", "2026年8月11日"
        ]  # fmt: skip
        assert str(one.withdrawal.reason) == "漏计一次中断。"
    assert not before.condition.replacement_sealed
    assert str(before.withdrawal.replacement.number) == "—"
    assert after.condition.replacement_sealed
    assert str(after.withdrawal.replacement.number) == "示例函〔2026〕7号"


def test_a_replacement_that_was_withdrawn_too_replaces_nothing(where: Folders) -> None:
    withdrawn(where)
    seal(where, KEY, ANEW, number="示例函〔2026〕7号")
    seal(where, KEY, date(2026, 8, 24), events=("withdrawn",), **WHY)
    kind = every_kind(where, NUMBER)["correction"]
    first, *_ = kind.plan(told(), date(2026, 8, 25))
    context: Any = kind.compose(told(), first, date(2026, 8, 25))
    assert not context.condition.replacement_sealed


def test_a_paper_withdrawn_twice_is_corrected_twice(where: Folders) -> None:
    withdrawn(where)
    withdrawn(where, date(2026, 8, 25))
    parts = [one.part for one in planned("correction", told(), where, date(2026, 8, 25))]
    assert parts == ["quarterly_report-Q1", "quarterly_report-Q1-2"]


def test_without_the_list_of_what_is_corrected_it_is_blocked(where: Folders) -> None:
    withdrawn(where)
    assert reasons("correction", book(), where, GONE) == [
        "letters.xlsx has no row of this letter: deliverables letter add correction"
    ]


def test_the_list_is_found_by_what_plan_calls_the_paper_too(where: Folders) -> None:
    withdrawn(where)
    assert reasons("correction", told("季度报告 Q1"), where, GONE) == []
