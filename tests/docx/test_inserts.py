"""Pictures in a context: how templates print them, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.image.image import Image
from docx.shared import Mm
from drawn import painted, picture
from rendering import DRAWING, FINAL, PROPERTIES, by_docxtpl, stories

from deliverables.docx.package import Package, parse
from deliverables.docx.render import Rendered, TemplateError, render
from deliverables.docx.style import REPORT, blank
from deliverables.model.content import Chart, ChartForm, Picture, Series
from deliverables.values.figure import Figure, Line
from deliverables.verify import prove
from deliverables.verify.base import base_of

CHART = Chart(
    form=ChartForm.COLUMNS,
    title="可用性",
    description="各月可用性",
    unit="%",
    categories=("一月",),
    series=(Series("可用性", (1,)),),
)


@dataclass(frozen=True)
class Context:
    name: str = "甲"
    photo: Picture = picture()
    other: Picture = picture("blue", "JPEG")
    chart: Chart = CHART
    amount: Figure[str] = Figure("金额", "1.00", "1.00", Line("contract.yaml", 3))
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


def made(path: Path, context: object = Context()) -> Rendered:
    return render(path, context, FINAL, PROPERTIES)


def body(document: bytes) -> str:
    return Package.of(document).parts["word/document.xml"].decode()


def refusal(path: Path, context: object) -> str:
    with pytest.raises(TemplateError) as caught:
        made(path, context)
    return str(caught.value)


class TestPictures:
    def test_the_height_follows_as_docxtpl_has_it(self, template: Callable[..., Path]) -> None:
        path = template("{{ photo }}")
        for form, size in (("PNG", (640, 481)), ("JPEG", (33, 7)), ("JPEG", (7, 1000))):
            photo = Picture(content=painted("red", form, size), width=97, description="照片")
            context = Context(photo=photo)
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
        parts = Package.of(made(path)).parts
        media = {name: content for name, content in parts.items() if "media" in name}
        assert media == {
            "word/media/image1.png": Context().photo.content,
            "word/media/image2.jpg": Context().other.content,
        }
        drawings = [*parse(parts["word/document.xml"]).iter(DRAWING)]
        assert len({drawing.get("id") for drawing in drawings}) == 4
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


def test_a_picture_in_body_and_header_is_held_once(template: Callable[..., Path]) -> None:
    path = template("{{ photo }}", header="{{ photo }}{{ other }}")
    parts = Package.of(made(path)).parts
    media = [name for name in parts if "media" in name]
    assert media == ["word/media/image1.png", "word/media/image2.jpg"]
    assert b"media/image1.png" in parts["word/_rels/header1.xml.rels"]
    assert b"media/image1.png" in parts["word/_rels/document.xml.rels"]


def proved(document: bytes, context: Context, as_made: Rendered, path: Path) -> set[str]:
    """Return the codes of what verify says of a document, held against the one that was made."""
    base = base_of(as_made, as_made.trace, context, template=path)
    return {found.code for found in prove(document, base, context)} - {"seal-anchor"}


def test_a_document_with_pictures_is_sound(template: Callable[..., Path]) -> None:
    path = template("{{ amount }}", "{{ photo }}", "{{ other }}")
    document = made(path)
    assert proved(document, Context(), document, path) == set()


def test_a_picture_that_was_exchanged_is_found(template: Callable[..., Path]) -> None:
    path = template("{{ photo }}", "{{ other }}")
    document = made(path)
    package = Package.of(document)
    package.parts["word/media/image1.png"] = painted("black")
    assert proved(package.to_bytes(), Context(), document, path) == {"picture-changed"}


def test_pictures_exchanged_for_one_another_are_found(template: Callable[..., Path]) -> None:
    other = made(template("{{ other }}", "{{ photo }}"))
    path = template("{{ photo }}", "{{ other }}")
    document = made(path)
    assert proved(other, Context(), document, path) == {"passage-moved", "picture-changed"}


def test_a_picture_that_the_document_was_not_to_show_is_not_missed(
    template: Callable[..., Path],
) -> None:
    path = template("{% if urgent %}{{ photo }}{% endif %}{{ other }}")
    document = made(path)
    assert proved(document, Context(), document, path) == set()
