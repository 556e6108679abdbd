"""What a document must keep by itself, whatever was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from papers import edited, figure, made, paper, paragraph, row, table

from deliverables.values.figure import Figure
from deliverables.verify.base import Base
from deliverables.verify.document import read_document
from deliverables.verify.document_rules import OF_FIGURES, OF_THE_FILE, faults

ACCOUNT = "01090301800120102009999"


@dataclass(frozen=True)
class Letter:
    contract: Figure[str]
    account: Figure[str]
    client: Figure[str]


LETTER = Letter(
    figure("合同号", "SXYSR202604152"),
    figure("收款账号", ACCOUNT),
    figure("甲方名称", "北京市示范监督管理局"),
)
SEAL = paragraph("（盖章处）")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    body = paragraph("{{ contract }} {{ account }} {{ client }}") + SEAL
    return made(tmp_path_factory.mktemp("rules"), body, LETTER)[1]


def found(body: str, base: Base) -> list[str]:
    return said(paper(body + SEAL), base)


def said(document: bytes, base: Base) -> list[str]:
    rules = (*OF_FIGURES, *OF_THE_FILE)
    return [one.code for one in faults(read_document(document), base, rules)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("人民币1,453,654.24元（大写：壹佰肆拾伍万叁仟陆佰伍拾肆元贰角肆分）", []),
        ("人民币1,453,654.24元（大写：壹佰肆拾伍万叁仟陆佰伍拾肆元肆角贰分）", ["words-differ"]),
        ("人民币12.00元（大写：壹拾贰元二角）", ["words-unreadable"]),
        ("按合同第四条：“其中，服务部分贰佰捌拾万元，计壹拾陆万贰仟元”", []),
        ("不含税金额100.00元，税额6.00元，价税合计106.00元", []),
        ("不含税金额100.00元，税额6.00元，价税合计107.00元", ["tax-differs"]),
        ("合同SXYSR202604152", []),
        ("合同SXYSR202604125", ["contract-number"]),
        (f"账号{ACCOUNT}", []),
        ("账号01090301800120102009998", ["account-number"]),
        ("致北京市示范监督管理局", []),
        ("致北京市示范监督管埋局", ["party-name"]),
        ("自2026年7月30日至2026年10月29日", []),
        ("自2026年10月30日至2026年7月29日", ["period-reversed"]),
        ("{{ total }}", ["template-tag", "template-tag"]),
        ("致«单位»", ["template-tag", "template-tag"]),
        ("合计Decimal('3')", ["program-text"]),
        ("联系人【待补】", ["gap"]),
    ],
)
def test_a_text_keeps_what_it_must(text: str, codes: list[str], base: Base) -> None:
    assert found(paragraph(text), base) == codes


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([("名称", "数量"), ("甲", "1"), ("乙", "2"), ("合计", "3")], []),
        ([("名称", "数量"), ("甲", "1"), ("乙", "2"), ("合计", "4")], ["total-differs"]),
        ([("名称", "数量"), ("合计", "3"), ("甲", "1"), ("乙", "2")], []),
        ([("名称", "可用率"), ("甲", "1"), ("乙", "2"), ("合计", "4")], []),
        ([("名称", "数量"), ("甲", "1"), ("小计", "1"), ("乙", "2"), ("小计", "3"), ("合计", "3")],
         ["total-differs"]),
        ([("名称", "数量"), ("甲", "3"), ("其中乙", "2"), ("合计", "3")], []),
        ([("不含税金额", "税额", "价税合计"), ("100.00", "6.00", "106.00")], []),
        ([("不含税金额", "税额", "价税合计"), ("100.00", "6.00", "160.00")], ["tax-differs"]),
        ([("合同总额", "10.00元"), ("此前已付", "4.00元"), ("本期应付", "3.00元"),
          ("未付余额", "3.00元")], []),
        ([("合同总额", "10.00元"), ("此前已付", "4.00元"), ("本期应付", "3.00元"),
          ("未付余额", "2.00元")], ["payment-differs"]),
        ([("本期应付", "3.00元"), ("本期扣减", "1.00元"), ("本期实付", "1.00元")],
         ["payment-differs"]),
        ([("小写", "3.00元"), ("大写", "人民币肆元整")], ["words-differ"]),
    ],
)  # fmt: skip
def test_a_table_keeps_what_it_must(
    rows: list[tuple[str, ...]], codes: list[str], base: Base
) -> None:
    assert found(table(*(row(*one) for one in rows)), base) == codes


def test_the_place_of_the_seal_must_be_there(base: Base) -> None:
    assert said(paper(paragraph("正文")), base) == ["seal-anchor"]


def test_tracked_changes_are_told(base: Base) -> None:
    body = paragraph("甲").replace("<w:r>", "<w:ins><w:r>").replace("</w:r>", "</w:r></w:ins>")
    assert found(body, base) == ["tracked-changes"]


def test_faults_of_the_file_are_errors(base: Base) -> None:
    assert found('<w:p><w:pPr><w:pStyle w:val="none"/></w:pPr></w:p>', base) == ["style-unknown"]


def test_text_of_the_data_that_looks_like_a_tag_is_no_tag(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Note:
        text: Figure[str]

    context = Note(figure("说明", "字段{{ name }}未填"))
    document, base = made(tmp_path, paragraph("{{ text }}") + SEAL, context)
    assert said(bytes(document), base) == []
    assert said(edited(bytes(document), ("未填", "未填{% if %}")), base) == ["template-tag"] * 2


def test_the_title_names_the_quarter_of_the_document(base: Base) -> None:
    title = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style></w:styles>'
    )
    titles = {"第二季度报告": [], "第三季度报告": ["period-differs"], "2026年第三季度报告": []}
    for name, codes in titles.items():
        assert said(paper(paragraph(name, "t") + SEAL, styles=title), base) == codes
