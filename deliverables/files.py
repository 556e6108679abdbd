"""Files written whole or not at all, one writer at a time, and the hashes that tell them apart."""

from __future__ import annotations

import errno
import os
import re
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from time import sleep
from typing import TYPE_CHECKING, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from deliverables.values.problem import Message, say

if TYPE_CHECKING:
    from collections.abc import Sequence


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
_OWNER_ONLY = 0o600
_OWNER_ALONE = 0o700
_EVERYONE = 0o666  # less the umask
_WRITABLE = 0o222
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.1
_CHUNK = 1 << 20
_MOST_BYTES = 64 << 20
_PATIENCE_SECONDS = 60
_WAITING_FOR_THE_DISK = 8


class FileInUseError(OSError):
    """A file that cannot be replaced because another program holds it; it is left as it was."""

    def __init__(self, path: Path, lock: Path | None = None) -> None:
        self.path = path
        self.message: Message = say(
            "{file} is open in another program: close it in Word or WPS and run the command again",
            file=path.name,
        )
        if lock is not None:
            self.message = say(
                "{file} is open in another program, as {lock} beside it says: close it in Excel, "
                "Word or WPS; if nobody has it open, delete {lock}; then run the command again",
                file=path.name,
                lock=lock.name,
            )
        super().__init__(str(self.message))


def refusal(fault: OSError) -> Message:
    """Return what the user can do about a file that the system refuses to read or write."""
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
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return say(
                "{file}: you may not write there, or another program holds it: close it, or have "
                "the rights of the folder changed",
                file=file.as_posix(),
            )
        case errno.EISDIR:
            return say("{file}: what stands where the file belongs is none: move it away",
                       file=file.as_posix())  # fmt: skip
        case errno.ENOSPC:
            return say("{file}: the disk is full; nothing was replaced", file=file.as_posix())
        case _:
            return say("{file}: the system refuses it ({code})", file=file.as_posix(),
                       code=errno.errorcode.get(fault.errno or 0, fault.errno))  # fmt: skip


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


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put `data` in the file at `path`, making its folder if need be.

    Whoever reads the file sees all of the old content or all of the new, also after a crash.
    A `private` file can be read by its owner only. Raises FileInUseError if another program
    holds the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(path.parent) as unfinished:
        _write_through(unfinished, data, _mode(private=private))
        _put_in_place(unfinished, path)
    _flush_folder(path.parent)


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to stand in a file; a private one is for its owner alone."""

    path: Path
    data: bytes
    private: bool = False


def write_all(writings: Sequence[Writing]) -> list[OSError | None]:
    """Put several files in place as `write_atomically` does each; return what went wrong with each.

    They reach the disk together, which takes far less time than one after another. A file that
    cannot be written, or that another program holds, is left as it was; the others are written.
    """
    folders = {writing.path.parent for writing in writings}
    refused = {folder: fault for folder in folders if (fault := _made(folder)) is not None}
    with ExitStack() as unfinished:
        begun = [
            refused.get(writing.path.parent) or _begun(writing, unfinished) for writing in writings
        ]
        synced = _all_synced(begun)
        faults = [_placed(one, to.path) for one, to in zip(synced, writings, strict=True)]
    for folder in folders - refused.keys():
        with suppress(OSError):
            _flush_folder(folder)
    return faults


def _made(folder: Path) -> OSError | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        return fault
    return None


_Begun = tuple[Path, BinaryIO]


def _begun(writing: Writing, unfinished: ExitStack) -> _Begun | OSError:
    """Write the content beside its place; not all of it may be on the disk yet."""
    try:
        path = unfinished.enter_context(_unfinished(writing.path.parent))
        mode = _mode(private=writing.private)
        return path, unfinished.enter_context(_written(path, writing.data, mode))
    except OSError as fault:
        return fault


def _all_synced(begun: Sequence[_Begun | OSError]) -> list[Path | OSError]:
    """Return the files once they are on the disk, which is waited for by several at a time."""
    if len(begun) <= _WAITING_FOR_THE_DISK:
        return [_synced(one) for one in begun]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # slow to import

    size = -(-len(begun) // _WAITING_FOR_THE_DISK)
    parts = [begun[at : at + size] for at in range(0, len(begun), size)]
    with ThreadPoolExecutor(len(parts)) as threads:
        synced = threads.map(lambda part: [_synced(one) for one in part], parts)
        return list(chain.from_iterable(synced))


def _synced(begun: _Begun | OSError) -> Path | OSError:
    if isinstance(begun, OSError):
        return begun
    path, file = begun
    try:
        with file:
            os.fsync(file.fileno())
    except OSError as fault:
        return fault
    return path


def _placed(unfinished: Path | OSError, path: Path) -> OSError | None:
    if isinstance(unfinished, OSError):
        return unfinished
    try:
        _put_in_place(unfinished, path)
    except OSError as fault:
        return fault
    return None


def append_through(path: Path, data: bytes, *, private: bool = False) -> None:
    """Add to the end of a file, which is made if need be; it is on the disk when this returns."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, _mode(private=private)), "ab", buffering=0) as file:  # noqa: PTH123  # a descriptor
        file.write(data)
        os.fsync(file.fileno())


def for_its_owner(folder: Path) -> None:
    """Make a folder that nobody but its owner can look into, as far as the system knows such."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(_OWNER_ALONE)


def make_read_only(path: Path) -> None:
    """Take the right to write from everyone; on Windows this is the read-only attribute."""
    path.chmod(path.stat().st_mode & ~_WRITABLE)


def set_aside(path: Path) -> str:
    """Give the file at `path` the first free name name_旧1, name_旧2 … and return that name.

    Raises FileInUseError if another program holds the file.
    """
    numbered = (path.with_name(f"{path.stem}_旧{n}{path.suffix}") for n in range(1, 10_000))
    kept = next(name for name in numbered if not name.exists())
    try:
        path.rename(kept)
    except PermissionError as held:
        raise FileInUseError(path) from held
    return kept.name


def was_set_aside(path: Path) -> bool:
    """Return whether `set_aside` gave a file its name."""
    return _ASIDE.search(path.stem) is not None


@contextmanager
def only_one(lock: Path, patience: float = _PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the file `lock` against every other process that asks for it.

    The system lets go of it when the process ends, however it ends; the file itself stays.
    Raises FileInUseError if another process holds it for longer than `patience` seconds.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  # slow to import

    try:
        with FileLock(lock, timeout=patience, poll_interval=_PAUSE_SECONDS / 10):
            yield
    except Timeout as held:
        raise FileInUseError(lock) from held


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


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Yield a path for a file in the making; nothing stays there if it is not put in place.

    Its name is short: that of the document may already be as long as the system allows.
    """
    path = folder / f".{os.urandom(8).hex()}.tmp"
    try:
        yield path
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def _write_through(path: Path, data: bytes, mode: int) -> None:
    with _written(path, data, mode) as file:
        os.fsync(file.fileno())


def _written(path: Path, data: bytes, mode: int) -> BinaryIO:
    """Return a new file that holds the data, open, and perhaps not yet on the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = open(os.open(path, flags, mode), "wb")  # noqa: PTH123, SIM115  # a descriptor
    file.write(data)
    file.flush()
    return file


def _mode(*, private: bool) -> int:
    return _OWNER_ONLY if private else _EVERYONE


def _put_in_place(unfinished: Path, path: Path) -> None:
    """Replace `path`, patiently: a virus scanner holds a new file for a moment, Word for longer."""
    for attempt in range(_ATTEMPTS):
        try:
            unfinished.replace(path)
        except PermissionError as held:
            if attempt == _ATTEMPTS - 1:
                raise FileInUseError(path) from held
            sleep(_PAUSE_SECONDS)
        else:
            return


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut; Windows flushes names by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
