"""Fill in a fresh contract.yaml as a clerk does: line by line, in place of 【待补】."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import builders

from deliverables.model.fields import UNFILLED
from deliverables.read.tree import Items, KeyBlock, Node, Scalar
from deliverables.read.yaml import parse_yaml
from deliverables.values.problem import Problem

TREE = parse_yaml(builders.CONTRACT.encode(), "contract.yaml", [])
LATER = ("credit_code", "catalogue", "measurement", "type", "item", "tax_code", "phone")


def fill_in(file: Path, number: str, *, leave: tuple[str, ...] = ()) -> int:
    """Write the facts of the small contract of builders.py over every 【待补】; return how many.

    Fields named in `leave` stay as they are.
    """
    lines = file.read_text("utf-8").splitlines()
    problems: list[Problem] = []
    fresh = parse_yaml(file.read_bytes(), file.as_posix(), problems)
    filled = 0
    for path, scalar in unfilled(fresh):
        fact = number if path == ("identity", "number") else answer(TREE, path)
        if path[-1] not in leave and fact is not None:
            line, column = scalar.source.line - 1, scalar.source.column - 1
            lines[line] = lines[line][:column] + fact
            filled += 1
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return filled


def unfilled(
    node: Node | None, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Scalar]]:
    """Find every scalar that holds 【待补】, with its path."""
    match node:
        case KeyBlock(entries=entries):
            for key, value in entries:
                yield from unfilled(value, (*path, str(key.text)))
        case Items(items=items):
            for index, item in enumerate(items):
                yield from unfilled(item, (*path, index))
        case Scalar(text=str(text)) if UNFILLED in text:
            yield path, node


def answer(node: Node | None, path: tuple[str | int, ...]) -> str | None:
    """Return what the small contract says there, as YAML; nothing where it says nothing."""
    for step in path:
        if isinstance(node, KeyBlock):
            node = next((value for key, value in node.entries if key.text == step), None)
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    match node:
        case Scalar(text=str(text), quoted=quoted):
            return f'"{text}"' if quoted else text
        case Items(items=items):
            return f"[{', '.join(str(item.text) for item in items if isinstance(item, Scalar))}]"
    return None
