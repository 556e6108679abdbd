"""Documents laid out by LibreOffice: on which page each paragraph stands, and what stands ill.

Word gives a line of East Asian text another height than LibreOffice does, and every program its
own. `other_fonts` are the stand-in fonts with the line metrics that Word gives 仿宋 and 宋体, so
that one program breaks pages as two would.
"""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby, pairwise
from pathlib import Path

from lxml import etree
from office import program

from deliverables.docx.contents import style_of
from deliverables.docx.package import Package, W, parse
from deliverables.pdf.office import PdfPool
from deliverables.pdf.press import printable

TITLES = re.compile(r"Heading\d|Caption|FigureCaption")
_TOTALS = ("TableTotal", "TableTotalNumber", "TableSmallTotal", "TableSmallTotalNumber")
_SIGN_OFF = ("SignOff", "SealPlace", "SignOffDate")
_BESIDE = 2
"""How many paragraphs the page of a sign-off has at least beside it: a seal goes over text."""
EMPTIEST = 1 / 3
"""How much of a page's foot may be empty where the text goes on over leaf."""
BEFORE_A_CHAPTER = 1 / 2
"""Likewise where the chapter that follows did not fit in with its first table."""
_WHOLE = re.compile(r"(?=[0-9A-Za-z.,:%-]*[0-9])[0-9A-Za-z](?:[0-9A-Za-z.,:-]*[0-9A-Za-z])?%?")
"""A number, a date, a time, a percentage, the number of a paper: no line ends within."""

_LINE = (0.859 + 0.15, 0.141 + 0.15)
"""Ascent and descent of Word's single line of SimSun in heights of a letter: 1.3 in all, where
LibreOffice with the fonts of Windows takes 0.859 + 0.141; half of what is more lies above."""


def other_fonts(folder: Path) -> Path:
    """Return a configuration of fontconfig that knows the stand-in fonts alone, their lines taller.

    The fonts are those of scripts/install-preview-fonts.sh and Liberation Serif, found by their
    families.
    """
    (folder / "fonts").mkdir()
    listed = subprocess.run(
        [program("fc-list", "apt install fontconfig"), ":", "file"],
        capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    for line in listed.splitlines():
        font = Path(line.strip().removesuffix(":"))
        if font.name.startswith(("Fandol", "LiberationSerif")):
            (folder / "fonts" / font.name).write_bytes(with_lines(font.read_bytes(), *_LINE))
    aliases = Path(__file__).parents[1] / "scripts" / "preview-fonts" / "fonts.conf"
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir>"
        f'<include ignore_missing="no">{aliases}</include></fontconfig>',
        "utf-8",
    )
    return config


def other_office(soffice: str, folder: Path) -> Path:
    """Return a program that starts LibreOffice with `other_fonts`."""
    config, command = other_fonts(folder), folder / "soffice"
    command.write_text(f'#!/bin/sh\nFONTCONFIG_FILE="{config}" exec "{soffice}" "$@"\n', "utf-8")
    command.chmod(0o755)
    return command


def with_lines(font: bytes, ascent: float, descent: float) -> bytes:
    """Return an OpenType font whose lines reach so far up and down, in heights of a letter."""
    changed = bytearray(font)
    tables = {}
    for number in range(struct.unpack(">H", font[4:6])[0]):
        at = 12 + 16 * number
        tables[font[at : at + 4]] = struct.unpack(">I", font[at + 8 : at + 12])[0]
    units = struct.unpack(">H", font[tables[b"head"] + 18 : tables[b"head"] + 20])[0]
    up, down = round(ascent * units), round(descent * units)
    struct.pack_into(">hhh", changed, tables[b"hhea"] + 4, up, -down, 0)
    struct.pack_into(">hhhHH", changed, tables[b"OS/2"] + 68, up, -down, 0, up, down)
    return bytes(changed)


@dataclass(frozen=True, slots=True)
class Placed:
    """A paragraph: the pages it begins and ends on, its style, and its table and row if any."""

    text: str
    style: str
    first: int
    last: int
    table: int = -1
    row: int = -1
    repeated: bool = False
    begins_page: bool = False
    is_uppermost: bool = False

    @property
    def leads(self) -> bool:
        """Whether it may speak of the table below it: words of the body."""
        return self.table < 0 and self.style != "Source" and not TITLES.fullmatch(self.style)


@dataclass(frozen=True, slots=True)
class Layout:
    """A document laid out: its paragraphs in order, and of each page what share of it is filled.

    `torn` are the numbers, dates and percentages that stand on two lines.
    """

    paragraphs: tuple[Placed, ...]
    filled: tuple[float, ...]
    torn: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self.filled)

    @property
    def titles(self) -> tuple[tuple[str, int], ...]:
        """Every heading and caption with its page."""
        found = (each for each in self.paragraphs if TITLES.fullmatch(each.style))
        return tuple((each.text, each.first) for each in found)

    @property
    def signed(self) -> int:
        """The page on which the first sign-off ends; 0 where nobody signs."""
        return next((each.last for each in self.paragraphs if each.style == "SignOffDate"), 0)

    def faults(self) -> list[str]:
        """Return what stands alone, and the pages that are left empty."""
        return [*self._alone(), *self._seals(), *self._empty(), *self.torn]

    def _alone(self) -> Iterator[str]:
        for one, other in pairwise(self.paragraphs):
            if one.style.startswith("Heading") and other.first > one.last:
                yield f"page {one.last}: the heading {one.text} stands alone"
            if one.style == "Caption" and other.first > one.last:
                yield f"page {one.last}: the caption {one.text} stands alone"
            if other.style == "Caption" and other.first > one.last and one.leads:
                yield f"page {other.first}: {other.text} stands apart from what leads up to it"
            if other.style == "Source" and other.first > one.last:
                yield f"page {other.first}: {other.text[:20]} stands alone"
            if other.style == "FigureCaption" and other.is_uppermost:
                yield f"page {other.first}: {other.text} stands alone"
            if other.style in ("SealPlace", "SignOffDate") and other.first > one.last:
                yield f"page {other.first}: the sign-off is torn at {other.text}"
            if other.style == "SignOff" and other.first > one.first and one.text:
                yield f"page {other.first}: the sign-off stands alone"
        for _, cells in groupby(
            (each for each in self.paragraphs if each.table >= 0), lambda each: each.table
        ):
            yield from _torn(list(cells))

    def _seals(self) -> Iterator[str]:
        for page in {each.first for each in self.paragraphs if each.style == "SealPlace"}:
            beside = [
                each
                for each in self.paragraphs
                if each.last == page and each.style not in _SIGN_OFF
            ]
            if len(beside) < _BESIDE:
                yield f"page {page}: hardly anything stands beside the place for the seal"

    def _empty(self) -> Iterator[str]:
        broken = {each.first - 1 for each in self.paragraphs if each.begins_page}
        chapters = {
            each.first - 1
            for each in self.paragraphs
            if each.style == "Heading1" and each.is_uppermost
        }
        for number, share in enumerate(self.filled[:-1], 1):
            allowed = BEFORE_A_CHAPTER if number in chapters else EMPTIEST
            if number not in broken and share < 1 - allowed:
                yield f"page {number}: only {share:.0%} of it is filled"


def _torn(cells: Sequence[Placed]) -> Iterator[str]:
    """Yield what is wrong where a table goes on over leaf: a lone row, a lone total."""
    rows = [list(each) for _, each in groupby(cells, lambda cell: cell.row)]
    head = sum(row[0].repeated for row in rows)
    data = [row for row in rows[head:] if any(cell.text for cell in row)]
    if not data:
        return
    if head and min(cell.first for cell in data[0]) > rows[head - 1][0].last:
        yield f"page {rows[0][0].first}: the head of {rows[0][0].text} stands alone"
    pages = [min(cell.first for cell in row) for row in data]
    total = data[-1][0].style in _TOTALS
    for place, (one, other) in enumerate(pairwise(pages), 1):
        if other == one:
            continue
        behind = len(data) - place
        if behind == 1:
            name = "total" if total else "last row"
            yield f"page {other}: the {name} {data[place][0].text} stands alone"
        elif place == 1 and len(data) > 2 and max(cell.last for cell in data[0]) == one:
            yield f"page {one}: the first row {data[0][0].text} stands alone"


def laid_out(document: bytes, pool: PdfPool) -> Layout:
    """Return where everything in a document stands when LibreOffice lays it out."""
    return as_printed(document, pool.convert(printable(Package.of(document))).pdf)


def as_printed(document: bytes, pdf: bytes) -> Layout:
    """Return where everything in a document stands in its PDF."""
    package = Package.of(document)
    body = parse(package.parts[package.document])
    paragraphs = list(_paragraphs(body))
    margins = next(body.iter(f"{W}pgMar"))
    head, foot = (int(margins.get(f"{W}{side}", "0")) / 20 for side in ("top", "bottom"))
    text, places, lines, filled = _read(pdf, head - 2, foot + 6)
    placed, torn, start = [], list[str](), 0
    for element, table, row, repeated in paragraphs:
        shown = _shown(element)
        words = "".join(shown.split())
        first, start = _found(text, words, start)
        if start - first == len(words):
            torn += (
                f"page {places[first]}: a line ends within {one}"
                for one in torn_numbers(shown, lines[first:start])
            )
        page = places[first] if first < len(places) else len(filled)
        last = places[start - 1] if start else page
        placed.append(
            Placed(
                words, style_of(element), page, max(page, last), table, row, repeated,
                begins_page=element.find(f"{W}pPr/{W}pageBreakBefore") is not None
                or _turned(element),
                is_uppermost=first < len(places) and _tops(places, first, style_of(element)),
            )
        )  # fmt: skip
    return Layout(tuple(placed), filled, tuple(torn))


def torn_numbers(shown: str, lines: Sequence[float]) -> Iterator[str]:
    """Yield the numbers in a text that do not stand on one line, by the line of each letter."""
    letters = 0
    for piece in shown.split():
        for found in _WHOLE.finditer(piece):
            start, end = letters + found.start(), letters + found.end()
            if max(lines[start:end]) - min(lines[start:end]) > _SOME:
                yield found[0]
        letters += len(piece)


def _tops(places: Sequence[int], first: int, style: str) -> bool:
    """Return whether the letter `first` begins a page, but for the number of a heading."""
    before = places[max(first - (_NUMBERING if style.startswith("Heading") else 1), 0) : first]
    return places[first] not in before[:1]


def _shown(element: etree._Element) -> str:
    texts = element.iter(f"{W}t", f"{W}noBreakHyphen")
    return "".join("-" if each.tag == f"{W}noBreakHyphen" else each.text or "" for each in texts)


def _turned(element: etree._Element) -> bool:
    """Return whether a section ends before a paragraph, so that the page is turned."""
    before = element.getprevious()
    return before is not None and before.find(f"{W}pPr/{W}sectPr") is not None


_NEAR = 1500
"""How much may stand between two paragraphs: the words of a chart, a head that is repeated."""
_SOME = 6
_NUMBERING = 5
"""How long the number of a heading is at most, which its paragraph does not hold: 二十一、."""
_PAGE_APART = 10_000.0


def _found(text: str, words: str, start: int) -> tuple[int, int]:
    """Return where words begin and end; a text that is torn over leaf is found by its beginning."""
    near = text[start : start + _NEAR + len(words)]
    at = near.find(words)
    if at < 0 and (at := near.find(words[:_SOME])) >= 0:
        return start + at, start + at + _SOME
    return (start, start) if at < 0 else (start + at, start + at + len(words))


def _paragraphs(body: etree._Element) -> Iterator[tuple[etree._Element, int, int, bool]]:
    """Yield each paragraph with text with its table, its row, and if that is repeated."""
    tables = {table: number for number, table in enumerate(body.iter(f"{W}tbl"))}
    rows = {row: number for number, row in enumerate(body.iter(f"{W}tr"))}
    for element in body.iter(f"{W}p"):
        if not "".join(element.itertext(f"{W}t")).strip():
            continue
        table = next(element.iterancestors(f"{W}tbl"), None)
        row = next(element.iterancestors(f"{W}tr"), None)
        if table is None or row is None:
            yield element, -1, -1, False
        else:
            repeated = row.find(f"{W}trPr/{W}tblHeader") is not None
            yield element, tables[table], rows[row], repeated


_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="[^"]*" yMin="([\d.]+)" xMax="[^"]*" yMax="([\d.]+)">(.*?)</word>')


def _read(
    pdf: bytes, head: float, foot: float
) -> tuple[str, list[int], list[float], tuple[float, ...]]:
    """Return the text of a PDF, the page and the line of each of its letters, and what share of
    each page is filled.

    The share is of the type area between `head` and `foot` in points, down to the last line.
    """
    read = [program("pdftotext", "apt install poppler-utils"), "-raw", "-bbox", "-", "-"]
    shown = subprocess.run(read, input=pdf, capture_output=True, check=True).stdout.decode(
        errors="replace"  # poppler writes half a rare letter
    )
    text, places, lines, filled = [], list[int](), list[float](), []
    for number, (_, height, words) in enumerate(_PAGE.findall(shown), 1):
        end, lowest = float(height) - foot, head
        for top, bottom, escaped in _WORD.findall(words):
            if head < float(top) < end:
                word = "".join(unescape(escaped).split())
                text.append(word)
                places.extend([number] * len(word))
                lines.extend([number * _PAGE_APART + float(bottom)] * len(word))
                lowest = max(lowest, float(bottom))
        filled.append(min(1.0, (lowest - head) / (end - head)))
    return "".join(text), places, lines, tuple(filled)


def moved(one: Layout, other: Layout) -> list[str]:
    """Return the headings and captions that stand on another page in the other layout."""
    return [
        f"{text}: page {page}, with other lines page {there}"
        for (text, page), (_, there) in zip(one.titles, other.titles, strict=True)
        if page != there
    ]
