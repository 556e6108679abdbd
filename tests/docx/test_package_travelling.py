"""What a document takes over from its template's file, and what stays behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lxml import etree
from rendering import FINAL, PROPERTIES
from small_templates import RELATIONS, bookmark, field, small

from deliverables.docx.package import Package, parse, travelling
from deliverables.docx.render import Rendered, TemplateError, render
from deliverables.values.figure import Figure, Line
from deliverables.values.trace import without_tokens

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def figure(text: str) -> Figure[str]:
    return Figure("数据项", text, text, Line("contract.yaml", 1))


@dataclass(frozen=True)
class Row:
    name: Figure[str]
    parts: tuple[Figure[str], ...] = ()


@dataclass(frozen=True)
class Context:
    title: Figure[str] = figure("函")
    link: str = "https://a.example/甲 乙"
    notes: tuple[str, ...] = ("一", "二", "三")
    rows: tuple[Row, ...] = (Row(figure("甲"), (figure("子"), figure("丑\n寅"))),
                             Row(figure("乙"), (figure("卯"),)))  # fmt: skip
    urgent: bool = False


def made(path: Path, context: object = Context()) -> Rendered:
    return render(path, context, FINAL, PROPERTIES)


def body(document: bytes) -> etree._Element:
    return parse(Package.of(document).parts["word/document.xml"])


@pytest.mark.parametrize(
    "kind",
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
     "application/vnd.ms-word.document.macroEnabled.main+xml",
     "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"],
)  # fmt: skip
def test_a_document_of_a_template_or_macro_file_is_an_ordinary_one(
    tmp_path: Path, kind: str
) -> None:
    path = small(tmp_path / "letter.docx", "甲", parts={"word/vbaProject.bin": "macros"})
    package = Package.read(path)
    types = package.parts["[Content_Types].xml"].decode()
    assert MAIN in types
    package.parts["[Content_Types].xml"] = types.replace(MAIN, kind).encode()
    package.relate(
        "word/document.xml",
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        "word/vbaProject.bin",
    )
    path.write_bytes(package.to_bytes())
    parts = Package.of(made(path)).parts
    assert MAIN in parts["[Content_Types].xml"].decode()
    assert not [name for name in parts if "vba" in name]
    assert b"vbaProject" not in parts["word/_rels/document.xml.rels"]


@pytest.mark.parametrize(
    "setting",
    ["<w:trackRevisions/>", '<w:documentProtection w:edit="readOnly" w:enforcement="1"/>',
     "<w:mailMerge><w:mainDocumentType w:val='formLetters'/></w:mailMerge>",
     '<w:writeProtection w:recommended="1"/>'],
)  # fmt: skip
def test_settings_of_the_template_stay_with_it(tmp_path: Path, setting: str) -> None:
    path = small(tmp_path / "letter.docx", "甲")
    package = Package.read(path)
    settings = package.parts["word/settings.xml"].decode()
    package.parts["word/settings.xml"] = settings.replace(
        "</w:settings>", f"{setting}</w:settings>"
    ).encode()
    path.write_bytes(package.to_bytes())
    name = setting.partition(" ")[0].strip("</>").removeprefix("w:")
    assert name in package.parts["word/settings.xml"].decode()
    assert name not in Package.of(made(path)).parts["word/settings.xml"].decode()


def test_the_template_attached_to_a_template_stays_with_it(tmp_path: Path) -> None:
    path = small(tmp_path / "letter.docx", "甲")
    package = Package.read(path)
    settings = package.parts["word/settings.xml"].decode()
    package.parts["word/settings.xml"] = settings.replace(
        "</w:settings>",
        f'<w:attachedTemplate xmlns:r="{RELATIONS}" r:id="rId1"/></w:settings>',
    ).encode()
    package.parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/attachedTemplate"'
        ' Target="file:///Z:/Normal.dotm" TargetMode="External"/></Relationships>'
    ).encode()
    path.write_bytes(package.to_bytes())
    parts = Package.of(made(path)).parts
    assert b"Normal.dotm" not in b"".join(parts.values())
    assert b"attachedTemplate" not in parts["word/settings.xml"]


@pytest.mark.parametrize(
    ("kind", "markup"),
    [
        ("image", '<w:p><w:r><w:pict><v:imagedata r:id="rId90"/></w:pict></w:r></w:p>'),
        ("oleObject", '<w:p><w:r><w:object><o:OLEObject r:id="rId90"/></w:object></w:r></w:p>'),
    ],
)
def test_what_lies_outside_of_the_file_is_not_pointed_to(
    tmp_path: Path, kind: str, markup: str
) -> None:
    path = small(
        tmp_path / "letter.docx", markup, outside={"rId90": (kind, "http://127.0.0.1:9/evil")}
    )
    parts = travelling(Package.read(path)).parts
    assert b"evil" not in b"".join(parts.values())
    assert b"rId90" not in parts["word/document.xml"]


LINK = '<w:p><w:hyperlink r:id="rId90"><w:r><w:t>看</w:t></w:r></w:hyperlink></w:p>'


def test_an_ordinary_link_stays_and_one_with_a_tag_is_filled(
    tmp_path: Path, validate_ooxml: Callable[[Path], None]
) -> None:
    path = small(
        tmp_path / "letter.docx",
        LINK,
        LINK.replace("90", "91"),
        outside={"rId90": ("hyperlink", "{{ link }}?函={{ title }}"),
                 "rId91": ("hyperlink", "https://b.example/")},
    )  # fmt: skip
    path.write_bytes(made(path))
    relations = parse(Package.read(path).parts["word/_rels/document.xml.rels"])
    links = [each.get("Target") for each in relations if each.get("TargetMode")]
    assert links == ["https://a.example/甲%20乙?函=函", "https://b.example/"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "\\\\host\\x", ""]
)
def test_data_cannot_make_a_link_point_anywhere_but_to_a_page(tmp_path: Path, address: str) -> None:
    path = small(tmp_path / "a.docx", LINK, outside={"rId90": ("hyperlink", "{{ link }}")})
    with pytest.raises(TemplateError, match="a link cannot point to"):
        made(path, replace(Context(), link=address))


CONTROL = (
    '<w:p><w:sdt><w:sdtPr><w:id w:val="5"/><w:dataBinding w:xpath="/a" w:storeItemID="{B}"/>'
    "</w:sdtPr><w:sdtContent><w:r><w:t>%s</w:t></w:r></w:sdtContent></w:sdt></w:p>"
)


def test_a_control_around_a_tag_shows_what_the_tag_prints(tmp_path: Path) -> None:
    path = small(tmp_path / "letter.docx", CONTROL % "{{ title }}", CONTROL % "甲")
    controls = [*body(made(path)).iter(f"{W}sdt")]
    assert [one.find(f"{W}sdtPr/{W}dataBinding") is None for one in controls] == [True, False]
    assert len({one.find(f"{W}sdtPr/{W}id").get(f"{W}val") for one in controls}) == 2


SHAPE = (
    '<w:p><w:r><w:pict><v:shapetype id="_x0000_t202"/>'
    '<v:shape id="_x0000_s1026" type="#_x0000_t202" style="width:99pt;height:9pt"><v:textbox>'
    "<w:txbxContent><w:p><w:r><w:t>{{ n }}</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</v:shape></w:pict></w:r></w:p>"
)


def test_shapes_that_a_loop_repeats_have_ids_of_their_own(
    tmp_path: Path, validate_ooxml: Callable[[Path], None]
) -> None:
    path = small(tmp_path / "letter.docx", "{%p for n in notes %}", SHAPE, "{%p endfor %}")
    path.write_bytes(made(path))
    shapes = [*body(path.read_bytes()).iter("{urn:schemas-microsoft-com:vml}shape")]
    assert [one.get("id") for one in shapes] == [f"_x0000_s1026{end}" for end in ("", "_1", "_2")]
    assert [one.get("type") for one in shapes] == [f"#_x0000_t202{end}" for end in ("", "_1", "_2")]
    validate_ooxml(path)


def test_a_reference_in_a_loop_shows_the_bookmark_of_its_own_row(tmp_path: Path) -> None:
    see = f"<w:p>{field(' REF there ', '见')}</w:p>"
    path = small(tmp_path / "letter.docx", "{%p for r in rows %}", "{%p for p in r.parts %}",
                 bookmark("there", "{{ r.name }}{{ p }}"), see, "{%p endfor %}",
                 "{%p endfor %}")  # fmt: skip
    root = body(made(path))
    texts = ["".join(text.text or "" for text in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]
    assert texts == ["甲子", "甲子", "甲丑寅", "甲丑寅", "乙卯", "乙卯"]
    names = [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]
    assert names == ["there", "there_0_1", "there_1_0"]
    assert [code.text for code in root.iter(f"{W}instrText")] == [f" REF {name} " for name in names]


class TestTheTrace:
    """A rendering tells where each figure stands, and is the finished story without that."""

    def test_every_story_is_the_finished_one_without_its_tokens(self, tmp_path: Path) -> None:
        path = small(tmp_path / "a.docx", "{{ title }}", "{%p for r in rows %}",
                     "{{ r.name }}{% for p in r.parts %}{{ p }}{% endfor %}",
                     "{%p endfor %}")  # fmt: skip
        document = made(path)
        parts = Package.of(document).parts
        assert set(document.trace.stories) == set(Package.of(document).stories())
        for part, story in document.trace.stories.items():
            assert without_tokens(story).encode() == parts[part]

    def test_a_figure_is_named_by_its_path_once_for_each_time_it_is_printed(
        self, tmp_path: Path
    ) -> None:
        path = small(tmp_path / "a.docx", "{{ title }}、{{ title }}",
                     "{% if urgent %}{{ rows|length }}{% endif %}", "{%p for r in rows %}",
                     "{{ r.name }}{{ title }}{% for p in r.parts %}{{ p }}{% endfor %}",
                     "{%p endfor %}")  # fmt: skip
        assert made(path).printed == {
            "title": 4,
            "rows[0].name": 1,
            "rows[1].name": 1,
            "rows[0].parts[0]": 1,
            "rows[0].parts[1]": 1,
            "rows[1].parts[0]": 1,
        }
