"""deliverables build: what is made, what is blocked, and what a batch can be limited to."""

from __future__ import annotations

import json
from pathlib import Path

import builders
from finished import Run


def test_build_due_makes_what_can_be_made_and_reports_the_rest(run: Run) -> None:
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert result.exit_code == 0
    assert "made  out/HT-2026-001/Q1/HT-2026-001_季度报告_Q1_草稿.docx" in result.stdout
    assert "not yet possible  季度报告 Q2" in result.stdout
    assert Path("out/HT-2026-001/Q1/HT-2026-001_季度报告_Q1_草稿.docx").is_file()


def test_build_of_a_blocked_document_by_name_ends_with_code_1(run: Run) -> None:
    result = run("build", "quarterly_report", "--period", "Q2", "--as-of", "2026-11-02")
    assert result.exit_code == 1
    assert "operations/Q2.xlsx is missing" in result.stdout


def test_of_many_reasons_build_tells_the_first_and_full_tells_all(run: Run) -> None:
    late = ("build", "quarterly_report", "--period", "Q4", "--as-of", "2027-05-04")
    brief, whole = run(*late).stdout, run(*late, "--full").stdout
    assert "operations/Q2.xlsx is missing, blank or unreadable: fill it in first (and 2 more)" in (
        brief
    )
    assert [f"operations/Q{n}.xlsx" in whole for n in (2, 3, 4)] == [True] * 3


def test_of_a_letter_nobody_is_told_that_its_contents_lack_pages(run: Run) -> None:
    letter = ("build", "payment_request", "--period", "1", "--as-of", "2026-08-03")
    assert "contents" not in run(*letter, "--no-pages").output


def test_build_without_a_wish_is_wrong_use(run: Run) -> None:
    result = run("build")
    assert result.exit_code == 2
    assert "say what to build" in result.stderr


def test_one_broken_contract_does_not_stop_the_others(run: Run) -> None:
    other = Path("data/HT-2026-002")
    builders.project(Path("other"))
    Path("other/HT-2026-001").rename(other)
    text = (other / "contract.yaml").read_text("utf-8")
    (other / "contract.yaml").write_text(text.replace("HT-2026-001", "HT-2026-002"), "utf-8")
    builders.break_instalments(Path("data/HT-2026-001"))
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert result.exit_code == 4
    assert "HT-2026-001: nothing was made" in result.stderr
    assert "out/HT-2026-002/Q1/" in result.stdout


class TestABatchOfSome:
    """What `build --due` makes can be limited to a group of kinds and to contracts by a pattern."""

    def made(self, run: Run, *words: str) -> set[tuple[str, str]]:
        told = run("build", "--due", "--as-of", "2026-08-03", "--no-pages", "--format", "json",
                   *words)  # fmt: skip
        assert told.exit_code == 0, told.output
        contracts = json.loads(told.stdout)["contracts"]
        return {(contract["contract"], one["kind"]) for contract in contracts
                for one in contract["documents"] if one["result"] == "made"}  # fmt: skip

    def test_agreements_and_then_reports_and_then_the_rest(self, run: Run) -> None:
        assert {kind for _, kind in self.made(run, "--agreements")} == {
            "confidentiality_agreement", "confidentiality_coverage",
        }  # fmt: skip
        assert {kind for _, kind in self.made(run, "--reports")} == {"quarterly_report"}
        assert {kind for _, kind in self.made(run, "--letters")} == {
            "payment_request", "settlement_statement",
        }  # fmt: skip

    def test_contracts_by_a_pattern(self, run: Run) -> None:
        for number in ("HT-2026-002", "HT-2027-001"):
            builders.copy_of_contract(Path("data"), number)
        made = self.made(run, "--agreements", "--contract", "HT-2026-*")
        assert {contract for contract, _ in made} == {"HT-2026-001", "HT-2026-002"}
