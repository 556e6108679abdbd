"""deliverables diff of two files: with what the registers know of either, or as texts."""

from __future__ import annotations

from pathlib import Path

import builders
import finished
import pytest
from finished import AGREEMENT, CONTRACT, REPORT, changed_figures, diff_facts, rewrite, run
from places import ROOT

pytestmark = pytest.mark.thorough


ENDED = "behind it: operations/Q1.xlsx[中断]!C3 2026-05-07 00:20 → 2026-05-07 01:20"


@pytest.fixture(autouse=True)
def in_a_finished_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finished.put_into(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_two_versions_are_compared_with_what_the_register_knows_of_both() -> None:
    Path("before.docx").write_bytes(Path(REPORT).read_bytes())
    finished.lengthen_the_outage()
    finished.make_documents()
    found = diff_facts("before.docx", REPORT)
    assert changed_figures(found)["scorecard[0].actual"] == ("99.9771%", "99.9313%")
    assert found["changed_inputs"] == ["HT-2026-001/operations/Q1.xlsx"]
    assert ENDED in run("diff", "before.docx", REPORT).stdout
    assert changed_figures(diff_facts(REPORT, "before.docx"))["scorecard[0].actual"] == (
        "99.9313%",
        "99.9771%",
    )


def test_the_version_that_was_set_aside_is_known() -> None:
    rewrite(REPORT, ("本季度平台运行平稳。", "本季度平台运行总体平稳。"))
    finished.make_documents(replace_edited=True)
    aside = REPORT.replace(".docx", "_旧1.docx")
    answer = run("diff", aside, REPORT)
    assert "no register knows" not in answer.stderr
    assert "本季度平台运行总体平稳 → 本季度平台运行平稳\n" in answer.stdout


def test_two_files_that_nobody_knows_are_compared_as_texts() -> None:
    for name, text in (("one.docx", "一号楼"), ("two.docx", "二号楼")):
        Path(name).write_bytes(Path(REPORT).read_bytes())
        rewrite(name, ("示范单位政务云运维服务项目", text))
    for register in Path("out").glob("*/register.jsonl"):
        register.unlink()
    found = diff_facts("one.docx", "two.docx")
    assert found["figures"] == []
    assert [("一号楼" in one["before"], "二号楼" in one["after"]) for one in found["texts"]] == [
        (True, True)
    ]


def test_one_file_that_nobody_knows_is_wrong_use() -> None:
    Path("other.docx").write_bytes((ROOT / "templates" / "payment_request.docx").read_bytes())
    answer = run("diff", "other.docx")
    assert answer.exit_code == 2
    assert "no register knows this file" in answer.stderr


def test_something_that_is_no_document_is_wrong_use() -> None:
    Path("other.docx").write_bytes(b"no document")
    answer = run("diff", REPORT, "other.docx")
    assert answer.exit_code == 2
    assert "the file is damaged, or no .docx" in answer.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_identity_numbers_then_and_now_are_masked(form: str) -> None:
    builders.edit(
        CONTRACT,
        {"file": "staff.xlsx", "sheet": "人员名册", "cell": "D3", "value": "999999199001010024"},
    )
    answer = run("diff", AGREEMENT, "--format", form)
    assert answer.exit_code == 0
    assert "**************0016" in answer.stdout
    assert "**************0024" in answer.stdout
    assert "99999919900101" not in answer.stdout + answer.stderr


def test_an_identity_number_in_unknown_files_is_masked() -> None:
    for name, number in (("one.docx", "999999199001010016"), ("two.docx", "999999199001010024")):
        Path(name).write_bytes(Path(AGREEMENT).read_bytes())
        if number != "999999199001010016":
            rewrite(name, ("999999199001010016", number))
    for register in Path("out").glob("*/register.jsonl"):
        register.unlink()
    said = run("diff", "one.docx", "two.docx").stdout
    assert "0016" in said
    assert "99999919900101" not in said


def test_the_page_numbers_that_word_counts_are_no_difference() -> None:
    rewrite(REPORT, ("<w:t>…</w:t>", "<w:t>7</w:t>"))
    assert run("diff", REPORT).stdout == "nothing differs\n"
