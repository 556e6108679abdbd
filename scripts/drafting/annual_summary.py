"""Drafts templates/annual_summary.docx: the quarters together, money, fulfilment, acceptance."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, report
from scripts.drafting.care_chapters import (
    addresses_chapter,
    drills_chapter,
    people_chapter,
    security_chapter,
    still_to_sign,
)
from scripts.drafting.chapters import (
    YEAR,
    Column,
    appendix,
    followed_table,
    front,
    indicators_section,
    sign_off,
    table,
    verdicts,
    work_sentence,
)
from scripts.drafting.operation_chapters import (
    alarms_chapter,
    backups_chapter,
    changes_chapter,
    incidents_chapter,
    inspections_chapter,
    tickets_chapter,
)
from scripts.drafting.platform_chapters import (
    availability_columns,
    durability_section,
    outages_section,
    readings_table,
    resources_chapter,
    usage_chapter,
)


def annual_summary() -> Draft:
    """Return the draft of the annual summary."""
    draft = report()
    front(draft, "{{ report_title }}")
    _overview(draft)
    resources_chapter(draft, YEAR)
    usage_chapter(draft, YEAR)
    _service(draft)
    alarms_chapter(draft, YEAR)
    tickets_chapter(draft, YEAR)
    incidents_chapter(draft, YEAR)
    changes_chapter(draft, YEAR)
    inspections_chapter(draft, YEAR)
    backups_chapter(draft, YEAR)
    security_chapter(draft, YEAR)
    addresses_chapter(draft, YEAR)
    drills_chapter(draft, YEAR)
    people_chapter(draft, YEAR)
    _improvement(draft)
    _trend(draft)
    _money(draft)
    _fulfilment(draft)
    _acceptance(draft)
    _closure(draft)
    appendix(draft)
    sign_off(draft)
    return draft


def _overview(draft: Draft) -> None:
    draft.h1("概述")
    draft.h2("年度结论")
    draft.key_figures(
        [
            (
                "云平台整体可用性",
                "{{ service.this.percent }}",
                "要求不低于{{ service.this.required }}\n{{ service.this.verdict }}",
            ),
            ("未达标的统计期（个）", "{{ service.missed_count }}", "{{ service.missed }}"),
            (
                "中断时长（分钟）",
                "{{ service.this.downtime }}",
                "全年允许 {{ service.this.budget }}\n剩余 {{ service.this.left }}",
            ),
            ("事件（起）", "{{ incidents.count }}", "详见第七章"),
        ]
    )
    verdicts(draft)
    work_sentence(draft, YEAR)
    draft.paragraph(
        "合同款项 {{ account.total }} 元，截至{{ dated }}已到账 {{ account.received }} 元，"
        "扣减 {{ account.deducted }} 元，未到账 {{ account.outstanding }} 元，明细见第十七章。"
        "验收材料见第十九章。{{ acceptance }}"
    )
    indicators_section(draft)
    with draft.when("chronicle"):
        draft.h2("各{{ period }}概况")
        draft.paragraph("以下为各{{ report }}概述的原文，其后的变化见第十五章。", keep=True)
        with draft.each("line in chronicle"):
            draft.paragraph("**{{ line.label }}：**{{ line.text }}")


def _service(draft: Draft) -> None:
    draft.h1("服务质量")
    draft.h2("云平台整体可用性")
    draft.caption("各{{ period }}及全年可用性")
    table(
        draft,
        "service.quarters",
        availability_columns(),
        total=[column.shows for column in availability_columns("service.this")],
        small=True,
    )
    draft.source("数据来源：{{ evidence.outages }}；合同约定的服务期和可用性要求")
    draft.line(
        "Note",
        "全年数值由各{{ period }}分钟数相加后计算，百分比不作平均。",
    )
    readings_table(draft)
    draft.chart("availability_chart", "各{{ period }}可用性与合同要求")
    draft.paragraph("{{ service.low_quarters }}")
    outages_section(draft, YEAR)
    durability_section(draft, YEAR)


def _improvement(draft: Draft) -> None:
    draft.h1("问题与改进")
    draft.h2("各{{ period }}问题及改进措施")
    with draft.when("problems"):
        draft.caption("各{{ period }}问题及改进措施")
        table(
            draft,
            "problems",
            [
                Column("提出时间", 18, "label"),
                Column("内容", 36, "subject"),
                Column("措施", 36, "action"),
                Column("责任方", 13, "owner", "c"),
                Column("完成期限", 21, "due", "c"),
                Column("办理情况", 32, "became"),
            ],
            small=True,
            long=True,
        )
        draft.source(
            "数据来源：各{{ period }}运行数据工作簿“问题与计划”。办理情况截至{{ dated }}。"
        )
        draft.otherwise()
        draft.paragraph("本年度无列入整改的问题。")
    still_to_sign(draft)
    with draft.when("followed"):
        draft.h2("各{{ period }}计划和提请甲方事项办理情况")
        followed_table(draft, "followed", "各{{ period }}计划和提请甲方事项办理情况")
    draft.h2("尚未办结的事项")
    with draft.when("plans"):
        followed_table(draft, "plans", "尚未办结的事项")
        draft.otherwise()
        draft.paragraph("各{{ period }}提出的问题、计划和提请甲方的事项均已办结。")


def _trend(draft: Draft) -> None:
    draft.h1("各{{ period }}趋势")
    draft.caption("各{{ period }}主要数据")
    columns = [
        Column("{{ period }}", 17, "label"),
        Column("期末云主机（台）", 20, "hosts", "r"),
        Column("告警（条）", 13.5, "alarms", "r"),
        Column("工单（件）", 13.5, "tickets", "r"),
        Column("工单\n及时率", 16.5, "in_time_rate", "r"),
        Column("事件（起）", 13.5, "incidents", "r"),
        Column("变更（次）", 13.5, "changes", "r"),
        Column("备份\n成功率", 16.5, "backup_success", "r"),
        Column("漏洞发现（个）", 16, "found", "r"),
        Column("漏洞整改（个）", 16, "mended", "r"),
    ]
    total = [f"{{{{ trend_total.{column.shows} }}}}" for column in columns]
    total[1] = "—"
    table(draft, "trend", columns, total=total, small=True)
    draft.source("数据来源：各{{ period }}运行数据工作簿。合计行的比率由全年合计数重新计算。")


def _money(draft: Draft) -> None:
    draft.h1("资源与费用使用情况")
    draft.paragraph(
        "服务费支出和使用情况如下，供甲方监督检查。"
        "合同款项 {{ account.total }} 元，已开票 {{ account.invoiced }} 元，"
        "已到账 {{ account.received }} 元。"
    )
    draft.caption("各期款项")
    table(
        draft,
        "account.lines",
        [
            Column("款项", 32, "name"),
            Column("应付（元）", 26, "due", "r"),
            Column("已开票（元）", 26, "invoiced", "r"),
            Column("已到账（元）", 26, "received", "r"),
            Column("扣减（元）", 20, "deducted", "r"),
            Column("未到账（元）", 26, "outstanding", "r"),
        ],
        total=[
            "合计",
            *[
                f"{{{{ account.{name} }}}}"
                for name in ("total", "invoiced", "received", "deducted", "outstanding")
            ],
        ],
        small=True,
    )
    draft.source("数据来源：合同付款条款、财务台账。未到账＝应付－扣减－已到账。")
    draft.chart("payments_chart", "各期款项应付与到账")
    with draft.when("account.invoices"):
        draft.caption("已开具发票")
        table(
            draft,
            "account.invoices",
            [
                Column("款项", 21, "name"),
                Column("发票号码", 37, "number"),
                Column("开票日期", 18.5, "issued"),
                Column("发票种类", 17, "type"),
                Column("不含税金额（元）", 22.5, "net", "r"),
                Column("税额（元）", 20.5, "tax", "r"),
                Column("价税合计（元）", 23.5, "gross", "r"),
            ],
            small=True,
        )
        draft.source("数据来源：财务台账")
    with draft.when("account.receipts"):
        draft.caption("到账情况")
        table(
            draft,
            "account.receipts",
            [
                Column("款项", 60, "name"),
                Column("到账日期", 40, "received"),
                Column("到账金额（元）", 56, "amount", "r"),
            ],
            small=True,
        )
        draft.source("数据来源：财务台账（银行回单）")
    with draft.when("account.deductions"):
        draft.caption("扣减情况")
        table(
            draft,
            "account.deductions",
            [
                Column("款项", 32, "name"),
                Column("类别", 16, "kind", "c"),
                Column("金额（元）", 24, "amount", "r"),
                Column("依据", 60, "basis"),
                Column("协商一致日期", 24, "agreed"),
            ],
            small=True,
        )
        draft.source("数据来源：财务台账。扣减金额以双方协商一致的书面文件为准。")
    with draft.when("account.disputes"):
        draft.caption("协商中的扣减（未计入扣减）")
        table(
            draft,
            "account.disputes",
            [
                Column("款项", 32, "name"),
                Column("类别", 16, "kind", "c"),
                Column("金额（元）", 24, "amount", "r"),
                Column("依据", 60, "basis"),
                Column("提出日期", 24, "raised"),
            ],
            small=True,
        )
        draft.source("数据来源：财务台账")


def _fulfilment(draft: Draft) -> None:
    draft.h1("合同履约对照")
    with draft.when("duties.lines"):
        draft.caption("合同履约对照表")
        table(
            draft,
            "duties.lines",
            [
                Column("条款", 21, "article"),
                Column("约定内容", 48, "duty"),
                Column("责任方", 13, "owner", "c"),
                Column("履行情况及依据", 57, "shown"),
                Column("对应章节", 17, "chapter"),
            ],
            small=True,
            long=True,
        )
        draft.source("数据来源：合同文本；各章数据；财务台账“履约情况”。截至{{ dated }}。")
        with draft.when("duties.has_theirs"):
            draft.paragraph("{{ duties.theirs }}由甲方履行，本报告不作评价。")
        with draft.when("duties.has_general"):
            draft.paragraph(
                "{{ duties.general }}为责任承担、争议解决、廉政等通用条款，不单独列举。"
            )
        draft.otherwise()
        draft.paragraph("未提供合同履约事项清单。【待补】")


def _acceptance(draft: Draft) -> None:
    draft.h1("验收自评")
    draft.paragraph(
        "验收材料按合同约定为{{ asked_materials }}。编制情况如下：",
        keep=True,
    )
    draft.caption("验收材料")
    table(
        draft,
        "materials",
        [
            Column("材料", 46, "material"),
            Column("覆盖期间", 34, "covers"),
            Column("编制情况", 76, "state"),
        ],
    )
    draft.paragraph(
        "对照合同约定的服务质量要求，"
        "{% if service.all_met %}全年及各{{ period }}可用性均达标"
        "{% else %}可用性未达标的统计期：{{ service.missed }}，原因和整改已在本报告列明{% endif %}"
        "{% if durability.lost %}；发生数据丢失事件 {{ durability.loss_events }} 起"
        "{% elif durability.observed %}；未发生数据丢失事件{% endif %}。{{ acceptance }}"
    )


def _closure(draft: Draft) -> None:
    draft.h1("数据核对")
    draft.paragraph(
        "本报告各项总数由全部记录重新计算，与各{{ report }}、付款申请、财务台账和人员名册的分项数核对，"
        "结果如下：",
        keep=True,
    )
    draft.caption("数据核对表")
    table(
        draft,
        "closure",
        [
            Column("核对项目", 37, "subject"),
            Column("分项数来源", 48, "made_of"),
            Column("分项合计", 25, "parts", "r"),
            Column("本报告总数", 25, "whole", "r"),
            Column("差额", 10.5, "difference", "r"),
            Column("结果", 10.5, "verdict", "c"),
        ],
        small=True,
    )
    draft.source(
        "数据来源：各{{ period }}运行数据工作簿、财务台账、人员名册。差额＝分项合计－本报告总数。"
    )


if __name__ == "__main__":
    annual_summary().save(Path("templates/annual_summary.docx"))
