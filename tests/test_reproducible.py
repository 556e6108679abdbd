"""The same inputs give the same bytes: on any machine, in any folder, in any order of work."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from finals import LETTER, all_quarters, drafted, project
from places import ROOT

pytestmark = pytest.mark.processes

AS_OF = "2027-05-24"
SHANGHAI = {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"}
LOS_ANGELES = {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "2"}

WORKBOOKS = """
import sys
from pathlib import Path
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.xlsx.forms import write_workbook
for kind in (Operations, Roster, Ledger):
    write_workbook(Path(sys.argv[1], kind.__name__ + ".xlsx"), kind)
"""


FINANCE = f"""
import sys
from deliverables.cli import main
for words in (["pack", "1", "--no-pdf"], ["ledger", "--xlsx"]):
    main([*sys.argv[1:], *words, "--as-of", "{AS_OF}"], standalone_mode=False)
"""


def run(words: list[str], machine: dict[str, str], folder: Path, soffice: str = "") -> None:
    """Run Python as that machine would, in a folder of its own."""
    surroundings = os.environ | {"PYTHONPATH": str(ROOT), "DELIVERABLES_SOFFICE": soffice} | machine
    subprocess.run([sys.executable, *words], cwd=folder, env=surroundings, check=True,
                   capture_output=True)  # fmt: skip


def build(folder: Path, machine: dict[str, str], soffice: str, *orders: list[str]) -> None:
    """Make the project of a year in the folder and build it, one command an order."""
    folder.mkdir(parents=True)
    all_quarters(project(folder))
    for order in orders:
        command = ["-m", "deliverables", "build", "--anyway", "--pdf", "--as-of", AS_OF, *order]
        run(command, machine, folder, soffice)


def digests(folder: Path, *suffixes: str) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.suffix in suffixes
    }


@pytest.mark.whole_sample
def test_documents_and_pdfs_are_the_same_bytes_elsewhere(
    tmp_path: Path, with_libreoffice: str
) -> None:
    here, there = tmp_path / "here", tmp_path / "另一台 机器" / "深一层"
    build(here, SHANGHAI, with_libreoffice, ["--due"])
    build(
        there,
        LOS_ANGELES,
        with_libreoffice,
        ["annual_summary"],
        ["--due"],
    )
    made = digests(here / "out", ".docx", ".pdf")
    assert {Path(name).suffix for name in made} == {".docx", ".pdf"}
    assert {Path(name).parts[1] for name in made} >= {"Q1", "Q4", "annual", "payments", "staff"}
    assert digests(there / "out", ".docx", ".pdf") == made


def test_workbooks_are_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    folders = [tmp_path / "here", tmp_path / "另一台 机器"]
    for folder, machine in zip(folders, (SHANGHAI, LOS_ANGELES), strict=True):
        folder.mkdir()
        run(["-c", WORKBOOKS, "."], machine, folder)
    here, there = (digests(folder, ".xlsx") for folder in folders)
    assert len(here) == 3
    assert here == there


def test_workbooks_of_the_finance_desk_are_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    """The second machine is told its folders by their full paths, the first finds them."""
    here, there = tmp_path / "here", tmp_path / "另一台 机器" / "深一层"
    places = ["--data", str(there / "data"), "--out", str(there / "out")]
    for folder, machine, told in ((here, SHANGHAI, []), (there, LOS_ANGELES, places)):
        folder.mkdir(parents=True)
        project(folder)
        run(["-c", FINANCE, *told], machine, folder)
    made = digests(here / "out", ".xlsx", ".txt")
    assert sorted(Path(name).suffix for name in made) == [".txt", ".xlsx", ".xlsx"]
    assert digests(there / "out", ".xlsx", ".txt") == made


def test_another_day_gives_other_bytes_or_the_comparison_could_not_fail(tmp_path: Path) -> None:
    folders = project(tmp_path)
    made = []
    for day in (date(2027, 5, 24), date(2027, 5, 25)):
        drafted(folders, LETTER, day)
        made.append(digests(folders.out, ".docx"))
    assert made[0] != made[1]
