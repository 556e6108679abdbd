"""Sealed, delivered, accepted: each after the other, each with its paper, none of it by silence."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import builders
import pytest
from click.testing import CliRunner
from finals import (
    AGREEMENT,
    IDENTITY_NUMBER,
    LATER,
    LETTER,
    MOMENT,
    REPORT,
    as_if_final,
    drafted,
    entries,
    examined_in,
    final,
    finished,
    happened,
    planned_in,
    press,
    project,
    scan,
    year,
)
from finished import Run

from deliverables.acceptance import acceptance_pack
from deliverables.acceptance_clock import clock
from deliverables.agenda import agenda
from deliverables.cli import main
from deliverables.files.digest import sha256_of
from deliverables.final import Wish, finalise
from deliverables.folders import Folders
from deliverables.model.ledger_sheets import Acceptance
from deliverables.plan import plan
from deliverables.register import find_document, no_longer_intact
from deliverables.seal import Recorded, SealEvent, record
from deliverables.status import Stage
from deliverables.values.calendar import Provisional, Settled, Side
from deliverables.verify.document import read_document

pytestmark = pytest.mark.thorough

SEALED, DELIVERED, ACCEPTED = date(2026, 8, 6), date(2026, 8, 7), date(2026, 8, 10)
ANNUAL = "annual_summary/annual"
MAY = date(2027, 5, 24)


@pytest.fixture
def letter(folders: Folders) -> Folders:
    """A letter that is final, dated 5 August, two pages."""
    builders.copy_of(_letter, folders.data.parent)
    return folders


def _letter(folder: Path) -> None:
    final(project(folder), LETTER, day=LATER)


@pytest.fixture
def annual(folders: Folders) -> Folders:
    """An annual summary that is final and sealed on 24 and 25 May 2027."""
    builders.copy_of(_annual, folders.data.parent)
    return folders


def _annual(folder: Path) -> None:
    folders = year(folder)
    drafted(folders, ANNUAL, MAY)
    as_if_final(folders, ANNUAL, MAY)
    happened(folders, ANNUAL, Stage.SEALED, date(2027, 5, 25))


def codes(recorded: Recorded) -> list[str]:
    return [problem.code for problem in recorded.problems]


def said(recorded: Recorded) -> str:
    return "\n".join(str(problem) for problem in recorded.problems)


class TestSealed:
    def test_a_copy_of_the_scan_is_kept_with_its_hash_and_pages(self, letter: Folders) -> None:
        paper = scan(letter.data.parent)
        recorded = happened(letter, LETTER, Stage.SEALED, SEALED, paper=paper)
        assert recorded.problems == ()
        assert recorded.paper is not None
        assert recorded.paper.name == "HT-2026-001_付款申请函_第1期_用印件.pdf"
        assert recorded.paper.read_bytes() == paper.read_bytes()
        entry = entries(letter)[-1]
        assert (entry.event, entry.as_of, entry.sha256) == ("sealed", SEALED, sha256_of(paper))
        assert entry.pages == 2

    def test_the_copy_is_read_only_and_private_where_the_document_is(
        self, folders: Folders
    ) -> None:
        final(folders, AGREEMENT)
        paper = happened(folders, AGREEMENT, Stage.SEALED, SEALED).paper
        assert paper is not None
        assert not paper.stat().st_mode & 0o222
        if os.name != "nt":
            assert stat.S_IMODE(paper.stat().st_mode) == 0o400

    def test_another_number_of_pages_is_a_warning(self, letter: Folders) -> None:
        paper = scan(letter.data.parent, pages=3)
        recorded = happened(letter, LETTER, Stage.SEALED, SEALED, paper=paper)
        assert codes(recorded) == ["seal-pages"]
        assert "the scan has 3 pages, the final document 2 (+1)" in said(recorded)
        assert recorded.entry is not None

    def test_pages_that_were_never_counted_are_to_be_counted_by_hand(
        self, folders: Folders
    ) -> None:
        final(folders, LETTER, pdf=False)
        assert codes(happened(folders, LETTER, Stage.SEALED, SEALED)) == ["seal-pages"]

    def test_a_picture_is_no_scan(self, letter: Folders) -> None:
        paper = letter.data.parent / "scan.jpg"
        paper.write_bytes(b"\xff\xd8\xff")
        recorded = happened(letter, LETTER, Stage.SEALED, SEALED, paper=paper)
        assert codes(recorded) == ["seal-scan"]
        assert recorded.entry is None

    def test_a_final_document_that_was_changed_since_is_not_what_was_sealed(
        self, letter: Folders
    ) -> None:
        file = letter.final(planned_in(letter, LETTER).deliverable)
        file.chmod(0o600)
        file.write_bytes(file.read_bytes() + b" ")
        recorded = happened(letter, LETTER, Stage.SEALED, SEALED)
        assert codes(recorded) == ["seal-final-changed"]
        assert recorded.entry is None

    def test_the_name_of_the_scan_is_never_kept(self, folders: Folders) -> None:
        final(folders, AGREEMENT)
        paper = scan(folders.data.parent, name=f"{IDENTITY_NUMBER}.pdf")
        recorded = happened(folders, AGREEMENT, Stage.SEALED, SEALED, paper=paper)
        assert recorded.entry is not None
        assert IDENTITY_NUMBER not in folders.register(builders.NUMBER).read_text("utf-8")
        assert not [path for path in folders.out.rglob("*") if IDENTITY_NUMBER in path.name]


class TestOwedByADay:
    """What the client has too late is recorded, and said to be late: a notice counts from there."""

    @pytest.mark.parametrize(
        ("whose", "day", "found"),
        [
            (Side.OURS, DELIVERED, []),
            (Side.OURS, ACCEPTED, ["seal-late"]),
            (Side.CLIENTS, ACCEPTED, []),
        ],
    )
    def test_it_is_late_after_its_day_if_that_is_ours(
        self, letter: Folders, whose: Side, day: date, found: list[str]
    ) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        planned = planned_in(letter, LETTER, day)
        owed = replace(planned.deliverable, due=Settled(DELIVERED, whose=whose))
        event = SealEvent(stage=Stage.DELIVERED, day=day, as_of=day, moment=MOMENT)
        recorded = record(replace(planned, deliverable=owed), letter, event)
        assert codes(recorded) == found
        assert recorded.entry is not None


class TestWithdrawn:
    """A sealed paper found wrong: out of the way everywhere, and nothing of it forgotten."""

    WRONG: ClassVar = {"reason": "金额漏列一笔", "by": "王敏"}

    @pytest.fixture
    def sealed(self, letter: Folders) -> Folders:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        return letter

    def test_it_is_sealed_no_more_and_says_why_and_by_whom(self, sealed: Folders) -> None:
        happened(sealed, LETTER, Stage.DELIVERED, DELIVERED)
        recorded = happened(sealed, LETTER, Stage.WITHDRAWN, ACCEPTED, **self.WRONG)
        assert recorded.problems == ()
        planned = planned_in(sealed, LETTER, ACCEPTED)
        assert planned.status.word == "withdrawn"
        assert [str(reason) for reason in planned.reasons] == [
            "final, dated 2026-08-05",
            "sealed 2026-08-06",
            "delivered 2026-08-07",
            "withdrawn 2026-08-10 by 王敏: 金额漏列一笔",
        ]
        life = planned.life
        assert (life.final, life.sealed, life.delivered) == (None, None, None)
        assert sealed.final(planned.deliverable).is_file()

    def test_what_is_built_and_made_final_next_names_what_it_replaces(
        self, sealed: Folders
    ) -> None:
        wrong = entries(sealed)[1]
        happened(sealed, LETTER, Stage.WITHDRAWN, SEALED, **self.WRONG)
        drafted(sealed, LETTER, ACCEPTED)
        assert planned_in(sealed, LETTER, ACCEPTED).status.stage is Stage.DRAFT
        done = finished(sealed, LETTER, today=ACCEPTED, number="示例函〔2026〕9号")
        assert done.problems == ()
        assert done.entry is not None
        assert done.entry.details["replaces"] == wrong.sha256
        assert done.entry.details["replaces_dated"] == "2026-08-05"
        assert done.form is not None
        asked = " ".join(block.shown for block in read_document(done.form).blocks)
        assert f"替代已撤回的原件（2026年8月5日成文，SHA-256 {wrong.sha256}）" in asked
        assert planned_in(sealed, LETTER, ACCEPTED).status.stage is Stage.FINAL
        happened(sealed, LETTER, Stage.SEALED, ACCEPTED)
        assert happened(sealed, LETTER, Stage.WITHDRAWN, ACCEPTED, **self.WRONG).problems == ()
        days = [past.withdrawn and past.withdrawn.as_of
                for past in planned_in(sealed, LETTER, ACCEPTED).life.earlier]  # fmt: skip
        assert days == [SEALED, ACCEPTED]

    def test_day_and_reason_that_were_wrong_are_recorded_again(self, sealed: Folders) -> None:
        corrected = {"again": True, "reason": "税额有误", "by": "王敏"}
        never = happened(sealed, LETTER, Stage.WITHDRAWN, SEALED, **corrected)
        assert codes(never) == ["seal-again"]
        happened(sealed, LETTER, Stage.WITHDRAWN, SEALED, **self.WRONG)
        assert happened(sealed, LETTER, Stage.WITHDRAWN, DELIVERED, **corrected).problems == ()
        planned = planned_in(sealed, LETTER, ACCEPTED)
        assert str(planned.reasons[-1]) == "withdrawn 2026-08-07 by 王敏: 税额有误"
        assert len(planned.life.earlier) == 1

    def test_its_files_are_still_looked_after(self, sealed: Folders) -> None:
        happened(sealed, LETTER, Stage.WITHDRAWN, SEALED, **self.WRONG)
        planned = planned_in(sealed, LETTER, SEALED)
        folder = sealed.contract(builders.NUMBER)
        assert list(no_longer_intact([planned.life], folder)) == []
        sealed.final(planned.deliverable).unlink()
        (problem,) = no_longer_intact([planned.life], folder)
        assert problem.code == "seal-final-changed"

    def test_what_nobody_sealed_is_not_withdrawn(self, letter: Folders) -> None:
        recorded = happened(letter, LETTER, Stage.WITHDRAWN, SEALED, **self.WRONG)
        assert codes(recorded) == ["seal-order"]
        assert recorded.entry is None

    def test_it_is_withdrawn_once_and_after_what_happened_to_it(self, sealed: Folders) -> None:
        early = happened(sealed, LETTER, Stage.WITHDRAWN, LATER, **self.WRONG)
        assert codes(early) == ["seal-date"]
        assert "--date 2026-08-05 is 1 days before it was sealed" in said(early)
        happened(sealed, LETTER, Stage.WITHDRAWN, SEALED, **self.WRONG)
        again = happened(sealed, LETTER, Stage.WITHDRAWN, DELIVERED, **self.WRONG)
        assert codes(again) == ["seal-again"]
        assert "it is withdrawn already, on 2026-08-06" in said(again)
        assert "seal-order" in codes(happened(sealed, LETTER, Stage.DELIVERED, DELIVERED))

    @pytest.mark.parametrize(
        "words",
        [
            {"reason": ""},
            {"by": ""},
            {"reason": IDENTITY_NUMBER},
            {"by": "一行\n两行"},
            {"reason": "长" * 201},
        ],
    )
    def test_a_reason_and_a_name_are_words_that_a_register_may_hold(
        self, sealed: Folders, words: dict[str, str]
    ) -> None:
        recorded = happened(sealed, LETTER, Stage.WITHDRAWN, SEALED, **(self.WRONG | words))
        assert codes(recorded) == ["seal-withdrawal"]
        assert len(entries(sealed)) == 3

    def test_a_material_that_was_withdrawn_is_missing(self, annual: Folders) -> None:
        book = examined_in(annual).book
        assert book is not None
        happened(annual, ANNUAL, Stage.WITHDRAWN, date(2027, 5, 26), **self.WRONG)
        pack = acceptance_pack(book, annual, date(2027, 5, 27))
        (summary,) = (one for one in pack.materials if one.deliverable.key == ANNUAL)
        assert str(summary.lacks) == "withdrawn, and nothing sealed in its place"


class TestTheOrder:
    @pytest.mark.parametrize("stage", [Stage.SEALED, Stage.DELIVERED, Stage.ACCEPTED])
    def test_a_draft_is_neither_sealed_nor_delivered_nor_accepted(
        self, folders: Folders, stage: Stage
    ) -> None:
        drafted(folders, LETTER)
        recorded = happened(folders, LETTER, stage, SEALED)
        assert "seal-order" in codes(recorded)
        assert "payment_request/1 is not final yet" in said(recorded)
        assert [entry.event for entry in entries(folders)] == ["made"]

    def test_what_is_not_sealed_is_not_delivered(self, letter: Folders) -> None:
        recorded = happened(letter, LETTER, Stage.DELIVERED, DELIVERED)
        assert "payment_request/1 is not sealed yet" in said(recorded)

    def test_a_day_before_the_one_before_is_located(self, letter: Folders) -> None:
        recorded = happened(letter, LETTER, Stage.SEALED, date(2026, 8, 1))
        (problem,) = recorded.problems
        register = letter.register(builders.NUMBER).as_posix()
        assert str(problem) == (
            f"{register}:2:1: error[seal-date] --date 2026-08-01 is 4 days before it was final, on "
            "2026-08-05. Fix: copy the day from the paper; if the other one is wrong, record it "
            "--again"
        )

    def test_a_day_that_has_not_come_is_refused(self, letter: Folders) -> None:
        recorded = happened(letter, LETTER, Stage.SEALED, SEALED, as_of=LATER)
        assert codes(recorded) == ["seal-date"]
        assert "--date 2026-08-06 has not come yet: today is 2026-08-05" in said(recorded)

    def test_the_same_day_is_in_order(self, letter: Folders) -> None:
        assert happened(letter, LETTER, Stage.SEALED, LATER).entry is not None
        assert happened(letter, LETTER, Stage.DELIVERED, LATER).entry is not None

    def test_what_was_recorded_is_recorded_again_only_on_demand(self, letter: Folders) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        recorded = happened(letter, LETTER, Stage.SEALED, DELIVERED)
        assert codes(recorded) == ["seal-again"]
        assert "it is sealed already, on 2026-08-06" in said(recorded)
        again = happened(letter, LETTER, Stage.SEALED, DELIVERED, again=True)
        assert again.entry is not None
        assert [entry.event for entry in entries(letter)] == ["made", "final", "sealed", "sealed"]

    def test_a_correction_keeps_what_came_after_and_must_not_pass_it(self, letter: Folders) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        happened(letter, LETTER, Stage.DELIVERED, DELIVERED)
        late = happened(letter, LETTER, Stage.SEALED, ACCEPTED, again=True)
        assert codes(late) == ["seal-date"]
        assert "is 3 days after it was delivered, on 2026-08-07" in said(late)
        right = happened(letter, LETTER, Stage.SEALED, DELIVERED, again=True)
        assert right.life.delivered is not None

    def test_a_scan_that_is_replaced_is_kept(self, letter: Folders) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        paper = scan(letter.data.parent, pages=3)
        kept = happened(letter, LETTER, Stage.SEALED, SEALED, paper=paper, again=True).paper
        assert kept is not None
        assert kept.with_name(f"{kept.stem}_旧1.pdf").is_file()

    def test_made_final_anew_it_has_to_be_sealed_anew(self, letter: Folders) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        assert finished(letter, LETTER, day=LATER, replace=True).problems == ()
        assert planned_in(letter, LETTER).status.stage is Stage.FINAL
        assert "seal-order" in codes(happened(letter, LETTER, Stage.DELIVERED, DELIVERED))

    def test_a_register_that_was_tampered_with_takes_nothing_more(self, letter: Folders) -> None:
        register = letter.register(builders.NUMBER)
        register.write_bytes(register.read_bytes().replace(b'"findings":0', b'"findings":7', 1))
        recorded = happened(letter, LETTER, Stage.SEALED, SEALED)
        assert "register-changed" in codes(recorded)
        assert recorded.entry is None


class TestDelivered:
    def test_a_receipt_is_kept_under_a_name_of_ours(self, letter: Folders) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        receipt = letter.data.parent / "IMG 0001.JPG"
        receipt.write_bytes(b"picture")
        recorded = happened(letter, LETTER, Stage.DELIVERED, DELIVERED, paper=receipt)
        assert recorded.paper is not None
        assert recorded.paper.name == "HT-2026-001_付款申请函_第1期_签收回执.jpg"
        assert entries(letter)[-1].sha256 == sha256_of(receipt)

    def test_a_letter_starts_no_clock_of_acceptance(self, letter: Folders) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        recorded = happened(letter, LETTER, Stage.DELIVERED, DELIVERED)
        assert recorded.problems == ()
        assert clock(recorded.life, "", book(letter)) is None

    def test_the_annual_summary_without_a_receipt_is_warned_of(self, annual: Folders) -> None:
        recorded = happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
        assert codes(recorded) == ["seal-no-receipt"]
        assert recorded.entry is not None

    def test_acceptance_is_due_in_a_range_where_the_holidays_are_not_published(
        self, annual: Folders
    ) -> None:
        notified(annual, date(2027, 5, 26))
        recorded = happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 25))
        running = clock(recorded.life, "最终", book(annual))
        assert running is not None
        assert isinstance(running.due, Provisional)
        assert "暂定：2027年放假安排尚未计入" in str(running.message)
        assert "silence is no acceptance" in str(running.message)
        planned = planned_in(annual, ANNUAL, date(2027, 6, 1))
        assert planned.status.stage is Stage.DELIVERED
        assert planned.deliverable.due == running.due

    def test_it_is_a_day_where_they_are_and_the_clients_to_keep(self, annual: Folders) -> None:
        notice(annual)
        notified(annual, date(2027, 5, 26))
        happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 25))
        due = planned_in(annual, ANNUAL, date(2027, 5, 27)).deliverable.due
        assert due == Settled(date(2027, 6, 2), whose=Side.CLIENTS)

    def test_the_documents_alone_start_no_clock_of_acceptance(self, annual: Folders) -> None:
        recorded = happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 25))
        running = clock(recorded.life, "最终", book(annual))
        assert running is not None
        assert running.due is None
        assert "enter it in the sheet 验收" in str(running.message)


def notified(folders: Folders, day: date) -> None:
    """Enter the day on which the client received the notice of acceptance."""
    row = {"file": "ledger.xlsx", "sheet": "验收", "row": 3,
           "values": ["最终", day, None, "未完成", None, "签收回执"]}  # fmt: skip
    builders.edit(folders.data / builders.NUMBER, row)


def acceptances(folders: Folders) -> tuple[Acceptance, ...]:
    book = examined_in(folders).book
    assert book is not None
    assert book.ledger is not None
    return book.ledger.acceptances


def notice(folders: Folders) -> None:
    """Publish holidays of 2027 that no government ever announced: only for this test."""
    import json

    from deliverables.values.calendar import holidays

    days = [{"name": "假日", "date": day.isoformat(), "isOffDay": True}
            for holiday in holidays(2027) for day in holiday.statutory]  # fmt: skip
    folder = folders.data / "workdays"
    folder.mkdir()
    content = {"year": 2027, "papers": ["https://www.gov.cn/example"], "days": days}
    (folder / "2027.json").write_text(json.dumps(content), "utf-8")


def book(folders: Folders) -> object:
    return examined_in(folders).book


class TestAccepted:
    def test_only_what_asks_for_acceptance_is_accepted(self, letter: Folders) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        happened(letter, LETTER, Stage.DELIVERED, DELIVERED)
        recorded = happened(letter, LETTER, Stage.ACCEPTED, ACCEPTED)
        assert codes(recorded) == ["seal-not-accepted"]
        assert "年度项目总结报告" in said(recorded)

    def test_the_days_that_pass_accept_nothing(self, annual: Folders) -> None:
        happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
        planned = planned_in(annual, ANNUAL, date(2027, 9, 1))
        assert planned.status.stage is Stage.DELIVERED
        assert planned.life.accepted is None

    def test_an_acceptance_ends_the_clock(self, annual: Folders) -> None:
        happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
        recorded = happened(annual, ANNUAL, Stage.ACCEPTED, date(2027, 6, 2))
        assert recorded.entry is not None
        assert recorded.life.result == "通过"
        assert clock(recorded.life, "最终", book(annual)) is None

    def test_a_refusal_starts_the_clock_of_rework(self, annual: Folders) -> None:
        happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
        refused = happened(annual, ANNUAL, Stage.ACCEPTED, date(2027, 6, 2), result="不通过")
        running = clock(refused.life, "最终", book(annual))
        assert running is not None
        assert "mend and hand in again by" in str(running.message)

    def test_handed_in_again_it_waits_and_is_accepted_anew(self, annual: Folders) -> None:
        happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
        happened(annual, ANNUAL, Stage.ACCEPTED, date(2027, 6, 2), result="不通过")
        early = happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 6, 1))
        assert "is 1 days before it was accepted, on 2027-06-02" in said(early)
        again = happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 6, 7))
        assert again.life.awaits_acceptance
        passed = happened(annual, ANNUAL, Stage.ACCEPTED, date(2027, 6, 10))
        assert passed.life.result == "通过"


class TestTheCommands:
    def test_accepted_stands_in_the_ledger_too_and_is_taken_back_there(
        self, annual: Folders, run: Run
    ) -> None:
        file = str(annual.final(planned_in(annual, ANNUAL).deliverable))
        run("delivered", file, "--date", "2027-05-26", "--as-of", "2027-06-10")
        notified(annual, date(2027, 5, 26))
        ledger = annual.data / builders.NUMBER / "ledger.xlsx"
        before = ledger.read_bytes()
        result = run("accepted", file, "--date", "2027-06-02", "--paper", "最终验收单", "--as-of",
                     "2027-06-10")  # fmt: skip
        assert result.exit_code == 0, result.output
        assert "entered in data/HT-2026-001/ledger.xlsx, sheet 验收" in result.stdout
        (*_, row) = acceptances(annual)
        assert (row.stage, row.notice_received, row.accepted, row.result, row.document) == (
            "最终", date(2027, 5, 26), date(2027, 6, 2), "通过", "最终验收单",
        )  # fmt: skip
        entered = ledger.read_bytes()
        again = run("accepted", file, "--date", "2027-06-02", "--as-of", "2027-06-10")
        assert (again.exit_code, ledger.read_bytes()) == (1, entered)
        assert run("undo").exit_code == 0
        assert ledger.read_bytes() == before

    def test_what_the_ledger_refuses_is_recorded_and_told(self, annual: Folders, run: Run) -> None:
        file = str(annual.final(planned_in(annual, ANNUAL).deliverable))
        run("delivered", file, "--date", "2027-05-26", "--as-of", "2027-06-10")
        notified(annual, date(2027, 6, 5))
        before = acceptances(annual)
        result = run("accepted", file, "--date", "2027-06-02", "--as-of", "2027-06-10")
        assert result.exit_code == 0
        assert "not entered in the workbook" in result.stderr
        assert acceptances(annual) == before
        assert planned_in(annual, ANNUAL, date(2027, 6, 10)).life.accepted is not None

    def test_with_no_ledger_the_workbooks_stay_as_they_are(self, annual: Folders, run: Run) -> None:
        file = str(annual.final(planned_in(annual, ANNUAL).deliverable))
        run("delivered", file, "--date", "2027-05-26", "--as-of", "2027-06-10")
        before = acceptances(annual)
        words = ("--paper", "最终验收单", "--no-ledger", "--as-of", "2027-06-10")
        assert run("accepted", file, "--date", "2027-06-02", *words).exit_code == 0
        assert acceptances(annual) == before

    def test_the_receipt_of_a_request_stands_in_the_ledger_too(
        self, letter: Folders, run: Run
    ) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        row = {"file": "ledger.xlsx", "sheet": "请款", "row": 3,
               "values": [1, "函1", "2026-08-06", None, "400000.00", "函"]}  # fmt: skip
        builders.edit(letter.data / builders.NUMBER, row)
        file = str(letter.final(planned_in(letter, LETTER).deliverable))
        done = run("delivered", file, "--date", "2026-08-07", "--as-of", "2026-08-10")
        assert done.exit_code == 0, done.output
        assert "sheet 请款" in done.stdout

    def test_a_request_that_has_no_row_yet_gets_one_with_its_receipt(
        self, letter: Folders, run: Run
    ) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        file = str(letter.final(planned_in(letter, LETTER).deliverable))
        words = ("delivered", file, "--date", "2026-08-07", "--as-of", "2026-08-10")
        assert run(*words).exit_code == 0
        again = run(*words, "--again")
        assert "sheet 请款" not in again.stdout
        book = examined_in(letter).book
        assert book is not None
        assert book.ledger is not None
        (row,) = book.ledger.requests
        final = planned_in(letter, LETTER).life.final
        assert final is not None
        assert (row.instalment, row.sent, row.delivered) == (1, final.as_of, date(2026, 8, 7))
        assert row.amount == Decimal("400000.00")

    def test_status_shows_every_stage_with_its_day(self, letter: Folders, run: Run) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        happened(letter, LETTER, Stage.DELIVERED, DELIVERED)
        line = next(line for line in run("status").stdout.splitlines() if "2026-08-07" in line)
        assert re.split(r"\s{2,}", line.strip())[:6] == [
            "付款申请函", "1", "2026-08-05", "2026-08-06", "2026-08-07", "—"
        ]  # fmt: skip

    def test_status_shows_until_when_the_client_must_accept(
        self, annual: Folders, run: Run
    ) -> None:
        happened(annual, ANNUAL, Stage.DELIVERED, date(2027, 5, 25))
        notified(annual, date(2027, 5, 26))
        assert "silence is no acceptance" in run("status").stdout.replace("\n", " ")
        assert "暂定" in run("plan", "--as-of", "2027-06-01").stdout

    def test_status_tells_of_a_sealed_copy_that_was_changed(
        self, letter: Folders, run: Run
    ) -> None:
        paper = happened(letter, LETTER, Stage.SEALED, SEALED).paper
        assert paper is not None
        paper.chmod(0o600)
        paper.write_bytes(b"%PDF another")
        result = run("status")
        assert result.exit_code == 1
        assert "error[seal-final-changed] recorded as sealed with SHA-256" in result.stderr

    def test_withdraw_records_the_reason_and_status_tells_it(
        self, letter: Folders, run: Run
    ) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        file = str(letter.final(planned_in(letter, LETTER).deliverable))
        words = ("--date", "2026-08-07", "--as-of", "2026-08-10", "--by", "王敏")
        assert run("withdraw", file, *words).exit_code == 2
        result = run("withdraw", file, *words, "--reason", "金额漏列一笔")
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("withdrawn  ")
        assert "build payment_request --period 1" in result.stderr
        told = " ".join(run("status").stdout.split())
        assert "2026-08-05 2026-08-06 — — withdrawn 2026-08-07 by 王敏: 金额漏列一笔" in told

    def test_a_refusal_ends_with_code_1_and_says_why(self, letter: Folders, run: Run) -> None:
        draft = str(next(letter.out.rglob("*付款申请函*草稿.docx")))
        result = run("delivered", draft, "--date", "2026-08-07", "--as-of", "2026-08-10")
        assert result.exit_code == 1
        assert "payment_request/1 is not sealed yet" in result.stderr
        assert "in this order: deliverables sealed " in result.stderr

    def test_on_a_terminal_it_is_asked_before_anything_is_recorded(
        self, letter: Folders, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        happened(letter, LETTER, Stage.SEALED, SEALED)
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
        file = letter.final(planned_in(letter, LETTER).deliverable)
        words = ("delivered", str(file), "--date", "2026-08-07", "--as-of", "2026-08-10")
        asked = run(*words)
        assert f"record {file.name} as delivered on 2026-08-07?" in asked.stderr
        assert planned_in(letter, LETTER).life.delivered is None
        assert run(*words, "--yes").exit_code == 0
        assert planned_in(letter, LETTER).life.delivered is not None

    def test_a_terminal_is_asked_for_the_scan_and_the_day_and_a_script_must_give_them(
        self, letter: Folders, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = letter.final(planned_in(letter, LETTER).deliverable)
        answers = f"{scan(letter.data.parent)}\n6 August\n2026-08-06\n"
        words = ["--lang", "en", "sealed", str(file), "--as-of", "2026-08-10"]
        alone = CliRunner().invoke(main, words, input=answers)
        assert (alone.exit_code, "Missing option" in alone.stderr) == (2, True)
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
        asked = CliRunner().invoke(main, words, input=answers)
        assert "6 August is no day" in asked.stderr
        sealed = planned_in(letter, LETTER).life.sealed
        assert sealed is not None
        assert sealed.as_of == date(2026, 8, 6)


UNSEALED = {
    "file": "contract.yaml",
    "replace": "form: operations,\n  sealed: 是}",
    "with": "form: operations,\n  sealed: 否, due: 每季度结束后5日内}",
}


def test_a_report_that_no_seal_is_asked_for_goes_from_final_to_the_client(folders: Folders) -> None:
    builders.edit(folders.data / builders.NUMBER, UNSEALED)
    draft = read_document(drafted(folders, REPORT, date(2026, 8, 3)))
    told = [text for block in draft.blocks for text in block.texts]
    assert "（盖章处）" not in told
    assert not [text for text in told if "用印" in text or "骑缝" in text]
    assert "审批" in "".join(told)
    assert str(planned_in(folders, REPORT).deliverable.due) == "2026年8月3日"

    as_if_final(folders, REPORT, date(2026, 8, 3))
    (unasked,) = happened(folders, REPORT, Stage.SEALED, SEALED).problems
    assert unasked.code == "seal-unasked"
    assert "第三条" in str(unasked.message)
    assert on_the_agenda(folders, SEALED) == [f"{REPORT}/due"]
    assert happened(folders, REPORT, Stage.DELIVERED, DELIVERED).entry is not None
    planned = planned_in(folders, REPORT, DELIVERED)
    assert (planned.status.stage, planned.acceptance) == (Stage.DELIVERED, "")
    assert on_the_agenda(folders, DELIVERED) == []


def on_the_agenda(folders: Folders, day: date) -> list[str]:
    """Return what of the report is on the agenda of a day."""
    book = examined_in(folders).book
    assert book is not None
    found = agenda(book, plan(book, folders, day), day)
    return [one.key for one in found if one.key.startswith(REPORT)]


def test_what_no_seal_is_asked_for_becomes_final_without_a_form(folders: Folders) -> None:
    drafted(folders, LETTER)
    planned = planned_in(folders, LETTER)
    unsealed = replace(planned, deliverable=replace(planned.deliverable, sealed=False))
    wish = Wish(moment=MOMENT, today=LATER, day=LATER)
    done = finalise(unsealed, examined_in(folders), folders, wish, press(2))
    assert (done.problems, done.form) == ((), None)
    assert done.entry is not None
    assert "form" not in done.entry.details


def test_draft_final_document_and_pdf_are_the_same_deliverable(letter: Folders) -> None:
    file = letter.final(planned_in(letter, LETTER).deliverable)
    draft = next(letter.out.rglob("*付款申请函*草稿.docx"))
    for path in (draft, file, file.with_suffix(".pdf")):
        assert find_document(letter.out, path) == (builders.NUMBER, LETTER)
    assert find_document(letter.out, letter.register(builders.NUMBER)) is None
