"""What the client demanded in letters (整改通知、检查意见、返还通知) and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from deliverables.compute.figures import iso_day, made_on, number, told
from deliverables.compute.matters import Matter, matters
from deliverables.model.book import ContractBook
from deliverables.model.letters_sheets import Letter, LetterItem
from deliverables.model.operations_sheets import listed_in
from deliverables.values.figure import Figure, Statement

RECTIFY, INSPECTED, RETURN = "整改通知", "检查整改意见", "返还通知"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list of a letter, and the figure that shows by a day that it is done.

    `later` tells that the letter did not say so yet: the register of matters does, under the
    number in the remark of the line.
    """

    item: LetterItem
    done: Figure[Any] | None
    later: bool = False


def listed(book: ContractBook, letter: Letter, period: int, day: date) -> tuple[Listed, ...]:
    """Return the list of a letter of ours, with what became of it by the day.

    The matters are those that the periods up to `period` raised.
    """
    if book.letters is None:
        return ()
    every = {one.first.number: one for one in matters(book.quarters, period, day)}
    return tuple(_listed(item, every, day) for item in book.letters.items_of(letter))


def _listed(item: LetterItem, every: Mapping[str, Matter], day: date) -> Listed:
    if item.day is not None and item.day <= day:
        return Listed(item, iso_day(item.figure("day")))
    named = [every[one] for one in listed_in(item.remark) if one in every]
    ends = [one.closing(day) for one in named]
    closed = [one for one in ends if one is not None and one.closed is not None]
    if not named or len(closed) < len(ends):
        return Listed(item, None)
    last = max(closed, key=lambda one: one.closed or day)
    return Listed(item, iso_day(last.figure("closed")), later=True)


def undone(items: Sequence[Listed]) -> tuple[Figure[str], ...]:
    """Return the names of what is not done."""
    return tuple(one.item.figure("name") for one in items if one.done is None)


def told_of(items: Sequence[Listed], what: str, article: str, day: date) -> Statement:
    """Return how much of a list is done by the day, and when what its letter left open."""
    names = tuple(one.item.figure("name") for one in items)
    done = tuple(one.done for one in items if one.done)
    rule = "函件明细填有日期，或者备注所列事项已办结"
    said: dict[str, Figure[Any]] = {
        "items": number("所列事项", len(items), "函件明细行数", names),
        "done": number("已完成", len(done), rule, (*names, *done)),
        "day": made_on(day),
    }
    pattern = f"{what} {{items}} 项，截至{{day}}完成 {{done}} 项"
    later = [
        Statement.of("后来完成", "“{name}”{done}办结", article, name=one.item.figure("name"),
                     done=one.done)
        for one in items if one.later and one.done
    ]  # fmt: skip
    if later:
        pattern += "（{later}）"
        said["later"] = Statement.joined("后来完成", later, "、")
    return told("所列事项", pattern, article, said)


@dataclass(frozen=True, slots=True)
class Demand:
    """A letter received that asks for something, and ours that answers it with its list."""

    letter: Letter
    answer: Letter | None
    items: tuple[Listed, ...]

    def late_on(self, day: date) -> bool:
        """Whether it was answered after the day it names, or not at all and that day is past."""
        by = self.letter.reply_by
        delivered = self.answer.delivered if self.answer else None
        return by is not None and (delivered or day) > by


def demands(book: ContractBook, kind: str, period: int, last: date) -> tuple[Demand, ...]:
    """Return the letters of a kind received up to a day, of the book as it was known.

    What became of their items is told by the matters of the periods up to `period`.
    """
    if book.letters is None:
        return ()
    sent = [one for one in book.letters.letters if not one.received and one.delivered]
    found = []
    for letter in book.letters.letters:
        if letter.received and letter.kind == kind and letter.day <= last:
            answer = next((one for one in sent if one.answers == letter.number), None)
            items = listed(book, answer, period, last) if answer else ()
            found.append(Demand(letter, answer, items))
    return tuple(found)


def demanded(asked: Sequence[Demand], article: str, day: date) -> Statement:
    """Return what was demanded, when it was answered, and how much of it is done by the day."""
    return Statement.joined("来函", [_told(one, article, day) for one in asked], "；")


def _told(one: Demand, article: str, day: date) -> Statement:
    pattern, said = _received(one.letter)
    answer = one.answer
    if answer is None:
        return told("来函", pattern + "，尚未答复", article, said)
    pattern, said["answered"] = pattern + "，{answered}", iso_day(answer.figure("delivered"))
    if answer.our_number:
        pattern, said["ours"] = pattern + "以{ours}", answer.figure("our_number")
    pattern += "答复"
    if one.items:
        pattern += "，{items}"
        said["items"] = told_of(one.items, "所列整改", article, day)
    return told("来函", pattern, article, said)


def _received(letter: Letter) -> tuple[str, dict[str, Figure[Any]]]:
    """Return of a letter when it came, what it is, its number and until when it wants an answer."""
    pattern = "{day}收到{kind}"
    said: dict[str, Figure[Any]] = {"day": iso_day(letter.figure("day")),
                                    "kind": letter.figure("kind")}  # fmt: skip
    if letter.their_number:
        pattern, said["theirs"] = pattern + "（{theirs}）", letter.figure("their_number")
    if letter.reply_by:
        pattern += "，限{by}答复"
        said["by"] = iso_day(letter.figure("reply_by"))
    return pattern, said


def given_back(asked: Sequence[Demand], article: str, day: date) -> Statement:
    """Return what was to be given back, what was, and by which paper delivered when."""
    return Statement.joined("返还", [_given_back(one, article, day) for one in asked], "；")


def _given_back(one: Demand, article: str, day: date) -> Statement:
    pattern, said = _received(one.letter)
    if one.answer is None:
        said["today"] = made_on(day)
        return told("返还", pattern + "，截至{today}未登记返还清单", article, said)
    pattern += "，{paper}{answered}送达"
    said["paper"], said["answered"] = (
        one.answer.figure("kind"),
        iso_day(one.answer.figure("delivered")),
    )
    if one.items:
        pattern += "，返还{names}"
        names = tuple(each.item.figure("name") for each in one.items)
        said["names"] = Statement.joined("返还资料", names, "、")
    return told("返还", pattern, article, said)
