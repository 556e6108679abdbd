"""What is kept for the next command: sooner, never needed, and nobody else's."""

from __future__ import annotations

import errno
import os
import pickle
import re
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import rmtree

import pytest

from deliverables import cache
from deliverables.cache import VARIABLE, keep, load

on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "kept"


def test_what_is_kept_under_a_key_is_what_is_loaded(folder: Path) -> None:
    keep("key", {"a": (1, "二", b"\0")})
    assert load("key") == {"a": (1, "二", b"\0")}
    assert load("another") is None


@pytest.mark.parametrize("word", ["off", "OFF", ""])
def test_it_can_be_switched_off(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    monkeypatch.setenv(home, str(tmp_path))
    monkeypatch.setenv(VARIABLE, word)
    keep("key", "thing")
    assert load("key") is None
    assert not list(tmp_path.iterdir())


def test_it_lies_in_the_users_cache_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    home = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    monkeypatch.setenv(home, str(tmp_path))
    keep("key", "thing")
    assert [file.name for file in (tmp_path / "deliverables" / "kept").iterdir()] == ["key.kept"]


class TestNobodyElse:
    @on_posix
    def test_can_read_it(self, folder: Path) -> None:
        keep("key", "thing")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}

    @on_posix
    @pytest.mark.parametrize("where", ["file", "folder"])
    def test_may_have_written_it(self, where: str, folder: Path) -> None:
        keep("key", "thing")
        assert load("key") == "thing"
        (folder / "key.kept" if where == "file" else folder).chmod(0o722)
        assert load("key") is None

    @on_posix
    def test_has_written_it(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        keep("key", "thing")
        somebody_else = os.getuid() + 1
        monkeypatch.setattr(os, "getuid", lambda: somebody_else)
        assert load("key") is None

    @on_posix
    def test_is_given_anything_to_read(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        keep("key", "thing")
        assert not list(folder.iterdir())

    @pytest.mark.parametrize("thing", [os.system, eval, OSError, [print]])
    def test_can_have_anything_run_by_it(self, thing: object, folder: Path) -> None:
        keep("key", thing)
        assert (folder / "key.kept").exists()
        assert load("key") is None

    def test_can_have_a_call_made_by_it(self, folder: Path) -> None:
        class Hostile:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return os.mkdir, (str(folder / "made"),)

        keep("key", Hostile())
        assert load("key") is None
        assert not (folder / "made").exists()


class TestNothingIsAnError:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda was: was.replace(b"thing", b"thong"),
            lambda was: was[:-4],
            lambda was: b"",
            lambda was: b"\x00" * len(was),
            lambda was: was.partition(b"\n")[2],
        ],
    )
    def test_when_it_is_damaged(self, damage: Callable[[bytes], bytes], folder: Path) -> None:
        keep("key", "thing")
        file = folder / "key.kept"
        file.write_bytes(damage(file.read_bytes()))
        assert load("key") is None
        keep("key", "thing")
        assert load("key") == "thing"

    def test_when_a_file_has_the_name_of_another(self, folder: Path) -> None:
        keep("key", "thing")
        (folder / "key.kept").rename(folder / "other.kept")
        assert load("other") is None

    @pytest.mark.parametrize("state", [b"c", b"\x80\x05", pickle.dumps(1)[:-1], b"0", b"h\1."])
    def test_when_whoever_kept_it_kept_no_pickle(self, state: bytes, folder: Path) -> None:
        keep("key", "thing")
        checksum = cache._checksum("key", state)
        (folder / "key.kept").write_bytes(checksum + b"\n" + state)
        assert load("key") is None

    @pytest.mark.parametrize("where", ["a file, no folder", "below a file", "a folder for a file"])
    def test_when_there_is_no_place_for_it(
        self, where: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder.parent.mkdir()
        if where == "a folder for a file":
            (folder / "key.kept" / "below").mkdir(parents=True)
        else:
            folder.write_text("")
        if where == "below a file":
            monkeypatch.setenv(VARIABLE, str(folder / "below"))
        keep("key", "thing")
        assert load("key") is None

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
    @pytest.mark.parametrize("call", ["write", "fsync", "open", "mkdir", "scandir"])
    def test_when_the_system_refuses(
        self, call: str, code: int, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*given: object, **named: object) -> object:
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patched:
            if call == "write":
                patched.setattr(cache, "write_atomically", refuse)
            else:
                patched.setattr(os, call, refuse)
            keep("key", "thing")
        assert load("key") in (None, "thing")
        assert not list(folder.glob("*.tmp"))

    def test_when_it_vanishes_again_and_again_while_others_keep_and_load(
        self, folder: Path
    ) -> None:
        def work(number: int) -> list[object]:
            seen = list[object]()
            for turn in range(40):
                keep(f"key{turn % 5}", turn % 5)
                seen.append(load(f"key{turn % 5}") in (None, turn % 5))
                if turn % 7 == number:
                    rmtree(folder, ignore_errors=True)
            return seen

        with ThreadPoolExecutor(4) as threads:
            for seen in threads.map(work, range(4)):
                assert all(seen)


class TestItIsBounded:
    @pytest.fixture(autouse=True)
    def with_every_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "_ROOM_IS_MADE", "")

    def test_one_key_of_sixteen_makes_room(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache, "_MOST_FILES", 1)
        monkeypatch.setattr(cache, "_ROOM_IS_MADE", "0")
        for key in ("f1", "f2"):
            keep(key, 1)
        assert len(list(folder.iterdir())) == 2
        keep("01", 1)
        assert [file.stem for file in folder.iterdir()] == ["01"]

    def test_what_was_not_used_for_longest_makes_room(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache, "_MOST_FILES", 3)
        for number in range(3):
            keep(f"key{number}", number)
            os.utime(folder / f"key{number}.kept", (number, number))
        assert load("key0") == 0  # which is to use it
        keep("key3", 3)
        assert {file.stem for file in folder.iterdir()} == {"key0", "key2", "key3"}

    def test_by_its_bytes_too(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "_MOST_BYTES", 25_000)
        for number in range(4):
            keep(f"key{number}", "x" * 10_000)
            os.utime(folder / f"key{number}.kept", (number, number))
        assert len(list(folder.iterdir())) == 2

    def test_what_is_too_large_is_not_kept(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache, "_LARGEST", 9_999)
        keep("key", "x" * 10_000)
        assert load("key") is None

    def test_what_a_killed_run_left_is_swept_and_nothing_that_is_not_ours(
        self, folder: Path
    ) -> None:
        keep("key", "thing")
        for name in (".0123.tmp", "notes.txt"):
            (folder / name).write_text("")
            os.utime(folder / name, (1, 1))
        (folder / ".4567.tmp").write_text("of a run at work")
        keep("key", "thing")
        found = {file.name for file in folder.iterdir()}
        assert found == {"key.kept", "notes.txt", ".4567.tmp"}


def test_what_is_kept_hangs_on_every_module_of_a_room_also_below_it() -> None:
    found = cache.makers(re.compile("none"), ("kinds",))
    assert {"payment_request.py", str(Path("annual_summary", "summary.py"))} <= set(found.split())
