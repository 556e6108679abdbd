"""Amounts, dates and counts that the data do not have: a slip, or free prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from deliverables.message import say
from deliverables.verify.document import Document
from deliverables.verify.finding import Finding, doubt
from deliverables.verify.leaves import Leaves
from deliverables.verify.marked import unmarked
from deliverables.verify.wording import amounts

_IS_MONEY: Final = re.compile(r"[￥¥,]")
_DAY: Final = re.compile(r"(?<!\d)(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?!\d)日?")
_COUNT: Final = re.compile(
    r"(?<![\d.,\w])\d[\d,]*(?:\.\d+)?\s?(?:[%‰起次秒天台人个项家件份条核]|小时|分钟|万|[GT]B)",
    re.ASCII,
)
_MARKS_OF_A_DRAFT: Final = ("header", "footer")
"""They may carry the day a draft was made, which is no fact of the contract."""


def unknown_amounts(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find amounts of money that the data do not have: a slip in a repeated figure, or prose."""
    known = {amount for _, _, amount in amounts(leaves.everything)}
    known |= {
        leaf.figure.value for leaf in leaves.figures if isinstance(leaf.figure.value, Decimal)
    }
    for paragraph in document.paragraphs:
        for start, end, amount in amounts(paragraph.text):
            text = paragraph.text[start:end]
            if amount not in known and _IS_MONEY.search(text):
                message = say("the data have no amount {amount}", amount=text)
                yield doubt("amount-unknown", paragraph.place.message(), message, found=text)


def unknown_dates(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find days that the data do not have, and days that no calendar has."""
    known = set(_DAY.findall(_plain(leaves.everything)))
    days = [leaf.figure.value for leaf in leaves.figures if isinstance(leaf.figure.value, date)]
    known |= {(str(day.year), str(day.month), str(day.day)) for day in days}
    for paragraph in document.paragraphs:
        if paragraph.place.story in _MARKS_OF_A_DRAFT:
            continue
        for found in _DAY.finditer(paragraph.text):
            if _DAY.findall(_plain(found[0]))[0] not in known:
                message = say("the data have no date {day}", day=found[0])
                yield doubt("date-unknown", paragraph.place.message(), message, found=found[0])


def unknown_counts(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find counts and percentages, typed into prose, that neither data nor template state."""
    if leaves.as_made is None:
        return
    stated = leaves.as_made.text
    for paragraph in document.prose:
        for found in _COUNT.finditer(unmarked(paragraph)):
            if not (_is_stated(found[0], stated) or _is_stated(found[0], leaves.everything)):
                message = say("the data do not state {count}", count=found[0])
                yield doubt("count-unknown", paragraph.place.message(), message, found=found[0])


def _is_stated(count: str, text: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(count)}", text) is not None


def _plain(text: str) -> str:
    """Return the text with dates as numbers without leading zeros."""
    return _DAY.sub(lambda day: "-".join(str(int(part)) for part in day.groups()), text)
