"""A draft becomes final as it was saved, without a trace of its marks, or every reason is told."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import builders
import office
import pytest
from finals import (
    AGREEMENT,
    COVERAGE,
    IDENTITY_NUMBER,
    LATER,
    LETTER,
    MADE,
    REPORT,
    as_if_final,
    codes,
    drafted,
    entries,
    examined_in,
    final,
    finished,
    mend,
    parts_of,
    pdf,
    planned_in,
    rewrite,
    said,
    scan,
)
from finished import Run
from office import validate_ooxml

from deliverables.docx.package import Package
from deliverables.docx.page_numbers import page_numbers
from deliverables.docx.render import Stamp, render
from deliverables.draft import recompose
from deliverables.files.digest import sha256_of
from deliverables.final import Wish, finalise, press_once
from deliverables.folders import Folders
from deliverables.kinds import Sealing, kinds
from deliverables.pdf.office import PROGRAM
from deliverables.register import append, read_register
from deliverables.seal import count_pages
from deliverables.status import Stage
from deliverables.verify.document import read_document

pytestmark = pytest.mark.thorough

TRACES = ("草稿", "示例", "PowerPlusWaterMark", "v:shape", "textpath", "WaterMark")
READ_ONLY = 0o222


def text_of(file: Path) -> str:
    return read_document(file).text


def change(folders: Folders, **what: object) -> None:
    builders.edit(folders.data / builders.NUMBER, what)


def document_of(folders: Folders, key: str) -> Path:
    file = final(folders, key).file
    assert file is not None
    return file


class TestWhatItSays:
    def test_prose_mended_in_word_is_kept(self, folders: Folders) -> None:
        draft = drafted(folders, LETTER)
        mend(draft, "现申请支付", "现谨此申请支付")
        done = finished(folders, LETTER, approve=("all",), by="王敏", role="项目经理")
        assert done.problems == ()
        assert done.file is not None
        assert "现谨此申请支付" in text_of(done.file)
        assert done.entry is not None
        assert done.entry.details["edited"] == "yes"

    @pytest.mark.parametrize("key", [LETTER, AGREEMENT, COVERAGE])
    def test_nothing_is_left_of_a_mark(self, folders: Folders, key: str) -> None:
        parts = parts_of(document_of(folders, key))
        everything = b"".join(parts.values()).decode()
        assert [trace for trace in TRACES if trace in everything] == []

    @pytest.mark.parametrize("key", [LETTER, AGREEMENT, COVERAGE])
    def test_it_is_the_document_that_was_never_marked(self, folders: Folders, key: str) -> None:
        file = document_of(folders, key)
        book, made = examined_in(folders).book, planned_in(folders, key).made
        assert book is not None
        assert made is not None
        again = recompose(made, book, folders)
        unmarked = render(again.template, again.context, Stamp(False, False), again.properties)
        assert set(parts_of(file)) == set(parts_of(unmarked))
        assert read_document(file).text == read_document(unmarked).text

    @pytest.mark.office
    def test_it_bears_the_number_and_the_day_that_it_is_given(self, folders: Folders) -> None:
        draft = drafted(folders, LETTER)
        assert "2026年8月5日" not in text_of(draft)
        done = finished(folders, LETTER, day=LATER, number="示范函〔2026〕1号")
        assert done.file is not None
        lines = text_of(done.file).splitlines()
        assert lines[lines.index("示范甲方单位：") - 1] == "示范函〔2026〕1号"
        assert lines[lines.index("（盖章处）") + 1] == "2026年8月5日"
        assert done.entry is not None
        assert done.entry.as_of == LATER
        assert done.entry.details["number"] == "示范函〔2026〕1号"
        validate_ooxml(done.file)

    def test_a_number_that_a_person_wrote_is_not_written_twice(self, folders: Folders) -> None:
        draft = drafted(folders, LETTER)
        first = finished(folders, LETTER, number="示范函〔2026〕1号").file
        assert first is not None
        written = parts_of(first)["word/document.xml"]
        rewrite(draft, lambda parts: parts.update({"word/document.xml": written}))
        again = finished(folders, LETTER, number="示范函〔2026〕1号", replace=True).file
        assert again is not None
        assert text_of(again).count("示范函〔2026〕1号") == 1

    def test_without_a_day_it_keeps_that_of_the_draft(self, folders: Folders) -> None:
        assert "2026年8月3日" in text_of(document_of(folders, LETTER))

    def test_its_properties_name_no_person_and_no_machine(self, folders: Folders) -> None:
        draft = drafted(folders, LETTER)
        mend(draft, "<cp:lastModifiedBy>", "<cp:lastModifiedBy>某某的电脑", "docProps/core.xml")
        file = finished(folders, LETTER).file
        assert file is not None
        assert "某某的电脑" not in parts_of(file)["docProps/core.xml"].decode()

    @pytest.mark.office
    def test_a_draft_saved_by_libreoffice_loses_its_marks_too(
        self, folders: Folders, tmp_path: Path
    ) -> None:
        draft = drafted(folders, COVERAGE)
        saved_by_libreoffice(draft, tmp_path)
        done = finished(folders, COVERAGE)
        assert said(done) == ""
        assert done.file is not None
        everything = b"".join(parts_of(done.file).values()).decode()
        assert [trace for trace in TRACES if trace in everything] == []


def saved_by_libreoffice(draft: Path, folder: Path) -> None:
    (saved,) = office.saved_again([draft], folder / "saved")
    shutil.copy(saved, draft)


class TestItsFiles:
    def test_it_lies_beside_the_draft_without_the_word_draft_in_its_name(
        self, folders: Folders
    ) -> None:
        done = final(folders, LETTER)
        place = folders.contract(builders.NUMBER) / "payments" / "定稿"
        assert sorted(path.name for path in place.iterdir()) == [
            "HT-2026-001_付款申请函_第1期.docx",
            "HT-2026-001_付款申请函_第1期.pdf",
            "HT-2026-001_付款申请函_第1期_用印申请单.docx",
        ]
        assert done.file == place / "HT-2026-001_付款申请函_第1期.docx"

    def test_document_and_pdf_are_read_only_and_the_form_is_not(self, folders: Folders) -> None:
        done = final(folders, LETTER)
        for path in (done.file, done.pdf):
            assert path is not None
            assert not stat.S_IMODE(path.stat().st_mode) & READ_ONLY
        assert done.form is not None
        assert done.form.stat().st_mode & stat.S_IWUSR

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")
    def test_what_holds_an_identity_number_is_for_its_owner_alone(self, folders: Folders) -> None:
        done = final(folders, AGREEMENT)
        for path in (done.file, done.pdf):
            assert path is not None
            assert stat.S_IMODE(path.stat().st_mode) == 0o400

    def test_the_register_has_both_hashes_and_the_pages(self, folders: Folders) -> None:
        done = final(folders, LETTER, pages=3)
        entry = entries(folders)[-1]
        assert entry == done.entry
        assert (entry.event, entry.draft, entry.pages) == ("final", False, 3)
        assert done.file is not None
        assert done.pdf is not None
        assert entry.sha256 == sha256_of(done.file)
        assert entry.details["pdf_sha256"] == sha256_of(done.pdf)

    def test_the_chain_of_the_register_stays_whole(self, folders: Folders) -> None:
        final(folders, LETTER)
        final(folders, AGREEMENT)
        _, problems = read_register(folders.register(builders.NUMBER))
        assert problems == ()

    def test_no_identity_number_is_in_register_form_or_names(self, folders: Folders) -> None:
        done = final(folders, AGREEMENT)
        assert done.file is not None
        assert done.form is not None
        assert IDENTITY_NUMBER in text_of(done.file)
        assert IDENTITY_NUMBER not in text_of(done.form)
        assert IDENTITY_NUMBER not in folders.register(builders.NUMBER).read_text("utf-8")
        assert not [path for path in folders.out.rglob("*") if IDENTITY_NUMBER in path.name]

    def test_a_final_document_made_anew_keeps_the_earlier_one(self, folders: Folders) -> None:
        earlier = document_of(folders, LETTER)
        before = earlier.read_bytes()
        done = finished(folders, LETTER, day=LATER, replace=True)
        assert done.file == earlier
        assert earlier.with_name(f"{earlier.stem}_旧1.docx").read_bytes() == before
        assert earlier.read_bytes() != before
        assert done.entry is not None
        assert f"{earlier.stem}_旧1.docx" in done.entry.replaced

    def test_what_lies_in_its_place_unrecorded_is_kept(self, folders: Folders) -> None:
        drafted(folders, LETTER)
        place = folders.final(planned_in(folders, LETTER).deliverable)
        place.parent.mkdir(parents=True)
        place.write_bytes(b"of a run that was broken off")
        assert finished(folders, LETTER).problems == ()
        kept = place.with_name(f"{place.stem}_旧1.docx")
        assert kept.read_bytes() == b"of a run that was broken off"

    @pytest.mark.usefixtures("with_a_running_libreoffice")
    def test_libreoffice_prints_it_and_counts_its_pages(self, folders: Folders) -> None:
        drafted(folders, LETTER)
        wish = Wish(moment=entries(folders)[-1].made_at, today=LATER)
        done = finalise(planned_in(folders, LETTER), examined_in(folders), folders, wish)
        assert said(done) == ""
        assert done.pdf is not None
        pages = office.pdf_pages_text(done.pdf)
        assert done.entry.pages == len(pages) == 2
        assert "草稿" not in "".join(pages)

    @pytest.mark.usefixtures("with_a_running_libreoffice")
    def test_the_contents_of_a_report_name_the_pages_of_its_pdf(self, folders: Folders) -> None:
        pressed = press_once(drafted(folders, REPORT).read_bytes())
        numbers = page_numbers(Package.of(pressed.document))
        assert pressed.pages is not None
        assert numbers
        assert all(1 <= int(number) <= pressed.pages for number in numbers.values())


class TestTheForm:
    @pytest.mark.office
    def test_it_is_filled_in_as_far_as_the_program_knows(self, folders: Folders) -> None:
        done = final(folders, LETTER, number="示范函〔2026〕1号", copies=2)
        assert done.form is not None
        rows = {block.texts[0]: list(block.texts[1:])
                for block in read_document(done.form).blocks if block.place.row}  # fmt: skip
        assert rows["文件名称"] == ["关于申请支付政务云运维服务项目第一期款的函"]
        assert rows["文 号"] == ["示范函〔2026〕1号", "合同号", "HT-2026-001"]
        assert rows["主送单位"] == ["示范甲方单位"]
        assert rows["份数×页数"] == ["2份 × 2页，共4页"]
        assert rows["印章种类"] == ["☑公章 ☐合同专用章 ☐财务专用章 ☐法定代表人名章"]
        assert rows["盖章位置"] == ["☑落款（盖章处） ☑骑缝"]
        assert rows["用印事由"] == ["依据合同第六条出具付款申请函，申请用印"]
        assert rows["是否涉密"] == ["☐是（密级＿＿＿＿） ☐否"]
        assert rows["是否涉及 个人信息"] == ["☑是（联系人姓名、电话） ☐否"]
        assert rows["申请部门"] == ["", "申请人", ""]
        assert done.entry is not None
        assert done.entry.sha256 in text_of(done.form)
        assert done.entry.details["pdf_sha256"] in text_of(done.form)
        validate_ooxml(done.form)

    def test_a_document_of_one_page_has_no_seal_across_pages(self, folders: Folders) -> None:
        done = final(folders, LETTER, pages=1)
        assert done.form is not None
        assert "☐骑缝" in text_of(done.form)

    def test_without_a_pdf_the_pages_are_to_be_written_in(self, folders: Folders) -> None:
        done = final(folders, LETTER, pdf=False)
        assert done.pdf is None
        assert done.form is not None
        assert "页数待填" in text_of(done.form)
        assert done.entry is not None
        assert "pages" not in done.entry.details

    def test_it_is_one_page(
        self, folders: Folders, tmp_path: Path, to_pdf: Callable[[Path, Path], Path],
        pdf_pages_text: Callable[[Path], list[str]],
    ) -> None:  # fmt: skip
        form = final(folders, AGREEMENT).form
        assert form is not None
        (page,) = pdf_pages_text(to_pdf(form, tmp_path))
        assert "印章管理" in page

    def test_a_kind_that_says_nothing_of_sealing_leaves_to_a_person_what_it_does_not_know(
        self, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        silent = replace(kinds()["payment_request"], sealing=Sealing())
        monkeypatch.setitem(kinds(), "payment_request", silent)  # type: ignore[arg-type]
        done = final(folders, LETTER)
        assert done.form is not None
        assert "☐是（＿＿＿＿） ☐否" in text_of(done.form)
        assert "☑公章" in text_of(done.form)


class TestWhatSpeaksAgainstIt:
    def test_sample_data_can_never_become_final(self, folders: Folders) -> None:
        change(folders, file="ledger.xlsx", sheet="说明", cell="B2", value="是")
        drafted(folders, LETTER)
        assert codes(finished(folders, LETTER)) == ["final-sample"]

    def test_a_condition_that_was_not_met(self, folders: Folders) -> None:
        key = "payment_request/2"
        drafted(folders, key, date(2027, 5, 10), anyway=True)
        done = finished(folders, key)
        assert "final-condition" in codes(done)
        assert "final acceptance (第六条) has no evidence" in said(done)

    def test_data_that_changed_since(self, folders: Folders) -> None:
        drafted(folders, LETTER)
        change(folders, file="contract.yaml", replace="乙联系人", **{"with": "丙联系人"})
        done = finished(folders, LETTER)
        assert "final-stale" in codes(done)
        assert f"changed since it was made: {builders.NUMBER}/contract.yaml" in said(done)

    def test_a_template_that_changed_since(self, folders: Folders, tmp_path: Path) -> None:
        drafted(folders, LETTER)
        own = tmp_path / "own"
        own.mkdir()
        shutil.copy(folders.template("payment_request"), own / "payment_request.docx")
        mend(own / "payment_request.docx", "申请支付", "谨申请支付")
        done = finished(Folders(folders.data, folders.out, own), LETTER)
        assert "changed since it was made: payment_request.docx" in said(done)

    def test_facts_still_to_be_supplied(self, folders: Folders) -> None:
        empty = {"file": "operations/Q1.xlsx", "sheet": "巡检", "delete_row": 3}
        builders.edit(folders.data / builders.NUMBER, empty)
        drafted(folders, REPORT)
        done = finished(folders, REPORT)
        assert codes(done) == ["final-gap"]
        assert {finding.code for finding in done.findings} == {"gap"}

    def test_a_day_that_has_not_come(self, folders: Folders) -> None:
        drafted(folders, LETTER)
        done = finished(folders, LETTER, day=date(2026, 8, 6))
        assert "final-date" in codes(done)
        assert "--date 2026-08-06 has not come yet: today is 2026-08-05" in said(done)

    def test_a_figure_that_was_changed_in_word(self, folders: Folders) -> None:
        mend(drafted(folders, LETTER), "400,000.00", "400,000.10")
        done = finished(folders, LETTER)
        assert codes(done) == ["final-unproved"]
        assert any("400,000.10" in finding.found for finding in done.findings)

    def test_a_seal_that_has_lost_its_place(self, folders: Folders) -> None:
        mend(drafted(folders, LETTER), "（盖章处）", "（公章）")
        done = finished(folders, LETTER)
        assert "final-unproved" in codes(done)
        assert "seal-anchor" in {finding.code for finding in done.findings}

    def test_tracked_changes(self, folders: Folders) -> None:
        inserted = '<w:ins w:id="9001" w:author="审核人"><w:r><w:t>尽快</w:t></w:r></w:ins></w:p>'
        mend(drafted(folders, LETTER), "</w:p>", inserted, times=1)
        assert "final-tracked" in codes(finished(folders, LETTER))

    def test_comments(self, folders: Folders) -> None:
        draft = drafted(folders, LETTER)
        package = Package.read(draft)
        comment = (
            '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            '<w:comment w:id="1" w:author="审核人"><w:p/></w:comment></w:comments>'
        )
        package.add(
            "word/comments.xml",
            comment.encode(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
        )
        package.relate(package.document, "comments", "word/comments.xml")
        draft.write_bytes(package.to_bytes())
        done = finished(folders, LETTER)
        assert codes(done) == ["final-comments"]
        assert "it has 1 comments" in said(done)

    def test_a_mark_that_was_written_by_hand(self, folders: Folders) -> None:
        draft = drafted(folders, COVERAGE)
        header = next(
            name
            for name, content in parts_of(draft).items()
            if name.startswith("word/header") and "签署情况表".encode() in content
        )
        mend(draft, "保密协议签署情况表", "保密协议签署情况表（草稿）", header)
        assert "final-mark" in codes(finished(folders, COVERAGE))

    def test_a_day_before_its_data(self, folders: Folders) -> None:
        drafted(folders, LETTER)
        done = finished(folders, LETTER, day=date(2026, 8, 1))
        assert codes(done) == ["final-date"]
        assert "--date 2026-08-01 is 2 days before 2026-08-03" in said(done)

    def test_a_day_on_which_the_data_say_something_else(self, folders: Folders) -> None:
        drafted(folders, COVERAGE)
        assert codes(finished(folders, COVERAGE, day=LATER)) == ["final-unproved"]

    @pytest.mark.parametrize("number", [IDENTITY_NUMBER, "函" * 41, "函\n二"])
    def test_a_number_that_is_none(self, folders: Folders, number: str) -> None:
        drafted(folders, LETTER)
        done = finished(folders, LETTER, number=number)
        assert "final-number" in codes(done)
        assert IDENTITY_NUMBER not in said(done)

    def test_a_number_that_another_paper_bears_or_one_that_was_withdrawn_bore(
        self, folders: Folders
    ) -> None:
        number = "示范函〔2026〕1号"
        entry = final(folders, LETTER, number=number).entry
        assert entry is not None
        register = folders.register(builders.NUMBER)
        append(register, replace(entry, event="withdrawn"))
        second = {**entry.details, "number": "示范函〔2026〕2号"}
        append(register, replace(entry, deliverable="quarterly_report/Q1", details=second))
        for taken, holder in ((number, LETTER), ("示范函〔2026〕2 号", "quarterly_report/Q1")):
            done = finished(folders, LETTER, number=taken)
            assert codes(done) == ["final-number"]
            assert f"was given to {holder} already" in said(done)

    def test_no_line_to_put_the_number_above(self, folders: Folders) -> None:
        mend(drafted(folders, LETTER), "示范甲方单位", "示范甲方单位的同志")
        assert "final-number" in codes(finished(folders, LETTER, number="1号"))

    def test_data_with_errors(self, folders: Folders) -> None:
        drafted(folders, LETTER)
        change(folders, file="contract.yaml", replace="600,000.00", **{"with": "600,000.01"})
        assert "instalment-total" in codes(finished(folders, LETTER))

    def test_a_register_that_was_tampered_with(self, folders: Folders) -> None:
        drafted(folders, LETTER)
        register = folders.register(builders.NUMBER)
        register.write_bytes(register.read_bytes().replace(b'"findings":0', b'"findings":7'))
        assert "register-changed" in codes(finished(folders, LETTER))

    def test_it_is_final_already(self, folders: Folders) -> None:
        final(folders, LETTER)
        done = finished(folders, LETTER)
        assert codes(done) == ["final-already"]
        assert "final, dated 2026-08-03 (entry 2)" in said(done)

    def test_it_is_no_document_any_more(self, folders: Folders) -> None:
        drafted(folders, LETTER).write_bytes(b"PK\x03\x04 cut off")
        assert codes(finished(folders, LETTER)) == ["final-impossible"]

    def test_nobody_is_there_to_count_the_pages(
        self, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(PROGRAM, "")
        drafted(folders, LETTER)
        wish = Wish(moment=entries(folders)[-1].made_at, today=LATER)
        done = finalise(planned_in(folders, LETTER), examined_in(folders), folders, wish)
        assert codes(done) == ["final-pages"]
        assert "LibreOffice is not installed" in said(done)

    def test_all_of_it_is_said_at_once_and_nothing_is_written(
        self, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(PROGRAM, "")
        change(folders, file="ledger.xlsx", sheet="说明", cell="B2", value="是")
        draft = drafted(folders, LETTER)
        mend(draft, "400,000.00", "400,000.10")
        change(folders, file="contract.yaml", replace="乙联系人", **{"with": "丙联系人"})
        before = folders.register(builders.NUMBER).read_bytes()
        wish = Wish(moment=entries(folders)[-1].made_at, today=LATER, day=date(2026, 8, 1))
        done = finalise(planned_in(folders, LETTER), examined_in(folders), folders, wish)
        assert {"final-sample", "final-stale", "final-date", "final-unproved", "final-pages"} <= (
            set(codes(done))
        )
        assert folders.register(builders.NUMBER).read_bytes() == before
        assert not (draft.parent / "定稿").exists()


def planned_file(folders: Folders, key: str) -> Path:
    made = planned_in(folders, key).made
    assert made is not None
    return folders.contract(builders.NUMBER) / made.file


class TestAfterwards:
    def test_a_final_document_is_not_made_again(self, folders: Folders) -> None:
        final(folders, LETTER)
        draft = planned_file(folders, LETTER)
        before = draft.read_bytes()
        change(folders, file="contract.yaml", replace="乙联系人", **{"with": "丙联系人"})
        planned = planned_in(folders, LETTER)
        assert planned.status.stage is Stage.FINAL
        assert [str(reason) for reason in planned.reasons] == [
            "final, dated 2026-08-03",
            f"changed since: {builders.NUMBER}/contract.yaml",
        ]
        drafted(folders, LETTER)
        assert draft.read_bytes() == before

    def test_a_text_typed_later_enters_no_report_that_is_final(self, folders: Folders) -> None:
        """What is typed for a chapter bears no day: a report keeps what stood there on its own."""
        drafted(folders, REPORT)
        as_if_final(folders, REPORT, MADE)
        change(folders, file="operations/Q1.xlsx", sheet="说明", cell="B9", value="8月20日谈妥。")
        planned = planned_in(folders, REPORT)
        assert planned.status.stage is Stage.FINAL
        assert [str(reason) for reason in planned.reasons] == [
            "final, dated 2026-08-03",
            f"changed since: {builders.NUMBER}/operations/Q1.xlsx",
        ]

    def test_unless_somebody_asks_for_a_new_draft(self, folders: Folders) -> None:
        file = document_of(folders, LETTER)
        before = file.read_bytes()
        drafted(folders, LETTER, LATER, replace_edited=True)
        assert planned_in(folders, LETTER).status.word == "draft"
        assert file.read_bytes() == before


def test_the_command_says_what_it_made_and_what_comes_next(folders: Folders, run: Run) -> None:
    draft = drafted(folders, LETTER)
    result = run("final", str(draft), "--no-pdf", "--as-of", "2026-08-05")
    assert result.exit_code == 0
    assert "定稿/HT-2026-001_付款申请函_第1期.docx" in result.stdout
    assert "deliverables sealed" in result.stderr
    assert (
        run("verify", str(draft.parent / "定稿" / "HT-2026-001_付款申请函_第1期.docx")).exit_code
        == 0
    )


@pytest.mark.parametrize(("old", "code"), [("400,000.00", 3), ("现申请支付", 1)])
def test_the_exit_code_tells_a_failed_proof(
    folders: Folders, run: Run, old: str, code: int
) -> None:
    draft = drafted(folders, LETTER)
    mend(draft, old, old.replace("4", "5").replace("现", "谨"))
    assert run("final", str(draft), "--no-pdf", "--as-of", "2026-08-05").exit_code == code


def test_a_file_that_no_register_knows_is_wrong_use(
    folders: Folders, tmp_path: Path, run: Run
) -> None:
    drafted(folders, LETTER)
    result = run("final", str(scan(tmp_path)))
    assert result.exit_code == 2
    assert "no register knows this file" in result.stderr


def test_the_pdf_of_the_tests_has_the_pages_it_says() -> None:
    assert count_pages(pdf(3)) == 3
    assert count_pages(b"%PDF-1.7 broken") is None
