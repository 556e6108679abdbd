"""A document is read into one form, whichever program saved it; nothing a reader sees is lost."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from papers import edited, packed, paper, paragraph, row, story, table, texts, unpacked

from deliverables.verify.document import FileIdentity, Form, Place, read_document
from deliverables.verify.package import UnreadableDocumentError

LINE = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def odd(body: str) -> list[tuple[str, ...]]:
    return [block.odd for block in read_document(paper(body)).blocks]


def test_paragraphs_and_rows_come_in_reading_order_with_their_places() -> None:
    body = paragraph("一、概述", "h") + paragraph("正文。") + table(row("甲", "乙"), row("1", "2"))
    first, second, head, line = read_document(paper(body)).blocks
    assert (first.level, first.style, first.texts) == (1, "heading 1", ("一、概述",))
    assert second.place == Place("body", "一、概述", excerpt="正文。")
    assert (head.form, head.texts, line.columns) == (Form.ROW, ("甲", "乙"), (1, 2))
    assert (line.place.heading, line.place.table, line.place.row) == ("一、概述", 1, 2)
    assert str(line.place_of(1).message()) == "一、概述 › table 1, row 2, column 2"


def test_a_block_knows_which_element_it_is() -> None:
    body = paragraph("") + paragraph("甲") + table(row("乙"), row("丙"))
    assert [(b.part, b.at) for b in read_document(paper(body)).blocks] == [
        ("word/document.xml", 1), ("word/document.xml", 0), ("word/document.xml", 1)
    ]  # fmt: skip


def test_runs_spaces_and_invisible_letters_make_no_difference() -> None:
    runs = (run("合同"), run("总额\u3000", "<w:b/>"), "<w:proofErr/>", run("\u200b12"), run("元"))
    assert texts(paper(f"<w:p>{''.join(runs)}</w:p>")) == [("合同总额 12元",)]


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    body = (
        f"<w:p>{run('共')}<w:ins>{run('三')}</w:ins><w:del><w:r><w:delText>两</w:delText></w:r>"
        f"</w:del>{run('份')}</w:p>"
    )
    document = read_document(paper(body))
    assert (document.blocks[0].texts, document.insertions, document.deletions) == (
        ("共三份",), 1, 1
    )  # fmt: skip


def test_a_row_that_was_deleted_as_a_tracked_change_is_gone() -> None:
    gone = row("1").replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
    assert texts(paper(table(row("甲"), gone))) == [("甲",)]


def field(told: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText> {told} </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_numbers_of_pages_are_left_out_and_other_fields_read_as_shown() -> None:
    body = f"<w:p>{run('第')}{field('PAGE', '3')}{run('页，见图')}{field('REF _Ref1', '2')}</w:p>"
    assert texts(paper(body)) == [("第页，见图2",)]
    assert texts(paper(f'<w:p>{run("共")}<w:fldSimple w:instr="NUMPAGES">{run("9")}'
                       "</w:fldSimple></w:p>")) == [("共",)]  # fmt: skip


def test_a_line_of_the_contents_is_read_without_its_page() -> None:
    typed = f"<w:p>{field('TOC', '')}</w:p>"
    typed = typed.replace(run(""), f"{run('一、概述')}<w:r><w:tab/></w:r>{run('12')}")
    counted = f"<w:p>{run('一、概述')}<w:r><w:tab/></w:r>{field('PAGEREF _Toc1', '7')}</w:p>"
    assert texts(paper(typed + counted)) == [("一、概述",), ("一、概述",)]


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        ('<w:strike/>', "struck"),
        ('<w:color w:val="FFFFFF"/>', "pale"),
        ('<w:sz w:val="2"/>', "tiny"),
        ('<w:w w:val="1"/>', "tiny"),
        ('<w:color w:val="000000"/><w:shd w:fill="000000"/>', "pale"),
        ('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>', "pale"),
    ],
)  # fmt: skip
def test_words_that_are_hard_to_see_are_noted(look: str, kind: str) -> None:
    assert odd(f"<w:p>{run('合计')}{run('12元', look)}</w:p>") == [(f"{kind}: 12元",)]


def test_letters_that_turn_others_round_are_noted() -> None:
    assert odd(paragraph("账号\u202e321\u202c")) == [("turned: 账号\u202e321\u202c",)]


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        ('<w:rFonts w:ascii="Wingdings"/>', "symbols"),
        ('<w:position w:val="-800"/>', "raised"),
        ('<w:vertAlign w:val="superscript"/>', "raised"),
        ('<w:spacing w:val="-400"/>', "tiny"),
    ],
)
def test_letters_that_were_moved_or_disguised_are_noted(look: str, kind: str) -> None:
    assert odd(f"<w:p>{run('12元', look)}</w:p>") == [(f"{kind}: 12元",)]


@pytest.mark.parametrize("place", ['<w:ind w:left="20000"/>', '<w:framePr w:x="-20000"/>'])
def test_a_paragraph_off_the_page_is_noted(place: str) -> None:
    body = f"<w:p><w:pPr>{place}</w:pPr>{run('12元')}</w:p>"
    assert odd(body) == [("away: 12元",)]


def test_a_shape_without_words_is_seen_for_it_may_cover_some() -> None:
    shape = "<w:p><w:r><w:pict><v:rect/></w:pict></w:r></w:p>"
    assert [block.form for block in read_document(paper(shape)).blocks] == [Form.PICTURE]


def test_a_heading_has_the_number_that_is_counted_for_it() -> None:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    numbering = (
        f'<w:numbering xmlns:w="{main}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
        '<w:start w:val="9"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1章"/>'
        '</w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
        "</w:numbering>"
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    body = "".join(f"<w:p><w:pPr>{listed}</w:pPr>{run(text)}</w:p>" for text in "甲乙丙")
    blocks = read_document(paper(body, numbering=numbering)).blocks
    assert [block.number for block in blocks] == ["第九章", "第十章", "第十一章"]


def test_hidden_words_are_not_read_but_noted() -> None:
    body = f"<w:p>{run('合计')}{run('12元', '<w:vanish/>')}</w:p>"
    assert texts(paper(body)) == [("合计",)]
    assert odd(body) == [("hidden: 12元",)]


def test_words_made_pale_by_a_style_are_noted_too() -> None:
    assert odd(paragraph("12元", "g")) == [("pale: 12元",)]


def test_what_only_a_browser_hides_and_white_letters_on_dark_ground_are_not_odd() -> None:
    white = '<w:color w:val="FFFFFF"/><w:shd w:fill="1F4E79"/>'
    assert odd(f"<w:p>{run('12元', '<w:webHidden/>')}{run('甲', white)}</w:p>") == [()]


def test_a_hidden_or_flattened_row_is_noted() -> None:
    hidden = row("1").replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>")
    flat = row("2").replace(
        "<w:tr>", '<w:tr><w:trPr><w:trHeight w:hRule="exact" w:val="20"/></w:trPr>'
    )
    assert odd(table(hidden, flat)) == [("hidden: 1",), ("tiny: 2",)]


def test_merged_cells_keep_their_columns_and_say_that_they_continue() -> None:
    wide = row("甲", "乙").replace("<w:tc>", '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>', 1)
    below = row("", "丙", "丁").replace("<w:tc>", "<w:tc><w:tcPr><w:vMerge/></w:tcPr>", 1)
    first, second = read_document(paper(table(wide, below))).blocks
    assert (first.columns, second.continued, second.texts) == ((1, 3), (0,), ("", "丙", "丁"))


def test_a_table_inside_a_cell_comes_after_its_row() -> None:
    outer = row("甲").replace("</w:p></w:tc>", f"</w:p>{table(row('内'))}<w:p/></w:tc>")
    assert [(b.texts, b.place.table) for b in read_document(paper(table(outer))).blocks] == [
        (("甲",), 1), (("内",), 2)
    ]  # fmt: skip


def test_headers_come_once_however_many_pages_repeat_them() -> None:
    repeated = story("hdr", paragraph("草稿"))
    section = (
        '<w:headerReference w:type="default" r:id="header1"/>'
        '<w:headerReference w:type="first" r:id="header2"/><w:titlePg/>'
    )
    document = read_document(paper(paragraph("正文"), section, header1=repeated, header2=repeated))
    assert [(b.place.story, b.texts) for b in document.blocks] == [
        ("body", ("正文",)), ("header", ("草稿",))
    ]  # fmt: skip


def test_a_header_that_no_page_shows_is_not_read() -> None:
    section = '<w:headerReference w:type="first" r:id="header1"/>'
    assert texts(paper(paragraph("正文"), section, header1=story("hdr", paragraph("另")))) == [
        ("正文",)
    ]


def test_notes_and_comments_are_stories_of_their_own() -> None:
    separator = '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
    note = f'<w:footnote w:id="1">{paragraph("实为13元")}</w:footnote>'
    remark = f'<w:comment w:id="1">{paragraph("改")}</w:comment>'
    body = f'<w:p>{run("12元")}<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    document = paper(
        body,
        footnotes=story("footnotes", separator + note),
        comments=story("comments", remark),
    )
    assert [(b.place.story, b.texts[0]) for b in read_document(document).blocks] == [
        ("body", "12元〔注〕"), ("footnote", "实为13元"), ("comment", "改")
    ]  # fmt: skip


def box(content: str) -> str:
    return (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{content}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def test_a_text_box_is_read_once() -> None:
    document = read_document(paper(box(paragraph("框"))))
    assert [(b.place.story, b.texts) for b in document.blocks] == [("box", ("框",))]


def test_a_watermark_is_the_same_whichever_markup_draws_it() -> None:
    vml = (
        '<w:p><w:r><w:pict><v:shape id="PowerPlusWaterMarkObject1"><v:textpath string="草稿"/>'
        "</v:shape></w:pict></w:r></w:p>"
    )
    drawn = (
        '<w:p><w:r><w:drawing><wp:anchor><wp:docPr id="1" name="PowerPlusWaterMarkObject1"/>'
        f"<wps:txbx><w:txbxContent>{paragraph('草稿')}</w:txbxContent></wps:txbx></wp:anchor>"
        "</w:drawing></w:r></w:p>"
    )
    old, new = (read_document(paper(one)).blocks for one in (vml, drawn))
    assert [b.key for b in old] == [b.key for b in new] == [("body", Form.PARAGRAPH, ("草稿",))]


def test_words_of_equations_and_content_controls_are_read() -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    equation = f'<m:oMath xmlns:m="{math}"><m:r><m:t>99.9</m:t></m:r></m:oMath>'
    control = f"<w:sdt><w:sdtContent>{run('%')}</w:sdtContent></w:sdt>"
    assert texts(paper(f"<w:p>{equation}{control}</w:p>")) == [("99.9%",)]


IDENTITY = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="urn:x">{}</Properties>'
)


def with_properties(told: dict[str, str]) -> bytes:
    listed = "".join(
        f'<property name="deliverables.{name}"><vt:lpwstr>{text}</vt:lpwstr></property>'
        for name, text in told.items()
    )
    link = '<Relationship Id="r2" Type="x/custom-properties" Target="docProps/custom.xml"/>'
    document = edited(
        paper(paragraph("正文")),
        ("</Relationships>", f"{link}</Relationships>"),
        part="_rels/.rels",
    )
    return packed({**unpacked(document), "docProps/custom.xml": IDENTITY.format(listed).encode()})


def test_a_file_says_which_document_it_is() -> None:
    told = {"contract": "HT-1", "kind": "quarterly_report", "part": "Q2", "day": "2026-08-03",
            "digest": "0", "format": "1"}  # fmt: skip
    assert read_document(with_properties(told)).identity == FileIdentity(
        contract="HT-1", kind="quarterly_report", part="Q2", day=date(2026, 8, 3), digest="0"
    )  # fmt: skip


def test_half_an_identity_is_none() -> None:
    assert read_document(with_properties({"contract": "HT-1"})).identity is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (table("<w:tr><w:tc><w:p/><w:tbl/></w:tc></w:tr>"), "cell-end"),
        ('<w:p><w:pPr><w:pStyle w:val="none"/></w:pPr></w:p>', "style-unknown"),
        ('<w:p><w:r><w:drawing><wp:docPr id="1"/><wp:docPr id="1"/></w:drawing></w:r></w:p>',
         "drawing-id"),
        ('<w:p><w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkStart w:id="1" w:name="b"/></w:p>',
         "bookmark-id"),
        ('<w:p><w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkStart w:id="2" w:name="a"/></w:p>',
         "bookmark-name"),
    ],
)  # fmt: skip
def test_faults_of_structure_are_noted(body: str, code: str) -> None:
    assert [flaw.code for flaw in read_document(paper(body)).flaws] == [code]


def test_what_is_no_document_is_refused() -> None:
    good = paper(paragraph("正文"))
    for data, reason in (
        (b"nothing", "the file is damaged, or no .docx"),
        (good[:-40], "the file is damaged, or no .docx"),
        (edited(good, ("<w:body>", "<w:bdy>"), ("</w:body>", "</w:bdy>")), "no body"),
        (edited(good, ("<w:body>", "<w:bo")), "not well-formed"),
    ):
        with pytest.raises(UnreadableDocumentError, match=reason):
            read_document(data)


def test_a_damaged_part_is_found_by_its_checksum() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in unpacked(paper(paragraph("合计12元"))).items():
            archive.writestr(name, content)
    damaged = buffer.getvalue().replace("合计12元".encode(), "合计13元".encode())
    with pytest.raises(UnreadableDocumentError, match="damaged"):
        read_document(damaged)


def test_entities_are_not_expanded() -> None:
    bomb = edited(
        paper(paragraph("正文")),
        ("<w:document", '<!DOCTYPE d [<!ENTITY a "b">]><w:document'),
    )
    with pytest.raises(UnreadableDocumentError, match="declares entities"):
        read_document(bomb)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.docx")
    with pytest.raises(UnreadableDocumentError, match="this is no file"):
        read_document(tmp_path / "a.docx")


def test_a_file_beyond_all_bounds_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.docx").open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(UnreadableDocumentError, match="the file has 101 MB, at most 100 MB"):
        read_document(tmp_path / "a.docx")
