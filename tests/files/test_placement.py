"""A change of a folder is made whole or not at all, by one run at a time."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from io import FileIO
from pathlib import Path

import pytest

from deliverables.files import placement
from deliverables.files.digest import sha256_of
from deliverables.files.disk import Disk, instead
from deliverables.files.placement import (
    HOLDER,
    LOCK,
    ROOM,
    BusyError,
    Transaction,
    UnfinishedError,
    at_work,
    has_intent,
    held_by,
    settle,
    waiting,
)
from deliverables.files.refusal import FileInUseError, RefusedError, refusal

on_posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a register, a draft of ours and one that a person edited."""
    folder = tmp_path / "HT-1"
    (folder / "Q1").mkdir(parents=True)
    (folder / "register.jsonl").write_bytes(b"first\n")
    (folder / "Q1" / "ours.docx").write_bytes(b"ours")
    (folder / "Q1" / "edited.docx").write_bytes(b"edited")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK
    }


BEFORE = {"Q1/edited.docx": b"edited", "Q1/ours.docx": b"ours", "register.jsonl": b"first\n"}
AFTER = {
    "Q1/edited.docx": b"new 2",
    "Q1/edited_旧1.docx": b"edited",
    "Q1/ours.docx": b"new 1",
    "Q2/more.docx": b"new 3",
    "register.jsonl": b"first\nsecond\n",
}


def make(folder: Path) -> None:
    with Transaction(folder) as change:
        over = sha256_of(b"ours")
        assert change.put(folder / "Q1" / "ours.docx", b"new 1", over=over) == ""
        aside = change.put(folder / "Q1" / "edited.docx", b"new 2")
        assert aside == "edited_旧1.docx"
        change.put(folder / "Q2" / "more.docx", b"new 3")
        change.add(folder / "register.jsonl", b"second\n")


@pytest.mark.parametrize("path", ["../other.docx", "Q1/../../other.docx", "/other.docx", "."])
def test_nothing_is_staged_that_would_lie_elsewhere(folder: Path, path: str) -> None:
    """What is written down is refused when it is read: then nobody could complete the change."""
    with Transaction(folder) as change:
        for refused in (change.put, change.add):
            with pytest.raises(RefusedError, match="outside"):
                refused(folder / path, b"new")
        with pytest.raises(RefusedError, match="outside"):
            change.put_aside(folder / path)
    assert contents(folder.parent) == {f"HT-1/{name}": data for name, data in BEFORE.items()}


class Refusing(Disk):
    """A disk that refuses one kind of step from the nth on."""

    def __init__(self, code: int, after: int = 0, **paths: str) -> None:
        self.code, self.left, self.ends = code, after, paths.get("ends", "")

    def refuse(self, path: object) -> None:
        if str(path).endswith(self.ends):
            self.left -= 1
            if self.left < 0:
                raise OSError(self.code, os.strerror(self.code), str(path))


class RefusingNames(Refusing):
    """A file that is open in Word on Windows: it gets no other name, and no other gets its."""

    def rename(self, source: Path, target: Path) -> None:
        self.refuse(source)
        self.refuse(target)
        super().rename(source, target)

    def ask(self, path: Path) -> None:
        self.refuse(path)


class OpenedMeanwhile(RefusingNames):
    """The file is opened once it has been asked whether it is."""

    def ask(self, path: Path) -> None:
        super(RefusingNames, self).ask(path)


class RefusingRoom(Refusing):
    """A disk that is full from then on."""

    def write(self, file: FileIO, data: bytes) -> None:
        try:
            self.refuse(file.name)
        except OSError:
            super().write(file, data[: len(data) // 2])
            raise
        super().write(file, data)


@pytest.fixture(autouse=True)
def impatiently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "_PAUSE_SECONDS", 0)
    monkeypatch.setattr(waiting, "seconds", 0.2)


class TestChange:
    def test_all_of_it_is_there_when_the_context_is_left(self, folder: Path) -> None:
        make(folder)
        assert contents(folder) == AFTER

    def test_nothing_of_it_is_there_after_a_fault_of_the_caller(self, folder: Path) -> None:
        def plan_and_fail() -> None:
            with Transaction(folder) as change:
                change.put(folder / "Q2" / "more.docx", b"new")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            plan_and_fail()
        assert contents(folder) == BEFORE
        assert not (folder / "Q2").exists()

    def test_a_disk_that_is_full_before_anything_moves_leaves_all_as_it_was(
        self, folder: Path
    ) -> None:
        for after in range(6):  # the holder, three files, the intent, the line
            with instead(RefusingRoom(errno.ENOSPC, after)):
                try:
                    make(folder)
                except OSError as full:
                    assert "the disk is full; nothing was replaced" in str(refusal(full))
                    assert contents(folder) == BEFORE
                    continue
            assert after == 0  # who works there need not be known
            assert contents(folder) == AFTER
            make_again = folder.with_name("again")
            folder.rename(make_again)
            folder.mkdir()
            (folder / "Q1").mkdir()
            for name, content in BEFORE.items():
                (folder / name).write_bytes(content)

    def test_what_is_written_down_is_completed_by_who_comes_next(self, folder: Path) -> None:
        with instead(OpenedMeanwhile(errno.EACCES, ends="edited.docx")):
            with pytest.raises(UnfinishedError) as left:
                make(folder)
            assert "edited.docx is open in another program" in str(left.value)
            assert "the next command completes it" in str(left.value)
            assert has_intent(folder)
            settle(folder)  # it is open still
            assert has_intent(folder)
        settle(folder)
        assert contents(folder) == AFTER

    def test_it_is_completed_before_another_change_of_the_same_run(self, folder: Path) -> None:
        with at_work(folder):
            with (
                instead(OpenedMeanwhile(errno.EACCES, ends="edited.docx")),
                pytest.raises(UnfinishedError),
            ):
                make(folder)
            with Transaction(folder) as change:
                change.add(folder / "register.jsonl", b"third\n")
        assert (folder / "register.jsonl").read_bytes() == b"first\nsecond\nthird\n"
        assert set(contents(folder)) == set(AFTER)

    def test_what_a_person_saved_meanwhile_is_kept(self, folder: Path) -> None:
        with (
            instead(OpenedMeanwhile(errno.EACCES, ends="ours.docx")),
            pytest.raises(UnfinishedError),
        ):
            make(folder)
        (folder / "Q1" / "ours.docx").write_bytes(b"saved in Word just then")
        settle(folder)
        assert contents(folder) == {**AFTER, "Q1/ours_旧1.docx": b"saved in Word just then"}

    def test_a_file_that_is_open_is_refused_before_anything_moves(self, folder: Path) -> None:
        with instead(RefusingNames(errno.EACCES, ends="edited.docx")):
            with pytest.raises(FileInUseError, match=r"edited\.docx is open in another program"):
                make(folder)
            assert contents(folder) == BEFORE

    def test_a_name_that_the_system_cannot_take_is_refused_before_anything_moves(
        self, folder: Path
    ) -> None:
        with pytest.raises(OSError) as refused, Transaction(folder) as change:
            change.put(folder / "Q3" / ("付" * 99 + ".docx"), b"new")
        assert refused.value.errno == errno.ENAMETOOLONG
        with pytest.raises(IsADirectoryError), Transaction(folder) as change:
            change.put(folder / "Q1", b"new")
        with pytest.raises(NotADirectoryError), Transaction(folder) as change:
            change.put(folder / "Q1" / "ours.docx" / "deeper.docx", b"new")
        assert contents(folder) == BEFORE

    def test_a_damaged_intent_is_told_and_nothing_is_moved(self, folder: Path) -> None:
        (folder / ROOM).mkdir()
        away = {"path": "../../elsewhere", "staged": "1", "over": "", "aside": ""}
        for facts in (b"{", json.dumps({"format": 1, "lines": [], "moves": [away]}).encode()):
            (folder / ROOM / "intent.json").write_bytes(facts)
            with pytest.raises(RefusedError, match=r"intent\.json was damaged"):
                make(folder)
        assert (folder / ROOM / "intent.json").exists()

    @on_posix
    def test_only_its_owner_can_look_into_what_is_being_made(self, folder: Path) -> None:
        with Transaction(folder) as change:
            change.put(folder / "Q1" / "open.docx", b"for all")
            change.put(folder / "Q1" / "private.docx", b"personal", private=True)
            change.put(folder / "Q1" / "final.docx", b"final", read_only=True)
            assert stat.S_IMODE((folder / ROOM).stat().st_mode) == 0o700
        modes = {name: stat.S_IMODE((folder / "Q1" / f"{name}.docx").stat().st_mode)
                 for name in ("private", "final")}  # fmt: skip
        assert modes["private"] == 0o600
        assert not modes["final"] & 0o222


class TestAtWork:
    def test_a_second_run_is_told_who_works_there(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "command", "deliverables")
        held, go = threading.Event(), threading.Event()

        def work() -> None:
            with at_work(folder):
                held.set()
                go.wait(10)

        other = threading.Thread(target=work)
        other.start()
        held.wait(10)
        told: list[str] = []
        waiting.tell = lambda said: told.append(str(said))
        try:
            assert f"process {os.getpid()}" in str(held_by(folder))
            with pytest.raises(BusyError) as busy, at_work(folder, patience=0.2):
                pytest.fail("two work there")
        finally:
            go.set()
            other.join()
            waiting.tell = lambda _: None
        assert f"deliverables (process {os.getpid()}" in str(busy.value)
        assert "--wait SECONDS" in str(busy.value)
        assert len(told) == 1
        assert told[0].startswith("waiting: deliverables (process ")
        with at_work(folder, patience=0):
            pass

    def test_within_one_run_it_may_be_entered_again(self, folder: Path) -> None:
        with at_work(folder), at_work(folder, patience=0):
            assert (folder / HOLDER).exists()
        assert not (folder / HOLDER).exists()

    def test_a_folder_in_which_nothing_was_done_is_not_left(self, tmp_path: Path) -> None:
        with at_work(tmp_path / "HT-9"):
            pass
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.processes
    def test_the_lock_of_a_killed_run_stops_nobody_and_its_leavings_are_swept(
        self, folder: Path
    ) -> None:
        program = (
            "import os, sys; from pathlib import Path\n"
            "from deliverables.files.placement import Transaction\n"
            "folder = Path(sys.argv[1])\n"
            "with Transaction(folder) as change:\n"
            "    change.put(folder / 'new.docx', b'identity number')\n"
            "    os.kill(os.getpid(), 9)\n"
        )
        subprocess.run([sys.executable, "-c", program, folder], check=False)
        (folder / "Q1" / ".0123456789abcdef.tmp").write_bytes(b"of an older version")
        assert (folder / ROOM / "1").exists()
        with at_work(folder, patience=0):
            assert contents(folder).keys() - {HOLDER} == BEFORE.keys()
