"""A contract as it was read and checked, kept on disk while no file has changed."""

from __future__ import annotations

import os
import pickle
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from deliverables.disk import disk
from deliverables.files import sha256_of, write_atomically
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Cover, Operations
from deliverables.model.roster import Roster
from deliverables.read.files import CONTRACT, OPERATIONS, TEXT_FILE, WORKBOOK_SUFFIXES
from deliverables.values.calendar import Calendar
from deliverables.values.problem import Problem, Severity

VARIABLE: Final = "DELIVERABLES_CACHE"
"""The environment variable that names another folder, or says `off`."""

_OFF: Final = ("", "off")
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_OWNER_ONLY: Final = 0o700


def cache_folder(name: str) -> Path | None:
    """Return the folder for one kind of things; None if switched off or nobody's home is known."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return None if chosen.strip().lower() in _OFF else Path(chosen) / name
    system = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    try:
        base = Path(system) if system else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "deliverables" / name if base.is_absolute() else None


def read_kept(file: Path, key: str) -> bytes:
    """Return what is kept in a file under a key.

    Raises OSError if it cannot be read or others may have written it, ValueError if it was damaged.
    """
    with file.open("rb") as opened:
        _refuse_others(os.fstat(opened.fileno()))
        _refuse_others(file.parent.stat())
        checksum, _, data = opened.read().partition(b"\n")
    if checksum != _checksum(key, data):
        raise ValueError(f"{file} was damaged")
    return data


def write_kept(file: Path, key: str, data: bytes, *, most: int) -> None:
    """Keep data in a file for its owner, if that can be done, among the newest `most` files."""
    with suppress(OSError):
        disk().make_folder(file.parent, _OWNER_ONLY)
        write_atomically(file, _checksum(key, data) + b"\n" + data, private=True)
        siblings = file.parent.glob(f"*{file.suffix}")
        newest = sorted(siblings, key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for one in newest[most:]:
            disk().remove(one)


def libraries(pattern: re.Pattern[str]) -> list[str]:
    """Return the libraries as their folders of metadata are named: docxtpl-0.20.2.dist-info.

    The first group of `pattern` is the name of a library; of several versions the one that is
    imported counts. To ask importlib.metadata takes longer than a letter.
    """
    found: dict[str, str] = {}
    for place in sys.path:
        with suppress(OSError):
            for name in os.listdir(place or "."):  # noqa: PTH208  # names are all it takes
                library = pattern.match(name)
                if library:
                    found.setdefault(library[1].lower(), name)
    return sorted(found.values())


def _refuse_others(found: os.stat_result) -> None:
    if sys.platform != "win32" and (
        found.st_uid != os.getuid() or found.st_mode & _OTHERS_MAY_WRITE
    ):
        raise PermissionError("others may have written this file")


def _checksum(key: str, data: bytes) -> bytes:
    return sha256(key.encode() + b"\n" + data).hexdigest().encode()


_MOST_FILES: Final = 64
_VALUES: Final = ("model.", "values.", "read.workbook", "read.cache")
_OURS: Final = tuple(f"deliverables.{name}" for name in _VALUES)
_PLAIN: Final = frozenset({("datetime", "date"), ("datetime", "datetime"), ("decimal", "Decimal")})


def place() -> Path | None:
    """Return the folder; None if it is switched off or nobody's home is known."""
    return cache_folder("read")


def has(key: str) -> bool:
    """Return whether something is kept under a key."""
    folder = place()
    return folder is not None and (folder / key).exists()


def load(key: str) -> Any:
    """Return what is kept under a key; None if that is nothing, or of no use."""
    folder = place()
    if folder is None:
        return None
    try:
        return _Loader(BytesIO(read_kept(folder / key, key))).load()
    except (OSError, ValueError, TypeError, AttributeError, EOFError, pickle.PickleError):
        return None


def keep_pickled(key: str, thing: object) -> None:
    """Keep a thing under a key, if that can be done."""
    folder = place()
    if folder is not None:
        data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        write_kept(folder / key, key, data, most=_MOST_FILES)


class _Loader(pickle.Unpickler):
    """Makes our own frozen data and nothing else: whatever is written in the file is not run."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if self._may(module, name) else None
        if isinstance(found, type):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")

    @staticmethod
    def _may(module: str, name: str) -> bool:
        return (module.startswith(_OURS) and "." not in name) or (module, name) in _PLAIN


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
    kept = load(key)
    if not isinstance(kept, Kept) or not all(map(has, kept.quarters.values())):
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
    if place() is None or any(one.severity is Severity.ERROR for one in problems):
        return
    quarters = {number: f"{key}-{number}" for number in book.quarters}
    for number, name in quarters.items():
        keep_pickled(name, book.quarters[number])
    kept = Kept(
        contract=book.contract,
        ledger=book.ledger,
        quarters=quarters,
        covers=dict(book.covers),
        roster=book.roster.file if book.roster else "",
        inputs=dict(book.inputs),
        problems=problems,
    )
    keep_pickled(key, kept)


class Quarters(Mapping[int, Operations]):
    """The workbooks of the quarters by number, each fetched when it is first looked into."""

    def __init__(self, keys: Mapping[int, str], covers: Mapping[int, Cover]) -> None:
        self._keys, self.covers = keys, covers
        self._found: dict[int, Operations] = {}

    def __getitem__(self, number: int) -> Operations:
        if number not in self._found:
            found = load(self._keys[number])
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
    found = [folder / CONTRACT, *(one for one in (folder / TEXT_FILE,) if one.exists())]
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
    package = Path(__file__).parents[1]
    states = [
        f"{file.name} {(state := file.stat()).st_size} {state.st_mtime_ns}"
        for part in (".", "values", "read", "checks", "compute", "kinds", "model")
        for file in sorted((package / part).glob("*.py"))
    ]
    return "\n".join((sys.version, *libraries(_LIBRARY), *states))
