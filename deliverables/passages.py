"""A document as passages, paragraphs of prose and rows of tables, and two such lists paired."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from deliverables.lazily import dataclass
from deliverables.verify.paper import Document, Paragraph, Place, Table

_ALIKE: Final = 0.35
_AT_A_TIME: Final = 100
_SAME_LABEL: Final = 0.5
_CONTENTS_LINE: Final = re.compile(r"(.+?) ?(?:\d+|…)")
_PAGE: Final = re.compile(r"\d+(?= ?页)")

Pair = tuple[int | None, int | None]
"""The index of a passage in either list; None where one list lacks it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of prose (one text) or a row of a table (the text of each cell).

    `columns` are the grid columns that the cells begin in.
    """

    texts: tuple[str, ...]
    place: Place
    columns: tuple[int, ...] = ()

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return bool(self.place.row)

    @property
    def shown(self) -> str:
        """The whole of it on one line."""
        return " | ".join(self.texts)

    def place_of(self, number: int) -> Place:
        """Return where the text of that number stands: a cell, or the paragraph."""
        return self.place.at(self.place.row, self.columns[number]) if self.is_row else self.place


def passages_of(document: Document) -> tuple[Passage, ...]:
    """Return the passages in reading order; of headers, footers and notes each text once.

    What a word processor counts is left out: the lines of the contents, the numbers of pages.
    It may also share a header among pages or repeat it.
    """
    tables = {table.place.table: table for table in document.tables if _in_body(table.place)}
    firsts = (document.paragraphs[numbers[0]] for numbers in paragraph_numbers(document))
    return tuple(
        _row(tables[first.place.table], first.place)
        if first.place.table and _in_body(first.place)
        else Passage((_without_pages(first),), first.place)
        for first in firsts
    )


def paragraph_numbers(document: Document) -> list[list[int]]:
    """Return which paragraphs of the document each passage consists of."""
    headings = tuple({p.place.heading for p in document.paragraphs if p.place.heading})
    groups: dict[object, list[int]] = {}
    for number, paragraph in enumerate(document.paragraphs):
        place = paragraph.place
        of_row = place.table and _in_body(place)
        if of_row or not _is_of_contents(paragraph.text, headings):
            prose = number if _in_body(place) else (place.story, _without_pages(paragraph))
            groups.setdefault((place.table, place.row) if of_row else prose, []).append(number)
    return list(groups.values())


def _is_of_contents(text: str, headings: tuple[str, ...]) -> bool:
    """Tell whether a line names a heading and the page it stands on, known or not yet counted."""
    line = _CONTENTS_LINE.fullmatch(text)
    return line is not None and line[1].endswith(headings)


def _without_pages(paragraph: Paragraph) -> str:
    body = _in_body(paragraph.place)
    return paragraph.text if body else _PAGE.sub("…", paragraph.text)


def paired(before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[Pair]:
    """Yield which passage became which, in order: the same, much the same, gone or new."""
    old, new = _in_order(before), _in_order(after)
    for one, other in _paired([before[n] for n in old], [after[n] for n in new]):
        yield None if one is None else old[one], None if other is None else new[other]


def _in_order(passages: Sequence[Passage]) -> list[int]:
    """Return the numbers of the passages, headers and footers last and by what they say."""
    body = [n for n, passage in enumerate(passages) if _in_body(passage.place)]
    others = [n for n, passage in enumerate(passages) if not _in_body(passage.place)]
    others.sort(key=lambda n: (passages[n].place.story, passages[n].texts))
    return [*body, *others]


def _paired(before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[Pair]:
    matcher = SequenceMatcher(None, _said(before), _said(after), autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(i, j), range(k, m), strict=True)
        else:
            for one, other in _resembling(before[i:j], after[k:m]):
                yield (None if one is None else one + i, None if other is None else other + k)


def _said(passages: Sequence[Passage]) -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(passage.place.story, passage.is_row, passage.texts) for passage in passages]


def _in_body(place: Place) -> bool:
    return place.story == "body"


def _row(table: Table, place: Place) -> Passage:
    cells = table.rows[place.row - 1]
    columns = tuple(cell.column for cell in cells)
    return Passage(tuple(cell.text for cell in cells), table.place.at(place.row), columns)


def _resembling(before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[Pair]:
    """Pair what lies between two passages that are the same, a stretch at a time."""
    if len(before) == len(after) == 1 and _same_sort(before[0], after[0]):
        yield 0, 0
        return
    for start in range(0, max(len(before), len(after)), _AT_A_TIME):
        stretch = slice(start, start + _AT_A_TIME)
        for one, other in _most_alike(before[stretch], after[stretch]):
            yield (
                None if one is None else one + start,
                None if other is None else other + start,
            )


def _most_alike(before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[Pair]:
    """Pair in order so that the likenesses add up to the most there can be."""
    alike = [[_likeness(one, other) for other in after] for one in before]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        for k in reversed(range(len(after))):
            paired_up = alike[i][k] + best[i + 1][k + 1] if alike[i][k] else 0.0
            best[i][k] = max(paired_up, best[i + 1][k], best[i][k + 1])
    i = k = 0
    while i < len(before) and k < len(after):
        if alike[i][k] and best[i][k] == alike[i][k] + best[i + 1][k + 1]:
            yield i, k
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            yield i, None
            i += 1
        else:
            yield None, k
            k += 1
    yield from ((gone, None) for gone in range(i, len(before)))
    yield from ((None, new) for new in range(k, len(after)))


def _likeness(one: Passage, other: Passage) -> float:
    """Return how alike two passages are, from 0 (not at all) to 1."""
    if not _same_sort(one, other):
        return 0.0
    found = _of_rows(one.texts, other.texts) if one.is_row else _of_prose(one, other)
    return found if found >= _ALIKE else 0.0


def _same_sort(one: Passage, other: Passage) -> bool:
    return one.is_row == other.is_row and one.place.story == other.place.story


def _of_prose(one: Passage, other: Passage) -> float:
    matcher = SequenceMatcher(None, one.texts[0], other.texts[0], autojunk=False)
    bounds = (matcher.real_quick_ratio(), matcher.quick_ratio())
    return 0.0 if min(bounds) < _ALIKE else matcher.ratio()


def _of_rows(one: Sequence[str], other: Sequence[str]) -> float:
    same = sum(1 for a, b in zip(one, other, strict=False) if a == b)
    share = same / max(len(one), len(other), 1)
    labelled = bool(one and other and one[0] and one[0] == other[0])
    return min(1.0, share + _SAME_LABEL) if labelled else share
