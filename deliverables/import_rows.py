"""Rows of another system's export taken into the workbooks of their quarters, by a mapping."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

from deliverables.import_mapping import EPOCHS, ExportForm, Filter, ImportMapping, Rule
from deliverables.model.fields import (
    DECIMAL,
    EXCEL_DIGITS,
    MONTH,
    PERCENTAGE,
    NotOfTypeError,
    Raw,
    Row,
    declarations,
    show_plain,
)
from deliverables.model.operations_sheets import Operations
from deliverables.read.characters import is_odd, mismatch, nearest, plain, quoted, seen
from deliverables.read.files import contents
from deliverables.read.opened import open_workbook
from deliverables.read.reach import letters_of
from deliverables.read.tree import Scalar
from deliverables.read.workbook import (
    MOST_ALIKE,
    BlankError,
    hidden,
    is_blank,
    loaded,
)
from deliverables.read.workbook_facts import Faults
from deliverables.values.dates import Period, add_months, wall_clock
from deliverables.values.figure import Cell, Line, Source
from deliverables.values.limits import MOST_ROWS
from deliverables.values.period_names import PeriodNames
from deliverables.values.problem import Message, Problem, Severity, clauses, error, listed, say
from deliverables.xlsx.rows import OpenedSheet

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


def read_export(path: Path, form: ExportForm, problems: list[Problem]) -> Export | None:
    """Return the export at `path`, None with its problems if it cannot be read."""
    data = contents(path, problems)
    if data is None:
        return None
    if data.startswith(_WORKBOOKS):
        return _from_workbook(path.as_posix(), data, form, problems)
    return _from_text(path.as_posix(), data, form, problems)


def _from_text(file: str, data: bytes, form: ExportForm, problems: list[Problem]) -> Export | None:
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
    rows: list[ExportRow] = []
    try:
        for row in _records(file, body, delimiter, skipped):
            if len(rows) >= MOST_ROWS:
                problems.append(_too_many_rows(file))
                return None
            rows.append(row)
    except csv.Error:
        problems.append(_field_too_long(file, rows))
        return None
    return _with_headers(file, rows, form, problems)


def _too_many_rows(file: str) -> Problem:
    return error(
        "export-too-large",
        Line(file),
        say("the export has more rows than the {most} that are read", most=f"{MOST_ROWS:,}"),
        say("export a shorter span of time"),
    )


def _field_too_long(file: str, rows: Sequence[ExportRow]) -> Problem:
    """A quotation mark that is never closed swallows all that follows."""
    last = rows[-1].place.line if rows and isinstance(rows[-1].place, Line) else 0
    return error(
        "export-too-large",
        Line(file, last + 1, 1),
        say("a field here is longer than the {most} characters that are read",
            most=f"{csv.field_size_limit():,}"),
        say("look for a quotation mark that is never closed; export it anew"),
    )  # fmt: skip


def _decoded(data: bytes, encoding: str | None) -> str | None:
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    for candidate in filter(None, (marked, encoding) if marked or encoding else _usual(data)):
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None


def _usual(data: bytes) -> tuple[str, ...]:
    """Return the encodings to try where nothing names one.

    Zero bytes stand in no text but UTF-16, where every comma and every line end has one.
    """
    if b"\0" not in data:
        return _USUAL
    little = data[1::2].count(b"\0") >= data[::2].count(b"\0")
    return ("utf-16-le",) if little else ("utf-16-be",)


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


def _from_workbook(
    file: str, data: bytes, form: ExportForm, problems: list[Problem]
) -> Export | None:
    workbook = open_workbook(file, data, problems)
    if workbook is None:
        return None
    names = workbook.names
    wanted = form.sheet or (names[0] if names else "")
    written = next((name for name in names if plain(name) == plain(wanted)), None)
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
    place, facts = Cell(file, written), workbook.facts(written)
    sheet = loaded(place, workbook, problems)
    if sheet is None:
        return None
    rows = sheet.rows
    filled = [
        number
        for number in facts.hidden_rows
        if number <= len(rows) and not all(map(is_blank, rows[number - 1]))
    ]
    if filled or written in workbook.hidden:
        whole = written in workbook.hidden
        problems.append(hidden(place, filled, (), sheet=whole))
    exported = [
        ExportRow(
            Cell(file, written, f"A{number}"), cells, _faulty(facts.faults, number, len(cells))
        )
        for number, cells in enumerate(rows, 1)
    ]
    return _with_headers(file, exported, form, problems)


def _faulty(faults: Faults, number: int, width: int) -> frozenset[int]:
    return frozenset(
        index
        for index in range(width if faults else 0)
        if (number, letters_of(index + 1)) in faults
    )


def _with_headers(
    file: str, rows: Sequence[ExportRow], form: ExportForm, problems: list[Problem]
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


_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


def converted(rule: Rule, raw: Raw, empty: Any) -> Any:
    """Return the value that a cell becomes, `empty` where it may be and is empty.

    Raises BlankError or NotOfTypeError, whose words say what is wrong with the cell.
    """
    if is_blank(raw) or (isinstance(raw, str) and raw.strip() in rule.empty):
        if not rule.declaration.optional:
            raise BlankError
        return empty
    _refuse_what_excel_rounded(raw)
    replaced = rule.values.get(plain(_as_written(raw)))
    if replaced is not None:
        return rule.declaration.parse(replaced)
    if rule.formats and not isinstance(raw, datetime):
        raw = _moment(rule, _as_written(raw))
    if isinstance(raw, datetime) and rule.zone and raw.tzinfo is None:
        raw = raw.replace(tzinfo=rule.zone)
    if isinstance(raw, datetime) and raw.tzinfo is not None:
        raw = wall_clock(raw)
    if rule.factor is not None:
        raw = _times(raw, rule.factor) + ("%" if rule.declaration.type is PERCENTAGE else "")
    return _fitting(rule.declaration.parse(raw))


def _as_written(raw: Raw) -> str:
    """Return a cell as its export shows it: 3 for the 3.0 that a workbook holds."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return show_plain(DECIMAL.parse(raw))
    return str(raw).strip()


def _refuse_what_excel_rounded(raw: Raw) -> None:
    too_long = isinstance(raw, int | float) and abs(raw) >= 10**EXCEL_DIGITS
    if too_long or (isinstance(raw, str) and _ROUNDED.fullmatch(raw.strip())):
        raise NotOfTypeError(
            say("the number as it was exported"),
            say("a number, of which Excel keeps only {digits} digits", digits=EXCEL_DIGITS),
            say("export it anew and import that file, without opening it in Excel first"),
        )


def _moment(rule: Rule, text: str) -> datetime:
    for form in rule.formats:
        try:
            if form in EPOCHS:
                return _UNIX + timedelta(seconds=1) * int(text) / EPOCHS[form]
            return datetime.strptime(text, form)  # noqa: DTZ007  # the mapping names the zone
        except (ValueError, OverflowError):
            continue
    example = " / ".join(rule.formats)
    raise NotOfTypeError(
        say("a time in the form {format}", format=example),
        text,
        say("add its form to format in the mapping file"),
    )


def _times(raw: Raw, factor: Fraction) -> str:
    """Return the product in plain digits; one that has no end in decimals is refused."""
    product = Fraction(DECIMAL.parse(raw)) * factor
    places = _places(product.denominator)
    if places is None:
        raise NotOfTypeError(
            say("a value that can be converted exactly"),
            raw,
            say("choose another factor, or let the system export the unit of our column"),
        )
    digits = product.numerator * 10**places // product.denominator
    return show_plain(Decimal(f"{digits}E-{places}"))


def _places(denominator: int) -> int | None:
    """Return how many decimals a fraction in lowest terms takes, None if they never end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _fitting(value: Any) -> Any:
    """Return the value if a cell can hold all of it."""
    if isinstance(value, Decimal | int) and _significant(value) > EXCEL_DIGITS:
        raise NotOfTypeError(say("a number of at most {digits} digits", digits=EXCEL_DIGITS),
                             str(value))  # fmt: skip
    return value


def _significant(value: Decimal | int) -> int:
    digits = "".join(map(str, Decimal(value).as_tuple().digits))
    return len(digits.strip("0"))


class Reason(StrEnum):
    """Why a row of an export was not taken."""

    FILTERED = "filtered"
    OUTSIDE = "outside"
    NO_WORKBOOK = "no-workbook"
    THERE = "already-there"
    DIFFERENT = "differs"
    REPEATED = "repeated"
    UNFIT = "unfit"
    FOREIGN = "foreign"
    SEVERAL = "several"
    UNMATCHED = "unmatched"

    @property
    def calls_for_action(self) -> bool:
        """Whether a person must look at the row, or it was only left out as was asked."""
        return self in (Reason.NO_WORKBOOK, Reason.DIFFERENT, Reason.UNFIT, Reason.SEVERAL,
                        Reason.UNMATCHED)  # fmt: skip


SPOKEN = {
    Reason.FILTERED: say("left out by the mapping"),
    Reason.OUTSIDE: say("of another quarter"),
    Reason.NO_WORKBOOK: say("no workbook for the quarter"),
    Reason.THERE: say("already in the workbook"),
    Reason.DIFFERENT: say("in the workbook with other values"),
    Reason.REPEATED: say("twice in the export"),
    Reason.UNFIT: say("does not fit"),
    Reason.FOREIGN: say("of nobody that a contract is with"),
    Reason.SEVERAL: say("may be for several instalments: say which one"),
    Reason.UNMATCHED: say("fits no instalment: say which one, if any"),
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was not taken: where it stands, the kind of reason and its words."""

    place: Source
    reason: Reason
    message: Message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the export as a row of ours; the other side that it names, and its texts."""

    place: Source
    row: Row
    party: str = ""
    text: str = ""


class Taker:
    """Takes the rows of one export by one plan; what it leaves goes to `skipped`."""

    def __init__(self, plan: ImportMapping, export: Export, problems: list[Problem]) -> None:
        self._plan = plan
        self._export = export
        self._problems = problems
        self._alike: Counter[tuple[str, str]] = Counter()
        self._columns = self._found(problems)
        self.skipped: list[Skipped] = []

    def candidates(self) -> Iterator[Candidate]:
        """Yield every row that passes the filters and fits our columns."""
        for row in self._export.rows:
            against = next((one for one in self._plan.filters if not self._passes(one, row)), None)
            if against is not None:
                found = self._cell(row, self._columns[against.source])
                self.skip(
                    row.place,
                    Reason.FILTERED,
                    say("{column} is {found}", column=against.source, found=quoted(found)),
                )
                continue
            misfits: list[Message] = []
            values = self._values(row, misfits)
            if misfits:
                self.skip(row.place, Reason.UNFIT, say("{faults}", faults=clauses(misfits)))
            else:
                made = self._plan.row_type(
                    **{**self._plan.found_out, **values}, places={"": row.place}
                )
                yield Candidate(row.place, made, self._party(row), self._text(row))

    def skip(self, place: Source, reason: Reason, message: Message) -> None:
        """Keep that a row was not taken."""
        self.skipped.append(Skipped(place, reason, message))

    def quarter(
        self,
        candidate: Candidate,
        periods: Mapping[int, Period],
        only: int | None,
        marks: PeriodNames,
    ) -> int | None:
        """Return the quarter a row belongs to, None with a reason if it is not to be taken."""
        day = getattr(candidate.row, self._plan.date) if self._plan.date else None
        if day is None:
            return only
        months = declarations(self._plan.row_type)[self._plan.date or ""].type is MONTH
        found = [number for number, period in periods.items() if _meets(period, day, months)]
        if only in found:
            return only
        if only is None and len(found) == 1:
            return found[0]
        told = f"{day:%Y-%m}" if months else f"{day:%Y-%m-%d}"
        if only is None and found:
            message = say(
                "{day} lies in {quarters}: choose one with --period",
                day=told,
                quarters=listed(marks.mark(number) for number in found),
            )
        elif only is not None and only in periods:
            message = say(
                "{day} is outside {quarter}, which runs from {first} to {last}",
                day=told,
                quarter=marks.mark(only),
                first=periods[only].first,
                last=periods[only].last,
            )
        else:
            message = say("{day} is in no quarter of the contract", day=told)
        self.skip(candidate.place, Reason.OUTSIDE, message)
        return None

    def unseen(self, candidates: Sequence[Candidate], there: Sequence[Row]) -> list[Candidate]:
        """Return the rows whose key is neither in the workbook nor earlier in the export."""
        known = {self._key(row): row for row in there}
        taken: dict[tuple[object, ...], Candidate] = {}
        for one in candidates:
            key = self._key(one.row)
            if key in known:
                self._skip_known(one, known[key])
            elif key in taken:
                earlier = _line(taken[key].place)
                message = say("{key} stands in {earlier} already", key=_told(key), earlier=earlier)
                self.skip(one.place, Reason.REPEATED, message)
            else:
                taken[key] = one
        return list(taken.values())

    def _skip_known(self, one: Candidate, there: Row) -> None:
        place = there.place("")
        at = place.cell if isinstance(place, Cell) else str(place)
        told = say("{key} is in row {row}", key=_told(self._key(one.row)), row=at.lstrip("A"))
        imported = [rule.name for rule in self._plan.rules]
        labels = [
            declarations(type(there))[name].label
            for name in imported
            if getattr(there, name) != getattr(one.row, name)
        ]
        if not labels:
            self.skip(one.place, Reason.THERE, told)
            return
        message = say("{told}, where {labels} differ", told=told, labels=listed(labels))
        self.skip(one.place, Reason.DIFFERENT, message)

    def _key(self, row: Row) -> tuple[object, ...]:
        return tuple(getattr(row, name) for name in self._plan.key)

    def _found(self, problems: list[Problem]) -> dict[str, int]:
        named: dict[str, Line] = {}
        for rule in self._plan.rules:
            if rule.source is not None:
                named.setdefault(rule.source, rule.place)
        for one in self._plan.filters:
            named.setdefault(one.source, one.place)
        for column in (self._plan.party, *self._plan.texts):
            if column is not None:
                named.setdefault(column.text or "", column.source)
        columns = {
            header: self._export.column(header, place, problems) for header, place in named.items()
        }
        return {header: index for header, index in columns.items() if index is not None}

    def _party(self, row: ExportRow) -> str:
        party = self._plan.party
        return self._told(party, row) if party else ""

    def _text(self, row: ExportRow) -> str:
        return " ".join(filter(None, (self._told(one, row) for one in self._plan.texts)))

    def _told(self, column: Scalar, row: ExportRow) -> str:
        return _written(self._cell(row, self._columns[column.text or ""]))

    def _passes(self, one: Filter, row: ExportRow) -> bool:
        found = self._cell(row, self._columns[one.source])
        return (plain(_written(found)) in one.values) is one.wanted

    def _cell(self, row: ExportRow, index: int) -> Raw:
        return row.cells[index] if index < len(row.cells) else None

    def _values(self, row: ExportRow, misfits: list[Message]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for rule in self._plan.rules:
            try:
                values[rule.name] = self._value(rule, row)
            except BlankError:
                if rule.name not in self._plan.found_out:
                    misfits.append(say("{label} is empty", label=rule.declaration.label))
            except NotOfTypeError as fault:
                misfits.append(mismatch(rule.declaration.label, fault))
        return values

    def _value(self, rule: Rule, row: ExportRow) -> Any:
        empty = self._plan.row_type.__dataclass_fields__[rule.name].default
        if rule.source is None:
            return converted(rule, rule.constant, empty)
        index = self._columns[rule.source]
        if index in row.faults:
            raise NotOfTypeError(say("a value"), say("a formula without one"))
        return converted(rule, self._as_seen(rule, row, index), empty)

    def _as_seen(self, rule: Rule, row: ExportRow, index: int) -> Raw:
        """Return what a person sees in a cell; raises NotOfTypeError for what nobody can see."""
        raw, declared = self._cell(row, index), rule.declaration
        if not isinstance(raw, str) or not is_odd(raw, declared.type):
            return raw
        found = seen(raw, declared.type, row.place, declared.label)
        for problem in found.problems:
            if problem.severity is Severity.ERROR:
                raise NotOfTypeError(say("text that can be seen"), raw, problem.fix)
            alike = (rule.name, problem.code)
            self._alike[alike] += 1
            if self._alike[alike] <= MOST_ALIKE:
                self._problems.append(problem)
        return found.text


def _meets(period: Period, day: date | datetime, months: bool) -> bool:  # noqa: FBT001
    first = day.date() if isinstance(day, datetime) else day
    if not months:
        return period.contains(first)
    return first <= period.last and period.first < add_months(first, 1)


def _written(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw or "").strip()


def _told(key: tuple[object, ...]) -> str:
    return " / ".join(_shown(part) for part in key)


def _shown(part: object) -> str:
    return f"{part:%Y-%m-%d}" if isinstance(part, date) else str(part)


def _line(place: Source) -> Message:
    line = place.line if isinstance(place, Line) else place.cell.lstrip("A")
    return say("line {line}", line=line)


@dataclass(frozen=True, slots=True)
class Addition:
    """The rows to be added to the workbook of one quarter, which was `before` and is `after`."""

    quarter: int
    workbook: Path
    sheet: str
    rows: tuple[Candidate, ...]
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import adds, what it leaves and why; with problems there is nothing to add."""

    additions: tuple[Addition, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where rows go: the folder of the workbooks, the days of the quarters, one quarter or all."""

    folder: Path
    periods: Mapping[int, Period]
    names: PeriodNames
    only: int | None = None

    def workbook(self, quarter: int) -> Path:
        """Return the workbook of a quarter."""
        return self.folder / f"{self.names.mark(quarter)}.xlsx"


def import_rows(plan: ImportMapping, export: Export, target: Target) -> Imported:
    """Return what adding the rows of an export that are new makes of their quarters' workbooks."""
    problems: list[Problem] = []
    taker = Taker(plan, export, problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Imported(problems=tuple(problems))
    by_quarter = _by_quarter(taker, target)
    additions: list[Addition] = []
    for quarter, candidates in sorted(by_quarter.items()):
        path = target.workbook(quarter)
        if not path.exists():
            for one in candidates:
                taker.skip(one.place, Reason.NO_WORKBOOK,
                           say("{file} does not exist", file=path.as_posix()))  # fmt: skip
            continue
        prepared = _prepared(plan, taker, path, candidates, problems)
        if prepared:
            additions.append(Addition(quarter, path, *prepared))
    if any(problem.severity is Severity.ERROR for problem in problems):
        additions = []
    return Imported(tuple(additions), in_order(taker.skipped), tuple(problems))


def _by_quarter(taker: Taker, target: Target) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = {}
    for candidate in taker.candidates():
        quarter = taker.quarter(candidate, target.periods, target.only, target.names)
        if quarter is not None:
            found.setdefault(quarter, []).append(candidate)
    return found


def _prepared(
    plan: ImportMapping,
    taker: Taker,
    path: Path,
    candidates: Sequence[Candidate],
    problems: list[Problem],
) -> tuple[str, tuple[Candidate, ...], bytes, bytes] | None:
    """Return the sheet, the rows to add, and the workbook without and with them, if any is new."""
    before = contents(path, problems)
    if before is None:
        return None
    found = OpenedSheet.of(path, before, Operations, plan.row_type, problems)
    if found is None:
        return None
    new = tuple(taker.unseen(candidates, found.sheet.rows))
    if not new:
        return None
    after = found.with_added([one.row for one in new], problems)
    return (found.sheet.place.sheet, new, before, after) if after else None


def in_order(skipped: Sequence[Skipped]) -> tuple[Skipped, ...]:
    """Return what was left by its reason, in the order of the reasons."""
    order = list(Reason)
    return tuple(sorted(skipped, key=lambda one: order.index(one.reason)))
