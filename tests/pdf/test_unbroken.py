"""No line of a PDF ends within a number, a date or a reference; a document holds plain hyphens."""

from __future__ import annotations

import pytest
from layout import as_printed, laid_out
from papers import paper, paragraph, texts

from deliverables.docx.package import Package, W, parse
from deliverables.docx.settlement import FIELD_END, field_start
from deliverables.pdf.office import PdfPool
from deliverables.pdf.unbroken import unbroken

MARGINS = '<w:pgMar w:top="1440" w:bottom="1440" w:left="1800" w:right="1800"/>'
CAPTION = (
    '<w:p><w:bookmarkStart w:id="1" w:name="_Ref_hosts"/><w:r><w:t>附表 6</w:t>'
    '<w:noBreakHyphen/></w:r><w:r><w:t>1</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>'
)
INSTRUCTION = r" REF _Ref_hosts \h "
REFERENCE = (
    f"{field_start(INSTRUCTION)}<w:r><w:t>附表 6</w:t><w:noBreakHyphen/>"
    f"<w:t>1</w:t></w:r>{FIELD_END}"
)


def said(body: str) -> tuple[str, list[str]]:
    """Return the text that is printed, and the links in it."""
    package = unbroken(Package.of(paper(body)))
    root = parse(package.parts[package.document])
    links = [link.get(f"{W}anchor", "") for link in root.iter(f"{W}hyperlink")]
    assert not [*root.iter(f"{W}noBreakHyphen")]
    return "".join(map(str, root.itertext())), links


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2026-05-08 起", "2026-\u206005-\u206008 起"),
        ("故障报告 GZ-2026-004", "故障报告 GZ-\u20602026-\u2060004"),
        ("-218.52", "-218.52"),
        ("甲方-乙方", "甲方-乙方"),
        ("99.95%", "99.95%"),
    ],
)
def test_a_joiner_follows_each_hyphen_within_a_number(text: str, printed: str) -> None:
    assert said(paragraph(text)) == (printed, [])


def test_a_reference_is_a_link_that_says_the_same_on_one_line() -> None:
    text, links = said(f"{CAPTION}<w:p><w:r><w:t>见</w:t></w:r>{REFERENCE}</w:p>")
    assert text.replace("\u2060", "") == "附表 6-1见附表\u00a06-1"
    assert links == ["_Ref_hosts"]


def test_a_field_that_programs_wrote_otherwise_is_left_alone() -> None:
    torn = REFERENCE.removesuffix(FIELD_END)
    assert said(f"<w:p>{torn}</w:p>")[1] == []


def test_the_document_itself_is_not_changed() -> None:
    document = paper(paragraph("2026-05-08 起"))
    unbroken(Package.of(document))
    assert ("2026-05-08 起",) in texts(document)


@pytest.mark.office
def test_without_it_lines_would_end_within(pool: PdfPool) -> None:
    moved_on = (f"{'中' * number}2026-05-08" for number in range(30, 45))
    document = paper("".join(map(paragraph, moved_on)), MARGINS)
    assert as_printed(document, pool.convert(document).pdf).torn
    assert laid_out(document, pool).torn == ()
