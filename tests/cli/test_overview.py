"""deliverables overview: where the page is written, what programs are told, and what breaks it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import finished
import pytest

pytestmark = pytest.mark.usefixtures("in_a_finished_project")


def test_the_command_writes_the_page_and_says_where() -> None:
    result = finished.run("overview", "--as-of", "2026-08-03")
    assert (result.exit_code, result.stdout) == (0, "out/index.html\n")
    assert Path("out/index.html").read_bytes().startswith(b"<!doctype html>")


def test_the_command_tells_programs_the_counts() -> None:
    facts = json.loads(finished.run("overview", "--as-of", "2026-08-03", "--format", "json").stdout)
    assert facts["file"] == "out/index.html"
    (one,) = facts["contracts"]
    assert one["documents"] == {"not-yet": 6, "blocked": 1, "draft": 5}
    assert one["overdue"] == 0
    assert one["next"] == "2026-10-30"


def test_broken_data_still_give_a_page_and_code_1() -> None:
    Path("data/HT-2026-001/contract.yaml").write_text("identity: [", "utf-8")
    assert finished.run("overview", "--as-of", "2026-08-03").exit_code == 1
    assert b"contract.yaml" in Path("out/index.html").read_bytes()


def test_without_any_contract_it_is_wrong_use_and_the_page_before_is_left_alone() -> None:
    Path("out/index.html").write_text("before", "utf-8")
    shutil.rmtree("data/HT-2026-001")
    assert finished.run("overview").exit_code == 2
    assert Path("out/index.html").read_text("utf-8") == "before"


def test_open_hands_the_page_to_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    finished.run("overview", "--as-of", "2026-08-03", "--open")
    assert [Path(one).name for one in opened] == ["index.html"]
    finished.run("overview", "--as-of", "2026-08-03")
    assert len(opened) == 1
