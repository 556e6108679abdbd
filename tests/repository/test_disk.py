"""Everything that is written goes through one layer, which a test can end, fill or hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LAYER = "disk.py"
_OF_A_PATH = {
    "write_text", "write_bytes", "unlink", "mkdir", "rmdir", "rename", "touch", "chmod",
    "symlink_to", "hardlink_to", "rmtree",
}  # fmt: skip
_OF_THE_SYSTEM = {
    "open", "replace", "rename", "renames", "remove", "unlink", "mkdir", "makedirs", "rmdir",
    "removedirs", "chmod", "fsync", "truncate", "ftruncate", "link", "symlink", "write",
}  # fmt: skip
_OF_FILES = {"move", "copy", "copytree", "copyfile", "copyfileobj"}
_FOLDER_OF_THE_SYSTEM = "mkdtemp"  # of Scratch, which knows its own and removes them
_WRITES = frozenset("wax+")


def writings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find what changes the disk."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os" | "shutil"), attr=name)):
                if name in _OF_THE_SYSTEM | _OF_A_PATH | _OF_FILES:
                    yield node.lineno, f"{name} of the system"
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="disk" | "super")))):
                continue
            case ast.Call(func=ast.Attribute(attr=name)) if name in _OF_A_PATH:
                yield node.lineno, f".{name}"
            case ast.Call(func=ast.Attribute(attr="replace"), args=[_], keywords=[]):
                yield node.lineno, ".replace of a path"
            case ast.Call(
                func=ast.Name(id="open") | ast.Attribute(attr="open"), args=[*_, mode]
            ) if _is_to_write(mode):
                yield node.lineno, "open to write"
            case ast.Attribute(value=ast.Name(id="tempfile"), attr=name):
                if name not in (_FOLDER_OF_THE_SYSTEM, "gettempdir"):
                    yield node.lineno, f"tempfile.{name}"


def _is_to_write(mode: ast.expr) -> bool:
    held = mode.value if isinstance(mode, ast.Constant) else ""
    return isinstance(held, str) and len(held) <= len("w+b") and bool(set(held) & _WRITES)


@pytest.mark.thorough
def test_nothing_is_written_around_the_layer(root: Path) -> None:
    found = [
        f"{path.relative_to(root)}:{line}: {what}"
        for path in sorted((root / "deliverables").rglob("*.py"))
        if path.name != LAYER
        for line, what in writings(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "file.write_bytes(data)",
        "Path(name).write_text('x', 'utf-8')",
        "folder.mkdir(parents=True)",
        "unfinished.replace(path)",
        "file.unlink(missing_ok=True)",
        "os.replace(one, other)",
        "os.open(path, os.O_CREAT)",
        "shutil.rmtree(folder, ignore_errors=True)",
        "shutil.copyfile(one, other)",
        "open(path, 'wb')",
        "path.open('a')",
        "tempfile.NamedTemporaryFile()",
    ],
)
def test_a_planted_writing_is_noticed(planted: str) -> None:
    assert list(writings(ast.parse(planted)))


@pytest.mark.parametrize(
    "allowed",
    [
        "disk().rename(one, other)",
        "text.replace('a', 'b')",
        "replace(entry, sequence=1)",
        "path.open('rb')",
        "os.listdir(folder)",
        "archive.open(name)",
    ],
)
def test_what_writes_nothing_is_not_reported(allowed: str) -> None:
    assert not list(writings(ast.parse(allowed)))
