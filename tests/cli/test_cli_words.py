"""Kinds, periods and days are taken as people write them, by every command."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path

import builders
import click
import pytest
from finished import Run

from deliverables.cli import main


@pytest.fixture
def run(run: Run) -> Run:
    return partial(run, lang="zh")


REPORT = "HT-2026-001_季度报告_Q1_草稿.docx"


@pytest.mark.parametrize(
    "words",
    [
        ("季度报告", "第一季度", "--as-of", "2026年11月2日"),
        ("quarterly_report", "Q1", "--as-of", "2026/11/2"),
        ("第1个服务季度", "--as-of", "2026-11-2"),
        ("季度报告", "--period", "第一季度", "--as-of", "2026.11.2"),
    ],
)
def test_a_report_is_built_by_the_words_people_have_for_it(
    words: tuple[str, ...], run: Run
) -> None:
    result = run("build", *words, "--no-pages")
    assert result.exit_code == 0, result.output
    assert [file.name for file in Path("out").rglob("*.docx")] == [REPORT]


def test_a_word_that_names_nothing_is_answered_with_the_nearest_kind(run: Run) -> None:
    result = run("build", "季度报表", "--as-of", "2026-11-02")
    assert result.exit_code == 2
    assert "季度报告" in result.stderr


def test_a_series_is_called_as_its_contract_calls_it(run: Run) -> None:
    file = Path("data/HT-2026-001/contract.yaml")
    text = file.read_text("utf-8")
    file.write_text(text.replace("name: 季度报告", "name: 云服务运行情况报告"), "utf-8")
    result = run("build", "云服务运行情况报告", "第一季度", "--as-of", "2026-11-02", "--no-pages")
    assert result.exit_code == 0, result.output
    assert [file.name for file in Path("out").rglob("*.docx")] == [
        "HT-2026-001_云服务运行情况报告_Q1_草稿.docx"
    ]
    plan = run("plan", "--as-of", "2026-11-02").stdout
    assert "云服务运行情况报告" in plan
    assert "季度报告" not in plan


def test_templates_and_names_are_asked_for_by_the_chinese_name_too(run: Run) -> None:
    assert run("kinds", "季度报告").stdout == run("kinds", "quarterly_report").stdout


@pytest.mark.parametrize("day", ["2026年2月30日", "11/2/2026", "明天"])
def test_a_day_that_is_none_is_refused(day: str, run: Run) -> None:
    refused = run("plan", "--as-of", day)
    assert refused.exit_code == 2
    assert ("没有 2026-02-30 这一天" if "30" in day else f"“{day}”不是日期") in refused.stderr


def a_sample_beside_it() -> None:
    folder = builders.project(Path("other")).rename(Path("data/HT-SAMPLE"))
    contract = folder / "contract.yaml"
    contract.write_text(contract.read_text("utf-8").replace("HT-2026-001", "HT-SAMPLE"), "utf-8")
    for name in ("staff.xlsx", "ledger.xlsx"):
        builders.edit(folder, {"file": name, "sheet": "说明", "cell": "B2", "value": "是"})


def days_of(command: click.Command) -> list[click.Parameter]:
    """Return the options of a command, and of those below it, that take a day as such."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    own = [one for one in command.params if isinstance(one.type, click.DateTime)]
    return [*own, *(one for each in below for one in days_of(each))]


@pytest.mark.parametrize("written", ["2026年11月2日", "2026/11/2", "2026-11-2", "2026.11.02"])
def test_every_option_takes_a_day_as_people_write_it(written: str, run: Run) -> None:
    every = click.Context(main)
    commands = [main.get_command(every, name) for name in main.list_commands(every)]
    options = [one for command in commands if command for one in days_of(command)]
    assert len(options) > 15
    assert {one.type.convert(written, one, every) for one in options} == {datetime(2026, 11, 2)}
    entered = run("received", "1", "400,000.00", "--on", written, "--dry-run", "--as-of", written)
    assert "2026-11-02" in entered.output, entered.output


def test_the_sample_stands_in_nobodys_way(run: Run) -> None:
    a_sample_beside_it()
    result = run("workbook", "第二季度")
    assert result.exit_code == 0, result.output
    assert Path("data/HT-2026-001/operations/Q2.xlsx").exists()


def test_two_contracts_of_ones_own_must_be_told_apart(run: Run) -> None:
    folder = builders.project(Path("other")).rename(Path("data/HT-2"))
    contract = folder / "contract.yaml"
    contract.write_text(contract.read_text("utf-8").replace("HT-2026-001", "HT-2"), "utf-8")
    assert run("workbook", "Q2").exit_code == 2


def test_explain_goes_down_to_the_words_of_the_contract(run: Run) -> None:
    file = Path("data/HT-2026-001/contract.yaml")
    said = "云平台整体可用性不低于99.9%，数据可靠性不低于99.9999%"
    text = file.read_text("utf-8")
    text = text.replace("  availability: 99.9%", f"  quote: {said}\n  availability: 99.9%")
    file.write_text(text, "utf-8")
    run("build", "季度报告", "Q1", "--as-of", "2026-11-02", "--no-pages")
    made = next(Path("out").rglob(REPORT)).as_posix()
    told = run("explain", made, "service.this.required").stdout
    assert "合同原文：“云平台整体可用性不低于99.9%" in told
    facts = json.loads(run("explain", made, "service.this.required", "--format", "json").stdout)[
        "figures"
    ]
    assert "不低于99.9%" in facts[0]["quote"]
    assert facts[0]["quoted_from"] == "第三条"
