"""Drafts templates/confidentiality_agreement.docx: the clauses 第十条 of the contract forces."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, letter

_TEXT = Path(__file__).with_suffix(".md")
_DAY_BY_HAND = "　　　年　　月　　日"
_LINE = "＿" * 6


def confidentiality_agreement() -> Draft:
    """Return the draft of the confidentiality agreement."""
    draft = letter()
    draft.footer()
    draft.title("员工保密协议")
    _parties(draft)
    _clauses(draft)
    _notes(draft)
    _signatures(draft)
    _education(draft)
    return draft


def _parties(draft: Draft) -> None:
    draft.facts(
        [
            ("协议编号", "{{ agreement_number }}"),
            ("用人单位（公司）", "{{ employer }}\n{{ employer_address }}"),
            ("员工姓名", "{{ employee }}"),
            (
                "{{ identity_kind }}号码",
                "{{ identity_number }}{% if number_by_hand %}（由员工本人手写）{% endif %}",
            ),
            ("部门及岗位", "{{ department }}　{{ post }}"),
            ("进入项目日期", "{{ joined }}"),
        ]
    )
    draft.paragraph(
        "公司与{{ client }}（以下称委托单位）于{{ contract_signed_on }}就{{ project }}"
        "（以下称本项目）签订合同（合同号{{ contract_number }}，以下称主合同）。"
        "依据主合同{{ article }}，公司与员工就参与本项目的保密义务订立本协议。"
    )


def _clauses(draft: Draft) -> None:
    """Add the clauses of confidentiality_agreement.md: a # heading, then its paragraphs."""
    for line in _TEXT.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            draft.h1(line.removeprefix("# "))
        elif line:
            draft.paragraph(line)


def _notes(draft: Draft) -> None:
    with draft.each("note in notes"):
        draft.line("TableSmall", "{% if loop.first %}说明：{% endif %}{{ loop.index }}. {{ note }}")


def _signatures(draft: Draft) -> None:
    draft.gap()
    draft.paragraph(f"员工（签名）：{_LINE}　{_DAY_BY_HAND}", keep=True)
    draft.gap()
    draft.seal_block("{{ employer }}", _DAY_BY_HAND)


def _education(draft: Draft) -> None:
    draft.page_break()
    draft.title("保密教育确认书")
    draft.facts(
        [
            ("协议编号", "{{ agreement_number }}"),
            ("受教育人", "{{ employee }}"),
            ("教育日期", "{{ trained }}"),
            ("讲解人", "{{ trainer }}"),
        ]
    )
    draft.paragraph(
        "公司在向本人披露{{ client }}的保密信息前，已对本人进行保密教育，并明确告知下列事项，"
        "本人已经理解："
    )
    draft.paragraph(
        "1. 因参与本项目知悉的本项目信息、委托单位信息，以及项目实施过程中产生的与本项目有关的"
        "全部信息，均为委托单位的保密信息；"
    )
    draft.paragraph("2. 本人承担的保密义务{{ lasting }}，不因离岗、离职而终止；")
    draft.paragraph("3. 泄密应承担的法律责任，包括依法应承担的民事责任、行政责任和刑事责任。")
    draft.gap()
    draft.paragraph(f"员工（签名）：{_LINE}　{_DAY_BY_HAND}")
    draft.paragraph(f"讲解人（签名）：{_LINE}{_DAY_BY_HAND}")


if __name__ == "__main__":
    confidentiality_agreement().save(Path("templates/confidentiality_agreement.docx"))
