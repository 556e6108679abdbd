"""Which numbers of a contract's text no fact claims: a tariff, a forgotten term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from deliverables.checks.quotes import VERBATIM, clauses
from deliverables.model.book import ContractBook
from deliverables.model.contract import counted_from
from deliverables.model.contract_text import ContractText, folded
from deliverables.model.fields import DAY, NUMBERS_AS_TEXT, PERCENTAGE, declarations
from deliverables.read.contract_text import Articles, articles
from deliverables.values.chinese_numbers import Mention, numbers
from deliverables.values.dates import service_term
from deliverables.values.identifiers import mask
from deliverables.values.problem import Message, listed, say
from deliverables.values.time_limit import TimeLimit

_REFERENCE: Final = re.compile(
    r"《[^》]*》(?:\([^)]*\))?|〔\d+〕\d+号|附件\d+|[A-Z]{2,}\[\d{4}\][A-Z]*-?\d+"
)
_LONG_ENOUGH: Final = 4
_PERSONAL: Final = 11
_MOST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """The numbers of a text that no fact claims, with their article; and how many there are."""

    found: tuple[tuple[str, str], ...]
    all: int


def unclaimed(book: ContractBook, text: ContractText) -> Unclaimed:
    """Return the numbers that are no value of the quote they stand in, and in no copied text.

    Numbers of articles and references to laws and annexes are none.
    """
    named = articles(text)
    words = text.text
    counted = [one for one in numbers(words) if not _is_reference(named, words, one)]
    plain = _Plain.of(words)
    claims = list(_claims(book, plain))
    days = _days(book)
    left = [
        one
        for one in counted
        if one.value not in days and not any(claim.covers(one) for claim in claims)
    ]
    return Unclaimed(
        tuple((named.clause(one.start).name, text.original(one.start, one.end)) for one in left),
        len(counted),
    )


def _days(book: ContractBook) -> frozenset[object]:
    """Return the days that facts state, or that follow from them: they mean the same anywhere."""
    stated = {getattr(clause, name) for clause in clauses(book.contract) if clause.quote
              for name, declared in declarations(type(clause)).items()
              if declared.type is DAY}  # fmt: skip
    start, convention = counted_from(book.contract)
    term = service_term(start, book.contract.service.term_months, convention)
    return frozenset({*stated, term.last} - {None})


def told(contract: str, file: str, found: Unclaimed) -> Message:
    """Return one line about all of them, article by article."""
    if not found.found:
        return say("{contract}: every one of the {all} numbers in {file} is claimed by a fact",
                   contract=contract, all=found.all, file=file)  # fmt: skip
    places = [
        say("{article} ({numbers})", article=article, numbers=listed(_safe(one) for _, one in each))
        for article, each in groupby(found.found, key=lambda one: one[0])
    ]
    more = ["…"] if len(places) > _MOST_SHOWN else []
    return say(
        "{contract}: {all} numbers in {file}, {count} claimed by no fact: {places}",
        contract=contract,
        all=found.all,
        file=file,
        count=len(found.found),
        places=listed([*places[:_MOST_SHOWN], *more]),
    )


def _safe(number: str) -> str:
    """Return a number as a log may hold it: one as long as a telephone number is masked."""
    written = len(number) >= _PERSONAL and number.isascii() and number.isalnum()
    return mask(number) if written else number


def _is_reference(named: Articles, words: str, one: Mention[Decimal | date]) -> bool:
    mark = any(part.start <= one.start < part.body for part in named.parts)
    line = words.rfind("\n", 0, one.start) + 1
    stop = words.find("\n", one.end)
    sentence = words[line : stop if stop >= 0 else len(words)]
    return mark or any(
        line + found.start() <= one.start < line + found.end()
        for found in _REFERENCE.finditer(sentence)
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A span of the text in which certain values belong to a fact; None where all of it does."""

    start: int
    end: int
    values: frozenset[object] | None = None
    digits: str = ""

    def covers(self, one: Mention[Decimal | date]) -> bool:
        if not (self.start <= one.start and one.end <= self.end):
            return False
        return self.values is None or one.value in self.values or one.text in self.digits


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text without white space and the commas of thousands, each sign with its position."""

    text: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, words: str) -> _Plain:
        """Return the plain form of a normal form."""
        kept = [at for at, sign in enumerate(words) if not sign.isspace()]
        text = "".join(words[at] for at in kept)
        dropped = {found.start() for found in re.finditer(r"(?<=\d),(?=\d{3}(?!\d))", text)}
        kept = [at for index, at in enumerate(kept) if index not in dropped]
        return cls("".join(words[at] for at in kept), tuple(kept))

    def spans(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Yield where a folded text stands, as positions of the normal form."""
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            yield self.at[at], self.at[at + len(wanted) - 1] + 1
            at = self.text.find(wanted, at + 1)


def _claims(book: ContractBook, plain: _Plain) -> Iterator[_Claim]:
    for clause in clauses(book.contract):
        declared = declarations(type(clause))
        copied = VERBATIM.get(type(clause), ())
        values = {name: getattr(clause, name) for name in declared}
        texts = [folded(one) for name in copied if isinstance(one := values[name], str)]
        digits = " ".join(
            str(one) for name, one in values.items() if declared[name].type in NUMBERS_AS_TEXT
        )
        said = frozenset(
            one / 100 if declared[name].type is PERCENTAGE and isinstance(one, Decimal) else one
            for name, value in values.items()
            for one in ((value.count, value.day) if isinstance(value, TimeLimit) else (value,))
            if isinstance(one, int | Decimal | date)
        )
        for quote in clause.quote:
            for span in plain.spans(folded(quote)):
                yield _Claim(*span, said, digits)
        for text in texts:
            if len(text) >= _LONG_ENOUGH:
                yield from (_Claim(*span) for span in plain.spans(text))
