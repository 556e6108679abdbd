"""`deliverables template dress` puts the house style back, and nothing else is changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import office
import pytest
from click.testing import CliRunner
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from lxml import etree
from planting import BODY, TEMPLATES, Change, element, paragraph, planted, properties, run_of, style

from deliverables.cli import main
from deliverables.cli.template import purposes
from deliverables.docx.lint import lint
from deliverables.docx.package import Package, W, paragraphs, parse, serialise
from deliverables.docx.style import LAYOUTS, LETTER, REPORT, Layout, blank
from deliverables.docx.style_check import dress, drifts, layout_of
from deliverables.docx.tags import tags_at

SHIPPED = sorted(TEMPLATES.glob("*.docx"))


def grown(name: str) -> Change:
    def change(root: etree._Element) -> None:
        properties(style(root, name), "rPr").append(element('<w:sz w:val="30"/>'))

    return change


def said(path: Path) -> list[str]:
    package = Package.read(path)
    layout = layout_of(package)
    assert layout
    return [str(drift.message) for drift in drifts(package, layout)]


def dressed(path: Path) -> Package:
    """Dress the template at `path` in place and return it."""
    package = Package.read(path)
    layout = layout_of(package)
    assert layout
    dress(package, layout)
    path.write_bytes(package.to_bytes())
    return package


def words(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    return [(place.text, tags_at(place)) for place in paragraphs(Package.read(path))]


def saved(document: docx.document.Document, folder: Path) -> Path:
    path = folder / "own.docx"
    document.save(str(path))
    return path


# --- drift of the shipped templates


@pytest.mark.parametrize("template", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_template_has_not_drifted_from_the_house_style(template: Path) -> None:
    assert said(template) == []


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_blank_document_has_the_house_style(layout: Layout, tmp_path: Path) -> None:
    path = saved(blank(layout), tmp_path)
    assert layout_of(Package.read(path)) is layout
    assert said(path) == []


def test_a_drifted_style_is_named_with_what_it_was_and_should_be(tmp_path: Path) -> None:
    path = planted(tmp_path, grown("表格文字"), part="word/styles.xml")
    assert said(path) == ["style “表格文字”: size val=30 instead of val=24"]


# --- which layout a template has


def test_the_layout_is_told_by_styles_whatever_became_of_the_page(tmp_path: Path) -> None:
    def report_page(root: etree._Element) -> None:
        next(root.iter(f"{W}docGrid")).attrib.clear()
        next(root.iter(f"{W}pgMar")).set(f"{W}top", "1417")

    assert layout_of(Package.read(planted(tmp_path, report_page))) is LETTER


def test_a_pasted_style_of_the_other_layout_does_not_change_the_layout(tmp_path: Path) -> None:
    def pasted(root: etree._Element) -> None:
        root.append(element(
            '<w:style w:type="paragraph" w:styleId="N"><w:name w:val="说明"/></w:style>'
        ))  # fmt: skip

    assert layout_of(Package.read(planted(tmp_path, pasted, part="word/styles.xml"))) is LETTER


# --- what dressing does


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("word/styles.xml", grown("Normal")),
        ("word/styles.xml", lambda root: root.remove(style(root, "正文段落"))),
        ("word/styles.xml", lambda root: root.remove(root.find(f"{W}docDefaults"))),
        ("word/styles.xml", lambda root: root.remove(style(root, "数据表"))),
        ("word/numbering.xml", lambda root: next(root.iter(f"{W}lvlText")).set(f"{W}val", "%1.")),
        ("word/numbering.xml", lambda root: root.clear()),
        ("word/settings.xml", lambda root: root.clear()),
        ("word/fontTable.xml", lambda root: root.clear()),
        (BODY, lambda root: next(root.iter(f"{W}pgMar")).set(f"{W}left", "900")),
        (BODY, lambda root: next(root.iter(f"{W}sectPr")).clear()),
        (BODY, lambda root: properties(run_of(paragraph(root, "{{ deadline }}")), "rPr").append(
            element('<w:color w:val="FF0000"/>'))),
    ],
)  # fmt: skip
def test_dressing_repairs_what_has_drifted(
    part: str, change: Change, tmp_path: Path, validate_ooxml: Callable[[Path], None]
) -> None:
    path = planted(tmp_path, change, part=part)
    before = words(path)
    assert said(path)
    dressed(path)
    assert said(path) == []
    assert words(path) == before
    validate_ooxml(path)


def test_dressing_twice_changes_nothing_more(tmp_path: Path) -> None:
    path = planted(tmp_path, grown("Normal"), part="word/styles.xml")
    dressed(path)
    once = path.read_bytes()
    dressed(path)
    assert path.read_bytes() == once


def test_dressing_leaves_every_part_without_drift_as_it_is(tmp_path: Path) -> None:
    path = planted(tmp_path, grown("Normal"), part="word/styles.xml")
    before = Package.read(path).parts
    after = dressed(path).parts
    assert [name for name in before if before[name] != after[name]] == ["word/styles.xml"]


def test_styles_under_other_ids_are_known_by_their_names(tmp_path: Path) -> None:
    """WPS and LibreOffice give styles ids of their own."""
    path = planted(tmp_path, lambda root: None)
    package = Package.read(path)
    for part in (BODY, "word/styles.xml"):
        text = package.parts[part].decode().replace('"Paragraph"', '"a3"')
        package.parts[part] = text.replace('"Recipient"', '"Style12"').encode()
    path.write_bytes(package.to_bytes())
    assert lint(path, purposes()["payment_request"]) == ()
    styles = parse(package.parts["word/styles.xml"])
    grown("Normal")(styles)
    package.parts["word/styles.xml"] = serialise(styles)
    path.write_bytes(package.to_bytes())
    assert b'"a3"' not in dressed(path).parts[BODY]
    assert lint(path, purposes()["payment_request"]) == ()


def test_a_template_made_in_word_takes_the_house_style_and_keeps_its_words(
    tmp_path: Path, validate_ooxml: Callable[[Path], None]
) -> None:
    own = docx.Document()
    own.add_heading("标题", 1)
    own.add_paragraph("正文 {{ name }}")
    own.add_paragraph("引用", style="Intense Quote")
    own.add_paragraph("一点", style="List Bullet")
    own.sections[0].left_margin = Mm(10)
    path = saved(own, tmp_path)
    package = Package.read(path)
    dress(package, REPORT)
    path.write_bytes(package.to_bytes())
    new = docx.Document(str(path))
    texts = [found.text for found in new.paragraphs]
    assert texts == ["标题", "正文 {{ name }}", "引用", "一点"]
    styles = {found.name for found in new.styles}
    assert {"数据来源", "Intense Quote", "List Bullet"} <= styles
    assert "Light Shading Accent 1" not in styles
    assert new.styles["Heading 1"].font.size.pt == 16
    assert round(new.sections[0].left_margin.mm) == 28
    assert drifts(package, REPORT) == ()
    validate_ooxml(path)


def test_a_list_that_had_the_number_of_the_headings_stays_a_list(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("一点").paragraph_format.element.get_or_add_pPr().append(
        element('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    )
    package = Package.read(saved(own, tmp_path))
    before = pattern_of_first(package)
    dress(package, REPORT)
    assert pattern_of_first(package) == before != "%1、"


def pattern_of_first(package: Package) -> str:
    """Return how the first paragraph is numbered."""
    number = next(parse(package.parts[BODY]).iter(f"{W}numId")).get(f"{W}val")
    root = parse(package.parts["word/numbering.xml"])
    ids = {found.get(f"{W}numId"): found[0].get(f"{W}val") for found in root.iter(f"{W}num")}
    abstract = root.find(f"{W}abstractNum[@{W}abstractNumId='{ids[number]}']")
    return str(next(abstract.iter(f"{W}lvlText")).get(f"{W}val"))


def test_a_page_on_its_side_stays_so(tmp_path: Path) -> None:
    own = blank(REPORT)
    own.add_section().orientation = WD_ORIENT.LANDSCAPE
    path = saved(own, tmp_path)
    dressed(path)
    portrait, landscape = docx.Document(str(path)).sections
    assert (round(portrait.page_width.mm), round(landscape.page_width.mm)) == (210, 297)
    assert round(landscape.top_margin.mm) == round(portrait.left_margin.mm)


def test_emphasis_stays_and_the_hint_for_chinese_quotation_marks_too(tmp_path: Path) -> None:
    def change(root: etree._Element) -> None:
        look = properties(run_of(paragraph(root, "{{ deadline }}")), "rPr")
        for what in ('<w:rFonts w:hint="eastAsia" w:eastAsia="微软雅黑"/>', "<w:b/>"):
            look.append(element(what))

    path = planted(tmp_path, change)
    root = parse(dressed(path).parts[BODY])
    look = run_of(paragraph(root, "{{ deadline }}")).find(f"{W}rPr")
    assert [found.tag for found in look] == [f"{W}rFonts", f"{W}b"]
    assert dict(look[0].attrib) == {f"{W}hint": "eastAsia"}


@pytest.mark.office
@pytest.mark.parametrize("kind", ["payment_request", "quarterly_report"])
def test_a_template_that_libreoffice_saved_is_told_its_drift_and_dressed(
    kind: str, tmp_path: Path
) -> None:
    shipped = TEMPLATES / f"{kind}.docx"
    path = office.saved_again(shipped, tmp_path)
    told = "\n".join(str(problem) for problem in lint(path, purposes()[kind]))
    assert "style “正文段落”: indents nothing instead of firstLineChars=200" in told
    assert "error" not in told
    dressed(path)
    assert lint(path, purposes()[kind]) == ()
    assert [tags for _, tags in words(path) if tags] == [tags for _, tags in words(shipped) if tags]


# --- the command

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    def call(*arguments: str) -> tuple[int, str, str]:
        options = ["--lang", "en", "--templates", str(tmp_path)]
        result = CliRunner().invoke(main, [*options, "template", *arguments])
        return result.exit_code, result.stdout, result.stderr

    yield call


def test_dress_says_what_it_mended_and_then_has_nothing_to_do(run: Run, tmp_path: Path) -> None:
    path = planted(tmp_path, grown("Normal"), part="word/styles.xml")
    code, output, _ = run("dress")
    assert code == 0
    assert "payment_request.docx: mended: style “Normal”: size val=30 instead of val=32" in output
    assert run("check", "payment_request")[0] == 0
    once = path.stat()
    code, output, note = run("dress")
    assert (code, output) == (0, "")
    assert "not touched" in note
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (once.st_mtime_ns, once.st_ino)


def test_dress_answers_programs(run: Run, tmp_path: Path) -> None:
    planted(tmp_path, grown("Normal"), part="word/styles.xml")
    (answer,) = json.loads(run("dress", "payment_request", "--format", "json")[1])
    assert answer["mended"] == ["style “Normal”: size val=30 instead of val=32"]


def test_dress_touches_none_but_the_users_own_templates(run: Run, tmp_path: Path) -> None:
    planted(tmp_path, grown("Normal"), part="word/styles.xml")
    told, _next = run("dress")[2].splitlines()
    assert Path(told).name == "payment_request.docx: 1 mended"
    assert run("dress", "annual_summary")[0] == 2


def test_dress_of_a_template_without_house_style_asks_for_its_layout(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "payment_request.docx"
    docx.Document().save(str(path))
    code, _, note = run("dress")
    assert code == 2
    assert "--layout letter" in note
    assert run("dress", "--layout", "letter")[0] == 0
    assert layout_of(Package.read(path)) is LETTER


def test_dress_of_a_broken_file_ends_with_1_and_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "annual_summary.docx").write_bytes(b"PK")
    planted(tmp_path, grown("Normal"), part="word/styles.xml")
    code, output, note = run("dress")
    assert code == 1
    assert "mended" in output
    assert "annual_summary.docx: error[template-file] this is no Word document" in note


def test_dress_in_a_folder_without_templates_ends_with_2(run: Run) -> None:
    assert run("dress")[0] == 2
