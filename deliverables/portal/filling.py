"""A copy of the portal's workbook with one more invoice in it; every other part byte for byte.

Only the XML of the sheets that get a row is written anew. The result is read again by a reader
that shares nothing with the writer, and held against what was asked for and against the original.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from zipfile import ZipFile

from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from deliverables.message import Message, say
from deliverables.portal.given import Request, Row
from deliverables.portal.layout import LINES, MOST_LINES, SHEETS
from deliverables.portal.sheet_xml import with_row
from deliverables.portal.template import Template, version_of
from deliverables.problem import Problem, error
from deliverables.read.package import worksheet_parts
from deliverables.source import Cell

Placed = tuple[tuple[str, int, Row], ...]
"""The rows of a request, each with its sheet and the number it gets there."""


def collisions(template: Template, request: Request) -> tuple[Problem, ...]:
    """Return why a request cannot be added to what the workbook holds already."""
    return tuple(_collisions(template, request))


def _collisions(template: Template, request: Request) -> Iterator[Problem]:
    for name, plan in template.sheets.items():
        if request.serial in plan.serials:
            yield error(
                "portal-duplicate",
                Cell(template.file, name),
                say("the invoice {serial} is in it already", serial=request.serial),
                say("give a freshly downloaded workbook, or one without that row"),
            )
    rows = template.sheets[LINES].next_row + len(request.lines) - 1
    if rows > MOST_LINES:
        yield error(
            "portal-rows",
            Cell(template.file, LINES),
            say("the sheet would have {rows} rows, the portal may fail above {most}",
                rows=rows, most=MOST_LINES),
            say("give a freshly downloaded workbook"),
        )  # fmt: skip


def fill(template: Template, request: Request) -> bytes:
    """Return a copy of the workbook with the invoice below whatever somebody typed already."""
    with ZipFile(BytesIO(template.content)) as package:
        parts = worksheet_parts(package)
        changed: dict[str, bytes] = {}
        for name, number, row in placed(template, request):
            part, letters = parts[name], template.sheets[name].letters
            texts = {letters[header]: given.text for header, given in row.items() if given.text}
            xml = changed[part] if part in changed else package.read(part)
            changed[part] = with_row(xml, number, texts)
        return _copy(package, changed)


def placed(template: Template, request: Request) -> Placed:
    """Return where each row of a request goes: below what is there."""
    following = {name: plan.next_row for name, plan in template.sheets.items()}
    found = []
    for name, row in request.rows():
        found.append((name, following[name], row))
        following[name] += 1
    return tuple(found)


def _copy(package: ZipFile, changed: Mapping[str, bytes]) -> bytes:
    result = BytesIO()
    with ZipFile(result, "w") as copy:
        for entry in package.infolist():
            content = changed.get(entry.filename)
            copy.writestr(entry, package.read(entry) if content is None else content)
    return result.getvalue()


def prove(filled: bytes, template: Template, request: Request) -> tuple[Problem, ...]:
    """Return where a filled copy is not the workbook with just the rows that were asked for."""
    return tuple(_proof(filled, template, request))


def _proof(filled: bytes, template: Template, request: Request) -> Iterator[Problem]:
    if version_of(filled) != template.version:
        yield _unproved(
            Cell(template.file), say("the version"), template.version, version_of(filled)
        )
    with ZipFile(BytesIO(filled)) as copy, ZipFile(BytesIO(template.content)) as package:
        parts = worksheet_parts(package)
        touched = {parts[name] for name in SHEETS}
        if copy.namelist() != package.namelist():
            yield _unproved(Cell(template.file), say("the list of parts"), "", "")
        for name in package.namelist():
            same = name in copy.NameToInfo and copy.read(name) == package.read(name)
            if name not in touched and not same:
                yield _unproved(Cell(template.file), say("the part {name}", name=name), "", "")
    book = CalamineWorkbook.from_filelike(BytesIO(filled))
    before = CalamineWorkbook.from_filelike(BytesIO(template.content))
    for name in SHEETS:
        yield from _cells(name, book, before, template, request)


def _cells(
    name: str,
    book: CalamineWorkbook,
    before: CalamineWorkbook,
    template: Template,
    request: Request,
) -> Iterator[Problem]:
    """Yield every cell of a sheet that is neither as it was nor as it was asked for."""
    letters = template.sheets[name].letters
    wanted = _grid(before, name)
    for sheet, number, row in placed(template, request):
        if sheet == name:
            wanted |= {f"{letters[header]}{number}": given.text
                       for header, given in row.items() if given.text}  # fmt: skip
    found = _grid(book, name)
    for cell in sorted(wanted.keys() | found.keys()):
        if wanted.get(cell) != found.get(cell):
            place = Cell(template.file, name, cell)
            yield _unproved(place, say("the cell"), wanted.get(cell), found.get(cell))


def _grid(book: CalamineWorkbook, name: str) -> dict[str, object]:
    """Return the cells that hold anything by their names; a number is no text."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return {
        f"{get_column_letter(column)}{number}": value
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row, start=1)
        if value != ""
    }


def _unproved(place: Cell, what: Message, wanted: object, found: object) -> Problem:
    return error(
        "portal-unproved",
        place,
        say("{what} of the filled copy is {found}, expected {wanted}",
            what=what, found=found if found not in (None, "") else "—",
            wanted=wanted if wanted not in (None, "") else "—"),
        say("do not import it; key the invoice in by hand and report this as a fault"),
    )  # fmt: skip
