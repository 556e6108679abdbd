"""Measures everything: python run.py bench [NAME]… The last results are kept beside this file.

Ratios are taken in one run on one machine, so they may be compared; seconds may not.
"""

# ruff: noqa: T201
from __future__ import annotations

import importlib
import json
import os
import platform
import subprocess
import sys
from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path
from shutil import which

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from table import Row, as_row, markdown  # noqa: E402

RESULTS = HERE / "results.md"
PEERS = {
    "docxtpl": "docxtpl",
    "openpyxl": "openpyxl",
    "python-docx": "python-docx",
    "docx-mailmerge": "docx-mailmerge2",
}
PROGRAMS = ("soffice", "node", "pandoc")


def benchmarks() -> list[str]:
    """Return the modules here that measure something."""
    return sorted(
        path.stem
        for path in HERE.glob("*.py")
        if "def rows(" in path.read_text("utf-8") and not path.stem.startswith("__")
    )


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all; keep the results of a run of all."""
    if names[:1] == ["--rows"]:
        found = importlib.import_module(names[1]).rows()
        print(json.dumps([astuple(as_row(row)) for row in found]))
        return 0
    unknown = sorted(set(names) - set(benchmarks()))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(benchmarks())}")
        return 2
    rows: list[Row] = []
    for name in names or benchmarks():
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows += measured(name)
    report = f"{markdown(rows)}\n\n{surroundings()}\n"
    print(report)
    if not names:
        RESULTS.write_text(f"# Last results\n\n{report}", "utf-8")
    return 0


def measured(name: str) -> list[Row]:
    """Run a benchmark in a process of its own, which may do with itself what it likes."""
    command = [sys.executable, "-P", str(HERE), "--rows", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603  # our own
    if done.returncode:
        return [Row(name, "", "", "not measured", f"it ended with code {done.returncode}")]
    return [Row(*row) for row in json.loads(done.stdout.splitlines()[-1])]


def surroundings() -> str:
    """Return what was measured on, and which peers were found there."""
    peers = [f"{name} {found}" for name, package in PEERS.items() if (found := _version(package))]
    programs = [name for name in PROGRAMS if which(name)]
    return (
        f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores. "
        f"Peers found: {', '.join(peers)}. Programs found: {', '.join(programs) or 'none'}."
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
