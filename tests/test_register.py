"""The register keeps every entry, in order, and shows what was tampered with."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from deliverables.files.digest import content_sha256_of, sha256_of
from deliverables.register import Entry, append, read_register, status_of
from deliverables.status import Condition, Stage, Status

INPUTS = {"contract.yaml": "a" * 64, "operations/Q1.xlsx": "b" * 64}


def an_entry(part: str = "Q1", **changes: object) -> Entry:
    facts: dict[str, object] = {
        "deliverable": f"quarterly_report/{part}",
        "kind": "quarterly_report",
        "part": part,
        "file": f"{part}/季度报告.docx",
        "sha256": "c" * 64,
        "content": "d" * 64,
        "as_of": date(2026, 11, 2),
        "made_at": datetime(2026, 11, 2, 8, 30, tzinfo=UTC),
        "inputs": INPUTS,
        "template": "quarterly_report.docx",
        "template_sha256": "e" * 64,
        "version": "0.1.0",
        "command": "build --due --as-of 2026-11-02",
        **changes,
    }
    return Entry(**facts)  # type: ignore[arg-type]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register with three entries."""
    path = tmp_path / "register.jsonl"
    for part in ("Q1", "Q2", "Q3"):
        append(path, an_entry(part))
    return path


def codes(path: Path) -> list[tuple[str, int]]:
    return [(found.code, found.source.line) for found in read_register(path)[1]]  # type: ignore[union-attr]


def test_no_register_is_an_empty_one(tmp_path: Path) -> None:
    assert read_register(tmp_path / "register.jsonl") == ((), ())


def test_entries_come_back_as_they_were_numbered_and_linked(tmp_path: Path) -> None:
    path = tmp_path / "out" / "register.jsonl"
    details = {"scan": "f" * 64}
    written = [
        append(path, an_entry()),
        append(path, an_entry("Q2", event="sealed", details=details)),
    ]
    assert read_register(path) == (tuple(written), ())
    assert [entry.sequence for entry in written] == [1, 2]
    assert written[0].previous == ""
    assert written[1].previous == sha256_of(path.read_bytes().splitlines()[0])


def test_a_changed_entry_is_found_and_kept(register: Path) -> None:
    lines = register.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"findings":0', b'"findings":9')
    register.write_bytes(b"".join(lines))
    assert codes(register) == [("register-changed", 2), ("register-chain", 3)]
    assert [entry.findings for entry in read_register(register)[0]] == [0, 9, 0]


def test_a_changed_entry_is_found_even_if_it_is_the_last(register: Path) -> None:
    register.write_bytes(register.read_bytes().replace(b'"part":"Q3"', b'"part":"Q4"'))
    assert codes(register) == [("register-changed", 3)]


def test_a_removed_entry_is_found(register: Path) -> None:
    lines = register.read_bytes().splitlines(keepends=True)
    register.write_bytes(lines[0] + lines[2])
    assert codes(register) == [("register-chain", 2)]


def test_an_entry_put_in_later_is_found(register: Path, tmp_path: Path) -> None:
    append(tmp_path / "other.jsonl", an_entry("annual"))
    lines = register.read_bytes().splitlines(keepends=True)
    lines.insert(1, (tmp_path / "other.jsonl").read_bytes())
    register.write_bytes(b"".join(lines))
    assert codes(register) == [("register-chain", 2), ("register-chain", 3)]


def test_a_half_written_line_is_reported_and_costs_no_other_entry(register: Path) -> None:
    whole = register.read_bytes()
    append(register, an_entry("季度四"))
    register.write_bytes(register.read_bytes()[: len(whole) + 40])
    assert codes(register) == [("register-line", 4)]
    assert str(read_register(register)[1][0]) == (
        f"{register.as_posix()}:4:1: warning[register-line] the line is no entry: the writing of "
        "it was interrupted, or it was changed. Fix: leave the line as it is; make the document it "
        "should record once more"
    )
    append(register, an_entry("Q4"))
    entries, problems = read_register(register)
    assert [entry.part for entry in entries] == ["Q1", "Q2", "Q3", "Q4"]
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4]
    assert [problem.code for problem in problems] == ["register-line"]


@pytest.mark.parametrize(
    "line", [b"[]", b"7", b'{"as_of":"2026"}', b"\xff", b'{"as_of":null}', b"{}", b" "]
)
def test_a_line_that_is_no_entry_is_a_problem_and_no_crash(register: Path, line: bytes) -> None:
    register.write_bytes(register.read_bytes() + line + b"\n")
    assert codes(register) == [("register-line", 4)]
    assert append(register, an_entry()).sequence == 4


@pytest.mark.parametrize("name", ["inputs", "sequence"])
def test_an_entry_with_a_fact_of_the_wrong_type_is_a_problem(register: Path, name: str) -> None:
    last = json.loads(register.read_bytes().splitlines()[-1])
    register.write_bytes(register.read_bytes() + json.dumps({**last, name: "?"}).encode() + b"\n")
    assert codes(register) == [("register-line", 4)]


def test_facts_of_a_later_version_are_passed_over(register: Path) -> None:
    last = json.loads(register.read_bytes().splitlines()[-1])
    register.write_bytes(register.read_bytes() + json.dumps({**last, "mood": 1}).encode() + b"\n")
    assert len(read_register(register)[0]) == 4


APPENDER = """
import sys
from dataclasses import replace
from pathlib import Path
from deliverables.register import append, read_register
template = read_register(Path(sys.argv[1]))[0][0]
for number in range(40):
    append(Path(sys.argv[1]), replace(template, part=f"{sys.argv[2]}{number}"))
"""


@pytest.mark.processes
def test_two_writers_at_once_lose_no_entry_and_break_no_link(register: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", APPENDER, register, name]) for name in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    entries, problems = read_register(register)
    assert problems == ()
    assert [entry.sequence for entry in entries] == list(range(1, 84))
    parts = [entry.part for entry in entries]
    assert {f"{name}{number}" for name in "ab" for number in range(40)} <= set(parts)


@pytest.mark.processes
def test_a_writer_killed_while_it_holds_the_lock_stops_nobody(register: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from deliverables import register; "
        "from deliverables.files import disk\n"
        "disk.Disk.extend = lambda *_: os.kill(os.getpid(), 9)\n"
        "path = Path(sys.argv[1])\n"
        "register.append(path, register.read_register(path)[0][0])\n"
    )
    assert subprocess.run([sys.executable, "-c", program, register], check=False).returncode != 0
    assert [entry.part for entry in read_register(register)[0]] == ["Q1", "Q2", "Q3", "Q1"]
    assert append(register, an_entry("Q4")).sequence == 5
    assert codes(register) == []


@pytest.fixture
def recorded(tmp_path: Path) -> Entry:
    """The entry of a document that lies in the folder."""
    file = tmp_path / "Q1" / "季度报告.docx"
    file.parent.mkdir()
    file.write_bytes(package("99.9621%"))
    return an_entry(sha256=sha256_of(file), content=content_sha256_of(file))


def package(text: str, compression: int = ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", compression) as parts:
        parts.writestr("word/document.xml", text)
    return buffer.getvalue()


def test_an_untouched_document_of_the_same_inputs_is_current(
    recorded: Entry, tmp_path: Path
) -> None:
    assert status_of(recorded, tmp_path, INPUTS) == Status(Stage.DRAFT, Condition.CURRENT)
    (tmp_path / recorded.file).write_bytes(package("99.9621%", ZIP_STORED))
    assert status_of(recorded, tmp_path, INPUTS, "e" * 64) == Status(Stage.DRAFT, Condition.CURRENT)


def test_a_document_is_stale_when_an_input_changed_came_or_went(
    recorded: Entry, tmp_path: Path
) -> None:
    today = {"contract.yaml": "0" * 64, "staff.xlsx": "1" * 64}
    changed = ("contract.yaml", "operations/Q1.xlsx", "staff.xlsx")
    assert status_of(recorded, tmp_path, today) == Status(Stage.DRAFT, Condition.STALE, changed)
    by_template = status_of(recorded, tmp_path, INPUTS, "0" * 64)
    assert by_template == Status(Stage.DRAFT, Condition.STALE, ("quarterly_report.docx",))


def test_a_document_that_somebody_changed_is_edited(recorded: Entry, tmp_path: Path) -> None:
    (tmp_path / recorded.file).write_bytes(package("99.9622%"))
    assert status_of(recorded, tmp_path, INPUTS) == Status(Stage.DRAFT, Condition.EDITED)
    stale = status_of(replace(recorded, inputs={}), tmp_path, INPUTS)
    assert stale == Status(Stage.DRAFT, Condition.BOTH, tuple(INPUTS))


def test_a_document_that_is_gone_is_missing(recorded: Entry, tmp_path: Path) -> None:
    (tmp_path / recorded.file).unlink()
    assert status_of(recorded, tmp_path, INPUTS) == Status(Stage.DRAFT, Condition.MISSING)
