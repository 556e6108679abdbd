"""Imports in the package go down only; import-linter says so, and is shown to notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

KEPT = "Contracts: 4 kept, 0 broken."


def lint(folder: Path) -> str:
    """Return what import-linter says of the package in `folder`."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(
        [*command, "--no-cache"],
        cwd=folder, capture_output=True, encoding="utf-8", check=False,
        env={"PYTHONPATH": str(folder), "PYTHONUTF8": "1", "COLUMNS": "200"},
    )  # fmt: skip
    return done.stdout + done.stderr


def test_the_package_keeps_its_floors(root: Path) -> None:
    assert KEPT in lint(root)


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(
        root / "deliverables", folder / "deliverables", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(root / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("values/money.py", "import deliverables.build"),
        ("compute/account.py", "from deliverables import Project"),
        ("compute/account.py", "def later():\n    from deliverables.build import build"),
        (
            "read/yaml.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from deliverables import cli",
        ),
        ("docx/render.py", "from deliverables.verify import prove"),
        ("verify/rules.py", "from deliverables.docx.render import render"),
        ("kinds/payment_request.py", "from deliverables.kinds.quarterly_report import KIND"),
        ("register.py", "from deliverables.kinds.quarterly_report import KIND"),
    ],
)
def test_a_planted_import_is_noticed_wherever_it_stands(
    copy: Path, module: str, planted: str
) -> None:
    file = copy / "deliverables" / module
    before = file.read_text("utf-8")
    try:
        file.write_text(f"{before}\n{planted}\n", "utf-8")
        assert "broken." in lint(copy)
        assert KEPT not in lint(copy)
    finally:
        file.write_text(before, "utf-8")


def test_a_new_module_at_the_top_asks_for_a_floor(copy: Path) -> None:
    surprise = copy / "deliverables" / "surprise.py"
    surprise.write_text("", "utf-8")
    try:
        assert KEPT not in lint(copy)
    finally:
        surprise.unlink()
