"""Imports in the package go down only; import-linter says so, and is shown to notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

KEPT = "Contracts: 8 kept, 0 broken."


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


PLANTED = {
    "values.money": ("import deliverables.build", "build"),
    "compute.term": ("def later():\n    from deliverables.build import build", "build"),
    "read.yaml": (("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
                  "    from deliverables import cli"), "cli"),
    "docx.render": ("from deliverables.verify import prove", "verify"),
    "verify.document_rules": ("from deliverables.docx.render import render", "docx.render"),
    "kinds.payment_request": ("from deliverables.kinds.quarterly_report import KIND",
                              "kinds.quarterly_report"),
    "cli.finance": ("def later():\n    from deliverables.plan import plan", "plan"),
    "cli.mail": ("def later():\n    from deliverables.cli.seal import final_command", "cli.seal"),
    "cli.diff": ("from deliverables.verify.document import Form", "verify.document"),
    "finance.portal": ("from deliverables.kinds.payment_request import KIND",
                       "kinds.payment_request"),
    "kinds.__init__": ("from deliverables.kinds.quarterly_report import KIND",
                       "kinds.quarterly_report"),
    "register": ("from deliverables.kinds.quarterly_report import KIND", "kinds.quarterly_report"),
}  # fmt: skip
"""What is written at the end of a module, and the module that it must not know."""


def test_a_planted_import_is_noticed_wherever_it_stands(copy: Path) -> None:
    files = {module: copy / "deliverables" / f"{module.replace('.', '/')}.py" for module in PLANTED}
    before = {module: file.read_text("utf-8") for module, file in files.items()}
    try:
        for module, (planted, _) in PLANTED.items():
            files[module].write_text(f"{before[module]}\n{planted}\n", "utf-8")
        said = lint(copy)
    finally:
        for module, file in files.items():
            file.write_text(before[module], "utf-8")
    assert "Contracts: 0 kept, 8 broken." in said
    for module, (_, known) in PLANTED.items():
        name = module.removesuffix(".__init__")
        assert f"deliverables.{name} -> deliverables.{known} (l." in said, module


def test_an_import_that_goes_round_in_a_circle_is_noticed(copy: Path) -> None:
    file = copy / "deliverables" / "letters" / "case.py"
    before = file.read_text("utf-8")
    file.write_text(f"{before}\ndef later():\n    from deliverables.letters import time", "utf-8")
    try:
        assert "No cycles are allowed in deliverables.letters." in lint(copy)
    finally:
        file.write_text(before, "utf-8")


def test_an_import_of_the_whole_package_is_noticed(copy: Path) -> None:
    """It would bring everything in, and stands above every floor."""
    file = copy / "deliverables" / "compute" / "account.py"
    before = file.read_text("utf-8")
    try:
        file.write_text(f"{before}\nfrom deliverables import Project\n", "utf-8")
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
