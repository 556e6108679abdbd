"""A template and a context become a document: what is printed, refused and reproduced."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from lxml import etree
from rendering import FINAL, PROPERTIES, add_footnotes

from deliverables.docx.package import Package
from deliverables.docx.render import TemplateError, render
from deliverables.docx.style import REPORT, blank
from deliverables.docx.text import UnprintableError, words_beside
from deliverables.docx.word_draft import AS_ANNEX
from deliverables.values.figure import Figure, Line

IDENTITY = replace(
    PROPERTIES, kind="payment_request", part="2", day=date(2026, 11, 2), digest="ab12"
)
AWKWARD = [
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{# gone #}",
    "{_{ 7 }_}",
    "上海&浦江",
    "<w:br/> </w:t>",
    "\"双\" '单' “引”",
    "阿卜杜拉·买买提",
    "𠮷野家",
    "C:\\temp/./..",
    " 前后 空格 ",
    "=1+1",
    "长" * 3000,
]


@dataclass(frozen=True)
class Outage:
    number: Figure[int]
    cause: str


@dataclass(frozen=True)
class Context:
    name: str = ""
    amount: Figure[str] = Figure("金额", "1", "1.00", Line("contract.yaml", 3))
    urgent: bool = False
    outages: tuple[Outage, ...] = ()
    notes: tuple[str, ...] = ()


def outage(number: int, cause: str) -> Outage:
    return Outage(Figure("序号", number, str(number), Line("Q1.xlsx")), cause)


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """Makes a template of the given paragraphs, header text and table rows."""

    def make(*paragraphs: str, header: str = "", rows: tuple[tuple[str, ...], ...] = ()) -> Path:
        document = blank(REPORT)
        for text in paragraphs:
            document.add_paragraph(text)
        if rows:
            table = document.add_table(len(rows), len(rows[0]))
            for cells, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(cells.cells, texts, strict=True):
                    cell.text = text
        if header:
            document.sections[0].header.paragraphs[0].text = header
        path = tmp_path / "report.docx"
        document.save(str(path))
        return path

    return make


def rendered(template: Path, context: object = Context()) -> docx.document.Document:
    target = template.with_name("made.docx")
    target.write_bytes(render(template, context, FINAL, PROPERTIES))
    return docx.Document(str(target))


def refusal(template: Path, context: object = Context()) -> list[str]:
    with pytest.raises(TemplateError) as caught:
        render(template, context, FINAL, PROPERTIES)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("text", AWKWARD)
def test_text_from_data_is_printed_as_it_is_wherever_it_stands(
    template: Callable[..., Path], text: str
) -> None:
    path = template("{{ name }}", header="{{ name }}", rows=(("{{ name }}", "x"),))
    document = rendered(path, Context(name=text))
    assert document.paragraphs[0].text == text
    assert document.tables[0].cell(0, 0).text == text
    assert document.sections[0].header.paragraphs[0].text == text


def test_template_text_planted_in_data_is_not_run_by_further_sections_or_footnotes(
    template: Callable[..., Path],
) -> None:
    path = template("{{ name }}")
    document = docx.Document(str(path))
    document.add_section()
    document.save(str(path))
    add_footnotes(path, "{{ name }}")
    render_result = render(path, Context(name="{{ 7*7 }}"), FINAL, PROPERTIES)
    path.write_bytes(render_result)
    assert "{{ 7*7 }}" in Package.read(path).parts["word/footnotes.xml"].decode()


def test_figures_print_their_text(template: Callable[..., Path]) -> None:
    assert rendered(template("{{ amount }} 元")).paragraphs[0].text == "1.00 元"


def test_line_ends_become_line_breaks_and_tabs_stay_tabs(template: Callable[..., Path]) -> None:
    document = rendered(template("{{ name }}"), Context(name="一\r\n二\t三"))
    assert document.paragraphs[0].text == "一\n二\t三"
    assert len(document.element.xpath("//w:br")) == 1
    assert len(document.element.xpath("//w:r/w:tab")) == 1


@pytest.mark.parametrize("character", ["\x00", "\a", "\x0b", "\f", "\x1f", "\ufffe", "\ud800"])
def test_a_control_character_is_refused(template: Callable[..., Path], character: str) -> None:
    problems = refusal(template("{{ name }}"), Context(name=f"甲{character}乙"))
    assert "control character" in problems[0]
    assert "error[template-value] document: " in problems[0]


def test_a_value_that_is_not_there_is_told_in_our_words() -> None:
    with pytest.raises(UnprintableError) as told:
        words_beside(None)
    assert told.value.args[0].in_language("zh") == "标签打印的值不存在"


def test_rows_and_paragraphs_repeat(template: Callable[..., Path]) -> None:
    path = template(
        "{%p for note in notes %}",
        "{{ loop.index }}. {{ note }}",
        "{%p endfor %}",
        rows=(
            ("{%tr for o in outages %}", ""),
            ("{{ o.number }}", "{{ o.cause }}"),
            ("{%tr endfor %}", ""),
        ),
    )
    document = rendered(
        path, Context(notes=("甲", "乙"), outages=(outage(1, "电力"), outage(2, "网络")))
    )
    assert [paragraph.text for paragraph in document.paragraphs] == ["1. 甲", "2. 乙"]
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [["1", "电力"], ["2", "网络"]]


@pytest.mark.parametrize(
    ("style", "kept"),
    [("Source", [True, False, True, True]), ("Heading1", [True, False, True, False])],
)
def test_the_last_rows_of_a_table_are_held_with_its_source_but_not_with_the_next_heading(
    template: Callable[..., Path], style: str, kept: list[bool]
) -> None:
    path = template("{{ name }}", rows=(("{%tr for o in outages %}",), ("x",), ("{%tr endfor %}",)))
    document = docx.Document(str(path))
    after, table = document.paragraphs[0], document.tables[0]
    after.style = next(one for one in document.styles if one.style_id == style)
    table._tbl.addnext(after._p)
    document.save(str(path))
    rows = rendered(path, Context(outages=(outage(1, "x"),) * 4)).tables[0].rows
    held = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in rows]
    assert held == kept


def test_conditions_choose_paragraphs(template: Callable[..., Path]) -> None:
    path = template("{%p if urgent %}", "急", "{%p else %}", "缓", "{%p endif %}")
    assert [paragraph.text for paragraph in rendered(path).paragraphs] == ["缓"]


def test_a_cell_that_its_tags_emptied_still_has_a_paragraph(
    template: Callable[..., Path],
) -> None:
    path = template(rows=(("x",),))
    document = docx.Document(str(path))
    cell = document.tables[0].cell(0, 0)
    cell.text = "{%p if urgent %}"
    for text in ("急", "{%p endif %}"):
        cell.add_paragraph(text)
    document.save(str(path))
    assert [cell.text for cell in rendered(path).tables[0]._cells] == [""]


def test_tables_stay_apart_when_what_stood_between_them_has_gone(
    template: Callable[..., Path],
) -> None:
    path = template()
    document = docx.Document(str(path))
    for text in ("甲", "乙"):
        document.add_table(1, 1).cell(0, 0).text = text
        if text == "甲":
            for tag in ("{%p if urgent %}", "急", "{%p endif %}"):
                document.add_paragraph(tag)
    document.save(str(path))
    body = rendered(path).element.body
    assert [element.tag.rpartition("}")[2] for element in body[:3]] == ["tbl", "p", "tbl"]


class TestWhatCannotBeRendered:
    """Each problem says part, paragraph or table cell, tag and the nearest name."""

    def test_an_unknown_name_in_the_body(self, template: Callable[..., Path]) -> None:
        (problem,) = refusal(template("金额 {{ amout }} 元"))
        assert "report.docx: error[template-name] body, paragraph “金额 {{ amout }} 元”" in problem
        assert "there is no amout; the nearest name is amount" in problem

    def test_an_unknown_name_in_a_header(self, template: Callable[..., Path]) -> None:
        (problem,) = refusal(template("x", header="{{ nmae }}"))
        assert "header (header1), paragraph “{{ nmae }}”" in problem
        assert "the nearest name is name" in problem

    def test_an_unknown_name_in_a_table_cell_even_in_rows_that_do_not_occur(
        self, template: Callable[..., Path]
    ) -> None:
        loop = (("{%tr for o in outages %}", ""), ("", "{{ o.reason }}{{ o.caus }}"),
                ("{%tr endfor %}", ""))  # fmt: skip
        problems = refusal(template(rows=loop))
        assert len(problems) == 2
        assert "body, table 1, row 2, cell 2" in problems[1]
        assert "there is no o.caus; the nearest name is o.cause" in problems[1]

    @pytest.mark.parametrize(
        ("broken", "why"),
        [
            ("金额 {{ amount 元", "{{ amount 元: the tag is not closed"),
            ("金额 amount }} 元", "the tag was never opened"),
            ("{%p if urgent %}", "endif is missing"),
            ("{% endfor %}", "nothing is open that {% endfor %} could end"),
            ("{% for n in notes %}{% endif %}", "nothing is open that {% endif %} could end"),
            ("{{ amount + }}", "makes no sense"),
            ("{%tr if urgent %}{%tr endif %}", "the tag belongs in a table"),
        ],
    )
    def test_a_badly_written_tag(
        self, template: Callable[..., Path], broken: str, why: str
    ) -> None:
        problem = refusal(template("好", broken))[0]
        assert "error[template-tag] body, paragraph “" + broken[:20] in problem
        assert why.lower() in problem.lower()

    @pytest.mark.parametrize(
        "tag",
        [
            "{{ notes }}",
            "{{ urgent }}",
            "{{ amount.origin }}",
            "{{ name.__class__ }}",
            "{{ name|safe }}",
            "{{ name|default('') }}",
            "{% for x in amount %}{% endfor %}",
            "{{ range(9) }}",
            "{{ self }}",
        ],
    )
    def test_what_is_not_a_printable_name(self, template: Callable[..., Path], tag: str) -> None:
        assert refusal(template(tag))

    def test_autoescape_cannot_be_switched_off(self, template: Callable[..., Path]) -> None:
        assert refusal(template("{% autoescape false %}{{ name }}{% endautoescape %}"))


class TestTheFile:
    """The bytes of a document depend on nothing but template, context, stamp and properties."""

    def test_the_same_inputs_give_the_same_bytes(self, template: Callable[..., Path]) -> None:
        path = template("{{ name }}")
        first, second = (render(path, Context(name="甲"), FINAL, PROPERTIES) for _ in range(2))
        assert first == second

    def test_one_document_leaves_nothing_in_the_next(self, template: Callable[..., Path]) -> None:
        path = template("{{ name }}", header="{{ name }}")
        rendered(path, Context(name="张三"))
        assert b"".join(_parts(path, Context(name="李四"))).decode().count("张三") == 0

    def test_properties_are_ours_alone_and_escaped_once(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("x")
        document = docx.Document(str(path))
        document.core_properties.last_modified_by = "某员工"
        document.core_properties.comments = "generated by python-docx"
        document.save(str(path))
        rendered(path)
        core = Package.read(path.with_name("made.docx")).parts["docProps/core.xml"]
        said = {etree.QName(each).localname: each.text for each in etree.fromstring(core)}
        assert said == {
            "title": "第二季度报告 & <附件>",
            "subject": "运维服务",
            "keywords": "HT-2026-001",
            "creator": "示范乙方公司",
            "lastModifiedBy": "示范乙方公司",
            "created": "2026-11-02T00:00:00Z",
            "modified": "2026-11-02T00:00:00Z",
            "language": "zh-CN",
        }

    def test_it_says_which_document_it_is(self, template: Callable[..., Path]) -> None:
        for properties, said in (
            (PROPERTIES, {"contract": "HT-2026-001", "format": "1"}),
            (IDENTITY, {"contract": "HT-2026-001", "kind": "payment_request", "part": "2",
                        "day": "2026-11-02", "digest": "ab12", "format": "1"}),
        ):  # fmt: skip
            document = render(template("x"), Context(), FINAL, properties)
            custom = etree.fromstring(Package.of(document).parts["docProps/custom.xml"])
            told = {each.get("name"): each[0].text for each in custom}
            assert told == {f"deliverables.{name}": text for name, text in said.items()}

    def test_numbers_and_names_that_loops_repeat_are_made_unique(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("{%p for n in notes %}", "{{ n }}", "{%p endfor %}")
        document = docx.Document(str(path))
        _put_in_control(document.paragraphs[1])
        document.save(str(path))
        body = rendered(path, Context(notes=("一", "二", "三"))).element
        numbers = body.xpath("//w:sdtPr/w:id/@w:val | //w:bookmarkStart/@w:id")
        assert len(set(numbers)) == 6
        assert body.xpath("//w:bookmarkStart/@w:name") == ["note", "note_1", "note_2"]
        starts = body.xpath("//w:bookmarkStart/@w:id")
        assert starts == body.xpath("//w:bookmarkEnd/@w:id")

    def test_the_package_holds_no_trace_of_a_tool_or_a_time(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("x")
        rendered(path)
        with zipfile.ZipFile(path.with_name("made.docx")) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            everything = b"".join(archive.read(name) for name in archive.namelist())
        assert not re.search(rb"python|thumbnail|theme/theme", everything)

    def test_it_is_valid(
        self, template: Callable[..., Path], validate_ooxml: Callable[[Path], None]
    ) -> None:
        path = template("{{ name }}", header="{{ name }}", rows=(("{{ name }}",),))
        rendered(path, Context(name="\n".join(AWKWARD[:-1])))
        validate_ooxml(path.with_name("made.docx"))


class TestCaptionsAndContents:
    """Numbers are set when it is known which chapters and tables a document has."""

    def test_captions_count_by_chapter_and_references_follow(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("{%p if urgent %}", "急", "表", "{%p endif %}", "缓", "表", "表", "见")
        document = docx.Document(str(path))
        for paragraph in document.paragraphs:
            if paragraph.text in ("急", "缓"):
                paragraph.style = "Heading 1"
            if paragraph.text == "表":
                _make_caption(paragraph)
        _bookmark(document.paragraphs[6], "caption_last")
        _make_reference(document.paragraphs[-1], "last")
        document.save(str(path))
        texts = [_shown(paragraph) for paragraph in rendered(path).paragraphs]
        assert texts == ["缓", "表 1\u20111", "表 1\u20112", "见表 1\u20112"]
        texts = [_shown(paragraph) for paragraph in rendered(path, Context(urgent=True)).paragraphs]
        assert texts == ["急", "表 1\u20111", "缓", "表 2\u20111", "表 2\u20112", "见表 2\u20112"]

    def test_what_leads_up_to_a_table_stays_with_its_caption_and_nothing_else_does(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("零", "一", "{%p if urgent %}", "二", "{%p endif %}", "表", "来源", "表")
        document = docx.Document(str(path))
        for paragraph in document.paragraphs:
            if paragraph.text == "表":
                _make_caption(paragraph)
            if paragraph.text == "来源":
                paragraph.style = "数据来源"
        document.save(str(path))
        for urgent, kept in ((False, ["一"]), (True, ["二"])):
            paragraphs = rendered(path, Context(urgent=urgent)).paragraphs
            held = [each.text for each in paragraphs if each.paragraph_format.keep_with_next]
            assert held == kept

    def test_annexes_are_counted_apart_from_chapters(self, template: Callable[..., Path]) -> None:
        path = template("目录", "章", "表", "附", "表", "附", "表")
        document = docx.Document(str(path))
        for number, paragraph in enumerate(document.paragraphs):
            if paragraph.text in ("章", "附"):
                paragraph.style = "Heading 1"
            if paragraph.text == "附":
                paragraph._p.get_or_add_pPr().append(parse_xml(AS_ANNEX.replace(">", f" {W}>", 1)))
            if paragraph.text == "表":
                _make_caption(document.paragraphs[number])
        _make_field(document.paragraphs[0], 'TOC \\o "1-2"', "…")
        document.save(str(path))
        texts = [_shown(paragraph) for paragraph in rendered(path).paragraphs]
        assert texts[:3] == ["一、章\t…", "附1　附\t…", "附2　附\t…"]
        assert texts[3:] == ["章", "表 1\u20111", "附", "附表 1\u20111", "附", "附表 2\u20111"]

    def test_a_reference_to_what_is_not_there_is_refused(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("见")
        document = docx.Document(str(path))
        _make_reference(document.paragraphs[0], "nothing")
        document.save(str(path))
        assert "there is no bookmark caption_nothing to refer to" in refusal(path)[0]

    def test_the_contents_list_the_headings_the_document_has(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("目录", "{%p if urgent %}", "急 {{ name }}", "{%p endif %}", "缓", "细")
        document = docx.Document(str(path))
        for number, style in ((2, "Heading 1"), (4, "Heading 1"), (5, "Heading 2")):
            document.paragraphs[number].style = style
        _make_field(document.paragraphs[0], 'TOC \\o "1-2"', "…")
        document.save(str(path))
        made = rendered(path, Context(name="<甲>", urgent=True))
        entries = [_shown(paragraph) for paragraph in made.paragraphs[:3]]
        assert entries == ["一、急 <甲>\t…", "二、缓\t…", "（一）细\t…"]
        assert [p.style.name for p in made.paragraphs[:3]] == ["toc 1", "toc 1", "toc 2"]
        anchors = made.element.xpath("//w:hyperlink/@w:anchor")
        assert anchors == made.element.xpath("//w:bookmarkStart/@w:name")


def _parts(template: Path, context: Context) -> list[bytes]:
    rendered(template, context)
    return list(Package.read(template.with_name("made.docx")).parts.values())


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _put_in_control(paragraph: docx.text.paragraph.Paragraph) -> None:
    element = paragraph._p
    run = element.r_lst[0]
    control = parse_xml(f'<w:sdt {W}><w:sdtPr><w:id w:val="7"/></w:sdtPr><w:sdtContent/></w:sdt>')
    element.replace(run, control)
    control[-1].append(run)
    element.insert(0, parse_xml(f'<w:bookmarkStart {W} w:id="4" w:name="note"/>'))
    element.append(parse_xml(f'<w:bookmarkEnd {W} w:id="4"/>'))


def _make_caption(paragraph: docx.text.paragraph.Paragraph) -> None:
    paragraph.style = "caption"
    paragraph.text = "表 9-"
    _make_field(paragraph, "SEQ 表9 \\* ARABIC", "9")


def _bookmark(paragraph: docx.text.paragraph.Paragraph, name: str) -> None:
    paragraph._p.insert(1, parse_xml(f'<w:bookmarkStart {W} w:id="3" w:name="{name}"/>'))
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {W} w:id="3"/>'))


def _make_reference(paragraph: docx.text.paragraph.Paragraph, name: str) -> None:
    _make_field(paragraph, f"REF caption_{name} \\h", "表 9-9")


def _make_field(paragraph: docx.text.paragraph.Paragraph, instruction: str, shown: str) -> None:
    for markup in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{shown}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(parse_xml(f"<w:r {W}>{markup}</w:r>"))


_SIGNS = {"tab": "\t", "noBreakHyphen": "\u2011"}


def _shown(paragraph: docx.text.paragraph.Paragraph) -> str:
    return "".join(
        _SIGNS.get(etree.QName(element).localname) or element.text or ""
        for element in paragraph._p.xpath(".//w:r/w:t | .//w:r/w:tab | .//w:r/w:noBreakHyphen")
    )
