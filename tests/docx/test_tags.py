"""What a template cannot say is refused with place, tag and reason, in two languages."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import small_templates
from small_templates import Block, bookmark, field, small

from deliverables.docx.lint import Purpose, lint
from deliverables.model.content import Chart
from deliverables.values.figure import Figure


@dataclass(frozen=True)
class Part:
    label: str


@dataclass(frozen=True)
class Row:
    name: Figure[str]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Party:
    name: str


@dataclass(frozen=True)
class Context:
    title: str
    amount: Figure[str]
    urgent: bool
    client: Party
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    trend: Chart


ROWS = (("{%tr for row in rows %}",), ("{{ row.name }}",), ("{%tr endfor %}",))


told = partial(small_templates.told, context=Context)
only = partial(small_templates.only, context=Context)


# Tags that say more than a tag can


@pytest.mark.parametrize(
    ("tag", "why", "warum"),
    [
        ("{% raw %}", "a template has no raw; there are if, elif", "模板中不能用 raw"),
        ("{% include 'x' %}", "a template has no include", "不能用 include"),
        ("{% with a=title %}", "a template has no with", "不能用 with"),
        ("{% macro f(x) %}", "a template has no macro", "不能用 macro"),
        ("{% set a = title %}", "a template has no set", "不能用 set"),
        ("{% else if urgent %}", "after else nothing follows; another condition goes with elif",
         "另一个条件用 elif"),
        ("{% endif urgent %}", "after endif nothing follows", "endif 后面不写内容"),
        ("{% if %}", "after if something is missing", "if 后面缺内容"),
        ("{{ notes[0] }}", "a field is named with a dot, a row by a loop", "逐行取用循环"),
        ("{{ title() }}", "nothing can be called", "不能用 (…) 调用"),
        ("{{ title|upper }}", "there is no filter upper", "没有 upper"),
        ("{{ title|length(2) }}", "length counts the rows that a name holds", "只数某个名称"),
        ("{{ amount + 1 }}", "a tag does not reckon", "标签不作计算"),
        ("{{ title ~ amount }}", "a tag does not reckon", "标签不作计算"),
        ("{{ -1 }}", "a tag does not reckon", "标签不作计算"),
        ("{{ title if urgent else amount }}", "write {% if … %} … {% else %} … {% endif %}",
         "请写成 {% if … %} … {% else %} … {% endif %}"),
        ("{{ title == amount }}", "a condition cannot be printed", "条件不能打印"),
        ("{{ true }}", "a condition cannot be printed", "条件不能打印"),
        ("{{ none }}", "there is no none", "没有 none"),
        ("{{ title, amount }}", "a tag holds one name, no list", "不能写成列表"),
        ("{{ }}", "the tag is empty", "标签是空的"),
        ("{{- title }}", "take the - at its edge out", "去掉标签边上的 -"),
        ("{{ amount + }}", "this makes no sense; a tag holds a name", "看不懂"),
        ("{{ title amount }}", "this makes no sense", "看不懂"),
        ("{{r title }}", "nothing can be printed with the prefix r; write {{ title }}",
         "打印时不能加前缀 r，请写成 {{ title }}"),
        ("{{p title }}", "nothing can be printed with the prefix p", "打印时不能加前缀 p"),
        ("{% if title = '甲' %}", "two things are compared with ==, not with =", "比较用 =="),
        ("{% if title == ′甲′ %}", "′ is no quotation mark; write ' or \"", "′ 不是引号"),
        ("{% if title == '甲 %}", "a quotation mark is missing", "缺少引号"),
        ("{{ ti\u200btle }}", "(U+200B) cannot stand in a tag", "标签中不能有字符"),
        ("{% if '甲' in title %}", "a template has no in; compare with ==", "不能用 in"),
        ("{% if title is defined %}", "there is no “is defined”", "不能用“is defined”"),
        ("{% if amount > 3 %}", "only numbers are greater or less", "只有数才能比大小"),
        ("{% if 1 < loop.index < 3 %}", "compare two things at a time", "一次比较两项"),
        ("{% if title == (urgent and true) %}", "a condition stands alone in {% if … %}",
         "条件只能单独写"),
        ("{% if {{ title }} %}", "a tag holds no other braces", "不能再有大括号"),
        ("{% for a, b in rows %}", "a loop has one name for its row", "一行只取一个名称"),
        ("{% for r in rows if r %}", "a loop goes through all rows", "循环取全部各行"),
        ("{% for r in rows recursive %}", "a loop cannot call itself", "不能调用自己"),
        ("{% for r in 'abc' %}", "a loop goes through the rows that a name holds", "循环只能取"),
        ("{% for loop in rows %}", "loop cannot be the name of a row", "loop 不能用作"),
        ("{% for r in rows %}{{ loop.cycle }}", "there is no loop.cycle; there are loop.index",
         "没有 loop.cycle"),
        ("{{ loop.nextitem }}", "there is no loop.nextitem", "没有 loop.nextitem"),
        ("{{ loop }}", "loop alone says nothing", "loop 不能单独用"),
        ("{{ loop.first }}", "is yes or no and cannot be printed", "是是非，不能打印"),
        ("{%p\u00a0if urgent %}", "write {%p without a space before p and with one after it",
         "前不空格，后空一格"),
        ("{%tr vm %}", "vm goes without the prefix tr", "vm 不加前缀 tr"),
    ],
)  # fmt: skip
def test_what_a_tag_cannot_say_is_named(tag: str, why: str, warum: str, tmp_path: Path) -> None:
    found = told(small(tmp_path / "letter.docx", "甲", tag))
    code, english, chinese = found[0]
    shown = tag if tag.endswith("%}") or tag.startswith("{{") else tag[tag.index("{{") :]
    assert code == "template-tag"
    assert "body, paragraph “" in english and why in english
    assert "正文，段落“" in chinese and warum in chinese
    assert shown in english


def test_each_fault_names_the_one_tag_it_is_about(tmp_path: Path) -> None:
    path = small(tmp_path / "letter.docx", "{{ title }}甲{{ notes[0] }}乙{{ amount }}")
    _, english, _ = only(path)
    assert "”: {{ notes[0] }}: […]" in english


# Blocks and what they take with them

HALF_IN_A_LINK = (
    "<w:p><w:hyperlink><w:r><w:t>{% if urgent %}</w:t></w:r></w:hyperlink>"
    "<w:r><w:t>{% endif %}</w:t></w:r></w:p>"
)
CELL_WITHOUT_WIDTH = (
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{% cellbg title %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)
TABLE_IN_A_ROW = (
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{%tr if urgent %}</w:t></w:r></w:p>"
    "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr>"
    "<w:tr><w:tc><w:p><w:r><w:t>{%tr endif %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


@pytest.mark.parametrize(
    ("blocks", "why", "warum"),
    [
        (["{% else %}"], "nothing is open that {% else %} could continue", "没有对应的开始标签"),
        (["{% if urgent %}", "甲"], "endif is missing", "缺少 endif"),
        (["{% for r in notes %}{% else %}{% endfor %}"], "a loop has no else", "循环没有 else"),
        (["{% if urgent %}{% else %}{% elif title %}{% endif %}"], "after else comes endif",
         "else 之后只能是 endif"),
        (["{% vm %}"], "vm merges the cells of a loop and belongs in one", "只能用在循环里"),
        (["{% colspan title %}"], "the tag belongs in a table", "只能用在表格中"),
        ([[["{%p if urgent %}"], ["{%p endif %}"]]], "the block begins in another place",
         "开始于另一处"),
        ([[["{% cellbg title %}{% cellbg title %}"]]], "a cell has one cellbg at most",
         "一个单元格最多一个 cellbg"),
        ([CELL_WITHOUT_WIDTH], "the cell has no width", "单元格没有宽度"),
        (["{%r if title == '%' %}{%r endif %}"], "cannot hold % or }", "不能有 % 或 }"),
        ([HALF_IN_A_LINK],
         "the block begins inside a link or control", "在链接或控件里开始"),
        ([TABLE_IN_A_ROW],
         "beside it stands a table", "表格"),
    ],
)  # fmt: skip
def test_a_block_that_would_tear_the_document_is_named(
    blocks: list[Block], why: str, warum: str, tmp_path: Path
) -> None:
    found = told(small(tmp_path / "letter.docx", *blocks))
    assert any(code == "template-tag" and why in english for code, english, _ in found), found
    assert any(warum in chinese for _, _, chinese in found), found


# Names


@pytest.mark.parametrize(
    ("blocks", "why", "warum"),
    [
        (["{{ rows.name }}"],
         "each row of rows; write {%tr for row in rows %} {{ row.name }} {%tr endfor %}",
         "rows.name 是 rows 每一行中的一项"),
        (["{%p for r in rows %}", "{{ r.parts.label }}", "{%p endfor %}"],
         "write {%tr for row2 in row.parts %} {{ row2.label }} {%tr endfor %}", "每一行中的一项"),
        (["{%p for r in rows %}", "{{ r.nmae }}", "{%p endfor %}"],
         "there is no r.nmae; the nearest name is r.name",
         "没有 r.nmae 这个名称；最接近的是 r.name"),
        (["{%p for r in rows %}", "{{ r }}", "{%p endfor %}"],
         "r is a whole row; name one of its fields: r.name", "r 是整行，请写其中一项：r.name"),
        (["{{ notes }}"], "write {%p for row in notes %} {{ row }} {%p endfor %}",
         "请写 {%p for row in notes %} {{ row }} {%p endfor %}"),
        (["{{ urgent }}"], "it holds yes/no; write {%p if urgent %} … {%p endif %}",
         "请写 {%p if urgent %} … {%p endif %}"),
        (["{{ title|length }}"], "title holds no rows to count", "title 没有行可数"),
        (["{% if rows == 0 %}{% endif %}"], "compare their number, rows|length",
         "请比较行数：rows|length"),
        (["{% if trend %}{% endif %}"], "which a tag can only print", "只能把它打印出来"),
        (["{{ loop.index }}"], "loop goes inside a loop", "loop 只能用在循环里"),
        ([[["{% colspan trend %}甲"]]], "only text can stand here; trend holds chart",
         "此处只能是文字，而 trend 是图表"),
    ],
)  # fmt: skip
def test_a_misused_name_comes_with_what_to_write(
    blocks: list[Block], why: str, warum: str, tmp_path: Path
) -> None:
    code, english, chinese = only(small(tmp_path / "letter.docx", *blocks))
    assert code == "template-name"
    assert why in english
    assert warum in chinese


# What looks like a tag


@pytest.mark.parametrize(
    ("text", "said", "why", "warum"),
    [
        ("甲 { title } 乙", "{ title }", "it looks like a tag", "看似标签"),
        ("{ { title } }", "{ { title } }", "it looks like a tag", "看似标签"),
        ("｛｛ title ｝｝", "｛｛ title ｝｝", "two plain braces", "半角大括号"),
        ("{ % if urgent % }", "{ % if urgent % }", "it looks like a tag", "看似标签"),
        ("开户行：«开户银行»", "«开户银行»", "it was left by Word's mail merge", "邮件合并留下的"),
        ("{{ title }}}", "}", 'a brace is left over; to print one, write {{ "{" }}',
         "多了一个大括号"),
        ("甲｝", "｝", "a brace is left over", "多了一个大括号"),
        ("甲\U0010ff00", "\U0010ff00", "the program uses the character U+10FF00", "程序自用"),
    ],
)  # fmt: skip
def test_what_looks_like_a_tag_and_is_none_is_named(
    text: str, said: str, why: str, warum: str, tmp_path: Path
) -> None:
    code, english, chinese = only(small(tmp_path / "letter.docx", text))
    assert code == "template-lookalike"
    assert f"”: {said}: " in english and why in english
    assert warum in chinese


def test_braces_for_the_reader_stand_in_one_run(tmp_path: Path) -> None:
    runs = "<w:p><w:r><w:t>{_</w:t></w:r><w:r><w:t>{</w:t></w:r></w:p>"
    code, english, chinese = only(small(tmp_path / "letter.docx", runs))
    assert code == "template-split"
    assert "{_{: the tag is split by the end of a run" in english
    assert "标签被文字格式的分界隔断" in chinese


def test_braces_that_would_become_a_tag_with_the_next_text_are_named(tmp_path: Path) -> None:
    code, english, chinese = only(small(tmp_path / "letter.docx", "写作{_{", "{# remark #}"))
    assert code == "template-tag"
    assert "body, paragraph “写作{_{”: {_{ … {# : it would be joined to the next text" in english
    assert "会与下一段文字连成标签" in chinese


def test_a_tag_begun_in_one_paragraph_and_ended_in_the_next_is_named(tmp_path: Path) -> None:
    first, second = told(small(tmp_path / "letter.docx", "{{ title", "}}"))
    assert first[0] == second[0] == "template-tag"
    assert "{{ title: the tag is not closed" in first[1]
    assert "}}: the tag was never opened" in second[1]


def test_a_field_of_a_mail_merge_is_named(tmp_path: Path) -> None:
    path = small(
        tmp_path / "letter.docx", f"<w:p>{field(' MERGEFIELD 开户银行 ', '开户银行')}</w:p>"
    )
    code, english, chinese = only(path)
    assert code == "template-lookalike"
    assert "field code: MERGEFIELD 开户银行: a field of Word's mail merge" in english
    assert "域代码：MERGEFIELD 开户银行：Word 邮件合并的域" in chinese


# Tags where nothing is filled

DRAWING = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="a" descr="{tag}"/></wp:inline>'
    "</w:drawing></w:r>"
)


@pytest.mark.parametrize(
    ("markup", "place", "ort"),
    [
        (field(' HYPERLINK "{{ title }}" '), "field code: {{ title }}: a field code is not filled",
         "域代码不会填入内容"),
        ('<w:fldSimple w:instr=" REF {{ title }} "/>', "field code: {{ title }}", "域代码"),
        ("<m:oMath><m:r><m:t>{{ title }}</m:t></m:r></m:oMath>",
         "equation: {{ title }}: an equation is not filled", "公式不会填入内容"),
        ("<w:del><w:r><w:delText>{{ old }}</w:delText></w:r></w:del>",
         "deleted text: {{ old }}: it stands in deleted text", "在已删除的文字里"),
        ('<w:r><w:pict><v:shape><v:textpath string="{{ title }}"/></v:shape></w:pict></w:r>',
         "WordArt: {{ title }}: WordArt is not filled", "艺术字不会填入内容"),
        ('<w:r><w:rPr><w:lang w:val="{{ title }}"/></w:rPr></w:r>',
         "markup: {{ title }}: it stands where no text is", "此处不是正文"),
        (DRAWING.format(tag="{% if urgent %}"), "only {{ name }} can stand",
         "只能写 {{ name }}"),
        (DRAWING.format(tag="{{ tilte }}"),
         "alternative text: {{ tilte }}: there is no tilte; the nearest name is title", "替代文字"),
    ],
)  # fmt: skip
def test_a_tag_behind_the_text_is_filled_or_named(
    markup: str, place: str, ort: str, tmp_path: Path
) -> None:
    _, english, chinese = only(small(tmp_path / "letter.docx", f"<w:p>{markup}</w:p>"))
    assert place in english
    assert ort in chinese


@pytest.mark.parametrize(
    ("part", "place", "ort"),
    [
        (
            "word/comments.xml",
            "comments: {{ title }}: this part of the file is not filled",
            "批注：",
        ),
        ("word/charts/chart1.xml", "chart (chart1): {{ title }}", "图表（chart1）："),
        ("docProps/core.xml", "document properties: {{ title }}", "文档属性："),
        ("customXml/item1.xml", "part item1: {{ title }}", "部件 item1："),
    ],
)
def test_a_tag_in_a_part_that_is_not_filled_is_named(
    part: str, place: str, ort: str, tmp_path: Path
) -> None:
    content = "<x><p>{{ </p><y>a{{ title }}</y></x>"
    path = small(tmp_path / "letter.docx", parts={part: content})
    code, english, chinese = only(path)
    assert code == "template-tag"
    assert place in english
    assert ort in chinese


LINK = '<w:p><w:hyperlink r:id="rId90"><w:r><w:t>看</w:t></w:r></w:hyperlink></w:p>'


def test_the_address_of_a_link_names_what_the_context_offers(tmp_path: Path) -> None:
    target = {"rId90": ("hyperlink", "https://a.example/{{ titel }}")}
    _, english, chinese = only(small(tmp_path / "letter.docx", LINK, outside=target))
    assert "body, paragraph “看”, address of the link: {{ titel }}: there is no titel" in english
    assert "链接地址：{{ titel }}：没有 titel" in chinese


def test_the_address_of_a_link_is_read_as_word_writes_it(tmp_path: Path) -> None:
    target = {"rId90": ("hyperlink", "https://a.example/%7B%7B%20titel%20%7D%7D")}
    _, english, _ = only(small(tmp_path / "letter.docx", LINK, outside=target))
    assert "address of the link: {{ titel }}: there is no titel" in english


# Bookmarks and references

SEE = f"<w:p>{field(' REF there ', '见')}</w:p>"


@pytest.mark.parametrize(
    ("blocks", "why", "warum"),
    [
        ([SEE], "REF there: there is no bookmark there to refer to", "没有所引用的书签 there"),
        (["{%p for n in notes %}", bookmark("there", "甲"), "{%p endfor %}", SEE],
         "the bookmark there stands in the loop for n in notes", "在循环 for n in notes 里"),
        (["{%p for n in notes %}", bookmark("there", "甲"), "{%p endfor %}",
          "{%p for n in notes %}", SEE, "{%p endfor %}"],
         "the bookmark there stands in the loop", "在循环"),
        (["{%p if urgent %}", bookmark("there", "甲"), "{%p endif %}", SEE],
         "the bookmark there stands under if urgent and the reference does not",
         "在条件 if urgent 之下"),
        (["{%p if urgent %}", bookmark("there", "甲"), "{%p else %}", SEE, "{%p endif %}"],
         "the bookmark there stands under if urgent", "在条件 if urgent 之下"),
        (['<w:p><w:bookmarkStart w:id="1" w:name="there"/></w:p>', "{%p if urgent %}",
          '<w:p><w:bookmarkEnd w:id="1"/></w:p>', "{%p endif %}"],
         "there: the bookmark begins and ends in different cases", "不在同一条件或循环里"),
        ([bookmark("there", "甲"), bookmark("there", "乙")],
         "the bookmark there stands in the template twice", "模板中有两个书签 there"),
    ],
)  # fmt: skip
def test_a_reference_that_may_find_nothing_is_named(
    blocks: list[Block], why: str, warum: str, tmp_path: Path
) -> None:
    code, english, chinese = only(small(tmp_path / "letter.docx", *blocks))
    assert code == "template-reference"
    assert why in english
    assert warum in chinese


# Files that are no .docx


def _changed(path: Path, change: Mapping[str, tuple[str, str]]) -> Path:
    """Write a small template to `path` with words of some of its parts exchanged."""
    package = zipfile.ZipFile(small(path, "{{ title }}"))
    parts = {name: package.read(name) for name in package.namelist()}
    for part, (old, new) in change.items():
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode())
    return _zipped(path, parts)


def _zipped(path: Path, parts: Mapping[str, bytes]) -> Path:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    path.write_bytes(written.getvalue())
    return path


TYPES = "[Content_Types].xml"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICIAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"


@pytest.mark.parametrize(
    ("change", "why", "warum"),
    [
        ({TYPES: (MAIN, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")},
         "this is no Word document that can be read", "不是可以读取的 Word 文件"),
        ({"_rels/.rels": (OFFICIAL, STRICT)}, "this is a file in Strict Open XML", "Strict Open"),
        ({"word/document.xml": ("</w:body>", "")}, "the file is damaged: word/document.xml, line 1",
         "文件已损坏：word/document.xml 第 1 行"),
        ({"_rels/.rels": ("word/document.xml", "word/other.xml")},
         "this is no Word document that can be read", "不是可以读取的 Word 文件"),
        ({"word/document.xml": ("<w:document", "<!DOCTYPE a [<!ENTITY b 'c'>]><w:document")},
         "declares a document type", "文档类型声明"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_docx_comes_with_a_remedy(
    change: Mapping[str, tuple[str, str]], why: str, warum: str, tmp_path: Path
) -> None:
    path = _changed(tmp_path / "letter.docx", change)
    code, english, chinese = only(path)
    assert code == "template-file"
    assert why in english
    assert warum in chinese
    (found,) = lint(path, Purpose(Context, sealed=True))
    assert (found.code, str(found.message)) == (code, english)


@pytest.mark.parametrize(
    ("declared", "findings"),
    [
        (MAIN.replace("document.main", "template.main"), []),
        ("application/vnd.ms-word.document.macroEnabled.main+xml",
         ["it is a file with macros; documents are made without it"]),
        ("application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
         ["it is a file with macros; documents are made without it"]),
    ],
)  # fmt: skip
def test_a_file_that_word_calls_a_template_is_read_and_macros_are_named(
    declared: str, findings: list[str], tmp_path: Path
) -> None:
    path = _changed(tmp_path / "letter.docx", {TYPES: (MAIN, declared)})
    assert told(path) == []
    found = lint(path, Purpose(Context, sealed=False))
    assert [str(one.message) for one in found if one.code == "template-setting"] == findings


def test_a_file_with_backslashes_in_the_names_of_its_parts_is_named(tmp_path: Path) -> None:
    whole = zipfile.ZipFile(small(tmp_path / "whole.docx"))
    parts = {name: whole.read(name) for name in whole.namelist()}
    content = _zipped(tmp_path / "letter.docx", parts).read_bytes()
    path = tmp_path / "letter.docx"
    path.write_bytes(content.replace(b"word/", b"word\\"))
    code, english, chinese = only(path)
    assert code == "template-file"
    assert "its parts are named in a way Word does not know: word\\" in english
    assert "文件内部的命名 Word 不认识" in chinese


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "this is no Word document that can be read"),
        (b"PK no", "this is no Word document that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old .doc file, or one with a password"),
    ],
)
def test_a_file_that_is_no_archive_is_named(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(content)
    code, english, _ = only(path)
    assert (code, english) == ("template-file", why)


@pytest.mark.parametrize("at", range(60, 20000, 997))
def test_a_damaged_file_never_ends_in_a_traceback(at: int, tmp_path: Path) -> None:
    path = small(tmp_path / "letter.docx", "{{ title }}")
    content = bytearray(path.read_bytes())
    spot = at % len(content)
    content[spot : spot + 8] = b"\xff" * 8
    path.write_bytes(content)
    assert all(code.startswith("template-") for code, _, _ in told(path))
    assert all(
        problem.code.startswith("template-")
        for problem in lint(path, Purpose(Context, sealed=True))
    )


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    path = small(tmp_path / "letter.docx", "{{ title }}")
    path.write_bytes(path.read_bytes()[:-40])
    assert only(path)[0] == "template-file"
