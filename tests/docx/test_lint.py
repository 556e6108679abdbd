"""Every rule of `deliverables template check` finds the fault planted for it, and says where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from breaking import codes_in
from click.testing import CliRunner
from docx.shared import Pt
from docxtpl import DocxTemplate
from few import thorough_but
from lxml import etree
from planting import BODY, TEMPLATES, Change, element, paragraph, planted, properties, run_of, style

from deliverables.cli import main
from deliverables.cli import template as cli_template
from deliverables.cli.template import purposes
from deliverables.docx.lint import RULES, lint
from deliverables.docx.package import Package, W, parse
from deliverables.folders import Folders
from deliverables.values.problem import Severity

NOWHERE = Folders(Path("data"), Path("out"))
"""A project without letters of its own."""

DOCX = TEMPLATES.parent / "deliverables" / "docx"
SHIPPED = sorted(TEMPLATES.glob("*.docx"))
A_FEW = {"payment_request", "settlement_statement", "emergency_plan"}
"""A letter, a statement and a plan."""
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


@dataclass(frozen=True)
class Fault:
    """What is planted where, and what the check must say of it."""

    code: str
    says: str
    change: Change
    part: str = BODY


def text_of(root: etree._Element, old: str, new: str) -> None:
    for found in root.iter(f"{W}t"):
        if found.text and old in found.text:
            found.text = found.text.replace(old, new)
            return
    raise AssertionError(old)


def writes(old: str, new: str) -> Change:
    return lambda root: text_of(root, old, new)


def beside_a_row_tag(root: etree._Element) -> None:
    cell = next(paragraph(root, "{%tr for c in conditions").iterancestors(f"{W}tc"))
    cell.append(element("<w:p><w:r><w:t>另有说明</w:t></w:r></w:p>"))


def section_in_a_tag(root: etree._Element) -> None:
    properties(paragraph(root, "{%p if unmet %}"), "pPr").append(element("<w:sectPr/>"))


def split_by_a_link(root: etree._Element) -> None:
    found = paragraph(root, "{{ requested_in_words }}")
    found.remove(run_of(found))
    found.append(element(
        "<w:hyperlink><w:r><w:t>{{ requested</w:t></w:r></w:hyperlink>"))  # fmt: skip
    found.append(element("<w:r><w:t>_in_words }}</w:t></w:r>"))


def split_by_a_field(root: etree._Element) -> None:
    found = paragraph(root, "{{ requested_in_words }}")
    found.remove(run_of(found))
    for piece in (
        "<w:t>{{ requested</w:t>",
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:t>_in_words }}</w:t>",
    ):
        found.append(element(f"<w:r>{piece}</w:r>"))


def merge(what: str) -> Change:
    def change(root: etree._Element) -> None:
        cell = next(paragraph(root, "{{ c.name }}").iterancestors(f"{W}tc"))
        cell.find(f"{W}tcPr").append(element(what))

    return change


def in_a_field(code: str) -> Change:
    def change(root: etree._Element) -> None:
        found = paragraph(root, "{{ requested_in_words }}")
        found.append(element(f"<w:r><w:instrText>{code}</w:instrText></w:r>"))

    return change


def referring(name: str) -> Change:
    return in_a_field(f"REF {name}")


def sets(markup: str) -> Change:
    return lambda root: root.append(element(markup))


def bound(root: etree._Element) -> None:
    run = run_of(paragraph(root, "{{ requested_in_words }}"))
    control = element(
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a/b"/></w:sdtPr><w:sdtContent/></w:sdt>'
    )
    run.getparent().replace(run, control)
    control[1].append(run)


def tracked(root: etree._Element) -> None:
    found = paragraph(root, "{{ requested_in_words }}")
    found.append(element('<w:ins w:id="1" w:author="x"><w:r><w:t>加</w:t></w:r></w:ins>'))


def commented(root: etree._Element) -> None:
    found = paragraph(root, "{{ requested_in_words }}")
    found.append(element('<w:r><w:commentReference w:id="0"/></w:r>'))


def in_style(name: str) -> Change:
    def change(root: etree._Element) -> None:
        paragraph(root, "{{ requested_in_words }}").find(f"{W}pPr/{W}pStyle").set(f"{W}val", name)

    return change


def table_without_style(root: etree._Element) -> None:
    holder = next(root.iter(f"{W}tblPr"))
    holder.remove(holder.find(f"{W}tblStyle"))


def foreign_style(root: etree._Element) -> None:
    root.append(
        element('<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="自创"/></w:style>')
    )
    name = style(root, "正文段落").find(f"{W}name")
    name.set(f"{W}val", "我的正文")


def larger(name: str) -> Change:
    def change(root: etree._Element) -> None:
        holder = properties(style(root, name), "rPr")
        for old in holder.findall(f"{W}sz"):
            holder.remove(old)
        holder.append(element('<w:sz w:val="30"/>'))

    return change


def narrow_page(root: etree._Element) -> None:
    next(root.iter(f"{W}pgMar")).set(f"{W}left", "1000")


def without_grid(root: etree._Element) -> None:
    grid = next(root.iter(f"{W}docGrid"))
    grid.getparent().remove(grid)


def other_numbers(root: etree._Element) -> None:
    next(root.iter(f"{W}lvlText")).set(f"{W}val", "第%1章")


def without(path: str) -> Change:
    def change(root: etree._Element) -> None:
        for found in root.findall(path.replace("w:", W)):
            found.getparent().remove(found)

    return change


def run_look(what: str) -> Change:
    def change(root: etree._Element) -> None:
        properties(run_of(paragraph(root, "{{ requested_in_words }}")), "rPr").append(element(what))

    return change


def paragraph_look(what: str) -> Change:
    def change(root: etree._Element) -> None:
        properties(paragraph(root, "{{ requested_in_words }}"), "pPr").append(element(what))

    return change


def cell_look(what: str) -> Change:
    def change(root: etree._Element) -> None:
        next(root.iter(f"{W}tcPr")).append(element(what))

    return change


def picture(root: etree._Element) -> None:
    found = paragraph(root, "{{ requested_in_words }}")
    drawing = f'<w:drawing><wp:inline xmlns:wp="{WP}"><wp:docPr id="1" name="图片 1"/></wp:inline>'
    found.append(element(f"<w:r>{drawing}</w:drawing></w:r>"))


IN_TABLE = "body, table 2, row 3, cell 1"
IN_TEXT = "body, paragraph “{{ requested_in_words }}”"
IN_TEXT_OF_BRACE = "body, paragraph “{ requested_in_words }”"
FAULTS = [
    Fault("template-name", "{{ requested_in_wrds }}: there is no requested_in_wrds; the nearest "
          "name is requested_in_words",
          writes("{{ requested_in_words }}", "{{ requested_in_wrds }}")),
    Fault("template-tag", "{{ requested_in_words: the tag is not closed",
          writes("{{ requested_in_words }}", "{{ requested_in_words")),
    Fault("template-tag", "the tag belongs in a table", writes("{%p if unmet", "{%tr if unmet")),
    Fault("template-tag", "{%p if unmet %}: beside it stands “如下”, which would vanish",
          writes("{%p if unmet %}", "{%p if unmet %}如下")),
    Fault("template-tag", "table 2, row 2, cell 1: {%tr for c in conditions %}: beside it stands "
          "“另有说明”, which would vanish with the row", beside_a_row_tag),
    Fault("template-tag", "beside it stands a section break", section_in_a_tag),
    Fault("template-tag", "{%p if unmet %} of this block takes a whole paragraph and {% endif",
          writes("{%p endif %}", "{% endif %}")),
    Fault("template-tag", "the block begins in another place: body, table 2, row 3, cell 1",
          lambda root: (text_of(root, "{{ c.name }}", "{% if unmet %}{{ c.name }}"),
                        text_of(root, "{{ c.met_on }}", "{{ c.met_on }}{% endif %}"))[0]),
    Fault("template-tag", "{% p if unmet %}: write {%p without a space before p and with one after",
          writes("{%p if unmet %}", "{% p if unmet %}")),
    Fault("template-tag", "cannot hold % or }",
          writes("{%p if unmet %}", "{%p if unmet == '%' %}")),
    Fault("template-split", f"{IN_TEXT}: {{{{ requested_in_words }}}}: the tag is split by the "
          "edge of",
          split_by_a_link),
    Fault("template-split", "the tag is split by a field", split_by_a_field),
    Fault("template-merged", f"{IN_TABLE}: {{{{ c.name }}}}: a merged cell in a row that repeats",
          merge('<w:gridSpan w:val="2"/>')),
    Fault("template-merged", IN_TABLE, merge('<w:vMerge w:val="restart"/>')),
    Fault("template-lookalike", f"{IN_TEXT_OF_BRACE}: {{ requested_in_words }}: it looks like "
          "a tag",
          writes("{{ requested_in_words }}", "{ requested_in_words }")),
    Fault("template-reference", "REF nowhere: there is no bookmark nowhere to refer to",
          referring("nowhere")),
    Fault("template-outside", 'the field INCLUDETEXT points to "C:/a.docx"',
          in_a_field('INCLUDETEXT "C:/a.docx"')),
    Fault("template-setting", "changes are tracked; documents are made without it",
          sets("<w:trackRevisions/>"), "word/settings.xml"),
    Fault("template-setting", "it is protected; documents are made without it",
          sets('<w:documentProtection w:edit="readOnly"/>'), "word/settings.xml"),
    Fault("template-setting", "it is protected against writing",
          sets('<w:writeProtection w:recommended="1"/>'), "word/settings.xml"),
    Fault("template-setting", r"the data of a mail merge: Data Source=D:\x.xlsx; documents",
          sets(r'<w:mailMerge><w:connectString w:val="Data Source=D:\x.xlsx"/></w:mailMerge>'),
          "word/settings.xml"),
    Fault("template-setting", "a template of Word is attached to it",
          sets("<w:attachedTemplate/>"), "word/settings.xml"),
    Fault("template-binding", "{{ requested_in_words }}: the control shows the data /a/b, not "
          "what the tag",
          bound),
    Fault("template-seal", "the text （盖章处） is missing", writes("（盖章处）", "（公章）")),
    Fault("template-traces", "{{ requested_in_words }}: a tracked change is left", tracked),
    Fault("template-traces", "{{ requested_in_words }}: a comment is left", commented),
    Fault("template-style", f"{IN_TEXT}: the style Nowhere is not the house's",
          in_style("Nowhere")),
    Fault("template-style", "the style 我的正文 is not the house's", foreign_style,
          "word/styles.xml"),
    Fault("template-style", "body, table 1, row 1, cell 1: the table has no style",
          table_without_style),
    Fault("template-drift", "styles that are not as the house has them: Normal",
          larger("Normal"), "word/styles.xml"),
    Fault("template-drift", "as the house has them: 表格文字", larger("表格文字"),
          "word/styles.xml"),
    Fault("template-drift", "as the house has them: 正文段落", foreign_style, "word/styles.xml"),
    Fault("template-drift", "as the house has them: 数据表", without(
          ".//w:style[@w:styleId='HouseTable']/w:tblPr/w:tblBorders"), "word/styles.xml"),
    Fault("template-drift", "page of section 1: margins left=1000 instead of left=1587",
          narrow_page),
    Fault("template-drift", "page of section 1: line grid nothing", without_grid),
    Fault("template-drift", "numbers of headings: 第%1章, （%2）, %3., （%4） instead of %1、",
          other_numbers, "word/numbering.xml"),
    Fault("template-drift", "settings of the document: useFELayout",
          without(".//w:useFELayout"), "word/settings.xml"),
    Fault("template-drift", "settings of the document: themeFontLang",
          without("w:themeFontLang"), "word/settings.xml"),
    Fault("template-formatting", f"{IN_TEXT}: set by hand: size val=44",
          run_look('<w:sz w:val="44"/>')),
    Fault("template-formatting", "font ascii=Arial", run_look('<w:rFonts w:ascii="Arial"/>')),
    Fault("template-formatting", "colour val=FF0000", run_look('<w:color w:val="FF0000"/>')),
    Fault("template-formatting", "highlighting val=yellow",
          run_look('<w:highlight w:val="yellow"/>')),
    Fault("template-formatting", "indents left=840", paragraph_look('<w:ind w:left="840"/>')),
    Fault("template-formatting", "line and paragraph spacing before=240",
          paragraph_look('<w:spacing w:before="240"/>')),
    Fault("template-formatting", "alignment val=center", paragraph_look('<w:jc w:val="center"/>')),
    Fault("template-formatting", "body, table 1, row 1, cell 1: set by hand: shading",
          cell_look('<w:shd w:fill="FFFF00"/>')),
    Fault("template-numbers", f"{IN_TEXT}: numbered by hand",
          paragraph_look('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')),
    Fault("template-language", f"{IN_TEXT}: text marked as ja-JP",
          run_look('<w:lang w:eastAsia="ja-JP"/>')),
    Fault("template-header-row", "body, table 2, row 1, cell 1: the header row is not repeated",
          without(".//w:tblHeader")),
    Fault("template-alt-text", "the picture 图片 1 has no alternative text", picture),
]  # fmt: skip


def named(fault: Fault) -> str:
    return f"{fault.code}: {fault.says}"


FIRST_OF_EACH = {fault.code: named(fault) for fault in reversed(FAULTS)}.values()


def findings(template: Path) -> list[str]:
    return [str(problem) for problem in lint(template, purposes(NOWHERE)[template.stem])]


@pytest.mark.parametrize("template", thorough_but(A_FEW, SHIPPED, lambda path: path.stem))
def test_a_shipped_template_has_nothing_to_mend(template: Path) -> None:
    assert findings(template) == []


@pytest.mark.parametrize("fault", thorough_but(FIRST_OF_EACH, FAULTS, named))
def test_a_planted_fault_is_found_where_it_is(fault: Fault, tmp_path: Path) -> None:
    path = planted(tmp_path / "own", fault.change, part=fault.part)
    found = findings(path)
    told = [line for line in found if f"[{fault.code}]" in line]
    assert any(fault.says in line for line in told), "\n".join(found)
    assert all(line.startswith("own/payment_request.docx: ") for line in found)


def test_a_fault_is_found_once(tmp_path: Path) -> None:
    path = planted(tmp_path, larger("Normal"), part="word/styles.xml")
    assert len(findings(path)) == 1  # and not again in every style based on it


def test_every_code_of_the_check_has_a_planted_fault() -> None:
    modules = ("lint", "tags", "outside", "names")
    codes = {
        code for name in modules for code in codes_in((DOCX / f"{name}.py").read_text("utf-8"))
    }
    elsewhere = {"template-file", "template-layout", "template-cut"}  # shown below
    assert {fault.code for fault in FAULTS} == codes - elsewhere


@pytest.mark.thorough  # of a report, the only kind with charts
def test_a_chart_in_lines_of_a_fixed_height_is_cut_off(tmp_path: Path) -> None:
    document = docx.Document(str(TEMPLATES / "quarterly_report.docx"))
    charts = [one for one in document.paragraphs if one.text.endswith("_chart }}")]
    path = tmp_path / "own" / "quarterly_report.docx"
    path.parent.mkdir()
    charts[0].style = "Normal"
    charts[1].paragraph_format.line_spacing = Pt(20)
    document.save(str(path))
    told = [line for line in findings(path) if "[template-cut]" in line]
    assert len(told) == 2
    for chart, line in zip(charts[:2], told, strict=True):
        assert f"{chart.text}: lines of a fixed height cut it off" in line


def test_every_rule_says_what_it_is_about() -> None:
    assert all(rule.__doc__ for rule in RULES)


def test_a_file_that_is_no_template_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "payment_request.docx"
    path.write_bytes(b"PK no")
    (found,) = lint(path, purposes(NOWHERE)["payment_request"])
    assert (found.code, found.severity) == ("template-file", Severity.ERROR)


def test_a_template_without_the_house_style_is_told_to_be_dressed(tmp_path: Path) -> None:
    path = tmp_path / "payment_request.docx"
    docx.Document().save(str(path))
    assert "[template-layout]" in "\n".join(findings(path))


@pytest.mark.parametrize(
    "change",
    [
        run_look("<w:b/>"),
        run_look('<w:rFonts w:hint="eastAsia"/>'),
        run_look('<w:lang w:val="en-US" w:eastAsia="zh-CN"/>'),
        run_look('<w:sz w:val="32"/>'),
        run_look("<w:noProof/>"),
        paragraph_look("<w:keepNext/>"),
        paragraph_look('<w:jc w:val="both"/>'),
        paragraph_look('<w:ind w:firstLine="640" w:firstLineChars="200"/>'),
        paragraph_look('<w:rPr><w:sz w:val="99"/></w:rPr>'),
        cell_look('<w:vAlign w:val="center"/>'),
    ],
)
def test_emphasis_and_what_the_style_says_anyway_are_nobodys_fault(
    change: Change, tmp_path: Path
) -> None:
    assert findings(planted(tmp_path, change)) == []


def test_a_tag_split_by_the_spelling_check_is_whole_again(tmp_path: Path) -> None:
    def split(root: etree._Element) -> None:
        found = paragraph(root, "{{ requested_in_words }}")
        found.remove(run_of(found))
        for piece in (
            "<w:r><w:t>{</w:t></w:r>",
            '<w:proofErr w:type="spellStart"/>',
            "<w:r><w:rPr><w:b/></w:rPr><w:t>{ requested</w:t></w:r>",
            '<w:proofErr w:type="spellEnd"/>',
            "<w:r><w:t>_in_words }}</w:t></w:r>",
        ):
            found.append(element(piece))  # fmt: skip

    assert findings(planted(tmp_path, split)) == []


def test_a_tag_that_is_said_to_be_split_would_break_the_document(tmp_path: Path) -> None:
    body = Package.read(planted(tmp_path, split_by_a_link)).parts[BODY]
    patched = DocxTemplate("").patch_xml(etree.tostring(parse(body), encoding="unicode"))
    with pytest.raises(etree.XMLSyntaxError):
        parse(patched)


def test_a_header_row_may_be_merged(tmp_path: Path) -> None:
    def change(root: etree._Element) -> None:
        next(root.iter(f"{W}tcPr")).append(element('<w:vMerge w:val="restart"/>'))

    assert findings(planted(tmp_path, change)) == []


def test_a_document_that_nobody_seals_needs_no_place_for_it(tmp_path: Path) -> None:
    path = planted(tmp_path, writes("（盖章处）", "（公章）"))
    purpose = purposes(NOWHERE)["payment_request"]
    assert lint(path, type(purpose)(purpose.context, sealed=False)) == ()


# --- the command

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    def call(*words: str) -> tuple[int, str]:
        options = ["--lang", "en", "--templates", str(tmp_path / "own")]
        result = CliRunner().invoke(main, [*options, "template", *words])
        return result.exit_code, result.stdout

    yield call


def test_check_without_findings_ends_with_0(run: Run) -> None:
    assert run("check", "payment_request") == (0, "")


def test_check_without_a_name_looks_at_every_template(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(cli_template, "lint", lambda path, _: looked.append(path.stem) or ())
    monkeypatch.setattr(cli_template, "_of_its_text", lambda *_: ())
    assert run("check") == (0, "")
    assert sorted(looked) == [path.stem for path in SHIPPED]


def test_check_with_findings_ends_with_1_and_names_them(run: Run, tmp_path: Path) -> None:
    planted(tmp_path / "own", narrow_page)
    code, output = run("check", "payment_request")
    assert code == 1
    assert output.startswith("own/payment_request.docx: warning[template-drift] page of section 1")
    assert run("check", "delivery_slip")[0] == 0


def test_check_of_an_unknown_kind_ends_with_2(run: Run) -> None:
    assert run("check", "payment")[0] == 2


def test_check_answers_programs(run: Run, tmp_path: Path) -> None:
    planted(tmp_path / "own", writes("（盖章处）", "（公章）"))
    code, output = run("check", "payment_request", "--format", "json")
    (answer,) = json.loads(output)["templates"]
    assert code == 1
    assert answer["sound"] is False
    assert [problem["code"] for problem in answer["problems"]] == ["template-seal"]


def test_check_speaks_chinese(tmp_path: Path) -> None:
    planted(tmp_path, larger("Normal"), part="word/styles.xml")
    options = ["--lang", "zh", "--templates", str(tmp_path)]
    output = CliRunner().invoke(main, [*options, "template", "check", "payment_request"]).stdout
    assert "与规定样式不一致：Normal" in output
    assert "instead" not in output
