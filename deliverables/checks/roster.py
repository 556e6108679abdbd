"""Rules about people: who they are, that they signed before they saw, that changes were told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from deliverables.checks.operations import label, quarters, repeated, where
from deliverables.compute.term import last_day_to_notify
from deliverables.model.book import ContractBook
from deliverables.model.contract import Notice
from deliverables.model.operations_sheets import StaffChange
from deliverables.model.roster_sheets import StaffMember
from deliverables.model.rules import rules_of
from deliverables.values.calendar import Calendar
from deliverables.values.identifiers import IdType, check_identity_document, mask
from deliverables.values.problem import Problem, error, say, warning

DOCUMENTS = {
    "居民身份证": IdType.RESIDENT,
    "港澳居民居住证": IdType.HONG_KONG_MACAO_TAIWAN_RESIDENT,
    "台湾居民居住证": IdType.HONG_KONG_MACAO_TAIWAN_RESIDENT,
    "护照": IdType.PASSPORT,
}
"""The standard that the number of each document on the roster follows."""

AREAS = {"港澳居民居住证": ("81", "82"), "台湾居民居住证": ("83",)}
"""The digits with which the numbers of residence permits begin."""

_MOVES = ("进入", "离开", "岗位调整")


def members(book: ContractBook) -> tuple[StaffMember, ...]:
    """Return everyone on the roster, nobody if there is none."""
    return book.roster.members if book.roster else ()


def identity_numbers(book: ContractBook) -> Iterable[Problem]:
    """An identity number satisfies the standard of its document (GB 11643 where it has one)."""
    for member in members(book):
        if member.identity_number:
            document = DOCUMENTS[member.identity_kind]
            fault = check_identity_document(member.identity_number, document, member.joined).fault
            if fault:
                yield error(
                    "identity-number",
                    member.place("identity_number"),
                    say(
                        "the {kind} number of {number}, {masked}, is not valid: {fault}",
                        kind=member.identity_kind,
                        number=member.number,
                        masked=mask(member.identity_number),
                        fault=fault,
                    ),
                    say("copy it from the document as text, or leave it empty for handwriting"),
                )


def identity_kinds(book: ContractBook) -> Iterable[Problem]:
    """Residence permits of Hong Kong, Macao and Taiwan begin with their own area codes."""
    for member in members(book):
        number = member.identity_number or ""
        areas = AREAS.get(member.identity_kind)
        fits = number[:2] in areas if areas else number[:2] not in chain(*AREAS.values())
        if number and DOCUMENTS[member.identity_kind] is not IdType.PASSPORT and not fits:
            yield warning(
                "identity-kind",
                member.place("identity_kind"),
                say(
                    "the number of {number}, {masked}, is not that of a {kind}",
                    number=member.number,
                    masked=mask(number),
                    kind=member.identity_kind,
                ),
                say("correct 证件类型: permits begin with 81, 82 (港澳) or 83 (台湾)"),
            )


def identity_once(book: ContractBook) -> Iterable[Problem]:
    """An identity number belongs to one person; the problem shows its last four characters."""
    known = [member for member in members(book) if member.identity_number]
    for earlier, member in repeated(known, lambda member: member.identity_number):
        yield error(
            "identity-duplicate",
            member.place("identity_number"),
            say(
                "{number} has the identity number of {earlier} ({place}), {masked}",
                number=member.number,
                earlier=earlier.number,
                place=where(earlier.place("identity_number")),
                masked=mask(str(member.identity_number)),
            ),
            say("copy the number again from each person's own document"),
        )


def staff_number_once(book: ContractBook) -> Iterable[Problem]:
    """A staff number names one person: agreements and files are named after it."""
    for earlier, member in repeated(members(book), lambda member: member.number):
        yield error(
            "duplicate-number",
            member.place("number"),
            say(
                "the number {number} stands in {earlier} already",
                number=member.number,
                earlier=where(earlier.place("number")),
            ),
            say("delete the row that was entered twice, or give it its own number"),
        )


def days_in_order(book: ContractBook) -> Iterable[Problem]:
    """Nobody leaves before joining or before being given access."""
    for member in members(book):
        for first, second in rules_of(StaffMember).spans:
            earlier, later = getattr(member, first), getattr(member, second)
            if earlier is not None and later is not None and later < earlier:
                yield error(
                    "staff-days",
                    member.place(second),
                    say(
                        "{number}: {second} {later} is before {first} {earlier} ({days} days)",
                        number=member.number,
                        second=label(member, second),
                        later=later,
                        first=label(member, first),
                        earlier=earlier,
                        days=(earlier - later).days,
                    ),
                    say("correct the days as the personnel file has them"),
                )


def told_before_signing(book: ContractBook) -> Iterable[Problem]:
    """People are told what is confidential before they sign to keep it."""
    for member in members(book):
        if member.trained and member.signed and member.signed < member.trained:
            yield warning(
                "trained-after-signing",
                member.place("trained"),
                say(
                    "{number} was instructed on {trained}, after signing on {signed} ({days} days)",
                    number=member.number,
                    trained=member.trained,
                    signed=member.signed,
                    days=(member.trained - member.signed).days,
                ),
                say("correct the days; the agreement confirms an instruction that was given"),
            )


def signed_before_access(book: ContractBook) -> Iterable[Problem]:
    """Who signed did so before access was granted; who did not, is an open point."""
    for member in members(book):
        if (
            member.signed is not None
            and member.access_granted is not None
            and member.access_granted < member.signed
        ):
            yield warning(
                "access-before-signing",
                member.place("access_granted"),
                say(
                    "{number} had access from {granted}, before signing on {signed} ({days} days)",
                    number=member.number,
                    granted=member.access_granted,
                    signed=member.signed,
                    days=(member.signed - member.access_granted).days,
                ),
                say("correct the days, or keep a note: the coverage list shows it"),
            )


def key_staff_changes(book: ContractBook) -> Iterable[Problem]:
    """The client is told of a change of key staff in time and agrees to it."""
    notice = book.contract.notices.key_staff
    for quarter in quarters(book):
        for change in quarter.workbook.staff_changes:
            if notice is not None and change.key_staff and change.kind in _MOVES:
                yield from _notified(change, notice, book.calendar)
                yield from _agreed(change, notice)


def _notified(change: StaffChange, notice: Notice, calendar: Calendar) -> Iterator[Problem]:
    latest = last_day_to_notify(change.day, notice.period, calendar)
    if latest is None or (change.notified is not None and change.notified <= latest):
        return
    yield warning(
        "key-staff-notice",
        change.place("notified"),
        say(
            "{kind} on {day}: the client must be told {notice} before, by {latest}; "
            "{label} is {notified}",
            kind=change.kind,
            day=change.day,
            notice=notice.period.length,
            latest=latest,
            label=label(change, "notified"),
            notified=change.notified or say("empty"),
        ),
        say(
            "enter the day of the notice; if it was late, the report should say so ({article})",
            article=notice.article,
        ),
    )


def _agreed(change: StaffChange, notice: Notice) -> Iterator[Problem]:
    if change.agreed is not None and change.agreed <= change.day:
        return
    yield warning(
        "key-staff-consent",
        change.place("agreed"),
        say(
            "{kind} on {day}: the client must have agreed by then; {label} is {agreed}",
            kind=change.kind,
            day=change.day,
            label=label(change, "agreed"),
            agreed=change.agreed or say("empty"),
        ),
        say(
            "obtain the client's consent in writing and enter its day ({article})",
            article=notice.article,
        ),
    )
