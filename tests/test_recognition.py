"""Which recorded document a file is: by its properties or its words, whoever changed what in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import builders
import pytest
from edited import (
    AGREEMENT,
    DAY,
    LETTER,
    Run,
    W,
    edited,
    replaced,
    with_a_letter,
)
from lxml import etree
from places import ROOT

from deliverables.model.roster_sheets import Roster

pytestmark = pytest.mark.thorough


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project whose first letter is made."""
    return with_a_letter(tmp_path, monkeypatch)


def test_a_renamed_copy_without_properties_is_known_by_its_words(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.docx"
    with ZipFile(LETTER) as package, ZipFile(copy, "w") as bare:
        for name in package.namelist():
            content = package.read(name)
            if name == "docProps/custom.xml":
                content = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
            bare.writestr(name, content)
    told = run("verify", str(copy))
    assert told.exit_code == 0, told.output
    assert "known by its words" in told.stdout


def test_a_file_that_nothing_recorded_is_like_is_unknown(run: Run) -> None:
    other = edited(LETTER, Path("other.docx"), lambda body: body[0].clear())
    told = run("--out", "nowhere", "verify", str(other))
    assert told.exit_code == 2
    assert "no register here knows" in told.stderr


def test_a_copy_that_was_made_over_for_somebody_else_is_an_error(run: Run, tmp_path: Path) -> None:
    other = {"编号": "S002", "姓名": "李四", "证件号码": "999999199001010032"}
    people = [builders.FIRST_PERSON, {**builders.FIRST_PERSON, **other}]
    roster = builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": people})
    roster.save("data/HT-2026-001/staff.xlsx")
    assert run("build", "confidentiality_agreement", *DAY).exit_code == 0

    def made_over(body: etree._Element) -> None:
        for piece in body.iter(f"{W}t"):
            for label, words in other.items():
                piece.text = (piece.text or "").replace(builders.FIRST_PERSON[label], words)

    copy = edited(AGREEMENT, tmp_path / "李四.docx", made_over)
    told = run("verify", str(copy))
    assert told.exit_code == 3
    assert "the file says it is confidentiality_agreement/S001, but its words" in told.stdout
    assert "999999199001010032" not in told.output


def test_a_file_of_a_newer_version_asks_for_an_update_and_has_no_findings(run: Run) -> None:
    newer = Path("newer.docx")
    with ZipFile(LETTER) as package, ZipFile(newer, "w") as written:
        for name in package.namelist():
            content = package.read(name)
            if name == "docProps/custom.xml":
                content = content.replace(b">1</vt:lpwstr></property></Properties>",
                                          b">2</vt:lpwstr></property></Properties>")  # fmt: skip
            written.writestr(name, content)
    told = run("verify", str(newer), "--format", "json")
    assert told.exit_code == 2
    (answer,) = json.loads(told.stdout)["files"]
    assert "update" in answer["reason"]
    assert "people" not in answer


def test_a_blank_that_was_filled_in_with_what_the_roster_says_is_nothing(
    run: Run, tmp_path: Path
) -> None:
    made = run("build", "confidentiality_agreement", "--no-id", *DAY)
    assert made.exit_code == 0, made.output
    number = str(builders.FIRST_PERSON["证件号码"])

    def fill_in(body: etree._Element, written: str) -> None:
        replaced(body, "＿" * 12, written)

    right = edited(AGREEMENT, tmp_path / "right.docx", lambda body: fill_in(body, number))
    wrong = edited(AGREEMENT, tmp_path / "wrong.docx", lambda body: fill_in(body, number[::-1]))
    assert run("verify", str(right)).exit_code == 0
    told = run("verify", str(wrong))
    assert told.exit_code == 3
    assert number[::-1] not in told.output


def test_a_template_of_ones_own_that_is_not_given_is_asked_for(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(ROOT / "templates", own)
    edited(own / "payment_request.docx", own / "payment_request.docx",
           lambda body: replaced(body, "申请支付", "特申请支付"))  # fmt: skip
    run("--templates", str(own), "build", "payment_request", "--period", "1", *DAY)
    without = run("verify", str(LETTER))
    assert without.exit_code == 0
    assert "give its folder with --templates" in without.stdout
    assert "--templates" not in run("--templates", str(own), "verify", str(LETTER)).stdout
