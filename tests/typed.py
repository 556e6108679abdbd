"""What a person types into a workbook, and what then stands in it, by header."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet


def rows(sheet: Worksheet, first: int = 3) -> list[dict[str, Any]]:
    """Return what stands in each row, by header."""
    headers = [cell.value for cell in sheet[1]]
    return [
        {str(header): value for header, value in zip(headers, row, strict=False)
         if value is not None}
        for row in sheet.iter_rows(min_row=first, values_only=True)
        if any(value is not None for value in row)
    ]  # fmt: skip


def change(file: Path, sheet: str, values: dict[str, Any], row: int) -> None:
    """Type into a row of a workbook, by header."""
    book = load_workbook(file)
    for cell in book[sheet][1]:
        if cell.value in values:
            book[sheet].cell(row, cell.column).value = values[cell.value]
    book.save(file)
