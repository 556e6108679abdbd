"""Documents of a run as one PDF to print: in what order, behind which pages, and what is kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import builders
import pikepdf
import pytest
from click.testing import CliRunner, Result
from docx import Document

from deliverables.build import build
from deliverables.cli import main
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Group
from deliverables.pdf.office import PdfPool
from deliverables.pdf.press import Press, Printed
from deliverables.pdf.print_set import Laid, Printable, is_print_set, lay, piles_of, print_set
from deliverables.plan import Request
from deliverables.register import COPIES, PDF, append, read_register

DAY = date(2026, 8, 3)
AGREEMENT = "confidentiality_agreement"
CLIENT, BOTH = "示范甲方单位", "签署双方：示范乙方公司、员工本人"


def blank(pages: int) -> bytes:
    made = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(made, deterministic_id=True)
    return made.getvalue()


class FakePrinter:
    """Prints blank pages, `long` of each separator, and keeps what it was given."""

    def __init__(self, long: int = 1) -> None:
        self.given: list[bytes] = []
        self.long = long

    def print(self, document: bytes) -> Printed:
        self.given.append(document)
        return Printed(blank(self.long), self.long, frozenset(), frozenset())

    @property
    def texts(self) -> list[list[str]]:
        """The cells and paragraphs of each document that was printed."""
        read = [Document(BytesIO(one)) for one in self.given]
        return [
            [cell.text for table in one.tables for row in table.rows for cell in row.cells]
            + [paragraph.text for paragraph in one.paragraphs]
            for one in read
        ]


def printable(title: str, group: Group = Group.LETTERS, **others: object) -> Printable:
    facts = {"recipient": CLIENT, "copies": 1, "sealing": "公章：落款", "standing": "草稿",
             "pdf": blank(2), "pages": 2, **others}  # fmt: skip
    deliverable = Deliverable(
        kind="payment_request", contract=builders.NUMBER, part=title, title=title, article="",
        folder="payments", stem=title, possible_from=None, due=None,
        private=group is Group.AGREEMENTS,
    )  # fmt: skip
    return Printable(deliverable=deliverable, group=group, **facts)  # type: ignore[arg-type]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", tmp_path / "out")


def test_reports_come_first_then_letters_then_agreements_each_in_the_order_of_the_plan() -> None:
    documents = [
        printable("协议甲", Group.AGREEMENTS, recipient=BOTH, copies=2),
        printable("协议乙", Group.AGREEMENTS, recipient=BOTH, copies=2),
        printable("付款申请函"),
        printable("结算对账单", copies=2),
        printable("季度报告", Group.REPORTS),
    ]
    piles = piles_of(documents)
    assert [(pile.recipient, pile.copies) for pile in piles] == [
        (CLIENT, 1),
        (CLIENT, 2),
        (BOTH, 2),
    ]
    assert [[one.deliverable.title for one in pile.documents] for pile in piles] == [
        ["季度报告", "付款申请函"], ["结算对账单"], ["协议甲", "协议乙"],
    ]  # fmt: skip


def test_the_page_before_a_pile_says_for_whom_how_often_and_which_pages(folders: Folders) -> None:
    printer = FakePrinter()
    documents = [printable("付款申请函"), printable("对账单", copies=2, standing="定稿")]
    made = print_set(documents, folders, printer, DAY)  # type: ignore[arg-type]
    first, second = printer.texts
    assert {CLIENT, "以下文件各打印1份", "2-3（共2页）", "公章：落款", "草稿"} <= {*first}
    assert {"以下文件各打印2份", "5-6（共2页）", "定稿"} <= {*second}
    warned = "状态为“草稿”的只供审阅，定稿后方可用印、送出。"
    assert warned in first
    assert warned not in second
    assert (made.pages, made.documents) == (6, 2)


def test_pages_are_counted_with_a_separator_that_takes_several(folders: Folders) -> None:
    printer = FakePrinter(long=3)
    made = print_set([printable("付款申请函")], folders, printer, DAY)  # type: ignore[arg-type]
    assert "4-5（共2页）" in printer.texts[-1]
    assert made.pages == 5


def test_the_same_documents_give_the_same_bytes_with_an_outline(folders: Folders) -> None:
    documents = [printable("付款申请函"), printable("协议", Group.AGREEMENTS, recipient=BOTH)]
    one, other = (print_set(documents, folders, FakePrinter(), DAY) for _ in range(2))  # type: ignore[arg-type]
    assert one.content == other.content
    with pikepdf.open(BytesIO(one.content)) as pdf, pdf.open_outline() as outline:
        assert len(pdf.pages) == 6
        assert [section.title for section in outline.root] == [f"{CLIENT}，1份", f"{BOTH}，1份"]
        assert [item.title for item in outline.root[0].children] == [
            f"付款申请函（{builders.NUMBER}）"
        ]
    assert one.private


class TestOfARun:
    """What is left of the work of a command: its documents, and the file it writes."""

    @pytest.fixture
    def laid(self, folders: Folders) -> Callable[[Path], Laid]:
        builders.project(folders.data)
        request = Request(as_of=DAY, moment=datetime(2026, 8, 3, tzinfo=UTC), command="build",
                          kinds=frozenset({"payment_request", AGREEMENT}))  # fmt: skip

        def run(file: Path) -> Laid:
            (examined,) = examine(folders)
            with Press(folders, PdfPool("no program", processes=1), pdf=True) as press:
                press._printer = FakePrinter()  # type: ignore[assignment]
                outcomes = build(examined, folders, request, press.put)
                printed = {one.document: one for one in press.printouts(request.moment, "build")}
                assert examined.book is not None
                done = [(examined.book, outcomes)]
                return lay(file, done, printed, folders, press.printer, as_of=DAY)

        return run

    def test_every_document_is_in_it_and_with_identity_numbers_it_is_for_its_owner_alone(
        self, laid: Callable[[Path], Laid], tmp_path: Path
    ) -> None:
        file = tmp_path / "print.pdf"
        assert "2 documents in 2 piles, 4 pages" in laid(file).told.in_language("en")
        assert is_print_set(file)
        assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_of_one_that_is_final_the_final_pdf_is_printed_as_often_as_was_asked(
        self, laid: Callable[[Path], Laid], folders: Folders, tmp_path: Path
    ) -> None:
        laid(tmp_path / "print.pdf")
        register = folders.register(builders.NUMBER)
        entries, _ = read_register(register)
        made = next(one for one in entries if one.kind == "payment_request")
        (register.parent / "final.pdf").write_bytes(blank(7))
        append(register, replace(made, event="final", details={PDF: "final.pdf", COPIES: "3"}))
        whole = laid(tmp_path / "print.pdf").whole
        assert whole is not None
        (one,) = whole.piles[0].documents
        assert (one.pages, one.copies, one.standing) == (7, 3, "定稿")


class TestTheCommand:
    @pytest.fixture
    def run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
        monkeypatch.chdir(tmp_path)
        builders.project(Path("data"))

        def invoke(*words: str) -> Result:
            command = ["--lang", "en", "build", "payment_request", "--as-of", "2026-08-03"]
            return CliRunner().invoke(main, [*command, *words])

        return invoke

    def test_another_file_is_not_written_over(self, run: Callable[..., Result]) -> None:
        Path("contract.pdf").write_bytes(blank(1))
        result = run("--print", "contract.pdf")
        assert result.exit_code == 2
        assert "contract.pdf is there and was not made by --print" in result.stderr
        assert not Path("out").exists()

    def test_a_name_that_is_none_of_a_pdf_is_refused(self, run: Callable[..., Result]) -> None:
        assert "end it in .pdf" in run("--print", "print.docx").stderr

    def test_without_libreoffice_one_is_told_and_nothing_is_written(
        self, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("deliverables.pdf.office.soffice", lambda: None)
        result = run("--print", "print.pdf")
        assert result.exit_code == 1
        assert "LibreOffice is not installed" in result.stderr
        assert "print.pdf was not written" in result.stderr
        assert not Path("print.pdf").exists()
