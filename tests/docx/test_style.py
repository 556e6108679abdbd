"""The house style: what every document has of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from deliverables.docx.package import Package
from deliverables.docx.style import FACES, LAYOUTS, LETTER, REPORT, Layout, blank

layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())


def names_of(document: docx.document.Document) -> set[str]:
    return set(document.element.getroottree().getroot().xpath("//w:name/@w:val"))


@layouts
def test_every_style_is_there_and_valid(
    layout: Layout, tmp_path: Path, validate_ooxml: Callable[[Path], None]
) -> None:
    document = blank(layout)
    for look in layout.looks:
        document.add_paragraph(look.name, style=look.name)
    document.save(str(tmp_path / "all.docx"))
    validate_ooxml(tmp_path / "all.docx")


@layouts
def test_every_style_can_be_found(layout: Layout) -> None:
    for look in layout.looks:
        assert look.based_on is None or layout.look(look.based_on)
        assert look.next is None or layout.look(look.next)
        assert look.face is None or look.face in FACES
    assert len({look.id for look in layout.looks}) == len(layout.looks)
    assert len({look.name for look in layout.looks}) == len(layout.looks)


@layouts
def test_headings_are_numbered_as_official_documents_number_them(layout: Layout) -> None:
    numbering = blank(layout).part.numbering_part.element
    levels = zip(
        numbering.xpath("//w:lvl/w:pStyle/@w:val"),
        numbering.xpath("//w:lvl[w:pStyle]/w:lvlText/@w:val"),
        strict=True,
    )
    assert dict(levels) == {
        "Heading1": "%1、", "Heading2": "（%2）", "Heading3": "%3.", "Heading4": "（%4）",
    }  # fmt: skip


def test_a_report_counts_its_annexes_apart_and_a_letter_has_none() -> None:
    apart = {
        layout.name: blank(layout).part.numbering_part.element.xpath(
            "//w:lvl[not(w:pStyle)]/w:lvlText/@w:val"
        )
        for layout in (LETTER, REPORT)
    }
    assert apart == {"letter": [], "report": ["附%1　"]}


def test_a_page_of_a_letter_holds_22_lines_of_28_characters(
    tmp_path: Path,
    to_pdf: Callable[[Path, Path], Path],
    pdf_pages_text: Callable[[Path], list[str]],
) -> None:
    document = blank(LETTER)
    for _ in range(22):
        document.add_paragraph("国" * 28)
    document.add_paragraph("末")
    document.save(str(tmp_path / "full.docx"))
    first, second = pdf_pages_text(to_pdf(tmp_path / "full.docx", tmp_path))
    lines = ["".join(line.split()) for line in first.splitlines() if line.strip()]
    assert lines == ["国" * 28] * 22
    assert second.split() == ["末"]


@layouts
def test_nothing_is_left_of_a_tool_or_a_theme(layout: Layout, tmp_path: Path) -> None:
    blank(layout).save(str(tmp_path / "blank.docx"))
    package = Package.read(tmp_path / "blank.docx")
    everything = b"".join(
        content for name, content in package.parts.items() if not name.startswith("docProps/")
    ).decode()
    assert not any(word in everything for word in ("theme/", "asciiTheme", "Calibri", "python"))


def contrast_on_white(colour: str) -> float:
    """Return the contrast as the Web Content Accessibility Guidelines reckon it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@layouts
def test_small_words_can_be_read_from_a_print_in_black_and_white(layout: Layout) -> None:
    small = [look for look in layout.looks if look.colour and look.size and look.size <= 9]
    assert {"Source", "Header", "Footer"} & {look.id for look in small}
    assert [look.id for look in small if contrast_on_white(look.colour or "") < 7] == []
