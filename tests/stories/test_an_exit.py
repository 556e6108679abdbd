"""The contract left before its term is over, lived through the commands alone.

The exit was asked for on 2026-11-20, permitted on 2026-12-01, and the last day of service is
2026-12-31 (第十三条). From the permission on every command and every kind of document knows it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from finished import said, words
from openpyxl import load_workbook

from deliverables.cli import main

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
NUMBER = "SXYSR202604152"
OUT = Path("out") / NUMBER
LAST = date(2026, 12, 31)
EXIT = """
exit:
  article: 第十三条
  quote:
    - 服务期内，如乙方提出退出要求，需至少提前30天向甲方提出退出申请
  requested_on: 2026-11-20
  permitted_on: 2026-12-01
  last_service_day: 2026-12-31
  document: 关于同意退出服务的复函（2026-12-01）
"""
BEFORE, PERMITTED, AFTER, LONG_AFTER = "2026-11-30", "2026-12-01", "2027-01-15", "2027-05-15"


@pytest.fixture(scope="module", autouse=True)
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Stand in a folder with the sample's data, its third quarter cut short on the last day."""
    home = tmp_path_factory.mktemp("exit")
    shutil.copytree(ROOT / "data", home / "data")
    data = home / "data" / NUMBER
    with (data / "contract.yaml").open("a", encoding="utf-8") as contract:
        contract.write(EXIT)
    cut_short(data / "operations" / "Q3.xlsx")
    (data / "operations" / "Q4.xlsx").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        yield


def cut_short(workbook: Path) -> None:
    """Take out the rows that begin after the last day of service, and end the quarter on it.

    Matters stay: their first day is the one they are due."""
    book = load_workbook(workbook)
    for sheet in book.worksheets:
        later = [
            row[0].row
            for row in sheet.iter_rows(min_row=2)
            if sheet.title not in ("说明", "问题与计划")
            and any(day > LAST for day in days_of(row)[:1])
        ]
        for first, last in reversed(runs(later)):
            sheet.delete_rows(first, last - first + 1)
    book["说明"]["B4"] = LAST
    book.save(workbook)


def runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Return first and last of each row of numbers that follow each other."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def days_of(row: tuple[Any, ...]) -> list[date]:
    values = [cell.value for cell in row if isinstance(cell.value, date)]
    return [value.date() if isinstance(value, datetime) else value for value in values]


def told(*words: str) -> Any:
    """Run a command; what it tells a program."""
    result = CliRunner().invoke(main, [*words, "--format", "json"])
    return json.loads(result.stdout)


def planned(day: str) -> dict[str, dict[str, Any]]:
    (contract,) = told("plan", "--as-of", day)["contracts"]
    return {f"{one['kind']}/{one['part']}": one for one in contract["deliverables"]}


def test_check_finds_no_error_and_no_quarter_missing() -> None:
    assert "错误 0 个" in said("check", "--as-of", AFTER)


def test_plan_has_no_report_of_a_quarter_that_was_not_served() -> None:
    reports = ["quarterly_report/Q1", "quarterly_report/Q2", "quarterly_report/Q3"]
    assert [key for key in planned(BEFORE) if "quarterly" in key] == [
        *reports, "quarterly_report/Q4",
    ]  # fmt: skip
    for day in (PERMITTED, AFTER, LONG_AFTER):
        assert [key for key in planned(day) if "quarterly" in key] == reports, day
        assert planned(day)["quarterly_report/Q3"]["possible_from"] == "2027-01-01", day
        assert planned(day)["annual_summary/annual"]["possible_from"] == "2027-01-01", day


def test_plan_asks_for_no_instalment_that_comes_due_no_more() -> None:
    assert planned(BEFORE)["payment_request/3"]["possible_from"] == "2027-04-30"
    for day in (PERMITTED, AFTER, LONG_AFTER):
        third = planned(day)["payment_request/3"]
        assert (third["stage"], third["possible_from"], third["due"]) == ("blocked", None, None)
    told = said("plan", "--as-of", AFTER).split()
    assert {"服务已提前终止，末日为", "2026-12-31，服务期届满（第六条"} <= set(told)


@pytest.mark.parametrize(
    "command",
    [
        ("build", "payment_request", "--period", "3", "--anyway", "--no-pages"),
        ("pack", "3", "--anyway"),
        ("invoice-import", "3", "--anyway"),
    ],
    ids=lambda command: command[0],
)
def test_nothing_is_asked_for_or_invoiced_of_it_even_anyway(command: tuple[str, ...]) -> None:
    assert "服务已提前终止" in said(*command, "--as-of", AFTER)
    assert not list(OUT.rglob("*第3期*"))


def test_finance_pays_back_what_was_not_earned_and_waits_for_nothing_else() -> None:
    (contract,) = told("finance", "--as-of", AFTER)["contracts"]
    steps = {(one["step"], one["instalment"], one["amount"]) for one in contract["tasks"]}
    assert ("refund", None, "127390.02") in steps
    assert not [step for step in steps if step[1] == 3]
    assert not [step for step in steps if step[0] == "data"], "nothing more is to be invoiced"


def test_the_ledger_has_no_day_to_pay_for_it_and_nothing_to_invoice() -> None:
    for day in (AFTER, LONG_AFTER):
        (contract,) = told("ledger", "--as-of", day)["contracts"]
        third = contract["account"]["instalments"][2]
        assert (third["deadline"], third["uninvoiced"], third["conditions_met"]) == (
            None, "0.00", False,
        )  # fmt: skip
    said("ledger", "--xlsx", "--as-of", AFTER)
    (file,) = OUT.rglob("*收付款台账*.xlsx")
    cells = [cell.value for sheet in load_workbook(file) for row in sheet for cell in row]
    assert "服务提前终止，不再到期" in cells


def test_the_overview_has_no_day_beyond_the_end() -> None:
    said("overview", "--as-of", AFTER)
    page = Path("out/index.html").read_text("utf-8")
    assert "2026-12-31" in page
    assert not re.findall(r"2027-0[2-9]-\d\d", page)
    assert "第四季度" not in page


def test_the_workbook_of_a_quarter_that_was_not_served_is_not_offered() -> None:
    assert "Q4" in said("workbook", "Q4")
    assert not (Path("data") / NUMBER / "operations" / "Q4.xlsx").exists()


def test_acceptance_asks_for_the_reports_that_are_owed() -> None:
    (pack,) = told("acceptance", "--as-of", AFTER)["contracts"]
    assert [one["part"] for one in pack["materials"]] == ["annual", "Q1", "Q2", "Q3"]


@pytest.fixture(scope="module")
def made() -> None:
    """Make everything that can be made after the end of service."""
    said("build", "--due", "--as-of", AFTER, "--no-pages")
    said("build", "settlement_statement", "--as-of", AFTER, "--no-pages")


@pytest.mark.usefixtures("made")
def test_every_document_knows_the_end_of_service() -> None:
    summary = words(OUT, "*年度项目总结报告*.docx")
    assert "服务提前于2026年12月31日终止，依据为关于同意退出服务的复函（2026-12-01）" in summary
    assert "2026年4月30日至2026年12月31日" in summary
    assert "第四季度" not in summary
    assert "保密期限至2036年12月31日" in summary
    statement = words(OUT, "*结算对账单*.docx")
    assert "服务提前终止，不再到期" in statement
    assert "待开发票" not in statement
    assert "127,390.02" in statement
    assert "主合同如随服务于2026年12月31日提前终止" in words(OUT, "*保密协议_S001*.docx")
    assert "2026年12月31日" in words(OUT, "*季度报告_Q3*.docx")


@pytest.mark.usefixtures("made")
def test_no_document_made_after_the_end_names_a_day_of_the_term_not_served_as_served() -> None:
    for file in documents():
        with ZipFile(file) as package:
            body = re.sub("<[^>]+>", "", package.read("word/document.xml").decode())
        told = re.findall(r".{12}2027(?:年4月29日|-04-29|年4月30日|-04-30)", body)
        assert all("即2026年4月30日至" in one for one in told), f"{file.name}: {told}"


def documents() -> list[Path]:
    found = list(OUT.rglob("*.docx"))
    assert found
    return found


@pytest.mark.usefixtures("made")
def test_verify_and_status_find_what_was_made_to_be_what_it_should_be() -> None:
    proofs = told("verify")["files"]
    assert len(proofs) == len(documents())
    assert all(one["proved"] and not one["since"] for one in proofs)
    (states,) = told("status", "--as-of", AFTER)["contracts"]
    assert not [one for one in states["documents"] if one["reads_otherwise"]]
