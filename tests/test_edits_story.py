"""A person mends the prose, the data are corrected, and the document is sealed with both.

Edited, saved by LibreOffice under another name in another folder, verified, made anew with the
edits, approved and made final.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import builders
import office
import pytest
from click.testing import CliRunner, Result
from lxml import etree
from places import ROOT

from deliverables.cli import main
from deliverables.model.roster_sheets import Roster

pytestmark = pytest.mark.thorough

Run = Callable[..., Result]
DAY = ("--as-of", "2026-08-03")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LETTER = Path("out/HT-2026-001/payments/HT-2026-001_付款申请函_第1期_草稿.docx")
FINAL = Path("out/HT-2026-001/payments/定稿/HT-2026-001_付款申请函_第1期.docx")
AGREEMENT = Path("out/HT-2026-001/staff/HT-2026-001_保密协议_S001_草稿.docx")
OLD, NEW = "现申请支付", "现谨此申请支付"
ADDED = "本次申请所附材料均已备齐。"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project whose first letter is made."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    assert invoke("build", "payment_request", "--period", "1", *DAY).exit_code == 0
    return invoke


def edited(document: Path, copy: Path, change: Callable[[etree._Element], None]) -> Path:
    """Save a document under another name after a change of its body."""
    with ZipFile(document) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    body = etree.fromstring(parts["word/document.xml"])
    change(body)
    parts["word/document.xml"] = etree.tostring(body, encoding="UTF-8", standalone=True)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(buffer.getvalue())
    return copy


def words(paragraph: etree._Element) -> str:
    return "".join(piece.text or "" for piece in paragraph.iter(f"{W}t"))


def paragraph_with(body: etree._Element, text: str) -> etree._Element:
    return next(one for one in body.iter(f"{W}p") if text in words(one))


def replaced(body: etree._Element, old: str, new: str) -> None:
    piece = next(one for one in body.iter(f"{W}t") if old in (one.text or ""))
    piece.text = (piece.text or "").replace(old, new)


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
    correct_a_cell("示范单位政务云运维服务项目", "示范单位政务云运维服务项目（续）")
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
           lambda body: replaced(body, "现申请支付", "现特申请支付"))  # fmt: skip
    run("--templates", str(own), "build", "payment_request", "--period", "1", *DAY)
    without = run("verify", str(LETTER))
    assert without.exit_code == 0
    assert "give its folder with --templates" in without.stdout
    assert "--templates" not in run("--templates", str(own), "verify", str(LETTER)).stdout
