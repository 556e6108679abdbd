"""A document read in pieces reads as it does whole, and none lends another its words."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutations import FIGURE_EDITS, PROSE_EDITS, mutants, texts_of_rows
from test_kinds import made, makeable

from deliverables.kind import Kind, kinds
from deliverables.verify import story
from deliverables.verify.paper import Document
from deliverables.verify.pieces import cut
from deliverables.verify.proof import prove
from deliverables.verify.reader import read_document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read_whole(document: Path | bytes, monkeypatch: pytest.MonkeyPatch) -> Document:
    with monkeypatch.context() as patched:
        patched.setattr(story, "cut", lambda *given: None)
        return read_document(document)


def said(document: Document) -> tuple[object, ...]:
    tables = tuple((table.rows, table.place) for table in document.tables)
    facts = {
        part: (sorted(f.controls), sorted(f.drawings), f.styles, f.insertions, f.deletions,
               sorted((mark.id, mark.name, mark.paragraph) for mark in f.bookmarks))
        for part, f in document.facts.items()
    }  # fmt: skip
    return document.paragraphs, tables, facts


@pytest.mark.parametrize("kind", kinds().values(), ids=list(kinds()))
def test_a_document_read_in_pieces_reads_as_it_does_whole(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, context = made(kind, makeable(kind)[0])
    edited = (*FIGURE_EDITS, *PROSE_EDITS)
    texts = texts_of_rows(context)
    several = [bytes(document), *(m.document for m in mutants(document, texts, edited, 12))]
    for one in several:
        assert said(read_document(one)) == said(read_whole(one, monkeypatch))


def part(body: str) -> bytes:
    return f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()


def paragraph(text: str, attributes: str = "") -> str:
    return f"<w:p{attributes}><w:r><w:t>{text}</w:t></w:r></w:p>"


def texts(body: str) -> list[str] | None:
    found = cut("word/document.xml", part(body), frozenset())
    return None if found is None else [reading.text for reading in found.filled.readings]


def test_what_one_document_says_is_never_read_from_another() -> None:
    frame = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>{}"
    first = frame.format(paragraph("甲"), paragraph("999"), paragraph("同"))
    second = frame.format(paragraph("乙"), paragraph("998"), paragraph("同"))
    for _ in range(2):
        assert texts(first) == ["甲", "999", "同"]
        assert texts(second) == ["乙", "998", "同"]


@pytest.mark.parametrize(
    "body",
    [
        paragraph("a") + "<!-- <w:p>x</w:p> -->",
        "<w:p><w:r><w:txbxContent>" + paragraph("box") + "</w:txbxContent></w:r></w:p>",
        '<w:p w:rsidR="1"/>' + paragraph("after an empty one with an attribute"),
        paragraph("a") + "<w:p><w:r><![CDATA[</w:p>]]></w:r></w:p>",
        "<w:tbl><w:tr><w:tc>" + paragraph("a") + "<w:tbl/></w:tc></w:tr></w:tbl>",
    ],
    ids=["comment", "text box", "empty with attribute", "character data", "cell without an end"],
)
def test_what_cannot_be_cut_surely_is_read_whole(body: str) -> None:
    assert texts(body) is None


def test_an_empty_paragraph_is_cut_as_one() -> None:
    assert texts(f"<w:p/>{paragraph('a')}<w:p/>") == ["", "a", ""]


@pytest.mark.parametrize("broken", ["<w:p><w:r></w:p>", "<w:p><w:x></w:p>", "<w:tbl><w:p></w:p>"])
def test_a_part_that_is_not_well_formed_is_not_cut(broken: str) -> None:
    assert texts(paragraph("a") + broken) is None


def test_a_changed_paragraph_of_a_known_frame_is_found() -> None:
    kind = kinds()["payment_request"]
    document, context = made(kind, makeable(kind)[0])
    assert not [one for one in prove(document, context, document.printed, document) if one.expected]
    changed = BytesIO()
    with ZipFile(BytesIO(document)) as right, ZipFile(changed, "w") as wrong:
        for name in right.namelist():
            content = right.read(name)
            if name == "word/document.xml":
                content = re.sub(
                    rb"(?<=>)(\d{1,3}(?:,\d{3})+)\.(\d)(\d)(?=<)", rb"\1.\g<3>7", content, count=1
                )
            wrong.writestr(name, content)
    found = prove(changed.getvalue(), context, document.printed, document)
    assert any(one.code == "figure-changed" for one in found)


def test_paragraphs_of_one_shape_read_as_they_do_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = (
        '<w:p>{}<w:bookmarkStart w:id="1" w:name="fig_0123456789ab_1"/><w:bookmarkStart w:id="2" '
        'w:name="seal_anchor"/><w:sdt><w:sdtPr><w:alias w:val="额|amount"/><w:tag w:val="amount"/>'
        "</w:sdtPr><w:sdtContent><w:r><w:tab/>{}</w:r></w:sdtContent></w:sdt>"
        '<w:bookmarkEnd w:id="1"/>{}</w:p>'
    )
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    words = ["甲", " 1,000.00 ", "", "a  b", "&lt;b&gt;", "x]]", "\ue000", "\t", "元\u200b整", ">"]
    for first in words:
        for second in words:
            text = f"<w:t>{second}</w:t>"
            document = package(part(mark.format(run.format(first), text, run.format("尾"))))
            assert said(read_document(document)) == said(read_whole(document, monkeypatch))


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def merged(how: str) -> str:
    return f"<w:tcPr><w:vMerge w:val='{how}'/></w:tcPr>{WORDS}"


WORDS = paragraph("{}")
HEADING = "<w:p><w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"
BLOCKS = [
    "<w:p/>",
    WORDS,
    HEADING,
    f"<w:tbl>{row(WORDS, WORDS)}{row(WORDS, HEADING)}</w:tbl>",
    f"<w:tbl>{row(merged('restart'))}{row(merged('continue'))}</w:tbl>",
    f"<w:tbl>{row(WORDS * 2 + '<w:p/>')}</w:tbl>",
]
TEXT = st.sampled_from(["", "甲", "乙", "12", "a&amp;b", " 元 "])


@given(frame=st.lists(st.sampled_from(BLOCKS), max_size=5), data=st.data())
def test_documents_of_one_frame_read_one_after_another_as_each_does_whole(
    frame: list[str], data: st.DataObject
) -> None:
    body = "".join(frame)
    for _ in range(4):
        count = body.count("{}")
        words = data.draw(st.lists(TEXT, min_size=count, max_size=count))
        document = package(part(body.format(*words)))
        with pytest.MonkeyPatch.context() as patched:
            assert said(read_document(document)) == said(read_whole(document, patched))


def test_a_shape_that_would_not_be_well_formed_is_refused() -> None:
    good = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    assert texts(good.format("a")) == ["a"]
    assert texts(good.format("b")) == ["b"]
    assert texts(good.format("\x01")) is None
    assert texts("<w:p><w:r><w:t>b</w:t></w:p>") is None


def test_another_encoding_is_read_whole() -> None:
    head = '<?xml version="1.0" encoding="GBK"?>'
    content = head.encode() + part(paragraph("人民币")).decode().encode("gbk")
    assert cut("word/document.xml", content, frozenset()) is None


def package(document: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", document)
    return made.getvalue()
