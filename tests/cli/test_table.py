"""A table that goes to a file is the one rich prints; what only rich can print is left to it."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table

from deliverables.cli.answer import plain_table

TEXTS = st.text("abc 0-—…、。季度报告（）￥,.·🅰e\u0301\u200b", max_size=8)


def by_rich(rows: list[list[str]], width: int) -> str:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in rows[0]:
        table.add_column(header, overflow="fold")
    for row in rows[1:]:
        table.add_row(*row)
    printed = StringIO()
    console = Console(width=width, highlight=False, markup=False, emoji=False, file=printed)
    console.print(table)
    return printed.getvalue()


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=2, max_size=5))
def test_the_table_is_the_one_rich_prints(rows: list[list[str]]) -> None:
    plain = plain_table(rows, 240)
    assert plain is None or f"{plain}\n" == by_rich(rows, 240)


def test_an_ordinary_table_needs_no_rich() -> None:
    assert plain_table([["文件", "期次"], ["季度报告", "Q1"]], 240) == "\n".join(
        [
            " " * 17,
            " 文件       期次 ",
            " ─────────────── ",
            " 季度报告   Q1   ",
            " " * 17,
        ]
    )


@pytest.mark.parametrize("text", ["e\u0301", "😀", "two\nlines", "x" * 300])
def test_what_is_hard_to_measure_is_left_to_rich(text: str) -> None:
    assert plain_table([["文件"], [text]], 240) is None
