"""Imports in the package go down only; the checker is shown to notice each way of breaking it."""

from __future__ import annotations

from pathlib import Path

import pytest
from floors import faults, faults_of_package, module_name

MODULES = {
    "deliverables",
    "deliverables.kinds",
    "deliverables.kinds.payment_request",
    "deliverables.kinds.quarterly_report",
    "deliverables.checks.money",
}


def test_the_package_keeps_its_floors(root: Path) -> None:
    found = faults_of_package(root / "deliverables")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "import deliverables.build",
        "import json, deliverables.build as b",
        "from deliverables import batch",
        "from deliverables.build import make",
        "from .. import batch",
        "from ..batch import make",
        "def f():\n    from deliverables.build import make",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from deliverables import batch",
        "try:\n    import deliverables.build\nexcept ImportError:\n    pass",
        "import importlib\nimportlib.import_module('deliverables.build')",
        "from importlib import import_module\nimport_module('deliverables.build')",
        "__import__('deliverables.build')",
        "from deliverables.build import *",
    ],
)
def test_an_import_of_a_higher_floor_is_noticed_however_it_is_written(source: str) -> None:
    (fault,) = faults("deliverables.compute.payments", source, modules=MODULES)
    assert "floor 2 must not know floor 5" in fault


@pytest.mark.parametrize(
    ("importer", "imported", "reason"),
    [
        ("money", "model.contract", "floor 0 must not know floor 1"),
        ("model.contract", "read.workbook", "floor 1 must not know floor 2"),
        ("read.workbook", "kind", "floor 2 must not know floor 3"),
        ("kind", "render.document", "floor 3 must not know floor 4"),
        ("kinds.payment_request", "render", "floor 3 must not know floor 4"),
        ("verify.account", "batch", "floor 4 must not know floor 5"),
        ("batch", "cli", "floor 5 must not know floor 6"),
        ("batch", "__main__", "floor 5 must not know floor 6"),
        ("read.workbook", "checks.money", "read and checks must not know each other"),
        ("read.workbook", "compute.money", "read and compute must not know each other"),
        ("checks.money", "read.workbook", "checks and read must not know each other"),
        ("checks.money", "compute.money", "checks and compute must not know each other"),
        ("compute.money", "read.workbook", "compute and read must not know each other"),
        ("compute.money", "checks.money", "compute and checks must not know each other"),
        ("render.document", "verify.account", "render and verify must not know each other"),
        ("verify.account", "render.document", "verify and render must not know each other"),
        ("kinds.payment_request", "kinds.quarterly_report", "no kind may know another"),
        ("kinds", "kinds.quarterly_report", "no kind may know another"),
        ("kinds._shared", "kinds.quarterly_report", "no kind may know another"),
        ("kind", "kinds.quarterly_report", "kinds are found by themselves"),
        ("render.document", "kinds.quarterly_report", "no single kind"),
        ("verify.account", "kinds.quarterly_report", "no single kind"),
        ("register", "kinds.quarterly_report", "no single kind"),
        ("pdf", "kinds.quarterly_report", "no single kind"),
        ("pdf", "kinds", "no single kind"),
        ("cli", "surprise", "it is on no floor"),
    ],
)
def test_every_rule_can_fail(importer: str, imported: str, reason: str) -> None:
    source = f"import deliverables.{imported}"
    (fault,) = faults(f"deliverables.{importer}", source, modules=MODULES)
    assert reason in fault


@pytest.mark.parametrize(
    "source",
    ["from . import quarterly_report", "from .quarterly_report import KIND"],
)
def test_a_kind_that_imports_its_neighbour_is_noticed(source: str) -> None:
    (fault,) = faults("deliverables.kinds.payment_request", source, modules=MODULES)
    assert "no kind may know another" in fault


def test_a_relative_import_in_a_package_starts_at_the_package() -> None:
    (fault,) = faults("deliverables.checks", "from ..batch import x", is_package=True)
    assert "imports deliverables.build" in fault
    assert not faults("deliverables.checks", "from .money import x", is_package=True)


def test_a_module_that_chose_no_floor_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "surprise.py").write_text("")
    (fault,) = faults_of_package(tmp_path)
    assert fault.startswith("deliverables.surprise is on no floor")


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("cli.build", "from deliverables import __version__, batch"),
        ("cli.build", "from deliverables.kinds import payment_request"),
        ("batch", "from deliverables.kinds import find_kinds"),
        ("kind", "import_module('deliverables.kinds')"),
        ("kinds.payment_request", "from deliverables.kinds._shared import seal_block"),
        ("render.document", "from . import package\nfrom .package import Part"),
        ("figure", "from deliverables.values.figure import Source"),
        ("kinds.payment_request", "from deliverables.kinds import Kind\nimport decimal"),
        ("compute.payments", "import deliverables_of_others\nfrom json import batch"),
    ],
)
def test_what_is_allowed_passes(importer: str, source: str) -> None:
    assert not faults(f"deliverables.{importer}", source, modules=MODULES)


def test_modules_are_named_by_their_place() -> None:
    assert module_name(Path("kinds/payment_request.py")) == "deliverables.kinds.payment_request"
    assert module_name(Path("kinds/__init__.py")) == "deliverables.kinds"
    assert module_name(Path("__init__.py")) == "deliverables"
