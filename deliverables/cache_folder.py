"""Where things worked out once are kept on disk for the next command: no more than a shorter way.

A file that was damaged, or that anybody else could have written, is as good as none; where nothing
can be written, nothing is kept.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from deliverables.files import write_atomically

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


def kept(file: Path, key: str) -> bytes:
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


def keep(file: Path, key: str, data: bytes, *, most: int) -> None:
    """Keep data in a file for its owner, if that can be done, among the newest `most` files."""
    with suppress(OSError):
        file.parent.mkdir(_OWNER_ONLY, parents=True, exist_ok=True)
        write_atomically(file, _checksum(key, data) + b"\n" + data, private=True)
        siblings = file.parent.glob(f"*{file.suffix}")
        newest = sorted(siblings, key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for one in newest[most:]:
            one.unlink()


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
