"""Amounts in capital words (人民币大写) against the figures they stand beside."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Final

from deliverables.capitals import CapitalsError, read_capitals
from deliverables.message import Message, say
from deliverables.verify.paper import Document, Paragraph, Table
from deliverables.verify.finding import Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.wording import amounts

_NEAR: Final = 3


def words_equal_figures(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find amounts in capital words that cannot be read, or differ from the figures beside them."""
    if not any(paragraph.traits.in_words for paragraph in document.telling):
        return
    beside = _Neighbours(document)
    for number, paragraph in enumerate(document.paragraphs):
        for start, end, words in paragraph.traits.in_words:
            where = paragraph.place.message()
            try:
                amount = read_capitals(words)
            except CapitalsError as failure:
                message = say("{words} is no amount: {reason}", words=words, reason=failure.reason)
                yield fault("words-unreadable", where, message, found=words)
                continue
            numerals = beside.numerals(number, start, end)
            if numerals and amount not in numerals:
                yield _words_differ(where, words, amount, numerals[0])


def _words_differ(where: Message, words: str, amount: Decimal, numeral: Decimal) -> Finding:
    return fault(
        "words-differ",
        where,
        say(
            "the words {words} say {amount}, the figures beside them {numeral}",
            words=words,
            amount=f"{amount:,}",
            numeral=f"{numeral:,}",
        ),
        f"{numeral:,}",
        words,
    )


class _Neighbours:
    """The numerals beside an amount in words: in its sentence, its row, its table, around it."""

    def __init__(self, document: Document) -> None:
        self._paragraphs = document.paragraphs
        self._tables = {(t.place.story, t.place.table): t for t in document.tables}

    def numerals(self, number: int, start: int, end: int) -> list[Decimal]:
        """Return the numeral nearest in the same paragraph, or else all on the nearest level."""
        paragraph = self._paragraphs[number]
        here = amounts(paragraph.text)
        if here:
            nearest = min(here, key=lambda found: max(start - found[1], found[0] - end))
            return [nearest[2]]
        for level in (self._in_row(paragraph), self._in_table(paragraph), self._around(number)):
            found = [amount for text in level for _, _, amount in amounts(text)]
            if found:
                return found
        return []

    def _table(self, paragraph: Paragraph) -> Table | None:
        return self._tables.get((paragraph.place.story, paragraph.place.table))

    def _in_row(self, paragraph: Paragraph) -> list[str]:
        table = self._table(paragraph)
        return [cell.text for cell in table.rows[paragraph.place.row - 1]] if table else []

    def _in_table(self, paragraph: Paragraph) -> list[str]:
        table = self._table(paragraph)
        return [cell.text for cell in chain.from_iterable(table.rows)] if table else []

    def _around(self, number: int) -> list[str]:
        near = self._paragraphs[max(number - _NEAR, 0) : number + _NEAR + 1]
        return [paragraph.text for paragraph in near]
