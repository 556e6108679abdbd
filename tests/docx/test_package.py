"""The file of a document: the same content however it was compressed, and the same bytes again."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from drawn import CHART

from deliverables.docx import package
from deliverables.docx.charts import chart_workbook
from deliverables.docx.package import Package, archive, pack
from deliverables.files.digest import content_sha256_of, sha256_of

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "_rels/.rels": b"<Relationships/>",
    "word/document.xml": "<w:document>各月可用性</w:document>".encode() * 900,
    "word/styles.xml": b"<w:styles/>" * 900,
    "word/charts/chart1.xml": b"<c:chartSpace/>" * 90,
    "word/media/图.png": bytes(range(256)) * 40,
    "docProps/core.xml": b"<cp:coreProperties/>",
    "empty.xml": b"",
}


@pytest.fixture
def another_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for isal, which compresses the same content to other bytes."""

    def compressobj(level: int, method: int, window: int) -> Any:
        return zlib.compressobj(0, method, window)

    monkeypatch.setattr(package, "isal_zlib", SimpleNamespace(compressobj=compressobj))


def with_zlib_alone(monkeypatch: pytest.MonkeyPatch) -> bytes:
    with monkeypatch.context() as patched:
        patched.setattr(package, "isal_zlib", None)
        return Package(PARTS).to_bytes()


def test_every_part_comes_out_as_it_went_in() -> None:
    made = Package(PARTS).to_bytes()
    with zipfile.ZipFile(BytesIO(made)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == PARTS
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_file_is_laid_out_as_zipfile_lays_it_out() -> None:
    told = BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as theirs:
        for name in ("[Content_Types].xml", "word/styles.xml", "word/media/图.png"):
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            theirs.writestr(entry, PARTS[name])
    members = [
        package.pack_with_zlib(name, PARTS[name], 9)
        for name in ("[Content_Types].xml", "word/styles.xml", "word/media/图.png")
    ]
    assert archive(members) == told.getvalue()


def test_the_same_parts_give_the_same_bytes() -> None:
    assert Package(PARTS).to_bytes() == Package(PARTS).to_bytes()


def test_another_library_changes_the_bytes_and_not_the_content(
    another_library: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, other = with_zlib_alone(monkeypatch), Package(PARTS).to_bytes()
    assert sha256_of(usual) != sha256_of(other)
    assert content_sha256_of(usual) == content_sha256_of(other)


def test_another_library_does_not_change_the_workbook_inside_a_document(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    usual = chart_workbook(CHART)
    request.getfixturevalue("another_library")
    assert chart_workbook(CHART) == usual
    assert pack("word/document.xml", PARTS["word/document.xml"]).packed != usual


def test_isal_if_it_is_there_keeps_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = with_zlib_alone(monkeypatch)
    assert content_sha256_of(Package(PARTS).to_bytes()) == content_sha256_of(usual)


def test_what_documents_share_is_packed_tighter_than_what_varies() -> None:
    content = PARTS["word/styles.xml"] + PARTS["word/media/图.png"]
    assert len(pack("word/styles.xml", content).packed) <= len(
        pack("word/document.xml", content).packed
    )
