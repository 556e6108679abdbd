"""A quarter's workbook with very many rows, read and checked."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import perf_counter

from openpyxl import load_workbook
from projects import NUMBER, ROOT, quarter
from table import Row, cost_of_each, times

import deliverables.cli  # noqa: F401  # sets how often rubbish is looked for, as for any user
from deliverables.checks import check
from deliverables.model.book import ContractBook
from deliverables.model.operations_sheets import Operations
from deliverables.read.book import read_book
from deliverables.read.workbook import read_workbook
from deliverables.values.calendar import load_calendar

TINY = {"many": 50, "sizes": (10, 20), "rounds": 1}


def rows(
    many: int = 60_000, sizes: tuple[int, int] = (1_000, 100_000), rounds: int = 3
) -> list[Row]:
    """Measure `many` rows against openpyxl, and whether rows cost the same at both sizes."""
    book = _sample()
    data = quarter(many)
    peer = min(_openpyxl(data) for _ in range(max(1, rounds - 1)))
    ours = min(_ours(data, book) for _ in range(rounds))
    least, few, many_more = quarter(1), quarter(sizes[0]), quarter(sizes[1])
    small = min(_ours(few, book) for _ in range(2 * rounds + 1))
    large = min(_ours(many_more, book) for _ in range(rounds))
    none = sorted(_ours(least, book) for _ in range(2 * rounds + 1))
    none = none[: rounds + 1]  # the rest met something else
    ratio, note = cost_of_each(none, (sizes[0], small), (sizes[1], large), (1e6, "µs"))
    return [
        Row(
            f"a quarter's workbook of {many:,} rows, read and checked",
            "openpyxl, read_only, iterating only",
            "x3",
            times(peer / ours),
            f"{ours:.2f} s against {peer:.2f} s",
        ),
        Row(
            f"cost of a row among {sizes[1]:,}",
            f"among {sizes[0]:,}",
            "the same",
            ratio,
            note,
        ),
    ]


def _sample() -> ContractBook:
    calendar, _ = load_calendar(Path("data/workdays"))
    book = read_book(ROOT / "data" / NUMBER, calendar).book
    if book is None:
        raise RuntimeError("the sample cannot be read")
    return book


def _ours(data: bytes, book: ContractBook) -> float:
    start = perf_counter()
    read = read_workbook("Q1.xlsx", data, Operations, [])
    if read is None:
        raise RuntimeError("the workbook cannot be read")
    check(replace(book, quarters={1: read}))
    return perf_counter() - start


def _openpyxl(data: bytes) -> float:
    start = perf_counter()
    for sheet in load_workbook(BytesIO(data), read_only=True).worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    return perf_counter() - start
