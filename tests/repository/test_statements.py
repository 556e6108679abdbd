"""Every sentence of every document rests on something, and docs/statements.md says on what."""

from __future__ import annotations

from pathlib import Path

import pytest
from plain_texts import plain_texts

from deliverables.kinds import kinds
from scripts import document_statements as statements

pytestmark = pytest.mark.thorough

TEMPLATES = Path(__file__).parents[2] / "templates"
FORMAL = {
    "数据来源：各章数据。合同未约定要求的指标只列数值，不作判定。",
    "数据来源：合同付款条款、财务台账。未到账＝应付－扣减－已到账。",
    "可用性＝（总时长－中断时长）÷总时长。",
    "本报告为多页文件，用印时在落款处盖章并加盖骑缝章。",
}
"""What the reports say that asserts nothing of the contract: sources, formulas, handling."""


@pytest.mark.parametrize("kind", ["quarterly_report", "annual_summary"])
def test_a_sentence_of_a_report_that_rests_on_nothing_asserts_nothing(kind: str) -> None:
    said = statements.sentences(TEMPLATES / f"{kind}.docx")
    assert {one.text for one in said if not one.names} <= FORMAL
    assert len(said) > 20


def test_the_page_lists_what_the_documents_say_today() -> None:
    assert statements.DOCUMENT.read_text("utf-8") == statements.render(), (
        "run python -m scripts.document_statements"
    )


def test_names_are_resolved_through_loops_and_conditions() -> None:
    said = statements.sentences(TEMPLATES / "annual_summary.docx")
    (none,) = [one for one in said if one.text == "本年度无工单记录。"]
    assert none.names == ("tickets.any",)
    (story,) = [one for one in said if "chronicle" in one.names]
    assert "概述的原文" in story.text


def test_every_kind_has_its_section() -> None:
    text = statements.DOCUMENT.read_text("utf-8")
    assert [kind.name for kind in kinds().values() if f"（{kind.name}）" not in text] == []


LABELS = {
    **dict.fromkeys(("label", "period", "period_label", "report"), "how a period is called"),
    **dict.fromkeys(("name", "subject", "material", "covers"), "the label of a row"),
    **dict.fromkeys(
        ("zone", "system", "level", "target", "kind", "storage", "month"),
        "what the rows of a group have in common, as the cells say it",
    ),
    **dict.fromkeys(("basis", "chapter", "made_of"), "a reference: an article, a chapter, a sheet"),
    "definitions": "how the rates of usage are defined, the same for everybody",
}
"""The plain texts of the two reports by their last name, and why they assert nothing."""


@pytest.mark.parametrize("kind", ["quarterly_report", "annual_summary"])
def test_every_plain_text_of_a_report_is_a_label_or_belongs_to_a_chart(kind: str) -> None:
    plain = {path for path in plain_texts(kinds()[kind].context) if "_chart." not in path}
    assert {path for path in plain if path.rpartition(".")[2] not in LABELS} == set()
