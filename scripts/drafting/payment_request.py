"""Drafts templates/payment_request.docx: a letter whose amounts stand in small tables."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, letter
from scripts.drafting.letters import end, notes


def payment_request() -> Draft:
    """Return the draft of the payment request."""
    draft = letter()
    draft.footer()
    draft.title("{{ title }}")
    draft.line("Recipient", "{{ client }}：")
    draft.paragraph(
        "{{ you }}与我公司于{{ signed_on }}就{{ project }}签订合同（合同号{{ contract_number }}）。"
        "合同{{ article }}约定的付款条件{{ standing }}（见下表），"
        "现申请支付{{ instalment }}（{{ name }}）{{ requested }}元，大写："
    )
    draft.line("AmountInWords", "{{ requested_in_words }}")
    _conditions(draft)
    _amounts(draft)
    _payment(draft)
    end(draft)
    return draft


def _conditions(draft: Draft) -> None:
    draft.h1("付款条件")
    draft.table(
        ["条件", "日期", "依据"],
        widths=[30, 40, 86],
        align="lcl",
        loop="c in conditions",
        cells=["{{ c.name }}", "{{ c.met_on }}", "{{ c.evidence }}"],
    )
    with draft.when("unmet"):
        draft.paragraph(
            "**条件未成就：**{% for reason in unmet %}{{ reason }}"
            "{% if not loop.last %}；{% endif %}{% endfor %}。本函为预拟稿，条件成就前不得发出。"
        )


def _amounts(draft: Draft) -> None:
    draft.h1("申请金额和发票（单位：元）")
    draft.table(
        ["项目", "金额", "依据"],
        widths=[42, 30, 84],
        align="lrl",
        loop="a in amounts",
        cells=["{{ a.label }}", "{{ a.amount }}", "{{ a.basis }}"],
    )
    draft.line("TableText", "本期应付{{ due }}元，大写：{{ due_in_words }}")
    draft.table(
        ["发票种类", "税率", "不含税金额", "税额", "价税合计", "发票号码"],
        widths=[21, 13, 26.5, 22.5, 26.5, 46.5],
        align="lcrrrc",
        loop="i in invoices",
        cells=[
            "{{ i.type }}",
            "{{ i.rate }}",
            "{{ i.net }}",
            "{{ i.tax }}",
            "{{ i.gross }}",
            "{{ i.number }}",
        ],
    )


def _payment(draft: Draft) -> None:
    draft.h1("收款账户和付款期限")
    draft.facts(
        [
            ("户名", "{{ account_holder }}"),
            ("开户银行", "{{ account_bank }}"),
            ("账号", "{{ account_number }}"),
            ("联系人", "{{ contact }}　{{ contact_phone }}"),
        ],
        label_width=0.2,
    )
    draft.paragraph("{{ deadline }}")
    notes(draft)


if __name__ == "__main__":
    payment_request().save(Path("templates/payment_request.docx"))
