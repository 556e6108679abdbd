"""Whether the memory of a long run grows with the documents it has made."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from clock import environment
from projects import AS_OF, ROOT, project
from table import Row

TINY = {"people": 8, "early": 2}
_PROGRAM = """
import sys
from datetime import date, datetime, timezone
from pathlib import Path
import deliverables.cli  # sets how often rubbish is looked for, as for any user
from deliverables.orders import Request
from deliverables.build import build
from deliverables.examination import examine
from deliverables.folders import Folders

data, out, day, early = sys.argv[1:]
folders = Folders(Path(data), Path(out))
request = Request(as_of=date.fromisoformat(day), moment=datetime.now(timezone.utc), command="bench",
                  kinds=frozenset({"confidentiality_agreement"}))
(examined,) = examine(folders)
made = 0

def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096

def report(outcome):
    global made
    made += 1
    if made == int(early):
        print(resident())

build(examined, folders, request, report)
print(resident())
"""


def rows(people: int = 10_000, early: int = 500) -> list[Row]:
    """Compare the memory after `early` documents with that after all."""
    if not Path("/proc/self/statm").exists():
        return []
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data", Path(folder) / "out"
        project(data, people)
        arguments = [str(data), str(out), AS_OF.isoformat(), str(early)]
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-c", _PROGRAM, *arguments],
            env=environment(), cwd=ROOT, capture_output=True, check=True, text=True,
        )  # fmt: skip
        first, last = (int(line) for line in done.stdout.split())
    return [
        Row(
            f"memory after {people:,} agreements",
            f"after {early}",
            "within 10 %",
            f"{100 * (last - first) / first:+.1f} %",
            f"{first / 2**20:.0f} MiB and {last / 2**20:.0f} MiB, in one process",
        )
    ]
