"""Drafts templates/quarterly_report.docx: conclusion first, then the evidence chapter by chapter."""

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
    improvement_chapter,
    incidents_chapter,
    indicators_table,
    inspections_chapter,
    outages_section,
    people_chapter,
    resources_chapter,
    security_chapter,
    sign_off,
    tickets_chapter,
    told,
    usage_chapter,
)


def quarterly_report() -> Draft:
    """Return the draft of the quarterly report."""
    draft = report()
    front(draft, "季度报告")
    _overview(draft)
    resources_chapter(draft, "本季度")
    usage_chapter(draft, "本季度")
    _service(draft)
    alarms_chapter(draft, "本季度")
    draft.chart("alarm_chart", "各月告警数量（按级别）")
    tickets_chapter(draft, "本季度")
    draft.chart("ticket_chart", "各月工单数量（按类型）")
    incidents_chapter(draft, "本季度")
    changes_chapter(draft, "本季度")
    inspections_chapter(draft, "本季度")
    backups_chapter(draft, "本季度")
    security_chapter(draft, "本季度")
    draft.chart("vulnerability_chart", "漏洞发现与整改情况")
    addresses_chapter(draft, "本季度")
    drills_chapter(draft, "本季度")
    people_chapter(draft, "本季度")
    improvement_chapter(draft)
    appendix(draft)
    sign_off(draft)
    return draft


def _overview(draft: Draft) -> None:
    draft.h1("概述")
    draft.h2("本期结论")
    draft.paragraph(
        "本季度云平台整体可用性 {{ service.this.percent }}，合同要求不低于"
        "{{ service.this.required }}，**{{ service.this.verdict }}**；"
        "自服务期起累计可用性 {{ service.to_date.percent }}，{{ service.to_date.verdict }}。"
    )
    with draft.when("service.this.met"):
        draft.paragraph(
            "本季度计入可用性的中断 {{ service.count }} 次，中断时长 {{ service.this.downtime }} 分钟，"
            "本季度允许中断时长 {{ service.this.budget }} 分钟，剩余 {{ service.this.left }} 分钟。"
        )
        draft.otherwise()
        draft.paragraph(
            "本季度计入可用性的中断 {{ service.count }} 次，中断时长 {{ service.this.downtime }} 分钟，"
            "超出本季度允许中断时长 {{ service.this.budget }} 分钟。原因、处理及改进措施见第四章、第七章。"
        )
    indicators_table(draft)
    told(draft, "overview")
    draft.h2("提请甲方事项")
    with draft.when("agenda.requests"):
        with draft.each("item in agenda.requests"):
            draft.line(
                "Item",
                "{{ item.subject }}{% if item.dated %}（建议 {{ item.due }} 前）{% endif %}",
            )
        draft.otherwise()
        draft.paragraph("本季度无提请甲方协调或决定的事项。")
    draft.h2("项目概况")
    draft.facts(
        [
            ("项目名称", "{{ project }}"),
            ("合同编号", "{{ contract_number }}"),
            ("签订日期", "{{ signed_on }}"),
            ("甲方", "{{ client }}"),
            ("乙方", "{{ contractor }}"),
            ("报告期", "{{ first_day }}至{{ last_day }}，共 {{ days }} 天"),
        ]
    )


def _service(draft: Draft) -> None:
    draft.h1("服务质量")
    draft.h2("云平台整体可用性")
    draft.caption("可用性及允许中断时长")
    draft.grid(
        [
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
            *[
                [f"{{{{ service.{line}.{name} }}}}" for name in ("label",)]
                + [f"{{{{ service.{line}.first_day }}}}至{{{{ service.{line}.last_day }}}}"]
                + [
                    f"{{{{ service.{line}.{name} }}}}"
                    for name in ("total", "downtime", "percent", "budget", "left", "verdict")
                ]
                for line in ("this", "to_date")
            ],
        ],
        widths=[2, 3.4, 2, 2, 2, 2, 2, 1.6],
        align="llrrrrrc",
    )
    draft.line(
        "Note",
        "可用性＝（总时长－中断时长）÷总时长，百分比向下取四位小数；是否达标按分钟数精确比较，不按四舍五入后的百分比判定。",
    )
    draft.paragraph(
        "全服务期允许中断时长 {{ service.term_budget }} 分钟，累计已用 {{ service.to_date.downtime }} 分钟，"
        "剩余 {{ service.term_left }} 分钟。"
    )
    draft.chart("availability_chart", "各月可用性与合同要求")
    outages_section(draft, "本季度")
    durability_section(draft, "本季度")
    told(draft, "service")


if __name__ == "__main__":
    quarterly_report().save(Path("templates/quarterly_report.docx"))
