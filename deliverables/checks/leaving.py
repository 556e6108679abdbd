"""Rules about the contractor's exit before the term is over (第十三条)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from deliverables.checks.quarters import PLAUSIBLE_YEARS, quarter_periods
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.contract import Exit
from deliverables.period import days_before
from deliverables.problem import Problem, error, warning
from deliverables.workdays import Calendar, Provisional


def exit_in_order(book: ContractBook) -> Iterable[Problem]:
    """An exit is requested after signing, and permitted and carried out after it was requested."""
    leaving, signed = book.contract.exit, book.contract.identity.signed_on
    if leaving is None:
        return
    if leaving.requested_on < signed:
        yield error(
            "before-signing",
            leaving.place("requested_on"),
            say(
                "{label} {found} is before the contract was signed on {signed}",
                label=leaving.figure("requested_on").name,
                found=leaving.requested_on,
                signed=signed,
            ),
            say("correct the day"),
        )
    for field in ("permitted_on", "last_service_day"):
        day: date | None = getattr(leaving, field)
        if day is not None and day < leaving.requested_on:
            yield error(
                "end-before-start",
                leaving.place(field),
                say(
                    "{end} {ended} is not after {start} {started}",
                    end=leaving.figure(field).name,
                    ended=day,
                    start=leaving.figure("requested_on").name,
                    started=leaving.requested_on,
                ),
                say("copy the days from the application and the client's permission"),
            )


def exit_within_term(book: ContractBook) -> Iterable[Problem]:
    """The last day of service is a day of the term: days served are counted in it."""
    leaving, periods = book.contract.exit, quarter_periods(book.contract)
    if leaving is None or not periods:
        return
    first, last = periods[min(periods)].first, periods[max(periods)].last
    if not first <= leaving.last_service_day <= last:
        yield error(
            "exit-outside-term",
            leaving.place("last_service_day"),
            say(
                "exit: the last day of service {found} is not in the term {first} to {last}",
                found=leaving.last_service_day,
                first=first,
                last=last,
            ),
            say("correct the day; a contract that runs its term needs no exit section"),
        )


def exit_announced(book: ContractBook) -> Iterable[Problem]:
    """The client is told so many days before the exit that the contract names (第十三条)."""
    leaving, days = book.contract.exit, book.contract.notices.exit_days
    if leaving is None or leaving.last_service_day.year not in PLAUSIBLE_YEARS or days < 1:
        return
    given = (leaving.last_service_day - leaving.requested_on).days
    if 0 <= given < days:
        yield warning(
            "exit-notice",
            leaving.place("requested_on"),
            say(
                "exit requested on {requested}, {given} days before the last day of service "
                "{last}; expected at least {days} ({short} too few)",
                requested=leaving.requested_on,
                given=given,
                last=leaving.last_service_day,
                days=days,
                short=days - given,
            ),
            say(
                "an exit on {last} had to be requested by {by}; correct a day, or agree on a "
                "later one with the client",
                last=leaving.last_service_day,
                by=_last_day_to_ask(leaving, days, book.calendar),
            ),
        )


def _last_day_to_ask(leaving: Exit, days: int, calendar: Calendar) -> date:
    """Return the last day that is surely early enough: not later than a working day."""
    try:
        by = days_before(leaving.last_service_day, days, calendar)
    except (ValueError, OverflowError):  # a year of which nothing is known
        return leaving.last_service_day - timedelta(days=days)
    return by.earliest if isinstance(by, Provisional) else by.date


def exit_permitted(book: ContractBook) -> Iterable[Problem]:
    """The client's permission has its paper: without permission there is no exit."""
    leaving = book.contract.exit
    if leaving is not None and leaving.permitted_on is not None and not leaving.document:
        yield warning(
            "exit-unproved",
            leaving.place("document"),
            say(
                "the client permitted the exit on {day}, and no paper is named",
                day=leaving.permitted_on,
            ),
            say("name the client's written permission in exit.document"),
        )
