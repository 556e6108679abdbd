"""What every chapter of the reports is made with, and the frame around the chapters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scripts.drafting import Draft

_POINT_MM = 25.4 / 72
_CELL_MARGINS_MM = 3.4
_SIZE, _SMALL_SIZE = 10.5, 9


class Column(NamedTuple):
    """A column: header, width in mm, what it shows of the row, and how it is aligned.

    `shows` is a field of the row, or text with tags of `line`. The type area is 156 mm wide.
    """

    header: str
    width: float
    shows: str
    align: str = "l"


class Report(NamedTuple):
    """Which report a chapter is drafted for: the word for its period, and whether for a year."""

    period: str
    annual: bool


QUARTER = Report("本{{ period }}", annual=False)
YEAR = Report("本年度", annual=True)


def told(draft: Draft, report: Report, chapter: str) -> None:
    """Add what people wrote for the chapter, a paragraph each; a summary has the numbers only."""
    if not report.annual:
        with draft.each(f"text in narrative.{chapter}"):
            draft.paragraph("{{ text }}")


def table(
    draft: Draft,
    rows: str,
    columns: Sequence[Column],
    *,
    total: str | Sequence[str] = (),
    small: bool = False,
    long: bool = False,
) -> None:
    """Add a table with a row for each of `rows`; only a `long` one may break across pages.

    `total` names the line of totals, which has the fields of the rows, or gives its cells.
    """
    cells = [
        column.shows if "{{" in column.shows else f"{{{{ line.{column.shows} }}}}"
        for column in columns
    ]
    if isinstance(total, str):
        total = [cell.replace(" line.", f" {total}.") for cell in cells]
    draft.table(
        [_header(column, small=small) for column in columns],
        widths=[column.width for column in columns],
        align="".join(column.align for column in columns),
        loop=f"line in {rows}",
        cells=cells,
        total=total or None,
        small=small,
        whole=not long,
    )


def _header(column: Column, *, small: bool) -> str:
    """Return the header; one too long for its column breaks before its unit, not within it."""
    wide = sum(0.5 if letter.isascii() else 1 for letter in column.header)
    size = (_SMALL_SIZE if small else _SIZE) * _POINT_MM
    fits = wide * size <= column.width - _CELL_MARGINS_MM
    return column.header if fits else column.header.replace("（", "\n（")


def front(draft: Draft, name: str) -> None:
    """Add header, footer, cover and contents of a report called `name`."""
    draft.header("{{ service_name }}" + name, "{{ period_label }}")
    draft.footer()
    draft.cover(
        title="{{ service_name }}\n" + name,
        subtitle="{{ period_label }}（{{ first_day }}至{{ last_day }}）",
        facts=[
            ("项目名称", "{{ project }}"),
            ("合同编号", "{{ contract_number }}"),
            ("报 告 期", "{{ first_day }}至{{ last_day }}"),
            ("甲　　方", "{{ client }}"),
            ("编制单位", "{{ contractor }}"),
        ],
        organisation="{{ contractor }}",
        date="{{ dated }}",
    )
    draft.contents()


def work_sentence(draft: Draft, report: Report) -> None:
    """Add one sentence on what happened; what no sheet was filled in for is left out."""
    draft.paragraph(
        f"{report.period}记录事件 {{{{ incidents.count }}}} 起"
        "{% if durability.observed %}，数据丢失事件 {{ durability.loss_events }} 起{% endif %}"
        "{% if security.any %}，安全事件 {{ security.events }} 起{% endif %}；"
        "受理工单 {{ tickets.total.opened }} 件，未及时办结 {{ tickets.late_count }} 件；"
        "实施变更 {{ changes.total.done }} 次，失败和回退 {{ changes.unsuccessful }} 次。"
    )


def indicators_section(draft: Draft) -> None:
    """Add the conclusion table: indicator, requirement, actual, verdict, basis."""
    draft.h2("结论摘要")
    draft.caption("结论摘要")
    table(
        draft,
        "indicators",
        [
            Column("指标", 51, "name"),
            Column("合同要求", 34, "requirement"),
            Column("本期值", 17, "actual", "r"),
            Column("判定", 19.5, "verdict", "c"),
            Column("依据", 34.5, "basis"),
        ],
        small=True,
        long=True,
    )
    draft.source("数据来源：各章数据。合同未约定要求的指标只列数值，不作判定。")


def verdicts(draft: Draft) -> None:
    """Say first and in full what was reached and what was missed, and what is done about it."""
    with draft.each("sentence in service.verdicts"):
        draft.paragraph("{{ sentence }}")
    with draft.when("not service.all_met"):
        draft.paragraph(
            "未达标期间的中断逐次列于第四章，原因和处理见第四章、第七章。整改措施及办理情况：",
            keep=True,
        )
        with draft.each("remedy in remedies"):
            draft.line("Item", "{{ remedy }}")
        with draft.when("unanswered"):
            draft.paragraph("运行数据工作簿“问题与计划”未写明针对可用性的整改措施。【待补】")


def plans_section(draft: Draft, title: str) -> None:
    """Add the plan of what comes next."""
    draft.h2(title)
    with draft.when("plans"):
        draft.caption(title)
        table(draft, "plans", ISSUES, small=True)
        draft.source("数据来源：运行数据工作簿“问题与计划”")
        draft.otherwise()
        draft.paragraph("无专项工作计划。")


def followed_table(draft: Draft, rows: str, title: str) -> None:
    """Add the table of matters raised before with what became of them."""
    draft.caption(title)
    table(draft, rows, FOLLOWED, small=True, long=True)
    draft.source("数据来源：各{{ period }}运行数据工作簿“问题与计划”。办理情况截至{{ dated }}。")


FOLLOWED = (
    Column("提出时间", 18, "label"),
    Column("类别", 15, "kind", "c"),
    Column("内容", 46, "subject"),
    Column("责任方", 13, "owner", "c"),
    Column("完成期限", 21, "due", "c"),
    Column("办理情况", 43, "became"),
)


ISSUES = (
    Column("内容", 48, "subject"),
    Column("措施", 53, "action"),
    Column("责任方", 15, "owner", "c"),
    Column("完成期限", 21, "due", "c"),
    Column("状态", 19, "state", "c"),
)


def appendix(draft: Draft) -> None:
    """Add what the report rests on: the contract, the period and the assumptions."""
    draft.h1("说明")
    draft.paragraph(
        "本报告依据{{ signed_on }}签订的合同（编号 {{ contract_number }}）编制，"
        "报告期为{{ first_day }}至{{ last_day }}，共 {{ days }} 天。"
        "合同未作约定或表述不一致之处，按下列口径处理；甲方另有意见的，以双方书面确认为准。"
    )
    with draft.each("text in assumptions"):
        draft.line("Item", "{{ text }}")


def sign_off(draft: Draft) -> None:
    """Add the approval table and the place of the seal."""
    draft.h1("审批与用印")
    draft.approval("{{ prepared_by }}", "{{ reviewed_by }}", "{{ approved_by }}")
    draft.line("Note", "本报告为多页文件，用印时在落款处盖章并加盖骑缝章。")
    draft.seal_block("{{ contractor }}", "{{ dated }}")
