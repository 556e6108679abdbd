"""deliverables plan: what is ready, what is not yet possible, and until when."""

from __future__ import annotations

import json
from pathlib import Path

import builders
from finished import Run


def test_plan_says_what_is_ready_what_is_not_and_why(run: Run) -> None:
    result = run("plan", "--as-of", "2026-08-03")
    assert result.exit_code == 0
    lines = {tuple(line.split()[:2]): line for line in result.stdout.splitlines() if line.strip()}
    assert "ready" in lines["季度报告", "Q1"]
    assert "not yet possible" in lines["季度报告", "Q2"]
    assert "2026-06-29" in lines["付款申请函", "1"]


def test_plan_prints_a_provisional_deadline_as_a_range(run: Run) -> None:
    builders.edit(
        Path("data/HT-2026-001"),
        {
            "file": "ledger.xlsx",
            "sheet": "验收",
            "row": 3,
            "values": ["最终", "2027-04-20", "2027-04-29", "通过", "验收单", "验收单"],
        },
    )
    facts = json.loads(run("plan", "--as-of", "2027-05-10", "--format", "json").stdout)["contracts"]
    (final,) = [one for one in facts[0]["deliverables"] if one["part"] == "2"]
    assert final["due_is_provisional"] is True
    assert "暂定" in final["due"]
