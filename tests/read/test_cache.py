"""What was read and checked is kept for the next command; it holds no secret, changes no answer."""

from __future__ import annotations

import os
import pickle
import stat
from pathlib import Path

import builders
import pytest

from deliverables.examination import Examined, examine
from deliverables.folders import Folders
from deliverables.read import cache as cache_module
from deliverables.read.cache import VARIABLE, Quarters, keep_pickled, key_of, load, place
from deliverables.values.calendar import load_calendar

PLACE = place
on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache_module, "place", PLACE)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "read"


@pytest.fixture
def folders(tmp_path: Path, cache: Path) -> Folders:
    builders.project(tmp_path / "data")
    return Folders(tmp_path / "data", tmp_path / "out")


def examined(folders: Folders) -> Examined:
    (found,) = examine(folders)
    return found


def same(one: Examined, other: Examined) -> bool:
    assert one.book is not None
    assert other.book is not None
    return (
        one.problems == other.problems
        and dict(one.book.quarters) == dict(other.book.quarters)
        and one.book.contract == other.book.contract
        and one.book.roster == other.book.roster
        and one.book.ledger == other.book.ledger
        and dict(one.book.inputs) == dict(other.book.inputs)
    )


def test_the_second_command_reads_no_quarter_and_says_the_same(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = examined(folders)
    monkeypatch.setattr("deliverables.read.book.read_book", refuse)
    again = examined(folders)
    assert isinstance(again.book and again.book.quarters, Quarters)
    assert same(first, again)


def refuse(*given: object) -> object:
    raise AssertionError("the files were read again")


@pytest.mark.parametrize(
    "change",
    [
        {"file": "contract.yaml", "replace": "示范甲方单位", "with": "示范甲方局"},
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
        {"file": "staff.xlsx", "sheet": "人员名册", "cell": "B3", "value": "某某"},
        {"file": "ledger.xlsx", "delete": True},
    ],
    ids=["contract", "quarter", "roster", "ledger"],
)
def test_whatever_changes_is_read_anew(change: dict[str, object], folders: Folders) -> None:
    examined(folders)
    folder = folders.data / builders.NUMBER
    if change.pop("delete", None):
        (folder / str(change["file"])).unlink()
    else:
        builders.edit(folder, change)
    changed = examined(folders)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(VARIABLE, "off")
        assert same(changed, examined(folders))


def test_another_calendar_is_another_state(folders: Folders) -> None:
    folder, (calendar, _) = folders.data / builders.NUMBER, load_calendar()
    before = key_of(folder, calendar)
    (folders.data / "workdays").mkdir()
    fewer = type(calendar)(calendar.published - {2026}, calendar.exceptions)
    assert key_of(folder, fewer) != before


def test_no_identity_number_is_kept(folders: Folders, cache: Path) -> None:
    examined(folders)
    number = str(builders.FIRST_PERSON["证件号码"]).encode()
    files = list(cache.iterdir())
    assert files
    assert not any(number in file.read_bytes() for file in files)


def test_a_contract_with_errors_is_not_kept(folders: Folders, cache: Path) -> None:
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "contract.yaml", "replace": "600,000.00", "with": "600,000.01"},
    )
    assert not examined(folders).sound
    assert not cache.exists()


def test_switched_off_nothing_is_kept(
    folders: Folders, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "off")
    examined(folders)
    assert not cache.exists()


@on_posix
def test_what_is_kept_can_be_read_by_its_owner_alone(folders: Folders, cache: Path) -> None:
    examined(folders)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in cache.iterdir()} == {0o600}


@on_posix
@pytest.mark.parametrize("where", ["file", "folder"])
def test_what_others_may_have_written_is_not_used(where: str, cache: Path) -> None:
    keep_pickled("key", ("thing",))
    assert load("key") == ("thing",)
    (cache / "key" if where == "file" else cache).chmod(0o722)
    assert load("key") is None


@pytest.mark.parametrize("damage", [b"", b"garbage", b"0" * 64 + b"\ngarbage"])
def test_what_is_damaged_is_not_used(damage: bytes, cache: Path) -> None:
    keep_pickled("key", ("thing",))
    (cache / "key").write_bytes(damage)
    (cache / "key").chmod(0o600)
    assert load("key") is None


class Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("echo run",)


@pytest.mark.parametrize("thing", [Hostile(), os.system, eval])
def test_nothing_that_could_run_is_made_of_what_is_kept(thing: object, cache: Path) -> None:
    keep_pickled("key", thing)
    assert pickle.dumps(thing)
    assert load("key") is None


def test_old_things_make_room(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "_MOST_FILES", 3)
    for number in range(6):
        keep_pickled(f"key{number}", number)
        os.utime(cache / f"key{number}", (number, number))
    assert len(list(cache.iterdir())) <= 4
