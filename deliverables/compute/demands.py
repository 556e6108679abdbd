"""What the client demanded in letters (整改通知、检查整改意见) and how it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from deliverables.compute.figures import iso_day, number, told
from deliverables.model.book import ContractBook
from deliverables.model.letters_sheets import Letter, LetterItem
from deliverables.values.figure import Figure, Statement

RECTIFY, INSPECTED = "整改通知", "检查整改意见"


@dataclass(frozen=True, slots=True)
class Demand:
    """A letter received that asks for something to be mended, and ours that answers it.

    `items` are what the answer lists: an item without a day is not done yet.
    """

    letter: Letter
    answer: Letter | None
    items: tuple[LetterItem, ...]

    def late_on(self, day: date) -> bool:
        """Whether it was answered after the day it names, or not at all and that day is past."""
        by = self.letter.reply_by
        delivered = self.answer.delivered if self.answer else None
        return by is not None and (delivered or day) > by

    @property
    def undone(self) -> tuple[LetterItem, ...]:
        """What the answer lists as not done."""
        return tuple(one for one in self.items if one.day is None)


def demands(book: ContractBook, kind: str, last: date) -> tuple[Demand, ...]:
    """Return the letters of a kind received up to a day, of the book as it was known."""
    if book.letters is None:
        return ()
    sent = [one for one in book.letters.letters if not one.received and one.delivered]
    found = []
    for letter in book.letters.letters:
        if letter.received and letter.kind == kind and letter.day <= last:
            answer = next((one for one in sent if one.answers == letter.number), None)
            items = book.letters.items_of(answer) if answer else ()
            found.append(Demand(letter, answer, items))
    return tuple(found)


def demanded(asked: Sequence[Demand], article: str) -> Statement:
    """Return what was demanded, when it was answered, and how much of it is done."""
    return Statement.joined("来函", [_told(one, article) for one in asked], "；")


def _told(one: Demand, article: str) -> Statement:
    letter, answer = one.letter, one.answer
    pattern = "{day}收到{kind}"
    said: dict[str, Figure[Any]] = {"day": iso_day(letter.figure("day")),
                                    "kind": letter.figure("kind")}  # fmt: skip
    if letter.their_number:
        pattern, said["theirs"] = pattern + "（{theirs}）", letter.figure("their_number")
    if letter.reply_by:
        pattern += "，限{by}答复"
        said["by"] = iso_day(letter.figure("reply_by"))
    if answer is None:
        return told("来函", pattern + "，尚未答复", article, said)
    pattern, said["answered"] = pattern + "，{answered}", iso_day(answer.figure("delivered"))
    if answer.our_number:
        pattern, said["ours"] = pattern + "以{ours}", answer.figure("our_number")
    pattern += "答复"
    if one.items:
        names = tuple(item.figure("name") for item in one.items)
        done = tuple(item.figure("day") for item in one.items if item.day)
        said["items"] = number("整改事项", len(one.items), "答复所列事项数", names)
        said["done"] = number("已完成", len(done), "答复所列填有完成日期的事项数", (*names, *done))
        pattern += "，所列整改 {items} 项，完成 {done} 项"
    return told("来函", pattern, article, said)
