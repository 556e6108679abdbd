"""The export of another system: its headers, and its rows with the line each stands in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from deliverables.importing.mapping import Form
from deliverables.lazily import dataclass
from deliverables.message import listed, say
from deliverables.model.values import Raw
from deliverables.problem import Problem, error
from deliverables.read.columns import column_letters, is_blank
from deliverables.read.files import contents
from deliverables.read.package import Fault, is_transparent, sheet_facts
from deliverables.read.wording import nearest, plain, quoted
from deliverables.source import Cell, Line, Source

_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ",;\t|"
_EXCEL_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row of an export: its cells, and those whose formula has no value."""

    place: Source
    cells: Sequence[Raw]
    faults: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Export:
    """An export as it was read."""

    file: str
    header_place: Source
    headers: Sequence[str]
    rows: Sequence[ExportRow]

    def column(self, header: str, place: Source, problems: list[Problem]) -> int | None:
        """Return where a column stands that the mapping names at `place`; None with a problem."""
        found = [index for index, name in enumerate(self.headers) if plain(name) == plain(header)]
        if len(found) == 1:
            return found[0]
        if found:
            problems.append(
                error(
                    "column-duplicate",
                    self.header_place,
                    say("the header {label} stands here {count} times", label=quoted(header),
                        count=len(found)),
                    say("delete or rename the other columns of that name"),
                )
            )  # fmt: skip
            return None
        likely = nearest(header, [name for name in self.headers if name])
        problems.append(
            error(
                "column-missing",
                place,
                say("{file} has no column {label}", file=self.file, label=quoted(header)),
                say("write {likely} if that is meant", likely=quoted(likely))
                if likely
                else say("its columns are {labels}", labels=listed(filter(None, self.headers))),
            )
        )
        return None


def read_export(path: Path, form: Form, problems: list[Problem]) -> Export | None:
    """Return the export at `path`, None with its problems if it cannot be read."""
    data = contents(path, problems)
    if data is None:
        return None
    if data.startswith(_WORKBOOKS):
        return _from_workbook(path.as_posix(), data, form, problems)
    return _from_text(path.as_posix(), data, form, problems)


def _from_text(file: str, data: bytes, form: Form, problems: list[Problem]) -> Export | None:
    text = _decoded(data, form.encoding)
    if text is None:
        tried = form.encoding or "UTF-8 / GB18030"
        problems.append(
            error(
                "not-utf8",
                Line(file),
                say("the text cannot be read as {encoding}", encoding=tried),
                say("name its encoding in the mapping file (file: encoding), or export it anew"),
            )
        )
        return None
    named = _EXCEL_SEPARATOR.match(text)
    skipped = 1 if named else 0
    body = text[named.end() :] if named else text
    delimiter = form.delimiter or (named[1] if named else _delimiter(body))
    rows = list(_records(file, body, delimiter, skipped))
    return _with_headers(file, rows, form, problems)


def _decoded(data: bytes, encoding: str | None) -> str | None:
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    for candidate in filter(None, (marked, encoding) if marked or encoding else _USUAL):
        try:
            return data.decode(candidate)
        except UnicodeDecodeError:
            continue
    return None


_USUAL = ("utf-8", "gb18030")


def _delimiter(text: str) -> str:
    """Return the delimiter that the first line with more than one column has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def _records(file: str, text: str, delimiter: str, skipped: int) -> Iterator[ExportRow]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = skipped + 1
    for cells in reader:
        yield ExportRow(Line(file, line, 1), cells)
        line = skipped + reader.line_num + 1


def _from_workbook(file: str, data: bytes, form: Form, problems: list[Problem]) -> Export | None:
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        names = workbook.sheet_names
        wanted = form.sheet or names[0]
        written = next((name for name in names if plain(name) == plain(wanted)), None)
        found = workbook.get_sheet_by_name(written) if written else None
        rows = found.to_python(skip_empty_area=False) if found else []
    except (CalamineError, PasswordError, OSError, ValueError, IndexError):
        problems.append(
            error(
                "not-a-workbook",
                Cell(file),
                say("the file is not a workbook, or it is damaged or protected"),
                say("open it in Excel or WPS and save it as .xlsx without a password"),
            )
        )
        return None
    if written is None:
        problems.append(
            error(
                "sheet-missing",
                Cell(file),
                say("the sheet {sheet} is missing", sheet=wanted),
                say("the sheets are {names}", names=listed(names)),
            )
        )
        return None
    facts = sheet_facts(data).get(written) if is_transparent(data) else None
    faults = facts.faults if facts else {}
    exported = [
        ExportRow(Cell(file, written, f"A{number}"), cells, _faulty(faults, number, len(cells)))
        for number, cells in enumerate(rows, 1)
    ]
    return _with_headers(file, exported, form, problems)


def _faulty(faults: object, number: int, width: int) -> frozenset[int]:
    known: dict[tuple[int, str], Fault] = faults if isinstance(faults, dict) else {}
    return frozenset(
        index for index in range(width if known else 0) if (number, column_letters(index)) in known
    )


def _with_headers(
    file: str, rows: Sequence[ExportRow], form: Form, problems: list[Problem]
) -> Export | None:
    at = form.header_row - 1
    if at >= len(rows) or not any(not is_blank(cell) for cell in rows[at].cells):
        problems.append(
            error(
                "header-missing",
                Line(file),
                say("expected the headers in row {row}, found none", row=form.header_row),
                say("name the row of the headers in the mapping file (file: header_row)"),
            )
        )
        return None
    headers = [str(cell).strip() for cell in rows[at].cells]
    filled = [row for row in rows[at + 1 :] if any(not is_blank(cell) for cell in row.cells)]
    return Export(file, rows[at].place, headers, filled)
