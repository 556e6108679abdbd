"""A PDF for the record is PDF/A, tagged, Chinese, and the same bytes whenever it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from deliverables.docx.package import Package
from deliverables.docx.stamp import Properties, write_properties
from deliverables.docx.style import REPORT, blank
from deliverables.pdf.archive import archived, renumbered
from deliverables.pdf.office import OfficeError, PdfPool
from deliverables.pdf.press import Printed, Printer

TITLE = "关于申请支付首期款的函"


def document(folder: Path, *headings: str) -> bytes:
    made = blank(REPORT)
    for heading in headings:
        made.add_paragraph(heading, style="Heading 1")
        made.add_paragraph("政务云运行维护情况，可用性 99.95%。")
    made.save(str(folder / "made.docx"))
    package = Package.read(folder / "made.docx")
    properties = Properties(
        title=TITLE,
        subject="函",
        contract_number="HT-1",
        creator="示范乙方公司",
        made_on=date(2026, 11, 2),
    )
    write_properties(package, properties)
    return package.to_bytes()


@pytest.fixture(scope="module")
def printed(pool: PdfPool, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return Printer(pool).print(document(tmp_path_factory.mktemp("made"), "服务质量", "运行情况"))


@pytest.fixture
def pdf(printed: Printed) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(printed.content)) as opened:
        yield opened


def test_it_says_that_it_is_pdf_a_2b(pdf: pikepdf.Pdf) -> None:
    described = pdf.Root.Metadata.read_bytes().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in described
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert "/Encrypt" not in pdf.trailer


def test_every_font_is_inside(pdf: pikepdf.Pdf) -> None:
    described = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary)
                 and item.get("/Type") == "/FontDescriptor"]  # fmt: skip
    assert described
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in described)


def test_it_is_tagged_and_its_headings_are_headings(pdf: pikepdf.Pdf) -> None:
    assert bool(pdf.Root.MarkInfo.Marked)
    kinds = [str(item.get("/S")) for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]
    assert kinds.count("/H1") == 2


def test_its_language_is_chinese(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.Root.Lang) == "zh-CN"


def test_a_window_shows_its_title(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo["/Title"]) == TITLE
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_its_day_is_the_documents_in_both_places(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo["/CreationDate"]) == "D:20261102000000Z"
    described = pdf.Root.Metadata.read_bytes()
    assert re.findall(rb"Date>(\d[^<]*)<", described) == [b"2026-11-02T00:00:00Z"]


def test_its_pages_and_fonts_are_told(printed: Printed) -> None:
    assert printed.pages == len(PdfReader(BytesIO(printed.content)).pages) == 1
    assert "黑体" in printed.fonts_named
    assert printed.fonts_used
    assert not any("+" in font or font.startswith("/") for font in printed.fonts_used)


def test_it_can_be_read_by_others(printed: Printed) -> None:
    text = "".join(PdfReader(BytesIO(printed.content)).pages[0].extract_text().split())
    assert "一、服务质量" in text
    assert "政务云运行维护情况，可用性99.95%。" in text


def test_it_is_the_same_whatever_process_makes_it_and_after_what(
    printed: Printed, with_libreoffice: str, tmp_path: Path
) -> None:
    with PdfPool(with_libreoffice, processes=1) as other:
        printer = Printer(other)
        before = printer.print(document(tmp_path, "另一份文件"))
        again = printer.print(document(tmp_path, "服务质量", "运行情况"))
    assert before.content != printed.content
    assert again.content == printed.content


@pytest.mark.parametrize("broken", [b"", b"no document", b"PK\x03\x04 no package"])
def test_what_is_no_document_is_not_even_given_to_libreoffice(broken: bytes) -> None:
    with pytest.raises(OfficeError, match="it is no Word document"):
        Printer(PdfPool("no program")).print(broken)


def made_by_hand(*, pages: int, part: int = 2, tagged: bool = True) -> bytes:
    pdf, saved = pikepdf.new(), BytesIO()
    for _ in range(pages):
        pdf.add_blank_page()
    described = f"<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
    pdf.Root.Metadata = pikepdf.Stream(pdf, described.encode())
    pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=tagged)
    pdf.Root.StructTreeRoot = pikepdf.Dictionary()
    pdf.save(saved, fix_metadata_version=False)
    return saved.getvalue()


def test_a_sound_one_is_kept() -> None:
    assert archived(made_by_hand(pages=3), "2026-11-02T00:00:00Z").pages == 3


@pytest.mark.parametrize(
    ("pdf", "fault"),
    [
        (made_by_hand(pages=0), "a PDF without pages"),
        (made_by_hand(pages=1, part=1), "no tagged PDF/A-2b"),
        (made_by_hand(pages=1, tagged=False), "no tagged PDF/A-2b"),
        (b"%PDF-1.6 and no more", "a PDF that cannot be read"),
    ],
)
def test_an_unsound_one_is_refused(pdf: bytes, fault: str) -> None:
    with pytest.raises(OfficeError, match=fault):
        archived(pdf, "2026-11-02T00:00:00Z")


CLEAR = b"%!FontType1\n/UniqueID 4100042 def\ncurrentfile eexec\n"
SECRET = b"\0\0\0\0dup\n/Private 2 dict\n/UniqueID 4100042 def\n" + bytes(range(256))
TRAILER = b"0" * 64 + b"cleartomark"


def eexec(plain: bytes) -> bytes:
    """Encrypt as the Type 1 specification has it (section 7.3)."""
    key, cipher = 55665, bytearray()
    for byte in plain:
        cipher.append(byte ^ (key >> 8))
        key = ((cipher[-1] + key) * 52845 + 22719) % 65536
    return bytes(cipher)


def test_a_font_is_numbered_anew_in_the_clear_and_in_the_encrypted_part() -> None:
    program = CLEAR + eexec(SECRET) + TRAILER
    expected = [part.replace(b"4100042", b"4000001") for part in (CLEAR, SECRET)]
    again = renumbered(program, len(CLEAR), len(SECRET), 4_000_001)
    assert again == expected[0] + eexec(expected[1]) + TRAILER
    assert renumbered(again, len(CLEAR), len(SECRET), 4_100_042) == program


def test_a_font_without_a_number_stays_as_it_is() -> None:
    clear, secret = CLEAR.replace(b"Unique", b"Other "), SECRET.replace(b"Unique", b"Other ")
    program = clear + eexec(secret) + TRAILER
    assert renumbered(program, len(clear), len(secret), 4_000_001) == program
