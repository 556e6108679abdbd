"""Charts show what their embedded workbooks hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Final

from lxml import etree

from deliverables.message import say
from deliverables.verify.paper import Document
from deliverables.verify.finding import Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.package import Package, UnreadableDocumentError, open_package

_C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RANGE: Final = re.compile(
    r"'?(?P<sheet>.*?)'?!\$?(?P<left>[A-Z]+)\$?(?P<top>\d+)(?::\$?(?P<right>[A-Z]+)\$?(?P<bottom>\d+))?"
)
_EXCEL: Final = Context(prec=15)
"""What is written into a cell as 99.90000000000001 is 99.9."""

_MOST_CELLS: Final = 100_000
Cells = Mapping[tuple[str, str], str]


def charts_show_their_workbooks(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find values of a chart that differ from the cells behind it."""
    package = document.package
    for part in sorted(package.parts):
        if not part.startswith("word/charts/chart") or not part.endswith(".xml"):
            continue
        workbook = next((relation.part for relation in package.relations(part).values()
                         if relation.type == "package"), "")  # fmt: skip
        if workbook in package.parts:
            yield from _differences(part, package.xml(part), package.parts[workbook])


def _differences(part: str, chart: etree._Element, workbook: bytes) -> Iterator[Finding]:
    where = say("{part}", part=part)
    try:
        cells = _cells(open_package(workbook))
    except (UnreadableDocumentError, KeyError, IndexError, ValueError):
        yield fault("chart-data", where, say("the workbook of the chart cannot be read"))
        return
    for reference in chart.iter(f"{_C}numRef", f"{_C}strRef"):
        addresses = _addresses(reference.findtext(f"{_C}f", ""))
        shown = {int(point.get("idx", "0")): point.findtext(f"{_C}v", "")
                 for point in reference.iter(f"{_C}pt")}  # fmt: skip
        for index, address in enumerate(addresses):
            held, printed = cells.get(address, ""), shown.get(index, "")
            if not _same(held, printed):
                message = say(
                    "the chart shows {shown}, its workbook has {held} in {cell}",
                    shown=printed or "—",
                    held=held or "—",
                    cell="!".join(address),
                )
                yield fault("chart-data", where, message, held, printed)


def _addresses(formula: str) -> list[tuple[str, str]]:
    found = _RANGE.fullmatch(formula)
    if found is None:
        return []
    left, top = _column(found["left"]), int(found["top"])
    right, bottom = _column(found["right"] or found["left"]), int(found["bottom"] or top)
    if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
        return []
    return [(found["sheet"], f"{_letters(column)}{row}")
            for row in range(top, bottom + 1) for column in range(left, right + 1)]  # fmt: skip


def _cells(package: Package) -> Cells:
    """Return the values of all cells of a workbook as text."""
    workbook = package.document
    relations = package.relations(workbook)
    strings = [r.part for r in relations.values() if r.type == "sharedStrings"]
    shared = [_text(item) for item in package.xml(strings[0]).iter(f"{_S}si")] if strings else []
    cells: dict[tuple[str, str], str] = {}
    for sheet in package.xml(workbook).iter(f"{_S}sheet"):
        link = next(value for name, value in sheet.attrib.items() if str(name).endswith("}id"))
        for cell in package.xml(relations[str(link)].part).iter(f"{_S}c"):
            value = cell.findtext(f"{_S}v", "")
            if cell.get("t") == "s":
                value = shared[int(value)]
            elif cell.get("t") == "inlineStr":
                value = _text(cell)
            cells[str(sheet.get("name")), str(cell.get("r"))] = value
    return cells


def _text(item: etree._Element) -> str:
    return "".join(text.text or "" for text in item.iter(f"{_S}t"))


def _same(held: str, shown: str) -> bool:
    try:
        return held == shown or _EXCEL.plus(Decimal(held)) == _EXCEL.plus(Decimal(shown))
    except InvalidOperation:
        return False


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
