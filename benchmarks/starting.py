"""How long a single command takes from a cold start, on a warm disk."""

from __future__ import annotations

import pickle
import shutil
import sys
import tempfile
from pathlib import Path

from clock import best, command, run
from naive import plain
from projects import AS_OF, NUMBER, ROOT
from table import Row, times

from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.kinds import kinds

TINY = {"rounds": 1}
_LETTER = ["build", "payment_request", "--period", "2", "--anyway", "--no-pages"]


def rows(rounds: int = 10) -> list[Row]:
    """Measure the start of Python, --help, plan, one letter, and docxtpl rendering that letter."""
    bare = best([sys.executable, "-c", "pass"], rounds)
    help_ = best(command("--help"), rounds) - bare
    plan = best(command("plan", "--as-of", AS_OF.isoformat()), rounds) - bare
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        letter = [*_LETTER, "--as-of", AS_OF.isoformat()]
        project = Path(folder) / "data"
        shutil.copytree(ROOT / "data", project)
        arguments = command("--data", str(project), "--out", str(out), *letter)
        run(arguments)
        whole = min(_anew(arguments, out) for _ in range(rounds))
        contexts = Path(folder) / "contexts"
        contexts.write_bytes(pickle.dumps(letter_context(Folders(project, out))))
        template = str(ROOT / "templates" / "payment_request.docx")
        script = str(ROOT / "benchmarks" / "naive.py")
        rendered = best([sys.executable, script, template, str(contexts), folder], rounds)
    return [
        Row("--help", "python -c pass", "+40 ms", f"+{1000 * help_:.0f} ms"),
        Row("plan of the sample", "python -c pass", "+350 ms", f"+{1000 * plan:.0f} ms"),
        Row(
            "one payment letter: read, check, make, prove, record",
            "a script in which docxtpl renders it",
            "at most x2.0 its time",
            f"{times(whole / rendered)} its time",
            f"{1000 * whole:.0f} ms against {1000 * rendered:.0f} ms",
        ),
    ]


def _anew(arguments: list[str], out: Path) -> float:
    shutil.rmtree(out)
    return run(arguments)


def letter_context(folders: Folders) -> list[tuple[str, object]]:
    """Return what the second payment letter says, as a script would have it."""
    (examined,) = examine(folders, NUMBER)
    book, kind = examined.book, kinds()["payment_request"]
    if book is None:
        raise RuntimeError("the sample cannot be read")
    planned = next(one for one in kind.plan(book, AS_OF) if one.part == "2")
    return [("letter", plain(kind.compose(book, planned, AS_OF)))]
