"""A contract's folder becomes a book, and whatever is wrong with it problems with places."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import builders
import pytest

from deliverables.read.book import read_book
from deliverables.read.files import find_contracts
from deliverables.values.calendar import published_calendar
from deliverables.values.problem import Severity


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return builders.project(tmp_path / "data")


def test_a_sound_folder_becomes_a_book_without_problems(folder: Path) -> None:
    reading = read_book(folder, published_calendar())
    assert reading.problems == ()
    assert reading.book is not None
    assert reading.book.number == builders.NUMBER
    assert list(reading.book.quarters) == [1]
    assert reading.book.roster is not None
    assert reading.book.ledger is not None


def test_every_file_read_is_known_by_its_hash(folder: Path) -> None:
    book = read_book(folder, published_calendar()).book
    assert book is not None
    files = ["contract.yaml", "operations/Q1.xlsx", "staff.xlsx", "ledger.xlsx"]
    assert book.inputs == {
        f"{builders.NUMBER}/{name}": sha256((folder / name).read_bytes()).hexdigest()
        for name in files
    }


def test_problems_name_files_as_the_user_did(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent.parent)
    (folder / "staff.xlsx").write_bytes(b"")
    reading = read_book(Path("data") / builders.NUMBER, published_calendar())
    assert [str(problem.source) for problem in reading.problems] == [
        f"data/{builders.NUMBER}/staff.xlsx"
    ]


def test_the_folder_may_be_the_current_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    book = read_book(Path(), published_calendar()).book
    assert book is not None
    assert f"{builders.NUMBER}/contract.yaml" in book.inputs


def test_a_link_by_another_name_makes_no_second_contract_of_one(folder: Path) -> None:
    link = folder.with_name("HT-2026-002")
    link.symlink_to(folder, target_is_directory=True)
    reading = read_book(link, published_calendar())
    assert reading.book is None
    assert "the folder is called HT-2026-002" in str(reading.problems[0])


def test_a_quarter_that_has_not_come_yet_is_no_problem(folder: Path) -> None:
    (folder / "operations" / "Q1.xlsx").unlink()
    (folder / "operations").rmdir()
    reading = read_book(folder, published_calendar())
    assert reading.problems == ()
    assert reading.book is not None
    assert reading.book.quarters == {}


def test_a_broken_workbook_is_left_out_and_the_others_stay(folder: Path) -> None:
    (folder / "operations" / "Q1.xlsx").write_bytes(b"no workbook")
    reading = read_book(folder, published_calendar())
    assert [problem.severity for problem in reading.problems] == [Severity.ERROR]
    assert reading.book is not None
    assert reading.book.quarters == {}
    assert reading.book.roster is not None


def test_without_a_sound_contract_the_workbooks_are_read_for_their_problems(folder: Path) -> None:
    (folder / "contract.yaml").write_text("identity: [", "utf-8")
    (folder / "ledger.xlsx").write_bytes(b"")
    reading = read_book(folder, published_calendar())
    assert reading.book is None
    assert [problem.code for problem in reading.problems] == ["yaml-syntax", "file-empty"]


def test_an_empty_folder_raises_nothing(tmp_path: Path) -> None:
    reading = read_book(tmp_path, published_calendar())
    assert reading.book is None
    assert [problem.code for problem in reading.problems] == [
        "file-missing",
        "workbook-missing",
        "workbook-missing",
    ]


@pytest.mark.parametrize("name", ["~$Q2.xlsx", ".~lock.Q2.xlsx#", ".Q2.xlsx", "说明.txt"])
def test_lock_files_and_other_files_are_passed_over(folder: Path, name: str) -> None:
    (folder / "operations" / name).write_bytes(b"x")
    assert read_book(folder, published_calendar()).problems == ()


def test_contracts_are_found_by_any_of_their_files(folder: Path) -> None:
    data = folder.parent
    for name in ("B-2", "workdays", ".git", "empty"):
        (data / name).mkdir()
    (data / "B-2" / "ledger.xlsx").write_bytes(b"")
    (data / "workdays" / "2027.json").write_text("{}", "utf-8")
    (data / "notes.txt").write_text("", "utf-8")
    assert [found.name for found in find_contracts(data)] == ["B-2", builders.NUMBER]
    assert find_contracts(data / "nowhere") == ()
