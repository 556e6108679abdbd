"""A person mends the prose, the data are corrected, and the document is sealed with both.

Edited, saved by LibreOffice under another name in another folder, verified, made anew with the
edits, approved and made final.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import builders
import office
import pytest
from edited import (
    DAY,
    LETTER,
    Run,
    W,
    edited,
    paragraph_with,
    replaced,
    with_a_letter,
    words,
)
from lxml import etree

pytestmark = pytest.mark.thorough

FINAL = Path("out/HT-2026-001/payments/定稿/HT-2026-001_付款申请函_第1期.docx")
OLD, NEW = "现申请支付", "现谨此申请支付"
ADDED = "本次申请所附材料均已备齐。"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project whose first letter is made."""
    return with_a_letter(tmp_path, monkeypatch)


def mended(body: etree._Element) -> None:
    """Mend a sentence, and add another behind it."""
    replaced(body, OLD, NEW)
    added = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(added, f"{W}r"), f"{W}t").text = ADDED
    paragraph_with(body, NEW).addnext(added)


def text_of(document: Path) -> str:
    with ZipFile(document) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    return "\n".join(map(words, body.iter(f"{W}p")))


def account_of(run: Run, file: Path) -> dict[str, Any]:
    answer: dict[str, Any]
    (answer,) = json.loads(run("verify", str(file), "--format", "json").stdout)["files"]
    return answer


def correct_a_cell(old: str, new: str) -> None:
    builders.edit(Path("data/HT-2026-001"), {"file": "contract.yaml", "replace": old, "with": new})


@pytest.mark.office
def test_edits_survive_a_corrected_cell_and_are_sealed_once_they_are_approved(
    run: Run, tmp_path: Path
) -> None:
    mine = edited(LETTER, tmp_path / "mine" / "letter.docx", mended)
    (copy,) = office.saved_again([mine], tmp_path / "elsewhere")
    copy = copy.rename(copy.with_name("付款函（改）.docx"))

    told = run("verify", str(copy))
    assert told.exit_code == 0, told.output
    assert "proved; 2 passages were edited" in told.stdout
    assert OLD in told.stdout
    assert NEW in told.stdout
    assert ADDED in told.stdout
    assert account_of(run, copy)["since"] == []

    correct_a_cell("示范银行", "示范银行呼和浩特分行")
    answer = account_of(run, copy)
    assert [one["severity"] for one in answer["people"]] == ["edit", "edit"]
    assert [one["now"] for one in answer["since"] if one["printed"]] == ["示范银行呼和浩特分行"]

    made = run("build", "--edits-from", str(copy), *DAY)
    assert made.exit_code == 0, made.output
    assert "2 edited passages were put back" in made.stdout
    assert NEW in text_of(LETTER)
    assert ADDED in text_of(LETTER)
    assert "示范银行呼和浩特分行" in text_of(LETTER)
    office.validate_ooxml(LETTER)
    answer = account_of(run, LETTER)
    assert (len(answer["people"]), answer["since"]) == (2, [])

    refused = run("final", str(LETTER), "--no-pdf", *DAY)
    assert refused.exit_code == 1
    assert "error[final-edits]" in refused.stderr
    first, _ = (one["passage"] for one in answer["people"])
    still = run("final", str(LETTER), "--no-pdf", *DAY, "--approve", first, "--by", "王敏",
                "--role", "项目经理")  # fmt: skip
    assert "1 passages were edited and are not approved" in still.stderr
    assert not FINAL.exists()
    done = run("final", str(LETTER), "--no-pdf", *DAY, "--approve", "all", "--by", "李华",
               "--role", "法务")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert NEW in text_of(FINAL)
    told = run("verify", str(FINAL))
    assert told.exit_code == 0
    assert "proved; it is as it was made" in told.stdout


def test_a_passage_that_the_data_changed_too_is_a_conflict_and_the_new_words_stand(
    run: Run, tmp_path: Path
) -> None:
    copy = edited(LETTER, tmp_path / "copy.docx", lambda body: replaced(body, OLD, NEW))
    correct_a_cell("name: 政务云运维服务", "name: 政务云运维服务（续）")
    made = run("build", "--edits-from", str(copy), *DAY)
    assert made.exit_code == 0, made.output
    assert "1 passages could not be put back" in made.stderr
    assert "the data changed these words too" in made.stderr
    assert NEW not in text_of(LETTER)
    assert "（续）" in text_of(LETTER)


def test_an_edited_draft_is_made_anew_where_it_lies_with_its_edits(run: Run) -> None:
    edited(LETTER, LETTER, mended)
    same = run("build", "payment_request", "--period", "1", "--keep-edits", *DAY)
    assert "the data say what they said" in same.stdout
    correct_a_cell("示范银行", "示范银行呼和浩特分行")
    kept = run("build", "payment_request", "--period", "1", *DAY)
    assert "--keep-edits makes it anew" in kept.stdout
    made = run("build", "payment_request", "--period", "1", "--keep-edits", *DAY)
    assert "2 edited passages were put back" in made.stdout
    assert "示范银行呼和浩特分行" in text_of(LETTER)
    assert NEW in text_of(LETTER)
    assert LETTER.with_name(f"{LETTER.stem}_旧1.docx").exists()
    again = run("build", "payment_request", "--period", "1", *DAY)
    assert "edited by hand, so kept" in again.stdout


def test_an_approval_lapses_when_the_words_are_changed_again(run: Run) -> None:
    edited(LETTER, LETTER, lambda body: replaced(body, OLD, NEW))
    names = ("--by", "王敏", "--role", "项目经理")
    number = ("--no-pdf", "--number", "x" * 99)  # which is refused, so that it stays a draft
    given = run("final", str(LETTER), *DAY, *number, "--approve", "all", *names)
    assert "final-edits" in given.stderr  # the number is wrong: nothing of it was recorded
    run("final", str(LETTER), "--no-pdf", *DAY, "--date", "2026-08-03", "--approve", "all", *names)
    edited(LETTER, LETTER, lambda body: replaced(body, NEW, f"{NEW}（再改）"))
    refused = run("final", str(LETTER), "--no-pdf", *DAY, "--replace")
    assert "1 passages were edited and are not approved" in refused.stderr


def test_an_approval_says_by_whom(run: Run) -> None:
    assert run("final", str(LETTER), "--approve", "all").exit_code == 2


def test_an_approval_of_a_passage_that_is_none_is_refused(run: Run) -> None:
    names = ("--by", "王敏", "--role", "项目经理")
    refused = run("final", str(LETTER), "--no-pdf", "--approve", "ffff", *names)
    assert "error[final-approval] --approve ffff: no edited passage begins so" in refused.stderr


def test_without_its_base_nobody_can_tell_what_was_edited(run: Run) -> None:
    (bases,) = Path("out").glob("*/bases.jsonl")
    bases.unlink()
    refused = run("final", str(LETTER), "--no-pdf")
    assert "error[final-base]" in refused.stderr
    assert "restore bases.jsonl from a copy" in refused.stderr
