"""A newcomer brings a contract unlike the sample's, from an empty folder to verified drafts."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, partial
from pathlib import Path

import builders
import finished
import pytest
from finished import Run
from second_contract import LEDGER, NUMBER, STAFF, period_rows, type_rows, write_facts

from deliverables.verify.document import read_document

pytestmark = pytest.mark.thorough

FOLDER = Path("data") / NUMBER
OUT = Path("out") / NUMBER


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project in which the first service year of the contract was worked through."""
    root = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        told("new", NUMBER, "--plan", "sme", "--term-months", "24", "--reports", "6",
             "--instalments", "4", "--signed", "2024-11-18")  # fmt: skip
        write_facts(FOLDER / "contract.yaml")
        type_rows(FOLDER / "staff.xlsx", STAFF)
        for number in (1, 2, 3):
            told("workbook", f"P{number}")
            months = [date(2024 + (10 + month) // 12, (10 + month) % 12 + 1, 20)
                      for month in range(4 * number - 4, 4 * number)]  # fmt: skip
            type_rows(FOLDER / f"operations/P{number}.xlsx", period_rows(number, months))
        type_rows(FOLDER / "ledger.xlsx", LEDGER)
        told("build", "payment_request", "--period", "1", "--as-of", "2024-11-25")
        told("build", "--due", "--as-of", "2025-12-01", "--no-pages")
    return root


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in the project."""
    monkeypatch.chdir(project)
    return told


told = partial(finished.run, lang="zh", code=0)


@cache
def text_of(file: Path) -> str:
    """Return the words of a document of the project, read once: no test changes one."""
    return read_document(file).text


def words_of(pattern: str) -> str:
    """Return the words of every document whose name matches, without the spaces of typography."""
    texts = [text_of(file) for file in sorted(OUT.rglob(pattern))]
    assert texts, f"no document {pattern}"
    return re.sub(r"[^\S\n]", "", "\n".join(texts))


def test_a_year_of_three_reports_comes_out_verified(run: Run) -> None:
    result = run("verify")
    assert "错误" not in result.output
    assert sorted(file.name for file in OUT.rglob("*报告*.docx")) == [
        f"{NUMBER}_年度项目总结报告_第一年度_草稿.docx",
        f"{NUMBER}_教育云平台运维服务报告_P1_草稿.docx",
        f"{NUMBER}_教育云平台运维服务报告_P2_草稿.docx",
        f"{NUMBER}_教育云平台运维服务报告_P3_草稿.docx",
    ]


@pytest.mark.parametrize(
    "foreign", ["季度", "政务云", "药品", "第六条", "第十条", "第十二条第", "附件一", "12个月"]
)
def test_no_document_speaks_of_the_contract_that_came_first(foreign: str, run: Run) -> None:
    assert re.findall(f".*{foreign}.*", words_of("*_草稿.docx")) == []


def test_the_agreement_names_the_clauses_of_its_own_contract(run: Run) -> None:
    words = words_of("*保密协议_S001*.docx")
    assert "依据主合同第9.3条，公司与员工" in words  # agreement_article, which was filled in
    assert "主合同第9.1条载明" in words  # scope_article, which was not


def test_delays_of_public_money_are_excused_only_where_the_contract_says_so(run: Run) -> None:
    assert "财政" not in words_of("*付款申请函_第1期*.docx")


def test_the_first_summary_covers_the_first_year_and_has_no_empty_heading(run: Run) -> None:
    words = words_of("*第一年度*.docx")
    assert re.search(r"年度项目总结报告\W+第一年度", words)
    assert "各期概况" not in words  # nobody wrote a 概述


def test_the_letters_ask_for_the_ratios_of_small_enterprises(run: Run) -> None:
    assert "960,000.00" in words_of("*付款申请函_第1期*.docx")
    assert "480,000.00" in words_of("*付款申请函_第2期*.docx")


def test_check_cites_articles_of_this_contract_only(run: Run) -> None:
    assert re.findall(r"第[一二三四五六七八九十]+条第.款", run("check").output) == []


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("every_months: 3", "every_months: 7", "term-indivisible"),
        ("every_months: 3", "every_months: 0", "count-range"),
        ("signed_on: 2026-04-29", "signed_on: 9999-12-31", "wrong-type"),
        ("signed_on: 2026-04-29", "signed_on: 2099-12-31", "signing-day"),
        ("term_months: 12", "term_months: 99999999999999999999", "count-range"),
        ("total: 1,000,000.00", "total: -1,000,000.00", "total-in-words"),
    ],
)
def test_check_names_terms_from_which_no_day_and_no_amount_follows(
    right: str, wrong: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = builders.project(tmp_path / "data") / "contract.yaml"
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert code in told("check", code=1).output
    assert code in told("check", "--format", "json", code=1).output
    assert code in told("plan", code=1).output


def test_no_chinese_message_cites_an_article_of_one_contract(root: Path) -> None:
    catalogue = root / "deliverables/locale/zh/LC_MESSAGES/deliverables.po"
    spoken = [line for line in catalogue.read_text("utf-8").splitlines() if "msgid" not in line]
    cited = [line for line in spoken if re.search(r"第[一二三四五六七八九十]+条(第|，|）)", line)]
    assert [line for line in cited if "法》" not in line and "税法" not in line] == []
