"""deliverables status: which input changed, and what to do first."""

from __future__ import annotations

from pathlib import Path

import builders
from finished import Run


def test_status_names_the_input_that_changed(run: Run) -> None:
    run("build", "--due", "--as-of", "2026-08-03")
    builders.edit(
        Path("data/HT-2026-001"),
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
    )
    result = run("status")
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if "季度报告" in line]
    assert "stale" in line
    assert "HT-2026-001/operations/Q1.xlsx" in line


def test_status_before_anything_was_made_says_what_to_do(run: Run) -> None:
    assert "nothing has been made yet: deliverables build --due" in run("status").stderr
