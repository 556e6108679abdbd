"""After every command one line says what one would do next, by how the command ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import builders
import pytest
from checking import LEDGER, row
from click.testing import Result
from finished import Run
from portal_workbook import portal_workbook

INVOICE = row(LEDGER, "发票", 期次=1, 发票号码="26110000000000000001", 税率=0.06,
              开票日期=date(2026, 6, 1), 发票种类="普通发票", 不含税金额="377,358.49",
              税额="22,641.51", 价税合计="400,000.00")  # fmt: skip


def hint(result: Result) -> str:
    """Return the last line of standard error, which must be the only hint."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("next: ")]
    assert lines == result.stderr.splitlines()[-1:]
    return lines[0].removeprefix("next: ")


def test_after_sound_data_the_plan_is_next(run: Run) -> None:
    assert hint(run("check")).startswith("deliverables plan")


def test_a_command_is_named_as_this_one_was_typed_so_that_it_can_be_copied(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("data").rename("合同 数据")
    assert hint(run("--data", "合同 数据", "check")).startswith(
        'deliverables --data "合同 数据" plan'
    )
    monkeypatch.setenv("DELIVERABLES_STARTED_AS", "python run.py")
    desk = run("--data", "合同 数据", "finance", "--as-of", "2026-08-03").stdout
    assert '  python run.py --data "合同 数据" pack 1\n' in desk
    assert "Usage: python run.py [" in run("chek").stderr


def test_after_broken_data_they_are_mended_and_checked_again(run: Run) -> None:
    folder = Path("data/HT-2026-001")
    builders.edit(folder, {"file": "contract.yaml", "replace": "600,000.00", "with": "6.00"})
    for words in (["check"], ["plan"], ["build", "--due"]):
        assert hint(run(*words)) == (
            "mend the errors, from the first on, and run deliverables check again"
        )


def test_a_plan_with_something_ready_names_the_command_that_makes_it(run: Run) -> None:
    said = hint(run("plan", "--as-of", "2026-08-03"))
    assert said == "deliverables build --due --as-of 2026-08-03 makes what is ready"


def test_a_plan_with_nothing_ready_sends_to_what_is_missing(run: Run) -> None:
    assert hint(run("plan", "--as-of", "2026-04-01")).startswith("supply what is missing")


def test_a_draft_is_read_verified_and_made_final(run: Run) -> None:
    made = hint(run("build", "--due", "--as-of", "2026-08-03"))
    assert made.startswith("open out/runs/")
    assert made.endswith("then deliverables verify")
    assert "deliverables final out/HT-2026-001/" in hint(run("verify"))


def test_what_still_has_a_placeholder_is_never_sent_to_be_made_final(run: Run) -> None:
    unknown = {"replace": "type: 普通发票", "with": "type: {missing: 合同未写}"}
    builders.edit(Path("data/HT-2026-001"), {"file": "contract.yaml", **unknown})
    run("build", "payment_request", "--as-of", "2026-08-03")
    assert hint(run("verify")) == (
        "fill in what stands as 【待补】 (deliverables check names the cells), then "
        "deliverables build"
    )
    run("build", "confidentiality_coverage", "--as-of", "2026-08-03")
    said = hint(run("verify"))
    assert "deliverables final" in said
    assert "签署情况表" in said
    assert "付款申请函" not in said


def test_a_command_that_nobody_wrote_a_line_for_ends_with_a_hint_too(run: Run) -> None:
    assert hint(run("acceptance")).startswith("deliverables plan")


class TestTheFinanceDesk:
    DAY = ("--as-of", "2026-08-03")

    def test_finance_names_the_command_of_the_most_urgent_task(self, run: Run) -> None:
        assert hint(run("finance", *self.DAY)) == "the most urgent first: deliverables pack 1"

    def test_it_does_not_name_one_for_money_that_the_client_owes(self, run: Run) -> None:
        letter = row(LEDGER, "请款", 期次=1, 发函日期=date(2026, 6, 1), 申请金额=400000)
        builders.edit(Path("data/HT-2026-001"), INVOICE)
        builders.edit(Path("data/HT-2026-001"), letter)
        told = run("finance", *self.DAY)
        assert hint(told) == "the most urgent first: deliverables filed 2026-06"
        assert "late_payment_claim" not in told.stdout  # a reminder comes before any claim

    def test_a_pack_sends_its_application_to_be_invoiced(self, run: Run) -> None:
        said = hint(run("pack", "1", "--no-pdf", *self.DAY))
        assert said.startswith("have the invoice issued by the 开票申请单, or deliverables ")
        assert "invoice-import 1; enter it with deliverables invoiced 1" in said

    def test_and_with_everything_invoiced_its_letter_to_be_read(self, run: Run) -> None:
        builders.edit(Path("data/HT-2026-001"), INVOICE)
        said = hint(run("pack", "1", "--no-pdf", *self.DAY))
        assert said.startswith("read out/HT-2026-001/payments/")
        assert "then deliverables final out/HT-2026-001/payments/" in said

    def test_a_blocked_pack_sends_to_what_is_to_be_done_before(self, run: Run) -> None:
        said = hint(run("pack", "2", "--no-pdf", "--as-of", "2027-05-10"))
        assert said == "deliverables finance says what is to be done, and by when"

    def test_the_filled_workbook_is_imported_and_the_invoice_entered(self, run: Run) -> None:
        portal_workbook(Path("data/下载.xlsx"))
        said = hint(run("invoice-import", "1", *self.DAY))
        assert said.startswith("import out/HT-2026-001/payments/第1期/")
        assert said.endswith("enter it with deliverables invoiced 1 NUMBER 400,000.00 --on DATE")

    def test_the_account_is_written_for_month_end_and_then_worked_on(self, run: Run) -> None:
        assert hint(run("ledger", *self.DAY)) == (
            "deliverables ledger --xlsx --as-of 2026-08-03 writes the workbook for month-end"
        )
        said = hint(run("ledger", "--xlsx", *self.DAY))
        assert said == "deliverables finance says what is to be done, and by when"

    def test_what_is_inconsistent_is_settled_first(self, run: Run) -> None:
        receipt = row(LEDGER, "到账", 期次=1, 到账日期=date(2026, 6, 20), 到账金额=100000)
        builders.edit(Path("data/HT-2026-001"), receipt)
        assert hint(run("ledger", *self.DAY)).startswith("settle what is inconsistent")

    def test_an_edited_workbook_is_compared(self, run: Run) -> None:
        run("ledger", "--xlsx", *self.DAY)
        (made,) = Path("out").rglob("*收付款台账*.xlsx")
        made.write_bytes(b"mine")
        assert hint(run("ledger", "--xlsx", *self.DAY)).endswith("--replace keeps both")

    @pytest.mark.parametrize(
        "words", [["finance"], ["ledger"], ["pack", "1", "--no-pdf"], ["overview", "--open"]],
        ids=lambda words: words[0],
    )  # fmt: skip
    def test_broken_data_are_mended_first(
        self, run: Run, words: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("click.launch", lambda _: 0)
        change = {"file": "contract.yaml", "replace": "600,000.00", "with": "6.00"}
        builders.edit(Path("data/HT-2026-001"), change)
        assert hint(run(*words)).startswith("mend the errors, from the first on")


def test_a_new_contract_is_filled_in_and_checked(run: Run) -> None:
    assert hint(run("new", "HT-2027-001")) == (
        "fill in data/HT-2027-001/contract.yaml, then deliverables check --contract HT-2027-001"
    )


def test_a_workbook_is_filled_in_and_one_that_was_is_kept(run: Run) -> None:
    assert hint(run("workbook", "Q2")) == (
        "fill in data/HT-2026-001/operations/Q2.xlsx in Excel or WPS, then deliverables check"
    )
    assert hint(run("workbook", "Q1")).startswith("fill in what is there; --replace")


def test_the_overview_is_opened(run: Run) -> None:
    said = hint(run("overview", "--as-of", "2026-08-03"))
    assert said == "open out/index.html in the browser; --open does so at once"


@pytest.mark.parametrize("words", [("--quiet", "check"), ("check", "--format", "json")])
def test_who_asks_for_quiet_or_json_gets_no_hint(run: Run, words: tuple[str, ...]) -> None:
    assert "next:" not in run(*words).output


@pytest.mark.parametrize("words", [("check", "--help"), ("build",), ("chekc",)])
def test_help_and_wrong_use_have_their_own_words_and_no_hint(
    run: Run, words: tuple[str, ...]
) -> None:
    assert "next:" not in run(*words).output
