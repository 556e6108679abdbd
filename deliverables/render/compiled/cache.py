"""Compiled templates kept on disk: plain data, found by a hash of all that they depend on.

A file that is damaged, stale, somebody else's or open to others' writing is as good as none, and a
folder that cannot be written is not written: a cache makes a document sooner, never another one.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from deliverables.files import write_atomically
from deliverables.render.compiled.program import Program
from deliverables.render.compiled.shape import Shape

VARIABLE: Final = "DELIVERABLES_CACHE"
"""The environment variable that names another folder, or says `off`."""

_OFF: Final = "off"
_LIBRARY: Final = re.compile(
    r"(docxtpl|python_docx|jinja2|markupsafe|lxml)-.*\.(?:dist|egg)-info\Z", re.IGNORECASE
)
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_OWNER_ONLY: Final = 0o700
_MOST_FILES: Final = 200

Programs = Mapping[str, Program] | None
"""The programs of a template; None says that it cannot be compiled."""


class MissingError(Exception):
    """A template that is not in the cache."""


def folder() -> Path | None:
    """Return the folder of the cache; None if it is switched off or nobody's home is known."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return None if chosen.strip().lower() in ("", _OFF) else Path(chosen)
    system = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    try:
        base = Path(system) if system else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "deliverables" / "templates" if base.is_absolute() else None


def key_of(template: bytes, shape: Mapping[str, Shape]) -> str:
    """Return the name of a compiled template: whatever it depends on has a part in it."""
    digest = sha256(_makers().encode())
    digest.update(json.dumps(shape, ensure_ascii=False).encode() + b"\0")
    digest.update(template)
    return digest.hexdigest()


def load(key: str) -> Programs:
    """Return the programs of a template; raise MissingError if they are not there, or no use."""
    place = folder()
    if place is None:
        raise MissingError(key)
    try:
        checksum, _, data = _read_own(place / f"{key}.json").partition(b"\n")
        if checksum != _checksum(key, data):
            raise MissingError(key)
        return _told(json.loads(data))
    except (OSError, ValueError, TypeError, AttributeError) as damage:
        raise MissingError(key) from damage


def _told(data: dict[str, dict[str, Any]] | None) -> Programs:
    if data is None:
        return None
    return {part: Program(**program) for part, program in data.items()}


def store(key: str, programs: Programs) -> None:
    """Put a compiled template into the cache if that can be done."""
    place = folder()
    if place is None:
        return
    told = None if programs is None else {part: asdict(one) for part, one in programs.items()}
    data = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
    with suppress(OSError):
        place.mkdir(_OWNER_ONLY, parents=True, exist_ok=True)
        write_atomically(place / f"{key}.json", _checksum(key, data) + b"\n" + data, private=True)
        _thin_out(place)


def _read_own(file: Path) -> bytes:
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


def _thin_out(place: Path) -> None:
    """Remove the oldest files of a full cache."""
    files = sorted(place.glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in files[_MOST_FILES:]:
        file.unlink()


@cache
def _makers() -> str:
    """Return what compiles: Python, the libraries by version, and our own source."""
    return "\n".join((sys.version, *_library_versions(), _own_source(), ""))


def _library_versions() -> list[str]:
    """Return the libraries as their folders of metadata are named: docxtpl-0.20.2.dist-info.

    To ask importlib.metadata takes longer than a letter.
    """
    found: dict[str, str] = {}
    for place in sys.path:
        with suppress(OSError):
            for name in os.listdir(place or "."):  # noqa: PTH208  # names are all it takes
                library = _LIBRARY.match(name)
                if library:
                    found.setdefault(library[1].lower(), name)
    return sorted(found.values())


def _own_source() -> str:
    render = Path(__file__).parents[1]
    digest = sha256()
    for file in sorted((*render.glob("*.py"), *render.glob("compiled/*.py"))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
