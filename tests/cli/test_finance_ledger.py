"""deliverables ledger: the account of a day, what is inconsistent, and the month-end workbook."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path

import builders
import pytest
from checking import LEDGER, Change, row
from click.testing import CliRunner
from finished import Run
from openpyxl import load_workbook

from deliverables.cli import main

NUMBER = builders.NUMBER
LETTER = row(LEDGER, "请款", 期次=1, 函号="函1号", 发函日期=date(2026, 6, 1), 申请金额=400000)
INVOICE = row(LEDGER, "发票", 期次=1, 发票号码="26110000000000000001", 税率=0.06,
              开票日期=date(2026, 6, 1), 发票种类="普通发票", 不含税金额="377,358.49",
              税额="22,641.51", 价税合计="400,000.00")  # fmt: skip
RECEIPT = row(LEDGER, "到账", 期次=1, 到账日期=date(2026, 6, 20), 到账金额=100000)
DISPUTE = row(LEDGER, "扣减", 期次=1, 类别="违约金", 扣减金额=500, 提出依据="甲方来函",
              状态="协商中")  # fmt: skip
SECOND_INVOICE = {**INVOICE, "row": 4, "values": [
    "26110000000000000002" if value == "26110000000000000001" else value
    for value in INVOICE["values"]]}  # fmt: skip
WORKBOOK = Path("out") / NUMBER / "payments" / f"{NUMBER}_收付款台账_2026-07-31.xlsx"


@pytest.fixture
def run(run: Run) -> Run:
    return partial(run, "ledger")


def happens(*changes: Change) -> None:
    for change in changes:
        builders.edit(Path("data") / NUMBER, change)


def test_it_shows_what_was_asked_invoiced_received_and_is_left(run: Run) -> None:
    happens(LETTER, INVOICE, RECEIPT)
    result = run("--as-of", "2026-07-31")
    assert result.exit_code == 0
    first, total = (
        next(line.split() for line in result.stdout.splitlines() if name in line)
        for name in ("首款", "Total")
    )
    assert first == ["1", "首款", "400,000.00", "400,000.00", "400,000.00", "100,000.00",
                     "0.00", "0.00", "300,000.00", "2026-06-29", "32"]  # fmt: skip
    assert total == ["Total", "1,000,000.00", "400,000.00", "400,000.00", "100,000.00",
                     "0.00", "0.00", "900,000.00"]  # fmt: skip
    assert "nothing in the ledger is inconsistent" in result.stdout


def test_it_lists_letters_invoices_receipts_and_deductions(run: Run) -> None:
    happens(LETTER, INVOICE, RECEIPT, DISPUTE)
    told = run("--as-of", "2026-07-31").stdout
    for text in ("函1号", "26110000000000000001", "2026-06-20", "甲方来函"):
        assert text in told


def test_what_comes_later_is_not_shown(run: Run) -> None:
    happens(LETTER, INVOICE, RECEIPT)
    assert "2026-06-20" not in run("--as-of", "2026-06-19").stdout


def test_it_says_what_comes_next(run: Run) -> None:
    told = run("--as-of", "2026-06-29").stdout
    assert "next due: 首款, 400,000.00, by 2026-06-29" in told
    assert "next due" not in run("--as-of", "2026-06-30").stdout


def test_what_is_inconsistent_stands_below_the_figures(run: Run) -> None:
    happens(RECEIPT, {**DISPUTE, "values": [2, *DISPUTE["values"][1:]]})
    result = run("--as-of", "2026-07-31")
    assert result.exit_code == 0
    assert "ledger.xlsx[到账]!B3: warning[payment-before-invoice]" in result.stdout
    assert "nothing in the ledger is inconsistent" not in result.stdout


def test_check_tells_of_a_dispute_past_the_deadline_too(run: Run) -> None:
    happens(DISPUTE)
    result = CliRunner().invoke(main, ["--lang", "en", "check", "--as-of", "2026-07-31"])
    assert "ledger.xlsx[扣减]!F3: warning[deduction-disputed]" in result.stdout
    result = CliRunner().invoke(main, ["--lang", "en", "check", "--as-of", "2026-06-29"])
    assert "deduction-disputed" not in result.stdout


def test_the_same_for_another_program(run: Run) -> None:
    happens(LETTER, INVOICE, RECEIPT)
    (answer,) = json.loads(run("--as-of", "2026-07-31", "--format", "json").stdout)["contracts"]
    assert answer["account"]["outstanding"] == "900000.00"
    assert answer["account"]["ageing"]["31–60天"] == "300000.00"
    first = answer["account"]["instalments"][0]
    assert (first["asked"], first["days_late"], first["band"]) == ("400000.00", 32, "31–60天")
    assert first["invoices"][0]["number"] == "26110000000000000001"
    assert first["invoices"][0]["place"] == f"data/{NUMBER}/ledger.xlsx[发票]!A3"
    assert answer["workbook"] is None


def test_xlsx_writes_the_workbook_to_its_place(run: Run) -> None:
    happens(LETTER, INVOICE, RECEIPT)
    result = run("--as-of", "2026-07-31", "--xlsx")
    assert result.exit_code == 0
    assert f"made: {WORKBOOK}" in result.stderr
    assert load_workbook(WORKBOOK, data_only=True)["对账表"]["L5"].value == 300000
    assert f"unchanged: {WORKBOOK}" in run("--as-of", "2026-07-31", "--xlsx").stderr


@pytest.mark.parametrize("wanted", ["own.xlsx", "."])
def test_or_to_a_file_or_a_folder_of_your_own(run: Run, wanted: str) -> None:
    result = run("--as-of", "2026-07-31", "--xlsx", wanted)
    assert result.exit_code == 0
    assert (Path() / (wanted if wanted != "." else WORKBOOK.name)).is_file()
    assert not Path("out").exists()


def test_an_edited_workbook_is_kept_until_replace_keeps_both(run: Run) -> None:
    run("--as-of", "2026-07-31", "--xlsx")
    opened = load_workbook(WORKBOOK)
    opened["对账表"]["A30"] = "已与甲方核对"
    opened.save(WORKBOOK)
    edited = WORKBOOK.read_bytes()
    result = run("--as-of", "2026-07-31", "--xlsx")
    assert (result.exit_code, WORKBOOK.read_bytes()) == (1, edited)
    assert "--replace" in result.stderr
    result = run("--as-of", "2026-07-31", "--xlsx", "--replace")
    assert result.exit_code == 0
    assert WORKBOOK.with_name(f"{WORKBOOK.stem}_旧1.xlsx").read_bytes() == edited


def test_of_data_with_errors_figures_are_shown_and_no_workbook_is_written(run: Run) -> None:
    happens(INVOICE, SECOND_INVOICE)
    result = run("--as-of", "2026-07-31", "--xlsx")
    assert result.exit_code == 1
    assert "error[invoice-twice]" in result.stdout
    assert "no workbook is written" in result.stderr
    assert not Path("out").exists()


def test_without_a_ledger_it_says_so(run: Run) -> None:
    (Path("data") / NUMBER / "ledger.xlsx").unlink()
    result = run("--xlsx")
    assert "there is no ledger to read" in result.stderr
    (answer,) = json.loads(run("--format", "json").stdout)["contracts"]
    assert answer["account"] is None


def test_a_file_that_is_no_workbook_by_its_name_is_refused(run: Run) -> None:
    result = run("--xlsx", "ledger.csv")
    assert (result.exit_code, Path("ledger.csv").exists()) == (2, False)


def test_one_file_for_several_contracts_is_refused(run: Run) -> None:
    other = Path("data") / "HT-2"
    other.mkdir()
    text = builders.CONTRACT.replace(builders.NUMBER, "HT-2")
    (other / "contract.yaml").write_text(text, "utf-8")
    assert run("--xlsx", "a.xlsx").exit_code == 2
    assert run("--xlsx", "a.xlsx", "--contract", NUMBER).exit_code == 0
