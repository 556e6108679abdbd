"""Compiled templates kept on disk: plain data, found by a hash of all that they depend on.

A file that is damaged, stale, somebody else's or open to others' writing is as good as none, and a
folder that cannot be written is not written: a cache makes a document sooner, never another one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from deliverables.cache_folder import cache_folder, keep, kept, libraries
from deliverables.render.compiled.program import Program
from deliverables.render.compiled.shape import Shape

_LIBRARY: Final = re.compile(
    r"(docxtpl|python_docx|jinja2|markupsafe|lxml)-.*\.(?:dist|egg)-info\Z", re.IGNORECASE
)
_MOST_FILES: Final = 200

Programs = Mapping[str, Program] | None
"""The programs of a template; None says that it cannot be compiled."""


class MissingError(Exception):
    """A template that is not in the cache."""


def folder() -> Path | None:
    """Return the folder of the cache; None if it is switched off or nobody's home is known."""
    return cache_folder("templates")


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
        return _told(json.loads(kept(place / f"{key}.json", key)))
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
    keep(place / f"{key}.json", key, data, most=_MOST_FILES)


@cache
def _makers() -> str:
    """Return what compiles: Python, the libraries by version, and our own source."""
    return "\n".join((sys.version, *libraries(_LIBRARY), _own_source(), ""))


def _own_source() -> str:
    render = Path(__file__).parents[1]
    digest = sha256()
    for file in sorted((*render.glob("*.py"), *render.glob("compiled/*.py"))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
