"""What is open on a day: who has not signed, what is in dispute, what is past its day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from deliverables.compute.account import account_of, surely_due
from deliverables.compute.matters import unexplained
from deliverables.compute.term import service_end
from deliverables.model.book import ContractBook
from deliverables.model.contract import Duty
from deliverables.model.fields import as_known, declarations
from deliverables.model.ledger_sheets import Fulfilment
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.problem import Problem, gap, say, warning


def open_points(book: ContractBook, as_of: date) -> Iterator[Problem]:
    """Yield what is disputed or late, who has not signed, what no record answers yet."""
    yield from disputes_past_due(book, as_of)
    yield from duties_answered_later(book, as_of)
    yield from _matters_past_due(book, as_of)
    asked = book.contract.owes_agreements
    for member in book.roster.unsigned(as_of) if book.roster and asked else ():
        yield from _not_signed(member, as_of)


def _matters_past_due(book: ContractBook, as_of: date) -> Iterator[Problem]:
    for one in unexplained(book.quarters, as_of):
        row = one.while_open
        what = say(
            "{number} ({subject}) was due on {due} and is open without a word",
            number=row.number,
            subject=row.subject,
            due=one.first.due,
        )
        if one.postponed:
            what = say(
                "{number} ({subject}) was put off from {first} to {due} without a word",
                number=row.number,
                subject=row.subject,
                first=one.first.due,
                due=one.latest.due,
            )
        yield gap(
            "issue-unexplained",
            row.place("outcome"),
            what,
            say(
                "enter when it was closed and how; if it is open, write in 办理结果 why and what "
                "comes next: the reports print 【待补】 until then"
            ),
        )


def _not_signed(member: StaffMember, as_of: date) -> Iterator[Problem]:
    granted = member.access_granted
    if granted is not None and granted <= as_of:
        yield warning(
            "access-before-signing",
            member.place("access_granted"),
            say(
                "{number} has had access since {granted} and has signed nothing",
                number=member.number,
                granted=granted,
            ),
            say("suspend the access until the agreement is signed"),
        )
    else:
        yield warning(
            "not-signed",
            member.place("signed"),
            say(
                "{number} joined on {joined} and has not signed the agreement",
                number=member.number,
                joined=member.joined,
            ),
            say("have the agreement signed and enter the day"),
        )
    known = as_known(member, as_of)
    for name in _WHY:
        if getattr(known, name) in (None, ""):
            label = declarations(StaffMember)[name].label
            yield gap(
                "unsigned-unexplained",
                member.place(name),
                say("{number} has not signed: {label} is empty", number=member.number, label=label),
                say("fill it in: the coverage list and the reports print 【待补】 until then"),
            )
    if member.explained is None and any(getattr(member, name) for name in _WHY):
        yield warning(
            "unsigned-undated",
            member.place("explained"),
            say(
                "{number} has not signed: {label} is empty, so a document of any day tells why",
                number=member.number,
                label=declarations(StaffMember)["explained"].label,
            ),
            say("enter the day on which reason, person and day were written or last changed"),
        )


_WHY = ("why_unsigned", "owner", "sign_by")


_BY_A_PERSON = "切换"
"""Answered by the records only while the term runs; a summary is made after it."""


def answered(duty: Duty, written: Iterable[Fulfilment]) -> bool:
    """Return whether records, the client or a row that a person wrote answer a duty."""
    by_records = bool(duty.shown_by) and duty.shown_by != _BY_A_PERSON
    by_client = duty.owner == "甲方" and not duty.shown_by
    return by_records or by_client or any(row.answers(duty.article, duty.duty) for row in written)


def duties_answered_later(book: ContractBook, as_of: date) -> Iterator[Problem]:
    """Yield a gap for each duty whose only answer is of a later day, once a summary can be made."""
    if book.ledger is None or as_of <= service_end(book.contract, as_of).value:
        return
    every, known = book.ledger.fulfilments, book.ledger.as_known(as_of).fulfilments
    for duty in book.contract.duties:
        if answered(duty, every) and not answered(duty, known):
            row = next(one for one in every if one.answers(duty.article, duty.duty))
            yield gap(
                "duty-answered-later",
                row.place("day"),
                say(
                    "{article} ({duty}) is answered by a row of {day}: the annual summary of "
                    "{as_of} prints 【待补】",
                    article=duty.article,
                    duty=duty.duty,
                    day=row.day,
                    as_of=as_of,
                ),
                say("make the summary on that day or later, or enter what was done until now"),
            )


def disputes_past_due(book: ContractBook, as_of: date) -> Iterator[Problem]:
    """Yield a warning for each deduction still disputed after its instalment was due."""
    money = account_of(book, as_of)
    for item in money.instalments if money else ():
        if item.deadline is None or as_of <= surely_due(item.deadline):
            continue
        for row in item.disputes:
            yield warning(
                "deduction-disputed",
                row.place("status"),
                say(
                    "{amount} are disputed, instalment {number} was due on {day} ({days} days ago)",
                    amount=row.figure("amount"),
                    number=row.instalment,
                    day=surely_due(item.deadline),
                    days=(as_of - surely_due(item.deadline)).days,
                ),
                say("settle it with the client in writing, then enter 协商一致 or 已撤销"),
            )
