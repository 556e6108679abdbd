"""The same inputs give the same bytes: on any machine, in any folder, in any order of work."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import office
import pytest
from finals import LETTER, all_quarters, drafted, project
from places import ROOT

AS_OF = "2027-05-24"
SHANGHAI = {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"}
LOS_ANGELES = {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "2", "CORES": "1"}

PROGRAM = """
import json, os, sys
os.cpu_count = lambda: int(os.environ.get("CORES", 2))
from pathlib import Path
from deliverables.cli import main
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.xlsx.forms import write_workbook
for words in json.loads(sys.argv[1]):
    main(words, standalone_mode=False)
for kind in (Operations, Roster, Ledger):
    write_workbook(Path(kind.__name__ + ".xlsx"), kind)
"""
PARTS = ("Q1", "annual", "1", "S001", "coverage", "statement")
"""One document of each kind: another quarter is made as the first is."""
LAST = "annual"


def build(*parts: str) -> list[str]:
    """Return the command that makes these documents and their PDFs."""
    periods = (word for part in parts for word in ("--period", part))
    return ["build", "--anyway", "--pdf", "--as-of", AS_OF, *periods]


PACK, ACCOUNT = ["pack", "1", "--no-pdf", "--as-of", AS_OF], ["ledger", "--xlsx", "--as-of", AS_OF]


def run(orders: list[list[str]], machine: dict[str, str], folder: Path, soffice: str) -> None:
    """Run commands as that machine would, in a process of their own."""
    surroundings = os.environ | {"PYTHONPATH": str(ROOT), "DELIVERABLES_SOFFICE": soffice} | machine
    subprocess.run([sys.executable, "-c", PROGRAM, json.dumps(orders)], cwd=folder,
                   env=surroundings, check=True, capture_output=True)  # fmt: skip


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of a year on one machine and on another, each with all that can be made of it.

    The first finds its folders and makes everything in one go. The second has one core, is told
    its folders by their full paths, and makes the last document first.
    """
    soffice = office.program("soffice", "apt install libreoffice-writer-nogui")
    folder = tmp_path_factory.mktemp("machines")
    here, there = folder / "here", folder / "另一台 机器" / "深一层"
    for place in (here, there):
        place.mkdir(parents=True)
        all_quarters(project(place))
    told = ["--data", str(there / "data"), "--out", str(there / "out")]
    run([build(*PARTS), PACK, ACCOUNT], SHANGHAI, here, soffice)
    others = [part for part in PARTS if part != LAST]
    orders = (build(LAST), ACCOUNT, build(*others), PACK)
    run([[*told, *order] for order in orders], LOS_ANGELES, there, soffice)
    return here, there


def digests(folder: Path, *suffixes: str) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.suffix in suffixes
    }


@pytest.mark.office
def test_documents_and_pdfs_are_the_same_bytes_elsewhere(machines: tuple[Path, Path]) -> None:
    made, elsewhere = (digests(folder / "out", ".docx", ".pdf") for folder in machines)
    assert {Path(name).suffix for name in made} == {".docx", ".pdf"}
    assert {Path(name).parts[1] for name in made} >= {"Q1", "annual", "payments", "staff"}
    assert elsewhere == made


@pytest.mark.office
def test_workbooks_are_the_same_bytes_elsewhere(machines: tuple[Path, Path]) -> None:
    here, there = machines
    blank = {file.name for file in here.glob("*.xlsx")}
    assert len(blank) == 3
    assert {(here / name).read_bytes() == (there / name).read_bytes() for name in blank} == {True}


@pytest.mark.office
def test_workbooks_of_the_finance_desk_are_the_same_bytes_elsewhere(
    machines: tuple[Path, Path],
) -> None:
    made, elsewhere = (digests(folder / "out", ".xlsx", ".txt") for folder in machines)
    assert sorted(Path(name).suffix for name in made) == [".txt", ".xlsx", ".xlsx"]
    assert elsewhere == made


def test_another_day_gives_other_bytes_or_the_comparison_could_not_fail(tmp_path: Path) -> None:
    folders = project(tmp_path)
    made = []
    for day in (date(2027, 5, 24), date(2027, 5, 25)):
        drafted(folders, LETTER, day)
        made.append(digests(folders.out, ".docx"))
    assert made[0] != made[1]
