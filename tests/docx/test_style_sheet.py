"""Which layout a Word file has, and which of its styles, numbers, pages are not the house's."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from planting import BODY, TEMPLATES, Change, element, planted, properties, style

from deliverables.docx.package import Package, W
from deliverables.docx.style import LAYOUTS, LETTER, Layout, blank
from deliverables.docx.style_sheet import drifts, layout_of


def grown(name: str) -> Change:
    def change(root: etree._Element) -> None:
        properties(style(root, name), "rPr").append(element('<w:sz w:val="30"/>'))

    return change


def told(path: Path) -> list[str]:
    package = Package.read(path)
    layout = layout_of(package)
    assert layout
    return [str(message) for message in drifts(package, layout)]


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_a_shipped_template_has_not_drifted_from_the_house_style(template: Path) -> None:
    assert told(template) == []


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_blank_document_has_the_house_style(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "blank.docx"
    blank(layout).save(str(path))
    assert layout_of(Package.read(path)) is layout
    assert told(path) == []


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("word/styles.xml", grown("表格文字"),
         "styles that are not as the house has them: 表格文字"),
        ("word/styles.xml", lambda root: root.remove(style(root, "数据表")),
         "styles that are not as the house has them: 数据表"),
        ("word/numbering.xml", lambda root: root.clear(),
         "numbers of headings: nothing instead of %1、, （%2）, %3., （%4）"),
        (BODY, lambda root: next(root.iter(f"{W}pgMar")).set(f"{W}left", "900"),
         "page of section 1: margins left=900 instead of left=1587"),
    ],
)  # fmt: skip
def test_what_is_not_the_houses_is_told(
    part: str, change: Change, said: str, tmp_path: Path
) -> None:
    assert told(planted(tmp_path, change, part=part)) == [said]


def test_a_length_that_a_program_rounded_is_the_same(tmp_path: Path) -> None:
    path = planted(tmp_path, lambda root: next(root.iter(f"{W}pgMar")).set(f"{W}left", "1590"))
    assert told(path) == []


def test_the_layout_is_told_by_styles_whatever_became_of_the_page(tmp_path: Path) -> None:
    def report_page(root: etree._Element) -> None:
        next(root.iter(f"{W}pgMar")).set(f"{W}top", "1417")

    assert layout_of(Package.read(planted(tmp_path, report_page))) is LETTER


def test_a_pasted_style_of_the_other_layout_does_not_change_the_layout(tmp_path: Path) -> None:
    def pasted(root: etree._Element) -> None:
        root.append(element(
            '<w:style w:type="paragraph" w:styleId="N"><w:name w:val="说明"/></w:style>'
        ))  # fmt: skip

    assert layout_of(Package.read(planted(tmp_path, pasted, part="word/styles.xml"))) is LETTER
