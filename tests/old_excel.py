"""The binary container and workbook format of Excel 97, as little of them as a test needs."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SECTOR = 512
_SMALLEST_STREAM = 4096
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_EPOCH = datetime(1899, 12, 30)


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE2 compound file with the streams, each filled up to whole sectors."""
    bodies = {name: _filled(content) for name, content in streams.items()}
    chain: list[int] = []
    starts: dict[str, int] = {}
    for name, body in bodies.items():
        starts[name] = len(chain)
        count = len(body) // SECTOR
        chain += [*range(len(chain) + 1, len(chain) + count), _END]
    directory = _directory(bodies, starts)
    directory_start = len(chain)
    count = len(directory) // SECTOR
    chain += [*range(directory_start + 1, directory_start + count), _END]
    fat_start = len(chain)
    fat_sectors = 1
    while (fat_start + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    chain += [_FAT] * fat_sectors
    chain += [_FREE] * (fat_sectors * SECTOR // 4 - len(chain))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6,
        0, fat_sectors, directory_start, 0, _SMALLEST_STREAM, _END, 0, _END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *range(fat_start, fat_start + fat_sectors),
                          *[_FREE] * (109 - fat_sectors))  # fmt: skip
    fat = struct.pack(f"<{len(chain)}I", *chain)
    return header + b"".join(bodies.values()) + directory + fat


def _filled(content: bytes) -> bytes:
    size = max(len(content), _SMALLEST_STREAM)
    return content.ljust(-(-size // SECTOR) * SECTOR, b"\0")


def _directory(bodies: Mapping[str, bytes], starts: Mapping[str, int]) -> bytes:
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    names = list(bodies)
    for position, name in enumerate(names, 1):
        right = position + 1 if position < len(names) else _NONE
        entries.append(_entry(name, 2, right=right, start=starts[name], size=len(bodies[name])))
    while len(entries) % 4:
        entries.append(_entry("", 0, start=0, size=0))
    return b"".join(entries)


def _entry(
    name: str, kind: int, *, start: int, size: int, right: int = _NONE, child: int = _NONE
) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    return struct.pack(
        "<64sHBBIII16xI16xIQ", text, len(text), kind, 1, _NONE, right, child, 0, start, size
    )


def old_excel(book: Workbook) -> bytes:
    """Return the cells of the workbook as an Excel 97 file; dates become serial numbers."""
    sheets = [_sheet(sheet) for sheet in book.worksheets]
    names = [sheet.title for sheet in book.worksheets]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    end = _record(0x000A, b"")
    bounds_size = sum(len(_bound(0, name)) for name in names)
    position = len(head) + bounds_size + len(end)
    bounds = b""
    for name, sheet in zip(names, sheets, strict=True):
        bounds += _bound(position, name)
        position += len(sheet)
    return compound_file({"Workbook": head + bounds + end + b"".join(sheets)})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bound(position: int, name: str) -> bytes:
    text = name.encode("utf-16-le")
    return _record(0x0085, struct.pack("<IHBB", position, 0, len(text) // 2, 1) + text)


def _sheet(sheet: Worksheet) -> bytes:
    cells = [
        _cell(cell.row - 1, cell.column - 1, cell.value)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return head + b"".join(cells) + _record(0x000A, b"")


def _cell(row: int, column: int, value: Any) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, datetime | date):
        moment = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
        value = (moment - _EPOCH) / timedelta(days=1)
    if isinstance(value, int | float):
        return _record(0x0203, place + struct.pack("<d", value))
    text = str(value).encode("utf-16-le")
    return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
