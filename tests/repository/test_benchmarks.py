"""Every benchmark runs, and says what it measured; how fast the machine is, no test says."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from places import ROOT

from deliverables.cache import VARIABLE
from deliverables.cli import main

BENCHMARKS = ROOT / "benchmarks"
NAMES = sorted(
    path.stem
    for path in BENCHMARKS.glob("*.py")
    if "def rows(" in path.read_text("utf-8") and path.stem != "__main__"
)


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])


def run_here(arguments: Sequence[str]) -> float:
    """Run a command as `clock.run` does, without the seconds that another Python takes to start."""
    if list(arguments[1:4]) != ["-P", "-m", "deliverables"]:
        subprocess.run(arguments, check=True, capture_output=True)
        return 1.0
    start = perf_counter()
    with chdir(ROOT):
        result = CliRunner().invoke(main, arguments[4:])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return perf_counter() - start


def cost_here(arguments: Sequence[str], folder: Path) -> SimpleNamespace:
    """Run a command as `clock.cost` does, likewise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(folder))
        return SimpleNamespace(seconds=run_here(arguments), processor=1.0, note="ended with 0")


@pytest.mark.processes
def test_when_somebody_measures_a_command_is_started_in_a_process_of_its_own() -> None:
    clock = importlib.import_module("clock")
    assert clock.run(clock.command("--version")) > 0


@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a process used")
def test_when_somebody_measures_what_a_command_costs_it_is_started_too(tmp_path: Path) -> None:
    clock = importlib.import_module("clock")
    cost = clock.cost(clock.command("--version"), tmp_path)
    assert cost.processor > 0
    assert cost.note.endswith("ended with 0")


@pytest.mark.whole_sample
@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_runs_on_a_tiny_size(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, clock = importlib.import_module(name), importlib.import_module("clock")
    for one in (clock, module):
        for timed in ("run", "processor"):
            monkeypatch.setattr(one, timed, run_here, raising=False)
    monkeypatch.setattr(clock, "cost", cost_here)
    table = importlib.import_module("table")
    for row in map(table.as_row, module.rows(**getattr(module, "TINY", {}))):
        assert row.work
        assert row.wanted
        assert row.measured


def test_the_table_has_a_line_for_each_row() -> None:
    table = importlib.import_module("table")
    rows = [table.Row("work", "peer", "x8", table.times(8.25)), table.Row("more", "peer", "—", "y")]
    assert table.markdown(rows).split("\n")[2:] == [
        "| work | peer | x8 | x8.2 |  |",
        "| more | peer | — | y |  |",
    ]


def test_a_ratio_may_be_given_as_a_number_or_as_none() -> None:
    table = importlib.import_module("table")
    row = table.as_row(("work", "peer", 60, None, "no peer here"))
    assert row == table.Row("work", "peer", "x60", "not measured", "no peer here")


def test_a_cost_that_chance_hides_is_not_measured() -> None:
    table = importlib.import_module("table")
    hidden, note = table.cost_of_each([0.30, 0.32], (1000, 0.31), (9000, 0.9), (1e6, "µs"))
    assert (hidden, note) == ("not measured", "1,000 cost less than chance alone (20.0 ms)")
    seen = table.cost_of_each([0.30, 0.31], (1000, 0.40), (9000, 1.2), (1e6, "µs"))
    assert seen == ("x1.0", "100.00 µs and 100.00 µs")


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("bench", BENCHMARKS / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    assert bench.main(["no such"]) == 2
    assert "no such benchmark: no such" in capsys.readouterr().out
