"""A compiled template makes what the general way makes, byte for byte, and what docxtpl makes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import docx
import docxtpl
import pytest
from docx.document import Document
from docx.oxml.ns import nsmap
from docx.shared import Mm
from docxtpl import DocxTemplate
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from test_kinds import AS_OF, EVERY_KIND, makeable, sample, template
from test_render_engine import PROPERTIES, _add_footnotes

from deliverables.figure import Figure
from deliverables.kind import Kind
from deliverables.model.chart import Chart, ChartForm, Series
from deliverables.model.picture import Picture
from deliverables.model.rich_text import RichText, Run, Script
from deliverables.model.subdocument import Subdocument
from deliverables.recomposing import stamp_of
from deliverables.render.compiled.template import CompiledTemplate
from deliverables.render.compiled.text import UnusualError
from deliverables.render.dressing import blank
from deliverables.docx.render import Stamp, TemplateError, compiled_template, render
from deliverables.render.general import render_generally
from deliverables.render.house_style import REPORT
from deliverables.render.package import Package, parse
from deliverables.sealing_form import SealingRequest
from deliverables.source import Line

FINAL = Stamp(draft=False, sample=False)
STAMPS = (
    FINAL,
    Stamp(draft=True, sample=True, footer="草稿 2026-11-02"),
    Stamp(draft=True, sample=False, unmet=("验收 & <未通过>",)),
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
IGNORABLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"


@dataclass(frozen=True)
class Part:
    label: str


@dataclass(frozen=True)
class Row:
    first: str
    second: str
    parts: tuple[Part, ...] = ()


def painted(colour: str, form: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, colour).save(drawn, form, dpi=(96, 96))
    return drawn.getvalue()


def picture(colour: str = "green", form: str = "PNG", **size: int | None) -> Picture:
    return Picture(content=painted(colour, form), description="机房", **{"width": 31, **size})


LOOKS = RichText((
    Run("甲 & <乙>", bold=True),
    Run("\n第二行", italic=True, underline=True, strike=True, colour="C00000"),
    Run(""),
    Run("10", size=Decimal("10.5"), font="仿宋"),
    Run("2", script=Script.SUPERSCRIPT),
    Run("i", script=Script.SUBSCRIPT, size=9),
))  # fmt: skip


@dataclass(frozen=True)
class Context:
    """Nothing is a figure, which would be marked: so the document is docxtpl's."""

    name: str = "甲"
    other: str = ""
    two: str = "2"
    colour: str = "D9E2F3"
    urgent: bool = False
    notes: tuple[str, ...] = ("一", "二")
    rows: tuple[Row, ...] = (Row("甲", "1"), Row("乙", "2"), Row("丙", "3"))
    rich: RichText = LOOKS
    riches: tuple[RichText, ...] = (RichText((Run("一"),)), RichText(()), LOOKS)
    photo: Picture = picture()
    annex: Subdocument = Subdocument(b"")
    photos: tuple[Picture, ...] = (picture(), picture("blue", "JPEG"), picture(height=9))


def annex(words: str = "附件正文 & <词>") -> Subdocument:
    """Return a document with styles of its own, lists, a table and a picture."""
    document = docx.Document()
    document.add_paragraph(words, style="Intense Quote")
    document.add_paragraph("{{ name }} {% if %}")
    for style in ("List Number", "List Bullet"):
        for item in ("第一项", "第二项"):
            document.add_paragraph(item, style=style)
    table = document.add_table(1, 2, style="Light Grid Accent 1")
    table.cell(0, 0).text = "左"
    document.add_paragraph().add_run().add_picture(BytesIO(painted("black")), Mm(7))
    saved = BytesIO()
    document.save(saved)
    return Subdocument(saved.getvalue())


NESTED = replace(
    Context(), rows=(Row("甲", "1", (Part("子"), Part("丑"))), Row("乙", "2", (Part("寅"),)))
)


def compiled(path: Path, context: object) -> CompiledTemplate:
    found = compiled_template(path, type(context))
    assert found is not None, "the template cannot be compiled"
    return found


def same_both_ways(path: Path, context: object, stamps: tuple[Stamp, ...] = STAMPS) -> None:
    for stamp in stamps:
        quick = compiled(path, context).render(context, stamp, PROPERTIES)
        slow = render_generally(path, context, stamp, PROPERTIES)
        assert parts_of(quick) == parts_of(slow)
        assert quick == slow
        assert quick.printed == slow.printed


def parts_of(document: bytes) -> dict[str, bytes]:
    return Package.of(document).parts


@EVERY_KIND
def test_every_document_of_every_kind_is_the_same_both_ways(kind: Kind) -> None:
    for one in makeable(kind):
        context = kind.compose(sample(), one, AS_OF)
        same_both_ways(template(kind), context, (FINAL, stamp_of(one, AS_OF)))


def test_the_sealing_form_is_the_same_both_ways(root: Path) -> None:
    form = SealingRequest(*(f"<{field.name}>\n&" for field in fields(SealingRequest)))
    same_both_ways(root / "templates" / "sealing_request.docx", form)


# Features of a template, each alone: what docxtpl makes of it is what we make of it.

Feature = Callable[[Document], None]
COMPILED: dict[str, tuple[Feature, Context]] = {}
GENERAL: dict[str, tuple[Feature, Context]] = {}


def feature(
    table: dict[str, tuple[Feature, Context]], context: Context = Context()
) -> Callable[[Feature], Feature]:
    def add(build: Feature) -> Feature:
        table[build.__name__] = (build, context)
        return build

    return add


def grid(document: Document, *rows: tuple[str, ...]) -> docx.table.Table:
    table = document.add_table(len(rows), len(rows[0]))
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    return table


@feature(COMPILED)
def text_around_values(document: Document) -> None:
    document.add_paragraph("前{{ name }}中{{ other }}后{{ name }}")
    document.add_paragraph("{{ other }}")


@feature(COMPILED, Context(name="一\n二\n", other="\n"))
def lines_as_docxtpl_lists_them(document: Document) -> None:
    document.add_paragraph("前{{ name }}后")
    document.add_paragraph("{{ other }}").add_run("粗{{ name }}").bold = True


@feature(COMPILED)
def a_tag_in_several_runs(document: Document) -> None:
    paragraph = document.add_paragraph("{{ na")
    paragraph.add_run("me }}").bold = True
    paragraph.add_run("{% if urgent %}急").italic = True
    paragraph.add_run("{% else %}缓{% endif %}。")


@feature(COMPILED)
def rows_that_repeat(document: Document) -> None:
    grid(document, ("甲", "乙"), ("{%tr for r in rows %}", ""),
         ("{{ loop.index }}. {{ r.first }}", "{{ r.second }}"), ("{%tr endfor %}", ""))  # fmt: skip


@feature(COMPILED, NESTED)
def rows_inside_rows(document: Document) -> None:
    grid(document, ("甲", "乙"), ("{%tr for r in rows %}", ""), ("{{ r.first }}", "{{ r.second }}"),
         ("{%tr for p in r.parts %}", ""), ("{{ r.first }}", "{{ p.label }}{{ loop.length }}"),
         ("{%tr endfor %}", ""), ("{%tr endfor %}", ""))  # fmt: skip


@feature(COMPILED)
def conditions_of_every_form(document: Document) -> None:
    for test in ("urgent", "not urgent", "name == '甲'", "notes|length > 1 and not other",
                 "other or urgent", "rows", "name != two", "notes|count <= 1"):  # fmt: skip
        document.add_paragraph("{% if " + test + " %}是{% else %}否{% endif %}")
    for text in ("{%p if urgent %}", "一", "{%p elif other %}", "二", "{%p else %}", "三",
                 "{%p endif %}"):  # fmt: skip
        document.add_paragraph(text)


@feature(COMPILED)
def places_in_a_loop(document: Document) -> None:
    document.add_paragraph(
        "{% for n in notes %}{% if not loop.first %}、{% endif %}{{ loop.index }}{{ loop.index0 }}"
        "{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.length }}{{ n }}"
        "{% if loop.last %}。{% endif %}{% endfor %}"
    )


@feature(COMPILED)
def cells_merged_downwards(document: Document) -> None:
    grid(document, ("甲", "乙"), ("{%tr for r in rows %}", ""),
         ("同{% vm %}上", "{{ r.second }}"), ("{%tr endfor %}", ""))  # fmt: skip


@feature(COMPILED)
def a_cell_whose_colour_is_a_value(document: Document) -> None:
    grid(document, ("{% cellbg colour %}{{ name }}", "乙"))


@feature(COMPILED)
def headers_and_footers(document: Document) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ name }} 页眉 {{ other }}"
    section.footer.paragraphs[0].text = "页脚{% if not urgent %} {{ name }}{% endif %}"
    document.add_paragraph("正文")
    document.add_section().header.paragraphs[0].text = ""


@feature(COMPILED)
def a_picture_in_the_template(document: Document) -> None:
    drawn = BytesIO()
    Image.new("RGB", (4, 4), "red").save(drawn, "PNG")
    for words in ("", "图 {{ name }}："):
        document.add_paragraph(words).add_run().add_picture(drawn, Mm(5))


@feature(COMPILED)
def spaces_that_tags_take_away(document: Document) -> None:
    document.add_paragraph("甲 {%- if not urgent -%} 乙 {%- endif -%} 丙")
    document.add_paragraph("{{- name -}} 丁")


@feature(COMPILED)
def words_in_many_looks(document: Document) -> None:
    line = document.add_paragraph("前{{r rich }}中 {{r rich}}后")
    line.add_run("{{r rich }}").bold = True
    line.add_run("{% if urgent %}急{{r rich }}{% endif %}")
    document.add_paragraph("{{r rich }}")
    document.add_paragraph("{% for r in riches %}{{r r }}{% if not loop.last %}、{% endif %}"
                           "{% endfor %}")  # fmt: skip
    document.sections[0].header.add_paragraph("{{r rich }}")
    grid(document, ("甲", "乙"), ("{%tr for r in riches %}", ""), ("{{r r }}", "{{r rich }}"),
         ("{%tr endfor %}", ""))  # fmt: skip


@feature(COMPILED)
def pictures_in_the_data(document: Document) -> None:
    document.add_paragraph("图：").add_run("{{ photo }}")
    for words in ("{%p for p in photos %}", "{{ p }}", "{%p endfor %}"):
        document.add_paragraph(words)
    grid(document, ("甲", "{{ photo }}"))
    line = document.add_paragraph("{% if urgent %}")
    for words in ("{{ photo }}", "{% endif %}"):
        line.add_run(words)


@feature(GENERAL)
def a_picture_between_words(document: Document) -> None:
    document.add_paragraph("前{{ photo }}后{{ name }}")


@feature(GENERAL, replace(Context(), annex=annex()))
def a_document_taken_in(document: Document) -> None:
    document.add_paragraph("前")
    document.add_paragraph("{{p annex }}")
    for words in ("{%p for r in rows %}", "{{ r.first }}", "{{p annex }}", "{%p endfor %}"):
        document.add_paragraph(words)
    document.add_paragraph("{{ photo }}")
    grid(document, ("甲", "{{p annex }}")).cell(0, 1).add_paragraph("完")


@feature(GENERAL)
def a_picture_in_a_header(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "{{ photo }}"
    document.add_paragraph("{{ photo }}")


@feature(GENERAL)
def columns_that_repeat(document: Document) -> None:
    grid(document, ("{%tc for r in rows %}", "{{ r.first }}", "{%tc endfor %}"),
         ("{%tc for r in rows %}", "{{ r.second }}", "{%tc endfor %}"))  # fmt: skip


@feature(GENERAL)
def cells_merged_sideways(document: Document) -> None:
    grid(document, ("{%tc for r in rows %}", "全{% hm %}部", "{%tc endfor %}"),
         ("{%tc for r in rows %}", "{{ r.second }}", "{%tc endfor %}"))  # fmt: skip


@feature(GENERAL)
def a_cell_that_spans_columns(document: Document) -> None:
    grid(document, ("{% colspan two %}{{ name }}", "乙"), ("甲", "乙"))


@feature(GENERAL)
def a_table_that_may_have_no_row(document: Document) -> None:
    grid(document, ("{%tr for r in rows %}",), ("{{ r.first }}",), ("{%tr endfor %}",))


@feature(GENERAL)
def an_expression_that_computes(document: Document) -> None:
    document.add_paragraph("{{ name ~ other }}{{ name if urgent else two }}")


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Feature], Path]:
    def make(build: Feature) -> Path:
        document = blank(REPORT)
        build(document)
        path = tmp_path / f"{build.__name__}.docx"
        document.save(str(path))
        return path

    return make


@pytest.mark.parametrize("name", COMPILED)
def test_a_feature_that_is_compiled_gives_what_docxtpl_gives(
    saved: Callable[[Feature], Path], name: str
) -> None:
    build, context = COMPILED[name]
    path = saved(build)
    for other in (context, replace(context, urgent=True, other="乙"), replace(context, rows=())):
        same_both_ways(path, other)
        assert stories(compiled(path, other).render(other, FINAL, PROPERTIES)) == stories(
            by_docxtpl(path, other)
        )


@pytest.mark.parametrize("name", GENERAL)
def test_a_feature_left_to_the_general_way_gives_what_docxtpl_gives(
    saved: Callable[[Feature], Path], name: str
) -> None:
    build, context = GENERAL[name]
    path = saved(build)
    assert compiled_template(path, Context) is None
    assert stories(render(path, context, FINAL, PROPERTIES)) == stories(by_docxtpl(path, context))


def test_footnotes_give_what_docxtpl_gives(saved: Callable[[Feature], Path]) -> None:
    path = saved(text_around_values)
    _add_footnotes(path, "注：{{ name }}")
    context = Context(name="甲<乙>&丙")
    same_both_ways(path, context)
    made = compiled(path, context).render(context, FINAL, PROPERTIES)
    assert stories(made) == stories(by_docxtpl(path, context))


def test_a_difference_to_docxtpl_would_be_noticed(saved: Callable[[Feature], Path]) -> None:
    path = saved(rows_that_repeat)
    other = replace(Context(), rows=(Row("甲", "1 "),))
    made = render(path, replace(Context(), rows=(Row("甲", "1"),)), FINAL, PROPERTIES)
    assert stories(made) != stories(by_docxtpl(path, other))


def by_docxtpl(path: Path, context: Context) -> bytes:
    peer = DocxTemplate(BytesIO(as_word_declares(path)))
    peer.render(plain(context, peer), autoescape=True)
    target = BytesIO()
    peer.save(target)
    return target.getvalue()


def as_word_declares(path: Path) -> bytes:
    """Return a template with the prefixes that Word declares in all it saves.

    docxtpl leaves those of a subdocument behind, so its document would not be well-formed.
    """
    package = Package.read(path)
    body = package.parts["word/document.xml"].decode()
    own = "".join(f' xmlns:{prefix}="{nsmap[prefix]}"' for prefix in ("wp", "a", "pic", "r")
                  if f"xmlns:{prefix}=" not in body)  # fmt: skip
    declared = body.replace("<w:document", f"<w:document{own}", 1)
    package.parts["word/document.xml"] = declared.encode()
    return package.to_bytes()


def plain(value: object, peer: DocxTemplate) -> object:
    """Return a context as docxtpl takes it, with its own classes for what is more than text."""
    match value:
        case RichText():
            return its_rich_text(value)
        case Picture():
            sizes = (value.width, value.height)
            width, height = (None if size is None else Mm(size) for size in sizes)
            return docxtpl.InlineImage(peer, BytesIO(value.content), width, height)
        case Subdocument():
            return peer.new_subdoc(BytesIO(value.content)) if value.content else ""
        case tuple():
            return [plain(item, peer) for item in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), peer) for field in fields(value)}
    return value


def its_rich_text(text: RichText) -> docxtpl.RichText:
    made = docxtpl.RichText()
    for run in text.runs:
        made.add(
            run.text,
            color=run.colour or None,
            size=None if run.size is None else int(run.size * 2),
            subscript=run.script is Script.SUBSCRIPT,
            superscript=run.script is Script.SUPERSCRIPT,
            bold=run.bold,
            italic=run.italic,
            underline=run.underline,
            strike=run.strike,
            font=f"eastAsia:{run.font}" if run.font else None,
        )
    return made


def stories(document: bytes) -> list[bytes]:
    """Return every story in canonical form, without what either side numbers or declares.

    A picture's name and description are left out: docxtpl numbers the one and has not the other,
    without which nobody who cannot see it would know what it shows. The properties of a run are
    put in one order: docxtpl has that of its arguments, we have the schema's.
    """
    return [_canonical(root) for root in _roots(Package.of(document))]


def _roots(package: Package) -> Iterator[etree._Element]:
    for part in package.stories():
        yield parse(package.parts[part])


def _canonical(root: etree._Element) -> bytes:
    root.attrib.pop(IGNORABLE, None)
    for number, drawing in enumerate(root.iter(DRAWING)):
        drawing.set("id", str(number))
        for own in ("name", "descr"):
            drawing.attrib.pop(own, None)
    for look in root.iter(f"{W}rPr"):
        look[:] = sorted(look, key=lambda each: str(each.tag))
    for element in (inner for drawing in root.iter(f"{W}drawing") for inner in drawing.iter()):
        for where in ("text", "tail"):  # docxtpl indents what it draws
            if not (getattr(element, where) or "x").strip():
                setattr(element, where, None)
    if root.tag in (f"{W}hdr", f"{W}ftr") and not len(root):
        root.append(etree.Element(f"{W}p"))  # Word wants one; docxtpl does not mind
    etree.cleanup_namespaces(root)
    return etree.tostring(root, method="c14n2")


# Values

AWKWARD = ("", "&", "<w:t>", "a\n\nb", "\n", "\t", "甲\t", "{{ 7*7 }}", "{% for %}", "{#", "}}",
           "]]>", "&amp;", "\"'", "𠮷野家", "阿卜杜拉\u200fب", "\u202eabc", "\u3000", "\u00a0", "é",
           "\x7f", "\u200b", "x" * 3000)  # fmt: skip
CONTROL = ("\x00", "\a", "\x0b", "\f", "\x1f", "\ufffe", "\uffff", "\ud800")
LINE_ENDS = ("\r\n", "\r", "\u0085", "\u2028", "\u2029")
text = st.one_of(
    st.sampled_from(AWKWARD),
    st.lists(st.sampled_from(AWKWARD), max_size=3).map("".join),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=20),
)
any_text = st.one_of(text, st.sampled_from(CONTROL + LINE_ENDS), st.text(max_size=8))


def rich_texts(words: st.SearchStrategy[str]) -> st.SearchStrategy[RichText]:
    runs = st.builds(
        Run,
        words,
        *(st.booleans() for _ in range(4)),
        colour=st.sampled_from(["", "C00000", "00b050"]),
        size=st.sampled_from([None, 9, Decimal("10.5")]),
        script=st.sampled_from([None, *Script]),
        font=st.sampled_from(["", "宋体", "Times New Roman"]),
    )
    return st.lists(runs, max_size=3).map(tuple).map(RichText)


PICTURES = st.builds(
    picture,
    st.sampled_from(["red", "green"]),
    st.sampled_from(["PNG", "JPEG"]),
    width=st.integers(1, 150),
    height=st.none() | st.integers(1, 90),
)


def contexts(words: st.SearchStrategy[str]) -> st.SearchStrategy[Context]:
    rows = st.builds(Row, words, words, st.lists(st.builds(Part, words), max_size=2).map(tuple))
    return st.builds(
        Context,
        name=words,
        other=words,
        two=st.just("2"),
        colour=st.just("FFFFFF"),
        urgent=st.booleans(),
        notes=st.lists(words, max_size=3).map(tuple),
        rows=st.lists(rows, max_size=3).map(tuple),
        rich=rich_texts(words),
        riches=st.lists(rich_texts(words), max_size=2).map(tuple),
        photo=PICTURES,
        photos=st.lists(PICTURES, max_size=3).map(tuple),
    )


@cache
def everything(folder: Path) -> Path:
    """Return a template with every feature that is compiled."""
    document = blank(REPORT)
    for build, _ in COMPILED.values():
        build(document)
        document.add_paragraph("完")  # tables that touch, we keep apart
    path = folder / "everything.docx"
    document.save(str(path))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("templates")


QUIETLY = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUIETLY
@given(contexts(text))
def test_whatever_the_values_the_document_is_docxtpls(folder: Path, context: Context) -> None:
    path = everything(folder)
    assert stories(render(path, context, FINAL, PROPERTIES)) == stories(by_docxtpl(path, context))


@QUIETLY
@given(contexts(any_text))
@example(Context(name="甲\ta", other="\t"))
def test_whatever_the_values_both_ways_give_the_same_or_refuse_the_same(
    folder: Path, context: Context
) -> None:
    path = everything(folder)
    assert outcome(render, path, context) == outcome(render_generally, path, context)


def outcome(way: Callable[..., bytes], path: Path, context: object) -> object:
    try:
        return way(path, context, FINAL, PROPERTIES)
    except TemplateError as refused:
        return [str(problem) for problem in refused.problems]


# Figures, charts and numbers: what docxtpl does not know


@dataclass(frozen=True)
class Line2:
    number: Figure[str]
    cause: Figure[str]
    remark: str


@dataclass(frozen=True)
class Report:
    amount: Figure[str]
    urgent: bool
    chart: Chart
    charts: tuple[Chart, ...]
    lines: tuple[Line2, ...]
    points: tuple[Figure[str], ...]


def figure(words: str, name: str = "金额") -> Figure[str]:
    return Figure(name, words, words, Line("contract.yaml", 3))


def chart(title: str = "可用性") -> Chart:
    return Chart(
        form=ChartForm.COLUMNS,
        title=title,
        description=f"{title}：各月",
        unit="%",
        categories=("一月", "二月"),
        series=(Series("可用性", (1, None)),),
    )


def report(words: str = "1.00", lines: int = 2, *, urgent: bool = False) -> Report:
    return Report(
        amount=figure(words),
        urgent=urgent,
        chart=chart(),
        charts=tuple(chart(f'图 {number} "甲" & <乙>') for number in range(lines)),
        lines=tuple(
            Line2(figure(f"{words}{number}", "序|号"), figure(words, '名"称'), words)
            for number in range(lines)
        ),
        points=tuple(figure(str(number)) for number in range(lines)),
    )


def of_figures(document: Document) -> None:
    line = document.add_paragraph(
        "{{ amount }}{{ amount }}元{% if urgent %}急{{ amount }}{% endif %}"
    )
    line.add_run("{{ amount }}").bold = True
    line.add_run("{% if urgent %}{{ amount }}{% endif %}").italic = True
    document.add_paragraph("{% if urgent %}{{ amount }}{% else %}{{ lines|length }}{% endif %}")
    heading = document.add_paragraph("概况 {{ amount }}")
    heading.style = "Heading 1"
    document.add_paragraph("{{ chart }}")
    for tag in ("{%p for c in charts %}", "{{ c }}", "{%p endfor %}"):
        document.add_paragraph(tag)
    document.add_paragraph(
        "{% for p in points %}{{ p }}{% if not loop.last %}、{% endif %}{% endfor %}"
    )
    grid(document, ("序", "因", "注"), ("{%tr for l in lines %}", "", ""),
         ("{{ l.number }}", "{{ l.cause }}{{ l.remark }}", "前{{ l.remark }}{{ l.cause }}"),
         ("{%tr endfor %}", "", ""))  # fmt: skip
    document.sections[0].header.paragraphs[0].text = "{{ amount }}"
    document.sections[0].footer.paragraphs[0].text = "共 {{ amount }} 元"


@pytest.mark.parametrize("lines", [0, 1, 2, 8, 9, 20])
@pytest.mark.parametrize("words", ["1.00", "", "a\nb", "<&>", "\n"])
def test_figures_and_charts_are_the_same_both_ways(
    saved: Callable[[Feature], Path], lines: int, words: str
) -> None:
    path = saved(of_figures)
    for urgent in (False, True):
        same_both_ways(path, report(words, lines, urgent=urgent))


def test_a_tab_is_left_to_the_general_way(saved: Callable[[Feature], Path]) -> None:
    path, context = saved(text_around_values), Context(name="甲\t乙")
    with pytest.raises(UnusualError):
        compiled(path, context).render(context, FINAL, PROPERTIES)
    assert stories(render(path, context, FINAL, PROPERTIES)) == stories(by_docxtpl(path, context))


def test_a_value_of_another_type_than_declared_is_left_to_the_general_way(
    saved: Callable[[Feature], Path],
) -> None:
    path = saved(text_around_values)
    with pytest.raises(TemplateError, match="NoneType cannot be printed"):
        render(path, Context(name=None), FINAL, PROPERTIES)  # type: ignore[arg-type]  # the point


def test_a_cell_or_header_that_tags_emptied_and_tables_that_come_to_touch(
    saved: Callable[[Feature], Path],
) -> None:
    def emptied(document: Document) -> None:
        for _ in range(2):
            table = grid(document, ("x",))
            table.cell(0, 0).text = "{%p if urgent %}"
            for words in ("急", "{%p endif %}"):
                table.cell(0, 0).add_paragraph(words)
            for words in ("{%p if urgent %}", "急", "{%p endif %}"):
                document.add_paragraph(words)
        document.add_paragraph("{% if urgent %}急{% endif %}")

    path = saved(emptied)
    for urgent in (False, True):
        same_both_ways(path, Context(urgent=urgent))


class TestOneDocumentAfterAnother:
    """A compiled template holds nothing of the documents it made."""

    def test_nothing_of_a_person_is_in_the_agreement_of_the_next(self) -> None:
        kind = next(kind for kind in kinds_by_name() if kind.name == "confidentiality_agreement")
        people = makeable(kind)
        contexts = [kind.compose(sample(), one, AS_OF) for one in people]
        together = [render(template(kind), each, FINAL, PROPERTIES) for each in contexts]
        for before, after in pairwise(contexts):
            alone = render_generally(template(kind), after, FINAL, PROPERTIES)
            made = together[contexts.index(after)]
            assert made == alone
            assert before.identity_number.text.encode() not in b"".join(parts_of(made).values())

    def test_a_document_that_failed_leaves_nothing_in_the_next(
        self, saved: Callable[[Feature], Path]
    ) -> None:
        path = saved(rows_that_repeat)
        with pytest.raises(TemplateError):
            render(path, Context(rows=(Row("张三", "\x00"),)), FINAL, PROPERTIES)
        after = render(path, Context(rows=(Row("李四", "1"),)), FINAL, PROPERTIES)
        assert "张三".encode() not in b"".join(parts_of(after).values())

    def test_a_template_that_changed_is_compiled_again(
        self, saved: Callable[[Feature], Path]
    ) -> None:
        path = saved(text_around_values)
        before = render(path, Context(), FINAL, PROPERTIES)
        path.write_bytes(saved(rows_that_repeat).read_bytes())
        assert render(path, Context(), FINAL, PROPERTIES) != before
        same_both_ways(path, Context())


def kinds_by_name() -> list[Kind]:
    from deliverables.kind import kinds

    return list(kinds().values())


def test_members_that_all_documents_share_are_the_templates_own(
    saved: Callable[[Feature], Path],
) -> None:
    path = saved(a_picture_in_the_template)
    made, was = parts_of(render(path, Context(), FINAL, PROPERTIES)), Package.read(path).parts
    for name in ("word/styles.xml", "word/media/image1.png", "word/numbering.xml"):
        assert made[name] == was[name]


def test_the_file_is_one_that_every_zip_program_reads(saved: Callable[[Feature], Path]) -> None:
    made = render(saved(text_around_values), Context(), FINAL, PROPERTIES)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
