"""Text and Word template say the same: drafted from the one, read back from the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import TEMPLATES

from deliverables.docx.house_text import page_at, read_page
from deliverables.docx.package import Package
from deliverables.docx.page import Page
from deliverables.docx.page_text import page_text
from deliverables.docx.sheet import layout_of
from deliverables.docx.word_draft import draft
from deliverables.docx.word_page import page_of

SHIPPED = sorted(TEMPLATES.glob("*.docx"))


def page(path: Path) -> Page:
    found = page_at(path)
    assert isinstance(found, Page), [str(problem) for problem in found]
    return found


@pytest.mark.parametrize("template", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_template_is_what_its_text_drafts(template: Path) -> None:
    assert draft(page(template.with_suffix(".md"))) == template.read_bytes()


@pytest.mark.parametrize("template", SHIPPED, ids=lambda path: path.stem)
def test_a_template_read_back_and_drafted_again_is_the_same(template: Path) -> None:
    package = Package.read(template)
    layout = layout_of(package)
    assert layout
    back, untold = page_of(package, layout, template.name)
    assert not untold
    text = page_text(back)
    again = read_page(text, "again.md")
    assert isinstance(again, Page)
    assert draft(again) == template.read_bytes()
    assert page_text(again) == text
