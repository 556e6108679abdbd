"""The chapters on operation: alarms, tickets, incidents, changes, inspections and backups."""

from __future__ import annotations

from scripts.drafting import Draft
from scripts.drafting.chapters import Column, Report, table, told


def alarms_chapter(draft: Draft, report: Report) -> None:
    """Add 监控与告警."""
    draft.h1("监控与告警")
    with draft.when("alarms.any"):
        draft.paragraph(
            f"{report.period}监控系统产生告警 {{{{ alarms.total.raised }}}} 条，"
            "期末已恢复 {{ alarms.total.cleared }} 条。",
            keep=True,
        )
        draft.caption("告警处理情况")
        table(
            draft,
            "alarms.by_level",
            [
                Column("级别", 30, "level"),
                Column("告警（条）", 28, "raised", "r"),
                Column("已恢复（条）", 28, "cleared", "r"),
                Column("闭环率", 28, "closure", "r"),
                Column("平均恢复时间（分钟）", 42, "recovery", "r"),
            ],
            total="alarms.total",
        )
        draft.source("数据来源：{{ evidence.alarms }}。闭环率＝已恢复÷告警数。")
        if not report.annual:
            draft.chart("alarm_chart", "各服务月告警数量（按级别）")
        draft.caption("告警较多的对象")
        table(
            draft,
            "alarms.targets",
            [Column("告警对象", 110, "target"), Column("告警（条）", 46, "raised", "r")],
        )
        draft.source("数据来源：{{ evidence.alarms }}")
        draft.otherwise()
        draft.paragraph(f"{report.period}无告警记录。")
    told(draft, report, "alarms")


def tickets_chapter(draft: Draft, report: Report) -> None:
    """Add 工单与服务请求."""
    draft.h1("工单与服务请求")
    with draft.when("tickets.any"):
        draft.paragraph(
            f"{report.period}受理工单 {{{{ tickets.total.opened }}}} 件，"
            "办结 {{ tickets.total.closed }} 件，"
            "未及时办结（含尚未办结）{{ tickets.late_count }} 件。",
            keep=True,
        )
        draft.caption("工单办理情况")
        table(
            draft,
            "tickets.by_kind",
            [
                Column("类型", 36, "kind"),
                Column("受理（件）", 28, "opened", "r"),
                Column("办结（件）", 28, "closed", "r"),
                Column("及时办结（件）", 34, "in_time", "r"),
                Column("及时率", 30, "in_time_rate", "r"),
            ],
            total="tickets.total",
        )
        draft.source(
            "数据来源：{{ evidence.tickets }}。及时率＝及时办结÷受理，尚未办结的按未及时计。"
        )
        if report.annual:
            draft.chart("workload_chart", "各{{ period }}工单与变更数量")
        else:
            draft.chart("ticket_chart", "各服务月工单数量（按类型）")
            _late_tickets(draft)
        draft.otherwise()
        draft.paragraph(f"{report.period}无工单记录。")
    told(draft, report, "tickets")


def _late_tickets(draft: Draft) -> None:
    with draft.when("late_tickets"):
        draft.caption("未及时办结的工单（含尚未办结）")
        table(
            draft,
            "late_tickets",
            [
                Column("编号", 25, "number"),
                Column("受理时间", 20, "opened"),
                Column("办结时间", 20, "closed"),
                Column("承诺时限（小时）", 18, "promised", "r"),
                Column("业务系统", 34, "system"),
                Column("摘要", 39, "subject"),
            ],
            small=True,
            long=True,
        )
        draft.source("数据来源：{{ evidence.tickets }}")


def incidents_chapter(draft: Draft, report: Report) -> None:
    """Add 事件与故障: one told in sentences, several in two tables, none in one line."""
    draft.h1("事件与故障")
    with draft.when("incidents.single"):
        with draft.each("line in incidents.lines"):
            draft.paragraph(
                f"{report.period}发生事件 {{{{ incidents.count }}}} 起：{{{{ line.started }}}}，"
                "{{ line.title }}（编号 {{ line.number }}，{{ line.grade }}），"
                "{% if line.recovered %}{{ line.ended }} 恢复，历时 {{ line.minutes }} 分钟"
                "{% else %}编制本报告时尚未恢复{% endif %}。"
            )
            draft.paragraph("影响：{{ line.impact }}")
            draft.paragraph("原因：{{ line.cause }}")
            draft.paragraph("处理及改进：{{ line.action }}")
        draft.source("数据来源：{{ evidence.incidents }}")
    with draft.when("incidents.several"):
        draft.paragraph(
            f"{report.period}发生事件 {{{{ incidents.count }}}} 起，"
            "时间和级别见[[incidents]]，影响、原因和处理见[[remedies]]。"
        )
        draft.caption("事件一览", "incidents")
        table(
            draft,
            "incidents.lines",
            [
                Column("编号", 24, "number"),
                Column("事件名称", 46, "title"),
                Column("级别", 16, "grade", "c"),
                Column("发生时间", 27, "started"),
                Column("恢复时间", 27, "ended"),
                Column("时长（分钟）", 16, "minutes", "r"),
            ],
            small=True,
            long=True,
        )
        draft.source("数据来源：{{ evidence.incidents }}")
        draft.caption("事件的影响、原因和处理", "remedies")
        table(
            draft,
            "incidents.lines",
            [
                Column("编号", 24, "number"),
                Column("影响", 40, "impact"),
                Column("原因", 42, "cause"),
                Column("处理及改进措施", 50, "action"),
            ],
            small=True,
            long=True,
        )
        draft.source("数据来源：{{ evidence.incidents }}")
    with draft.when("not incidents.lines"):
        draft.paragraph(f"{report.period}无事件与故障记录。")
    told(draft, report, "incidents")


def changes_chapter(draft: Draft, report: Report) -> None:
    """Add 变更."""
    draft.h1("变更")
    with draft.when("changes.any"):
        where = "各次变更明细见各{{ report }}" if report.annual else "明细见[[changes]]"
        draft.paragraph(
            f"{report.period}实施变更 {{{{ changes.total.done }}}} 次，"
            f"其中失败和回退 {{{{ changes.unsuccessful }}}} 次，{where}。",
            keep=True,
        )
        draft.caption("变更实施情况")
        table(
            draft,
            "changes.by_kind",
            [
                Column("类型", 26, "kind"),
                Column("实施（次）", 26, "done", "r"),
                Column("成功（次）", 26, "succeeded", "r"),
                Column("失败（次）", 26, "failed", "r"),
                Column("回退（次）", 26, "rolled_back", "r"),
                Column("成功率", 26, "success", "r"),
            ],
            total="changes.total",
        )
        draft.source("数据来源：{{ evidence.changes }}。成功率＝成功÷实施。")
        if not report.annual:
            _each_change(draft)
        draft.otherwise()
        draft.paragraph(f"{report.period}无变更记录。")
    told(draft, report, "changes")


def _each_change(draft: Draft) -> None:
    draft.caption("变更明细", "changes")
    table(
        draft,
        "change_log",
        [
            Column("编号", 25, "number"),
            Column("类型", 13, "kind", "c"),
            Column("实施时间", 29, "done"),
            Column("变更内容", 50, "subject"),
            Column("结果", 13, "result", "c"),
            Column("甲方确认", 26, "approved"),
        ],
        small=True,
        long=True,
    )
    draft.source("数据来源：{{ evidence.changes }}")


def inspections_chapter(draft: Draft, report: Report) -> None:
    """Add 巡检."""
    draft.h1("巡检")
    with draft.when("inspections.any"):
        draft.caption("巡检情况")
        table(
            draft,
            "inspections.lines",
            [
                Column("巡检项目", 36, "subject"),
                Column("计划（次）", 19, "planned", "r"),
                Column("完成（次）", 19, "done", "r"),
                Column("完成率", 21, "completion", "r"),
                Column("发现问题（项）", 20, "found", "r"),
                Column("整改完成（项）", 20, "mended", "r"),
                Column("整改率", 21, "mending", "r"),
            ],
            total="inspections.total",
        )
        draft.source(
            "数据来源：{{ evidence.inspections }}。完成率＝完成÷计划，整改率＝整改完成÷发现问题。"
        )
        draft.otherwise()
        draft.paragraph(f"{report.period}未提供巡检记录。【待补】")
    told(draft, report, "inspections")


def backups_chapter(draft: Draft, report: Report) -> None:
    """Add 备份与恢复."""
    draft.h1("备份与恢复")
    with draft.when("backups.any"):
        draft.caption("备份与恢复演练情况")
        table(
            draft,
            "backups.lines",
            [
                Column("备份对象", 37, "target"),
                Column("计划（次）", 20, "planned", "r"),
                Column("成功（次）", 20, "succeeded", "r"),
                Column("未成功（次）", 18, "failed", "r"),
                Column("成功率", 21, "success", "r"),
                Column("恢复演练（次）", 20, "restore_tests", "r"),
                Column("演练成功（次）", 20, "restore_succeeded", "r"),
            ],
            total="backups.total",
        )
        draft.source("数据来源：{{ evidence.backups }}。成功率＝成功÷计划。")
        draft.otherwise()
        draft.paragraph(f"{report.period}未提供备份记录。【待补】")
    told(draft, report, "backups")
