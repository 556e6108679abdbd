"""deliverables check: what is wrong, where, and how many; told with errors first."""

from __future__ import annotations

from pathlib import Path

import builders
from finished import Run


def test_check_of_sound_data_ends_with_code_0(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "HT-2026-001: 0 errors, 0 warnings, 0 gaps" in result.stderr


def test_check_prints_every_assumption_with_its_setting(run: Run) -> None:
    assert "(setting: service.term_convention)" in run("check").stdout


def test_check_of_broken_data_says_where_and_ends_with_code_1(run: Run) -> None:
    builders.break_instalments(Path("data/HT-2026-001"))
    result = run("check")
    assert result.exit_code == 1
    assert "data/HT-2026-001/contract.yaml:" in result.stdout
    assert "error[instalment-total] instalments sum to 1,000,000.01" in result.stdout


def test_check_of_many_contracts_tells_errors_first_and_each_assumption_once(run: Run) -> None:
    for number in ("HT-2026-002", "HT-2026-003"):
        folder = builders.copy_of_contract(Path("data"), number)
    builders.break_instalments(folder)
    few = run("check")
    assert few.stdout.startswith("data/HT-2026-003/")
    assert "error[instalment-total]" in few.stdout.splitlines()[0]
    assert "assumed[" not in few.stdout
    assert "3 contracts, of which 1 have errors: HT-2026-003; " in few.stderr
    told = [line for line in run("check", "--assumptions").stdout.splitlines() if "]" in line]
    term = [line for line in told if "assumed[term-convention]" in line]
    assert len(term) == 1
    assert "contracts:" not in term[0]


def test_check_tells_of_a_register_that_somebody_edited(run: Run) -> None:
    run("build", "payment_request", "--period", "1", "--as-of", "2026-08-03")
    register = Path("out", builders.NUMBER, "register.jsonl")
    register.write_text(register.read_text("utf-8").replace("2026-08-03", "2026-08-04"), "utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "error[register-" in result.stdout
