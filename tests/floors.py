"""Which module may import which: the floors of the package, read from the syntax tree.

Imports go down, or along the same floor, with the exceptions of `_forbidden`. Where in a module
an import stands makes no difference: in a function or under TYPE_CHECKING it ties just as hard.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "deliverables"

FLOORS = {
    "": 0,  # the package itself holds nothing but its version
    "source": 0,
    "message": 0,
    "lazily": 0,
    "problem": 0,
    "figure": 0,
    "trace": 0,
    "inputs": 4,
    "sightings": 4,
    "changes": 4,
    "docx": 4,
    "money": 0,
    "instalments": 0,
    "vat": 0,
    "capitals": 0,
    "workdays": 0,
    "festivals": 0,
    "notices": 0,
    "period": 0,
    "interval": 0,
    "identifiers": 0,
    "stated": 0,
    "archive": 0,
    "cache_folder": 0,
    "store": 0,
    "files": 0,
    "model": 1,
    "read": 2,
    "checks": 2,
    "compute": 2,
    "importing": 3,
    "kind": 3,
    "kinds": 3,
    "render": 4,
    "verify": 4,
    "register": 4,
    "bases": 4,
    "edits": 4,
    "recognition": 4,
    "pdf": 4,
    "folders": 4,
    "life": 4,
    "pages": 4,
    "provenance": 4,
    "comparison": 4,
    "reviewing": 4,
    "portal": 4,
    "planning": 5,
    "finance": 5,
    "recomposing": 5,
    "objections": 5,
    "finalising": 5,
    "sealing": 5,
    "sealing_form": 5,
    "acceptance_pack": 5,
    "merging": 5,
    "filling": 5,
    "starting": 5,
    "todo": 5,
    "batch": 5,
    "examination": 5,
    "selection": 5,
    "month_end": 5,
    "payment_pack": 5,
    "orders": 5,
    "making": 5,
    "kept": 4,
    "fleet": 5,
    "fleet_task": 5,
    "recording": 5,
    "recipe": 5,
    "substance": 5,
    "approvals": 4,
    "verification": 5,
    "since": 5,
    "printing": 5,
    "overview": 5,
    "cli": 6,
    "__main__": 6,
}
STRANGERS = (
    {"read", "checks", "compute"},
    {"render", "verify"},
    {"docx", "verify"},
)  # on one floor, yet apart


@dataclass(frozen=True, slots=True)
class Import:
    """One import, by full names: `deliverables.cli.build` imports `deliverables.build`."""

    line: int
    importer: str
    imported: str


def faults_of_package(folder: Path) -> list[str]:
    """Return every fault of the package in `folder`, a sentence each."""
    sources = {
        module_name(path.relative_to(folder)): (path.read_text("utf-8"), path.name == "__init__.py")
        for path in sorted(folder.rglob("*.py"))
    }
    return [
        fault
        for name, (source, is_package) in sources.items()
        for fault in faults(name, source, is_package=is_package, modules=set(sources))
    ]


def faults(
    name: str, source: str, *, is_package: bool = False, modules: set[str] | None = None
) -> list[str]:
    """Return what the module `name` with the text `source` imports against the rules.

    `modules` are the full names of all modules; they tell `from a import module` from
    `from a import something_in_a`. Without them only names in FLOORS are taken for modules.
    """
    if _top(name) not in FLOORS:
        return [f"{name} is on no floor: choose one for it in tests/floors.py"]
    found = dict.fromkeys(imports(name, source, is_package=is_package, modules=modules))
    return [
        f"{name}:{each.line} imports {each.imported}: {reason}"
        for each in found
        if (reason := _forbidden(each))
    ]


def imports(
    name: str, source: str, *, is_package: bool = False, modules: set[str] | None = None
) -> list[Import]:
    """Return what the module imports from its own package, wherever the import stands."""
    home = name if is_package else name.rpartition(".")[0]
    return [
        Import(line, name, imported)
        for line, imported in _imported(ast.parse(source, name), home, modules)
        if imported == PACKAGE or imported.startswith(PACKAGE + ".")
    ]


def module_name(path: Path) -> str:
    """Return the full name of the module at `path`, which is relative to the package."""
    parts = [PACKAGE, *path.with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.AST, home: str, modules: set[str] | None) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                source = _absolute(home, module, level)
                for alias in names:
                    whole = f"{source}.{alias.name}"
                    yield node.lineno, whole if _is_module(whole, modules) else source
            case ast.Call(func=function, args=[ast.Constant(value=str(target)), *_]):
                if ast.unparse(function) in {
                    "import_module",
                    "importlib.import_module",
                    "__import__",
                }:
                    yield node.lineno, target


def _absolute(home: str, module: str | None, level: int) -> str:
    if not level:
        return module or ""
    parents = home.split(".")[: len(home.split(".")) - level + 1]
    return ".".join([*parents, *([module] if module else [])])


def _is_module(name: str, modules: set[str] | None) -> bool:
    """Tell whether `name` is a module: one that exists, or one that has a floor of its own."""
    return name in (modules or ()) or (name.count(".") == 1 and _top(name) in FLOORS)


def _forbidden(found: Import) -> str:
    """Return why the import is not allowed; nothing if it is."""
    importer, imported = _top(found.importer), _top(found.imported)
    if imported not in FLOORS:
        return "it is on no floor"
    above, below = FLOORS[importer], FLOORS[imported]
    if above < below:
        return f"floor {above} must not know floor {below}"
    if importer != imported and any({importer, imported} <= group for group in STRANGERS):
        return f"{importer} and {imported} must not know each other"
    if imported == "kinds" and above == FLOORS["render"]:
        return f"{importer} may know Kind, but no single kind"
    kind = _single_kind(found.imported)
    if kind and above == FLOORS["kind"] and kind != _single_kind(found.importer):
        return "kinds are found by themselves, and no kind may know another"
    return ""


def _top(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def _single_kind(name: str) -> str:
    """Return the kind that the module belongs to; nothing for what all kinds share."""
    parts = name.split(".")
    if parts[1:2] != ["kinds"] or len(parts) == 2 or parts[2].startswith("_"):
        return ""
    return parts[2]
