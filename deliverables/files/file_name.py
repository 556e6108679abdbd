"""What a file may be called: on any system, when it makes way, and below a folder."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path
from typing import Final

UNSAFE: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""Characters that no file name may hold on some system."""
_ASIDE: Final = re.compile(r"_旧\d+$")
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def is_device(name: str) -> bool:
    """Return whether Windows keeps a name for a device, also with an extension behind it."""
    return _DEVICE.match(name) is not None


def name_aside(path: Path, taken: Container[Path] = ()) -> Path:
    """Return the first free name name_旧1, name_旧2 … for a file that makes way for another."""
    numbered = (path.with_name(f"{path.stem}_旧{n}{path.suffix}") for n in range(1, 10_000))
    return next(name for name in numbered if not (name.exists() or name in taken))


def name_before(path: Path) -> Path | None:
    """Return the name of a file before it was set aside; None if it was not."""
    found = _ASIDE.search(path.stem)
    return path.with_name(path.stem[: found.start()] + path.suffix) if found else None


def stays_within(name: str) -> bool:
    """Return whether a name, as a register has it, leads to a file below the register's folder."""
    parts = name.replace("\\", "/").split("/")
    return (
        bool(name)
        and ".." not in parts
        and parts[0] != ""
        and ":" not in parts[0]
        and ("\0" not in name)
    )
