"""What is known only once a story is written, settled in one pass over its private tokens.

A token is `LATE`, a kind, what it needs, `END`, all of the last private plane. Numbers of captions
and headings depend on what was left out before them; references and contents may stand before what
they name; whether a cell lacks its last paragraph is seen from what stands before its end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Final

from deliverables.values.chinese_numbers import chinese_ordinal
from deliverables.values.problem import say

LATE: Final = "\U0010ff10"
END: Final = "\U0010ff11"

NUMBER: Final = "N"
"""A number that nothing else in the document has, the same for the same key."""
LAST_PARAGRAPH: Final = "P"
"""The end of a cell, header or footer, which must not lack a paragraph."""
APART: Final = "T"
"""The end of a table, which must not touch another."""
SECTION: Final = "X"
"""The start of a section's properties, with the headers and footers that it has."""
HEADING: Final = "H"
"""The start of a heading: its level, and what it is counted as."""
HEADING_END: Final = "h"
CHAPTER: Final = "1"
ANNEX: Final = "2"
UNCOUNTED: Final = "0"
CAPTION: Final = "K"
CAPTION_PREFIX: Final = "k"
CAPTION_FIELD: Final = "f"
CAPTION_NUMBER: Final = "n"
NAMED: Final = "B"
NAMED_END: Final = "b"
"""What a reference repeats."""
LEAD: Final = "J"
"""In the properties of a paragraph: it stays on the page of the table's caption that follows it.

`NO_LEAD` is one that stays where it is whatever follows.
"""
NO_LEAD: Final = "0"
REFERENCE: Final = "R"
CONTENTS: Final = "C"
LINK: Final = "L"
"""The address of a link, in the relations of a part."""

_TEXTS: Final = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:noBreakHyphen/>")
_EMPTY_PARAGRAPH: Final = re.compile(r"<w:p(?: [^<>]*)?/>\Z")
_PARAGRAPH: Final = "<w:p/>"
_KEPT: Final = "<w:keepNext/>"
_OF_A_TABLE: Final = "表"
_LONGEST_TAG: Final = 300
FIRST_BOOKMARK: Final = 900000
_FIELD: Final = "\t"


def late(kind: str, *needed: str) -> str:
    """Return a token."""
    return f"{LATE}{kind}{_FIELD.join(needed)}{END}"


def first_section(story: str) -> str:
    """Return the headers and footers that the first section of a story has."""
    _, _, after = story.partition(f"{LATE}{SECTION}")
    return after.partition(END)[0]


class MissingReferenceError(ValueError):
    """A reference to a caption that the document does not have."""


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    bookmark: str


class Settlement:
    """What one document has come to: its stories are settled one after the other, the body first.

    `first_number` is the first that the template itself does not use.
    """

    def __init__(self, first_number: int, *, lists_headings: bool, section: str) -> None:
        self._numbers = count(first_number)
        self._keys: dict[str, str] = {}
        self._lists_headings, self._section = lists_headings, section

    def settled(self, pieces: Iterable[str]) -> list[str]:
        """Return the pieces of a story with its tokens replaced; raise MissingReferenceError."""
        page = _StoryPage()
        for piece in pieces:
            if LATE in piece:
                first, *late = piece.split(LATE)
                page.write(first)
                for each in late:
                    token, _, rest = each.partition(END)
                    page.write(self._written(page, token[0], token[1:]))
                    page.write(rest)
            else:
                page.write(piece)
        return page.finished()

    def _written(self, page: _StoryPage, kind: str, needed: str) -> str:
        written = ""
        match kind:
            case "N":
                written = self._keys.get(needed) or self._number(needed)
            case "X":
                written, self._section = self._section, ""
            case "P":
                written = "" if page.ends_paragraph() else _PARAGRAPH
            case "H":
                written = page.heading(needed, self._number("") if self._lists_headings else "")
            case "h":
                written = page.heading_end()
            case "J":
                page.lead(needed)
            case "R" | "C" | "T":
                page.leave_room(kind, needed)
            case "B" | "b":
                page.name(kind, needed)
            case _:
                written = page.caption(kind, needed)
        return written

    def _number(self, key: str) -> str:
        number = str(next(self._numbers))
        if key:
            self._keys[key] = number
        return number


class _StoryPage:
    """A story as far as it is written."""

    def __init__(self) -> None:
        self._out = [""]
        self._table = self._lead = 0
        self._chapter = self._section = self._annex = 0
        self._captions: Counter[str] = Counter()
        self._caption = ("", 0)
        self._heading = (0, UNCOUNTED, "", 0)
        self._headings: list[_Heading] = []
        self._names: dict[str, tuple[int, int]] = {}
        self._references: list[tuple[int, str]] = []
        self._contents: list[tuple[int, str]] = []

    def write(self, words: str) -> None:
        if words and self._table:
            if words.startswith(("<w:tbl>", "<w:tbl ")):
                self._out[self._table] = _PARAGRAPH
            self._table = 0
        self._out.append(words)

    def ends_paragraph(self) -> bool:
        before = next((words for words in reversed(self._out) if words), "")
        return before.endswith("</w:p>") or bool(_EMPTY_PARAGRAPH.search(before[-_LONGEST_TAG:]))

    def leave_room(self, kind: str, needed: str) -> None:
        """Note what belongs here; it is written when the rest is known."""
        place = len(self._out)
        if kind == REFERENCE:
            self._references.append((place, needed))
        elif kind == CONTENTS:
            self._contents.append((place, needed))
        else:
            self._out.append("")
            self._table = place

    def lead(self, needed: str) -> None:
        """Note where a paragraph is kept with the next one, should that be a table's caption."""
        self._lead = 0 if needed == NO_LEAD else len(self._out)

    def heading(self, needed: str, number: str) -> str:
        """Begin a heading, which has a number of its own if the document lists it."""
        self._lead = 0
        level, counted_as = int(needed[0]), needed[1]
        if level > 1:
            self._section += 1
        elif counted_as != UNCOUNTED:
            if counted_as == ANNEX:
                self._annex += 1
            else:
                self._chapter += 1
            self._section = 0
            self._captions.clear()
        self._heading = (level, counted_as, number, len(self._out))
        if not number:
            return ""
        name = f"_Toc{FIRST_BOOKMARK + len(self._headings) + 1}"
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'

    def heading_end(self) -> str:
        """End a heading: its words go into the contents."""
        level, counted_as, number, start = self._heading
        if not number:
            return ""
        counted = ""
        if counted_as == ANNEX:
            counted = f"附{self._annex}　"
        elif counted_as == CHAPTER:
            counted = _numbered(level, self._chapter, self._section)
        name = f"_Toc{FIRST_BOOKMARK + len(self._headings) + 1}"
        self._headings.append(_Heading(level, counted + self._texts(start), name))
        return f'<w:bookmarkEnd w:id="{number}"/>'

    def caption(self, kind: str, label: str) -> str:
        """Begin a caption, or write what it says: 表 4-2 is the second of the fourth chapter.

        Annexes come after all chapters: 附表 1-2 is the second of the first annex.
        """
        if kind == CAPTION:
            self._captions[label] += 1
            self._caption = (label, self._captions[label])
            if self._lead and label == _OF_A_TABLE:
                self._out[self._lead] = _KEPT
            self._lead = 0
            return ""
        label, number = self._caption
        label, chapter = numbered_by(label, self._annex, self._chapter)
        if kind == CAPTION_PREFIX:
            return f"{label} {chapter}{_HYPHEN}"
        return f" SEQ {label}{chapter} \\* ARABIC " if kind == CAPTION_FIELD else str(number)

    def name(self, kind: str, name: str) -> None:
        """Begin or end what a reference repeats."""
        place = len(self._out)
        start = place if kind == NAMED else self._names.get(name, (place, place))[0]
        if kind == NAMED_END or name not in self._names:
            self._names[name] = (start, place)

    def finished(self) -> list[str]:
        """Return the pieces of the story with the rooms filled that were left among them."""
        for place, name in self._references:
            if name not in self._names:
                raise MissingReferenceError(
                    say("the document has no {name} to refer to", name=name)
                )
            self._out[place] = self._texts(*self._names[name]).replace("-", _HYPHEN)
        for place, needed in self._contents:
            instruction, *styles = needed.split(_FIELD)
            self._out[place] = self._listed(instruction, styles)
        return self._out

    def _listed(self, instruction: str, styles: list[str]) -> str:
        headings = self._headings
        if not headings:
            return f"<w:p>{field_start(instruction)}{FIELD_END}</w:p>"
        last = len(headings) - 1
        return "".join(
            _entry(
                one.bookmark,
                one.text,
                styles[one.level - 1],
                "" if place else instruction,
                last=place == last,
            )
            for place, one in enumerate(headings)
        )

    def _texts(self, start: int, end: int | None = None) -> str:
        shown = _TEXTS.finditer("".join(self._out[start:end]))
        return "".join("-" if each[1] is None else each[1] for each in shown)


def _numbered(level: int, chapter: int, section: int) -> str:
    """Return how the contents number a heading."""
    if level == 1:
        return f"{chinese_ordinal(chapter)}、"
    return f"（{chinese_ordinal(section)}）"


def _entry(bookmark: str, markup: str, style: str, instruction: str, *, last: bool) -> str:
    """Return a line of the contents; the first has the field's instruction, the last its end.

    Page numbers are not known yet. No mark asks Word to count them: it would question whoever opens
    the document, and then may set all of them to 1.
    """
    opening = field_start(instruction) if instruction else ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{opening}'
        f'<w:hyperlink w:anchor="{bookmark}" w:history="1"><w:r><w:t>{markup}</w:t></w:r>'
        f"<w:r><w:tab/></w:r>{field_start(f' PAGEREF {bookmark} ' + chr(92) + 'h ')}"
        f"<w:r><w:t>…</w:t></w:r>{FIELD_END}</w:hyperlink>{FIELD_END if last else ''}</w:p>"
    )


def numbered_by(label: str, annex: int, chapter: int) -> tuple[str, int]:
    """Return how captions are called in an annex, or in a chapter if there is none yet: 附表 1-."""
    return (f"附{label}", annex) if annex else (label, max(chapter, 1))


def field_start(instruction: str) -> str:
    """Return the beginning of a field, up to what it shows."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


_HYPHEN: Final = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'
"""The one in 附表 5-1: no line ends behind it where a sentence refers to a caption.

It stands in the caption too, for programs fill a reference with what its bookmark holds.
"""
FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
