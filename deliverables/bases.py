"""The bases of documents, beside the register: one record for each, kept by what it holds.

`bases.jsonl` is only ever appended to. Records of one family (a kind and its template) are deflated
against the first of them, so that what a template always says stands there once. A base may hold
identity numbers: the file is for its owner alone. A line that a killed run left half written is
passed over, and a record that no entry of the register names does no harm.
"""

from __future__ import annotations

import json
import zlib
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from deliverables.files import append_through, only_one, sha256_of
from deliverables.lazily import dataclass

_HEAD: Final = b'{"base":"'
_END: Final = len(_HEAD) + 64
_FAMILY: Final = b'","family":"'
_RAW: Final = -zlib.MAX_WBITS
"""Deflated without a head and a sum: the digest tells whether a record is whole."""


class NoBaseError(LookupError):
    """A base that is not there, or is not as it was written."""


@dataclass(frozen=True, slots=True)
class Record:
    """A base on its way to the file; those of one `family` are much like each other."""

    family: str
    digest: str
    content: bytes

    @classmethod
    def of(cls, family: str, content: bytes) -> Record:
        """Return the record of a base, under the SHA-256 of its content."""
        return cls(family, sha256_of(content), content)


class Bases:
    """The bases of one contract, in the file at `path`, which need not be there yet.

    It remembers where each record stands, and looks on where the file has grown; nothing is
    inflated before somebody asks for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        self._frames: dict[str, str] = {}
        self._packers: dict[str, Any] = {}
        self._read = 0

    def put(self, records: Iterable[Record]) -> None:
        """Add the records that are not there yet; they are on the disk when the call returns.

        Writers in other processes wait for each other. Raises OSError if it cannot be written.
        """
        path = self._path
        path.parent.mkdir(parents=True, exist_ok=True)
        with only_one(path.with_name(f".{path.name}.lock")):
            self._look()
            torn = path.exists() and path.stat().st_size > self._read
            new = {one.digest: one for one in records if one.digest not in self._places}
            if new:
                written = b"".join(self._line(record) + b"\n" for record in new.values())
                append_through(path, b"\n" + written if torn else written, private=True)
                self._look()

    def get(self, digest: str) -> bytes:
        """Return the content of a base.

        Raises:
            NoBaseError: It is not there, or it was changed after it was written.
        """
        if digest not in self:
            raise NoBaseError(digest)
        at, length = self._places[digest]
        with self._path.open("rb") as file:
            file.seek(at)
            line = file.read(length)
        try:
            facts = json.loads(line)
            frame = self.get(facts["frame"]) if "frame" in facts else b""
            unpacker = zlib.decompressobj(_RAW, zdict=frame)
            content = unpacker.decompress(a2b_base64(facts["deflated"]))
        except (ValueError, KeyError, TypeError, Error, zlib.error) as fault:
            raise NoBaseError(digest) from fault
        if sha256_of(content) != digest:
            raise NoBaseError(digest)
        return content

    def __contains__(self, digest: object) -> bool:
        if digest not in self._places:
            self._look()
        return digest in self._places

    def _line(self, record: Record) -> bytes:
        """Return the line of a record; the first of a family is the frame of the others."""
        frame = self._frames.setdefault(record.family, record.digest)
        facts = {"base": record.digest}
        if frame == record.digest:
            facts["family"] = record.family
            self._packers[frame] = _packer(record.content)
            packer = _packer(b"")
        else:
            facts["frame"] = frame
            if frame not in self._packers:  # of an earlier run
                self._packers[frame] = _packer(self.get(frame))
            packer = self._packers[frame].copy()
        deflated = packer.compress(record.content) + packer.flush()
        facts["deflated"] = b2a_base64(deflated, newline=False).decode()
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()

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
                if line.startswith(_FAMILY, _END):
                    self._frames.setdefault(_family_of(line), digest)
            self._read += len(line) + 1


def _packer(frame: bytes) -> Any:
    """Return what deflates a record against a frame; a copy of it does the same again."""
    return zlib.compressobj(9, zlib.DEFLATED, _RAW, 9, zlib.Z_DEFAULT_STRATEGY, frame)


def _family_of(line: bytes) -> str:
    try:
        return str(json.loads(line)["family"])
    except ValueError:
        return ""
