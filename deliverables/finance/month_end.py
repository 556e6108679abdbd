"""The month-end workbook put where it belongs, never over one that somebody has edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from deliverables.compute.account import Account, account
from deliverables.files import sha256_of
from deliverables.folders import Folders
from deliverables.kinds import file_stem
from deliverables.model.book import ContractBook
from deliverables.transaction import Transaction
from deliverables.xlsx.forms import as_made
from deliverables.xlsx.ledger import ledger_workbook

FOLDER = "payments"


class Written(StrEnum):
    """What became of the workbook."""

    MADE = "made"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The workbook's file, what became of it, and the name under which an edited one was kept."""

    file: Path
    written: Written
    kept_as: str = ""


def money_of(book: ContractBook, as_of: date) -> Account | None:
    """Return the account of a contract on a day; None without a ledger."""
    return account(book.contract, book.ledger, book.calendar, as_of) if book.ledger else None


def default_file(book: ContractBook, folders: Folders, as_of: date) -> Path:
    """Return where the workbook of a day lies; its name says the day, and if it is a sample."""
    sample = book.ledger is not None and book.ledger.cover.sample
    stem = file_stem(book.number, "收付款台账", as_of.isoformat(), "示例" if sample else "")
    return folders.contract(book.number) / FOLDER / f"{stem}.xlsx"


def write_month_end(book: ContractBook, as_of: date, file: Path, *, replace: bool) -> MonthEnd:
    """Write the workbook of a day to `file`.

    One that was edited, or that is something else, is kept; with `replace` it is kept under
    another name. Raises ValueError without a ledger, FileInUseError if the file is held open.
    """
    money = money_of(book, as_of)
    if money is None or book.ledger is None:
        raise ValueError("a month-end workbook needs the ledger")
    content = ledger_workbook(book.contract, book.ledger, money)
    ours = ""
    if file.exists():
        there = file.read_bytes()
        if there == content:
            return MonthEnd(file, Written.UNCHANGED)
        if as_made(there):
            ours = sha256_of(there)
        elif not replace:
            return MonthEnd(file, Written.KEPT)
    folder = file.parent.parent if file.parent.name == FOLDER else file.parent
    with Transaction(folder) as change:
        kept_as = change.put(file, content, over=ours)
    return MonthEnd(file, Written.MADE, kept_as)
