"""How much is read at most: memory follows what a file shows, never what it claims.

Each bound stands here and nowhere else, and whoever meets one is told it. They lie far above what
a contract needs: 300,000 rows of sixteen columns are read, a thousand times the usual quarter.
"""

from __future__ import annotations

from datetime import date
from typing import Final

MEGABYTE: Final = 1_000_000

LARGEST_FILE: Final = 100 * MEGABYTE
"""Bytes of an input file on the disk."""

LARGEST_YAML: Final = 1 * MEGABYTE
"""Bytes of contract.yaml or of a mapping file, some fifty times the longest known."""

DEEPEST: Final = 30
"""Levels of keys and lists in YAML, one in the other."""

LARGEST_PART: Final = 300 * MEGABYTE
"""Bytes of a sheet, or of the texts of a workbook, once they are inflated."""

LARGEST_SMALL_PART: Final = 30 * MEGABYTE
"""Bytes of any other XML inside a workbook, such as its styles, once they are inflated."""

LARGEST_PACKAGE: Final = 600 * MEGABYTE
"""Bytes of all parts of a workbook together, once they are inflated."""

MOST_PARTS: Final = 5_000
"""Parts of a workbook: sheets, pictures, comments."""

MOST_ROWS: Final = 500_000
MOST_COLUMNS: Final = 256
MOST_CELLS: Final = 5_000_000
"""The last row and column of a sheet that hold anything, and the cells they span."""

MOST_STRINGS: Final = 2_000_000
"""Texts that a workbook keeps apart from its cells."""

LONGEST_TEXT: Final = 32_767
"""Characters of one cell, one field of an export, one text of contract.yaml; Excel's own bound."""

LARGEST_TEXT: Final = 300 * MEGABYTE
"""Bytes of the texts of a sheet, each counted as often as a cell shows it."""

LONGEST_NUMBER: Final = 40
"""Characters of a number, a date or an identifier."""

LARGEST_TEMPLATE: Final = 100 * MEGABYTE
"""Bytes of all parts of a template together, once they are inflated."""

LARGEST_TEMPLATE_PART: Final = 10 * MEGABYTE
"""Bytes of any XML inside a template, twenty times that of the longest report."""

LONGEST_TAG: Final = 500
"""Characters of one tag of a template."""

MOST_BRACKETS: Final = 20
"""Brackets, or negations, of one tag: Jinja reads each by a few more calls in one another."""

DEEPEST_BLOCKS: Final = 15
"""Loops and conditions of a template, one in the other; Python's own bound for loops is 20."""

MOST_ROWS_PRINTED: Final = 1_000_000
"""Rows that the loops of one document go through; of a loop in a loop those of each pass."""

LARGEST_DOCUMENT: Final = 100 * MEGABYTE
"""Characters of markup in the stories of one document."""

FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
"""The days that a date may be whose column or key declares no narrower ones."""
