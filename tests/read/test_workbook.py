"""A workbook becomes a record whatever the order of its columns and the form of its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import builders
import pytest
from old_excel import old_excel
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.model.ledger_sheets import Ledger
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.workbook import read_workbook
from deliverables.values.figure import Cell
from deliverables.values.problem import Problem

FIRST_INVOICE = {
    "期次": 1,
    "发票号码": "26112000000012345678",
    "开票日期": date(2026, 6, 1),
    "发票种类": "普通发票",
    "不含税金额": 94.34,
    "税率": "6%",
    "税额": 5.66,
    "价税合计": "100.00",
}


def saved(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(book: Workbook | bytes, kind: Any = Operations) -> tuple[Any, list[str]]:
    problems: list[Problem] = []
    data = book if isinstance(book, bytes) else saved(book)
    found = read_workbook("Q1.xlsx", data, kind, problems)
    return found, [str(problem) for problem in problems]


def quarter(**rows: Any) -> Workbook:
    return builders.workbook(Operations, builders.QUARTER_COVER, {**_SOUND, **rows})


_SOUND = {"中断": [builders.FIRST_OUTAGE], "资源台账": [builders.FIRST_STOCK]}


def outage(**changed: Any) -> Mapping[str, Any]:
    return {**builders.FIRST_OUTAGE, **changed}


def only_outage(**changed: Any) -> Any:
    found, problems = read(quarter(中断=[outage(**changed)]))
    assert not problems
    return found.outages[0]


@pytest.mark.parametrize(
    "name",
    ["阿卜杜拉·买买提", "𠮷", '& < > " / \\', "{{ 7*7 }}", "=1+1", "很长的名字" * 300, "两\n行"],
)
def test_text_survives_from_cell_to_model(name: str) -> None:
    book = builders.workbook(Roster, {"示例数据": "是"}, {"人员名册": [builders.FIRST_PERSON]})
    cell = book["人员名册"]["B3"]
    cell.value = name
    cell.data_type = "s"
    found, problems = read(book, Roster)
    assert not problems
    assert found.members[0].name == name
    assert found.members[0].identity_number == "999999199001010016"


@pytest.mark.parametrize(
    "started",
    [datetime(2026, 5, 6, 23, 50), "2026-05-06 23:50", "2026/5/6 23:50:00", "2026年5月6日 23:50",
     "2026年5月6日23时50分", 46148 + 23.8334 / 24],
)  # fmt: skip
def test_a_moment_may_be_written_in_many_ways(started: Any) -> None:
    assert only_outage(开始时间=started).started == datetime(2026, 5, 6, 23, 50)


def test_a_moment_at_midnight_is_a_moment() -> None:
    assert only_outage(恢复时间=datetime(2026, 5, 8)).ended == datetime(2026, 5, 8)


@pytest.mark.parametrize(
    "issued", [date(2026, 6, 1), "2026-06-01", "2026年6月1日", "2026.6.1", 46174, "2026/06/01"]
)
def test_a_day_may_be_written_in_many_ways(issued: Any) -> None:
    book = builders.workbook(
        Ledger, {"示例数据": "否"}, {"发票": [{**FIRST_INVOICE, "开票日期": issued}]}
    )
    found, problems = read(book, Ledger)
    assert not problems
    assert found.invoices[0].issued == date(2026, 6, 1)
    assert found.invoices[0].number == "26112000000012345678"
    assert found.invoices[0].net == Decimal("94.34")
    assert found.invoices[0].rate == Decimal("0.06")


@pytest.mark.parametrize("written", [10, 10.0, "10", " 10 "])
def test_a_number_may_be_written_as_text(written: Any) -> None:
    assert only_outage(受影响主机数=written).affected_hosts == 10


def test_a_computed_number_is_what_excel_shows() -> None:
    stock = {**builders.FIRST_STOCK, "期初": 0.1 + 0.2}
    found, _ = read(quarter(资源台账=[stock]))
    assert found.resources[0].opening == Decimal("0.3")


@pytest.mark.parametrize("written", [99.95, "99.95", "99.95%"])
def test_a_percentage_may_be_a_number_or_carry_its_sign(written: Any) -> None:
    row = ["2026-05", "审批", "db", 8, 32, 500, written, 99.99, 50, 60, 91, "监控"]
    book = quarter()
    book["资源使用"].append(row)
    found, problems = read(book)
    assert not problems
    assert found.usage[0].cpu_average == Decimal("99.95")
    assert found.usage[0].month == date(2026, 5, 1)


def test_an_empty_optional_cell_is_none_or_no_text() -> None:
    found = only_outage(受影响主机数=None, 不计入理由="  ")
    assert found.affected_hosts is None
    assert found.exclusion == ""


def test_columns_are_found_by_their_headers_in_any_order() -> None:
    book = quarter()
    reverse_columns(book["中断"])
    found, problems = read(book)
    assert not problems
    assert found.outages[0].number == "ZD-01"
    assert found.outages[0].place("number") == Cell("Q1.xlsx", "中断", "N3")


@pytest.mark.parametrize("header", [" 恢复 时间 ", "恢复时间（必填）", "恢复\n时间", "恢复时间*"])
def test_spaces_and_remarks_in_a_header_do_not_matter(header: str) -> None:
    book = quarter()
    book["中断"]["C1"].value = header
    found, problems = read(book)
    assert not problems
    assert found.outages[0].ended == datetime(2026, 5, 7, 0, 20)


def test_full_width_headers_and_sheet_names_are_known() -> None:
    book = quarter()
    book["资源使用"]["D1"].value = "ｖＣＰＵ"
    book["IP地址"].title = "ＩＰ地址 "
    _, problems = read(book)
    assert not problems


def test_without_a_row_of_units_the_data_start_in_row_2() -> None:
    book = quarter()
    book["中断"].delete_rows(2)
    found, problems = read(book)
    assert not problems
    assert found.outages[0].place("number") == Cell("Q1.xlsx", "中断", "A2")


def test_blank_rows_and_notes_are_passed_over() -> None:
    book = quarter()
    sheet = book["中断"]
    sheet["A4"].value = "  "
    sheet["A6"].value = "ZD-02"
    for column, cell in enumerate(sheet[3], 1):
        if column > 1:
            sheet.cell(6, column).value = cell.value
    sheet["A8"].value = "注：本表由监控平台导出。"
    sheet.merge_cells("A8:L9")
    found, problems = read(book)
    assert not problems
    assert [row.number for row in found.outages] == ["ZD-01", "ZD-02"]
    assert found.outages[1].place("") == Cell("Q1.xlsx", "中断", "A6")


def test_a_sheet_without_rows_is_an_empty_subject() -> None:
    found, problems = read(quarter(中断=[]))
    assert not problems
    assert found.outages == ()
    assert found.sheet_places["outages"] == Cell("Q1.xlsx", "中断")


def test_paragraphs_belong_to_their_chapters_and_may_repeat() -> None:
    book = quarter()
    book["说明"].append(["正文:服务质量", "第一段。\n\n第二段。"])
    book["说明"].append(["正文：服务质量", "第三段。"])
    found, problems = read(book)
    assert not problems
    texts = [(paragraph.chapter, paragraph.text) for paragraph in found.narrative]
    assert texts == [
        ("概述", "本季度平台运行平稳。"),
        ("服务质量", "第一段。"),
        ("服务质量", "第二段。"),
        ("服务质量", "第三段。"),
    ]
    assert found.narrative[-1].source == Cell("Q1.xlsx", "说明", "B11")


def test_the_cover_knows_its_cells() -> None:
    found, _ = read(quarter())
    assert found.cover.first_day == date(2026, 4, 30)
    assert found.cover.place("first_day") == Cell("Q1.xlsx", "说明", "B3")
    assert found.cover.sample is False


def test_an_old_excel_file_is_read_by_its_content() -> None:
    found, problems = read(old_excel(quarter()))
    assert found.outages[0].started == datetime(2026, 5, 6, 23, 50)
    assert [problem.split("]")[0] for problem in problems] == ["Q1.xlsx: warning[workbook-format"]


def test_an_open_document_sheet_is_read_by_its_content() -> None:
    book = builders.workbook(Roster, {"示例数据": "是"}, {"人员名册": [builders.FIRST_PERSON]})
    found, problems = read(open_document(book), Roster)
    assert found.members[0].name == "阿卜杜拉·买买提"
    assert found.members[0].joined == date(2026, 4, 30)
    assert [problem.split("]")[0] for problem in problems] == ["Q1.xlsx: warning[workbook-format"]


def test_a_formula_with_a_kept_value_is_a_value() -> None:
    book = quarter()
    book["资源台账"]["H3"].value = "=E3+F3-G3"
    data = rewritten(saved(book), lambda xml: xml.replace(b"</f><v></v>", b"</f><v>10</v>"))
    found, problems = read(data)
    assert not problems
    assert found.resources[0].closing == 10


def test_a_formula_that_gives_no_text_is_an_empty_cell() -> None:
    book = quarter()
    book["资源台账"]["C3"].value = '=""'
    data = rewritten(
        saved(book),
        lambda xml: xml.replace(b'<c r="C3"><f>', b'<c r="C3" t="str"><f>'),
    )
    found, problems = read(data)
    assert not problems
    assert found.resources[0].specification == ""


def test_a_missing_value_in_an_optional_column_is_noticed_too() -> None:
    book = quarter()
    book["资源台账"]["I3"].value = "=H3"
    found, problems = read(book)
    assert found is None
    assert ["Q1.xlsx[资源台账]!I3: error[formula-uncached" in problem for problem in problems] == [
        True
    ]


def test_an_identity_number_in_a_wrong_column_is_not_repeated() -> None:
    person = {**builders.FIRST_PERSON, "进入项目日期": "999999 19900101 0016"}
    book = builders.workbook(Roster, {"示例数据": "是"}, {"人员名册": [person]})
    _, problems = read(book, Roster)
    assert len(problems) == 1
    assert "1990" not in problems[0]


@pytest.mark.parametrize("length", [0, 1, 4, 100, 3000, 9000])
def test_half_a_file_is_a_problem_and_no_exception(length: int) -> None:
    found, problems = read(saved(quarter())[:length])
    assert found is None
    assert len(problems) == 1


def test_a_lone_cell_far_away_is_refused_where_no_extent_is_stated() -> None:
    book = quarter()
    book["中断"]["XFD1048576"].value = "x"
    data = rewritten(saved(book), lambda xml: xml.replace(b"<dimension", b"<unknown"))
    found, problems = read(data)
    assert found is None
    assert ["sheet-too-large" in problem for problem in problems] == [True]


def test_formatting_down_to_the_last_row_is_no_content() -> None:
    book = quarter()
    book["中断"]["P1048576"].number_format = "@"
    found, problems = read(book)
    assert not problems
    assert len(found.outages) == 1


def test_a_row_of_totals_is_noticed_wherever_its_column_stands() -> None:
    book = quarter()
    book["资源台账"].append([" 合计 ", "存储", None, "GB", 8, 2, 0, 10])
    reverse_columns(book["资源台账"])
    _, problems = read(book)
    assert ["[资源台账]!A4: error[row-total]" in problem for problem in problems] == [True]


def reverse_columns(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        values = [cell.value for cell in row]
        for cell, value in zip(row, reversed(values), strict=True):
            cell.value = value


def rewritten(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return the package with every worksheet's XML changed."""
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if "worksheets/" in name else content)
    return buffer.getvalue()


def open_document(book: Workbook) -> bytes:
    """Return the texts, days and moments of the workbook as an .ods file."""
    kinds = "".join(
        f'<table:table table:name="{sheet.title}">'
        + "".join(
            "<table:table-row>" + "".join(map(_open_cell, row)) + "</table:table-row>"
            for row in sheet.iter_rows(values_only=True)
        )
        + "</table:table>"
        for sheet in book.worksheets
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0">'
        f"<office:body><office:spreadsheet>{kinds}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


def _open_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        )
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )
