"""A project of any size: a roster of made-up people, a quarter's workbook of many rows.

Identity numbers are of area 999999, which does not exist.
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from deliverables.model.roster_sheets import Roster, RosterCover, StaffMember  # noqa: E402
from deliverables.xlsx.forms import write_workbook  # noqa: E402
from scripts.sample.people import identity_number, members  # noqa: E402

NUMBER = "SXYSR202604152"
AS_OF = date(2026, 11, 2)
_BIRTHDAYS = 9_000
_FIRST_BIRTHDAY = date(1970, 1, 1)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = "安邦承德恩凡高和嘉凯乐明宁平青然善泰文兴远志"


def project(data: Path, people: int) -> Path:
    """Make a project below `data` with the sample contract and `people` on its roster."""
    folder = data / NUMBER
    folder.mkdir(parents=True)
    for name in ("contract.yaml", "ledger.xlsx"):
        shutil.copyfile(ROOT / "data" / NUMBER / name, folder / name)
    rows = {"members": tuple(person(number) for number in range(1, people + 1))}
    write_workbook(folder / "staff.xlsx", Roster, RosterCover(sample=True), (), rows)
    return folder


def person(number: int) -> StaffMember:
    """Return the made-up person of a number, whose identity number nobody else has."""
    sequence, days = divmod(number, _BIRTHDAYS)
    birthday = _FIRST_BIRTHDAY + timedelta(days=days)
    rest, first = divmod(number, len(_SURNAMES))
    second, third = divmod(rest, len(_GIVEN))
    return replace(
        members()[0],
        number=f"S{number:05}",
        name=_SURNAMES[first] + _GIVEN[second % len(_GIVEN)] + _GIVEN[third],
        identity_number=identity_number(f"{birthday:%Y%m%d}", 10 + sequence),
        trainer="苏婉清",
    )


def quarter(rows: int) -> bytes:
    """Return the sample workbook of the first quarter with so many alarms, each with its number."""
    source = ROOT / "data" / NUMBER / "operations" / "Q1.xlsx"
    made = BytesIO()
    with ZipFile(source) as sample, ZipFile(made, "w", ZIP_DEFLATED) as longer:
        for name in sample.namelist():
            content = sample.read(name)
            longer.writestr(name, _lengthened(content, rows) if name == _ALARMS else content)
    return made.getvalue()


def _lengthened(sheet: bytes, rows: int) -> bytes:
    """Return the sheet with its rows repeated, each under a number of its own."""
    start, end = sheet.index(b'<row r="3"'), sheet.index(b"</sheetData>")
    given = _ROW.findall(sheet[start:end])
    made = []
    for number in range(3, rows + 3):
        row = re.sub(rb'(?<= r=")([A-Z]*)\d+', rb"\g<1>%d" % number, given[number % len(given)])
        made.append(re.sub(rb"(?<=<t>)[^<]*", b"GJ%07d" % number, row, count=1))
    head = re.sub(
        rb'(?<=<dimension ref=")A1:([A-Z]+)\d+', rb"A1:\g<1>%d" % (rows + 2), sheet[:start]
    )
    return head + b"".join(made) + sheet[end:]


_ALARMS = "xl/worksheets/sheet6.xml"
_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)
