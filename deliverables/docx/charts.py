"""Charts that Word owns: a chart part with its values, a workbook behind it, a place in the text.

Word shows what the caches hold and offers "edit data"; nothing is a picture. The house colours are
told apart in black and white by pattern and dash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from deliverables.docx.package import (
    DRAWING,
    RELATIONSHIPS,
    Member,
    Package,
    archive,
    pack_with_zlib,
)
from deliverables.docx.style import (
    ATTENTION,
    GREY,
    INK,
    LATIN,
    MUTED,
    PRIMARY,
    RULE,
    SECONDARY,
    SONG,
)
from deliverables.docx.text import attribute, escape, printable
from deliverables.model.content import Chart, ChartForm, Series
from deliverables.read.reach import letters_of

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH_MM, _HEIGHT_MM = 154, 65
_LINE_MM = 4
"""What a further line of the names below takes from the columns, and the chart gets back."""
_LYING_FRAME_MM, _LYING_BAR_MM = 26, 7
_EMU_PER_MM = 36000

DATA = "rId1"
"""The relation of a chart to its workbook, the only one it has."""


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


def drawing(chart: Chart, relation: str, number: str) -> str:
    """Return the place in the text that shows the chart which the relation points to."""
    for text in (chart.unit, *chart.categories, *(one.name for one in plotted(chart))):
        printable(text)
    height = _height(chart)
    name, described = (
        attribute(" ".join(printable(text).split())) for text in (chart.title, chart.description)
    )
    return (
        f'<w:drawing><wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing" distT="0" distB="0"'
        f' distL="0" distR="0"><wp:extent cx="{_WIDTH_MM * _EMU_PER_MM}"'
        f' cy="{height * _EMU_PER_MM}"/><wp:docPr id="{number}" name={name}'
        f" descr={described}/><wp:cNvGraphicFramePr/>"
        f'<a:graphic xmlns:a="{DRAWING}/main"><a:graphicData uri="{DRAWING}/chart">'
        f'<c:chart xmlns:c="{DRAWING}/chart" xmlns:r="{RELATIONSHIPS}" r:id="{escape(relation)}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _height(chart: Chart) -> int:
    if chart.form is not ChartForm.BARS:
        lines = max((name.count("\n") for name in chart.categories), default=0)
        return _HEIGHT_MM + lines * _LINE_MM
    bars = len(chart.categories) * len(plotted(chart))
    return _LYING_FRAME_MM + bars * _LYING_BAR_MM


# What the chart part holds

_CATEGORIES, _VALUES = 111111111, 222222222
_LABEL_SIZE = 900
_MOST_LABELS = 12
_WHOLE = Decimal(100)
_LINE_EMU = 22225

_PAPER = "FFFFFF"


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def _pattern(name: str, colour: str) -> str:
    return (
        f'<a:pattFill prst="{name}"><a:fgClr><a:srgbClr val="{colour}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{_PAPER}"/></a:bgClr></a:pattFill>'
    )


_FILLS = (
    _solid(PRIMARY),
    _pattern("wdUpDiag", SECONDARY),
    _solid(RULE),
    _pattern("smGrid", ATTENTION),
    _solid(_PAPER),
    _pattern("dkHorz", GREY),
)
_EDGES = (PRIMARY, SECONDARY, GREY, ATTENTION, INK, GREY)
_STROKES = (
    (PRIMARY, "solid", "circle"),
    (SECONDARY, "sysDash", "square"),
    (GREY, "solid", "triangle"),
    (INK, "sysDot", "diamond"),
    (SECONDARY, "lgDash", "x"),
    (GREY, "dashDot", "circle"),
)


def chart_markup(chart: Chart, data: str) -> str:
    """Return the chart part; `data` is its relationship to the workbook."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{DRAWING}/chart" xmlns:a="{DRAWING}/main"'
        f' xmlns:r="{RELATIONSHIPS}">'
        '<c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/>'
        f"<c:chart>{_unit(chart)}<c:plotArea><c:layout/>{_plots(chart)}{_axes(chart)}"
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
        f'{_legend(chart)}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text()}"
        f'<c:externalData r:id="{escape(data)}"><c:autoUpdate val="0"/></c:externalData>'
        "</c:chartSpace>"
    )


def _unit(chart: Chart) -> str:
    """Return the unit at the upper left, where Chinese reports print it; the caption is text."""
    if not chart.unit:
        return '<c:autoTitleDeleted val="1"/>'
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr>{_letters('defRPr', MUTED)}</a:pPr>"
        f"<a:r>{_letters('rPr', MUTED, language=True)}<a:t>单位：{escape(chart.unit)}</a:t></a:r>"
        "</a:p>"
        '</c:rich></c:tx><c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/>'
        '<c:x val="0.01"/><c:y val="0.01"/></c:manualLayout></c:layout><c:overlay val="0"/>'
        '</c:title><c:autoTitleDeleted val="0"/>'
    )


def _plots(chart: Chart) -> str:
    count = len(chart.series)
    lines: Sequence[int] = range(count) if chart.form is ChartForm.LINES else ()
    bars = [] if lines else list(range(count))
    series = plotted(chart)
    threshold = chart.threshold is not None
    drawn = ""
    if chart.form is ChartForm.BARS and threshold:
        bars.append(count)  # a line cannot run across lying bars: the threshold is an open bar
    if bars:
        drawn += _bar_plot(chart, [(index, series[index]) for index in bars])
    in_lines = [*lines, count] if threshold and count not in bars else list(lines)
    if in_lines:
        drawn += _line_plot(chart, [(index, series[index]) for index in in_lines])
    return drawn


def _bar_plot(chart: Chart, series: Sequence[tuple[int, Series]]) -> str:
    direction = "bar" if chart.form is ChartForm.BARS else "col"
    stacked = chart.form is ChartForm.STACKED
    drawn = "".join(_bars(chart, index, one) for index, one in series)
    overlap = 100 if stacked else -5
    gap = 60 if len(series) > 1 and not stacked else 140
    return (
        f'<c:barChart><c:barDir val="{direction}"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>{drawn}'
        f'<c:gapWidth val="{gap}"/><c:overlap val="{overlap}"/>{_AXES_USED}</c:barChart>'
    )


def _bars(chart: Chart, index: int, series: Series) -> str:
    fill, edge = _FILLS[index % len(_FILLS)], _EDGES[index % len(_EDGES)]
    line = f'<a:ln w="9525">{_solid(edge)}</a:ln>'
    if index >= len(chart.series):
        fill, line = "<a:noFill/>", _stroke(ATTENTION, "dash", 15875)
    return (
        f"<c:ser>{_name(index, series)}<c:spPr>{fill}{line}</c:spPr>"
        f'<c:invertIfNegative val="0"/>{_labels(chart, "outEnd")}{_data(chart, index, series)}'
        "</c:ser>"
    )


def _line_plot(chart: Chart, series: Sequence[tuple[int, Series]]) -> str:
    drawn = "".join(_line(chart, index, one) for index, one in series)
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{drawn}'
        f'<c:marker val="1"/>{_AXES_USED}</c:lineChart>'
    )


def _line(chart: Chart, index: int, series: Series) -> str:
    if index >= len(chart.series):
        look = f"<c:spPr>{_stroke(ATTENTION, 'dash', 19050)}</c:spPr>"
        look += '<c:marker><c:symbol val="none"/></c:marker>'
        labels = ""
    else:
        colour, dash, symbol = _STROKES[index % len(_STROKES)]
        look = f"<c:spPr>{_stroke(colour, dash, _LINE_EMU)}</c:spPr>{_marker(colour, symbol)}"
        labels = _labels(chart, "t")
    return (
        f"<c:ser>{_name(index, series)}{look}{labels}{_data(chart, index, series)}"
        '<c:smooth val="0"/></c:ser>'
    )


def _stroke(colour: str, dash: str, width: int) -> str:
    return (
        f'<a:ln w="{width}" cap="flat">{_solid(colour)}<a:prstDash val="{dash}"/><a:round/></a:ln>'
    )


def _marker(colour: str, symbol: str) -> str:
    return (
        f'<c:marker><c:symbol val="{symbol}"/><c:size val="6"/><c:spPr>{_solid(colour)}'
        f'<a:ln w="9525">{_solid(colour)}</a:ln></c:spPr></c:marker>'
    )


def _name(index: int, series: Series) -> str:
    cell = f"{SHEET}!${letters_of(index + 2)}$1"
    return (
        f'<c:idx val="{index}"/><c:order val="{index}"/><c:tx><c:strRef><c:f>{cell}</c:f>'
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(series.name)}</c:v></c:pt>'
        "</c:strCache></c:strRef></c:tx>"
    )


def _data(chart: Chart, index: int, series: Series) -> str:
    last = len(chart.categories) + 1
    letter = letters_of(index + 2)
    categories = _points(chart.categories)
    values = _points([None if value is None else str(value) for value in series.values])
    return (
        f"<c:cat><c:strRef><c:f>{SHEET}!$A$2:$A${last}</c:f><c:strCache>{categories}"
        "</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{SHEET}!${letter}$2:${letter}${last}</c:f><c:numCache>"
        f"<c:formatCode>{escape(chart.number_format)}</c:formatCode>{values}"
        "</c:numCache></c:numRef></c:val>"
    )


def _points(texts: Sequence[str | None]) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{escape(text)}</c:v></c:pt>'
        for place, text in enumerate(texts)
        if text is not None
    )
    return f'<c:ptCount val="{len(texts)}"/>{points}'


def _labels(chart: Chart, position: str) -> str:
    """Return values beside the points where they are few enough to be read."""
    few = len(chart.categories) * len(chart.series) <= _MOST_LABELS
    if chart.form is ChartForm.STACKED or not few:
        return ""
    if chart.form is ChartForm.LINES and len(chart.series) > 1:
        return ""
    return (
        f'<c:dLbls><c:numFmt formatCode={attribute(chart.number_format)} sourceLinked="0"/>'
        f"{_LABEL_GROUND}{_text()}"
        f'<c:dLblPos val="{position}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
    )


_LABEL_GROUND = f"<c:spPr>{_solid(_PAPER)}<a:ln><a:noFill/></a:ln></c:spPr>"
"""White behind a value keeps it legible where a grid line or the threshold crosses it."""

_AXES_USED = f'<c:axId val="{_CATEGORIES}"/><c:axId val="{_VALUES}"/>'


def _axes(chart: Chart) -> str:
    lying = chart.form is ChartForm.BARS
    order = "maxMin" if lying else "minMax"
    return (
        f'<c:catAx><c:axId val="{_CATEGORIES}"/>'
        f'<c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"l" if lying else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln w="9525">{_solid(GREY)}</a:ln></c:spPr>'
        f'{_text(_LEVEL_TEXT)}<c:crossAx val="{_VALUES}"/><c:crosses val="autoZero"/>'
        '<c:auto val="0"/>'
        '<c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="{_VALUES}"/><c:scaling><c:orientation val="minMax"/>{_range(chart)}'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{"b" if lying else "l"}"/>'
        f'<c:majorGridlines><c:spPr><a:ln w="3175">{_solid(RULE)}</a:ln></c:spPr>'
        "</c:majorGridlines>"
        f'<c:numFmt formatCode={attribute(chart.number_format)} sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_text()}"
        f'<c:crossAx val="{_CATEGORIES}"/><c:crosses val="{"max" if lying else "autoZero"}"/>'
        '<c:crossBetween val="between"/></c:valAx>'
    )


def _range(chart: Chart) -> str:
    """Return that zero starts the value axis and, for shares that come near, that 100 % ends it.

    Left to itself, Word starts it higher where all values are alike.
    """
    values = [value for one in plotted(chart) for value in one.values if value is not None]
    near = bool(values) and _WHOLE / 2 < max(values) <= _WHOLE
    top = '<c:max val="100"/>' if chart.unit == "%" and near else ""
    return f'{top}<c:min val="0"/>'


def _legend(chart: Chart) -> str:
    if len(plotted(chart)) == 1:
        return ""
    return f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_text()}</c:legend>'


_LEVEL_TEXT = ' rot="0" vert="horz"'
"""Names of categories break into lines; turned, they would take the height of the columns."""


def _text(direction: str = "") -> str:
    return (
        f"<c:txPr><a:bodyPr{direction}/><a:lstStyle/><a:p><a:pPr>{_letters('defRPr', INK)}</a:pPr>"
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _letters(tag: str, colour: str, *, language: bool = False) -> str:
    spoken = ' lang="zh-CN"' if language else ""
    return (
        f'<a:{tag}{spoken} sz="{_LABEL_SIZE}" b="0">{_solid(colour)}'
        f'<a:latin typeface="{LATIN}"/><a:ea typeface="{SONG}"/></a:{tag}>'
    )


# The workbook behind it: what Word opens for "edit data"

SHEET = "Sheet1"
_LEVEL = 6
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def plotted(chart: Chart) -> tuple[Series, ...]:
    """Return the series in the order of their columns: the threshold last, named with its value."""
    series = chart.series
    if chart.threshold is not None:
        series = (*series, Series(_threshold_name(chart), chart.threshold.values))
    for one in series:
        if len(one.values) != len(chart.categories):
            raise ValueError(f"{chart.title}: {one.name} has not one value per category")
    return series


def chart_workbook(chart: Chart) -> bytes:
    """Return an .xlsx with categories in column A and a column for each series."""
    return archive((*_frame(), _packed("xl/worksheets/sheet1.xml", _sheet(chart))))


@cache
def _frame() -> tuple[Member, ...]:
    return tuple(_packed(name, content) for name, content in _FRAME)


def _packed(name: str, content: str) -> Member:
    """Pack with zlib on every machine: these bytes are content of the document around them."""
    return pack_with_zlib(name, (_DECLARATION + content).encode(), _LEVEL)


def _threshold_name(chart: Chart) -> str:
    if chart.threshold is None:
        return ""
    values = {value for value in chart.threshold.values if value is not None}
    value = f"{next(iter(values)):,}" if len(values) == 1 else ""
    if not value or value in chart.threshold.name:
        return chart.threshold.name
    return f"{chart.threshold.name} {value} {chart.unit}".rstrip()


def _sheet(chart: Chart) -> str:
    rows = "".join(
        f'<row r="{number}">{"".join(cells)}</row>' for number, cells in enumerate(_cells(chart), 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _cells(chart: Chart) -> Iterator[list[str]]:
    series = plotted(chart)
    yield [_text_cell(f"{letters_of(place)}1", one.name) for place, one in enumerate(series, 2)]
    for index, category in enumerate(chart.categories):
        row = index + 2
        yield [_text_cell(f"A{row}", category)] + [
            f'<c r="{letters_of(place)}{row}"><v>{one.values[index]}</v></c>'
            for place, one in enumerate(series, 2)
            if one.values[index] is not None
        ]


def _text_cell(reference: str, text: str) -> str:
    return (
        f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    )


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    f' ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>'
)
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{RELATIONSHIPS}"><sheets>'
    f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def _relationship(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{RELATIONSHIPS}/{kind}" Target="{target}"/></Relationships>'
    )


_FRAME = (
    ("[Content_Types].xml", _TYPES),
    ("_rels/.rels", _relationship("officeDocument", "xl/workbook.xml")),
    ("xl/workbook.xml", _WORKBOOK),
    ("xl/_rels/workbook.xml.rels", _relationship("worksheet", "worksheets/sheet1.xml")),
)
