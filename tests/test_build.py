"""The whole job: what is made, what is blocked and why, and that nothing of the user's is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO, FileIO
from pathlib import Path
from zipfile import ZipFile

import builders
import pytest
from building import built, examined_in, request_for
from office import validate_ooxml

from deliverables import draft
from deliverables.build import build, build_all
from deliverables.docx import render as engine
from deliverables.docx.render import Rendered
from deliverables.files.disk import Disk, instead
from deliverables.files.placement import ROOM
from deliverables.files.result import Result
from deliverables.fleet import Fleet
from deliverables.folders import Folders
from deliverables.model.ledger_sheets import Ledger
from deliverables.plan import Outcome, plan
from deliverables.recognition import Registers, verify
from deliverables.register import read_register
from deliverables.verify.document import read_document


def test_after_the_first_quarter_its_report_can_be_made(folders: Folders) -> None:
    outcomes = built(folders, date(2026, 8, 3))
    assert {key: outcome.result for key, outcome in outcomes.items()} == {
        "annual_summary/annual": Result.NOT_YET,
        "confidentiality_agreement/S001": Result.MADE,
        "confidentiality_coverage/coverage": Result.MADE,
        "payment_reminder/1": Result.BLOCKED,
        "payment_request/1": Result.MADE,
        "payment_request/2": Result.NOT_YET,
        "quarterly_report/Q1": Result.MADE,
        "quarterly_report/Q2": Result.NOT_YET,
        "quarterly_report/Q3": Result.NOT_YET,
        "quarterly_report/Q4": Result.NOT_YET,
        "settlement_statement/statement": Result.MADE,
    }


def test_what_a_person_decides_on_is_made_only_when_it_is_named(folders: Folders) -> None:
    day, book = date(2026, 8, 3), examined_in(folders).book
    assert book is not None
    letter = next(
        one.deliverable for one in plan(book, folders, day) if not one.deliverable.on_demand
    )
    claim = replace(letter, on_demand=True)
    assert request_for(day).wants(letter)
    assert not request_for(day).wants(claim)
    assert request_for(day, kinds=frozenset({claim.kind})).wants(claim)
    group = request_for(day, kinds=frozenset({claim.kind}), only_needed=True)
    assert not group.wants(claim), "a group of what is due holds no claim"
    named = frozenset({claim.part})
    assert request_for(day, parts=named).wants(letter)
    assert not request_for(day, parts=named).wants(claim), "1 is a part of other kinds too"
    assert request_for(day, kinds=frozenset({claim.kind}), parts=named).wants(claim)


def test_the_day_a_quarter_ends_its_report_is_not_yet_possible(folders: Folders) -> None:
    assert built(folders, date(2026, 7, 29))["quarterly_report/Q1"].result is Result.NOT_YET
    assert built(folders, date(2026, 7, 30))["quarterly_report/Q1"].result is Result.MADE


def test_a_quarter_without_its_workbook_is_blocked_and_says_so(folders: Folders) -> None:
    outcome = built(folders, date(2026, 11, 2))["quarterly_report/Q2"]
    assert outcome.result is Result.BLOCKED
    assert [str(reason) for reason in outcome.reasons] == [
        "operations/Q2.xlsx is missing, blank or unreadable: fill it in first"
    ]


def test_an_unmet_condition_can_be_waived_for_a_draft_that_says_so(folders: Folders) -> None:
    wish = {"parts": frozenset({"2"})}
    day = date(2027, 5, 10)
    assert built(folders, day, **wish)["payment_request/2"].result is Result.BLOCKED
    waived = built(folders, day, anyway=True, **wish)["payment_request/2"]
    assert waived.result is Result.MADE
    assert waived.file is not None
    assert "条件未成就" in read_document(waived.file).text


def test_building_again_changes_nothing(folders: Folders) -> None:
    built(folders, date(2026, 8, 3))
    again = built(folders, date(2026, 8, 3))
    assert again["quarterly_report/Q1"].result is Result.UNCHANGED
    entries, problems = read_register(folders.register(builders.NUMBER))
    assert len(entries) == 5
    assert problems == ()


def never(*_: object) -> Rendered:
    raise AssertionError("a document was rendered")


def kept_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test if a document is rendered from now on."""
    monkeypatch.setattr(engine, "render", never)


def test_what_is_there_is_not_even_computed(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folders, date(2026, 8, 3))
    monkeypatch.setattr(draft, "substance_of", never)
    again = built(folders, date(2026, 8, 3))
    assert {one.result for one in again.values() if one.file} == {Result.UNCHANGED}


def test_a_file_saved_anew_that_says_the_same_is_recorded_and_nothing_is_rendered(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folders, date(2026, 8, 3))
    builders.edit(folders.data / builders.NUMBER, {"file": "contract.yaml", "append": "# seen\n"})
    kept_open(monkeypatch)
    again = built(folders, date(2026, 8, 3))
    assert {one.result for one in again.values() if one.file} == {Result.UNCHANGED}
    examined = examined_in(folders)
    assert examined.book is not None
    words = {one.status.word for one in plan(examined.book, folders, date(2026, 8, 3)) if one.made}
    assert words == {"draft"}


def test_a_statement_is_made_anew_when_what_it_states_changed_with_the_day(
    folders: Folders,
) -> None:
    key = "settlement_statement/statement"
    paid = {"期次": 1, "到账日期": date(2026, 8, 10), "到账金额": 100000}
    ledger = builders.workbook(Ledger, {"示例数据": "否"}, {"到账": [paid]})
    ledger.save(folders.data / builders.NUMBER / "ledger.xlsx")
    built(folders, date(2026, 8, 3))
    same = built(folders, date(2026, 8, 4), only_needed=True)
    late = built(folders, date(2026, 8, 11), only_needed=True)
    assert same[key].result is Result.UNCHANGED
    assert late[key].result is Result.MADE
    assert list(map(str, late[key].reasons)) == ["the earlier one was as of 2026-08-03"]


def test_a_changed_input_makes_its_documents_stale_and_only_those(folders: Folders) -> None:
    built(folders, date(2026, 8, 3))
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
    )
    examined = examined_in(folders)
    assert examined.book is not None
    standing = {
        planned.deliverable.key: (planned.status.word, [str(reason) for reason in planned.reasons])
        for planned in plan(examined.book, folders, date(2026, 8, 3))
        if planned.made
    }
    assert standing["quarterly_report/Q1"] == (
        "stale",
        [f"changed: {builders.NUMBER}/operations/Q1.xlsx"],
    )
    assert standing["payment_request/1"] == ("draft", [])


def test_a_document_made_anew_says_why(folders: Folders) -> None:
    file = built(folders, date(2026, 8, 3))["quarterly_report/Q1"].file
    assert file is not None
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "光模块故障"},
    )
    file.write_bytes(b"mended by hand")
    again = built(folders, date(2026, 8, 4), replace_edited=True)
    (*_, because, kept) = map(str, again["quarterly_report/Q1"].reasons)
    assert because == "the earlier one was as of 2026-08-03"
    assert kept.startswith("what was edited is kept as ")
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "H3", "value": "板卡故障"},
    )
    last = built(folders, date(2026, 8, 4))["quarterly_report/Q1"]
    assert [str(reason) for reason in last.reasons] == [
        f"changed: {builders.NUMBER}/operations/Q1.xlsx"
    ]


def test_a_draft_edited_by_hand_is_kept(folders: Folders) -> None:
    file = built(folders, date(2026, 8, 3))["quarterly_report/Q1"].file
    assert file is not None
    file.write_bytes(b"mended by hand")
    again = built(folders, date(2026, 8, 3))["quarterly_report/Q1"]
    assert again.result is Result.KEPT
    assert file.read_bytes() == b"mended by hand"


def test_a_contract_with_errors_makes_nothing(folders: Folders) -> None:
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "contract.yaml", "replace": "600,000.00", "with": "600,000.01"},
    )
    examined = examined_in(folders)
    assert not examined.sound
    assert build(examined, folders, request_for(date(2026, 8, 3)), lambda _: None) == ()
    assert not folders.out.exists()


def test_a_document_that_does_not_prove_true_is_not_saved(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = engine.render

    def with_a_wrong_digit(*given: object) -> Rendered:
        document, rendered = BytesIO(), honest(*given)
        with ZipFile(BytesIO(rendered)) as right, ZipFile(document, "w") as wrong:
            for name in right.namelist():
                content = right.read(name)
                if name == "word/document.xml":
                    content = content.replace(b"400,000.00", b"400,000.10")
                wrong.writestr(name, content)
        return Rendered(document.getvalue(), rendered.trace)

    monkeypatch.setattr(engine, "render", with_a_wrong_digit)
    outcome = built(folders, date(2026, 8, 3))["payment_request/1"]
    assert outcome.result is Result.REFUTED
    assert any("400,000.10" in finding.found for finding in outcome.findings)
    assert not folders.document(outcome.deliverable).exists()


def test_the_handwriting_mode_is_remembered_for_the_proof(folders: Folders) -> None:
    kinds = frozenset({"confidentiality_agreement"})
    outcome = built(folders, date(2026, 8, 3), kinds=kinds, options=frozenset({"no-id"}))
    file = outcome["confidentiality_agreement/S001"].file
    assert file is not None
    known = Registers(folders).recognise(file)
    found = verify(known, examined_in(folders), folders, ())
    assert (found.differences, found.changes) == ((), ())


def number_in(outcome: Outcome) -> bool:
    assert outcome.file is not None
    return "999999199001010016" in read_document(outcome.file).text


def test_a_number_left_for_handwriting_stays_blank_until_it_is_asked_for(folders: Folders) -> None:
    key, day = "confidentiality_agreement/S001", date(2026, 8, 3)
    assert not number_in(built(folders, day, options=frozenset({"no-id"}))[key])
    assert not number_in(built(folders, date(2026, 8, 4))[key])
    assert number_in(built(folders, day, options=frozenset())[key])


def test_a_later_batch_does_not_date_current_drafts_anew(folders: Folders) -> None:
    built(folders, date(2026, 8, 3))
    later = built(folders, date(2026, 9, 1), only_needed=True)
    assert later["quarterly_report/Q1"].result is Result.UNCHANGED
    assert later["quarterly_report/Q1"].file is not None
    assert "2026年8月3日" in read_document(later["quarterly_report/Q1"].file).text


MARKUP = '甲 & 乙 <b>"丙"/丁\\戊'


@pytest.mark.parametrize(
    "name",
    [
        MARKUP,
        "阿卜杜拉·买买提",
        "何𠮷祥",
        "{{ 7*7 }}{% raw %}",
        "吾" * 120,
        "../../etc/passwd",
        "CON",
    ],
)
def test_a_name_is_printed_as_it_is_and_nothing_else(folders: Folders, name: str) -> None:
    assert name in read_document(agreement_of(folders, name)).text


@pytest.mark.office
def test_a_name_like_markup_leaves_the_document_valid(folders: Folders) -> None:
    validate_ooxml(agreement_of(folders, MARKUP))


def agreement_of(folders: Folders, name: str) -> Path:
    """Return the agreement of the person on the roster, who is called so."""
    builders.edit(
        folders.data / builders.NUMBER,
        {"file": "staff.xlsx", "sheet": "人员名册", "cell": "B3", "value": name},
    )
    wish = {"kinds": frozenset({"confidentiality_agreement"})}
    outcome = built(folders, date(2026, 8, 3), **wish)["confidentiality_agreement/S001"]
    assert outcome.result is Result.MADE
    assert outcome.file is not None
    assert outcome.file.parent == folders.contract(builders.NUMBER) / "staff"
    return outcome.file


def test_a_run_over_contracts_that_was_ended_is_taken_up_by_the_same_command(
    folders: Folders,
) -> None:
    builders.copy_of_contract(folders.data, "HT-2026-002")
    kinds = frozenset({"confidentiality_coverage"})
    request = request_for(date(2026, 8, 3), kinds=kinds, only_needed=True)

    class EndedError(BaseException):
        pass

    class Ending(Disk):
        def create(self, path: Path, mode: int) -> FileIO:
            if path.parent == folders.contract("HT-2026-002") / ROOM:
                raise EndedError
            return super().create(path, mode)

    def run() -> dict[str, list[Result]]:
        with Fleet(1) as fleet:
            done = list(build_all(folders, request, lambda _: None, fleet))
        return {one.contract: [each.result for each in outcomes] for one, outcomes in done}

    with instead(Ending()), pytest.raises(EndedError):
        run()
    before = {file: file.read_bytes() for file in folders.out.rglob("*.docx")}
    first, second = (results for _, results in sorted(run().items()))
    assert (first, second) == ([Result.UNCHANGED], [Result.MADE])
    after = {file: file.read_bytes() for file in folders.out.rglob("*.docx")}
    assert len(after) == 2
    assert before.items() < after.items()
