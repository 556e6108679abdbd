"""What the system, or another program, does not let us do with a file, and what to do about it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deliverables.values.problem import Message, SpokenError, say


class RefusedError(SpokenError, OSError):
    """What the system, or another program, does not let us do; `message` says what to do."""


class PlaceTakenError(SpokenError, ValueError):
    """A place named for what is made that holds something else; `message` says what to do."""


class FileInUseError(RefusedError):
    """A file that cannot be replaced because another program holds it; it is left as it was."""

    def __init__(self, path: Path, lock: Path | None = None) -> None:
        self.path = path
        message = say(
            "{file} is open in another program: close it in Word or WPS and run the command again",
            file=path.name,
        )
        if lock is not None:
            message = say(
                "{file} is open in another program, as {lock} beside it says: close it in Excel, "
                "Word or WPS; if nobody has it open, delete {lock}; then run the command again",
                file=path.name,
                lock=lock.name,
            )
        super().__init__(message)


def refusal(fault: OSError, *, halfway: bool = False) -> Message:
    """Return what the user can do about a file that the system refuses to read or write.

    It was `halfway` if other files had been put in place before.
    """
    if isinstance(message := getattr(fault, "message", None), Message):
        return message
    file = Path(fault.filename) if fault.filename else Path()
    if _is_too_long(fault, file):
        return say(
            "{file}: the path is too long for the system ({count} characters): move the project "
            "to a folder nearer to the drive's root, or give --out a shorter one",
            file=file.as_posix(),
            count=len(str(file.absolute())),
        )
    match fault.errno:
        case _ if _is_barred(fault):
            return _barred(fault, file)
        case errno.EISDIR:
            return say("{file}: what stands where the file belongs is none: move it away",
                       file=file.as_posix())  # fmt: skip
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return _without_room(fault, file, halfway=halfway)
        case _:
            return say("{file}: the system refuses it ({code})", file=file.as_posix(),
                       code=errno.errorcode.get(fault.errno or 0, fault.errno))  # fmt: skip


def _without_room(fault: OSError, file: Path, *, halfway: bool) -> Message:
    """Return that there is no room, on the disk or for this user."""
    if fault.errno != errno.ENOSPC:
        return say("{file}: it is larger than you are allowed here, alone or with what you have: "
                   "ask for more room, or give another folder", file=file.as_posix())  # fmt: skip
    full = say("{file}: the disk is full; nothing was replaced", file=file.as_posix())
    room = say("{file}: the disk is full: free some space", file=file.as_posix())
    return room if halfway else full


def _barred(fault: OSError, file: Path) -> Message:
    if shut := shut_folder(fault):
        return say("{folder}: {why}: {remedy}", folder=file.as_posix(), why=shut[0], remedy=shut[1])
    return say(
        "{file}: you may not write there, or another program holds it: close it, or have "
        "the rights of the folder changed",
        file=file.as_posix(),
    )


def shut_folder(fault: OSError) -> tuple[Message, Message] | None:
    """Return what is refused of a folder, and the remedy; None where it is not for its rights."""
    folder = Path(fault.filename) if fault.filename else None
    if folder is None or not _is_barred(fault) or not folder.is_dir():
        return None
    if not os.access(folder, os.R_OK | os.X_OK):
        return say("you may not read this folder"), say("have its rights changed")
    return say("you may not write in this folder"), say(
        "have its rights changed, or work in another one (--data, --out)"
    )


def _is_barred(fault: OSError) -> bool:
    return fault.errno in (errno.EACCES, errno.EPERM, errno.EROFS)


def _is_too_long(fault: OSError, file: Path) -> bool:
    """Tell whether a path was too long: Windows says "not found" of one beyond 259 characters."""
    if fault.errno == errno.ENAMETOOLONG:
        return True
    code = getattr(fault, "winerror", None)
    return code in _TOO_LONG_ON_WINDOWS and len(str(file.absolute())) > _LONGEST_ON_WINDOWS


_LONGEST_ON_WINDOWS = 259
_TOO_LONG_ON_WINDOWS = (3, 206)


def refuse_if_open(path: Path) -> None:
    """Raise FileInUseError if an office program has left word beside `path` that it holds it.

    What such a program saves later would undo what was written meanwhile.
    """
    name = path.name
    for lock in (f"~${name}", f"~${name[2:]}", f".~lock.{name}#", f".~{name}"):
        if path.with_name(lock).exists():
            raise FileInUseError(path, path.with_name(lock))


@contextmanager
def told_by(path: Path, folder: Path) -> Iterator[None]:
    """Let what the system refuses of a file in the making be told by names that people know.

    Where nothing may be written it is the `folder` in which files are made, or the one in which
    that is to be made, else the file at `path`.
    """
    try:
        yield
    except RefusedError:
        raise
    except OSError as fault:
        there = next((one for one in (folder, *folder.parents) if one.is_dir()), folder)
        fault.filename = str(there if _is_barred(fault) else path)
        raise
