"""Whether a document costs the same however many are made with it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from clock import command, processor
from projects import AS_OF, project
from table import Row, cost_of_each

TINY = {"sizes": (1, 2, 4), "rounds": 1}
_KIND = "confidentiality_agreement"


def rows(sizes: tuple[int, int, int] = (1, 1_000, 10_000), rounds: int = 3) -> list[Row]:
    """Compare what each document costs in a short run and in a long one, in one process.

    How long a disk takes to make a file depends on what else is on it, so it is left out.
    """
    one, few, many = sizes
    with tempfile.TemporaryDirectory() as folder:
        none = [_seconds(Path(folder), one) for _ in range(rounds)]
        short = min(_seconds(Path(folder), few) for _ in range(rounds))
        long = _seconds(Path(folder), many)
    ratio, note = cost_of_each(none, (few - one, short), (many - one, long), (1000, "ms"))
    return [
        Row(
            f"cost of an agreement among {many:,}",
            f"among {few:,}",
            "the same",
            ratio,
            f"{note} of one processor, without the disk; the first takes {1000 * min(none):.0f} ms",
        )
    ]


def _seconds(folder: Path, people: int) -> float:
    """Return the processor's time for so many agreements, in a folder of their own."""
    own = Path(tempfile.mkdtemp(dir=folder))
    project(own / "data", people)
    arguments = ["--data", str(own / "data"), "--out", str(own / "out"), "build", _KIND]
    words = (*arguments, "--no-pages", "--as-of", AS_OF.isoformat(), "--jobs", "1")
    return processor(command(*words))
