"""What the project manager wrote for each quarter: causes, measures and context."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_PROSE = Path(__file__).with_suffix(".md")


def narrative(quarter: int) -> Iterator[tuple[str, str]]:
    """Return the chapters and paragraphs of one quarter, in the order of narrative.md."""
    _, *parts = _PROSE.read_text(encoding="utf-8").split("\n## ")
    written = next(part for part in parts if part.startswith(f"Q{quarter}\n"))
    for chapter in written.split("\n### ")[1:]:
        title, *paragraphs = chapter.strip().split("\n\n")
        for paragraph in paragraphs:
            yield title, paragraph
