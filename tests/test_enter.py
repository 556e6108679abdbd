"""A row entered by a command: where it stands, what is refused, and that it can be taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from zipfile import ZipFile

import builders
import lettered
import pytest
import scenarios
from builders import NUMBER
from checking import in_contract
from click.testing import CliRunner, Result
from finished import Run
from jsonschema import Draft202012Validator
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.cli import main
from deliverables.cli.entries import HAPPENINGS
from deliverables.enter import Desk, put, row_of, rows_of_delivery
from deliverables.examination import examine
from deliverables.files.placement import at_work
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.model.fields import declarations, sheets
from deliverables.model.ledger_sheets import Ledger, Payment
from deliverables.model.roster_sheets import Roster
from deliverables.values.problem import Problem, say

LEDGER = Path("data") / NUMBER / "ledger.xlsx"
ROSTER = Path("data") / NUMBER / "staff.xlsx"
LETTERS = Path("data") / NUMBER / "letters.xlsx"
QUARTER = Path("data") / NUMBER / "operations" / "Q1.xlsx"
AN_AMOUNT = "an amount in yuan with at most two decimals, such as 1,957,783.48"
FOLDERS = Folders(Path("data"), Path("out"))
DAY = date(2026, 11, 16)


@pytest.fixture
def run(run: Run) -> Run:
    """Run the command in a folder with one small sound project."""
    commands = {one.name for one in HAPPENINGS}

    def dated(*words: str) -> Result:
        """Rows are entered on a day after all that stands in the tests."""
        today = ("--as-of", "2027-06-30") if words[0] in commands and "--as-of" not in words else ()
        return run(*words, *today)

    return dated


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """Run the command on a terminal, where somebody types answers."""
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)

    def run_on_terminal(answers: str, *words: str) -> Result:
        today = () if words[0] == "undo" else ("--as-of", "2027-06-30")
        result = CliRunner().invoke(main, ["--lang", "en", *words, *today], input=answers)
        assert result.exit_code == 0, result.output
        return result

    return run_on_terminal


def book_of(contract: str) -> ContractBook:
    (found,) = examine(Folders(Path("data"), Path("out")), contract)
    assert found.book is not None
    return found.book


def ledger() -> Ledger:
    found = book_of(NUMBER).ledger
    assert found is not None
    return found


def other_parts(path: Path) -> dict[str, bytes]:
    """Return every part of the workbook but its sheets and its styles."""
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()
                if "worksheets/" not in name and name != "xl/styles.xml"}  # fmt: skip


class TestARow:
    def test_texts_are_read_as_a_cell_is(self) -> None:
        problems: list[Problem] = []
        row = row_of(Payment, {"instalment": "1", "amount": "1,957,783.48",
                               "received": "2026年7月6日", "remark": ""}, problems)  # fmt: skip
        assert problems == []
        assert row == Payment(instalment=1, amount=Decimal("1957783.48"),
                              received=date(2026, 7, 6))  # fmt: skip

    def test_everything_wrong_with_it_is_told_at_once(self) -> None:
        problems: list[Problem] = []
        assert row_of(Payment, {"instalment": "one", "amount": "1.234"}, problems) is None
        assert [problem.in_language("en").partition(". Fix")[0] for problem in problems] == [
            "到账: error[entry-value] 期次: expected a whole number such as 12, found one",
            f"到账: error[entry-value] 到账金额: expected {AN_AMOUNT}, found 1.234",
            "到账: error[entry-lacks] 到账日期 is not given",
        ]

    @pytest.mark.parametrize("one", HAPPENINGS, ids=lambda one: one.name)
    def test_a_command_offers_every_column_of_its_sheet(self, one: object) -> None:
        assert one in HAPPENINGS
        happening = HAPPENINGS[HAPPENINGS.index(one)]  # type: ignore[arg-type]
        offered = {*happening.given, *happening.options}
        if happening.which:
            assert offered | {*happening.empties} < {*declarations(happening.row)}
        else:
            assert offered == {*declarations(happening.row)}
        assert happening.row in sheets(happening.book).values()
        assert happening.book in (Ledger, Roster)


class TestTheCommand:
    def test_money_that_came_in_stands_in_the_ledger_and_nothing_else_moves(self, run: Run) -> None:
        before, rows = other_parts(LEDGER), ledger().payments
        done = run("received", "1", "400,000.00", "--on", "2026-07-06", "--bank-ref", "0706",
                   "--source", "网银")  # fmt: skip
        assert done.exit_code == 0, done.output
        assert "2026-07-06" in done.stdout
        (*known, added) = ledger().payments
        assert tuple(known) == rows
        assert (added.instalment, added.amount, added.received, added.voucher) == (
            1, Decimal("400000.00"), date(2026, 7, 6), "0706",
        )  # fmt: skip
        assert other_parts(LEDGER) == before

    def test_an_invoice_gets_net_tax_and_rate_by_the_contract(self, run: Run) -> None:
        done = run("invoiced", "1", "26112000000000000001", "400000.00", "--on", "2026-07-01",
                   "--source", "开票系统")  # fmt: skip
        assert done.exit_code == 0, done.output
        (*_, invoice) = ledger().invoices
        assert (invoice.net, invoice.tax, invoice.rate) == (
            Decimal("377358.49"), Decimal("22641.51"), Decimal("0.06"),
        )  # fmt: skip

    def test_an_invoice_of_several_rates_is_entered_with_what_it_says(self, run: Run) -> None:
        builders.edit(Path("data") / NUMBER, in_contract("rate: 6%", "rate: 多种税率"))
        words = ("invoiced", "1", "26112000000000000001", "400000.00", "--on", "2026-07-01",
                 "--source", "开票系统")  # fmt: skip
        assert "--net" in run(*words).output
        done = run(*words, "--net", "370000.00", "--tax", "30000.00", "--rate", "多种税率")
        assert done.exit_code == 0, done.output
        (*_, invoice) = ledger().invoices
        assert (invoice.type, invoice.net, invoice.rate) == (
            "普通发票", Decimal("370000.00"), "多种税率",
        )  # fmt: skip

    def test_what_check_would_refuse_is_refused_and_nothing_is_written(self, run: Run) -> None:
        before = LEDGER.read_bytes()
        done = run("received", "9", "1.00", "--on", "2026-07-06")
        assert done.exit_code == 1
        assert f"data/{NUMBER}/ledger.xlsx[到账]" in done.stderr
        assert LEDGER.read_bytes() == before

    def test_a_dry_run_shows_the_row_and_writes_nothing(self, run: Run) -> None:
        before = LEDGER.read_bytes()
        done = run("received", "1", "400,000.00", "--on", "2026-07-06", "--dry-run")
        assert done.exit_code == 0
        assert "400,000.00" in done.stdout
        assert LEDGER.read_bytes() == before
        assert "without --dry-run" in done.stderr
        assert "undo" not in done.output

    def test_the_same_money_is_entered_twice_only_if_somebody_says_so(self, run: Run) -> None:
        money = ("received", "2", "100.00", "--on", "2026-07-06")
        assert run(*money, "--bank-ref", "0706").exit_code == 0
        before = LEDGER.read_bytes()
        refused = run(*money, "--bank-ref", "0707")
        assert refused.exit_code == 1
        assert "entry-twice" in refused.stderr
        assert "--again" in refused.stderr
        assert LEDGER.read_bytes() == before
        assert run(*money, "--bank-ref", "0707", "--again").exit_code == 0

    def test_what_check_would_warn_of_is_told_with_the_row(self, run: Run, talk: Run) -> None:
        much = ("received", "2", "9,000,000.00", "--on", "2026-07-06", "--bank-ref", "0706")
        told = run(*much, "--dry-run", "--format", "json")
        assert "overpaid" in {one["code"] for one in json.loads(told.stdout)["problems"]}
        assert "warning[overpaid]" in told.stderr
        asked = talk("\n", *much, "--source", "网银", "--dry-run")
        assert "warning[overpaid]" in asked.output

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("occurred", "没有的事", "--on", "2026-07-06", "--basis", "x"), "event-unknown"),
            (("fulfilled", "第99条", "好", "--on", "2026-07-06"), "fulfilment-unknown"),
        ],
    )
    def test_what_names_nothing_of_the_contract_is_refused(
        self, run: Run, words: tuple[str, ...], code: str
    ) -> None:
        before = LEDGER.read_bytes()
        done = run(*words)
        assert done.exit_code == 1
        assert code in done.stderr
        assert LEDGER.read_bytes() == before

    def test_an_amount_below_zero_that_looks_like_an_option_is_told_how_to_be_written(
        self, run: Run
    ) -> None:
        done = run("received", "2", "--on", "2026-07-06", "-100")
        assert done.exit_code == 2
        assert "behind --" in done.stderr

    def test_it_waits_for_another_and_enters_its_row_beside_what_that_one_entered(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun, waits, rows = Event(), Event(), ledger().payments

        def another() -> None:
            with at_work(LEDGER.parent):
                begun.set()
                assert waits.wait(20)
                other = {"instalment": "1", "amount": "1.00", "received": "2026-07-05"}
                row, desk = row_of(Payment, other, []), Desk(FOLDERS, NUMBER)
                made = desk.entry(Ledger, [row], []) if row else None
                assert made
                put({NUMBER: made}, FOLDERS)

        monkeypatch.setattr("deliverables.files.placement._who",
                            lambda _: waits.set() or say("another run is at work"))  # fmt: skip
        thread = Thread(target=another)
        thread.start()
        assert begun.wait(20)
        done = run("received", "1", "2.00", "--on", "2026-07-06")
        thread.join()
        assert done.exit_code == 0, done.output
        assert [row.amount for row in ledger().payments[len(rows) :]] == [1, 2]

    def test_a_workbook_that_is_open_is_left_alone(self, run: Run) -> None:
        LEDGER.with_name("~$ledger.xlsx").write_bytes(b"")
        before = LEDGER.read_bytes()
        done = run("received", "1", "400,000.00", "--on", "2026-07-06")
        assert done.exit_code != 0
        assert "is open in another program" in done.stderr
        assert LEDGER.read_bytes() == before

    def test_a_workbook_of_an_older_format_is_left_alone(self, run: Run) -> None:
        builders.edit(Path("data") / NUMBER, {"to_xls": "ledger.xlsx"})
        before = LEDGER.read_bytes()
        done = run("received", "1", "400,000.00", "--on", "2026-07-06")
        assert "error[rows-format]" in done.stderr
        assert LEDGER.read_bytes() == before

    def test_a_row_that_would_not_read_back_is_not_written(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("deliverables.xlsx.rows.with_rows", lambda before, *_: before)
        done = run("received", "1", "400,000.00", "--on", "2026-07-06")
        assert "error[rows-unfaithful]" in done.stderr

    def test_it_is_taken_back_byte_for_byte(self, run: Run) -> None:
        before = LEDGER.read_bytes()
        run("received", "1", "400,000.00", "--on", "2026-07-06")
        assert run("undo").exit_code == 0
        assert LEDGER.read_bytes() == before
        again = run("undo")
        assert again.exit_code == 1
        assert "no row was entered" in again.stderr

    def test_what_is_taken_back_is_shown_before_and_nobody_is_asked_in_a_script(
        self, run: Run, talk: Run
    ) -> None:
        before = LEDGER.read_bytes()
        run("filed", "2026-05", "--on", "2026-06-08", "--yes")
        after = LEDGER.read_bytes()
        assert "2026-06-08" in run("undo", "--dry-run").stdout
        assert LEDGER.read_bytes() == after
        with pytest.raises(AssertionError, match="Aborted"):
            talk("n\n", "undo")
        assert LEDGER.read_bytes() == after
        (gone,) = json.loads(run("undo", "--yes", "--format", "json").stdout)["entered"]
        assert (gone["file"], gone["sheet"], gone["count"]) == (LEDGER.as_posix(), "纳税申报", 1)
        assert gone["rows"] == [{"税款所属月份": "2026-05", "申报日期": "2026-06-08"}]
        assert LEDGER.read_bytes() == before

    def test_what_was_entered_one_after_the_other_is_taken_back_one_after_the_other(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("deliverables.enter._MOST_KEPT", 2)
        states = [LEDGER.read_bytes()]
        for day in ("06", "07", "08"):
            run("received", "1", "1,000.00", "--on", f"2026-07-{day}")
            states.append(LEDGER.read_bytes())
        assert len(set(states)) == 4
        for left in (states[2], states[1]):
            assert run("undo").exit_code == 0
            assert LEDGER.read_bytes() == left
        assert "no row was entered" in run("undo").stderr  # only two are kept
        assert not list((Path("out") / NUMBER / "undo").iterdir())

    def test_it_is_not_taken_back_once_somebody_changed_the_workbook(self, run: Run) -> None:
        run("received", "1", "400,000.00", "--on", "2026-07-06")
        builders.edit(Path("data") / NUMBER, {"file": "ledger.xlsx", "sheet": "到账", "row": 9,
                      "values": [1, "2026-07-09", "1.00"]})  # fmt: skip
        changed = LEDGER.read_bytes()
        done = run("undo")
        assert done.exit_code == 1
        assert "was changed since" in done.stderr
        assert LEDGER.read_bytes() == changed

    def test_a_ledger_that_is_not_there_yet_is_begun(self, run: Run) -> None:
        LEDGER.unlink()
        assert run("filed", "2026-07", "--on", "2026-08-10").exit_code == 0
        assert [row.month for row in ledger().tax_filings] == [date(2026, 7, 1)]
        assert run("undo").exit_code == 0
        assert not LEDGER.exists()

    def test_a_person_joins_the_roster_for_its_owners_eyes(self, run: Run) -> None:
        done = run("joined", "S009", "陈安", "--department", "运维部", "--post", "工程师",
                   "--on", "2026-08-10")  # fmt: skip
        assert done.exit_code == 0, done.output
        assert ROSTER.stat().st_mode & 0o077 == 0
        undo = Path("out") / NUMBER / "undo" / "000001-0"
        assert undo.stat().st_mode & 0o077 == 0

    def test_who_joins_within_a_period_stands_in_its_workbook_too(self, run: Run) -> None:
        before = ROSTER.read_bytes(), QUARTER.read_bytes()
        done = run("joined", "S009", "陈安", "--department", "运维部", "--post", "工程师",
                   "--on", "2026-06-15")  # fmt: skip
        assert done.exit_code == 0, done.output
        assert f"entered in {QUARTER.as_posix()}, sheet 人员" in done.stdout
        book = book_of(NUMBER)
        (change,) = (row for row in book.quarters[1].staff_changes if row.name == "陈安")
        assert (change.day, change.kind, change.key_staff) == (date(2026, 6, 15), "进入", False)
        assert run("undo").exit_code == 0
        assert (ROSTER.read_bytes(), QUARTER.read_bytes()) == before

    def test_what_was_entered_in_several_contracts_is_taken_back_as_one(self, run: Run) -> None:
        numbers, folders = (NUMBER, "HT-2026-002"), Folders(Path("data"), Path("out"))
        files = (LEDGER, builders.copy_of_contract(Path("data"), numbers[1]) / "ledger.xlsx")
        before = [file.read_bytes() for file in files]
        row = Payment(instalment=1, amount=Decimal("1.00"), received=date(2026, 7, 6))
        made = {number: Desk(folders, number).entry(Ledger, (row,), []) for number in numbers}
        put({number: one for number, one in made.items() if one}, folders)
        assert [file.read_bytes() for file in files] != before
        after = files[1].read_bytes()
        files[1].write_bytes(b"of somebody else")
        assert f"{files[1].as_posix()} was changed since" in run("undo").stderr
        assert files[0].read_bytes() != before[0]
        files[1].write_bytes(after)
        assert run("undo").exit_code == 0
        assert [file.read_bytes() for file in files] == before

    def test_programs_are_told_the_cells(self, run: Run) -> None:
        done = run("received", "1", "400,000.00", "--on", "2026-07-06", "--format", "json")
        facts = json.loads(done.stdout)
        assert (facts["sheet"], facts["written"]) == ("到账", True)
        assert facts["cells"] == {"期次": "1", "到账日期": "2026-07-06", "到账金额": "400,000.00"}

    def test_what_is_missing_in_a_script_is_told_all_at_once(self, run: Run) -> None:
        done = run("invoiced", "1")
        assert done.exit_code == 1
        for label, flag in (
            ("发票号码", "[NUMBER]"),
            ("开票日期", "--on TEXT"),
            ("价税合计", "[GROSS]"),
        ):
            assert f"{label} is not given. Fix: add {flag}: " in done.stderr

    def test_one_transfer_may_pay_several_instalments(self, run: Run) -> None:
        done = run("received", "1=400,000.00", "2=100.00", "--on", "2026-07-06", "--bank-ref", "07")
        assert done.exit_code == 0, done.output
        one, other = ledger().payments[-2:]
        assert (one.instalment, one.amount) == (1, Decimal("400000.00"))
        assert (other.instalment, other.amount) == (2, Decimal("100.00"))
        assert {row.voucher for row in (one, other)} == {"07"}
        assert run("undo").exit_code == 0
        assert other not in ledger().payments

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("1=1.00", "2", "--on", "2026-07-06"), "give every share with =, as in 1=1,000.00"),
            (("1", "1.00", "5"), "5 is one too many"),
        ],
    )
    def test_a_share_without_its_amount_is_wrong_use(
        self, run: Run, words: tuple[str, ...], told: str
    ) -> None:
        done = run("received", *words)
        assert done.exit_code == 2
        assert told in done.stderr

    def test_a_wrong_answer_is_asked_for_again(self, talk: Run) -> None:
        answers = "one\n1\nmuch\n100.00\ntomorrow\n2026-07-06\n\n\ny\n"
        done = talk(answers, "received")
        assert "Error: 期次: expected a whole number such as 12, found one" in done.output
        assert done.output.count("Error: ") == 3
        row = ledger().payments[-1]
        assert (row.instalment, row.received, row.amount) == (1, date(2026, 7, 6), Decimal(100))

    def test_what_may_be_left_out_is_asked_for_too_unless_it_is_moot(self, talk: Run) -> None:
        talk("2026-08-10\n2026-08-31\n\ny\n", "reminded", "1")
        assert ledger().reminders[-1].pay_by == date(2026, 8, 31)
        talk("通知\n2026-07-20\n2026-07-18\n\ny\n", "approved", "1")
        approval = ledger().fiscal_approvals[-1]
        assert (approval.approved, approval.basis, approval.first_day) == (
            date(2026, 7, 20), "通知", None,
        )  # fmt: skip

    def test_what_follows_from_an_answer_is_not_asked_for(self, talk: Run) -> None:
        talk("26112000000000000001\n400,000.00\n2026-07-01\ny\n", "invoiced", "1")
        assert ledger().invoices[-1].tax == Decimal("22641.51")

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("received", "1", "1.00", "--on", "2062-07-06"), "到账日期 2062-07-06 is far from"),
            (("received", "1", "1.00", "--on", "2016-07-06"), "到账日期 2016-07-06 is far from"),
            (("filed", "2026-11", "--on", "2026-08-08"), "税款所属月份 2026-11 has not come yet"),
            (("left", "S001", "--on", "2036-12-31"), "离开日期 2036-12-31 is far from"),
            (
                ("reminded", "1", "--on", "2026-08-09", "--pay-by", "2036-09-01"),
                "要求付款日期 2036-09-01 is far from",
            ),
        ],
    )
    def test_a_day_that_cannot_be_meant_is_refused(
        self, run: Run, words: tuple[str, ...], told: str
    ) -> None:
        done = run(*words, "--as-of", "2026-08-10")
        assert done.exit_code == 1
        assert f"error[entry-day] {told}" in done.stderr

    def test_a_day_that_is_set_beforehand_may_be_still_to_come(self, run: Run) -> None:
        words = ("reminded", "1", "--on", "2026-08-10", "--pay-by", "2026-08-31", "--dry-run")
        assert run(*words, "--as-of", "2026-08-10").exit_code == 0
        assert run("left", "S001", "--on", "2026-12-31", "--as-of", "2026-08-10").exit_code == 0

    def test_everything_wrong_is_told_to_programs_at_once_as_published(
        self, run: Run, root: Path
    ) -> None:
        done = run("received", "one", "1.234", "--on", "2062-07-06", "--format", "json")
        assert done.exit_code == 1
        told = json.loads(done.stdout)
        schema = json.loads((root / "docs/schemas/error.json").read_text("utf-8"))
        assert Draft202012Validator(schema).is_valid(told)
        assert [one["code"] for one in told["error"]["problems"]] == [
            "entry-day", "entry-value", "entry-value",
        ]  # fmt: skip

    def test_who_joins_in_a_period_without_a_workbook_is_told_to_make_it(self, run: Run) -> None:
        done = run("joined", "S009", "陈安", "--department", "运维部", "--post", "工程师",
                   "--on", "2026-08-10")  # fmt: skip
        assert "next: deliverables workbook Q2 makes" in done.stderr
        assert "next: deliverables finance" in run("left", "S001", "--on", "2026-05-10").stderr


class TestAnAcceptanceByAPaperOfTheClient:
    WORDS = ("--date", "2027-06-02", "--paper", "验收意见书01", "--as-of", "2027-06-30")

    def test_its_stage_takes_the_place_of_a_file(self, run: Run) -> None:
        before = LEDGER.read_bytes()
        assert run("accepted", "最终", *self.WORDS, "--dry-run").exit_code == 0
        assert LEDGER.read_bytes() == before
        done = run("accepted", "最终验收", *self.WORDS, "--format", "json", "--source", "档案/7",
                   "--notice", "2027-05-27")  # fmt: skip
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["written"] is True
        (*_, row) = ledger().acceptances
        assert (row.stage, row.notice_received, row.accepted, row.result, row.document,
                row.evidence) == (
            "最终", date(2027, 5, 27), date(2027, 6, 2), "通过", "验收意见书01", "档案/7",
        )  # fmt: skip
        assert not FOLDERS.register(NUMBER).exists()
        assert "already" in run("accepted", "最终", *self.WORDS, "--yes").stderr
        assert run("undo").exit_code == 0
        assert LEDGER.read_bytes() == before

    def test_on_a_terminal_its_paper_is_asked_for_and_the_row_shown(self, talk: Run) -> None:
        shown = talk("验收意见书01\ny\n", "accepted", "最终", "--date", "2027-06-02")
        assert "write this row into" in shown.output
        assert ledger().acceptances[-1].document == "验收意见书01"

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("验收.docx", "--date", "2027-06-02"), "最终"),
            (("第三次中期", "--date", "2027-06-02"), "最终"),
            (("最终", "--date", "2027-06-02", "--again"), "--again"),
            ((LEDGER.as_posix(), "--date", "2027-06-02", "--dry-run"), "--dry-run"),
            (("最终", "--date", "2027-07-02", "--as-of", "2027-06-30"), "has not come yet"),
        ],
        ids=["no file", "no stage of the contract", "again", "a file", "a day to come"],
    )
    def test_what_it_cannot_be_is_told_and_nothing_written(
        self, run: Run, words: tuple[str, ...], told: str
    ) -> None:
        before = LEDGER.read_bytes()
        done = run("accepted", *words)
        assert done.exit_code != 0
        assert told in done.stderr
        assert LEDGER.read_bytes() == before


class TestALetter:
    ADD = ("letter", "add", "key_staff_change", "--as-of", "2026-12-05")

    def test_its_rows_are_entered_in_both_sheets_and_taken_back_as_one(self, run: Run) -> None:
        done = run(*self.ADD)
        assert done.exit_code == 0, done.output
        letters = book_of(NUMBER).letters
        assert letters is not None
        assert [row.number for row in letters.letters] == ["HJ-01"]
        assert {row.number for row in letters.facts} == {"HJ-01"}
        assert len(letters.facts) == 5
        assert run("undo").exit_code == 0
        assert not LETTERS.exists()

    def test_it_is_shown_before_it_is_written(self, run: Run, talk: Run) -> None:
        assert "key_staff_change" not in run(*self.ADD, "--dry-run").stdout
        assert "发出" in run(*self.ADD, "--dry-run").stdout
        with pytest.raises(AssertionError, match="Aborted"):
            talk("n\n", *self.ADD[:-2])
        assert not LETTERS.exists()
        talk("y\n", *self.ADD[:-2])
        assert LETTERS.exists()

    def test_what_check_would_refuse_is_refused(self, run: Run) -> None:
        done = run(*self.ADD, "--answers", "HJ-99")
        assert done.exit_code == 1
        assert "letters.xlsx[" in done.stderr
        assert not LETTERS.exists()

    @pytest.mark.parametrize("about", [("--about", "第9期"), ()])
    def test_one_that_no_letter_would_be_made_of_is_refused(
        self, run: Run, about: tuple[str, ...]
    ) -> None:
        done = run("letter", "add", "付款催告函", *about, "--as-of", "2026-12-05", "--yes")
        assert done.exit_code == 1
        assert "letter-untaken" in done.stderr
        assert not LETTERS.exists()


class TestARowThatIsChanged:
    def test_who_left_has_a_day_in_the_roster_and_nothing_else_moves(self, run: Run) -> None:
        kept, before = ROSTER.read_bytes(), load_workbook(ROSTER)["人员名册"]
        done = run("left", "S001", "--on", "2026-12-31")
        assert done.exit_code == 0, done.output
        after = load_workbook(ROSTER)["人员名册"]
        changed = [
            (cell.column_letter, cell.value)
            for old, new in zip(before.iter_rows(), after.iter_rows(), strict=True)
            for was, cell in zip(old, new, strict=True)
            if cell.value != was.value
        ]
        assert changed == [(column_of(after, "离开日期"), datetime(2026, 12, 31))]
        assert run("undo").exit_code == 0
        assert ROSTER.read_bytes() == kept

    def test_who_signed_has_no_reason_any_more_for_not_having_signed(self, run: Run) -> None:
        unsigned = {**builders.FIRST_PERSON, "协议签署日期": None, "未签署原因": "在外地",
                    "督促签署责任人": "孙三", "预计签署日期": date(2026, 6, 10),
                    "未签署情况更新日期": date(2026, 5, 8)}  # fmt: skip
        builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": [unsigned]}).save(ROSTER)
        done = run("signed", "S001", "--on", "2026-06-08")
        assert done.exit_code == 0, done.output
        (person,) = roster().members
        assert (person.signed, person.why_unsigned, person.owner, person.sign_by,
                person.explained) == (date(2026, 6, 8), "", "", None, None)  # fmt: skip

    def test_why_somebody_has_not_signed_is_said_on_the_day_of_joining(self, run: Run) -> None:
        done = run("joined", "S009", "陈安", "--department", "运维部", "--post", "工程师",
                   "--on", "2026-08-10", "--why-unsigned", "在外地")  # fmt: skip
        assert done.exit_code == 0, done.output
        assert [one.explained for one in roster().members] == [None, date(2026, 8, 10)]

    @pytest.mark.parametrize("form", ["text", "json"])
    @pytest.mark.parametrize(
        "words",
        [
            ("signed", "S001", "--on", "2026-04-29"),
            ("left", "S001", "--on", "2026-12-31"),
            ("joined", "S009", "陈安", "--department", "运维部", "--post", "工程师",
             "--on", "2026-08-10", "--identity-number", "999999199001010024"),
        ],
    )  # fmt: skip
    def test_an_identity_number_is_shown_by_its_end(
        self, run: Run, words: tuple[str, ...], form: str
    ) -> None:
        done = run(*words, "--dry-run", "--format", form)
        assert done.exit_code == 0, done.output
        assert "99999919900101" not in done.output
        assert "**00" in done.output

    def test_what_became_of_a_deduction_stands_in_the_row_that_demands_it(self, run: Run) -> None:
        agreed = ("--status", "协商一致", "--agreed", "2027-05-20", "--agreement", "协商纪要")
        run("deducted", "2", "1,000.00", "--kind", "违约金", "--on", "2027-05-06")
        done = run("deducted", "2", "1,000.00", *agreed)
        assert done.exit_code == 0, done.output
        (row,) = ledger().deductions
        assert (row.status, row.raised, row.agreed) == (
            "协商一致", date(2027, 5, 6), date(2027, 5, 20),
        )  # fmt: skip

    def test_one_that_nobody_entered_before_is_a_row_of_its_own(self, run: Run) -> None:
        agreed = ("--status", "协商一致", "--agreed", "2027-05-20", "--agreement", "协商纪要")
        assert run("deducted", "2", "1,000.00", "--kind", "违约金", *agreed).exit_code == 0
        assert len(ledger().deductions) == 1

    def test_where_no_row_waits_and_a_new_one_lacks_something_both_are_told(self, run: Run) -> None:
        done = run("deducted", "2", "1,000.00", "--status", "协商一致")
        assert done.exit_code == 1
        assert "there is none to be completed" in done.stderr
        assert "entry-lacks" in done.stderr

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (
                ("left", "S00l", "--on", "2026-12-31"),
                "no row has 编号 S00l. Fix: did you mean S001?",
            ),
            (("left", "S001"), "离开日期 is not given"),
            (("left", "S001", "--on", "2026-04-01"), "离开日期"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_written(
        self, run: Run, words: tuple[str, ...], told: str
    ) -> None:
        before = ROSTER.read_bytes()
        done = run(*words)
        assert done.exit_code == 1
        assert told in done.stderr
        assert ROSTER.read_bytes() == before

    def test_several_rows_are_no_one_row(self, run: Run) -> None:
        person = {**builders.FIRST_PERSON, "证件号码": None}
        builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": [person, person]}).save(ROSTER)
        done = run("left", "S001", "--on", "2026-12-31")
        assert "error[entry-which] 2 rows have 编号 S001" in done.stderr


def column_of(sheet: Worksheet, header: str) -> str:
    (found,) = (cell.column_letter for cell in sheet[1] if cell.value == header)
    return found


def roster() -> Roster:
    (found,) = examine(Folders(Path("data"), Path("out")))
    assert found.book is not None
    assert found.book.roster is not None
    return found.book.roster


def test_the_rows_that_tell_of_the_delivery_of_what_was_withdrawn_are_named(
    tmp_path: Path,
) -> None:
    """They tell what happened, and stay; of each it is said what becomes of it."""
    row = lettered.letter("HJ-01", "联系人变更函", DAY)
    change = {"变更日期": "2026-12-01", "新联系人": "某人", "新联系电话": "010-00000000"}
    where = lettered.folders(tmp_path)
    (letter,) = lettered.planned(
        "contact_change", lettered.book(row, facts={"HJ-01": change}), where, DAY
    )
    request = replace(letter, kind="payment_request", part="1")
    asked = replace(scenarios.asked(1, DAY, "1957783.48"), delivered=DAY)
    notice = scenarios.asked_to_accept("最终", DAY)
    known = replace(
        lettered.book(replace(row, delivered=DAY)), ledger=scenarios.ledger(asked, notice)
    )
    found = {
        (one.kind, stage): tuple(rows_of_delivery(known, one, stage))
        for one, stage in ((letter, ""), (request, ""), (request, "最终"), (request, "中期"))
    }
    assert {one.code for each in found.values() for one in each} == {"withdrawn-row"}
    told = {what: [str(one.source) for one in each] for what, each in found.items()}
    first, second = "ledger.xlsx[请款]!A3", "ledger.xlsx[验收]!A4"
    assert told == {
        ("contact_change", ""): ["letters.xlsx[函件]!A3"],
        ("payment_request", ""): [first],
        ("payment_request", "最终"): [first, second],
        ("payment_request", "中期"): [first],
    }
