"""A PDF lies beside each document, is recorded, and follows it; without LibreOffice one is told."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import builders
import finished
import pytest

from deliverables.build import build
from deliverables.docx.package import Package
from deliverables.examination import examine
from deliverables.files.digest import sha256_of
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.pdf.office import OfficeError, PdfPool
from deliverables.pdf.press import PRINTED, Press, Printed, Printout
from deliverables.plan import Request
from deliverables.register import Entry, read_register
from deliverables.values.problem import say

DAY = date(2026, 8, 3)
MOMENT = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
COMMAND = "deliverables build --pdf"
LETTER, AGREEMENT = "payment_request", "confidentiality_agreement"


class FakePrinter:
    """Prints what its document holds, and counts nothing; `fault` lets it fail."""

    def __init__(self) -> None:
        self.fault = ""
        self.printed = 0

    def print(self, document: bytes) -> Printed:
        if self.fault:
            raise OfficeError(say("{fault}", fault=self.fault))
        self.printed += 1
        content = b"%PDF " + sha256_of(document).encode()
        return Printed(content, 2, frozenset({"仿宋"}), frozenset({"FandolFang-Regular"}))

    def count(self, package: Package) -> Mapping[str, str]:
        raise OfficeError(say("it counts nothing"))


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
def printed(folders: Folders, printer: FakePrinter) -> Callable[..., list[Printout]]:
    """Build the kinds named, print them, and return what became of the PDFs."""

    def run(*kinds: str, day: date = DAY, **wishes: object) -> list[Printout]:
        (examined,) = examine(folders)
        request = replace(
            Request(as_of=day, moment=MOMENT, command=COMMAND, kinds=frozenset(kinds)), **wishes
        )
        with Press(folders, PdfPool("no program", processes=2), pdf=True) as press:
            press._printer = printer
            build(examined, folders, request, press.put)
            return list(press.printouts(MOMENT, COMMAND))

    return run


def entries(folders: Folders, event: str = PRINTED) -> list[Entry]:
    found, problems = read_register(folders.register(builders.NUMBER))
    assert problems == ()
    return [entry for entry in found if entry.event == event]


Run = Callable[..., list[Printout]]


def test_the_pdf_lies_beside_its_document_under_its_name(printed: Run) -> None:
    (printout,) = printed(LETTER)
    assert printout.result is Result.MADE
    assert printout.pdf == printout.document.with_suffix(".pdf")
    assert printout.pdf.read_bytes().startswith(b"%PDF")


def test_the_register_says_which_pdf_belongs_to_which_document(
    printed: Run, folders: Folders
) -> None:
    (printout,) = printed(LETTER)
    (entry,) = entries(folders)
    assert entry.deliverable == "payment_request/1"
    assert entry.sha256 == sha256_of(printout.document)
    assert entry.details["pdf"] == "payments/HT-2026-001_付款申请函_第1期_草稿.pdf"
    assert entry.details["pdf_sha256"] == sha256_of(printout.pdf)
    assert entry.details["pages"] == "2"


def test_printing_again_changes_nothing(
    printed: Run, folders: Folders, printer: FakePrinter
) -> None:
    printed(LETTER)
    (again,) = printed(LETTER)
    assert again.result is Result.UNCHANGED
    assert printer.printed == 1
    assert len(entries(folders)) == 1


def test_a_pdf_that_is_gone_is_made_again(printed: Run) -> None:
    (printout,) = printed(LETTER)
    printout.pdf.unlink()
    (again,) = printed(LETTER)
    assert again.result is Result.MADE
    assert again.pdf.exists()


def test_a_pdf_follows_its_document(printed: Run) -> None:
    (before,) = printed(LETTER)
    old = before.pdf.read_bytes()
    (after,) = printed(LETTER, day=date(2026, 8, 4))
    assert after.result is Result.MADE
    assert after.pdf.read_bytes() != old
    assert list(after.pdf.parent.glob("*.pdf")) == [after.pdf]


def test_a_pdf_is_made_of_a_draft_that_was_edited(printed: Run) -> None:
    (before,) = printed(LETTER)
    before.document.write_bytes(b"mended by hand")
    (after,) = printed(LETTER)
    assert after.result is Result.MADE
    assert sha256_of(b"mended by hand").encode() in after.pdf.read_bytes()


def test_a_pdf_that_the_register_does_not_know_is_kept(printed: Run) -> None:
    (before,) = printed(LETTER)
    before.pdf.write_bytes(b"signed by somebody")
    (after,) = printed(LETTER, day=date(2026, 8, 4))
    assert after.replaced == f"{before.pdf.stem}_旧1.pdf"
    assert after.pdf.with_name(after.replaced).read_bytes() == b"signed by somebody"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")
def test_the_pdf_of_an_agreement_can_be_read_by_its_owner_alone(printed: Run) -> None:
    (agreement,) = printed(AGREEMENT)
    (letter,) = printed(LETTER)
    assert stat.S_IMODE(agreement.pdf.stat().st_mode) == 0o600
    assert stat.S_IMODE(letter.pdf.stat().st_mode) != 0o600


def test_a_document_without_a_pdf_is_said_to(
    printed: Run, printer: FakePrinter, folders: Folders
) -> None:
    printer.fault = "it is too beautiful"
    (printout,) = printed(LETTER)
    assert printout.result is Result.FAILED
    assert "warning[pdf-failed] no PDF was made: it is too beautiful" in str(printout.problem)
    assert not printout.pdf.exists()
    assert entries(folders) == []


def test_nothing_is_printed_of_what_cannot_be_made(printed: Run) -> None:
    assert printed("annual_summary") == []


def test_fonts_are_reported_once_for_all(
    folders: Folders, printer: FakePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deliverables.pdf.archive.stand_ins", lambda *_: {"仿宋": "FandolFang"})
    (examined,) = examine(folders)
    request = Request(as_of=DAY, moment=MOMENT, command=COMMAND)
    with Press(folders, PdfPool("no program"), pdf=True) as press:
        press._printer = printer
        build(examined, folders, request, press.put)
        assert len(list(press.printouts(MOMENT, COMMAND))) > 1
    (remark,) = press.done().remarks
    assert "[pdf-fonts]" in str(remark)
    assert "仿宋 → FandolFang" in str(remark)


@pytest.fixture
def run(run: finished.Run) -> finished.Run:
    return partial(run, "build", LETTER, "--period", "1", "--as-of", "2026-08-03")


def test_without_libreoffice_the_documents_are_made_and_one_warning_says_what_to_install(
    run: finished.Run,
) -> None:
    result = run("--pdf")
    assert result.exit_code == 0
    assert "made  out/" in result.stdout
    assert "warning[pdf-no-libreoffice] no PDF was made" in result.stderr
    assert "apt install libreoffice-writer-nogui" in result.stderr
    assert not list(Path("out").rglob("*.pdf"))


@pytest.mark.usefixtures("with_a_running_libreoffice")
def test_build_pdf_lays_a_pdf_beside_the_document(
    run: finished.Run, pdf_pages_text: Callable[[Path], list[str]]
) -> None:
    result = run("--pdf")
    assert result.exit_code == 0
    (pdf,) = Path("out").rglob("*.pdf")
    assert f"PDF made  {pdf.as_posix()}" in result.stdout
    assert "400,000.00" in "".join(pdf_pages_text(pdf))
    assert "草稿" in "".join(pdf_pages_text(pdf))
    (facts,) = json.loads(run("--pdf", "--format", "json").stdout)["contracts"]
    (document,) = facts["documents"]
    assert (document["pdf"], document["pdf_result"]) == (pdf.as_posix(), "unchanged")
