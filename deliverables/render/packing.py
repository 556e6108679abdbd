"""A zip file put together from members that are compressed already."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Protocol

try:  # the optional extra `isal`: the same content, compressed several times as fast
    from isal import isal_zlib
except ImportError:
    isal_zlib = None

_VARYING_LEVEL, _SHARED_LEVEL = 1, 9
_SHORT, _SHORT_RAW, _SHORT_MEMORY = 4096, -12, 5  # clearing more costs more than compressing
_TINY: Final = 1024  # not worth a compressor: that would save some 300 bytes
_VARYING: Final = ("word/document", "word/header", "word/footer", "word/charts/", "docProps/")
_ISAL_LEVEL: Final = 1
_RAW: Final = -zlib.MAX_WBITS
_TOLD: Final = struct.Struct("<5H3IH")
_PLACE: Final = struct.Struct("<4H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_UTF8_NAME: Final = 0x800
_STORED, _DEFLATED = 0, 8
_OWNER: Final = 0o600 << 16
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x21


# A compressor takes a few hundred kilobytes, which glibc hands back to the system each time, to be
# given them again page by page. Once a block of this size was freed, it keeps what is smaller. The
# block is of bytes, which take no page of memory before one is written to.
del (_block := [bytes(31 << 20)])[:]


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class Member:
    """The content of a member, packed, with all that a zip file says of it but its place."""

    __slots__ = ("entry", "local", "packed", "size")

    def __init__(
        self, name: str, crc: int, packed: bytes, size: int, method: int = _DEFLATED
    ) -> None:
        encoded = name.encode()
        flags = 0 if len(encoded) == len(name) else _UTF8_NAME
        told = _TOLD.pack(
            _VERSION,
            flags,
            method,
            _MIDNIGHT,
            _FIRST_OF_1980,
            crc,
            len(packed),
            size,
            len(encoded),
        )
        self.local = b"PK\x03\x04%b\0\0%b" % (told, encoded)
        self.packed = packed
        self.size = len(self.local) + len(packed)
        self.entry = b"PK\x01\x02\x14\0%b" % told, encoded


def pack(name: str, content: bytes) -> Member:
    """Compress a member: quickly what each document has of its own, as far as it goes the rest.

    How depends on name and content alone, so the same document is the same bytes whichever way
    it was made.
    """
    if len(content) < _TINY and name.startswith(_VARYING):
        return Member(name, zlib.crc32(content), content, len(content), _STORED)
    if isal_zlib is not None:
        return _packed(name, content, isal_zlib.compressobj(_ISAL_LEVEL, zlib.DEFLATED, _RAW))
    if not name.startswith(_VARYING):
        return pack_with_zlib(name, content, _SHARED_LEVEL)
    if len(content) >= _SHORT:
        return pack_with_zlib(name, content, _VARYING_LEVEL)
    compressor = zlib.compressobj(_VARYING_LEVEL, zlib.DEFLATED, _SHORT_RAW, _SHORT_MEMORY)
    return _packed(name, content, compressor)


def pack_with_zlib(name: str, content: bytes, level: int) -> Member:
    """Compress a member with zlib, whatever else there is."""
    return _packed(name, content, zlib.compressobj(level, zlib.DEFLATED, _RAW))


def _packed(name: str, content: bytes, compressor: _Compressor) -> Member:
    packed = compressor.compress(content) + compressor.flush()
    return Member(name, zlib.crc32(content), packed, len(content))


@lru_cache(maxsize=512)
def pack_once(name: str, content: bytes) -> Member:
    """Compress a member that many documents share."""
    return pack(name, content)


def archive(members: Iterable[Member]) -> bytes:
    """Return the zip file of the members: fixed times, fixed order."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        pieces += member.local, member.packed
        told, name = member.entry
        directory += told, _PLACE.pack(0, 0, 0, 0, _OWNER, offset), name
        offset += member.size
    listed = b"".join(directory)
    count = len(directory) // 3
    pieces += listed, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), offset, 0)
    return b"".join(pieces)
