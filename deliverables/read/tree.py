"""What a YAML file holds: texts, keys and lists, each with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass

from deliverables.values.figure import Line


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single text; None where nothing or null is written, `quoted` if it stood in quotes."""

    text: str | None
    quoted: bool
    source: Line


@dataclass(frozen=True, slots=True)
class KeyBlock:
    """Keys and what stands under them, in the order of the file."""

    entries: tuple[tuple[Scalar, Node], ...]
    source: Line


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    source: Line


Node = Scalar | KeyBlock | Items


def value_at(node: Node | None, *keys: str) -> Node | None:
    """Return what stands under the keys, one below the other; None where nothing does."""
    for wanted in keys:
        entries = node.entries if isinstance(node, KeyBlock) else ()
        node = next((value for key, value in entries if key.text == wanted), None)
    return node
