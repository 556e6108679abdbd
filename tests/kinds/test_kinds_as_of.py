"""What states something as of a day is another document on another day, and true on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest
from scenarios import sample

from deliverables.kinds import kinds
from deliverables.values.figure import Cell, Derivation, Figure

AUTUMN, SPRING = date(2026, 11, 2), date(2027, 5, 15)


@cache
def composed(kind: str, part: str, as_of: date) -> Any:
    (one,) = [one for one in kinds()[kind].plan(sample(), as_of) if one.part == part]
    return kinds()[kind].compose(sample(), one, as_of)


def texts(item: Any) -> Iterator[str]:
    if isinstance(item, Figure):
        yield item.text
    elif isinstance(item, str):
        yield item
    elif isinstance(item, tuple):
        for one in item:
            yield from texts(one)
    elif is_dataclass(item):
        for field in fields(item):
            yield from texts(getattr(item, field.name))


def part_of(kind: str) -> str:
    return kinds()[kind].plan(sample(), AUTUMN)[0].part


@pytest.mark.parametrize("kind", ["settlement_statement", "confidentiality_coverage"])
def test_the_same_day_says_the_same_and_another_day_something_else(kind: str) -> None:
    part = part_of(kind)
    first, later = (composed(kind, part, day) for day in (AUTUMN, SPRING))
    assert first == composed.__wrapped__(kind, part, AUTUMN)
    assert list(texts(first)) != list(texts(later))


def test_the_settlement_knows_what_had_come_in_by_its_day() -> None:
    autumn, spring = (
        "\n".join(texts(composed("settlement_statement", part_of("settlement_statement"), day)))
        for day in (AUTUMN, SPRING)
    )
    assert "2026年11月2日" in autumn
    assert "1,957,783.48" in autumn, "what is due"
    assert "3,426,121.10" not in autumn, "nothing has been paid yet"
    assert "2027年5月15日" in spring
    assert "3,426,121.10" in spring, "two instalments were paid by then"


def test_the_coverage_list_knows_who_had_joined_by_its_day() -> None:
    autumn, spring = (
        composed("confidentiality_coverage", "coverage", day) for day in (AUTUMN, SPRING)
    )
    assert {str(row.number): row.finding for row in autumn.rows}["S014"] != (
        {str(row.number): row.finding for row in spring.rows}["S014"]
    )
    assert "2026年11月2日" in "\n".join(texts(autumn))


def test_a_report_made_anew_later_tells_what_became_of_its_matters() -> None:
    autumn, spring = (
        "\n".join(texts(composed("quarterly_report", "Q2", day))) for day in (AUTUMN, SPRING)
    )

    def asked(day: date) -> list[str]:
        return [
            str(one.subject) for one in composed("quarterly_report", "Q2", day).register.requests
        ]

    assert "组织中期验收" in asked(AUTUMN)
    assert "组织中期验收" not in asked(SPRING)
    assert "2026-11-16办结：中期验收通过" in spring
    assert "2026-12-11办结" not in autumn
    assert "2026-12-11办结" in spring


DAY = re.compile(r"(20\d\d)(?:年|-)(\d{1,2})(?:月|-)(\d{1,2})")
PLANNED = {"完成期限", "预计签署日期", "服务期届满日", "服务期首日", "保密期限届满日"}
"""Names of figures that are a deadline, a plan or a term: they may lie ahead."""


def cells(item: Any) -> Iterator[Figure[Any]]:
    """Yield every figure that was read from a cell and is no deadline, plan or term."""
    if isinstance(item, Figure):
        if item.name in PLANNED:
            return
        if isinstance(item.origin, Cell):
            yield item
        item = item.origin.inputs if isinstance(item.origin, Derivation) else ()
    elif is_dataclass(item):
        item = tuple(getattr(item, field.name) for field in fields(item))
    for one in item if isinstance(item, tuple) else ():
        yield from cells(one)


def later_days(item: Any, as_of: date) -> set[tuple[str, str]]:
    """Return what is read from a cell and names a day after the document's own."""
    return {
        (one.name, one.text)
        for one in cells(item)
        for year, month, day in DAY.findall(one.text)
        if date(int(year), int(month), int(day)) > as_of
    }


@pytest.mark.parametrize(
    ("part", "as_of"),
    [
        pytest.param("Q1", date(2026, 8, 3), marks=pytest.mark.thorough),
        ("Q2", AUTUMN),
        pytest.param("Q3", date(2027, 2, 5), marks=pytest.mark.thorough),
        pytest.param("Q4", date(2027, 5, 4), marks=pytest.mark.thorough),
        pytest.param("annual", date(2027, 5, 4), marks=pytest.mark.thorough),
        ("annual", SPRING),
    ],
)
def test_no_report_prints_a_cell_of_a_later_day(part: str, as_of: date) -> None:
    kind = "annual_summary" if part == "annual" else "quarterly_report"
    assert later_days(composed(kind, part, as_of), as_of) == set()
