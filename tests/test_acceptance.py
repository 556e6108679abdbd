"""The acceptance materials: one annual summary, four quarterly reports, all of them sealed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import builders
import pytest
from click.testing import Result
from finals import (
    LETTER,
    as_if_final,
    drafted,
    examined_in,
    final,
    happened,
    planned_in,
    year,
)

from deliverables.acceptance import Pack, acceptance_closure, acceptance_pack, sealed_closure
from deliverables.folders import Folders
from deliverables.register import append
from deliverables.status import Stage

pytestmark = pytest.mark.thorough

ANNUAL = "annual_summary/annual"
QUARTERS = [f"quarterly_report/Q{number}" for number in (1, 2, 3, 4)]
MADE, SEALED = date(2027, 5, 24), date(2027, 5, 25)
AS_OF = date(2027, 5, 31)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return year(tmp_path)


@pytest.fixture
def sealed(folders: Folders) -> Folders:
    """All five materials sealed."""
    builders.copy_of(_sealed, folders.data.parent)
    return folders


def _sealed(folder: Path) -> None:
    folders = year(folder)
    for key in (*QUARTERS, ANNUAL):
        seal(folders, key)


def seal(folders: Folders, key: str) -> None:
    drafted(folders, key, MADE)
    as_if_final(folders, key, MADE)
    assert happened(folders, key, Stage.SEALED, SEALED).entry is not None


def pack(folders: Folders, as_of: date = AS_OF) -> Pack:
    book = examined_in(folders).book
    assert book is not None
    return acceptance_pack(book, folders, as_of)


def lacking(folders: Folders, as_of: date = AS_OF) -> dict[str, str]:
    return {item.deliverable.key: str(item.lacks) for item in pack(folders, as_of).materials
            if item.lacks}  # fmt: skip


def remarks(folders: Folders) -> dict[str, list[str]]:
    return {item.deliverable.key: [str(remark) for remark in item.remarks]
            for item in pack(folders).materials if item.remarks}  # fmt: skip


def test_the_materials_are_those_the_contract_names(folders: Folders) -> None:
    assert [item.deliverable.key for item in pack(folders).materials] == [ANNUAL, *QUARTERS]


def test_sealed_all_of_them_the_pack_is_complete(sealed: Folders) -> None:
    assert pack(sealed).complete
    assert lacking(sealed) == {}
    assert remarks(sealed) == {}


def test_what_is_missing_is_listed_with_how_far_it_has_come(folders: Folders) -> None:
    seal(folders, QUARTERS[0])
    drafted(folders, QUARTERS[1], MADE)
    as_if_final(folders, QUARTERS[1], MADE)
    drafted(folders, QUARTERS[2], MADE)
    assert not pack(folders).complete
    assert lacking(folders) == {
        ANNUAL: "not made",
        QUARTERS[1]: "final, not sealed",
        QUARTERS[2]: "a draft, not final",
        QUARTERS[3]: "not made",
    }


def test_before_the_term_is_over_it_says_from_when_they_are_possible(folders: Folders) -> None:
    found = lacking(folders, date(2026, 11, 2))
    assert found[QUARTERS[2]] == "not made: possible from 2027-01-30"
    assert found[ANNUAL] == "not made: possible from 2027-04-30"


def test_what_was_sealed_later_was_not_there_then(sealed: Folders) -> None:
    assert lacking(sealed, MADE) == dict.fromkeys((ANNUAL, *QUARTERS), "final, not sealed")


def test_a_sealed_copy_that_is_gone_is_missing(sealed: Folders) -> None:
    copy = next((sealed.out / builders.NUMBER / "Q2").rglob("*用印件.pdf"))
    copy.chmod(0o600)
    copy.unlink()
    assert lacking(sealed) == {QUARTERS[1]: "the sealed copy is not the one that was recorded"}


def test_data_that_changed_between_two_of_them_are_pointed_out(folders: Folders) -> None:
    for key in QUARTERS:
        seal(folders, key)
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
    )
    seal(folders, ANNUAL)
    changed = f"{builders.NUMBER}/operations/Q1.xlsx was another when"
    assert remarks(folders)[ANNUAL] == [f"{changed} {key} was made" for key in QUARTERS]
    assert pack(folders).complete


def test_a_newer_draft_of_a_sealed_material_is_pointed_out(sealed: Folders) -> None:
    drafted(sealed, QUARTERS[0], AS_OF, replace_edited=True)
    assert remarks(sealed) == {
        QUARTERS[0]: ["a newer draft exists: the sealed one is of the earlier"]
    }


def differing(folders: Folders) -> list[str]:
    book = examined_in(folders).book
    assert book is not None
    return [problem.in_language("en") for problem in sealed_closure(book, folders)]


def test_sealed_reports_whose_data_stand_differ_from_nothing(sealed: Folders) -> None:
    assert differing(sealed) == []


def test_data_changed_after_a_report_was_sealed_are_warned_of(
    sealed: Folders, run: Callable[..., Result]
) -> None:
    builders.edit(
        sealed.data / builders.NUMBER,
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "C3", "value": "2026-05-07 13:00"},
    )
    warned = differing(sealed)
    assert len(warned) == 5  # the later quarters state the term so far, the year all of it
    for warning in warned:
        assert "warning[closure-sealed] final, and changed since: " in warning
        assert "operations/Q1.xlsx" in warning
    assert "warning[closure-sealed]" in run("check").output


class TestTheLedger:
    """It is the evidence: the register only points out where the two disagree."""

    @pytest.fixture
    def accepted(self, sealed: Folders) -> Folders:
        happened(sealed, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
        happened(sealed, ANNUAL, Stage.ACCEPTED, date(2027, 6, 2))
        return sealed

    def closure(self, folders: Folders) -> list[str]:
        book = examined_in(folders).book
        assert book is not None
        problems = acceptance_closure(book, folders)
        assert {problem.code for problem in problems} <= {"acceptance-closure"}
        return [f"{str(problem.source).rpartition('/')[2]}: {problem.message}"
                for problem in problems]  # fmt: skip

    def enter(self, folders: Folders, *values: str) -> None:
        row = {"file": "ledger.xlsx", "sheet": "验收", "row": 3, "values": values}
        builders.edit(folders.data / builders.NUMBER, row)

    def test_a_ledger_that_says_the_same_is_no_problem(self, accepted: Folders) -> None:
        self.enter(accepted, "最终", "2027-05-26", "2027-06-02", "通过", "验收单", "验收单")
        assert self.closure(accepted) == []

    def test_an_acceptance_that_the_ledger_lacks(self, accepted: Folders) -> None:
        assert self.closure(accepted) == [
            (
                "ledger.xlsx[验收]: the register has annual_summary/annual answered on 2027-06-02 "
                "(通过), no row here does"
            )
        ]

    def test_another_result(self, accepted: Folders) -> None:
        self.enter(accepted, "最终", "2027-05-26", "2027-06-02", "不通过", "验收单", "验收单")
        assert self.closure(accepted) == [
            "ledger.xlsx[验收]!D3: 不通过 here, the register has 通过",
        ]

    def test_the_notice_of_acceptance_has_a_day_of_its_own(self, accepted: Folders) -> None:
        self.enter(accepted, "最终", "2027-05-27", "2027-06-02", "通过", "验收单", "验收单")
        assert self.closure(accepted) == []

    def test_a_row_that_was_entered_after_sealing_contradicts_nothing(
        self, accepted: Folders
    ) -> None:
        self.enter(accepted, "最终", "2027-05-26", "2027-06-02", "通过", "验收单", "验收单")
        assert differing(accepted) == []

    def test_an_acceptance_that_the_register_lacks(self, sealed: Folders) -> None:
        happened(sealed, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
        self.enter(sealed, "最终", "2027-05-26", "2027-06-02", "通过", "验收单", "验收单")
        assert self.closure(sealed) == [
            (
                "ledger.xlsx[验收]!C3: answered on 2027-06-02 here, the register has no answer to "
                "annual_summary/annual"
            )
        ]

    def test_one_that_the_record_of_acceptance_tells_is_told(self, sealed: Folders) -> None:
        delivered = happened(sealed, ANNUAL, Stage.DELIVERED, date(2027, 5, 26)).entry
        assert delivered is not None
        accepted = replace(delivered, deliverable="acceptance_record/final", event="accepted",
                           as_of=date(2027, 6, 2), details={"result": "通过"})  # fmt: skip
        append(sealed.register(builders.NUMBER), accepted)
        assert self.closure(sealed) == [
            (
                "ledger.xlsx[验收]: the register has acceptance_record/final answered on "
                "2027-06-02 (通过), no row here does"
            )
        ]
        self.enter(sealed, "最终", "2027-05-26", "2027-06-02", "通过", "验收书", "验收书")
        assert self.closure(sealed) == []

    def test_what_was_never_delivered_is_not_asked_for(self, folders: Folders) -> None:
        final(folders, LETTER)
        assert self.closure(folders) == []

    def test_only_the_ledger_meets_the_condition_of_a_payment(self, accepted: Folders) -> None:
        last = planned_in(accepted, "payment_request/2", date(2027, 6, 10)).deliverable
        assert any("final acceptance" in str(blocker.reason) for blocker in last.blockers)


def test_the_command_tells_it_to_people_and_to_programs(
    sealed: Folders, run: Callable[..., Result]
) -> None:
    happened(sealed, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
    builders.edit(
        sealed.data / builders.NUMBER,
        {"file": "ledger.xlsx", "sheet": "验收", "row": 3,
         "values": ["最终", "2027-05-27", None, "未完成", None, "签收回执"]},
    )  # fmt: skip
    text = run("acceptance", "--as-of", "2027-05-31")
    assert text.exit_code == 0
    assert (
        "HT-2026-001: the acceptance materials (第三条) are complete, all 5 sealed" in text.stdout
    )
    (facts,) = json.loads(run("acceptance", "--as-of", "2027-05-31", "--format", "json").stdout)[
        "contracts"
    ]
    assert facts["complete"] is True
    annual = facts["materials"][0]
    assert annual["stages"] == {
        "final": "2027-05-24", "sealed": "2027-05-25", "delivered": "2027-05-26"
    }  # fmt: skip
    assert annual["due_is_provisional"] is True


def test_an_incomplete_pack_names_the_count(folders: Folders, run: Callable[..., Result]) -> None:
    result = run("acceptance", "--as-of", "2027-05-31")
    assert "5 of 5 acceptance materials (第三条) are missing" in result.stdout


def test_check_warns_where_register_and_ledger_disagree(
    sealed: Folders, run: Callable[..., Result]
) -> None:
    happened(sealed, ANNUAL, Stage.DELIVERED, date(2027, 5, 26))
    happened(sealed, ANNUAL, Stage.ACCEPTED, date(2027, 6, 2))
    result = run("check")
    assert result.exit_code == 0
    assert "warning[acceptance-closure]" in result.stdout
