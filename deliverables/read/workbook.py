"""A workbook becomes records: sheets found by name, columns by header, misfits located."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, Generic, TypeVar, get_type_hints

from python_calamine import PasswordError

from deliverables.model.fields import (
    DATES,
    DIGITS,
    MOMENT,
    TEXT,
    Declaration,
    NotOfTypeError,
    Raw,
    Record,
    Row,
    declarations,
    has_default,
    sheets,
)
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import CHAPTERS, Operations, Paragraph
from deliverables.model.roster_sheets import Roster
from deliverables.read.characters import is_odd, mismatch, nearest, plain, quoted, seen
from deliverables.read.input_package import DamagedError, InputPackage, TooLargeError
from deliverables.read.opened import LoadedSheet, Opened, UnreadableError, open_workbook, opened
from deliverables.read.reach import letters_of
from deliverables.read.sheet_xml import CellFault, Place
from deliverables.read.workbook_facts import Faults
from deliverables.values.figure import Cell, Source
from deliverables.values.problem import (
    Message,
    Problem,
    Severity,
    and_more,
    clauses,
    error,
    listed,
    say,
    warning,
)


def cell_empty(place: Cell, label: str) -> Problem:
    """A cell that must be filled is not."""
    return error(
        "cell-empty",
        place,
        say("{label} is empty", label=label),
        say("fill the cell, or delete the whole row if it is no entry"),
    )


def item_empty(place: Cell, label: str) -> Problem:
    """A fact of the 说明 sheet that must be given is not."""
    return error(
        "item-empty",
        place,
        say("{label} is empty", label=label),
        say("fill the cell"),
    )


def not_of_type(place: Cell, declared: Declaration, raw: Raw, fault: NotOfTypeError) -> Problem:
    """A cell holds something else than its column declares."""
    message = mismatch(declared.label, fault)
    fix = fault.fix or say("correct the cell")
    if declared.type is DIGITS and isinstance(raw, int | float):
        return error("digits-as-number", place, message, fix)
    return error("wrong-type", place, message, fix)


def no_value(place: Cell, label: str, fault: CellFault) -> Problem:
    """A cell's formula gave an error, or was never computed."""
    if fault.error:
        return error(
            "cell-error",
            place,
            say("{label}: the formula gives {found}", label=label, found=fault.error),
            say("mend the formula, or type the value"),
        )
    return error(
        "formula-uncached",
        place,
        say("{label}: the formula has never been computed", label=label),
        say("open the workbook in Excel or WPS and save it, or type the value"),
    )


def row_total(place: Cell) -> Problem:
    """A row adds up the others."""
    return error(
        "row-total",
        place,
        say("the row adds up others and is no entry"),
        say("delete it: totals are computed"),
    )


def row_stray(place: Cell, found: Raw) -> Problem:
    """A row holds one lone cell."""
    return error(
        "row-stray",
        place,
        say("the row holds nothing but {found}", found=quoted(found)),
        say("complete the row, delete it, or begin a note with 注："),
    )


def unit_mismatch(place: Cell, declared: Declaration, found: Raw) -> Problem:
    """The row of units names another unit than the column is declared in."""
    expected: str | Message = declared.unit or say("none")
    return error(
        "unit-mismatch",
        place,
        say(
            "{label}: expected the unit {expected}, found {found}",
            label=declared.label,
            expected=expected,
            found=quoted(found),
        ),
        say("convert the column to the expected unit and correct this cell"),
    )


def cells_merged(place: Cell) -> Problem:
    """Merged cells leave every cell but the first without a value."""
    return error(
        "cells-merged",
        place,
        say("the cells are merged: only the first of them holds a value"),
        say("split them and fill every cell"),
    )


Values = Sequence[Raw]
Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands in the file: every row from the first, counted from A1.

    `faults` are the cells without a usable value, `merged` the first and last corners (row and
    column from 0) of merged cells. `hidden_columns` are first and last of each group, from 1;
    `midnights` finds the cells that are a whole day and show the hour.
    """

    place: Cell
    rows: Sequence[Values]
    faults: Faults
    merged: Sequence[tuple[Corner, Corner]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: Sequence[tuple[int, int]] = ()
    from_1904: bool = False
    midnights: Callable[[], frozenset[Place]] = frozenset

    def cell(self, letters: str, row: int) -> Cell:
        """Return the place of a cell of the sheet."""
        return Cell(self.place.file, self.place.sheet, f"{letters}{row}")


_COPY: Final = re.compile(r"(.+?)[-_]?(?:\(\d+\)|(?:副本|copy)\(?\d*\)?)")
"""How office programs call the copy of a sheet, without its spaces."""


class Sheets:
    """The sheets of one opened workbook, by the names the declarations give them."""

    def __init__(self, file: str, workbook: Opened, problems: list[Problem]) -> None:
        self._file = file
        self._workbook = workbook
        self._problems = problems
        self._names = {plain(name): name for name in workbook.names}

    def sheet(self, name: str, expected: Iterable[str]) -> Sheet | None:
        """Return the sheet `name`; None with a problem if it is not among those `expected`."""
        written = self._names.get(plain(name))
        if written is None:
            self._problems.append(self._absent(name, expected))
            return None
        place = Cell(self._file, written)
        facts = self._workbook.facts(written)
        found = loaded(place, self._workbook, self._problems)
        if found is None:
            return None
        return Sheet(
            place,
            found.rows,
            facts.faults,
            found.merged,
            hidden=written in self._workbook.hidden,
            hidden_rows=facts.hidden_rows,
            hidden_columns=facts.hidden_columns,
            from_1904=self._workbook.from_1904,
            midnights=facts.midnights,
        )

    def copies(self, expected: Iterable[str]) -> Iterator[Problem]:
        """Yield a warning for each sheet that is called as a copy of one of those `expected`."""
        known = {plain(one): one for one in expected}
        for key, written in self._names.items():
            found = _COPY.fullmatch(key)
            if found and key not in known and found[1] in known:
                yield warning(
                    "sheet-copy",
                    Cell(self._file, written),
                    say("it looks like a copy of the sheet {sheet} and is not read",
                        sheet=known[found[1]]),
                    say("move the rows that count into {sheet}, then delete it",
                        sheet=known[found[1]]),
                )  # fmt: skip

    def _absent(self, name: str, expected: Iterable[str]) -> Problem:
        taken = {plain(known) for known in expected}
        spare = [written for key, written in self._names.items() if key not in taken]
        likely = nearest(name, spare)
        return error(
            "sheet-missing",
            Cell(self._file, name),
            say("the sheet {sheet} is missing", sheet=name),
            say("rename the sheet {likely} to {sheet}", likely=likely, sheet=name)
            if likely
            else say("copy it from a blank workbook; it may stay empty below the headers"),
        )


def loaded(place: Cell, workbook: Opened, problems: list[Problem]) -> LoadedSheet | None:
    """Return a sheet of an opened workbook, None with its problem."""
    if fault := workbook.facts(place.sheet).too_large:
        problems.append(too_large(place, fault))
        return None
    try:
        return workbook.sheet(place.sheet)
    except UnreadableError:
        problems.append(unreadable(place))
        return None


def too_large(place: Cell, fault: Message) -> Problem:
    """A sheet holds more than is read, or reaches further."""
    return error(
        "sheet-too-large",
        place,
        say("the sheet is too large: {fault}", fault=fault),
        say("delete the lone cells far below or far to the right (Ctrl+End finds them)"),
    )


def hidden(place: Cell, rows: Iterable[int], columns: Iterable[str], *, sheet: bool) -> Problem:
    """What is hidden in a sheet is read like the rest."""
    numbers, letters = sorted(rows), list(columns)
    what = [
        *([say("the sheet is hidden")] if sheet else []),
        *([say("hidden rows ({count}): {rows}", count=len(numbers), rows=_few(numbers))]
          if numbers else []),
        *([say("hidden columns ({count}): {columns}", count=len(letters), columns=_few(letters))]
          if letters else []),
    ]  # fmt: skip
    return warning(
        "cells-hidden",
        place,
        say("{what}; what stands there is read like the rest", what=clauses(what)),
        say("unhide it and look at it; delete what does not count"),
    )


def _few(places: Sequence[object]) -> object:
    shown = [*places[:_MOST_SHOWN], *(["…"] if len(places) > _MOST_SHOWN else [])]
    return listed(shown)


_MOST_SHOWN = 10


def unreadable(place: Cell) -> Problem:
    """A sheet is damaged."""
    return error(
        "sheet-unreadable",
        place,
        say("the sheet is damaged"),
        say("open the workbook in Excel or WPS, let it repair the sheet, and save it"),
    )


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: its name on the tab, and its rows counted from A1."""

    name: str
    rows: Sequence[Sequence[Raw]]


def raw_sheets(file: str, data: bytes, problems: list[Problem]) -> tuple[RawSheet, ...] | None:
    """Return every sheet of the workbook, None with its problems if a cell would be lost."""
    opened = open_workbook(file, data, problems)
    if opened is None:
        return None
    before, found = len(problems), []
    for name in opened.names:
        for (row, letters), fault in opened.facts(name).faults.items():
            place = Cell(file, name, f"{letters}{row}")
            problems.append(no_value(place, place.cell, fault))
        sheet = loaded(Cell(file, name), opened, problems)
        if sheet is not None:
            found.append(RawSheet(name, sheet.rows))
    if any(problem.severity is Severity.ERROR for problem in problems[before:]):
        return None
    return tuple(found)


_HEADER_SEARCHED = 20
_REMEMBERED = frozenset({str, float, date, datetime})  # none of them equals one of another type


_TO_1900 = (date(1904, 1, 1) - date(1899, 12, 30)).days


class BlankError(ValueError):
    """An empty cell in a column that must be filled."""


class OddError(ValueError):
    """A text with characters that are to be looked at before it is read."""


class Plain(str):
    """A text whose characters were looked at."""

    __slots__ = ()


REFUSED = Plain("?")
"""Stands in a cell whose characters were told and are not read."""


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A declared column found in a sheet: where it stands and how its cells are read."""

    index: int
    letters: str
    name: str
    declaration: Declaration
    read: Callable[[Raw], Any]


@dataclass(frozen=True, slots=True)
class RowPlaces(Mapping[str, Source]):
    """Where each field of one row was read, worked out when somebody asks."""

    sheet: Cell
    letters: Mapping[str, str]
    row: int

    def __getitem__(self, name: str) -> Source:
        letters = self.letters[name] if name else "A"
        return Cell(self.sheet.file, self.sheet.sheet, f"{letters}{self.row}")

    def __iter__(self) -> Iterator[str]:
        return iter(("", *self.letters))

    def __len__(self) -> int:
        return len(self.letters) + 1


def is_blank(raw: Raw) -> bool:
    """Return whether a cell holds nothing but spaces."""
    return raw is None or raw == "" or (isinstance(raw, str) and not raw.strip())


def cell_reader(
    declaration: Declaration, empty: object, *, from_1904: bool = False
) -> Callable[[Raw], Any]:
    """Return the parser of a column's cells; it remembers every value it has met before.

    An empty cell of an optional column is read as `empty`. Raises BlankError, NotOfTypeError, or
    OddError where a text must be looked at by its characters first.
    """
    parse = declaration.parse if declaration.between else declaration.type.parse
    if from_1904 and declaration.type in DATES:
        parse = _counting_from_1904(parse)
    optional, type_ = declaration.optional, declaration.type
    known: dict[Raw, Any] = {}

    def read(raw: Raw) -> Any:
        if type(raw) not in _REMEMBERED:
            if raw is REFUSED:
                raise BlankError
            return blank() if raw is None else parse(raw)
        if raw not in known:
            if isinstance(raw, str) and is_odd(raw, type_) and not is_blank(raw):
                raise OddError
            known[raw] = blank() if is_blank(raw) else parse(raw)
        return known[raw]

    def blank() -> Any:
        if not optional:
            raise BlankError
        return empty

    return read


def _counting_from_1904(parse: Callable[[Raw], Any]) -> Callable[[Raw], Any]:
    """Return a parser of dates in a workbook that counts its days from 1904."""

    def read(raw: Raw) -> Any:
        is_serial = isinstance(raw, int | float) and not isinstance(raw, bool)
        return parse(raw + _TO_1900 if is_serial else raw)  # type: ignore[operator]

    return read


class Headers:
    """What stands in the first row of one sheet."""

    def __init__(self, sheet: Sheet, row_type: type[Row]) -> None:
        self._sheet = sheet
        self._row_type = row_type
        self._declared = declarations(row_type)
        self._by_label = {plain(item.label): name for name, item in self._declared.items()}

    def columns(self, problems: list[Problem]) -> list[FoundColumn] | None:
        """Return the columns in declared order, None if one is absent or stands there twice."""
        before, rows = len(problems), self._sheet.rows
        headers = rows[0] if rows else []
        if not any(self._name(raw) for raw in headers):
            problems.append(self._no_headers(rows))
            return None
        found: dict[str, int] = {}
        unknown: list[int] = []
        for index, raw in enumerate(headers):
            name = self._name(raw)
            if name is None:
                unknown.extend([] if is_blank(raw) else [index])
            elif name in found:
                problems.append(self._duplicate(index, found[name], name))
            else:
                found[name] = index
        absent = [name for name in self._declared if name not in found]
        problems.extend(self._absent(name, headers, unknown) for name in absent)
        problems.extend(self._unknown(index, headers[index], absent) for index in unknown)
        if any(problem.severity is Severity.ERROR for problem in problems[before:]):
            return None
        return [self._column(name, found[name]) for name in self._declared]

    def _column(self, name: str, index: int) -> FoundColumn:
        declared = self._declared[name]
        empty = self._row_type.__dataclass_fields__[name].default
        read = cell_reader(declared, empty, from_1904=self._sheet.from_1904)
        return FoundColumn(index, letters_of(index + 1), name, declared, read)

    def _name(self, raw: Raw) -> str | None:
        label = plain(raw)
        unit_less = label.partition("(")[0]
        return self._by_label.get(label) or self._by_label.get(unit_less)

    def _cell(self, index: int, row: int = 1) -> Cell:
        return self._sheet.cell(letters_of(index + 1), row)

    def _no_headers(self, rows: Sequence[Values]) -> Problem:
        lower = [number for number, row in enumerate(rows[1:_HEADER_SEARCHED], 2)
                 if any(self._name(raw) for raw in row)]  # fmt: skip
        expected = self._declared[next(iter(self._declared))].label
        fix = (
            say("delete the rows above row {row}, where the headers seem to be", row=lower[0])
            if lower
            else say("copy the header row from a blank workbook")
        )
        return error(
            "header-missing",
            self._cell(0),
            say(
                "expected the headers in row 1, from {first} on, found none of them", first=expected
            ),
            fix,
        )

    def _duplicate(self, index: int, first: int, name: str) -> Problem:
        return error(
            "column-duplicate",
            self._cell(index),
            say(
                "the header {label} stands here and in {first}",
                label=self._declared[name].label,
                first=f"{letters_of(first + 1)}1",
            ),
            say("delete one of the two columns"),
        )

    def _absent(self, name: str, headers: Values, unknown: list[int]) -> Problem:
        label = self._declared[name].label
        likely = nearest(label, [str(headers[index]) for index in unknown])
        return error(
            "column-missing",
            self._sheet.place,
            say("the column {label} is missing", label=label),
            say("rename the column {likely} to {label}", likely=quoted(likely), label=label)
            if likely
            else say("add the column {label}; leave its cells empty if allowed", label=label),
        )

    def _unknown(self, index: int, raw: Raw, absent: list[str]) -> Problem:
        labels = [self._declared[name].label for name in (absent or self._declared)]
        likely = nearest(str(raw), labels)
        return warning(
            "column-unknown",
            self._cell(index),
            say("the column {header} is not known and was not read", header=quoted(raw)),
            say("rename it to {likely} if that is meant, or leave it", likely=likely)
            if likely
            else say("leave it if it is a note of your own"),
        )


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

    def __init__(self, sheet: Sheet, row_type: type[R], columns: Sequence[FoundColumn]) -> None:
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
        self._tell_hidden(rows)
        problems.extend(self._found)
        return records

    def _records(self, rows: Iterable[tuple[int, Values]]) -> Iterator[R]:
        row_type, faults = self._row_type, self._faults
        plan = [(column.name, column.index, column.read) for column in self._columns]
        letters = {column.name: column.letters for column in self._columns}
        place, leading = self._sheet.place, self._columns[0].name
        for number, row in rows:
            looked = row
            if number not in faults:
                if not any(row) and all(map(is_blank, row)):
                    continue
                try:
                    values: dict[str, Any] = {name: read(row[index]) for name, index, read in plan}
                except (BlankError, NotOfTypeError, OddError):
                    looked = self._as_seen(number, row)
                    values = self._again(looked, plan) if looked is not row else {}
                if values and values[leading] not in _TOTALS:
                    yield row_type(**values, places=RowPlaces(place, letters, number))
                    continue
            else:
                looked = self._as_seen(number, row)
            self._explain(number, looked)

    def _again(
        self, row: Values, plan: Sequence[tuple[str, int, Callable[[Raw], Any]]]
    ) -> dict[str, Any]:
        """Return the values of a row that was looked at, none if one still does not fit."""
        try:
            return {name: read(row[index]) for name, index, read in plan}
        except (BlankError, NotOfTypeError):
            return {}

    def _as_seen(self, number: int, row: Values) -> Values:
        """Return the row as a person sees it; what nobody can see is told and becomes REFUSED.

        Odd characters become what they look like, a whole day that shows its hour a moment.
        """
        looked, changed = list(row), False
        for column in self._columns:
            raw, type_ = row[column.index], column.declaration.type
            if isinstance(raw, str):
                if is_odd(raw, type_) and not is_blank(raw):
                    looked[column.index], changed = self._seen(number, column, raw), True
            elif type_ is MOMENT and type(raw) is date and self._shows_hour(number, column):
                midnight = datetime(raw.year, raw.month, raw.day)
                looked[column.index], changed = midnight, True
        return looked if changed else row

    def _shows_hour(self, number: int, column: FoundColumn) -> bool:
        return (number, column.letters) in self._sheet.midnights()

    def _seen(self, number: int, column: FoundColumn, raw: str) -> Raw:
        place = self._cell(number, column.letters)
        found = seen(raw, column.declaration.type, place, column.declaration.label)
        for problem in found.problems:
            self._report(column.name, problem)
        if any(problem.severity is Severity.ERROR for problem in found.problems):
            return REFUSED
        return Plain(found.text)

    def _tell_hidden(self, rows: Sequence[Values]) -> None:
        sheet, within = self._sheet, [column.index for column in self._columns]
        filled = [
            number
            for number in sheet.hidden_rows
            if 1 < number <= len(rows)
            and not all(is_blank(rows[number - 1][index]) for index in within)
        ]
        columns = [
            letters_of(index + 1)
            for index in sorted(within)
            if any(first <= index + 1 <= last for first, last in sheet.hidden_columns)
            and not all(is_blank(row[index]) for row in rows[2:])
        ]
        below = (row[index] for row in rows[2:] for index in within)
        whole = sheet.hidden and not all(map(is_blank, below))
        if filled or columns or whole:
            self._found.insert(0, hidden(sheet.place, filled, columns, sheet=whole))

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
            self._report("", row_total(self._cell(number)))
        elif lone is not None and len(self._columns) > _ENOUGH_TO_BE_A_ROW:
            self._report("", row_stray(self._cell(number), lone))
        else:
            for column in self._columns:
                self._explain_cell(column, number, row[column.index], faults.get(column.name))

    def _explain_cell(
        self, column: FoundColumn, number: int, raw: Raw, fault: CellFault | None
    ) -> None:
        place, label = self._cell(number, column.letters), column.declaration.label
        if fault:
            self._report(column.name, no_value(place, label, fault))
            return
        if raw is REFUSED:
            return
        try:
            column.read(raw)
        except BlankError:
            if (number, column.letters) not in self._hidden:
                self._report(column.name, cell_empty(place, label))
        except NotOfTypeError as misfit:
            found = not_of_type(place, column.declaration, raw, misfit)
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
            problem = unit_mismatch(place, column.declaration, raw)
            self._report(column.name, problem)
        return True

    def _refuse_merged(self, rows: Sequence[Values]) -> None:
        for first, last in self._sheet.merged:
            if last[0] == 0 or first[0] >= len(rows) or not self._hides(rows, first, last):
                continue
            corners = f"{_address(first)}:{_address(last)}"
            place = Cell(self._sheet.place.file, self._sheet.place.sheet, corners)
            self._report("", cells_merged(place))
            self._hidden.update(
                (row + 1, letters_of(index + 1))
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
                self._found[last] = and_more(self._found[last], count - MOST_ALIKE)


def _address(corner: Corner) -> str:
    return f"{letters_of(corner[1] + 1)}{corner[0] + 1}"


def _by_row(
    faults: Mapping[tuple[int, str], CellFault], columns: Sequence[FoundColumn]
) -> dict[int, dict[str, CellFault]]:
    names = {column.letters: column.name for column in columns}
    found: dict[int, dict[str, CellFault]] = {}
    for (row, letters), fault in faults.items():
        if letters in names and row > 1:
            found.setdefault(row, {})[names[letters]] = fault
    return found


C = TypeVar("C", bound=Record)

SHEET = "说明"
GUIDE = "填写说明"  # the sheet that explains the workbook; nothing is read from it
ITEM, CONTENT, HINT = "项目", "内容", "填写说明"
NARRATIVE = "正文："


class CoverSheet:
    """Reads the rows of one 说明 sheet."""

    def __init__(self, sheet: Sheet, problems: list[Problem]) -> None:
        self._sheet = sheet
        self._problems = problems
        self._content_letters = "B"
        self._labels: dict[str, str] = {}

    def read(
        self, cover_type: type[C], *, narrative: bool
    ) -> tuple[C | None, tuple[Paragraph, ...]]:
        """Return the cover, None if a fact is absent or unfit, and the paragraphs in order."""
        before, rows = len(self._problems), self._sheet.rows
        columns = self._columns(rows)
        if columns is None:
            return None, ()
        facts: dict[str, tuple[int, Raw]] = {}
        paragraphs: list[Paragraph] = []
        by_label = {
            plain(label): name
            for name, item in declarations(cover_type).items()
            for label in item.labels
        }
        for number, row in enumerate(rows[1:], 2):
            item, content = row[columns[0]], row[columns[1]]
            name = by_label.get(plain(item))
            if narrative and plain(item).startswith(plain(NARRATIVE)):
                paragraphs.extend(self._paragraphs(number, str(item), content))
            elif name is None:
                self._refuse_unknown(number, item, content, cover_type)
            elif name in facts:
                self._problems.append(self._duplicate(number, str(item), facts[name][0]))
            else:
                facts[name] = (number, content)
                self._labels[name] = str(item).strip()
        values, places = self._values(facts, cover_type)
        self._tell_hidden(rows)
        if any(problem.severity == "error" for problem in self._problems[before:]):
            return None, ()
        return cover_type(**values, places=places), tuple(paragraphs)

    def _columns(self, rows: Sequence[Values]) -> tuple[int, int] | None:
        headers = [plain(raw) for raw in rows[0]] if rows else []
        if ITEM in headers and CONTENT in headers:
            self._content_letters = letters_of(headers.index(CONTENT) + 1)
            return headers.index(ITEM), headers.index(CONTENT)
        self._problems.append(
            error(
                "cover-headers",
                self._sheet.cell("A", 1),
                say("expected the headers {item} and {content}", item=ITEM, content=CONTENT),
                say("copy the first row from a blank workbook"),
            )
        )
        return None

    def _values(
        self, facts: Mapping[str, tuple[int, Raw]], cover_type: type[Record]
    ) -> tuple[dict[str, Any], dict[str, Source]]:
        values: dict[str, Any] = {}
        places: dict[str, Source] = {"": self._sheet.place}
        for name, known in declarations(cover_type).items():
            declared = replace(known, label=self._labels.get(name, known.label))
            if name not in facts:
                if not has_default(cover_type.__dataclass_fields__[name]):
                    self._problems.append(self._absent(declared.label))
                continue
            number, raw = facts[name]
            place = places[name] = self._sheet.cell(self._content_letters, number)
            fault = self._sheet.faults.get((number, self._content_letters))
            if fault:
                self._problems.append(no_value(place, declared.label, fault))
            elif not is_blank(raw):
                found = self._as_seen(raw, declared, place)
                if found is None:
                    continue
                try:
                    read = cell_reader(declared, None, from_1904=self._sheet.from_1904)
                    values[name] = read(found)
                except NotOfTypeError as misfit:
                    self._problems.append(not_of_type(place, declared, raw, misfit))
            elif not declared.optional:
                self._problems.append(item_empty(place, declared.label))
        return values, places

    def _as_seen(self, raw: Raw, declared: Declaration, place: Cell) -> Raw:
        """Return what a person sees in a cell, None with a problem if nobody can see all of it."""
        if not isinstance(raw, str) or not is_odd(raw, declared.type):
            return raw
        found = seen(raw, declared.type, place, declared.label)
        self._problems.extend(found.problems)
        refused = any(problem.severity is Severity.ERROR for problem in found.problems)
        return None if refused else Plain(found.text)

    def _tell_hidden(self, rows: Sequence[Values]) -> None:
        filled = [
            number
            for number in self._sheet.hidden_rows
            if 1 < number <= len(rows) and not all(map(is_blank, rows[number - 1]))
        ]
        if filled or self._sheet.hidden:
            problem = hidden(self._sheet.place, filled, (), sheet=self._sheet.hidden)
            self._problems.append(problem)

    def _paragraphs(self, number: int, item: str, content: Raw) -> list[Paragraph]:
        named = re.split("[：:]", item, maxsplit=1)[1].strip()
        written = plain(named)
        chapters = {plain(chapter): chapter for chapter in CHAPTERS}
        place = self._sheet.cell(self._content_letters, number)
        fault = self._sheet.faults.get((number, self._content_letters))
        if written not in chapters:
            self._problems.append(self._unknown_chapter(number, named))
        elif fault:
            self._problems.append(no_value(place, item, fault))
        elif not is_blank(content):
            declared = Declaration(item.strip(), TEXT)
            written_as = self._as_seen(content, declared, place)
            if written_as is None:
                return []
            try:
                text = TEXT.parse(written_as)
            except NotOfTypeError as misfit:
                self._problems.append(not_of_type(place, declared, content, misfit))
                return []
            return [
                Paragraph(chapter=chapters[written], text=line.strip(), source=place)
                for line in text.splitlines()
                if line.strip()
            ]
        return []

    def _refuse_unknown(
        self, number: int, item: Raw, content: Raw, cover_type: type[Record]
    ) -> None:
        if is_blank(content):
            return
        labels = [declared.label for declared in declarations(cover_type).values()]
        likely = nearest(str(item), [*labels, NARRATIVE])
        self._problems.append(
            warning(
                "item-unknown",
                self._sheet.cell("A", number),
                say("the item {item} is not known and was not read", item=quoted(item)),
                say("rename it to {likely} if that is meant, or leave it", likely=likely)
                if likely
                else say("leave it if it is a note of your own"),
            )
        )

    def _unknown_chapter(self, number: int, named: str) -> Problem:
        likely = nearest(named, CHAPTERS)
        return error(
            "chapter-unknown",
            self._sheet.cell("A", number),
            say("no chapter of the report is called {chapter}", chapter=quoted(named)),
            say("write {item}", item=f"{NARRATIVE}{likely}")
            if likely
            else say("use one of: {chapters}", chapters="、".join(CHAPTERS)),
        )

    def _duplicate(self, number: int, item: str, first: int) -> Problem:
        return error(
            "item-duplicate",
            self._sheet.cell("A", number),
            say("the item {item} stands here and in row {first}", item=item.strip(), first=first),
            say("delete one of the two rows"),
        )

    def _absent(self, label: str) -> Problem:
        return error(
            "item-missing",
            self._sheet.place,
            say("the item {item} is missing", item=label),
            say("add a row with {item} in the column {column}", item=label, column=ITEM),
        )


W = TypeVar("W", Operations, Roster, Ledger, Letters)


def read_workbook(file: str, data: bytes, kind: type[W], problems: list[Problem]) -> W | None:
    """Return the workbook in `data`, None with its problems if any part of it is not sound.

    `file` names it in problems. The format is known by the content: xlsx, xls, et or ods.
    """
    opened = open_workbook(file, data, problems)
    return None if opened is None else read_opened(file, opened, kind, problems)


def read_opened(file: str, opened: Opened, kind: type[W], problems: list[Problem]) -> W | None:
    """Return what an opened workbook holds, None with its problems if any part is not sound."""
    before = len(problems)
    found = Sheets(file, opened, problems)
    values = _values(found, kind, problems)
    if any(problem.severity is Severity.ERROR for problem in problems[before:]):
        return None
    return kind(file=file, **values)


@dataclass(frozen=True, slots=True)
class ReadSheet(Generic[R]):
    """One sheet of a workbook by itself: its place, its columns and its rows."""

    place: Cell
    columns: tuple[FoundColumn, ...]
    rows: tuple[R, ...]


def read_sheet(
    file: str, data: bytes, kind: type, row_type: type[R], problems: list[Problem]
) -> ReadSheet[R] | None:
    """Return one sheet of the workbook in `data`, whatever may be wrong with the others."""
    opened = open_workbook(file, data, problems)
    if opened is None:
        return None
    before = len(problems)
    expected = [SHEET, *(each.sheet for each in sheets(kind).values())]
    sheet = Sheets(file, opened, problems).sheet(row_type.sheet, expected)
    columns = Headers(sheet, row_type).columns(problems) if sheet else None
    if sheet is None or columns is None:
        return None
    rows = SheetRows(sheet, row_type, columns).read(problems)
    if any(problem.severity is Severity.ERROR for problem in problems[before:]):
        return None
    return ReadSheet(sheet.place, tuple(columns), rows)


def _values(found: Sheets, kind: type[W], problems: list[Problem]) -> dict[str, Any]:
    row_types: Mapping[str, type[Row]] = sheets(kind)
    has_narrative = "narrative" in kind.__dataclass_fields__
    expected = [GUIDE, SHEET, *(row_type.sheet for row_type in row_types.values())]
    values: dict[str, Any] = {}
    places: dict[str, Source] = {}
    problems += found.copies(expected)
    first = found.sheet(SHEET, expected)
    if first:
        reader = CoverSheet(first, problems)
        cover_type = get_type_hints(kind)["cover"]
        values["cover"], narrative = reader.read(cover_type, narrative=has_narrative)
        if has_narrative:
            values["narrative"] = narrative
    for name, row_type in row_types.items():
        sheet = found.sheet(row_type.sheet, expected)
        columns = Headers(sheet, row_type).columns(problems) if sheet else None
        if sheet and columns:
            places[name] = sheet.place
            values[name] = SheetRows(sheet, row_type, columns).read(problems)
    return values | {"sheet_places": places}


PROPERTY = "deliverables-blank"
"""The document property that holds the digest."""

_PART = "docProps/custom.xml"
_HELD = re.compile(rb'name="' + PROPERTY.encode() + rb'"[^>]*>\s*<[^>]*>([0-9a-f]{64})<')


def digest(data: bytes) -> str:
    """Return the digest of what the cells of a sound workbook hold, wherever it was saved."""
    return _digest(opened(data))


def is_untouched(data: bytes) -> bool:
    """Return whether the workbook is a blank one that nobody has filled in yet."""
    try:
        return is_blank_still(opened(data), data)
    except (DamagedError, TooLargeError, UnreadableError, PasswordError):
        return False


def is_blank_still(workbook: Opened, data: bytes) -> bool:
    """Return whether an opened workbook is a blank one that nobody has filled in yet."""
    try:
        package = InputPackage(data)
        held = _HELD.search(package.read(_PART)) if _PART in package.namelist() else None
        return held is not None and held[1].decode() == _digest(workbook)
    except (DamagedError, TooLargeError, UnreadableError):
        return False


def _digest(workbook: Opened) -> str:
    found = sha256()
    for name in workbook.names:
        if name == GUIDE:
            continue
        for number, row in enumerate(workbook.sheet(name).rows, 1):
            for cell in _held(number, row):
                found.update(f"{name}\0{cell}\n".encode())
    return found.hexdigest()


def _held(number: int, row: Sequence[Raw]) -> Iterator[str]:
    for column, raw in enumerate(row):
        if not is_blank(raw):
            yield f"{number},{column}\0{_plain(raw)}"


def _plain(raw: Raw) -> str:
    """Return a value as every program saves it: a whole number with or without a point."""
    if isinstance(raw, datetime):
        return raw.isoformat()
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day).isoformat()
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).strip()
