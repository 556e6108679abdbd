"""After every command one line says what one would do next, by how the command ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import builders
import pytest
from click.testing import CliRunner, Result

from deliverables.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    return lambda *words: CliRunner().invoke(main, ["--lang", "en", *words])


def hint(result: Result) -> str:
    """Return the last line of standard error, which must be the only hint."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("next: ")]
    assert lines == result.stderr.splitlines()[-1:]
    return lines[0].removeprefix("next: ")


def test_after_sound_data_the_plan_is_next(run: Run) -> None:
    assert hint(run("check")).startswith("deliverables plan")


def test_after_broken_data_they_are_mended_and_checked_again(run: Run) -> None:
    folder = Path("data/HT-2026-001")
    builders.edit(folder, {"file": "contract.yaml", "replace": "600,000.00", "with": "6.00"})
    for words in (["check"], ["plan"], ["build", "--due"]):
        assert hint(run(*words)) == (
            "mend the errors, from the first on, and run deliverables check again"
        )


def test_a_plan_with_something_ready_names_the_command_that_makes_it(run: Run) -> None:
    said = hint(run("plan", "--as-of", "2026-08-03"))
    assert said == "deliverables build --due --as-of 2026-08-03 makes what is ready"


def test_a_plan_with_nothing_ready_sends_to_what_is_missing(run: Run) -> None:
    assert hint(run("plan", "--as-of", "2026-04-01")).startswith("supply what is missing")


def test_a_draft_is_read_verified_and_made_final(run: Run) -> None:
    made = hint(run("build", "--due", "--as-of", "2026-08-03"))
    assert made.startswith("read out/HT-2026-001/")
    assert made.endswith("then deliverables verify")
    assert "deliverables final out/HT-2026-001/" in hint(run("verify"))


def test_a_command_that_nobody_wrote_a_line_for_ends_with_a_hint_too(run: Run) -> None:
    assert hint(run("acceptance")).startswith("deliverables plan")


@pytest.mark.parametrize("words", [("--quiet", "check"), ("check", "--format", "json")])
def test_who_asks_for_quiet_or_json_gets_no_hint(run: Run, words: tuple[str, ...]) -> None:
    assert "next:" not in run(*words).output


@pytest.mark.parametrize("words", [("check", "--help"), ("build",), ("chekc",)])
def test_help_and_wrong_use_have_their_own_words_and_no_hint(
    run: Run, words: tuple[str, ...]
) -> None:
    assert "next:" not in run(*words).output
