"""The members of a zip package, unpacked once however many packages have the same one.

Documents of one template share most of their members byte for byte, compressed as they are. What
is remembered is found by the compressed bytes themselves, so it cannot be another's.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED

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
