"""Two contracts unlike the sample's, from contract.yaml to verified drafts.

One is paid by month after an assessment, with a share kept back, and has confidence without end;
the other runs a calendar year with three instalments and 3 % of VAT. Neither says what the first
contract says, and no document of theirs may speak as if it did.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import builders
import pytest
from click.testing import CliRunner, Result
from second_contract import STAFF, Rows, type_rows

from deliverables.cli import main
from deliverables.model.ledger import Ledger
from deliverables.model.roster import Roster
from deliverables.setup import blank_workbook
from deliverables.verify.document import read_document

MONTHLY, YEARLY = "SLZX-2026-FW-031", "YLCG-2027-C-0009"
FORMS: Mapping[str, str] = {MONTHLY: "monthly.yaml", YEARLY: "yearly.yaml"}
LEDGERS: Mapping[str, Rows] = {
    MONTHLY: {
        "请款": [(1, "恒信函〔2026〕1号", date(2026, 8, 5), date(2026, 8, 6), 95000, "签收回执")],
        "发票": [
            (1, "26080000000000000001", date(2026, 8, 5), "普通发票", 89622.64, 0.06, 5377.36,
             95000, "", "开票平台"),
        ],
        "履约事件": [("考核合格", 1, date(2026, 8, 4), "2026年7月考核结果（92分）", "签收件")],
    },
    YEARLY: {
        "发票": [
            (1, "26120000000000000001", date(2026, 12, 28), "普通发票", 54174.76, 0.03, 1625.24,
             55800, "", "开票平台"),
        ],
        "履约事件": [("收到发票", 1, date(2026, 12, 30), "发票签收单", "签收件")],
    },
}  # fmt: skip
AS_OF: Mapping[str, str] = {MONTHLY: "2026-12-01", YEARLY: "2027-03-01"}

FOREIGN = (
    *("40个工作日", "第六条第", "第十条第", "第十二条第", "药品", "政务云", "外观验收", "万分之三"),
    *("应甲方要求", "财政", builders.NUMBER, "季度报告4个", "中小企业", "切换期"),
)

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return a project with both contracts, in which everything due was built."""
    folder = tmp_path_factory.mktemp("forms")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for number, form in FORMS.items():
            own = Path("data") / number
            own.mkdir(parents=True)
            shutil.copy(root / "tests/contracts" / form, own / "contract.yaml")
            (own / "ledger.xlsx").write_bytes(blank_workbook(Ledger, number))
            (own / "staff.xlsx").write_bytes(blank_workbook(Roster, number))
            type_rows(own / "ledger.xlsx", LEDGERS[number])
            type_rows(own / "staff.xlsx", STAFF)
            for kind in ("payment_request", "settlement_statement", "confidentiality_agreement",
                         "confidentiality_coverage"):  # fmt: skip
                told("build", kind, "--contract", number, "--as-of", AS_OF[number], "--no-pages",
                     codes=(0, 1))  # fmt: skip
    return folder


def told(*words: str, codes: tuple[int, ...] = (0,)) -> Result:
    result = CliRunner().invoke(main, ["--lang", "zh", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in codes, result.output
    return result


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in the project."""
    monkeypatch.chdir(project)
    return told


def words_of(number: str, pattern: str) -> str:
    """Return the words of every document of a contract whose name matches."""
    files = sorted((Path("out") / number).rglob(pattern))
    assert files, f"no document {pattern}"
    return re.sub(r"[^\S\n]", "", "\n".join(read_document(file).text for file in files))


@pytest.mark.parametrize("number", FORMS)
def test_check_finds_no_error(run: Run, number: str) -> None:
    result = run("check", "--contract", number, codes=(0, 1))
    assert f"{number}：错误 0 个" in result.stderr, result.output


@pytest.mark.parametrize("number", FORMS)
def test_every_draft_is_verified(run: Run, number: str) -> None:
    files = [file.as_posix() for file in sorted((Path("out") / number).rglob("*.docx"))]
    assert "错误" not in run("verify", *files).output


def test_a_month_is_paid_after_its_end_and_its_assessment_less_what_is_withheld(run: Run) -> None:
    letter = words_of(MONTHLY, "*付款申请函_第1期*.docx")
    assert "2026年7月服务费" in letter
    assert "约定100,000.00元，暂扣5%" in letter
    assert "95,000.00" in letter
    assert "2026年7月考核结果（92分）" in letter
    assert "付款期限为收到付款材料后10个工作日" in letter
    assert "2026年8月20日" in letter  # ten working days after 6 August


def test_the_term_has_a_payment_for_each_month_and_one_of_what_was_withheld(run: Run) -> None:
    statement = words_of(MONTHLY, "*结算对账单*.docx")
    assert "2027年12月服务费" in statement
    assert "质量保证金" in statement
    assert "1,800,000.00" in statement


def test_what_nobody_reckons_is_told_in_the_contracts_words(run: Run) -> None:
    letter = words_of(MONTHLY, "*付款申请函_第1期*.docx")
    assert "考核分档按合同第5.1条的约定" in letter
    assert "本文件不据此计算金额" in letter


def test_confidence_without_end_is_said_so_and_no_day_is_named(run: Run) -> None:
    agreement = words_of(MONTHLY, "*保密协议_S001*.docx")
    assert "该义务不因主合同终止而终止" in agreement
    assert "终止后" not in agreement.replace("合同终止后果", "")


def test_a_year_by_the_calendar_is_asked_for_with_three_per_cent(run: Run) -> None:
    letter = words_of(YEARLY, "*付款申请函_第1期*.docx")
    assert "55,800.00" in letter
    assert "54,174.76" in letter
    assert "3%" in letter
    assert "付款期限为合同生效并收到发票后15个工作日" in letter


@pytest.mark.parametrize("number", FORMS)
def test_no_document_says_what_is_another_contracts(run: Run, number: str) -> None:
    """The articles, periods and turns of phrase of the sample and of the small contract."""
    said = words_of(number, "*.docx")
    own = (Path("data") / number / "contract.yaml").read_text("utf-8")
    for foreign in FOREIGN:
        assert foreign in own or foreign not in said, foreign
