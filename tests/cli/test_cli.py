"""The command as a person meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import builders
import pytest
from click.testing import CliRunner, Result

from deliverables.cli import COMMANDS, main
from deliverables.version import __version__

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def break_instalments(folder: Path) -> None:
    builders.edit(folder, {"file": "contract.yaml", "replace": "600,000.00", "with": "600,000.01"})


def test_check_of_sound_data_ends_with_code_0(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "HT-2026-001: 0 errors, 0 warnings, 0 gaps" in result.stderr


def test_check_prints_every_assumption_with_its_setting(run: Run) -> None:
    assert "(setting: service.term_convention)" in run("check").stdout


def test_check_of_broken_data_says_where_and_ends_with_code_1(run: Run) -> None:
    break_instalments(Path("data/HT-2026-001"))
    result = run("check")
    assert result.exit_code == 1
    assert "data/HT-2026-001/contract.yaml:" in result.stdout
    assert "error[instalment-total] instalments sum to 1,000,000.01" in result.stdout


def test_check_of_many_contracts_tells_errors_first_and_each_assumption_once(run: Run) -> None:
    for number in ("HT-2026-002", "HT-2026-003"):
        folder = builders.copy_of_contract(Path("data"), number)
    break_instalments(folder)
    few = run("check")
    assert few.stdout.startswith("data/HT-2026-003/")
    assert "error[instalment-total]" in few.stdout.splitlines()[0]
    assert "assumed[" not in few.stdout
    assert "3 contracts, of which 1 have errors: HT-2026-003; " in few.stderr
    told = [line for line in run("check", "--assumptions").stdout.splitlines() if "]" in line]
    term = [line for line in told if "assumed[term-convention]" in line]
    assert len(term) == 1
    assert "contracts:" not in term[0]


def test_plan_says_what_is_ready_what_is_not_and_why(run: Run) -> None:
    result = run("plan", "--as-of", "2026-08-03")
    assert result.exit_code == 0
    lines = {tuple(line.split()[:2]): line for line in result.stdout.splitlines() if line.strip()}
    assert "ready" in lines["季度报告", "Q1"]
    assert "not yet possible" in lines["季度报告", "Q2"]
    assert "2026-06-29" in lines["付款申请函", "1"]


def test_plan_prints_a_provisional_deadline_as_a_range(run: Run) -> None:
    builders.edit(
        Path("data/HT-2026-001"),
        {
            "file": "ledger.xlsx",
            "sheet": "验收",
            "row": 3,
            "values": ["最终", "2027-04-20", "2027-04-29", "通过", "验收单", "验收单"],
        },
    )
    facts = json.loads(run("plan", "--as-of", "2027-05-10", "--format", "json").stdout)["contracts"]
    (final,) = [one for one in facts[0]["deliverables"] if one["part"] == "2"]
    assert final["due_is_provisional"] is True
    assert "暂定" in final["due"]


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


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("bild",), "Did you mean 'build'?"),
        (("build", "quarterly_reprt"), "did you mean quarterly_report?"),
        (
            ("build", "--period", "Q9"),
            "no deliverable matches Q9: see deliverables plan; there are Q1, Q2, Q3, Q4",
        ),
        (("build", "Q13"), "there are Q1, Q2, Q3, Q4"),
        (("build", "--period", "anual"), "did you mean annual?"),
        (("build", "--peroid", "Q1"), "Did you mean '--period'?"),
        (("pack", "9", "--as-of", "2026-08-03"), "no contract has an instalment 9; there are 1, 2"),
        (("check", "--contract", "HT-9"), "data holds no contract HT-9"),
        (("check", "--contract", "HT-2026-01"), "did you mean HT-2026-001?"),
        (("plan", "--asof", "2026-08-03"), "Did you mean '--as-of'?"),
        (("template", "chek"), "Did you mean 'check'?"),
        (("--data", "nowhere", "check"), "there is no folder nowhere"),
        (("--data", "data/HT-2026-001", "check"), "deliverables new NO makes one for a first"),
        (("kinds", "letter"), "there is no kind letter"),
    ],
)
def test_wrong_use_is_answered_with_what_would_be_right(
    run: Run, words: tuple[str, ...], answer: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert answer in result.stderr


def test_one_broken_contract_does_not_stop_the_others(run: Run) -> None:
    other = Path("data/HT-2026-002")
    builders.project(Path("other"))
    Path("other/HT-2026-001").rename(other)
    text = (other / "contract.yaml").read_text("utf-8")
    (other / "contract.yaml").write_text(text.replace("HT-2026-001", "HT-2026-002"), "utf-8")
    break_instalments(Path("data/HT-2026-001"))
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert result.exit_code == 4
    assert "HT-2026-001: nothing was made" in result.stderr
    assert "out/HT-2026-002/Q1/" in result.stdout


def test_verify_proves_what_was_made(run: Run) -> None:
    run("build", "--due", "--as-of", "2026-08-03")
    result = run("verify")
    assert result.exit_code == 0
    assert "HT-2026-001_付款申请函_第1期_草稿.docx: proved" in result.stdout


def test_verify_notices_a_changed_digit(run: Run) -> None:
    run("build", "--due", "--as-of", "2026-08-03")
    letter = Path("out/HT-2026-001/payments/HT-2026-001_付款申请函_第1期_草稿.docx")
    rewrite(letter, "400,000.00", "400,000.10")
    result = run("verify", str(letter))
    assert result.exit_code == 3
    assert "400,000.10" in result.stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_wrong_identity_number_is_noticed_and_never_repeated(run: Run, form: str) -> None:
    run("build", "confidentiality_agreement", "--period", "S001", "--as-of", "2026-08-03")
    (agreement,) = Path("out/HT-2026-001/staff").glob("*S001*.docx")
    rewrite(agreement, "999999199001010016", "999999199001010024")
    result = run("verify", str(agreement), "--format", form)
    assert result.exit_code == 3
    said = result.stdout + result.stderr
    assert "**************0016" in said
    assert "99999919900101" not in said


def rewrite(document: Path, old: str, new: str) -> None:
    with ZipFile(document) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old.encode() in parts["word/document.xml"]
    with ZipFile(document, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content.replace(old.encode(), new.encode()))


def test_verify_says_that_it_does_not_know_a_file(run: Run) -> None:
    Path("other.docx").write_bytes(b"")
    result = run("verify", "other.docx")
    assert result.exit_code == 2
    assert "no register knows this file" in result.stderr


def test_status_names_the_input_that_changed(run: Run) -> None:
    run("build", "--due", "--as-of", "2026-08-03")
    builders.edit(
        Path("data/HT-2026-001"),
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
    )
    result = run("status")
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if "季度报告" in line]
    assert "stale" in line
    assert "HT-2026-001/operations/Q1.xlsx" in line


def test_status_before_anything_was_made_says_what_to_do(run: Run) -> None:
    assert "nothing has been made yet: deliverables build --due" in run("status").stderr


def test_kinds_lists_the_names_a_template_may_use(run: Run) -> None:
    result = run("kinds", "payment_request")
    assert result.exit_code == 0
    assert "{{ contract_number }}" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("plan", "--as-of", "2026-08-03"),
        ("build", "--due", "--as-of", "2026-08-03"),
        ("verify",),
        ("status",),
        ("status", "--figures"),
        ("acceptance",),
        ("finance", "--as-of", "2026-08-03"),
        ("kinds",),
        ("kinds", "payment_request"),
    ],
    ids=" ".join,
)
def test_every_answer_can_be_had_as_json(run: Run, words: tuple[str, ...]) -> None:
    assert json.loads(run(*words, "--format", "json").stdout)["version"] == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example(run: Run, command: str) -> None:
    assert f"deliverables {command}" in run(command, "--help").stdout


@pytest.mark.processes
def test_python_m_deliverables_is_the_command(root: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "deliverables", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
    )
    assert answer.stdout == f"deliverables {__version__}\n"


def test_check_tells_of_a_register_that_somebody_edited(run: Run) -> None:
    run("build", "payment_request", "--period", "1", "--as-of", "2026-08-03")
    register = Path("out", builders.NUMBER, "register.jsonl")
    register.write_text(register.read_text("utf-8").replace("2026-08-03", "2026-08-04"), "utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "error[register-" in result.stdout


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
