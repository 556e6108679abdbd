"""How far the cells of a sheet reach, and that it is not further than what is read."""

from __future__ import annotations

from dataclasses import dataclass

from deliverables.read.input_package import TooLargeError
from deliverables.values.limits import (
    LARGEST_TEXT,
    LONGEST_TEXT,
    MEGABYTE,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_STRINGS,
)
from deliverables.values.problem import Message, say


@dataclass(slots=True)
class Reach:
    """The last row and column that hold anything, counted from 1, and how many cells do."""

    row: int = 0
    column: int = 0
    cells: int = 0

    def include(self, row: int, column: int) -> None:
        """Reach as far as one more cell."""
        self.row, self.column = max(self.row, row), max(self.column, column)
        self.cells += 1

    def check(self) -> None:
        """Raise TooLargeError where the sheet reaches further than is read."""
        at = f"{letters_of(self.column)}{self.row}"
        if self.row > MOST_ROWS:
            raise TooLargeError(
                say("it reaches to {cell}, at most {most} rows are read", cell=at,
                    most=f"{MOST_ROWS:,}")
            )  # fmt: skip
        if self.column > MOST_COLUMNS:
            raise TooLargeError(
                say("it reaches to {cell}, at most {most} columns are read", cell=at,
                    most=MOST_COLUMNS)
            )  # fmt: skip
        if max(self.row * self.column, self.cells) > MOST_CELLS:
            raise TooLargeError(
                say("it reaches to {cell}, at most {most} cells are read", cell=at,
                    most=f"{MOST_CELLS:,}")
            )  # fmt: skip


def number_of(letters: str) -> int:
    """Return which column letters name, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def letters_of(number: int) -> str:
    """Return the letters of a column, counted from 1."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_too_long() -> Message:
    """Return that a text is longer than is read."""
    return say("a text of more than {most} characters is not read", most=f"{LONGEST_TEXT:,}")


def too_many_strings() -> Message:
    """Return that a workbook keeps more texts than are read."""
    return say("the workbook keeps more than {most} texts", most=f"{MOST_STRINGS:,}")


def too_much_text() -> Message:
    """Return that the cells of a sheet show more text than is read."""
    return say("its cells show more than {most} MB of text", most=LARGEST_TEXT // MEGABYTE)
