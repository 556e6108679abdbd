"""Drafts templates/payment_reminder.docx: the letter that urges payment before any claim."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, letter
from scripts.drafting.letters import contract_concluded, pay_to, sign


def payment_reminder() -> Draft:
    """Return the draft of the reminder (催款函)."""
    draft = letter()
    draft.footer()
    draft.title("关于催付{{ contract.service.name }}项目\n{{ instalment.ordinal }}的函")
    draft.line("Recipient", "{{ contract.client.name }}：")
    draft.paragraph(
        f"{contract_concluded()}合同{{{{ instalment.article }}}}约定的{{{{ instalment.name }}}}为"
        "{{ instalment.due }}元，{{ instalment.deadline }}，该期限已于{{ instalment.due_on }}届满。"
    )
    draft.paragraph(
        "我公司已足额开具本期发票，付款申请函已于{{ instalment.request.delivered }}送达{{ you }}。"
        "截至{{ dated }}，本期款项尚有{{ instalment.outstanding }}元未收到，大写："
    )
    draft.line("AmountInWords", "{{ instalment.outstanding_in_words }}")
    draft.h1("发票（单位：元）")
    draft.table(
        ["发票号码", "开票日期", "价税合计"],
        widths=[66, 45, 45],
        align="clr",
        loop="i in instalment.invoices",
        cells=["{{ i.number }}", "{{ i.issued }}", "{{ i.gross }}"],
        whole=True,
    )
    draft.h1("请求事项")
    draft.paragraph(
        "请{{ you }}于收到本函后核实，并将上述未付款项支付至下列账户。款项已经付出的，"
        "请告知付款日期和金额，以便核对；因财政审批暂不能支付的，请书面告知审批情况和预计付款时间，"
        "并附有关依据。"
    )
    pay_to(draft)
    draft.paragraph("本函不影响我公司依据合同和法律享有的其他权利。")
    sign(draft)
    return draft


if __name__ == "__main__":
    payment_reminder().save(Path("templates/payment_reminder.docx"))
