"""Rich text, pictures and documents in a context: how templates print them, what is refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import docxtpl
import pytest
from docx.document import Document
from docx.image.image import Image
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from test_kinds import AS_OF, makeable, sample
from test_kinds import template as template_of
from test_render_compiled import (
    DRAWING,
    FINAL,
    LOOKS,
    W,
    annex,
    by_docxtpl,
    painted,
    picture,
    same_both_ways,
    stories,
)
from test_render_compiled import Context as Corpus
from test_render_engine import PROPERTIES

from deliverables.cli.kinds import _tag
from deliverables.figure import Figure
from deliverables.kind import kinds
from deliverables.model.chart import Chart, ChartForm, Series
from deliverables.model.picture import Picture
from deliverables.model.rich_text import RichText, Run
from deliverables.model.subdocument import Subdocument
from deliverables.render.compiled.text import UnusualError
from deliverables.render.dressing import blank
from deliverables.docx.render import TemplateError, compiled_template, render
from deliverables.render.house_style import REPORT
from deliverables.render.names import Holds, template_problems
from deliverables.render.package import Package, parse
from deliverables.source import Line
from deliverables.tracing import with_paths
from deliverables.verify.proof import prove

CHART = Chart(
    form=ChartForm.COLUMNS,
    title="可用性",
    description="各月可用性",
    unit="%",
    categories=("一月",),
    series=(Series("可用性", (1,)),),
)


@dataclass(frozen=True)
class Row:
    name: str
    said: RichText


@dataclass(frozen=True)
class Context:
    name: str = "甲"
    said: RichText = RichText((Run("整改", bold=True), Run("已完成")))
    sayings: tuple[RichText, ...] = ()
    photo: Picture = picture()
    other: Picture = picture("blue", "JPEG")
    annex: Subdocument = annex()
    chart: Chart = CHART
    amount: Figure[str] = Figure("金额", "1.00", "1.00", Line("contract.yaml", 3))
    rows: tuple[Row, ...] = ()
    urgent: bool = False


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """Makes a template of the given paragraphs, with a header."""

    def make(*paragraphs: str, header: str = "页眉", heading: str = "") -> Path:
        document = blank(REPORT)
        if heading:
            document.add_paragraph(heading, style="Heading 1")
        for text in paragraphs:
            document.add_paragraph(text)
        document.sections[0].header.paragraphs[0].text = header
        path = tmp_path / "report.docx"
        document.save(str(path))
        return path

    return make


def made(path: Path, context: object = Context()) -> bytes:
    return render(path, context, FINAL, PROPERTIES)


def body(document: bytes) -> str:
    return Package.of(document).parts["word/document.xml"].decode()


def refusal(path: Path, context: object) -> str:
    with pytest.raises(TemplateError) as caught:
        made(path, context)
    return str(caught.value)


class TestWhatATemplateMaySay:
    @pytest.mark.parametrize(
        ("tag", "why"),
        [
            ("{{ said }}", "said holds rich text; write {{r … }}"),
            ("{{p said }}", "said holds rich text; write {{r … }}"),
            ("{{r name }}", "name holds text; write {{ … }}"),
            ("{{p name }}", "name holds text; write {{ … }}"),
            ("{{r amount }}", "amount holds text; write {{ … }}"),
            ("{{r photo }}", "photo holds picture; write {{ … }}"),
            ("{{p chart }}", "chart holds chart; write {{ … }}"),
            ("{{ annex }}", "annex holds document; write {{p … }}"),
            ("{{r annex }}", "annex holds document; write {{p … }}"),
            ("{{r urgent }}", "urgent cannot be printed, it holds yes/no"),
            ("{{r name ~ name }}", "{{r … }} prints a name alone"),
            ("{{r 'x' }}", "{{r … }} prints a name alone"),
            ("{% if said %}x{% endif %}", "said holds rich text, which a tag can only print"),
            ("{{ name ~ said }}", "said holds rich text, which a tag can only print"),
            ("{{ photo if urgent else name }}", "photo holds picture, which a tag can only print"),
            (
                "{% for s in sayings %}{{ s }}{% endfor %}",
                "sayings holds rich text; write {{r … }}",
            ),
            ("{% for r in rows %}{{r r.name }}{% endfor %}", "rows.name holds text; write {{ … }}"),
            ("前{{p annex }}", "which would vanish with the paragraph"),
            ("{{r sayd }}", "there is no sayd; the nearest name is said"),
        ],
    )
    def test_a_value_printed_by_the_wrong_tag_is_a_problem(
        self, template: Callable[..., Path], tag: str, why: str
    ) -> None:
        (problem,) = template_problems(template(tag), Context)
        assert why in str(problem)

    @pytest.mark.parametrize(
        "tag",
        [
            "前{{r said }}后",
            "{{r said}}{{ photo }}",
            "{{p annex }}",
            "{% for s in sayings %}{{r s }}{% endfor %}",
            "{% for r in rows %}{{ r.name }}{{r r.said }}{% endfor %}",
            "{{ sayings|length }}",
        ],
    )
    def test_a_value_printed_by_its_own_tag_is_none(
        self, template: Callable[..., Path], tag: str
    ) -> None:
        assert template_problems(template(tag), Context) == ()

    def test_a_document_in_a_header_is_a_problem(self, template: Callable[..., Path]) -> None:
        (problem,) = template_problems(template("正文", header="{{p annex }}"), Context)
        assert "annex holds document, which can only be taken into the body" in str(problem)


class TestRichText:
    def test_its_words_are_data(self, template: Callable[..., Path]) -> None:
        said = RichText((Run("{{ 7*7 }} <w:br/> & {% if %}"),))
        path = template("{{r said }}")
        same_both_ways(path, Context(said=said))
        assert "{{ 7*7 }} &lt;w:br/&gt; &amp; {% if %}" in body(made(path, Context(said=said)))

    @pytest.mark.parametrize(
        ("run", "why"),
        [
            (Run("甲\x07"), "the text holds the control character U+0007"),
            (Run("甲", colour="red"), "red is no colour, which has six hex digits"),
            (Run("甲", colour='00"/><'), "is no colour"),
            (Run("甲", size=Decimal("10.3")), "10.3 is no size of letters"),
            (Run("甲", size=0), "0 is no size of letters"),
            (Run("甲", size=2000), "2000 is no size of letters"),
            (Run("甲", font='宋体"/>'), "is no name of a font"),
            (Run("甲", font="eastAsia:宋体"), "is no name of a font"),
        ],
    )
    def test_what_no_document_can_hold_is_refused(
        self, template: Callable[..., Path], run: Run, why: str
    ) -> None:
        assert why in refusal(template("{{r said }}"), Context(said=RichText((run,))))

    def test_it_stands_in_headings_and_between_figures_the_same_both_ways(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("{{ amount }}{{r said }}{{ amount }}", "{% if urgent %}{{ amount }}"
                        "{% endif %}{{r said }}{{ chart }}", heading="概况{{r said }}")  # fmt: skip
        for said in (LOOKS, RichText(()), Context().said):
            for urgent in (False, True):
                same_both_ways(path, Context(said=replace(said), urgent=urgent))

    def test_a_tab_in_it_is_left_to_the_general_way(self, template: Callable[..., Path]) -> None:
        path, context = template("{{r said }}"), Context(said=RichText((Run("一\t二", bold=True),)))
        quick = compiled_template(path, Context)
        assert quick is not None
        with pytest.raises(UnusualError):
            quick.render(context, FINAL, PROPERTIES)
        assert "<w:tab/>" in body(made(path, context))

    def test_it_is_valid(
        self, template: Callable[..., Path], validate_ooxml: Callable[[Path], None]
    ) -> None:
        path = template("前{{r said }}后", heading="{{r said }}")
        path.write_bytes(made(path, Context(said=LOOKS)))
        validate_ooxml(path)


def test_a_text_with_line_ends_is_what_docxtpl_makes_of_a_listing(
    template: Callable[..., Path],
) -> None:
    path = template("前{{ name }}后")
    lines = "一 & <二>\n三\t四\n\n五"
    peer = docxtpl.DocxTemplate(path)
    peer.render({"name": docxtpl.Listing(lines)})
    saved = BytesIO()
    peer.save(saved)
    assert stories(made(path, Context(name=lines))) == stories(saved.getvalue())


class TestPictures:
    def test_the_height_follows_as_docxtpl_has_it(self, template: Callable[..., Path]) -> None:
        path = template("{{ photo }}")
        for form, size in (("PNG", (640, 481)), ("JPEG", (33, 7)), ("JPEG", (7, 1000))):
            photo = Picture(content=painted("red", form, size), width=97, description="照片")
            context = replace(Corpus(), photo=photo)
            assert stories(made(path, context)) == stories(by_docxtpl(path, context))

    @pytest.mark.parametrize(
        "content",
        [b"", b"no picture", painted("red", "GIF"), painted("red", "BMP"), painted("red", "TIFF"),
         painted("red")[:20], b"\x89PNG\r\n\x1a\n" + bytes(40), painted("red", "JPEG")[:30]],
    )  # fmt: skip
    def test_only_bytes_that_are_a_png_or_jpeg_are_taken(
        self, template: Callable[..., Path], content: bytes
    ) -> None:
        told = refusal(template("{{ photo }}"), Context(photo=replace(picture(), content=content)))
        assert "the picture is neither a PNG nor a JPEG, or it is damaged" in told

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"description": " "}, "the picture has no description"),
            ({"description": "a\x00"}, "control character U+0000"),
            ({"width": 0}, "0 mm is no size of a picture on paper"),
            ({"height": -1}, "-1 mm is no size of a picture on paper"),
            ({"width": 10_000}, "10000 mm is no size of a picture on paper"),
        ],
    )
    def test_a_picture_needs_a_description_and_a_size(
        self, template: Callable[..., Path], changes: dict[str, object], why: str
    ) -> None:
        photo = replace(picture(), **changes)  # type: ignore[arg-type]  # one of its fields
        assert why in refusal(template("{{ photo }}"), Context(photo=photo))

    def test_a_document_holds_a_picture_once_and_describes_it_each_time(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("{{ photo }}", "{{ other }}", "{{ chart }}", "{{ photo }}")
        same_both_ways(path, Context())
        parts = Package.of(made(path)).parts
        media = {name: content for name, content in parts.items() if "media" in name}
        assert media == {
            "word/media/image1.png": Context().photo.content,
            "word/media/image2.jpg": Context().other.content,
        }
        drawings = [*parse(parts["word/document.xml"]).iter(DRAWING)]
        assert [drawing.get("id") for drawing in drawings] == ["1", "2", "3", "4"]
        assert [drawing.get("descr") for drawing in drawings] == [
            "机房",
            "机房",
            "各月可用性",
            "机房",
        ]

    def test_a_picture_that_the_template_has_is_not_held_twice(self, tmp_path: Path) -> None:
        document = blank(REPORT)
        document.add_paragraph().add_run().add_picture(BytesIO(Context().photo.content), Mm(5))
        document.add_paragraph("{{ photo }}")
        path = tmp_path / "own.docx"
        document.save(str(path))
        parts = Package.of(made(path)).parts
        assert [name for name in parts if "media" in name] == ["word/media/image1.png"]
        assert parts["word/document.xml"].count(b'r:embed="') == 2

    def test_the_document_is_valid(
        self, template: Callable[..., Path], validate_ooxml: Callable[[Path], None]
    ) -> None:
        path = template("{{ photo }}", "前{{ other }}后", header="{{ other }}")
        path.write_bytes(made(path))
        validate_ooxml(path)
        with path.open("rb") as opened:
            shape = docx.Document(opened).inline_shapes[0]
        assert Image.from_blob(Context().photo.content).px_width == 4
        assert shape.width == Mm(31)


def saved(document: Document) -> Subdocument:
    target = BytesIO()
    document.save(target)
    return Subdocument(target.getvalue())


def with_headings() -> Subdocument:
    document = blank(REPORT)
    heading = document.add_paragraph("附录", style="Heading 1")
    heading._p.append(OxmlElement("w:bookmarkStart", {qn("w:id"): "0", qn("w:name"): "own"}))
    heading._p.append(OxmlElement("w:bookmarkEnd", {qn("w:id"): "0"}))
    document.add_paragraph("{{ 7*7 }}")
    return saved(document)


class TestDocuments:
    def test_it_is_left_to_the_general_way(self, template: Callable[..., Path]) -> None:
        assert compiled_template(template("{{p annex }}"), Context) is None

    def test_the_document_is_valid_and_the_same_each_time(
        self, template: Callable[..., Path], validate_ooxml: Callable[[Path], None]
    ) -> None:
        path = template("前", "{{p annex }}", "{{ photo }}", "{{ chart }}", "{{p annex }}", "后")
        first, again = made(path), made(path)
        assert first == again
        path.write_bytes(first)
        validate_ooxml(path)

    def test_a_letter_of_ours_can_be_taken_in_twice(
        self, tmp_path: Path, template: Callable[..., Path],
        validate_ooxml: Callable[[Path], None],
    ) -> None:  # fmt: skip
        kind = kinds()["payment_request"]
        letter = kind.compose(sample(), makeable(kind)[0], AS_OF)
        inner = render(template_of(kind), letter, FINAL, PROPERTIES)
        path = template("{{p annex }}", "{{ photo }}", "{{p annex }}")
        path.write_bytes(made(path, Context(annex=Subdocument(inner))))
        validate_ooxml(path)
        bookmarks = [*parse(Package.read(path).parts["word/document.xml"]).iter(
            f"{W}bookmarkStart")]  # fmt: skip
        names = [bookmark.get(f"{W}name") for bookmark in bookmarks]
        assert "seal_anchor" in names
        assert len(names) == len(set(names))

    def test_its_words_are_data_and_its_headings_are_the_documents(
        self, template: Callable[..., Path]
    ) -> None:
        path = template("正文", "{{p annex }}", heading="概况")
        told = body(made(path, Context(annex=with_headings())))
        assert "{{ 7*7 }}" in told
        assert told.count("_Toc90000") == 2
        assert told.count('w:name="own"') == 1
        assert not [problem for problem in prove(made(path, Context(annex=with_headings())),
                                                 Context(annex=with_headings()))
                    if problem.code in ("bookmarks", "template-tag")]  # fmt: skip

    def test_the_properties_stay_the_documents_own(self, template: Callable[..., Path]) -> None:
        document = docx.Document()
        document.core_properties.author = "某员工"
        document.add_paragraph("附件")
        path = template("{{p annex }}")
        path.write_bytes(made(path, Context(annex=saved(document))))
        said = docx.Document(str(path)).core_properties
        assert (said.author, said.keywords) == ("示范乙方公司", "HT-2026-001")

    def test_marks_of_its_own_figures_are_left_behind(self, template: Callable[..., Path]) -> None:
        inner = made(template("金额{{ amount }}元"))
        assert "w:sdt" in body(inner)
        told = body(made(template("{{p annex }}"), Context(annex=Subdocument(inner))))
        assert "金额1.00元" in told
        assert "w:sdt" not in told

    def test_what_cannot_be_brought_along_is_refused(self, template: Callable[..., Path]) -> None:
        def document_with(*names: str) -> Subdocument:
            document = docx.Document()
            run = document.add_paragraph("甲").add_run()
            for name in names:
                run._r.append(OxmlElement(f"w:{name}", {qn("w:id"): "2"}))
            return saved(document)

        listed = docx.Document()
        field = OxmlElement("w:instrText")
        field.text = r' TOC \o "1-2" '
        listed.add_paragraph().add_run()._r.append(field)
        sections = docx.Document()
        sections.add_section()
        path = template("{{p annex }}")
        for subdocument, why in (
            (document_with("footnoteReference"), "footnotes"),
            (document_with("endnoteReference"), "endnotes"),
            (document_with("commentReference"), "comments"),
            (document_with("ins"), "tracked changes"),
            (saved(listed), "a table of contents"),
            (saved(sections), "several sections"),
        ):
            told = refusal(path, Context(annex=subdocument))
            assert f"the document to be taken in has {why}" in told

    @pytest.mark.parametrize("content", [b"", b"PK", painted("red"), annex().content[:900]])
    def test_bytes_that_are_no_document_are_refused(
        self, template: Callable[..., Path], content: bytes
    ) -> None:
        told = refusal(template("{{p annex }}"), Context(annex=Subdocument(content)))
        assert "the document to be taken in cannot be read" in told

    def test_without_docxcompose_a_problem_says_what_to_install(
        self, template: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "docxtpl.subdoc", None)
        told = refusal(template("{{p annex }}"), Context())
        assert "docxcompose, which is not installed" in told
        assert "Fix: install it: pip install deliverables[subdocuments]" in told


def test_explaining_a_document_leaves_such_values_as_they_are() -> None:
    context = Context()
    marked = with_paths(context, "")
    assert (marked.said, marked.photo, marked.annex) == (context.said, context.photo, context.annex)
    assert marked.amount.text != context.amount.text


def test_the_names_of_a_kind_are_listed_with_the_tags_that_print_them() -> None:
    assert _tag("said", Holds.RICH_TEXT) == "{{r said }}"
    assert _tag("rows.photo", Holds.PICTURE) == "{{ rows.photo }}"
    assert _tag("annex", Holds.SUBDOCUMENT) == "{{p annex }}"


class TestProof:
    """What verify says of a document with such values."""

    def codes(self, document: bytes, context: Context, as_made: bytes) -> set[str]:
        found = prove(document, context, None, as_made)
        return {finding.code for finding in found} - {"seal-anchor", "figure-missing"}

    def changed(self, document: bytes, old: str, new: str) -> bytes:
        package = Package.of(document)
        text = package.parts["word/document.xml"].decode()
        assert old in text
        package.parts["word/document.xml"] = text.replace(old, new, 1).encode()
        return package.to_bytes()

    def test_a_sound_document_passes(self, template: Callable[..., Path]) -> None:
        path = template("{{ amount }}{{r said }}", "{{ photo }}", "{{ other }}", "{{p annex }}")
        document = made(path)
        assert self.codes(document, Context(), document) == set()
        assert {one.code for one in prove(document, Context())} == {"seal-anchor"}

    def test_a_date_changed_in_a_rich_text_is_found_as_in_a_plain_one(
        self, template: Callable[..., Path]
    ) -> None:
        day = "2026年3月1日起"
        context = Context(name=day, said=RichText((Run(day, bold=True),)))
        for tag in ("{{r said }}", "{{ name }}"):
            document = made(template(tag), context)
            assert self.codes(document, context, document) == set()
            slip = self.changed(document, "3月1日", "3月2日")
            assert self.codes(slip, context, document) == {"date-unknown"}

    def test_a_picture_that_was_exchanged_is_found(self, template: Callable[..., Path]) -> None:
        document = made(template("{{ photo }}", "{{ other }}"))
        package = Package.of(document)
        package.parts["word/media/image1.png"] = painted("black")
        assert self.codes(package.to_bytes(), Context(), document) == {"picture-changed"}
        assert "picture-changed" in {one.code for one in prove(package.to_bytes(), Context())}

    def test_pictures_exchanged_for_one_another_are_found(
        self, template: Callable[..., Path]
    ) -> None:
        document = made(template("{{ photo }}", "{{ other }}"))
        other = made(template("{{ other }}", "{{ photo }}"))
        assert self.codes(other, Context(), document) == {"picture-moved"}

    def test_a_picture_that_the_document_was_not_to_show_is_not_missed(
        self, template: Callable[..., Path]
    ) -> None:
        document = made(template("{% if urgent %}{{ photo }}{% endif %}{{ other }}"))
        assert self.codes(document, Context(), document) == set()

    def test_a_paragraph_changed_in_a_document_taken_in_is_found(
        self, template: Callable[..., Path]
    ) -> None:
        document = made(template("正文第一项", "{{p annex }}"))
        slip = self.changed(document, "附件正文", "附件本文")
        assert self.codes(slip, Context(), document) == {"subdocument-changed"}
        prose = self.changed(document, "正文第一项", "正文")
        assert self.codes(prose, Context(), document) == set()
