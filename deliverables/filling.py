"""Workbooks to be filled in: what they begin with, and where they go without loss."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

from deliverables.compute.carrying import Begun, carried_over, service_months
from deliverables.compute.term import quarters
from deliverables.files import set_aside, write_atomically
from deliverables.lazily import dataclass
from deliverables.merging import Merged
from deliverables.model.book import ContractBook
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Operations
from deliverables.model.staff import Roster
from deliverables.period import Period
from deliverables.read.folder import LEDGER, OPERATIONS, ROSTER, workbooks_in
from deliverables.read.untouched import is_untouched
from deliverables.render.workbook import write_workbook

_QUARTER = re.compile(r"[Qq](\d{1,3})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A workbook somebody asks for: its type, its place below the contract, its quarter."""

    kind: type
    place: str
    quarter: int = 0


class Placing(StrEnum):
    """What became of a file: written, renewed while blank, or left as it was."""

    WRITTEN = "written"
    RENEWED = "renewed"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a workbook, its file, and the name that an older one was set aside under."""

    placing: Placing
    file: Path
    aside: str = ""


def wanted(name: str) -> Wanted | None:
    """Return the workbook that Q1, staff or ledger mean, None for any other word."""
    number = _QUARTER.fullmatch(name)
    if number and int(number[1]):
        quarter = int(number[1])
        return Wanted(Operations, f"{OPERATIONS}/Q{quarter}.xlsx", quarter)
    kinds = {ROSTER: Roster, LEDGER: Ledger}
    stem = name.lower().removesuffix(".xlsx")
    return Wanted(kinds[stem], f"{stem}.xlsx") if stem in kinds else None


def quarter_of(book: ContractBook, number: int) -> Period | None:
    """Return the days of a service quarter, None if the contract has no such quarter."""
    try:
        periods = quarters(book.contract)
    except ValueError:  # the rules about the contract say why
        return None
    return periods[number - 1] if number <= len(periods) else None


def quarter_workbook(book: ContractBook, number: int, period: Period) -> bytes:
    """Return the workbook of a quarter with what the quarter before left behind."""
    before = book.quarters.get(number - 1)
    months = service_months(book.contract, period)
    rows = carried_over(before, period, months) if before else {}
    return blank_workbook(Operations, book.number, quarter_cover(number, period), rows)


def quarter_cover(number: int, period: Period | None) -> Begun:
    """Return the cover of a quarter's workbook, with its days if they are known."""
    days = {"first_day": period.first, "last_day": period.last} if period else {}
    return {"quarter": number, "sample": False, **days}


def blank_workbook(
    kind: type,
    contract: str,
    cover: Begun | None = None,
    rows: dict[str, tuple[Begun, ...]] | None = None,
) -> bytes:
    """Return a workbook that nobody has filled in yet."""
    begun: Begun = cover or {"sample": False}
    return write_workbook(None, kind, begun, (), rows, contract=contract, blank=True)


def merged_workbook(kind: type, contract: str, merged: Merged, cover: Begun) -> bytes:
    """Return a workbook with the rows of an older one; what the contract says of it comes first."""
    facts: dict[str, Any] = {"sample": False, **merged.cover, **cover}
    return write_workbook(
        None, kind, facts, merged.narrative, merged.rows,
        contract=contract, extra=merged.extra, blank=False,
    )  # fmt: skip


def put(content: bytes, file: Path, *, private: bool, replace: bool) -> Placed:
    """Put a workbook in its place, unless one stands there that somebody has typed into.

    With `replace` that one is set aside under another name.
    """
    held = workbooks_in(file.parent, file.stem)
    if held == [file] and file.read_bytes() == content:
        return Placed(Placing.UNCHANGED, file)
    touched = [one for one in held if one != file or not is_untouched(one.read_bytes())]
    if touched and not replace:
        return Placed(Placing.KEPT, touched[0])
    aside = [set_aside(one) for one in touched]
    write_atomically(file, content, private=private)
    placing = Placing.RENEWED if held and not touched else Placing.WRITTEN
    return Placed(placing, file, "、".join(aside))
