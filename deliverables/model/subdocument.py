"""A whole document as data, taken into another."""

from __future__ import annotations

from dataclasses import field

from deliverables.lazily import dataclass


@dataclass(frozen=True, slots=True)
class Subdocument:
    """The bytes of a .docx of one section, whose paragraphs and tables stand in for a tag's."""

    content: bytes = field(repr=False)
