"""What was read and checked is kept for the next command; it holds no secret, changes no answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import builders
import pytest

from deliverables import cache as cache_of
from deliverables.cache import VARIABLE
from deliverables.examination import Examined, examine
from deliverables.folders import Folders
from deliverables.model.operations_sheets import Outage
from deliverables.read.kept import ChangedMeanwhileError, Quarters, key_of
from deliverables.values.calendar import load_calendar


@pytest.fixture(autouse=True)
def cache(with_what_was_kept: Path) -> Path:
    return with_what_was_kept


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


def test_one_sheet_of_a_quarter_is_fetched_without_the_others(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = examined(folders).book, examined(folders).book
    assert first is not None
    assert again is not None
    fetched: list[object] = []
    unpacked = cache_of.unpacked
    monkeypatch.setattr(cache_of, "unpacked", lambda data: fetched.append(data) or unpacked(data))
    assert again.rows(1, Outage) == first.rows(1, Outage) == first.quarters[1].outages != ()
    assert len(fetched) == 2  # the index of the workbook, and the sheet
    assert again.quarters[1].outages is again.rows(1, Outage)


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


@pytest.mark.parametrize("lost", ["all", "one", "damaged"])
def test_what_the_cache_loses_while_a_command_runs_is_read_again(
    lost: str, folders: Folders, cache: Path
) -> None:
    first = examined(folders)
    again = examined(folders)
    assert isinstance(again.book and again.book.quarters, Quarters)
    if lost == "all":
        shutil.rmtree(cache)
    for file in cache.glob("*-1.kept"):
        file.unlink() if lost == "one" else file.write_bytes(b"damaged")
    assert same(first, again)


def test_a_workbook_that_changes_after_it_was_checked_is_not_taken_unchecked(
    folders: Folders, cache: Path
) -> None:
    examined(folders)
    again = examined(folders)
    shutil.rmtree(cache)
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
    )
    assert again.book is not None
    with pytest.raises(ChangedMeanwhileError, match=r"Q1\.xlsx was changed while the command ran"):
        again.book.quarters[1]


@pytest.mark.processes
def test_runs_at_once_with_one_cache_that_is_removed_again_and_again_all_succeed(
    folders: Folders, cache: Path, root: Path
) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        f"sys.path.insert(0, {str(root)!r})\n"
        "from deliverables.examination import examine\n"
        "from deliverables.folders import Folders\n"
        "for _ in range(6):\n"
        "    (found,) = examine(Folders(Path(sys.argv[1]), Path(sys.argv[2])))\n"
        "    assert found.book.quarters[1].cover.quarter == 1\n"
    )
    command = [sys.executable, "-c", program, str(folders.data), str(folders.out)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    while any(one.poll() is None for one in running):
        shutil.rmtree(cache, ignore_errors=True)
        time.sleep(0.02)
    assert [one.communicate()[1] for one in running] == [b"", b""]
    assert [one.returncode for one in running] == [0, 0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_with_the_name_of_a_workbook_is_not_waited_for(folders: Folders) -> None:
    os.mkfifo(folders.data / builders.NUMBER / "notes.xlsx")
    os.mkfifo(folders.data / builders.NUMBER / "operations" / "Q2.xlsx")
    found = examined(folders)
    assert [problem.code for problem in found.problems if not found.sound] == ["file-unreadable"]
