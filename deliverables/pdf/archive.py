"""Makes a PDF by LibreOffice fit for the record: the same bytes each time, Chinese, checked.

What depends on the moment and not on the document goes: the time of making, the identifiers, the
date of the colour profile, the numbers of fonts. The document's own day takes the time's place.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final

import pikepdf

from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.pdf.office import OfficeError
from deliverables.pdf.type1 import renumbered

LANGUAGE: Final = "zh-CN"
_PDF_A_2B: Final = (rb"<pdfaid:part>2<", rb"<pdfaid:conformance>B<")
_OF_THE_MOMENT: Final = {"/ID", "/DocChecksum"}
_MOMENTS: Final = re.compile(rb"(<xmp:(?:Create|Modify|Metadata)Date>)[^<]*")
_DAY_IN_PROFILE: Final = slice(24, 36)
_FIXED_DAY: Final = bytes.fromhex("07d0 0001 0001 0000 0000 0000")  # 2000-01-01 00:00:00
_FIRST_FONT: Final = 4_000_000  # numbers that are nobody's begin here
_SUBSET_TAG: Final = re.compile(r"^/?(?:[A-Z]{6}\+)?")


@dataclass(frozen=True, slots=True)
class Archived:
    """A PDF/A for the record; `fonts` are the PostScript names of the fonts within."""

    content: bytes
    pages: int
    fonts: frozenset[str]


def archived(pdf: bytes, made: str) -> Archived:
    """Return the PDF as it is kept; `made` is the document's own moment, 2026-11-02T00:00:00Z.

    Raises OfficeError if it has no pages, or is no tagged PDF/A-2b.
    """
    try:
        return _archived(pdf, made)
    except pikepdf.PdfError as fault:
        raise OfficeError(say("LibreOffice made a PDF that cannot be read")) from fault


def _archived(pdf: bytes, made: str) -> Archived:
    with pikepdf.open(BytesIO(pdf)) as opened:
        root = opened.Root
        described = root.Metadata.read_bytes() if "/Metadata" in root else b""
        if not opened.pages:
            raise OfficeError(say("LibreOffice made a PDF without pages"))
        if not all(mark in described for mark in _PDF_A_2B) or not _is_tagged(root):
            raise OfficeError(say("LibreOffice made a PDF that is no tagged PDF/A-2b"))
        root.Lang = pikepdf.String(LANGUAGE)
        root.Metadata.write(_MOMENTS.sub(rb"\g<1>" + made.encode(), described))
        _date(opened, made)
        _date_profiles(root)
        _number_fonts(opened)
        for name in _OF_THE_MOMENT & set(opened.trailer.keys()):
            del opened.trailer[name]
        fonts = _fonts(opened)
        kept = BytesIO()
        opened.save(
            kept,
            deterministic_id=True,
            fix_metadata_version=False,  # it would write the description anew, in its own manner
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return Archived(kept.getvalue(), len(opened.pages), fonts)


def _is_tagged(root: pikepdf.Object) -> bool:
    marked = "/MarkInfo" in root and bool(root.MarkInfo.get("/Marked", False))
    return marked and "/StructTreeRoot" in root


def _date(pdf: pikepdf.Pdf, made: str) -> None:
    digits = re.sub(r"\D", "", made)
    for name in ("/CreationDate", "/ModDate"):
        if name in pdf.docinfo:
            pdf.docinfo[name] = pikepdf.String(f"D:{digits}Z")


def _date_profiles(root: pikepdf.Object) -> None:
    """Give the colour profile, which LibreOffice makes anew each time, a fixed day."""
    for intent in root.get("/OutputIntents", []):
        if "/DestOutputProfile" in intent:
            profile = bytearray(intent.DestOutputProfile.read_bytes())
            profile[_DAY_IN_PROFILE] = _FIXED_DAY
            intent.DestOutputProfile.write(bytes(profile))


def _number_fonts(pdf: pikepdf.Pdf) -> None:
    """Number the embedded Type 1 fonts within the file."""
    number = _FIRST_FONT
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary) and "/FontFile" in found:
            number += 1
            font = found.FontFile
            parts = int(font.Length1), int(font.Length2)
            font.write(renumbered(font.read_bytes(), *parts, number))


def _fonts(pdf: pikepdf.Pdf) -> frozenset[str]:
    return frozenset(
        _SUBSET_TAG.sub("", str(found["/BaseFont"]))
        for found in pdf.objects
        if isinstance(found, pikepdf.Dictionary)
        and found.get("/Type") == "/Font"
        and "/BaseFont" in found
    )
