"""Whether a document costs the same however many are made with it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from clock import command, run
from projects import AS_OF, project
from table import Row, times

TINY = {"sizes": (1, 2, 4)}
_KIND = "confidentiality_agreement"


def rows(sizes: tuple[int, int, int] = (1, 1_000, 10_000)) -> list[Row]:
    """Compare what each document costs in a short run and in a long one, in one process.

    How long a disk takes to make a file depends on what else is on it, so it is left out.
    """
    one, few, many = sizes
    with tempfile.TemporaryDirectory() as folder:
        turns = [(one, 3), (few, 3), (many, 1)]
        seconds = [min(_seconds(Path(folder), size) for _ in range(turn)) for size, turn in turns]
    short = (seconds[1] - seconds[0]) / (few - one)
    long = (seconds[2] - seconds[1]) / (many - few)
    if short <= 0:
        return []  # the system does not tell what its processes took
    return [
        Row(
            f"cost of an agreement among {many:,}",
            f"among {few:,}",
            "the same",
            times(long / short),
            f"{1000 * long:.2f} ms and {1000 * short:.2f} ms of one processor, without the disk; "
            f"the first takes {1000 * seconds[0]:.0f} ms",
        )
    ]


def _seconds(folder: Path, people: int) -> float:
    """Return the processor's time for so many agreements, in a folder of their own."""
    own = Path(tempfile.mkdtemp(dir=folder))
    project(own / "data", people)
    arguments = ["--data", str(own / "data"), "--out", str(own / "out"), "build", _KIND]
    before = os.times().children_user
    run(command(*arguments, "--no-pages", "--as-of", AS_OF.isoformat(), "--jobs", "1"))
    return os.times().children_user - before
