"""What lies beside the register, each kept by what it holds: bases of documents, and inputs."""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deliverables.files.digest import sha256_of
from deliverables.files.disk import OWNER_ONLY, disk
from deliverables.files.placement import Transaction, at_work, write_atomically
from deliverables.read.files import ROSTER

_HEAD: Final = b'{"base":"'
_END: Final = len(_HEAD) + 64


class NoBaseError(LookupError):
    """A base that is not there, or is not as it was written."""


@dataclass(frozen=True, slots=True)
class BaseRecord:
    """A base, packed: what others of its sort share with it, and its own."""

    shared: bytes
    own: bytes

    @property
    def digest(self) -> str:
        """What names the base: a SHA-256 of both, in hexadecimal."""
        return _digest(sha256_of(self.shared), self.own)


class Bases:
    """The bases of one contract, in the file at `path`, which need not be there yet.

    It remembers where each record stands, and looks on where the file has grown; none is read
    before somebody asks for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        self._read = 0
        self._shared: dict[str, bytes] = {}

    def put(self, records: Iterable[BaseRecord]) -> None:
        """Add the records that are not there yet; they are on the disk when the call returns.

        Nobody looks for a base before the register names it, so one that was put in vain does no
        harm. Writers in other processes wait for each other. Raises OSError if that fails.
        """
        path = self._path
        with at_work(path.parent):
            self._look()
            torn = path.exists() and path.stat().st_size > self._read
            new: dict[str, bytes] = {}
            frames: dict[bytes, str] = {}
            for record in records:
                shared = frames.get(record.shared) or sha256_of(record.shared)
                frames[record.shared] = shared
                digest = _digest(shared, record.own)
                if shared not in self._places and shared not in new:
                    new[shared] = _line(shared, "", record.shared)
                if digest not in self._places and digest not in new:
                    new[digest] = _line(digest, shared, record.own)
            if new:
                with disk().extend(path, OWNER_ONLY) as file:
                    disk().write(file, b"\n" * torn + b"".join(new.values()))
                    disk().sync(file)
                self._look()

    def get(self, digest: str) -> BaseRecord:
        """Return a base.

        Raises:
            NoBaseError: It is not there, or it was changed after it was written.
        """
        frame, own = self._content(digest)
        if frame not in self._shared:
            self._shared[frame] = self._content(frame)[1]
        shared = self._shared[frame]
        if _digest(frame, own) != digest or sha256_of(shared) != frame:
            raise NoBaseError(digest)
        return BaseRecord(shared, own)

    def __contains__(self, digest: object) -> bool:
        if digest not in self._places:
            self._look()
        return digest in self._places

    def _content(self, digest: str) -> tuple[str, bytes]:
        """Return the digest of what a record shares with others, and what it holds itself."""
        if digest not in self:
            raise NoBaseError(digest)
        at, length = self._places[digest]
        with self._path.open("rb") as file:
            file.seek(at)
            line = file.read(length)
        try:
            facts = json.loads(line)
            return facts["shared"], a2b_base64(facts["content"])
        except (ValueError, KeyError, TypeError) as fault:
            raise NoBaseError(digest) from fault

    def _look(self) -> None:
        """Take in the whole lines that were added since."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read)
                added = file.read()
        except FileNotFoundError:
            return
        *lines, _ = added.split(b"\n")
        for line in lines:
            if line.startswith(_HEAD) and line.endswith(b'"}'):
                digest = line[len(_HEAD) : _END].decode("ascii", "replace")
                self._places[digest] = (self._read, len(line))
            self._read += len(line) + 1


def _digest(shared: str, own: bytes) -> str:
    return sha256_of(shared.encode() + b"\n" + own)


def _line(digest: str, shared: str, content: bytes) -> bytes:
    facts = {"base": digest, "shared": shared}
    facts["content"] = b2a_base64(content, newline=False).decode()
    return json.dumps(facts, separators=(",", ":")).encode() + b"\n"


class Inputs:
    """The input files of the documents of one contract, in `folder`, which need not be there yet.

    A file is named by the SHA-256 of its bytes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._there: set[str] = set()

    def keep(self, data: Path, inputs: Mapping[str, str], change: Transaction) -> None:
        """Let a change keep the files below `data` that are not kept yet, `inputs` their hashes.

        One that is no longer as it was read is passed over. Raises OSError if one cannot be kept.
        """
        for name, digest in inputs.items():
            if digest in self._there or _is_roster(name):
                continue
            kept = self._folder / digest
            if not kept.exists():
                content = (data / name).read_bytes() if (data / name).exists() else b""
                if sha256_of(content) != digest:
                    continue
                change.put(kept, content, private=True)
            self._there.add(digest)

    def lay_out(self, inputs: Mapping[str, str], folder: Path) -> tuple[str, ...]:
        """Put the files as they were into `folder`, and return the names of those not kept."""
        missing = []
        for name, digest in inputs.items():
            kept = self._folder / digest
            if _is_roster(name) or not kept.exists() or sha256_of(kept) != digest:
                missing.append(name)
                continue
            write_atomically(folder / name, kept.read_bytes(), private=True)
        return tuple(missing)


def _is_roster(name: str) -> bool:
    return Path(name).stem.lower() == ROSTER
