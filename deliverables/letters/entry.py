"""The rows of a letter in letters.xlsx: what is known is written, the rest left to a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from deliverables.letters.declaration import LetterDeclaration
from deliverables.model.book import ContractBook
from deliverables.model.letters_sheets import RECEIVED, SENT, Letter, LetterFact

_OWN_NUMBER: Final = re.compile(
    r"(?P<before>.*〔)(?P<year>\d{4})(?P<between>〕)(?P<count>\d+)(?P<end>号)"
)
_NUMBER: Final = re.compile(r"(?P<before>.*?)(?P<count>\d+)")
FIRST: Final = "HJ-01"


@dataclass(frozen=True, slots=True)
class LetterEntry:
    """A letter to be entered, and the facts that are left to be filled in."""

    letter: Letter
    facts: tuple[LetterFact, ...]

    @property
    def rows(self) -> tuple[Letter | LetterFact, ...]:
        """The rows of letters.xlsx, the letter's own first."""
        return (self.letter, *self.facts)


def entry_of(
    kind: str,
    day: date,
    book: ContractBook,
    declaration: LetterDeclaration | None,
    *,
    about: str = "",
    answers: str = "",
) -> LetterEntry:
    """Return the rows of a letter of ours on a day, or, without a declaration, of one received.

    Numbers follow those that were given: ours anew each year, none ever twice. A letter that is
    declared to bear no 文号 gets none.
    """
    letters = book.letters.letters if book.letters else ()
    numbered = declaration is not None and declaration.numbered
    number = next_number([row.number for row in letters])
    letter = Letter(
        number=number,
        direction=SENT if declaration else RECEIVED,
        kind=declaration.title if declaration else kind,
        day=day,
        about=about,
        answers=answers,
        our_number=next_own_number(_given(book), day.year) if numbered else "",
    )
    asks = declaration.asks if declaration else ()
    return LetterEntry(letter, tuple(LetterFact(number=number, item=item) for item in asks))


def _given(book: ContractBook) -> list[str]:
    """Return every 文号 that was given, in letters.xlsx and in the ledger."""
    given = [row.our_number for row in book.letters.letters] if book.letters else []
    if book.ledger:
        given += [row.letter for row in book.ledger.requests]
        given += [row.letter for row in book.ledger.reminders]
        given += [row.letter for row in book.ledger.claims]
    return [one for one in given if one]


def next_number(given: Iterable[str]) -> str:
    """Return the number after the highest one given, in its form: HJ-09, HJ-10."""
    found = [match for one in given if (match := _NUMBER.fullmatch(one))]
    if not found:
        return FIRST
    highest = max(found, key=lambda match: int(match["count"]))
    return f"{highest['before']}{int(highest['count']) + 1:0{len(highest['count'])}}"


def next_own_number(given: Iterable[str], year: int) -> str:
    """Return the 文号 after those of a year, which begins with 1; empty while none has a form."""
    found = [match for one in given if (match := _OWN_NUMBER.fullmatch(one))]
    if not found:
        return ""
    of_year = [int(match["count"]) for match in found if int(match["year"]) == year]
    form = max(found, key=lambda match: (int(match["year"]), int(match["count"])))
    count = max(of_year, default=0) + 1
    return f"{form['before']}{year}{form['between']}{count}{form['end']}"
