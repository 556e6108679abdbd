"""What was read of a contract, kept on disk for the next command.

Only our own plain data come back: a file may make values of the model, and run nothing.
"""

from __future__ import annotations

import pickle
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from deliverables import cache_folder

_MOST_FILES: Final = 64
_VALUES: Final = ("model.", "read.columns", "source", "problem", "message", "kept")
_OURS: Final = tuple(f"deliverables.{name}" for name in _VALUES)
_PLAIN: Final = frozenset({("datetime", "date"), ("datetime", "datetime"), ("decimal", "Decimal")})


def place() -> Path | None:
    """Return the folder; None if it is switched off or nobody's home is known."""
    return cache_folder.cache_folder("read")


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
        return _Loader(BytesIO(cache_folder.kept(folder / key, key))).load()
    except (OSError, ValueError, TypeError, AttributeError, EOFError, pickle.PickleError):
        return None


def keep(key: str, thing: object) -> None:
    """Keep a thing under a key, if that can be done."""
    folder = place()
    if folder is not None:
        data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        cache_folder.keep(folder / key, key, data, most=_MOST_FILES)


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
