"""Where a value was read: a line of a text file or a cell of a workbook."""

from __future__ import annotations

from deliverables.lazily import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A place in a text file; line and column count from 1, 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a workbook; an empty cell means the sheet, an empty sheet the workbook."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        if not self.sheet:
            return self.file
        return f"{self.file}[{self.sheet}]" + (f"!{self.cell}" if self.cell else "")


Source = Line | Cell
