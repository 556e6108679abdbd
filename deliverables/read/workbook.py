"""A workbook becomes a record: its sheets found by name, its columns by their headers."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Generic, TypeVar, get_type_hints

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Operations
from deliverables.model.record import Row, sheets
from deliverables.model.staff import Roster
from deliverables.problem import Problem, Severity, error, warning
from deliverables.read import cover
from deliverables.read.columns import Column, Headers
from deliverables.read.package import is_transparent, sheet_facts
from deliverables.read.rows import SheetRows
from deliverables.read.sheet import Sheets
from deliverables.source import Cell, Source

W = TypeVar("W", Operations, Roster, Ledger)
R = TypeVar("R", bound=Row)

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(file: str, data: bytes, kind: type[W], problems: list[Problem]) -> W | None:
    """Return the workbook in `data`, None with its problems if any part of it is not sound.

    `file` names it in problems. The format is known by the content: xlsx, xls, et or ods.
    """
    opened = open_workbook(file, data, problems)
    if opened is None:
        return None
    before = len(problems)
    found = Sheets(file, opened, sheet_facts(data), problems)
    values = _values(found, kind, problems)
    if any(problem.severity is Severity.ERROR for problem in problems[before:]):
        return None
    return kind(file=file, **values)


@dataclass(frozen=True, slots=True)
class ReadSheet(Generic[R]):
    """One sheet of a workbook by itself: its place, its columns and its rows."""

    place: Cell
    columns: tuple[Column, ...]
    rows: tuple[R, ...]


def read_sheet(
    file: str, data: bytes, kind: type, row_type: type[R], problems: list[Problem]
) -> ReadSheet[R] | None:
    """Return one sheet of the workbook in `data`, whatever may be wrong with the others."""
    opened = open_workbook(file, data, problems)
    if opened is None:
        return None
    before = len(problems)
    expected = [cover.SHEET, *(each.sheet for each in sheets(kind).values())]
    sheet = Sheets(file, opened, sheet_facts(data), problems).sheet(row_type.sheet, expected)
    columns = Headers(sheet, row_type).columns(problems) if sheet else None
    if sheet is None or columns is None:
        return None
    rows = SheetRows(sheet, row_type, columns).read(problems)
    if any(problem.severity is Severity.ERROR for problem in problems[before:]):
        return None
    return ReadSheet(sheet.place, tuple(columns), rows)


def _values(found: Sheets, kind: type[W], problems: list[Problem]) -> dict[str, Any]:
    row_types: dict[str, type[Row]] = sheets(kind)
    has_narrative = "narrative" in kind.__dataclass_fields__
    expected = [cover.GUIDE, cover.SHEET, *(row_type.sheet for row_type in row_types.values())]
    values: dict[str, Any] = {}
    places: dict[str, Source] = {}
    first = found.sheet(cover.SHEET, expected)
    if first:
        reader = cover.CoverSheet(first, problems)
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


def open_workbook(file: str, data: bytes, problems: list[Problem]) -> CalamineWorkbook | None:
    """Return the opened workbook, None with a problem if it cannot be opened."""
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        problems.append(_encrypted(file))
        return None
    except (CalamineError, OSError, ValueError):
        if _ENCRYPTED in data:
            problems.append(_encrypted(file))
            return None
        problems.append(
            error(
                "not-a-workbook",
                Cell(file),
                say("the file is not a workbook, or it is damaged"),
                say("open it in Excel or WPS and save it as .xlsx, or restore it from a copy"),
            )
        )
        return None
    if not is_transparent(data):
        problems.append(
            warning(
                "workbook-format",
                Cell(file),
                say("the workbook is no .xlsx: formulas without a value look like empty cells"),
                say("save it as .xlsx"),
            )
        )
    return workbook


def _encrypted(file: str) -> Problem:
    return error(
        "workbook-encrypted",
        Cell(file),
        say("the workbook is protected by a password"),
        say("open it, remove the password to open, and save it"),
    )
