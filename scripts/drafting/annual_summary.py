"""Drafts templates/annual_summary.docx: the quarters together, money, fulfilment, acceptance."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, report
from scripts.drafting.chapters import (
    addresses_chapter,
    alarms_chapter,
    appendix,
    backups_chapter,
    changes_chapter,
    drills_chapter,
    durability_section,
    front,
    incidents_chapter,
    indicators_table,
    inspections_chapter,
    outages_section,
    people_chapter,
    plans_section,
    resources_chapter,
    security_chapter,
    sign_off,
    tickets_chapter,
    usage_chapter,
)


def annual_summary() -> Draft:
    """Return the draft of the annual summary."""
    draft = report()
    front(draft, "年度项目总结报告")
    _overview(draft)
    resources_chapter(draft, "本年度", annual=True)
    usage_chapter(draft, "本年度", annual=True)
    _service(draft)
    alarms_chapter(draft, "本年度", annual=True)
    tickets_chapter(draft, "本年度", annual=True)
    draft.chart("workload_chart", "各季度工单与变更数量")
    incidents_chapter(draft, "本年度", annual=True)
    changes_chapter(draft, "本年度", annual=True)
    inspections_chapter(draft, "本年度", annual=True)
    backups_chapter(draft, "本年度", annual=True)
    security_chapter(draft, "本年度", annual=True)
    draft.chart("vulnerability_chart", "各季度漏洞发现与整改")
    addresses_chapter(draft, "本年度", annual=True)
    drills_chapter(draft, "本年度", annual=True)
    people_chapter(draft, "本年度", annual=True)
    _improvement(draft)
    _trend(draft)
    _money(draft)
    _fulfilment(draft)
    _acceptance(draft)
    appendix(draft)
    sign_off(draft)
    return draft


def _overview(draft: Draft) -> None:
    draft.h1("概述")
    draft.h2("年度结论")
    draft.paragraph(
        "服务期内云平台整体可用性 {{ service.this.percent }}，合同要求不低于"
        "{{ service.this.required }}，**{{ service.this.verdict }}**。"
        "{% if all_met %}各季度均达标。{% else %}其中{{ missed }}未达标，原因、处理及改进措施见第四章、第七章。{% endif %}"
    )
    draft.paragraph(
        "全年计入可用性的中断 {{ service.count }} 次，中断时长 {{ service.this.downtime }} 分钟，"
        "全年允许中断时长 {{ service.this.budget }} 分钟。"
    )
    draft.paragraph(
        "合同款项 {{ account.total }} 元，截至{{ dated }}已到账 {{ account.received }} 元，"
        "未到账 {{ account.outstanding }} 元，明细见第十七章。"
    )
    indicators_table(draft)
    draft.h2("各季度概况")
    with draft.each("line in chronicle"):
        draft.paragraph("**{{ line.label }}：**{{ line.text }}")
    draft.h2("项目概况")
    draft.facts(
        [
            ("项目名称", "{{ project }}"),
            ("合同编号", "{{ contract_number }}"),
            ("签订日期", "{{ signed_on }}"),
            ("甲方", "{{ client }}"),
            ("乙方", "{{ contractor }}"),
            ("服务期", "{{ first_day }}至{{ last_day }}，共 {{ days }} 天"),
        ]
    )


def _service(draft: Draft) -> None:
    draft.h1("服务质量")
    draft.h2("云平台整体可用性")
    draft.caption("各季度及全年可用性")
    names = ("total", "downtime", "percent", "budget", "left", "verdict")
    draft.table(
        [
            "统计期",
            "起止日期",
            "总时长（分钟）",
            "中断时长（分钟）",
            "可用性",
            "允许中断（分钟）",
            "剩余（分钟）",
            "判定",
        ],
        widths=[2, 3.4, 2, 2, 2, 2, 2, 1.6],
        align="llrrrrrc",
        loop="line in quarters",
        cells=[
            "{{ line.label }}",
            "{{ line.first_day }}至{{ line.last_day }}",
            *[f"{{{{ line.{name} }}}}" for name in names],
        ],
        total=[
            "{{ service.this.label }}",
            "{{ service.this.first_day }}至{{ service.this.last_day }}",
            *[f"{{{{ service.this.{name} }}}}" for name in names],
        ],
        small=True,
    )
    draft.line(
        "Note",
        "全年数值由各季度分钟数相加后计算，百分比不作平均；百分比向下取四位小数，是否达标按分钟数精确比较。",
    )
    draft.chart("availability_chart", "各季度可用性与合同要求")
    outages_section(draft, "本年度")
    durability_section(draft, "本年度")


def _improvement(draft: Draft) -> None:
    draft.h1("问题与改进")
    draft.h2("各季度问题及改进措施")
    with draft.when("problems"):
        draft.caption("各季度问题及改进措施")
        draft.table(
            ["提出时间", "内容", "措施", "责任方", "完成期限", "提出时状态"],
            widths=[1.6, 3.8, 3.9, 1.2, 2.3, 1.5],
            align="llllll",
            loop="line in problems",
            cells=[
                "{{ line.label }}",
                "{{ line.subject }}",
                "{{ line.action }}",
                "{{ line.owner }}",
                "{{ line.due }}",
                "{{ line.state }}",
            ],
            small=True,
        )
        draft.otherwise()
        draft.paragraph("本年度未发现需要列入整改的问题。")
    plans_section(draft, "后续工作计划")


def _trend(draft: Draft) -> None:
    draft.h1("四季度趋势")
    draft.caption("各季度主要数据")
    names = (
        "hosts", "alarms", "tickets", "in_time_rate", "incidents", "changes",
        "backup_success", "found", "mended",
    )  # fmt: skip
    draft.table(
        [
            "季度",
            "云主机期末（台）",
            "告警（条）",
            "工单（件）",
            "工单及时率",
            "事件（起）",
            "变更（次）",
            "备份成功率",
            "漏洞发现（个）",
            "漏洞整改（个）",
        ],
        widths=[1.7, 1.5, 1.4, 1.4, 1.6, 1.2, 1.2, 1.6, 1.5, 1.5],
        align="lrrrrrrrrr",
        loop="line in trend",
        cells=["{{ line.label }}", *[f"{{{{ line.{name} }}}}" for name in names]],
        total=[
            "{{ trend_total.label }}",
            "—",
            *[f"{{{{ trend_total.{name} }}}}" for name in names[1:]],
        ],
        small=True,
    )
    draft.source("数据来源：各季度运行数据工作簿。合计栏比率由全年合计数重新计算。")


def _money(draft: Draft) -> None:
    draft.h1("资源与费用使用情况")
    draft.paragraph("依据第八条第3款，乙方就服务费支出和使用情况报告如下，并配合甲方监督检查。")
    draft.h2("付款与发票")
    draft.caption("各期款项")
    draft.table(
        ["款项", "应付（元）", "已开票（元）", "已到账（元）", "扣减（元）", "未到账（元）"],
        widths=[2, 2.2, 2.2, 2.2, 1.8, 2.2],
        align="lrrrrr",
        loop="line in account.lines",
        cells=[
            "{{ line.name }}",
            "{{ line.due }}",
            "{{ line.invoiced }}",
            "{{ line.received }}",
            "{{ line.deducted }}",
            "{{ line.outstanding }}",
        ],
        total=[
            "合计",
            "{{ account.total }}",
            "{{ account.invoiced }}",
            "{{ account.received }}",
            "{{ account.deducted }}",
            "{{ account.outstanding }}",
        ],
    )
    draft.source("数据来源：合同第六条、财务台账。未到账＝应付－扣减－已到账。")
    draft.chart("payments_chart", "各期款项应付与到账")
    with draft.when("account.invoices"):
        draft.caption("已开具发票")
        draft.table(
            [
                "款项",
                "发票号码",
                "开票日期",
                "发票种类",
                "不含税金额（元）",
                "税额（元）",
                "价税合计（元）",
            ],
            widths=[1.2, 3.4, 2.2, 2, 2.1, 1.8, 2.1],
            align="lllLrrr".replace("L", "l"),
            loop="line in account.invoices",
            cells=[
                "{{ line.name }}",
                "{{ line.number }}",
                "{{ line.issued }}",
                "{{ line.type }}",
                "{{ line.net }}",
                "{{ line.tax }}",
                "{{ line.gross }}",
            ],
            small=True,
        )
        draft.source("数据来源：财务台账")
    with draft.when("account.receipts"):
        draft.caption("到账情况")
        draft.table(
            ["款项", "到账日期", "到账金额（元）"],
            widths=[2, 3, 3],
            align="llr",
            loop="line in account.receipts",
            cells=["{{ line.name }}", "{{ line.received }}", "{{ line.amount }}"],
        )
        draft.source("数据来源：财务台账（银行回单）")
    with draft.when("account.deductions"):
        draft.caption("扣减情况")
        draft.table(
            ["款项", "类别", "金额（元）", "依据", "协商一致日期"],
            widths=[1.4, 1.4, 2, 4, 2.4],
            align="lcrll",
            loop="line in account.deductions",
            cells=[
                "{{ line.name }}",
                "{{ line.kind }}",
                "{{ line.amount }}",
                "{{ line.basis }}",
                "{{ line.agreed }}",
            ],
        )
        draft.source(
            "数据来源：财务台账。扣减金额以双方协商一致的文件为准，本工具不计算违约金。".replace(
                "本工具", "本报告"
            )
        )


def _fulfilment(draft: Draft) -> None:
    draft.h1("合同履约对照")
    draft.caption("合同履约对照表")
    draft.table(
        ["条款", "约定内容", "责任方", "履行情况", "对应章节"],
        widths=[1.8, 5.2, 1, 3.2, 1.8],
        align="llcll",
        loop="line in duties",
        cells=[
            "{{ line.article }}",
            "{{ line.duty }}",
            "{{ line.owner }}",
            "{{ line.shown }}",
            "{{ line.chapter }}",
        ],
        small=True,
    )
    draft.source("数据来源：合同文本；各章数据")


def _acceptance(draft: Draft) -> None:
    draft.h1("验收自评")
    draft.paragraph(
        "验收材料按合同约定为年度项目总结报告和各季度报告，均加盖乙方公章。编制情况如下："
    )
    draft.caption("验收材料")
    draft.table(
        ["材料", "覆盖期间", "编制情况"],
        widths=[3, 2.4, 5],
        align="lll",
        loop="line in materials",
        cells=["{{ line.material }}", "{{ line.covers }}", "{{ line.state }}"],
    )
    draft.paragraph(
        "对照合同约定的服务质量要求，全年可用性{{ service.this.verdict }}"
        "{% if not all_met %}，{{ missed }}未达标情况已在本报告如实说明{% endif %}；"
        "数据可靠性方面{% if durability.lost %}发生数据丢失事件 {{ durability.loss_events }} 起"
        "{% else %}未发生数据丢失事件{% endif %}。现提请甲方组织验收。"
    )


if __name__ == "__main__":
    annual_summary().save(Path("templates/annual_summary.docx"))
