"""The year of the sample contract lived through the commands alone, day by day.

On each day the commands are called as they would be, and what their documents say is read from the
packages themselves. Nothing here knows how a document is made or proved.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from finished import said, words

ROOT = Path(__file__).parents[2]
NUMBER = "SXYSR202604152"
OUT = Path("out") / NUMBER


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Stand in a folder with the sample's data, and nothing made of them yet."""
    home = tmp_path_factory.mktemp("year")
    shutil.copytree(ROOT / "data", home / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        yield


def build(day: str, *what: str) -> str:
    """Make what is named, or all that is due on the day."""
    return said("build", *(what or ("--due",)), "--as-of", day, "--no-pages")


pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("year", "while_books_are_kept")]
"""The days follow each other: each test finds what the days before it left."""


def test_2026_04_29_on_the_day_of_signing_agreements_can_be_made_and_no_report() -> None:
    assert "季度报告 Q1（2026-07-30 起可以生成）" in build("2026-04-29")
    coverage = words(OUT, "*签署情况表*.docx")
    assert "2026年4月29日" in coverage
    assert "尚未进入项目" in coverage


def test_2026_05_20_the_first_instalment_can_be_asked_for() -> None:
    build("2026-05-20", "payment_request")
    assert "1,957,783.48" in words(OUT, "*付款申请函_第1期*.docx")


def test_2026_08_03_the_first_report_says_that_the_quarter_reached_its_target() -> None:
    build("2026-08-03")
    report = words(OUT, "*季度报告_Q1*.docx")
    assert "本季度云平台整体可用性达标。" in report
    assert "本季度云平台整体可用性 99.9465%，不低于合同要求的 99.9%" in report
    assert "2026-08-27办结" not in report, "that is yet to come"


def test_2026_11_02_the_second_report_says_first_and_in_full_that_it_did_not() -> None:
    build("2026-11-02")
    report = words(OUT, "*季度报告_Q2*.docx")
    first = report.index("本季度云平台整体可用性未达标，服务期累计也未达标（")
    assert report.index("口径为全部中断计入") > first
    assert report.index("不计经甲方同意的作业") > first
    assert report.index("99.9343%") > report.index("不计经甲方同意的作业")
    assert report.index("发生事件 4 起") > first
    assert "平台升级改为逐节点滚动迁移" in report
    assert "2026-12-11" not in report
    assert "机房巡检工程师一名尚未签署保密协议" in report
    assert "未办结，逾期 33 天：协议原件尚未寄回" in report


def test_2026_11_02_and_nothing_has_come_in_by_then() -> None:
    build("2026-11-02", "settlement_statement")
    statement = words(OUT, "*结算对账单*.docx")
    assert "2026年11月2日" in statement
    assert "3,426,121.10" not in statement


def test_2026_11_02_status_knows_what_will_read_otherwise_in_the_spring() -> None:
    build("2026-11-02")
    assert otherwise("2026-11-02") == set()
    assert {"settlement_statement/statement", "confidentiality_coverage/coverage"} <= (
        otherwise("2027-05-15")
    )
    assert "confidentiality_agreement/S001" not in otherwise("2027-05-15")


def otherwise(day: str) -> set[str]:
    """The documents that would read otherwise if they were made for the day."""
    (told,) = json.loads(said("status", "--as-of", day, "--format", "json"))["contracts"]
    return {f"{one['kind']}/{one['part']}" for one in told["documents"] if one["reads_otherwise"]}


def test_2026_11_17_the_interim_acceptance_releases_the_second_instalment() -> None:
    build("2026-11-17", "payment_request")
    letter = words(OUT, "*付款申请函_第2期*.docx")
    assert "1,468,337.62" in letter
    assert "要求整改第二季度可用性未达标事项" in letter


def test_2027_02_05_the_third_report_fails_too_and_tells_what_became_of_the_second() -> None:
    build("2027-02-05")
    report = words(OUT, "*季度报告_Q3*.docx")
    assert "本季度云平台整体可用性未达标，服务期累计也未达标" in report
    assert "2026-12-11办结：滚动迁移方案经测试环境验证" in report


def test_2027_05_04_the_summary_asks_for_acceptance_while_nobody_was_told() -> None:
    build("2027-05-04")
    summary = words(OUT, "*年度项目总结报告*.docx")
    assert "全年云平台整体可用性未达标" in summary
    assert "截至2027年5月4日未记录验收通知送达，现提请甲方组织验收。" in summary
    assert "双方形成协商纪要" in summary, "what was asked for"
    assert "已形成协商纪要" not in summary, "it is of 2027-05-20"
    assert "2027-05-20" not in summary
    report = words(OUT, "*季度报告_Q4*.docx")
    assert "本季度云平台整体可用性达标" in report


def test_2027_05_15_after_acceptance_it_asks_for_nothing_and_says_what_is_still_open() -> None:
    build("2027-05-15", "annual_summary", "settlement_statement", "confidentiality_coverage")
    summary = words(OUT, "*年度项目总结报告*.docx")
    assert "提请甲方组织验收" not in summary
    assert "最终验收2027-05-12通过" in summary
    assert "下月" not in summary
    assert "服务期满后的迁移切换" in summary
    statement = words(OUT, "*结算对账单*.docx")
    assert "2027年5月15日" in statement
    assert "3,426,121.10" in statement
    assert "尚未进入项目" not in words(OUT, "*签署情况表*.docx")


def test_2027_05_25_the_deduction_that_was_agreed_tells_the_same_story() -> None:
    build("2027-05-25", "annual_summary", "payment_request")
    for pattern in ("*年度项目总结报告*.docx", "*付款申请函_第3期*.docx"):
        assert "第二、第三服务季度及全年可用性未达标" in words(OUT, pattern), pattern
        assert "14,683.38" in words(OUT, pattern), pattern


def test_2027_08_02_every_report_is_there_and_check_knows_of_no_error() -> None:
    build("2027-08-02")
    build("2027-08-02", "settlement_statement")
    planned = said("plan", "--as-of", "2027-08-02")
    assert "Q4" in planned
    assert "错误 0 个" in said("check", "--as-of", "2027-08-02")
    made = {file.name.split("_")[1] for file in OUT.rglob("*.docx")}
    assert {"季度报告", "年度项目总结报告", "付款申请函", "结算对账单", "保密协议"} <= made
