"""The shell finishes commands, options, kinds, parts and contract numbers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import builders
import click
import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner

from deliverables.cli import COMMANDS, main
from deliverables.cli.completion import OFFERED, SHELLS, VARIABLE

Press = Callable[[str], list[str]]


def script(shell: str) -> str:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    return result.stdout


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    return tmp_path


@pytest.fixture
def tab(project: Path, root: Path) -> Press:
    """Press Tab behind a line in a real bash that has read the script."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    program = project / "bin" / "deliverables"
    program.parent.mkdir()
    start = "from deliverables.cli import main; main(prog_name='deliverables')"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{start}" "$@"\n')
    program.chmod(0o755)
    Path("completion.bash").write_text(script("bash"))

    def press(line: str) -> list[str]:
        words = line.split(" ")
        array = " ".join(f"'{word}'" for word in words)
        asked = (
            f"source completion.bash; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; "
            '_deliverables_completion deliverables; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
        answer = subprocess.run(
            [bash, "-c", asked], capture_output=True, text=True, check=True, env=environment
        )
        return answer.stdout.split()

    return press


FINISHED = {
    "deliverables pl": ["plan"],
    "deliverables build --du": ["--due"],
    "deliverables build payment_re": ["payment_reminder", "payment_request"],
    "deliverables build --period Q": ["Q1", "Q2", "Q3", "Q4"],
    "deliverables build --period S": ["S001"],
    "deliverables check --contract H": ["HT-2026-001"],
    "deliverables --data data check --contract H": ["HT-2026-001"],
    "deliverables --data nowhere check --contract H": [],
    "deliverables template check quarterly": ["quarterly_report"],
    "deliverables import 告": ["告警"],
    "deliverables check --format ": ["text", "json"],
}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("line", "finished"), FINISHED.items())
def test_what_is_typed_is_finished(
    line: str, finished: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
    result = CliRunner().invoke(main, [], prog_name="deliverables")
    assert [told.partition(",")[2] for told in result.stdout.split()] == finished


@pytest.mark.processes
def test_a_real_bash_finishes_the_same(tab: Press) -> None:
    for line in ("deliverables build payment_re", "deliverables --data data check --contract H"):
        assert tab(line) == FINISHED[line]


@pytest.mark.processes
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_a_script_that_asks_the_command(shell: str) -> None:
    text = script(shell)
    assert f"{shell}_complete" in text
    assert VARIABLE in text


@pytest.mark.parametrize(
    ("shell", "program", "check"),
    [("zsh", "zsh", ["-n"]), ("fish", "fish", ["--no-execute"])],
)
def test_the_script_is_one_that_the_shell_can_read(
    shell: str, program: str, check: list[str], tmp_path: Path
) -> None:
    found = shutil.which(program)
    file = tmp_path / "script"
    file.write_text(script(shell))
    if found is None:
        assert file.read_text().count("{") == file.read_text().count("}")
        return
    subprocess.run([found, *check, str(file)], check=True)


def test_powershell_keeps_the_backslashes_of_a_path(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMP_WORDS", r"deliverables --data D:\项目\data check --contract ")
    monkeypatch.setenv("COMP_CWORD", "5")
    found = get_completion_class("powershell")
    assert found is not None
    arguments, incomplete = found(main, {}, "deliverables", VARIABLE).get_completion_args()
    assert arguments == ["--data", "D:\\项目\\data", "check", "--contract"]
    assert incomplete == ""


def test_powershell_gets_three_lines_for_each_name(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "powershell_complete")
    monkeypatch.setenv("COMP_WORDS", "deliverables build confidentiality_c")
    monkeypatch.setenv("COMP_CWORD", "2")
    result = CliRunner().invoke(main, [], prog_name="deliverables")
    assert result.stdout.splitlines() == [
        "plain", "confidentiality_coverage", "_",
    ]  # fmt: skip


def test_a_name_that_commands_ask_for_is_called_alike_everywhere() -> None:
    """Whoever writes KIND, NO or PART gets completion; other words for them would get none."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        for parameter in command.params:
            if parameter.name in ("contract", "periods", "period"):
                assert parameter.metavar in OFFERED, (name, parameter.name)
