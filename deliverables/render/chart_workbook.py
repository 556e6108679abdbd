"""The workbook behind a chart: what Word opens for "edit data"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from deliverables.model.chart import Chart, Series
from deliverables.render.escaping import escape
from deliverables.render.packing import Member, archive, pack_with_zlib

SHEET = "Sheet1"
_LEVEL = 6
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
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


def column(number: int) -> str:
    """Return the letters of a column counted from 0: A, B … Z, AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


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
    yield [_text(f"{column(place)}1", one.name) for place, one in enumerate(series, 1)]
    for index, category in enumerate(chart.categories):
        row = index + 2
        yield [_text(f"A{row}", category)] + [
            f'<c r="{column(place)}{row}"><v>{one.values[index]}</v></c>'
            for place, one in enumerate(series, 1)
            if one.values[index] is not None
        ]


def _text(reference: str, text: str) -> str:
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
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def _relationship(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


_FRAME = (
    ("[Content_Types].xml", _TYPES),
    ("_rels/.rels", _relationship("officeDocument", "xl/workbook.xml")),
    ("xl/workbook.xml", _WORKBOOK),
    ("xl/_rels/workbook.xml.rels", _relationship("worksheet", "worksheets/sheet1.xml")),
)
