"""The chapters that the quarterly report and the annual summary have in common."""

from __future__ import annotations

from typing import Any

from scripts.drafting import Draft


def told(draft: Draft, chapter: str) -> None:
    """Add what people wrote for the chapter, a paragraph each."""
    with draft.each(f"text in narrative.{chapter}"):
        draft.paragraph("{{ text }}")


def front(draft: Draft, name: str) -> None:
    """Add header, footer, cover and contents of a report called `name`."""
    draft.header("{{ service_name }}" + name, "{{ period_label }}")
    draft.footer()
    draft.cover(
        title="{{ service_name }}" + name,
        subtitle="{{ period_label }}（{{ first_day }}至{{ last_day }}）",
        facts=[
            ("项目名称", "{{ project }}"),
            ("合同编号", "{{ contract_number }}"),
            ("报 告 期", "{{ first_day }}至{{ last_day }}"),
            ("甲　　方", "{{ client }}"),
            ("编制单位", "{{ contractor }}"),
        ],
        organisation="{{ contractor }}",
        date="{{ dated }}",
    )
    draft.contents()


def indicators_table(draft: Draft) -> None:
    """Add the conclusion table: indicator, requirement, actual, verdict, basis."""
    draft.caption("结论摘要")
    draft.table(
        ["指标", "合同要求", "本期值", "判定", "依据"],
        widths=[3.2, 3.2, 1.8, 2.2, 2.6],
        align="llrcl",
        loop="line in indicators",
        cells=[
            "{{ line.name }}",
            "{{ line.requirement }}",
            "{{ line.actual }}",
            "{{ line.verdict }}",
            "{{ line.basis }}",
        ],
    )


def resources_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 服务范围与资源台账."""
    draft.h1("服务范围与资源台账")
    draft.paragraph(
        f"截至{{{{ last_day }}}}，政务云平台承载甲方业务系统 {{{{ stock.systems }}}} 个。"
        f"{period}各类资源变动情况见表 2-1，各业务系统期末资源见表 2-2。"
    )
    draft.caption("资源变动情况")
    draft.table(
        ["资源类别", "单位", "期初", "新增", "回收", "期末", "合同量", "分配率"],
        widths=[2, 1, 1.5, 1.3, 1.3, 1.5, 1.5, 1.8],
        align="lcrrrrrr",
        loop="line in stock.by_kind",
        cells=[
            "{{ line.kind }}",
            "{{ line.unit }}",
            "{{ line.opening }}",
            "{{ line.added }}",
            "{{ line.released }}",
            "{{ line.closing }}",
            "{{ line.contracted }}",
            "{{ line.allocation }}",
        ],
    )
    draft.source(
        "数据来源：{{ evidence.resources }}。合同量依据附件一，未提供的列“—”，不计算分配率。"
    )
    if not annual:
        told(draft, "resources")
    draft.caption("各业务系统期末资源")
    draft.table(
        [
            "业务系统",
            "云主机（台）",
            "vCPU（核）",
            "内存（GB）",
            "存储（GB）",
            "带宽（Mb）",
            "IP（个）",
        ],
        widths=[4, 1.4, 1.4, 1.5, 1.7, 1.4, 1.2],
        align="lrrrrrr",
        loop="line in stock.by_system",
        cells=[
            "{{ line.system }}",
            "{{ line.hosts }}",
            "{{ line.vcpu }}",
            "{{ line.memory }}",
            "{{ line.storage }}",
            "{{ line.bandwidth }}",
            "{{ line.addresses }}",
        ],
        total=[
            "{{ stock.total.system }}",
            "{{ stock.total.hosts }}",
            "{{ stock.total.vcpu }}",
            "{{ stock.total.memory }}",
            "{{ stock.total.storage }}",
            "{{ stock.total.bandwidth }}",
            "{{ stock.total.addresses }}",
        ],
        small=True,
    )
    draft.source("数据来源：{{ evidence.resources }}")


def usage_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 资源使用情况."""
    draft.h1("资源使用情况")
    with draft.when("usage.months"):
        draft.caption("各月资源使用率")
        draft.table(
            [
                "月份",
                "主机（台）",
                "CPU 加权",
                "CPU 简单平均",
                "CPU 峰值",
                "内存加权",
                "内存简单平均",
                "内存峰值",
                "存储",
            ],
            widths=[1.7, 1.3, 1.4, 1.5, 1.4, 1.4, 1.5, 1.4, 1.3],
            align="lrrrrrrrr",
            loop="line in usage.months",
            cells=[
                "{{ line.month }}",
                "{{ line.hosts }}",
                "{{ line.cpu }}",
                "{{ line.cpu_mean }}",
                "{{ line.cpu_peak }}",
                "{{ line.memory }}",
                "{{ line.memory_mean }}",
                "{{ line.memory_peak }}",
                "{{ line.storage }}",
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.usage }}")
        draft.line("Note", "{{ usage.definitions }}")
        draft.chart("usage_chart", "各月资源使用率（加权）")
        draft.paragraph(
            "最近一个月高负载主机 {{ usage.high_load_count }} 台，低效主机 {{ usage.low_use_count }} 台。"
        )
        for name, title in (("high_load", "高负载主机"), ("low_use", "低效主机")):
            with draft.when(f"usage.{name}"):
                draft.caption(f"{title}（最近一个月，最多列 15 台）")
                draft.table(
                    [
                        "业务系统",
                        "主机名称",
                        "vCPU（核）",
                        "内存（GB）",
                        "CPU 平均",
                        "CPU 峰值",
                        "内存平均",
                        "内存峰值",
                    ],
                    widths=[3.4, 2.6, 1.2, 1.3, 1.3, 1.3, 1.3, 1.3],
                    align="llrrrrrr",
                    loop=f"line in usage.{name}",
                    cells=[
                        "{{ line.system }}",
                        "{{ line.host }}",
                        "{{ line.vcpu }}",
                        "{{ line.memory }}",
                        "{{ line.cpu_average }}",
                        "{{ line.cpu_peak }}",
                        "{{ line.memory_average }}",
                        "{{ line.memory_peak }}",
                    ],
                    small=True,
                )
                draft.source("数据来源：{{ evidence.usage }}")
        draft.otherwise()
        draft.paragraph(f"{period}未提供资源使用数据。【待补】")
    if not annual:
        told(draft, "usage")


def outages_section(draft: Draft, period: str) -> None:
    """Add 中断情况 to the chapter on service quality."""
    draft.h2("中断情况")
    with draft.when("service.counted"):
        draft.caption("计入可用性的中断")
        draft.table(
            [
                "编号",
                "开始时间",
                "恢复时间",
                "时长（分钟）",
                "影响范围",
                "原因类别",
                "原因",
                "处理措施",
            ],
            widths=[1.5, 1.7, 1.7, 1.3, 2.1, 1.2, 2.8, 2.8],
            align="lllrlcll",
            loop="line in service.counted",
            cells=[
                "{{ line.number }}",
                "{{ line.started }}",
                "{{ line.ended }}",
                "{{ line.minutes }}",
                "{{ line.scope }}",
                "{{ line.cause_kind }}",
                "{{ line.cause }}",
                "{{ line.action }}",
            ],
            total=["逐条相加", "", "", "{{ service.added_up }}", "", "", "", ""],
            small=True,
        )
        draft.source("数据来源：{{ evidence.outages }}")
        with draft.when("service.overlapped"):
            draft.paragraph(
                "上述中断在时间上有重叠，重叠 {{ service.overlap }} 分钟只计一次，"
                "合并后中断时长为 {{ service.this.downtime }} 分钟。"
            )
        draft.paragraph(
            "按受影响主机数加权的可用性为 {{ service.weighted }}，仅供参考，不作为判定依据。"
        )
        draft.chart("downtime_chart", "中断时长（按原因）")
        draft.otherwise()
        draft.paragraph(f"{period}未发生计入可用性的中断。")
    with draft.when("service.excluded"):
        draft.caption("不计入可用性的中断")
        draft.table(
            ["编号", "开始时间", "恢复时间", "分钟数", "影响范围", "不计入理由"],
            widths=[1.6, 2, 2, 1.4, 3, 5],
            align="lllrll",
            loop="line in service.excluded",
            cells=[
                "{{ line.number }}",
                "{{ line.started }}",
                "{{ line.ended }}",
                "{{ line.minutes }}",
                "{{ line.scope }}",
                "{{ line.exclusion }}",
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.outages }}")


def durability_section(draft: Draft, period: str) -> None:
    """Add 数据可靠性: observations and attested design values."""
    draft.h2("数据可靠性")
    with draft.when("durability.observed"):
        with draft.when("durability.lost"):
            draft.paragraph(
                f"{period}发生数据丢失事件 {{{{ durability.loss_events }}}} 起，情况见第七章。"
            )
            draft.otherwise()
            draft.paragraph(f"{period}未发生数据丢失事件。")
        draft.paragraph(
            "完整性校验 {{ durability.integrity_checks }} 次，未通过 {{ durability.integrity_failures }} 次。"
            "合同约定的数据可靠性 {{ durability.requirement }} 以存储系统设计值为依据，"
            "有限时间内未发生丢失不能证明该数值，本报告不作实测值表述。"
        )
        draft.caption("数据可靠性观测情况")
        draft.table(
            [
                "存储类别",
                "在用容量（TB）",
                "冗余方案",
                "设计值",
                "设计值依据",
                "丢失事件（起）",
                "校验（次）",
                "未通过（次）",
            ],
            widths=[1.8, 1.4, 1.7, 2.4, 3, 1.3, 1.2, 1.3],
            align="lrllltrr".replace("t", "r"),
            loop="line in durability.lines",
            cells=[
                "{{ line.storage }}",
                "{{ line.capacity }}",
                "{{ line.scheme }}",
                "{{ line.design_value }}",
                "{{ line.design_evidence }}",
                "{{ line.loss_events }}",
                "{{ line.integrity_checks }}",
                "{{ line.integrity_failures }}",
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.durability }}")
        draft.otherwise()
        draft.paragraph(f"{period}未提供数据可靠性观测记录。【待补】")


def alarms_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 监控与告警."""
    draft.h1("监控与告警")
    with draft.when("alarms.any"):
        draft.paragraph(
            f"{period}监控系统产生告警 {{{{ alarms.total.raised }}}} 条，"
            "期末已恢复 {{ alarms.total.cleared }} 条。"
        )
        draft.caption("告警处理情况")
        draft.table(
            ["级别", "告警（条）", "已恢复（条）", "闭环率", "平均恢复时间（分钟）"],
            widths=[2, 2, 2, 2, 3],
            align="lrrrr",
            loop="line in alarms.by_level",
            cells=[
                "{{ line.level }}",
                "{{ line.raised }}",
                "{{ line.cleared }}",
                "{{ line.closure }}",
                "{{ line.recovery }}",
            ],
            total=[
                "{{ alarms.total.level }}",
                "{{ alarms.total.raised }}",
                "{{ alarms.total.cleared }}",
                "{{ alarms.total.closure }}",
                "{{ alarms.total.recovery }}",
            ],
        )
        draft.source("数据来源：{{ evidence.alarms }}")
        draft.caption("告警较多的对象")
        draft.table(
            ["告警对象", "告警（条）"],
            widths=[6, 2],
            align="lr",
            loop="line in alarms.targets",
            cells=["{{ line.target }}", "{{ line.raised }}"],
        )
        draft.source("数据来源：{{ evidence.alarms }}")
        draft.otherwise()
        draft.paragraph(f"{period}未发生告警。")
    if not annual:
        told(draft, "alarms")


def tickets_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 工单与服务请求."""
    draft.h1("工单与服务请求")
    with draft.when("tickets.any"):
        draft.paragraph(
            f"{period}受理工单 {{{{ tickets.total.opened }}}} 件，办结 {{{{ tickets.total.closed }}}} 件，"
            "未及时办结 {{ tickets.late_count }} 件。"
        )
        draft.caption("工单办理情况")
        draft.table(
            ["类型", "受理（件）", "办结（件）", "及时办结（件）", "及时率"],
            widths=[2.4, 2, 2, 2.2, 2],
            align="lrrrr",
            loop="line in tickets.by_kind",
            cells=[
                "{{ line.kind }}",
                "{{ line.opened }}",
                "{{ line.closed }}",
                "{{ line.in_time }}",
                "{{ line.in_time_rate }}",
            ],
            total=[
                "{{ tickets.total.kind }}",
                "{{ tickets.total.opened }}",
                "{{ tickets.total.closed }}",
                "{{ tickets.total.in_time }}",
                "{{ tickets.total.in_time_rate }}",
            ],
        )
        draft.source(
            "数据来源：{{ evidence.tickets }}。及时率＝及时办结÷受理，未办结的按未及时计。"
        )
        if not annual:
            _late_tickets(draft)
        draft.otherwise()
        draft.paragraph(f"{period}未受理工单。")
    if not annual:
        told(draft, "tickets")


def _late_tickets(draft: Draft) -> None:
    with draft.when("tickets.late"):
        draft.caption("未及时办结的工单")
        draft.table(
            ["编号", "受理时间", "办结时间", "承诺时限（小时）", "业务系统", "摘要"],
            widths=[2.4, 2.2, 2.2, 1.5, 2.9, 3.4],
            align="lllrll",
            loop="line in tickets.late",
            cells=[
                "{{ line.number }}",
                "{{ line.opened }}",
                "{{ line.closed }}",
                "{{ line.promised }}",
                "{{ line.system }}",
                "{{ line.subject }}",
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.tickets }}")


def incidents_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 事件与故障: one told as a sentence, several as a table, none as one line."""
    draft.h1("事件与故障")
    with draft.when("incidents.single"):
        with draft.each("one in incidents.lines"):
            draft.paragraph(
                f"{period}发生事件 {{{{ incidents.count }}}} 起：{{{{ one.started }}}}，{{{{ one.title }}}}"
                "（编号 {{ one.number }}，{{ one.grade }}），{{ one.ended }} 恢复，历时 {{ one.minutes }} 分钟。"
            )
            draft.paragraph("影响：{{ one.impact }}")
            draft.paragraph("原因：{{ one.cause }}")
            draft.paragraph("处理及改进：{{ one.action }}")
        draft.source("数据来源：{{ evidence.incidents }}")
    with draft.when("incidents.several"):
        draft.paragraph(f"{period}发生事件 {{{{ incidents.count }}}} 起。")
        draft.caption("事件与故障")
        draft.table(
            [
                "编号",
                "事件名称",
                "级别",
                "发生时间",
                "恢复时间",
                "时长（分钟）",
                "影响",
                "原因",
                "处理及改进措施",
            ],
            widths=[1.5, 2, 1.1, 1.7, 1.7, 1.1, 2.4, 2.4, 3],
            align="llclrrlll".replace("lrr", "llr"),
            loop="one in incidents.lines",
            cells=[
                "{{ one.number }}",
                "{{ one.title }}",
                "{{ one.grade }}",
                "{{ one.started }}",
                "{{ one.ended }}",
                "{{ one.minutes }}",
                "{{ one.impact }}",
                "{{ one.cause }}",
                "{{ one.action }}",
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.incidents }}")
    with draft.when("not incidents.lines"):
        draft.paragraph(f"{period}未发生事件与故障。")
    if not annual:
        told(draft, "incidents")


def changes_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 变更."""
    draft.h1("变更")
    with draft.when("changes.any"):
        draft.paragraph(f"{period}实施变更 {{{{ changes.total.done }}}} 次。")
        draft.caption("变更实施情况")
        draft.table(
            ["类型", "实施（次）", "成功（次）", "失败（次）", "回退（次）", "成功率"],
            widths=[2, 2, 2, 2, 2, 2],
            align="lrrrrr",
            loop="line in changes.by_kind",
            cells=[
                "{{ line.kind }}",
                "{{ line.done }}",
                "{{ line.succeeded }}",
                "{{ line.failed }}",
                "{{ line.rolled_back }}",
                "{{ line.success }}",
            ],
            total=[
                "{{ changes.total.kind }}",
                "{{ changes.total.done }}",
                "{{ changes.total.succeeded }}",
                "{{ changes.total.failed }}",
                "{{ changes.total.rolled_back }}",
                "{{ changes.total.success }}",
            ],
        )
        if annual:
            draft.paragraph(
                "失败和回退的变更 {{ changes.unsuccessful }} 次，各次变更明细见各季度报告。"
            )
        else:
            _each_change(draft)
        draft.otherwise()
        draft.paragraph(f"{period}未实施变更。")
    if not annual:
        told(draft, "changes")


def _each_change(draft: Draft) -> None:
    draft.caption("变更明细")
    draft.table(
        ["编号", "类型", "实施时间", "变更内容", "结果", "甲方确认"],
        widths=[2.4, 1, 2.2, 4.8, 1, 2.4],
        align="lcllcl",
        loop="line in changes.lines",
        cells=[
            "{{ line.number }}",
            "{{ line.kind }}",
            "{{ line.done }}",
            "{{ line.subject }}",
            "{{ line.result }}",
            "{{ line.approved }}",
        ],
        small=True,
    )
    draft.source("数据来源：{{ evidence.changes }}")


def inspections_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 巡检."""
    draft.h1("巡检")
    with draft.when("inspections.any"):
        draft.caption("巡检情况")
        draft.table(
            [
                "巡检项目",
                "计划（次）",
                "完成（次）",
                "完成率",
                "发现问题（项）",
                "整改完成（项）",
                "整改率",
            ],
            widths=[3, 1.5, 1.5, 1.5, 1.8, 1.8, 1.6],
            align="lrrrrrr",
            loop="line in inspections.lines",
            cells=[
                "{{ line.subject }}",
                "{{ line.planned }}",
                "{{ line.done }}",
                "{{ line.completion }}",
                "{{ line.found }}",
                "{{ line.mended }}",
                "{{ line.mending }}",
            ],
            total=[
                "{{ inspections.total.subject }}",
                "{{ inspections.total.planned }}",
                "{{ inspections.total.done }}",
                "{{ inspections.total.completion }}",
                "{{ inspections.total.found }}",
                "{{ inspections.total.mended }}",
                "{{ inspections.total.mending }}",
            ],
        )
        draft.source("数据来源：{{ evidence.inspections }}")
        draft.otherwise()
        draft.paragraph(f"{period}未提供巡检记录。【待补】")
    if not annual:
        told(draft, "inspections")


def backups_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 备份与恢复."""
    draft.h1("备份与恢复")
    with draft.when("backups.any"):
        draft.caption("备份与恢复演练情况")
        draft.table(
            [
                "备份对象",
                "计划（次）",
                "成功（次）",
                "未成功（次）",
                "成功率",
                "恢复演练（次）",
                "演练成功（次）",
            ],
            widths=[3.2, 1.5, 1.5, 1.5, 1.5, 1.6, 1.6],
            align="lrrrrrr",
            loop="line in backups.lines",
            cells=[
                "{{ line.target }}",
                "{{ line.planned }}",
                "{{ line.succeeded }}",
                "{{ line.failed }}",
                "{{ line.success }}",
                "{{ line.restore_tests }}",
                "{{ line.restore_succeeded }}",
            ],
            total=[
                "{{ backups.total.target }}",
                "{{ backups.total.planned }}",
                "{{ backups.total.succeeded }}",
                "{{ backups.total.failed }}",
                "{{ backups.total.success }}",
                "{{ backups.total.restore_tests }}",
                "{{ backups.total.restore_succeeded }}",
            ],
        )
        draft.source("数据来源：{{ evidence.backups }}。成功率＝成功÷计划。")
        draft.otherwise()
        draft.paragraph(f"{period}未提供备份记录。【待补】")
    if not annual:
        told(draft, "backups")


def security_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 安全."""
    draft.h1("安全")
    with draft.when("security.any"):
        draft.paragraph(
            f"{period}发现漏洞 {{{{ security.total.found }}}} 个，到期应整改 {{{{ security.total.due }}}} 个，"
            "已整改 {{ security.total.mended }} 个，逾期 {{ security.total.overdue }} 个；"
            "拦截攻击 {{ security.attacks }} 次，实施平台加固 {{ security.hardening }} 次，"
            "{% if security.had_events %}发生安全事件 {{ security.events }} 起{% else %}未发生安全事件{% endif %}。"
        )
        draft.caption("漏洞发现与整改")
        draft.table(
            ["级别", "发现（个）", "应整改（个）", "已整改（个）", "逾期（个）", "整改率"],
            widths=[2.4, 2, 2, 2, 2, 2],
            align="lrrrrr",
            loop="line in security.levels",
            cells=[
                "{{ line.level }}",
                "{{ line.found }}",
                "{{ line.due }}",
                "{{ line.mended }}",
                "{{ line.overdue }}",
                "{{ line.mending }}",
            ],
            total=[
                "{{ security.total.level }}",
                "{{ security.total.found }}",
                "{{ security.total.due }}",
                "{{ security.total.mended }}",
                "{{ security.total.overdue }}",
                "{{ security.total.mending }}",
            ],
        )
        draft.source("数据来源：{{ evidence.security }}。整改率＝已整改÷到期应整改。")
        with draft.when("security.remarks"):
            draft.caption("有关说明")
            draft.table(
                ["月份", "类别", "说明"],
                widths=[2, 2, 7],
                align="lll",
                loop="line in security.remarks",
                cells=["{{ line.month }}", "{{ line.kind }}", "{{ line.remark }}"],
            )
        draft.otherwise()
        draft.paragraph(f"{period}未提供安全记录。【待补】")
    if not annual:
        told(draft, "security")


def addresses_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add IP地址分配管理."""
    draft.h1("IP地址分配管理")
    with draft.when("addresses.any"):
        draft.caption("地址分配情况（期末）")
        draft.table(
            ["网络区域", "地址段（个）", "在用（个）", "预留（个）", "已回收（个）"],
            widths=[3, 2, 2, 2, 2],
            align="lrrrr",
            loop="line in addresses.zones",
            cells=[
                "{{ line.zone }}",
                "{{ line.blocks }}",
                "{{ line.used }}",
                "{{ line.reserved }}",
                "{{ line.released }}",
            ],
            total=[
                "{{ addresses.total.zone }}",
                "{{ addresses.total.blocks }}",
                "{{ addresses.total.used }}",
                "{{ addresses.total.reserved }}",
                "{{ addresses.total.released }}",
            ],
        )
        draft.source("数据来源：{{ evidence.addresses }}")
        with draft.when("addresses.changes"):
            draft.caption(f"{period}地址变动")
            draft.table(
                ["变动日期", "地址段", "网络区域", "业务系统", "地址数（个）", "状态"],
                widths=[2.2, 2.6, 2, 3.4, 1.5, 1.3],
                align="llllrc",
                loop="line in addresses.changes",
                cells=[
                    "{{ line.day }}",
                    "{{ line.block }}",
                    "{{ line.zone }}",
                    "{{ line.system }}",
                    "{{ line.addresses }}",
                    "{{ line.state }}",
                ],
                small=True,
            )
            draft.source("数据来源：{{ evidence.addresses }}")
            draft.otherwise()
            draft.paragraph(f"{period}地址分配无变动。")
        draft.otherwise()
        draft.paragraph(f"{period}未提供地址分配记录。【待补】")
    if not annual:
        told(draft, "addresses")


def drills_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 应急演练与重保值守."""
    draft.h1("应急演练与重保值守")
    with draft.when("drills.any"):
        draft.paragraph(
            f"{period}开展应急演练 {{{{ drills.drills }}}} 次，演练和重大活动值守共投入 {{{{ drills.duty }}}} 人·天。"
        )
        draft.caption("演练与值守情况")
        draft.table(
            ["类别", "名称", "时间", "人·天", "结论", "存在问题及改进"],
            widths=[1.5, 2.8, 2.9, 1.1, 2.9, 2.9],
            align="lllrll",
            loop="line in drills.lines",
            cells=[
                "{{ line.kind }}",
                "{{ line.name }}",
                "{{ line.days }}",
                "{{ line.duty }}",
                "{{ line.conclusion }}",
                "{{ line.improvement }}",
            ],
            total=["合计", "", "", "{{ drills.duty }}", "", ""],
            small=True,
        )
        draft.source("数据来源：{{ evidence.drills }}")
        draft.otherwise()
        draft.paragraph(f"{period}未开展应急演练，无重大活动值守任务。")
    if not annual:
        told(draft, "drills")


def people_chapter(draft: Draft, period: str, *, annual: bool = False) -> None:
    """Add 人员与保密."""
    draft.h1("人员与保密")
    draft.paragraph(
        "截至{{ last_day }}，在岗项目人员 {{ people.on_project }} 人，"
        "已签署保密协议 {{ people.signed }} 人，未签署 {{ people.unsigned }} 人。"
    )
    with draft.when("people.any"):
        draft.caption("人员变动与培训")
        draft.table(
            ["日期", "类别", "姓名", "岗位", "主要人员", "通知甲方", "甲方同意", "说明"],
            widths=[2, 1.3, 1.8, 1.8, 1, 2, 2, 2.6],
            align="lcllcllL".replace("L", "l"),
            loop="line in people.changes",
            cells=[
                "{{ line.day }}",
                "{{ line.kind }}",
                "{{ line.name }}",
                "{{ line.post }}",
                "{{ line.key_staff }}",
                "{{ line.notified }}",
                "{{ line.agreed }}",
                "{{ line.remark }}",
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.staff_changes }}；人员名册")
        draft.otherwise()
        draft.paragraph(f"{period}项目人员无变动。")
    if not annual:
        told(draft, "people")


def improvement_chapter(draft: Draft) -> None:
    """Add 问题与改进 with the plan that follows from it."""
    draft.h1("问题与改进")
    draft.h2("存在问题及改进措施")
    with draft.when("agenda.problems"):
        draft.caption("存在问题及改进措施")
        draft.table(**_ISSUES, loop="line in agenda.problems")
        draft.otherwise()
        draft.paragraph("未发现需要列入整改的问题。")
    plans_section(draft, "下季度工作计划")
    told(draft, "improvement")


def plans_section(draft: Draft, title: str) -> None:
    """Add the plan of what comes next."""
    draft.h2(title)
    with draft.when("agenda.plans"):
        draft.caption(title)
        draft.table(**_ISSUES, loop="line in agenda.plans")
        draft.otherwise()
        draft.paragraph("无专项工作计划。")


_ISSUES: dict[str, Any] = {
    "headers": ["内容", "措施", "责任方", "完成期限", "状态"],
    "widths": [4, 4.4, 1.3, 2.3, 1.3],
    "align": "lllll",
    "cells": [
        "{{ line.subject }}",
        "{{ line.action }}",
        "{{ line.owner }}",
        "{{ line.due }}",
        "{{ line.state }}",
    ],
    "small": True,
}


def appendix(draft: Draft) -> None:
    """Add the assumptions the report rests on."""
    draft.h1("说明")
    draft.paragraph(
        "合同未作约定或表述不一致之处，本报告按下列口径处理；甲方另有意见的，以双方书面确认为准。"
    )
    with draft.each("text in assumptions"):
        draft.line("Item", "{{ text }}")


def sign_off(draft: Draft) -> None:
    """Add the approval table and the place of the seal."""
    draft.h1("审批与用印")
    draft.approval("{{ prepared_by }}", "{{ reviewed_by }}", "{{ approved_by }}")
    draft.line("Note", "本报告为多页文件，用印时在落款处盖章并加盖骑缝章。")
    draft.seal_block("{{ contractor }}", "{{ dated }}")
