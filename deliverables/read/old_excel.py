"""A workbook of Excel 97 (.xls, .et) looked through before it is loaded, record by record.

[MS-CFB] describes the container, [MS-XLS] the records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from deliverables.read.input_package import DamagedError, TooLargeError
from deliverables.read.reach import letters_of, too_much_text
from deliverables.read.sheet_xml import CellFault, Place, SheetLook, shows_hours
from deliverables.values.limits import LARGEST_TEXT, MOST_CELLS

_LAST_SECTOR: Final = 0xFFFFFFF0
_ENTRY: Final = 128
_STREAMS: Final = ("workbook", "book")
_BOUND, _FORMAT, _STYLE, _DATE_MODE, _PASSWORD = 0x85, 0x41E, 0xE0, 0x22, 0x2F
_STRINGS, _CONTINUE, _END = 0xFC, 0x3C, 0x0A
_ROW, _COLUMNS, _LABEL_SHARED, _MANY_NUMBERS = 0x208, 0x7D, 0xFD, 0xBD
_NUMBER, _SHORT_NUMBER, _BOOL_OR_ERROR = 0x203, 0x27E, 0x205
_FORMULAS: Final = frozenset({0x06, 0x206, 0x406})
_CELLS: Final = _FORMULAS | {_NUMBER, _SHORT_NUMBER, _BOOL_OR_ERROR, _LABEL_SHARED, _MANY_NUMBERS,
                             0x204, 0xD6, 0x02, 0x03, 0x04, 0x05}  # fmt: skip
_ERRORS: Final = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
                  0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}  # fmt: skip
_MOST_SHEETS: Final = 255

Record = tuple[int, bytes]


@dataclass(slots=True)
class OldExcel:
    """What a workbook tells: each sheet's look, and its cells at midnight that show the hour."""

    sheets: dict[str, tuple[SheetLook, frozenset[Place]]] = field(default_factory=dict)
    from_1904: bool = False


def look(data: bytes) -> OldExcel:
    """Return what a workbook tells; raises DamagedError, or TooLargeError if it is not read.

    One behind a password tells nothing.
    """
    try:
        stream = _workbook(data)
        return _told(stream) if stream else OldExcel()
    except (struct.error, IndexError, UnicodeDecodeError, ValueError) as fault:
        raise DamagedError from fault


def _workbook(data: bytes) -> bytes:
    """Return the stream that holds the workbook, empty if there is none."""
    container = _Container(data)
    for name, start, size in container.entries():
        if name.casefold() in _STREAMS:
            return container.stream(start, size)
    return b""


class _Container:
    """The compound file: sectors chained by a table, short streams in sectors of their own."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        if len(data) % 4:  # the spreadsheet reader would fall over it
            raise DamagedError
        shift, self._short_shift = struct.unpack_from("<HH", data, 30)
        if not 7 <= shift <= 16 or not 4 <= self._short_shift < shift:  # noqa: PLR2004  # MS-CFB
            raise DamagedError
        self._size = 1 << shift
        (self._first_entry,) = struct.unpack_from("<I", data, 48)
        (self._cutoff,) = struct.unpack_from("<I", data, 56)
        short_table, _, more, _ = struct.unpack_from("<IIII", data, 60)
        listed = [*struct.unpack_from("<109I", data, 76)]
        for sector in self._listing(more):
            listed += sector
        table = b"".join(self._sector(one) for one in listed if one < _LAST_SECTOR)
        self._table = memoryview(table).cast("I")
        self._short_table = memoryview(self._chained(short_table)).cast("I")
        self._short = b""

    def entries(self) -> Iterator[tuple[str, int, int]]:
        """Yield the name, the first sector and the size of each stream."""
        listed = self._chained(self._first_entry)
        for at in range(0, len(listed) - _ENTRY + 1, _ENTRY):
            (length,) = struct.unpack_from("<H", listed, at + 64)
            name = listed[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", listed, at + 116)
            if listed[at + 66] == _ROOT:
                self._short = self._chained(start)
            yield name, start, size

    def stream(self, start: int, size: int) -> bytes:
        """Return a stream."""
        if size >= self._cutoff:
            return self._chained(start)[:size]
        found, step = bytearray(), 1 << self._short_shift
        for _ in range(len(self._short_table)):
            if start >= _LAST_SECTOR:
                break
            found += self._short[start * step : (start + 1) * step]
            start = self._short_table[start]
        return bytes(found[:size])

    def _listing(self, sector: int) -> Iterator[tuple[int, ...]]:
        for _ in range(len(self._data) // self._size + 1):
            if sector >= _LAST_SECTOR:
                return
            *found, sector = struct.unpack(f"<{self._size // 4}I", self._sector(sector))
            yield tuple(found)

    def _chained(self, start: int) -> bytes:
        found: list[bytes] = []
        while start < _LAST_SECTOR:
            if len(found) > len(self._data) // self._size:
                raise DamagedError
            found.append(self._sector(start))
            start = self._table[start]
        return b"".join(found)

    def _sector(self, number: int) -> bytes:
        found = self._data[(number + 1) * self._size : (number + 2) * self._size]
        return found.ljust(self._size, b"\0")


_ROOT: Final = 5


def _records(stream: bytes, at: int = 0) -> Iterator[Record]:
    """Yield the kind and the body of each record from a place to the end of its part."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _END:
            return
        at += 4 + length


class _Globals:
    """Takes the records about the whole workbook."""

    def __init__(self) -> None:
        self.locked = False
        self.from_1904 = False
        self.bounds: list[tuple[int, str]] = []
        self.shared: list[bytes] = []
        self._codes: dict[int, str] = {}
        self._styles: list[int] = []
        self._last = 0

    def take(self, kind: int, body: bytes) -> None:
        """Keep what a record tells."""
        if kind == _BOUND:
            self.bounds.append((struct.unpack_from("<I", body)[0], _name(body[6:])))
        elif kind == _FORMAT and len(body) > _FORMAT_HEAD:
            self._codes[struct.unpack_from("<H", body)[0]] = _wide_text(body[2:])
        elif kind == _STYLE:
            self._styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _STRINGS or (kind == _CONTINUE and self._last == _STRINGS):
            self.shared.append(body)
        self.from_1904 |= kind == _DATE_MODE and body[:1] == b"\1"
        self.locked |= kind == _PASSWORD
        self._last = self._last if kind == _CONTINUE else kind

    def styles_with_hours(self) -> frozenset[int]:
        """Return the numbers of the cell styles that show the hour of a moment."""
        return frozenset(
            number
            for number, form in enumerate(self._styles)
            if shows_hours(str(form), self._codes.get(form, ""))
        )


def _told(stream: bytes) -> OldExcel:
    whole = _Globals()
    for kind, body in _records(stream):
        whole.take(kind, body)
        if whole.locked:
            return OldExcel()
    if len(whole.bounds) > _MOST_SHEETS:
        raise DamagedError
    told, cells = OldExcel(from_1904=whole.from_1904), 0
    styles, longest = whole.styles_with_hours(), max(_lengths(whole.shared), default=0)
    for at, name in whole.bounds:
        sheet = _Sheet(styles)
        for kind, body in _records(stream, at):
            sheet.take(kind, body)
        sheet.look.reach.check()
        cells += sheet.look.reach.cells
        if cells > MOST_CELLS or sheet.shared * longest > LARGEST_TEXT:
            raise TooLargeError(too_much_text())
        told.sheets[name] = (sheet.look, frozenset(sheet.midnights))
    return told


_FORMAT_HEAD: Final = 5


def _name(body: bytes) -> str:
    """Return a short text: its length, how wide its characters are, and they."""
    wide = body[1] & 1
    text = body[2 : 2 + (body[0] << wide)]
    return text.decode("utf-16-le" if wide else "latin-1", "replace")


def _wide_text(body: bytes) -> str:
    (length,) = struct.unpack_from("<H", body)
    wide = body[2] & 1
    return body[3 : 3 + (length << wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _lengths(bodies: list[bytes]) -> Iterator[int]:
    """Yield about how many bytes each shared text takes, its formatting included."""
    data = b"".join(bodies)
    if len(data) < _STRINGS_HEAD:
        return
    (count,) = struct.unpack_from("<I", data, 4)
    at = _STRINGS_HEAD
    for _ in range(count):
        if at + 3 > len(data):
            return
        length, flags = struct.unpack_from("<HB", data, at)
        yield 3 * length
        at += 3
        runs = extra = 0
        if flags & 0x08:
            (runs,) = struct.unpack_from("<H", data, at)
            at += 2
        if flags & 0x04:
            (extra,) = struct.unpack_from("<I", data, at)
            at += 4
        at += (length << (flags & 1)) + 4 * runs + extra


_STRINGS_HEAD: Final = 8


class _Sheet:
    """Takes the records of one sheet."""

    def __init__(self, with_hours: frozenset[int]) -> None:
        self._with_hours = with_hours
        self.look = SheetLook()
        self.midnights: set[Place] = set()
        self.shared = 0

    def take(self, kind: int, body: bytes) -> None:
        """Keep what a record tells."""
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MANY_NUMBERS else 0
            self.look.reach.include(row + 1, max(column, last) + 1)
            self.look.reach.cells += max(last - column, 0)
            place = (row + 1, letters_of(column + 1))
            self.shared += kind == _LABEL_SHARED
            error = _error(kind, body)
            if error:
                self.look.faults[place] = CellFault(error)
            elif style in self._with_hours and _is_whole(kind, body):
                self.midnights.add(place)
        elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
            self.look.rows.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLUMNS and struct.unpack_from("<H", body, 8)[0] & 1:
            first, last = struct.unpack_from("<HH", body)
            self.look.columns.append((first + 1, last + 1))


def _error(kind: int, body: bytes) -> str:
    if kind == _BOOL_OR_ERROR and body[7]:
        return _ERRORS.get(body[6], "#ERROR!")
    if kind in _FORMULAS and body[12:14] == b"\xff\xff" and body[6] == _IS_ERROR:
        return _ERRORS.get(body[8], "#ERROR!")
    return ""


_IS_ERROR: Final = 2


def _is_whole(kind: int, body: bytes) -> bool:
    """Return whether a number has no fraction."""
    if kind == _NUMBER or kind in _FORMULAS:
        value: float = struct.unpack_from("<d", body, 6)[0]
        return value.is_integer()
    if kind != _SHORT_NUMBER:
        return False
    (packed,) = struct.unpack_from("<i", body, 6)
    if packed & 2:
        return not packed & 1 or (packed >> 2) % 100 == 0
    high: float = struct.unpack("<d", struct.pack("<ii", 0, packed & ~3))[0]
    return (high / 100 if packed & 1 else high).is_integer()
