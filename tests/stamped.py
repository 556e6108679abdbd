"""Letters of one section and of three, to put marks on and to take them off again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deliverables.docx.render import Properties, Stamp
from deliverables.docx.style import LETTER, blank

DRAFT = Stamp(draft=True, sample=False)


PROPERTIES = Properties(
    title="函", subject="函", contract_number="HT-1", creator="乙方", made_on=date(2026, 11, 2)
)


@dataclass(frozen=True)
class Context:
    name: str = "甲"


def bare(path: Path) -> Path:
    """A template of one section without any header."""
    document = blank(LETTER)
    document.add_paragraph("{{ name }}")
    document.save(str(path))
    return path


def full(path: Path) -> Path:
    """A template of three sections that differ in every way headers can."""
    document = blank(LETTER)
    document.settings.odd_and_even_pages_header_footer = True
    document.add_paragraph("{{ name }}")
    first = document.sections[0]
    first.different_first_page_header_footer = True
    first.header.paragraphs[0].text = "页眉 {{ name }}"
    first.first_page_header.paragraphs[0].text = "首页"
    first.even_page_header.paragraphs[0].text = "偶数页"
    document.add_paragraph("二")
    document.add_section()
    own = document.add_section()
    own.header.is_linked_to_previous = False
    own.header.paragraphs[0].text = "自有页眉"
    document.save(str(path))
    return path
