"""What was made is put in place and recorded, with what it was made from; no file is lost."""

from __future__ import annotations

import os
import stat
from datetime import date

import builders
import pytest
from building import built

from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.register import read_register


def test_what_another_version_made_is_made_anew(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folders, date(2026, 8, 3))
    for module in ("plan", "draft", "recorder"):
        monkeypatch.setattr(f"deliverables.{module}.__version__", "9.9.9")
    builders.edit(folders.data / builders.NUMBER, {"file": "contract.yaml", "append": "# seen\n"})
    again = built(folders, date(2026, 8, 3))["payment_request/1"]
    assert again.result is Result.UNCHANGED  # byte for byte, but rendered and recorded anew
    entries, _ = read_register(folders.register(builders.NUMBER))
    assert {entry.version for entry in entries} == {"0.1.0", "9.9.9"}


def test_replacing_an_edited_draft_keeps_the_edited_file_beside_it(folders: Folders) -> None:
    file = built(folders, date(2026, 8, 3))["quarterly_report/Q1"].file
    assert file is not None
    file.write_bytes(b"mended by hand")
    again = built(folders, date(2026, 8, 3), replace_edited=True)["quarterly_report/Q1"]
    assert again.result is Result.MADE
    assert file.with_name(f"{file.stem}_旧1.docx").read_bytes() == b"mended by hand"


def test_a_file_the_register_does_not_know_is_never_overwritten(folders: Folders) -> None:
    made = built(folders, date(2026, 8, 3))["quarterly_report/Q1"].file
    assert made is not None
    folders.register(builders.NUMBER).unlink()
    made.write_bytes(b"somebody's own")
    built(folders, date(2026, 8, 3))
    assert made.with_name(f"{made.stem}_旧1.docx").read_bytes() == b"somebody's own"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")
def test_an_agreement_can_be_read_by_its_owner_alone(folders: Folders) -> None:
    file = built(folders, date(2026, 8, 3))["confidentiality_agreement/S001"].file
    assert file is not None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_register_names_the_inputs_that_the_figures_lead_back_to(folders: Folders) -> None:
    built(folders, date(2026, 8, 3))
    entries, _ = read_register(folders.register(builders.NUMBER))
    inputs = {entry.deliverable: sorted(entry.inputs) for entry in entries}
    assert inputs["confidentiality_agreement/S001"] == [
        f"{builders.NUMBER}/contract.yaml",
        f"{builders.NUMBER}/staff.xlsx",
    ]
