"""Totals are what their columns add up to, re-added from the document's own cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from deliverables.message import say
from deliverables.verify.paper import Cell, Document, Table
from deliverables.verify.finding import Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.wording import number

_TOTAL: Final = re.compile(
    r"(?:本季度|本年度|本期|本页|全年|年度|四季度|项目)?(?P<level>小计|合计|总计)(?:[（(][^）)]*[）)])?[：:]?"
)
_NOT_ADDED: Final = re.compile(
    r"率|比例|占比|百分|%|平均|均值|均时|峰值|最[大小高低长短早晚]|单价|序号|编号|期次"
)
_PART_OF_ABOVE: Final = re.compile(r"其中")
_NUMBER: Final = re.compile(
    r"[￥¥]?\s?(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?(?P<unit>[^\d\s%.,:/-]{0,4})"
)
_NOTHING: Final = re.compile(r"[—–\-/／\s]*(?:（本期无）)?")


_LEVELS: Final = ("小计", "合计", "总计")


class _Column:
    """The numbers of a column that the next 小计, 合计 and 总计 must add up."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[Decimal]] = {level: [] for level in _LEVELS}
        self.units = set[str]()
        self.readable = True

    def add(self, text: str) -> None:
        """Take in a cell; one that is neither a number nor empty makes the column no sum."""
        read = _NUMBER.fullmatch(text)
        if read is None:
            self.readable = self.readable and _NOTHING.fullmatch(text) is not None
            return
        self.units.add(read["unit"])
        for numbers in self.waiting.values():
            numbers.append(number(read["number"]))

    def close(self, level: str) -> None:
        """Begin anew after a total, which closes the levels below it too."""
        for closed in _LEVELS[: _LEVELS.index(level) + 1]:
            self.waiting[closed] = []


def totals_are_sums(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find totals (合计, 总计) and subtotals (小计) that are not the sum of their column."""
    for table in document.tables:
        if any(row and is_total(row[0].text) for row in table.rows):
            yield from _wrong_totals(table)


def is_total(text: str) -> bool:
    """Return whether a row that begins with this text is a total."""
    return _TOTAL.fullmatch(text.replace(" ", "")) is not None


def _wrong_totals(table: Table) -> Iterator[Finding]:
    added = {cell.column for row in table.rows for cell in row}
    added -= {column for column in added if _NOT_ADDED.search(table.header(column))}
    columns = {column: _Column() for column in added}
    for row in _totals_last(table):
        level = _TOTAL.fullmatch(row[0].text.replace(" ", ""))
        if level is None:
            _add_row(row, columns)
            continue
        for cell in row[1:]:
            if cell.column in columns:
                yield from _wrong_total(cell, columns[cell.column], level["level"], table)
        for column in columns.values():
            column.close(level["level"])


def _totals_last(table: Table) -> list[tuple[Cell, ...]]:
    """Return the rows below the header; a total that stands above its rows is put after them."""
    begin = next((at for at, row in enumerate(table.rows) if at and not _is_header(row)), 1)
    rows = [row for row in table.rows[begin:] if row]
    totals = [is_total(row[0].text) for row in rows]
    return [*rows[1:], rows[0]] if totals[:1] == [True] and totals.count(True) == 1 else rows


def _add_row(row: tuple[Cell, ...], columns: dict[int, _Column]) -> None:
    if _PART_OF_ABOVE.match(row[0].text):
        return
    for cell in row:
        if cell.column in columns and not cell.continued:
            columns[cell.column].add(cell.text)


def _wrong_total(cell: Cell, column: _Column, level: str, table: Table) -> Iterator[Finding]:
    stated, numbers = _NUMBER.fullmatch(cell.text), column.waiting[level]
    if stated is None or not numbers or not column.readable or column.units != {stated["unit"]}:
        return
    value, expected = number(stated["number"]), sum(numbers, Decimal(0))
    if value == expected:
        return
    amount = f"{abs(value - expected):,}"
    yield fault(
        "total-differs",
        cell.place.message(),
        say(
            "{header}: {level} is {found}, the rows add up to {expected} ({difference})",
            header=table.header(cell.column),
            level=level,
            found=cell.text,
            expected=f"{expected:,}",
            difference=say("{amount} too much", amount=amount)
            if value > expected
            else say("{amount} too little", amount=amount),
        ),
        f"{expected:,}",
        cell.text,
    )


def _is_header(row: tuple[Cell, ...]) -> bool:
    """Tell the second row of a header, above which some cells are merged with the first."""
    return any(cell.continued for cell in row) and not any(_NUMBER.match(c.text) for c in row)
