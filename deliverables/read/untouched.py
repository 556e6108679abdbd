"""Whether anybody has typed anything into a workbook since the tool wrote it.

A blank workbook carries a digest of what its cells held. Excel and WPS keep it when they save;
as long as it still fits, nobody has filled the workbook in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from deliverables.model.values import Raw
from deliverables.read.columns import is_blank
from deliverables.read.cover import GUIDE

PROPERTY = "deliverables-blank"
"""The document property that holds the digest."""

_PART = "docProps/custom.xml"
_HELD = re.compile(rb'name="' + PROPERTY.encode() + rb'"[^>]*>\s*<[^>]*>([0-9a-f]{64})<')


def digest(data: bytes) -> str:
    """Return the digest of what the cells of a workbook hold, wherever it was saved."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found = sha256()
    for name in book.sheet_names:
        if name == GUIDE:
            continue
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for number, row in enumerate(rows, 1):
            for cell in _held(number, row):
                found.update(f"{name}\0{cell}\n".encode())
    return found.hexdigest()


def is_untouched(data: bytes) -> bool:
    """Return whether the workbook is a blank one that nobody has filled in yet."""
    try:
        with ZipFile(BytesIO(data)) as package:
            held = _HELD.search(package.read(_PART))
        return held is not None and held[1].decode() == digest(data)
    except (BadZipFile, KeyError, CalamineError, OSError, ValueError, EOFError):
        return False


def _held(number: int, row: Sequence[Raw]) -> Iterator[str]:
    for column, raw in enumerate(row):
        if not is_blank(raw):
            yield f"{number},{column}\0{_plain(raw)}"


def _plain(raw: Raw) -> str:
    """Return a value as every program saves it: a whole number with or without a point."""
    if isinstance(raw, datetime):
        return raw.isoformat()
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day).isoformat()
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).strip()
