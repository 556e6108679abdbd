"""The disk: every step by which this package changes what lies there; a test may play another."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Final

OWNER_ONLY: Final = 0o600
OWNER_ONLY_FOLDER: Final = 0o700
EVERYONE: Final = 0o666  # less the umask

_BINARY: Final[int] = getattr(os, "O_BINARY", 0)


class Disk:
    """The disk as the system has it. Each method is one step, after which a run may be killed."""

    def make_folder(self, folder: Path, mode: int = 0o777) -> None:
        """Make a folder, and those above it, unless it is there."""
        folder.mkdir(mode, parents=True, exist_ok=True)

    def make_new_folder(self, folder: Path) -> None:
        """Make a folder that is not there; of several who try it at once, one succeeds."""
        folder.mkdir()

    def create(self, path: Path, mode: int) -> FileIO:
        """Open a file that is not there yet, to be written."""
        return _opened(path, os.O_CREAT | os.O_EXCL, mode)

    def extend(self, path: Path, mode: int) -> FileIO:
        """Open a file to be written at its end, made if need be."""
        return _opened(path, os.O_CREAT | os.O_APPEND, mode)

    def write(self, file: FileIO, data: bytes) -> None:
        """Write to an open file."""
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]

    def sync(self, file: FileIO) -> None:
        """Return when what was written to an open file is on the disk."""
        os.fsync(file.fileno())

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in a folder are on the disk; Windows flushes names by itself."""
        if sys.platform == "win32":
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, in the place of the file that has it."""
        source.replace(target)

    def ask(self, path: Path) -> None:
        """Raise PermissionError if another program holds a file: Windows renames none that is."""
        path.rename(path)

    def set_mode(self, path: Path, mode: int) -> None:
        """Set who may read and write a file; on Windows only the read-only attribute."""
        path.chmod(mode)

    def cut(self, path: Path, size: int) -> None:
        """Cut a file off after so many bytes."""
        os.truncate(path, size)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)

    def remove_folder(self, folder: Path) -> None:
        """Remove an empty folder."""
        folder.rmdir()


def _opened(path: Path, flags: int, mode: int) -> FileIO:
    return open(os.open(path, os.O_WRONLY | _BINARY | flags, mode), "wb", buffering=0)  # noqa: PTH123  # a descriptor


_here: list[Disk] = [Disk()]


def disk() -> Disk:
    """Return the disk that everything is written to."""
    return _here[-1]


@contextmanager
def instead(other: Disk) -> Iterator[None]:
    """Let everything be written to another disk: one that is full, is held, or kills the run."""
    _here.append(other)
    try:
        yield
    finally:
        _here.remove(other)


def remove_tree(folder: Path) -> None:
    """Remove a folder with what is in it, as far as the system lets it; links are not followed."""
    for at, folders, files in os.walk(folder, topdown=False):
        for inner in (Path(at, name) for name in (*files, *folders)):
            with suppress(OSError):
                if inner.is_dir() and not inner.is_symlink():
                    disk().remove_folder(inner)
                else:
                    disk().remove(inner)
    with suppress(OSError):
        disk().remove_folder(folder)
