"""Things worked out once and kept on disk for the next command: no more than a shorter way.

What cannot be read, was damaged, or could have been written by anybody else, is as good as none;
where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import os
import pickle
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from deliverables.files import write_atomically

VARIABLE: Final = "DELIVERABLES_CACHE"
"""The environment variable that names another folder, or says `off`."""

_OFF: Final = ("", "off")
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_OWNER_ONLY: Final = 0o700
_MOST_FILES: Final = 64
_OURS: Final = "deliverables."
_PLAIN: Final = frozenset({("datetime", "date"), ("datetime", "datetime"), ("decimal", "Decimal")})


def place() -> Path | None:
    """Return the folder; None if it is switched off or nobody's home is known."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return None if chosen.strip().lower() in _OFF else Path(chosen) / "read"
    system = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    try:
        base = Path(system) if system else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "deliverables" / "read" if base.is_absolute() else None


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
        checksum, _, data = _own(folder / key).partition(b"\n")
        if checksum != _checksum(key, data):
            return None
        return _Loader(BytesIO(data)).load()
    except (OSError, ValueError, TypeError, AttributeError, EOFError, pickle.PickleError):
        return None


def keep(key: str, thing: object) -> None:
    """Keep a thing under a key, if that can be done."""
    folder = place()
    if folder is None:
        return
    data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):
        folder.mkdir(_OWNER_ONLY, parents=True, exist_ok=True)
        write_atomically(folder / key, _checksum(key, data) + b"\n" + data, private=True)
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for file in files[_MOST_FILES:]:
            file.unlink()


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


def _own(file: Path) -> bytes:
    """Read a file that nobody but this user can have written."""
    with file.open("rb") as opened:
        _refuse_others(os.fstat(opened.fileno()))
        _refuse_others(file.parent.stat())
        return opened.read()


def _refuse_others(found: os.stat_result) -> None:
    if sys.platform != "win32" and (
        found.st_uid != os.getuid() or found.st_mode & _OTHERS_MAY_WRITE
    ):
        raise PermissionError("others may have written this file")


def _checksum(key: str, data: bytes) -> bytes:
    return sha256(key.encode() + b"\n" + data).hexdigest().encode()
