"""The columns of a table, as many as its widest row has cells.

Where tags repeat or leave out cells, a template cannot know how many; docxtpl counts them in each
document, and so do we, on the markup of that one table.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from deliverables.render.place import W
from deliverables.trace import without_tokens

_STEP: Final = re.compile(
    r"<w:(?P<start>tbl|tr|tc|gridCol|gridSpan)(?P<told>(?: [^<>]*)?)>|</w:(?P<end>tbl|tr|tc)>"
)
_GRID: Final = re.compile(r"<w:tblGrid(?: [^<>]*)?>.*?</w:tblGrid>|<w:tblGrid(?: [^<>]*)?/>",
                          re.DOTALL)  # fmt: skip
_WIDTH: Final = re.compile(r' w:w="([^"]*)"')
_VALUE: Final = re.compile(r' w:val="([^"]*)"')


def width(row: etree._Element) -> int:
    """Return how many columns the cells of a row take."""
    spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc"))
    return sum(1 if span is None else int(span.get(f"{W}val", "1")) for span in spans)


def fitted(table: str) -> str:
    """Return the markup of a table with a column for each cell of its rows, in the same width."""
    widths, most_cells, most_columns = _counted(table)
    columns = list(widths)
    if most_cells > len(columns):
        total, old = sum(columns), len(columns)
        average = total / most_cells if old else 0
        scale = old / most_cells
        columns = [int(each * scale) for each in columns]
        columns += [int(average)] * (most_cells - old)
    elif most_columns < len(columns):
        gone = sum(columns[most_columns:])
        kept = columns[:most_columns]
        columns = [int(each + int(gone / len(kept))) for each in kept] if kept else []
    if columns == widths:
        return table
    grid = "".join(f'<w:gridCol w:w="{int(each)}"/>' for each in columns)
    return _GRID.sub(f"<w:tblGrid>{grid}</w:tblGrid>", table, count=1)


def _counted(table: str) -> tuple[list[float], int, int]:
    """Return the widths of the columns, the most cells of a row, and the most columns of one."""
    widths: list[float] = []
    depth = cells = columns = most_cells = most_columns = 0
    for step in _STEP.finditer(table):
        name = step["start"] or step["end"]
        if name == "tbl":
            depth += 1 if step["start"] else -1
        if depth != 1:
            continue
        match name, bool(step["start"]):
            case "gridCol", True:
                found = _WIDTH.search(step["told"])
                widths.append(float(found[1]) if found else 0)
            case "tr", True:
                cells = columns = 0
            case "tc", True:
                cells, columns = cells + 1, columns + 1
            case "gridSpan", True:
                found = _VALUE.search(without_tokens(step["told"]))
                columns += int(found[1]) - 1 if found else 0
            case "tr", False:
                most_cells, most_columns = max(most_cells, cells), max(most_columns, columns)
    return widths, most_cells, most_columns
