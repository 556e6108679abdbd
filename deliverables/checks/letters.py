"""What must hold in letters.xlsx: numbers given once, letters that are there, days in order."""

from __future__ import annotations

from collections.abc import Iterable

from deliverables.checks.operations import label, repeated, sheets_of, where, without_evidence
from deliverables.model.book import ContractBook
from deliverables.model.fields import Row
from deliverables.model.ledger_sheets import Claim, PaymentRequestSent
from deliverables.model.letters_sheets import Letter, LetterFact, LetterItem, Letters
from deliverables.read.characters import nearest, quoted
from deliverables.values.problem import Message, Problem, error, say, warning


def books(book: ContractBook) -> tuple[Letters, ...]:
    """Return the letters, or nothing if there are none."""
    return (book.letters,) if book.letters else ()


def letter_numbers_once(book: ContractBook) -> Iterable[Problem]:
    """A number names one letter; our own 文号 are never given twice, not by the ledger either.

    A reminder of the ledger may be the letter itself, and is not asked.
    """
    for letters in books(book):
        for earlier, row in repeated(letters.letters, lambda row: row.number):
            yield _twice(where(earlier.place("number")), row, "number")
        ours = (row for row in letters.letters if row.our_number)
        for earlier, row in repeated(ours, lambda row: row.our_number.replace(" ", "")):
            yield _twice(where(earlier.place("our_number")), row, "our_number")
        for row in letters.letters:
            if row.our_number and (other := _of_ledger(row, book)) is not None:
                yield _twice(str(other.place("letter")), row, "our_number")


def _of_ledger(row: Letter, book: ContractBook) -> PaymentRequestSent | Claim | None:
    """Return the first request or claim of the ledger, another letter, that bears its 文号."""
    if book.ledger is None:
        return None
    number = row.our_number.replace(" ", "")
    for request in book.ledger.requests:
        if request.letter.replace(" ", "") == number and not _is_request(row, request):
            return request
    for claim in book.ledger.claims:  # 主张文件 has the title before the 文号, or none
        if claim.letter.replace(" ", "").endswith((number, f"{number}）")) and not _is_claim(
            row, claim
        ):
            return claim
    return None


def _is_request(row: Letter, request: PaymentRequestSent) -> bool:
    named = any(word in row.kind for word in ("付款申请", "请款"))
    return named and row.about in ("", str(request.instalment), f"第{request.instalment}期")


def _is_claim(row: Letter, claim: Claim) -> bool:
    named = row.kind in claim.letter or "主张" in row.kind
    return named and row.about in (
        "", claim.number, str(claim.instalment), f"第{claim.instalment}期"
    )  # fmt: skip


def _twice(earlier: str | Message, row: Letter, field: str) -> Problem:
    return error(
        "letter-number",
        row.place(field),
        say(
            "{label} {number} stands in {earlier} already",
            label=label(row, field),
            number=getattr(row, field),
            earlier=earlier,
        ),
        say("give the later letter the next number; a number is never used again"),
    )


def letters_known(book: ContractBook) -> Iterable[Problem]:
    """Facts and lists belong to a letter that is there, and what is answered was received."""
    for letters in books(book):
        known = {row.number: row for row in letters.letters}
        rows: tuple[LetterFact | LetterItem, ...] = (*letters.facts, *letters.items)
        for row in rows:
            if row.number not in known:
                yield _unknown(row.number, known, row, "number")
        received = {number: row for number, row in known.items() if row.received}
        for letter in letters.letters:
            if letter.answers and letter.answers not in received:
                yield _unknown(letter.answers, received, letter, "answers")


def _unknown(number: str, known: Iterable[str], row: Row, field: str) -> Problem:
    near = nearest(number, known)
    return error(
        "letter-unknown",
        row.place(field),
        say("the sheet 函件 has no letter received under {number}", number=quoted(number))
        if field == "answers"
        else say("the sheet 函件 has no letter {number}", number=quoted(number)),
        say("write {near} if that is meant", near=near)
        if near
        else say("enter the letter in the sheet 函件, or correct the number"),
    )  # fmt: skip


def letter_facts_once(book: ContractBook) -> Iterable[Problem]:
    """A letter has one content for each of its facts."""
    for letters in books(book):
        for earlier, row in repeated(letters.facts, lambda row: (row.number, row.item)):
            yield error(
                "letter-fact-twice",
                row.place("item"),
                say(
                    "{item} of {number} stands in {earlier} already",
                    item=row.item,
                    number=row.number,
                    earlier=where(earlier.place("item")),
                ),
                say("delete one of the two rows"),
            )


def letter_days_in_order(book: ContractBook) -> Iterable[Problem]:
    """A letter is dated before it is received, and delivered after it was entered."""
    for letters in books(book):
        for row in letters.letters:
            for first, second in (("their_day", "day"), ("day", "delivered")):
                before, after = getattr(row, first), getattr(row, second)
                if before and after and before > after:
                    yield warning(
                        "letter-days",
                        row.place(second),
                        say(
                            "{second} {after} is before {first} {before}",
                            second=label(row, second),
                            after=after,
                            first=label(row, first),
                            before=before,
                        ),
                        say("correct the days"),
                    )


def _needs_evidence(row: Row) -> bool:
    """Return whether a row says what happened: not a letter or a fact still to be written."""
    if isinstance(row, Letter):
        return row.received or row.delivered is not None
    return not isinstance(row, LetterFact) or bool(row.content)


def letter_evidence(book: ContractBook) -> Iterable[Problem]:
    """Whatever a letter states names its paper or record, and so does one sent or received."""
    for letters in books(book):
        for sheet in sheets_of(letters):
            filled = [row for row in sheet.rows if _needs_evidence(row)]
            without = [row.place("evidence") for row in filled if not row.evidence]
            if without:
                yield without_evidence(sheet, without)
