"""Bases are kept by what they hold, beside the register, and one is read without the others."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from deliverables.bases import BaseRecord, Bases, NoBaseError
from deliverables.files.digest import sha256_of

SHARED = "".join(
    f"第{number}条 乙方应当保守秘密，期限{number}年。" for number in range(200)
).encode()


def agreement(name: str) -> BaseRecord:
    return BaseRecord(SHARED, name.encode())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "HT-1" / "bases.jsonl"


def test_a_base_comes_back_as_it_was_put(path: Path) -> None:
    records = [agreement("张三"), agreement("李四"), BaseRecord(b"", b"\0\n{}")]
    Bases(path).put(records)
    again = Bases(path)
    assert [again.get(record.digest) for record in records] == records


def test_what_documents_share_is_kept_once(path: Path) -> None:
    Bases(path).put(agreement(f"第{number}人") for number in range(50))
    first, *others = path.read_bytes().splitlines()
    assert len(others) == 50
    assert max(map(len, others)) < 300 < len(first)


def test_a_base_that_is_there_is_not_put_again(path: Path) -> None:
    Bases(path).put([agreement("张三")])
    before = path.read_bytes()
    Bases(path).put([agreement("张三"), agreement("张三")])
    assert path.read_bytes() == before


def test_the_same_values_in_another_frame_are_another_base(path: Path) -> None:
    other = BaseRecord(b"another template", "张三".encode())
    Bases(path).put([agreement("张三"), other])
    assert Bases(path).get(other.digest) == other != Bases(path).get(agreement("张三").digest)


def test_a_line_that_a_killed_run_left_half_written_is_passed_over(path: Path) -> None:
    Bases(path).put([agreement("张三"), agreement("李四")])
    path.write_bytes(path.read_bytes()[:-20])
    bases = Bases(path)
    assert agreement("李四").digest not in bases
    bases.put([agreement("李四"), agreement("王五")])
    assert Bases(path).get(agreement("李四").digest) == agreement("李四")
    assert Bases(path).get(agreement("王五").digest) == agreement("王五")


def test_who_put_a_base_can_read_it(path: Path) -> None:
    bases = Bases(path)
    bases.put([agreement("张三"), agreement("李四")])
    assert bases.get(agreement("李四").digest) == agreement("李四")


def test_what_another_process_adds_is_found(path: Path) -> None:
    early = Bases(path)
    assert agreement("张三").digest not in early
    Bases(path).put([agreement("张三")])
    assert early.get(agreement("张三").digest) == agreement("张三")


def test_a_base_that_was_changed_is_not_given_out(path: Path) -> None:
    Bases(path).put([agreement("张三"), agreement("李四")])
    frame, first, second = map(json.loads, path.read_text().splitlines())
    first["content"] = second["content"]
    lines = [json.dumps(one, separators=(",", ":")) for one in (frame, first, second)]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(NoBaseError):
        Bases(path).get(agreement("张三").digest)


def test_a_base_that_is_not_there_is_said_to_be_missing(path: Path) -> None:
    with pytest.raises(NoBaseError):
        Bases(path).get(sha256_of(b"nothing"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        Bases(path).put([agreement("张三")])
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
