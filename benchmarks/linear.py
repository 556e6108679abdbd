"""Whether a document costs the same however many are made with it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from clock import command, run
from projects import AS_OF, project
from table import Row, times

TINY = {"sizes": (1, 2, 4)}


def rows(sizes: tuple[int, int, int] = (1, 500, 5_000)) -> list[Row]:
    """Compare what each document costs in a short run and in a long one, in one process."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = [_seconds(Path(folder) / str(size), size) for size in sizes]
    one, few, many = sizes
    short = (seconds[1] - seconds[0]) / (few - one)
    long = (seconds[2] - seconds[1]) / (many - few)
    return [
        Row(
            f"cost of an agreement among {many:,}",
            f"among {few:,}",
            "the same",
            times(long / short),
            f"{1000 * long:.2f} ms and {1000 * short:.2f} ms, in one process; "
            f"the first takes {1000 * seconds[0]:.0f} ms",
        )
    ]


def _seconds(folder: Path, people: int) -> float:
    data, out = folder / "data", folder / "out"
    project(data, people)
    arguments = ["--data", str(data), "--out", str(out), "build", "confidentiality_agreement"]
    return run(command(*arguments, "--no-pages", "--as-of", AS_OF.isoformat(), "--jobs", "1"))
