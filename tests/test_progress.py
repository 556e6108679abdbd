"""deliverables status --figures: what would change in stale documents, or why nothing is told."""

from __future__ import annotations

import json
from pathlib import Path

import builders
import finished
import pytest
from finished import CONTRACT, WORKBOOK, run

pytestmark = pytest.mark.thorough


@pytest.fixture(autouse=True)
def in_a_finished_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finished.put_into(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_status_tells_which_figures_of_a_stale_document_would_change() -> None:
    finished.lengthen_the_outage()
    said = run("status", "--figures").stdout
    (line,) = [line for line in said.splitlines() if line.startswith("quarterly_report/Q1: ")]
    assert (
        "figures would change: service.term_left 495.6 → 435.6; "
        "service.outages.weighted 99.9992% → 99.9977%; " in line
    )


def test_status_tells_them_to_programs_all_of_them() -> None:
    finished.lengthen_the_outage()
    (contract,) = json.loads(run("status", "--figures", "--format", "json").stdout)["contracts"]
    told = {one["part"]: one["figures"] for one in contract["documents"]}
    assert "scorecard[1].actual" in [change["figure"] for change in told["Q1"]]
    assert told["S001"] == []


def test_status_of_data_with_errors_still_answers() -> None:
    builders.edit(
        CONTRACT, {"file": "contract.yaml", "replace": "600,000.00", "with": "600,000.01"}
    )
    answer = run("status", "--figures")
    assert answer.exit_code == 0
    assert "its data have errors" in answer.stderr
    assert "stale" in answer.stdout


def test_status_of_a_document_that_cannot_be_made_any_more_says_why() -> None:
    Path(WORKBOOK).unlink()
    answer = run("status", "--figures")
    assert answer.exit_code == 0
    assert "operations/Q1.xlsx is missing" in answer.stderr
