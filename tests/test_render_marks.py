"""Figures are marked: named wherever they are printed, and nothing else is disturbed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from docx.shared import Pt
from lxml import etree
from test_kinds import EVERY_KIND, made, makeable
from test_render_engine import FINAL, PROPERTIES

from deliverables.figure import Figure
from deliverables.kind import Kind
from deliverables.message import say
from deliverables.pdf.office import Conversion, OfficeError
from deliverables.pdf.pool import PdfPool
from deliverables.pdf.printer import Printer
from deliverables.render.dressing import blank
from deliverables.docx.render import Rendered, render
from deliverables.render.house_style import REPORT
from deliverables.render.marks import LONGEST, alias, tag, unmarked, without_marks
from deliverables.render.package import Package, parse
from deliverables.source import Line

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def figure(text: str, name: str = "金额") -> Figure[str]:
    return Figure(name, text, text, Line("contract.yaml", 3))


@dataclass(frozen=True)
class Row:
    first: Figure[str]
    second: Figure[str]


@dataclass(frozen=True)
class Context:
    amount: Figure[str] = figure("1.00")
    text: str = "文字"
    urgent: bool = False
    rows: tuple[Row, ...] = ()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    document = blank(REPORT)
    line = document.add_paragraph("共 ")
    line.add_run("{{ amo").bold = True
    line.add_run("unt }} 元{% if urgent %}，急 {{ amount }}{% endif %}").font.size = Pt(20)
    document.add_paragraph("{{ text }}")
    table = document.add_table(3, 2)
    loop = ("{%tr for r in rows %}", "", "{{ r.first }}", "{{ r.second }}", "{%tr endfor %}", "")
    for cell, text in zip(table._cells, loop, strict=True):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "{{ amount }}"
    path = tmp_path / "report.docx"
    document.save(str(path))
    return path


def controls(document: bytes) -> Iterator[etree._Element]:
    for part in stories(document).values():
        yield from part.iter(f"{W}sdt")


def stories(document: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(BytesIO(document)) as archive:
        package = Package({name: archive.read(name) for name in archive.namelist()})
    return {part: parse(package.parts[part]) for part in package.stories()}


def value(control: etree._Element, name: str) -> str:
    found = control.find(f"{W}sdtPr/{W}{name}")
    assert found is not None
    return found.get(f"{W}val", "")


def text(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{W}t"))


def marked(template: Path, context: Context = Context()) -> Rendered:
    return render(template, context, FINAL, PROPERTIES)


def test_a_figure_is_named_wherever_it_stands_and_text_is_not(template: Path) -> None:
    found = [
        (value(one, "alias"), value(one, "tag"), text(one)) for one in controls(marked(template))
    ]
    assert found == [("金额|amount", "amount", "1.00")] * 2  # the body and the header


def test_the_look_of_its_run_is_kept_and_the_rest_of_the_run_is_whole(template: Path) -> None:
    body = stories(marked(template, Context(urgent=True)))["word/document.xml"]
    paragraph = next(body.iter(f"{W}p"))
    runs = [(text(run), run.find(f"{W}rPr/{W}b") is not None) for run in paragraph.iter(f"{W}r")]
    assert runs == [("共 ", False), ("1.00", True), (" 元，急 ", True), ("1.00", True)]


def test_bookmarks_tell_the_key_when_a_program_has_dropped_the_control(template: Path) -> None:
    roots = stories(marked(template, Context(urgent=True))).values()
    names = [s.get(f"{W}name", "") for root in roots for s in root.iter(f"{W}bookmarkStart")]
    assert len(set(names)) == len(names) == 3
    assert len({re.sub(r"_\d+$", "", name) for name in names}) == 1
    assert all(re.fullmatch(r"fig_[a-z0-9_]{1,36}", name) for name in names)


@pytest.mark.parametrize(("rows", "marks"), [(3, 6), (8, 16), (9, 9), (300, 300)])
def test_a_long_table_has_a_mark_a_row(template: Path, rows: int, marks: int) -> None:
    context = Context(rows=tuple(Row(figure(f"甲{n}"), figure(f"乙{n}")) for n in range(rows)))
    tags = [value(one, "tag") for one in controls(marked(template, context))]
    in_rows = [tag for tag in tags if tag.startswith("rows")]
    assert len(in_rows) == marks
    assert len({re.sub(r"\.\w+$", "", tag) for tag in in_rows}) == rows


def test_names_and_keys_fit_what_word_allows() -> None:
    key = "a" * 100
    assert alias("名称", "rows[3].amount") == "名称|rows[3].amount"
    assert alias("名" * 100, "rows[3].amount").endswith("名|rows[3].amount")
    assert tag(key) == "…" + "a" * 63
    assert all(len(alias(name, k)) <= LONGEST for name in ("名", "名" * 90) for k in (key, "k"))


def test_awkward_values_stand_in_their_marks_as_they_are(
    template: Path, validate_ooxml: Callable[[Path], None]
) -> None:
    context = Context(amount=figure("<甲> & {{ 7*7 }}\n二\t三", '名"称"<|>'))
    path = template.with_name("made.docx")
    path.write_bytes(marked(template, context))
    validate_ooxml(path)
    control = next(controls(path.read_bytes()))
    assert (value(control, "alias"), text(control)) == ('名"称"< >|amount', "<甲> & {{ 7*7 }}二三")
    assert len(list(control.iter(f"{W}br"))) == len(list(control.iter(f"{W}tab"))) == 1


@EVERY_KIND
def test_every_figure_is_marked_or_stands_in_a_marked_row(kind: Kind) -> None:
    document, _ = made(kind, makeable(kind)[0])
    tags = {value(one, "tag") for one in controls(document)}
    rows = {tag.rpartition("]")[0] for tag in tags if "]" in tag}
    unmarked = [key for key in document.printed if key not in tags]
    assert [key for key in unmarked if not (key.rpartition("]")[0] in rows and "]" in key)] == []


@EVERY_KIND
def test_without_marks_nothing_of_them_is_left(kind: Kind) -> None:
    for root in stories(made(kind, makeable(kind)[0])[0]).values():
        said = text(root)
        assert text(without_marks(root)) == said
        assert not [s for s in root.iter(f"{W}bookmarkStart") if "fig_" in s.get(f"{W}name", "")]
        assert not list(root.iter(f"{W}sdt"))


class Noting(PdfPool):
    """Takes note of what LibreOffice would be given."""

    def __init__(self) -> None:
        super().__init__("no program", processes=1)
        self.given: list[bytes] = []

    def convert(self, document: bytes, *, pdf: bool = True) -> Conversion:
        self.given.append(document)
        raise OfficeError(say("nothing is converted"))


@EVERY_KIND
def test_what_is_counted_and_printed_has_no_marks(kind: Kind) -> None:
    document, pool = made(kind, makeable(kind)[0])[0], Noting()
    for work in (
        lambda: Printer(pool).print(document),
        lambda: Printer(pool).count(Package.of(document)),
    ):
        with pytest.raises(OfficeError, match="nothing is converted"):
            work()
    assert list(controls(document))
    for given in pool.given:
        assert not list(controls(given))
        assert not any(b"fig_" in part for part in Package.of(given).parts.values())


def test_a_document_without_marks_is_printed_as_it_is(template: Path) -> None:
    package = Package.read(template)
    assert unmarked(package) is package


def test_an_identity_number_is_in_no_name(template: Path) -> None:
    private = Figure("身份证号", "1", "999999199001011234", Line("staff.xlsx"), private=True)
    document = marked(template, Context(amount=private))  # type: ignore[arg-type]
    control = next(controls(document))
    assert "1101" not in value(control, "alias") + value(control, "tag")
