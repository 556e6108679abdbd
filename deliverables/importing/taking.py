"""Which rows of an export are taken, into which quarter, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from deliverables.importing.conversion import converted
from deliverables.importing.export import Export, ExportRow
from deliverables.importing.mapping import Filter, Plan, Rule
from deliverables.lazily import dataclass
from deliverables.message import Message, clauses, listed, say
from deliverables.model.record import Row, declarations
from deliverables.model.values import MONTH, NotOfTypeError, Raw
from deliverables.period import Period, add_months
from deliverables.problem import Problem
from deliverables.read.columns import BlankError
from deliverables.read.wording import mismatch, plain, quoted
from deliverables.source import Cell, Line, Source


class Reason(StrEnum):
    """Why a row of an export was not taken."""

    FILTERED = "filtered"
    OUTSIDE = "outside"
    NO_WORKBOOK = "no-workbook"
    THERE = "already-there"
    DIFFERENT = "differs"
    REPEATED = "repeated"
    UNFIT = "unfit"

    @property
    def calls_for_action(self) -> bool:
        """Whether a person must look at the row, or it was only left out as was asked."""
        return self in (Reason.NO_WORKBOOK, Reason.DIFFERENT, Reason.UNFIT)


SPOKEN = {
    Reason.FILTERED: say("left out by the mapping"),
    Reason.OUTSIDE: say("of another quarter"),
    Reason.NO_WORKBOOK: say("no workbook for the quarter"),
    Reason.THERE: say("already in the workbook"),
    Reason.DIFFERENT: say("in the workbook with other values"),
    Reason.REPEATED: say("twice in the export"),
    Reason.UNFIT: say("does not fit"),
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was not taken: where it stands, the kind of reason and its words."""

    place: Source
    reason: Reason
    message: Message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the export as a row of ours."""

    place: Source
    row: Row


class Taker:
    """Takes the rows of one export by one plan; what it leaves goes to `skipped`."""

    def __init__(self, plan: Plan, export: Export, problems: list[Problem]) -> None:
        self._plan = plan
        self._export = export
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
                places = {"": row.place}
                yield Candidate(row.place, self._plan.row_type(**values, places=places))

    def skip(self, place: Source, reason: Reason, message: Message) -> None:
        """Keep that a row was not taken."""
        self.skipped.append(Skipped(place, reason, message))

    def quarter(
        self, candidate: Candidate, periods: Mapping[int, Period], only: int | None
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
                quarters=listed(f"Q{number}" for number in found),
            )
        elif only is not None and only in periods:
            message = say(
                "{day} is outside Q{quarter}, which runs from {first} to {last}",
                day=told,
                quarter=only,
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
        columns = {
            header: self._export.column(header, place, problems) for header, place in named.items()
        }
        return {header: index for header, index in columns.items() if index is not None}

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
        return converted(rule, self._cell(row, index), empty)


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
