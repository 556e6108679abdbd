"""Confidentiality agreements for everyone on a long roster, the whole command, two processes."""

from __future__ import annotations

import pickle
import sys
import tempfile
from pathlib import Path

from clock import command, processor
from naive import plain
from projects import AS_OF, ROOT, project
from table import Row, times

from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.kinds import kinds

TINY = {"people": 4, "naive": 2}
_KIND = "confidentiality_agreement"


def rows(people: int = 10_000, naive: int = 400) -> list[Row]:
    """Measure `people` agreements, and `naive` of them as docxtpl makes them, by processor time.

    By the clock both take half of it, on two cores that nobody else uses and a disk that keeps up.
    """
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data", Path(folder) / "out"
        project(data, people)
        contexts = Path(folder) / "contexts"
        contexts.write_bytes(pickle.dumps(first_contexts(Folders(data, out), naive)))
        template = str(ROOT / "templates" / f"{_KIND}.docx")
        script = [sys.executable, str(ROOT / "benchmarks" / "naive.py"), template, str(contexts)]
        start = processor([*script[:2], template, *_none(folder), folder, "2"])
        rendered = (processor([*script, folder, "2"]) - start) / naive
        arguments = ["--data", str(data), "--out", str(out), "build", _KIND, "--no-pages"]
        words = command(*arguments, "--as-of", AS_OF.isoformat(), "--jobs", "2")
        whole, again = processor(words), processor(words)
        count = len(list(out.rglob("*.docx")))
    if count != people:
        raise RuntimeError(f"{count} of {people} agreements were made")
    return [
        Row(
            f"{people:,} agreements, read, checked, made, proved and recorded",
            "docxtpl in two processes, rendering alone",
            "x8",
            times(rendered * people / whole),
            f"{1000 * whole / people:.2f} ms each, of processor; docxtpl {1000 * rendered:.1f} ms",
        ),
        Row(
            "the same once more, when nothing has changed",
            "the first time",
            "x3",
            times(whole / again),
            f"{1000 * again / people:.2f} ms each",
        ),
    ]


def first_contexts(folders: Folders, count: int) -> list[tuple[str, object]]:
    """Return what the first agreements say, as a script would have it."""
    (examined,) = examine(folders)
    book, kind = examined.book, kinds()[_KIND]
    if book is None:
        raise RuntimeError("the project cannot be read")
    planned = kind.plan(book, AS_OF)[:count]
    return [(one.part, plain(kind.compose(book, one, AS_OF))) for one in planned]


def _none(folder: str) -> list[str]:
    empty = Path(folder) / "none"
    empty.write_bytes(pickle.dumps([]))
    return [str(empty)]
