"""Files written whole or not at all, what the system refuses, and hashes that tell them apart."""

from __future__ import annotations

import errno
import os
import re
import struct
import zlib
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from time import sleep
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from deliverables.disk import EVERYONE, OWNER_ONLY, OWNER_ONLY_FOLDER, disk
from deliverables.values.problem import Message, say


def count_pages(pdf: bytes) -> int | None:
    """Return the number of pages; None for what is no PDF, is broken, or cannot be opened."""
    import pikepdf  # noqa: PLC0415  # slow to import

    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return len(opened.pages) or None
    except pikepdf.PdfError:
        return None


_REMEMBERED: Final = 96
_LARGEST_REMEMBERED: Final = 1 << 16
_END: Final = struct.Struct("<4s4H2LH")
_LISTED: Final = struct.Struct("<4s4HL3L5H2L")
_LOCAL_SIZE: Final = 30
_UTF8_NAME: Final = 0x800


@dataclass(frozen=True)
class Member:
    """What one member of a package holds."""

    content: bytes

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return sha256(self.content).hexdigest()


def members(data: bytes, room: int, endings: tuple[str, ...] = ("",)) -> dict[str, Member] | None:
    """Return the members whose names have one of the endings, in the order of the listing.

    None for a package that is not as documents usually are, or damaged, or unpacks to more than
    `room` bytes: zipfile knows what to make of it.
    """
    try:
        return dict(_plainly(data, room, endings))
    except (_UncommonError, struct.error, zlib.error, UnicodeDecodeError):
        return None


class _UncommonError(Exception):
    """A package that is damaged, or uses more of the format than documents do."""


def _plainly(data: bytes, room: int, endings: tuple[str, ...]) -> Iterator[tuple[str, Member]]:
    package = _opened(data)
    for name, start, listed in package.listing:
        if not name.endswith(endings):
            continue
        method, crc, packed, size = listed
        room -= size
        if room < 0:
            raise _UncommonError
        member = package.unpacked.get(name)
        if member is None:
            small = max(packed, size) <= _LARGEST_REMEMBERED
            unpack = _remembered if small else _unpacked
            member = unpack(data[start : start + packed], method, crc, size)
            package.unpacked[name] = member
        yield name, member


_Listed = tuple[str, int, tuple[int, int, int, int]]


@dataclass(frozen=True)
class _Package:
    """A package, what is listed in it, and what was unpacked of it so far."""

    data: bytes
    listing: list[_Listed]
    unpacked: dict[str, Member] = field(default_factory=dict)


_last: list[_Package] = []
"""The package that was asked for last: a document is proved and then hashed."""


def _opened(data: bytes) -> _Package:
    for known in _last[:]:
        if known.data is data:
            return known
    listing = list(_listing(data))
    if len({name for name, *_ in listing}) < len(listing):
        raise _UncommonError
    package = _Package(data, listing)
    _last[:] = [package]
    return package


def _listing(data: bytes) -> Iterator[_Listed]:
    """Yield name, first byte, and method, checksum, packed and unpacked size of each member."""
    end = len(data) - _END.size
    mark, *disks, here, count, length, start, comment = _END.unpack_from(data, max(end, 0))
    whole = mark == b"PK\5\6" and here == count and start + length == end
    if not whole or any(disks) or comment:
        raise _UncommonError
    at = start
    for _ in range(count):
        mark, _, _, flags, method, _, crc, packed, size, length, extra, remark, *_, local = (
            _LISTED.unpack_from(data, at)
        )
        name = data[at + _LISTED.size : at + _LISTED.size + length]
        begins = local + _LOCAL_SIZE + length
        usual = (
            mark == b"PK\1\2" and data[local : local + 4] == b"PK\3\4"
            and data[at + 6 : at + 32] == data[local + 4 : local + _LOCAL_SIZE]
            and flags in (0, _UTF8_NAME) and method in (ZIP_STORED, ZIP_DEFLATED)
            and not (extra or remark)
            and data[local + _LOCAL_SIZE : begins] == name
            and begins + packed <= start
        )  # fmt: skip
        if not usual or b"\0" in name:
            raise _UncommonError
        yield name.decode("utf-8" if flags else "ascii"), begins, (method, crc, packed, size)
        at += _LISTED.size + length
    if at != end:
        raise _UncommonError


def _unpacked(raw: bytes, method: int, crc: int, size: int) -> Member:
    """Return the member that the bytes are; they are what was listed, or it is raised."""
    content = raw if method == ZIP_STORED else _inflated(raw, size)
    if len(content) != size or zlib.crc32(content) != crc:
        raise _UncommonError
    return Member(content)


_remembered = lru_cache(_REMEMBERED)(_unpacked)


def _inflated(raw: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = inflater.decompress(raw, size + 1)
    if not inflater.eof or inflater.unused_data:
        raise _UncommonError
    return content


_ASIDE = re.compile(r"_旧\d+$")
_WRITABLE = 0o222
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.1
_CHUNK = 1 << 20
_MOST_BYTES = 64 << 20


class RefusedError(OSError):
    """What the system, or another program, does not let us do; `message` says what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


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
        case errno.ENOSPC:
            full = say("{file}: the disk is full; nothing was replaced", file=file.as_posix())
            room = say("{file}: the disk is full: free some space", file=file.as_posix())
            return room if halfway else full
        case _:
            return say("{file}: the system refuses it ({code})", file=file.as_posix(),
                       code=errno.errorcode.get(fault.errno or 0, fault.errno))  # fmt: skip


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


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put `data` in the file at `path`, making its folder if need be.

    Whoever reads the file sees all of the old content or all of the new, also after a crash.
    A `private` file can be read by its owner only, and so can every file in the making. What a
    killed run left in the making long ago is taken away. Raises FileInUseError if another program
    holds the file. A document, and whatever is recorded of it, is put in place by a Change.
    """
    with told_by(path, path.parent):
        disk().make_folder(path.parent)
    with told_by(path, path.parent), _unfinished(path.parent) as unfinished:
        with disk().create(unfinished, OWNER_ONLY) as file:
            disk().write(file, data)
            disk().sync(file)
        _sweep_before(unfinished)
        if not private:
            disk().set_mode(unfinished, mode_of(private=False))
        put_in_place(unfinished, path)
    disk().sync_folder(path.parent)


def mode_of(*, private: bool, read_only: bool = False) -> int:
    """Return who may read and write a file: its owner alone, or whom the system lets."""
    mode = OWNER_ONLY if private else EVERYONE & ~_umask()
    return mode & ~_WRITABLE if read_only else mode


def _umask() -> int:
    """Return the rights that new files do not get; whoever makes one meanwhile gives fewer."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def for_its_owner(folder: Path) -> None:
    """Let nobody but its owner look into a folder, as far as the system knows such."""
    with suppress(OSError):
        disk().set_mode(folder, OWNER_ONLY_FOLDER)


def name_aside(path: Path, taken: Container[Path] = ()) -> Path:
    """Return the first free name name_旧1, name_旧2 … for a file that makes way for another."""
    numbered = (path.with_name(f"{path.stem}_旧{n}{path.suffix}") for n in range(1, 10_000))
    return next(name for name in numbered if not (name.exists() or name in taken))


def name_before(path: Path) -> Path | None:
    """Return the name of a file before it was set aside; None if it was not."""
    found = _ASIDE.search(path.stem)
    return path.with_name(path.stem[: found.start()] + path.suffix) if found else None


def sha256_of(content: Path | bytes) -> str:
    """Return the SHA-256 of a file or of bytes, in hexadecimal."""
    if isinstance(content, bytes):
        return sha256(content).hexdigest()
    if not S_ISREG(content.stat().st_mode):  # a pipe would be waited for
        raise OSError(errno.EISDIR, "this is no file", str(content))
    digest = sha256()
    with content.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def content_sha256_of(content: Path | bytes) -> str:
    """Return the SHA-256 of what a zip package holds, however it was compressed or ordered.

    A file that is no package, or a broken one, has the hash of its bytes.
    """
    data = content if isinstance(content, bytes) else content.read_bytes()
    digest = sha256()
    known = members(data, _MOST_BYTES)
    if known is not None:
        for name in sorted(known):
            digest.update(f"{name}\0{known[name].sha256}\n".encode())
        return digest.hexdigest()
    try:
        with ZipFile(BytesIO(data)) as package:
            for name in sorted(package.namelist()):
                digest.update(f"{name}\0{_part_sha256(package, name)}\n".encode())
    except (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return sha256_of(data)
    return digest.hexdigest()


def _part_sha256(package: ZipFile, name: str) -> str:
    digest = sha256()
    with package.open(name) as part:
        while chunk := part.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


_IN_THE_MAKING = re.compile(r"\.[0-9a-f]{16}\.tmp")
_OLD_SECONDS = 3600


def is_in_the_making(path: Path) -> bool:
    """Return whether a file has a name that only files in the making have."""
    return _IN_THE_MAKING.fullmatch(path.name) is not None


def _sweep_before(made: Path) -> None:
    """Take away what was left in the making long before a file: nobody is at it any more."""
    with suppress(OSError):
        long_ago = made.stat().st_mtime - _OLD_SECONDS
        for name in os.listdir(made.parent):  # noqa: PTH208  # names are all it takes
            left = made.with_name(name)
            if is_in_the_making(left) and left.stat().st_mtime < long_ago:
                disk().remove(left)


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Yield a path for a file in the making; nothing stays there if it is not put in place.

    Its name is short: that of the document may already be as long as the system allows.
    """
    path = folder / f".{os.urandom(8).hex()}.tmp"
    try:
        yield path
    finally:
        disk().remove(path)


def put_in_place(source: Path, path: Path) -> None:
    """Replace `path`, patiently: a virus scanner holds a new file for a moment, Word for longer.

    Raises FileInUseError if it is held all the while.
    """
    _patiently(path, lambda: disk().rename(source, path))


def rename(path: Path, other: Path) -> None:
    """Give a file another name. Raises FileInUseError if it is held all the while."""
    _patiently(path, lambda: disk().rename(path, other))


def ask_whether_held(path: Path) -> None:
    """Raise FileInUseError if another program holds a file all the while."""
    _patiently(path, lambda: disk().ask(path))


def _patiently(path: Path, step: Callable[[], None]) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            step()
        except PermissionError as held:
            if attempt == _ATTEMPTS - 1:
                raise FileInUseError(path) from held
            sleep(_PAUSE_SECONDS)
        else:
            return


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
