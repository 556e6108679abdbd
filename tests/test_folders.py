"""Where things lie: what is made and what is read are kept apart."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path
from shutil import rmtree
from typing import Any

import builders
import pytest
from click.testing import CliRunner
from filelock import FileLock

from deliverables import open_data
from deliverables.cache import VARIABLE
from deliverables.cli import main
from deliverables.files.disk import Disk, instead
from deliverables.folders import SHIPPED, drafted, overlap
from deliverables.values.calendar import load_calendar

APART = [("data", "out"), ("data", "data2"), ("data", "../out"), ("a/data", "a/out")]
WITHIN = [
    ("data", "data"), ("data", "data/out"), ("data", "data/HT-2026-001/out"),
    ("data", "./data/x/.."), ("data", "out/../data/out"), ("out/data", "out"),
    ("data", "."), ("data", "link/out"),
]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("data", "a/data", "out/data"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    if os.name == "posix":
        (tmp_path / "link").symlink_to("data", target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize(("data", "out"), APART)
@pytest.mark.usefixtures("here")
def test_folders_apart_are_taken(data: str, out: str) -> None:
    assert overlap(Path(data), Path(out)) is None
    assert open_data(data, out)


@pytest.mark.parametrize(("data", "out"), WITHIN)
@pytest.mark.skipif(os.name == "nt", reason="one of them is reached by a link")
def test_one_within_the_other_is_refused_by_every_command_before_anything_is_done(
    data: str, out: str, here: Path
) -> None:
    before = sorted(here.rglob("*"))
    for command in ("check", "plan", "status", "finance"):
        result = CliRunner().invoke(main, ["--lang", "en", "--data", data, "--out", out, command])
        assert result.exit_code == 2
        assert "documents belong in a folder of their own" in result.stderr
    with pytest.raises(ValueError, match="documents belong in a folder of their own"):
        open_data(data, out)
    assert sorted(here.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize(
    ("pipe", "command", "told"),
    [
        ("data/workdays/2027.json", "check", "workdays/2027.json"),
        ("data/HT-2026-001/contract.txt", "check", "error[file-unreadable]"),
        ("templates/payment_request.docx", "build", "what stands where the file belongs is none"),
    ],
)
def test_a_pipe_where_a_file_belongs_is_told_and_not_waited_for(
    pipe: str, command: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    Path(pipe).parent.mkdir(exist_ok=True)
    os.mkfifo(pipe)
    words = ["build", "payment_request", "--no-pages"] if command == "build" else [command]
    result = CliRunner().invoke(
        main, ["--lang", "en", "--templates", "templates", *words, "--as-of", "2026-08-03"]
    )
    assert result.exit_code == 1
    assert told in result.output


SHUT_DATA = "data/HT-2026-001: you may not write in this folder: have its rights changed"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "build payment_request 1 --as-of 2026-08-03",
            "out: error[folder-shut] you may not write in this folder. Fix",
        ),
        ("received 1 100.00 --on 2026-08-03 --yes", SHUT_DATA),
        ("letter add 付款催告函 --about 第2期", SHUT_DATA),
        ("workbook Q2", SHUT_DATA),
        ("new HT-2", "data: you may not write in this folder: have its rights changed"),
        ("overview", "out: you may not write in this folder: have its rights changed"),
        ("calendar", "out: you may not write in this folder: have its rights changed"),
    ],
)
def test_a_folder_that_may_not_be_written_is_told_by_its_own_name(
    command: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    Path("out").mkdir()

    def unless_shut(path: Path) -> None:
        if path.resolve().is_relative_to(tmp_path):
            raise PermissionError(13, "Permission denied", str(path))

    class Shut(Disk):
        def make_folder(self, folder: Path, mode: int = 0o777) -> None:
            unless_shut(folder)
            super().make_folder(folder, mode)

        def create(self, path: Path, mode: int) -> FileIO:
            unless_shut(path)
            return super().create(path, mode)

    class ShutLock(FileLock):
        def acquire(self, *given: Any, **named: Any) -> Any:
            unless_shut(Path(self.lock_file))
            return super().acquire(*given, **named)

    monkeypatch.setattr("filelock.FileLock", ShutLock)
    with instead(Shut()):
        result = CliRunner().invoke(main, ["--lang", "en", *command.split()])
    assert result.exit_code == 1
    assert told in result.stderr
    assert "check" not in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("notice", ["[" * 100_000, '{"year": ' + "9" * 5_000 + "}"])
def test_a_notice_of_holidays_without_end_is_a_problem(notice: str, tmp_path: Path) -> None:
    (tmp_path / "2027.json").write_text(notice, "utf-8")
    _, problems = load_calendar(tmp_path)
    assert len(problems) == 1


@pytest.mark.parametrize("state", ["whole", "damaged", "a file where the folder belongs"])
def test_a_template_that_is_drafted_is_what_its_text_says_whatever_was_kept(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    text = next(SHIPPED.glob("*.md"))
    first = drafted(text)
    assert first is not None
    right = first.read_bytes()
    if state == "damaged":
        first.write_bytes(b"of somebody else")
    elif state != "whole":
        rmtree(tmp_path / "cache")
        (tmp_path / "cache").write_text("")
    again = drafted(text)
    assert again is not None
    assert again.read_bytes() == right
