"""What does not add up between quarters, requests, ledger and roster is an error at its sheets."""

from __future__ import annotations

from rows import book, quarter, row

from deliverables.checks.across import unclosed
from deliverables.model.operations_sheets import Ticket


def test_each_open_line_is_an_error_that_names_its_sheets() -> None:
    twice = row(Ticket, number="GD-7")
    (problem,) = unclosed(book(quarter(1, tickets=[twice]), quarter(2, tickets=[twice])))
    assert problem.code == "closure"
    assert "受理工单（件）: 各季度报告合计 is 2, all records together are 1" in str(problem)
    assert "operations/Q1.xlsx[工单]" in str(problem)
    assert "operations/Q2.xlsx[工单]" in str(problem)


def test_a_project_without_a_workbook_yet_has_nothing_open() -> None:
    assert not list(unclosed(book()))
