"""Charts are Word's own: their values are in the chart and in a workbook behind it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from drawn import CHART
from lxml import etree

from deliverables.docx.render import Properties, Stamp, render
from deliverables.docx.style import REPORT, blank
from deliverables.model.content import Chart, ChartForm, Series

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PROPERTIES = Properties(
    title="报告", subject="报告", contract_number="HT-1", creator="乙方", made_on=date(2026, 11, 2)
)


@dataclass(frozen=True)
class Context:
    one: Chart
    two: Chart


@dataclass(frozen=True)
class Row:
    chart: Chart


@dataclass(frozen=True)
class Rows:
    rows: tuple[Row, ...]


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., Path]:
    """Makes a document with a chart, and another below it."""

    def draw(chart: Chart, other: Chart = CHART) -> Path:
        document = blank(REPORT)
        document.add_paragraph("{{ one }}")
        document.add_paragraph("之间")
        document.add_paragraph("{{ two }}")
        document.save(str(tmp_path / "report.docx"))
        made = tmp_path / "made.docx"
        stamp = Stamp(draft=False, sample=False)
        made.write_bytes(render(tmp_path / "report.docx", Context(chart, other), stamp, PROPERTIES))
        return made

    return draw


def chart_part(document: Path) -> etree._Element:
    with zipfile.ZipFile(document) as archive:
        return etree.fromstring(archive.read("word/charts/chart1.xml"))


def workbook(document: Path) -> openpyxl.Workbook:
    with zipfile.ZipFile(document) as archive:
        return openpyxl.load_workbook(BytesIO(archive.read("word/embeddings/chart1.xlsx")))


def of_form(form: ChartForm, **changes: object) -> Chart:
    chart = replace(
        CHART,
        form=form,
        unit="件",
        series=(
            Series("咨询", (12, 20, 30)),
            Series("变更", (5, None, 7)),
            Series("故障", (1, 2, 3)),
            Series("权限", (4, 4, 4)),
        ),
        threshold=None,
        number_format="#,##0",
    )
    return replace(chart, **changes)  # type: ignore[arg-type]


FORMS = [
    CHART,
    of_form(ChartForm.COLUMNS),
    of_form(ChartForm.STACKED),
    of_form(ChartForm.LINES, threshold=Series("上限", (25, 25, 25))),
    of_form(ChartForm.LINES),
    of_form(ChartForm.BARS),
    of_form(ChartForm.BARS, threshold=Series("上限", (25, 25, 25))),
    of_form(ChartForm.STACKED, threshold=Series("上限", (25, None, 30)), unit=""),
]


def test_every_form_is_valid_and_drawn(
    tmp_path: Path,
    validate_ooxml: Callable[[Path], None],
    to_pdf: Callable[[Path, Path], Path],
    pdf_pages_text: Callable[[Path], list[str]],
) -> None:
    document = blank(REPORT)
    for text in ("{%p for row in rows %}", "{{ row.chart }}", "{%p endfor %}"):
        document.add_paragraph(text)
    document.save(str(tmp_path / "report.docx"))
    made = tmp_path / "made.docx"
    gallery = Rows(tuple(Row(chart) for chart in FORMS))
    stamp = Stamp(draft=False, sample=False)
    made.write_bytes(render(tmp_path / "report.docx", gallery, stamp, PROPERTIES))
    validate_ooxml(made)
    text = "".join("".join(pdf_pages_text(to_pdf(made, tmp_path))).split())
    assert "可用性&其他" in text
    for name in ("咨询", "变更", "故障", "权限"):
        assert text.count(name) == len(FORMS) - 1
    assert text.count("上限") == 3


def test_values_are_cached_and_holes_left_open(drawn: Callable[..., Path]) -> None:
    root = chart_part(drawn(CHART))
    values = root.find(f".//{C}barChart/{C}ser/{C}val/{C}numRef")
    assert values is not None
    assert values.findtext(f"{C}f") == "Sheet1!$B$2:$B$4"
    cache = values.find(f"{C}numCache")
    assert cache is not None
    assert cache.find(f"{C}ptCount").get("val") == "3"
    points = {point.get("idx"): point.findtext(f"{C}v") for point in cache.iter(f"{C}pt")}
    assert points == {"0": "99.9712", "2": "99.99"}
    assert root.find(f".//{C}dispBlanksAs").get("val") == "gap"


def test_the_workbook_holds_what_the_chart_shows(drawn: Callable[..., Path]) -> None:
    rows = list(workbook(drawn(CHART)).active.values)
    assert rows == [
        (None, "可用性 & 其他", "合同要求 99.9 %"),
        ("7月", 99.9712, 99.9),
        ("8月", None, 99.9),
        ("9月", 99.99, 99.9),
    ]


def test_text_that_looks_like_a_formula_is_text(drawn: Callable[..., Path]) -> None:
    chart = of_form(ChartForm.COLUMNS, categories=("=1+1", "+2", "@x"))
    cells = workbook(drawn(chart)).active["A"][1:]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"), ("+2", "s"), ("@x", "s"),
    ]  # fmt: skip


def test_the_threshold_is_a_dashed_line_whose_legend_tells_its_value(
    drawn: Callable[..., Path],
) -> None:
    line = chart_part(drawn(CHART)).find(f".//{C}lineChart/{C}ser")
    assert line is not None
    assert line.findtext(f".//{C}tx//{C}v") == "合同要求 99.9 %"
    assert line.find(f".//{A}prstDash").get("val") == "dash"
    assert line.find(f"{C}marker/{C}symbol").get("val") == "none"


def test_series_differ_without_colour(drawn: Callable[..., Path]) -> None:
    columns = chart_part(drawn(of_form(ChartForm.COLUMNS))).findall(f".//{C}ser/{C}spPr")
    fills = [etree.tostring(look[0]).decode() for look in columns]
    patterns = [look[0].get("prst") for look in columns]
    assert len(set(fills)) == 4
    assert patterns == [None, "wdUpDiag", None, "smGrid"]
    lines = chart_part(drawn(of_form(ChartForm.LINES))).findall(f".//{C}ser")
    markers = [line.find(f"{C}marker/{C}symbol").get("val") for line in lines]
    assert len(set(markers)) == 4


def test_axes_are_kept_and_lines_are_straight(drawn: Callable[..., Path]) -> None:
    root = chart_part(drawn(of_form(ChartForm.LINES)))
    assert {flag.get("val") for flag in root.iter(f"{C}delete")} == {"0"}
    assert {flag.get("val") for flag in root.iter(f"{C}smooth")} == {"0"}


def test_an_axis_starts_at_zero_and_a_share_ends_at_the_whole(drawn: Callable[..., Path]) -> None:
    scaling = chart_part(drawn(CHART)).find(f".//{C}valAx/{C}scaling")
    assert scaling is not None
    assert (scaling.find(f"{C}min").get("val"), scaling.find(f"{C}max").get("val")) == (
        "0",
        "100",
    )


def test_alternative_text_and_numbers_are_those_of_each_chart(drawn: Callable[..., Path]) -> None:
    body = docx.Document(str(drawn(CHART, of_form(ChartForm.BARS, description="另一\n幅")))).element
    assert body.xpath("//wp:docPr/@descr") == ['三个月的可用性："A" & B', "另一 幅"]
    assert body.xpath("//wp:docPr/@name") == ["各月 <可用性>"] * 2
    assert body.xpath("//wp:docPr/@id") == ["1", "2"]


def test_nothing_but_the_drawing_is_left_in_its_paragraph(drawn: Callable[..., Path]) -> None:
    paragraph = docx.Document(str(drawn(CHART))).paragraphs[0]
    assert len(paragraph._p.r_lst) == 1


def test_the_same_chart_gives_the_same_bytes(drawn: Callable[..., Path]) -> None:
    assert drawn(CHART).read_bytes() == drawn(CHART).read_bytes()


def test_a_series_with_too_few_values_is_a_mistake_of_ours(drawn: Callable[..., Path]) -> None:
    with pytest.raises(ValueError, match="not one value per category"):
        drawn(of_form(ChartForm.LINES, series=(Series("短", (1,)),)))
