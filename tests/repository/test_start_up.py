"""What a command imports before it answers.

Help imports nothing but click, plan nothing that makes, a letter nothing that counts or prints.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
HELP_NEEDS = {
    "deliverables", "deliverables.cli", "deliverables.cli.answer",
    "deliverables.lazily", "deliverables.values.problem",
}  # fmt: skip
NOT_FOR_HELP = {
    "babel", "decimal", "json", "lxml", "pathlib", "rich", "shutil", "subprocess", "unicodedata",
}  # fmt: skip
NOT_FOR_PLAN = {
    "PIL", "concurrent", "difflib", "docx", "docxtpl", "email", "html", "jinja2", "logging",
    "markupsafe", "multiprocessing", "openpyxl", "pikepdf", "rich", "secrets", "socket",
    "subprocess", "urllib.request", "xml", "deliverables.final", "deliverables.draft",
    "deliverables.docx", "deliverables.pdf", "deliverables.pdf.press", "deliverables.render",
    "deliverables.verify",
}  # fmt: skip
NOT_FOR_PLAN_AGAIN = {
    "ruamel", "deliverables.checks", "deliverables.read.yaml",
}  # fmt: skip


NOT_FOR_A_LETTER_AGAIN = NOT_FOR_PLAN_AGAIN | {
    "PIL", "babel", "concurrent", "docx", "docxtpl", "email", "html", "logging",
    "multiprocessing", "openpyxl", "pikepdf", "rich", "secrets", "socket", "subprocess",
    "urllib.request", "xml", "zoneinfo", "deliverables.final", "deliverables.fleet",
    "deliverables.pdf", "deliverables.docx.style",
}  # fmt: skip


def imported(root: Path, *arguments: str, cache: str = "off", planted: str = "") -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(planted=planted), *arguments],
        cwd=root, capture_output=True, check=True, text=True, encoding="utf-8",
        env={"PYTHONPATH": str(root), "DELIVERABLES_CACHE": cache, "PYTHONUTF8": "1"},
    )  # fmt: skip
    modules = set(done.stderr.split("\n")[-1].split())
    assert "deliverables.cli" in modules
    return modules


def of(modules: set[str], names: set[str]) -> set[str]:
    """Return those of the modules that are, or belong to, what is named."""
    return {one for one in modules if any(f"{one}.".startswith(f"{name}.") for name in names)}


def test_help_imports_click_and_next_to_nothing(root: Path) -> None:
    modules = imported(root, "--help")
    assert of(modules, {"deliverables"}) == HELP_NEEDS
    assert of(modules, NOT_FOR_HELP) == set()


def test_plan_imports_nothing_that_makes_documents(root: Path, tmp_path: Path) -> None:
    modules = imported(root, "--out", str(tmp_path), "plan", "--as-of", "2026-11-02")
    assert of(modules, NOT_FOR_PLAN) == set()


def test_plan_does_not_even_import_what_reads_when_nothing_has_changed(
    root: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(root / "data", data)
    asked = ("--data", str(data), "--out", str(tmp_path / "out"), "plan", "--as-of", "2026-11-02")
    first = imported(root, *asked, cache=str(tmp_path / "cache"))
    again = imported(root, *asked, cache=str(tmp_path / "cache"))
    assert of(first, NOT_FOR_PLAN_AGAIN) != set()
    assert of(again, NOT_FOR_PLAN_AGAIN) == set()


def test_a_letter_imports_neither_what_reads_nor_what_counts_and_prints(
    root: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(root / "data", data)
    asked = ("--data", str(data), "--out", str(tmp_path / "out"), "build", "payment_request",
             "--period", "2", "--anyway", "--no-pages", "--as-of", "2026-11-02")  # fmt: skip
    first = imported(root, *asked, cache=str(tmp_path / "cache"))
    again = imported(root, *asked, cache=str(tmp_path / "cache"))
    assert {"docxtpl", "ruamel"} <= first
    assert of(again, NOT_FOR_A_LETTER_AGAIN) == set()


@pytest.mark.parametrize("planted", ["jinja2", "deliverables.docx.package", "logging", "socket"])
def test_an_import_that_is_planted_is_seen(planted: str, root: Path) -> None:
    modules = imported(root, "plan", "--as-of", "2026-11-02", planted=f"import {planted}")
    assert planted in of(modules, NOT_FOR_PLAN)


def test_help_that_opens_a_path_would_be_seen(root: Path) -> None:
    assert "pathlib" in of(imported(root, "--help", planted="import pathlib"), NOT_FOR_HELP)
