"""Commands that are shown are copied into any shell."""

from __future__ import annotations

import shlex

import pytest

from deliverables.values.command_line import command_line


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("out/HT-1/payments/HT-1_催款函_1_草稿.docx", "out/HT-1/payments/HT-1_催款函_1_草稿.docx"),
        ("1957783.48", "1957783.48"),
        ("D:/我的 资料/A（示例）.docx", '"D:/我的 资料/A（示例）.docx"'),
        ("R&D", '"R&D"'),
        ("$HOME", "'$HOME'"),
        ("", '""'),
    ],
)
def test_only_what_a_shell_would_take_apart_is_quoted_in_marks_that_windows_knows(
    word: str, shown: str
) -> None:
    line = command_line("deliverables", "final", word)
    assert line == f"deliverables final {shown}"
    assert shlex.split(line) == ["deliverables", "final", word]
