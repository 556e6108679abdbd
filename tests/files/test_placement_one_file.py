"""Files are replaced whole and keep their owner's secrets."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from io import FileIO
from pathlib import Path

import pytest

from deliverables.files import placement
from deliverables.files.disk import Disk, instead
from deliverables.files.placement import Transaction, write_atomically
from deliverables.files.refusal import FileInUseError, refusal

on_posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_the_file_holds_the_new_content_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "付款申请.docx"
    write_atomically(target, b"first")
    write_atomically(target, b"second")
    assert target.read_bytes() == b"second"
    assert names_in(target.parent) == ["付款申请.docx"]


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path) -> None:
    target = tmp_path / ("付" * 83 + ".docx")
    write_atomically(target, b"x")
    assert target.exists()


@pytest.mark.processes
def test_a_writer_killed_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "report.docx"
    target.write_bytes(b"old")
    program = (
        "import os, signal, sys; from pathlib import Path; "
        "from deliverables.files import placement\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), 9)\n"
        "placement.write_atomically(Path(sys.argv[1]), b'n' * 5_000_000)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, target], check=False)
    assert done.returncode != 0
    assert target.read_bytes() == b"old"


def test_a_failed_write_leaves_the_old_file_and_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.docx"
    target.write_bytes(b"old")

    def disk_is_full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_is_full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["report.docx"]


@pytest.mark.parametrize(
    ("code", "told"), [(errno.EACCES, "out"), (errno.EROFS, "out"), (errno.ENOSPC, "out/a.docx")]
)
def test_what_the_system_refuses_is_told_by_names_that_people_know(
    code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(Disk):
        def create(self, path: Path, mode: int) -> FileIO:
            raise OSError(code, os.strerror(code), str(path))

    monkeypatch.chdir(tmp_path)
    write_atomically(Path("out/b.docx"), b"there")
    for write in (write_atomically, put_by_a_transaction):
        with instead(Refusing()), pytest.raises(OSError, match="out") as refused:
            write(Path("out/a.docx"), b"new")
        assert str(refusal(refused.value)).startswith(f"{told}: ")


def put_by_a_transaction(path: Path, data: bytes) -> None:
    with Transaction(path.parent) as change:
        change.put(path, data)


def test_a_file_open_in_word_is_left_as_it_was_and_the_message_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.docx"
    target.write_bytes(b"old")

    def refuse(self: Path, other: Path) -> None:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(placement, "_PAUSE_SECONDS", 0)
    with pytest.raises(FileInUseError) as fault:
        write_atomically(target, b"new")
    assert str(fault.value.message) == (
        "report.docx is open in another program: close it in Word or WPS and run the command again"
    )
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["report.docx"]


@on_posix
def test_a_private_file_is_its_owners_only_whatever_was_there_before(tmp_path: Path) -> None:
    target = tmp_path / "保密协议_S001.docx"
    target.write_bytes(b"old")
    target.chmod(0o666)
    write_atomically(target, b"identity number", private=True)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@on_posix
def test_any_other_file_has_the_permissions_new_files_have(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.touch()
    write_atomically(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == ordinary.stat().st_mode
