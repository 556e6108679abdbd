"""The reader sees what a person sees on the page, and survives what is no document."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from deliverables.figure import Derivation, Figure
from deliverables.source import Cell, Line
from deliverables.verify import package
from deliverables.verify.paper import Document
from deliverables.verify.finding import sources_of
from deliverables.verify.leaves import leaves_of
from deliverables.verify.package import UnreadableDocumentError
from deliverables.verify.reader import read_document
from deliverables.verify.wording import fold, states, times

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

STYLES = f"""<w:styles {W}>
  <w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
  <w:style w:styleId="Mine"><w:name w:val="章标题"/><w:basedOn w:val="Level"/></w:style>
  <w:style w:styleId="Level"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
  <w:style w:styleId="Body"><w:name w:val="y"/><w:basedOn w:val="Body"/></w:style>
</w:styles>"""


def relations(*links: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{type_}" Target="{target}"/>'
        for number, (type_, target) in enumerate(links)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def archive(parts: dict[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def parts_of(body: str, **stories: str) -> dict[str, str | bytes]:
    """Return the parts of a document with a body and, say, header="…" or footnotes="…"."""
    links = [(f"{OFFICE}/styles", "styles.xml")]
    links += [(f"{OFFICE}/{name}", f"{name}.xml") for name in stories]
    return {
        "_rels/.rels": relations(
            (f"{OFFICE}/officeDocument", "word/document.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": (
            '<p xmlns:dc="http://purl.org/dc/elements/1.1/"><!-- made -->'
            "<dc:title>季度报告</dc:title><keywords/></p>"
        ),
        "word/_rels/document.xml.rels": relations(*links),
        "word/styles.xml": STYLES,
        "word/document.xml": f"<w:document {W} {MORE}><w:body>{body}</w:body></w:document>",
        **{f"word/{name}.xml": f"<w:x {W}>{content}</w:x>" for name, content in stories.items()},
    }


def reading(body: str, **stories: str) -> Document:
    return read_document(archive(parts_of(body, **stories)))


def r(text: str, properties: str = "") -> str:
    return f"<w:r>{properties}<w:t>{text}</w:t></w:r>"


def p(text: str, style: str = "") -> str:
    chosen = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{chosen}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (r("1,957,") + r("783.48"), "1,957,783.48"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>", "甲 乙 丙"),
        ("<w:r><w:t>2026</w:t><w:noBreakHyphen/><w:t>07</w:t></w:r>", "2026-07"),
        (r(" \u3000甲 \u200b乙\u00a0"), "甲 乙"),
        (f"<w:hyperlink>{r('链接')}</w:hyperlink>", "链接"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('9')}</w:sdtContent></w:sdt>", "9"),
        (f"<w:fldSimple w:instr='PAGE'>{r('3')}</w:fldSimple>", "3"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + r("4"), "4"),
        (f"<w:ins>{r('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "新"),
        (f"<w:moveFrom>{r('旧')}</w:moveFrom>{r('今')}", "今"),
        (r("隐", "<w:rPr><w:vanish/></w:rPr>") + r("显"), "显"),
        (r("显", "<w:rPr><w:vanish w:val='0'/></w:rPr>"), "显"),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "x=1"),
        (
            f"<w:r><w:ruby><w:rt>{r('zi')}</w:rt><w:rubyBase>{r('字')}</w:rubyBase></w:ruby></w:r>",
            "字",
        ),
        ("<!-- note -->" + r("甲"), "甲"),
    ],
)
def test_the_text_of_a_paragraph_is_what_is_seen(inside: str, text: str) -> None:
    assert texts(reading(f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{inside}</w:p>")) == [text]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    either = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    inside = f"<mc:AlternateContent>{either}</mc:AlternateContent>"
    found = reading(f"<w:p><w:r><w:t>框外</w:t>{inside}</w:r></w:p>")
    assert texts(found) == ["框外", "框内"]


def test_every_paragraph_knows_the_heading_above_it() -> None:
    found = reading(
        p("封面")
        + p("一、概述", "1")
        + p("正文", "Body")
        + p("（一）服务", "Mine")
        + "<w:tbl><w:tr>" + tc("格") + "</w:tr></w:tbl>"
        + "<w:p><w:pPr><w:outlineLvl w:val='9'/></w:pPr><w:r><w:t>文</w:t></w:r></w:p>"
    )  # fmt: skip
    assert [(one.text, one.place.heading) for one in found.paragraphs] == [
        ("封面", ""),
        ("一、概述", "一、概述"),
        ("正文", "一、概述"),
        ("（一）服务", "（一）服务"),
        ("格", "（一）服务"),
        ("文", "（一）服务"),
    ]
    assert str(found.paragraphs[2].place.message()) == "一、概述 › “正文”"
    assert str(found.paragraphs[4].place.message()) == "（一）服务 › table 1, row 1, column 1"


RESTART, TWO_COLUMNS = "<w:vMerge w:val='restart'/>", "<w:gridSpan w:val='2'/>"


def test_a_table_is_a_grid_with_merges_and_tables_inside() -> None:
    inner = f"<w:tbl><w:tr>{tc('内')}</w:tr></w:tbl>"
    found = reading(
        "<w:tbl>"
        f"<w:tr>{tc('级别', RESTART)}{tc('数量', TWO_COLUMNS)}</w:tr>"
        f"<w:tr>{tc('', '<w:vMerge/>')}{tc('1月')}{tc('2月')}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr><w:tc>{p('紧')}{p('急')}{inner}<w:p/></w:tc>"
        f"<w:sdt><w:sdtContent>{tc('3')}</w:sdtContent></w:sdt>{tc('4')}</w:tr></w:sdtContent></w:sdt>"
        f"<w:tr><w:trPr><w:gridBefore w:val='2'/></w:trPr>{tc('止')}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{tc('删')}</w:tr>"
        "</w:tbl>"
    )
    outer, nested = found.tables
    assert [[(cell.text, cell.column) for cell in row] for row in outer.rows] == [
        [("级别", 1), ("数量", 2)],
        [("级别", 1), ("1月", 2), ("2月", 3)],
        [("紧 急", 1), ("3", 2), ("4", 3)],
        [("止", 3)],
    ]
    assert [row[0].continued for row in outer.rows[:3]] == [False, True, False]
    assert nested.rows[0][0].text == "内"
    assert (outer.place.table, nested.place.table) == (1, 2)
    assert outer.header(3) == "数量"
    assert [[cell.text for cell in column] for column in outer.columns][2] == ["2月", "4", "止"]


def test_headers_footers_and_notes_are_read_after_the_body() -> None:
    found = reading(
        p("正文"),
        header=p("页眉"),
        footer=p("页脚"),
        footnotes=f"<w:footnote>{p('脚注')}</w:footnote>",
        endnotes=f"<w:endnote>{p('尾注')}</w:endnote>",
    )
    assert texts(found) == ["正文", "页眉", "页脚", "脚注", "尾注"]
    assert str(found.paragraphs[1].place.message()) == "header › “页眉”"
    assert [one.text for one in found.prose] == ["正文"]


def test_bookmarks_controls_and_tracked_changes_are_listed() -> None:
    control = (
        "<w:sdt><w:sdtPr><w:alias w:val='账号'/><w:tag w:val='account'/></w:sdtPr><w:sdtContent>"
        "<w:r><w:t>1105</w:t></w:r></w:sdtContent></w:sdt>"
    )
    found = reading(
        f"<w:p><w:bookmarkStart w:id='1' w:name='seal_anchor'/><w:r><w:t>盖章</w:t></w:r>{control}"
        "<w:ins><w:r><w:t>！</w:t></w:r></w:ins><w:del/><w:moveTo/></w:p>"
    )
    (mark,), (bookmark,) = found.paragraphs[0].marks, found.bookmarks
    assert (mark.alias, mark.tag, mark.text) == ("账号", "account", "1105")
    assert (bookmark.name, bookmark.paragraph) == ("seal_anchor", "盖章1105！")
    assert (found.insertions, found.deletions) == (2, 1)


def test_a_document_saved_as_strict_open_xml_reads_the_same() -> None:
    parts = parts_of(p("一", "1") + p("正文"), header=p("页眉"))
    strict = {
        name: str(content)
        .replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                 "http://purl.oclc.org/ooxml/wordprocessingml/main")
        .replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, content in parts.items()
    }  # fmt: skip
    assert read_document(archive(strict)).paragraphs == read_document(archive(parts)).paragraphs


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"word/document.xml": "<w:document"}, "word/document.xml is not well-formed"),
        ({"word/document.xml": BOMB + "<x>&b;</x>"}, "word/document.xml declares entities"),
        (
            {"word/header.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'},
            "word/header.xml declares entities",
        ),
        ({"word/document.xml": f"<w:document {W}/>"}, "the document has no body"),
        ({"_rels/.rels": relations()}, "the file holds no Word document"),
        ({"_rels/.rels": ""}, "_rels/.rels is not well-formed"),
        ({"word/header.xml": b"\xff\xfe\x00"}, "word/header.xml is not well-formed"),
        (
            {"docProps/core.xml": "<p><title>A & B</title></p>"},
            "docProps/core.xml is not well-formed",
        ),
        ({"word/settings.xml": "<w:settings>"}, "word/settings.xml is not well-formed"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(changes: dict[str, str | bytes], reason: str) -> None:
    with pytest.raises(UnreadableDocumentError) as fault:
        read_document(archive({**parts_of(p("x"), header=p("y")), **changes}))
    assert str(fault.value.reason) == reason


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 5 << 20)
    parts = parts_of(p("x"))
    bomb = archive({**parts, "word/more.xml": b" " * (6 << 20)})
    assert len(bomb) < 20_000
    with pytest.raises(UnreadableDocumentError, match="unpacks to more than 5 MB"):
        read_document(bomb)
    lying = bomb.replace((6 << 20).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    with pytest.raises(UnreadableDocumentError):
        read_document(lying)
    monkeypatch.setattr(package, "MOST_PARTS", 3)
    with pytest.raises(UnreadableDocumentError, match="the file has 5 parts"):
        read_document(archive(parts))


def test_pictures_are_not_unpacked() -> None:
    parts = parts_of(p("x"))
    assert (
        "word/media/a.png"
        not in read_document(archive({**parts, "word/media/a.png": b"\x89PNG"})).package.parts
    )


def test_a_document_nested_without_end_is_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 900 + p("x") + "</w:sdtContent></w:sdt>" * 900
    with pytest.raises(UnreadableDocumentError):
        reading(deep)


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_damaged_file_is_never_a_traceback(cut: int) -> None:
    whole = archive(parts_of(p("正文") * 50, header=p("页眉")))
    at = len(whole) * cut // 100
    for damaged in (whole[:at], whole[:at] + b"\0\xff" * 20 + whole[at + 40 :]):
        try:
            read_document(damaged)
        except UnreadableDocumentError:
            continue


def test_the_reader_shares_no_code_with_the_renderer() -> None:
    for file in Path(package.__file__).parent.glob("*.py"):
        imported = {
            name
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            )
        }  # fmt: skip
        foreign = ("docx", "docxtpl", "openpyxl", "deliverables.render", "deliverables.kinds")
        assert not [name for name in imported if name.startswith(foreign)], file.name


@pytest.mark.parametrize(
    ("text", "sought", "count"),
    [
        ("中断 12 起", "12", 1),
        ("12起、12起", "12", 2),
        ("2012 年", "12", 0),
        ("12.5", "12", 0),
        ("1,112", "112", 0),
        ("1,112", "1,112", 1),
        ("-12", "12", 0),
        ("2026-12", "12", 1),
        ("共12。", "12", 1),
        ("12,", "12", 1),
        ("99.9621%", "99.9621%", 1),
        ("云主机 A1", "A", 0 + 1),
        ("AB", "A", 0),
        ("甲乙", "甲", 1),
        ("", "", 0),
    ],
)
def test_a_figure_is_found_only_where_it_stands_alone(text: str, sought: str, count: int) -> None:
    assert times(text, sought) == count
    assert states(text, sought) == bool(count)


@pytest.mark.parametrize(
    ("text", "folded"),
    [(" a  b\t", "a b"), ("甲\u3000乙\n丙", "甲 乙 丙"), ("a\u200bb", "ab"), ("", ""), ("\n", "")],
)
def test_white_space_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@dataclass(frozen=True)
class Inner:
    name: Figure[str]
    label: str
    months: tuple[Figure[int], ...]


@dataclass(frozen=True)
class Context:
    title: Figure[str]
    flag: bool
    group: Inner
    rows: tuple[Inner, ...]
    notes: tuple[str, ...]


def test_every_figure_of_a_context_is_known_by_its_path() -> None:
    figure = Figure("名称", "甲", "甲", Line("contract.yaml", 3, 1))
    inner = Inner(figure, "标签", (figure, figure))
    leaves = leaves_of(Context(figure, True, inner, (inner, inner), ("说明",)))
    assert [leaf.key for leaf in leaves.figures] == [
        "title",
        "group.name",
        "group.months[0]",
        "group.months[1]",
        "rows[0].name",
        "rows[0].months[0]",
        "rows[0].months[1]",
        "rows[1].name",
        "rows[1].months[0]",
        "rows[1].months[1]",
    ]
    assert leaves.texts == ("标签", "标签", "标签", "说明")
    (loop,) = leaves.loops
    assert loop.elements[1].labels == ("标签",)
    assert [leaf.field for leaf in loop.elements[1].leaves] == [".name", ".months[0]", ".months[1]"]


def test_a_figure_is_traced_to_its_cells_each_once() -> None:
    cells = [Figure("时长", n, str(n), Cell("Q2.xlsx", "中断", f"C{n}")) for n in range(3)]
    month = Figure("月", 3, "3", Derivation("相加", "", (*cells, cells[0])))
    year = Figure("年", 3, "3", Derivation("相加", "", (month, month)))
    assert sources_of(year) == tuple(cell.origin for cell in cells)
