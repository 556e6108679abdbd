"""The bases of documents, beside the register: one record for each, kept by what it holds.

`bases.jsonl` is only ever appended to. What documents of one sort share has a record of its own, so
that it stands there once. A base may hold identity numbers: the file is for its owner alone. A line
that a killed run left half written is passed over, and a record that no entry of the register names
does no harm.
"""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from deliverables.files import append_through, only_one, sha256_of
from deliverables.lazily import dataclass

_HEAD: Final = b'{"base":"'
_END: Final = len(_HEAD) + 64


class NoBaseError(LookupError):
    """A base that is not there, or is not as it was written."""


@dataclass(frozen=True, slots=True)
class Record:
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

    def put(self, records: Iterable[Record]) -> None:
        """Add the records that are not there yet; they are on the disk when the call returns.

        Writers in other processes wait for each other. Raises OSError if it cannot be written.
        """
        path = self._path
        path.parent.mkdir(parents=True, exist_ok=True)
        with only_one(path.with_name(f".{path.name}.lock")):
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
                append_through(path, b"\n" * torn + b"".join(new.values()), private=True)
                self._look()

    def get(self, digest: str) -> Record:
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
        return Record(shared, own)

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
