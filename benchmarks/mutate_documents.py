"""How many slips in finished documents are found, and how often a harmless edit is called one.

    python benchmarks/mutate_documents.py [COUNT] [--kind NAME] [--only WORD] [--seed NUMBER]
                                          [--missed] [--libreoffice]

Every class of tests/slips is tried COUNT (3) times in every kind of document. The table has a line
for each class and a column for each kind: errors found of slips made. For harmless edits below it:
false alarms of edits made. With --libreoffice each edited file is first saved by it.
"""

# ruff: noqa: T201, S603  # it prints a table, and starts LibreOffice
from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "verify")]

from slips import EDITS, SLIPS, Change, Mutant, mutants  # noqa: E402
from test_verify_slips import UNDONE_BY_LIBREOFFICE, errors, finished  # noqa: E402

from deliverables.kinds import Kind, kinds  # noqa: E402
from deliverables.pdf.office import soffice  # noqa: E402

_AT_ONCE = 40


def main() -> None:
    """Print both tables and their totals."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=3)
    parser.add_argument("--kind", choices=list(kinds()))
    parser.add_argument("--only", default="", help="classes whose name holds this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="list what was missed or alarmed")
    parser.add_argument("--libreoffice", action="store_true")
    asked = parser.parse_args()
    chosen = [kinds()[asked.kind]] if asked.kind else list(kinds().values())
    for title, changes, wanted in (("slips", SLIPS, True), ("edits", EDITS, False)):
        left_out = UNDONE_BY_LIBREOFFICE if asked.libreoffice else frozenset()
        names = {
            name: change
            for name, change in changes.items()
            if asked.only in name and name not in left_out
        }
        judge(title, names, chosen, asked, wanted=wanted)


def judge(
    title: str,
    changes: Mapping[str, Change],
    chosen: list[Kind],
    asked: argparse.Namespace,
    *,
    wanted: bool,
) -> None:
    """Print how many of the changes of each class are called errors, kind by kind."""
    print(title, *(kind.name for kind in chosen), "s each", sep=" | ")
    hits, made = Counter[str](), Counter[str]()
    start = time.perf_counter()
    for name, change in changes.items():
        cells: list[str] = []
        seconds, tried = 0.0, 0
        for kind in chosen:
            of_kind = mutants(finished(kind)[0], change, asked.count, asked.seed)
            found, number = 0, 0
            for mutant in saved_anew(of_kind) if asked.libreoffice else of_kind:
                began = time.perf_counter()
                said = errors(kind, mutant.document)
                seconds += time.perf_counter() - began
                number += 1
                found += bool(said)
                if asked.missed and bool(said) is not wanted:
                    print("   ", kind.name, mutant.said, *said[:3], sep=" | ")
            hits[kind.name] += found
            made[kind.name] += number
            tried += number
            cells.append(f"{found}/{number}" if number else "–")
        print(name, *cells, f"{seconds / max(tried, 1):.2f}", sep=" | ", flush=True)
    totals = [f"{hits[kind.name]}/{made[kind.name]}" for kind in chosen]
    print("all", *totals, f"{time.perf_counter() - start:.0f} s in all", sep=" | ")
    verb = "found" if wanted else "false alarms"
    print(f"{title}: {len(changes)} classes, {hits.total()} {verb} of {made.total()}\n")


def saved_anew(edited: Iterable[Mutant]) -> Iterator[Mutant]:
    """Yield the documents as LibreOffice saves them, many at a time."""
    remaining = iter(edited)
    while batch := tuple(islice(remaining, _AT_ONCE)):
        yield from _saved(batch)


def _saved(batch: tuple[Mutant, ...]) -> Iterator[Mutant]:
    program = soffice()
    if program is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        work, target = Path(folder), Path(folder) / "saved"
        files = [work / f"{number:03}.docx" for number in range(len(batch))]
        for file, mutant in zip(files, batch, strict=True):
            file.write_bytes(mutant.document)
        profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        command = [program, "--headless", "--norestore", profile, "--convert-to", "docx"]
        subprocess.run([*command, "--outdir", str(target), *map(str, files)],
                       check=True, capture_output=True)  # fmt: skip
        for file, mutant in zip(files, batch, strict=True):
            saved = (target / file.name).read_bytes()
            yield Mutant(mutant.change, mutant.before, mutant.after, saved)


if __name__ == "__main__":
    main()
