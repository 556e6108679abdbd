"""The rows of one sheet: units and notes set aside, every cell parsed, every misfit located."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from deliverables.message import say
from deliverables.model.record import Row
from deliverables.model.values import NotOfTypeError, Raw
from deliverables.problem import Problem
from deliverables.read import complaints
from deliverables.read.columns import (
    BlankError,
    Column,
    RowPlaces,
    column_letters,
    is_blank,
)
from deliverables.read.package import Fault
from deliverables.read.sheet import Corner, Sheet, Values
from deliverables.read.wording import plain
from deliverables.source import Cell

R = TypeVar("R", bound=Row)

MOST_ALIKE = 20
"""Problems shown of one code in one column; the rest are counted in the last one shown."""

_NOTE = re.compile(r"\s*(注|备注|说明|填表说明|填写说明|提示|制表人?|填表人?)\s*\d*\s*[：:、.]")
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "汇总"})
UNIT_SIGNS = frozenset(
    {"", "单位", "-", "—", "/", "文本", "日期", "日期时间", "月份", "整数", "数值", "金额"}
    | {"百分数", "比例", "选项", "是/否", "数字文本"}
)
"""What may stand in the row of units where a column has none."""
_ENOUGH_TO_BE_A_ROW = 2


class SheetRows(Generic[R]):
    """Reads the rows below the headers of one sheet into records of one type."""

    def __init__(self, sheet: Sheet, row_type: type[R], columns: Sequence[Column]) -> None:
        self._sheet = sheet
        self._row_type = row_type
        self._columns = columns
        self._faults = _by_row(sheet.faults, columns)
        self._hidden: set[tuple[int, str]] = set()
        self._found: list[Problem] = []
        self._alike: Counter[tuple[str, str]] = Counter()
        self._last_shown: dict[tuple[str, str], int] = {}

    def read(self, problems: list[Problem]) -> tuple[R, ...]:
        """Return the records of the sheet; the problems say what became of the other rows."""
        rows = self._sheet.rows
        self._refuse_merged(rows)
        first = 2 if len(rows) > 1 and self._holds_units(rows[1]) else 1
        records = tuple(self._records(enumerate(rows[first:], first + 1)))
        self._count_unshown()
        problems.extend(self._found)
        return records

    def _records(self, rows: Iterable[tuple[int, Values]]) -> Iterator[R]:
        row_type, faults = self._row_type, self._faults
        plan = [(column.name, column.index, column.read) for column in self._columns]
        letters = {column.name: column.letters for column in self._columns}
        place, leading = self._sheet.place, self._columns[0].name
        for number, row in rows:
            if number not in faults:
                if not any(row) and all(map(is_blank, row)):
                    continue
                try:
                    values: dict[str, Any] = {name: read(row[index]) for name, index, read in plan}
                except (BlankError, NotOfTypeError):
                    pass
                else:
                    if values[leading] not in _TOTALS:
                        yield row_type(**values, places=RowPlaces(place, letters, number))
                        continue
            self._explain(number, row)

    def _explain(self, number: int, row: Values) -> None:
        cells = (row[index] for index in sorted(column.index for column in self._columns))
        filled = [raw for raw in cells if not is_blank(raw)]
        faults = self._faults.get(number, {})
        if not filled and not faults:
            return
        lone = filled[0] if len(filled) == 1 and not faults else None
        if isinstance(lone, str) and _NOTE.match(lone):
            return
        if plain(row[self._columns[0].index]) in _TOTALS or (filled and filled[0] in _TOTALS):
            self._report("", complaints.row_total(self._cell(number)))
        elif lone is not None and len(self._columns) > _ENOUGH_TO_BE_A_ROW:
            self._report("", complaints.row_stray(self._cell(number), lone))
        else:
            for column in self._columns:
                self._explain_cell(column, number, row[column.index], faults.get(column.name))

    def _explain_cell(self, column: Column, number: int, raw: Raw, fault: Fault | None) -> None:
        place, label = self._cell(number, column.letters), column.declaration.label
        if fault:
            self._report(column.name, complaints.no_value(place, label, fault))
            return
        try:
            column.read(raw)
        except BlankError:
            if (number, column.letters) not in self._hidden:
                self._report(column.name, complaints.cell_empty(place, label))
        except NotOfTypeError as misfit:
            found = complaints.not_of_type(place, column.declaration, raw, misfit)
            self._report(column.name, found)

    def _holds_units(self, row: Values) -> bool:
        written = [(column, plain(row[column.index])) for column in self._columns]
        units = {column.name: plain(column.declaration.unit) for column in self._columns}
        named = any(text and text == units[column.name] for column, text in written)
        odd = [column for column, text in written if text not in UNIT_SIGNS | {units[column.name]}]
        if odd and not named:
            return False
        for column in odd:
            place, raw = self._cell(2, column.letters), row[column.index]
            problem = complaints.unit_mismatch(place, column.declaration, raw)
            self._report(column.name, problem)
        return True

    def _refuse_merged(self, rows: Sequence[Values]) -> None:
        for first, last in self._sheet.merged:
            if last[0] == 0 or first[0] >= len(rows) or not self._hides(rows, first, last):
                continue
            corners = f"{_address(first)}:{_address(last)}"
            place = Cell(self._sheet.place.file, self._sheet.place.sheet, corners)
            self._report("", complaints.cells_merged(place))
            self._hidden.update(
                (row + 1, column_letters(index))
                for row in range(first[0], last[0] + 1)
                for index in range(first[1], last[1] + 1)
            )

    def _hides(self, rows: Sequence[Values], first: Corner, last: Corner) -> bool:
        within = [column.index for column in self._columns if first[1] <= column.index <= last[1]]
        top_left = rows[first[0]][first[1]] if first[1] < len(rows[first[0]]) else ""
        if not within or is_blank(top_left) or _NOTE.match(str(top_left)):
            return False
        others = (column.index for column in self._columns if column.index not in within)
        return first[0] != last[0] or any(not is_blank(rows[first[0]][index]) for index in others)

    def _cell(self, row: int, letters: str = "A") -> Cell:
        return self._sheet.cell(letters, row)

    def _report(self, column: str, problem: Problem) -> None:
        alike = (column, problem.code)
        self._alike[alike] += 1
        if self._alike[alike] <= MOST_ALIKE:
            self._last_shown[alike] = len(self._found)
            self._found.append(problem)

    def _count_unshown(self) -> None:
        for alike, count in self._alike.items():
            if count > MOST_ALIKE:
                last = self._last_shown[alike]
                self._found[last] = _and_more(self._found[last], count - MOST_ALIKE)


def _and_more(problem: Problem, count: int) -> Problem:
    message = say("{message}; {count} more in this column", message=problem.message, count=count)
    return replace(problem, message=message)


def _address(corner: Corner) -> str:
    return f"{column_letters(corner[1])}{corner[0] + 1}"


def _by_row(
    faults: Mapping[tuple[int, str], Fault], columns: Sequence[Column]
) -> dict[int, dict[str, Fault]]:
    names = {column.letters: column.name for column in columns}
    found: dict[int, dict[str, Fault]] = {}
    for (row, letters), fault in faults.items():
        if letters in names and row > 1:
            found.setdefault(row, {})[names[letters]] = fault
    return found
