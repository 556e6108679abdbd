"""A planted fault is found, located and explained; an untouched document has none."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from time import process_time
from zipfile import ZipFile

import docx
import office
import openpyxl
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from deliverables.capitals import write_capitals
from deliverables.figure import Derivation, Figure
from deliverables.money import format_yuan
from deliverables.problem import Severity
from deliverables.source import Cell, Line
from deliverables.vat import split_gross
from deliverables.verify.leaves import leaves_of
from deliverables.verify.proof import RULES, Finding, prove

CONTRACT, ACCOUNT = "SXYSR202604152", "11050192360000000776"


@dataclass(frozen=True)
class OutageRow:
    number: Figure[str]
    started: Figure[datetime]
    minutes: Figure[int]
    hosts: Figure[int]
    cause: str


@dataclass(frozen=True)
class KindRow:
    kind: str
    added: Figure[int]
    released: Figure[int]


@dataclass(frozen=True)
class Attachment:
    title: Figure[str]
    copies: Figure[int]


@dataclass(frozen=True)
class Money:
    total: Figure[Decimal]
    paid: Figure[Decimal]
    now: Figure[Decimal]
    rest: Figure[Decimal]
    words: Figure[str]
    net: Figure[Decimal]
    tax: Figure[Decimal]


@dataclass(frozen=True)
class Letter:
    number: Figure[str]
    client: Figure[str]
    contractor: Figure[str]
    account: Figure[str]
    availability: Figure[Decimal]
    unsupplied: Figure[str]
    minutes: Figure[int]
    money: Money
    outages: tuple[OutageRow, ...]
    kinds: tuple[KindRow, ...]
    attachments: tuple[Attachment, ...]
    draft: bool = True


def fact(name: str, value: object, text: str = "", line: int = 1) -> Figure[object]:
    return Figure(name, value, text or str(value), Line("contract.yaml", line, 3))


def yuan(name: str, amount: str, line: int = 1) -> Figure[object]:
    return fact(name, Decimal(amount), format_yuan(Decimal(amount)), line)


def an_outage(index: int) -> OutageRow:
    def cell(name: str, value: object, column: str) -> Figure[object]:
        return Figure(
            name, value, f"{value}", Cell("operations/Q2.xlsx", "中断", f"{column}{index}")
        )

    started = datetime(2026, 7, 30, 8, 15) + timedelta(hours=31 * index)
    return OutageRow(
        cell("编号", f"ZD-{index:03}", "A"),
        replace(cell("开始时间", started, "B"), text=started.strftime("%Y-%m-%d %H:%M")),
        cell("时长", (index * 7) % 40, "C"),
        cell("受影响主机数", index % 3, "D"),
        f"第{index}号机柜电源",
    )


def a_letter(outages: int = 6) -> Letter:
    split = split_gross(Decimal("1957783.48"), Decimal("0.06"))
    rows = tuple(an_outage(index) for index in range(1, outages + 1))
    minutes = sum(row.minutes.value for row in rows)
    added = Derivation("各次中断时长相加", "第三条第3款", tuple(row.minutes for row in rows))
    kinds = (("云主机", 0, 0), ("存储", 3, 0), ("带宽", 0, 0), ("内存", 0, 2), ("地址", 0, 0))
    return Letter(
        number=fact("合同号", CONTRACT),
        client=fact("单位全称", "北京市药品监督管理局"),
        contractor=fact("单位全称", "首信云技术有限公司"),
        account=fact("账号", ACCOUNT, line=31),
        availability=fact("可用性", Decimal("99.9621"), "99.9621%"),
        unsupplied=fact("发票号码", None, "【待补】"),
        minutes=Figure("中断时长", minutes, str(minutes), added),
        money=Money(
            yuan("合同总额", "4894458.72"),
            yuan("已付金额", "0"),
            yuan("本期应付", "1957783.48", 40),
            yuan("未付余额", "2936675.24"),
            fact("大写", write_capitals(Decimal("1957783.48"))),
            yuan("不含税金额", str(split.net)),
            yuan("税额", str(split.tax)),
        ),
        outages=rows,
        kinds=tuple(KindRow(k, fact("新增", a), fact("回收", r)) for k, a, r in kinds),
        attachments=(
            Attachment(fact("附件", "增值税普通发票"), fact("份数", 1)),
            Attachment(fact("附件", "季度报告"), fact("份数", 4)),
        ),
    )


LETTER = a_letter()


def written(letter: Letter = LETTER) -> Document:
    """Return the document that prints the letter."""
    document, money = docx.Document(), letter.money
    document.sections[0].header.paragraphs[0].text = f"合同号 {letter.number}"
    document.add_heading("一、付款申请", 1)
    document.add_paragraph(f"{letter.client}：")
    document.add_paragraph(
        f"依据合同（{letter.number}），{letter.contractor}申请支付首期款人民币{money.words}"
        f"（￥{money.now}），其中不含税金额{money.net}元，税额{money.tax}元，价税合计{money.now}元。"
    )
    table(
        document,
        ["项目", "金额（元）"],
        *([f.name, f.text] for f in (money.total, money.paid, money.now, money.rest)),
        ["大写", f"人民币{money.words}"],
    )
    document.add_paragraph(f"账号：{letter.account}。发票号码：{letter.unsupplied}。")
    document.add_paragraph("附件：")
    for attachment in letter.attachments:
        document.add_paragraph(f"{attachment.title}，{attachment.copies}份")
    document.add_heading("二、服务质量", 1)
    document.add_paragraph(f"本季度可用性 {letter.availability}。")
    table(
        document,
        ["序号", "编号", "开始时间", "时长（分钟）", "受影响主机数", "原因"],
        *(
            [str(n), r.number.text, r.started.text, r.minutes.text, r.hosts.text, r.cause]
            for n, r in enumerate(letter.outages, start=1)
        ),
        ["合计", "", "", letter.minutes.text, "", ""],
    )
    table(
        document,
        ["资源", "新增（个）", "回收（个）"],
        *([row.kind, row.added.text, row.released.text] for row in letter.kinds),
    )
    seal = document.add_paragraph("首信云技术有限公司（盖章处）")
    bookmark(seal, "seal_anchor")
    return document


def table(document: Document, *rows: list[str]) -> None:
    made = document.add_table(len(rows), len(rows[0]))
    for cells, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph()  # LibreOffice makes one table of two that touch


def bookmark(paragraph: Paragraph, name: str, number: str = "7") -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        element = OxmlElement(tag)
        element.set(qn("w:id"), number)
        element.set(qn("w:name"), name)
        paragraph._p.append(element)


def saved(document: Document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if "theme" not in name}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def serious(document: Document, letter: Letter = LETTER) -> list[Finding]:
    """Return what is found in a document but for the gap that the letter has."""
    return [found for found in prove(saved(document), letter) if found.severity != Severity.GAP]


def codes(document: Document) -> set[str]:
    return {found.code for found in serious(document)}


def put(document: Document, old: str, new: str, which: int = 0) -> None:
    """Replace a text in one of the paragraphs (and cells) that have it."""
    body = document.element.body
    texts = [node for node in body.iter(qn("w:t")) if old in (node.text or "")]
    texts[which].text = texts[which].text.replace(old, new, 1)


def rows_of(document: Document, table: int) -> Table:
    return document.tables[table]


def swap(one: object, other: object) -> None:
    first, second = one._element, other._element  # type: ignore[attr-defined]
    marker = OxmlElement("w:p")
    first.addprevious(marker)
    second.addprevious(first)
    marker.addprevious(second)
    marker.getparent().remove(marker)


def test_an_untouched_document_has_no_fault() -> None:
    found = prove(saved(written()), LETTER)
    assert [(finding.code, finding.severity) for finding in found] == [("gap", Severity.GAP)]


def test_an_edit_of_the_prose_is_no_fault() -> None:
    document = written()
    put(document, "首期款", "合同首期款项")
    put(document, "第2号机柜电源", "第二号机柜的电源模块")
    document.add_paragraph("以上情况，特此说明。")
    assert serious(document) == []


def test_a_changed_digit_in_a_table_is_shown_with_its_cell_and_source() -> None:
    document = written()
    put(document, "ZD-003", "ZD-008")
    (found,) = serious(document)
    assert str(found) == (
        "二、服务质量 › table 2, row 4, column 2: error[figure-changed] "
        "编号 is ZD-003, the document has ZD-008 (operations/Q2.xlsx[中断]!A3)"
    )
    assert (found.expected, found.found, found.key) == ("ZD-003", "ZD-008", "outages[2].number")


def test_a_changed_digit_in_prose_is_shown_with_its_sentence() -> None:
    document = written()
    put(document, "99.9621%", "99.9631%")
    (found,) = serious(document)
    assert found.code == "figure-missing"
    assert str(found.where) == "二、服务质量 › “本季度可用性 99.9631%。”"
    assert found.sources == (Line("contract.yaml", 1, 3),)


def test_every_digit_of_every_figure_matters() -> None:
    """Changes each digit in the body that a figure printed; none may pass."""
    parts = unpacked(saved(written()))
    body = etree.fromstring(parts["word/document.xml"])
    own = re.compile(r"号机柜|^\d$|^[一二]、")  # causes, running numbers: no figures
    undetected = []
    for node in body.iter(qn("w:t")):
        text = str(node.text)
        for digit in () if own.search(text) else re.finditer(r"\d", text):
            other = str((int(digit[0]) + 1) % 10)
            node.text = text[: digit.start()] + other + text[digit.end() :]
            parts["word/document.xml"] = etree.tostring(body)
            if {found.severity for found in prove(packed(parts), LETTER)} == {Severity.GAP}:
                undetected.append((text, node.text))
        node.text = text
    assert undetected == []


def test_a_total_is_traced_to_all_it_was_added_from() -> None:
    document = written()
    last = rows_of(document, 1).rows[-1].cells[3]
    last.text = str(LETTER.minutes.value + 1)
    found = {finding.code: finding for finding in serious(document)}
    assert set(found) == {"figure-missing", "total-differs"}
    assert found["figure-missing"].sources == tuple(row.minutes.origin for row in LETTER.outages)
    assert str(found["total-differs"].message) == (
        "时长（分钟）: 合计 is 108, the rows add up to 107 (1 too much)"
    )


def test_swapped_rows_are_found() -> None:
    document = written()
    rows = rows_of(document, 1).rows
    swap(rows[2], rows[4])
    assert codes(document) == {"row-moved"}


def test_a_row_moved_to_the_end_is_found() -> None:
    document = written()
    rows = rows_of(document, 1).rows
    rows[-2]._tr.addnext(rows[1]._tr)
    (found,) = serious(document)
    assert (found.code, found.key) == ("row-moved", "outages[0].number")


@pytest.mark.parametrize("row", [1, 3, 6])
def test_a_deleted_row_is_found(row: int) -> None:
    document = written()
    doomed = rows_of(document, 1).rows[row]._tr
    doomed.getparent().remove(doomed)
    assert codes(document) == {"row-missing", "total-differs"}


@pytest.mark.parametrize("row", [1, 3, 6])
def test_a_repeated_row_is_found(row: int) -> None:
    from copy import deepcopy

    document = written()
    twice = rows_of(document, 1).rows[row]._tr
    twice.addnext(deepcopy(twice))
    assert codes(document) == {"row-extra", "total-differs"}


@pytest.mark.parametrize("row", [2, 5])
def test_an_invented_row_is_found(row: int) -> None:
    document = written()
    table = rows_of(document, 2)
    table.rows[row]._tr.addnext(table.add_row()._tr)
    for cell, text in zip(table.rows[row + 1].cells, ("数据库", "8", "9"), strict=True):
        cell.text = text
    assert codes(document) == {"row-extra"}


def test_a_deleted_cell_is_found() -> None:
    document = written()
    doomed = rows_of(document, 1).rows[2].cells[3]._tc
    doomed.getparent().remove(doomed)
    found = serious(document)
    assert "figure-changed" in {finding.code for finding in found}
    assert "outages[1].minutes" in {finding.key for finding in found}


def test_cells_swapped_within_a_row_are_found_by_the_other_rows_and_the_header() -> None:
    document = written()
    cells = rows_of(document, 2).rows[2].cells
    cells[1].text, cells[2].text = cells[2].text, cells[1].text
    assert {finding.key for finding in serious(document)} >= {"kinds[1].added"}


def test_a_zero_changed_among_zeros_is_found_in_its_cell() -> None:
    document = written()
    rows_of(document, 2).rows[1].cells[2].text = "1"
    (found,) = serious(document)
    assert (found.key, str(found.where)) == (
        "kinds[0].released",
        "二、服务质量 › table 3, row 2, column 3",
    )


def test_a_list_in_prose_keeps_its_figures_and_order() -> None:
    document = written()
    put(document, "季度报告，4份", "季度报告，3份")
    assert codes(document) == {"figure-missing"}
    document = written()
    first = next(p for p in document.paragraphs if p.text.startswith("增值税"))
    second = next(p for p in document.paragraphs if p.text.startswith("季度"))
    swap(first, second)
    assert codes(document) == {"order-changed"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("柒佰捌拾叁元", "柒佰捌拾贰元", "words-differ"),
        ("柒佰捌拾叁元", "柒佰捌拾叁", "words-unreadable"),
        ("柒佰捌拾叁元", "柒佰八拾叁元", "words-unreadable"),
    ],
)
@pytest.mark.parametrize("which", [0, 1])
def test_words_against_figures(old: str, new: str, code: str, which: int) -> None:
    document = written()
    put(document, old, new, which)
    assert code in codes(document)


def test_net_and_tax_off_by_a_fen_in_a_sentence() -> None:
    document = written()
    put(document, "税额110,817.93", "税额110,817.94")
    found = {finding.code: finding for finding in serious(document)}
    assert str(found["tax-differs"].message) == (
        "net 1,846,965.55 and tax 110,817.94 make 1,957,783.49, the gross amount is 1,957,783.48"
    )


def test_net_and_tax_off_by_a_fen_in_tables_and_lists() -> None:
    document = written()
    header = ["期次", "不含税金额（元）", "税率", "税额（元）", "价税合计（元）"]
    table(document, header, ["1", "1,846,965.55", "6%", "110,817.93", "1,957,783.49"])
    table(document, ["不含税金额", "1.00"], ["税额", "0.06"], ["价税合计", "1.07"])
    for line in ("不含税金额：1.00元", "税额：0.06元", "价税合计：1.07元"):
        document.add_paragraph(line)
    assert [f.code for f in serious(document)].count("tax-differs") == 3


def test_what_was_paid_is_asked_and_remains_makes_the_contract_sum() -> None:
    document = written()
    rows_of(document, 0).rows[4].cells[1].text = "2,936,675.23"
    found = {finding.code: finding for finding in serious(document)}
    assert str(found["payment-differs"].message) == (
        "paid 0.00, now 1,957,783.48 and remaining 2,936,675.23 make 4,894,458.71, "
        "the contract sum is 4,894,458.72"
    )


def test_what_was_deducted_of_other_instalments_is_a_part_of_the_contract_sum_too() -> None:
    parts = ["合同总额", "10.00"], ["此前已付", "1.00"], ["本期应付", "3.00"], ["未付余额", "4.00"]
    document = written()
    table(document, ["项目", "金额"], *parts, ["其他各期扣减", "2.00"])
    assert "payment-differs" not in codes(document)
    document = written()
    table(document, ["项目", "金额"], *parts)
    assert "payment-differs" in codes(document)


def test_deductions_make_the_difference_between_due_and_payable() -> None:
    document = written()
    rows = (["本期应付", "100.00"], ["扣减金额", "10.00"], ["本期实付", "91.00"])
    table(document, ["项目", "金额"], *rows)
    assert "payment-differs" in codes(document)


def test_subtotals_and_totals_are_added_by_level() -> None:
    rows = [
        ["区域", "数量", "使用率"],
        ["甲", "1,000", "10%"],
        ["乙", "2", "20%"],
        ["小计", "1,002", "15%"],
        ["丙", "—", "30%"],
        ["丁", "5", "40%"],
        ["小计", "5", "35%"],
        ["合计", "1,007", "25%"],
    ]
    document = written()
    table(document, *rows)
    assert serious(document) == []
    for row, wrong in ((3, "1,003"), (6, "6"), (7, "1,006")):
        document = written()
        changed = [list(texts) for texts in rows]
        changed[row][1] = wrong
        table(document, *changed)
        assert [found.code for found in serious(document)] == ["total-differs"]


@pytest.mark.parametrize(
    "rows",
    [
        [["级别", "1月", "2月"], ["紧急", "3", "4"], ["合计", "3", "4"]],
        [["项", "平均时长"], ["甲", "3"], ["乙", "5"], ["合计", "4"]],
        [["合计", "8"], ["甲", "3"], ["乙", "5"]],
        [["项", "数量"], ["合计", "8"], ["甲", "3"], ["乙", "5"]],
        [["项", "数量"], ["甲", "8"], ["其中：子项", "5"], ["合计", "8"]],
        [["项", "数量"], ["甲", "不详"], ["乙", "5"], ["合计", "9"]],
        [["项", "时长"], ["甲", "3分钟"], ["乙", "5小时"], ["合计", "303分钟"]],
    ],
)
def test_what_is_no_sum_is_not_added_up(rows: list[list[str]]) -> None:
    document = written()
    table(document, *rows)
    assert serious(document) == []


def test_an_amount_that_the_data_do_not_have_is_a_doubt() -> None:
    document = written()
    document.add_paragraph("另付￥5,000元。")
    (found,) = serious(document)
    assert (found.code, found.severity, found.found) == (
        "amount-unknown",
        Severity.WARNING,
        "￥5,000",
    )


@pytest.mark.parametrize("text", ["2026年7月30日", "2026-07-30", "2027年2月30日"])
def test_a_date_that_the_data_do_not_have_is_a_doubt(text: str) -> None:
    document = written()
    document.add_paragraph(f"于{text}完成；合同于2026年8月1日及2026-08-01 22:15变更")
    (found,) = serious(document)
    assert (found.code, found.severity, found.found) == ("date-unknown", Severity.WARNING, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("账号：11050192360000000767", "account-number"),
        ("账号：1105 0192 3600 0000 0767", "account-number"),
        ("合同号SXYSR202604125", "contract-number"),
        ("合同号SXYSR202604125-BM-S001", "contract-number"),
        ("乙方首信云科技有限公司", "party-name"),
        ("北京市药品监督局", "party-name"),
        ("致北京药品监督管理局：", "party-name"),
    ],
)
def test_another_identity_is_found(text: str, code: str) -> None:
    document = written()
    document.add_paragraph(text)
    (found,) = serious(document)
    assert found.code == code


@pytest.mark.parametrize(
    "text",
    [
        "账号 1105 0192 3600 0000 0776",
        "国家药品监督管理局、首信云（简称）、中国建设银行股份有限公司",
        "SXYSR202604152-BM-S001",
        "2026年7月、2024年修订，GB/T 20986-2023，中网办发文〔2014〕14号",
    ],
)
def test_other_numbers_and_names_are_left_alone(text: str) -> None:
    document = written()
    document.add_paragraph(text)
    assert serious(document) == []


@pytest.mark.parametrize("text", ["{{ client }}", "{% if draft %}", "{# 备注 #}", "%}"])
def test_a_tag_left_over_is_found(text: str) -> None:
    document = written()
    document.add_paragraph(f"余{text}额")
    assert codes(document) == {"template-tag"}


@pytest.mark.parametrize("text", ["None", "Figure(name=", "Decimal('1')", "Undefined"])
def test_a_trace_of_the_program_is_found(text: str) -> None:
    document = written()
    document.add_paragraph(f"余额{text}元")
    assert "program-text" in codes(document)


def test_text_from_data_may_look_like_a_tag() -> None:
    letter = replace(LETTER, unsupplied=fact("备注", "{{ 7*7 }} None"))
    assert serious(written(letter), letter) == []


def test_the_seal_needs_its_words() -> None:
    document = written()
    put(document, "（盖章处）", "（公章）")
    assert codes(document) == {"seal-anchor"}


def test_only_what_a_document_prints_is_asked_of_it() -> None:
    document = written()
    table = rows_of(document, 2)._tbl
    table.getparent().remove(table)
    put(document, "99.9621%", "正常")
    printed = {leaf.key for leaf in leaves_of(LETTER).figures}
    assert codes(document) >= {"figure-missing"}
    less = {key for key in printed if not key.startswith(("kinds", "availability"))}
    assert {found.code for found in prove(saved(document), LETTER, less)} == {"gap"}


def test_a_slip_in_one_of_two_printings_is_found_if_both_are_known() -> None:
    printed = Counter(leaf.key for leaf in leaves_of(LETTER).figures)
    printed.update(["number", "money.now", "money.now", "money.words"])
    assert {found.code for found in prove(saved(written()), LETTER, printed)} == {"gap"}
    for old, new in (("783.48", "783.49"), ("捌分", "玖分"), (CONTRACT, "SXYSR202604153")):
        for which in (0, 1) if old != CONTRACT else (0,):
            document = written()
            put(document, old, new, which)
            found = {one.code for one in prove(saved(document), LETTER, printed)}
            assert "figure-missing" in found


def test_tracked_changes_are_read_as_accepted_and_reported() -> None:
    document = written()
    run = document.paragraphs[1].runs[0]._r
    inserted = OxmlElement("w:ins")
    run.addprevious(inserted)
    inserted.append(run)
    (found,) = serious(document)
    assert (found.code, found.severity) == ("tracked-changes", Severity.WARNING)


def controls_with_one_id(document: Document) -> None:
    for _ in range(2):
        document.element.body.insert(0, docx.oxml.parse_xml(
            f'<w:sdt xmlns:w="{docx.oxml.ns.nsmap["w"]}"><w:sdtPr><w:id w:val="5"/></w:sdtPr>'
            "<w:sdtContent><w:p/></w:sdtContent></w:sdt>"
        ))  # fmt: skip


def a_cell_without_paragraph(document: Document) -> None:
    cell = document.tables[0].rows[0].cells[0]._tc
    for paragraph in list(cell.iter(qn("w:p"))):
        cell.remove(paragraph)


def an_unknown_style(document: Document) -> None:
    document.paragraphs[0]._p.pPr.pStyle.val = "Heading99"


def bookmarks_with_one_id(document: Document) -> None:
    bookmark(document.paragraphs[0], "another")


def bookmarks_with_one_name(document: Document) -> None:
    bookmark(document.paragraphs[-1], "seal_anchor", "8")


def drawings_with_one_id(document: Document) -> None:
    from docx.shared import Mm

    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da"
        "63f8cfc0f01f0005000201fe0f0b6d0000000049454e44ae426082"
    )
    for _ in range(2):
        document.add_picture(BytesIO(dot), Mm(1))
    for drawing in document.element.body.iter(qn("wp:docPr")):
        drawing.set("id", "1")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (controls_with_one_id, "sdt-id"),
        (a_cell_without_paragraph, "cell-end"),
        (an_unknown_style, "style-unknown"),
        (bookmarks_with_one_id, "bookmark-id"),
        (bookmarks_with_one_name, "bookmark-name"),
        (drawings_with_one_id, "drawing-id"),
    ],
)
def test_structure_that_word_does_not_forgive(
    damage: Callable[[Document], None], code: str
) -> None:
    document = written()
    damage(document)
    assert code in codes(document)


CHART = """<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">
<c:ser><c:tx><c:strRef><c:f>数据!$B$1</c:f><c:strCache><c:pt idx="0"><c:v>可用性</c:v></c:pt>
</c:strCache></c:strRef></c:tx><c:val><c:numRef><c:f>数据!$B$2:$B$4</c:f><c:numCache>
<c:pt idx="0"><c:v>99.97</c:v></c:pt><c:pt idx="2"><c:v>99.9</c:v></c:pt></c:numCache></c:numRef>
</c:val></c:ser></c:chartSpace>"""
LINK = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="../embeddings/chart1.xlsx"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"/></Relationships>"""


def with_chart(chart: str, embedded: bytes) -> bytes:
    parts = unpacked(saved(written()))
    parts["word/charts/chart1.xml"] = chart.encode()
    parts["word/charts/_rels/chart1.xml.rels"] = LINK.encode()
    parts["word/embeddings/chart1.xlsx"] = embedded
    return packed(parts)


def behind_chart() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "数据"
    for row in (["", "可用性"], ["7月", 99.97], ["8月", None], ["9月", 99.90]):
        sheet.append(row)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_a_chart_shows_what_its_workbook_holds() -> None:
    book = behind_chart()
    assert [found.code for found in prove(with_chart(CHART, book), LETTER)] == ["gap"]
    for old, new, held in (("99.97", "99.99", "99.97"), ("可用性", "可靠性", "可用性")):
        found = prove(with_chart(CHART.replace(old, new), book), LETTER)
        assert [(one.code, one.expected, one.found) for one in found[:-1]] == [
            ("chart-data", held, new)
        ]
    for damaged in (b"", book[:2000]):
        assert prove(with_chart(CHART, damaged), LETTER)[0].code == "chart-data"


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", saved(written())[:5000]])
def test_a_file_that_cannot_be_read_is_a_finding(data: bytes) -> None:
    assert [found.code for found in prove(data, LETTER)] == ["unreadable"]


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    assert [found.code for found in prove(tmp_path / "gone.docx", LETTER)] == ["unreadable"]


def resaved(document: Document, folder: Path) -> Path:
    """Return the document as LibreOffice saves it."""
    source, target = folder / "made.docx", folder / "saved" / "made.docx"
    document.save(str(source))
    soffice = office.program("soffice", "apt install libreoffice-writer-nogui")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, "--headless", "--norestore", profile, "--convert-to", "docx"]
    command += ["--outdir", str(target.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert target.exists()
    return target


def test_all_of_it_holds_after_libreoffice_saved_the_file(tmp_path: Path) -> None:
    (tmp_path / "untouched").mkdir()
    found = prove(resaved(written(), tmp_path / "untouched"), LETTER)
    assert [finding.code for finding in found] == ["gap"]
    document = written()
    put(document, "ZD-003", "ZD-008")
    put(document, "柒佰捌拾叁元", "柒佰捌拾贰元", 1)
    put(document, "税额110,817.93", "税额110,817.94")
    put(document, ACCOUNT, "11050192360000000767")
    rows = rows_of(document, 2).rows
    swap(rows[2], rows[4])
    found = prove(resaved(document, tmp_path), LETTER)
    assert {finding.code for finding in found} >= {
        "figure-changed",
        "words-differ",
        "tax-differs",
        "account-number",
        "row-moved",
    }


def test_a_long_report_is_proved_in_well_under_a_second() -> None:
    letter = a_letter(300)
    data = saved(written(letter))
    start = process_time()
    found = prove(data, letter)
    assert process_time() - start < 1
    assert [finding.code for finding in found] == ["gap"]


def test_every_rule_is_described() -> None:
    assert len(set(RULES)) == len(RULES)
    assert all(rule.__doc__ and rule.__doc__.startswith("Find") for rule in RULES)
