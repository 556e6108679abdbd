"""What the letters to the client end with: the notes, the attachments, the place of the seal."""

from __future__ import annotations

from scripts.drafting import Draft


def notes(draft: Draft) -> None:
    """Add the assumptions that the letter rests on, in small print."""
    with draft.each("note in notes"):
        draft.line("TableSmall", "{% if loop.first %}说明：{% endif %}{{ loop.index }}. {{ note }}")


def end(draft: Draft) -> None:
    """Add the attachments, who signs and the day."""
    with draft.each("item in attachments"):
        draft.line(
            "Attachment",
            "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ loop.index }}. {{ item }}",
        )
    draft.gap()
    draft.seal_block("{{ contractor }}", "{{ dated }}")


def contract_concluded() -> str:
    """Return the sentence with which declared letters begin: which contract they are about."""
    return (
        "{{ you }}与我公司于{{ signed_on }}就{{ contract.identity.title }}签订合同"
        "（合同号{{ contract.identity.number }}）。"
    )


def pay_to(draft: Draft) -> None:
    """Add the account of a declared letter, and whom to ask."""
    draft.facts(
        [
            ("户名", "{{ contract.payment.account.holder }}"),
            ("开户银行", "{{ contract.payment.account.bank }}"),
            ("账号", "{{ contract.payment.account.number }}"),
            ("联系人", CONTACT),
        ],
        label_width=0.2,
    )


CONTACT = "{{ contract.contractor.contact.name }}　{{ contract.contractor.contact.phone }}"


def contact(draft: Draft) -> None:
    """Add whom to ask about a declared letter."""
    draft.paragraph(f"联系人：{CONTACT}")


def sign(draft: Draft, *attachments: str) -> None:
    """Add the attachments of a declared letter, who signs it and the day."""
    for number, name in enumerate(attachments, 1):
        head = "附件：" if number == 1 else "　　　"
        draft.line("Attachment", f"{head}{number}. {name}" if attachments[1:] else f"{head}{name}")
    draft.gap()
    draft.seal_block("{{ contract.contractor.name }}", "{{ dated }}")
