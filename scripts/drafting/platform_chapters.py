"""The chapters on the platform itself: resources, their use, outages and durability."""

from __future__ import annotations

from scripts.drafting import Draft
from scripts.drafting.chapters import Column, Report, table, told


def resources_chapter(draft: Draft, report: Report) -> None:
    """Add 服务范围与资源台账."""
    draft.h1("服务范围与资源台账")
    with draft.when("stock.by_kind"):
        draft.paragraph(
            "截至{{ last_day }}，云平台承载甲方业务系统 {{ stock.systems }} 个。"
            f"{report.period}各类资源变动情况见[[stock]]，各业务系统期末资源见[[systems]]。",
            keep=True,
        )
        draft.caption("资源变动情况", "stock")
        table(
            draft,
            "stock.by_kind",
            [
                Column("资源类别", 26, "kind"),
                Column("单位", 13, "unit", "c"),
                Column("期初", 20, "opening", "r"),
                Column("新增", 18, "added", "r"),
                Column("回收", 18, "released", "r"),
                Column("期末", 20, "closing", "r"),
                Column("合同量", 20, "contracted", "r"),
                Column("分配率", 21, "allocation", "r"),
            ],
        )
        draft.source(
            "数据来源：{{ evidence.resources }}。"
            "合同量为合同约定数量；未提供合同量的以“—”表示，不计算分配率。"
        )
        with draft.when("stock.allocated"):
            draft.chart("allocation_chart", "各类资源分配率")
        told(draft, report, "resources")
        _systems(draft)
        draft.otherwise()
        draft.paragraph(f"{report.period}未提供资源台账。【待补】")
        told(draft, report, "resources")


def _systems(draft: Draft) -> None:
    draft.caption("各业务系统期末资源", "systems")
    table(
        draft,
        "stock.by_system",
        [
            Column("业务系统", 48, "system"),
            Column("云主机（台）", 17, "hosts", "r"),
            Column("vCPU（核）", 17, "vcpu", "r"),
            Column("内存（GB）", 19, "memory", "r"),
            Column("存储（GB）", 21, "storage", "r"),
            Column("带宽（Mb）", 18, "bandwidth", "r"),
            Column("IP（个）", 16, "addresses", "r"),
        ],
        total="stock.total",
        small=True,
        long=True,
    )
    draft.source("数据来源：{{ evidence.resources }}")


def usage_chapter(draft: Draft, report: Report) -> None:
    """Add 资源使用情况."""
    draft.h1("资源使用情况")
    with draft.when("usage.months"):
        draft.caption("各服务月资源使用率")
        table(
            draft,
            "usage.months",
            [
                Column("月份", 24, "month"),
                Column("主机（台）", 16, "hosts", "r"),
                Column("CPU\n加权平均", 17, "cpu", "r"),
                Column("CPU\n简单平均", 17, "cpu_mean", "r"),
                Column("CPU\n峰值", 16, "cpu_peak", "r"),
                Column("内存\n加权平均", 17, "memory", "r"),
                Column("内存\n简单平均", 17, "memory_mean", "r"),
                Column("内存\n峰值", 16, "memory_peak", "r"),
                Column("存储（加权）", 16, "storage", "r"),
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.usage }}")
        draft.line("Note", "{{ usage.definitions }}")
        draft.chart("usage_chart", "各服务月资源使用率（加权）")
        draft.paragraph(
            "最近一个月高负载主机 {{ usage.high_load_count }} 台，"
            "低负载主机 {{ usage.low_use_count }} 台。"
        )
        _hosts(draft, "usage.high_load", "最近一个月高负载主机")
        _hosts(draft, "usage.low_use", "最近一个月低负载主机")
        draft.otherwise()
        draft.paragraph(f"{report.period}未提供资源使用数据。【待补】")
    told(draft, report, "usage")


def _hosts(draft: Draft, rows: str, title: str) -> None:
    with draft.when(rows):
        draft.caption(title)
        table(
            draft,
            rows,
            [
                Column("业务系统", 40, "system"),
                Column("主机名称", 26, "host"),
                Column("vCPU（核）", 15, "vcpu", "r"),
                Column("内存（GB）", 15, "memory", "r"),
                Column("CPU\n平均", 15, "cpu_average", "r"),
                Column("CPU\n峰值", 15, "cpu_peak", "r"),
                Column("内存\n平均", 15, "memory_average", "r"),
                Column("内存\n峰值", 15, "memory_peak", "r"),
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.usage }}")


def availability_columns(prefix: str = "line") -> list[Column]:
    """Return the columns of a table of availability by period."""
    return [
        Column("统计期", 20, f"{{{{ {prefix}.label }}}}"),
        Column(
            "起止日期",
            36,
            f"{{{{ {prefix}.first_day }}}}\n至{{{{ {prefix}.last_day }}}}",
        ),
        Column("总时长（分钟）", 18, f"{{{{ {prefix}.total }}}}", "r"),
        Column("中断时长（分钟）", 17, f"{{{{ {prefix}.downtime }}}}", "r"),
        Column("允许中断（分钟）", 17, f"{{{{ {prefix}.budget }}}}", "r"),
        Column("剩余（分钟）", 16, f"{{{{ {prefix}.left }}}}", "r"),
        Column("可用性", 19, f"{{{{ {prefix}.percent }}}}", "r"),
        Column("判定", 13, f"{{{{ {prefix}.verdict }}}}", "c"),
    ]


def readings_table(draft: Draft) -> None:
    """Add availability by each way of counting, where what counts makes a difference."""
    with draft.when("service.readings"):
        draft.caption("不同口径的可用性")
        table(
            draft,
            "service.readings",
            [
                Column("统计期", 24, "label"),
                Column("口径", 44, "reading"),
                Column("中断时长（分钟）", 20, "downtime", "r"),
                Column("可用性", 22, "percent", "r"),
                Column("用途", 46, "use"),
            ],
            small=True,
        )
        draft.source(
            "数据来源：{{ evidence.outages }}；甲方同意作业的文件和双方约定不计入的文件见中断清单。"
        )


def outages_section(draft: Draft, report: Report) -> None:
    """Add 中断情况 to the chapter on service quality."""
    draft.h2("中断情况")
    with draft.when("service.outages.counted"):
        draft.paragraph(
            f"{report.period}计入可用性的中断 {{{{ service.outages.count }}}} 次。", keep=True
        )
        draft.caption("计入可用性的中断")
        table(
            draft,
            "service.outages.counted",
            [
                Column("编号", 20, "number"),
                Column("开始时间", 19, "started"),
                Column("恢复时间", 19, "ended"),
                Column("时长（分钟）", 14, "minutes", "r"),
                Column("影响范围", 19, "scope"),
                Column("原因", 24, "{{ line.cause_kind }}：{{ line.cause }}"),
                Column("处理措施", 24, "action"),
                Column("甲方同意作业", 17, "work_agreed"),
            ],
            total=["逐条相加", "", "", "{{ service.outages.added_up }}", "", "", "", ""],
            small=True,
            long=True,
        )
        draft.source("数据来源：{{ evidence.outages }}。时长只计报告期内的分钟数。")
        with draft.when("service.outages.overlapped"):
            draft.paragraph(
                "上述中断在时间上有重叠，重叠的 {{ service.outages.overlap }} 分钟只计一次，"
                "合并后中断时长为 {{ service.this.downtime }} 分钟。"
            )
        draft.paragraph(
            "按受影响主机数加权的可用性为 {{ service.outages.weighted }}，"
            "仅供参考，不作为判定依据。"
        )
        with draft.when("service.outages.several_causes"):
            draft.chart("downtime_chart", "按原因分类的中断时长（各类之间的重叠未扣除）")
        draft.otherwise()
        draft.paragraph(f"{report.period}无计入可用性的中断记录。")
    with draft.when("service.outages.excluded"):
        draft.caption("双方书面约定不计入可用性的中断")
        table(
            draft,
            "service.outages.excluded",
            [
                Column("编号", 22, "number"),
                Column("开始时间", 20, "started"),
                Column("恢复时间", 20, "ended"),
                Column("时长（分钟）", 16, "minutes", "r"),
                Column("影响范围", 23, "scope"),
                Column("原因", 20, "cause"),
                Column("约定文件及日期", 35, "{{ line.exclusion }}\n{{ line.excluded_on }}"),
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.outages }}")


def durability_section(draft: Draft, report: Report) -> None:
    """Add 数据可靠性: observations and attested design values."""
    draft.h2("数据可靠性")
    with draft.when("durability.observed"):
        draft.paragraph(
            f"{{% if durability.lost %}}{report.period}发生数据丢失事件 "
            "{{ durability.loss_events }} 起，情况见第七章"
            f"{{% else %}}{report.period}未发生数据丢失事件{{% endif %}}；"
            "完整性校验 {{ durability.integrity_checks }} 次，"
            "未通过 {{ durability.integrity_failures }} 次。"
            "{{ durability.standing }}"
        )
        draft.caption("数据可靠性观测情况")
        table(
            draft,
            "durability.lines",
            [
                Column("存储类别", 20, "storage"),
                Column("在用容量（TB）", 18, "capacity", "r"),
                Column("冗余方案", 21, "scheme"),
                Column("设计值", 22, "design_value"),
                Column("设计值依据", 26, "design_evidence"),
                Column("丢失事件（起）", 18, "loss_events", "r"),
                Column("校验（次）", 14, "integrity_checks", "r"),
                Column("未通过（次）", 17, "integrity_failures", "r"),
            ],
            small=True,
        )
        draft.source("数据来源：{{ evidence.durability }}")
        draft.otherwise()
        draft.paragraph(f"{report.period}未提供数据可靠性观测记录。【待补】")
