"""Drafts templates/sealing_request.docx: the one-page form that asks for a seal (用印申请单)."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, report

_DAY = "　　　　年　　月　　日"
_SIGNED_BELOW = f"\n\n签字：　　　　　　　　　　日期：{_DAY}"


def sealing_request() -> Draft:
    """Return the draft of the form."""
    draft = report()
    draft.line("ContentsTitle", "用印申请单")
    draft.line("TableNumber", "编号：＿＿＿＿＿＿＿＿＿＿")
    draft.form(
        [
            [("申请部门", ""), ("申请人", "")],
            [("申请日期", _DAY), ("联系电话", "")],
            [("文件名称", "{{ document }}")],
            [("文　号", "{{ document_number }}"), ("合同号", "{{ contract_number }}")],
            [("主送单位", "{{ recipient }}")],
            [("份数×页数", "{{ copies }}")],
            [("印章种类", "{{ seals }}")],
            [("盖章位置", "{{ places }}")],
            [("用印事由", "{{ purpose }}")],
            [("是否涉密", "{{ secret }}")],
            [("是否涉及\n个人信息", "{{ personal }}")],
            [("定稿文件", "{{ file }}（{{ pages }}）")],
            [("定稿校验值\nSHA-256", "Word：{{ sha256 }}\nPDF：{{ pdf_sha256 }}")],
        ],
        small={"定稿校验值\nSHA-256"},
    )
    draft.form(
        [
            [("部门负责人\n意见", _SIGNED_BELOW)],
            [("法务、财务\n意见", _SIGNED_BELOW)],
            [("印章管理\n审批", _SIGNED_BELOW)],
            [("用印人", ""), ("用印日期", _DAY)],
            [("归档人", ""), ("归档日期", _DAY)],
        ],
    )
    draft.line(
        "TableSmall",
        "用印前核对：纸面文件的页数与本单一致；文件未经改动（校验值一致）；"
        "章盖在“（盖章处）”，多页文件加盖骑缝章。",
    )
    return draft


if __name__ == "__main__":
    sealing_request().save(Path("templates/sealing_request.docx"))
