"""The manual tells the truth: its tables are the declarations, its error lines are real ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from breaking import BROKEN, broken_project, problems_of

from deliverables.cli.answer import Exit
from deliverables.model.fields import AMOUNT, Row, declarations, declared, sheet, sheets
from deliverables.model.ledger_sheets import Ledger, LedgerCover
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from scripts.document_workbooks import BEGIN, END, MANUAL, Book, render, replaced

ERROR_LINE = re.compile(
    r"^data/HT-.*?: (?:error|warning|gap|错误|提醒|待补)\[([a-z0-9-]+)\] .*$", re.M
)


@pytest.fixture(scope="module")
def manual() -> str:
    return MANUAL.read_text("utf-8")


def said_of(case: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return every line that the broken project of a case is explained with, in both languages."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    problems = problems_of(broken_project(case))
    return {problem.in_language(language) for problem in problems for language in ("en", "zh")}


def test_the_tables_of_the_manual_are_the_declarations(manual: str) -> None:
    assert replaced(manual, render()) == manual, "run: python -m scripts.document_workbooks"


@pytest.mark.parametrize("workbook", [Operations, Roster, Ledger, Letters])
def test_every_sheet_and_every_column_is_described(workbook: type) -> None:
    section = render()
    for row_type in sheets(workbook).values():
        _, _, described = section.partition(f"#### {row_type.sheet}\n\n{row_type.purpose}。")
        table = described.partition("####")[0]
        for column in declarations(row_type).values():
            assert f"| {column.label} |" in table


@dataclass(frozen=True, kw_only=True, slots=True)
class Fee(Row):
    sheet: ClassVar[str] = "手续费"
    purpose: ClassVar[str] = "每笔一行"

    amount: int = declared("费用|金额", AMOUNT, unit="元", hint="银行回单所载", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fees:
    cover: LedgerCover
    fees: tuple[Fee, ...] = sheet(Fee)


def test_a_column_that_the_manual_lacks_is_noticed(manual: str) -> None:
    section = render((Book(Fees, "fees.xlsx", "手续费"),))
    assert "| 费用\\|金额 | 金额 | 元 |  | 银行回单所载 |" in section
    assert replaced(manual, section) != manual


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_manual_without_its_markers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="workbooks"):
        replaced(text, "")


@pytest.mark.thorough
def test_every_error_line_of_the_manual_is_a_real_one(
    manual: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoted = {match[0]: match[1] for match in ERROR_LINE.finditer(manual)}
    assert len(quoted) >= 10
    cases = [case for code in set(quoted.values()) for case in (BROKEN / code).glob("case*.yaml")]
    said = [said_of(case, tmp_path / str(number), monkeypatch) for number, case in enumerate(cases)]
    assert set(quoted) - set[str]().union(*said) == set()


def test_an_invented_error_line_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = (BROKEN / "cell-empty" / "expected.txt").read_text("utf-8").splitlines()[0]
    invented = real.replace("!D3", "!E3")
    case = BROKEN / "cell-empty" / "case.yaml"
    assert [match[0] for match in ERROR_LINE.finditer(f"```text\n{invented}\n```")] == [invented]
    assert invented not in said_of(case, tmp_path / "project", monkeypatch)


def test_every_exit_code_is_explained(manual: str) -> None:
    for code in Exit:
        assert re.search(rf"^\| {code.value} \|", manual, re.M), code
