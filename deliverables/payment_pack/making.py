"""The payment pack of one instalment: the letter is there; the rest is made, proved and put."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from deliverables.compute.account import InstalmentAccount, account
from deliverables.folders import Folders
from deliverables.kind import Deliverable
from deliverables.kinds.payment_request import KIND, PaymentRequest
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.orders import Examined, Outcome, Request, Result
from deliverables.payment_pack import email
from deliverables.payment_pack.application import Application, application
from deliverables.payment_pack.checklist import Case, Item, checklist
from deliverables.payment_pack.look import Marks
from deliverables.payment_pack.papers import Paper, Placing, put
from deliverables.payment_pack.proof import prove_form
from deliverables.payment_pack.sheets import pack_workbook
from deliverables.planning import Planned, plan
from deliverables.problem import Problem, warning
from deliverables.recomposing import NoLongerDueError, recompose
from deliverables.register import Entry
from deliverables.source import Line
from deliverables.verification import done_to
from deliverables.verify.finding import Finding

WORKBOOK, EMAIL = "请款资料", "请款邮件"
LETTER: Final = KIND.name
_THERE = {Result.MADE, Result.UNCHANGED, Result.KEPT}


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentPack:
    """What was made for an instalment. Without a letter there is nothing else either.

    `asked` is what the invoice is applied for with, None where nothing is left to invoice.
    """

    letter: Outcome
    papers: tuple[Paper, ...] = ()
    items: tuple[Item, ...] = ()
    asked: Application | None = None
    subject: str = ""
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def make_pack(
    examined: Examined, folders: Folders, request: Request, letter: Outcome, pdf: Path | None
) -> PaymentPack:
    """Make what goes with a letter that was just built, every figure as the letter has it."""
    book = examined.book
    if book is None or book.ledger is None or letter.result not in _THERE:
        return PaymentPack(letter=letter)
    said, state = figures(book, letter.deliverable, request.as_of)
    planned = _planned(book, folders, request, letter)
    one = planned.deliverable
    asked = application(book, said, state, request.as_of)
    items = checklist(
        Case(book=book, folders=folders, planned=planned, letter=said, state=state,
             application=asked, as_of=request.as_of, pdf=pdf)
    )  # fmt: skip
    content = pack_workbook(asked, items, one.title, Marks(one.sample, said.unmet))
    findings = prove_form(content, asked) if asked else ()
    template = folders.template(email.TEMPLATE, email.SUFFIX)
    sealed = planned.life.sealed is not None and not planned.life.redrafted
    written = email.write_email(
        template, email.email_text(book, said, sample=one.sample, sealed=sealed)
    )
    pack = PaymentPack(
        letter=letter,
        items=items,
        asked=asked,
        subject=written.subject,
        findings=(*findings, *_edited(planned, folders, letter)),
        problems=(*written.problems, *_letter_differs(said, planned, book, folders, letter)),
    )
    if findings or written.problems:
        return pack
    placing = Placing(book=book, folders=folders, deliverable=one, as_of=request.as_of,
                      moment=request.moment, command=request.command,
                      replace_edited=request.replace_edited)  # fmt: skip
    papers = (
        put(placing, placing.path(WORKBOOK, ".xlsx"), content),
        put(placing, placing.path(EMAIL, ".txt"), written.text.encode(), template),
    )
    return replace(pack, papers=papers)


def figures(
    book: ContractBook, deliverable: Deliverable, as_of: date
) -> tuple[PaymentRequest, InstalmentAccount]:
    """Return what the letter says on the day, and the account of its instalment."""
    if book.ledger is None:
        raise ValueError("a payment pack needs the ledger")
    said = KIND.compose(book, deliverable, as_of)
    if not isinstance(said, PaymentRequest):
        raise TypeError("a payment request says what a PaymentRequest holds")
    money = account(book.contract, book.ledger, book.calendar, as_of)
    return said, money.instalment(int(deliverable.part))


def _planned(book: ContractBook, folders: Folders, request: Request, letter: Outcome) -> Planned:
    """Return where the letter stands now that it is made."""
    key = letter.deliverable.key
    return next(one for one in plan(book, folders, request.as_of) if one.deliverable.key == key)


def _edited(planned: Planned, folders: Folders, letter: Outcome) -> tuple[Finding, ...]:
    """Return what people did to a draft that was edited by hand and so kept."""
    kept = letter.result is Result.KEPT and not planned.finished
    if not kept or letter.file is None or planned.made is None:
        return ()
    return done_to(letter.file, planned.made, folders.bases(letter.deliverable.contract))


def _letter_differs(
    said: PaymentRequest, planned: Planned, book: ContractBook, folders: Folders, letter: Outcome
) -> tuple[Problem, ...]:
    """Return a warning if a kept letter asks for another amount than the pack of today."""
    life = planned.life
    then = life.final if planned.finished else life.made
    if letter.result is not Result.KEPT or then is None or letter.file is None:
        return ()
    if _amounts(_said_then(then, book, folders)) == _amounts(said):
        return ()
    return (
        warning(
            "pack-letter-differs",
            Line(letter.file.as_posix()),
            say(
                "the letter is of {day} and was kept; the invoices or the amount asked for are "
                "not what they were then",
                day=then.as_of,
            ),
            say("make the letter anew with --replace before the pack is sent"),
        ),
    )


def _said_then(then: Entry, book: ContractBook, folders: Folders) -> object:
    """Return what a letter of an earlier day says by the data of today, None if it cannot be."""
    try:
        return recompose(then, book, folders).context
    except NoLongerDueError:
        return None


def _amounts(said: object) -> tuple[str, ...]:
    if not isinstance(said, PaymentRequest):
        return ()
    invoices = (f"{line.number} {line.gross}" for line in said.invoices)
    return (str(said.due), str(said.requested), *invoices)
