"""All rules run, all problems show, in the order in which somebody mends them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import builders
import pytest
from checking import LEDGER, Q1, cover, in_contract, problems_with, row
from places import ROOT

from deliverables import checks
from deliverables.checks import RULES, check, operations
from deliverables.compute.open_points import open_points
from deliverables.model.book import ContractBook
from deliverables.read.book import read_book
from deliverables.values.calendar import published_calendar
from deliverables.values.figure import Cell, Line
from deliverables.values.problem import Problem, Severity, say, warning


def rules_of_the_package() -> set[object]:
    """Find every public function that takes a book and returns problems."""
    found = set()
    for info in pkgutil.iter_modules(checks.__path__):
        module = importlib.import_module(f"{checks.__name__}.{info.name}")
        for name, member in inspect.getmembers(module, inspect.isfunction):
            signature = inspect.signature(member)
            if (
                member.__module__ == module.__name__
                and not name.startswith("_")
                and signature.return_annotation == "Iterable[Problem]"
                and [p.annotation for p in signature.parameters.values()] == ["ContractBook"]
            ):
                found.add(member)
    return found


def test_every_rule_is_listed_once() -> None:
    assert set(RULES) == rules_of_the_package()
    assert len(RULES) == len(set(RULES))


def test_every_rule_says_in_its_docstring_what_it_demands() -> None:
    assert all(inspect.getdoc(rule) for rule in RULES)


def test_problems_of_several_files_show_at_once_in_reading_order(tmp_path: Path) -> None:
    problems = problems_with(
        tmp_path,
        row(Q1, "中断", 4, **{**builders.FIRST_OUTAGE, "数据来源": None}),
        in_contract("copies: 4", "copies: 6"),
        in_contract("period: 提前30日", "period: 提前3000日"),
        cover("B8", None),
    )
    assert [problem.code for problem in problems] == [
        "copies",
        "count-range",
        "signatory-missing",
        "duplicate-number",
        "outage-overlap",
        "evidence-missing",
    ]


def at(cell: str, sheet: str = "工单") -> Problem:
    return warning("some-code", Cell("Q1.xlsx", sheet, cell), say("something"), say("mend it"))


def test_cells_are_read_by_tab_then_row_then_column() -> None:
    problems = [at("B10"), at("AA9"), at("Z9"), at("A1", "中断"), at("", "说明")]
    assert [str(problem.source) for problem in operations.in_reading_order(problems)] == [
        "Q1.xlsx[说明]",
        "Q1.xlsx[中断]!A1",
        "Q1.xlsx[工单]!Z9",
        "Q1.xlsx[工单]!AA9",
        "Q1.xlsx[工单]!B10",
    ]


def test_lines_are_read_by_number() -> None:
    problems = [
        warning("some-code", Line("contract.yaml", line, 3), say("something"), say("mend it"))
        for line in (100, 20, 3)
    ]
    found = operations.in_reading_order(problems)
    assert [str(problem.source) for problem in found] == [
        "contract.yaml:3:3",
        "contract.yaml:20:3",
        "contract.yaml:100:3",
    ]


def test_a_column_shows_twenty_problems_alike_and_counts_the_rest() -> None:
    shown = operations.most_alike([at(f"B{number}") for number in range(3, 53)])
    assert len(shown) == 20
    assert str(shown[-1]).endswith("something; 30 more in this column. Fix: mend it")
    assert str(shown[-2]).endswith("something. Fix: mend it")


def test_twenty_alike_in_each_of_two_columns_all_show() -> None:
    columns = [at(f"{column}{number}") for column in "BC" for number in range(3, 23)]
    assert operations.most_alike(columns) == tuple(columns)


def test_a_long_sheet_of_the_wrong_quarter_is_one_problem(tmp_path: Path) -> None:
    problems = problems_with(
        tmp_path,
        cover("B3", datetime(2026, 7, 30)),
        cover("B4", datetime(2026, 10, 29)),
        *(
            row(Q1, "中断", 3 + day, **{
                **builders.FIRST_OUTAGE,
                "编号": f"ZD-{day}",
                "开始时间": datetime(2026, 8, day + 1, 9),
                "恢复时间": datetime(2026, 8, day + 1, 10),
            })
            for day in range(5)
        ),
    )  # fmt: skip
    assert {problem.code for problem in problems} == {"quarter-period"}


@pytest.mark.parametrize("year", [1990, 2100])  # days beyond these are refused when they are read
def test_absurd_days_are_problems_and_no_crash(tmp_path: Path, year: int) -> None:
    codes = {
        problem.code
        for problem in problems_with(
            tmp_path,
            row(Q1, "人员", 日期=f"{year:04}-12-31", 类别="离开", 姓名="李二", 主要人员="是"),
            row(Q1, "巡检", 月份=f"{year:04}-12", 巡检项目="机房", 计划次数=1, 完成次数=1,
                发现问题=0, 整改完成=0),
            row(LEDGER, "验收", 阶段="中期", 通知送达日期=f"{year:04}-12-31",
                验收日期=f"{year:04}-12-31", 结论="通过"),
        )
    }  # fmt: skip
    assert {"row-outside-quarter", "month-outside-quarter"} <= codes


@pytest.fixture(scope="module")
def sample() -> ContractBook:
    folder = ROOT / "data" / "SXYSR202604152"
    reading = read_book(folder, published_calendar())
    assert reading.book
    return reading.book


def test_the_sample_has_no_errors_and_the_warnings_it_is_made_to_show(sample: ContractBook) -> None:
    problems = check(sample)
    assert Counter(
        problem.code for problem in problems if problem.severity is Severity.WARNING
    ) == {"outage-overlap": 2, "access-before-signing": 1}
    assert {problem.code for problem in problems if problem.severity is Severity.GAP} == {
        "fact-missing"
    }
    assert not [str(problem) for problem in problems if problem.severity is Severity.ERROR]


def test_who_has_not_signed_is_an_open_point_from_the_day_of_joining(
    sample: ContractBook,
) -> None:
    """Row 16 joins on 2026-12-07; why nothing is signed was written down later."""
    found = {
        day: [str(point.source).rpartition("!")[2] for point in open_points(sample, day)]
        for day in (date(2026, 12, 1), date(2026, 12, 7))
    }
    assert found == {
        date(2026, 12, 1): ["M14"],
        date(2026, 12, 7): ["M14", "M16", "N16", "O16", "P16"],
    }


def test_the_sample_lists_every_fact_that_the_contract_lacks(sample: ContractBook) -> None:
    missing = {problem.message.values["path"] for problem in check(sample)
               if problem.code == "fact-missing"}  # fmt: skip
    assert missing == {
        "client.credit_code",
        "client.invoice_email",
        "contractor.credit_code",
        "service.catalogue",
        "reports[3].every_months",
        "service_levels.measurement",
        "service_levels.incident_grading",
        "payment.sme_evidence",
        "invoicing.type",
        "invoicing.item",
        "invoicing.tax_code",
        "acceptance.interim_procedure",
    }


def test_no_problem_shows_an_identity_number_or_a_phone(sample: ContractBook) -> None:
    said = "\n".join(str(problem) for problem in check(sample))
    assert sample.roster
    for member in sample.roster.members:
        assert not member.identity_number or member.identity_number not in said
    for party in (sample.contract.client, sample.contract.contractor):
        assert str(party.contact.phone) not in said
