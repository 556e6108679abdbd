"""Which files a contract's folder holds, their bytes, and the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from stat import S_ISREG

from deliverables.files.file_name import name_before
from deliverables.values.figure import Line
from deliverables.values.limits import LARGEST_FILE, MEGABYTE
from deliverables.values.problem import Problem, error, say


def contents(path: Path, problems: list[Problem]) -> bytes | None:
    """Return the bytes of the file, None with a problem if there are none to be had."""
    file = Line(path.as_posix())
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode):
            raise IsADirectoryError(path)
        if state.st_size > LARGEST_FILE:
            problems.append(_too_large(file, state.st_size))
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        problems.append(
            error(
                "file-missing",
                file,
                say("the file does not exist"),
                say("create it, or put it back where it was"),
            )
        )
        return None
    except OSError:
        problems.append(
            error(
                "file-unreadable",
                file,
                say("the file exists but the system refuses to open it"),
                say("close it in Excel or WPS, and check that it is a file you may read"),
            )
        )
        return None
    if not data:
        problems.append(
            error(
                "file-empty",
                file,
                say("the file has no content (0 bytes)"),
                say("restore it from a copy; an interrupted copy or synchronisation does this"),
            )
        )
        return None
    return data


def _too_large(file: Line, size: int) -> Problem:
    return error(
        "file-too-large",
        file,
        say("the file has {found} MB, at most {most} MB are read",
            found=f"{-(-size // MEGABYTE):,}", most=LARGEST_FILE // MEGABYTE),
        say("keep the data of one quarter or one export in it; pictures do not belong there"),
    )  # fmt: skip


CONTRACT, OPERATIONS, ROSTER, LEDGER = "contract.yaml", "operations", "staff", "ledger"
LETTERS = "letters"
"""The workbook of the letters, and the folder of the contract's own kinds of letter."""
TEXT_FILE = "contract.txt"
"""The contract's own text beside contract.yaml, against which quotes are held."""
LETTER_SUFFIXES = (".md", ".yaml", ".docx")
"""What a kind of letter is made of: its text, or its declaration beside a Word template."""
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods")

IN_NO_CONTRACT = ("workdays",)


def find_contracts(data: Path, only: str | None = None) -> tuple[Path, ...]:
    """Return the contract folders below `data` by name: those that hold any file of a contract.

    `only` is a contract's number, or a pattern for several: `*` stands for any characters, `?` for
    one.
    """
    if not data.is_dir():
        return ()
    return tuple(
        folder
        for folder in sorted(data.iterdir())
        if folder.is_dir()
        and (only is None or fnmatchcase(folder.name, only))
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
        and name_before(path) is None
        and (stem is None or path.stem.lower() == stem.lower())
    ]
