"""What a command imports before it answers: help next to nothing, plan nothing that makes."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import builders
import pytest

pytestmark = pytest.mark.processes

PROGRAM = """
import sys
{planted}
from deliverables.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.stderr.write(" ".join(sys.modules))
"""
MAKERS = {"docx", "docxtpl", "jinja2", "openpyxl", "pikepdf", "PIL"}
"""Packages that take longer to import than a whole plan takes; plan makes nothing."""
READERS = {"babel", "lxml", "python_calamine", "rich", "ruamel"}
"""Packages that help needs no more than those."""
KEPT = {"ruamel", "deliverables.checks", "deliverables.read.book"}
"""What reads and checks a contract: plan needs it only where files have changed since."""
RECKONED = {f"deliverables.compute.{name}" for name in ("availability", "matters", "operations")}
"""What reports are reckoned from: to say what can be made and when it is due, nobody needs it."""

INCIDENT = {
    "file": "operations/Q1.xlsx",
    "sheet": "事件",
    "row": 3,
    "values": ["SJ-01", "B", datetime(2026, 5, 6, 23, 50), datetime(2026, 5, 7, 0, 20), "网络中断",
               "审批系统", "板卡故障", "更换板卡", *[None] * 5, "23:55 到场", *[None] * 3, "记录"],
}  # fmt: skip
"""A report can be made of it, which tells how it went."""


def imported(root: Path, *arguments: str, cache: str = "off", planted: str = "") -> set[str]:
    """Return the modules that a command has imported when it ends, and their packages."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(planted=planted), *arguments],
        cwd=root, capture_output=True, check=True, text=True, encoding="utf-8",
        env={"PYTHONPATH": str(root), "DELIVERABLES_CACHE": cache, "PYTHONUTF8": "1"},
    )  # fmt: skip
    modules = set(done.stderr.split("\n")[-1].split())
    assert "deliverables.cli" in modules
    return modules | {module.partition(".")[0] for module in modules}


def test_help_imports_none_of_them(root: Path) -> None:
    assert imported(root, "--help") & (MAKERS | READERS) == set()


def test_plan_imports_nothing_that_makes_documents_and_once_more_nothing_that_reads_contracts(
    root: Path, tmp_path: Path
) -> None:
    builders.edit(builders.project(tmp_path / "data"), INCIDENT)
    places = ("--data", str(tmp_path / "data"), "--out", str(tmp_path / "out"))
    plan = (*places, "plan", "--as-of", "2026-11-02")
    first = imported(root, *plan, cache=str(tmp_path / "cache"))
    assert first & MAKERS == set()
    assert first >= KEPT
    again = imported(root, *plan, cache=str(tmp_path / "cache"))
    assert again & (MAKERS | KEPT | RECKONED) == set()


def test_an_import_that_is_planted_is_seen(root: Path) -> None:
    assert imported(root, "--help", planted="import jinja2") & MAKERS == {"jinja2"}
