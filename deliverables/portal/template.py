"""The user's own download, recognised by its hidden version; what differs is told, all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.portal.layout import (
    FIRST_ROW,
    FLAG_ROW,
    HEADER_ROW,
    SERIAL,
    SHEETS,
    VERSION_CELL,
    VERSION_SHEET,
    VERSIONS,
)
from deliverables.problem import Problem, error
from deliverables.source import Cell

_MOST_BYTES: Final = 1 << 28
"""Unpacked, the portal's workbook has 6 MB; something far larger is not it."""

_LIMIT = re.compile(r"限(\d+)字符")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetPlan:
    """A sheet that is filled: the letters of its columns, and what somebody typed already.

    `next_row` is the first row with nothing in it or below, `serials` are those already there.
    """

    letters: Mapping[str, str]
    next_row: int
    serials: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A workbook of the portal that can be filled: its bytes, its version, its two sheets."""

    file: str
    content: bytes
    version: str
    sheets: Mapping[str, SheetPlan]


@dataclass(frozen=True, slots=True)
class Reading:
    """A template, or why there is none."""

    template: Template | None
    problems: tuple[Problem, ...] = ()


def version_of(content: bytes) -> str:
    """Return the hidden version mark, pt:20260401; empty if the file is no workbook with one."""
    return _version(_opened(content))


def read_template(path: Path) -> Reading:
    """Return the portal's workbook at `path`, or everything that keeps it from being filled."""
    file = path.as_posix()
    content = path.read_bytes()
    workbook = _opened(content)
    if workbook is None or VERSION_SHEET not in workbook.sheet_names:
        return Reading(None, (_not_the_portals(file),))
    version = _version(workbook)
    if version not in VERSIONS:
        return Reading(None, (_unknown_version(file, version),))
    plans: dict[str, SheetPlan] = {}
    problems: list[Problem] = []
    for name in SHEETS:
        if name not in workbook.sheet_names:
            problems.append(_no_sheet(file, name))
            continue
        rows = _rows(workbook, name)
        problems += _differences(file, name, rows)
        plans[name] = _plan(rows)
    if problems:
        return Reading(None, tuple(problems))
    return Reading(Template(file=file, content=content, version=version, sheets=plans))


def find_templates(*folders: Path) -> tuple[Path, ...]:
    """Return the portal's workbooks in the folders, newest version first."""
    found = [
        (version, path)
        for folder in folders
        for path in sorted(folder.glob("*.xlsx"))
        if not path.name.startswith("~$") and (version := _version_at(path))
    ]
    newest = max((version for version, _ in found), default="")
    return tuple(path for version, path in found if version == newest)


def _version_at(path: Path) -> str:
    try:
        return version_of(path.read_bytes())
    except OSError:
        return ""


def _opened(content: bytes) -> CalamineWorkbook | None:
    try:
        with ZipFile(BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > _MOST_BYTES:
                return None
        return CalamineWorkbook.from_filelike(BytesIO(content))
    except (BadZipFile, CalamineError, OSError, ValueError):
        return None


def _version(workbook: CalamineWorkbook | None) -> str:
    if workbook is None or VERSION_SHEET not in workbook.sheet_names:
        return ""
    rows = _rows(workbook, VERSION_SHEET)
    row = int(VERSION_CELL[1:])
    return rows[row - 1][0].strip() if len(rows) >= row and rows[row - 1] else ""


def _rows(workbook: CalamineWorkbook, name: str) -> list[list[str]]:
    """Return the cells of a sheet as text, from A1; of merged cells the first alone speaks."""
    sheet = workbook.get_sheet_by_name(name)
    rows = [[str(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                if (row, column) != (top, left):
                    rows[row][column] = ""
    return rows


def _row(rows: list[list[str]], number: int) -> list[str]:
    return rows[number - 1] if len(rows) >= number else []


def _headers(rows: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Yield the letters and the header of each column that has one."""
    for number, text in enumerate(_row(rows, HEADER_ROW), start=1):
        if header := _SPACE.sub("", text):
            yield get_column_letter(number), header


def _plan(rows: list[list[str]]) -> SheetPlan:
    letters = {header: letter for letter, header in _headers(rows)}
    used = [number for number, row in enumerate(rows, start=1) if any(map(str.strip, row))]
    found = [header for _, header in _headers(rows)]
    at = found.index(SERIAL) if SERIAL in found else 0
    return SheetPlan(
        letters=letters,
        next_row=max(FIRST_ROW, max(used, default=0) + 1),
        serials=frozenset(row[at].strip() for row in rows[FIRST_ROW - 1 :] if len(row) > at),
    )


def _differences(file: str, sheet: str, rows: list[list[str]]) -> Iterator[Problem]:
    """Yield every header and every limit that is not as the program knows it."""
    there = dict[str, str]()
    known = {one.header: one for one in SHEETS[sheet]}
    for letters, header in _headers(rows):
        place = Cell(file, sheet, f"{letters}{HEADER_ROW}")
        if header in there:
            yield _differs(place, say("the column {header} is there twice", header=header))
        elif header not in known:
            yield _differs(place, say("{header} is a column unknown so far", header=header))
        there.setdefault(header, letters)
    for header in known:
        if header not in there:
            near = get_close_matches(header, there.keys() - known.keys(), n=1, cutoff=0.5)
            found = say(" (there is {near})", near=near[0]) if near else ""
            place = Cell(file, sheet)
            yield _differs(
                place, say("the column {header} is missing{found}", header=header, found=found)
            )
    for header, letters in there.items():
        flag = _flag(rows, letters, file, sheet)
        if header in known and flag and flag[0] != known[header].limit:
            yield _differs(
                flag[1],
                say(
                    "{header} takes {found} characters, {known} so far",
                    header=header,
                    found=flag[0],
                    known=known[header].limit or "—",
                ),
            )


def _flag(rows: list[list[str]], letters: str, file: str, sheet: str) -> tuple[int, Cell] | None:
    """Return the limit that row 2 states for a column, and where."""
    for number, text in enumerate(_row(rows, FLAG_ROW), start=1):
        if get_column_letter(number) == letters and (stated := _LIMIT.search(text)):
            return int(stated[1]), Cell(file, sheet, f"{letters}{FLAG_ROW}")
    return None


def _not_the_portals(file: str) -> Problem:
    return error(
        "portal-template",
        Cell(file),
        say(
            "this is not the portal's workbook for importing invoices: it has no sheet {sheet}",
            sheet=VERSION_SHEET,
        ),
        say("download it anew from the tax portal (批量开票, 下载模板) and give it as --template"),
    )


def _no_sheet(file: str, name: str) -> Problem:
    return error(
        "portal-template",
        Cell(file, name),
        say("the sheet {sheet} is missing", sheet=name),
        say("download it anew from the tax portal (批量开票, 下载模板) and give it as --template"),
    )


def _unknown_version(file: str, version: str) -> Problem:
    known = ", ".join(f"{mark} ({name})" for mark, name in VERSIONS.items())
    return error(
        "portal-version",
        Cell(file, VERSION_SHEET, VERSION_CELL),
        say(
            "its version is {found}, known are {known}",
            found=version or "—",
            known=known,
        ),
        say(
            "download the present one from the tax portal; if this is the present one, the program "
            "must learn it first: key the invoice in by hand, from the 开票申请单"
        ),
    )


def _differs(place: Cell, message: Message) -> Problem:
    return error(
        "portal-header",
        place,
        say("{difference}", difference=message),
        say(
            "download the workbook anew and leave rows 1 to 3 as they are; if the portal changed "
            "it, key the invoice in by hand, from the 开票申请单"
        ),
    )
