"""Amounts, dates and counts that the data do not have: a slip, or free prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from deliverables.message import say
from deliverables.verify.paper import Document
from deliverables.verify.finding import Finding, doubt
from deliverables.verify.leaves import Leaves
from deliverables.verify.marked import unmarked
from deliverables.verify.traits import plain_day
from deliverables.verify.wording import REMEMBERED

_IS_MONEY: Final = re.compile(r"[￥¥,]")
_COUNT: Final = re.compile(
    r"(?<![\d.,\w])\d[\d,]*(?:\.\d+)?\s?(?:[%‰起次秒天台人个项家件份条核]|小时|分钟|万|[GT]B)",
    re.ASCII,
)
_MARKS_OF_A_DRAFT: Final = ("header", "footer")
"""They may carry the day a draft was made, which is no fact of the contract."""


def unknown_amounts(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find amounts of money that the data do not have: a slip in a repeated figure, or prose."""
    known = {amount for line in leaves.traits for _, _, amount in line.amounts}
    known |= {
        leaf.figure.value for leaf in leaves.figures if isinstance(leaf.figure.value, Decimal)
    }
    for paragraph in document.telling:
        for start, end, amount in paragraph.traits.amounts:
            text = paragraph.text[start:end]
            if amount not in known and _IS_MONEY.search(text):
                message = say("the data have no amount {amount}", amount=text)
                yield doubt("amount-unknown", paragraph.place.message(), message, found=text)


def unknown_dates(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find days that the data do not have, and days that no calendar has."""
    known = {plain_day(day) for line in leaves.traits for day in line.days}
    days = [leaf.figure.value for leaf in leaves.figures if isinstance(leaf.figure.value, date)]
    known |= {(day.year, day.month, day.day) for day in days}
    for paragraph in document.telling:
        if paragraph.place.story in _MARKS_OF_A_DRAFT:
            continue
        for day in paragraph.traits.days:
            if plain_day(day) not in known:
                message = say("the data have no date {day}", day=day)
                yield doubt("date-unknown", paragraph.place.message(), message, found=day)


def unknown_counts(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find counts and percentages, typed into prose, that neither data nor template state."""
    if leaves.as_made is None or leaves.as_made is document:
        return
    stated = leaves.as_made.text
    for paragraph in document.prose:
        for count in _counts(unmarked(paragraph)):
            if not (_is_stated(count, stated) or _is_stated(count, leaves.everything)):
                message = say("the data do not state {count}", count=count)
                yield doubt("count-unknown", paragraph.place.message(), message, found=count)


def _is_stated(count: str, text: str) -> bool:
    at = text.find(count)
    while at > 0 and (text[at - 1].isdecimal() or text[at - 1] in ".,"):
        at = text.find(count, at + 1)
    return at >= 0


@lru_cache(REMEMBERED)
def _counts(text: str) -> tuple[str, ...]:
    return tuple(found[0] for found in _COUNT.finditer(text))
