"""Two contracts of other forms, from their own text to verified drafts, as a newcomer goes.

`new --from-text` writes what is proved; what it leaves is typed here, and nothing else. One is paid
by month after an assessment, with a share kept back, and owes three series of reports; the other
runs a calendar year with three instalments and 3 %.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from contract_texts import FILES
from second_contract import STAFF, Rows, type_rows, write_facts

from deliverables.cli import main
from deliverables.verify.document import read_document

pytestmark = pytest.mark.thorough

MONTHLY, YEARLY = "SLZX-2026-FW-031", "YLCG-2027-C-0009"

TYPED: Mapping[str, Mapping[str, str]] = {
    MONTHLY: {
        "service.name": "业务专网及机房运行维护服务",
        "service.catalogue": "附件1《服务内容及考核标准》",
        "reports.0.months": "calendar",
        "reports.1.months": "calendar",
        "reports.1.sealed": "否",
        "reports.2.sealed": "否",
        "service_levels.durability": "未约定",
        "service_levels.measurement": "未约定",
        "service_levels.incident_grading": "第4.2条一级、二级、三级故障",
        "payment.instalments.0.conditions": "[end_of_month, assessment, payment_papers]",
        "invoicing.item": "运行维护服务费",
        "invoicing.tax_code": '"3040203000000000000"',
        "invoicing.before_payment": "是",
        "acceptance.interim_procedure": "未约定",
        "notices.exit": "未约定",
        "confidentiality.quoted_scope_limit": "未约定",
    },
    YEARLY: {
        "identity.signed_on": "2026-12-24",
        "identity.signed_on_read_from": "签署页（以后签者为准）",
        "client.address": "示例县档案路1号",
        "client.postcode": '"099070"',
        "client.credit_code": "11999999999999990K",
        "contractor.address": "示例县云帆路2号",
        "contractor.postcode": '"099071"',
        "contractor.credit_code": "91999999MA0000000K",
        "service.name": "云资源租用及运维服务",
        "service.catalogue": "第二条标的清单",
        "reports.0.sealed": "是",
        "reports.1.sealed": "是",
        "service_levels.durability": "未约定",
        "service_levels.measurement": "未约定",
        "service_levels.incident_grading": "未约定",
        "payment.instalments.1.deadline": "未约定",
        "invoicing.item": "云资源租用及运维服务费",
        "invoicing.tax_code": '"3040203000000000000"',
        "acceptance.materials": "未约定",
        "acceptance.interim_procedure": "未约定",
        "notices.key_staff": "未约定",
        "confidentiality.quoted_scope_limit": "未约定",
        "cessation.article": "第九条第（三）款",
        "cessation.switch_over": "未约定",
    },
}
"""What a person looks up and types, field by field, instalments and reports counted from 0."""

NOT_AGREED: Mapping[str, tuple[str, ...]] = {MONTHLY: ("exit",), YEARLY: ("key_staff",)}
"""Notices that the contract does not have: below their key nothing is left."""

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


def month_rows(first: date) -> Rows:
    """Return what happened in a month, sheet by sheet."""
    number = f"{first:%m}"
    outage = datetime.combine(first + timedelta(3), time(22, 10))
    end = outage + timedelta(minutes=12)
    return {
        "资源使用": [
            (first, "业务专网", f"net-{host}", 8, 32, 500, 21.5, 63.2, 48.1, 71.9, 212, "监控月报")
            for host in (1, 2)
        ],
        "资源台账": [("业务专网", "云主机", "", "台", 2, 0, 0, 2, 2, "资产台账")],
        "中断": [
            (f"ZD-{number}", outage, end, "专网出口", 2, 2, "网络", "板卡故障", "更换板卡", "", "",
             None, "网管日志"),
        ],
        "告警": [(f"GJ-{number}", outage, end, "紧急", "网络", "汇聚交换机", "网管日志")],
        "工单": [
            (f"GD-{number}", outage, outage + timedelta(hours=2), "故障处理", 4, "业务专网",
             "访问失败", None, "服务台"),
        ],
        "巡检": [(first, "机房环境", 30, 30, 1, 1, None, "巡检记录")],
        "备份": [(first, "配置库", 30, 30, 1, 1, "备份平台报表")],
        "漏洞与安全": [(first, "高危漏洞", 2, 2, 2, 0, "", None, "整改台账")],
        "IP地址": [("10.99.1.0/28", "业务专网", "业务专网", 16, "在用", None, "地址台账")],
    }  # fmt: skip


def quarter_rows(months: list[date]) -> Rows:
    """Return what happened in three months; what stands in a register stands there once."""
    parts = [month_rows(month) for month in months]
    once = ("资源台账", "IP地址")
    return {
        sheet: rows if sheet in once else [row for part in parts for row in part[sheet]]
        for sheet, rows in parts[0].items()
    }


PERIODS: Mapping[str, Mapping[str, Rows]] = {
    MONTHLY: {"M01": month_rows(date(2026, 7, 1))},
    YEARLY: {"Q1": quarter_rows([date(2027, month, 1) for month in (1, 2, 3)])},
}
COVER = {"编制": "甲示例", "审核": "乙示例", "批准": "丙示例"}
AS_OF = {MONTHLY: "2026-08-12", YEARLY: "2027-04-06"}
BEGUN = {MONTHLY: ("monthly", "--instalments", "2"), YEARLY: ("yearly",)}


def told(*words: str, codes: tuple[int, ...] = (0,)) -> Result:
    result = CliRunner().invoke(main, ["--lang", "zh", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in codes, result.output
    return result


def without_below(file: Path, key: str) -> None:
    """Delete what stands below a key of the notices, as somebody does who writes 未约定 there."""
    text = file.read_text("utf-8")
    file.write_text(re.sub(rf"(?m)^  {key}:\n(?:    .*\n)+", f"  {key}:\n", text), "utf-8")


@pytest.fixture(scope="module", params=[MONTHLY, YEARLY])
def number(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Begin a contract in an empty folder, type what is missing, build what is due; stay there."""
    number = str(request.param)
    own = Path("data") / number
    patch = pytest.MonkeyPatch()
    request.addfinalizer(patch.undo)
    patch.chdir(tmp_path_factory.mktemp("project"))
    text, *options = BEGUN[number]
    told("new", number, "--from-text", str(FILES[text]), *options)
    for key in NOT_AGREED[number]:
        without_below(own / "contract.yaml", key)
    write_facts(own / "contract.yaml", TYPED[number])
    type_rows(own / "staff.xlsx", STAFF)
    type_rows(own / "ledger.xlsx", LEDGERS[number])
    for period, rows in PERIODS[number].items():
        told("workbook", period)
        type_rows(own / f"operations/{period}.xlsx", rows, COVER)
    told("build", "--due", "--as-of", AS_OF[number], "--no-pages")
    return number


def words_of(number: str, pattern: str) -> str:
    files = sorted((Path("out") / number).rglob(pattern))
    assert files, f"no document {pattern}"
    return re.sub(r"[^\S\n]", "", "\n".join(read_document(file).text for file in files))


def test_what_was_typed_is_held_against_the_text_and_nothing_is_wrong(number: str) -> None:
    result = told("check", "--as-of", AS_OF[number])
    assert f"{number}：错误 0 个" in result.stderr, result.output


def test_every_document_is_called_what_the_contract_calls_it(number: str) -> None:
    planned = told("plan", "--as-of", AS_OF[number]).output
    for name in {MONTHLY: ("运维服务月报", "运维质量分析报告", "项目服务总结报告"),
                 YEARLY: ("季度运维报告", "年度服务总结")}[number]:  # fmt: skip
        assert name in planned
    assert "季度报告" not in planned.replace("季度运维报告", "")
    assert "年度项目总结报告" not in planned


def test_every_draft_that_is_due_was_made_and_is_verified(number: str) -> None:
    made = {file.name.split("_")[1] for file in (Path("out") / number).rglob("*.docx")}
    assert (
        made
        >= {
            MONTHLY: {"运维服务月报", "付款申请函", "结算对账单", "保密协议"},
            YEARLY: {"季度运维报告", "付款申请函", "结算对账单", "保密协议"},
        }[number]
    )
    files = [file.as_posix() for file in sorted((Path("out") / number).rglob("*.docx"))]
    assert "错误" not in told("verify", *files).output


def test_the_papers_say_what_their_own_contract_says_and_nothing_of_another(number: str) -> None:
    said = words_of(number, "*.docx")
    own = {
        MONTHLY: (
            "业务专网月可用率（每月）",
            "机房供电月可用率99.9731%，达标",
            "计划维护每月累计不超过4小时的不计入中断",
            "2026年7月服务费",
            "约定100,000.00元，暂扣5%",
            "2026年7月考核结果（92分）",
            "收到付款材料后10个工作日",
            "2026年8月20日",  # ten working days after 6 August
            "2027年12月服务费",
            "1,800,000.00",
            "考核得分90分（含）以上的，全额支付当月服务费",
            "本文件不据此计算金额",
            "该义务不因主合同终止而终止",
        ),
        YEARLY: (
            "云平台年度可用性（每年）",
            "统计期未满",
            "55,800.00",
            "54,174.76",
            "3%",
            "合同生效并收到发票后15个工作日",
        ),
    }[number]
    foreign = ("云平台", "财政", "药品", "第六条第2款", "数据可靠性", "外观验收", "万分之三")
    assert [words for words in own if words not in said] == []
    own_text = FILES[BEGUN[number][0]].read_text("utf-8")
    assert [words for words in foreign if words in said and words not in own_text] == []


def test_of_confidence_without_end_no_day_is_named(number: str) -> None:
    agreement = words_of(number, "*保密协议_S001*.docx").replace("合同终止后果", "")
    assert ("终止后" in agreement) == (number == YEARLY)
