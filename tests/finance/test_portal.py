"""The tax portal's own workbook gets an invoice and loses nothing, or is refused and told why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from portal_workbook import HIDDEN, INVOICES, LINES, SHEETS, VERSION, portal_workbook

from deliverables.finance.portal import SHEETS as LAYOUT
from deliverables.finance.portal import (
    Given,
    InvoiceToWrite,
    Template,
    check,
    collisions,
    fill,
    find_templates,
    prove,
    read_template,
)
from deliverables.model.fields import Missing
from deliverables.values.figure import Line
from deliverables.values.problem import Problem

PLACE = Line("contract.yaml", 137, 9)
INVOICE = {
    "发票流水号": "HT-1-2-1",
    "发票类型": "普通发票",
    "是否含税": "是",
    "购买方名称": "示范甲方单位",
    "购买方纳税人识别号": "11999999999999990K",
    "备注": "合同号HT-1；第二期款",
}
DETAIL = {
    "发票流水号": "HT-1-2-1",
    "项目名称": "政务云基础服务费",
    "商品和服务税收编码": "3040203000000000000",
    "金额": "1468337.62",
    "税率": "0.06",
}


def given(texts: Mapping[str, str | Missing]) -> dict[str, Given]:
    return {header: Given(text, PLACE) for header, text in texts.items()}


def request(
    invoice: Mapping[str, str | Missing] | None = None,
    line: Mapping[str, str | Missing] | None = None,
) -> InvoiceToWrite:
    """The invoice above with these cells changed."""
    return InvoiceToWrite(
        invoice=given({**INVOICE, **(invoice or {})}), lines=(given({**DETAIL, **(line or {})}),)
    )


def template(path: Path) -> Template:
    reading = read_template(path)
    assert reading.template is not None, list(map(str, reading.problems))
    return reading.template


def filled(path: Path, wanted: InvoiceToWrite | None = None) -> Workbook:
    return load_workbook(BytesIO(fill(template(path), wanted or request())))


def changed(path: Path, change: Callable[[Workbook], None]) -> Path:
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{one.source}: [{one.code}] {one.message}" for one in problems]


@pytest.fixture
def download(tmp_path: Path) -> Path:
    return portal_workbook(tmp_path / "批量开票-导入开票模板.xlsx")


class TestWhatIsWritten:
    def test_the_invoice_stands_in_row_4_under_its_headers_as_text(self, download: Path) -> None:
        sheet = filled(download)[INVOICES]
        cells = {sheet.cell(3, cell.column).value: cell for cell in sheet[4] if cell.value}
        assert {header: cell.value for header, cell in cells.items()} == INVOICE
        assert {cell.data_type for cell in cells.values()} == {"s"}
        assert {cell.number_format for cell in cells.values()} == {"@"}

    def test_its_line_stands_in_the_other_sheet_under_the_same_serial(self, download: Path) -> None:
        sheet = filled(download)[LINES]
        found = {sheet.cell(3, cell.column).value: cell.value for cell in sheet[4] if cell.value}
        assert found == DETAIL

    def test_a_column_that_was_moved_is_found_by_its_header(self, download: Path) -> None:
        def swap(book: Workbook) -> None:
            sheet = book[LINES]
            for row in (2, 3):
                left, right = sheet.cell(row, 8), sheet.cell(row, 9)
                left.value, right.value = right.value, left.value

        sheet = filled(changed(download, swap))[LINES]
        assert (sheet["H4"].value, sheet["I4"].value) == ("0.06", "1468337.62")

    def test_what_looks_like_a_formula_or_markup_is_text(self, download: Path) -> None:
        note = "=1+1 & <b>备注</b> "
        cell = filled(download, request({"备注": note}))[INVOICES]["W4"]
        assert (cell.value, cell.data_type) == (note, "s")

    def test_rows_that_somebody_typed_stay_and_the_invoice_comes_below(
        self, download: Path
    ) -> None:
        def type_a_row(book: Workbook) -> None:
            book[INVOICES]["A4"], book[INVOICES]["F4"] = "MINE-1", "另一家"
            book[LINES]["A4"], book[LINES]["A5"] = "MINE-1", "MINE-1"

        book = filled(changed(download, type_a_row))
        assert [book[INVOICES][f"A{row}"].value for row in (4, 5)] == ["MINE-1", "HT-1-2-1"]
        assert [book[LINES][f"A{row}"].value for row in (4, 5, 6)] == [
            "MINE-1",
            "MINE-1",
            "HT-1-2-1",
        ]
        assert book[INVOICES]["F4"].value == "另一家"

    def test_a_second_invoice_can_be_added_to_a_filled_copy(
        self, download: Path, tmp_path: Path
    ) -> None:
        once = tmp_path / "once.xlsx"
        once.write_bytes(fill(template(download), request()))
        other = request({"发票流水号": "HT-1-3-1"}, {"发票流水号": "HT-1-3-1"})
        sheet = filled(once, other)[INVOICES]
        assert [sheet["A4"].value, sheet["A5"].value] == ["HT-1-2-1", "HT-1-3-1"]

    def test_the_same_invoice_is_not_added_twice(self, download: Path, tmp_path: Path) -> None:
        once = tmp_path / "once.xlsx"
        once.write_bytes(fill(template(download), request()))
        codes = {problem.code for problem in collisions(template(once), request())}
        assert codes == {"portal-duplicate"}

    def test_a_workbook_that_is_nearly_full_is_refused(self, download: Path) -> None:
        found = template(download)
        full = replace(found.sheets[LINES], next_row=2001)
        problems = list(collisions(replace(found, sheets={**found.sheets, LINES: full}), request()))
        assert [problem.code for problem in problems] == ["portal-rows"]


class TestNothingIsLost:
    def test_every_part_but_the_two_sheets_is_the_same_byte_for_byte(self, download: Path) -> None:
        copy = fill(template(download), request())
        with ZipFile(download) as before, ZipFile(BytesIO(copy)) as after:
            assert after.namelist() == before.namelist()
            different = [
                name for name in before.namelist() if before.read(name) != after.read(name)
            ]
        assert different == ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet5.xml"]

    def test_sheets_hidden_lists_drop_downs_names_and_version_are_all_there(
        self, download: Path
    ) -> None:
        book = filled(download)
        assert book.sheetnames == SHEETS
        assert [sheet.title for sheet in book if sheet.sheet_state == "hidden"] == HIDDEN
        assert len(book[INVOICES].data_validations.dataValidation) == 3
        assert len(book[LINES].data_validations.dataValidation) == 1
        assert set(book.defined_names) == {"北京市东城区", "北京市西城区"}
        assert book["excelVersion"]["A4"].value == VERSION
        assert {str(merged) for merged in book[INVOICES].merged_cells.ranges} == {"L2:P2", "L3:O3"}

    def test_rows_1_to_3_are_as_they_were(self, download: Path) -> None:
        before, after = load_workbook(download), filled(download)
        for name in (INVOICES, LINES):
            rows = [[cell.value for cell in row] for row in before[name]["A1:AM3"]]
            assert [[cell.value for cell in row] for row in after[name]["A1:AM3"]] == rows

    def test_the_download_itself_is_not_touched(self, download: Path) -> None:
        content = download.read_bytes()
        fill(template(download), request())
        assert download.read_bytes() == content

    def test_the_same_invoice_gives_the_same_bytes(self, download: Path) -> None:
        found = template(download)
        assert fill(found, request()) == fill(found, request())

    def test_the_copy_is_a_valid_workbook(
        self, download: Path, tmp_path: Path, validate_ooxml: Callable[[Path], None]
    ) -> None:
        copy = tmp_path / "copy.xlsx"
        copy.write_bytes(fill(template(download), request()))
        validate_ooxml(copy)

    def test_the_copy_is_proved_against_the_download(self, download: Path) -> None:
        found = template(download)
        assert list(prove(fill(found, request()), found, request())) == []

    @pytest.mark.parametrize(
        ("part", "old", "new", "what"),
        [
            ("xl/worksheets/sheet5.xml", "1468337.62", "1468337.60", "H4"),
            ("xl/worksheets/sheet1.xml", "示范甲方单位", "示范甲方", "F4"),
            (
                "xl/worksheets/sheet3.xml",
                'left="0.75"',
                'left="1"',
                "the part xl/worksheets/sheet3.xml",
            ),
            ("xl/workbook.xml", "北京市东城区", "北京市", "the part xl/workbook.xml"),
        ],
    )
    def test_a_copy_that_differs_anywhere_is_not_proved(
        self, download: Path, part: str, old: str, new: str, what: str
    ) -> None:
        found, tampered = template(download), BytesIO()
        with ZipFile(BytesIO(fill(found, request()))) as copy, ZipFile(tampered, "w") as package:
            for name in copy.namelist():
                content = copy.read(name).decode()
                assert name != part or old in content
                package.writestr(name, content.replace(old, new) if name == part else content)
        problems = list(prove(tampered.getvalue(), found, request()))
        assert {problem.code for problem in problems} == {"portal-unproved"}
        assert any(what in line for line in said(problems))


class TestRecognising:
    def test_the_layout_is_that_of_the_portal(self, download: Path) -> None:
        found = template(download)
        assert [len(columns) for columns in LAYOUT.values()] == [36, 14]
        letters = found.sheets[INVOICES].letters
        assert (letters["备注"], letters["购买方邮箱"], letters["复核人"]) == ("W", "AE", "AM")

    @pytest.mark.parametrize("version", ["pt:20260401", "pt:20251101"])
    def test_versions_with_these_headers_are_taken(self, tmp_path: Path, version: str) -> None:
        assert template(portal_workbook(tmp_path / "t.xlsx", version)).version == version

    def test_another_version_is_refused_by_its_mark(self, tmp_path: Path) -> None:
        path = portal_workbook(tmp_path / "t.xlsx", "pt:20270101")
        (problem,) = read_template(path).problems
        assert (problem.code, str(problem.source)) == (
            "portal-version",
            f"{path.as_posix()}[excelVersion]!A4",
        )
        assert "its version is pt:20270101, known are pt:20260401 (V260401)" in str(problem)

    def test_every_difference_of_the_headers_is_told_at_once(self, download: Path) -> None:
        def change(book: Workbook) -> None:
            sheet = book[LINES]
            sheet["B3"], sheet["O3"], sheet["P3"] = "货物名称", "新的一列", "税率"
            sheet["D2"] = "非必填（限50字符)"

        problems = read_template(changed(download, change)).problems
        place = f"{download.as_posix()}[{LINES}]"
        assert said(problems) == [
            f"{place}!B3: [portal-header] 货物名称 is a column unknown so far",
            f"{place}!O3: [portal-header] 新的一列 is a column unknown so far",
            f"{place}!P3: [portal-header] the column 税率 is there twice",
            f"{place}: [portal-header] the column 项目名称 is missing (there is 货物名称)",
            f"{place}!D2: [portal-header] 规格型号 takes 50 characters, 40 so far",
        ]

    def test_a_sheet_that_is_missing_is_named(self, download: Path) -> None:
        problems = read_template(changed(download, lambda book: book.remove(book[LINES]))).problems
        assert said(problems) == [
            f"{download.as_posix()}[{LINES}]: [portal-template] the sheet {LINES} is missing"
        ]

    @pytest.mark.parametrize("content", [b"", b"PK nothing", b"\xd0\xcf\x11\xe0 old"])
    def test_another_file_is_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "notes.xlsx"
        path.write_bytes(content)
        assert [problem.code for problem in read_template(path).problems] == ["portal-template"]

    def test_it_is_found_by_its_version_whatever_its_name(self, tmp_path: Path) -> None:
        portal_workbook(tmp_path / "旧.xlsx", "pt:20251101")
        newest = portal_workbook(tmp_path / "下载(1).xlsx")
        Workbook().save(tmp_path / "ledger.xlsx")
        (tmp_path / "broken.xlsx").write_bytes(b"PK")
        assert find_templates(tmp_path) == (newest,)


class TestLimits:
    def test_what_fits_is_not_complained_of(self) -> None:
        assert list(check(request({"备注": "备" * 230}, {"项目名称": "项" * 100}))) == []

    @pytest.mark.parametrize(
        ("invoice", "line", "problem"),
        [
            (
                {"备注": "备" * 231},
                {},
                (
                    "[portal-length] 备注 (1-发票基本信息) has 231 characters, "
                    "the portal takes 230 (1 too many)"
                ),
            ),
            (
                {"发票类型": "增值税普通发票"},
                {},
                (
                    "[portal-choice] 发票类型 (1-发票基本信息) is 增值税普通发票, "
                    "which is not in its drop-down"
                ),
            ),
            (
                {"购买方纳税人识别号": Missing("请向甲方索取")},
                {},
                (
                    "[portal-required] 购买方纳税人识别号 (1-发票基本信息) cannot be left empty: "
                    "请向甲方索取"
                ),
            ),
            (
                {"备注": "第一行\n第二行"},
                {},
                "[portal-text] 备注 (1-发票基本信息) holds a line break or a control character",
            ),
            (
                {},
                {"项目名称": "*信息技术服务*服务费"},
                "[portal-item] 项目名称 is *信息技术服务*服务费: it holds an asterisk",
            ),
            (
                {},
                {"金额": "1,468,337.62"},
                (
                    "[portal-number] 金额 (2-发票明细信息) is 1,468,337.62, "
                    "expected a number with 2 decimals, without grouping"
                ),
            ),
            (
                {},
                {"金额": "1468337.6"},
                (
                    "[portal-number] 金额 (2-发票明细信息) is 1468337.6, "
                    "expected a number with 2 decimals, without grouping"
                ),
            ),
            (
                {},
                {"税率": "6%"},
                (
                    "[portal-number] 税率 (2-发票明细信息) is 6%, "
                    "expected a number with at most 6 decimals, without grouping"
                ),
            ),
            (
                {},
                {"数量": "12", "单价": "122361.46"},
                "[portal-amount] 12 × 122361.46 is 1468337.52, the amount is 1468337.62",
            ),
        ],
    )
    def test_what_the_portal_would_refuse_is_said_where_it_was_read(
        self,
        invoice: dict[str, str | Missing],
        line: dict[str, str | Missing],
        problem: str,
    ) -> None:
        assert said(check(request(invoice, line))) == [f"contract.yaml:137:9: {problem}"]

    def test_everything_is_said_at_once(self) -> None:
        problems = check(request({"发票类型": "", "备注": "备" * 300}, {"税率": "", "金额": "x"}))
        assert [problem.code for problem in problems] == [
            "portal-required",
            "portal-length",
            "portal-number",
            "portal-required",
        ]

    def test_what_the_invoice_is_to_show_of_the_buyer_must_be_there(self) -> None:
        shown = {"是否展示购买方地址电话银行账号": "展示地址、电话、开户银行及银行账号"}
        there = {"购买方地址": "北京市示范路1号", "购买方开户银行": "示范银行"}
        assert said(check(request({**shown, **there}))) == [
            f"{PLACE}: [portal-required] {header} ({INVOICES}) cannot be left empty"
            for header in ("购买方电话", "购买方银行账号")
        ]

    def test_amount_is_quantity_times_price_where_both_are_given(self) -> None:
        exact = {"单位": "项", "数量": "1", "单价": "1468337.62"}
        assert list(check(request({}, exact))) == []
        assert list(check(request({}, {"数量": "3"}))) == []
