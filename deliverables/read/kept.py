"""A contract as it was read and checked, kept in the cache while no file has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final, TypeVar

from deliverables import cache
from deliverables.files.digest import sha256_of
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import Cover, Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.files import (
    CONTRACT,
    LETTER_SUFFIXES,
    LETTERS,
    OPERATIONS,
    TEXT_FILE,
    WORKBOOK_SUFFIXES,
)
from deliverables.values.calendar import Calendar
from deliverables.values.limits import LARGEST_FILE
from deliverables.values.problem import Problem, Severity, SpokenError, say

W = TypeVar("W", Operations, Roster)

_LIBRARY: Final = re.compile(r"(ruamel.yaml|python_calamine|chinesecalendar)-.*-info\Z")
_ROOMS: Final = (".", "values", "read", "checks", "compute", "kinds", "letters", "model")


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was read: where it lies, what it held, and the key its rows are kept under.

    Rows of a roster are never kept.
    """

    file: str
    sha256: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class KeptBook:
    """What was read of a contract but its roster, and what was found wrong with all of it."""

    contract: Contract
    ledger: Ledger | None
    letters: Letters | None
    quarters: Mapping[int, Workbook]
    covers: Mapping[int, Cover]
    roster: Workbook | None
    inputs: Mapping[str, str]
    problems: tuple[Problem, ...]


class ChangedMeanwhileError(SpokenError, OSError):
    """A workbook that is no longer what it was when the command began; `message` says so."""

    def __init__(self, file: str) -> None:
        super().__init__(say("{file} was changed while the command ran: run it again", file=file))


def recall(key: str, calendar: Calendar) -> tuple[ContractBook, tuple[Problem, ...]] | None:
    """Return the book and the problems kept under a key; None if they are not."""
    kept = cache.load(key)
    if not isinstance(kept, KeptBook):
        return None
    roster = _read_again(kept.roster, Roster) if kept.roster else None
    if kept.roster and roster is None:
        return None
    book = ContractBook(
        contract=kept.contract,
        quarters=Quarters(kept.quarters, kept.covers),
        roster=roster,
        ledger=kept.ledger,
        letters=kept.letters,
        calendar=calendar,
        inputs=kept.inputs,
    )
    return book, kept.problems


def keep(key: str, book: ContractBook, problems: tuple[Problem, ...]) -> None:
    """Keep a book and what was found wrong with it, if nothing of that is an error."""
    if any(one.severity is Severity.ERROR for one in problems):
        return
    quarters = {
        number: _workbook(quarter, book, f"{key}-{number}")
        for number, quarter in book.quarters.items()
    }
    for number, workbook in quarters.items():
        quarter = book.quarters[number]
        parts = {each.name: cache.packed(getattr(quarter, each.name)) for each in fields(quarter)}
        cache.keep(workbook.key, parts)
    kept = KeptBook(
        contract=book.contract,
        ledger=book.ledger,
        letters=book.letters,
        quarters=quarters,
        covers=dict(book.covers),
        roster=_workbook(book.roster, book) if book.roster else None,
        inputs=dict(book.inputs),
        problems=problems,
    )
    cache.keep(key, kept)


def _workbook(found: Operations | Roster, book: ContractBook, key: str = "") -> Workbook:
    file = Path(found.file)
    below = file.name if isinstance(found, Roster) else f"{OPERATIONS}/{file.name}"
    return Workbook(found.file, book.inputs[f"{book.number}/{below}"], key)


class Quarters(Mapping[int, Operations]):
    """The workbooks of the quarters by number, each part fetched when it is first looked into.

    One that the cache has lost meanwhile is read again; ChangedMeanwhileError if it was changed.
    """

    def __init__(self, workbooks: Mapping[int, Workbook], covers: Mapping[int, Cover]) -> None:
        self._workbooks, self.covers = workbooks, covers
        self._kept: dict[int, Mapping[str, bytes]] = {}
        self._parts: dict[tuple[int, str], Any] = {}
        self._whole: dict[int, Operations] = {}

    def __getitem__(self, number: int) -> Operations:
        if number not in self._whole:
            parts = {each.name: self.part(number, each.name) for each in fields(Operations)}
            self._whole.setdefault(number, Operations(**parts))
        return self._whole[number]

    def part(self, number: int, name: str) -> Any:
        """Return one field of a workbook; its other sheets need not be fetched for it."""
        if number not in self._kept:
            kept = cache.load(self._workbooks[number].key)
            self._kept[number] = kept if isinstance(kept, dict) else {}
        if (number, name) not in self._parts:
            part = cache.unpacked(self._kept[number].get(name, b""))
            self._parts[number, name] = getattr(self._read(number), name) if part is None else part
        return self._parts[number, name]

    def _read(self, number: int) -> Operations:
        if number not in self._whole:
            workbook = self._workbooks[number]
            found = _read_again(workbook, Operations)
            if found is None:
                raise ChangedMeanwhileError(workbook.file)
            self._whole[number] = found
        return self._whole[number]

    def __contains__(self, number: object) -> bool:
        return number in self._workbooks

    def __iter__(self) -> Iterator[int]:
        return iter(self._workbooks)

    def __len__(self) -> int:
        return len(self._workbooks)

    def __reduce__(self) -> tuple[type, tuple[dict[int, Operations]]]:
        return dict, (dict(self),)


def key_of(folder: Path, calendar: Calendar) -> str:
    """Return what names the state of a contract: whatever its book depends on has a part in it."""
    makers = cache.makers(_LIBRARY, _ROOMS)
    digest = sha256(
        f"{makers}\n{folder.as_posix()}\n{folder.name or folder.resolve().name}\n".encode()
    )
    digest.update(repr(sorted(calendar.published)).encode())
    digest.update(repr(sorted(calendar.exceptions.items())).encode())
    for path in _inputs(folder):
        content = _content(path)
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _content(path: Path) -> str:
    """Return what tells the content of a file apart; what is not read is not hashed either."""
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode) or state.st_size > LARGEST_FILE:
            return f"not read: {state.st_mode} {state.st_size} {state.st_mtime_ns}"
        return sha256_of(path)
    except OSError as refused:
        return f"cannot be read: {refused.errno}"


def _inputs(folder: Path) -> list[Path]:
    found = [folder / CONTRACT, *(one for one in (folder / TEXT_FILE,) if one.exists())]
    for place in (folder, folder / OPERATIONS):
        with suppress(OSError):
            found += (one for one in place.iterdir() if one.suffix.lower() in WORKBOOK_SUFFIXES)
    own = folder / LETTERS
    with suppress(OSError):
        found += (one for one in own.iterdir() if one.suffix in LETTER_SUFFIXES)
    return sorted(found)


def _read_again(workbook: Workbook, kind: type[W]) -> W | None:
    """Return a workbook as it was read before; None if it is not what it was."""
    from deliverables.read.workbook import read_workbook  # noqa: PLC0415  # slow to import

    try:
        data = Path(workbook.file).read_bytes()
    except OSError:
        return None
    if sha256_of(data) != workbook.sha256:
        return None
    return read_workbook(workbook.file, data, kind, [])
