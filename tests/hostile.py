"""Files that claim more than they show, each made from a sound roster by one change.

`python tests/hostile.py` reads each in a process of its own and prints what it took: the table of
docs/reliability.md.
"""

# ruff: noqa: E402  # the folder of the package has to be on the path first

# ruff: noqa: T201
from __future__ import annotations

import gc
import os
import re
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

import builders
from old_excel import compound_file
from projects import quarter

from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.workbook import read_workbook
from deliverables.read.yaml import (
    bind_contract,
    parse_yaml,
)
from deliverables.values.problem import Problem

SHEET = "xl/worksheets/sheet2.xml"
STRINGS = "xl/sharedStrings.xml"
MEGABYTE = 1_000_000


def roster() -> bytes:
    """Return a sound roster of one person."""
    made = BytesIO()
    builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": [builders.FIRST_PERSON]}).save(made)
    return made.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes], data: bytes = b"") -> bytes:
    """Return the roster with one part changed, or added."""
    result = BytesIO()
    with ZipFile(BytesIO(data or roster())) as package, ZipFile(result, "w", ZIP_DEFLATED) as made:
        for part in package.namelist():
            if part != name:
                made.writestr(part, package.read(part))
        made.writestr(name, change(package.read(name) if name in package.namelist() else b""))
    return result.getvalue()


def with_cell(cell: bytes) -> bytes:
    """Return the roster with one more cell, in a row of its own, which its extent does not tell."""
    row = b"<row>" + cell + b"</row></sheetData>"
    return with_part(SHEET, lambda xml: xml.replace(b"</sheetData>", row))


def inflating(  # noqa: PLR0917  # a part as it stands: head, filler, tail
    name: str, head: bytes, filler: bytes, size: int, tail: bytes, claim: int
) -> bytes:
    """Return the roster with a part that inflates to `size` bytes and claims to have `claim`."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = filler * (MEGABYTE // len(filler))
    checked, packed = zlib.crc32(head), [packer.compress(head)]
    for _ in range(size // len(block)):
        packed.append(packer.compress(block))
        checked = zlib.crc32(block, checked)
    packed += [packer.compress(tail), packer.flush()]
    stream = b"".join(packed)
    result = BytesIO()
    with ZipFile(BytesIO(roster())) as package, ZipFile(result, "w", ZIP_DEFLATED) as made:
        for part in package.namelist():
            if part != name:
                made.writestr(part, package.read(part))
        with made.open(name, "w") as written:
            written.write(b"")
    data = bytearray(result.getvalue())
    return _with_stream(data, name, stream, claim, zlib.crc32(tail, checked))


def _with_stream(data: bytearray, name: str, stream: bytes, claim: int, checked: int) -> bytes:
    with ZipFile(BytesIO(bytes(data))) as package:
        item, directory = package.getinfo(name), package.start_dir
    start = item.header_offset + 30 + len(name)
    entry = data.index(name.encode(), directory) - 46
    sizes = struct.pack("<III", checked, len(stream), claim)
    data[entry + 16 : entry + 28] = sizes
    data[item.header_offset + 14 : item.header_offset + 26] = sizes
    body = data[:start] + stream
    end = data[directory:]
    at = end.rindex(b"PK\x05\x06")
    end[at + 16 : at + 20] = len(body).to_bytes(4, "little")
    return bytes(body + end)


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
TEXTS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def repeated_text(cells: int) -> bytes:
    """Return the roster with one text as long as Excel allows, shown by very many cells."""
    text = TEXTS + b"<si><t>" + b"x" * 32_767 + b"</t></si></sst>"
    rows = b"".join(
        b'<row r="%d">%s</row>'
        % (row, b"".join(b'<c r="%c%d" t="s"><v>0</v></c>' % (65 + at, row) for at in range(20)))
        for row in range(3, cells // 20 + 3)
    )
    made = with_part(STRINGS, lambda _: text)
    types = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
        b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    made = with_part("[Content_Types].xml", lambda xml: xml.replace(b"</Types>", types), made)
    return with_part(SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"), made)


def far_cell_of_excel_97() -> bytes:
    """Return a workbook of Excel 97 with a lone cell in row and column 65,535."""
    record = struct.pack("<HH", 0x0809, 16) + struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    name = "人员名册".encode("utf-16-le")
    bound = struct.pack("<IHBB", 0, 0, 4, 1) + name
    bound = struct.pack("<HH", 0x85, len(bound)) + bound
    start = len(record) + len(bound) + 4
    bound = bound[:4] + struct.pack("<I", start) + bound[8:]
    cell = struct.pack("<HHHHHd", 0x203, 14, 65_535, 65_535, 0, 1.0)
    end = struct.pack("<HH", 0x0A, 0)
    sheet = record[:6] + struct.pack("<H", 0x10) + record[8:] + cell + end
    return compound_file({"Workbook": record + bound + end + sheet})


def open_document(cell: str) -> bytes:
    """Return a workbook of LibreOffice with one row of cells."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="人员名册">{cell}</table:table>'
        f"</office:spreadsheet></office:body></office:document-content>"
    )
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return made.getvalue()


_VALUE = (
    '<table:table-cell office:value-type="float" office:value="1"{}><text:p>1</text:p>'
    "</table:table-cell>"
)
_REPEATED = ' table:number-columns-repeated="16384"'

WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "a lone cell in XFD1048576": lambda: with_cell(b'<c r="XFD1048576"><v>1</v></c>'),
    "the same, written as no office program does":
        lambda: with_cell(b"<x:c xmlns:x='u' s = '1' r='XFD1048576' ><x:v>1</x:v></x:c>"),
    "texts of 600 MB": lambda: inflating(
        STRINGS, TEXTS + b"<si><t>", b"x", 600 * MEGABYTE, b"</t></si></sst>", 600 * MEGABYTE),
    "texts of 290 MB, one of them":
        lambda: inflating(STRINGS, TEXTS + b"<si><t>", b"x", 290 * MEGABYTE, b"</t></si></sst>",
                          290 * MEGABYTE + len(TEXTS) + 22),
    "a sheet of 900 MB":
        lambda: inflating(SHEET, HEAD, b'<row><c t="n"><v>1</v></c></row>', 900 * MEGABYTE, TAIL,
                          900 * MEGABYTE),
    "a sheet of 900 MB that claims 10 kB":
        lambda: inflating(SHEET, HEAD, b'<row><c t="n"><v>1</v></c></row>', 900 * MEGABYTE, TAIL,
                          10_000),
    "a text of 32,767 characters in 300,000 cells": lambda: repeated_text(300_000),
    "Excel 97, a lone cell in row and column 65,535": far_cell_of_excel_97,
    "LibreOffice, a row of 16,384 cells a million times": lambda: open_document(
        f'<table:table-row table:number-rows-repeated="1000000">{_VALUE.format(_REPEATED)}'
        "</table:table-row>"),
    "LibreOffice, four billion empty cells before one": lambda: open_document(
        '<table:table-row><table:table-cell table:number-columns-repeated="4000000000"/>'
        f'{_VALUE.format("")}</table:table-row>'),
}  # fmt: skip

YAML: dict[str, Callable[[], bytes]] = {
    "YAML, an integer of 5,000 digits": lambda: builders.CONTRACT.replace(
        "copies: 4", "copies: " + "9" * 5000).encode(),
    "YAML, 100,000 lists in one another": lambda: b"a: " + b"[" * 100_000,
    "YAML, nine levels of ten aliases": lambda: b"a: &a [x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10))
        for n in range(9)),
    "YAML of 50 MB": lambda: b"a: b\n" * (10 * MEGABYTE),
}  # fmt: skip


SHOWN: dict[str, Callable[[], bytes]] = {
    "a quarter of 300,000 rows of ten cells, which are read": lambda: quarter(300_000),
}


def said_of(name: str, data: bytes) -> list[Problem]:
    """Read one of them and return what is said."""
    problems: list[Problem] = []
    if name in YAML:
        tree = parse_yaml(data, "contract.yaml", problems)
        if tree:
            bind_contract(tree, problems)
    else:
        kind = Operations if name in SHOWN else Roster
        read_workbook("staff.xlsx", data, kind, problems)
    return problems


def made(name: str) -> bytes:
    """Return one of the files."""
    return (WORKBOOKS | YAML | SHOWN)[name]()


def _measure(name: str, file: Path) -> None:
    """Print what one of them took: megabytes beyond those of a sound roster, seconds, the words."""
    data = file.read_bytes()
    read_workbook("staff.xlsx", roster(), Roster, [])
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
    before, start = _peak(), time.perf_counter()
    problems = said_of(name, data)
    took = time.perf_counter() - start
    print(f"| {name} | {len(data) / MEGABYTE:.2f} MB | {_peak() - before:.0f} MB "
          f"| {took:.2f} s | {problems[0].message if problems else 'nothing'} |")  # fmt: skip


def _peak() -> float:
    """Return the most memory that this process has held since its peak began, in MB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1000 if found else 0.0


def _apart(work: Callable[[], object]) -> None:
    """Do it in a process of its own: a copy of this one, which has read and made nothing yet."""
    child = os.fork()
    if child == 0:
        work()
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise SystemExit(1)


def main(names: Iterable[str]) -> None:
    """Make and measure each."""
    print(
        "| File | On the disk | Memory | Time | What is said |\n|---|---|---|---|---|", flush=True
    )
    with TemporaryDirectory() as folder:
        file = Path(folder, "file")
        for name in names:
            _apart(lambda name=name: file.write_bytes(made(name)))
            _apart(lambda name=name: _measure(name, file))


if __name__ == "__main__":
    main(sys.argv[1:] or [*WORKBOOKS, *YAML, *SHOWN])
