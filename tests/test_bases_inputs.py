"""The input files of documents are kept as they were, by what they hold; rosters are not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from deliverables.bases import Inputs
from deliverables.files.digest import sha256_of
from deliverables.files.placement import Transaction


def hashes(data: Path, *names: str) -> dict[str, str]:
    return {name: sha256_of(data / name) for name in names}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "HT-1"
    (folder / "operations").mkdir(parents=True)
    for name in ("contract.yaml", "operations/Q1.xlsx", "staff.xlsx"):
        (folder / name).write_text(f"{name} as it was", "utf-8")
    return tmp_path / "data"


def keep(out: Path, data: Path, inputs: dict[str, str]) -> None:
    with Transaction(out) as change:
        Inputs(out / "inputs").keep(data, inputs, change)


NAMES = ("HT-1/contract.yaml", "HT-1/operations/Q1.xlsx", "HT-1/staff.xlsx")


def test_files_are_laid_out_as_they_were(data: Path, tmp_path: Path) -> None:
    then = hashes(data, *NAMES)
    keep(tmp_path, data, then)
    (data / "HT-1" / "contract.yaml").write_text("another", "utf-8")
    missing = Inputs(tmp_path / "inputs").lay_out(then, tmp_path / "then")
    laid = tmp_path / "then" / "HT-1"
    assert missing == ("HT-1/staff.xlsx",)
    assert (laid / "contract.yaml").read_text("utf-8") == "contract.yaml as it was"
    assert (laid / "operations" / "Q1.xlsx").read_text("utf-8") == "operations/Q1.xlsx as it was"


def test_a_file_that_changed_after_it_was_read_is_passed_over(data: Path, tmp_path: Path) -> None:
    then = hashes(data, NAMES[0])
    (data / "HT-1" / "contract.yaml").write_text("another", "utf-8")
    keep(tmp_path, data, then)
    assert Inputs(tmp_path / "inputs").lay_out(then, tmp_path / "then") == (NAMES[0],)


def test_a_kept_file_that_somebody_changed_is_not_laid_out(data: Path, tmp_path: Path) -> None:
    then = hashes(data, NAMES[0])
    keep(tmp_path, data, then)
    (tmp_path / "inputs" / then[NAMES[0]]).write_text("forged", "utf-8")
    assert Inputs(tmp_path / "inputs").lay_out(then, tmp_path / "then") == (NAMES[0],)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")
def test_what_is_kept_is_for_its_owner_alone(data: Path, tmp_path: Path) -> None:
    keep(tmp_path, data, hashes(data, NAMES[0]))
    (kept,) = (tmp_path / "inputs").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
