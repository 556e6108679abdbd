"""What a template points to outside of itself is named, however it is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import small_templates
from small_templates import field, small

from deliverables.docx.package import Package

LINK = '<w:p><w:hyperlink r:id="rId90"><w:r><w:t>看</w:t></w:r></w:hyperlink></w:p>'


@dataclass(frozen=True)
class Context:
    title: str


told = partial(small_templates.told, context=Context)
only = partial(small_templates.only, context=Context)


@pytest.mark.parametrize(
    ("relation", "target", "what", "was"),
    [
        ("image", "http://127.0.0.1:9/a.png", "a linked picture points to http://127.0.0.1:9/a.png",
         "链接的图片指向文件之外的 http"),
        ("oleObject", "file:///C:/a.xlsx", "a linked object points to file:///C:/a.xlsx",
         "链接的对象指向"),
        ("hyperlink", "file:///C:/a.docx", "a link points to file:///C:/a.docx", "链接指向"),
        ("hyperlink", "a.docx", "a link points to a.docx", "链接指向"),
    ],
)  # fmt: skip
def test_what_lies_outside_of_the_file_is_named(
    relation: str, target: str, what: str, was: str, tmp_path: Path
) -> None:
    path = small(tmp_path / "letter.docx", LINK, outside={"rId90": (relation, target)})
    code, english, chinese = only(path)
    assert code == "template-outside"
    assert english.startswith(f"body, paragraph “看”: {what}")
    assert was in chinese


@pytest.mark.parametrize("target", ["https://a.example", "http://a.example", "mailto:a@b.example"])
def test_an_ordinary_link_is_nobodys_fault(target: str, tmp_path: Path) -> None:
    assert told(small(tmp_path / "a.docx", LINK, outside={"rId90": ("hyperlink", target)})) == []


def test_a_field_that_fetches_a_file_is_named(tmp_path: Path) -> None:
    code = field(' INCLUDEPICTURE "http://127.0.0.1:9/a.png" ')
    found, english, chinese = only(small(tmp_path / "letter.docx", f"<w:p>{code}</w:p>"))
    assert found == "template-outside"
    assert 'the field INCLUDEPICTURE points to "http://127.0.0.1:9/a.png"' in english
    assert "域 INCLUDEPICTURE 指向" in chinese


SPLIT = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    "<w:r><w:instrText>INCLUDE</w:instrText></w:r>"
    '<w:r><w:instrText>PICTURE "http://a.example/</w:instrText></w:r></w:p><w:p>'
    '<w:r><w:instrText>a.png"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
OUTSIDE = {
    "a field in pieces": SPLIT,
    "a field in capitals and small letters": f"<w:p>{field(' dDeAuto C:/a b ')}</w:p>",
    "a simple field": '<w:p><w:fldSimple w:instr=" LINK Excel.Sheet.8 C:/a.xls "/></w:p>',
    "a field in a field": f"<w:p>{field(' IF 1=1 ', field(' RD C:/a.docx '))}</w:p>",
    "a link by field to a file": f"<w:p>{field(' HYPERLINK //host/a ')}</w:p>",
    "a picture of VML by its address": '<w:p><w:r><w:pict><v:shape style="width:9pt;height:9pt">'
        '<v:imagedata src="http://a.example/a.png"/></v:shape></w:pict></w:r></w:p>',
    "the filling of a shape": '<w:p><w:r><w:pict><v:rect style="width:9pt;height:9pt">'
        '<v:fill type="frame" src="//host/a.png"/></v:rect></w:pict></w:r></w:p>',
    "a file that is inserted when it is opened": '<w:altChunk r:id="rId90"/>',
}  # fmt: skip


@pytest.mark.parametrize("markup", OUTSIDE.values(), ids=OUTSIDE)
def test_no_way_outside_is_passed_over(markup: str, tmp_path: Path) -> None:
    code, english, _ = only(small(tmp_path / "letter.docx", markup))
    assert (code, "outside of the file" in english) == ("template-outside", True)


PART = '<w:x xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:x>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}"/></svg>'


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/comments.xml", PART.format(f"<w:p>{field(' INCLUDETEXT C:/a.docx ')}</w:p>")),
        ("word/glossary/document.xml", PART.format(f"<w:p>{field(' DDE a b ')}</w:p>")),
        ("word/media/a.svg", SVG.format("http://a.example/a.png")),
    ],
)
def test_parts_that_are_not_filled_point_nowhere_either(
    part: str, content: str, tmp_path: Path
) -> None:
    code, *_ = only(small(tmp_path / "letter.docx", parts={part: content}))
    assert code == "template-outside"


@pytest.mark.parametrize("target", ["#a", "data:image/png;base64,AA"])
def test_a_drawing_that_points_into_itself_is_nobodys_fault(target: str, tmp_path: Path) -> None:
    path = small(tmp_path / "a.docx", parts={"word/media/a.svg": SVG.format(target)})
    assert told(path) == []


@pytest.mark.parametrize("target", ["http://a.example/a", "//host/a", "\\\\host\\a", "file:///a"])
def test_a_relation_that_calls_itself_internal_and_is_not_is_named(
    target: str, tmp_path: Path
) -> None:
    path = small(tmp_path / "a.docx", "甲", outside={"rId90": ("image", target)})
    package = Package.read(path)
    relations = package.parts["word/_rels/document.xml.rels"]
    inside = relations.replace(b' TargetMode="External"', b"")
    assert inside != relations
    package.parts["word/_rels/document.xml.rels"] = inside
    path.write_bytes(package.to_bytes())
    code, *_ = only(path)
    assert code == "template-outside"
