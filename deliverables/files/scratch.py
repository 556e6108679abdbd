"""A folder for what is needed for a while: for its owner alone, and gone when it is closed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from deliverables.files.disk import disk, remove_tree

PREFIX: Final = "deliverables-"
_LOCK: Final = ".lock"
_OF_OTHERS: Final = (".", "~$")
_YOUNG_SECONDS: Final = 60


class Scratch:
    """A new folder in the system's place for such; those that killed runs left there are removed.

    Who uses one holds its lock, which the system lets go of when the process ends.
    """

    def __init__(self) -> None:
        from filelock import FileLock  # noqa: PLC0415  # slow to import

        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = FileLock(self.folder / _LOCK)
        self._lock.acquire(timeout=0)
        for left in abandoned(than=self.folder):
            remove_tree(left)

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder and what is in it."""
        self._lock.release()
        remove_tree(self.folder)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file of the folder, for its owner alone."""
        disk().make_folder(path.parent)
        disk().remove(path)
        with disk().create(path, 0o600) as file:
            disk().write(file, data)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a folder into this one, but hidden files and what office programs leave."""
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source)
            if path.is_file() and not any(part.startswith(_OF_OTHERS) for part in name.parts):
                self.write(target / name, path.read_bytes())


def abandoned(than: Path | None = None) -> Iterator[Path]:
    """Yield the folders of this user that a killed run left, older by a while `than` a folder.

    One that was just made may not be locked yet. What has no lock and holds something is no folder
    of ours, whatever it is called: a person may have named it.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  # slow to import

    place = Path(tempfile.gettempdir())
    before = than.stat().st_mtime - _YOUNG_SECONDS if than else None
    for folder in sorted(place.glob(f"{PREFIX}*")):
        with suppress(OSError, Timeout):
            found = folder.stat()
            ours = os.name == "nt" or found.st_uid == os.getuid()
            old = before is None or found.st_mtime < before
            if folder.is_dir() and not folder.is_symlink() and ours and old:
                if (folder / _LOCK).exists():
                    FileLock(folder / _LOCK, timeout=0).acquire().lock.release()
                elif any(folder.iterdir()):
                    continue
                yield folder
