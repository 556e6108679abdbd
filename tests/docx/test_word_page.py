"""Text and Word template say the same: drafted from the one, read back from the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import office
import pytest
from few import thorough_but
from lxml import etree
from planting import TEMPLATES, Change, element, paragraph, planted, properties, run_of

from deliverables.docx.house_text import page_at, read_page
from deliverables.docx.package import Package, W
from deliverables.docx.page import Page
from deliverables.docx.page_text import page_text
from deliverables.docx.style import REPORT
from deliverables.docx.style_sheet import layout_of
from deliverables.docx.word_draft import draft
from deliverables.docx.word_page import LossKind, Unsaid, page_of

SHIPPED = sorted(TEMPLATES.glob("*.docx"))
A_FEW = {"payment_request", "settlement_statement", "emergency_plan"}
"""A letter, a statement and a plan."""


def page(path: Path) -> Page:
    found = page_at(path)
    assert isinstance(found, Page), [str(problem) for problem in found]
    return found


@pytest.mark.parametrize("template", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_template_is_what_its_text_drafts(template: Path) -> None:
    assert draft(page(template.with_suffix(".md"))) == template.read_bytes()


@pytest.mark.parametrize("template", thorough_but(A_FEW, SHIPPED, lambda path: path.stem))
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


def test_a_paragraph_after_a_new_page_begins_it_by_itself() -> None:
    """A paragraph of its own for the break leaves an empty page where the page before is full."""
    said = read_page("前\n\n@分页\n\n# 同意书\n", "slip.md")
    assert isinstance(said, Page)
    body = Package.of(draft(said)).parts["word/document.xml"].decode()
    assert body.count("<w:pageBreakBefore/>") == 1
    assert 'w:type="page"' not in body


def test_a_new_page_before_a_table_or_a_tag_has_a_paragraph_of_its_own() -> None:
    said = read_page("前\n\n@分页\n\n{% if x %}\n后\n{% endif %}\n", "slip.md")
    assert isinstance(said, Page)
    body = Package.of(draft(said)).parts["word/document.xml"].decode()
    assert body.count('w:type="page"') == 1
    assert "pageBreakBefore" not in body


# --- what a person did in Word


def back(path: Path) -> tuple[Page, tuple[Unsaid, ...]]:
    package = Package.read(path)
    layout = layout_of(package)
    assert layout
    return page_of(package, layout, path.name)


def to_amount(markup: str) -> Change:
    return lambda root: paragraph(root, "{{ requested_in_words }}").append(element(markup))


def in_first_cell(markup: str) -> Change:
    return lambda root: next(root.iter(f"{W}tc")).append(element(markup))


def in_first_cell_properties(markup: str) -> Change:
    return lambda root: next(root.iter(f"{W}tcPr")).append(element(markup))


IN_TEXT = "body, paragraph “{{ requested_in_words }}”"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (to_amount("<w:r><w:drawing/></w:r>"), f"{IN_TEXT}: a drawing or picture"),
        (to_amount('<w:r><w:footnoteReference w:id="2"/></w:r>'), f"{IN_TEXT}: a footnote"),
        (to_amount('<w:ins w:id="1"><w:r><w:t>加</w:t></w:r></w:ins>'), "a tracked change"),
        (to_amount('<w:r><w:sym w:char="F0FE"/></w:r>'), "a sign of a symbol font"),
        (to_amount("<w:r><w:t>{{ a|length }}</w:t></w:r>"), "{{ a|length }} is no tag of a text"),
        (in_first_cell("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
         "body, table 1, row 1, cell 1: a table of another shape"),
        (in_first_cell_properties('<w:vMerge w:val="restart"/>'), "a table of another shape"),
        (in_first_cell("<w:sdt><w:sdtContent><w:p><w:r><w:t>藏</w:t></w:r></w:p>"
                       "</w:sdtContent></w:sdt>"), "a table of another shape"),
        (lambda root: properties(paragraph(root, "{{ requested_in_words }}"), "pPr").append(
            element('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>')),
         "a number or bullet set by hand"),
    ],
)  # fmt: skip
def test_matter_that_a_text_cannot_say_is_told_with_its_place(
    change: Change, said: str, tmp_path: Path
) -> None:
    _, untold = back(planted(tmp_path, change))
    matter = [str(each.message) for each in untold if each.kind is LossKind.MATTER]
    assert any(said in each for each in matter), matter


def test_words_in_a_footer_that_is_no_page_number_are_not_lost_unseen(tmp_path: Path) -> None:
    def change(root: etree._Element) -> None:
        root[0].append(element("<w:r><w:t>某某公司</w:t></w:r>"))

    _, untold = back(planted(tmp_path, change, part="word/footer1.xml"))
    assert [str(each.message) for each in untold] == [
        "footer (footer1), paragraph “— 1 —某某公司”: a footer of other words"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda root: properties(run_of(paragraph(root, "{{ requested_in_words }}")), "rPr").append(
            element('<w:color w:val="FF0000"/>')), f"{IN_TEXT}: set by hand: colour val=FF0000"),
        (lambda root: properties(paragraph(root, "{{ requested_in_words }}"), "pPr").append(
            element('<w:jc w:val="center"/>')), f"{IN_TEXT}: set by hand: alignment val=center"),
    ],
)  # fmt: skip
def test_a_look_set_by_hand_is_told_and_gone_when_drafted_again(
    change: Change, said: str, tmp_path: Path
) -> None:
    path = planted(tmp_path, change)
    page, untold = back(path)
    assert [(str(each.message), each.kind) for each in untold] == [(said, LossKind.LOOK)]
    assert draft(page) == (TEMPLATES / "payment_request.docx").read_bytes()


def test_strong_words_and_tags_torn_by_the_spelling_check_come_back_whole(tmp_path: Path) -> None:
    def change(root: etree._Element) -> None:
        found = paragraph(root, "{{ requested_in_words }}")
        found.remove(run_of(found))
        for piece in (
            "<w:r><w:t>见{</w:t></w:r>",
            '<w:proofErr w:type="spellStart"/>',
            "<w:r><w:rPr><w:b/></w:rPr><w:t>{ requested</w:t></w:r>",
            "<w:r><w:t>_in_words }}，</w:t></w:r>",
            "<w:r><w:rPr><w:b/></w:rPr><w:t>逾期</w:t></w:r>",
        ):
            found.append(element(piece))

    page, untold = back(planted(tmp_path, change))
    assert not untold
    assert "\n@金额大写 见{{ requested_in_words }}，**逾期**\n" in page_text(page)


def test_styles_under_other_ids_are_known_by_their_names(tmp_path: Path) -> None:
    """WPS and LibreOffice give styles ids of their own."""
    package = Package.read(TEMPLATES / "payment_request.docx")
    for part in ("word/document.xml", "word/styles.xml"):
        text = package.parts[part].decode().replace('"Paragraph"', '"a3"')
        package.parts[part] = text.replace('"Recipient"', '"Style12"').encode()
    page, untold = page_of(package, layout_of(package) or REPORT, "own.docx")
    assert not untold
    assert draft(page) == (TEMPLATES / "payment_request.docx").read_bytes()


def test_a_document_made_in_word_takes_the_house_style_and_keeps_its_words(
    tmp_path: Path, validate_ooxml: Callable[[Path], None]
) -> None:
    own = docx.Document()
    own.add_heading("标题", 1)
    own.add_paragraph("正文 {{ name }}")
    own.add_paragraph("引用", style="Intense Quote")
    table = own.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "项目", "金额|元"
    table.cell(1, 0).text, table.cell(1, 1).text = "@甲", "1"
    path = tmp_path / "own.docx"
    own.save(str(path))
    page, untold = page_of(Package.read(path), REPORT, "own.docx")
    text = page_text(page)
    assert text == (
        "@版式 报告\n## 标题\n\n正文 {{ name }}\n引用\n\n@定表 76.2左 76.2左\n"
        "| 项目 | 金额\\|元 |\n| @甲 | 1 |\n"
    )
    assert "body, paragraph “引用”: the style Intense Quote" in [
        str(each.message) for each in untold
    ]
    again = read_page(text, "own.md")
    assert isinstance(again, Page)
    path.write_bytes(draft(again))
    validate_ooxml(path)


@pytest.mark.parametrize(
    "words",
    ["@主送", "# 一", "| 甲 |", "- 乙", "　　丙", "!丁", "**戊", "[[己", "a\\b<br>", "> 庚"],
)
def test_what_would_be_read_otherwise_is_escaped(words: str, tmp_path: Path) -> None:
    def change(root: etree._Element) -> None:
        next(paragraph(root, "{{ requested_in_words }}").iter(f"{W}t")).text = words

    page, untold = back(planted(tmp_path, change))
    assert not untold
    again = read_page(page_text(page), "again.md")
    assert isinstance(again, Page), [str(problem) for problem in again]
    assert draft(again) == draft(page)


@pytest.mark.office
def test_a_template_that_libreoffice_saved_is_drafted_as_it_was(tmp_path: Path) -> None:
    shipped = [TEMPLATES / f"{kind}.docx" for kind in ("payment_request", "quarterly_report")]
    for template, saved in zip(shipped, office.saved_again(shipped, tmp_path), strict=True):
        page, untold = back(saved)
        assert [str(each.message) for each in untold if each.kind is LossKind.MATTER] == []
        assert draft(page) == template.read_bytes()
