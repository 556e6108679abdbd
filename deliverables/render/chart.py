"""Charts that Word owns: a chart part with its values, a workbook behind it, a place in the text.

Word shows what the caches hold and offers "edit data"; nothing is a picture.
"""

from __future__ import annotations

from lxml import etree

from deliverables.model.chart import Chart, ChartForm
from deliverables.render.chart_markup import chart_markup
from deliverables.render.chart_workbook import chart_workbook, plotted
from deliverables.render.escaping import attribute, escape
from deliverables.render.package import Package
from deliverables.render.place import W

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_CHART = f".//{{{_DRAWING}/chart}}chart"
_WIDTH_MM, _HEIGHT_MM = 154, 72
_LYING_FRAME_MM, _LYING_BAR_MM = 26, 9
_EMU_PER_MM = 36000

DATA = "rId1"
"""The relation of a chart to its workbook, the only one it has."""


class Gallery:
    """The charts of one part of a document, drawn where its template names them."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part

    def draw(self, chart: Chart) -> str:
        """Add the chart to the package; return markup that takes the place of its tag's text."""
        name, workbook, relation = make_room(self._package, self._part)
        self._package.parts[workbook] = chart_workbook(chart)
        self._package.parts[name] = chart_markup(chart, DATA).encode()
        drawn = drawing(chart, relation, "1")
        return f'</w:t></w:r><w:r>{drawn}</w:r><w:r><w:t xml:space="preserve">'


def hang(root: etree._Element) -> None:
    """Remove the empty runs that the tags of charts leave on either side."""
    for drawing in drawings_of_charts(root):
        run = drawing.getparent()
        if run is None:
            continue
        for beside in (run.getprevious(), run.getnext()):
            if beside is not None and is_empty(beside):
                paragraph = beside.getparent()
                assert paragraph is not None  # noqa: S101  # it has a sibling
                paragraph.remove(beside)


def drawings_of_charts(root: etree._Element) -> list[etree._Element]:
    """Return the drawings of a story that show charts."""
    return [drawing for drawing in root.iter(f"{W}drawing") if drawing.find(_CHART) is not None]


def make_room(package: Package, part: str) -> tuple[str, str, str]:
    """Add the parts of one more chart, empty yet, to a package; a part's relation points to it.

    Return the names of the chart and of its workbook, and the relation.
    """
    name = package.free_name("word/charts/chart{}.xml")
    number = name.removeprefix("word/charts/chart").removesuffix(".xml")
    workbook = f"word/embeddings/chart{number}.xlsx"
    package.add(workbook, b"", _WORKBOOK_TYPE)
    package.relate(name, "package", workbook)
    package.add(name, b"", _CHART_TYPE)
    return name, workbook, package.relate(part, "chart", name)


def is_empty(run: etree._Element) -> bool:
    """Return whether a run shows nothing at all."""
    return run.tag == f"{W}r" and all(
        child.tag == f"{W}rPr" or (child.tag == f"{W}t" and not child.text) for child in run
    )


def drawing(chart: Chart, relation: str, number: str) -> str:
    """Return the place in the text that shows the chart which the relation points to."""
    height = _height(chart)
    name, described = (
        attribute(" ".join(text.split())) for text in (chart.title, chart.description)
    )
    return (
        f'<w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0"'
        f' distL="0" distR="0"><wp:extent cx="{_WIDTH_MM * _EMU_PER_MM}"'
        f' cy="{height * _EMU_PER_MM}"/><wp:docPr id="{number}" name={name}'
        f" descr={described}/><wp:cNvGraphicFramePr/>"
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/chart">'
        f'<c:chart xmlns:c="{_DRAWING}/chart"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        f' r:id="{escape(relation)}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def _height(chart: Chart) -> int:
    if chart.form is not ChartForm.BARS:
        return _HEIGHT_MM
    bars = len(chart.categories) * len(plotted(chart))
    return _LYING_FRAME_MM + bars * _LYING_BAR_MM
