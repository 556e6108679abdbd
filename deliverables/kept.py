"""A contract as it was read and checked, kept for the next command while no file has changed.

Rosters are never kept, so that identity numbers stay where they are; they are read each time. The
workbook of a quarter is fetched when somebody looks into it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from deliverables import store
from deliverables.cache_folder import libraries
from deliverables.files import sha256_of
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Cover, Operations
from deliverables.model.staff import Roster
from deliverables.problem import Problem, Severity
from deliverables.read.folder import CONTRACT, OPERATIONS, WORKBOOK_SUFFIXES
from deliverables.workdays import Calendar

_LIBRARY: Final = re.compile(r"(ruamel.yaml|python_calamine|chinesecalendar)-.*-info\Z")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of a contract but its roster, and what was found wrong with all of it.

    `quarters` are the keys under which the workbooks of the quarters are kept, `roster` is the
    file that the roster was read from.
    """

    contract: Contract
    ledger: Ledger | None
    quarters: Mapping[int, str]
    covers: Mapping[int, Cover]
    roster: str
    inputs: Mapping[str, str]
    problems: tuple[Problem, ...]


def recall(key: str, calendar: Calendar) -> tuple[ContractBook, tuple[Problem, ...]] | None:
    """Return the book and the problems kept under a key; None if they are not all there."""
    kept = store.load(key)
    if not isinstance(kept, Kept) or not all(map(store.has, kept.quarters.values())):
        return None
    roster = _roster(kept.roster) if kept.roster else None
    if kept.roster and roster is None:
        return None
    book = ContractBook(
        contract=kept.contract,
        quarters=Quarters(kept.quarters, kept.covers),
        roster=roster,
        ledger=kept.ledger,
        calendar=calendar,
        inputs=kept.inputs,
    )
    return book, kept.problems


def keep(key: str, book: ContractBook, problems: tuple[Problem, ...]) -> None:
    """Keep a book and what was found wrong with it, if nothing of that is an error."""
    if store.place() is None or any(one.severity is Severity.ERROR for one in problems):
        return
    quarters = {number: f"{key}-{number}" for number in book.quarters}
    for number, name in quarters.items():
        store.keep(name, book.quarters[number])
    kept = Kept(
        contract=book.contract,
        ledger=book.ledger,
        quarters=quarters,
        covers=dict(book.covers),
        roster=book.roster.file if book.roster else "",
        inputs=dict(book.inputs),
        problems=problems,
    )
    store.keep(key, kept)


class Quarters(Mapping[int, Operations]):
    """The workbooks of the quarters by number, each fetched when it is first looked into."""

    def __init__(self, keys: Mapping[int, str], covers: Mapping[int, Cover]) -> None:
        self._keys, self.covers = keys, covers
        self._found: dict[int, Operations] = {}

    def __getitem__(self, number: int) -> Operations:
        if number not in self._found:
            found = store.load(self._keys[number])
            if not isinstance(found, Operations):
                raise RuntimeError("what was kept has been taken away; run the command again")
            self._found[number] = found
        return self._found[number]

    def __contains__(self, number: object) -> bool:
        return number in self._keys

    def __iter__(self) -> Iterator[int]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __reduce__(self) -> tuple[type, tuple[dict[int, Operations]]]:
        return dict, (dict(self),)


def key_of(folder: Path, calendar: Calendar) -> str:
    """Return what names the state of a contract: whatever its book depends on has a part in it."""
    digest = sha256(f"{_makers()}\n{folder.as_posix()}\n{folder.resolve().name}\n".encode())
    digest.update(repr(sorted(calendar.published)).encode())
    digest.update(repr(sorted(calendar.exceptions.items())).encode())
    for path in _inputs(folder):
        try:
            content = sha256_of(path)
        except OSError as refused:
            content = f"cannot be read: {refused.errno}"
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _inputs(folder: Path) -> list[Path]:
    found = [folder / CONTRACT]
    for place in (folder, folder / OPERATIONS):
        with suppress(OSError):
            found += (one for one in place.iterdir() if one.suffix.lower() in WORKBOOK_SUFFIXES)
    return sorted(found)


def _roster(file: str) -> Roster | None:
    from deliverables.read.workbook import read_workbook  # noqa: PLC0415  # slow to import

    try:
        data = Path(file).read_bytes()
    except OSError:
        return None
    return read_workbook(file, data, Roster, [])


@cache
def _makers() -> str:
    """Return who reads and checks: Python, the libraries by version, and our own source."""
    package = Path(__file__).parent
    states = [
        f"{file.name} {(state := file.stat()).st_size} {state.st_mtime_ns}"
        for part in (".", "read", "checks", "compute", "model")
        for file in sorted((package / part).glob("*.py"))
    ]
    return "\n".join((sys.version, *libraries(_LIBRARY), *states))
