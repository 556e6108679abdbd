"""What is not as it should be is noticed and told; what is safe is mended, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import builders
import finals
import pytest
from click.testing import CliRunner, Result

from deliverables.cli import main
from deliverables.files.digest import sha256_of
from deliverables.files.placement import ROOM, at_work
from deliverables.files.scratch import PREFIX
from deliverables.folders import Folders

OUT = Path("out") / builders.NUMBER


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """The small project with a final letter."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    made = finals.project(Path())
    finals.final(made, finals.LETTER)
    return made


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *words], catch_exceptions=False)


def signs(*words: str) -> dict[str, str | None]:
    """Return what the doctor tells, by code, and what was done about it."""
    found = json.loads(run("doctor", "--format", "json", *words).stdout)["contracts"]
    return {sign["code"]: sign["mended"] for one in found for sign in one["signs"]}


def letter(folders: Folders) -> Path:
    return folders.final(finals.planned_in(folders, finals.LETTER).deliverable)


def test_a_folder_in_order_has_no_sign(folders: Folders) -> None:
    done = run("doctor")
    assert done.exit_code == 0
    assert done.stdout == f"{builders.NUMBER}: in order\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("别人的件.docx", "it lies among the final documents, and the register does not know it"),
        ("{final}_用印件.pdf", "it lies among the final documents"),
        ("{final}_旧1.docx", "it was set aside, and no line of the register says so"),
    ],
)
def test_a_file_that_no_line_names_is_told_by_doctor_and_status(
    folders: Folders, name: str, why: str
) -> None:
    final = letter(folders)
    stray = final.with_name(name.format(final=final.stem))
    stray.write_bytes(b"whose?")
    for command in ("doctor", "status"):
        done = run(command)
        assert done.exit_code == 0
        assert f"{stray.as_posix()}: warning[unrecorded-file] {why}" in done.output
    assert signs("--repair") == {"unrecorded-file": None}
    assert stray.exists()


def test_what_was_set_aside_and_recorded_is_no_stray(folders: Folders) -> None:
    finals.finished(folders, finals.LETTER, replace=True, number="1号")
    assert [path.name for path in letter(folders).parent.glob("*_旧1.docx")] != []
    assert signs() == {}


def test_a_final_document_that_was_changed_is_an_error(folders: Folders) -> None:
    final = letter(folders)
    final.chmod(0o644)
    final.write_bytes(b"another")
    assert run("doctor").exit_code == 1
    assert signs() == {"seal-final-changed": None}


def test_a_recorded_file_that_is_gone_is_told(folders: Folders) -> None:
    next(letter(folders).parent.glob("*_用印申请单.docx")).unlink()
    assert signs() == {"recorded-missing": None}


def test_what_documents_said_and_what_they_were_made_from_is_looked_at(folders: Folders) -> None:
    (OUT / "bases.jsonl").write_bytes(b"")
    kept = next((OUT / "inputs").iterdir())
    kept.chmod(0o600)
    kept.write_bytes(b"forged")
    assert run("doctor").exit_code == 1
    assert signs() == {"base-missing": None, "input-changed": None}


def test_what_ended_runs_left_is_removed_when_asked(folders: Folders) -> None:
    left = [OUT / "Q1" / ".0123456789abcdef.tmp", OUT / ".register.jsonl.lock"]
    old = Path(tempfile.gettempdir()) / f"{PREFIX}old"
    (OUT / "Q1").mkdir()
    old.mkdir()
    for path in (*left, old / ".lock", old / "document.docx", OUT / "Q1" / "note.tmp"):
        path.write_bytes(b"999999199001011234")
    os.utime(old, (1, 1))
    assert signs() == {"left-behind": None}
    assert left[0].exists()
    assert "doctor --repair removes" in run("doctor").output
    assert signs("--repair") == {"left-behind": "removed"}
    assert [path for path in (*left, old) if path.exists()] == []
    assert (OUT / "Q1" / "note.tmp").exists()  # it is not ours
    assert signs() == {}


def test_an_unfinished_change_that_cannot_be_completed_is_told(folders: Folders) -> None:
    (OUT / ROOM).mkdir()
    (OUT / ROOM / "intent.json").write_bytes(b"{")
    for command in ("doctor", "status"):
        done = run(command)
        assert done.exit_code == 1
        assert "error[change-unfinished]" in done.output
    shutil.rmtree(OUT / ROOM)
    assert signs() == {}


def test_an_unfinished_change_is_completed(folders: Folders) -> None:
    (OUT / ROOM).mkdir()
    (OUT / ROOM / "1").write_bytes(b"a scan")
    move = {"path": "new.pdf", "staged": "1", "over": "", "aside": ""}
    (OUT / ROOM / "intent.json").write_text(json.dumps({"format": 1, "lines": [], "moves": [move]}))
    assert signs() == {"change-unfinished": "completed"}
    assert sha256_of(OUT / "new.pdf") == sha256_of(b"a scan")
    assert not (OUT / ROOM).exists()


@pytest.mark.skipif(os.name != "posix", reason="a process is copied")
def test_who_works_in_a_folder_is_told_by_doctor_and_status(folders: Folders) -> None:
    end, begun = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        with at_work(OUT):
            os.write(begun[1], b"1")
            os.read(end[0], 1)
        os._exit(0)
    os.read(begun[0], 1)
    try:
        assert signs() == {"run-at-work": None}
        assert f"(process {child} on " in run("status").stderr
        busy = run("--wait", "0", "build", "payment_request", "--period", "1", "--replace",
                   "--as-of", "2026-08-05")  # fmt: skip
        assert busy.exit_code == 1
        assert f"(process {child} on " in busy.stderr
    finally:
        os.write(end[1], b"1")
        os.waitpid(child, 0)
    assert signs() == {}


def test_a_register_that_lost_its_lines_is_an_error(folders: Folders) -> None:
    folders.register(builders.NUMBER).write_bytes(b"")
    for command in ("doctor", "status"):
        done = run(command)
        assert done.exit_code == 1
        assert "error[register-emptied] the register has no line, but" in done.output
    folders.register(builders.NUMBER).unlink()
    assert "register-emptied" in signs()
