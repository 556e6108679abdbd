"""Runs at the same time, and runs that are ended from outside, in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import builders
import pytest

from deliverables.model.roster_sheets import Roster
from deliverables.register import read_register

OUT = Path("out") / builders.NUMBER
Begin = Callable[..., "subprocess.Popen[str]"]
SECONDS = 120
pytestmark = pytest.mark.processes
BESIDE = "fleet.Fleet.__init__.__defaults__ = (1, None, 0)\nfleet._CHUNK = 1"
"""Even few documents are made by processes beside the one that asks."""


@pytest.fixture
def begin(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Begin a command in a project with twelve people, in a process of its own."""
    monkeypatch.chdir(tmp_path)
    folder = builders.project(Path("data"))
    people = [{**builders.FIRST_PERSON, "编号": f"S{n:03}", "姓名": f"示例{n}",
               "证件号码": builders.FIRST_PERSON["证件号码"] if n == 1 else None}
              for n in range(1, 13)]  # fmt: skip
    roster = builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": people})
    roster.save(folder / "staff.xlsx")
    Path("temporary").mkdir()
    temporary = str(tmp_path / "temporary")
    environment = {**os.environ, "PYTHONPATH": str(root), "TMPDIR": temporary}

    def start(*words: str, before: str = "") -> subprocess.Popen[str]:
        program = (
            "import os, sys, time\nfrom deliverables import cli, fleet, recorder\n"
            f"recorder._TOGETHER = 4\n{before}\nif __name__ == '__main__':\n"
            "    cli.main(sys.argv[1:])\n"
        )
        Path("program.py").write_text(program)
        command = [sys.executable, "program.py", "--lang", "en", *words]
        return subprocess.Popen(
            command, env=environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    return start


def asides() -> list[str]:
    return [path.name for path in OUT.rglob("*_旧*")]


def strays() -> list[str]:
    names = [path.name for path in OUT.rglob("*") if path.name.startswith(".")]
    return sorted(set(names) - {".lock"}) + [path.name for path in Path("temporary").iterdir()]


def test_three_runs_with_different_days_set_nothing_aside_and_record_in_turn(begin: Begin) -> None:
    days = ("2026-08-03", "2026-08-04", "2026-08-05")
    runs = [begin("build", "--due", "--as-of", day, "--no-pages", "--jobs", "1") for day in days]
    ended = [(*run.communicate(timeout=SECONDS), run.returncode) for run in runs]
    assert [code for *_, code in ended] == [0, 0, 0], ended
    assert asides() == []
    assert strays() == []
    entries, problems = read_register(OUT / "register.jsonl")
    assert problems == ()
    assert [one.sequence for one in entries] == list(range(1, len(entries) + 1))
    assert sum("waiting: deliverables build (process" in told for _, told, _ in ended) >= 1


def test_two_equal_runs_record_every_document_once(begin: Begin) -> None:
    runs = [
        begin("build", "--due", "--as-of", "2026-08-03", "--no-pages", "--jobs", "1")
        for _ in range(2)
    ]
    assert [run.communicate(timeout=SECONDS) and run.returncode for run in runs] == [0, 0]
    entries, problems = read_register(OUT / "register.jsonl")
    assert problems == ()
    keys = [entry.deliverable for entry in entries]
    assert len(keys) == len(set(keys)) > 12
    assert asides() == []


@pytest.mark.skipif(os.name != "posix", reason="Windows ends a process without a signal")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_children_sweeps_and_says_so(
    begin: Begin, number: signal.Signals, code: int
) -> None:
    held = begin("build", "--due", "--as-of", "2026-08-03", "--no-pages", "--jobs", "2",
                 before=BESIDE)  # fmt: skip
    children = wait_for(lambda: len(found := children_of(held.pid)) > 1 and found)
    held.send_signal(number)
    _, told = held.communicate(timeout=SECONDS)
    if held.returncode == 0:
        pytest.skip("it was done sooner")
    assert held.returncode == code, told
    assert "broken off: nothing is half done" in told
    assert "Traceback" not in told
    wait_for(lambda: not any(map(is_alive, children)))
    assert strays() == []
    assert read_register(OUT / "register.jsonl")[1] == ()


@pytest.mark.skipif(os.name != "posix", reason="Windows ends a process without a signal")
def test_the_processes_of_a_killed_run_end_with_it(begin: Begin) -> None:
    held = begin("build", "--due", "--as-of", "2026-08-03", "--no-pages", "--jobs", "2",
                 before=BESIDE)  # fmt: skip
    children = wait_for(lambda: len(found := children_of(held.pid)) > 1 and found)
    held.kill()
    held.communicate(timeout=SECONDS)
    wait_for(lambda: not any(map(is_alive, children)))


def wait_for(what: Callable[[], object], seconds: float = 60) -> list[int]:
    """Return what comes true in time."""
    until = monotonic() + seconds
    while not (found := what()):
        assert monotonic() < until, "it did not come true in time"
        sleep(0.02)
    return found if isinstance(found, list) else []


def children_of(parent: int) -> list[int]:
    """Return the processes that work for another."""
    try:
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        pytest.skip("the system does not tell whose child a process is")
    return [int(one) for one in listed]


def is_alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_folders_for_a_while_are_removed_once_their_run_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deliverables.files.scratch import Scratch

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    program = (
        "import os, sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from deliverables.files.scratch import Scratch\n"
        "held = Scratch(); held.write(held.folder / 'a.docx', b'identity number')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    (left,) = tmp_path.iterdir()
    assert (left / "a.docx").stat().st_mode & 0o077 == 0
    os.utime(left, (1, 1))
    kept = tmp_path / "deliverables-backup"  # as a person may call a folder
    kept.mkdir()
    (kept / "mine.txt").write_text("mine", "utf-8")
    os.utime(kept, (1, 1))
    with Scratch() as used:
        os.utime(used.folder, (2, 2))  # old, but locked
        with Scratch():
            assert used.folder.exists()
    assert list(tmp_path.iterdir()) == [kept]
    assert (kept / "mine.txt").exists()
