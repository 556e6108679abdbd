"""A draft is marked on every page of every section; a final document has no trace of a mark."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.section import Section
from stamped import DRAFT, PROPERTIES, Context, bare, full

from deliverables.docx.package import Package
from deliverables.docx.render import Stamp, render
from deliverables.docx.style import LETTER, blank

SAMPLE = Stamp(draft=True, sample=True)
UNMET = Stamp(draft=True, sample=False, unmet=("中期验收未完成", "服务期未过半"))
FINAL = Stamp(draft=False, sample=False)


def make(path: Path, stamp: Stamp) -> docx.document.Document:
    target = path.with_name("made.docx")
    target.write_bytes(render(path, Context(), stamp, PROPERTIES))
    return docx.Document(str(target))


def headers(section: Section) -> list[str]:
    kinds = (section.header, section.first_page_header, section.even_page_header)
    return ["\n".join(paragraph.text for paragraph in kind.paragraphs) for kind in kinds]


def watermarks(section: Section) -> list[str]:
    kinds = (section.header, section.first_page_header, section.even_page_header)
    return ["".join(kind._element.xpath('.//*[local-name()="textpath"]/@string')) for kind in kinds]


@pytest.mark.parametrize("template", [bare, full])
@pytest.mark.parametrize(
    ("stamp", "line", "watermark"),
    [
        (DRAFT, "草稿", "草稿"),
        (SAMPLE, "草稿 · 示例", "示例·草稿"),
        (UNMET, "草稿 · 条件未成就：中期验收未完成；服务期未过半", "草稿"),
        (Stamp(draft=False, sample=True), "示例", "示例"),
    ],
)
def test_every_header_of_every_section_is_marked(
    tmp_path: Path, template: Callable[[Path], Path], stamp: Stamp, line: str, watermark: str
) -> None:
    document = make(template(tmp_path / "letter.docx"), stamp)
    for section in document.sections:
        assert all(text.split("\n")[0] == line for text in headers(section))
        assert watermarks(section) == [watermark] * 3


def test_the_headers_of_the_template_stay_below_the_mark(tmp_path: Path) -> None:
    document = make(full(tmp_path / "letter.docx"), DRAFT)
    assert headers(document.sections[0]) == ["草稿\n页眉 甲", "草稿\n首页", "草稿\n偶数页"]
    assert headers(document.sections[2])[0] == "草稿\n自有页眉"


@pytest.mark.parametrize("template", [bare, full])
def test_a_final_document_has_no_trace_of_a_mark(
    tmp_path: Path, template: Callable[[Path], Path]
) -> None:
    path = template(tmp_path / "letter.docx")
    make(path, FINAL)
    made = Package.read(path.with_name("made.docx"))
    assert [name for name in made.parts if name.startswith("word/")] == [
        name for name in Package.read(path).parts if name.startswith("word/")
    ]
    everything = b"".join(made.parts.values()).decode()
    assert not any(
        word in everything for word in ("草稿", "示例", "textpath", "WaterMark", "未成就")
    )


def test_the_footer_tells_version_and_date_if_asked(tmp_path: Path) -> None:
    stamp = Stamp(draft=True, sample=False, footer="草稿 2026年11月2日")
    document = make(full(tmp_path / "letter.docx"), stamp)
    for section in document.sections:
        for footer in (section.footer, section.first_page_footer, section.even_page_footer):
            assert footer.paragraphs[-1].text == "草稿 2026年11月2日"


def test_what_a_condition_says_is_text(tmp_path: Path) -> None:
    stamp = Stamp(draft=True, sample=False, unmet=('<w:p> & "{{ name }}"',))
    (section,) = make(bare(tmp_path / "letter.docx"), stamp).sections
    assert headers(section)[0] == '草稿 · 条件未成就：<w:p> & "{{ name }}"'


def test_a_mark_does_not_move_the_text(
    tmp_path: Path,
    to_pdf: Callable[[Path, Path], Path],
    pdf_pages_text: Callable[[Path], list[str]],
) -> None:
    document = blank(LETTER)
    for number in range(60):
        document.add_paragraph(f"第{number}行")
    document.save(str(tmp_path / "letter.docx"))
    pages = []
    for stamp in (FINAL, SAMPLE):
        make(tmp_path / "letter.docx", stamp)
        pages.append(pdf_pages_text(to_pdf(tmp_path / "made.docx", tmp_path)))
    final, sample = pages
    assert len(final) == len(sample) == 3
    for plain, marked in zip(final, sample, strict=True):
        first, *rest = marked.strip().splitlines()
        assert "草稿 · 示例" in first
        assert "".join("".join(rest).split()) == "".join(plain.split())


@pytest.mark.parametrize("template", [bare, full])
def test_a_marked_document_is_valid(
    tmp_path: Path,
    template: Callable[[Path], Path],
    validate_ooxml: Callable[[Path], None],
) -> None:
    make(template(tmp_path / "letter.docx"), Stamp(True, True, ("甲",), "草稿"))
    validate_ooxml(tmp_path / "made.docx")


def test_watermark_ids_differ_between_headers(tmp_path: Path) -> None:
    document = make(full(tmp_path / "letter.docx"), DRAFT)
    shapes = itertools.chain.from_iterable(
        kind._element.xpath('.//*[local-name()="shape"]/@id')
        for section in document.sections
        for kind in (section.header, section.first_page_header, section.even_page_header)
        if not kind.is_linked_to_previous
    )
    found = list(shapes)
    assert len(found) == len(set(found)) == 4
