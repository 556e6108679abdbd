"""The text of a contract in normal form, in which each sign knows its line and its column.

Normal form: NFKC, page marks and marks of Markdown dropped, white space between Chinese signs gone,
lines that were broken on the way joined again. Two things stay as the source has them: `original`
gives the signs that stood there, and the source itself is kept for quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from deliverables.values.figure import Line

_PAGE_MARK: Final = re.compile(
    r"\s*(?:[-–—~·]\s*\d{1,4}\s*[-–—~·]|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}|Page\s+\d+(?:\s+of\s+\d+)?)\s*"
)
_BARE_NUMBER: Final = re.compile(r"\s*\d{1,3}\s*")
_MARKS: Final = re.compile(r"^\s*(?:[#>]+\s*|[-*+]\s+(?=\S))*|\*\*|__|`")
_TABLE_RULE: Final = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|?)+\s*")
_GAP: Final = re.compile(r"\t|\u3000{2,}|\u3000(?=[^,，。;；:：\s]{2,12}[:：])| {3,}|\|")
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ONLY_A_MARK: Final = re.compile(
    r"\s*(?:第[〇零一二三四五六七八九十百\d]+[条章节]|[一二三四五六七八九十]+、|\d+(?:\.\d+)*[.、]?)\s*"
)
_SPREAD: Final = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff](?=\s*[:：(（])"
)
"""A label of two signs set wide: 甲　　方：."""
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ENDS: Final = "。;:!?”》〉…"
_BEGINS: Final = re.compile(
    r"第[〇零一二三四五六七八九十百\d]+[条章节]|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]"
    r"|\d+(?:\.\d+)*[.、)）\s]|\d+(?:\.\d+)+|[①-⑳]|附件|附表"
)
_LABEL: Final = re.compile(r"[^,。;:]{1,16}:")
_HEADING: Final = re.compile(r"第[〇零一二三四五六七八九十百\d]+[条章节]|[一二三四五六七八九十]+、")
_OFTEN: Final = 5
"""One line in so many must be full where all were broken at one width."""

_NARROWEST: Final = 15
_SPACED: Final = 6
_LONG: Final = 28
"""A line as long as this that ends in no stop has been broken."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of the normal form: the signs of the source that it stands for, and their place."""

    sign: str
    original: str
    line: int
    column: int


@dataclass(frozen=True)
class ContractText:
    """A contract's text. `file` is its path as it is told, `lines` the source, line by line.

    `rows` are the lines that are rows of a table, which are never joined.
    """

    file: str
    lines: tuple[str, ...]
    sha256: str = ""
    rows: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def width(self) -> int:
        """How many signs a line has where all were broken at one width; 0 where they were not."""
        lengths = [len(line.rstrip()) for line in self.lines if line.strip()]
        longest = max(lengths, default=0)
        full = sum(length >= longest - 1 for length in lengths)
        often = full * _OFTEN >= len(lengths) and full > _OFTEN
        return longest if longest >= _NARROWEST and often else 0

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        """The normal form, sign by sign; lines are parted by a newline."""
        found: list[Sign] = []
        for logical in _joined(list(self._normal_lines()), self.width):
            if found:
                found.append(Sign("\n", "", logical[0].line, logical[0].column))
            found.extend(logical)
        return tuple(found)

    @cached_property
    def text(self) -> str:
        """The normal form."""
        return "".join(sign.sign for sign in self.signs)

    def original(self, start: int, end: int) -> str:
        """Return what the source says there, unwrapped and without its spaces."""
        return "".join(sign.original for sign in self.signs[start:end]).strip()

    def place(self, at: int) -> Line:
        """Return the line and column of the source at a position of the normal form."""
        sign = self.signs[min(at, len(self.signs) - 1)] if self.signs else Sign("", "", 0, 0)
        return Line(self.file, sign.line, sign.column)

    @cached_property
    def _without_page_numbers(self) -> tuple[str, ...]:
        """The lines, empty where a number stands alone between empty lines: it is a page's."""
        around = ("", *self.lines, "")
        return tuple(
            ""
            if _BARE_NUMBER.fullmatch(line) and not before.strip() and not after.strip()
            else line
            for before, line, after in zip(around, self.lines, around[2:], strict=False)
        )

    @cached_property
    def _folded(self) -> tuple[str, tuple[Place, ...]]:
        signs: list[str] = []
        places: list[Place] = []
        for number, line in enumerate(self._without_page_numbers, 1):
            for column, sign in _kept(line):
                for part in _plain(sign):
                    if not part.isspace():
                        signs.append(part)
                        places.append((number, column))
        text = "".join(signs)
        dropped = {found.start() for found in _THOUSANDS.finditer(text)}
        kept = [index for index in range(len(text)) if index not in dropped]
        return "".join(text[index] for index in kept), tuple(places[index] for index in kept)

    def find(self, quote: str) -> Line | None:
        """Return where the text holds a quote word for word, None if it does not.

        NFKC, white space and page marks are gone on both sides, then the commas of thousands.
        """
        wanted = folded(quote)
        text, places = self._folded
        at = text.find(wanted) if wanted else -1
        return Line(self.file, *places[at]) if at >= 0 else None

    def spans(self, quote: str) -> Iterator[tuple[int, int]]:
        """Yield where the folded text holds the quote, as positions in `folded_text`."""
        wanted, text = folded(quote), self.folded_text
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            yield at, at + len(wanted)
            at = text.find(wanted, at + 1)

    @property
    def folded_text(self) -> str:
        """The text as quotes are compared with it."""
        return self._folded[0]

    def _normal_lines(self) -> Iterator[tuple[list[Sign], bool]]:
        for number, line in enumerate(self._without_page_numbers, 1):
            if _PAGE_MARK.fullmatch(line) or _TABLE_RULE.fullmatch(line):
                continue
            is_row = number in self.rows or line.lstrip().startswith("|")
            for part in _parts(_unspaced(list(_kept(line)))):
                signs = _normal(part, number)
                if signs:
                    yield signs, is_row


def folded(text: str) -> str:
    """Return a text as quotes are compared: NFKC, without white space, page marks and commas."""
    lines = (line for line in text.splitlines() if not _PAGE_MARK.fullmatch(line))
    kept = "".join(sign for line in lines for _, sign in _kept(line))
    plain = "".join("".join(map(_plain, kept)).split())
    return _THOUSANDS.sub("", plain)


def _plain(sign: str) -> str:
    """Return a sign in NFKC; ① is (1), or it would run into the number behind it (①2027年)."""
    plain = unicodedata.normalize("NFKC", sign)
    return f"({plain})" if sign in _CIRCLED else plain


def _kept(line: str) -> Iterator[tuple[int, str]]:
    """Yield the signs of a line with their columns, without the marks of Markdown and pages."""
    if _PAGE_MARK.fullmatch(line) or _TABLE_RULE.fullmatch(line):
        return
    dropped = {at for found in _MARKS.finditer(line) for at in range(*found.span())}
    for at, sign in enumerate(line):
        if at not in dropped and sign not in "\u200b\ufeff\f":
            yield at + 1, sign


def _unspaced(signs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Drop the spaces of a line in which one stands behind every sign."""
    words = "".join(sign for _, sign in signs).strip()
    blanks = sum(sign.isspace() for sign in words[1::2])
    if len(words) > _SPACED and blanks >= len(words[1::2]) - 1:
        return [(column, sign) for column, sign in signs if not sign.isspace()]
    return signs


def _parts(signs: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Cut a line where it is set in columns: at tabs, wide gaps and the bars of a table."""
    line = "".join(sign for _, sign in signs)
    spread = [found.span() for found in _SPREAD.finditer(line)]
    start = 0
    for found in _GAP.finditer(line):
        if any(begin < found.start() and found.end() < end for begin, end in spread):
            continue
        if not _ONLY_A_MARK.fullmatch(line[start : found.start()]):
            yield signs[start : found.start()]
            start = found.end()
    yield signs[start:]


def _normal(signs: Iterable[tuple[int, str]], line: int) -> list[Sign]:
    """Return signs in NFKC; a space stays only between two Latin words or numbers."""
    found: list[Sign] = []
    for column, sign in signs:
        for index, part in enumerate(_plain(sign)):
            found.append(Sign(part, sign if index == 0 else "", line, column))
    kept: list[Sign] = []
    for index, one in enumerate(found):
        if not one.sign.isspace():
            kept.append(one)
        elif kept and not kept[-1].sign.isspace():
            after = next((next_.sign for next_ in found[index:] if not next_.sign.isspace()), "")
            if _latin(kept[-1].sign) and _latin(after):
                kept.append(Sign(" ", " ", one.line, one.column))
    return kept


def _latin(sign: str) -> bool:
    return bool(sign) and sign.isascii() and (sign.isalnum() or sign in ".,;:)(-")


def _joined(lines: list[tuple[list[Sign], bool]], width: int) -> Iterator[list[Sign]]:
    """Join a line to the one before it where that one was broken off."""
    current: list[Sign] = []
    last: list[Sign] = []
    was_row = False
    for signs, is_row in lines:
        if current and not is_row and not was_row and _goes_on(current, last, signs, width):
            current, last = [*current, *signs], signs
            continue
        if current:
            yield current
        current, last, was_row = signs, signs, is_row
    if current:
        yield current


def _goes_on(before: list[Sign], last: list[Sign], after: list[Sign], width: int) -> bool:
    first = "".join(sign.sign for sign in before)
    second = "".join(sign.sign for sign in after)
    if width:
        full = last[-1].column >= width - 1
        ended = first[-1] in _ENDS and _BEGINS.match(second)
        return full and not ended and not _HEADING.match(second)
    if first[-1] in _ENDS or _BEGINS.match(second) or _HEADING.fullmatch(first[:-1]):
        return False
    if _HEADING.match(first) and len(first) < _LONG:
        return False
    if first[-1].isdigit() and second[0].isdigit():
        return False  # rows of a table
    if first.count("(") > first.count(")"):
        return True
    return len(first) >= _LONG and not _LABEL.match(second)


def broken_lines(text: ContractText) -> Iterator[tuple[Line, str]]:
    """Yield where a line of the source was broken off inside a sentence, with its last signs."""
    for at, (one, other) in enumerate(pairwise(text.signs)):
        if "\n" not in (one.sign, other.sign) and other.line > one.line:
            yield Line(text.file, one.line, one.column), text.text[max(0, at - 7) : at + 1]
