"""What one command leaves for the next, so that it need not be worked out again: never needed.

Things are kept in files of one folder, under keys that name all they depend on. Whatever stands in
the way, a folder that vanishes, a full disk, damage, another run, a thing is then made anew.
"""

from __future__ import annotations

import os
import pickle
import re
import stat
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from deliverables.files.disk import OWNER_ONLY_FOLDER, disk
from deliverables.files.placement import write_atomically

VARIABLE: Final = "DELIVERABLES_CACHE"
"""The environment variable that names another folder, or says `off`."""

_OFF: Final = ("", "off")
_NAME: Final = "kept"
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_SUFFIX: Final = ".kept"
_UNFINISHED: Final = ".tmp"
_ABANDONED_SECONDS: Final = 3_600

_MOST_FILES: Final = 2_000
_MOST_BYTES: Final = 600_000_000
_LARGEST: Final = 100_000_000
"""So much is kept at most, which is what 300 contracts of a year come to; what was not used for
longest makes room."""
_ROOM_IS_MADE: Final = "0"
"""By keys that begin so, one of sixteen: to look through the folder each time takes longer than
what is kept there saves."""

_OURS: Final = tuple(
    f"deliverables.{name}"
    for name in ("model.", "values.", "read.workbook", "read.kept", "letters")
)
_PLAIN: Final = frozenset({("datetime", "date"), ("datetime", "datetime"), ("decimal", "Decimal")})


def user_folder() -> Path | None:
    """Return the folder for what the program keeps for this user; None if nobody's home is known.

    The environment variable that switches the cache off leaves it as it is.
    """
    chosen = os.environ.get(VARIABLE, "")
    if chosen.strip().lower() not in _OFF:
        return Path(chosen)
    system = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    try:
        base = Path(system) if system else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "deliverables" if base.is_absolute() else None


def place() -> Path | None:
    """Return the folder of the cache; None if it is switched off or nobody's home is known."""
    chosen = os.environ.get(VARIABLE)
    base = user_folder()
    switched_off = chosen is not None and chosen.strip().lower() in _OFF
    return None if switched_off or base is None else base / _NAME


def load(key: str) -> Any:
    """Return what is kept under a key; None if that is nothing, or of no use."""
    folder = place()
    if folder is None:
        return None
    file = folder / f"{key}{_SUFFIX}"
    try:
        thing = unpacked(_read(file, key))
    except (OSError, ValueError):
        return None
    with suppress(OSError):
        os.utime(file)
    return thing


def packed(thing: object) -> bytes:
    """Return a thing as bytes, of which `unpacked` makes it again."""
    return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> Any:
    """Return the thing that was packed; None if nothing can be made of the bytes."""
    try:
        return _Loader(BytesIO(data)).load()
    except (ValueError, TypeError, AttributeError, ImportError, EOFError, MemoryError,
            pickle.PickleError, IndexError, KeyError):  # fmt: skip  # all that a pickle may raise
        return None


def keep(key: str, thing: object) -> None:
    """Keep a thing under a key, if that can be done."""
    folder = place()
    if folder is None:
        return
    data = packed(thing)
    if len(data) > _LARGEST:
        return
    with suppress(OSError):
        disk().make_folder(folder, OWNER_ONLY_FOLDER)
        _refuse_others(folder.stat())
        file = folder / f"{key}{_SUFFIX}"
        write_atomically(file, _checksum(key, data) + b"\n" + data, private=True)
        if key.startswith(_ROOM_IS_MADE):
            _make_room(folder)


@cache
def makers(library: re.Pattern[str], rooms: tuple[str, ...]) -> str:
    """Return who works a thing out: Python, libraries by version, and our own source of `rooms`.

    The first group of `library` is the name of a library as its folder of metadata begins.
    """
    return "\n".join((sys.version, *_libraries(library), *map(_states, rooms)))


def _read(file: Path, key: str) -> bytes:
    """Return what a file keeps under a key.

    Raises OSError if it cannot be read or others may have written it, ValueError if it was damaged.
    """
    with file.open("rb") as opened:
        _refuse_others(os.fstat(opened.fileno()))
        _refuse_others(file.parent.stat())
        checksum, _, data = opened.read().partition(b"\n")
    if checksum != _checksum(key, data):
        raise ValueError(f"{file} was damaged")
    return data


def _refuse_others(found: os.stat_result) -> None:
    if sys.platform != "win32" and (
        found.st_uid != os.getuid() or found.st_mode & _OTHERS_MAY_WRITE
    ):
        raise PermissionError("others may have written this file")


def _checksum(key: str, data: bytes) -> bytes:
    return sha256(key.encode() + b"\n" + data).hexdigest().encode()


def _make_room(folder: Path) -> None:
    """Remove what was not used for longest, and what a killed run left; others may do the same."""
    found: list[tuple[float, int, Path]] = []
    for file in folder.iterdir():
        if file.suffix in (_SUFFIX, _UNFINISHED):
            with suppress(OSError):
                state = file.stat()
                found.append((state.st_mtime, state.st_size, file))
    found.sort(key=lambda one: one[0], reverse=True)
    files = size = 0
    for used, bytes_, file in found:
        files, size = files + 1, size + bytes_
        abandoned = file.suffix == _UNFINISHED and found[0][0] - used > _ABANDONED_SECONDS
        if abandoned or files > _MOST_FILES or size > _MOST_BYTES:
            with suppress(OSError):
                disk().remove(file)


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


def _libraries(pattern: re.Pattern[str]) -> list[str]:
    """Return the libraries as their folders of metadata are named: docxtpl-0.20.2.dist-info.

    Of several versions the one that is imported counts. To ask importlib.metadata takes longer
    than a letter.
    """
    found: dict[str, str] = {}
    for path in sys.path:
        with suppress(OSError):
            for name in os.listdir(path or "."):  # noqa: PTH208  # names are all it takes
                library = pattern.match(name)
                if library:
                    found.setdefault(library[1].lower(), name)
    return sorted(found.values())


def _states(room: str) -> str:
    """Return the state of every module of a room, of the package itself those at its top."""
    folder = Path(__file__).parent / room
    return "\n".join(
        f"{file.relative_to(folder)} {(state := file.stat()).st_size} {state.st_mtime_ns}"
        for file in sorted(folder.glob("*.py" if room == "." else "**/*.py"))
    )
