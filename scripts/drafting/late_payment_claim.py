"""Drafts templates/late_payment_claim.docx: a letter whose reckoning stands in small tables."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, letter
from scripts.drafting.letters import end, notes


def late_payment_claim() -> Draft:
    """Return the draft of the claim for late payment."""
    draft = letter()
    draft.footer()
    draft.title("{{ title }}")
    draft.line("Recipient", "{{ client }}：")
    draft.paragraph(
        "{{ you }}与我公司于{{ signed_on }}就{{ project }}签订合同（合同号{{ contract_number }}）。"
        "合同{{ article }}约定的{{ name }}为{{ due }}元，{{ deadline }}。{{ standing }}。"
    )
    draft.paragraph("{{ exception }}")
    draft.paragraph(
        "合同{{ late_article }}约定，迟延付款的，每延期一日按延迟付款金额的{{ rate }}"
        "支付违约金，累计不超过服务费总额的{{ cap_ratio }}。据此，我公司就{{ instalment }}的"
        "迟延支付主张违约金{{ claimed }}元，大写："
    )
    draft.line("AmountInWords", "{{ claimed_in_words }}")
    with draft.each("sentence in earlier"):
        draft.paragraph("{{ sentence }}")
    _reckoning(draft)
    _request(draft)
    end(draft)
    return draft


def _reckoning(draft: Draft) -> None:
    draft.h1("付款经过（金额单位：元）")
    draft.table(
        ["日期", "事项", "金额", "依据或凭证"],
        widths=[40, 33, 30, 53],
        align="llrl",
        loop="e in events",
        cells=["{{ e.day }}", "{{ e.event }}", "{{ e.amount }}", "{{ e.basis }}"],
    )
    draft.h1("违约金计算（单位：元）")
    draft.table(
        ["起", "止", "天数", "迟延金额", "日费率", "违约金"],
        widths=[29, 29, 16, 32, 22, 28],
        align="ccrrcr",
        loop="l in lines",
        cells=[
            "{{ l.first }}",
            "{{ l.last }}",
            "{{ l.days }}",
            "{{ l.amount }}",
            "{{ rate }}",
            "{{ l.damages }}",
        ],
        total=["合计", "", "{{ days }}", "", "", "{{ accrued }}"],
        whole=True,
    )
    draft.line("TableText", "")
    draft.table(
        ["项目", "金额", "依据"],
        widths=[46, 34, 76],
        align="lrl",
        loop="r in reckoning",
        cells=["{{ r.label }}", "{{ r.amount }}", "{{ r.basis }}"],
    )
    with draft.each("sentence in cap_standing"):
        draft.paragraph("{{ sentence }}")


def _request(draft: Draft) -> None:
    draft.h1("请求事项")
    draft.paragraph(
        "请{{ you }}于收到本函后核实，并将{% if unpaid %}尚未支付的服务费和{% endif %}"
        "上述违约金支付至下列账户。对迟延天数或者金额有不同意见的，请书面告知，"
        "我公司愿与{{ you }}协商核对。"
    )
    draft.facts(
        [
            ("户名", "{{ account_holder }}"),
            ("开户银行", "{{ account_bank }}"),
            ("账号", "{{ account_number }}"),
            ("联系人", "{{ contact }}　{{ contact_phone }}"),
        ],
        label_width=0.2,
    )
    draft.paragraph(
        "本函不影响我公司依据合同和法律享有的其他权利"
        "{% if accruing %}；本函成文日后继续发生的违约金，我公司保留主张的权利{% endif %}。"
    )
    notes(draft)


if __name__ == "__main__":
    late_payment_claim().save(Path("templates/late_payment_claim.docx"))
