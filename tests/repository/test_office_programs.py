"""The test helpers themselves: what they let pass and what they must not."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import docx
import office
import openpyxl
import pytest
from openpyxl.styles import Font


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("关于支付首期服务费的申请")
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph("金额 1,957,783.49 元")
    path = tmp_path / "付款申请.docx"
    document.save(str(path))
    return path


@pytest.mark.office
def test_a_document_with_a_foreign_element_is_not_valid(letter: Path) -> None:
    replace_in(letter, "word/document.xml", b"<w:body>", b"<w:body><w:nonsense/>")
    with pytest.raises(pytest.fail.Exception, match="nonsense"):
        office.validate_ooxml(letter)


@pytest.mark.office
def test_a_workbook_of_openpyxl_is_valid_but_for_its_known_false_alarm(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"].font = Font(color="FF0000")
    workbook.save(tmp_path / "a.xlsx")
    replace_in(tmp_path / "a.xlsx", "xl/styles.xml", b"<borders", b"<nonsense/><borders")
    (fault,) = office.ooxml_faults(tmp_path / "a.xlsx")
    assert "nonsense" in fault


@pytest.mark.office
def test_pages_of_a_converted_document_can_be_read(letter: Path, tmp_path: Path) -> None:
    pages = office.pdf_pages_text(office.to_pdf(letter, tmp_path))
    assert ["".join(page.split()) for page in pages] == [
        "关于支付首期服务费的申请",
        "金额1,957,783.49元",
    ]


@pytest.mark.office
def test_a_document_that_cannot_be_converted_fails(tmp_path: Path) -> None:
    office.program("soffice", "")
    with pytest.raises(pytest.fail.Exception, match="made no PDF"):
        office.to_pdf(tmp_path / "nowhere.docx", tmp_path)


@pytest.mark.office
def test_a_missing_program_skips_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match=r"soffice is not installed \(remedy\)"):
        office.program("soffice", "remedy")


@pytest.mark.office
def test_a_missing_program_fails_on_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="soffice is not installed"):
        office.program("soffice", "remedy")


def replace_in(package: Path, part: str, old: bytes, new: bytes) -> None:
    """Put `new` for `old` in one part of an Office file."""
    with zipfile.ZipFile(package) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
