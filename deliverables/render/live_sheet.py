"""A sheet of live formulas: each is written with the value that the program reckoned.

openpyxl writes formulas without values. Readers that do not calculate would see empty cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.model.values import DAY
from deliverables.render.sheets.cells import BODY, CENTRE, RIGHT, write_text

Number = Decimal | int


class LiveSheet:
    """One sheet being written, and what the formulas on it come to."""

    def __init__(self, book: Workbook, title: str) -> None:
        self.sheet: Worksheet = book.create_sheet(title)
        self.values: dict[str, Number] = {}

    def formula(self, place: str, formula: str, value: Number, form: str) -> None:
        """Write a formula with its value."""
        cell = self.sheet[place]
        cell.value = f"={formula}"
        _dress(cell, form)
        self.values[place] = value

    def number(self, place: str, value: object, form: str) -> None:
        """Write a value that no formula gives."""
        cell = self.sheet[place]
        cell.value = value
        _dress(cell, form)

    def text(self, place: str, text: str) -> None:
        """Write text that stays text."""
        write_text(self.sheet[place], text, BODY)


def computed(content: bytes, values: Mapping[str, Number]) -> bytes:
    """Return a sheet with the value of each of its formulas, which openpyxl leaves empty."""
    if not values:
        return content
    sheet = etree.fromstring(content)
    for cell in sheet.iterfind(".//{*}c[{*}f]"):
        value = cell.find("{*}v")
        if value is None:
            value = etree.SubElement(cell, etree.QName(etree.QName(cell).namespace, "v"))
        value.text = str(values[cell.get("r", "")])
    return etree.tostring(sheet, encoding="UTF-8", xml_declaration=True, standalone=True)


def _dress(cell: Cell | MergedCell | Any, form: str) -> None:
    cell.font = BODY
    cell.number_format = form
    cell.alignment = CENTRE if form in ("0", DAY.excel_format) else RIGHT
