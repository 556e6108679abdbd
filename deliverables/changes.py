"""Which cells and lines differ between two books of a contract, and which are behind a figure.

Rows are told apart by what they say, so that one put in above others changes none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import SequenceMatcher
from typing import Any

from deliverables.figure import Cells, Derivation, Figure
from deliverables.identifiers import mask
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.record import Record, Row, declarations, sheets, shown
from deliverables.model.staff import StaffMember
from deliverables.source import Cell, Line, Source

_SECRET = (StaffMember, "identity_number")


@dataclass(frozen=True, slots=True)
class Cause:
    """A cell or line that differs: its place from the folder of the contract on, and both texts.

    `before` is empty for one that is new, `after` for one that is gone; both are where only the
    sheet is known.
    """

    source: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Side:
    """What differs as one of the two books has it: by the row and its column, and by the place."""

    rows: dict[int, dict[str, Cause]]
    places: dict[Source, Cause]


class Changes:
    """What differs between the book of then, as far as it was kept, and that of now.

    `then_cells` are texts that were kept otherwise, by their places from the folder of the contract
    on; `changed` are the names of the input files that are not as they were.
    """

    def __init__(
        self,
        then: ContractBook | None,
        now: ContractBook,
        then_cells: Mapping[str, str],
        changed: Sequence[str],
    ) -> None:
        self._home = now.number
        self._then, self._now = _Side({}, {}), _Side({}, {})
        self._then_cells, self._changed = then_cells, tuple(changed)
        if then is not None:
            self._books = (then, now)  # rows are known by their identity: they must live on
            self._compare(then, now)

    def behind(self, then: Figure[Any] | None, now: Figure[Any] | None) -> tuple[Cause, ...]:
        """Return what is behind the change of a figure, in the order of its inputs.

        Where the cells of then are not known it is the sheet, as far as its file changed.
        """
        found: dict[Cause, None] = {}
        for figure, side in ((now, self._now), (then, self._then)):
            if figure is not None:
                found |= dict.fromkeys(_hits(figure, side))
        if not found and now is not None:
            found = dict.fromkeys(self._kept(now))
        if not found and now is not None:
            found = dict.fromkeys(self._sheets(now))
        return tuple(found)

    def _kept(self, figure: Figure[Any]) -> Iterator[Cause]:
        """Yield the cells of a figure whose text was kept and is another one now."""
        for source, text, secret in _read(figure):
            place = self._place(source)
            before = self._then_cells.get(place, text)
            if before != text:
                yield _cause(place, before, text, secret=secret)

    def _sheets(self, figure: Figure[Any]) -> Iterator[Cause]:
        for source, _, _ in _read(figure):
            if any(source.file.endswith(name) for name in self._changed):
                yield Cause(self._place(_whole(source)))

    def _place(self, source: Source) -> str:
        return str(source).rpartition(f"/{self._home}/")[2]

    def _compare(self, then: ContractBook, now: ContractBook) -> None:
        self._record(then.contract, now.contract)
        pairs: list[tuple[Any, Any]] = [(then.ledger, now.ledger)]
        pairs += [(then.quarters[n], now.quarters[n]) for n in then.quarters if n in now.quarters]
        for old, new in pairs:
            if old is not None and new is not None:
                self._record(old.cover, new.cover)
                for name in sheets(type(new)):
                    self._sheet(getattr(old, name), getattr(new, name))

    def _sheet(self, then: Sequence[Row], now: Sequence[Row]) -> None:
        for old, new in _paired(then, now):
            for column in declarations(type(old or new)):
                if old is None or new is None or getattr(old, column) != getattr(new, column):
                    self._differs(old, new, column)

    def _record(self, then: Record, now: Record) -> None:
        """Take in what differs between two records that stand in the same place."""
        declared = declarations(type(now))
        for field in fields(now):
            old, new = getattr(then, field.name), getattr(now, field.name)
            if field.name in declared:
                if old != new:
                    self._differs(then, now, field.name)
            elif isinstance(old, Record) and isinstance(new, Record):
                self._record(old, new)
            elif isinstance(old, tuple) and isinstance(new, tuple):
                for one, other in zip(old, new, strict=False):
                    if isinstance(one, Record) and isinstance(other, Record):
                        self._record(one, other)

    def _differs(self, old: Record | None, new: Record | None, column: str) -> None:
        before, after = (_text(one, column) if one else "" for one in (old, new))
        if before == after:
            return
        place = self._place((new or old or _NOBODY).place(column))
        cause = _cause(place, before, after, secret=(type(new or old), column) == _SECRET)
        for one, side in ((old, self._then), (new, self._now)):
            if one is not None:
                side.rows.setdefault(id(one), {})[column] = cause
                side.places[one.place(column)] = cause


_NOBODY = Record()


def _cause(place: str, before: str, after: str, *, secret: bool) -> Cause:
    return Cause(place, mask(before), mask(after)) if secret else Cause(place, before, after)


def _text(record: Record, column: str) -> str:
    value = getattr(record, column)
    return "" if value is None or value == "" else shown(declarations(type(record))[column], value)


def _whole(source: Source) -> Source:
    return Cell(source.file, source.sheet) if isinstance(source, Cell) else Line(source.file)


def _hits(figure: Figure[Any], side: _Side) -> Iterator[Cause]:
    for found in _behind(figure):
        if isinstance(found, Cells):
            for row in found.rows:
                hit = side.rows.get(id(row))
                if hit:
                    yield from (hit[column] for column in found.columns if column in hit)
        elif not isinstance(found.origin, Derivation) and found.origin in side.places:
            yield side.places[found.origin]


def _read(figure: Figure[Any]) -> Iterator[tuple[Source, str, bool]]:
    """Yield what was read of a figure: the place, the text, and whether it is private."""
    for found in _behind(figure):
        for one in found if isinstance(found, Cells) else (found,):
            if not isinstance(one.origin, Derivation):
                yield one.origin, one.text, one.private


def _behind(figure: Figure[Any]) -> Iterator[Cells | Figure[Any]]:
    """Yield what decides a figure, in order: figures that were read, and cells of counted rows."""
    waiting: list[Figure[Any]] = [figure]
    seen: set[int] = set()
    while waiting:
        at_hand = waiting.pop()
        if id(at_hand) in seen:
            continue
        seen.add(id(at_hand))
        origin = at_hand.origin
        if not isinstance(origin, Derivation):
            yield at_hand
        elif isinstance(origin.inputs, Cells):
            yield origin.inputs
        else:
            waiting.extend(reversed(origin.inputs))


def _paired(then: Sequence[Row], now: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield the rows of a sheet that are not the same: changed, gone or new."""
    old, new = [_said(row) for row in then], [_said(row) for row in now]
    if old == new:
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        left = list(then[i:j])
        leading = {_said(row)[:1]: row for row in reversed(left)}
        for at, row in enumerate(now[k:m]):
            match = leading.pop(_said(row)[:1], None)
            if match is None and j - i == m - k and any(one is then[i + at] for one in left):
                match = then[i + at]
            left = [one for one in left if one is not match]
            yield match, row
        yield from ((row, None) for row in left)


def _said(row: Row) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in declarations(type(row)))
