"""A bureau's quarter: many contracts, their staff and their rows, checked and built in one run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from clock import command, environment
from projects import AS_OF, NUMBER, ROOT, person, project, quarter
from table import Row

from deliverables.model.roster_sheets import Roster, RosterCover
from deliverables.xlsx.forms import write_workbook
from scripts.sample.people import members

TINY = {"contracts": 2, "people": 12, "rows_each": 10}


def rows(contracts: int = 60, people: int = 50, rows_each: int = 5_000) -> list[Row]:
    """Measure the seconds and the memory of `check`, `build --due` and `build --due` once more."""
    if sys.platform == "win32":
        return []
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data", Path(folder) / "out"
        _fleet(data, contracts, people, rows_each)
        work = (
            ("check", ("check", "--as-of", AS_OF.isoformat())),
            ("build --due", ("build", "--due", "--no-pages", "--as-of", AS_OF.isoformat())),
            ("build --due again", ("build", "--due", "--no-pages", "--as-of", AS_OF.isoformat())),
        )
        what = (
            f"{contracts} contracts, {contracts * people:,} staff, {contracts * rows_each:,} rows"
        )
        return [
            Row(f"{name} of {what}", "", "—", *_measured(data, out, arguments))
            for name, arguments in work
        ]


def _fleet(data: Path, contracts: int, people: int, rows_each: int) -> None:
    sample, longer = ROOT / "data" / NUMBER, quarter(rows_each)
    first = project(data, people)
    staff = (*members(), *(person(number) for number in range(1, people - len(members()) + 1)))
    write_workbook(first / "staff.xlsx", Roster, RosterCover(sample=True), (), {"members": staff})
    (first / "operations").mkdir()
    (first / "operations" / "Q1.xlsx").write_bytes(longer)
    terms = (sample / "contract.yaml").read_text("utf-8")
    for number in range(1, contracts):
        another = f"{NUMBER[:-3]}{number:03}"
        shutil.copytree(first, data / another)
        own = terms.replace(NUMBER, another)
        (data / another / "contract.yaml").write_text(own, "utf-8")


def _measured(data: Path, out: Path, arguments: tuple[str, ...]) -> tuple[str, str]:
    """Return the seconds of a command, and the most memory that one of its processes has held."""
    start = perf_counter()
    process = subprocess.Popen(  # noqa: S603  # our own command
        command("--data", str(data), "--out", str(out), *arguments),
        env=environment(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    if process.stderr is None:
        raise RuntimeError("its errors are read")
    with process.stderr as told:
        said = told.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if b"fault of the program" in said or b"Traceback" in said:
        raise RuntimeError(said.decode("utf-8", "replace"))
    used = usage.ru_utime + usage.ru_stime
    note = f"{used:.0f} s of processor, at most {usage.ru_maxrss / 1024:.0f} MiB in one process"
    return f"{perf_counter() - start:.0f} s", f"{note}, ended with {process.returncode}"
