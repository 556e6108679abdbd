"""The chapters on care for the platform: security, addresses, drills and watches, people."""

from __future__ import annotations

from scripts.drafting import Draft
from scripts.drafting.chapters import Column, Report, table, told


def security_chapter(draft: Draft, report: Report) -> None:
    """Add 安全."""
    draft.h1("安全")
    with draft.when("security.any"):
        draft.paragraph(
            f"{report.period}发现漏洞 {{{{ security.total.found }}}} 个，"
            "到期应整改 {{ security.total.due }} 个，已整改 {{ security.total.mended }} 个，"
            "逾期 {{ security.total.overdue }} 个；"
            "拦截攻击 {{ security.attacks }} 次，实施平台加固 {{ security.hardening }} 次，"
            "{% if security.had_events %}发生安全事件 {{ security.events }} 起"
            "{% else %}未发生安全事件{% endif %}。",
            keep=True,
        )
        draft.caption("漏洞发现与整改")
        table(
            draft,
            "security.levels",
            [
                Column("级别", 28, "level"),
                Column("发现（个）", 25, "found", "r"),
                Column("应整改（个）", 27, "due", "r"),
                Column("已整改（个）", 27, "mended", "r"),
                Column("逾期（个）", 25, "overdue", "r"),
                Column("整改率", 24, "mending", "r"),
            ],
            total="security.total",
        )
        draft.source(
            "数据来源：{{ evidence.security }}。"
            "应整改指当期到期应整改的漏洞，含以前发现的；整改率＝已整改÷应整改。"
        )
        title = "各{{ period }}漏洞发现与整改" if report.annual else "各级漏洞发现与整改"
        draft.chart("vulnerability_chart", title)
        with draft.when("security.remarks"):
            draft.caption("有关说明")
            table(
                draft,
                "security.remarks",
                [
                    Column("月份", 22, "month"),
                    Column("类别", 20, "kind"),
                    Column("说明", 58, "remark"),
                    Column("其后情况", 56, "became"),
                ],
                small=True,
            )
            draft.source("数据来源：{{ evidence.security }}。其后情况截至{{ dated }}。")
        draft.otherwise()
        draft.paragraph(f"{report.period}未提供安全记录。【待补】")
    told(draft, report, "security")


def addresses_chapter(draft: Draft, report: Report) -> None:
    """Add IP地址分配管理."""
    draft.h1("IP地址分配管理")
    with draft.when("addresses.any"):
        draft.caption("地址分配情况")
        table(
            draft,
            "addresses.zones",
            [
                Column("网络区域", 44, "zone"),
                Column("期末地址段（个）", 28, "blocks", "r"),
                Column("期末在用（个）", 28, "used", "r"),
                Column("期末预留（个）", 28, "reserved", "r"),
                Column("本期回收（个）", 28, "released", "r"),
            ],
            total="addresses.total",
        )
        draft.source("数据来源：{{ evidence.addresses }}")
        with draft.when("addresses.changes"):
            draft.caption(f"{report.period}地址变动")
            table(
                draft,
                "addresses.changes",
                [
                    Column("变动日期", 22, "day"),
                    Column("地址段", 33, "block"),
                    Column("网络区域", 26, "zone"),
                    Column("业务系统", 40, "system"),
                    Column("地址数（个）", 18, "addresses", "r"),
                    Column("状态", 17, "state", "c"),
                ],
                small=True,
                long=True,
            )
            draft.source("数据来源：{{ evidence.addresses }}")
            draft.otherwise()
            draft.paragraph(f"{report.period}地址分配无变动。")
        draft.otherwise()
        draft.paragraph(f"{report.period}未提供地址分配记录。【待补】")
    told(draft, report, "addresses")


def drills_chapter(draft: Draft, report: Report) -> None:
    """Add 应急演练与重保值守."""
    draft.h1("应急演练与重保值守")
    with draft.when("drills.any"):
        draft.paragraph(
            f"{report.period}开展应急演练 {{{{ drills.drills }}}} 次，"
            "重大活动保障 {{ drills.watches }} 次，共投入 {{ drills.duty }} 人·天。",
            keep=True,
        )
        draft.caption("演练与值守情况")
        table(
            draft,
            "drills.lines",
            [
                Column("类别", 19, "kind"),
                Column("名称", 29, "name"),
                Column("时间", 24, "days"),
                Column("人·天", 14, "duty", "r"),
                Column("结论", 35, "conclusion"),
                Column("存在问题及改进", 35, "improvement"),
            ],
            total=["合计", "", "", "{{ drills.duty }}", "", ""],
            small=True,
            long=True,
        )
        draft.source("数据来源：{{ evidence.drills }}")
        draft.otherwise()
        draft.paragraph(f"{report.period}无应急演练和重大活动值守记录。")
    told(draft, report, "drills")


def people_chapter(draft: Draft, report: Report) -> None:
    """Add 人员与保密."""
    draft.h1("人员与保密")
    with draft.when("people.known"):
        draft.paragraph(
            "截至{{ last_day }}，在岗项目人员 {{ people.on_project }} 人，"
            "{% if people.all_signed %}均已签署保密协议"
            "{% else %}已签署保密协议 {{ people.signed }} 人，"
            "未签署 {{ people.unsigned }} 人{% endif %}。"
        )
        draft.otherwise()
        draft.paragraph("未提供人员名册，在岗人数和保密协议签署情况无法统计。【待补】")
    with draft.when("people.missing"):
        draft.caption("未签署保密协议的人员")
        table(
            draft,
            "people.missing",
            [
                Column("姓名", 18, "name"),
                Column("岗位", 26, "post"),
                Column("进入项目", 20, "joined", "c"),
                Column("未签署原因", 34, "reason"),
                Column("责任人", 16, "owner", "c"),
                Column("预计签署", 20, "sign_by", "c"),
                Column("签署情况", 22, "became"),
            ],
            small=True,
        )
        draft.source("数据来源：人员名册")
    with draft.when("people.any"):
        draft.caption("人员变动与培训")
        table(
            draft,
            "people.changes",
            [
                Column("日期", 20, "day"),
                Column("类别", 12, "kind", "c"),
                Column("姓名", 19, "name"),
                Column("岗位", 19, "post"),
                Column("主要\n人员", 11, "key_staff", "c"),
                Column("通知甲方", 20, "notified", "c"),
                Column("甲方同意", 20, "agreed", "c"),
                Column("说明", 35, "remark"),
            ],
            small=True,
            long=True,
        )
        draft.source("数据来源：{{ evidence.staff_changes }}；人员名册")
        draft.otherwise()
        draft.paragraph(f"{report.period}无人员变动和培训记录。")
    told(draft, report, "people")


def still_to_sign(draft: Draft) -> None:
    """Add to the problems who has not signed, one sentence for each."""
    with draft.each("one in people.to_sign"):
        draft.paragraph("{{ one }}")
