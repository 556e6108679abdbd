"""Where things lie: what is made and what is read are kept apart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from deliverables import open_data
from deliverables.cli import main
from deliverables.folders import overlap

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
