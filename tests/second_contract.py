"""A contract unlike the sample's: two years, three reports a year, four instalments, an SME.

Everything in it is made up. The numbers of its articles are those of no other contract here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cells import write_cells
from python_calamine import CalamineWorkbook

from deliverables.read.tree import Items, KeyBlock, Node, Scalar
from deliverables.read.yaml import read_yaml

NUMBER = "JK-2024-118"

FACTS: Mapping[str, str] = {
    "identity.article": "合同首页",
    "identity.title": "示例区教育云平台运行维护服务项目",
    "identity.signed_on": "2024-11-18",
    "identity.signed_on_read_from": "签字页",
    "client.article": "合同首页",
    "client.name": "示例市示范区教育局",
    "client.address": "示例市示范区学府路1号",
    "client.postcode": '"099001"',
    "client.credit_code": "11999999999999990K",
    "client.contact.article": "第3.1条",
    "client.contact.name": "王示例",
    "client.contact.phone": '"010-99990001"',
    "contractor.article": "合同首页",
    "contractor.name": "示例云数据有限公司",
    "contractor.address": "示例市示范区云杉路9号",
    "contractor.postcode": '"099002"',
    "contractor.credit_code": "91999999MA0000000K",
    "contractor.contact.article": "第3.2条",
    "contractor.contact.name": "李示例",
    "contractor.contact.phone": '"010-99990002"',
    "service.article": "第1.1条、第4.2条",
    "service.name": "教育云平台运行维护服务",
    "service.catalogue": "附件二《教育云资源清单》",
    "service.term_months": "24",
    "reports.0.article": "第4.2条",
    "reports.0.name": "教育云平台运维服务报告",
    "reports.0.every_months": "4",
    "reports.0.count": "6",
    "reports.0.form": "operations",
    "reports.0.sealed": "是",
    "reports.1.article": "第4.2条",
    "reports.1.name": "年度项目总结报告",
    "reports.1.every_months": "12",
    "reports.1.count": "2",
    "reports.1.form": "summary",
    "reports.1.sealed": "是",
    "service_levels.article": "第4.3条",
    "service_levels.availability": "99.95%",
    "service_levels.durability": "99.999%",
    "service_levels.measurement": "按每个报告期统计，甲方书面同意的停机不计入（第4.3条）",
    "service_levels.incident_grading": "附件三《事件分级办法》",
    "payment.article": "第5.1条",
    "payment.total": "2,400,000.00",
    "payment.total_in_words": "贰佰肆拾万元整",
    "payment.plan": "sme",
    "payment.sme_evidence": "中小企业声明函（2024年10月21日）",
    "payment.account.article": "第5.4条",
    "payment.account.holder": "示例云数据有限公司",
    "payment.account.bank": "示例银行股份有限公司示范支行",
    "payment.account.number": '"6600009999888877776"',
    "payment.late.article": "第11.2条",
    "payment.late.daily_rate": "0.0002",
    "payment.late.base": "逾期金额",
    "payment.late.cap_ratio": "3%",
    "payment.late.cap_base": "合同总额",
    "invoicing.article": "第5.3条",
    "invoicing.rate": "6%",
    "invoicing.type": "普通发票",
    "invoicing.item": "教育云平台运维服务费",
    "invoicing.tax_code": '"3040203000000000000"',
    "invoicing.before_payment": "是",
    "acceptance.article": "第6.1条",
    "acceptance.period": "收到验收通知后7个工作日内",
    "acceptance.rework": "10个工作日内",
    "acceptance.materials": "年度总结报告2份，运维服务报告6份",
    "acceptance.interim_procedure": "第一服务年度结束后，由甲方组织评审（第6.2条）",
    "notices.key_staff.article": "第3.4条",
    "notices.key_staff.period": "提前15个工作日",
    "notices.exit.article": "第12.1条",
    "notices.exit.period": "提前60日",
    "notices.force_majeure.article": "第14.2条",
    "notices.force_majeure.period": "不可抗力发生后7日内",
    "confidentiality.article": "第9.1条",
    "confidentiality.period": "自合同终止起5年",
    "confidentiality.agreement_article": "第9.3条",
    "confidentiality.quoted_scope_limit": "乙方只得向确有必要知悉的工作人员披露保密信息。",
    "cessation.article": "第12.3条",
    "cessation.switch_over": "服务期届满后2个月内",
    **{
        f"payment.instalments.{number - 1}.{name}": fact
        for number, facts in enumerate(
            (
                {
                    "article": "第5.2条第(1)项",
                    "name": "预付款",
                    "amount": "720,000.00",
                    "ratio": "30%",
                    "sme_ratio": "40%",
                    "conditions": "[signing]",
                    "condition_text": "合同签订后20个工作日内，甲方支付预付款",
                    "deadline": "合同签订后20个工作日内",
                },
                {
                    "article": "第5.2条第(2)项",
                    "name": "第一年度进度款",
                    "amount": "720,000.00",
                    "ratio": "30%",
                    "sme_ratio": "20%",
                    "conditions": "[past_half_of_term, interim_acceptance]",
                    "condition_text": "服务期过半且通过中期评审后，甲方支付第一年度进度款",
                    "deadline": "未约定",
                },
                {
                    "article": "第5.2条第(3)项",
                    "name": "第二年度进度款",
                    "amount": "480,000.00",
                    "ratio": "20%",
                    "sme_ratio": "20%",
                    "conditions": "[end_of_term]",
                    "condition_text": "服务期届满后，甲方支付第二年度进度款",
                    "deadline": "未约定",
                },
                {
                    "article": "第5.2条第(4)项",
                    "name": "尾款",
                    "amount": "480,000.00",
                    "ratio": "20%",
                    "sme_ratio": "20%",
                    "conditions": "[end_of_term, final_acceptance]",
                    "condition_text": "服务期届满并通过终验后15个工作日内，甲方支付尾款",
                    "deadline": "服务期届满且通过验收后15个工作日内",
                    "deducts": "是",
                },
            ),
            start=1,
        )
        for name, fact in facts.items()
    },
}  # fmt: skip


def write_facts(file: Path, facts: Mapping[str, str] = FACTS) -> None:
    """Type each fact behind its key, over whatever stands there, as a clerk does."""
    tree = read_yaml(file, [])
    lines = file.read_text("utf-8").splitlines()
    for path, fact in facts.items():
        key = _key_at(tree, path.split("."))
        after = key.source.column + len(path.rpartition(".")[2])
        line = key.source.line - 1
        lines[line] = f"{lines[line][:after]} {fact}"
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _key_at(node: Node | None, path: list[str]) -> Scalar:
    """Return the key at the end of a path, in which instalments are counted from 0."""
    for step in path:
        if isinstance(node, Items):
            node = node.items[int(step)]
        elif isinstance(node, KeyBlock):
            key, node = next(entry for entry in node.entries if entry[0].text == step)
    return key


Rows = Mapping[str, Sequence[Sequence[object]]]


def period_rows(number: int, months: Sequence[date]) -> Rows:
    """Return what happened in one report period of four service months, sheet by sheet."""
    first = months[0]
    held = 900 + 100 * number
    named = [month + timedelta(25) for month in months]  # a day of the month in which each ends
    outage = datetime.combine(months[1], time(22, 10))
    return {
        "资源使用": [
            (month, "学籍系统", f"xj-app-{host:02}", 8, 32, 500, 21.5, 63.2, 48.1, 71.9, 212,
             "监控平台月报")
            for month in named
            for host in (1, 2)
        ],
        "资源台账": [
            ("学籍系统", "云主机", "", "台", 2, 0, 0, 2, 2, "云管平台报表"),
            ("学籍系统", "存储", "高性能存储", "GB", held, 100, 0, held + 100, 1600, "云管报表"),
        ],
        "中断": [
            (f"ZD-{number}-1", outage, outage + timedelta(minutes=18), "学籍系统查询功能", 2, 2,
             "网络", "汇聚交换机板卡故障", "切换备机并更换板卡", "", "", None, "网管日志"),
        ],
        "数据可靠性": [
            (month, "高性能存储", 4, "三副本", "99.9999%", "产品白皮书", 0, 4, 0, "存储平台报告")
            for month in named
        ],
        "告警": [
            (f"GJ-{number}-1", outage, outage + timedelta(minutes=18), "紧急", "网络",
             "汇聚交换机", "网管日志"),
            (f"GJ-{number}-2", datetime.combine(months[2], time(9)), None, "次要", "计算",
             "xj-app-02", "监控平台记录"),
        ],
        "工单": [
            (f"GD-{number}-1", datetime.combine(months[0] + timedelta(2), time(9)),
             datetime.combine(months[0] + timedelta(2), time(15)), "需求处理", 24, "学籍系统",
             "开通访问策略", None, "服务台"),
            (f"GD-{number}-2", outage, outage + timedelta(hours=5), "故障处理", 4, "学籍系统",
             "查询失败", None, "服务台"),
        ],
        "事件": [
            (f"SJ-{number}-1", "未定级", outage, outage + timedelta(minutes=18), "交换机板卡故障",
             "学籍系统查询功能中断", "板卡老化", "更换板卡", f"ZD-{number}-1",
             None, None, "", None, "", "", None, None, "故障报告"),
        ],
        "变更": [
            (f"BG-{number}-1", "计划", datetime.combine(first + timedelta(9), time(21)),
             "升级汇聚交换机软件", "成功", "变更单签字", "变更记录"),
        ],
        "巡检": [(month, "机房环境", 30, 30, 1, 1, None, "巡检记录") for month in named],
        "备份": [(month, "学籍数据库", 30, 30, 1, 1, "备份平台报表") for month in named],
        "漏洞与安全": [(month, "高危漏洞", 2, 2, 2, 0, "", None, "整改台账") for month in named],
        "IP地址": [("10.99.1.0/28", "政务外网区", "学籍系统", 16, "在用", None, "地址台账")],
        "问题与计划": [
            ("WT-1", "问题", "汇聚交换机板卡老化", "分批更换", "", "乙方",
             first + timedelta(100), "进行中", None, "", None, "问题跟踪表"),
        ],
    }  # fmt: skip


STAFF: Rows = {
    "人员名册": [
        ("S001", "李示例", "居民身份证", "999999198104160178", "运维部", "项目经理", "是",
         date(2024, 11, 18), date(2024, 11, 20), None, date(2024, 11, 18), "王示例",
         date(2024, 11, 18), "登记表"),
        ("S002", "张示例", "居民身份证", "", "运维部", "运维工程师", "否",
         date(2024, 11, 18), date(2024, 11, 22), None, date(2024, 11, 20), "王示例",
         date(2024, 11, 21), "登记表"),
    ],
}  # fmt: skip


def type_rows(file: Path, rows: Rows, cover: Mapping[str, object] | None = None) -> None:
    """Type rows into a workbook from the third line on, over what was carried over."""
    items = [
        row[0] for row in CalamineWorkbook.from_path(file).get_sheet_by_name("说明").to_python()
    ]
    answers = {(items.index(item) + 1, 2): value for item, value in (cover or {}).items()}
    cells = {
        name: {
            (row, column): value if value != "" else None
            for row, values in enumerate(lines, start=3)
            for column, value in enumerate(values, start=1)
        }
        for name, lines in rows.items()
    }
    write_cells(file, {"说明": answers, **cells})


LEDGER: Rows = {
    "请款": [(1, "示云函〔2024〕1号", date(2024, 11, 20), date(2024, 11, 22), 960000, "发文登记")],
    "发票": [
        (1, "24112000000000000001", date(2024, 11, 20), "普通发票", 905660.38, 0.06, 54339.62,
         960000, "", "开票平台"),
    ],
    "到账": [
        (1, date(2024, 12, 16), 960000, "回单-01", "24112000000000000001", "", "", "银行回单"),
    ],
    "验收": [("中期", date(2025, 11, 20), date(2025, 11, 27), "通过", "中期评审意见", "签收回执")],
}  # fmt: skip
