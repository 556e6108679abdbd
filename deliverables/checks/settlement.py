"""Rules about acceptance and fiscal approval: what releases a payment and what excuses delay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverables.checks.ledger import ledgers
from deliverables.checks.quarters import last_day_of_term
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.model.ledger import Acceptance
from deliverables.problem import Problem, error, warning
from deliverables.workdays import Calendar, Provisional

PASSED, FINAL = "通过", "最终"


def accepted_after_notice(book: ContractBook) -> Iterable[Problem]:
    """Acceptance follows the notice, within the days that the contract gives (Art. 3.6)."""
    for acceptance in _acceptances(book):
        notice, accepted = acceptance.notice_received, acceptance.accepted
        if notice is None or accepted is None:
            continue
        if accepted < notice:
            yield error(
                "acceptance-before-notice",
                acceptance.place("accepted"),
                say(
                    "accepted on {accepted}, the notice was received on {notice} ({days} days "
                    "later)",
                    accepted=accepted,
                    notice=notice,
                    days=(notice - accepted).days,
                ),
                say("copy both days from the signed receipt and the acceptance paper"),
            )
        else:
            yield from _in_time(acceptance, book.contract.acceptance.working_days, book.calendar)


def _in_time(acceptance: Acceptance, allowed: int, calendar: Calendar) -> Iterator[Problem]:
    notice, accepted = acceptance.notice_received, acceptance.accepted
    if notice is None or accepted is None:
        return
    try:
        deadline = calendar.add_workdays(notice, allowed)
    except (ValueError, OverflowError):  # a year of which nothing is known
        return
    latest = deadline.latest if isinstance(deadline, Provisional) else deadline.date
    if accepted > latest:
        yield warning(
            "acceptance-late",
            acceptance.place("accepted"),
            say(
                "accepted on {accepted}, {allowed} working days after the notice of {notice} end "
                "on {latest} ({days} days late)",
                accepted=accepted,
                allowed=allowed,
                notice=notice,
                latest=latest,
                days=(accepted - latest).days,
            ),
            say("check the days; silence is an outward acceptance only (Art. 3.6)"),
        )


def accepted_on_paper(book: ContractBook) -> Iterable[Problem]:
    """An acceptance that passed has its day, the receipt of its notice and its paper."""
    for acceptance in _acceptances(book):
        if acceptance.result != PASSED:
            continue
        if acceptance.accepted is None:
            yield error(
                "acceptance-undated",
                acceptance.place("accepted"),
                say("the {stage} acceptance passed, its day is empty", stage=acceptance.stage),
                say("copy the day from the acceptance paper: a payment hangs on it"),
            )
        wanting = _wanting(acceptance)
        for field, what in wanting:
            yield warning(
                "acceptance-unproved",
                acceptance.place(field),
                say(
                    "the {stage} acceptance passed, and there is no {what}",
                    stage=acceptance.stage,
                    what=what,
                ),
                say("enter it from the paper that the client signed (Art. 3.6)"),
            )


def _wanting(acceptance: Acceptance) -> Iterator[tuple[str, Message]]:
    if acceptance.notice_received is None:
        yield "notice_received", say("day on which the client received the notice")
    if not acceptance.document:
        yield "document", say("acceptance paper")


def final_after_term(book: ContractBook) -> Iterable[Problem]:
    """The final acceptance needs reports that exist only after the term."""
    last = last_day_of_term(book.contract)
    if last is None:
        return
    for acceptance in _acceptances(book):
        day = acceptance.accepted
        if acceptance.stage == FINAL and day is not None and day < last:
            yield error(
                "acceptance-before-term-end",
                acceptance.place("accepted"),
                say(
                    "the final acceptance was on {day}, the service ends on {last} ({days} days "
                    "later)",
                    day=day,
                    last=last,
                    days=(last - day).days,
                ),
                say("correct the day or the stage: the last reports exist only after the term"),
            )


def _acceptances(book: ContractBook) -> tuple[Acceptance, ...]:
    return tuple(row for ledger in ledgers(book) for row in ledger.acceptances)


def fiscal_days_in_order(book: ContractBook) -> Iterable[Problem]:
    """A fiscal approval ends no earlier than it begins."""
    for ledger in ledgers(book):
        for approval in ledger.fiscal_approvals:
            if approval.last_day < approval.first_day:
                yield error(
                    "end-before-start",
                    approval.place("last_day"),
                    say(
                        "{end} {ended} is not after {start} {started}",
                        end="截止日期",
                        ended=approval.last_day,
                        start="起始日期",
                        started=approval.first_day,
                    ),
                    say("correct the two days: they excuse the client from paying (Art. 6.2)"),
                )
