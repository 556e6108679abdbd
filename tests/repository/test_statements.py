"""Every sentence of every document rests on something, and docs/statements.md says on what."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from zipfile import ZipFile

import pytest
from plain_texts import plain_texts

from deliverables.compute.chapters import Chapters, SummaryChapters
from deliverables.kinds import kinds
from deliverables.values.figure import Figure
from scripts import document_statements as statements

pytestmark = pytest.mark.thorough

TEMPLATES = Path(__file__).parents[2] / "templates"
FORMAL = {
    "数据来源：各章数据。": "a source",
    "数据来源：各{{ period }}运行数据工作簿。": "a source",
    "数据来源：各{{ period }}运行数据工作簿、财务台账、人员名册。": "a source",
    "合同未约定要求的指标只列数值，不作判定。": "how the table is to be read",
    "× 为未达到要求的{{ period }}。": "how the table is to be read",
    "合同未作约定或表述不一致之处，按附件“编制口径”处理；甲方另有意见的，"
    "以双方书面确认为准。": "how",
    "合计行的比率由合计数重新计算。": "a rule of reckoning",
    "{{ service.this.label }}是本次验收的范围，"
    "由各{{ period }}分钟数相加后计算，百分比不作平均。": "a rule",
    "□ 同意逐项自查结论，待核各项以“甲方意见”为准": "a box that the client ticks",
    "□ 除下列各项外同意：": "a box that the client ticks",
    "“自查结论”是乙方的自查，不是验收结论；“甲方意见”和第四章由甲方填写。": "how it is used",
    "差额＝分项合计－本报告总数。": "a formula",
    "本报告各项总数由全部记录重新计算，与各{{ report }}、付款申请、财务台账和人员名册的分项数核对，"
    "结果如下：": "leads to the table of what was compared",
    "本单按我公司账面记录编制，供双方核对，不改变双方依据合同享有的权利。": "a reservation",
    "请予审核支付，特此函请。": "a request, the close of the letter",
    "请{{ you }}核对，签署下列确认意见后返还我公司一份。": "a request",
}
"""What documents say that asserts nothing of fact, each with the reason."""
CLAUSES = (Path(__file__).parent / "agreed_clauses.txt").read_text("utf-8").splitlines()
"""What the agreement obliges, permits or defines; none of it tells of something that happened."""


def resting_on_nothing(kind: str, template: Path) -> set[str]:
    """The sentences that print no figure and stand under no condition."""
    return {
        one.text
        for one in statements.sentences(template)
        if not one.under and not any(is_figure(kind, name) for name in one.prints)
    }


def is_figure(kind: str, name: str) -> bool:
    return any(isinstance(value, Figure) for value in statements.values(kind, name))


@pytest.mark.parametrize("kind", kinds())
def test_a_sentence_that_rests_on_nothing_asserts_nothing(kind: str) -> None:
    allowed = CLAUSES if kind == "confidentiality_agreement" else FORMAL
    assert resting_on_nothing(kind, TEMPLATES / f"{kind}.docx") <= set(allowed)


def test_every_sentence_of_the_lists_stands_in_a_template() -> None:
    said = {
        text for kind in kinds() for text in resting_on_nothing(kind, TEMPLATES / f"{kind}.docx")
    }
    assert {*FORMAL, *CLAUSES} - said == set()


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("before", ["", "截至{{ as_of }}，一切正常。"])
def test_a_planted_sentence_is_found_also_behind_one_that_prints_a_figure(
    kind: str, before: str, tmp_path: Path
) -> None:
    planted = "甲方对我公司的服务表示满意。"
    template = tmp_path / "planted.docx"
    with ZipFile(TEMPLATES / f"{kind}.docx") as package:
        body = package.read("word/document.xml").decode()
    paragraph = f"<w:p><w:r><w:t>{before}{planted}</w:t></w:r></w:p>"
    with ZipFile(template, "w") as package:
        package.writestr("word/document.xml", body.replace("<w:p>", f"{paragraph}<w:p>", 1))
    assert planted in resting_on_nothing(kind, template)


def test_the_page_lists_what_the_documents_say_today() -> None:
    assert statements.DOCUMENT.read_text("utf-8") == statements.render(), (
        "run python -m scripts.document_statements"
    )


def test_names_are_resolved_through_loops_and_conditions() -> None:
    said = statements.sentences(TEMPLATES / "annual_summary.docx")
    (none,) = [one for one in said if one.text == "{{ now }}无服务会议记录。"]
    assert none.names == ("now", "chapters.tickets", "feedback.decisions")
    register = ("register.standing", "register.left", "chapters.improvement", "register.lines")
    (listed,) = [one for one in said if one.names == register]
    assert "各事项的办理情况" in listed.text


def test_every_kind_has_its_section() -> None:
    text = statements.DOCUMENT.read_text("utf-8")
    assert [kind.name for kind in kinds().values() if f"（{kind.name}）" not in text] == []


LABELS = {
    **dict.fromkeys(("label", "now", "period", "period_label", "report"), "how a period is called"),
    **dict.fromkeys(("name", "subject", "material", "covers"), "the label of a row"),
    **dict.fromkeys(
        ("zone", "system", "level", "target", "kind", "storage", "month", "systems", "cause"),
        "what the rows of a group have in common, as the cells say it",
    ),
    **dict.fromkeys(("basis", "chapter", "made_of"), "a reference: an article, a chapter, a sheet"),
    "standard": "the sort of a requirement",
    "number": "which row of the table it is",
    "period_before": "how the period before is called",
    "sheet": "a reference: a sheet",
    **dict.fromkeys(
        (one.name for each in (Chapters, SummaryChapters) for one in fields(each)),
        "a reference: a chapter",
    ),
    "what": "what took the time of the row",
    "definitions": "how the rates of usage are defined, the same for everybody",
}
"""The plain texts of the two reports by their last name, and why they assert nothing."""


@pytest.mark.parametrize("kind", ["quarterly_report", "annual_summary"])
def test_every_plain_text_of_a_report_is_a_label_or_belongs_to_a_chart(kind: str) -> None:
    plain = {path for path in plain_texts(kinds()[kind].offers) if "_chart." not in path}
    assert {path for path in plain if path.rpartition(".")[2] not in LABELS} == set()
