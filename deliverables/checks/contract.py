"""Rules about the contract itself: what is missing, and numbers that cannot be right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deliverables.checks.quarters import PLAUSIBLE_YEARS
from deliverables.identifiers import check_credit_code, check_tax_code
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.clause import Clause
from deliverables.model.contract import Contact, Party, fact_missing, gaps
from deliverables.model.record import Missing, declarations
from deliverables.model.values import show_number
from deliverables.problem import Problem, error, warning

COUNTS = range(1, 1001)
"""What a number of months, reports or days may be."""

LOWEST_LEVEL = 90
"""No service is promised below this percentage: a lower figure is mistyped."""

_POSTCODE = re.compile(r"\d{6}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}|[2-8]\d{6,7}|400\d{7}")


def missing_facts(book: ContractBook) -> Iterable[Problem]:
    """Every fact that the contract lacks, and whom to ask."""
    for path, missing, record, field in gaps(book.contract):
        yield fact_missing(path, declarations(type(record))[field], missing, record.place(field))


def signing_day(book: ContractBook) -> Iterable[Problem]:
    """The contract was signed in a year that makes sense: every period counts from that day."""
    identity = book.contract.identity
    if identity.signed_on.year not in PLAUSIBLE_YEARS:
        yield error(
            "signing-day",
            identity.place("signed_on"),
            say(
                "the signing day {found} is not between {first} and {last}",
                found=identity.signed_on,
                first=PLAUSIBLE_YEARS[0],
                last=PLAUSIBLE_YEARS[-1],
            ),
            say("copy the day from the signatures: every quarter and deadline counts from it"),
        )


def ended_after_signing(book: ContractBook) -> Iterable[Problem]:
    """A contract does not end before it is signed: its confidentiality counts from that day."""
    cessation, signed = book.contract.cessation, book.contract.identity.signed_on
    if cessation.ended_on is not None and cessation.ended_on < signed:
        yield error(
            "before-signing",
            cessation.place("ended_on"),
            say(
                "{label} {found} is before the contract was signed on {signed}",
                label=cessation.figure("ended_on").name,
                found=cessation.ended_on,
                signed=signed,
            ),
            say("correct the day"),
        )


def counts(book: ContractBook) -> Iterable[Problem]:
    """Terms, numbers of reports and days are at least one and not absurd."""
    contract = book.contract
    counted: list[tuple[Clause, str]] = [
        (contract.service, "term_months"),
        (contract.service, "reports"),
        (contract.acceptance, "working_days"),
        (contract.acceptance, "rework_working_days"),
        (contract.notices, "key_staff_working_days"),
        (contract.notices, "exit_days"),
        (contract.notices, "force_majeure_days"),
        *((instalment, "working_days") for instalment in contract.payment.instalments),
    ]
    for clause, field in counted:
        value: int | None = getattr(clause, field)
        if value is not None and value not in COUNTS:
            yield error(
                "count-range",
                clause.place(field),
                say(
                    "{label} is {found}, expected {least} to {most}",
                    label=declarations(type(clause))[field].label,
                    found=value,
                    least=COUNTS[0],
                    most=COUNTS[-1],
                ),
                say("copy the number from the contract ({article})", article=clause.article),
            )


def whole_quarters(book: ContractBook) -> Iterable[Problem]:
    """The term divides into as many whole months for each report."""
    service = book.contract.service
    if service.reports > 0 and service.term_months % service.reports:
        yield error(
            "term-indivisible",
            service.place("reports"),
            say(
                "{months} months cannot be cut into {reports} periods of whole months "
                "({rest} months are left over)",
                months=service.term_months,
                reports=service.reports,
                rest=service.term_months % service.reports,
            ),
            say("correct service.term_months or service.reports"),
        )


def yearly_summaries(book: ContractBook) -> Iterable[Problem]:
    """Every annual summary covers one report at least."""
    service = book.contract.service
    if not 0 <= service.annual_reports <= max(service.reports, 0):
        yield error(
            "annual-reports",
            service.place("annual_reports"),
            say(
                "{summaries} annual summaries over {reports} reports: each covers one at least",
                summaries=service.annual_reports,
                reports=service.reports,
            ),
            say("copy the number from the contract ({article})", article=service.article),
        )


def service_levels(book: ContractBook) -> Iterable[Problem]:
    """A promised percentage is at most 100, and not so low that it must be mistyped."""
    levels = book.contract.service_levels
    for field in ("availability", "durability"):
        value = getattr(levels, field)
        if not LOWEST_LEVEL <= value <= 100:  # noqa: PLR2004 - what a percentage is
            yield error(
                "service-level",
                levels.place(field),
                say(
                    "{label} is {found} %, expected {lowest} to 100 %",
                    label=declarations(type(levels))[field].label,
                    found=show_number(value),
                    lowest=LOWEST_LEVEL,
                ),
                say("copy the percentage from the contract ({article})", article=levels.article),
            )


def postcodes(book: ContractBook) -> Iterable[Problem]:
    """A postcode has six digits."""
    for party in _parties(book):
        if isinstance(party.postcode, str) and not _POSTCODE.fullmatch(party.postcode):
            yield error(
                "postcode",
                party.place("postcode"),
                say(
                    "the postcode {found} of {party} is not six digits",
                    found=party.postcode,
                    party=party.name,
                ),
                say("correct it; a leading 0 belongs to it"),
            )


def credit_codes(book: ContractBook) -> Iterable[Problem]:
    """A unified social credit code satisfies its check character (GB 32100)."""
    for party in _parties(book):
        if isinstance(party.credit_code, Missing):
            continue
        fault = check_credit_code(party.credit_code).fault
        if fault:
            yield error(
                "credit-code",
                party.place("credit_code"),
                say(
                    "the credit code {found} of {party} is not valid: {fault}",
                    found=party.credit_code,
                    party=party.name,
                    fault=fault,
                ),
                say("copy it from the business licence or the certificate of the authority"),
            )


def phones(book: ContractBook) -> Iterable[Problem]:
    """A phone number looks like one; it is never shown, being personal data."""
    for party in _parties(book):
        contact: Contact = party.contact
        phone = contact.phone
        if isinstance(phone, Missing) or _MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone):
            continue
        yield warning(
            "phone-shape",
            contact.place("phone"),
            say(
                "the contact of {party} has a phone number of {length} characters that is neither "
                "a mobile (11 digits from 13 to 19) nor a landline number",
                party=party.name,
                length=len(phone),
            ),
            say("copy it from the contract ({article})", article=contact.article),
        )


def copies(book: ContractBook) -> Iterable[Problem]:
    """The copies that each party holds are all the copies."""
    identity = book.contract.identity
    if identity.copies is None or identity.copies_each is None:
        return
    held = 2 * identity.copies_each
    if held != identity.copies:
        yield warning(
            "copies",
            identity.place("copies"),
            say(
                "the contract has {copies} copies, two parties holding {each} each make {held}",
                copies=identity.copies,
                each=identity.copies_each,
                held=held,
            ),
            say("correct one of the two, unless a third party holds the rest"),
        )


def tax_code(book: ContractBook) -> Iterable[Problem]:
    """A tax classification code (商品和服务税收编码) has 19 digits."""
    invoicing = book.contract.invoicing
    if isinstance(invoicing.tax_code, Missing):
        return
    fault = check_tax_code(invoicing.tax_code).fault
    if fault:
        yield error(
            "tax-code",
            invoicing.place("tax_code"),
            say(
                "the tax code {found} is not valid: {fault}", found=invoicing.tax_code, fault=fault
            ),
            say("copy it from the tax portal and keep its trailing zeros"),
        )


def _parties(book: ContractBook) -> tuple[Party, Party]:
    return book.contract.client, book.contract.contractor
