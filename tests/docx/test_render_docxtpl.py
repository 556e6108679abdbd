"""A document is what docxtpl makes of the same template and context, to the element.

Set aside on both sides is what docxtpl leaves undone: contents, references and the numbers of
captions, ids, the paragraphs that Word wants in cells and between tables, and what holds the rows
of a loop on one page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
import docxtpl
import pytest
from documents import AS_OF, EVERY_KIND, makeable, template
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Mm
from docxtpl import DocxTemplate
from drawn import picture
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from rendering import add_footnotes, by_docxtpl, made, stories
from scenarios import sample

from deliverables.docx.package import Package, parse
from deliverables.docx.render import TemplateError
from deliverables.docx.style import REPORT, blank
from deliverables.kinds import Kind
from deliverables.model.content import Picture
from deliverables.seal import SealingRequest

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape id="box" style="width:99pt">'
    "<v:textbox><w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
    "</v:textbox></v:shape></w:pict></w:r>"
)


@dataclass(frozen=True)
class Part:
    label: str


@dataclass(frozen=True)
class Row:
    first: str
    second: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Context:
    name: str = "甲"
    other: str = ""
    two: str = "2"
    colour: str = "D9E2F3"
    urgent: bool = False
    notes: tuple[str, ...] = ("一", "二")
    rows: tuple[Row, ...] = (Row("甲", "1"), Row("乙", "2"), Row("丙", "3"))
    photo: Picture = picture()
    photos: tuple[Picture, ...] = (picture(), picture("blue", "JPEG"), picture(height=9))


NESTED = replace(
    Context(), rows=(Row("甲", "1", (Part("子"), Part("丑"))), Row("乙", "2", (Part("寅"),)))
)

Feature = Callable[[Document], None]
FEATURES: dict[str, tuple[Feature, Context]] = {}


def feature(context: Context = Context()) -> Callable[[Feature], Feature]:
    def add(build: Feature) -> Feature:
        FEATURES[build.__name__] = (build, context)
        return build

    return add


def grid(document: Document, *rows: tuple[str, ...]) -> docx.table.Table:
    table = document.add_table(len(rows), len(rows[0]))
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    return table


@feature()
def text_around_values(document: Document) -> None:
    document.add_paragraph("前{{ name }}中{{ other }}后{{ name }}")
    document.add_paragraph("{{ other }}")


@feature(Context(name="一\n二\t三\n", other="\n"))
def lines_and_tabs_as_docxtpl_lists_them(document: Document) -> None:
    document.add_paragraph("前{{ name }}后\t格")
    document.add_paragraph("{{ other }}").add_run("粗{{ name }}").bold = True


@feature()
def braces_that_are_no_tags(document: Document) -> None:
    document.add_paragraph("{_{ name }_} {_% if %_} {{ name }}")


@feature()
def a_tag_in_several_runs(document: Document) -> None:
    paragraph = document.add_paragraph("{{ na")
    paragraph.add_run("me }}").bold = True
    paragraph.add_run("{% if urgent %}急").italic = True
    paragraph.add_run("{% else %}缓{% endif %}。")


@feature()
def rows_that_repeat(document: Document) -> None:
    grid(document, ("甲", "乙"), ("{%tr for r in rows %}", ""),
         ("{{ loop.index }}. {{ r.first }}", "{{ r.second }}"), ("{%tr endfor %}", ""))  # fmt: skip


@feature(NESTED)
def rows_inside_rows(document: Document) -> None:
    grid(document, ("甲", "乙"), ("{%tr for r in rows %}", ""), ("{{ r.first }}", "{{ r.second }}"),
         ("{%tr for p in r.parts %}", ""), ("{{ r.first }}", "{{ p.label }}{{ loop.length }}"),
         ("{%tr endfor %}", ""), ("{%tr endfor %}", ""))  # fmt: skip


@feature()
def conditions_of_every_form(document: Document) -> None:
    for test in ("urgent", "not urgent", "name == '甲'", "notes|length > 1 and not other",
                 "other or urgent", "rows", "name != two", "notes|count <= 1"):  # fmt: skip
        document.add_paragraph("{% if " + test + " %}是{% else %}否{% endif %}")
    for text in ("{%p if urgent %}", "一", "{%p elif other %}", "二", "{%p else %}", "三",
                 "{%p endif %}"):  # fmt: skip
        document.add_paragraph(text)


@feature()
def places_in_a_loop(document: Document) -> None:
    document.add_paragraph(
        "{% for n in notes %}{% if not loop.first %}、{% endif %}{{ loop.index }}{{ loop.index0 }}"
        "{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.length }}{{ n }}"
        "{% if loop.last %}。{% endif %}{% endfor %}"
    )


@feature()
def cells_merged_downwards(document: Document) -> None:
    grid(document, ("甲", "乙"), ("{%tr for r in rows %}", ""),
         ("同{% vm %}上", "{{ r.second }}"), ("{%tr endfor %}", ""))  # fmt: skip


@feature()
def a_cell_whose_colour_is_a_value(document: Document) -> None:
    grid(document, ("{% cellbg colour %}{{ name }}", "乙"))


@feature()
def headers_and_footers(document: Document) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ name }} 页眉 {{ other }}"
    section.footer.paragraphs[0].text = "页脚{% if not urgent %} {{ name }}{% endif %}"
    document.add_paragraph("正文")
    document.add_section().header.paragraphs[0].text = ""


@feature()
def a_picture_in_the_template(document: Document) -> None:
    drawn = BytesIO()
    Image.new("RGB", (4, 4), "red").save(drawn, "PNG")
    for words in ("", "图 {{ name }}："):
        document.add_paragraph(words).add_run().add_picture(drawn, Mm(5))


@feature()
def a_text_box(document: Document) -> None:
    for words in ("{{ name }}", "{% if urgent %}急{% endif %}{{ two }}"):
        document.add_paragraph()._p.append(parse_xml(BOX.format(words=words)))


@feature()
def pictures_in_the_data(document: Document) -> None:
    document.add_paragraph("图：").add_run("{{ photo }}")
    for words in ("{%p for p in photos %}", "{{ p }}", "{%p endfor %}"):
        document.add_paragraph(words)
    grid(document, ("甲", "{{ photo }}"))
    line = document.add_paragraph("{% if urgent %}")
    for words in ("{{ photo }}", "{% endif %}"):
        line.add_run(words)


@feature()
def a_picture_between_words(document: Document) -> None:
    document.add_paragraph("前{{ photo }}后{{ name }}")


@feature()
def columns_that_repeat(document: Document) -> None:
    grid(document, ("{%tc for r in rows %}", "{{ r.first }}", "{%tc endfor %}"),
         ("{%tc for r in rows %}", "{{ r.second }}", "{%tc endfor %}"))  # fmt: skip


@feature(replace(Context(), rows=tuple(Row(str(n), "二") for n in range(6))))
def more_columns_than_there_were(document: Document) -> None:
    grid(document, ("甲", "{%tc for r in rows %}", "{{ r.first }}", "{%tc endfor %}"))


@feature()
def cells_merged_sideways(document: Document) -> None:
    grid(document, ("{%tc for r in rows %}", "全{% hm %}部", "{%tc endfor %}"),
         ("{%tc for r in rows %}", "{{ r.second }}", "{%tc endfor %}"))  # fmt: skip


@feature()
def a_cell_that_spans_columns(document: Document) -> None:
    grid(document, ("{% colspan two %}{{ name }}", "乙"), ("甲", "乙"))


@feature()
def a_table_that_may_have_no_row(document: Document) -> None:
    grid(document, ("{%tr for r in rows %}",), ("{{ r.first }}",), ("{%tr endfor %}",))


@feature()
def an_ampersand_in_a_tag(document: Document) -> None:
    document.add_paragraph("{{ name }}{% if name == '甲' %}是{% endif %}")


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Feature], Path]:
    def make(build: Feature) -> Path:
        document = blank(REPORT)
        build(document)
        path = tmp_path / f"{build.__name__}.docx"
        document.save(str(path))
        return path

    return make


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_gives_what_docxtpl_gives(saved: Callable[[Feature], Path], name: str) -> None:
    build, context = FEATURES[name]
    path = saved(build)
    for other in (context, replace(context, urgent=True, other="乙"), replace(context, rows=())):
        assert stories(made(path, other)) == stories(by_docxtpl(path, other))


def test_footnotes_give_what_docxtpl_gives(saved: Callable[[Feature], Path]) -> None:
    path = saved(text_around_values)
    add_footnotes(path, "注：{{ name }}")
    context = Context(name="甲<乙>&丙")
    assert stories(made(path, context)) == stories(by_docxtpl(path, context))


@pytest.mark.thorough
@EVERY_KIND
def test_every_document_of_every_kind_is_what_docxtpl_gives(kind: Kind) -> None:
    for one in makeable(kind):
        context = kind.compose(sample(), one, AS_OF)
        ours = made(template(kind), context)
        assert stories(ours) == stories(by_docxtpl(template(kind), context))


def test_the_sealing_form_is_what_docxtpl_gives(root: Path) -> None:
    path = root / "templates" / "sealing_request.docx"
    form = SealingRequest(*(f"<{field.name}>\n&" for field in fields(SealingRequest)))
    assert stories(made(path, form)) == stories(by_docxtpl(path, form))


def test_a_difference_to_docxtpl_would_be_noticed(saved: Callable[[Feature], Path]) -> None:
    path = saved(rows_that_repeat)
    ours = made(path, replace(Context(), rows=(Row("甲", "1"),)))
    other = replace(Context(), rows=(Row("甲", "1 "),))
    assert stories(ours) != stories(by_docxtpl(path, other))


def test_a_text_with_line_ends_is_what_docxtpl_makes_of_a_listing(
    saved: Callable[[Feature], Path],
) -> None:
    path, lines = saved(text_around_values), "一 & <二>\n三\t四\n\n五"
    peer = DocxTemplate(path)
    peer.render({"name": docxtpl.Listing(lines), "other": ""})
    target = BytesIO()
    peer.save(target)
    assert stories(made(path, Context(name=lines))) == stories(target.getvalue())


# Values

AWKWARD = ("", "&", "<w:t>", "a\n\nb", "\n", "\t", "甲\t", "{{ 7*7 }}", "{% for %}", "{#", "}}",
           "]]>", "&amp;", "\"'", "𠮷野家", "阿卜杜拉\u200fب", "\u202eabc", "\u3000", "\u00a0", "é",
           "\x7f", "\u200b", "\ue000\ue001", "x" * 3000)  # fmt: skip
CONTROL = ("\x00", "\a", "\x0b", "\f", "\x1f", "\ufffe", "\uffff", "\ud800", "\U0010ff00",
           "\U0010ff10", "\U0010fffd")  # fmt: skip
text = st.one_of(
    st.sampled_from(AWKWARD),
    st.lists(st.sampled_from(AWKWARD), max_size=3).map("".join),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), max_size=20),
)
PICTURES = st.builds(
    picture,
    st.sampled_from(["red", "green"]),
    st.sampled_from(["PNG", "JPEG"]),
    width=st.integers(1, 150),
    height=st.none() | st.integers(1, 90),
)


def contexts() -> st.SearchStrategy[Context]:
    rows = st.builds(Row, text, text, st.lists(st.builds(Part, text), max_size=2).map(tuple))
    return st.builds(
        Context,
        name=text,
        other=text,
        two=st.just("2"),
        colour=st.just("FFFFFF"),
        urgent=st.booleans(),
        notes=st.lists(text, max_size=3).map(tuple),
        rows=st.lists(rows, max_size=3).map(tuple),
        photo=PICTURES,
        photos=st.lists(PICTURES, max_size=3).map(tuple),
    )


@cache
def everything(folder: Path) -> Path:
    """Return a template with every feature, but for a box: docxtpl tears it at a line end."""
    document = blank(REPORT)
    for build, _ in FEATURES.values():
        if build is not a_text_box:
            build(document)
            document.add_paragraph("完")
    path = folder / "everything.docx"
    document.save(str(path))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("templates")


@pytest.mark.thorough
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(contexts())
def test_whatever_the_values_the_document_is_docxtpls(folder: Path, context: Context) -> None:
    path = everything(folder)
    assert stories(made(path, context)) == stories(by_docxtpl(path, context))


@pytest.mark.parametrize("character", CONTROL)
@pytest.mark.parametrize("name", ["text_around_values", "a_text_box"])
def test_what_no_document_can_hold_is_refused(
    saved: Callable[[Feature], Path], name: str, character: str
) -> None:
    with pytest.raises(TemplateError, match=f"U\\+{ord(character):04X}"):
        made(saved(FEATURES[name][0]), Context(name=f"甲{character}"))


def test_old_systems_rare_names_are_printed(saved: Callable[[Feature], Path]) -> None:
    document = made(saved(text_around_values), Context(name="张\ue863"))
    assert "张\ue863" in Package.of(document).parts["word/document.xml"].decode()


def test_a_text_box_keeps_the_lines_of_a_value(saved: Callable[[Feature], Path]) -> None:
    document = made(saved(a_text_box), Context(name="一\n二"))
    body = Package.of(document).parts["word/document.xml"].decode()
    assert '一</w:t><w:br/><w:t xml:space="preserve">二' in body


def paragraphs(document: bytes) -> Iterator[str]:
    body = parse(Package.of(document).parts["word/document.xml"])
    for paragraph in body.iter(f"{W}p"):
        yield "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


def test_an_ampersand_in_a_tag_is_one(saved: Callable[[Feature], Path]) -> None:
    def ampersands(document: Document) -> None:
        document.add_paragraph("{% if name == 'A&B' %}是{% endif %}{{ 'A&B' }}")

    assert [*paragraphs(made(saved(ampersands), Context(name="A&B")))] == ["是A&B"]
