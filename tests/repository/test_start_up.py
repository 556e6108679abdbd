"""What a command imports before it answers: help next to nothing, plan nothing that makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def imported(root: Path, *arguments: str, planted: str = "") -> set[str]:
    """Return the packages that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(planted=planted), *arguments],
        cwd=root, capture_output=True, check=True, text=True, encoding="utf-8",
        env={"PYTHONPATH": str(root), "DELIVERABLES_CACHE": "off", "PYTHONUTF8": "1"},
    )  # fmt: skip
    modules = set(done.stderr.split("\n")[-1].split())
    assert "deliverables.cli" in modules
    return {module.partition(".")[0] for module in modules}


def test_help_imports_none_of_them(root: Path) -> None:
    assert imported(root, "--help") & (MAKERS | READERS) == set()


def test_plan_imports_nothing_that_makes_documents(root: Path, tmp_path: Path) -> None:
    found = imported(root, "--out", str(tmp_path), "plan", "--as-of", "2026-11-02")
    assert found & MAKERS == set()


def test_an_import_that_is_planted_is_seen(root: Path) -> None:
    assert imported(root, "plan", planted="import jinja2") & MAKERS == {"jinja2"}
