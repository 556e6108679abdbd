"""Projects broken on purpose, as tests/broken describes them, and the problems that are told."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import builders
from places import TESTS
from ruamel.yaml import YAML

from deliverables.compute.open_points import open_points
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.values import problem
from deliverables.values.problem import Problem

BROKEN = TESTS / "broken"
AS_OF = date(2026, 11, 2)


def problems_of(data: Path) -> list[Problem]:
    """Read and check the project below `data` as a user would call it, on the day `AS_OF`."""
    found: list[Problem] = []
    for examined in examine(Folders(data, Path("out")), builders.NUMBER):
        found += examined.problems
        if examined.book and examined.sound:
            found += open_points(examined.book, AS_OF)
    return found


def broken_project(case: Path) -> Path:
    """Make the project of a case in the current folder and return its data folder."""
    data = Path("data")
    folder = builders.project(data)
    for change in YAML(typ="safe").load(case.read_text("utf-8")):
        builders.edit(folder, change)
    return data


def _constants(module: str, names: Iterable[str]) -> dict[str, str]:
    """Return the texts among the names that our own modules hand on."""
    if not module.startswith("deliverables"):
        return {}
    found = {name: getattr(import_module(module), name, None) for name in names if name.isupper()}
    return {name: text for name, text in found.items() if isinstance(text, str)}


def codes_in(source: str) -> Iterator[str]:
    """Find the codes that a module gives to the problems it makes, written there or named."""
    if not re.search(r"\b(?:error|warning|gap)\(", source):
        return
    tree = ast.parse(source)
    named: dict[str, str] = {}
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(code)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(code)))
            ):
                named[name] = code
            case ast.ImportFrom(module=str(module), names=names):
                named |= _constants(module, [one.name for one in names])
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="error" | "warning" | "gap"),
                args=[ast.Constant(value=str(code)), *_],
            ):
                yield code
            case ast.Call(
                func=ast.Name(id="error" | "warning" | "gap"), args=[ast.Name(id=name), *_]
            ):
                yield named[name] if name in named else getattr(problem, name)
