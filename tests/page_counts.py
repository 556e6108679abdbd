"""docs/pages.md: how many pages each document has, held by the tests that lay them out."""

from __future__ import annotations

from pathlib import Path

from layout import Layout, moved

DOCUMENT = Path(__file__).parents[1] / "docs" / "pages.md"


def row_of(title: str, ours: Layout, theirs: Layout) -> str:
    """Return the line about a document: pages by either sort of lines, titles, and those moved."""
    titles, elsewhere = len(ours.titles), len(moved(ours, theirs))
    return f"| {title} | {ours.pages} | {theirs.pages} | {titles} | {elsewhere} |"


def written(row: str) -> None:
    """Put the line in its place, by the name of the document."""
    lines = DOCUMENT.read_text("utf-8").splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("|---")) + 1
    name = row.split(" | ", maxsplit=1)[0]
    others = [line for line in lines[head:] if line and line.split(" | ")[0] != name]
    DOCUMENT.write_text("\n".join([*lines[:head], *sorted([*others, row])]) + "\n", "utf-8")
