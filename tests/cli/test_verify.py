"""deliverables verify: what was made is proved, and a changed digit noticed."""

from __future__ import annotations

import re
from pathlib import Path

import builders
import finals
import finished
import pytest
from finished import Run, rewrite

from deliverables.folders import Folders


def test_verify_proves_what_was_made(run: Run) -> None:
    run("build", "--due", "--as-of", "2026-08-03")
    result = run("verify")
    assert result.exit_code == 0
    assert "HT-2026-001_付款申请函_第1期_草稿.docx: proved" in result.stdout
    told = re.search(r"^documents: (\d+) \(proved, as made (\d+)\)$", result.stderr, re.MULTILINE)
    assert told is not None
    assert int(told[1]) == int(told[2]) == result.stdout.count(": proved")


def test_after_what_was_made_from_sample_data_no_final_is_next(run: Run) -> None:
    sample = {"file": "staff.xlsx", "sheet": "说明", "cell": "B2", "value": "是"}
    builders.edit(Path("data") / builders.NUMBER, sample)
    run("build", "confidentiality_agreement", "--period", "S001", "--as-of", "2026-08-03")
    assert "nothing made from sample data becomes final" in run("verify").stderr


def test_the_number_of_a_final_letter_is_no_change_and_nothing_is_next_for_it(run: Run) -> None:
    number = "示范函〔2026〕1号"
    letter = finals.final(Folders(Path("data"), Path("out")), finals.LETTER, number=number).file
    later = {"file": "staff.xlsx", "sheet": "人员名册", "cell": "B3", "value": "李四"}
    builders.edit(Path("data") / builders.NUMBER, later)
    for told in (run("verify", str(letter)), run("diff", str(letter))):
        assert told.exit_code == 0
        assert number not in told.stdout
        assert "next: deliverables final" not in told.stderr


def test_verify_notices_a_changed_digit(run: Run) -> None:
    run("build", "--due", "--as-of", "2026-08-03")
    letter = Path("out/HT-2026-001/payments/HT-2026-001_付款申请函_第1期_草稿.docx")
    rewrite(letter, ("400,000.00", "400,000.10"))
    result = run("verify", str(letter))
    assert result.exit_code == 3
    assert "400,000.10" in result.stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_wrong_identity_number_is_noticed_and_never_repeated(run: Run, form: str) -> None:
    run("build", "confidentiality_agreement", "--period", "S001", "--as-of", "2026-08-03")
    (agreement,) = Path("out/HT-2026-001/staff").glob("*S001*.docx")
    rewrite(agreement, ("999999199001010016", "999999199001010024"))
    result = run("verify", str(agreement), "--format", form)
    assert result.exit_code == 3
    said = result.stdout + result.stderr
    assert "**************0016" in said
    assert "99999919900101" not in said


def test_verify_says_that_it_does_not_know_a_file(run: Run) -> None:
    Path("other.docx").write_bytes(b"")
    result = run("verify", "other.docx")
    assert result.exit_code == 2
    assert "no register knows this file" in result.stderr


@pytest.mark.thorough
def test_verify_of_a_document_that_cannot_be_made_any_more_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished.put_into(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path(finished.WORKBOOK).unlink()
    answer = finished.run("verify", finished.REPORT)
    assert answer.exit_code == 0
    assert "operations/Q1.xlsx is missing" in answer.stdout
