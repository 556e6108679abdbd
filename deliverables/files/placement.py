"""Files put in place: one whole or not at all; several, with what is recorded, all or nothing.

What is new is on the disk, and what is meant is written down, before anything old moves. From then
on it is completed, by whoever works in the folder next if not by this run; before, nothing has
happened, and what was begun is swept away.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from io import FileIO
from pathlib import Path
from threading import get_ident
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Final

from deliverables.files.digest import sha256_of
from deliverables.files.disk import EVERYONE, OWNER_ONLY, OWNER_ONLY_FOLDER, disk, remove_tree
from deliverables.files.file_name import name_aside, stays_within
from deliverables.files.refusal import FileInUseError, RefusedError, refusal, told_by
from deliverables.values.problem import Message, say

ROOM: Final = ".change"
"""The folder of a change, with what is to be put in place; only its owner may look into it."""
LOCK: Final = ".lock"
"""The file that whoever works in a folder holds; where a register lies, it stays."""
HOLDER: Final = ".lock.json"
"""Who holds the lock: command, process, machine."""
REGISTER: Final = "register.jsonl"

_INTENT, _BEGUN = "intent.json", "intent.tmp"
_FORMAT: Final = 1
_AT_ONCE: Final = 8
_LOOK_SECONDS: Final = 0.05
_WRITABLE = 0o222
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.1
_IN_THE_MAKING = re.compile(r"\.[0-9a-f]{16}\.tmp")
_OLD_SECONDS = 3600


# --- one file ---------------------------------------------------------------------------


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


# --- several files ----------------------------------------------------------------------


class BusyError(RefusedError):
    """A folder that another run works in, longer than this one is to wait."""

    def __init__(self, folder: Path, who: Message) -> None:
        super().__init__(
            say(
                "{folder}: {who}; wait until it has ended and run the command again, or let this "
                "one wait longer (--wait SECONDS)",
                folder=folder.as_posix(),
                who=who,
            )
        )


class UnfinishedError(RefusedError):
    """A change that is written down and could not be completed now; nothing of it is lost."""

    def __init__(self, folder: Path, fault: OSError) -> None:
        self.errno = fault.errno
        super().__init__(
            say(
                "{why}; {folder} is between two states: all of it is there, and the next command "
                "completes it, once what is in the way is gone",
                why=refusal(fault, halfway=True),
                folder=folder.as_posix(),
            )
        )


@dataclass(slots=True)
class Waiting:
    """How long this process waits for another run, in seconds, in whose name, and whom it tells."""

    seconds: float = 600
    command: str = "deliverables"
    tell: Callable[[Message], None] = lambda _: None


waiting: Final = Waiting()
"""What the command line sets for its run."""


@dataclass(frozen=True, slots=True)
class _Move:
    """A file of the room that is to lie at `path`, or, without one, a file to be set aside.

    What lies there is kept as `aside`, unless it has the hash `over`, whose place is taken.
    """

    path: str
    staged: str = ""
    over: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines that a file is to have from byte `at` on."""

    path: str
    at: int
    text: str


# --- who works in a folder --------------------------------------------------------------


_held: dict[tuple[int, Path], int] = {}


@contextmanager
def at_work(folder: Path, patience: float | None = None) -> Iterator[None]:
    """Work in a folder alone; what a killed run left there is completed or swept first.

    Within one thread it may be entered again. It is waited for another run for `patience` seconds,
    or as long as the command line says. The system lets go of the folder when the process ends,
    however it ends.

    Raises:
        BusyError: Another run works there still.
        UnfinishedError: What a killed run began cannot be completed.
    """
    key = (get_ident(), folder.resolve())
    if key in _held:
        yield
        return
    from filelock import FileLock  # noqa: PLC0415  # slow to import

    lock = FileLock(folder / LOCK, mode=EVERYONE)
    with told_by(folder, folder):
        ours = _make(folder)
        _take(lock, folder, waiting.seconds if patience is None else patience)
    try:
        _held[key] = 1
        _say_who(folder)
        _settle(folder)
        yield
    finally:
        _held.pop(key, None)
        _leave(folder)
        lock.release()
        _leave_nothing(folder, ours=ours)


def _make(folder: Path) -> bool:
    """Make a folder; return whether it was not there."""
    if folder.is_dir():
        return False
    disk().make_folder(folder)
    return True


def _take(lock: Any, folder: Path, patience: float) -> None:
    """Take the lock; tell whom it is waited for, and give up after so many seconds."""
    from filelock import Timeout  # noqa: PLC0415  # slow to import

    told, until = False, monotonic() + patience
    while True:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if monotonic() >= until:
                raise BusyError(folder, _who(folder)) from None
            if not told:
                waiting.tell(say("waiting: {who} in {folder}", who=_who(folder),
                                 folder=folder.as_posix()))  # fmt: skip
                told = True
            with suppress(Timeout):
                lock.acquire(timeout=_LOOK_SECONDS, poll_interval=_LOOK_SECONDS)
        if lock.is_locked:
            if (folder / LOCK).exists():
                return
            lock.release()  # who held it took it away: take the one that lies there now
            _make(folder)


def _say_who(folder: Path) -> None:
    """Write down who works here, for those who wait; a disk that is full is no reason to stop."""
    from socket import gethostname  # noqa: PLC0415  # slow to import

    holder = folder / HOLDER
    facts = {"command": waiting.command, "process": os.getpid(), "machine": gethostname()}
    with suppress(OSError):
        disk().remove(holder)
        with disk().create(holder, mode_of(private=False)) as file:
            disk().write(file, json.dumps(facts).encode())


def _who(folder: Path) -> Message:
    """Return who works in a folder."""
    try:
        facts = json.loads((folder / HOLDER).read_bytes())
        return say("{command} (process {process} on {machine}) is at work",
                   command=str(facts["command"]), process=str(facts["process"]),
                   machine=str(facts["machine"]))  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return say("another run is at work")


def held_by(folder: Path) -> Message | None:
    """Return who works in a folder at this moment; None if nobody does."""
    from filelock import FileLock, Timeout  # noqa: PLC0415  # slow to import

    if not (folder / LOCK).exists() or (get_ident(), folder.resolve()) in _held:
        return None
    try:
        with FileLock(folder / LOCK, timeout=0):
            return None
    except Timeout:
        return _who(folder)
    except OSError:
        return None


def _leave(folder: Path) -> None:
    """Take away what only a run at work needs; an unfinished change stays for the next one."""
    if not has_intent(folder):
        remove_tree(folder / ROOM)
    names = (HOLDER,) if (folder / REGISTER).exists() else (HOLDER, LOCK)
    for name in names:
        with suppress(OSError):
            disk().remove(folder / name)


def _leave_nothing(folder: Path, *, ours: bool) -> None:
    """Take a folder that we made away again if nothing was done in it."""
    with suppress(OSError):
        if os.name == "nt" and not (folder / REGISTER).exists():
            disk().remove(folder / LOCK)  # Windows removes no file that is open, anybody's
        if ours and not any(folder.iterdir()):
            disk().remove_folder(folder)


# --- what a killed run left -------------------------------------------------------------


def has_intent(folder: Path) -> bool:
    """Return whether a change of a folder is written down and not completed."""
    return (folder / ROOM / _INTENT).exists()


def settle(folder: Path) -> None:
    """Complete or sweep what a killed run left in a folder, unless somebody works there.

    What cannot be completed now, or may not be by this user, is left: who changes the folder next
    is told, and whoever asks how it is.
    """
    left = (folder / ROOM).exists() or (folder / HOLDER).exists()
    if left and (get_ident(), folder.resolve()) not in _held:
        with suppress(OSError), at_work(folder, patience=0):
            pass


def _settle(folder: Path) -> None:
    if has_intent(folder):
        _complete(folder)
    remove_tree(folder / ROOM)
    for left in leftovers(folder):
        with suppress(OSError):
            disk().remove(left)


def leftovers(folder: Path) -> Iterator[Path]:
    """Yield the files in the making that a killed run left in a folder and below it."""
    for at, _, names in os.walk(folder):
        yield from (path for name in names if is_in_the_making(path := Path(at, name)))


def _complete(folder: Path) -> None:
    """Do what an intent says, as far as that is not done: each step may have been."""
    try:
        lines, moves = _intent(folder)
        for one in lines:
            _extend(folder / one.path, one)
        for move in moves:
            _move(folder, move)
        for place in {(folder / move.path).parent for move in moves}:
            disk().sync_folder(place)
        disk().remove(folder / ROOM / _INTENT)
    except OSError as fault:
        raise UnfinishedError(folder, fault) from fault


def _intent(folder: Path) -> tuple[list[_Lines], list[_Move]]:
    """Return what an intent says; it was put in place whole."""
    file = folder / ROOM / _INTENT
    try:
        facts = json.loads(file.read_bytes())
        lines = [_Lines(**one) for one in facts["lines"]]
        moves = [_Move(**one) for one in facts["moves"]]
        names = {*(one.path for one in lines), *(move.path for move in moves)}
        names |= {name for move in moves for name in (move.staged, move.aside) if name}
        usable = facts["format"] == _FORMAT and all(map(stays_within, names))
    except (ValueError, TypeError, KeyError, AttributeError):
        usable = False
    if not usable:
        raise RefusedError(
            say("{file} was damaged, or a newer deliverables wrote it; it says how to complete a "
                "change: give the folder that it lies in to whoever looks after the program",
                file=file.as_posix())
        )  # fmt: skip
    return lines, moves


def _extend(path: Path, lines: _Lines) -> None:
    """Let a file have the lines from a byte on: all of them, once."""
    data = lines.text.encode()
    there = b""
    if path.exists():
        with path.open("rb") as file:
            file.seek(lines.at)
            there = file.read(len(data))
    if there == data:
        return
    if not data.startswith(there):
        raise RefusedError(
            say("{file} was changed by something else meanwhile: restore it from a copy",
                file=path.as_posix())
        )  # fmt: skip
    with disk().extend(path, mode_of(private=False)) as file:
        disk().write(file, data[len(there) :])
        disk().sync(file)


def _move(folder: Path, move: _Move) -> None:
    path, staged = folder / move.path, folder / ROOM / move.staged
    if move.staged and not staged.exists():
        return  # it was put in place
    there = sha256_of(path) if path.exists() else ""
    if there and there == move.over and not move.staged:
        if not path.with_name(move.aside).exists():
            rename(path, path.with_name(move.aside))
        return
    if not move.staged:
        return
    if there and there != move.over:
        aside = path.with_name(move.aside) if move.aside else name_aside(path)
        rename(path, name_aside(path) if aside.exists() else aside)
    disk().make_folder(path.parent)
    put_in_place(staged, path)


# --- a change ---------------------------------------------------------------------------


@dataclass(slots=True)
class Transaction:
    """A change of a folder, made when its context is left without a fault.

    Each call may be refused by itself, with an OSError, and is then no part of the change.
    """

    folder: Path
    _moves: list[_Move] = field(default_factory=list)
    _lines: dict[Path, bytes] = field(default_factory=dict)
    _open: list[FileIO] = field(default_factory=list)
    _taken: set[Path] = field(default_factory=set)
    _staged: int = 0
    _work: Any = None

    def __enter__(self) -> Transaction:
        self._work = at_work(self.folder)
        self._work.__enter__()
        try:
            if has_intent(self.folder):
                _complete(self.folder)  # of this very run, which a file held open kept from it
        except OSError:
            self._work.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if fault is None and (self._moves or self._lines):
                self._make()
        finally:
            for file in self._open:
                file.close()
            if not has_intent(self.folder):
                remove_tree(self.folder / ROOM)
            self._work.__exit__(kind, fault, trace)

    def put(
        self, path: Path, data: bytes, *, private: bool = False, read_only: bool = False,
        over: str = "",
    ) -> str:  # fmt: skip
        """Let `data` be in a file; return the name under which the one there is kept, if it is.

        It is, unless its SHA-256 is `over`; one that holds the data stays as it is. A private file
        is for its owner alone. Raises OSError if the file cannot be written, FileInUseError if it
        is held.
        """
        within = self._within(path)
        there = self._asked(path)
        if there == sha256_of(data):
            return ""
        aside = self._name_aside(path) if there and there != over else ""
        self._refuse_elsewhere(path)
        self._staged += 1
        staged = self.folder / ROOM / str(self._staged)
        with told_by(path, self.folder):
            disk().make_folder(self.folder / ROOM, OWNER_ONLY_FOLDER)
            file = disk().create(staged, mode_of(private=private))
            try:
                disk().write(file, data)
                if read_only:
                    disk().set_mode(staged, mode_of(private=private, read_only=True))
            except OSError:
                file.close()
                raise
        self._open.append(file)
        self._moves.append(_Move(within, staged.name, there if not aside else "", aside))
        return aside

    def put_aside(self, path: Path) -> str:
        """Give a file another name, which is returned. Raises FileInUseError if it is held."""
        within = self._within(path)
        there = self._asked(path)
        aside = self._name_aside(path)
        self._moves.append(_Move(within, over=there, aside=aside))
        return aside

    def add(self, path: Path, lines: bytes) -> None:
        """Let a file end with more lines."""
        self._within(path)
        self._lines[path] = self._lines.get(path, b"") + lines

    def added(self, path: Path) -> bytes:
        """Return what is to be added to a file."""
        return self._lines.get(path, b"")

    def _asked(self, path: Path) -> str:
        """Return the SHA-256 of a file that nobody holds, empty if there is none."""
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        ask_whether_held(path)
        return sha256_of(path)

    def _name_aside(self, path: Path) -> str:
        aside = name_aside(path, self._taken)
        self._taken.add(aside)
        return aside.name

    def _refuse_elsewhere(self, path: Path) -> None:
        """Raise what would be raised once the change is written down: then it is too late."""
        there = next(place for place in path.parents if os.path.lexists(place))
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
        if not os.access(there, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))
        if there.stat().st_dev != self.folder.stat().st_dev:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(there))
        for name in path.relative_to(there).parts:
            with suppress(FileNotFoundError):
                (there / name).lstat()  # a name that is too long

    def _within(self, path: Path) -> str:
        """Return a path as it is written down; one that is refused when read is never written."""
        within = path.relative_to(self.folder).as_posix() if self.folder in path.parents else ""
        if not stays_within(within):
            raise RefusedError(
                say("{path} lies outside of {folder}, in which the change is made",
                    path=path.as_posix(), folder=self.folder.as_posix())
            )  # fmt: skip
        return within

    def _make(self) -> None:
        """Write down what is meant once all of it is on the disk, and do it."""
        self._sync()
        lines = [
            _Lines(self._within(path), path.stat().st_size if path.exists() else 0, data.decode())
            for path, data in self._lines.items()
        ]
        facts = {"format": _FORMAT, "lines": [asdict(one) for one in lines],
                 "moves": [asdict(one) for one in self._moves]}  # fmt: skip
        room = self.folder / ROOM
        disk().make_folder(room, OWNER_ONLY_FOLDER)
        with disk().create(room / _BEGUN, OWNER_ONLY) as file:
            disk().write(file, json.dumps(facts, ensure_ascii=False).encode())
            disk().sync(file)
        for folder in (room, self.folder):
            disk().sync_folder(folder)
        disk().rename(room / _BEGUN, room / _INTENT)
        disk().sync_folder(room)
        try:
            for one in lines:
                _extend(self.folder / one.path, one)
        except OSError:
            self._take_back(lines)
            raise
        _complete(self.folder)

    def _sync(self) -> None:
        """Return once what was written is on the disk, which is waited for several at a time."""
        if len(self._open) <= _AT_ONCE:
            _all_synced(self._open)
            return
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # slow to import

        size = -(-len(self._open) // _AT_ONCE)
        parts = [self._open[at : at + size] for at in range(0, len(self._open), size)]
        with ThreadPoolExecutor(len(parts)) as threads:
            list(threads.map(_all_synced, parts))

    def _take_back(self, lines: list[_Lines]) -> None:
        """Undo what a full disk let be added; nothing has moved yet."""
        for one in lines:
            path = self.folder / one.path
            if not one.at:
                disk().remove(path)
            elif path.stat().st_size > one.at:
                disk().cut(path, one.at)
        disk().remove(self.folder / ROOM / _INTENT)


def _all_synced(files: Iterable[FileIO]) -> None:
    for file in files:
        with file:
            disk().sync(file)
