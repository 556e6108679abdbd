"""A fault of the program ends no batch, is told in one line, and ends the command with code 70."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import builders
import pytest
from click.testing import CliRunner, Result
from finished import Run

from deliverables import acceptance, agenda, draft, examination, plan, progress
from deliverables.cli import main
from deliverables.compute import account
from deliverables.finance import tasks
from deliverables.model.book import ContractBook

FLEET = ("HT-2026-001", "HT-2026-002", "HT-2026-003")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with three small sound contracts."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    for number in FLEET[1:]:
        builders.copy_of_contract(Path("data"), number)
    return lambda *words: CliRunner().invoke(main, ["--lang", "en", *words])


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Plant an exception where something is done for one contract."""

    def planted(module: object, name: str, contract: str, fault: Exception) -> None:
        honest = getattr(module, name)

        def fails(*given: object, **named: object) -> object:
            if contract in " ".join(map(_named, given)):
                raise fault
            return honest(*given, **named)

        monkeypatch.setattr(module, name, fails)

    return planted


def _named(given: object) -> str:
    """Return a contract by its number, which its whole text would take long to write."""
    return given.number if isinstance(given, ContractBook) else str(given)


def made(result: Result) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in result.stdout.splitlines():
        what, _, where = line.partition("  ")
        if what == "made":
            found.setdefault(where.split("/")[1], set()).add(where.split("/")[2])
    return found


def told(result: Result) -> list[str]:
    return [line for line in result.stderr.splitlines() if "a fault of the program" in line]


NUMBER = "999999199003071234"


def test_in_one_document_it_leaves_all_others(run: Run, plant: Callable[..., None]) -> None:
    plant(draft, "compose", "contract='HT-2026-002', part='Q1'", ZeroDivisionError(NUMBER))
    whole = {"Q1", "payments", "staff"}
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert result.exit_code == 70
    assert made(result) | {FLEET[1]: whole} == dict.fromkeys(FLEET, whole)
    (failed,) = (line for line in result.stdout.splitlines() if line.startswith("failed"))
    assert "Q1" in failed


@pytest.mark.parametrize(
    ("module", "name"), [(examination, "_read_and_checked"), (plan, "plan"), (draft, "compose")]
)
def test_in_one_contract_it_leaves_all_others(
    module: object, name: str, run: Run, plant: Callable[..., None]
) -> None:
    plant(module, name, FLEET[1], ZeroDivisionError(NUMBER))
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert result.exit_code == 70
    assert {FLEET[0], FLEET[2]} == made(result).keys()


def test_it_is_told_in_one_line_with_a_private_file_that_holds_no_value(
    run: Run, plant: Callable[..., None]
) -> None:
    plant(examination, "_read_and_checked", FLEET[1], ZeroDivisionError(NUMBER))
    result = run("build", "--due", "--as-of", "2026-08-03", "--contract=HT-2026-002")
    (line,) = told(result)
    file = Path(line.partition("send ")[2].partition(" to whoever")[0])
    content = file.read_text("utf-8")
    assert "ZeroDivisionError: …" in content
    assert "build --lang --due --as-of --contract" in content
    assert NUMBER not in content
    assert "HT-2026" not in content
    assert "2026-08-03" not in content
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("command", ["check", "plan", "overview", "finance", "ledger"])
def test_other_commands_go_on_too(command: str, run: Run, plant: Callable[..., None]) -> None:
    plant(examination, "_read_and_checked", FLEET[1], ZeroDivisionError())
    result = run(command, "--as-of", "2026-08-03", "--format", "json")
    assert result.exit_code == 70
    assert len(told(result)) == 1
    facts = json.loads(result.stdout)
    assert [(one["contract"], one["sound"]) for one in facts["contracts"]] == [
        (number, number != FLEET[1]) for number in FLEET
    ]


@pytest.mark.parametrize(
    ("command", "module", "name"),
    [
        ("finance", tasks, "plan"),
        ("ledger", account, "account_of"),
        ("calendar", agenda, "account_of"),
        ("acceptance", acceptance, "acceptance_pack"),
    ],
)
def test_what_one_contract_comes_to_keeps_nobody_from_the_others(
    command: str, module: object, name: str, run: Run, plant: Callable[..., None]
) -> None:
    plant(module, name, FLEET[1], ZeroDivisionError())
    result = run(command, "--as-of", "2026-08-03")
    assert result.exit_code == 70
    assert len(told(result)) == 1


def test_the_status_of_the_others_is_told(run: Run, plant: Callable[..., None]) -> None:
    for number in FLEET[:2]:
        run("build", "payment_request", "--as-of", "2026-08-03", "--contract", number)
    plant(progress, "_of", FLEET[1], RuntimeError("王小明"))
    result = run("status")
    assert result.exit_code == 70
    assert len(told(result)) == 1
    assert FLEET[0] in result.stdout
    assert f"{FLEET[1]}: the program failed at it" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_a_place_for_the_file_the_lines_are_printed(
    run: Run, plant: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(examination, "_read_and_checked", FLEET[1], ZeroDivisionError(NUMBER))
    monkeypatch.setattr("deliverables.cli.fault_report._written", lambda name, data: None)
    result = run("check")
    assert result.exit_code == 70
    assert "send the lines above" in told(result)[0]
    assert "ZeroDivisionError: …" in result.stderr
    assert NUMBER not in result.stderr


def test_a_folder_where_a_document_should_be_stops_only_that_document(run: Run) -> None:
    run("build", "--due", "--as-of", "2026-08-03")
    (file,) = Path("out", FLEET[1]).rglob("*Q1*.docx")
    file.unlink()
    (file / "below").mkdir(parents=True)
    for number in FLEET:
        builders.edit(
            Path("data", number),
            {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
        )
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert result.exit_code == 1
    assert {FLEET[0], FLEET[2]} <= made(result).keys()
    (failed,) = (line for line in result.stdout.splitlines() if line.startswith("failed"))
    assert "Q1" in failed
    assert "what stands where the file belongs is none: move it away" in failed
    assert not told(result)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such folders")
def test_a_register_that_cannot_be_written_stops_only_its_contract(run: Run) -> None:
    Path("out", FLEET[1], "register.jsonl").mkdir(parents=True)
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert {FLEET[0], FLEET[2]} <= made(result).keys()
    assert f"out/{FLEET[1]}/register.jsonl" in result.stderr
    assert not told(result)
    assert result.exit_code == 4
