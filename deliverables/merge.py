"""The rows of an older workbook, found by their headers and brought into today's layout.

Values are taken as they stand, right or wrong. What has no place today is kept, cell by cell, on
a sheet of its own; nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from deliverables.model.fields import Raw, Row, declarations, sheets
from deliverables.model.operations_sheets import CHAPTERS
from deliverables.read.characters import plain, quoted
from deliverables.read.reach import letters_of
from deliverables.read.workbook import (
    GUIDE,
    NARRATIVE,
    SHEET,
    UNIT_SIGNS,
    RawSheet,
    is_blank,
)
from deliverables.values.problem import Message, say

LEFTOVERS = "原表未识别"
"""The sheet that keeps what has no place in today's layout."""

_HEADERS = ("原工作表", "原单元格", "原列名", "内容")
_HEADER_SEARCHED = 20

Values = Sequence[Raw]


@dataclass(slots=True)
class Merged:
    """What an older workbook held: its cover, paragraphs and rows, the rest, and what to tell."""

    cover: dict[str, Any] = field(default_factory=dict)
    narrative: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    leftovers: list[Values] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)

    @property
    def extra(self) -> Mapping[str, Sequence[Values]]:
        """The sheet of leftovers, if there are any."""
        return {LEFTOVERS: [_HEADERS, *self.leftovers]} if self.leftovers else {}


def merge(old: Sequence[RawSheet], workbook: type) -> Merged:
    """Return what the sheets of an older workbook hold, by today's declarations."""
    merged = Merged()
    known = {plain(row_type.sheet): name for name, row_type in sheets(workbook).items()}
    for sheet in old:
        named = plain(sheet.name)
        if named == plain(GUIDE):
            continue
        if named == plain(LEFTOVERS):
            merged.leftovers.extend(row for row in sheet.rows[1:] if not _empty(row))
        elif named == plain(SHEET):
            _merge_cover(sheet, workbook, merged)
        elif named in known:
            _merge_rows(sheet, known[named], sheets(workbook)[known[named]], merged)
        else:
            _keep_sheet(sheet, merged)
    return merged


def _merge_cover(sheet: RawSheet, workbook: type, merged: Merged) -> None:
    hints = get_type_hints(workbook)
    items = {
        plain(label): name
        for name, item in declarations(hints["cover"]).items()
        for label in item.labels
    }
    chapters = {plain(NARRATIVE + chapter): chapter for chapter in CHAPTERS}
    for number, row in enumerate(sheet.rows[1:], 2):
        label, content = (*row, "", "")[:2]
        if is_blank(content):
            continue
        if plain(label) in items:
            merged.cover[items[plain(label)]] = _kept(content)
        elif "narrative" in hints and plain(label) in chapters:
            merged.narrative.append((chapters[plain(label)], str(content)))
        else:
            merged.leftovers.append((sheet.name, f"B{number}", str(label), _kept(content)))
            merged.told.append(
                say("{sheet}: the item {item} is not known; kept on the sheet {kept}",
                    sheet=sheet.name, item=quoted(label), kept=LEFTOVERS)
            )  # fmt: skip


def _merge_rows(sheet: RawSheet, name: str, row_type: type[Row], merged: Merged) -> None:
    labels = {plain(item.label): wanted for wanted, item in declarations(row_type).items()}
    header = _header(sheet.rows, labels)
    if header is None:
        _keep_sheet(sheet, merged)
        return
    headers = sheet.rows[header]
    columns: dict[int, str] = {}
    for index, raw in enumerate(headers):
        found = labels.get(plain(raw)) or labels.get(plain(raw).partition("(")[0])
        if found and found not in columns.values():
            columns[index] = found
    merged.leftovers.extend(_cells(sheet, range(header), range(len(headers)), ()))
    units = _units(sheet.rows, header + 1, columns, row_type)
    first = header + 1 + len(units)
    below = [n for n in range(first, len(sheet.rows)) if not _empty(sheet.rows[n])]
    strange = [index for index in range(len(headers)) if index not in columns]
    merged.rows[name] = [
        {found: _kept(sheet.rows[n][index]) for index, found in columns.items()} for n in below
    ]
    merged.rows[name] = [row for row in merged.rows[name] if any(_there(v) for v in row.values())]
    merged.leftovers.extend(_cells(sheet, [*units, *below], strange, headers))
    if merged.rows[name]:
        count = len(merged.rows[name])
        merged.told.append(say("{sheet}: {count} rows", sheet=sheet.name, count=count))
    merged.told.extend(_strange_columns(sheet, strange, below, headers))
    for wanted, item in declarations(row_type).items():
        if wanted not in columns.values():
            merged.told.append(
                say("{sheet}: the column {label} is new", sheet=sheet.name, label=item.label)
            )


def _strange_columns(
    sheet: RawSheet, strange: Sequence[int], below: Sequence[int], headers: Values
) -> Iterator[Message]:
    for index in strange:
        count = sum(not is_blank(sheet.rows[n][index]) for n in below)
        if count:
            yield say(
                "{sheet}: the column {column} is not known; its {count} values are kept on the "
                "sheet {kept}",
                sheet=sheet.name,
                column=quoted(headers[index] or letters_of(index + 1)),
                count=count,
                kept=LEFTOVERS,
            )


def _keep_sheet(sheet: RawSheet, merged: Merged) -> None:
    kept = [n for n, row in enumerate(sheet.rows) if not _empty(row)]
    if not kept:
        return
    width = max(len(row) for row in sheet.rows)
    merged.leftovers.extend(_cells(sheet, kept, range(width), ()))
    merged.told.append(
        say("the sheet {sheet} is not known; its {count} rows are kept on the sheet {kept}",
            sheet=quoted(sheet.name), count=len(kept), kept=LEFTOVERS)
    )  # fmt: skip


def _cells(
    sheet: RawSheet, rows: Sequence[int], columns: Sequence[int], headers: Values
) -> Iterator[Values]:
    for number in rows:
        for index in columns:
            raw = sheet.rows[number][index] if index < len(sheet.rows[number]) else None
            if not is_blank(raw):
                header = str(headers[index]) if index < len(headers) else ""
                place = f"{letters_of(index + 1)}{number + 1}"
                yield sheet.name, place, header, _kept(raw)


def _header(rows: Sequence[Values], labels: Mapping[str, str]) -> int | None:
    """Return the row that holds the most headers, None if none holds any."""
    found = {n: sum(plain(raw) in labels for raw in row)
             for n, row in enumerate(rows[:_HEADER_SEARCHED])}  # fmt: skip
    best = max(found, key=lambda n: (found[n], -n), default=None)
    return best if best is not None and found[best] else None


def _units(
    rows: Sequence[Values], number: int, columns: Mapping[int, str], row_type: type[Row]
) -> tuple[int, ...]:
    """Return the row of units below the headers, if there is one."""
    signs = {plain(item.unit) for item in declarations(row_type).values()} | UNIT_SIGNS
    holds = number < len(rows) and all(
        plain(rows[number][index] or "") in signs for index in columns
    )
    return (number,) if holds else ()


def _kept(raw: Raw) -> Any:
    """Return a value as it is; Excel knows no whole numbers, people do."""
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


def _there(raw: object) -> bool:
    return raw is not None and raw != ""


def _empty(row: Values) -> bool:
    return all(map(is_blank, row))
