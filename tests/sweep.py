"""Ends a run, or fills its disk, at each step by which it changes what lies there; Unix only.

    python tests/sweep.py                  every command, every step
    python tests/sweep.py final full       the commands and faults whose names are given

After each fault the next command comes by and the same command runs once more. Told are the
points, and whatever was lost, left over, recorded wrongly or said untruly: nothing may be.
"""
# ruff: noqa: E402  # the folder of the package has to be on the path first
# ruff: noqa: T201

from __future__ import annotations

import errno
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from functools import cache
from io import FileIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import builders
import finals
from click.testing import CliRunner, Result
from openpyxl import Workbook

from deliverables import recorder
from deliverables.cache import VARIABLE
from deliverables.cli import main as deliverables
from deliverables.files.digest import sha256_of
from deliverables.files.disk import Disk, instead
from deliverables.files.placement import HOLDER, LOCK, ROOM, is_in_the_making
from deliverables.register import lives, read_register

NUMBER = builders.NUMBER
OUT, DATA = Path("out") / NUMBER, Path("data") / NUMBER
LETTER = OUT / "payments" / f"{NUMBER}_付款申请函_第1期_草稿.docx"
FINAL = OUT / "payments" / "定稿" / f"{NUMBER}_付款申请函_第1期.docx"
MADE, LATER = "2026-08-03", "2026-08-05"
_KILLED = 9
_MOST_TOLD = 20
_APPENDED = {"register.jsonl", "bases.jsonl"}


class Counting(Disk):
    """Tells the steps, each by what is done, and does something at one of them."""

    def __init__(self, at: int = 0) -> None:
        self.at, self._next = at, itertools.count(1)  # several threads take steps
        self.steps: list[str] = []

    def step(self, what: str) -> bool:
        """Return whether this is the step."""
        self.steps.append(what)
        return next(self._next) == self.at

    def fault(self) -> None:
        """Do what is to happen at the step."""


def _stepping(name: str) -> Callable[..., object]:
    def stepped(self: Counting, *given: object) -> object:
        if self.step(name):
            self.fault()
        return getattr(Disk, name)(self, *given)

    return stepped


for _name in (
    "make_folder", "create", "extend", "write", "sync", "sync_folder", "rename", "set_mode", "cut",
    "remove", "remove_folder",
):  # fmt: skip
    setattr(Counting, _name, _stepping(_name))


class Ending(Counting):
    """Ends the process as kill -9 does; what is being written is written by half."""

    def fault(self) -> None:
        os._exit(_KILLED)

    def write(self, file: FileIO, data: bytes) -> None:
        if self.step("write"):
            Disk.write(self, file, data[: len(data) // 2])
            self.fault()
        Disk.write(self, file, data)


class Full(Disk):
    """A disk that is full from a step on that needs room."""

    def __init__(self, at: int = 0) -> None:
        self.at, self._next = at, itertools.count(1)
        self.steps: list[str] = []

    def room(self, path: object, what: str) -> None:
        """Raise that there is none."""
        self.steps.append(what)
        if 0 < self.at <= next(self._next):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def make_folder(self, folder: Path, mode: int = 0o777) -> None:
        if not folder.is_dir():
            self.room(folder, "make_folder")
        super().make_folder(folder, mode)

    def create(self, path: Path, mode: int) -> FileIO:
        self.room(path, "create")
        return super().create(path, mode)

    def extend(self, path: Path, mode: int) -> FileIO:
        self.room(path, "extend")
        return super().extend(path, mode)

    def write(self, file: FileIO, data: bytes) -> None:
        try:
            self.room(file.name, "write")
        except OSError:
            super().write(file, data[: len(data) // 2])
            raise
        super().write(file, data)

    def sync(self, file: FileIO) -> None:
        self.room(file.name, "sync")
        super().sync(file)


def run(*words: object) -> Result:
    """Run a command here; what it makes is put in place together, however slow the machine is.

    Each run takes the same steps: nothing is cached, and no scratch folder of another is removed.
    """
    recorder._PATIENCE_SECONDS = 60
    given = ["--lang", "en", "--wait", "0", *map(str, words)]
    place = Path.cwd().parent / "scratch"
    place.mkdir(exist_ok=True)
    tempfile.tempdir, usual = str(place), tempfile.tempdir
    try:
        return CliRunner(env={VARIABLE: "off"}).invoke(deliverables, given)
    finally:
        tempfile.tempdir = usual


# --- the commands, and what there is before them ------------------------------------------


def _begin() -> None:
    builders.project(Path("data"))


def _built() -> None:
    _begin()
    assert run("build", "--due", "--as-of", MADE, "--no-pages", "--jobs", "1").exit_code == 0


def _edited() -> None:
    _built()
    for draft in OUT.rglob("*_草稿.docx"):
        finals.rewrite(draft, lambda parts: parts.update({"customXml/note.xml": b"<by-hand/>"}))


def _final() -> None:
    _built()
    assert run(*FINALLY).exit_code == 0
    for name, pages in (("scan.pdf", 2), ("again.pdf", 3)):
        Path(name).write_bytes(finals.pdf(pages))


def _sealed() -> None:
    _final()
    assert run(*SEALED).exit_code == 0


def _export() -> None:
    _begin()
    head = "ID,Time,Until,Severity,Host\n"
    row = "A-1,2026-05-01 18:00:00,2026-05-01 18:30:15,High,node-1\n"
    Path("export.csv").write_text(head + row, "utf-8")
    Path("map.yaml").write_text(
        "columns:\n  编号: ID\n"
        '  告警时间: {from: Time, zone: UTC, format: "%Y-%m-%d %H:%M:%S"}\n'
        '  恢复时间: {from: Until, zone: UTC, format: "%Y-%m-%d %H:%M:%S"}\n'
        "  级别: {from: Severity, values: {High: 主要}}\n  类别: {constant: 计算}\n"
        "  告警对象: Host\n  数据来源: {constant: 监控系统}\n",
        "utf-8",
    )


def _older() -> None:
    _begin()
    book = Workbook()
    book.active.append(["项目", "金额"])
    book.active.append(["带宽", 1200.5])
    book.save("old.xlsx")


def _ledger_edited() -> None:
    _begin()
    assert run(*LEDGER).exit_code == 0
    (workbook,) = OUT.rglob("*.xlsx")
    finals.rewrite(workbook, lambda parts: parts.update({"customXml/note.xml": b"<by-hand/>"}))


FINALLY = ("final", LETTER, "--no-pdf", "--as-of", LATER)
SEALED = ("sealed", FINAL, "--scan", "scan.pdf", "--date", LATER, "--as-of", LATER)
LEDGER = ("ledger", "--xlsx", "--as-of", MADE)
BUILD = ("build", "--due", "--as-of", MADE, "--no-pages", "--jobs", "1")


@dataclass(frozen=True)
class Case:
    """A command, what there is before it, and what comes by after the fault."""

    prepare: Callable[[], None]
    words: Sequence[object]
    next: Sequence[object] = ("status",)


CASES: Mapping[str, Case] = {
    "build": Case(_begin, BUILD),
    "replace": Case(_edited, (*BUILD, "--replace")),
    "final": Case(_built, FINALLY),
    "final-replace": Case(_final, (*FINALLY, "--replace", "--number", "示范〔2026〕1号")),
    "sealed": Case(_final, SEALED),
    "sealed-again": Case(_sealed, (*SEALED[:3], "again.pdf", *SEALED[4:], "--again")),
    "delivered": Case(
        _sealed,
        ("delivered", FINAL, "--date", LATER, "--receipt", "again.pdf", "--as-of", LATER),
    ),
    "new": Case(_begin, ("new", "HT-2026-002"), ("plan", "--as-of", MADE)),
    "import": Case(
        _export,
        ("import", "告警", "export.csv", "--mapping", "map.yaml"),
        ("plan", "--as-of", MADE),
    ),
    "merge": Case(
        _older, ("workbook", "Q1", "--merge", "old.xlsx", "--replace"), ("plan", "--as-of", MADE)
    ),
    "ledger": Case(_ledger_edited, (*LEDGER, "--replace")),
    "pack": Case(_begin, ("pack", "1", "--as-of", MADE, "--no-pdf")),
}


@cache
def prepared(name: str) -> tuple[Path, Path, Mapping[str, Sequence[str]]]:
    """Return a folder before a command, one after it, and its steps at which a fault can happen."""
    case = CASES[name]
    place = Path(tempfile.mkdtemp(prefix="sweep-"))
    before, after = place / "before", place / "after"
    before.mkdir()
    with chdir(before):
        case.prepare()
    shutil.copytree(before, after)
    counting, room = Counting(), Full()
    with chdir(after), instead(counting):
        assert run(*case.words).exit_code == 0, name
    again = place / "again"
    shutil.copytree(before, again)
    with chdir(again), instead(room):
        run(*case.words)
    return before, after, {"killed": counting.steps, "full": room.steps}


def _is_report(path: Path) -> bool:
    """Whether it belongs to the report of a run, which tells of the hour and is never the same."""
    return "runs" in path.parts


def tree(folder: Path) -> dict[str, str]:
    """Return the files of a folder by name, each with its SHA-256, but those that only grow."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in folder.rglob("*")
        if path.is_file()
        and path.name not in _APPENDED
        and path.name != LOCK
        and not _is_report(path.relative_to(folder))
    }


# --- what may not be ----------------------------------------------------------------------


def wrong(name: str, here: Path) -> Iterator[str]:
    """Yield what is lost, left over or recorded wrongly after the next command came by."""
    before, after = (tree(folder) for folder in prepared(name)[:2])
    now = tree(here)
    yield from _left_over(path for path in here.rglob("*") if not _is_report(path))
    for file, digest in now.items():
        if digest not in (before.get(file), after.get(file)):
            yield f"neither as before nor as after: {file}"
    kept = set(now.values())
    for file, digest in before.items():
        if digest not in kept and now.get(file) != after.get(file):
            yield f"lost: {file}"
        if digest in after.values() and digest not in kept:
            yield f"lost, which is to be kept: {file}"
    yield from _recorded_wrongly(here / OUT)


def _left_over(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        if path.name in (ROOM, HOLDER) or is_in_the_making(path):
            yield f"left over: {path}"


def _recorded_wrongly(folder: Path) -> Iterator[str]:
    entries, problems = read_register(folder / "register.jsonl")
    yield from map(str, problems)
    for entry in entries:
        for name in filter(None, entry.replaced.split(", ")):
            if not (folder / entry.file).with_name(name).is_file():
                yield f"recorded as kept, and not there: {name}"
    last = {entry.file: entry for entry in entries}
    for life in lives(entries).values():
        for entry in (life.final, life.sealed):
            file = folder / entry.file if entry else None
            if entry and file and (not file.is_file() or sha256_of(file) != entry.sha256):
                yield f"not as recorded: {entry.file}"
    for name, entry in last.items():
        if not (folder / name).is_file():
            yield f"recorded, and not there: {name} (entry {entry.sequence})"


def _lines(here: Path) -> int:
    return len(read_register(here / OUT / "register.jsonl")[0])


def _after(name: str, here: Path) -> Iterator[str]:
    """Let the next command come by, then the same command again; yield what is wrong."""
    case = CASES[name]
    with chdir(here):
        told = run(*case.next)
        if told.exception and not isinstance(told.exception, SystemExit):
            yield f"the next command: {told.exception!r}"
    yield from wrong(name, here)
    least, most = (_lines(folder) for folder in prepared(name)[:2])
    if not least <= _lines(here) <= most:
        yield f"{_lines(here)} lines in the register, between {least} and {most} are expected"
    with chdir(here):
        run(*case.words)
    yield from wrong(name, here)
    yield from _left_over(here.rglob("*"))  # the next run sweeps what one left of its report
    if name != "replace" and tree(here) != tree(prepared(name)[1]):
        yield "once more does not lead to the same files"


def killed(name: str, at: int) -> list[str]:
    """End a command at a step; return what is wrong then."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / "here"
        shutil.copytree(prepared(name)[0], here)
        child = os.fork()
        if child == 0:
            with chdir(here), instead(Ending(at)):
                run(*CASES[name].words)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != _KILLED:
            return ["it was not ended"]
        return list(_after(name, here))


def full(name: str, at: int) -> list[str]:
    """Fill the disk of a command from a step on; return what is wrong then."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / "here"
        shutil.copytree(prepared(name)[0], here)
        with chdir(here), instead(Full(at)):
            said = run(*CASES[name].words)
        found = []
        if said.exception and not isinstance(said.exception, SystemExit):
            found.append(repr(said.exception))
        if "nothing was replaced" in said.output and "next command completes" not in said.output:
            before, now = tree(prepared(name)[0]), tree(here)
            gone = [file for file, digest in before.items() if now.get(file) != digest]
            found += [f"replaced, although it is said that nothing was: {file}" for file in gone]
        return found + list(_after(name, here))


FAULTS: Mapping[str, Callable[[str, int], list[str]]] = {"killed": killed, "full": full}


def points(name: str, fault: str) -> range:
    """Return the steps of a command at which a fault can happen."""
    return range(1, len(kinds(name, fault)) + 1)


def kinds(name: str, fault: str) -> Sequence[str]:
    """Return what is done at each of those steps."""
    return prepared(name)[2][fault]


def some(name: str, fault: str, most: int) -> list[int]:
    """Return at most so many of the steps: the first and the last, and some of other kinds.

    Each command has other kinds than the command before it, so that all of them have every kind.
    """
    every = points(name, fault)
    if len(every) <= most:
        return list(every)
    places: dict[str, list[int]] = {}
    for at, kind in zip(every, kinds(name, fault), strict=True):
        places.setdefault(kind, []).append(at)
    turn, between = list(CASES).index(name), most - 2
    order = sorted(places)
    turns = range(turn * between, (turn + 1) * between)
    chosen = {
        places[kind][n % len(places[kind])] for n in turns for kind in [order[n % len(order)]]
    }
    return sorted({every[0], every[-1], *chosen})


def main() -> int:
    """Sweep, and tell what was found."""
    names = [one for one in sys.argv[1:] if one in CASES] or list(CASES)
    faults = [one for one in sys.argv[1:] if one in FAULTS] or list(FAULTS)
    bad = 0
    os.environ["DELIVERABLES_SOFFICE"] = ""
    for name in names:
        for fault in faults:
            every = points(name, fault)
            found = [(at, line) for at in every for line in FAULTS[fault](name, at)]
            print(f"{name:14} {fault:7} {len(every):4} points, {len(found)} faults", flush=True)
            for at, line in found[:_MOST_TOLD]:
                print(f"    at {at}: {line}", flush=True)
            bad += len(found)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
