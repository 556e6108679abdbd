"""A number, date or article belongs in the data; in a text it is a tag."""

from __future__ import annotations

from pathlib import Path

import pytest
from planting import TEMPLATES

from deliverables.docx.house_text import page_at
from deliverables.docx.page import Page, plain, texts, walk
from deliverables.docx.typed_facts import typed_in

OF_THE_PAPER_ITSELF = {("confidentiality_agreement", "两份")}
"""What a shipped text says of itself: the agreement is made out twice."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请于2026年5月1日前付款。", ["2026年5月1日"]),
        ("二〇二六年五月", ["二〇二六年", "五月"]),
        ("自收到之日起十五日内", ["十五日"]),
        ("提前10个工作日通知", ["10个"]),
        ("一年内有效", ["一年"]),
        ("金额为4,894,458.72元", ["4,894,458.72元"]),
        ("税率6%", ["6%"]),
        ("人民币叁仟元整", ["叁仟元整"]),
        ("百分之六", ["百分之六"]),
        ("依据合同第三条第6款", ["第三条", "第6款"]),
        ("共５份", ["５份"]),
        ("《关于验收的函》（示范函〔2026〕12号）", ["2026", "12"]),
        ("财库〔2016〕205号", ["2016", "205"]),
        ("期限三十日", ["三十日"]),
    ],
)
def test_a_typed_number_date_or_article_is_told(text: str, found: list[str]) -> None:
    assert list(typed_in(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "请于{{ deadline }}前付款，共{{ count }}份。",
        "依照《中华人民共和国民法典》第五百八十五条、第五百八十六条第一款",
        "《中华人民共和国保守国家秘密法》（2024年修订）",
        "《关于进一步加强政府采购需求和履约验收管理的指导意见》（财库〔2016〕205号）第十条",
        "（个人信息保护法第十九条、第四十七条）",
        "1. 各项",
        "附件：1. 验收材料清单",
        "　　　2. 回执",
        "（二）见第四章",
        "附件1",
        "SHA-256、IPv4、GB/T 9704",
        "每延期一日，由双方协商；第三方一次性付清。",
        "员工（签名）：＿＿＿　　　年　　月　　日",
        "最近一个月高负载主机",
    ],
)
def test_citations_references_and_enumerations_are_no_facts(text: str) -> None:
    assert not typed_in(text)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_the_shipped_texts_take_every_fact_from_the_data(path: Path) -> None:
    page = page_at(path.with_suffix(".md"))
    assert isinstance(page, Page)
    said = (plain(text) for block in walk(page.blocks) for _, text in texts(block))
    found = {(path.stem, each) for words in said for each in typed_in(words)}
    assert found <= OF_THE_PAPER_ITSELF
