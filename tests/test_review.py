"""A copy with provenance as remarks: one at every figure, and the same words as the document."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from zipfile import ZipFile

import pytest
from finished import AGREEMENT, LETTER, REPORT, run
from lxml import etree
from office import to_pdf, validate_ooxml

from deliverables.verify.document import read_document
from deliverables.verify.package import W

COPY = REPORT.replace(".docx", "_审阅.docx")


pytestmark = pytest.mark.usefixtures("in_a_finished_project")


def comments(document: Path) -> list[str]:
    root = etree.fromstring(ZipFile(document).read("word/comments.xml"))
    return ["\n".join("".join(p.itertext()) for p in comment) for comment in root]


def test_the_copy_has_a_remark_at_every_figure() -> None:
    assert run("explain", REPORT, "--review").exit_code == 0
    said = "\n".join(comments(Path(COPY)))
    assert "可用性 99.9771%：（总时长－中断时长）÷总时长，向下取四位小数（第三条）" in said
    assert "operations/Q1.xlsx[中断]!B3" in said
    assert not any(line.endswith("：") for line in said.splitlines())
    assert str(Path.cwd()) not in said


def test_a_remark_in_prose_stands_at_the_letters_of_its_figure() -> None:
    run("explain", LETTER, "--review")
    copy = Path(LETTER.replace(".docx", "_审阅.docx"))
    body = etree.fromstring(ZipFile(copy).read("word/document.xml"))
    commented = {text_between(body, start) for start in body.iter(f"{W}commentRangeStart")}
    assert "400,000.00" in commented
    assert "人民币肆拾万元整" in commented


def text_between(body: etree._Element, start: etree._Element) -> str:
    text, inside = "", False
    for element in body.iter():
        if element is start:
            inside = True
        elif element.tag == f"{W}commentRangeEnd" and inside:
            if element.get(f"{W}id") == start.get(f"{W}id"):
                break
        elif element.tag == f"{W}t" and inside:
            text += element.text or ""
    return text


def test_the_copy_says_the_same_words() -> None:
    run("explain", REPORT, "--review")
    copy, report = (read_document(Path(file)).blocks for file in (COPY, REPORT))
    assert [one.key for one in copy if one.place.story != "comment"] == [one.key for one in report]


@pytest.mark.office
def test_the_copy_is_a_valid_document_that_opens(tmp_path: Path) -> None:
    run("explain", REPORT, "--review")
    validate_ooxml(Path(COPY))
    assert to_pdf(Path(COPY), tmp_path).is_file()


def test_the_copy_is_the_same_bytes_each_time() -> None:
    run("explain", REPORT, "--review")
    first = Path(COPY).read_bytes()
    run("explain", REPORT, "--review")
    assert Path(COPY).read_bytes() == first


def test_the_copy_says_what_it_is_and_is_not_proved() -> None:
    run("explain", REPORT, "--review", "-o", "mine.docx")
    assert Path("mine_审阅.docx").is_file()
    assert run("verify", "mine_审阅.docx").exit_code == 3
    with ZipFile("mine_审阅.docx") as copy:
        assert "（审阅副本）</dc:title>" in copy.read("docProps/core.xml").decode()


def test_a_deliverable_is_not_replaced_by_a_copy() -> None:
    review = Path("out/HT-2026-001/staff/HT-2026-001_审阅_草稿.docx")
    review.write_bytes(Path(AGREEMENT).read_bytes())
    answer = run("explain", REPORT, "--review", "-o", str(review))
    assert answer.exit_code == 2
    assert "no copy for reading" in answer.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner-only mode")
def test_the_copy_of_an_agreement_is_for_its_owner_alone() -> None:
    run("explain", AGREEMENT, "--review", "-o", "copy_审阅.docx")
    assert stat.S_IMODE(Path("copy_审阅.docx").stat().st_mode) == 0o600
    assert "99999919900101" not in "".join(comments(Path("copy_审阅.docx")))


def test_remarks_of_others_are_kept() -> None:
    run("explain", REPORT, "--review")
    own = len(comments(Path(COPY)))
    Path("out/HT-2026-001/Q1").joinpath(Path(REPORT).name).write_bytes(Path(COPY).read_bytes())
    run("explain", REPORT, "--review", "-o", "twice_审阅.docx")
    assert len(comments(Path("twice_审阅.docx"))) == 2 * own
