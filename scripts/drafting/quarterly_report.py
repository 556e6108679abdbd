"""Drafts templates/quarterly_report.docx: conclusion first, then the evidence by chapter."""

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
    ISSUES,
    QUARTER,
    appendix,
    followed_table,
    front,
    indicators_section,
    plans_section,
    sign_off,
    table,
    told,
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


def quarterly_report() -> Draft:
    """Return the draft of the quarterly report."""
    draft = report()
    front(draft, "{{ report_title }}")
    _overview(draft)
    resources_chapter(draft, QUARTER)
    usage_chapter(draft, QUARTER)
    _service(draft)
    alarms_chapter(draft, QUARTER)
    tickets_chapter(draft, QUARTER)
    incidents_chapter(draft, QUARTER)
    changes_chapter(draft, QUARTER)
    inspections_chapter(draft, QUARTER)
    backups_chapter(draft, QUARTER)
    security_chapter(draft, QUARTER)
    addresses_chapter(draft, QUARTER)
    drills_chapter(draft, QUARTER)
    people_chapter(draft, QUARTER)
    _improvement(draft)
    appendix(draft)
    sign_off(draft)
    return draft


def _overview(draft: Draft) -> None:
    draft.h1("概述")
    draft.h2("本期结论")
    draft.key_figures(
        [
            (
                "云平台整体可用性",
                "{{ service.this.percent }}",
                "要求不低于{{ service.this.required }}\n{{ service.this.verdict }}",
            ),
            (
                "中断时长（分钟）",
                "{{ service.this.downtime }}",
                "本{{ period }}允许 {{ service.this.budget }}",
            ),
            (
                "全期剩余（分钟）",
                "{{ service.term_left }}",
                "全期允许 {{ service.term_budget }}",
            ),
            ("事件（起）", "{{ incidents.count }}", "详见第七章"),
        ]
    )
    verdicts(draft)
    work_sentence(draft, QUARTER)
    told(draft, QUARTER, "overview")
    draft.h2("提请甲方事项")
    with draft.when("requests"):
        with draft.each("item in requests"):
            draft.line(
                "Item",
                "{{ item.subject }}{% if item.detailed %}：{{ item.action }}{% endif %}"
                "{% if item.dated %}{% if item.passed %}（原建议{{ item.due }}前完成）"
                "{% else %}（建议{{ item.due }}前完成）{% endif %}{% endif %}。",
            )
        draft.otherwise()
        draft.paragraph("本{{ period }}无提请甲方协调或决定的事项。")
    indicators_section(draft)


def _service(draft: Draft) -> None:
    draft.h1("服务质量")
    draft.h2("云平台整体可用性")
    draft.caption("可用性及允许中断时长")
    table(draft, "service.lines", availability_columns(), small=True)
    draft.source("数据来源：{{ evidence.outages }}；合同约定的服务期和可用性要求")
    draft.line("Note", "可用性＝（总时长－中断时长）÷总时长。")
    readings_table(draft)
    draft.paragraph(
        "全服务期允许中断时长 {{ service.term_budget }} 分钟，"
        "截至本期末累计中断 {{ service.to_date.downtime }} 分钟，"
        "剩余 {{ service.term_left }} 分钟。"
    )
    draft.chart("availability_chart", "各服务月可用性与合同要求")
    draft.paragraph("{{ service.low_months }}")
    outages_section(draft, QUARTER)
    durability_section(draft, QUARTER)
    told(draft, QUARTER, "service")


def _improvement(draft: Draft) -> None:
    draft.h1("问题与改进")
    draft.h2("存在问题及改进措施")
    with draft.when("problems"):
        draft.caption("存在问题及改进措施")
        table(draft, "problems", ISSUES, small=True)
        draft.source("数据来源：运行数据工作簿“问题与计划”")
        draft.otherwise()
        draft.paragraph("本{{ period }}无列入整改的问题。")
    still_to_sign(draft)
    with draft.when("carried"):
        draft.h2("以前{{ period }}事项办理情况")
        followed_table(draft, "carried", "以前{{ period }}事项办理情况")
    told(draft, QUARTER, "improvement")
    plans_section(draft, "下{{ period }}工作计划")


if __name__ == "__main__":
    quarterly_report().save(Path("templates/quarterly_report.docx"))
