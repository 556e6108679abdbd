"""PDF/A that is the same to the byte wherever it is made: fonts and dates in one form."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final

import pikepdf

from deliverables.docx.package import Package
from deliverables.pdf.office import OfficeError
from deliverables.values.problem import say

_NUMBER: Final = re.compile(rb"(?<=/UniqueID )\d{7}(?= )")
_KEY: Final = 55665
_FACTOR: Final = 52845
_SUMMAND: Final = 22719
_MASK: Final = 65535
_HEAD: Final = 4096
"""How far from the start of the encrypted part the number is looked for."""


def renumbered(program: bytes, clear: int, encrypted: int, number: int) -> bytes:
    """Return the program with `number`, seven digits; as it is where it has no such number.

    `clear` and `encrypted` are the lengths of its parts (Length1 and Length2 in a PDF).
    """
    digits = b"%07d" % number
    end = clear + encrypted
    opened = _NUMBER.sub(digits, program[:clear])
    return opened + _sealed_anew(program[clear:end], digits) + program[end:]


def _sealed_anew(cipher: bytes, digits: bytes) -> bytes:
    found = _NUMBER.search(_deciphered(cipher[:_HEAD]))
    if not found or found[0] == digits:
        return cipher
    start, end = found.span()
    old = _KEY
    for byte in cipher[:start]:
        old = (byte + old) * _FACTOR + _SUMMAND & _MASK
    new, made = old, bytearray(cipher[:start])
    for byte, digit in zip(cipher[start:end], digits, strict=True):
        made.append(digit ^ new >> 8)
        old = (byte + old) * _FACTOR + _SUMMAND & _MASK
        new = (made[-1] + new) * _FACTOR + _SUMMAND & _MASK
    add, following = made.append, _following_keys()
    for byte in cipher[end:]:  # the same plain bytes under another key
        again = byte ^ (old ^ new) >> 8
        add(again)
        old = following[byte + old]
        new = following[again + new]
    return bytes(made)


@cache
def _following_keys() -> list[int]:
    """Return the key that follows for each sum of a byte and a key: a font has 50,000 of them."""
    return [number * _FACTOR + _SUMMAND & _MASK for number in range(_MASK + 256)]


def _deciphered(cipher: bytes) -> bytes:
    key, plain = _KEY, bytearray()
    for byte in cipher:
        plain.append(byte ^ key >> 8)
        key = (byte + key) * _FACTOR + _SUMMAND & _MASK
    return bytes(plain)


_CHOICE: Final = re.compile(rb"<w:rFonts [^>]*>")
_NAMED: Final = re.compile(rb'w:(?:ascii|hAnsi|eastAsia)="([^"]+)"')
_FONT_PARTS: Final = re.compile(r"word/(?:document|styles|header\d*|footer\d*)\.xml")
_POSTSCRIPT: Final = {
    "Times New Roman": ("TimesNewRoman",),
    "仿宋": ("FangSong",),
    "仿宋_GB2312": ("FangSong_GB2312",),
    "宋体": ("SimSun",),
    "方正小标宋简体": ("FZXBSJW", "FZXiaoBiaoSong"),
    "楷体": ("KaiTi",),
    "楷体_GB2312": ("KaiTi_GB2312",),
    "黑体": ("SimHei",),
}
"""How the names of fonts begin inside a PDF, where that is not the name itself."""


def fonts_named(package: Package) -> frozenset[str]:
    """Return the names of fonts that a document asks for."""
    return frozenset(
        name.decode("utf-8", "replace")
        for part, content in package.parts.items()
        if _FONT_PARTS.fullmatch(part)
        for choice in _CHOICE.findall(content)
        for name in _NAMED.findall(choice)
    )


def stand_ins(named: Iterable[str], used: Iterable[str]) -> dict[str, str]:
    """Return what was `used` in a PDF for each font `named` that is not installed.

    Without fontconfig (Windows, macOS) nobody can say which font stood in for which: all that are
    used and not named stand under the key "".
    """
    named, used = frozenset(named), frozenset(used)
    if shutil.which("fc-match"):
        return dict(_matched(sorted(named), used))
    strangers = [font for font in used if not any(_is(font, name) for name in named)]
    return {"": "、".join(sorted(strangers))} if strangers else {}


def _matched(named: Iterable[str], used: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in named:
        families = _match(name)
        if families and name not in families and any(_is(font, families[0]) for font in used):
            yield name, families[0]


@cache
def _match(name: str) -> tuple[str, ...]:
    """Return the names of the family that fontconfig gives for a font."""
    asked = ["fc-match", "-f", "%{family}", f"{_escaped(name)}:lang=zh-cn"]
    answer = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    return tuple(answer.stdout.split(",")) if answer.returncode == 0 and answer.stdout else ()


def _escaped(name: str) -> str:
    return re.sub(r"([\\:,-])", r"\\\1", name)


def _is(font: str, family: str) -> bool:
    """Return whether the PostScript name `font` is of `family`."""
    beginnings = (*_POSTSCRIPT.get(family, ()), family)
    plain = re.sub(r"[\s_]", "", font)
    return any(plain.startswith(re.sub(r"[\s_]", "", beginning)) for beginning in beginnings)


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
