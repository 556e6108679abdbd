"""A workbook is written by its declarations, is the same every time, and holds text as text."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.model.fields import Row, declarations, sheets
from deliverables.model.ledger_sheets import Invoice, Ledger, LedgerCover
from deliverables.model.operations_sheets import (
    CHAPTERS,
    Cover,
    Issue,
    Operations,
    Outage,
    Resource,
)
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.read.workbook import read_workbook
from deliverables.values.period_names import Wording, names_of
from deliverables.xlsx.forms import write_blanks, write_workbook

WORKBOOKS = (Operations, Roster, Ledger)
COVER = Cover(quarter=2, first_day=date(2026, 7, 30), last_day=date(2026, 10, 29), sample=True)
OUTAGE = Outage(
    number="ZD-1",
    started=datetime(2026, 8, 19, 9, 12),
    ended=datetime(2026, 8, 19, 9, 58),
    scope="互联网区出口",
    affected_hosts=42,
    cause_kind="外部",
    cause="运营商主用链路光缆中断",
    action="调整出口路由",
    work_agreed="同意函",
    evidence="故障报告",
)
MEMBER = StaffMember(
    number="S001",
    name="阿卜杜拉·买买提",
    identity_kind="居民身份证",
    identity_number="999999198905120518",
    department="运维部",
    post="工程师",
    key_staff=False,
    joined=date(2026, 4, 29),
)


def written(workbook: type, rows: dict[str, list[Row]] | None = None) -> Workbook:
    cover = COVER if workbook is Operations else None
    return load_workbook(BytesIO(write_workbook(None, workbook, cover, (), rows or {})))


@cache
def blank(workbook: type) -> Workbook:
    """Return a blank workbook to look at, opened once for all who do."""
    return written(workbook)


def values(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def column(sheet: Worksheet, label: str) -> str:
    return next(cell.column_letter for cell in sheet[1] if cell.value == label)


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_a_blank_workbook_has_every_declared_sheet_and_header(workbook: type) -> None:
    book = blank(workbook)
    row_types = sheets(workbook).values()
    assert book.sheetnames == ["填写说明", "说明", *(row_type.sheet for row_type in row_types)]
    for row_type in row_types:
        declared = declarations(row_type).values()
        sheet = book[row_type.sheet]
        assert values(sheet, 1) == [item.label for item in declared]
        assert values(sheet, 2) == [item.unit or None for item in declared]
        assert values(sheet, 1)[-1] == "数据来源"
        assert sheet.max_row == 2


def test_the_cover_has_items_hints_and_a_row_for_every_chapter() -> None:
    rows = list(blank(Operations)["说明"].values)
    assert rows[0] == ("项目", "内容", "填写说明")
    assert [row[0] for row in rows[1:8]] == [item.label for item in declarations(Cover).values()]
    assert rows[1][1:] == (2, "本合同的第几期，如 2；整数")
    assert [row[0] for row in rows[8:]] == [f"正文：{chapter}" for chapter in CHAPTERS]


def test_a_workbook_of_a_month_speaks_of_no_quarter() -> None:
    monthly = Wording(names_of(1, calendar=False), "运维月报")
    (content,) = write_blanks(Operations, [{"quarter": 2}], contract="HT-1", wording=monthly)
    with ZipFile(BytesIO(content)) as package:
        parts = {name: unescape(package.read(name).decode()) for name in package.namelist()}
    assert any("服务月" in part for part in parts.values())
    assert [name for name, part in parts.items() if "季" in part] == []


def test_paragraphs_stand_in_the_order_of_the_chapters_one_row_each() -> None:
    prose = [("安全", "甲。"), ("概述", "乙。"), ("安全", "丙。")]
    book = load_workbook(BytesIO(write_workbook(None, Operations, COVER, prose)))
    filled = [row[:2] for row in list(book["说明"].values)[8:] if row[1]]
    assert filled == [("正文：概述", "乙。"), ("正文：安全", "甲。"), ("正文：安全", "丙。")]


def test_only_a_row_with_several_lines_has_a_height_of_its_own() -> None:
    prose = [("概述", "一句话。"), ("安全", "很长的一段。" * 20)]
    book = load_workbook(BytesIO(write_workbook(None, Operations, COVER, prose)))
    heights = {row: item.height for row, item in book["说明"].row_dimensions.items() if item.height}
    assert heights == {list(CHAPTERS).index("安全") + 9: 3 * 16}


def test_what_has_no_place_is_refused_and_not_left_out() -> None:
    with pytest.raises(ValueError, match="no such chapter: 总结"):
        write_workbook(None, Operations, COVER, [("总结", "完。")])
    with pytest.raises(ValueError, match="no such sheet: outage"):
        write_workbook(None, Operations, COVER, (), {"outage": [OUTAGE]})


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no such modes")
def test_a_roster_is_for_its_owner_only(tmp_path: Path) -> None:
    write_workbook(tmp_path / "staff.xlsx", Roster, None, (), {"members": [MEMBER]})
    assert (tmp_path / "staff.xlsx").stat().st_mode & 0o777 == 0o600


def test_a_workbook_without_prose_has_no_rows_for_it() -> None:
    assert [row[0] for row in blank(Ledger)["说明"].values] == ["项目", "示例数据"]


def test_a_value_is_shown_in_the_format_of_its_type() -> None:
    resource = Resource(
        system="门户网站", kind="带宽", unit="Mb", opening=Decimal(300), added=Decimal("0.5"),
        released=Decimal(0), closing=Decimal("300.5"),
    )  # fmt: skip
    book = written(Operations, {"resources": [resource], "outages": [OUTAGE]})
    stock, outages = book["资源台账"], book["中断"]
    assert [stock[f"{column(stock, label)}3"].number_format for label in ("期初", "新增")] == [
        "#,##0",
        "#,##0.##",
    ]
    started = outages[f"{column(outages, '开始时间')}3"]
    assert (started.value, started.number_format) == (OUTAGE.started, "yyyy-mm-dd hh:mm")
    assert outages[f"{column(outages, '甲方同意作业')}3"].value == "同意函"
    assert outages[f"{column(outages, '主机总数')}3"].value is None


def test_text_stays_text_whatever_it_looks_like() -> None:
    quoted = ["=1+1", "+86 10", "-5", "@SUM(A1)", '=HYPERLINK("x")', "="]
    texts = [*quoted, "#N/A", "'quoted", "007"]
    issues: list[Row] = [Issue(number="WT-01", kind="问题", subject=text) for text in texts]
    cells = written(Operations, {"issues": issues})["问题与计划"]["C"][2:]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in texts]
    assert [cell.value for cell in cells if cell.quotePrefix] == quoted


def test_identity_and_invoice_numbers_are_text() -> None:
    sheet = written(Roster, {"members": [MEMBER]})["人员名册"]
    cell = sheet[f"{column(sheet, '证件号码')}3"]
    assert (cell.value, cell.data_type, cell.number_format) == (
        MEMBER.identity_number,
        "s",
        "@",
    )
    assert cell.quotePrefix


def test_an_empty_column_for_numbers_is_formatted_as_text_beforehand() -> None:
    sheet = blank(Ledger)["发票"]
    assert sheet.column_dimensions[column(sheet, "发票号码")].number_format == "@"


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_every_choice_has_a_drop_down_and_every_hint_is_shown(workbook: type) -> None:
    book = blank(workbook)
    for row_type in sheets(workbook).values():
        sheet = book[row_type.sheet]
        by_column = {
            str(item.sqref).split(":")[0]: item for item in sheet.data_validations.dataValidation
        }
        assert by_column["A1"].prompt == f"{row_type.purpose}。浅色表头的列可不填"
        for declaration in declarations(row_type).values():
            found = by_column[f"{column(sheet, declaration.label)}3"]
            assert declaration.hint in (found.prompt or "")
            if declaration.type.choices:
                assert (found.type, found.formula1) == (
                    "list",
                    f'"{",".join(declaration.type.choices)}"',
                )


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_every_sheet_prints_on_landscape_pages_of_one_width(workbook: type) -> None:
    book = blank(workbook)
    for sheet in book:
        repeated = {"填写说明": None, "说明": "$1:$1"}.get(sheet.title, "$1:$2")
        assert sheet.print_title_rows == repeated
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title != "填写说明":
            assert sheet.freeze_panes == ("A2" if sheet.title == "说明" else "B3")


def test_a_chinese_character_is_twice_as_wide_as_a_letter() -> None:
    def width(name: str) -> float:
        sheet = written(Roster, {"members": [replace(MEMBER, name=name)]})["人员名册"]
        return sheet.column_dimensions["B"].width

    assert width("阿卜杜拉·买买提") == 2 * 7 + 2 + 3
    assert width("Abdulla Mamat") == 13 + 3
    assert width("𠮷") == 8
    assert width("很长的名字" * 40) == 48


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_the_same_inputs_give_the_same_bytes(workbook: type) -> None:
    first, second = (write_workbook(None, workbook) for _ in range(2))
    assert first == second


def test_no_part_of_the_package_tells_when_or_where_it_was_written() -> None:
    with ZipFile(BytesIO(write_workbook(None, Operations, COVER))) as package:
        entries = package.infolist()
        core = package.read("docProps/core.xml").decode()
    assert {(entry.date_time, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0)
    }
    assert entries[0].filename == "[Content_Types].xml"
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert "openpyxl" not in core


def test_it_goes_to_a_path_or_a_buffer(tmp_path: Path) -> None:
    buffer = BytesIO()
    content = write_workbook(tmp_path / "blank.xlsx", Ledger, LedgerCover(sample=True))
    write_workbook(buffer, Ledger, LedgerCover(sample=True))
    assert (tmp_path / "blank.xlsx").read_bytes() == buffer.getvalue() == content


def test_the_reader_reads_back_what_was_written() -> None:
    invoice = Invoice(
        instalment=1, number="26112000000000000001", issued=date(2026, 5, 20), type="普通发票",
        net=Decimal("1846965.55"), rate=Decimal("0.06"), tax=Decimal("110817.93"),
        gross=Decimal("1957783.48"), evidence="=不是公式",
    )  # fmt: skip
    content = write_workbook(None, Ledger, LedgerCover(sample=True), (), {"invoices": [invoice]})
    ledger = read_workbook("ledger.xlsx", content, Ledger, problems := [])
    assert not problems
    assert ledger is not None
    assert ledger.cover.sample
    assert ledger.invoices == (invoice,)
    assert [field.name for field in fields(Ledger) if getattr(ledger, field.name) == ()] == [
        "requests", "reminders", "payments", "claims", "acceptances", "deductions",
        "fiscal_approvals", "occurrences", "fulfilments", "tax_filings",
    ]  # fmt: skip


def test_blank_workbooks_of_several_covers_have_the_bytes_that_each_has_alone() -> None:
    days = [(date(2026, 4, 30), date(2026, 7, 29)), (date(2026, 7, 30), date(2026, 10, 29))]
    covers = [
        {"quarter": number, "sample": False, "first_day": first, "last_day": last}
        for number, (first, last) in enumerate(days, 1)
    ] + [{"quarter": 3, "sample": False}]
    together = list(write_blanks(Operations, covers, contract="HT-1", wording=Wording()))
    alone = [write_workbook(None, Operations, cover, contract="HT-1") for cover in covers]
    assert [sha256(one).digest() for one in together] == [sha256(one).digest() for one in alone]
