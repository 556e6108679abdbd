"""Tables fit the terminal: what there is no room for is told in brief, and whole with --full."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import builders
import pytest
from checking import LEDGER, row
from click.testing import CliRunner
from rich.cells import cell_len

from deliverables.cli import main
from deliverables.cli.answer import wrapped

DAY = re.compile(r"\d{4}-\d\d-\d\d")
COMMAND = re.compile(r" *[\d,]+  deliverables ")  # to be copied, so it is never broken


pytestmark = pytest.mark.usefixtures("in_a_project")


def printed(columns: int, *words: str) -> list[str]:
    done = CliRunner().invoke(main, ["--lang", "zh", *words], env={"COLUMNS": str(columns)})
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    CliRunner().invoke(main, ["build", "payment_request", "--as-of", "2026-08-03"])
    claim = row(LEDGER, "主张", 主张编号="ZZ-01", 主张事项="赔偿金", 主张金额="1.00",
                主张日期=date(2026, 8, 1))  # fmt: skip
    builders.edit(Path("data/HT-2026-001"), claim)  # whose VAT is told in a long sentence
    for command in ("plan", "status", "finance", "ledger", "calendar", "acceptance"):
        lines = printed(columns, command, "--as-of", "2026-08-03")
        wide = [line for line in lines if cell_len(line) > columns]
        assert [line for line in wide if not COMMAND.match(line)] == []


@pytest.mark.parametrize("columns", [80, 100])
def test_no_day_is_broken_in_whole_tables_either(columns: int) -> None:
    day = ("--as-of", "2027-05-10", "--full")
    narrow, wide = (DAY.findall("\n".join(printed(each, "plan", *day))) for each in (columns, 300))
    assert len(wide) > 10
    assert sorted(narrow) == sorted(wide)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        (
            "中期验收（第六条）没有记录；已过半",
            10,
            ["中期验收", "（第六条）", "没有记录；", "已过半"],
        ),
        ("于 2026-11-02 结清", 12, ["于", "2026-11-02", "结清"]),
        ("data/HT-2026-001/ledger.xlsx", 13, ["data/", "HT-2026-001/", "ledger.xlsx"]),
        ("confidentiality_agreement", 10, ["confidenti", "ality_agre", "ement"]),
        ("一\n二", 9, ["一", "二"]),
        ("", 9, [""]),
    ],
)
def test_a_text_is_broken_where_a_reader_expects_it(
    text: str, width: int, lines: list[str]
) -> None:
    assert list(wrapped(text, width)) == lines


def test_amounts_and_days_are_not_broken_and_columns_give_way_until_they_fit() -> None:
    brief, whole = (
        printed(80, "ledger", "--as-of", "2026-08-03", *more) for more in ((), ("--full",))
    )
    assert any("600,000.00" in line and "400,000.00" not in line for line in brief)
    assert any("400,000.00" in line and "2026-06-29" in line for line in brief)
    assert not any("已申请" in line for line in brief)
    assert any("已申" in line for line in whole)


def test_what_does_not_fit_side_by_side_is_shown_row_by_row_and_nothing_is_broken() -> None:
    whole = printed(60, "ledger", "--as-of", "2026-08-03", "--full")
    assert " 期次      1 首款" in whole
    assert " 未到账    400,000.00" in whole
    assert [line for line in whole if cell_len(line) > 60] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_gets_whole_reasons_in_140_columns(language: str) -> None:
    done = CliRunner().invoke(main, ["--lang", language, "plan", "--as-of", "2027-05-10"])
    table = [line for line in done.stdout.splitlines() if line.startswith(" ")]
    assert max(map(cell_len, table)) <= 140
    assert not any("另有" in line or "more)" in line for line in table)


def test_in_100_columns_the_first_reason_is_told_and_how_many_more() -> None:
    day = ("--as-of", "2027-05-10")
    brief = printed(100, "plan", *day)
    whole = printed(100, "plan", *day, "--full")
    assert not any("合同条款" in line for line in brief)
    assert any("合同条款" in line for line in whole)
    assert any("另有" in line for line in brief)
    assert not any("另有" in line for line in whole)
