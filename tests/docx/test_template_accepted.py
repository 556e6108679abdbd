"""What the check accepts, the renderer renders: without rows and with many, draft and final."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from lxml import etree
from small_templates import Block, bookmark, field, small

from deliverables.docx.names import template_problems
from deliverables.docx.render import Properties, Stamp, TemplateError, render
from deliverables.values.figure import Figure, Line


@dataclass(frozen=True)
class Part:
    label: str


@dataclass(frozen=True)
class Row:
    name: Figure[str]
    number: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Party:
    name: str


@dataclass(frozen=True)
class Context:
    title: Figure[str]
    word: str
    two: str
    link: str
    urgent: bool
    client: Party
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def figure(text: str) -> Figure[str]:
    return Figure("数据项", text, text, Line("contract.yaml", 1))


ROW = Row(figure("甲 & 乙"), "1", (Part("子"), Part("<丑>")))
FULL = Context(
    figure("函 <一>"), "A&B", "2", "https://a.example/?a=1&b=2", True,
    Party("“公司”"), (ROW, ROW, ROW), ("一\n二", "", "三\t四"),
)  # fmt: skip
BARE = Context(figure(""), "", "1", "https://a.example", False, Party(""), (), ())
PROPERTIES = Properties(
    title="函", subject="函", contract_number="1", creator="乙方", made_on=date(2026, 8, 3)
)

TABLE = [["名称", "编号"], ["{%tr for r in rows %}", ""], ["{{ r.name }}", "{{ loop.index }}"],
         ["{%tr endfor %}", ""]]  # fmt: skip
COLUMNS = [["{%tc for r in rows %}", "{{ r.name }}", "{%tc endfor %}"]]
NESTED = [["{%tr for r in rows %}", ""], ["{{ r.name }}", ""], ["{%tr for p in r.parts %}", ""],
          ["{{ p.label }}", "{{ loop.length }}"], ["{%tr endfor %}", ""],
          ["{%tr endfor %}", ""]]  # fmt: skip
SEE = f"<w:p>{field(' REF there ', '见')}</w:p>"
LINK = '<w:p><w:hyperlink r:id="rId90"><w:r><w:t>{{ title }}</w:t></w:r></w:hyperlink></w:p>'
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/>'
    '<wp:docPr id="1" name="a" descr="{{ title }}的图"/></wp:inline></w:drawing></w:r></w:p>'
)
SHAPE = (
    '<w:p><w:r><w:pict><v:shape id="_x0000_s1" alt="{{ n }}"><v:textbox><w:txbxContent>'
    "<w:p><w:r><w:t>{{ n }}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    "</w:p>"
)
CONTROL = (
    '<w:p><w:sdt><w:sdtPr><w:id w:val="5"/><w:dataBinding w:xpath="/a" w:storeItemID="{B}"/>'
    "</w:sdtPr><w:sdtContent><w:r><w:t>{{ title }}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
)
SPLIT = (
    "<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>{ ti</w:t></w:r>"
    '<w:proofErr w:type="spellEnd"/><w:r><w:rPr><w:b/></w:rPr><w:t>tle }}</w:t></w:r></w:p>'
)

COMPARISONS = (
    "{% if title == '函' and word != “A&B” or not (rows|length >= 2) %}甲{% endif %}"
    "{% if urgent == true %}乙{% endif %}"
)
NUMBERS = (
    "{% for n in notes %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}"
    "{{ loop.length }}{% if not loop.last %}、{% endif %}"
    "{% if loop.first and loop.index < 2 %}首{% endif %}{% endfor %}"
)
PARTS = "{% for p in r.parts %}{{ p.label }}{{ r.name }}{% endfor %}"
NO_WIDTHS = (
    "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r>"
    "<w:t>{{ title }}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
)

CELL = (
    '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/></w:tblGrid><w:tr><w:tc>'
    "<w:p><w:r><w:t>{%p if urgent %}</w:t></w:r></w:p><w:p><w:r><w:t>急</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>{%p endif %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
)

ACCEPTED: dict[str, list[Block]] = {
    "text without a tag": ["甲"],
    "a figure, a text, a field of a group": ["{{ title }}{{word}}{{ client.name }}"],
    "a constant": ['{{ "A&B" }}{{ "{" }}{{ 5 }}'],
    "a remark": ["甲{# remark with { and } #}乙", "{#p a paragraph #}"],
    "the number of rows": ["{{ rows|length }}{{ notes|count }}"],
    "braces for the reader": ["写作{_{ name }_}或{_% if %_}"],
    "an inline condition": ["{% if urgent %}急{% elif word %}缓{% else %}停{% endif %}"],
    "a condition over paragraphs": [
        *("{%p if urgent %}", "急", "{%p elif word %}", "缓"),
        *("{%p else %}", "停", "{%p endif %}"),
    ],
    "a condition from one paragraph into the next": ["甲{% if urgent %}乙", "丙{% endif %}丁"],
    "a condition of a run": ["甲{%r if urgent %}乙{%r endif %}丙"],
    "every comparison": [COMPARISONS],
    "typographic quotes": ["{% if word == “A&B” %}甲{% elif word == ‘乙’ %}乙{% endif %}"],
    "numbers of a loop": [NUMBERS],
    "a loop over paragraphs": ["{%p for n in notes %}", "{{ n }}", "{%p endfor %}"],
    "a loop inside a loop": ["{%p for r in rows %}", PARTS, "{%p endfor %}"],
    "a row called as a field is": ["{% for title in notes %}{{ title }}{% endfor %}{{ title }}"],
    "a row called r": ["{% for r in rows %}{{ r.name }}{{ r.number }}{% endfor %}"],
    "rows of a table": [TABLE],
    "rows inside rows": [NESTED],
    "rows under a condition": [
        [["{%tr if urgent %}"], ["甲"], ["{%tr else %}"], ["乙"], ["{%tr endif %}"]]
    ],
    "a table that may be empty": [
        [["{%tr for r in rows %}"], ["{{ r.name }}"], ["{%tr endfor %}"]]
    ],
    "a table without widths": [NO_WIDTHS],
    "a cell that may be empty": [[["甲", "{% if urgent %}急{% endif %}"]]],
    "paragraphs of a cell that may all go": [CELL],
    "a table under a condition beside another": [
        *([["甲"]], "{%p if urgent %}", [["乙"]], "{%p endif %}", [["丙"]]),
    ],
    "columns that repeat": [COLUMNS],
    "cells merged down": [
        [["{%tr for r in rows %}", ""], ["{% vm %}同", "{{ r.number }}"], ["{%tr endfor %}", ""]]
    ],
    "cells merged across": [
        [
            ["{%tc for r in rows %}", "{% hm %}全", "{%tc endfor %}"],
            ["{%tc for r in rows %}", "{{ r.number }}", "{%tc endfor %}"],
        ]
    ],
    "a cell that spans columns": [[["{% colspan two %}甲", "乙"]]],
    "a cell with a colour": [[["{% cellbg two %}甲", "乙"]]],
    "a tag in pieces": [SPLIT],
    "a picture with a tag in its alternative text": [PICTURE],
    "shapes in a loop": ["{%p for n in notes %}", SHAPE, "{%p endfor %}"],
    "a control bound to data around a tag": [CONTROL],
    "a reference": [bookmark("there", "{{ title }}"), SEE],
    "a reference under the condition of its bookmark": [
        *("{%p if urgent %}", bookmark("there", "甲")),
        *("{%p if word %}", SEE, "{%p endif %}", "{%p endif %}"),
    ],
    "bookmarks in a loop": ["{%p for n in notes %}", bookmark("there", "{{ n }}"), "{%p endfor %}"],
    "a reference beside its bookmark in a loop": [
        *("{%p for n in notes %}", bookmark("there", "{{ n }}"), SEE, "{%p endfor %}"),
    ],
    "an ordinary field": [f"<w:p>{field(' PAGE ', '1')}</w:p>"],
}

REFUSED: dict[str, list[Block]] = {
    "raw": ["{% raw %}{{ title }}{% endraw %}"],
    "include": ["{% include 'x' %}"],
    "macro": ["{% macro f(x) %}{{ x }}{% endmacro %}{{ f(title) }}"],
    "with": ["{% with a=title %}{{ a }}{% endwith %}"],
    "set": ["{% set a = title %}{{ a }}"],
    "a subscript": ["{{ notes[0] }}"],
    "unpacking": ["{% for a, b in rows %}{{ a }}{% endfor %}"],
    "loop.nextitem": ["{% for n in notes %}{{ loop.nextitem }}{% endfor %}"],
    "a call": ["{{ title.upper() }}"],
    "the field of a row without a loop": ["{{ rows.name }}"],
    "a text compared by size": ["{% if title > 3 %}{% endif %}"],
    "yes or no, printed": ["{{ urgent }}"],
    "rows, printed": ["{{ rows }}"],
    "a prefix before a printed name": ["{{r title }}", "{{p title }}"],
    "a reference into a loop": [
        *("{%p for n in notes %}", bookmark("there", "甲"), "{%p endfor %}", SEE),
    ],
    "a reference to nothing": [SEE],
    "a reference into another case": [
        *("{%p if urgent %}", bookmark("there", "甲"), "{%p endif %}", SEE),
    ],
    "a name in deleted text": [
        "<w:p><w:del><w:r><w:delText>{{ old }}</w:delText></w:r></w:del></w:p>"
    ],
    "a single brace": ["{ title }"],
    "a block from cell to cell": [[["{% if urgent %}", "{% endif %}"]]],
}  # fmt: skip


def written(blocks: list[Block], folder: Path) -> Path:
    return small(folder / "letter.docx", *blocks)


def parts_of(document: bytes) -> dict[str, bytes]:
    package = zipfile.ZipFile(BytesIO(document))
    return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_accepted_is_rendered(name: str, tmp_path: Path) -> None:
    path = written(ACCEPTED[name], tmp_path)
    assert template_problems(path, Context) == ()
    for context, draft in product((FULL, BARE), (False, True)):
        parts = parts_of(render(path, context, Stamp(draft=draft, sample=False), PROPERTIES))
        for part, content in parts.items():
            if part.endswith((".xml", ".rels")):
                etree.fromstring(content)
        text = parts["word/document.xml"].decode()
        assert "{%" not in text.replace("{% if %}", "")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_by_the_check_is_refused_by_the_renderer_in_the_same_words(
    name: str, tmp_path: Path
) -> None:
    path = written(REFUSED[name], tmp_path)
    problems = template_problems(path, Context)
    assert problems
    with pytest.raises(TemplateError) as refused:
        render(path, FULL, Stamp(draft=False, sample=False), PROPERTIES)
    assert list(map(str, refused.value.problems)) == list(map(str, problems))


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (['{{ "A&B" }}、{{ "{" }}'], "A&B、{"),
        (["{% if word == 'A&B' %}是{% else %}否{% endif %}"], "是"),
        (["{% if word == “A&B” %}是{% else %}否{% endif %}"], "是"),
        (["写作{_{ name }_}或{_% if %_}"], "写作{{ name }}或{% if %}"),
        (["甲{# a remark #}乙"], "甲乙"),
    ],
)
def test_what_a_tag_says_is_what_is_printed(
    blocks: list[Block], words: str, tmp_path: Path
) -> None:
    document = render(written(blocks, tmp_path), FULL, Stamp(draft=False, sample=False), PROPERTIES)
    root = etree.fromstring(parts_of(document)["word/document.xml"])
    assert "".join(root.itertext()).strip() == words


@pytest.mark.parametrize("target", ["{{ link }}", "%7B%7B%20link%20%7D%7D"])
def test_the_address_of_a_link_is_filled(target: str, tmp_path: Path) -> None:
    path = small(tmp_path / "letter.docx", LINK, outside={"rId90": ("hyperlink", target)})
    assert template_problems(path, Context) == ()
    document = render(path, FULL, Stamp(draft=False, sample=False), PROPERTIES)
    relations = etree.fromstring(parts_of(document)["word/_rels/document.xml.rels"])
    targets = [found.get("Target") for found in relations if found.get("TargetMode")]
    assert targets == ["https://a.example/?a=1&b=2"]
