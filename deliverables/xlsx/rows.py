"""Rows put into a workbook that people keep, and read back before they are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from lxml.etree import LxmlError
from openpyxl.utils.cell import coordinate_to_tuple

from deliverables.files.digest import sha256_of
from deliverables.files.placement import Transaction
from deliverables.files.refusal import FileInUseError, refuse_if_open
from deliverables.model.fields import Row
from deliverables.read.input_package import is_transparent
from deliverables.read.workbook import ReadSheet, read_sheet
from deliverables.values.figure import Cell
from deliverables.values.problem import Problem, error, say
from deliverables.xlsx.edit import with_row_instead, with_rows

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class OpenedSheet(Generic[R]):
    """A sheet of a workbook that rows are put into: the workbook's bytes, and the rows in it."""

    path: Path
    book: type
    row_type: type[R]
    data: bytes = field(repr=False)
    sheet: ReadSheet[R]

    @classmethod
    def of(
        cls, path: Path, data: bytes, book: type, row_type: type[R], problems: list[Problem]
    ) -> OpenedSheet[R] | None:
        """Return the sheet of the rows; None with a problem."""
        if not is_transparent(data):
            problems.append(
                error("rows-format", Cell(path.as_posix()),
                      say("rows can be put into an .xlsx only, and this is none inside"),
                      say("open it in Excel or WPS and save it as .xlsx"))
            )  # fmt: skip
            return None
        sheet = read_sheet(path.as_posix(), data, book, row_type, problems)
        return None if sheet is None else cls(path, book, row_type, data, sheet)

    def with_added(self, rows: Sequence[R], problems: list[Problem]) -> bytes | None:
        """Return the workbook with `rows` below those it has; None with a problem."""
        try:
            after = with_rows(self.data, self.sheet.place.sheet, self.sheet.columns, rows)
        except (LxmlError, KeyError, IndexError, ValueError):
            after = b""
        return self._read_back(after, (*self.sheet.rows, *rows), problems)

    def with_exchanged(self, old: R, new: R, problems: list[Problem]) -> bytes | None:
        """Return the workbook with the cells changed in which two rows differ; None likewise."""
        columns = [
            one for one in self.sheet.columns if getattr(old, one.name) != getattr(new, one.name)
        ]
        try:
            after = with_row_instead(self.data, self.sheet.place.sheet, columns, _number(old), new)
        except (LxmlError, KeyError, IndexError, ValueError):
            after = b""
        rows = tuple(new if one is old else one for one in self.sheet.rows)
        return self._read_back(after, rows, problems)

    def _read_back(
        self, after: bytes, rows: tuple[R, ...], problems: list[Problem]
    ) -> bytes | None:
        file = self.path.as_posix()
        again = read_sheet(file, after, self.book, self.row_type, []) if after else None
        if again and again.rows == rows:
            return after
        problems.append(
            error("rows-unfaithful", self.sheet.place,
                  say("the rows would not read back as they were written"),
                  say("save the workbook once in Excel or WPS and run the command again"))
        )  # fmt: skip
        return None


def _number(row: Row) -> int:
    place = row.place("")
    number, _ = coordinate_to_tuple(place.cell if isinstance(place, Cell) else "")
    return number


def put(
    change: Transaction, path: Path, before: bytes, after: bytes, *, private: bool = False
) -> None:
    """Let a workbook be put over what was read, which is nothing where there was none.

    Raises:
        FileInUseError: Another program has it open, or saved it in the meantime.
    """
    refuse_if_open(path)
    if (path.read_bytes() if path.exists() else b"") != before:
        raise FileInUseError(path)
    change.put(path, after, private=private, over=sha256_of(before) if before else "")
