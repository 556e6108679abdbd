"""The month-end workbook: live formulas, whose values are those of the account."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from office import saved_again
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook
from scenarios import (
    accepted,
    asked,
    book,
    claimed,
    contract,
    deducted,
    invoiced,
    ledger,
    paid,
    reminded,
)

from deliverables.compute.account import Account, account
from deliverables.files.result import Result
from deliverables.finance.month_end import (
    SHEET,
    MonthEnd,
    default_file,
    ledger_workbook,
    write_month_end,
)
from deliverables.folders import Folders
from deliverables.model.ledger_sheets import FiscalApproval, Ledger
from deliverables.xlsx.forms import as_made

DAY = date(2027, 7, 31)
EVENTS = ledger(
    asked(1, date(2026, 5, 21), "1957783.48"),
    invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", "26112000000000000001"),
    paid(1, date(2026, 7, 10), "1000000.00", voucher="H1", invoice="26112000000000000001"),
    asked(1, date(2026, 7, 20), "957783.48"),
    FiscalApproval(instalment=1, first_day=date(2026, 6, 30), last_day=date(2026, 7, 9),
                   basis="甲方说明"),
    accepted("中期", date(2026, 11, 16)),
    asked(2, date(2026, 11, 20), "1468337.62"),
    invoiced(2, date(2026, 11, 18), "1385224.17", "83113.45", "26112000000000000002"),
    replace(invoiced(2, date(2026, 11, 19), "-1385224.17", "-83113.45", "26112000000000000003"),
            reverses="26112000000000000002"),
    invoiced(2, date(2026, 11, 19), "1385224.17", "83113.45", "26112000000000000004"),
    paid(2, date(2026, 12, 18), "1468437.62", voucher="H2"),
    paid(2, date(2026, 12, 28), "-50.00", remark="多付退款", voucher="H3"),
    accepted("最终", date(2027, 5, 12)),
    deducted(3, date(2027, 5, 20), "14683.38", on_invoice="冲减", decision="财务决定1号"),
    deducted(3, None, "500.01", status="协商中", raised=date(2027, 5, 21)),
    deducted(3, None, "9.99", status="已撤销"),
    paid(3, date(2027, 8, 1), "1.00"),
    reminded(1, date(2026, 7, 2), date(2026, 7, 20)),
    claimed("ZZ-01", date(2026, 8, 1), "2000.01", waived=Decimal("100.00"),
            waived_on=date(2026, 9, 1), waiver="决定2号"),
    paid(1, date(2026, 8, 10), "1500.00", claim="ZZ-01", voucher="H4"),
)  # fmt: skip
COLUMNS = {"due": "C", "deducted": "D", "disputed": "E", "payable": "F", "asked": "G",
           "unasked": "H", "invoiced": "I", "uninvoiced": "J", "received": "K",
           "outstanding": "L", "overpaid": "M"}  # fmt: skip


def money_on(day: date, what: Ledger = EVENTS) -> Account:
    return account(contract(), what, book().calendar, day)


def made(what: Ledger = EVENTS, day: date = DAY) -> bytes:
    return ledger_workbook(contract(), what, money_on(day, what))


def values(content: bytes) -> dict[str, list[list[Any]]]:
    opened = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def cell(sheet: list[list[Any]], address: str) -> Any:
    return sheet[int(address[1:]) - 1][ord(address[0]) - ord("A")]


def without_values(content: bytes) -> bytes:
    """Return the workbook with its formulas and none of their values."""
    result = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(result, "w") as package:
        for name in source.namelist():
            data = source.read(name)
            package.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v/>", data))
    return result.getvalue()


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 8, 15), date(2026, 12, 20), DAY])
def test_a_reader_that_does_not_calculate_sees_the_account(day: date) -> None:
    sheet, money = values(made(day=day))[SHEET], money_on(day)
    for line, item in enumerate(money.instalments, 5):
        for name, column in COLUMNS.items():
            assert f"{cell(sheet, f'{column}{line}'):.2f}" == str(getattr(item, name).value), name
    for name, column in COLUMNS.items():
        total = money.total if name == "due" else getattr(money, name)
        assert f"{cell(sheet, f'{column}8'):.2f}" == str(total.value), name
    for column, owed in zip("GHIJKL", money.ageing.values(), strict=True):
        assert f"{cell(sheet, f'{column}15'):.2f}" == str(owed.value)


DAYS = [date(2026, 5, 1), date(2026, 8, 15), date(2026, 12, 20), DAY]


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> dict[date, bytes]:
    """The workbook of each day without its values, as LibreOffice calculates and saves it."""
    folder = tmp_path_factory.mktemp("calculated")
    bare = {day: folder / f"{day}.xlsx" for day in DAYS}
    for day, file in bare.items():
        file.write_bytes(without_values(made(day=day)))
        assert values(file.read_bytes()) != values(made(day=day))
    saved = saved_again(list(bare.values()), folder / "again")
    return {day: file.read_bytes() for day, file in zip(bare, saved, strict=True)}


@pytest.mark.office
@pytest.mark.parametrize("day", DAYS)
def test_libreoffice_calculates_the_same_values_from_the_formulas(
    day: date, calculated: dict[date, bytes]
) -> None:
    content, again = made(day=day), values(calculated[day])
    for title, sheet in values(content).items():
        for line, row in enumerate(sheet):
            for column, value in enumerate(row):
                if value != "":
                    assert again[title][line][column] == value, (title, line + 1, column + 1)


def test_the_account_is_formulas_over_the_rows() -> None:
    sheet = load_workbook(BytesIO(made()))[SHEET]
    assert sheet["K5"].value == "=ROUND(SUMIFS('到账'!$C:$C,'到账'!$A:$A,$A5),2)"
    assert sheet["D7"].value == (
        "=ROUND(SUMIFS('扣减'!$C:$C,'扣减'!$A:$A,$A7,'扣减'!$F:$F,\"协商一致\"),2)"
    )
    typed = [c.coordinate for row in sheet["D5:M8"] for c in row if c.data_type != "f"]
    assert typed == []


def test_no_formula_compares_invoice_numbers_for_excel_keeps_15_of_their_digits() -> None:
    for sheet in load_workbook(BytesIO(made())).worksheets:
        formulas = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        assert not any("'发票'!$B" in formula for formula in formulas)


def test_rows_of_later_days_are_left_out() -> None:
    sheets = values(made(day=date(2026, 7, 15)))
    assert len(sheets["到账"]) == 2 + 1 + 1
    assert "2026-07-20" not in str(sheets["请款"])


def test_what_was_paid_keeps_its_condition_and_its_days_of_approval() -> None:
    rest = paid(1, date(2026, 7, 15), "957783.48", invoice="26112000000000000001")
    paid_up = replace(EVENTS, payments=(*EVENTS.payments, rest))
    owing, settled = (values(made(what, date(2026, 7, 15)))[SHEET] for what in (EVENTS, paid_up))
    assert [cell(sheet, "D12") for sheet in (owing, settled)] == ["已成就", "已成就"]
    assert [cell(sheet, "E12") for sheet in (owing, settled)] == [10, 10]


def test_claims_stand_by_themselves_with_what_came_in_and_what_is_left() -> None:
    sheets = values(made(day=date(2026, 9, 1)))
    row = sheets["主张"][2]
    assert (row[0], row[3], row[-2], row[-1]) == ("ZZ-01", 2000.01, 1500.0, 400.01)
    assert [line[2] for line in sheets["主张到账"][2:-1]] == [1500.0]
    assert 1500.0 not in [line[2] for line in sheets["到账"][2:]]


def test_a_deduction_stands_as_it_stood_on_the_day() -> None:
    then = replace(EVENTS, deductions=(
        deducted(3, date(2027, 5, 20), "10.00", raised=date(2027, 5, 1)),))  # fmt: skip
    before, after = (
        values(made(then, day))["扣减"][2] for day in (date(2027, 5, 19), date(2027, 5, 20))
    )
    assert before[5:8] == ["协商中", "", ""]
    assert after[5:8] == ["协商一致", "《协商纪要》", date(2027, 5, 20)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_text_of_the_ledger_never_becomes_a_formula(text: str) -> None:
    what = ledger(deducted(3, date(2027, 5, 20), "10.00", agreement=text))
    sheet = load_workbook(BytesIO(made(what)))["扣减"]
    assert (sheet["G3"].value, sheet["G3"].data_type) == (text, "s")
    assert sheet["G3"].quotePrefix


def test_long_numbers_are_text() -> None:
    sheet = load_workbook(BytesIO(made()))["发票"]
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("26112000000000000001", "s")
    assert sheet["B3"].number_format == "@"


def test_every_sheet_is_frozen_filtered_and_prints_on_a4_with_its_headers_and_page_numbers() -> (
    None
):
    sheets = load_workbook(BytesIO(made())).worksheets
    assert [sheet.title for sheet in sheets] == [
        SHEET, "请款", "发票", "到账", "扣减", "财政审批", "催告", "主张", "主张到账",
    ]  # fmt: skip
    for sheet in sheets:
        _assert_printable(sheet)
    for sheet in sheets[1:]:
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref.startswith("A2:")
    assert sheets[0].freeze_panes == "C5"


def _assert_printable(sheet: Worksheet) -> None:
    setup = sheet.page_setup
    assert (setup.orientation, str(setup.paperSize), setup.fitToWidth, setup.fitToHeight) == (
        "landscape", "9", 1, 0,
    )  # fmt: skip
    assert sheet.print_title_rows in ("$1:$2", "$4:$4")
    assert sheet.oddFooter.right.text == "第 &P 页 共 &N 页"


def test_a_sample_says_so_on_every_page_and_nothing_else_does() -> None:
    sample = replace(EVENTS, cover=replace(EVENTS.cover, sample=True))
    for sheet in load_workbook(BytesIO(made(sample))).worksheets:
        assert sheet["A1"].value.endswith("（示例）")
        assert sheet.oddHeader.center.text == "示例"
    assert "示例" not in str(values(made()))
    assert all(s.oddHeader.center.text is None for s in load_workbook(BytesIO(made())).worksheets)


def test_the_same_ledger_gives_the_same_bytes() -> None:
    assert made() == made()


def test_an_empty_ledger_gives_a_workbook_too(validate_ooxml: Callable[[Path], None],
                                              tmp_path: Path) -> None:  # fmt: skip
    path = tmp_path / "empty.xlsx"
    path.write_bytes(made(ledger()))
    validate_ooxml(path)
    assert cell(values(made(ledger()))[SHEET], "L8") == 4894458.72


def test_office_programs_accept_it(tmp_path: Path, validate_ooxml: Callable[[Path], None]) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(made())
    validate_ooxml(path)


class TestItsPlace:
    """The file lies below out/ and is never written over what somebody has edited."""

    def write(self, file: Path, day: date = DAY, *, replace: bool = False) -> MonthEnd:
        return write_month_end(book(ledger=EVENTS), day, file, replace=replace)

    def edit(self, file: Path) -> None:
        opened = load_workbook(file)
        opened["到账"]["C3"] = 1
        opened.save(file)

    def test_its_name_says_the_day_and_whether_it_is_a_sample(self) -> None:
        folders = Folders(Path("data"), Path("out"))
        sample = replace(EVENTS, cover=replace(EVENTS.cover, sample=True))
        names = [
            default_file(book(ledger=what), folders, DAY).as_posix() for what in (EVENTS, sample)
        ]
        below = "out/SXYSR202604152/payments/SXYSR202604152_收付款台账_2027-07-31"
        assert names == [f"{below}.xlsx", f"{below}_示例.xlsx"]

    def test_made_again_it_is_unchanged_and_follows_new_data_without_asking(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "a.xlsx"
        results = [self.write(file, day).result for day in (DAY, DAY, date(2026, 12, 20))]
        assert results == [Result.MADE, Result.UNCHANGED, Result.MADE]

    def test_one_that_was_edited_is_kept(self, tmp_path: Path) -> None:
        file = tmp_path / "a.xlsx"
        self.write(file)
        assert as_made(file.read_bytes())
        self.edit(file)
        edited = file.read_bytes()
        assert not as_made(edited)
        assert self.write(file).result is Result.KEPT
        assert file.read_bytes() == edited

    def test_and_stands_beside_the_new_one_if_that_is_wanted(self, tmp_path: Path) -> None:
        file = tmp_path / "a.xlsx"
        self.write(file)
        self.edit(file)
        edited = file.read_bytes()
        done = self.write(file, replace=True)
        assert (done.result, done.kept_as) == (Result.MADE, "a_旧1.xlsx")
        assert (tmp_path / "a_旧1.xlsx").read_bytes() == edited
        assert as_made(file.read_bytes())

    @pytest.mark.parametrize("content", [b"", b"no workbook"])
    def test_another_file_of_that_name_is_kept(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "a.xlsx"
        file.write_bytes(content)
        assert self.write(file).result is Result.KEPT
        assert file.read_bytes() == content

    def test_without_a_ledger_there_is_nothing_to_write(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="needs the ledger"):
            write_month_end(book(), DAY, tmp_path / "a.xlsx", replace=False)
