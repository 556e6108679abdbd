"""What may go into the cells of a sheet: drop-downs, limits and hints, and red where check objects.

All of it follows the declared columns and the rules beside them. Red never forbids: a clerk may
leave a row for later, but sees what `check` would say of it.
"""

from __future__ import annotations

from typing import Literal

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.lazily import dataclass
from deliverables.model.record import Declaration, Row, declarations
from deliverables.model.rules import rules_of
from deliverables.model.values import AMOUNT, DECIMAL, PERCENTAGE, RATIO, WHOLE
from deliverables.render.sheets.cells import FIRST_DATA_ROW, OPEN
from deliverables.render.sheets.objections import (
    DATES,
    DAY_2000,
    DAY_2099,
    FIRST_DAY,
    LAST_DAY,
    letters_of,
    objections,
)

SPARE_ROWS = 2000

_LAST_COLUMN = 16384
_LONGEST_PROMPT = 255
_LONGEST_ERROR = 225
_LARGEST = 999_999_999_999
_RED = DifferentialStyle(
    font=Font(color="9C0006"), fill=PatternFill("solid", bgColor="FFC7CE", fgColor="FFC7CE")
)


@dataclass(frozen=True, slots=True)
class Limit:
    """What Excel lets pass: the kind of value, its bounds, and what it says to anything else."""

    kind: Literal["whole", "decimal", "date"]
    lowest: str
    highest: str
    refusal: str
    insists: bool = True


_LIMITS = {
    WHOLE: Limit("whole", "0", str(_LARGEST), "请填不小于 0 的整数，不带单位。"),
    RATIO: Limit("decimal", "0", "1", f"请填比例，如 {RATIO.example}。"),
    PERCENTAGE: Limit(
        "decimal",
        "0",
        "100",
        "请填 0 到 100 之间的数，99.95% 写 99.95；不足 1% 的，先打一个单引号再写，如 '0.8%。",
        insists=False,
    ),
}


def guide_entry(sheet: Worksheet, row_type: type[Row], last: int, *, in_quarter: bool) -> None:
    """Add hints, limits and red cells to every column of a sheet, down to the row `last`."""
    letters = letters_of(row_type)
    happened = rules_of(row_type).happened if in_quarter else ""
    for name, declared in declarations(row_type).items():
        cells = f"{letters[name]}{FIRST_DATA_ROW}:{letters[name]}{last}"
        signed = name in rules_of(row_type).signed
        limit = _limit(declared, signed=signed, in_quarter=name == happened)
        sheet.add_data_validation(validation(declared, cells, limit))
        for formula in objections(row_type, name, last, in_quarter=in_quarter):
            redden(sheet, cells, formula)


def redden(sheet: Worksheet, cells: str, formula: str) -> None:
    """Turn cells red where the formula, written for the first of them, is true."""
    sheet.conditional_formatting.add(cells, Rule("expression", dxf=_RED, formula=[formula]))


def validation(declared: Declaration, cells: str, limit: Limit | None = None) -> DataValidation:
    """Return the hint of a column, with its drop-down or its limits."""
    found = prompt(declared.label, declared.advice, cells)
    if declared.type.choices:
        found.type = "list"
        found.formula1 = f'"{",".join(declared.type.choices)}"'
        _refuse(found, declared, f"请从下拉列表中选择：{'、'.join(declared.type.choices)}")
    elif limit:
        found.type, found.operator = limit.kind, "between"
        found.formula1, found.formula2 = limit.lowest, limit.highest
        found.errorStyle = "stop" if limit.insists else "warning"
        _refuse(found, declared, limit.refusal)
    return found


def prompt(title: str, text: str, cells: str) -> DataValidation:
    """Return a hint that shows when a cell is chosen."""
    return DataValidation(
        allowBlank=True,
        showInputMessage=bool(text),
        promptTitle=title if text else None,
        prompt=text[:_LONGEST_PROMPT] or None,
        sqref=cells,
    )


def protect(sheet: Worksheet, columns: int) -> None:
    """Lock what stands there already; cells below the headers and further right stay open.

    There is no password: whoever must change the layout may.
    """
    for number in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(number)].protection = OPEN
    rest = sheet.column_dimensions[get_column_letter(columns + 1)]
    rest.min, rest.max, rest.protection = columns + 1, _LAST_COLUMN, OPEN
    allowed = sheet.protection
    allowed.sheet = True
    allowed.formatCells = allowed.formatColumns = allowed.formatRows = False
    allowed.insertRows = allowed.deleteRows = allowed.sort = allowed.autoFilter = False
    allowed.insertHyperlinks = False


def _limit(declared: Declaration, *, signed: bool, in_quarter: bool) -> Limit | None:
    kind = declared.type
    if kind in DATES:
        return _date_limit(declared, in_quarter=in_quarter)
    if kind in (DECIMAL, AMOUNT):
        lowest, least = (f"-{_LARGEST}", "") if signed else ("0", "不小于 0 的")
        return Limit("decimal", lowest, str(_LARGEST), f"请填{least}数字，不带单位。")
    return _LIMITS.get(kind)


def _date_limit(declared: Declaration, *, in_quarter: bool) -> Limit:
    form = f"写法如 {declared.type.example}。"
    if in_quarter:
        return Limit(
            "date",
            f"IF({FIRST_DAY}>0,{FIRST_DAY},{DAY_2000})",
            f"IF({FIRST_DAY}>0,{LAST_DAY}+1,{DAY_2099})",
            f"请填本服务季度内的日期（起止见“说明”表），{form}别的季度的事，记到那个季度的表里。",
        )
    return Limit("date", str(DAY_2000), str(DAY_2099), f"请填{declared.type.name}，{form}")


def _refuse(found: DataValidation, declared: Declaration, words: str) -> None:
    found.showErrorMessage = True
    found.errorTitle = declared.label
    found.error = words[:_LONGEST_ERROR]
