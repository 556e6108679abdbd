"""Numbers a Type 1 font program anew: LibreOffice numbers every one that it ever embedded.

The number stands twice, in the clear and in the encrypted part, where every byte depends on all
bytes before it (Adobe Type 1 Font Format, chapter 7).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_NUMBER: Final = re.compile(rb"(?<=/UniqueID )\d{7}(?= )")
_KEY: Final = 55665
_FACTOR: Final = 52845
_SUMMAND: Final = 22719
_MASK: Final = 65535
_HEAD: Final = 4096
"""How far from the start of the encrypted part the number is looked for."""


def renumbered(program: bytes, clear: int, encrypted: int, number: int) -> bytes:
    """Return the program with `number`, seven digits; as it is where it has no such number.

    `clear` and `encrypted` are the lengths of its parts (Length1 and Length2 in a PDF).
    """
    digits = b"%07d" % number
    end = clear + encrypted
    opened = _NUMBER.sub(digits, program[:clear])
    return opened + _sealed_anew(program[clear:end], digits) + program[end:]


def _sealed_anew(cipher: bytes, digits: bytes) -> bytes:
    found = _NUMBER.search(_deciphered(cipher[:_HEAD]))
    if not found or found[0] == digits:
        return cipher
    start, end = found.span()
    old = _KEY
    for byte in cipher[:start]:
        old = (byte + old) * _FACTOR + _SUMMAND & _MASK
    new, made = old, bytearray(cipher[:start])
    for byte, digit in zip(cipher[start:end], digits, strict=True):
        made.append(digit ^ new >> 8)
        old = (byte + old) * _FACTOR + _SUMMAND & _MASK
        new = (made[-1] + new) * _FACTOR + _SUMMAND & _MASK
    add, following = made.append, _following_keys()
    for byte in cipher[end:]:  # the same plain bytes under another key
        again = byte ^ (old ^ new) >> 8
        add(again)
        old = following[byte + old]
        new = following[again + new]
    return bytes(made)


@cache
def _following_keys() -> list[int]:
    """Return the key that follows for each sum of a byte and a key: a font has 50,000 of them."""
    return [number * _FACTOR + _SUMMAND & _MASK for number in range(_MASK + 256)]


def _deciphered(cipher: bytes) -> bytes:
    key, plain = _KEY, bytearray()
    for byte in cipher:
        plain.append(byte ^ key >> 8)
        key = (byte + key) * _FACTOR + _SUMMAND & _MASK
    return bytes(plain)
