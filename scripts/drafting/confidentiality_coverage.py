"""Drafts templates/confidentiality_coverage.docx: a list on pages lying on their side."""

from __future__ import annotations

from pathlib import Path

from scripts.drafting import Draft, report


def confidentiality_coverage() -> Draft:
    """Return the draft of the coverage list."""
    draft = report()
    draft.header("保密协议签署情况表", "截至{{ as_of }}")
    draft.footer()
    draft.line("ContentsTitle", "保密协议签署情况表")
    draft.facts(
        [
            ("项目名称", "{{ project }}"),
            ("合同号", "{{ contract_number }}"),
            ("委托单位", "{{ client }}"),
            ("编制单位", "{{ employer }}"),
            ("截止日期", "{{ as_of }}"),
        ],
        label_width=0.18,
    )
    draft.h1("核对结果")
    draft.paragraph("{{ conclusion }}")
    draft.table(
        ["核对项目", "人数", "人员", "处理要求"],
        widths=[44, 14, 48, 50],
        align="lrll",
        loop="f in findings",
        cells=["{{ f.name }}", "{{ f.count }}", "{{ f.people }}", "{{ f.action }}"],
    )
    with draft.when("unsigned"):
        draft.h1("未签署人员")
        draft.table(
            ["编号", "姓名", "进入项目", "未签署原因", "责任人", "预计签署日期"],
            widths=[14, 24, 30, 40, 20, 28],
            align="llclll",
            loop="u in unsigned",
            cells=[
                "{{ u.number }}",
                "{{ u.name }}",
                "{{ u.joined }}",
                "{{ u.reason }}",
                "{{ u.owner }}",
                "{{ u.sign_by }}",
            ],
        )
    with draft.landscape():
        draft.h1("人员明细")
        draft.table(
            [
                "编号",
                "姓名",
                "部门",
                "岗位",
                "进入项目",
                "保密培训",
                "权限开通",
                "协议签署",
                "离开项目",
                "核对",
            ],
            widths=[13, 28, 26, 32, 22, 22, 22, 22, 22, 38],
            align="clllcccccl",
            loop="r in rows",
            cells=[
                "{{ r.number }}",
                "{{ r.name }}",
                "{{ r.department }}",
                "{{ r.post }}",
                "{{ r.joined }}",
                "{{ r.trained }}",
                "{{ r.access_granted }}",
                "{{ r.signed }}",
                "{{ r.left }}",
                "{{ r.finding }}",
            ],
            small=True,
        )
    draft.h1("说明")
    with draft.each("note in notes"):
        draft.paragraph("{{ loop.index }}. {{ note }}")
    draft.gap()
    draft.seal_block("{{ employer }}", "{{ as_of }}")
    return draft


if __name__ == "__main__":
    confidentiality_coverage().save(Path("templates/confidentiality_coverage.docx"))
