"""The normal form of a contract's text, its places, its articles, and quotes held against it."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from contract_texts import lines_of_contract, text_of_contract
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from deliverables.model.contract_text import ContractText
from deliverables.read.contract_text import (
    ANNEX,
    COVER,
    HEAD,
    SIGNATURES,
    UnreadableTextError,
    articles,
    as_plain_text,
    chinese,
    plain_bytes,
    read_contract_text,
    text_of,
)
from deliverables.read.from_text import read_text


def made(*lines: str) -> ContractText:
    return ContractText("contract.txt", lines)


def named(*lines: str) -> dict[str, str]:
    found = articles(made(*lines))
    return {part.name: found.words(part).strip() for part in found.parts if part.level}


def test_each_sign_knows_its_line_and_column_in_the_source() -> None:
    text = made("", "### **第一条 释义**", "- 3） 账号：１１０　　共 ５ 个")
    at = text.text.index("5个")
    assert (text.place(at).line, text.place(at).column) == (3, 16)
    assert text.original(at, at + 2) == "５个"
    assert text.text == "第一条释义\n3)账号:110\n共5个"


def test_a_wide_label_is_one_and_a_circled_number_does_not_run_into_the_next() -> None:
    text = made("甲    方：示例局", "户 名：示例公司　　账 号：12", "①2027年4月15日前，甲方支付")
    assert text.text.split("\n") == [
        "甲方:示例局", "户名:示例公司", "账号:12", "(1)2027年4月15日前,甲方支付",
    ]  # fmt: skip
    assert text.find("①2027年4月15日前")


def test_a_line_that_was_broken_is_joined_and_a_page_number_is_dropped() -> None:
    text = made(
        "二期款比例为合同款的30%（中小企业付款比例", "", "- 12 -", "", "为20%)。", "第3页 共9页",
        "甲方应当按照本合同约定的时间和方式向乙方支付本合同约", "定的款项。",
        "地址：北京", "邮编：100000",
    )  # fmt: skip
    assert text.text.split("\n") == [
        "二期款比例为合同款的30%(中小企业付款比例为20%)。",
        "甲方应当按照本合同约定的时间和方式向乙方支付本合同约", "定的款项。",
        "地址:北京", "邮编:100000",
    ]  # fmt: skip


def test_a_number_alone_is_a_page_only_between_empty_lines() -> None:
    assert made("编号：", "12", "终").text.split("\n") == ["编号:", "12", "终"]
    assert made("终。", "", "12", "", "始").text.split("\n") == ["终。", "始"]


def test_articles_are_the_next_of_their_sequence() -> None:
    assert named("第一条 甲", "1. 子", "2. 丑", "第二条 乙", "1. 按第五条第3款执行。") == {
        "第一条": "第一条甲\n1.子\n2.丑", "第一条第1款": "1.子", "第一条第2款": "2.丑",
        "第二条": "第二条乙\n1.按第五条第3款执行。", "第二条第1款": "1.按第五条第3款执行。",
    }  # fmt: skip
    assert set(named("一、甲", "（一）子", "1.丑", "2.寅", "（二）卯", "二、乙")) == {
        "第一条", "第一条第（一）款", "第一条第（一）款第(1)项", "第一条第（一）款第(2)项",
        "第一条第（二）款", "第二条",
    }  # fmt: skip
    assert set(named("第一条 甲", "1.1 子", "1.2 不低于1.5%", "第二条 乙", "2.1 丑")) == {
        "第一条", "第1.1条", "第1.2条", "第二条", "第2.1条",
    }  # fmt: skip


def test_a_mark_in_mid_line_counts_behind_a_stop_and_not_behind_words_that_refer() -> None:
    assert set(named("第一条 甲", "1. 子。2. 丑。3. 寅。")) == {
        "第一条", "第一条第1款", "第一条第2款", "第一条第3款",
    }  # fmt: skip
    assert set(named("第一条 甲", "1. 违反第二条的，赔偿；依据2.3执行。", "第二条 乙")) == {
        "第一条", "第一条第1款", "第二条",
    }  # fmt: skip


def test_where_a_heading_is_missing_no_article_can_be_relied_on() -> None:
    parts = articles(made("第一条 甲", "1. 子", "1. 丑", "2. 寅", "第三条 丙", "1. 卯")).parts
    sure = {part.name: part.sure for part in parts if part.level}
    assert sure["第一条"] is False
    assert sure["第三条"] is True


def test_the_parts_of_a_contract_are_told_apart() -> None:
    for name in ("SXYSR202604152", "monthly"):
        assert {COVER, HEAD, SIGNATURES} <= {
            part.name for part in articles(text_of_contract(name)).parts
        }
    assert ANNEX in {
        part.name
        for part in articles(made("第一条 甲", "甲方（盖章）：", "附件一 清单", "服务")).parts
    }


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十")])
def test_articles_are_counted_in_chinese(number: int, said: str) -> None:
    assert chinese(number) == said


def test_a_docx_reads_as_its_text_with_the_rows_of_its_tables(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("第一条 甲")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "云主机", "12台"
    document.add_paragraph("第二条\t乙")
    document.save(tmp_path / "a.docx")
    text = read_contract_text(tmp_path / "a.docx")
    assert text.text == "第一条甲\n云主机\n12台\n第二条乙"
    plain = as_plain_text(text)
    assert text_of("contract.txt", plain_bytes(text)).sha256 == plain.sha256


def test_a_text_in_gbk_reads_as_in_utf_8() -> None:
    words = "第一条 甲方应当付款。"
    assert text_of("a.txt", words.encode("gb18030")).text == text_of("a.txt", words.encode()).text


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [("a.pdf", b"%PDF", "its name must end in"), ("a.docx", b"PK", "no .docx"),
     ("a.txt", b"\n", "no text"),
     ("a.txt", b"\xff\xff\xff\x00", "neither UTF-8 nor GBK")],
)  # fmt: skip
def test_what_is_no_text_is_refused(name: str, data: bytes, why: str) -> None:
    with pytest.raises(UnreadableTextError, match=why):
        text_of(name, data)


def test_an_entity_in_a_docx_reads_no_other_file(tmp_path: Path) -> None:
    from zipfile import ZipFile

    (tmp_path / "secret.txt").write_text("secret")
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    evil = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
        f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>甲&x;</w:t></w:r></w:p></w:body>'
        "</w:document>"
    )
    into = BytesIO()
    with ZipFile(into, "w") as package:
        package.writestr("word/document.xml", evil)
    assert "secret" not in text_of("a.docx", into.getvalue()).text


SIGNS = st.text("甲乙丙，。0123456789,.（）()％%¥￥ ＡA", min_size=1, max_size=30)


@given(SIGNS)
def test_a_text_holds_itself_however_it_is_spaced(words: str) -> None:
    words = f"甲{words}"
    assert made(words).find(" ".join(words)) == made(words).find(words)
    assert made(words).find(words) is not None


def scar(lines: list[str], chance: random.Random) -> ContractText:
    """Wrap, space and page a text, and write its amounts without commas, as offices do."""
    found: list[str] = []
    for source in lines:
        line = source
        if chance.random() < 0.3:
            line = line.replace("，", ",").replace("（", "(").replace("）", ")")
        if chance.random() < 0.2:
            line = "".join(sign + " " * (chance.random() < 0.1) for sign in line)
        if len(line) > 12 and chance.random() < 0.5:
            cut = chance.randrange(4, len(line) - 4)
            found += [line[:cut], *chance.choice(([], ["", "- 7 -", ""], ["第7页"])), line[cut:]]
        else:
            found.append(line)
    return ContractText("contract.txt", tuple(found))


def test_every_quote_holds_over_twenty_scarrings() -> None:
    """Reading again would lose facts; a quote is compared and holds."""
    lines = lines_of_contract("SXYSR202604152")
    quotes = {fact.passage.quote for fact in read_text(text_of_contract("SXYSR202604152")).facts}
    assert len(quotes) > 30
    for seed in range(20):
        scarred = scar(lines, random.Random(seed))  # noqa: S311  # scars, not secrets
        assert [quote for quote in quotes if scarred.find(quote) is None] == [], seed


def test_a_quote_of_which_one_sign_differs_does_not_hold() -> None:
    text = text_of_contract("SXYSR202604152")
    assert (
        text.find("甲方应当在合同签订后 40 个工作日内向乙方支付合同首款￥1957783.48元") is not None
    )
    assert text.find("在合同签订后 4 个工作日内向乙方支付合同首款") is None


def test_a_wide_gap_parts_columns_but_no_heading_from_its_number() -> None:
    text = made(
        "第一条　付款方式", "第二条   验收", "地址：甲路　邮编：100000", "日期：1    日期：2"
    )
    assert text.text.split("\n") == [
        "第一条付款方式", "第二条验收", "地址:甲路", "邮编:100000", "日期:1", "日期:2",
    ]  # fmt: skip


def test_what_stands_below_a_list_belongs_to_the_whole_article() -> None:
    found = articles(
        made("第三条 付款", "1. 首款；", "2. 尾款。", "账号：110", "第四条 验收", "1. 甲。")
    )
    text = found.text.text
    assert found.cite(text.index("尾款")) == "第三条第2款"
    assert found.cite(text.index("账号")) == "第三条"
