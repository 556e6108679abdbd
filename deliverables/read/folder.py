"""Which files a contract's folder holds, by their names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deliverables.files import was_set_aside

CONTRACT, OPERATIONS, ROSTER, LEDGER = "contract.yaml", "operations", "staff", "ledger"
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods")

IN_NO_CONTRACT = ("workdays",)


def find_contracts(data: Path) -> tuple[Path, ...]:
    """Return the contract folders below `data` by name: those that hold any file of a contract."""
    if not data.is_dir():
        return ()
    return tuple(
        folder
        for folder in sorted(data.iterdir())
        if folder.is_dir()
        and folder.name not in IN_NO_CONTRACT
        and not folder.name.startswith(".")
        and ((folder / CONTRACT).exists() or (folder / OPERATIONS).exists()
             or workbooks_in(folder, ROSTER) or workbooks_in(folder, LEDGER))
    )  # fmt: skip


def workbooks_in(folder: Path, stem: str | None = None) -> list[Path]:
    """Return the workbooks in a folder by name, or those called `stem`; none is an empty list."""
    try:
        listed: Iterable[Path] = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        path
        for path in listed
        if path.suffix.lower() in WORKBOOK_SUFFIXES
        and not path.name.startswith(("~$", ".~", "."))
        and not was_set_aside(path)
        and (stem is None or path.stem.lower() == stem.lower())
    ]
