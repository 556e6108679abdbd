"""The command as a person meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from finished import Run

from deliverables.cli import COMMANDS
from deliverables.version import __version__


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
        (("--data", "data/HT-2026-001", "check"), " new NO makes one for a first"),
        (("kinds", "letter"), "there is no kind letter"),
    ],
)
def test_wrong_use_is_answered_with_what_would_be_right(
    run: Run, words: tuple[str, ...], answer: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert answer in result.stderr


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
