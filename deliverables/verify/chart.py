"""What a chart of a document says: its words, axes, series, and the workbook behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from lxml import etree

from deliverables.model.content import Chart, ChartForm, Series
from deliverables.verify.package import A, C, Flaw, OpenedPackage, UnreadableDocumentError, natural

_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MOST_CELLS: Final = 100_000
_EXCEL_DIGITS: Final = 15


def chart_texts(package: OpenedPackage, part: str) -> tuple[str, ...]:
    """Return what a chart says: form, words, limits of axes, categories, series, its workbook."""
    root = package.xml(part)
    plots = [plot for area in root.iter(f"{C}plotArea") for plot in area
             if str(plot.tag).endswith("Chart")]  # fmt: skip
    series = [one for plot in plots for one in plot.iter(f"{C}ser")]
    categories = dict.fromkeys(" ".join(_points(one.find(f"{C}cat"))) for one in series)
    return (
        " + ".join(map(_plot_form, plots)),
        " ".join(_words(root) + _overlaid(package, part)),
        "; ".join(_limits(root)),
        " / ".join(categories),
        *(f"{' '.join(_points(one.find(f'{C}tx')))}: {' '.join(_points(one.find(f'{C}val')))}"
          for one in series),
        _workbook(package, part),
    )  # fmt: skip


def _plot_form(plot: etree._Element) -> str:
    said = [plot.tag.rpartition("}")[2].removesuffix("Chart")]
    for name in ("barDir", "grouping"):
        found = plot.find(f"{C}{name}")
        said += [] if found is None else [found.get("val", "")]
    return " ".join(said)


def _words(root: etree._Element) -> list[str]:
    return [one.text for one in root.iter(f"{A}t") if one.text and one.text.strip()]


def _overlaid(package: OpenedPackage, part: str) -> list[str]:
    """Return the words that are drawn over a chart."""
    shapes = package.related(part, "chartUserShapes")
    return [word for shape in shapes for word in _words(package.xml(shape))]


def _limits(root: etree._Element) -> Iterator[str]:
    """Yield what is said of the axes: which way they run, limits, how numbers are written."""
    for axis in root.iter(f"{C}catAx", f"{C}dateAx", f"{C}valAx"):
        scaling = axis.find(f"{C}scaling")
        for name in ("orientation", "min", "max", "logBase"):
            found = None if scaling is None else scaling.find(f"{C}{name}")
            said = "" if found is None else plain_number(found.get("val", ""))
            if said not in ("", "minMax"):
                yield said if name == "orientation" else f"{name} {said}"
        form = axis.find(f"{C}numFmt")
        if form is not None and axis.tag == f"{C}valAx":
            yield form.get("formatCode", "")
    for labels in root.iter(f"{C}dLbls"):
        form = labels.find(f"{C}numFmt")
        if form is not None:
            yield f"labels {form.get('formatCode', '')}"


def _points(data: etree._Element | None) -> list[str]:
    if data is None:
        return []
    points = {
        natural(one.get("idx", "0")): one.findtext(f"{C}v", "") for one in data.iter(f"{C}pt")
    }
    single = data.findtext(f"{C}v", "")
    counted = data.find(f".//{C}ptCount")
    count = natural(counted.get("val", "0")) if counted is not None else 0
    shown = [
        plain_number(points.get(at, "—")) for at in range(min(max(count, len(points)), _MOST_CELLS))
    ]
    return shown or ([single] if single else [])


def plain_number(text: str) -> str:
    """Return a number as all programs would write it, to 15 digits; any other text as it is."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return format(Decimal(f"{number:.{_EXCEL_DIGITS}g}").normalize(), "f")


def _workbook(package: OpenedPackage, part: str) -> str:
    """Return the cells of a chart's workbook, row by row, for all that a program may repack."""
    books = package.related(part, "package")
    if not books:
        return ""
    try:
        cells = workbook_cells(package.content(books[0]))
    except (UnreadableDocumentError, KeyError, IndexError, ValueError, StopIteration):
        return "?"
    return " ".join(f"{cell}={value}" for (_, cell), value in sorted(cells.items()) if value)


_RANGE: Final = re.compile(
    r"'?(?P<sheet>.*?)'?!\$?(?P<left>[A-Z]+)\$?(?P<top>\d+)"
    r"(?::\$?(?P<right>[A-Z]+)\$?(?P<bottom>\d+))?"
)


def chart_flaws(package: OpenedPackage, part: str) -> Iterator[Flaw]:
    """Yield the values of a chart that differ from the cells it refers to."""
    books = package.related(part, "package")
    if not books:
        return
    try:
        cells = workbook_cells(package.content(books[0]))
    except (UnreadableDocumentError, KeyError, IndexError, ValueError, StopIteration):
        yield Flaw("chart-data", part, "?")
        return
    for reference in package.xml(part).iter(f"{C}numRef", f"{C}strRef"):
        shown = {natural(point.get("idx", "0")): plain_number(point.findtext(f"{C}v", ""))
                 for point in reference.iter(f"{C}pt")}  # fmt: skip
        for index, address in enumerate(_addresses(reference.findtext(f"{C}f", ""))):
            held, printed = cells.get(address, ""), shown.get(index, "")
            if held != printed:
                yield Flaw(
                    "chart-data", part, f"{'!'.join(address)} {held or '—'} ≠ {printed or '—'}"
                )


def _addresses(formula: str) -> Iterator[tuple[str, str]]:
    found = _RANGE.fullmatch(formula)
    if found is None:
        return
    left, top = _column(found["left"]), int(found["top"])
    right, bottom = _column(found["right"] or found["left"]), int(found["bottom"] or top)
    if (right - left + 1) * (bottom - top + 1) <= _MOST_CELLS:
        for row in range(top, bottom + 1):
            yield from ((found["sheet"], f"{_letters(column)}{row}")
                        for column in range(left, right + 1))  # fmt: skip


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


@lru_cache(64)
def workbook_cells(workbook: bytes) -> Mapping[tuple[str, str], str]:
    """Return the values of all cells of a workbook as text, by sheet and address."""
    package = OpenedPackage.of(workbook)
    main = package.main
    strings = package.related(main, "sharedStrings")
    shared = [_string(item) for item in package.xml(strings[0]).iter(f"{_S}si")] if strings else []
    cells: dict[tuple[str, str], str] = {}
    for sheet in package.xml(main).iter(f"{_S}sheet"):
        link = next(value for name, value in sheet.attrib.items() if str(name).endswith("}id"))
        for cell in package.xml(package.relations(main)[str(link)].target).iter(f"{_S}c"):
            value = cell.findtext(f"{_S}v", "")
            if cell.get("t") == "s":
                value = shared[int(value)]
            elif cell.get("t") == "inlineStr":
                value = _string(cell)
            cells[sheet.get("name", ""), cell.get("r", "")] = plain_number(value)
    return cells


def _string(item: etree._Element) -> str:
    return "".join(text.text or "" for text in item.iter(f"{_S}t"))


def chart_said(chart: Chart) -> tuple[str, ...]:
    """Return what a document says that shows the chart, without its workbook."""
    lying, lines = chart.form is ChartForm.BARS, chart.form is ChartForm.LINES
    grouping = "stacked" if chart.form is ChartForm.STACKED else "clustered"
    forms = ["line standard"] if lines else [f"bar {'bar' if lying else 'col'} {grouping}"]
    series = [(one.name, one.values) for one in chart.series]
    if chart.threshold is not None:
        series.append((_threshold_name(chart, chart.threshold), chart.threshold.values))
        forms += [] if lines or lying else ["line standard"]
    shown = [value for _, values in series for value in values if value is not None]
    limits = ["maxMin", "min 0"] if lying else ["min 0"]
    if chart.unit == "%" and shown and _HALF < max(shown) <= 2 * _HALF:
        limits.append("max 100")
    limits.append(chart.number_format)
    return (
        " + ".join(forms),
        f"单位：{chart.unit}" if chart.unit else "",
        "; ".join(limits),
        " ".join(map(plain_number, chart.categories)),
        *(f"{name}: {' '.join('—' if one is None else plain_number(str(one)) for one in values)}"
          for name, values in series),
    )  # fmt: skip


_HALF: Final = 50


def _threshold_name(chart: Chart, threshold: Series) -> str:
    """Return what the legend calls the threshold: its name with its value, if it has but one."""
    values = {value for value in threshold.values if value is not None}
    value = f"{next(iter(values)):,}" if len(values) == 1 else ""
    if not value or value in threshold.name:
        return threshold.name
    return f"{threshold.name} {value} {chart.unit}".rstrip()
