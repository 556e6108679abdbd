"""Drafts templates/settlement_statement.docx: tables of money, and a slip for the client."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, report

_DAY = "　　　　年　　月　　日"


def settlement_statement() -> Draft:
    """Return the draft of the settlement statement."""
    draft = report()
    draft.header("合同款项结算对账单", "截至{{ as_of }}")
    draft.footer()
    draft.line("ContentsTitle", "合同款项结算对账单")
    draft.facts(
        [
            ("项目名称", "{{ project }}"),
            ("合同号", "{{ contract_number }}"),
            ("甲方", "{{ client }}"),
            ("乙方", "{{ contractor }}"),
            ("截止日期", "{{ as_of }}"),
        ],
        label_width=0.18,
    )
    _instalments(draft)
    _receipts_and_deductions(draft)
    _invoices(draft)
    _late(draft)
    _claims(draft)
    _exit(draft)
    _end(draft)
    return draft


def _instalments(draft: Draft) -> None:
    draft.h1("各期款项（单位：元）")
    draft.paragraph(
        "截至{{ as_of }}，合同总额{{ account.total }}元，扣减{{ account.deducted }}元，"
        "已到账{{ account.received }}元，未付余额{{ account.outstanding }}元。{{ conclusion }}"
    )
    draft.table(
        ["期次", "应付", "扣减", "扣减后应付", "已到账", "未付", "付款情况"],
        widths=[18, 22.5, 20, 22.5, 22.5, 22.5, 28],
        align="lrrrrrl",
        loop="i in lines",
        cells=[
            "{{ i.name }}",
            "{{ i.due }}",
            "{{ i.deducted }}",
            "{{ i.payable }}",
            "{{ i.received }}",
            "{{ i.outstanding }}",
            "{{ i.standing }}",
        ],
        total=[
            "合计",
            "{{ account.total }}",
            "{{ account.deducted }}",
            "{{ payable }}",
            "{{ account.received }}",
            "{{ account.outstanding }}",
            "",
        ],
        small=True,
    )


def _receipts_and_deductions(draft: Draft) -> None:
    draft.h1("到账和扣减（单位：元）")
    with draft.when("account.receipts"):
        draft.table(
            ["款项", "到账日期", "到账金额"],
            widths=[60, 48, 48],
            align="lcr",
            loop="r in account.receipts",
            cells=["{{ r.name }}", "{{ r.received }}", "{{ r.amount }}"],
            total=["合计", "", "{{ account.received }}"],
        )
        draft.otherwise()
        draft.paragraph("截至{{ as_of }}无到账。")
    with draft.when("account.deductions"):
        draft.line("TableText", "")
        draft.table(
            ["款项", "类别", "扣减金额", "协商一致日期", "依据"],
            widths=[28, 18, 26, 28, 56],
            align="lcrcl",
            loop="d in account.deductions",
            cells=[
                "{{ d.name }}",
                "{{ d.kind }}",
                "{{ d.amount }}",
                "{{ d.agreed }}",
                "{{ d.basis }}",
            ],
            total=["合计", "", "{{ account.deducted }}", "", ""],
        )
        draft.otherwise()
        draft.paragraph("无双方协商一致的扣减。")
    with draft.when("account.disputes"):
        draft.paragraph(
            "协商中的扣减（未计入）：下列扣减由甲方提出，双方尚未协商一致，未从应付款项中扣减。",
            keep=True,
        )
        draft.table(
            ["款项", "类别", "扣减金额", "提出日期", "依据"],
            widths=[28, 18, 26, 28, 56],
            align="lcrcl",
            loop="p in account.disputes",
            cells=[
                "{{ p.name }}",
                "{{ p.kind }}",
                "{{ p.amount }}",
                "{{ p.raised }}",
                "{{ p.basis }}",
            ],
            total=["合计", "", "{{ disputed }}", "", ""],
        )


def _invoices(draft: Draft) -> None:
    draft.h1("发票和税额（单位：元）")
    with draft.when("account.invoices"):
        draft.table(
            ["款项", "发票号码", "开票日期", "发票种类", "不含税金额", "税额", "价税合计"],
            widths=[20, 36, 19, 18, 22, 19, 22],
            align="lcclrrr",
            loop="v in account.invoices",
            cells=[
                "{{ v.name }}",
                "{{ v.number }}",
                "{{ v.issued }}",
                "{{ v.type }}",
                "{{ v.net }}",
                "{{ v.tax }}",
                "{{ v.gross }}",
            ],
            small=True,
        )
        draft.line("TableText", "")
    draft.table(
        ["项目", "价税合计", "不含税金额", "税额"],
        widths=[60, 32, 32, 32],
        align="lrrr",
        loop="t in tax.parts",
        cells=["{{ t.label }}", "{{ t.gross }}", "{{ t.net }}", "{{ t.tax }}"],
        total=["合计", "{{ tax.sum.gross }}", "{{ tax.sum.net }}", "{{ tax.sum.tax }}"],
    )
    draft.line("TableText", "")
    draft.table(
        ["核对", "价税合计", "不含税金额", "税额"],
        widths=[60, 32, 32, 32],
        align="lrrr",
        loop="c in tax.compared",
        cells=["{{ c.label }}", "{{ c.gross }}", "{{ c.net }}", "{{ c.tax }}"],
    )
    draft.paragraph(
        "{{ tax.finding }}已开票未到账{{ unpaid_invoices.gross }}元，"
        "其中税额{{ unpaid_invoices.tax }}元。"
    )


def _late(draft: Draft) -> None:
    with draft.when("late"):
        draft.h1("迟延付款违约金（单位：元）")
        draft.table(
            ["款项", "迟延天数", "违约金（未计上限）", "可主张金额"],
            widths=[50, 26, 42, 38],
            align="lrrr",
            loop="p in late",
            cells=["{{ p.name }}", "{{ p.days }}", "{{ p.accrued }}", "{{ p.claimable }}"],
            total=["合计", "{{ late_days }}", "{{ late_accrued }}", "{{ late_claimable }}"],
        )
        draft.paragraph(
            "按合同{{ late_article }}计算{% if capped %}，累计上限{{ late_cap }}元{% endif %}。"
            "本项仅供核对，"
            "不计入上述未付余额；主张以我公司另行出具的函件为准。"
        )


def _claims(draft: Draft) -> None:
    with draft.when("claims"):
        draft.h1("违约金、赔偿金主张（单位：元）")
        draft.table(
            ["编号", "事项", "主张日期", "主张金额", "已收到", "已放弃", "未收到", "情况"],
            widths=[14, 24, 20, 23, 22, 18, 21, 14],
            align="llcrrrrl",
            loop="c in claims",
            cells=[
                "{{ c.number }}",
                "{{ c.subject }}",
                "{{ c.claimed_on }}",
                "{{ c.claimed }}",
                "{{ c.received }}",
                "{{ c.waived }}",
                "{{ c.open }}",
                "{{ c.standing }}",
            ],
            total=[
                "合计",
                "",
                "",
                "{{ claimed }}",
                "{{ claims_received }}",
                "{{ claims_waived }}",
                "{{ claims_open }}",
                "",
            ],
            small=True,
        )
        draft.paragraph("上列款项不属于合同款，收到的不计入各期已到账。")


def _exit(draft: Draft) -> None:
    with draft.when("exit_lines"):
        draft.h1("退出结算（金额单位：元）")
        draft.paragraph(
            "乙方依据合同{{ exit_article }}申请退出。{% if exit_permitted %}退费计算如下。"
            "{% else %}甲方尚未许可，以下为按申请的服务末日作出的测算，不作为退费依据。{% endif %}"
        )
        draft.table(
            ["项目", "数值", "依据"],
            widths=[40, 44, 72],
            align="lrl",
            loop="x in exit_lines",
            cells=["{{ x.label }}", "{{ x.value }}", "{{ x.basis }}"],
        )


def _end(draft: Draft) -> None:
    draft.h1("说明")
    with draft.each("note in notes"):
        draft.paragraph("{{ loop.index }}. {{ note }}")
    draft.paragraph("本单按我公司账面记录编制，供双方核对，不改变双方依据合同享有的权利。")
    draft.paragraph("请{{ you }}核对，并在下方确认意见中签署后返还我公司一份。")
    draft.gap()
    draft.seal_block("{{ contractor }}", "{{ as_of }}")
    draft.appendix("甲方确认意见")
    draft.form(
        [
            [("核对结果", "相符□　　　　不符□")],
            [("不符事项、\n差异金额\n及说明", "\n\n\n")],
            [("经办人", ""), ("联系电话", "")],
            [("甲方\n（盖章）", "\n\n"), ("日期", _DAY)],
        ]
    )


if __name__ == "__main__":
    settlement_statement().save(Path("templates/settlement_statement.docx"))
