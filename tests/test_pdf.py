"""Documents become PDF files, and one that does not is said to."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from office import program

from deliverables import pdf
from deliverables.pdf import to_pdf
from deliverables.render.dressing import blank
from deliverables.render.engine import Properties, Stamp, render
from deliverables.render.house_style import REPORT


@dataclass(frozen=True)
class Context:
    name: str = ""


@pytest.fixture
def libreoffice() -> str:
    return program("soffice", "apt install libreoffice-writer-nogui")


def document(path: Path, text: str) -> Path:
    made = blank(REPORT)
    made.add_paragraph(text)
    made.save(str(path))
    return path


def fake_program(folder: Path, script: str) -> str:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.usefixtures("libreoffice")
def test_several_documents_become_pdfs_named_as_they_are(
    tmp_path: Path, pdf_pages_text: Callable[[Path], list[str]]
) -> None:
    documents = [document(tmp_path / f"{name}.docx", name) for name in ("季度报告 一", "函")]
    results = to_pdf(documents, tmp_path / "pdf", timeout=120)
    assert [result.document for result in results] == documents
    for result, name in zip(results, ("季度报告 一", "函"), strict=True):
        assert result.problem is None
        assert result.pdf == tmp_path / "pdf" / f"{name}.pdf"
        assert name.split()[0] in "".join(pdf_pages_text(result.pdf))


@pytest.mark.usefixtures("libreoffice")
def test_a_broken_document_does_not_hide_a_sound_one(tmp_path: Path) -> None:
    sound = document(tmp_path / "sound.docx", "好")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    made, failed = to_pdf([sound, broken], tmp_path, timeout=120)
    assert made.pdf is not None
    assert failed.pdf is None
    assert failed.problem is not None
    assert str(failed.problem).startswith("broken.xlsx: warning[pdf-failed] no PDF was made")


@pytest.mark.usefixtures("libreoffice")
def test_the_contents_of_the_pdf_have_page_numbers(
    tmp_path: Path, pdf_pages_text: Callable[[Path], list[str]]
) -> None:
    template = blank(REPORT)
    contents = template.add_paragraph()
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    for markup in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> TOC \\o "1-2" </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>…</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        contents._p.append(parse_xml(f"<w:r {w}>{markup}</w:r>"))
    for _ in range(2):
        template.add_page_break()
    template.add_paragraph("服务质量", style="Heading 1")
    template.save(str(tmp_path / "template.docx"))
    made = tmp_path / "report.docx"
    properties = Properties(
        title="", subject="", contract_number="", creator="", made_on=date(2026, 1, 1)
    )
    stamp = Stamp(draft=False, sample=False)
    made.write_bytes(render(tmp_path / "template.docx", Context(), stamp, properties))
    before = made.read_bytes()
    (result,) = to_pdf([made], tmp_path, timeout=120)
    assert result.pdf is not None
    assert "一、服务质量" in pdf_pages_text(result.pdf)[0]
    assert pdf_pages_text(result.pdf)[0].rstrip().endswith("3")
    assert made.read_bytes() == before
    assert "TOC" in docx.Document(str(made)).element.body.xml


def test_without_libreoffice_every_document_gets_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "soffice", lambda: None)
    (result,) = to_pdf([document(tmp_path / "a.docx", "甲")], tmp_path, timeout=1)
    assert result.pdf is None
    assert "LibreOffice is not installed" in str(result.problem)


posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for LibreOffice")


@posix
def test_one_that_reports_success_but_writes_nothing_is_caught(tmp_path: Path) -> None:
    program = fake_program(tmp_path, "exit 0")
    (result,) = to_pdf([document(tmp_path / "a.docx", "甲")], tmp_path, 60, program)
    assert "LibreOffice made no PDF of it" in str(result.problem)


@posix
def test_one_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    program = fake_program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    (result,) = to_pdf([document(tmp_path / "a.docx", "甲")], tmp_path, 0.5, program)
    assert "did not end within 0.5 seconds" in str(result.problem)
    child = int((tmp_path / "child").read_text("utf-8"))
    status = Path(f"/proc/{child}/stat")
    if status.exists():
        assert status.read_text("utf-8").split()[2] == "Z"
    else:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_one_that_cannot_be_started_is_said_to(tmp_path: Path) -> None:
    program = str(tmp_path / "nothing")
    (result,) = to_pdf([document(tmp_path / "a.docx", "甲")], tmp_path, 1, program)
    assert "cannot be started" in str(result.problem)


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    twins = [document(tmp_path / part / "a.docx", "甲") for part in ("", "other")]
    with pytest.raises(ValueError, match="names are equal"):
        to_pdf(twins, tmp_path, timeout=1)
