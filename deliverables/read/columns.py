"""The header row of a sheet matched to the declared columns, and a quick parser for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.record import Declaration, Row, declarations
from deliverables.model.values import Raw
from deliverables.problem import Problem, Severity, error, warning
from deliverables.read.sheet import Sheet, Values
from deliverables.read.wording import nearest, plain, quoted
from deliverables.source import Cell, Source

_HEADER_SEARCHED = 20
_REMEMBERED = frozenset({str, float, date, datetime})  # none of them equals one of another type


class BlankError(ValueError):
    """An empty cell in a column that must be filled."""


@dataclass(frozen=True, slots=True)
class Column:
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


def column_letters(index: int) -> str:
    """Return the letters Excel gives the column that stands `index` columns from the left."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_blank(raw: Raw) -> bool:
    """Return whether a cell holds nothing but spaces."""
    return raw is None or raw == "" or (isinstance(raw, str) and not raw.strip())


def cell_reader(declaration: Declaration, empty: object) -> Callable[[Raw], Any]:
    """Return the parser of a column's cells; it remembers every value it has met before.

    An empty cell of an optional column is read as `empty`.
    """
    parse, optional = declaration.type.parse, declaration.optional
    known: dict[Raw, Any] = {}

    def read(raw: Raw) -> Any:
        if type(raw) not in _REMEMBERED:
            return blank() if raw is None else parse(raw)
        if raw not in known:
            known[raw] = blank() if is_blank(raw) else parse(raw)
        return known[raw]

    def blank() -> Any:
        if not optional:
            raise BlankError
        return empty

    return read


class Headers:
    """What stands in the first row of one sheet."""

    def __init__(self, sheet: Sheet, row_type: type[Row]) -> None:
        self._sheet = sheet
        self._row_type = row_type
        self._declared = declarations(row_type)
        self._by_label = {plain(item.label): name for name, item in self._declared.items()}

    def columns(self, problems: list[Problem]) -> list[Column] | None:
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

    def _column(self, name: str, index: int) -> Column:
        declared = self._declared[name]
        empty = self._row_type.__dataclass_fields__[name].default
        return Column(index, column_letters(index), name, declared, cell_reader(declared, empty))

    def _name(self, raw: Raw) -> str | None:
        label = plain(raw)
        unit_less = label.partition("(")[0]
        return self._by_label.get(label) or self._by_label.get(unit_less)

    def _cell(self, index: int, row: int = 1) -> Cell:
        return self._sheet.cell(column_letters(index), row)

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
                first=f"{column_letters(first)}1",
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
