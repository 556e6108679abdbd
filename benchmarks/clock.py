"""How long a command takes, and how much memory it uses, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]


def command(*arguments: str) -> list[str]:
    """Return how the toolkit is started."""
    return [sys.executable, "-P", "-m", "deliverables", *arguments]


def run(arguments: Sequence[str]) -> float:
    """Return the seconds that a command takes; it may end with any code of the toolkit's own."""
    start = perf_counter()
    done = subprocess.run(  # noqa: S603  # our own commands
        arguments, env=environment(), cwd=ROOT, capture_output=True, check=False
    )
    seconds = perf_counter() - start
    if b"Traceback" in done.stderr:
        raise RuntimeError(done.stderr.decode("utf-8", "replace"))
    return seconds


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds by the clock, of processor, and how it ended."""

    seconds: float
    processor: float
    note: str


def cost(arguments: Sequence[str], folder: Path) -> Cost:
    """Return what a command costs that keeps in a folder what it compiled and read."""
    start = perf_counter()
    process = subprocess.Popen(  # noqa: S603  # our own commands
        arguments, env={**environment(), "DELIVERABLES_CACHE": str(folder)}, cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
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
    return Cost(perf_counter() - start, used, f"{note}, ended with {process.returncode}")


def processor(arguments: Sequence[str]) -> float:
    """Return the seconds of processor that a command takes, those of its own processes too.

    They hold on a machine that others use at the same time.
    """
    before = os.times()
    run(arguments)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def best(arguments: Sequence[str], rounds: int) -> float:
    """Return the least seconds of several rounds, after one that warms the disk."""
    run(arguments)
    return min(run(arguments) for _ in range(rounds))


@cache
def environment() -> dict[str, str]:
    """Return variables under which Python keeps its compiled modules, as on any user's machine."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    if variables.pop("PYTHONDONTWRITEBYTECODE", None):
        kept = Path(tempfile.gettempdir()) / "deliverables-bytecode"
        variables["PYTHONPYCACHEPREFIX"] = str(kept)
    return variables
