"""Formulas that are true where `check` would object to a cell: they turn it red.

Each follows a declared column or a rule beside it; all are written for the first row of data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openpyxl.utils import get_column_letter

from deliverables.lazily import dataclass
from deliverables.model.record import Declaration, Row, declarations
from deliverables.model.rules import UNITS, Rules, rules_of
from deliverables.model.values import (
    AMOUNT,
    DAY,
    DECIMAL,
    MOMENT,
    MONTH,
    PERCENTAGE,
    RATIO,
    WHOLE,
)
from deliverables.render.sheets.cells import FIRST_DATA_ROW

FIRST_DAY, LAST_DAY = "首日", "末日"
"""Names of the two cells of the cover that hold the days of the quarter."""

DATES = (DAY, MOMENT, MONTH)
DAY_2000, DAY_2099 = 36526, 73050  # as Excel counts days


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of a sheet, among the others, down to the row `last`."""

    row_type: type[Row]
    name: str
    last: int
    in_quarter: bool

    @property
    def item(self) -> Declaration:
        """What the column holds."""
        return declarations(self.row_type)[self.name]

    @property
    def rules(self) -> Rules:
        """The rules of its sheet."""
        return rules_of(self.row_type)

    @property
    def cell(self) -> str:
        """Its first cell."""
        return self.top(self.name)

    def top(self, name: str) -> str:
        """Return the first cell of a column of the sheet."""
        return f"${letters_of(self.row_type)[name]}{FIRST_DATA_ROW}"

    def down(self, name: str) -> str:
        """Return all cells of a column of the sheet."""
        letter = letters_of(self.row_type)[name]
        return f"${letter}${FIRST_DATA_ROW}:${letter}${self.last}"


def letters_of(row_type: type[Row]) -> dict[str, str]:
    """Return the letters of every column of a sheet by the name of its field."""
    return {name: get_column_letter(n) for n, name in enumerate(declarations(row_type), 1)}


def objections(row_type: type[Row], name: str, last: int, *, in_quarter: bool) -> Iterator[str]:
    """Yield what is true of a cell to which `check` would object; of the quarter if it has one."""
    column = Column(row_type=row_type, name=name, last=last, in_quarter=in_quarter)
    for objection in _OBJECTIONS:
        yield from objection(column)


def _absent(column: Column) -> Iterator[str]:
    names = list(declarations(column.row_type))
    first, end = column.top(names[0]), column.top(names[-1])
    if not column.item.optional:
        started = f'COUNTA({first}:{end})>0,LEFT({first},1)<>"注"'
        yield f"AND({started},LEN(TRIM({column.cell}))=0)"
    for needed, field, word in column.rules.needs:
        if column.name == needed:
            yield f'AND({column.top(field)}="{word}",LEN(TRIM({column.cell}))=0)'


def _of_another_kind(column: Column) -> Iterator[str]:
    cell, kind = column.cell, column.item.type
    if kind.choices:
        known = ",".join(f'{cell}="{choice}"' for choice in kind.choices)
        yield f"AND(LEN({cell})>0,NOT(OR({known})))"
    elif kind in DATES:
        dashed = f'SUBSTITUTE(SUBSTITUTE({cell},"年","-"),"月","-")'
        dashed = f'{dashed}&"-1"' if kind is MONTH else f'SUBSTITUTE({dashed},"日","")'
        yield f"AND(ISTEXT({cell}),LEN({cell})>0,ISERROR(DATEVALUE({dashed})))"
    beyond = {
        WHOLE: f"{cell}<0,{cell}<>INT({cell})",
        RATIO: f"{cell}<0,{cell}>1",
        PERCENTAGE: f"{cell}<0,{cell}>100,AND({cell}>0,{cell}<=1)",
        **dict.fromkeys(DATES, f"{cell}<{DAY_2000},{cell}>{DAY_2099}"),
    }
    if column.name not in column.rules.signed:
        beyond |= dict.fromkeys((DECIMAL, AMOUNT), f"{cell}<0")
    if kind in beyond:
        yield f"AND(ISNUMBER({cell}),OR({beyond[kind]}))"


def _outside_quarter(column: Column) -> Iterator[str]:
    cell, first = column.cell, FIRST_DAY
    if column.item.type is MONTH:
        first = f"{FIRST_DAY}-DAY({FIRST_DAY})+1"
    elif column.name != column.rules.happened:
        return
    if column.in_quarter:
        outside = f"OR({cell}<{first},{cell}>={LAST_DAY}+1)"
        yield f"AND(ISNUMBER({cell}),{FIRST_DAY}>0,{outside})"


def _out_of_order(column: Column) -> Iterator[str]:
    cell, rules = column.cell, column.rules
    late = "<=" if rules.lasting else "<"
    for start, end in rules.spans:
        if column.name == end:
            yield _numbers(f"{cell}{late}{column.top(start)}", cell, column.top(start))
    for part, whole in (*rules.parts, *rules.fits):
        if column.name == part:
            yield _numbers(f"{cell}>{column.top(whole)}", cell, column.top(whole))
    for average, peak in rules.peaks:
        if column.name == peak:
            yield _numbers(f"{cell}<{column.top(average)}", cell, column.top(average))


def _unbalanced(column: Column) -> Iterator[str]:
    for total in column.rules.totals:
        if column.name == total.whole:
            added = [column.top(name) for name in total.added]
            taken = [column.top(name) for name in total.taken]
            sum_ = "+".join(added) + "".join(f"-{one}" for one in taken)
            yield _numbers(f"ROUND({sum_}-{column.cell},4)<>0", column.cell, *added, *taken)


def _in_another_unit(column: Column) -> Iterator[str]:
    if column.rules.units and column.name == column.rules.units[1]:
        kind, cell = column.top(column.rules.units[0]), column.cell
        others = (f'AND({kind}="{one}",{cell}<>"{unit}")' for one, unit in UNITS.items())
        yield f"AND(LEN({cell})>0,OR({','.join(others)}))"


def _repeated(column: Column) -> Iterator[str]:
    """COUNTIF would take long numbers for equal whose first fifteen digits are."""
    declared = declarations(column.row_type)
    for key in column.rules.keys:
        if column.name == key[-1]:
            alone = len(key) == 1
            needed = [name for name in key if alone or not declared[name].optional]
            filled = ",".join(f"LEN({column.top(name)})>0" for name in needed)
            same = "*".join(f"({column.down(name)}={column.top(name)})" for name in key)
            yield f"AND({filled},SUMPRODUCT(({same})*1)>1)"


def _numbers(condition: str, *cells: str) -> str:
    """Return a condition that counts only where all the cells hold numbers or days."""
    return f"AND({','.join(f'ISNUMBER({cell})' for cell in cells)},{condition})"


_OBJECTIONS: tuple[Callable[[Column], Iterator[str]], ...] = (
    _absent,
    _of_another_kind,
    _outside_quarter,
    _out_of_order,
    _unbalanced,
    _in_another_unit,
    _repeated,
)
