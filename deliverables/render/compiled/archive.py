"""A zip file put together from members that are compressed already."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

try:  # the optional extra `isal`: the same content, compressed several times as fast
    from isal import isal_zlib
except ImportError:
    isal_zlib = None

LEVEL: Final = 6
_RAW: Final = -zlib.MAX_WBITS
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s4B4H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_UTF8_NAME: Final = 0x800
_DEFLATED: Final = 8
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x21


class Member(NamedTuple):
    """The content of a member, compressed."""

    crc: int
    packed: bytes
    size: int


def pack(content: bytes, level: int = LEVEL) -> Member:
    """Compress the content of a member."""
    library, level = (isal_zlib, 1) if isal_zlib else (zlib, level)
    compressor = library.compressobj(level, zlib.DEFLATED, _RAW)
    packed = compressor.compress(content) + compressor.flush()
    return Member(library.crc32(content), packed, len(content))


@lru_cache(maxsize=512)
def pack_once(content: bytes) -> Member:
    """Compress content that many documents have."""
    return pack(content)


def archive(members: Iterable[tuple[str, Member]]) -> bytes:
    """Return the zip file of the members: fixed times, fixed order."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, (crc, packed, size) in members:
        encoded = name.encode()
        flags = 0 if len(encoded) == len(name) else _UTF8_NAME
        told = (flags, _DEFLATED, _MIDNIGHT, _FIRST_OF_1980, crc, len(packed), size, len(encoded))
        header = _LOCAL.pack(b"PK\x03\x04", _VERSION, *told, 0)
        pieces += header, encoded, packed
        directory.append(
            _CENTRAL.pack(b"PK\x01\x02", _VERSION, 0, _VERSION, 0, *told, 0, 0, 0, 0, 0, offset)
        )
        directory.append(encoded)
        offset += len(header) + len(encoded) + len(packed)
    listed = b"".join(directory)
    count = len(directory) // 2
    pieces += listed, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), offset, 0)
    return b"".join(pieces)
